"""What a store keeps, table by table. A test holds their shape, which has another version once it changes."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from worldkit.core.errors import StoreError
from worldkit.stores.local.migrate import Schema

metadata = sa.MetaData()

APPLICATION_ID = 0x776B7331
"""What SQLite files of ours say of themselves."""

objects = sa.Table(
    "objects",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

worlds = sa.Table(
    "worlds",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    sa.Column("space", sa.String(128), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("cover", sa.Text),
    sa.Column("visibility", sa.String(32), nullable=False),
    sa.Column("rev", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("head", sa.String(64)),
    sa.Column("parent", sa.String(64)),
    sa.Column("parent_version", sa.String(64)),
    sa.Column("base", sa.LargeBinary),
    sa.Column("layout", sa.Text, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("updated_at", sa.String(32), nullable=False),
    sa.Column("annotations", sa.Text, nullable=False, server_default="{}"),
    sa.Index("worlds_by_space", "space", "seq"),
    sqlite_autoincrement=True,
)
"""``root`` is the world as it stands, ``base`` as it was when it was forked.

``layout`` is JSON, [x, y] by state id, and ``annotations`` is JSON, an object by id for each section.
"""

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("world", sa.String(64), sa.ForeignKey("worlds.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("parent", sa.String(64)),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("rev", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
    sqlite_with_rowid=False,
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("space", sa.String(128), primary_key=True),
    sa.Column("call", sa.String(16), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("world", sa.String(64), sa.ForeignKey("worlds.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
    sqlite_with_rowid=False,
)
"""Idempotency keys and what the call they came with answered; ``answer`` is JSON."""

SCHEMA = Schema("the store is", metadata, "alembic_version", "0003")
sa.event.listen(
    metadata,
    "before_create",
    sa.DDL(f"PRAGMA application_id = {APPLICATION_ID}").execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
)


def is_store(names: Collection[str]) -> bool:
    """Say whether some tables are those of a store, whatever stands beside them."""
    return {"objects", "worlds", SCHEMA.version_table} <= {*names}


def check_tables(names: Collection[str]) -> None:
    """Refuse a database that holds tables, and not a store's.

    Raises:
        StoreError: It is something else's.
    """
    if names and not is_store(names):
        raise StoreError(
            f"the database holds other tables ({', '.join(sorted(names)[:5])}) and is no store of worlds; "
            "nothing in it was changed; open a store under another name"
        )
