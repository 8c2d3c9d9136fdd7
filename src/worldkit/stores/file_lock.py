"""A lock between programs that write one file, which leaves nothing behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 5.0
"""Seconds to wait for another writer; a write takes milliseconds."""

PAUSE = 0.002


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file against everybody else who locks it, until the block is left.

    A writer replaces the file, so the lock must be on the file that has the name once the lock is had. A file that
    is not there is not locked. Where there is no ``flock`` (Windows) nothing is.

    Args:
        path: The file.

    Raises:
        TimeoutError: Another program holds it.
    """
    handle = _taken(path)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _taken(path: Path) -> int | None:
    if sys.platform == "win32":
        return None
    import fcntl

    end = time.monotonic() + PATIENCE
    while True:
        try:
            # a fifo of that name would let a plain open wait for ever
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None  # whoever reads it next says what is wrong
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is(path, handle):
                return handle
        except BlockingIOError:
            if time.monotonic() > end:
                os.close(handle)
                raise TimeoutError(f"{path.name} is locked") from None
            time.sleep(PAUSE)
        except OSError:
            os.close(handle)
            return None  # a file system that knows no locks
        os.close(handle)


def _is(path: Path, handle: int) -> bool:
    """Say whether a path still names an open file, or nothing any more."""
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return True
    mine = os.fstat(handle)
    return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)
