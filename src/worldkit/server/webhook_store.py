"""``Webhooks``: the webhooks of apps, and what is to be delivered to them, in the database (docs/spec/webhooks.md).

An event is stored in the transaction that it is about. So it is delivered if and only if that transaction was
committed, and a server that stops loses nothing.
"""

from __future__ import annotations

import json
import secrets
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.core.errors import NotFound, WorldError
from worldkit.core.json_values import Json, quote
from worldkit.server.apps import find_app
from worldkit.server.tables import deliveries, webhooks
from worldkit.server.wire_times import wire_now, wire_time
from worldkit.stores.local.column_values import new_id, now, stored_text
from worldkit.stores.local.engine import Database

SUCCEEDED_EVENT, FAILED_EVENT = "world.generation.succeeded", "world.generation.failed"
SENT_EVENTS = (SUCCEEDED_EVENT, FAILED_EVENT)
"""What is sent."""
MAX_WEBHOOKS = 20
"""Webhooks of one app."""
LEASE_S = 60.0
"""Longer than a delivery takes; a delivery whose process died meanwhile is due again after this."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one webhook.

    Attributes:
        id: The delivery's id.
        webhook: The webhook's id.
        app: The id of the app that it belongs to.
        url: Where it goes.
        secret: What signs it.
        event: The event's id.
        body: What is sent.
        attempts: How often it was tried, this time included.
    """

    id: str
    webhook: str
    app: str
    url: str
    secret: str = field(repr=False)
    event: str
    body: str = field(repr=False)
    attempts: int


class Webhooks:
    """The webhooks of a database.

    Args:
        database: The store's.
        clock: The time, in Unix seconds.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = database, clock

    def create(self, app: str, url: str, events: Sequence[str] | None) -> Json:
        """Register a webhook; the answer is the only place where its secret is shown.

        Args:
            app: The app's id.
            url: A checked address.
            events: What to send; None for everything that is sent today.

        Raises:
            NotFound: There is no such app.
            WorldError: The app has as many as it may.
        """
        with self._db.writing() as connection:
            owner = find_app(connection, app).id
            query = sa.select(sa.func.count()).select_from(webhooks).where(webhooks.c.app == owner)
            if connection.execute(query).scalar_one() >= MAX_WEBHOOKS:
                raise WorldError(f"an app has at most {MAX_WEBHOOKS} webhooks; delete one first")
            secret = f"whsec_{secrets.token_urlsafe(32)}"
            event_names = list(SENT_EVENTS if events is None else dict.fromkeys(events))
            row = {"id": new_id(), "app": owner, "url": url, "events": json.dumps(event_names), "secret": secret}
            connection.execute(sa.insert(webhooks).values(**row, enabled=True, created_at=now()))
            stored_row = connection.execute(sa.select(webhooks).where(webhooks.c.id == row["id"])).one()
            return {**_line(stored_row), "secret": secret}

    def list(self, app: str) -> list[Json]:
        """Return an app's webhooks, oldest first, without their secrets.

        Raises:
            NotFound: There is no such app.
        """
        with self._db.reading() as connection:
            owner = find_app(connection, app).id
            query = sa.select(webhooks).where(webhooks.c.app == owner).order_by(webhooks.c.created_at, webhooks.c.id)
            return [_line(row) for row in connection.execute(query)]

    def delete(self, app: str, id: str) -> None:
        """Delete a webhook, and what was on its way to it.

        Raises:
            NotFound: There is no such app, or it has no such webhook.
        """
        with self._db.writing() as connection:
            owner = find_app(connection, app).id
            condition = (webhooks.c.app == owner, webhooks.c.id == stored_text(id))
            if connection.execute(sa.select(webhooks.c.id).where(*condition)).one_or_none() is None:
                raise NotFound(f"this app has no webhook {quote(id)}")
            connection.execute(sa.delete(deliveries).where(deliveries.c.webhook == stored_text(id)))
            connection.execute(sa.delete(webhooks).where(*condition))

    # ---- for the thread that delivers ----------------------------------------------------------

    def claim(self, busy: Collection[str] = (), busy_apps: Collection[str] = ()) -> Delivery | None:
        """Take the delivery that is due longest, None when there is none; it is due again if it is not settled.

        Args:
            busy: Webhooks that are being sent something, which have to wait.
            busy_apps: Apps all of whose webhooks have to wait.
        """
        moment = self._clock()
        free = (webhooks.c.id.not_in(list(busy)), webhooks.c.app.not_in(list(busy_apps)))
        query = (
            sa.select(deliveries, webhooks.c.app, webhooks.c.url, webhooks.c.secret)
            .join(webhooks, webhooks.c.id == deliveries.c.webhook)
            .where(deliveries.c.due <= moment, webhooks.c.enabled, *free)
            .order_by(deliveries.c.due, deliveries.c.id)
            .limit(1)
        )
        with self._db.reading() as connection:  # most looks find nothing, and need not wait for those who write
            if connection.execute(query).one_or_none() is None:
                return None
        with self._db.writing() as connection:
            row = connection.execute(query.with_for_update(of=deliveries, skip_locked=True)).one_or_none()
            if row is None:
                return None
            values = {"due": moment + LEASE_S, "attempts": row.attempts + 1}
            connection.execute(sa.update(deliveries).where(deliveries.c.id == row.id).values(values))
            return Delivery(row.id, row.webhook, row.app, row.url, row.secret, row.event, row.body, row.attempts + 1)

    def settle(self, delivery: Delivery) -> None:
        """Forget a delivery: it arrived, or is given up."""
        with self._db.writing() as connection:
            connection.execute(sa.delete(deliveries).where(deliveries.c.id == delivery.id))

    def postpone(self, delivery: Delivery, seconds: float) -> None:
        """Try a delivery again after some seconds."""
        with self._db.writing() as connection:
            condition = (deliveries.c.id == delivery.id, deliveries.c.attempts == delivery.attempts)
            connection.execute(sa.update(deliveries).where(*condition).values(due=self._clock() + seconds))


def announce(connection: Connection, app: str, event: str, data: Json) -> None:
    """Have an event delivered to the webhooks of an app that want it, if the transaction comes about.

    Args:
        connection: In the transaction that it tells of.
        app: The app's id.
        event: One of ``SENT_EVENTS``.
        data: What the event holds.
    """
    rows = connection.execute(sa.select(webhooks).where(webhooks.c.app == app, webhooks.c.enabled)).all()
    receivers = [row for row in rows if not {event, "*"}.isdisjoint(json.loads(row.events))]
    if not receivers:
        return
    id = f"evt_{uuid.uuid4().hex}"
    body = json.dumps({"id": id, "type": event, "created_at": wire_now(), "data": data}, ensure_ascii=False)
    for row in receivers:
        values = {"id": new_id(), "webhook": row.id, "event": id, "body": body, "attempts": 0}
        connection.execute(sa.insert(deliveries).values(**values, due=time.time(), created_at=now()))


def _line(row: Row[Any]) -> Json:
    return {
        "id": row.id,
        "url": row.url,
        "events": json.loads(row.events),
        "enabled": row.enabled,
        "created_at": wire_time(row.created_at),
    }
