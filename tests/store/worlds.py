"""Worlds and stores that the store's tests share."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Connection

import worldkit as wk
from worldkit.stores.local.tables import SCHEMA

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


def make_older_shape(path: Path) -> None:
    """Give a store's tables a shape that no release has: one without annotations."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE worlds DROP COLUMN annotations")
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def upgradable() -> AbstractContextManager[object]:
    """Let stores that are opened bring that shape up to date."""

    def add_annotations(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE worlds ADD COLUMN annotations TEXT NOT NULL DEFAULT '{}'")

    schema = replace(SCHEMA, upgrades={"older": add_annotations})
    return patch("worldkit.stores.local.engine.SCHEMA", schema)
