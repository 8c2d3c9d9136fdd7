"""What a writer puts on the map of a world: regions, notes, tags and saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Both databases write the default into their catalogue and leave the rows as they are."""
    op.add_column("worlds", sa.Column("annotations", sa.Text, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Drop the column, and with it what is on the maps."""
    op.drop_column("worlds", "annotations")
