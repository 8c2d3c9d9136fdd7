"""A lock that a forked process finds released: the thread that held it at the fork does not exist there."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any


class ProcessLock:
    """A lock among the threads of one process, for ``with``; a child that is forked has one of its own.

    A thread may take it again while it holds it, and whoever forks while holding it holds it in the child too.

    Attributes:
        was_interrupted: Whether a thread that a forked process does not have held it at the fork: what it guards may
            be half done there.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.was_interrupted = False
        _locks.add(self)

    def renew(self) -> None:
        """Release it in a forked process, unless the thread that forked holds it and goes on there."""
        if self._lock.acquire(blocking=False):
            self._lock.release()
        else:
            self._lock, self.was_interrupted = threading.RLock(), True

    def acquire(self, timeout: float = -1) -> bool:
        """Take it, and return whether that was possible in so many seconds; a negative number waits for ever."""
        return self._lock.acquire(timeout=timeout)

    def release(self) -> None:
        """Release it."""
        self._lock.release()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class ProcessCondition(ProcessLock):
    """A lock whose holder can wait for a change that another thread tells of, as with ``threading.Condition``."""

    def __init__(self) -> None:
        super().__init__()
        self._condition = threading.Condition(self._lock)

    def renew(self) -> None:
        """Release it in a forked process, where nobody waits: the threads that did do not exist there."""
        super().renew()
        self._condition = threading.Condition(self._lock)

    def wait(self, timeout: float | None = None) -> bool:
        """Release it until a change is told of, and return whether one was in so many seconds."""
        return self._condition.wait(timeout)

    def wait_for(self, is_so: Callable[[], bool], timeout: float | None = None) -> bool:
        """Release it until something is so, and return whether it is within so many seconds."""
        return self._condition.wait_for(is_so, timeout)

    def notify(self) -> None:
        """Tell one thread that waits of a change."""
        self._condition.notify()

    def notify_all(self) -> None:
        """Tell all threads that wait of a change."""
        self._condition.notify_all()


_locks: weakref.WeakSet[ProcessLock] = weakref.WeakSet()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()
    if sys.version_info < (3, 12):
        for lazy in _lazy_attributes():
            if lazy.lock.acquire(blocking=False):
                lazy.lock.release()
            else:
                lazy.lock = threading.RLock()


def _lazy_attributes() -> Iterator[Any]:
    """Yield the cached properties of worldkit's classes; until Python 3.12 each has one lock for all objects."""
    for name, module in list(sys.modules.items()):
        if name.startswith("worldkit."):
            kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == name]
            for kind in kinds:
                yield from (member for member in vars(kind).values() if isinstance(member, cached_property))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
