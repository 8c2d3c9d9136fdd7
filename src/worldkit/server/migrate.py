"""Bringing the server's tables to the shape of ``tables``, in a database that holds a store."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core.errors import StoreError
from worldkit.stores.local.engine import MIGRATION_LOCK, Database

REVISIONS = ("s0007",)
"""The steps under ``migrations/versions``, oldest first."""
VERSION_TABLE = "server_version"


def prepare(database: Database) -> None:
    """Make or update the server's tables.

    Raises:
        StoreError: They were written by a newer release.
    """
    with database.reading() as connection:
        current = _revision(connection)
    if current == REVISIONS[-1]:
        return
    with database.writing() as connection:
        if database.is_postgres:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        if _revision(connection) != REVISIONS[-1]:  # another process may have been first
            _migrate(connection)


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    revision = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    if revision is not None and revision not in REVISIONS:
        raise StoreError(
            f"the server's tables are at schema {revision!r}, this release knows up to {REVISIONS[-1]!r}; "
            "install a newer smworldkit, or where the tables are older, the one that made them"
        )
    return revision


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "worldkit.server:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
