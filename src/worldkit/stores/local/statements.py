"""The statements of a transaction, built once: building one takes as long as executing it.

Those for SQLite are texts for its driver itself: SQLAlchemy takes longer.
"""

from __future__ import annotations

from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from worldkit.stores.local.objects import DIGEST_BYTES, MAX_NODE_DIGESTS, NODE, WORLD
from worldkit.stores.local.tables import objects, worlds

SELECT_WORLD = sa.select(worlds).where(worlds.c.id == sa.bindparam("key"), worlds.c.space == sa.bindparam("place"))
SELECT_WORLDS = sa.select(worlds).where(
    worlds.c.id.in_(sa.bindparam("ids", expanding=True)), worlds.c.space == sa.bindparam("place")
)
SELECT_LOCKED_WORLD = SELECT_WORLD.with_for_update()
LAST_TIME = (
    sa.select(worlds.c.created_at).where(worlds.c.space == sa.bindparam("place")).order_by(worlds.c.seq.desc()).limit(1)
)
SELECT_OBJECTS = sa.select(objects).where(objects.c.digest.in_(sa.bindparam("digests", expanding=True)))
ADD_WORLD = sa.insert(worlds)
WORLD_COLUMNS = tuple(worlds.c.keys())
NEW_COLUMNS = tuple(name for name in WORLD_COLUMNS if name != "seq")
WORLD_IN_SQLITE = str(SELECT_WORLD.compile(dialect=sqlite.dialect()))
SMALL_WORLD_IN_SQLITE = f"""
SELECT {", ".join(f"worlds.{name}" for name in WORLD_COLUMNS)}, objects.body
FROM worlds CROSS JOIN objects ON objects.digest = worlds.root AND objects.kind = {WORLD}
WHERE worlds.id = ? AND worlds.space = ?
"""
LAST_TIME_IN_SQLITE = "SELECT created_at FROM worlds WHERE space = ? ORDER BY seq DESC LIMIT 1"
ADD_WORLD_IN_SQLITE = str(ADD_WORLD.compile(dialect=sqlite.dialect(), column_keys=NEW_COLUMNS))
TREE_IN_SQLITE = f"""
WITH RECURSIVE
    places(place) AS (VALUES {", ".join(f"({DIGEST_BYTES * number + 1})" for number in range(MAX_NODE_DIGESTS))}),
    tree(digest) AS (
        VALUES (?)
        UNION
        SELECT substr(objects.body, place, {DIGEST_BYTES})
        FROM tree CROSS JOIN objects USING (digest) CROSS JOIN places ON place <= length(objects.body)
        WHERE objects.kind = {NODE}
    )
SELECT digest, kind, body FROM tree CROSS JOIN objects USING (digest)
"""
"""All objects of a tree that are there, by its root: a node lists the digests of its children, one after another.

``CROSS`` has SQLite look the digests up, instead of going through all objects.
"""
ADD_OBJECT_IN_POSTGRES = postgres_insert(objects).on_conflict_do_nothing()
ADD_OBJECT_IN_SQLITE = """
INSERT INTO objects (digest, kind, body) VALUES (?, ?, ?)
ON CONFLICT (digest) DO UPDATE SET kind = excluded.kind, body = excluded.body
WHERE objects.kind != excluded.kind OR objects.body != excluded.body
"""
"""An object that is there already, and damaged, is written anew, so that a write is never made of unreadable parts."""


def lock(connection: Connection, *names: str) -> None:
    """Wait until nobody else holds the lock of some names, and hold it until the transaction ends.

    SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        text = "\0".join(names).encode("utf-8", "surrogatepass")
        number = int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
