"""Repairs a salvaged store: damaged worlds are restored from their newest readable version, or left out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.stores.local.column_values import mirrored_columns, now
from worldkit.stores.local.damage import UnreadableRecord
from worldkit.stores.local.objects import NODE, Missing, Object, children, decode_world
from worldkit.world import World

FindMissing = Callable[[bytes], bytes | None]


def find_unreadable(connection: sqlite3.Connection, ids: Iterable[str]) -> list[UnreadableRecord]:
    """Return the worlds and versions of a salvaged store that cannot be read.

    Args:
        connection: The salvaged store.
        ids: Worlds that there once were.
    """
    missing = completeness(connection)
    results: list[UnreadableRecord] = []
    names: dict[str, str] = {}
    for id, name, root in connection.execute("SELECT id, name, root FROM worlds ORDER BY seq"):
        names[id] = name
        if (object_name := missing(root)) is not None:
            results.append(UnreadableRecord(id, name, None, None, _missing_object(object_name)))
    rows = connection.execute("SELECT world, id, title, root FROM versions ORDER BY world, seq").fetchall()
    for world, id, title, root in rows:
        if (object_name := missing(root)) is not None:
            results.append(UnreadableRecord(world, names.get(world), id, title, _missing_object(object_name)))
    rowless = sorted({*ids, *(world for world, *_ in rows)} - names.keys())
    return [*results, *(UnreadableRecord(id, None, None, None, "its row is lost") for id in rowless)]


def completeness(connection: sqlite3.Connection) -> FindMissing:
    """Return a function that names an object missing below a root, None when all are there."""
    present = {name for (name,) in connection.execute("SELECT digest FROM objects")}
    node_bodies = dict(connection.execute("SELECT digest, body FROM objects WHERE kind = ?", [NODE]))
    missing_of: dict[bytes, bytes | None] = {}

    def missing(root: bytes) -> bytes | None:
        pending = [root]
        while pending:
            name = pending[-1]
            if name in missing_of:
                pending.pop()
                continue
            names = children(node_bodies[name]) if name in node_bodies else []
            unchecked_children = [child for child in names if child not in missing_of]
            if unchecked_children:
                pending += unchecked_children
                continue
            missing_names = (missing_of[child] for child in names if missing_of[child] is not None)
            missing_of[name] = next(missing_names, None if name in present else name)
            pending.pop()
        return missing_of[root]

    return missing


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done about what cannot be read.

    Attributes:
        lost_records: Worlds and versions that are left out.
        restored_worlds: Worlds that stand on a version now, in words.
    """

    lost_records: tuple[UnreadableRecord, ...]
    restored_worlds: tuple[str, ...]


def repair(connection: sqlite3.Connection, unreadable: Iterable[UnreadableRecord]) -> Repair:
    """Make a salvaged store consistent: restore what cannot be read from a version, or remove it.

    Args:
        connection: The salvaged store, in a transaction.
        unreadable: What ``find_unreadable`` returned.
    """
    missing = completeness(connection)
    records = list(unreadable)
    problems = [record for record in records if record.version is not None]
    restored_texts: list[str] = []
    for record in records:
        if record.version is None:
            version_row = _newest_readable(connection, record.world, missing)
            if version_row is None:
                problems.append(record)
                connection.execute("DELETE FROM worlds WHERE id = ?", [record.world])
            else:
                restored_texts.append(_restore_version(connection, record, version_row))
    for record in problems:
        if record.version is not None:
            _remove_version(connection, record.world, record.version)
    connection.execute("DELETE FROM versions WHERE world NOT IN (SELECT id FROM worlds)")
    _repair_references(connection, missing)
    return Repair(tuple(problems), tuple(restored_texts))


def verify(connection: sqlite3.Connection) -> None:
    """Check that a settled store is sound and that every world in it can be read.

    Raises:
        WorldError: It is not, or one cannot.
    """
    result = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if result != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise WorldError(f"the recovered store is not sound ({result}); nothing was put in place")
    missing = completeness(connection)
    roots = (
        "SELECT root FROM worlds UNION SELECT root FROM versions UNION SELECT base FROM worlds WHERE base IS NOT NULL"
    )
    for (root,) in connection.execute(roots):
        if missing(root) is not None:
            raise WorldError("a world of the recovered store cannot be read; nothing was put in place")

    for (root,) in connection.execute("SELECT DISTINCT root FROM worlds").fetchall():
        _decoded(connection, root)


