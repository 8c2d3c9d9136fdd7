"""The line before an app's sessions: first come, first served, and who does not ask again loses the place.

The caller holds the space (``lock``), so that two that ask at once are not both given the last free session.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core.errors import WorldError
from worldkit.server.tables import line

RETRY_AFTER_MS = 2500
"""When to ask again."""
STALE_S = 4 * RETRY_AFTER_MS / 1000
"""Seconds without a request after which a place in line is lost: a closed page must not keep the others waiting."""


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
    """Let nobody else admit a session of a space until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(blake2b(f"line\0{space}".encode(), digest_size=8).digest(), "big", signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def ask(
    connection: Connection, space: str, jti: str, player: str | None, now: float, free: int, most: int
) -> LinePosition | None:
    """Ask for a session.

    Args:
        connection: In a transaction that holds the space.
        space: Whose line it is.
        jti: The token that asks.
        player: Whose token it is, see ``tables.line``; it takes over the place of the player's earlier token.
        now: Unix seconds.
        free: How many sessions are free.
        most: How many may wait.

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
        if ahead >= most:
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
