"""Usage units by their names in the API; apps over HTTP; sessions that connect, and their line; webhooks."""

from __future__ import annotations

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "s0003"
down_revision = "s0002"
branch_labels = None
depends_on = None

UNITS = {"generations": "generation", "edits": "edit", "sessions": "session"}


def upgrade() -> None:
    """Add columns and tables, and rename the units."""
    op.add_column("server_apps", sa.Column("slug", sa.Text))
    op.add_column("server_apps", sa.Column("mode_default", sa.String(8), nullable=False, server_default="test"))
    op.add_column("server_apps", sa.Column("embedding_origins", sa.Text, nullable=False, server_default="[]"))
    for name, kind in (("name", sa.Text()), ("last4", sa.String(4)), ("last_used_at", sa.String(32))):
        op.add_column("server_keys", sa.Column(name, kind))
    op.add_column("server_sessions", sa.Column("play", sa.String(64)))
    op.create_index("ix_server_sessions_play", "server_sessions", ["play"])
    _create_sessions()
    _create_webhooks()
    _rename_units(UNITS)


def _create_sessions() -> None:
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
    op.create_table(
        "server_line",
        sa.Column("jti", sa.String(64), primary_key=True),
        sa.Column("space", sa.String(128), nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("asked", sa.Float, nullable=False),
    )
    op.create_index("ix_server_line_space", "server_line", ["space"])


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


def _rename_units(names: dict[str, str]) -> None:
    connection = op.get_bind()
    for old, new in names.items():
        for table in ("server_usage", "server_jobs"):
            statement = sa.text(f"UPDATE {table} SET kind = :new WHERE kind = :old")
            connection.execute(statement, {"new": new, "old": old})
    for id, name, caps in connection.execute(sa.text("SELECT id, name, caps FROM server_apps")).all():
        own = {names.get(unit, unit): cap for unit, cap in json.loads(caps or "{}").items()}
        slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "app"
        values = {"caps": json.dumps(own) if own else None, "slug": slug, "id": id}
        connection.execute(sa.text("UPDATE server_apps SET caps = :caps, slug = :slug WHERE id = :id"), values)


def downgrade() -> None:
    """Take it back; sessions and webhooks are lost."""
    _rename_units({new: old for old, new in UNITS.items()})
    for table in ("server_deliveries", "server_webhooks", "server_line", "server_plays"):
        op.drop_table(table)
    op.drop_index("ix_server_sessions_play", "server_sessions")
    op.drop_column("server_sessions", "play")
    for name in ("name", "last4", "last_used_at"):
        op.drop_column("server_keys", name)
    for name in ("slug", "mode_default", "embedding_origins"):
        op.drop_column("server_apps", name)
