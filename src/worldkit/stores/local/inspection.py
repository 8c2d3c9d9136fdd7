"""Inspects the file at the path of a store before anything is written; it never moves or changes the file."""

from __future__ import annotations

import codecs
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from worldkit.core.errors import CorruptStore, DiskFull, StoreError
from worldkit.core.json_values import quote
from worldkit.stores.local import reserve
from worldkit.stores.local.objects import digest
from worldkit.stores.local.pages import INDEX_INNER, INDEX_LEAF, MAGIC, Pages
from worldkit.stores.local.sqlite import BUSY_TIMEOUT_S, can_write_beside, connect_to_read
from worldkit.stores.local.tables import APPLICATION_ID, check_tables, is_store

MAX_FULL_CHECK_BYTES = 256 * 1024 * 1024
"""Files up to this many bytes are checked page by page when opened; of larger ones only the catalogue is read."""
MAX_SEARCHED_BYTES = 16 * 1024 * 1024
"""So much of a file that does not begin as a database does is searched for a store's pages."""
FILE_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

Identity = tuple[int, int]
"""Device and inode: a file stays the same one under another name, and another file under its name is not it."""

_in_use: Counter[Identity] = Counter()
_descriptors_to_keep: list[BinaryIO] = []


def identity(path: str | Path) -> Identity | None:
    """Return which file stands at a path, None for none."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def use(file: Identity | None, count: int = 1) -> None:
    """Note that this process has a file open as a database, or with -1 that it no longer has."""
    if file is not None:
        _in_use[file] += count


@contextmanager
def raw(path: Path, mode: Literal["rb", "r+b"] = "rb") -> Iterator[BinaryIO]:
    """Open a file to read or lock its bytes, past SQLite.

    Closing any descriptor of a file gives up all locks this process holds on it (POSIX), those of SQLite too; so
    the descriptor of a file that is in use here stays open.
    """
    file: BinaryIO = path.open(mode)
    try:
        yield file
    finally:
        if _in_use[identity(path) or (0, 0)] > 0:
            _descriptors_to_keep.append(file)
        else:
            file.close()


def check_kind(path: Path) -> bool:
    """Say whether a file with something in it stands at a path.

    Raises:
        StoreError: Something other than a file stands there, or it cannot be looked at.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreError(f"{path} cannot be looked at: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for test, name in FILE_KINDS if test(status.st_mode)), "no file")
        raise StoreError(f"{path} is {kind}; a store is a file, such as {path.with_name('worlds.db')}")
    return status.st_size > 0


def examine(path: Path, *, thoroughly: bool = False) -> str | None:
    """Look at the file a store is about to be opened in; what is sound or damaged is only read.

    Args:
        path: The file; none, or an empty one, is fine.
        thoroughly: Check every page and every object, whatever the size.

    Returns:
        What is damaged, None for nothing; what SQLite can still say of the store can be read.

    Raises:
        CorruptStore: It is a store, and so damaged that its catalogue cannot be read.
        StoreError: It is no store, or cannot be read.
    """
    if not check_kind(path):
        return None
    try:
        with _read_connection(path) as connection:
            _check_owner(path, connection)
            return _find_damage(connection, path.stat().st_size <= MAX_FULL_CHECK_BYTES or thoroughly, thoroughly)
    except sqlite3.DatabaseError as error:
        if reserve.is_full(error, path):
            raise DiskFull(str(path), reserve.OPENING_BYTES, reserve.free(path)) from error
        if not is_damage(error):
            raise StoreError(f"{path} cannot be opened: {error}{_unread_log(path)}") from error
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_NOTADB:
            _check_content(path)
        raise CorruptStore(str(path), str(error)) from None


def is_damage(error: sqlite3.Error) -> bool:
    """Say whether an error means that the file is damaged, rather than locked or not writable."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _unread_log(path: Path) -> str:
    """Return what to do where a process that was killed left a log, in a folder that takes no index of it."""
    log = Path(f"{path}-wal")
    if can_write_beside(path) or not log.exists():
        return ""
    return (
        f"; what was written last is in {log.name}, and reading that needs a further file in this folder, which cannot "
        "be written: copy both files to a folder that can, or open the store once as a user who may write here"
    )


@contextmanager
def _read_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database to read it. A transaction that a killed process left half done is taken back, as SQLite does.

    With ``writable_schema`` the catalogue of a file that was cut short can be read; nothing is written to it.
    """
    connection = connect_to_read(path)
    try:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
            raise
        connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_S)
        connection.execute("PRAGMA writable_schema = ON")
    with closing(connection):
        yield connection


