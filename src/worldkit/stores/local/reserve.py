"""Room kept free beside a store, so that deleting works on a full disk, where SQLite needs space to give space back."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

RESERVE_BYTES = 1024 * 1024
"""Bytes kept: enough to delete a world with some thousand versions, or to give pages back to the disk step by step."""
MIN_FREE_BYTES = 4 * RESERVE_BYTES
"""The reserve is made while this much is free: on a disk that is almost full it would only be in the way."""
OPENING_BYTES = 256 * 1024
"""Bytes that opening a store may need for its log and its index."""


def reserve_path(path: Path) -> Path:
    """Return the file that keeps room for a store."""
    return Path(f"{path}.reserve")


def free(path: Path) -> int:
    """Return how many bytes are free on the disk of a file or folder."""
    return shutil.disk_usage(path if path.is_dir() else path.parent).free


def make(path: Path, size: int = MIN_FREE_BYTES) -> bool:
    """Keep room for a store, where it is not kept already and enough is free; returns whether it is kept now."""
    placeholder = reserve_path(path)
    if not placeholder.exists() and free(path) >= size:
        with suppress(OSError), placeholder.open("xb") as file:
            try:
                _allocate(file.fileno())
            except OSError:
                placeholder.unlink(missing_ok=True)
    return placeholder.exists()


def release(path: Path) -> bool:
    """Give the room free; returns whether there was any."""
    try:
        os.unlink(reserve_path(path))
    except OSError:
        return False
    return True


def is_full(error: Exception, path: Path) -> bool:
    """Say whether an error means that the disk is full."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return True
        # the index of the log cannot grow: SQLite calls that an input or output error
        return code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and free(path) < OPENING_BYTES
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _allocate(handle: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, RESERVE_BYTES)
    else:
        os.write(handle, bytes(RESERVE_BYTES))
