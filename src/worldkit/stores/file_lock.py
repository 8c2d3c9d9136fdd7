"""A lock between programs that write one file, which leaves nothing behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK_TIMEOUT_S = 5.0
"""Seconds to wait for another writer; a write takes milliseconds."""

RETRY_PAUSE_S = 0.002

_LOCK_TABLE = Path("/proc/locks")
"""Where Linux lists the locks of all processes."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file against everybody else who locks it, until the block is left.

    A writer replaces the file, so the lock must be on the file that has the name once the lock is had. A file that
    is not there is not locked. Where there is no ``flock`` (Windows) nothing is. A process that is forked within the
    block does not hold it: it may live on when its parent is killed.

    Raises:
        TimeoutError: Another program holds it; says which, where the system tells.
    """
    handle = _acquire(path)
    if handle is not None:
        _held_handles.add(handle)
    try:
        yield
    finally:
        if handle in _held_handles:
            _held_handles.remove(handle)
            os.close(handle)


_held_handles: set[int] = set()


def _close_all() -> None:
    for handle in _held_handles:
        os.close(handle)
    _held_handles.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_all)


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
                holder = _holder(handle)
                os.close(handle)
                raise TimeoutError(f"is being written by {holder}") from None
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


def _holder(handle: int) -> str:
    """Return who holds the lock of an open file, in words, with the number of the process where the system tells."""
    status = os.fstat(handle)
    file_id = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    with suppress(OSError):
        for line in _LOCK_TABLE.read_text(encoding="ascii", errors="replace").splitlines():
            # 1: FLOCK  ADVISORY  WRITE 1234 08:01:567 0 EOF; "->" stands before one that waits
            _, kind, *fields = line.split()
            if kind == "FLOCK" and fields[3:4] == [file_id] and fields[2] != "0":
                is_own = fields[2] == str(os.getpid())
                return "another call in this process" if is_own else f"another program (process {fields[2]})"
    return "another program"
