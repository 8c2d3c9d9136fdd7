"""Which key minted a session token, and when; which player waits in line; answers without fingerprints of before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "s0004"
down_revision = "s0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; tokens and places of before have none, and end within the hour.

    Fingerprints of before counted ``expectedRev``, which those of now leave out: none are kept, so that a call that is
    repeated after the upgrade gets its answer.
    """
    op.add_column("server_sessions", sa.Column("key", sa.String(64)))
    op.add_column("server_sessions", sa.Column("issued", sa.BigInteger))
    op.create_index("ix_server_sessions_key", "server_sessions", ["key"])
    op.add_column("server_line", sa.Column("player", sa.String(64)))
    op.execute("UPDATE server_answers SET fingerprint = NULL")


def downgrade() -> None:
    """Take the columns away."""
    op.drop_column("server_line", "player")
    op.drop_index("ix_server_sessions_key", "server_sessions")
    op.drop_column("server_sessions", "issued")
    op.drop_column("server_sessions", "key")
