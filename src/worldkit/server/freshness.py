"""Caches what was read from the database: SQLite tells cheaply whether anything was committed since.

``PRAGMA data_version`` changes when any other connection commits, of this process or of another. So a cached value is
never older than what the database would answer. PostgreSQL has no such query; nothing is cached there.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Generic, TypeVar

from worldkit.stores.local import inspection

T = TypeVar("T")
MAX_BYTES = 32_000_000
"""Bytes of texts that are remembered at the most."""


class Commits:
    """Counts the commits to a database, as far as equality goes; used on the event loop, and never waits.

    Args:
        path: The SQLite file; None for another database.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._openings = 0
        """How often a connection was opened: the versions that two of them tell cannot be compared."""

    def version(self) -> Hashable | None:
        """Return a value that differs once anything was committed; None when that cannot be said."""
        if self._path is None:
            return None
        try:
            if self._connection is None:
                uri = f"{self._path.absolute().as_uri()}?mode=ro"
                self._connection = sqlite3.connect(uri, uri=True, timeout=0, check_same_thread=False)
                self._openings += 1
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            self.close()
            return None
        return self._openings, version, inspection.identity(self._path)

    def close(self) -> None:
        """Close the connection; another call opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class FreshCache(Generic[T]):
    """Remembers values for as long as nothing is committed to the database; used on the event loop.

    Args:
        commits: Tells whether something was.
    """

    def __init__(self, commits: Commits) -> None:
        self._commits = commits
        self._version: Hashable | None = None
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0

    def look_up(self, key: Hashable) -> tuple[T | None, Hashable | None]:
        """Return the value of a key if it still holds, and what to pass to ``put`` for one that is read from now on."""
        version = self._commits.version()
        if version != self._version:
            self._version, self._bytes = version, 0
            self._values.clear()
        entry = self._values.get(key)
        return None if entry is None else entry[0], version

    def put(self, key: Hashable, value: T, version: Hashable | None, size: int = 0) -> None:
        """Remember a value.

        Args:
            version: What ``look_up`` returned before the value was read.
            size: Its bytes; the oldest values go when there are too many.
        """
        if version is None or version != self._version or size > MAX_BYTES // 4:
            return
        previous = self._values.pop(key, None)
        self._bytes += size - (previous[1] if previous else 0)
        self._values[key] = value, size
        while self._bytes > MAX_BYTES:
            _, (_, freed_bytes) = self._values.popitem(last=False)
            self._bytes -= freed_bytes
