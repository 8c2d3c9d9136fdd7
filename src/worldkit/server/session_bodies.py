"""The bodies of the calls about sessions and usage (docs/spec/api-v1.md, "Sessions")."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from worldkit.server.body_fields import Body, Count, Id, Object, Origin
from worldkit.server.tokens import MAX_LIFETIME_S, MIN_LIFETIME_S

SessionToken = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class Mint(Body):
    """What a session token is bound to."""

    worldId: Id
    playerIdentity: Annotated[str, StringConstraints(max_length=200)] | None = None
    origin: Origin | None = None
    ttlSeconds: Annotated[int, Field(ge=MIN_LIFETIME_S, le=MAX_LIFETIME_S), Count] | None = None


class Minted(Body):
    """A session token."""

    token: str
    expiresIn: int
    worldId: str
    slug: str | None
    jti: str


class Revoke(Body):
    """A token to revoke."""

    jti: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,64}$")]


class Revoked(Body):
    """A token that is revoked."""

    ok: bool
    revoked: str


class Ticket(Body):
    """A session token, unless the Authorization header has it."""

    token: SessionToken | None = None


class Connection(Ticket):
    """A session token, and the run token of the connection that is meant."""

    reactorJwt: SessionToken | None = None


class Stream(Ticket):
    """The stream that a session plays."""

    reactorSessionId: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Connected(Body):
    """A session that plays: its run token, and the world."""

    reactorJwt: str
    expiresIn: int
    expiresAt: str | None
    world: Object
    worldId: str


class InLine(Body):
    """A place in the line; ask again after ``retryAfterMs``, while the token lives or with another of the player."""

    position: int
    queueDepth: int
    retryAfterMs: int
    expiresIn: int


class Refreshed(Body):
    """A fresh run token."""

    reactorJwt: str
    expiresIn: int
    expiresAt: str | None


class Tracked(Body):
    """The stream was noted."""

    ok: bool


class Ended(Body):
    """A session that is over, and how long it was connected."""

    ok: bool
    seconds: int


class Usage(Body):
    """What was used today, in UTC, and how much there is."""

    day: str
    usage: dict[str, int]
    caps: dict[str, int]
    resets_at: str | None = None