def _decoded(connection: sqlite3.Connection, root: bytes) -> World:
    """Return the world under a root.

    Raises:
        WorldError: A part of it is missing or changed.
    """

    def fetch(names: Iterable[bytes]) -> Mapping[bytes, Object]:
        query = "SELECT kind, body FROM objects WHERE digest = ?"
        return {name: row for name in names if (row := connection.execute(query, [name]).fetchone()) is not None}

    try:
        return decode_world(root, fetch).world
    except Missing as error:
        raise WorldError(f"a world of the recovered store lacks {error}; nothing was put in place") from None


def _missing_object(name: bytes) -> str:
    return f"the object {name.hex()} is missing or changed"


def _newest_readable(connection: sqlite3.Connection, world: str, missing: FindMissing) -> tuple[Any, ...] | None:
    query = "SELECT id, title, rev, root, created_at FROM versions WHERE world = ? ORDER BY seq DESC"
    return next((row for row in connection.execute(query, [world]) if missing(row[3]) is None), None)


def _restore_version(connection: sqlite3.Connection, item: UnreadableRecord, version: tuple[Any, ...]) -> str:
    id, title, rev, root, created_at = version
    own_fields = mirrored_columns(_decoded(connection, root))
    values = {**own_fields, "root": root, "head": id, "updated_at": now()}
    if item.name is not None:
        assignments = ", ".join(f"{column} = ?" for column in values)
        connection.execute(
            f"UPDATE worlds SET {assignments}, rev = rev + 1 WHERE id = ?", [*values.values(), item.world]
        )
    else:
        # whose it was is lost with its row; it goes where no app of a server sees it, unless a key says whose it was
        owner = connection.execute("SELECT space FROM keys WHERE world = ?", [item.world]).fetchone()
        row = {"id": item.world, "space": owner[0] if owner else "", "visibility": "private", "layout": "{}", **values}
        row |= {"rev": rev + 1, "created_at": created_at}
        places = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO worlds ({', '.join(row)}) VALUES ({places})", [*row.values()])
    name = item.name if item.name is not None else own_fields["name"]
    return f"world {name} ({item.world}) as it was in version {title} ({id}): {item.reason}"


def _remove_version(connection: sqlite3.Connection, world: str, version: str) -> None:
    row = connection.execute("SELECT parent FROM versions WHERE world = ? AND id = ?", [world, version]).fetchone()
    parent = row[0] if row else None
    connection.execute("UPDATE versions SET parent = ? WHERE world = ? AND parent = ?", [parent, world, version])
    connection.execute("UPDATE worlds SET head = ? WHERE id = ? AND head = ?", [parent, world, version])
    connection.execute("DELETE FROM versions WHERE world = ? AND id = ?", [world, version])


def _repair_references(connection: sqlite3.Connection, missing: FindMissing) -> None:
    """Put right what a row says of rows and objects that are not there."""
    version_ids = "SELECT id FROM versions WHERE versions.world = "
    connection.execute(f"UPDATE worlds SET head = NULL WHERE head NOT IN ({version_ids} worlds.id)")
    connection.execute(
        "UPDATE versions SET parent = NULL WHERE parent IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM versions AS other WHERE other.world = versions.world AND other.id = versions.parent)"
    )
    for id, base in connection.execute("SELECT id, base FROM worlds WHERE base IS NOT NULL").fetchall():
        if missing(base) is not None:
            connection.execute("UPDATE worlds SET base = NULL WHERE id = ?", [id])
    connection.execute("DELETE FROM keys WHERE world NOT IN (SELECT id FROM worlds)")
    for (root,) in connection.execute("SELECT DISTINCT root FROM keys").fetchall():
        if missing(root) is not None:
            connection.execute("DELETE FROM keys WHERE root = ?", [root])
    columns = ("layout", "annotations", "created_at", "updated_at")
    for id, layout, on_map, created_at, updated_at in connection.execute(
        f"SELECT id, {', '.join(columns)} FROM worlds"
    ).fetchall():
        values = [
            layout if _is_layout(layout) else "{}",
            on_map if _is_object(on_map) else "{}",
            _time(created_at),
            _time(updated_at),
        ]
        assignments = ", ".join(f"{column} = ?" for column in columns)
        connection.execute(f"UPDATE worlds SET {assignments} WHERE id = ?", [*values, id])
    for world, id, created_at in connection.execute("SELECT world, id, created_at FROM versions").fetchall():
        if _time(created_at) != created_at:
            connection.execute("UPDATE versions SET created_at = ? WHERE world = ? AND id = ?", [now(), world, id])


def _is_layout(text: str) -> bool:
    return _is_object(text) and all(
        isinstance(position, list) and len(position) == 2 for position in json.loads(text).values()
    )


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _time(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return now()
    return text
