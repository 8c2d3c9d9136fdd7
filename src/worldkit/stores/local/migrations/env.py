"""Run by Alembic: migrates over the connection that ``migrate`` hands it, inside its transaction."""

from __future__ import annotations

from alembic import context

from worldkit.stores.local.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
