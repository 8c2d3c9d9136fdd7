"""``Apps``: who may call, and with which keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.core.errors import NotFound, WorldError
from worldkit.core.json_values import Json, quote
from worldkit.editing.naming import cut_name
from worldkit.server import app_keys
from worldkit.server.settings import SCOPES, check_caps, space_of
from worldkit.server.tables import apps, keys
from worldkit.server.wire_times import wire_time
from worldkit.stores.local.column_values import new_id, now, stored_text
from worldkit.stores.local.engine import Database


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner that a key stands for.

    Attributes:
        app: The app's id.
        mode: ``"test"`` or ``"live"``.
        key: The key's id, which is no secret.
        kind: ``"sk"``, or ``"pk"`` for a publishable one.
        scopes: What it may do.
        caps: The app's own daily caps, by kind.
    """

    app: str
    mode: str
    key: str
    kind: str
    scopes: frozenset[str]
    caps: Mapping[str, int]

    @property
    def space(self) -> str:
        """The store's space its worlds live in."""
        return space_of(self.app, self.mode)


@dataclass(frozen=True, slots=True)
class NewKeys:
    """New keys of an app, the only time they are seen.

    Attributes:
        app: The app's id.
        publishable_key: The key for browsers.
        secret: The key for servers.
    """

    app: str
    publishable_key: str = field(repr=False)
    secret: str = field(repr=False)


class Apps:
    """The apps of a database.

    Args:
        database: The store's.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(
        self, name: str, mode: str = "test", scopes: Iterable[str] = SCOPES, caps: Mapping[str, int] | None = None
    ) -> NewKeys:
        """Make an app with a publishable and a secret key.

        Args:
            mode: ``"test"`` or ``"live"``; ``rotate`` makes keys of the other.
            scopes: What its secret key may do.
            caps: Caps of its own by kind: of a day, and ``bytes``.

        Raises:
            WorldError: The name is blank, there is no such mode, scope or kind, or a cap is no number that can be
                counted to.
        """
        if not name.strip():
            raise WorldError('an app needs a name, such as "my game"; got a blank one')
        check_caps(caps or {})
        id = new_id()
        with self._db.writing() as connection:
            insert_app(connection, id, name, caps)
            return _create_keys(connection, id, mode, scopes)

    def limit(self, app: str, caps: Mapping[str, int]) -> dict[str, int]:
        """Set some of an app's own caps; the others stay.

        Args:
            app: The app's id.
            caps: Daily caps by kind, and ``bytes``.

        Returns:
            All of its own caps.

        Raises:
            NotFound: There is no such app.
            WorldError: There is no such kind, or a cap is no number that can be counted to.
        """
        check_caps(caps)
        with self._db.writing() as connection:
            own = {**json.loads(find_app(connection, app).caps or "{}"), **caps}
            connection.execute(sa.update(apps).where(apps.c.id == app).values(caps=json.dumps(own)))
            return own

    def caps(self, app: str) -> dict[str, int]:
        """Return an app's own caps."""
        with self._db.reading() as connection:
            own: dict[str, int] = json.loads(find_app(connection, app).caps or "{}")
            return own

    def embedding_origins(self, app: str) -> tuple[str, ...]:
        """Return the origins whose pages may embed an app's worlds; empty for any."""
        with self._db.reading() as connection:
            return tuple(json.loads(find_app(connection, app).embedding_origins))

    def rotate(self, app: str, mode: str = "test", scopes: Iterable[str] | None = None) -> NewKeys:
        """Revoke an app's keys of a mode, and make new ones.

        Args:
            app: The app's id.
            mode: ``"test"`` or ``"live"``; of a mode without keys the first are made.
            scopes: What the secret key may do; by default what the newest one that is not revoked could.

        Raises:
            NotFound: There is no such app.
        """
        with self._db.writing() as connection:
            query = sa.select(keys.c.scopes).where(keys.c.app == app, keys.c.mode == mode, keys.c.kind == "sk")
            newest_live_first = (keys.c.revoked_at.is_(None).desc(), keys.c.created_at.desc())
            old_scopes = connection.execute(query.order_by(*newest_live_first).limit(1)).scalar()
            _revoke(connection, find_app(connection, app).id, mode)
            new_scopes = scopes if scopes is not None else SCOPES if old_scopes is None else old_scopes.split()
            return _create_keys(connection, app, mode, new_scopes)

    def revoke(self, app: str, mode: str | None = None) -> int:
        """Revoke an app's keys, of a mode or all; the tokens they minted go with them.

        Returns:
            How many were revoked.

        Raises:
            NotFound: There is no such app.
        """
        with self._db.writing() as connection:
            return _revoke(connection, find_app(connection, app).id, mode)

    def list(self) -> list[Json]:
        """Return every app with its keys, oldest first: id, kind, mode, scopes, and since when a key is revoked."""
        with self._db.reading() as connection:
            key_records: dict[str, list[Json]] = {}
            for key in connection.execute(sa.select(keys).order_by(keys.c.created_at)):
                record = {"id": key.id, "kind": key.kind, "mode": key.mode, "scopes": key.scopes.split()}
                record |= {"last4": key.last4, "revoked_at": wire_time(key.revoked_at)}
                key_records.setdefault(key.app, []).append(record)
            return [
                {
                    "id": app.id,
                    "name": app.name,
                    "created_at": wire_time(app.created_at),
                    "keys": key_records.get(app.id, []),
                }
                for app in connection.execute(sa.select(apps).order_by(apps.c.created_at))
            ]

    def caller(self, key: str) -> Caller | None:
        """Return whom a key stands for, None when it stands for nobody (any more)."""
        with self._db.reading() as connection:
            row = app_keys.find(connection, key)
        if row is None:
            return None
        return Caller(row.app, row.mode, row.id, row.kind, frozenset(row.scopes.split()), json.loads(row.caps or "{}"))

    def is_live(self, key: str) -> bool:
        """Say whether the key of an id exists and was not revoked."""
        with self._db.reading() as connection:
            query = sa.select(keys.c.id).where(keys.c.id == key, keys.c.revoked_at.is_(None))
            return connection.execute(query).one_or_none() is not None


