"""Bringing a database to the shape of ``tables``, with Alembic run from here."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.errors import StoreError

REVISIONS = ("0001",)
"""The steps under ``migrations/versions``, oldest first."""


def revision(connection: Connection) -> str | None:
    """Return the step a database stands at, None for an empty one.

    Raises:
        StoreError: It holds tables of something else, or was written by a newer release.
    """
    names = set(sa.inspect(connection).get_table_names())
    if not names:
        return None
    found = None
    if "alembic_version" in names:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if found is None or not {"objects", "worlds"} <= names:
        raise StoreError(
            f"the database holds other tables ({', '.join(sorted(names)[:5])}) and is no store of worlds; "
            "nothing in it was changed; open a store under another name"
        )
    if found not in REVISIONS:
        raise StoreError(
            f"the store is at schema {found!r}, this release knows up to {REVISIONS[-1]!r}; install a newer smworldkit"
        )
    return str(found)


def migrate(connection: Connection) -> None:
    """Take a database to the newest step, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "worldkit.store.local:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
