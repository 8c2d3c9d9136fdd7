"""Recovers a damaged store in place: salvage into a folder beside it, verify, and only then exchange the two.

A crash at any moment loses nothing. The salvage is made in a folder beside the store; the damaged original gets a
second name; one rename then says that the salvage is finished (``<store>.recovered``). From then on the next open of
the store puts it in place, if the process that made it was killed before it did.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import CorruptStore, DiskFull, StoreError, WorldError
from worldkit.stores.local import reserve
from worldkit.stores.local.damage import Damage, Recovery, unmark
from worldkit.stores.local.file_copy import copy_closed, copy_open
from worldkit.stores.local.inspection import identity, raw
from worldkit.stores.local.repair import find_unreadable, repair, verify
from worldkit.stores.local.salvage import extract

COMPANION_SUFFIXES = ("-wal", "-shm", "-journal")
LOCK_RANGE = (0x40000000, 512)
"""Where SQLite locks a file, and how far: every connection to a store holds a lock in there."""
NO_CATALOGUE_REASON = "its catalogue cannot be read"


def make_view(path: Path, reason: str, folder: Path) -> tuple[Path, Damage]:
    """Make a store of what can be read of a damaged one, which others may have open.

    Args:
        path: The damaged store; it is only read.
        reason: How the damage was noticed.
        folder: An empty folder for it.

    Raises:
        CorruptStore: Not even its catalogue can be read.
    """
    with _disk_errors(folder):
        target = folder / "view"
        extraction = extract(copy_open(path, folder), target)
        if not extraction.has_catalogue:
            raise CorruptStore(str(path), f"{NO_CATALOGUE_REASON}: {reason}")
        with closing(sqlite3.connect(target, isolation_level=None)) as connection:
            unreadable = find_unreadable(connection, extraction.ids)
        return target, Damage(str(path), reason, tuple(unreadable), tuple(extraction.notes))


def recover(path: Path, reason: str) -> Recovery:
    """Salvage a damaged store into a new file, and put that in its place; the original stays beside it.

    Args:
        path: The damaged store.
        reason: How the damage was noticed.

    Raises:
        StoreError: Another process, or another ``Store`` of this one, has it open, or it may not be written.
        CorruptStore: Nothing in it can be read.
    """
    with _exclusive_lock(path), _disk_errors(path.parent, path.stat().st_size):
        _remove_leftovers(path)
        for other in _originals(path):
            if other.samefile(path):  # a second name, given by a recovery that was killed then
                for suffix in ("", *COMPANION_SUFFIXES, ".json"):
                    Path(f"{other}{suffix}").unlink(missing_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.recovering-", dir=path.parent))
        try:
            recovery = _salvage(path, reason, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _put_in_place(path)
    return recovery


def finish(path: Path) -> None:
    """Put a finished salvage in place whose maker was killed before it could.

    Raises:
        StoreError: Another process has the damaged store open.
    """
    if not _finished_path(path).exists():
        if _note_path(path).exists() and path.exists():
            with suppress(StoreError), _exclusive_lock(path):  # else a recovery is at work
                _note_path(path).unlink(missing_ok=True)
                _remove_leftovers(path)
        return
    if not path.exists():
        _put_in_place(path)
        return
    if _read_json(_note_path(path)).get("original") == _fingerprint(path):
        with _exclusive_lock(path):
            _put_in_place(path)


def unresolved(path: Path) -> list[Path]:
    """Return the damaged originals beside a store that nobody has accepted yet, oldest first."""
    return [original for original in _originals(path) if not _read_json(_report_path(original)).get("accepted_at")]


def accept(path: Path) -> list[Path]:
    """Note that the damaged originals beside a store have been seen to; returns them."""
    originals = unresolved(path)
    for original in originals:
        report = _report_path(original)
        _write_json(report, {**_read_json(report), "accepted_at": _time()})
    return originals


def check_resolved(path: Path) -> None:
    """Refuse to serve a store beside which the original of a recovery stands that nobody has accepted.

    Raises:
        StoreError: One does; the message says what to do.
    """
    originals = unresolved(path)
    if originals:
        raise StoreError(
            f"{path} was damaged, and {originals[0].name} beside it is what was damaged then; see what was lost in "
            f"{_report_path(originals[0]).name}, then say that it is settled: worldkit store recover --accept {path}"
        )


# ---- inside -------------------------------------------------------------------------------------


def _originals(path: Path) -> list[Path]:
    starts = (f"{path.name}.damaged-", f"{path.name}.recovered")
    ends = (".json", *COMPANION_SUFFIXES)
    candidates = [Path(entry.path) for entry in os.scandir(path.parent) if entry.name.startswith(starts)]
    return sorted(candidate for candidate in candidates if not candidate.name.endswith(ends))


def _salvage(path: Path, reason: str, folder: Path) -> Recovery:
    target = folder / "new"
    extraction = extract(copy_closed(path, folder), target)
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        result = repair(connection, find_unreadable(connection, extraction.ids))
        worlds = tuple(connection.execute("SELECT id, name FROM worlds ORDER BY seq").fetchall())
        connection.execute("COMMIT")
        if not worlds and not extraction.has_catalogue:
            raise CorruptStore(str(path), f"nothing in it can be read: {reason}")
        verify(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copymode(path, target)
    _synchronise(target)
    original = _keep_original(path)
    recovery = Recovery(
        str(path), str(original), worlds, result.lost_records, result.restored_worlds, tuple(extraction.notes)
    )
    report: dict[str, Any] = {"reason": reason, **recovery.to_dict()}
    if recovery.is_complete:
        report["accepted_at"] = _time()  # nothing was lost, so there is nothing to decide
    _write_json(_report_path(original), report)
    _write_json(_note_path(path), {"original": _fingerprint(path), "kept_at": str(original)})
    os.replace(target, _finished_path(path))
    _synchronise(path.parent)
    return recovery


def _keep_original(path: Path) -> Path:
    """Give the damaged original a second name, with its log and journal; returns it."""
    original = path.with_name(f"{path.name}.damaged-{_time().replace(':', '').replace('-', '')}")
    for suffix in ("-wal", "-journal", ""):
        file = Path(f"{path}{suffix}")
        if not file.exists():
            continue
        try:
            os.link(file, f"{original}{suffix}")
        except OSError:  # not every file system has a second name for a file
            shutil.copy2(file, f"{original}{suffix}")
            _synchronise(Path(f"{original}{suffix}"))
    _synchronise(path.parent)
    return original


def _put_in_place(path: Path) -> None:
    for suffix in COMPANION_SUFFIXES:  # the log of the damaged file must never be played into the new one; it was kept
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")
    _synchronise(path.parent)
    os.replace(_finished_path(path), path)
    unmark(path)
    _remove_leftovers(path)
    with suppress(FileNotFoundError):
        os.unlink(_note_path(path))
    _synchronise(path.parent)


def _remove_leftovers(path: Path) -> None:
    """Remove what a recovery that was killed left of its work; nobody else is at it, as this one holds the store."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.recovering-*"):
        shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def _exclusive_lock(path: Path) -> Iterator[None]:
    """Keep every other process, and every connection of this one, out of a file.

    Raises:
        StoreError: One has it open, or it cannot be opened to be written.
    """
    try:
        import fcntl
    except ImportError:  # Windows renames no file that is open, which is all that is needed
        yield
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(raw(path, "r+b"))
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise StoreError(f"{path} is damaged, and cannot be recovered: {reason}; nothing was changed") from error
        try:
            if hasattr(fcntl, "F_OFD_SETLK"):  # a lock of this descriptor, which keeps out this very process as well
                fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, *LOCK_RANGE, 0))
            else:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCK_RANGE[1], LOCK_RANGE[0])
        except OSError:
            raise StoreError(
                f"{path} is damaged, and cannot be recovered while it is open: close every Store over it, here and in "
                "other processes (a server, a notebook), and try again; nothing was changed"
            ) from None
        try:
            if identity(path) != (os.fstat(file.fileno()).st_dev, os.fstat(file.fileno()).st_ino):
                raise StoreError(f"{path} was recovered by another process meanwhile; open it again")
            yield
        finally:  # the descriptor may stay open, and must not keep anybody out
            if hasattr(fcntl, "F_OFD_SETLK"):
                fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_UNLCK, os.SEEK_SET, *LOCK_RANGE, 0))
            else:
                fcntl.lockf(file, fcntl.LOCK_UN, LOCK_RANGE[1], LOCK_RANGE[0])


@contextmanager
def _disk_errors(folder: Path, needed_bytes: int = 0) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if isinstance(error, WorldError):
            raise
        if reserve.is_full(error, folder):
            raise DiskFull(str(folder), 2 * needed_bytes, reserve.free(folder)) from error
        raise StoreError(f"the store cannot be recovered: {error}; nothing was changed") from error


def _fingerprint(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_ino, status.st_size, status.st_mtime_ns]


def _finished_path(path: Path) -> Path:
    return Path(f"{path}.recovered")


def _note_path(path: Path) -> Path:
    return Path(f"{path}.recovered.json")


def _report_path(original: Path) -> Path:
    return Path(f"{original}.json")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _write_json(path: Path, value: dict[str, Any]) -> None:
    write_atomically(path, json.dumps(value, indent=2).encode())


def _synchronise(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _time() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
