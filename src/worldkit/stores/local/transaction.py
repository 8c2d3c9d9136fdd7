"""``Transaction``: what one transaction reads and writes, in terms of worlds, versions and keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.core.errors import CorruptStore, NotFound
from worldkit.core.json_values import Json, quote
from worldkit.stores.local import statements
from worldkit.stores.local.column_values import mirrored_columns, new_id, now, stored_text, time_text, utc_time
from worldkit.stores.local.objects import (
    NODE,
    WORLD,
    Fetch,
    Missing,
    Object,
    TreeCache,
    WorldTree,
    children,
    decode_world,
    encode_world,
)
from worldkit.stores.local.tables import keys, objects, versions, worlds
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.stores.local.engine import Database

BATCH_SIZE = 500
"""Digests asked for in one query, and rows read at once; old versions of SQLite allow 999 parameters."""


class Transaction:
    """One transaction on a store.

    Args:
        connection: In a transaction.
        database: The database that it is connected to.
        space: Only worlds of this space exist here.
        cache: Trees that were read or written recently.
    """

    def __init__(self, connection: Connection, database: Database, space: str, cache: TreeCache | None = None) -> None:
        self._database = database
        self._last_world: Any = None
        self.connection = connection
        self.space = space
        self.cache = cache or TreeCache(1)
        self.postgres = connection.dialect.name == "postgresql"
        self._driver: Any = None if self.postgres else connection.connection.driver_connection

    # ---- worlds ----------------------------------------------------------------------------

    def world(self, id: str, *, lock: bool = False) -> Any:
        """Return a world's row; with ``lock`` nobody else writes it until the transaction ends."""
        row: Any
        if self.postgres:
            query = statements.SELECT_LOCKED_WORLD if lock else statements.SELECT_WORLD
            row = self.connection.execute(query, {"key": stored_text(id), "place": self.space}).one_or_none()
        else:
            rows = self._driver.execute(statements.WORLD_IN_SQLITE, (stored_text(id), self.space)).fetchall()
            row = world_row(rows[0]) if rows else None
        if row is None:
            raise NotFound(f"there is no world of id {quote(id)} here; the list of worlds names those there are")
        self._last_world = row
        return row

    def worlds(self, ids: Sequence[str]) -> list[Any]:
        """Return the rows of some worlds, in the order of the ids."""
        rows: dict[str, Any] = {}
        texts = [stored_text(id) for id in ids]
        for start in range(0, len(texts), BATCH_SIZE):
            parameters = {"ids": texts[start : start + BATCH_SIZE], "place": self.space}
            rows.update((row.id, row) for row in self.connection.execute(statements.SELECT_WORLDS, parameters))
        return [rows[text] if text in rows else self.world(text) for text in texts]

    def ids_of(self, key: str) -> list[str]:
        """Return the ids that an id or a name stands for; an id wins over a name."""
        query = sa.select(worlds.c.id).where(
            worlds.c.space == self.space, sa.or_(worlds.c.id == stored_text(key), worlds.c.name == stored_text(key))
        )
        ids = list(self.connection.execute(query.order_by(worlds.c.seq)).scalars())
        return [key] if key in ids else ids

    def present_ids(self, ids: Iterable[str]) -> set[str]:
        """Return those of some ids that worlds of this space have."""
        present: set[str] = set()
        texts = list(ids)
        for start in range(0, len(texts), BATCH_SIZE):
            query = sa.select(worlds.c.id).where(worlds.c.space == self.space)
            is_one_of = worlds.c.id.in_(texts[start : start + BATCH_SIZE])
            present.update(self.connection.execute(query.where(is_one_of)).scalars())
        return present

    def ids_by_name(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the ids of the worlds of some names, the oldest first; nothing for a name that no world has."""
        ids: dict[str, list[str]] = {}
        stored_names = {name: stored_text(name) for name in names}
        texts = list({*stored_names.values()})
        for start in range(0, len(texts), BATCH_SIZE):
            query = sa.select(worlds.c.id, worlds.c.name).where(worlds.c.space == self.space).order_by(worlds.c.seq)
            is_one_of = worlds.c.name.in_(texts[start : start + BATCH_SIZE])
            for id, name in self.connection.execute(query.where(is_one_of)):
                ids.setdefault(name, []).append(id)
        return {name: ids[text] for name, text in stored_names.items() if text in ids}

    def is_taken(self, id: str) -> bool:
        """Say whether a world of any space has an id."""
        query = sa.select(worlds.c.seq).where(worlds.c.id == id)
        return self.connection.execute(query).one_or_none() is not None

    def id_of(self, key: str) -> str:
        """Return the one id that an id or a name stands for."""
        ids = self.ids_of(key)
        if not ids:
            raise NotFound(f"there is no world called {quote(key)} here; the list of worlds names those there are")
        if len(ids) > 1:
            raise NotFound(f"{len(ids)} worlds are called {quote(key)}; name one by its id: {', '.join(ids[:10])}")
        return ids[0]

    def page(self, limit: int, before: int | None, name: str | None = None) -> list[Row[Any]]:
        """Return world rows, newest first, older than a place in the order, perhaps only those of a name."""
        query = sa.select(worlds).where(worlds.c.space == self.space).order_by(worlds.c.seq.desc()).limit(limit)
        if name is not None:
            query = query.where(worlds.c.name == stored_text(name))
        if before is not None:
            query = query.where(worlds.c.seq < before)
        return list(self.connection.execute(query))

    def first_seq_since(self, created_at: str) -> int | None:
        """Return the place in the order of the first world made at a time or after it."""
        condition = (worlds.c.space == self.space, worlds.c.created_at >= stored_text(created_at))
        return self.connection.execute(sa.select(sa.func.min(worlds.c.seq)).where(*condition)).scalar()

    def begin_adding(self) -> None:
        """Let nobody else put worlds into this space until the transaction ends.

        So worlds stand in the order of their times. What adds a world calls this first, before it locks a row or
        writes an object: two that waited for each other in turn would wait for good.
        """
        statements.lock(self.connection, self.space, "adding worlds")

    def times_after_the_last(self, count: int) -> list[str]:
        """Return times from now on, later than when the last world was made: a clock that goes back confuses pages."""
        time, last = datetime.now(UTC), self._last_time()
        if last is not None:
            time = max(time, last + timedelta(microseconds=1))
        return [time_text(time + timedelta(microseconds=number)) for number in range(count)]

    def time_after_the_last(self, stated_time: str) -> str:
        """Return when a world from elsewhere was made: as it says, if that keeps the order, else now.

        Args:
            stated_time: When it says it was made, as text in UTC.
        """
        (time,), last = self.times_after_the_last(1), self._last_time()
        return stated_time if (last is None or time_text(last) < stated_time) and stated_time <= time else time

    def _last_time(self) -> datetime | None:
        last: str | None
        if self.postgres:
            last = self.connection.execute(statements.LAST_TIME, {"place": self.space}).scalar()
        else:
            ((last,),) = self._driver.execute(statements.LAST_TIME_IN_SQLITE, (self.space,)).fetchall() or [(None,)]
        return None if last is None else utc_time(last)

    def add(self, tree: WorldTree, *, id: str | None = None, created_at: str | None = None, **fields: Any) -> str:
        """Put a new world in; returns its id."""
        row = self.new_row(tree, created_at or self.times_after_the_last(1)[0], id=id or new_id(), **fields)
        self.insert_rows([row])
        return str(row["id"])

    def new_row(self, tree: WorldTree, created_at: str, **fields: Any) -> Json:
        """Return the columns of a new world."""
        return {
            "id": new_id(),
            "rev": 0,
            "visibility": "private",
            "layout": "{}",
            "annotations": "{}",
            **mirrored_columns(tree.world),
            **fields,
            "space": self.space,
            "root": tree.root,
            "created_at": created_at,
            "updated_at": now(),
        }

    def insert_rows(self, rows: Sequence[Json]) -> None:
        """Write the rows of new worlds, in this order."""
        if self.postgres:
            self.connection.execute(statements.ADD_WORLD, rows)
        else:
            self._driver.executemany(
                statements.ADD_WORLD_IN_SQLITE, [[row.get(name) for name in statements.NEW_COLUMNS] for row in rows]
            )

    def change(self, id: str, **fields: Any) -> None:
        """Write fields of a world."""
        self.connection.execute(sa.update(worlds).where(worlds.c.id == id).values(updated_at=now(), **fields))

    def remove(self, id: str) -> None:
        """Delete a world, its versions and its keys."""
        self.connection.execute(sa.delete(worlds).where(worlds.c.id == id))

    # ---- content ---------------------------------------------------------------------------

    def tree(self, root: bytes) -> WorldTree:
        """Return the tree under a root.

        Raises:
            CorruptStore: A part of it is not there, or is not what was written.
        """
        tree = self.cache.get(root)
        if tree is None:
            tree = self._decode(root, self._fetch if self.postgres else self._fetch_tree(root))
            self.cache.put(root, tree)
        return tree

    def _decode(self, root: bytes, fetch: Fetch) -> WorldTree:
        try:
            return decode_world(root, fetch)
        except Missing as error:
            raise self._unreadable(f"the object {error} is missing or changed") from None

    def trees(self, rows: Iterable[Any]) -> Iterator[WorldTree]:
        """Yield the tree of each of some worlds; the small ones, which are one object each, are read together."""
        rows = list(rows)
        roots = self._fetch({bytes(row.root) for row in rows})
        for row in rows:
            root = bytes(row.root)
            self._last_world = row
            if roots.get(root, (NODE,))[0] == WORLD:
                yield self._decode(root, lambda _: roots)
            else:
                yield self.tree(root)

    def _unreadable(self, reason: str) -> CorruptStore:
        id = None if self._last_world is None else self._last_world.id
        if id is not None:
            reason = f"world {quote(self._last_world.name)} ({id}) cannot be read: {reason}"
        if self._database.file is not None:
            self._database.file.mark_damaged(reason)
        return CorruptStore(self._database.place, reason, id)

    def keep(self, world: World, base: WorldTree | None = None) -> WorldTree:
        """Write a world's objects; those of ``base``, which a row of this store names, are there already."""
        tree, new_objects = encode_world(world, base)
        self.write_tree(tree, new_objects)
        return tree

    def write_tree(self, tree: WorldTree, new_objects: Mapping[bytes, Object]) -> None:
        """Write the objects of a tree that ``encode_world`` made; those it left out are there already."""
        self.write_objects(new_objects)
        self.cache.put(tree.root, tree)

    def write_objects(self, new_objects: Mapping[bytes, Object]) -> None:
        """Write objects that may be there already."""
        # in one order everywhere, so that two writers of the same objects wait for each other and never in a circle
        rows = [(name, kind, body) for name, (kind, body) in sorted(new_objects.items())]
        if rows and self.postgres:
            names = ("digest", "kind", "body")
            self.connection.execute(
                statements.ADD_OBJECT_IN_POSTGRES, [dict(zip(names, row, strict=True)) for row in rows]
            )
        elif rows:
            self._driver.executemany(statements.ADD_OBJECT_IN_SQLITE, rows)
        if rows:
            size = self.connection.info.get("worldkit_size", 0)
            self.connection.info["worldkit_size"] = size + sum(len(body) for _, _, body in rows)

    def _fetch_tree(self, root: bytes) -> Fetch:
        """Return what returns objects of a tree, which are all read at once, and others."""
        rows = self._driver.execute(statements.TREE_IN_SQLITE, (root,)).fetchall()
        tree_objects = {digest: (kind, body) for digest, kind, body in rows}

        def fetch(names: Iterable[bytes]) -> Mapping[bytes, Object]:
            missing_names = {name for name in names if name not in tree_objects}
            return {**tree_objects, **self._fetch(missing_names)} if missing_names else tree_objects

        return fetch

    def _fetch(self, names: Iterable[bytes], condition: sa.ColumnElement[bool] | None = None) -> Mapping[bytes, Object]:
        fetched_objects: dict[bytes, Object] = {}
        digests = list(names)
        for start in range(0, len(digests), BATCH_SIZE):
            query = statements.SELECT_OBJECTS if condition is None else statements.SELECT_OBJECTS.where(condition)
            rows = self.connection.execute(query, {"digests": digests[start : start + BATCH_SIZE]})
            fetched_objects.update((bytes(row.digest), (row.kind, bytes(row.body))) for row in rows)
        return fetched_objects

    def sweep(self, limit: int | None = None) -> tuple[int, int]:
        """Delete the objects that no world, version or key leads to, or some of them; returns how many, and bytes."""
        reachable: set[bytes] = set()
        roots = [worlds.c.root, worlds.c.base, versions.c.root, keys.c.root]
        pending = {bytes(r) for c in roots for r in self.connection.execute(sa.select(c).distinct()).scalars() if r}
        while pending:
            reachable |= pending
            nodes = self._fetch(pending, objects.c.kind == NODE)
            child_digests = (child for _, body in nodes.values() for child in children(body))
            pending = {name for name in child_digests if name not in reachable}
        sizes = self.connection.execute(sa.select(objects.c.digest, sa.func.length(objects.c.body)))
        unreachable = {bytes(name): size for name, size in sizes if bytes(name) not in reachable}
        digests = list(unreachable)[:limit]
        unreachable = {name: unreachable[name] for name in digests}
        for start in range(0, len(digests), BATCH_SIZE):
            self.connection.execute(sa.delete(objects).where(objects.c.digest.in_(digests[start : start + BATCH_SIZE])))
        return len(unreachable), sum(unreachable.values())

    # ---- versions --------------------------------------------------------------------------

    def versions(self, id: str) -> list[Row[Any]]:
        """Return a world's version rows, oldest first."""
        return list(self.each_version(id))

    def each_version(self, id: str) -> Iterator[Row[Any]]:
        """Yield a world's version rows, oldest first, and read them some at a time."""
        query = sa.select(versions).where(versions.c.world == id).order_by(versions.c.seq)
        yield from self.connection.execute(query.execution_options(yield_per=BATCH_SIZE))

    def version(self, id: str, version: str) -> Row[Any]:
        """Return one version's row."""
        query = sa.select(versions).where(versions.c.world == id, versions.c.id == stored_text(version))
        row = self.connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"world {id} has no version {quote(version)}; the list of its versions names those it has")
        return row

    def add_version(
        self, world: str, root: bytes, *, id: str | None = None, seq: int | None = None, **fields: Any
    ) -> str:
        """Put a new version of a world in, at a place in their order or after the others; returns its id."""
        version_id = id or new_id()
        row = {"created_at": now(), **fields, "world": world, "id": version_id, "root": root}
        if seq is None:
            last_seq = sa.select(sa.func.coalesce(sa.func.max(versions.c.seq), 0)).where(versions.c.world == world)
            seq = (self.connection.execute(last_seq).scalar() or 0) + 1
        self.connection.execute(sa.insert(versions).values(**row, seq=seq))
        return version_id

    def name_version(self, row: Row[Any], title: str) -> None:
        """Call a version something else."""
        condition = (versions.c.world == row.world, versions.c.id == row.id)
        self.connection.execute(sa.update(versions).where(*condition).values(title=stored_text(title)))

    def remove_version(self, row: Row[Any]) -> None:
        """Take a version out and give its children to its parent."""
        condition = versions.c.world == row.world
        self.connection.execute(
            sa.update(versions).where(condition, versions.c.parent == row.id).values(parent=row.parent)
        )
        self.connection.execute(sa.delete(versions).where(condition, versions.c.id == row.id))

    def remove_versions(self, id: str) -> None:
        """Take all versions of a world out."""
        self.connection.execute(sa.delete(versions).where(versions.c.world == id))

    # ---- idempotency keys ------------------------------------------------------------------

    def recall(self, call: str, key: str) -> tuple[str, bytes, Json] | None:
        """Return what a key was answered, as world id, root and answer; None when it is new.

        Until the transaction ends, others with the same key wait.
        """
        statements.lock(self.connection, self.space, call, key)
        condition = (keys.c.space == self.space, keys.c.call == call, keys.c.key == stored_text(key))
        row = self.connection.execute(sa.select(keys).where(*condition)).one_or_none()
        return (row.world, bytes(row.root), json.loads(row.answer)) if row is not None else None

    def remember(self, call: str, key: str, world: str, root: bytes, answer: Json) -> None:
        """Keep what a key was answered."""
        row = {"space": self.space, "call": call, "key": stored_text(key), "world": world, "root": root}
        self.connection.execute(sa.insert(keys).values(**row, answer=json.dumps(answer), created_at=now()))

    # ---- counting --------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Return how much is kept: worlds and versions of this space, objects and bytes of the whole store."""
        world_ids = sa.select(worlds.c.id).where(worlds.c.space == self.space)
        queries = {
            "worlds": sa.select(sa.func.count()).select_from(world_ids.subquery()),
            "versions": sa.select(sa.func.count()).select_from(versions).where(versions.c.world.in_(world_ids)),
            "objects": sa.select(sa.func.count()).select_from(objects),
            "bytes": sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(objects.c.body)), 0)),
        }
        return {name: int(self.connection.execute(query).scalar() or 0) for name, query in queries.items()}


def small_world(database: Database, cache: TreeCache, space: str, id: str) -> tuple[Any, WorldTree] | None:
    """Return a world's row and its tree where both are read by one statement, outside any transaction.

    None where it takes a transaction, and where anything is not as it should be, which a transaction then reports.
    """
    columns = database.one_row(statements.SMALL_WORLD_IN_SQLITE, (stored_text(id), space))
    if columns is None:
        return None
    row, body = world_row(columns[:-1]), columns[-1]
    tree = cache.get(row.root)
    if tree is None:
        try:
            tree = decode_world(row.root, lambda _: {row.root: (WORLD, body)})
        except Missing:
            return None
        cache.put(row.root, tree)
    return row, tree


def world_row(columns: Sequence[Any]) -> Any:
    """Return the columns of a world by name."""
    return SimpleNamespace(**dict(zip(statements.WORLD_COLUMNS, columns, strict=True)))
