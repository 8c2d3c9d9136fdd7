"""The jobs of an app that came to nothing are counted whenever one more does: an index for that."""

from __future__ import annotations

from alembic import op

revision = "s0006"
down_revision = "s0005"
branch_labels = None
depends_on = None

INDEX = "ix_server_jobs_owner"


def upgrade() -> None:
    """Make the index."""
    op.create_index(INDEX, "server_jobs", ["app", "mode", "status", "seq"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index(INDEX, "server_jobs")
