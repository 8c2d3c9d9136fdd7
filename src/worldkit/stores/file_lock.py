"""A lock between programs that write one file, which leaves nothing behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_TIMEOUT_S = 5.0
"""Seconds to wait for another writer; a write takes milliseconds."""

RETRY_PAUSE_S = 0.002


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
    handle = _acquire(path)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _acquire(path: Path) -> int | None:
    if sys.platform == "win32":
        return None
    import fcntl

    deadline = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            # a plain open of a fifo would never return
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None  # the next read reports what is wrong
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same_file(path, handle):
                return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise TimeoutError(f"{path.name} is locked") from None
            time.sleep(RETRY_PAUSE_S)
        except OSError:
            os.close(handle)
            return None  # a file system that knows no locks
        os.close(handle)


def _is_same_file(path: Path, handle: int) -> bool:
    """Say whether a path still names an open file, or nothing any more."""
    try:
        status_of_path = os.stat(path)
    except FileNotFoundError:
        return True
    status_of_handle = os.fstat(handle)
    return (status_of_path.st_dev, status_of_path.st_ino) == (status_of_handle.st_dev, status_of_handle.st_ino)
