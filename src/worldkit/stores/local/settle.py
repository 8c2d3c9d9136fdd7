"""Which worlds of a salvaged store are whole, and how the others are settled: at a version, or left out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.stores.local.damage import Unreadable
from worldkit.stores.local.objects import NODE, Missing, Object, children, decoded
from worldkit.stores.local.transaction import now

MissingOf = Callable[[bytes], bytes | None]
UNKNOWN = "untitled"


def unreadable(connection: sqlite3.Connection, ids: Iterable[str]) -> list[Unreadable]:
    """Return the worlds and versions of a salvaged store that cannot be read.

    Args:
        connection: The salvaged store.
        ids: Worlds that there once were.
    """
    missing = completeness(connection)
    found: list[Unreadable] = []
    names: dict[str, str] = {}
    for id, name, root in connection.execute("SELECT id, name, root FROM worlds ORDER BY seq"):
        names[id] = name
        if (lost := missing(root)) is not None:
            found.append(Unreadable(id, name, None, None, _lost(lost)))
    rows = connection.execute("SELECT world, id, title, root FROM versions ORDER BY world, seq").fetchall()
    for world, id, title, root in rows:
        if (lost := missing(root)) is not None:
            found.append(Unreadable(world, names.get(world), id, title, _lost(lost)))
    rowless = sorted({*ids, *(world for world, *_ in rows)} - names.keys())
    return [*found, *(Unreadable(id, None, None, None, "its row is lost") for id in rowless)]


def completeness(connection: sqlite3.Connection) -> MissingOf:
    """Return a function that names an object missing below a root, None when all are there."""
    there = {name for (name,) in connection.execute("SELECT digest FROM objects")}
    below = dict(connection.execute("SELECT digest, body FROM objects WHERE kind = ?", [NODE]))
    known: dict[bytes, bytes | None] = {}

    def missing(root: bytes) -> bytes | None:
        waiting = [root]
        while waiting:
            name = waiting[-1]
            if name in known:
                waiting.pop()
                continue
            names = children(below[name]) if name in below else []
            unknown = [low for low in names if low not in known]
            if unknown:
                waiting += unknown
                continue
            lost = (known[low] for low in names if known[low] is not None)
            known[name] = next(lost, None if name in there else name)
            waiting.pop()
        return known[root]

    return missing


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done about what cannot be read.

    Attributes:
        lost: Worlds and versions that are left out.
        restored: Worlds that stand on a version now, in words.
    """

    lost: tuple[Unreadable, ...]
    restored: tuple[str, ...]


def settle(connection: sqlite3.Connection, found: Iterable[Unreadable]) -> Settled:
    """Make a salvaged store whole: what cannot be read is taken out, or put back to its newest readable version.

    Args:
        connection: The salvaged store, in a transaction.
        found: What ``unreadable`` returned.
    """
    missing = completeness(connection)
    lost: list[Unreadable] = []
    restored: list[str] = []
    for one in found:
        if one.version is not None:
            lost.append(one)
    for one in found:
        if one.version is None:
            at = _newest(connection, one.world, missing)
            if at is None:
                lost.append(one)
                connection.execute("DELETE FROM worlds WHERE id = ?", [one.world])
            else:
                restored.append(_put_back(connection, one, at))
    for one in lost:
        if one.version is not None:
            _take_out(connection, one.world, one.version)
    connection.execute("DELETE FROM versions WHERE world NOT IN (SELECT id FROM worlds)")
    _mend(connection, missing)
    return Settled(tuple(lost), tuple(restored))


def verify(connection: sqlite3.Connection) -> None:
    """Check that a settled store is sound and that every world in it can be read.

    Raises:
        WorldError: It is not, or one cannot.
    """
    said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
        raise WorldError(f"the recovered store is not sound ({said}); nothing was put in place")
    missing = completeness(connection)
    roots = (
        "SELECT root FROM worlds UNION SELECT root FROM versions UNION SELECT base FROM worlds WHERE base IS NOT NULL"
    )
    for (root,) in connection.execute(roots):
        if missing(root) is not None:
            raise WorldError("a world of the recovered store cannot be read; nothing was put in place")

    def fetch(names: Iterable[bytes]) -> Mapping[bytes, Object]:
        wanted = "SELECT kind, body FROM objects WHERE digest = ?"
        return {name: row for name in names if (row := connection.execute(wanted, [name]).fetchone()) is not None}

    for (root,) in connection.execute("SELECT DISTINCT root FROM worlds").fetchall():
        try:
            decoded(root, fetch)
        except Missing as error:
            raise WorldError(f"a world of the recovered store lacks {error}; nothing was put in place") from None


def _lost(name: bytes) -> str:
    return f"the object {name.hex()} is missing or changed"


def _newest(connection: sqlite3.Connection, world: str, missing: MissingOf) -> tuple[Any, ...] | None:
    wanted = "SELECT id, title, rev, root, created_at FROM versions WHERE world = ? ORDER BY seq DESC"
    return next((row for row in connection.execute(wanted, [world]) if missing(row[3]) is None), None)


def _put_back(connection: sqlite3.Connection, one: Unreadable, version: tuple[Any, ...]) -> str:
    id, title, rev, root, created = version
    if one.name is not None:
        values = [root, id, now(), one.world]
        connection.execute("UPDATE worlds SET root = ?, rev = rev + 1, head = ?, updated_at = ? WHERE id = ?", values)
    else:
        # whose it was is lost with its row; it goes where no app of a server sees it, unless a key says whose it was
        owner = connection.execute("SELECT space FROM keys WHERE world = ?", [one.world]).fetchone()
        row = [one.world, owner[0] if owner else "", UNKNOWN, "private", rev + 1, root, id, "{}", created, now()]
        columns = "id, space, name, visibility, rev, root, head, layout, created_at, updated_at"
        connection.execute(f"INSERT INTO worlds ({columns}) VALUES ({', '.join('?' * len(row))})", row)
    named = one.name if one.name is not None else UNKNOWN
    return f"world {named} ({one.world}) as it was in version {title} ({id}): {one.reason}"


def _take_out(connection: sqlite3.Connection, world: str, version: str) -> None:
    row = connection.execute("SELECT parent FROM versions WHERE world = ? AND id = ?", [world, version]).fetchone()
    parent = row[0] if row else None
    connection.execute("UPDATE versions SET parent = ? WHERE world = ? AND parent = ?", [parent, world, version])
    connection.execute("UPDATE worlds SET head = ? WHERE id = ? AND head = ?", [parent, world, version])
    connection.execute("DELETE FROM versions WHERE world = ? AND id = ?", [world, version])


def _mend(connection: sqlite3.Connection, missing: MissingOf) -> None:
    """Put right what a row says of rows and objects that are not there."""
    here = "SELECT id FROM versions WHERE versions.world = "
    connection.execute(f"UPDATE worlds SET head = NULL WHERE head NOT IN ({here} worlds.id)")
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
    for id, layout, created, updated in connection.execute(
        "SELECT id, layout, created_at, updated_at FROM worlds"
    ).fetchall():
        values = [layout if _is_layout(layout) else "{}", _time(created), _time(updated), id]
        connection.execute("UPDATE worlds SET layout = ?, created_at = ?, updated_at = ? WHERE id = ?", values)
    for world, id, created in connection.execute("SELECT world, id, created_at FROM versions").fetchall():
        if _time(created) != created:
            connection.execute("UPDATE versions SET created_at = ? WHERE world = ? AND id = ?", [now(), world, id])


def _is_layout(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict) and all(isinstance(at, list) and len(at) == 2 for at in value.values())


def _time(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return now()
    return text