def _check_owner(path: Path, connection: sqlite3.Connection) -> None:
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if owner not in (0, APPLICATION_ID):
        raise StoreError(
            f"{path} is a database of another application (its application id is {owner:#x}) and no store of worlds; "
            "nothing in it was changed; open a store under another name"
        )
    if owner == APPLICATION_ID and names and not is_store(names):
        raise CorruptStore(str(path), "its catalogue does not name all tables of a store")
    check_tables(names)


def _find_damage(connection: sqlite3.Connection, check_whole_file: bool, thoroughly: bool) -> str | None:
    try:
        check = "integrity_check" if thoroughly else "quick_check"
        result = connection.execute(f"PRAGMA {check}(1)").fetchone()[0] if check_whole_file else "ok"
        if result == "ok" and check_whole_file:
            result = _find_unordered_object(connection) or "ok"
        if result == "ok" and thoroughly:
            result = _find_damaged_object(connection) or "ok"
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        result = str(error)
    return None if result == "ok" else " ".join(str(result).split())


def _find_unordered_object(connection: sqlite3.Connection) -> str | None:
    """Return an object out of order: SQLite's quick check does not look for it, and by its name it is not found."""
    previous = b""
    for (name,) in connection.execute("SELECT +digest FROM objects NOT INDEXED") if _has_objects(connection) else ():
        if not isinstance(name, bytes) or name <= previous:
            return f"the object {name.hex() if isinstance(name, bytes) else name!r} stands out of order"
        previous = name
    return None


def _has_objects(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'objects'").fetchone()[0])


def _find_damaged_object(connection: sqlite3.Connection) -> str | None:
    for row in connection.execute("SELECT digest, kind, body FROM objects") if _has_objects(connection) else ():
        if not is_object([*row]):
            (name, *_) = row
            return f"the object {name.hex()} is not what was written"
    return None


def _check_content(path: Path) -> None:
    """Refuse a file that holds nothing of a store.

    Raises:
        StoreError: It is something else; the message says what.
    """
    with raw(path) as file:
        start = file.read(MAX_SEARCHED_BYTES)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        raise StoreError(
            f"{path} holds JSON, not a store; it was left alone. Open a store under another name "
            f"and bring the file in with store.import_({path.name!r})"
        )
    if start.startswith(MAGIC) or _holds_object(start):
        return
    raise StoreError(
        f"{path} is no store: {_describe_start(start)}; it was left alone. Open a store under another name, such as "
        f"{path.with_name('worlds.db')}"
    )


def _holds_object(start: bytes) -> bool:
    if len(start) < 1024:
        return False
    pages = Pages(start)
    for page in range(1, pages.count + 1):
        if pages.kind(page) in (INDEX_LEAF, INDEX_INNER):
            for _, columns in pages.rows(page):
                if is_object(columns):
                    return True
    return False


def is_object(columns: list[object]) -> bool:
    """Say whether a row is an object of a store: its name is the hash of its content."""
    match columns:
        case [bytes() as name, 0 | 1 | 2 as kind, bytes() as body]:
            return digest(int(kind), body) == name
    return False


def _describe_start(start: bytes) -> str:
    try:
        # a character may be cut off where the start ends
        text = codecs.getincrementaldecoder("utf-8")().decode(start[:400], final=len(start) < 400)
    except UnicodeDecodeError:
        text = "\0"
    line = text.strip().split("\n")[0][:40]
    if line and all(letter.isprintable() or letter in "\t\r" for letter in text.split("\n")[0]):
        return f"it holds text that begins with {quote(line)}"
    return f"it begins with the bytes {start[:8].hex(' ')}, and an SQLite database with 'SQLite format 3'"
