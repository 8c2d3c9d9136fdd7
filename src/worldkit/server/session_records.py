"""The records of connected sessions, on an open connection: what they are charged, how they end, and who waits.

The line before an app's sessions: first come, first served, and who does not ask again loses the place. The caller
holds the space (``lock``), so that two that ask at once are not both given the last free session.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.core.errors import WorldError
from worldkit.server import quota
from worldkit.server.tables import line, plays, sessions
from worldkit.stores.local import statements
from worldkit.stores.local.column_values import stored_text

SECONDS_KIND = "session_seconds"
RETRY_AFTER_MS = 2500
"""When to ask again."""
STALE_S = 4 * RETRY_AFTER_MS / 1000
"""Seconds without a request after which a place in line is lost: a closed page must not keep the others waiting."""


def charge(started_at: float, until: float) -> int:
    """Return the seconds that are charged for a connection: begun seconds count, once, however often it is renewed."""
    return math.ceil(float(until) - float(started_at))


def is_live(play: Row[Any], now: float) -> bool:
    """Say whether a session is connected."""
    return play.ended is None and bool(play.expires > now)


def close(connection: Connection, app: str, mode: str, play: Row[Any], now: float) -> None:
    """End a session, and give back the seconds that it did not use."""
    unused_seconds = charge(play.started, play.expires) - charge(play.started, now)
    quota.release(connection, app, mode, SECONDS_KIND, play.day, unused_seconds)
    values = {"ended": now, "seconds": play.seconds + now - play.started}
    connection.execute(sa.update(plays).where(plays.c.id == play.id).values(values))


def end_of_keys(connection: Connection, app: str, mode: str, space: str, keys: Collection[str], now: float) -> None:
    """End the sessions of the tokens that some keys of a space minted, and take those tokens out of the line.

    Args:
        connection: In a transaction that holds the space (``lock``).
        app, mode: Whose keys they are.
        space: The space of the two.
        keys: Their ids.
        now: Unix seconds.
    """
    token_ids = sa.select(sessions.c.jti).where(sessions.c.space == space, sessions.c.key.in_(keys))
    connection.execute(sa.delete(line).where(line.c.jti.in_(token_ids)))
    query = sa.select(plays).join(sessions, sessions.c.play == plays.c.id)
    for play in connection.execute(query.where(sessions.c.space == space, sessions.c.key.in_(keys))).all():
        if is_live(play, now):
            close(connection, app, mode, play, now)


def end_of_world(connection: Connection, app: str, mode: str, space: str, world: str, now: float) -> None:
    """End the sessions in which a world of a space is played, because it is deleted.

    Args:
        connection: In a transaction that holds the space (``lock``).
        app, mode: Whose world it is.
        space: The space of the two.
        world: Its id.
        now: Unix seconds.
    """
    live = (plays.c.ended.is_(None), plays.c.expires > now)
    query = sa.select(plays).where(plays.c.space == space, plays.c.world == stored_text(world), *live)
    for play in connection.execute(query).all():
        close(connection, app, mode, play, now)


@dataclass(frozen=True, slots=True)
class LinePosition:
    """A place in the line.

    Attributes:
        position: Its number, from 1.
        depth: How many wait.
    """

    position: int
    depth: int


class LineFull(WorldError):
    """As many wait as may."""


def lock(connection: Connection, space: str) -> None:
    """Let nobody else admit a session of a space until the transaction ends."""
    statements.lock(connection, "line", space)


def ask(
    connection: Connection, space: str, jti: str, player: str | None, now: float, free: int, max_waiting: int
) -> LinePosition | None:
    """Ask for a session.

    Args:
        connection: In a transaction that holds the space.
        space: Whose line it is.
        jti: The token that asks.
        player: Whose token it is, see ``tables.line``; it takes over the place of the player's earlier token.
        now: Unix seconds.
        free: How many sessions are free.
        max_waiting: How many may wait.

    Returns:
        The place in the line; None for who is next, and out of the line.

    Raises:
        LineFull: Too many wait already.
    """
    connection.execute(sa.delete(line).where(line.c.space == space, line.c.asked < now - STALE_S))
    ours = connection.execute(sa.select(line.c.place).where(line.c.jti == jti)).scalar()
    if ours is None and player is not None:
        earlier = (line.c.space == space, line.c.player == player)
        update = sa.update(line).where(*earlier).values(jti=jti).returning(line.c.place)
        ours = connection.execute(update).scalar()
    before = line.c.space == space if ours is None else sa.and_(line.c.space == space, line.c.place < ours)
    ahead = connection.execute(sa.select(sa.func.count()).where(before)).scalar_one()
    if ahead < free:
        leave(connection, jti)
        return None
    if ours is None:
        if ahead >= max_waiting:
            raise LineFull(f"{ahead:,} wait already; try again later")
        last = connection.execute(sa.select(sa.func.max(line.c.place)).where(line.c.space == space)).scalar() or 0
        connection.execute(sa.insert(line).values(jti=jti, space=space, place=last + 1, asked=now, player=player))
    else:
        connection.execute(sa.update(line).where(line.c.jti == jti).values(asked=now))
    depth = connection.execute(sa.select(sa.func.count()).where(line.c.space == space)).scalar_one()
    return LinePosition(ahead + 1, depth)


def leave(connection: Connection, jti: str) -> None:
    """Leave the line; who is not in it stays out."""
    connection.execute(sa.delete(line).where(line.c.jti == jti))
