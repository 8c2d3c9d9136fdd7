"""``Unit``: what one transaction reads and writes, in terms of worlds, versions and keys."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from worldkit.core.errors import CorruptStore, NotFound
from worldkit.core.json_values import Json, quote
from worldkit.stores.local.cache import Recent
from worldkit.stores.local.objects import NODE, Missing, Object, Tree, children, decoded, encoded
from worldkit.stores.local.tables import keys, objects, versions, worlds
from worldkit.world import World

BATCH = 500
"""Digests asked for in one query; SQLite of old allowed 999 parameters."""


class Unit:
    """One transaction on a store.

    Args:
        connection: In a transaction.
        place: The store, for messages.
        space: Only worlds of this space exist here.
        recent: Trees read or written lately.
        damaged: Is told of an object that is missing or changed.
    """

    def __init__(
        self,
        connection: Connection,
        place: str,
        space: str,
        recent: Recent,
        damaged: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._damaged = damaged
        self._about: Row[Any] | None = None
        self.connection = connection
        self.place = place
        self.space = space
        self.recent = recent
        self.postgres = connection.dialect.name == "postgresql"

    # ---- worlds ----------------------------------------------------------------------------

    def world(self, id: str, *, lock: bool = False) -> Row[Any]:
        """Return a world's row; with ``lock`` nobody else writes it until the transaction ends."""
        wanted = sa.select(worlds).where(worlds.c.id == stored_text(id), worlds.c.space == self.space)
        row = self.connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
        if row is None:
            raise NotFound(f"there is no world of id {quote(id)} here; .list() names those there are")
        self._about = row
        return row

    def ids_of(self, key: str) -> list[str]:
        """Return the ids that an id or a name stands for; an id wins over a name."""
        either = sa.select(worlds.c.id).where(
            worlds.c.space == self.space, sa.or_(worlds.c.id == stored_text(key), worlds.c.name == stored_text(key))
        )
        found = list(self.connection.execute(either.order_by(worlds.c.seq)).scalars())
        return [key] if key in found else found

    def is_taken(self, id: str) -> bool:
        """Say whether a world of any space has an id."""
        wanted = sa.select(worlds.c.seq).where(worlds.c.id == id)
        return self.connection.execute(wanted).one_or_none() is not None

    def id_of(self, key: str) -> str:
        """Return the one id that an id or a name stands for."""
        found = self.ids_of(key)
        if not found:
            raise NotFound(f"there is no world called {quote(key)} here; .list() names those there are")
        if len(found) > 1:
            raise NotFound(f"{len(found)} worlds are called {quote(key)}; name one by its id: {', '.join(found[:10])}")
        return found[0]

    def page(self, limit: int, before: int | None, name: str | None = None) -> list[Row[Any]]:
        """Return world rows, newest first, older than a place in the order, perhaps only those of a name."""
        wanted = sa.select(worlds).where(worlds.c.space == self.space).order_by(worlds.c.seq.desc()).limit(limit)
        if name is not None:
            wanted = wanted.where(worlds.c.name == stored_text(name))
        if before is not None:
            wanted = wanted.where(worlds.c.seq < before)
        return list(self.connection.execute(wanted))

    def add(self, tree: Tree, *, id: str | None = None, **fields: Any) -> str:
        """Put a new world in; returns its id."""
        made = id or new_id("w")
        values = {"rev": 0, "visibility": "private", "layout": "{}", "created_at": now(), **about(tree.world), **fields}
        row = {**values, "id": made, "space": self.space, "root": tree.root, "updated_at": now()}
        self.connection.execute(sa.insert(worlds).values(row))
        return made

    def change(self, id: str, **fields: Any) -> None:
        """Write fields of a world."""
        self.connection.execute(sa.update(worlds).where(worlds.c.id == id).values(updated_at=now(), **fields))

    def remove(self, id: str) -> None:
        """Delete a world, its versions and its keys."""
        self.connection.execute(sa.delete(worlds).where(worlds.c.id == id))

    # ---- content ---------------------------------------------------------------------------

    def tree(self, root: bytes) -> Tree:
        """Return the tree under a root.

        Raises:
            CorruptStore: A part of it is not there, or is not what was written.
        """
        held = self.recent.get(root)
        if held is None:
            try:
                held = decoded(root, self._fetch)
            except Missing as missing:
                raise self._unreadable(f"the object {missing} is missing or changed") from None
            self.recent.put(held)
        return held

    def _unreadable(self, reason: str) -> CorruptStore:
        if self._about is None:
            self._damaged(reason)
            return CorruptStore(self.place, reason)
        reason = f"world {quote(self._about.name)} ({self._about.id}) cannot be read: {reason}"
        self._damaged(reason)
        return CorruptStore(self.place, reason, self._about.id)

    def keep(self, world: World, base: Tree | None = None) -> Tree:
        """Write a world's objects; those of ``base``, which a row of this store names, are there already."""
        tree, made = encoded(world, base)
        wanted: Any = postgres_insert(objects).on_conflict_do_nothing()
        if not self.postgres:
            # an object that is there already, and damaged, is written anew: a write is never made of unreadable parts
            put = sqlite_insert(objects)
            new = {"kind": put.excluded.kind, "body": put.excluded.body}
            differs = sa.or_(objects.c.body != put.excluded.body, objects.c.kind != put.excluded.kind)
            wanted = put.on_conflict_do_update(index_elements=[objects.c.digest], set_=new, where=differs)
        # in one order everywhere, so that two writers of the same objects wait for each other and never in a circle
        rows = [{"digest": name, "kind": kind, "body": body} for name, (kind, body) in sorted(made.items())]
        if rows:
            self.connection.execute(wanted, rows)
            size = self.connection.info.get("worldkit_size", 0)
            self.connection.info["worldkit_size"] = size + sum(len(body) for _, body in made.values())
        self.recent.put(tree)
        return tree

    def _fetch(self, names: Iterable[bytes], only: sa.ColumnElement[bool] | None = None) -> Mapping[bytes, Object]:
        found: dict[bytes, Object] = {}
        wanted = list(names)
        for at in range(0, len(wanted), BATCH):
            some = sa.select(objects).where(objects.c.digest.in_(wanted[at : at + BATCH]))
            some = some if only is None else some.where(only)
            found.update((bytes(row.digest), (row.kind, bytes(row.body))) for row in self.connection.execute(some))
        return found

    def sweep(self, most: int | None = None) -> tuple[int, int]:
        """Delete the objects that no world, version or key leads to, or some of them; returns how many, and bytes."""
        reached: set[bytes] = set()
        roots = [worlds.c.root, worlds.c.base, versions.c.root, keys.c.root]
        waiting = {bytes(r) for c in roots for r in self.connection.execute(sa.select(c).distinct()).scalars() if r}
        while waiting:
            reached |= waiting
            found = self._fetch(waiting, objects.c.kind == NODE)
            below = (low for _, body in found.values() for low in children(body))
            waiting = {name for name in below if name not in reached}
        sizes = self.connection.execute(sa.select(objects.c.digest, sa.func.length(objects.c.body)))
        gone = {bytes(name): size for name, size in sizes if bytes(name) not in reached}
        wanted = list(gone)[:most]
        gone = {name: gone[name] for name in wanted}
        for at in range(0, len(wanted), BATCH):
            self.connection.execute(sa.delete(objects).where(objects.c.digest.in_(wanted[at : at + BATCH])))
        return len(gone), sum(gone.values())

    # ---- versions --------------------------------------------------------------------------

    def versions(self, id: str) -> list[Row[Any]]:
        """Return a world's version rows, oldest first."""
        return list(self.connection.execute(sa.select(versions).where(versions.c.world == id).order_by(versions.c.seq)))

    def version(self, id: str, version: str) -> Row[Any]:
        """Return one version's row."""
        wanted = sa.select(versions).where(versions.c.world == id, versions.c.id == stored_text(version))
        row = self.connection.execute(wanted).one_or_none()
        if row is None:
            raise NotFound(f"world {id} has no version {quote(version)}; .versions() names those it has")
        return row

    def add_version(self, world: str, root: bytes, *, id: str | None = None, **fields: Any) -> str:
        """Put a new version of a world in, after its others; returns its id."""
        last = sa.select(sa.func.coalesce(sa.func.max(versions.c.seq), 0)).where(versions.c.world == world)
        made = id or new_id("v")
        row = {"created_at": now(), **fields, "world": world, "id": made, "root": root}
        seq = (self.connection.execute(last).scalar() or 0) + 1
        self.connection.execute(sa.insert(versions).values(**row, seq=seq))
        return made

    def name_version(self, row: Row[Any], title: str) -> None:
        """Call a version something else."""
        mine = (versions.c.world == row.world, versions.c.id == row.id)
        self.connection.execute(sa.update(versions).where(*mine).values(title=stored_text(title)))

    def remove_version(self, row: Row[Any]) -> None:
        """Take a version out and give its children to its parent."""
        mine = versions.c.world == row.world
        self.connection.execute(sa.update(versions).where(mine, versions.c.parent == row.id).values(parent=row.parent))
        self.connection.execute(sa.delete(versions).where(mine, versions.c.id == row.id))

    def remove_versions(self, id: str) -> None:
        """Take all versions of a world out."""
        self.connection.execute(sa.delete(versions).where(versions.c.world == id))

    # ---- idempotency keys ------------------------------------------------------------------

    def recall(self, call: str, key: str) -> tuple[str, bytes, Json] | None:
        """Return what a key was answered, as world id, root and answer; None when it is new.

        Until the transaction ends, others with the same key wait.
        """
        if self.postgres:
            name = "\0".join((self.space, call, key)).encode("utf-8", "surrogatepass")
            number = int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)
            self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
        mine = (keys.c.space == self.space, keys.c.call == call, keys.c.key == key)
        row = self.connection.execute(sa.select(keys).where(*mine)).one_or_none()
        return (row.world, bytes(row.root), json.loads(row.answer)) if row is not None else None

    def remember(self, call: str, key: str, world: str, root: bytes, answer: Json) -> None:
        """Keep what a key was answered."""
        row = {"space": self.space, "call": call, "key": key, "world": world, "root": root}
        self.connection.execute(sa.insert(keys).values(**row, answer=json.dumps(answer), created_at=now()))

    # ---- counting --------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Return how much is kept: worlds and versions of this space, objects and bytes of the whole store."""
        mine = sa.select(worlds.c.id).where(worlds.c.space == self.space)
        asked = {
            "worlds": sa.select(sa.func.count()).select_from(mine.subquery()),
            "versions": sa.select(sa.func.count()).select_from(versions).where(versions.c.world.in_(mine)),
            "objects": sa.select(sa.func.count()).select_from(objects),
            "bytes": sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(objects.c.body)), 0)),
        }
        return {name: int(self.connection.execute(query).scalar() or 0) for name, query in asked.items()}


def about(world: World) -> dict[str, Any]:
    """Return the columns that mirror a document's own fields."""
    return {
        "name": stored_text(world.name or "untitled"),
        "description": stored_text(world.description),
        "cover": stored_text(world.cover),
    }


def stored_text(text: str | None) -> Any:
    """Return a text as a column takes it; PostgreSQL's hold no NUL."""
    return text if text is None else text.replace("\0", "\ufffd")


def new_id(kind: str) -> str:
    """Return an id that nobody has or guesses."""
    return f"{kind}_{secrets.token_hex(10)}"


def now() -> str:
    """Return the time in UTC as text that sorts."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
