"""Who is told when a still was added, so that what is open shows it at once."""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from weakref import WeakMethod

from worldkit.core.process_lock import ProcessLock
from worldkit.stills.record import StillRecord

log = logging.getLogger("worldkit.stills")

StillListener = Callable[[StillRecord, Path], None]
"""Called with the record of a still and its folder, in the thread that added it or that found it."""

_MAX_ANNOUNCED = 4096

_listeners: list[WeakMethod[StillListener]] = []
_announcements: OrderedDict[tuple[Path, bytes], None] = OrderedDict()
_lock = ProcessLock()


def add_still_listener(listener: StillListener) -> None:
    """Call a method whenever a still was added, as long as its object lives.

    Args:
        listener: A bound method; it does not keep its object alive.
    """
    with _lock:
        _listeners[:] = [reference for reference in _listeners if reference() is not None]
        _listeners.append(WeakMethod(listener))


def remember_announcement(record: StillRecord, folder: Path) -> None:
    """Remember that listeners are told of a still, or will be by whoever adds it.

    Args:
        folder: The folder it is in, or will be.
    """
    with _lock:
        _announcements[folder, _digest(record)] = None
        while len(_announcements) > _MAX_ANNOUNCED:
            _announcements.popitem(last=False)


def forget_announcement(record: StillRecord, folder: Path) -> None:
    """Forget that listeners are told of a still: whoever added it may not come to that.

    Args:
        folder: The folder it is in, or was to be.
    """
    with _lock:
        _announcements.pop((folder, _digest(record)), None)


def announce_still(record: StillRecord, folder: Path) -> None:
    """Tell all listeners of a still; one that fails never stops whoever paints.

    Args:
        folder: The folder it was added to.
    """
    remember_announcement(record, folder)
    with _lock:
        listeners = [listener for reference in _listeners if (listener := reference()) is not None]
    for listener in listeners:
        try:
            listener(record, folder)
        except Exception:
            log.exception("a new still cannot be shown")


def was_announced(record: StillRecord, folder: Path) -> bool:
    """Return whether listeners were told of a still, or are about to be, as far back as is remembered."""
    with _lock:
        return (folder, _digest(record)) in _announcements


def _digest(record: StillRecord) -> bytes:
    return hashlib.sha256(record.line()).digest()
