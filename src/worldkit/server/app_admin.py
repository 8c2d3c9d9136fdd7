"""``AppAdmin``: apps and their keys as the API of the user session shows them (docs/spec/api-v1.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from worldkit.core.errors import NotFound
from worldkit.core.json_values import Json, quote
from worldkit.server import app_keys
from worldkit.server.apps import find_app, insert_app
from worldkit.server.settings import SCOPES
from worldkit.server.tables import apps, keys
from worldkit.server.wire_times import wire_time
from worldkit.stores.local.column_values import new_id, stored_text
from worldkit.stores.local.engine import Database

PLAN = "self-hosted"
KIND_CODES = {"secret": "sk", "publishable": "pk"}
_KIND_NAMES = {kind: name for name, kind in KIND_CODES.items()}


class AppAdmin:
    """The apps of a database, for the operator of the server.

    Args:
        database: The store's.
        use: When keys were used, as far as it is not written yet.
    """

    def __init__(self, database: Database, use: app_keys.KeyUse) -> None:
        self._db, self._use = database, use

    def create(self, name: str) -> Json:
        """Make an app, without keys."""
        with self._db.writing() as connection:
            id = new_id()
            insert_app(connection, id, name)
            return _app(find_app(connection, id))

    def list(self) -> list[Json]:
        """Return every app, oldest first."""
        with self._db.reading() as connection:
            return [_app(row) for row in connection.execute(sa.select(apps).order_by(apps.c.created_at, apps.c.id))]

    def update(self, id: str, changes: Json) -> Json:
        """Set an app's ``name``, ``mode_default`` or ``embedding_origins``.

        Raises:
            NotFound: There is no such app.
        """
        values = dict(changes)
        if "embedding_origins" in values:
            values["embedding_origins"] = json.dumps(values["embedding_origins"])
        if "name" in values:
            values["name"] = stored_text(values["name"])
        with self._db.writing() as connection:
            row = find_app(connection, id)
            if values:
                connection.execute(sa.update(apps).where(apps.c.id == row.id).values(values))
            return _app(find_app(connection, id))

    def create_key(self, id: str, kind: str, mode: str, name: str | None, scopes: Sequence[str] | None) -> Json:
        """Make a key of an app; the answer is the only place where it is seen.

        Args:
            id: The app's id.
            kind: ``"publishable"`` or ``"secret"``.
            mode: ``"test"`` or ``"live"``.
            name: What to call it.
            scopes: What a secret key may do; everything by default.

        Raises:
            NotFound: There is no such app.
            WorldError: There is no such scope.
        """
        scope_names = app_keys.PUBLISHABLE_SCOPES if kind == "publishable" else SCOPES if scopes is None else scopes
        with self._db.writing() as connection:
            app = find_app(connection, id)
            new = app_keys.create(connection, app.id, KIND_CODES[kind], mode, scope_names, name)
            row = connection.execute(sa.select(keys).where(keys.c.id == new.id)).one()
            return {"key": new.key, **_key(row)}

    def keys(self, id: str) -> Sequence[Json]:
        """Return the keys of an app, oldest first, revoked ones too.

        Raises:
            NotFound: There is no such app.
        """
        self._use.write(self._db)
        with self._db.reading() as connection:
            app = find_app(connection, id)
            query = sa.select(keys).where(keys.c.app == app.id).order_by(keys.c.created_at, keys.c.id)
            return [_key(row) for row in connection.execute(query)]

    def revoke_key(self, id: str, key: str) -> Json:
        """Revoke a key; the tokens it minted go with it, and doing it again changes nothing.

        Raises:
            NotFound: There is no such app, or it has no such key.
        """
        with self._db.writing() as connection:
            app = find_app(connection, id)
            condition = (keys.c.app == app.id, keys.c.id == stored_text(key))
            if connection.execute(sa.select(keys.c.id).where(*condition)).one_or_none() is None:
                raise NotFound(f"this app has no key {quote(key)}")
            app_keys.revoke(connection, *condition)
            return {"ok": True, **_key(connection.execute(sa.select(keys).where(*condition)).one())}


def _app(row: Row[Any]) -> Json:
    return {
        "id": row.id,
        "name": row.name,
        "slug": row.slug,
        "mode_default": row.mode_default,
        "embedding_origins": json.loads(row.embedding_origins),
        "billing_plan": PLAN,
        "created_at": wire_time(row.created_at),
    }


def _key(row: Row[Any]) -> Json:
    times = ("created_at", "last_used_at", "revoked_at")
    return {
        "id": row.id,
        "prefix": f"{row.kind}_{row.mode}_",
        "last4": row.last4,
        "kind": _KIND_NAMES[row.kind],
        "mode": row.mode,
        "scopes": row.scopes.split(),
        "name": row.name,
        **{name: wire_time(getattr(row, name)) for name in times},
    }
