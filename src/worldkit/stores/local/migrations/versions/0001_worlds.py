"""Worlds, versions, the objects they are made of, and idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "objects",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "worlds",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("space", sa.String(128), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("cover", sa.Text),
        sa.Column("visibility", sa.String(32), nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("head", sa.String(64)),
        sa.Column("parent", sa.String(64)),
        sa.Column("parent_version", sa.String(64)),
        sa.Column("base", sa.LargeBinary),
        sa.Column("layout", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("worlds_by_space", "worlds", ["space", "seq"])
    op.create_table(
        "versions",
        sa.Column("world", sa.String(64), sa.ForeignKey("worlds.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("parent", sa.String(64)),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "keys",
        sa.Column("space", sa.String(128), primary_key=True),
        sa.Column("call", sa.String(16), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("world", sa.String(64), sa.ForeignKey("worlds.id", ondelete="CASCADE"), nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_keys_world", "keys", ["world"])


def downgrade() -> None:
    """Drop the tables, and with them every world."""
    for name in ("keys", "versions", "worlds", "objects"):
        op.drop_table(name)
