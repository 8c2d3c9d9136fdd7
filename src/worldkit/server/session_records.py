"""The records of connected sessions, on an open connection: what they are charged, and how they end."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.server import quota
from worldkit.server.tables import line, plays, sessions
from worldkit.stores.local.column_values import stored_text

SECONDS = "session_seconds"


def charge(started: float, until: float) -> int:
    """Return the seconds that are charged for a connection: begun seconds count, once, however often it is renewed."""
    return math.ceil(float(until) - float(started))


def is_live(play: Row[Any], now: float) -> bool:
    """Say whether a session is connected."""
    return play.ended is None and bool(play.expires > now)


def close(connection: Connection, app: str, mode: str, play: Row[Any], now: float) -> None:
    """End a session, and give back the seconds that it did not use."""
    unused_seconds = charge(play.started, play.expires) - charge(play.started, now)
    quota.release(connection, app, mode, SECONDS, play.day, unused_seconds)
    values = {"ended": now, "seconds": play.seconds + now - play.started}
    connection.execute(sa.update(plays).where(plays.c.id == play.id).values(values))


def end_of_keys(connection: Connection, app: str, mode: str, space: str, keys: Collection[str], now: float) -> None:
    """End the sessions of the tokens that some keys of a space minted, and take those tokens out of the line.

    Args:
        connection: In a transaction that holds the space (``waiting_line.lock``).
        app, mode: Whose keys they are.
        space: The space of the two.
        keys: Their ids.
        now: Unix seconds.
    """
    minted = sa.select(sessions.c.jti).where(sessions.c.space == space, sessions.c.key.in_(keys))
    connection.execute(sa.delete(line).where(line.c.jti.in_(minted)))
    query = sa.select(plays).join(sessions, sessions.c.play == plays.c.id)
    for play in connection.execute(query.where(sessions.c.space == space, sessions.c.key.in_(keys))).all():
        if is_live(play, now):
            close(connection, app, mode, play, now)


def end_of_world(connection: Connection, app: str, mode: str, space: str, world: str, now: float) -> None:
    """End the sessions in which a world of a space is played, because it is deleted.

    Args:
        connection: In a transaction that holds the space (``waiting_line.lock``).
        app, mode: Whose world it is.
        space: The space of the two.
        world: Its id.
        now: Unix seconds.
    """
    live = (plays.c.ended.is_(None), plays.c.expires > now)
    query = sa.select(plays).where(plays.c.space == space, plays.c.world == stored_text(world), *live)
    for play in connection.execute(query).all():
        close(connection, app, mode, play, now)
