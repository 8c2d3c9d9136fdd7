"""A damaged SQLite file: recognised before anything is written to it, and moved aside."""

from __future__ import annotations

import os
import sqlite3
import warnings
from datetime import UTC, datetime
from pathlib import Path

from worldkit.errors import CorruptStore, StoreError

MAGIC = b"SQLite format 3\x00"
WHOLE = 256 * 1024 * 1024
"""Files up to this many bytes are checked page by page when opened; of larger ones only the catalogue is read."""
BESIDE = ("-wal", "-shm")


def examine(path: Path, *, recover: bool = False) -> None:
    """Look at the file a store is about to be opened in.

    Args:
        path: The file; none, or an empty one, is fine.
        recover: Go on after a damaged file was moved aside, with a warning.

    Raises:
        CorruptStore: It is damaged; it was moved aside.
        StoreError: It is a text, such as a world's own file, and was left alone.
    """
    try:
        with path.open("rb") as file:
            seen, start = os.fstat(file.fileno()), file.read(512)
    except FileNotFoundError:
        return
    if not start:
        return
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        raise StoreError(
            f"{path} holds JSON, not a store; it was left alone. Open a store under another name "
            f"and bring the file in with store.import_({path.name!r})"
        )
    reason = _damage(path, start, seen.st_size)
    if reason is None:
        return
    damaged = CorruptStore(str(path), reason, str(_moved(path, seen.st_ino)))
    if not recover:
        raise damaged
    warnings.warn(str(damaged), stacklevel=4)


def is_damage(error: sqlite3.Error) -> bool:
    """Say whether an error means that the file is damaged, rather than locked or not writable."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _damage(path: Path, start: bytes, size: int) -> str | None:
    if not start.startswith(MAGIC):
        return "it does not begin as an SQLite file does"
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30)  # a look leaves no mark
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        said = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if size <= WHOLE else "ok"
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise StoreError(f"{path} cannot be opened: {error}") from error
        return str(error)
    finally:
        connection.close()
    return None if said == "ok" else " ".join(str(said).split())


def _moved(path: Path, inode: int) -> Path:
    """Move a file and its companions aside, unless another process has done so already."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = path.with_name(f"{path.name}.corrupt-{stamp}")
    if path.stat().st_ino != inode:
        raise StoreError(f"{path} was damaged and has been moved aside by another process; open it again")
    for suffix in ("", *BESIDE):
        beside = Path(f"{path}{suffix}")
        if beside.exists():
            os.rename(beside, f"{target}{suffix}")
    return target
