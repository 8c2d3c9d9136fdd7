"""Engines over an SQLite file: one that reads and writes, and one that only reads."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

BUSY_TIMEOUT_S = 30
"""How long a writer waits for the others before it gives up."""


def writer(path: Path) -> Engine:
    """Return an engine over a file, which is made when it is not there."""
    address = sa.URL.create("sqlite", database=str(path))
    # an error of the database goes into logs: without what was asked for and stored
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions of its own
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        if connection.execute("PRAGMA page_count").fetchone() == (0,):
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file: compacting then needs little room
        _write_ahead(connection)

    event.listen(engine, "begin", _begin)
    return engine


def reader(path: Path) -> Engine:
    """Return an engine that never writes, over a file that is there."""
    # connects anew for each transaction, which sees then whether another process has the file open
    engine = sa.create_engine(
        "sqlite://", creator=lambda: connect_to_read(path), poolclass=sa.NullPool, hide_parameters=True
    )
    event.listen(engine, "begin", _begin)
    return engine


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Connect to a file that is there, to read it.

    Reading needs an index of the log, a file beside the store. In a folder that takes none a process that writes has
    made one, or else nobody is changing the file.
    """
    options = "mode=ro" if can_write_beside(path) or Path(f"{path}-wal").exists() else "mode=ro&immutable=1"
    uri = f"{path.as_uri()}?{options}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None)


def can_write_beside(path: Path) -> bool:
    """Say whether files can be made in the folder of a file, as whatever is not only read needs."""
    return os.access(path.parent, os.W_OK)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE" if options.get("worldkit_writes") else "BEGIN")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; the one pragma that does not wait while another process opens the file."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
