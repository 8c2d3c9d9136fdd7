"""Keys of apps: their form, making and revoking them, and when each was last used. Only a key's hash is kept."""

from __future__ import annotations

import re
import secrets
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.core.errors import WorldError
from worldkit.core.process_lock import ProcessLock
from worldkit.server import session_records
from worldkit.server.settings import MODES, SCOPES, space_of
from worldkit.server.tables import apps, keys
from worldkit.stores.local.column_values import now, stored_text
from worldkit.stores.local.engine import Database

PUBLISHABLE_SCOPES = ("worlds:read",)
"""What a publishable key may do: it is seen by everybody."""

_KEY_FORM = re.compile(r"(pk|sk)_(test|live)_([0-9a-f]{32})([A-Za-z0-9_-]{43})\Z")
_EMPTY_DIGEST = sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new key, the only time it is seen.

    Attributes:
        id: Its id, which is no secret.
        kind: ``"sk"``, or ``"pk"`` for a publishable one.
        mode: ``"test"`` or ``"live"``.
        scopes: What it may do.
    """

    id: str
    key: str = field(repr=False)
    kind: str
    mode: str
    scopes: tuple[str, ...]


def create(
    connection: Connection, app: str, kind: str, mode: str, scopes: Iterable[str], name: str | None = None
) -> NewKey:
    """Make a key of an app.

    Raises:
        WorldError: There is no such mode or scope.
    """
    scope_names = tuple(scopes)
    if mode not in MODES:
        raise WorldError(f"a key's mode is {' or '.join(MODES)}, got {mode!r}")
    if unknown := [scope for scope in scope_names if scope not in SCOPES]:
        raise WorldError(f"there is no scope {unknown[0]!r}; there are {', '.join(SCOPES)}")
    id = uuid.uuid4()
    key = f"{kind}_{mode}_{id.hex}{secrets.token_urlsafe(32)}"
    row = {"id": str(id), "app": app, "kind": kind, "mode": mode, "scopes": " ".join(scope_names), "last4": key[-4:]}
    label = None if name is None else stored_text(name)
    connection.execute(sa.insert(keys).values(**row, name=label, digest=_digest(key), created_at=now()))
    return NewKey(str(id), key, kind, mode, scope_names)


def find(connection: Connection, key: str) -> Row[Any] | None:
    """Return the row of a key that was not revoked, with its app's ``caps``; None for what is no such key."""
    match = _KEY_FORM.match(key)
    id = match[3] if match else ""
    query = sa.select(keys, apps.c.caps).join(apps, apps.c.id == keys.c.app)
    row = connection.execute(query.where(keys.c.id == (str(uuid.UUID(id)) if len(id) == 32 else id))).one_or_none()
    # hashed and compared whether there is such a key or not, so that both take as long
    matches = compare_digest(_digest(key), bytes(row.digest) if row is not None else _EMPTY_DIGEST)
    return row if row is not None and matches and row.revoked_at is None else None


def revoke(connection: Connection, *conditions: sa.ColumnElement[bool]) -> int:
    """Revoke the keys that meet conditions, and end the sessions of their tokens.

    Returns:
        How many were not revoked before.
    """
    query = sa.select(keys.c.app, keys.c.mode).where(keys.c.revoked_at.is_(None), *conditions).distinct()
    owners = connection.execute(query.order_by(keys.c.app, keys.c.mode)).all()
    for app, mode in owners:  # before the keys are revoked: who connects holds the space, and then reads the key
        session_records.lock(connection, space_of(app, mode))
    statement = sa.update(keys).where(keys.c.revoked_at.is_(None), *conditions).values(revoked_at=now())
    revoked_ids = connection.execute(statement.returning(keys.c.id)).scalars().all()
    for app, mode in owners:
        session_records.end_of_keys(connection, app, mode, space_of(app, mode), revoked_ids, time.time())
    return len(revoked_ids)


class KeyUse:
    """When keys were last used: noted in memory, and written now and then, so that a read stays a read."""

    def __init__(self) -> None:
        self._times: dict[str, str] = {}
        self._lock = ProcessLock()

    def note(self, key: str) -> None:
        """Note that a key is used now."""
        with self._lock:
            self._times[key] = now()

    def write(self, database: Database) -> None:
        """Write what was noted; what could not be written stays noted."""
        with self._lock:
            times, self._times = self._times, {}
        if not times:
            return
        try:
            with database.writing() as connection:
                for key, used_at in sorted(times.items()):
                    connection.execute(sa.update(keys).where(keys.c.id == key).values(last_used_at=used_at))
        except BaseException:
            with self._lock:
                self._times = {**times, **self._times}
            raise


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogatepass")).digest()
