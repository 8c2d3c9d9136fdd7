"""Copies a damaged database together with its log or journal, so that the original is only read."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from worldkit.stores.local.inspection import raw
from worldkit.stores.local.pages import DEFAULT_PAGE_SIZE, MAGIC, page_size
from worldkit.stores.local.sqlite import BUSY_TIMEOUT_S

_WAL_MAGIC = (0x377F0682, 0x377F0683)


def copy_open(path: Path, folder: Path) -> Path:
    """Return a copy of a database that others may have open.

    Args:
        path: The damaged database.
        folder: An empty folder for the copy.
    """
    image = folder / "image"
    try:
        _back_up(f"{path.as_uri()}?mode=ro", image)
    except sqlite3.DatabaseError:  # its header is damaged, or a journal has to be played back
        return copy_closed(path, folder)
    return image


def copy_closed(path: Path, folder: Path) -> Path:
    """Return a copy of a database that nobody else has open.

    Args:
        path: The damaged database.
        folder: An empty folder for the copy.
    """
    copy, image = folder / "copy", folder / "image"
    with raw(path) as source, copy.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    for suffix in ("-wal", "-journal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
    for repair in (None, _mend_header):
        if repair is not None:
            repair(copy)
        image.unlink(missing_ok=True)
        with suppress(sqlite3.DatabaseError):
            _back_up(f"{copy.as_uri()}?mode=rw", image)
            return image
    image.unlink(missing_ok=True)
    return copy


def _back_up(uri: str, image: Path) -> None:
    """Copy a database page by page, its write-ahead log included; what the pages hold does not matter."""
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as source,
        closing(sqlite3.connect(image)) as target,
    ):
        source.execute("PRAGMA writable_schema = ON")  # a file that was cut short is taken as it is
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)


def _mend_header(copy: Path) -> None:
    """Write the part of a header without which SQLite opens neither the file nor its log."""
    size = None
    with suppress(FileNotFoundError):
        start = Path(f"{copy}-wal").read_bytes()[:12]
        if int.from_bytes(start[:4], "big") in _WAL_MAGIC:
            size = int.from_bytes(start[8:12], "big")
    with copy.open("r+b") as file:
        size = size or page_size(file.read(100)) or DEFAULT_PAGE_SIZE
        file.seek(0)
        file.write(MAGIC + (1 if size == 65536 else size).to_bytes(2, "big") + bytes([2, 2, 0, 64, 32, 32]))
        file.seek(28)
        file.write(bytes(16))  # the length of the file and its free pages, as the file itself has them
        file.seek(0, os.SEEK_END)
        file.write(bytes(-file.tell() % size))
