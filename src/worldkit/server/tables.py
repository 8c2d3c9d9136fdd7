"""What a server keeps beside the store's worlds, in the same database, in tables of a shape of their own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from worldkit.stores.local.migrate import Schema

metadata = sa.MetaData()

apps = sa.Table(
    "server_apps",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("caps", sa.Text),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("slug", sa.Text, nullable=False),
    sa.Column("mode_default", sa.String(8), nullable=False, server_default="test"),
    sa.Column("embedding_origins", sa.Text, nullable=False, server_default="[]"),
)
"""``caps`` is JSON, the app's own by kind; ``embedding_origins`` a JSON list."""

keys = sa.Table(
    "server_keys",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("app", sa.String(64), sa.ForeignKey("server_apps.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.String(2), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("revoked_at", sa.String(32)),
    sa.Column("name", sa.Text),
    sa.Column("last4", sa.String(4), nullable=False),
    sa.Column("last_used_at", sa.String(32)),
)
"""``digest`` is the SHA-256 of the whole key, whose secret part is 256 random bits; the key itself is nowhere."""

jobs = sa.Table(
    "server_jobs",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False, index=True),
    sa.Column("app", sa.String(64), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("input", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False, index=True),
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
    sa.Column("updated_at", sa.String(32), nullable=False, index=True),
    sa.Index("ix_server_jobs_owner", "app", "mode", "status", "seq"),
)
"""``input`` and ``answer`` are JSON, ``error`` a problem as JSON, ``day`` the one charged, ``lease`` Unix seconds."""

usage = sa.Table(
    "server_usage",
    metadata,
    sa.Column("app", sa.String(64), primary_key=True),
    sa.Column("mode", sa.String(8), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("used", sa.BigInteger, nullable=False),
)

answers = sa.Table(
    "server_answers",
    metadata,
    sa.Column("space", sa.String(128), primary_key=True),
    sa.Column("call", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(256), primary_key=True),
    sa.Column("world", sa.String(64), index=True),
    sa.Column("job", sa.String(64), index=True),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False, index=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
)
"""What calls with an idempotency key were answered; ``call`` is a hash of method and path, ``body`` zlib of JSON,
``fingerprint`` a digest of the body asked with."""

sessions = sa.Table(
    "server_sessions",
    metadata,
    sa.Column("jti", sa.String(64), primary_key=True),
    sa.Column("space", sa.String(128), nullable=False),
    sa.Column("expires", sa.BigInteger, nullable=False, index=True),
    sa.Column("play", sa.String(64), index=True),
    sa.Column("key", sa.String(64), nullable=False, index=True),
    sa.Column("issued", sa.BigInteger, nullable=False),
)
"""Whose the session tokens are that were minted and have not expired; ``play`` is the session they connected to,
``key`` the id of the key that minted them."""

plays = sa.Table(
    "server_plays",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("space", sa.String(128), nullable=False),
    sa.Column("world", sa.String(64), nullable=False),
    sa.Column("connection", sa.Integer, nullable=False),
    sa.Column("oldest", sa.Integer, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False, index=True),
    sa.Column("ended", sa.Float),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("stream", sa.Text),
    sa.Index("ix_server_plays_live", "space", "ended", "expires"),
)
"""Sessions that were connected. ``connection`` counts how often; those from ``oldest`` on are good. Times are Unix
seconds. ``seconds`` is the length of the connections before this one; ``day`` is the day that was charged for this one,
until ``expires``."""

line = sa.Table(
    "server_line",
    metadata,
    sa.Column("jti", sa.String(64), primary_key=True),
    sa.Column("space", sa.String(128), nullable=False, index=True),
    sa.Column("place", sa.BigInteger, nullable=False),
    sa.Column("asked", sa.Float, nullable=False),
    sa.Column("player", sa.String(64)),
)
"""Tokens that wait for a free session; who has not asked for a while lost the place. ``player`` is a digest of the
player's name with world and origin; None for a token without a name."""

webhooks = sa.Table(
    "server_webhooks",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("app", sa.String(64), sa.ForeignKey("server_apps.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
)
"""``events`` is a JSON list. ``secret`` signs deliveries, so it cannot be a hash."""

deliveries = sa.Table(
    "server_deliveries",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column(
        "webhook", sa.String(64), sa.ForeignKey("server_webhooks.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due", sa.Float, nullable=False, index=True),
    sa.Column("created_at", sa.String(32), nullable=False),
)
"""Deliveries that have not succeeded and were not given up; ``due`` is Unix seconds."""

storage = sa.Table(
    "server_storage",
    metadata,
    sa.Column("space", sa.String(128), primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
)
"""How much is kept for a space, see ``storage``."""

sizes = sa.Table(
    "server_sizes",
    metadata,
    sa.Column("root", sa.LargeBinary, primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
)
"""How large the document is that a root of the store stands for."""

revoked = sa.Table(
    "server_revoked",
    metadata,
    sa.Column("jti", sa.String(64), primary_key=True),
    sa.Column("expires", sa.BigInteger, nullable=False),
)

secrets = sa.Table(
    "server_secrets",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
"""What signs session tokens. Who can read it can play; it opens no key."""

SCHEMA = Schema("the server's tables are", metadata, "server_version", "s0007")


def some_of(table: sa.Table, *conditions: sa.ColumnElement[bool], limit: int) -> sa.ColumnElement[bool]:
    """Return the condition that holds for the rows that meet conditions, or for so many of them if there are more."""
    key = list(table.primary_key.columns)
    query = sa.select(*key).where(*conditions).limit(limit)
    return key[0].in_(query) if len(key) == 1 else sa.tuple_(*key).in_(query)


def insert(connection: Connection, table: sa.Table) -> Any:
    """Return an insert that can say what to do on a conflict, in the connection's dialect."""
    return (postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert)(table)
