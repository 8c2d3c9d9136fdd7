"""Opening a database: SQLite by path, PostgreSQL by URL; and what makes a transaction of either safe."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from worldkit.core.errors import CorruptStore, DiskFull, MissingExtra, StoreError
from worldkit.stores.local import damage, place, recovery, reserve, sqlite
from worldkit.stores.local.damage import Damage, Recovery
from worldkit.stores.local.migrate import REVISIONS, migrate, revision
from worldkit.stores.local.place import Identity
from worldkit.stores.local.sqlite import BUSY_S

GATE, DOOR = 0x776B0001, 0x776B0002
"""PostgreSQL advisory locks: writers share the gate and ``compact`` shuts it; a migration goes through the door."""
STEP = 100
"""Pages given back to the disk at a time, so that the log stays small."""
INCREMENTAL = 2
PAGE = 4096
SIZE, LOG = "worldkit_size", "worldkit_log"
"""Where a connection notes how many bytes its transaction puts in, and which file is its write-ahead log."""


class Database:
    """An open database: connections, and the two kinds of transaction.

    Args:
        place: A file's path, or a URL such as ``postgresql://user@host/name``.
        recover: Recover a file that is damaged.

    Attributes:
        recovery: What a recovery saved, None when there was none.
    """

    def __init__(self, place: str, *, recover: bool = False) -> None:
        self.path: Path | None = None
        self.recovery: Recovery | None = None
        self._reason: str | None = None
        self._view: tuple[Engine, Damage] | None = None
        self._has_reserve = False
        self._file: Identity | None = None
        self._pid, self._writers, self._viewing = os.getpid(), Lock(), Lock()
        self._joined: ContextVar[Connection | None] = ContextVar("worldkit_transaction", default=None)
        if "://" in place and not place.startswith("sqlite://"):
            url = _postgres(place)
            self.place = url.render_as_string(hide_password=True)
            self.engine = _postgres_engine(url)
        else:
            self.path = _file(place.removeprefix("sqlite:///"))
            self.place = str(self.path)
            self.engine = sqlite.writer(self.path)
            self._open(self.path, recover)
        with self.reading() as connection:
            found = revision(connection)
        if found != REVISIONS[-1]:
            self._migrate()

    def _open(self, path: Path, recover: bool) -> None:
        """Look at a file, and recover it when it is damaged and that is asked for."""
        if reserve.free(path) < reserve.OPENING:
            reserve.release(path)
        with self._errors():
            recovery.finish(path)
            marked = damage.is_marked(path)
            try:
                reason = place.examine(path, thoroughly=marked or recover)
            except CorruptStore as error:
                if not recover:
                    damage.mark(path, error.reason)
                    raise
                reason = error.reason
            if reason is not None and recover:
                self.recovery = recovery.recover(path, reason)
                reason = place.examine(path, thoroughly=True)
            elif reason is None and marked:
                damage.unmark(path)  # somebody put a sound file in its place
        self._file = place.identity(path)
        if reason is not None:
            self._damaged(reason)
        if self._file is not None:
            place.use(self._file)
            weakref.finalize(self, place.use, self._file, -1)

    # ---- damage ----------------------------------------------------------------------------

    @property
    def damage_reason(self) -> str | None:
        """What is damaged, None when nothing is known to be."""
        if self._reason is None and self.path is not None and damage.is_marked(self.path):
            self._reason = damage.marked_reason(self.path)
        return self._reason

    @property
    def damage(self) -> Damage | None:
        """What is damaged and cannot be read, None when nothing is known to be damaged."""
        return self._viewed()[1] if self.damage_reason is not None else None

    def found_damage(self, reason: str) -> None:
        """Take no more writes, in any process: something that was read is not what was written."""
        if self.path is not None:
            self._damaged(reason)

    def check_servable(self) -> None:
        """Look through the whole file.

        Raises:
            CorruptStore: It is damaged.
            StoreError: The original of a recovery that lost something stands beside it.
        """
        if self.path is None:
            return
        reason = place.examine(self.path, thoroughly=self.path.stat().st_size <= place.WHOLE)
        if reason is not None:
            self._damaged(reason)
            raise CorruptStore(self.place, reason)
        recovery.check_resolved(self.path)

    def _damaged(self, reason: str) -> None:
        assert self.path is not None
        self._reason = reason
        damage.mark(self.path, reason)

    def _viewed(self) -> tuple[Engine, Damage]:
        """Return an engine over what can be read of a damaged file, and what cannot."""
        assert self.path is not None
        with self._viewing:
            if self._view is None:
                self.engine.dispose()
                folder = tempfile.TemporaryDirectory(prefix="worldkit-damaged-", ignore_cleanup_errors=True)
                target, found = recovery.view(self.path, self._reason or "", Path(folder.name))
                engine = sqlite.reader(target)
                weakref.finalize(engine, folder.cleanup)
                self._view = engine, found
            return self._view

    def _check_writable(self) -> None:
        """Refuse a write into a damaged file.

        Raises:
            CorruptStore: It is damaged.
        """
        if self.damage_reason is not None:
            raise CorruptStore(self.place, str(self._reason))

    def _check_file(self, log: Identity | None = None) -> None:
        """Refuse to go on in a file that is no longer the one at the path.

        Args:
            log: The write-ahead log that is in use with it.

        Raises:
            StoreError: It was replaced, renamed or deleted.
        """
        if self.path is None:
            return
        found = place.identity(self.path)
        if self._file is None and found is not None:
            self._file = found
            place.use(found)
            weakref.finalize(self, place.use, found, -1)
        is_same = found == self._file and (log is None or place.identity(f"{self.path}-wal") == log)
        if not is_same:
            self.engine.dispose()
            raise StoreError(
                f"{self.path} was replaced, renamed or deleted while it was open, or its log was; it takes no writes "
                "from here; open it again"
            )

    # ---- transactions ----------------------------------------------------------------------

    def _migrate(self) -> None:
        with self.writing() as connection:
            if self.is_postgres:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(DOOR)))
            if revision(connection) != REVISIONS[-1]:  # another process may have been first
                migrate(connection)

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        if (joined := self._joined.get()) is not None:
            yield joined
            return
        options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if self.is_postgres else {}
        engine = self._live() if self._reason is None else self._viewed()[0]
        with self._errors(), engine.connect() as plain, plain.execution_options(**options).begin() as begun:
            if self._reason is None:
                self._check_file()
            yield begun.connection

    @contextmanager
    def writing(self, *, frees: bool = False) -> Iterator[Connection]:
        """One transaction that writes: everything in it is kept, durably, or nothing is.

        SQLite takes its write lock at once, so that what was read is still so when it is written. PostgreSQL
        locks rows; the caller asks for them (``FOR UPDATE``). Inside another, it is part of that one.

        Args:
            frees: It deletes, and may use the room that is kept for that on a full disk.

        Raises:
            CorruptStore: The file is damaged.
            DiskFull: There is no room.
        """
        if (joined := self._joined.get()) is not None:
            yield joined
            return
        with self._room(frees), self._begun(sa.func.pg_advisory_xact_lock_shared(GATE)) as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """One transaction that writes while no other does."""
        if self._joined.get() is not None:
            raise StoreError("this cannot be done inside a transaction; end it first")
        with self._room(True), self._begun(sa.func.pg_advisory_xact_lock(GATE)) as connection:
            yield connection

    @property
    def is_tight(self) -> bool:
        """Whether the disk is so full that deleting needs the room that is kept for it."""
        return self.path is not None and reserve.free(self.path) < reserve.SIZE

    @contextmanager
    def _room(self, frees: bool) -> Iterator[None]:
        """Keep room for deleting; let a transaction that frees some use it when there is no other."""
        if self.path is None:
            yield
            return
        is_tight = frees and self.is_tight
        if is_tight and not reserve.release(self.path):
            self._cut_log()
        yield
        if is_tight:
            self._cut_log()
            reserve.make(self.path, reserve.SIZE)
        elif not self._has_reserve:
            reserve.make(self.path)
            self._has_reserve = True

    @contextmanager
    def _begun(self, gate: sa.Function[Any]) -> Iterator[Connection]:
        options: dict[str, Any] = {} if self.is_postgres else {"worldkit_writes": True}
        self._check_writable()
        engine = self._live()
        with (
            self._turn(),
            self._errors(),
            engine.connect() as plain,
            plain.execution_options(**options).begin() as begun,
        ):
            if self.is_postgres:
                begun.connection.execute(sa.select(gate))
            else:
                info = begun.connection.info
                self._check_file(info.setdefault(LOG, place.identity(f"{self.path}-wal")))
                self._check_writable()  # it may have been found damaged while this one waited for its turn
                begun.connection.info[SIZE] = 0
            log = begun.connection.info.get(LOG)
            token = self._joined.set(begun.connection)
            try:
                yield begun.connection
            finally:
                self._joined.reset(token)
        self._check_file(log)  # what was kept was kept in the file at the path, else it is not acknowledged

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let the threads of this process write to SQLite in turn; its own wait for the lock is a slow poll."""
        if self.is_postgres:
            yield
            return
        turn = self._writers
        if not turn.acquire(timeout=BUSY_S):
            raise StoreError(f"{self.place} cannot be used: another thread has been writing for {BUSY_S} s")
        try:
            yield
        finally:
            turn.release()

    def shrink(self) -> None:
        """Return free pages to the disk, some at a time; PostgreSQL sees to that by itself."""
        if self.path is None:
            return
        with self._room(True), self._errors(), self._live().connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            if plain.exec_driver_sql("PRAGMA auto_vacuum").scalar() != INCREMENTAL:
                plain.exec_driver_sql(f"PRAGMA auto_vacuum = {INCREMENTAL}")
                plain.exec_driver_sql("VACUUM")
            free = plain.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
            while free:
                # the driver takes one step of a statement that returns nothing, and this one frees a page a step
                driver: Any = plain.connection.driver_connection
                driver.executescript(f"PRAGMA incremental_vacuum({STEP})")
                plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                before, free = free, plain.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
                if free >= before:
                    break
            plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _cut_log(self) -> None:
        """Move what is in the log into the file, and give the log's room back."""
        with self._errors(), self._live().connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        self.engine.dispose()
        with self._viewing:
            if self._view is not None:
                self._view[0].dispose()
                self._view = None

    def _live(self) -> Engine:
        if os.getpid() != self._pid:
            self.engine.dispose(close=False)  # the parent's connections are the parent's
            self._pid, self._writers = os.getpid(), Lock()
        return self.engine

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except NoConnection as error:
            raise StoreError(f"{self.place} cannot be used: all its connections are taken") from error
        except DBAPIError as error:
            cause = error.orig
            if isinstance(cause, sqlite3.DatabaseError) and self.path is not None:
                self._check_file()
                if place.is_damage(cause):
                    self.found_damage(str(cause))
                    raise CorruptStore(self.place, str(cause)) from error
                if reserve.is_full(cause, self.path):
                    raise self._disk_full() from error
            if isinstance(error, OperationalError):
                raise StoreError(f"{self.place} cannot be used: {str(cause).strip()}") from error
            raise

    def _disk_full(self) -> DiskFull:
        assert self.path is not None
        joined = self._joined.get()
        written = joined.info.get(SIZE, 0) if joined is not None and not joined.closed else 0
        free = reserve.free(self.path)
        return DiskFull(self.place, max(written, free + PAGE), free)


def _file(place: str) -> Path:
    if place in ("", ":memory:"):
        raise StoreError("a store is a file or a PostgreSQL database; give a path such as 'worlds.db'")
    path = Path(place).expanduser().absolute()
    if path.is_symlink():
        path = Path(os.path.realpath(path))  # what lies beside a store lies beside the file itself
    if not path.parent.is_dir():
        raise StoreError(f"{path} cannot be made: there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise StoreError(f"{path} is a folder; a store is a file, such as {path / 'worlds.db'}")
    return path


def _postgres(place: str) -> sa.URL:
    url = sa.make_url(place)
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise StoreError(
            f"a store lives in a file or in PostgreSQL, not behind {url.drivername}://; "
            "give a path such as 'worlds.db' or a URL such as 'postgresql://user@host/name'"
        )
    return url.set(drivername="postgresql+psycopg")


def _postgres_engine(url: sa.URL) -> Engine:
    try:
        return sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")
    except ImportError:
        raise MissingExtra("a store in PostgreSQL", "postgres", "psycopg") from None
