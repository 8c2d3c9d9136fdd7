"""Folders for what can be read of damaged stores.

Each goes with the process that made it. What a process that was killed has left is removed with the next one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PREFIX = "worldkit-damaged-"
_LOCK_NAME = ".worldkit-lock"
"""The file that a process locks as long as it uses a folder; the system gives up the lock of one that was killed."""


def make_view_folder() -> tuple[Path, Callable[[], None]]:
    """Return a new folder, and what removes it; those of processes that were killed are removed.

    Where there is no ``flock`` (Windows), they stay.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = _take_lock(folder)
    _remove_left_behind(folder)

    owner = os.getpid()

    def remove() -> None:
        if os.getpid() != owner:  # in a process that was forked, which shares the folder and does not own it
            return
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)

    return folder, remove


def _take_lock(folder: Path) -> int | None:
    if sys.platform == "win32":
        return None
    import fcntl

    new_path = folder / f"{_LOCK_NAME}.new"
    try:
        handle = os.open(new_path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        new_path.rename(folder / _LOCK_NAME)  # only now: nobody sees it without its lock
    except OSError:  # a file system that knows no locks; without the file, nobody removes the folder
        os.close(handle)
        return None
    return handle


def _remove_left_behind(own: Path) -> None:
    for folder in own.parent.glob(f"{PREFIX}*"):
        if folder != own and _is_left_behind(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left_behind(folder: Path) -> bool:
    """Say whether a folder is ours, and the process that used it is gone."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        status = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or status.st_uid != os.getuid():
            return False
        handle = os.open(folder / _LOCK_NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
