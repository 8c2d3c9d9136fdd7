"""``ConnectedSessions``: which session tokens are connected, for how long, and who waits.

A connection is charged for the seconds until its token expires, and given back what it did not use. The rules are in
docs/spec/api-v1.md, "Sessions".
"""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from worldkit.core.errors import NotFound
from worldkit.server import quota, session_records
from worldkit.server.session_records import SECONDS_KIND, LinePosition, charge, close, is_live
from worldkit.server.settings import space_of
from worldkit.server.tables import keys, line, plays, revoked, sessions, some_of
from worldkit.server.tokens import EXPIRED_TOKEN_MESSAGE, BadToken, Claims, RunToken
from worldkit.stores.local.column_values import stored_text
from worldkit.stores.local.engine import Database

RETENTION_S = 24 * 3600
"""How long a session that is over is remembered, so that ending it again answers the same."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of sessions there is.

    Attributes:
        seconds: Cap of the day's session seconds.
        sessions: Sessions of a space at once.
        max_waiting: How many may wait for one.
    """

    seconds: int
    sessions: int
    max_waiting: int


class ConnectedSessions:
    """The sessions of a database.

    Args:
        database: The store's.
        clock: The time, in Unix seconds.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db, self._clock = database, clock

    def connect(self, claims: Claims, limits: Limits) -> RunToken | LinePosition:
        """Connect a token, or give it a place in the line. A token that is connected already goes on with its session.

        Raises:
            BadToken: The token has expired since it was read, or was revoked, itself or by its key.
            OverQuota: There are not enough session seconds left today.
            LineFull: Too many wait already.
        """
        with self._db.writing() as connection:
            session_records.lock(connection, claims.space)
            now = self._clock()
            _refuse_ended(connection, claims, now)
            play = _play_of(connection, claims.jti)
            if play is not None and is_live(play, now):
                number = play.connection + 1
                connection.execute(sa.update(plays).where(plays.c.id == play.id).values(connection=number))
                return RunToken(claims, play.id, number)
            alive = (plays.c.space == claims.space, plays.c.ended.is_(None), plays.c.expires > now)
            count = connection.execute(sa.select(sa.func.count()).select_from(plays).where(*alive)).scalar_one()
            free = limits.sessions - count
            place = session_records.ask(
                connection, claims.space, claims.jti, claims.player_digest, now, free, limits.max_waiting
            )
            if place is not None:
                return place
            day = _reserve(connection, claims, charge(now, claims.expires), limits)
            times = {"started": now, "expires": float(claims.expires), "ended": None, "day": day}
            if play is None:
                id = str(uuid.uuid4())
                row = {
                    "id": id,
                    "space": claims.space,
                    "world": claims.world,
                    "connection": 1,
                    "oldest": 1,
                    "seconds": 0,
                }
                connection.execute(sa.insert(plays).values(**row, **times))
                _bind(connection, claims.jti, id)
                return RunToken(claims, id, 1)
            number, seconds = play.connection + 1, play.seconds
            if play.ended is None:  # it ran out; what it took counts
                seconds += play.expires - play.started
            values = {"connection": number, "oldest": number, "seconds": seconds, **times}
            connection.execute(sa.update(plays).where(plays.c.id == play.id).values(values))
            return RunToken(claims, play.id, number)

    def refresh(self, claims: Claims, run: RunToken | None, limits: Limits) -> RunToken:
        """Return a fresh run token; with the run token of a session, a new session token goes on with that session.

        The session lives as long as its newest token then, which may be shorter than before.

        Raises:
            BadToken: The token has expired since it was read, or was revoked, itself or by its key.
            NotFound: The token is not connected.
            OverQuota: There are not enough session seconds left today for the longer life of the new token.
        """
        with self._db.writing() as connection:
            session_records.lock(connection, claims.space)
            now = self._clock()
            _refuse_ended(connection, claims, now)
            play = _play_of_player(connection, claims, run)
            if play is None or not is_live(play, now):
                raise NotFound("this session is not connected; call POST /v1/sessions/connect")
            if not _is_of_newer_token(connection, play, claims):
                self._set_expiry(connection, play, claims, limits, now)
                _bind(connection, claims.jti, play.id)
            return RunToken(claims, play.id, play.connection if run is None else run.connection)

    def _set_expiry(self, connection: Connection, play: Row[Any], claims: Claims, limits: Limits, now: float) -> None:
        """Let a session live as long as its token, and charge or give back the seconds in between.

        Raises:
            OverQuota: There are not enough session seconds left today.
        """
        until = float(claims.expires)
        if until == play.expires:
            return
        day, charged_seconds, app, mode = play.day, charge(play.started, play.expires), claims.app, claims.mode
        if until < play.expires:
            quota.release(connection, app, mode, SECONDS_KIND, day, charged_seconds - charge(play.started, until))
        else:
            used_seconds = charge(play.started, now)
            quota.release(connection, app, mode, SECONDS_KIND, day, charged_seconds - used_seconds)
            day = _reserve(connection, claims, charge(play.started, until) - used_seconds, limits)
        connection.execute(sa.update(plays).where(plays.c.id == play.id).values(expires=until, day=day))

    def track(self, claims: Claims, stream: str) -> None:
        """Note the id of the stream that a session plays.

        Raises:
            NotFound: The token is not connected.
        """
        with self._db.writing() as connection:
            session_records.lock(connection, claims.space)
            play = _play_of(connection, claims.jti)
            if play is None or not is_live(play, self._clock()):
                raise NotFound("this session is not connected; call POST /v1/sessions/connect")
            connection.execute(sa.update(plays).where(plays.c.id == play.id).values(stream=stored_text(stream)))

    def end(self, claims: Claims, run: RunToken | None = None) -> int:
        """End a session, and give back the seconds that it did not use. Ending it again changes nothing.

        Args:
            claims: Of the token. The session that it had before another token of the player went on with it ends too,
                if ``run`` says which one that is: the page may not have heard of the other token.
            run: The connection that ends; when the token was connected again since, the session goes on.

        Returns:
            How long it was connected, in seconds.
        """
        with self._db.writing() as connection:
            session_records.lock(connection, claims.space)
            session_records.leave(connection, claims.jti)
            play, now = _play_of_player(connection, claims, run), self._clock()
            if play is None:
                return 0
            if not is_live(play, now):
                return _seconds(play, now)
            if run is None or run.session != play.id or run.connection >= play.connection:
                close(connection, claims.app, claims.mode, play, now)
            return _seconds(play, now)

    def end_revoked(self, app: str, mode: str, jti: str) -> None:
        """End the session of a token that was revoked."""
        with self._db.writing() as connection:
            session_records.lock(connection, space_of(app, mode))
            session_records.leave(connection, jti)
            play, now = _play_of(connection, jti), self._clock()
            if play is not None and is_live(play, now):
                close(connection, app, mode, play, now)

    def is_live(self, run: RunToken) -> bool:
        """Say whether the session of a run token is connected, and the connection is one of those that are good."""
        with self._db.reading() as connection:
            play = _play(connection, run.session)
        return play is not None and is_live(play, self._clock()) and run.connection >= play.oldest

    def forget_old(self, connection: Connection, limit: int) -> int:
        """Forget the sessions that were over a day ago, and who left the line without a word.

        At most ``limit`` of each; returns the most of one.
        """
        before = self._clock() - RETENTION_S
        old = (some_of(plays, plays.c.expires < before, limit=limit), some_of(line, line.c.asked < before, limit=limit))
        statements = [sa.delete(table).where(condition) for table, condition in zip((plays, line), old, strict=True)]
        return max(connection.execute(statement).rowcount for statement in statements)


def _reserve(connection: Connection, claims: Claims, seconds: int, limits: Limits) -> str:
    return quota.reserve(connection, claims.app, claims.mode, SECONDS_KIND, limits.seconds, seconds)


def _play(connection: Connection, id: str) -> Row[Any] | None:
    return connection.execute(sa.select(plays).where(plays.c.id == id)).one_or_none()


def _play_of(connection: Connection, jti: str) -> Row[Any] | None:
    """Return the session that a token is connected to, None when it never was."""
    query = sa.select(plays).join(sessions, sessions.c.play == plays.c.id).where(sessions.c.jti == jti)
    return connection.execute(query).one_or_none()


def _play_of_player(connection: Connection, claims: Claims, run: RunToken | None) -> Row[Any] | None:
    """Return the session of a token; of one that is not connected, the session of the same player that a run names."""
    play = _play_of(connection, claims.jti)
    if play is None and run is not None and _is_of_same_player(run.claims, claims):
        play = _play(connection, run.session)
    return play


def _is_of_newer_token(connection: Connection, play: Row[Any], claims: Claims) -> bool:
    """Say whether a session belongs to a token that was minted after the one of a call, which comes late then."""
    condition = (sessions.c.play == play.id, sessions.c.jti != claims.jti, sessions.c.issued > claims.issued_at)
    return connection.execute(sa.select(sessions.c.jti).where(*condition)).first() is not None


def _refuse_ended(connection: Connection, claims: Claims, now: float) -> None:
    """Refuse a token that ended between its check and this transaction, which may have waited for its turn.

    Raises:
        BadToken: It has expired, or was revoked, itself or by its key.
    """
    if claims.expires <= now:
        raise BadToken(EXPIRED_TOKEN_MESSAGE)
    if connection.execute(sa.select(revoked.c.jti).where(revoked.c.jti == claims.jti)).first():
        raise BadToken("the token was revoked")
    revoked_keys = sa.select(keys.c.id).where(keys.c.id == claims.key, keys.c.revoked_at.is_not(None))
    if connection.execute(revoked_keys).first():
        raise BadToken("the key that minted the token was revoked")


def _bind(connection: Connection, jti: str, play: str) -> None:
    """Give a session to a token; the one it belonged to before may be revoked from then on without ending it."""
    connection.execute(sa.update(sessions).where(sessions.c.play == play, sessions.c.jti != jti).values(play=None))
    connection.execute(sa.update(sessions).where(sessions.c.jti == jti).values(play=play))


def _is_of_same_player(a: Claims, b: Claims) -> bool:
    return (a.space, a.world, a.player, a.origin) == (b.space, b.world, b.player, b.origin)


def _seconds(play: Row[Any], now: float) -> int:
    """Return how long a session was connected: begun seconds count, as they are charged."""
    if play.ended is not None:
        return math.ceil(float(play.seconds))
    return math.ceil(float(play.seconds) + min(now, float(play.expires)) - float(play.started))