def insert_app(connection: Connection, id: str, name: str, caps: Mapping[str, int] | None = None) -> None:
    """Make an app without keys. Its slug is its name in small letters, with a number where that is taken."""
    base = cut_name(re.sub("[^a-z0-9]+", "-", name.lower()).strip("-"), 60) or "app"
    used_slugs = set(
        connection.execute(sa.select(apps.c.slug).where(apps.c.slug.startswith(base, autoescape=True))).scalars()
    )
    slug = next(slug for number in count(1) if (slug := base if number == 1 else f"{base}-{number}") not in used_slugs)
    row = {"id": id, "name": stored_text(name), "caps": json.dumps(caps) if caps else None, "slug": slug}
    connection.execute(sa.insert(apps).values(**row, created_at=now()))


def _create_keys(connection: Connection, app: str, mode: str, scopes: Iterable[str]) -> NewKeys:
    publishable = app_keys.create(connection, app, "pk", mode, app_keys.PUBLISHABLE_SCOPES)
    return NewKeys(app, publishable.key, app_keys.create(connection, app, "sk", mode, scopes).key)


def _revoke(connection: Connection, app: str, mode: str | None) -> int:
    condition = keys.c.app == app
    return app_keys.revoke(connection, condition if mode is None else sa.and_(condition, keys.c.mode == mode))


def find_app(connection: Connection, id: str) -> Row[Any]:
    """Return the row of an app.

    Raises:
        NotFound: There is no such app.
    """
    row = connection.execute(sa.select(apps).where(apps.c.id == stored_text(id))).one_or_none()
    if row is None:
        raise NotFound(f"there is no app {quote(id)}; 'worldkit apps list' and GET /v1/apps name those there are")
    return row
