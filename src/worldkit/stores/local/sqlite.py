"""Engines over an SQLite file: one that reads and writes, and one that only reads."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

BUSY_S = 30
"""How long a writer waits for the others before it gives up."""


def writer(path: Path) -> Engine:
    """Return an engine over a file, which is made when it is not there."""
    address = sa.URL.create("sqlite", database=str(path))
    # an error of the database goes into logs: without what was asked for and stored
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_S}, hide_parameters=True)

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
    uri = f"{path.as_uri()}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, timeout=BUSY_S, check_same_thread=False, isolation_level=None)

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE" if options.get("worldkit_writes") else "BEGIN")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; the one pragma that does not wait while another process opens the file."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
