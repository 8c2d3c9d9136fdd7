"""Session tokens: short-lived, signed, bound to a world, a player and an origin, and revocable."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import jwt
import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core import json_values
from worldkit.core.errors import NotFound, WorldError
from worldkit.core.json_values import Json, quote
from worldkit.server.settings import space_of
from worldkit.server.tables import insert, revoked, sessions, some_of
from worldkit.server.tables import secrets as secrets_table
from worldkit.stores.local.engine import Database

DEFAULT_LIFETIME_S, MIN_LIFETIME_S, MAX_LIFETIME_S = 300, 60, 3600
ISSUER = "worldkit"
AUDIENCE, RUN_AUDIENCE = "embed", "run"
EXPIRED_TOKEN_MESSAGE = "the token has expired; mint another one with POST /v1/sessions/token"
MAX_RUN_BYTES = 1_000_000
"""Most bytes of a run, as plain JSON; no more is taken out of what a page hands back."""


class BadToken(WorldError):
    """A session token is not one of this server's, has expired, or was revoked."""


class RunTooLong(WorldError):
    """A run is longer than what is taken out of what a page hands back."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a session token says.

    Attributes:
        jti: Its id, which revokes it.
        app, mode, key: Whose key minted it; ``key`` is the key's id.
        world: The world it plays.
        player: Who plays, as the app calls them.
        origin: The only origin whose pages may embed it; None for any.
        issued_at, expires: Unix seconds.
    """

    jti: str
    app: str
    mode: str
    key: str
    world: str
    player: str | None
    origin: str | None
    issued_at: int
    expires: int

    @property
    def space(self) -> str:
        """The store's space the world lives in."""
        return space_of(self.app, self.mode)

    @property
    def player_digest(self) -> str | None:
        """A digest of who plays what and where, the same for each of the player's tokens; None without a name."""
        if self.player is None:
            return None
        return sha256("\0".join((self.world, self.origin or "", self.player)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RunToken:
    """What a run token says.

    Attributes:
        claims: The session token that it was given for.
        session: The session's id.
        connection: Which connection of the session it is, counted from 1.
    """

    claims: Claims
    session: str
    connection: int


class Tokens:
    """Signs and reads session tokens, with a secret that the database keeps.

    Args:
        database: The store's.
        clock: The time, in Unix seconds.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._db = database
        self._clock = clock
        self._secret = _secret(database)

    def claims(
        self, app: str, mode: str, key: str, world: str, player: str | None, origin: str | None, ttl: int
    ) -> Claims:
        """Return what a new token is to say."""
        issued_at = int(self._clock())
        return Claims(str(uuid.uuid4()), app, mode, key, world, player, origin, issued_at, issued_at + ttl)

    def sign(self, claims: Claims) -> str:
        """Return the token of some claims; the same claims give the same token."""
        return self._encode(_payload(claims))

    def sign_run(self, run: RunToken) -> str:
        """Return the run token of a connection: what plays the world until the connection ends."""
        payload = _payload(run.claims) | {"aud": RUN_AUDIENCE, "sid": run.session, "con": run.connection}
        return self._encode(payload)

    def read_run(self, token: str) -> RunToken:
        """Return what a run token says; whether its session still runs is for ``ConnectedSessions.is_live`` to say.

        Raises:
            BadToken: It is not ours, or its session token was revoked.
        """
        claims, payload = self._decode(token, RUN_AUDIENCE)
        self._refuse_revoked(claims)
        return RunToken(claims, str(payload.get("sid")), int(payload.get("con", 0)))

    def read(self, token: str) -> Claims:
        """Return what a token says.

        Raises:
            BadToken: It is not ours, was changed, has expired, or was revoked.
        """
        claims, _ = self._decode(token, AUDIENCE)
        if claims.expires <= self._clock():
            raise BadToken(EXPIRED_TOKEN_MESSAGE)
        self._refuse_revoked(claims)
        return claims

    def _encode(self, payload: Json) -> str:
        return jwt.encode(payload, self._secret, algorithm="HS256")

    def _decode(self, token: str, audience: str) -> tuple[Claims, Json]:
        """Return the claims of a token that this server signed, and everything it says.

        Raises:
            BadToken: It is not ours, or was changed.
        """
        try:
            payload: Json = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=audience,
                issuer=ISSUER,
                options={"require": ["exp", "iat", "jti", "aud", "iss"], "verify_exp": False, "verify_iat": False},
            )
            claims = Claims(**{attribute: payload[name] for attribute, name in _CLAIM_NAMES.items()})
        except (jwt.PyJWTError, KeyError):
            raise BadToken("the token is not one that this server signed") from None
        return claims, payload

    def _refuse_revoked(self, claims: Claims) -> None:
        with self._db.reading() as connection:
            if connection.execute(sa.select(revoked.c.jti).where(revoked.c.jti == claims.jti)).one_or_none():
                raise BadToken("the token was revoked")

    def register(self, connection: Connection, claims: Claims) -> None:
        """Keep whose a token is, in the transaction that mints it."""
        row: Json = {"jti": claims.jti, "space": claims.space, "key": claims.key}
        row |= {"issued": claims.issued_at, "expires": claims.expires}
        connection.execute(sa.insert(sessions).values(row))

    def revoke(self, space: str, jti: str) -> None:
        """Revoke a token by its id; doing it again changes nothing.

        Args:
            space: The caller's space.
            jti: The token's id.

        Raises:
            NotFound: The space minted no such token, or it has expired.
        """
        with self._db.writing() as connection:
            now = int(self._clock())
            condition = (sessions.c.jti == jti, sessions.c.space == space, sessions.c.expires > now)
            expires = connection.execute(sa.select(sessions.c.expires).where(*condition)).scalar()
            if expires is None:
                raise NotFound(f"there is no session {quote(jti)} that lives; a token ends by itself when it expires")
            row = {"jti": jti, "expires": expires}
            connection.execute(insert(connection, revoked).values(**row).on_conflict_do_nothing())

    def forget_old(self, connection: Connection, limit: int) -> int:
        """Forget the tokens that have expired, at most ``limit`` of each table; returns the most of one."""
        now = int(self._clock())
        statements = [
            sa.delete(table).where(some_of(table, table.c.expires < now, limit=limit)) for table in (sessions, revoked)
        ]
        return max(connection.execute(statement).rowcount for statement in statements)

    # ---- the run a page holds ----------------------------------------------------------------

    def seal(self, claims: Claims, run: Json) -> str:
        """Return a run as text that a page holds and hands back; only ``unseal`` of the same player reads it.

        Raises:
            RunTooLong: ``unseal`` would not read it.
        """
        data = json_values.dumps(run, None).encode()
        if len(data) > MAX_RUN_BYTES:
            raise RunTooLong(f"a run of {len(data):,} bytes is longer than {MAX_RUN_BYTES:,}")
        body = base64.urlsafe_b64encode(zlib.compress(data))
        return f"{body.decode()}.{self._seal(claims, body)}"

    def unseal(self, claims: Claims, text: str) -> Json:
        """Return the run in a text that ``seal`` made for the same world and player.

        Raises:
            BadToken: It was made elsewhere, or changed.
        """
        body, _, mark = text.rpartition(".")
        if not hmac.compare_digest(mark.encode(), self._seal(claims, body.encode()).encode()):
            raise BadToken("the run is not one that this server handed out for this world and player")
        data = zlib.decompressobj().decompress(base64.urlsafe_b64decode(body), MAX_RUN_BYTES)
        run: Json = json_values.parse(data.decode(), "the run")
        return run

    def _seal(self, claims: Claims, body: bytes) -> str:
        context = "\0".join(("run", claims.space, claims.world, claims.player or "", "")).encode()
        return hmac.new(self._secret, context + body, sha256).hexdigest()


_CLAIM_NAMES = {
    "jti": "jti",
    "app": "app",
    "mode": "mode",
    "key": "key",
    "world": "wid",
    "player": "ply",
    "origin": "org",
}
_CLAIM_NAMES |= {"issued_at": "iat", "expires": "exp"}
"""What the claims are called in a token."""


def _payload(claims: Claims) -> Json:
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        **{name: getattr(claims, attribute) for attribute, name in _CLAIM_NAMES.items()},
    }


def _secret(database: Database) -> bytes:
    query = sa.select(secrets_table.c.value).where(secrets_table.c.name == "tokens")
    with database.reading() as connection:
        value: Any = connection.execute(query).scalar()
    if value is None:
        with database.writing() as connection:
            row = {"name": "tokens", "value": secrets.token_bytes(32)}
            connection.execute(insert(connection, secrets_table).values(**row).on_conflict_do_nothing())
            value = connection.execute(query).scalar()  # of two processes that began together, the first one's
    return bytes(value)
