"""Rows, titles and what forks started from count as storage; indexes by which what is old is found."""

from __future__ import annotations

from alembic import op

revision = "s0007"
down_revision = "s0006"
branch_labels = None
depends_on = None

INDEXES = {"server_answers": "created_at", "server_jobs": "updated_at", "server_plays": "expires"}
"""The column of each table that says when a row is forgotten."""


def upgrade() -> None:
    """Make the indexes; ``migrate`` counts what is kept, after this step as after every one."""
    for table, column in INDEXES.items():
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Remove them."""
    for table, column in INDEXES.items():
        op.drop_index(f"ix_{table}_{column}", table)
