"""The tables of the first release; the steps that led there were in none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "s0007"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _create_apps()
    _create_jobs()
    _create_answers()
    _create_sessions()
    _create_webhooks()
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
    op.create_table(
        "server_secrets",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )


def _create_apps() -> None:
    op.create_table(
        "server_apps",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("caps", sa.Text),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("slug", sa.Text),
        sa.Column("mode_default", sa.String(8), nullable=False, server_default="test"),
        sa.Column("embedding_origins", sa.Text, nullable=False, server_default="[]"),
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
        sa.Column("name", sa.Text),
        sa.Column("last4", sa.String(4)),
        sa.Column("last_used_at", sa.String(32)),
    )
    op.create_index("ix_server_keys_app", "server_keys", ["app"])


def _create_jobs() -> None:
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
    op.create_index("ix_server_jobs_owner", "server_jobs", ["app", "mode", "status", "seq"])
    op.create_index("ix_server_jobs_updated_at", "server_jobs", ["updated_at"])
    op.create_table(
        "server_usage",
        sa.Column("app", sa.String(64), primary_key=True),
        sa.Column("mode", sa.String(8), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("used", sa.BigInteger, nullable=False),
    )


def _create_answers() -> None:
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
        sa.Column("fingerprint", sa.LargeBinary),
    )
    for column in ("world", "job", "created_at"):
        op.create_index(f"ix_server_answers_{column}", "server_answers", [column])


def _create_sessions() -> None:
    op.create_table(
        "server_sessions",
        sa.Column("jti", sa.String(64), primary_key=True),
        sa.Column("space", sa.String(128), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("play", sa.String(64)),
        sa.Column("key", sa.String(64)),
        sa.Column("issued", sa.BigInteger),
    )
    for column in ("expires", "play", "key"):
        op.create_index(f"ix_server_sessions_{column}", "server_sessions", [column])
    op.create_table(
        "server_plays",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("space", sa.String(128), nullable=False),
        sa.Column("world", sa.String(64), nullable=False),
        sa.Column("connection", sa.Integer, nullable=False),
        sa.Column("oldest", sa.Integer, nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("ended", sa.Float),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("stream", sa.Text),
    )
    op.create_index("ix_server_plays_live", "server_plays", ["space", "ended", "expires"])
    op.create_index("ix_server_plays_expires", "server_plays", ["expires"])
    op.create_table(
        "server_line",
        sa.Column("jti", sa.String(64), primary_key=True),
        sa.Column("space", sa.String(128), nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("asked", sa.Float, nullable=False),
        sa.Column("player", sa.String(64)),
    )
    op.create_index("ix_server_line_space", "server_line", ["space"])
    op.create_table(
        "server_revoked",
        sa.Column("jti", sa.String(64), primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )


def _create_webhooks() -> None:
    op.create_table(
        "server_webhooks",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("app", sa.String(64), sa.ForeignKey("server_apps.id", ondelete="CASCADE"), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_server_webhooks_app", "server_webhooks", ["app"])
    op.create_table(
        "server_deliveries",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("webhook", sa.String(64), sa.ForeignKey("server_webhooks.id", ondelete="CASCADE"), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
    )
    op.create_index("ix_server_deliveries_webhook", "server_deliveries", ["webhook"])
    op.create_index("ix_server_deliveries_due", "server_deliveries", ["due"])


def downgrade() -> None:
    """Drop the tables, and with them every app and key."""
    for name in ("deliveries", "webhooks", "revoked", "line", "plays", "sessions", "answers", "usage", "jobs", "keys"):
        op.drop_table(f"server_{name}")
    for name in ("secrets", "sizes", "storage", "apps"):
        op.drop_table(f"server_{name}")
