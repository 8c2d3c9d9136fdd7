"""Opening a database: SQLite by path, PostgreSQL by URL; and what makes a transaction of either safe."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from worldkit.errors import CorruptStore, MissingExtra, StoreError
from worldkit.store.local import aside
from worldkit.store.local.migrate import REVISIONS, migrate, revision

BUSY_S = 30
"""How long a writer waits for the others before it gives up."""
GATE, DOOR = 0x776B0001, 0x776B0002
"""PostgreSQL advisory locks: writers share the gate and ``compact`` shuts it; a migration goes through the door."""


class Database:
    """An open database: connections, and the two kinds of transaction.

    Args:
        place: A file's path, or a URL such as ``postgresql://user@host/name``.
        recover: After moving a damaged file aside, go on with an empty one.
    """

    def __init__(self, place: str, *, recover: bool = False) -> None:
        self.path: Path | None = None
        if "://" in place and not place.startswith("sqlite://"):
            url = _postgres(place)
            self.place = url.render_as_string(hide_password=True)
            self.engine = _postgres_engine(url)
        else:
            self.path = _file(place.removeprefix("sqlite:///"))
            self.place = str(self.path)
            aside.examine(self.path, recover=recover)
            self.engine = _sqlite_engine(self.path)
        self._pid, self._writers = os.getpid(), Lock()
        self._joined: ContextVar[Connection | None] = ContextVar("worldkit_transaction", default=None)
        with self.reading() as connection:
            found = revision(connection)
        if found != REVISIONS[-1]:
            self._migrate()

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
        with self._errors(), self._live().connect() as plain, plain.execution_options(**options).begin() as begun:
            yield begun.connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: everything in it is kept, durably, or nothing is.

        SQLite takes its write lock at once, so that what was read is still so when it is written. PostgreSQL
        locks rows; the caller asks for them (``FOR UPDATE``). Inside another, it is part of that one.
        """
        if (joined := self._joined.get()) is not None:
            yield joined
            return
        with self._begun(sa.func.pg_advisory_xact_lock_shared(GATE)) as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """One transaction that writes while no other does."""
        if self._joined.get() is not None:
            raise StoreError("this cannot be done inside a transaction; end it first")
        with self._begun(sa.func.pg_advisory_xact_lock(GATE)) as connection:
            yield connection

    @contextmanager
    def _begun(self, gate: sa.Function[Any]) -> Iterator[Connection]:
        options: dict[str, Any] = {} if self.is_postgres else {"worldkit_writes": True}
        engine = self._live()
        with (
            self._turn(),
            self._errors(),
            engine.connect() as plain,
            plain.execution_options(**options).begin() as begun,
        ):
            if self.is_postgres:
                begun.connection.execute(sa.select(gate))
            token = self._joined.set(begun.connection)
            try:
                yield begun.connection
            finally:
                self._joined.reset(token)

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
        """Return free pages to the disk; PostgreSQL sees to that by itself."""
        if not self.is_postgres:
            with self._errors(), self._live().connect() as connection:
                plain = connection.execution_options(isolation_level="AUTOCOMMIT")
                plain.exec_driver_sql("VACUUM")
                plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

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
            if isinstance(cause, sqlite3.DatabaseError) and aside.is_damage(cause):
                raise CorruptStore(self.place, str(cause)) from error
            if isinstance(error, OperationalError):
                raise StoreError(f"{self.place} cannot be used: {str(cause).strip()}") from error
            raise


def _file(place: str) -> Path:
    if place in ("", ":memory:"):
        raise StoreError("a store is a file or a PostgreSQL database; give a path such as 'worlds.db'")
    path = Path(place).expanduser().absolute()
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


def _sqlite_engine(path: Path) -> Engine:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_S})

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions of its own
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        _write_ahead(connection)

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("worldkit_writes") else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; the one pragma that does not wait while another process opens the file."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
