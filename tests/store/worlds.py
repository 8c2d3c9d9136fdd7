"""Worlds and stores that the store's tests share."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import worldkit as wk

SET = "set_field"


def lane(text: str) -> list[dict[str, str]]:
    """Return the operation that gives the sample's lane another text."""
    return [{"op": SET, "state": "lane", "field": "base", "value": text}]


def rooms(count: int) -> wk.World:
    """Return a world of many states and as many events."""
    states = {
        f"room_{i}": {"base": f"Room {i}: bare boards, a window to the north, dust turning in one bar of light."}
        for i in range(count)
    }
    events = [
        {
            "name": f"walk_{i}",
            "kind": "transition",
            "from": [f"room_{i}"],
            "to": f"room_{(i * 7 + 1) % count}",
            "base": f"The door to room {(i * 7 + 1) % count} swings open.",
        }
        for i in range(count)
    ]
    return wk.World.from_dict({"name": "Rooms", "scene": {"states": states, "events": events}})


def make_first_schema(path: Path) -> None:
    """Take a store back to the schema of the first release, which had no room for annotations."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE worlds DROP COLUMN annotations")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
