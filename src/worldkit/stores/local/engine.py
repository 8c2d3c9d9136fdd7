"""Opening a database: SQLite by path, PostgreSQL by URL; and what makes a transaction of either safe."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from worldkit.core.error_frames import without_frames
from worldkit.core.errors import CorruptStore, DiskFull, StoreError
from worldkit.core.process_lock import ProcessLock
from worldkit.stores.local import inspection, reserve, sqlite
from worldkit.stores.local.database_address import address_without_password, file_path, postgres_engine, postgres_url
from worldkit.stores.local.database_file import DatabaseFile
from worldkit.stores.local.migrate import Schema
from worldkit.stores.local.sqlite import BUSY_TIMEOUT_S
from worldkit.stores.local.tables import SCHEMA, check_tables

WRITER_LOCK, MIGRATION_LOCK = 0x776B0001, 0x776B0002
"""PostgreSQL advisory locks: writers share the first and ``compact`` takes it alone; a migration takes the second."""
_SHARED_LOCK = sa.select(sa.func.pg_advisory_xact_lock_shared(WRITER_LOCK))
_EXCLUSIVE_LOCK = sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK))
VACUUM_STEP = 100
"""Pages given back to the disk at a time, so that the log stays small."""
INCREMENTAL_VACUUM = 2
PAGE_SIZE = 4096
WRITTEN_SIZE_KEY, WAL_FILE_KEY = "worldkit_size", "worldkit_log"
"""Keys of ``Connection.info``: the bytes that its transaction writes, and the identity of its write-ahead log."""


class Database:
    """An open database: connections, and the two kinds of transaction.

    Args:
        address: A file's path, or a URL such as ``postgresql://user@host/name``.
        recover: Recover a file that is damaged.

    Attributes:
        place: What to call it in messages.
        address: What it is opened by again, without a password.
        engine: Connects to it.
        file: Its file; None for a PostgreSQL database.
    """

    def __init__(self, address: str, *, recover: bool = False) -> None:
        self.place: str
        self.address: str
        self.engine: Engine
        self.file: DatabaseFile | None = None
        self._has_reserve = False
        self._pid, self._writers = os.getpid(), ProcessLock()
        self._current_connection: ContextVar[Connection | None] = ContextVar("worldkit_transaction", default=None)
        if "://" in address and not address.startswith("sqlite:///"):
            url = postgres_url(address)
            self.place = self.address = address_without_password(url)
            self.engine = postgres_engine(url)
        else:
            path = file_path(address)
            self.place = self.address = str(path)
            is_read_only = path.exists() and not sqlite.can_write_beside(path)
            self.engine = sqlite.reader(path) if is_read_only else sqlite.writer(path)
            self.file = DatabaseFile(path, self.engine)
            with self._errors():
                self.file.examine(recover=recover)
        with self.reading() as connection:
            check_tables(sa.inspect(connection).get_table_names())
        self.bring_up_to_date(SCHEMA)

    @property
    def path(self) -> Path | None:
        """Where its file is; None for a PostgreSQL database."""
        return self.file.path if self.file is not None else None

    # ---- transactions ----------------------------------------------------------------------

    def bring_up_to_date(self, schema: Schema) -> None:
        """Make tables, or give those that there are their newest shape.

        Raises:
            StoreError: They were made by another release, mostly a newer one.
        """
        with self.reading() as connection:
            if schema.version_of(connection) == schema.version:
                return
        with self.writing() as connection:
            if self.is_postgres:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            schema.bring_up_to_date(connection)

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    def _open_transaction(self) -> Connection | None:
        """Return the connection of the transaction that this code runs in; None outside of one."""
        connection = self._current_connection.get()
        # a task that was begun inside a transaction keeps its context, and with it the connection, beyond the end
        return None if connection is None or connection.closed else connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        if (outer := self._open_transaction()) is not None:
            yield outer
            return
        view = self.file.view if self.file is not None else None
        engine = self._live_engine() if view is None else view
        with self._errors(), engine.connect() as connection:
            if self.is_postgres:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                if self.file is not None and view is None:
                    self.file.check_same()
                yield connection

    def one_row(self, query: str, parameters: Sequence[object]) -> tuple[Any, ...] | None:
        """Return the first row of a query that is a transaction of its own, in a fraction of what ``reading`` costs.

        None where there is none, and wherever ``reading`` is to answer: inside a transaction, in PostgreSQL, in a
        damaged file, and after an error.
        """
        file = self.file
        if file is None or file.is_known_damaged or self._open_transaction() is not None:
            return None
        try:
            connection = self._live_engine().raw_connection()
            try:
                file.check_same()
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
        locks rows; the caller asks for them (``FOR UPDATE``). Inside another, it is part of that one: an error takes
        back what it wrote, and the outer one decides about the rest.

        Args:
            frees: It deletes, and may use the room that is kept for that on a full disk.

        Raises:
            CorruptStore: The file is damaged.
            DiskFull: There is no room.
        """
        if (outer := self._open_transaction()) is not None:
            with self._savepoint(outer):
                yield outer
            return
        with self._reserve_room(frees), self._begin(_SHARED_LOCK) as connection:
            yield connection
            self._check_open(connection)

    @contextmanager
    def _savepoint(self, connection: Connection) -> Iterator[None]:
        """Take back what is written in a block when an error leaves it; the rest of the transaction goes on."""
        # without SQLAlchemy's own savepoints, which take as long as creating a small world
        self._check_open(connection)
        driver: Any = connection.connection.driver_connection
        execute: Callable[[str], object] = connection.exec_driver_sql if self.is_postgres else driver.execute
        execute("SAVEPOINT worldkit")
        try:
            yield
        except BaseException:
            with suppress(sa.exc.SQLAlchemyError, sqlite3.Error):  # a full disk, for one, ends the whole transaction
                execute("ROLLBACK TO SAVEPOINT worldkit")
                execute("RELEASE SAVEPOINT worldkit")
            raise
        execute("RELEASE SAVEPOINT worldkit")

    def _check_open(self, connection: Connection) -> None:
        """Refuse to go on after an error, such as a full disk, with which SQLite has rolled all back."""
        driver: Any = connection.connection.driver_connection
        if not self.is_postgres and not driver.in_transaction:
            raise StoreError("an error has ended this transaction, and nothing of it was kept; begin another one")

    @contextmanager
    def exclusive(self) -> Iterator[Connection]:
        """One transaction that writes while no other does."""
        if self._open_transaction() is not None:
            raise StoreError("this cannot be done inside a transaction; end it first")
        with self._reserve_room(True), self._begin(_EXCLUSIVE_LOCK) as connection:
            yield connection

    @property
    def is_almost_full(self) -> bool:
        """Whether the disk is so full that deleting needs the room that is kept for it."""
        return self.path is not None and reserve.free(self.path) < reserve.RESERVE_BYTES

    @contextmanager
    def _reserve_room(self, frees: bool) -> Iterator[None]:
        """Keep room for deleting; let a transaction that frees some use it when there is no other."""
        if self.path is None:
            yield
            return
        is_almost_full = frees and self.is_almost_full
        if is_almost_full:
            self._has_reserve = False
            if not reserve.release(self.path):
                self._truncate_log()
        yield
        if is_almost_full:
            self._truncate_log()
            self._has_reserve = reserve.make(self.path, reserve.RESERVE_BYTES)
        elif not self._has_reserve:
            self._has_reserve = reserve.make(self.path)

    @contextmanager
    def _begin(self, lock: sa.Select[Any]) -> Iterator[Connection]:
        file, log = self.file, None
        options: dict[str, Any] = {} if file is None else {"worldkit_writes": True}
        if file is not None:
            file.check_sound()
        engine = self._live_engine()
        with (
            self._thread_lock(),
            self._errors(),
            engine.connect() as raw_connection,
            raw_connection.execution_options(**options).begin() as transaction,
        ):
            if file is None:
                transaction.connection.execute(lock)
            else:
                info = transaction.connection.info
                log = info.setdefault(WAL_FILE_KEY, file.log_identity())
                file.check_same(log)
                file.check_sound()  # it may have been found damaged while this one waited for its turn
                info[WRITTEN_SIZE_KEY] = 0
            token = self._current_connection.set(transaction.connection)
            try:
                yield transaction.connection
            finally:
                self._current_connection.reset(token)
        if file is not None:
            file.check_same(log)  # what was kept was kept in the file at the path, else it is not acknowledged

    @contextmanager
    def _thread_lock(self) -> Iterator[None]:
        """Let the threads of this process write to SQLite in turn; its own wait for the lock is a slow poll."""
        if self.is_postgres:
            yield
            return
        lock = self._writers
        if not lock.acquire(timeout=BUSY_TIMEOUT_S):
            raise StoreError(f"{self.place} cannot be used: another thread has been writing for {BUSY_TIMEOUT_S} s")
        try:
            yield
        finally:
            lock.release()

    def shrink(self) -> None:
        """Return free pages to the disk, some at a time; PostgreSQL sees to that by itself."""
        if self.path is None:
            return
        with self._reserve_room(True), self._autocommit() as autocommit:
            if autocommit.exec_driver_sql("PRAGMA auto_vacuum").scalar() != INCREMENTAL_VACUUM:
                autocommit.exec_driver_sql(f"PRAGMA auto_vacuum = {INCREMENTAL_VACUUM}")
                autocommit.exec_driver_sql("VACUUM")
            free = autocommit.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
            while free:
                # the driver takes one step of a statement that returns nothing, and this one frees a page a step
                driver: Any = autocommit.connection.driver_connection
                driver.executescript(f"PRAGMA incremental_vacuum({VACUUM_STEP})")
                # the log begins anew after it, unless somebody reads; only the last one waits for those who do
                autocommit.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                before, free = free, autocommit.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
                if free >= before:
                    break
            autocommit.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _truncate_log(self) -> None:
        """Move what is in the log into the file, and give the log's room back."""
        with self._autocommit() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _autocommit(self) -> Iterator[Connection]:
        with self._errors(), self._live_engine().connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        self.engine.dispose()
        if self.file is not None:
            self.file.close_view()

    def _live_engine(self) -> Engine:
        if os.getpid() != self._pid:
            self.engine.dispose(close=False)  # the parent's connections are the parent's
            self._pid = os.getpid()
        return self.engine

    @contextmanager
    def _errors(self) -> Iterator[None]:
        outer_error = sys.exception()
        try:
            yield
        except NoConnection as error:
            raise StoreError(f"{self.place} cannot be used: all its connections are taken") from error
        except (DBAPIError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if isinstance(cause, sqlite3.DatabaseError) and self.file is not None:
                self.file.check_same()
                if inspection.is_damage(cause):
                    self.file.mark_damaged(str(cause))
                    raise CorruptStore(self.place, str(cause)) from error
                if reserve.is_full(cause, self.file.path):
                    raise self._disk_full() from error
            if isinstance(error, OperationalError | sqlite3.OperationalError) or self._is_refusal(error):
                message = f"{self.place} cannot be used: {str(cause).strip()}"
                raise StoreError(message) from without_frames(error, outer_error)
            raise

    def _is_refusal(self, error: Exception) -> bool:
        """Say whether PostgreSQL refuses to work for this user or address, and not what was to be written."""
        return self.is_postgres and not isinstance(error, IntegrityError)

    def _disk_full(self) -> DiskFull:
        assert self.path is not None
        connection = self._open_transaction()
        size = connection.info.get(WRITTEN_SIZE_KEY, 0) if connection is not None else 0
        free = reserve.free(self.path)
        return DiskFull(self.place, max(size, free + PAGE_SIZE), free)
