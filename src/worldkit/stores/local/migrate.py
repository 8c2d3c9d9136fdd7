"""Bringing a database to the shape of ``tables``, with Alembic run from here."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core.errors import StoreError

REVISIONS = ("0001", "0002", "0003")
"""The steps under ``migrations/versions``, oldest first."""
APPLICATION_ID = 0x776B7331
"""What SQLite files of ours say of themselves."""
VERSION_TABLE = "alembic_version"


def is_store(names: Collection[str]) -> bool:
    """Say whether some tables are those of a store, whatever stands beside them."""
    return {"objects", "worlds", VERSION_TABLE} <= {*names}


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


def revision(connection: Connection) -> str | None:
    """Return the step a database stands at, None for an empty one.

    Raises:
        StoreError: It holds tables of something else, or was written by a newer release.
    """
    names = set(sa.inspect(connection).get_table_names())
    check_tables(names)
    if not names:
        return None
    current = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    if current not in REVISIONS:
        raise StoreError(
            f"the store is at schema {current!r}, this release knows up to {REVISIONS[-1]!r}; "
            "install a newer smworldkit"
        )
    return str(current)


def migrate(connection: Connection) -> None:
    """Take a database to the newest step, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    config = Config()
    config.set_main_option("script_location", "worldkit.stores.local:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
