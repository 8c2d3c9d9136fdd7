"""Run by Alembic: makes the server's tables over the connection it is handed, apart from the store's."""

from __future__ import annotations

from alembic import context

from worldkit.server.migrate import VERSION_TABLE
from worldkit.server.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
context.run_migrations()
