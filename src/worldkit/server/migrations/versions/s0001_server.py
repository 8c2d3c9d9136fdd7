"""Apps and their keys, jobs, usage, answers to idempotency keys, revoked tokens, and what signs tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "s0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "server_apps",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("caps", sa.Text),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "server_keys",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("app", sa.String(64), sa.ForeignKey("server_apps.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(2), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("revoked_at", sa.String(32)),
    )
    op.create_index("ix_server_keys_app", "server_keys", ["app"])
    op.create_table(
        "server_jobs",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("app", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("input", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("phase", sa.Text),
        sa.Column("progress", sa.Float),
        sa.Column("world", sa.String(64)),
        sa.Column("answer", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("worker", sa.String(64)),
        sa.Column("lease", sa.Float),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_server_jobs_seq", "server_jobs", ["seq"])
    op.create_index("ix_server_jobs_status", "server_jobs", ["status"])
    op.create_table(
        "server_usage",
        sa.Column("app", sa.String(64), primary_key=True),
        sa.Column("mode", sa.String(8), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("used", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "server_answers",
        sa.Column("space", sa.String(128), primary_key=True),
        sa.Column("call", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(256), primary_key=True),
        sa.Column("world", sa.String(64)),
        sa.Column("job", sa.String(64)),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_server_answers_world", "server_answers", ["world"])
    op.create_index("ix_server_answers_job", "server_answers", ["job"])
    op.create_table(
        "server_revoked",
        sa.Column("jti", sa.String(64), primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "server_secrets",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables, and with them every app and key."""
    for name in (
        "server_secrets",
        "server_revoked",
        "server_answers",
        "server_usage",
        "server_jobs",
        "server_keys",
        "server_apps",
    ):
        op.drop_table(name)
