"""Opening a database: SQLite by path, PostgreSQL by URL; and what makes a transaction of either safe."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import weakref
from collections.abc import Iterator, Sequence
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
from worldkit.core.files import expand_home
from worldkit.stores.local import damage, inspection, recovery, reserve, sqlite
from worldkit.stores.local.damage import Damage, Recovery
from worldkit.stores.local.inspection import Identity
from worldkit.stores.local.migrate import REVISIONS, migrate, revision
from worldkit.stores.local.sqlite import BUSY_S

WRITER_LOCK, MIGRATION_LOCK = 0x776B0001, 0x776B0002
"""PostgreSQL advisory locks: writers share the first and ``compact`` takes it alone; a migration takes the second."""
_SHARED_LOCK = sa.select(sa.func.pg_advisory_xact_lock_shared(WRITER_LOCK))
_EXCLUSIVE_LOCK = sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK))
VACUUM_STEP = 100
"""Pages given back to the disk at a time, so that the log stays small."""
INCREMENTAL = 2
PAGE_SIZE = 4096
WRITTEN_SIZE, WAL_FILE = "worldkit_size", "worldkit_log"
"""Keys of ``Connection.info``: the bytes that its transaction writes, and the identity of its write-ahead log."""


class Database:
    """An open database: connections, and the two kinds of transaction.

    Args:
        address: A file's path, or a URL such as ``postgresql://user@host/name``.
        recover: Recover a file that is damaged.

    Attributes:
        recovery: What a recovery saved, None when there was none.
    """

    def __init__(self, address: str, *, recover: bool = False) -> None:
        self.place: str
        self.engine: Engine
        self.path: Path | None = None
        self.recovery: Recovery | None = None
        self._reason: str | None = None
        self._view: tuple[Engine, Damage] | None = None
        self._has_reserve = False
        self._file: Identity | None = None
        self._pid, self._writers, self._view_lock = os.getpid(), Lock(), Lock()
        self._current_connection: ContextVar[Connection | None] = ContextVar("worldkit_transaction", default=None)
        if "://" in address and not address.startswith("sqlite://"):
            url = _postgres(address)
            self.place = url.render_as_string(hide_password=True)
            self.engine = _postgres_engine(url)
        else:
            self.path = _file(address.removeprefix("sqlite:///"))
            self.place = str(self.path)
            self.engine = sqlite.writer(self.path)
            self._open(self.path, recover)
        with self.reading() as connection:
            current = revision(connection)
        if current != REVISIONS[-1]:
            self._migrate()

    def _open(self, path: Path, recover: bool) -> None:
        """Look at a file, and recover it when it is damaged and that is asked for."""
        if reserve.free(path) < reserve.OPENING:
            reserve.release(path)
        with self._errors():
            recovery.finish(path)
            marked = damage.is_marked(path)
            try:
                reason = inspection.examine(path, thoroughly=marked or recover)
            except CorruptStore as error:
                if not recover:
                    damage.mark(path, error.reason)
                    raise
                reason = error.reason
            if reason is not None and recover:
                self.recovery = recovery.recover(path, reason)
                reason = inspection.examine(path, thoroughly=True)
            elif reason is None and marked:
                damage.unmark(path)  # somebody put a sound file in its place
        self._file = inspection.identity(path)
        if reason is not None:
            self._mark_damaged(reason)
        if self._file is not None:
            inspection.use(self._file)
            weakref.finalize(self, inspection.use, self._file, -1)

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
        return self._readable_view()[1] if self.damage_reason is not None else None

    def report_damage(self, reason: str) -> None:
        """Take no more writes, in any process: something that was read is not what was written."""
        if self.path is not None:
            self._mark_damaged(reason)

    def check_servable(self) -> None:
        """Look through the whole file.

        Raises:
            CorruptStore: It is damaged.
            StoreError: The original of a recovery that lost something stands beside it.
        """
        if self.path is None:
            return
        reason = inspection.examine(self.path, thoroughly=self.path.stat().st_size <= inspection.FULL_CHECK_MAX)
        if reason is not None:
            self._mark_damaged(reason)
            raise CorruptStore(self.place, reason)
        recovery.check_resolved(self.path)

    def _mark_damaged(self, reason: str) -> None:
        assert self.path is not None
        self._reason = reason
        damage.mark(self.path, reason)

    def _readable_view(self) -> tuple[Engine, Damage]:
        """Return an engine over what can be read of a damaged file, and what cannot."""
        assert self.path is not None
        with self._view_lock:
            if self._view is None:
                self.engine.dispose()
                folder = tempfile.TemporaryDirectory(prefix="worldkit-damaged-", ignore_cleanup_errors=True)
                target, unreadable = recovery.make_view(self.path, self._reason or "", Path(folder.name))
                engine = sqlite.reader(target)
                weakref.finalize(engine, folder.cleanup)
                self._view = engine, unreadable
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
        current = inspection.identity(self.path)
        if self._file is None and current is not None:
            self._file = current
            inspection.use(current)
            weakref.finalize(self, inspection.use, current, -1)
        is_same = current == self._file and (log is None or inspection.identity(f"{self.path}-wal") == log)
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
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            if revision(connection) != REVISIONS[-1]:  # another process may have been first
                migrate(connection)

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        if (outer := self._current_connection.get()) is not None:
            yield outer
            return
        engine = self._live_engine() if self._reason is None else self._readable_view()[0]
        with self._errors(), engine.connect() as connection:
            if self.is_postgres:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                if self._reason is None:
                    self._check_file()
                yield connection

    def one_row(self, query: str, parameters: Sequence[object]) -> tuple[Any, ...] | None:
        """Return the first row of a query that is a transaction of its own, in a fraction of what ``reading`` costs.

        None where there is none, and wherever ``reading`` is to answer: inside a transaction, in PostgreSQL, in a
        damaged file, and after an error.
        """
        if self.path is None or self._reason is not None or self._current_connection.get() is not None:
            return None
        try:
            connection = self._live_engine().raw_connection()
            try:
                self._check_file()
                driver: Any = connection.driver_connection
                rows = driver.execute(query, parameters).fetchall()
            finally:
                connection.close()
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return None
        return rows[0] if rows else None

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
        if (outer := self._current_connection.get()) is not None:
            yield outer
            return
        with self._reserve_room(frees), self._begin(_SHARED_LOCK) as connection:
            yield connection

    @contextmanager
    def exclusive(self) -> Iterator[Connection]:
        """One transaction that writes while no other does."""
        if self._current_connection.get() is not None:
            raise StoreError("this cannot be done inside a transaction; end it first")
        with self._reserve_room(True), self._begin(_EXCLUSIVE_LOCK) as connection:
            yield connection

    @property
    def is_almost_full(self) -> bool:
        """Whether the disk is so full that deleting needs the room that is kept for it."""
        return self.path is not None and reserve.free(self.path) < reserve.SIZE

    @contextmanager
    def _reserve_room(self, frees: bool) -> Iterator[None]:
        """Keep room for deleting; let a transaction that frees some use it when there is no other."""
        if self.path is None:
            yield
            return
        is_almost_full = frees and self.is_almost_full
        if is_almost_full and not reserve.release(self.path):
            self._truncate_log()
        yield
        if is_almost_full:
            self._truncate_log()
            reserve.make(self.path, reserve.SIZE)
        elif not self._has_reserve:
            reserve.make(self.path)
            self._has_reserve = True

    @contextmanager
    def _begin(self, lock: sa.Select[Any]) -> Iterator[Connection]:
        options: dict[str, Any] = {} if self.is_postgres else {"worldkit_writes": True}
        self._check_writable()
        engine = self._live_engine()
        with (
            self._thread_lock(),
            self._errors(),
            engine.connect() as raw_connection,
            raw_connection.execution_options(**options).begin() as transaction,
        ):
            if self.is_postgres:
                transaction.connection.execute(lock)
            else:
                info = transaction.connection.info
                self._check_file(info.setdefault(WAL_FILE, inspection.identity(f"{self.path}-wal")))
                self._check_writable()  # it may have been found damaged while this one waited for its turn
                transaction.connection.info[WRITTEN_SIZE] = 0
            log = transaction.connection.info.get(WAL_FILE)
            token = self._current_connection.set(transaction.connection)
            try:
                yield transaction.connection
            finally:
                self._current_connection.reset(token)
        self._check_file(log)  # what was kept was kept in the file at the path, else it is not acknowledged

    @contextmanager
    def _thread_lock(self) -> Iterator[None]:
        """Let the threads of this process write to SQLite in turn; its own wait for the lock is a slow poll."""
        if self.is_postgres:
            yield
            return
        lock = self._writers
        if not lock.acquire(timeout=BUSY_S):
            raise StoreError(f"{self.place} cannot be used: another thread has been writing for {BUSY_S} s")
        try:
            yield
        finally:
            lock.release()

    def shrink(self) -> None:
        """Return free pages to the disk, some at a time; PostgreSQL sees to that by itself."""
        if self.path is None:
            return
        with self._reserve_room(True), self._errors(), self._live_engine().connect() as connection:
            autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
            if autocommit.exec_driver_sql("PRAGMA auto_vacuum").scalar() != INCREMENTAL:
                autocommit.exec_driver_sql(f"PRAGMA auto_vacuum = {INCREMENTAL}")
                autocommit.exec_driver_sql("VACUUM")
            free = autocommit.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
            while free:
                # the driver takes one step of a statement that returns nothing, and this one frees a page a step
                driver: Any = autocommit.connection.driver_connection
                driver.executescript(f"PRAGMA incremental_vacuum({VACUUM_STEP})")
                autocommit.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                before, free = free, autocommit.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
                if free >= before:
                    break
            autocommit.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _truncate_log(self) -> None:
        """Move what is in the log into the file, and give the log's room back."""
        with self._errors(), self._live_engine().connect() as connection:
            autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
            autocommit.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        self.engine.dispose()
        with self._view_lock:
            if self._view is not None:
                self._view[0].dispose()
                self._view = None

    def _live_engine(self) -> Engine:
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
        except (DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if isinstance(cause, sqlite3.DatabaseError) and self.path is not None:
                self._check_file()
                if inspection.is_damage(cause):
                    self.report_damage(str(cause))
                    raise CorruptStore(self.place, str(cause)) from error
                if reserve.is_full(cause, self.path):
                    raise self._disk_full() from error
            if isinstance(error, OperationalError | sqlite3.OperationalError):
                raise StoreError(f"{self.place} cannot be used: {str(cause).strip()}") from error
            raise

    def _disk_full(self) -> DiskFull:
        assert self.path is not None
        connection = self._current_connection.get()
        size = connection.info.get(WRITTEN_SIZE, 0) if connection is not None and not connection.closed else 0
        free = reserve.free(self.path)
        return DiskFull(self.place, max(size, free + PAGE_SIZE), free)


def _file(address: str) -> Path:
    if address in ("", ":memory:"):
        raise StoreError("a store is a file or a PostgreSQL database; give a path such as 'worlds.db'")
    path = expand_home(address).absolute()
    try:
        if path.is_symlink():
            path = Path(os.path.realpath(path))  # what lies beside a store lies beside the file itself
        if not path.parent.is_dir():
            raise StoreError(f"{path} cannot be made: there is no folder {path.parent}; make it first")
        if path.is_dir():
            raise StoreError(f"{path} is a folder; a store is a file, such as {path / 'worlds.db'}")
    except OSError as error:  # such as a name that is too long
        raise StoreError(f"{path} cannot be looked at: {error.strerror}") from None
    return path


def _postgres(address: str) -> sa.URL:
    url = sa.make_url(address)
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
