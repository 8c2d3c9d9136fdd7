"""Fingerprints of the bodies idempotency keys came with; whose session tokens are; how much is kept for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "s0002"
down_revision = "s0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column and three tables; ``migrate`` counts what is kept."""
    op.add_column("server_answers", sa.Column("fingerprint", sa.LargeBinary))
    op.create_table(
        "server_sessions",
        sa.Column("jti", sa.String(64), primary_key=True),
        sa.Column("space", sa.String(128), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_server_sessions_expires", "server_sessions", ["expires"])
    op.create_table(
        "server_storage",
        sa.Column("space", sa.String(128), primary_key=True),
        sa.Column("bytes", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "server_sizes",
        sa.Column("root", sa.LargeBinary, primary_key=True),
        sa.Column("bytes", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("server_sizes", "server_storage", "server_sessions"):
        op.drop_table(name)
    op.drop_column("server_answers", "fingerprint")
