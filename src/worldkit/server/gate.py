"""``Gate``: admits a request before a byte of its body is read: host, framing, credential, rate, size, turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from worldkit.core.errors import WorldError
from worldkit.core.time_limit import TimeLimit
from worldkit.server import encoding, hosts, problems, request_work
from worldkit.server.apps import Caller
from worldkit.server.exchange import Exchange
from worldkit.server.lanes import Lanes
from worldkit.server.limits import retry_after
from worldkit.server.problems import Refusal
from worldkit.server.tokens import BadToken, Claims

if TYPE_CHECKING:
    from worldkit.server.services import House

T = TypeVar("T")

OPEN_BODY = 16_000
"""Largest body of a request that needs no credential, in bytes: none of them wants one."""
LOOKUPS = 2
"""Credentials looked up at once: a look-up takes a millisecond, and has threads that no work takes away."""

MOST_TOKEN = 4000
"""Characters of a session token; none of this server's is half as long."""

NEEDS_KEY = "send an app's key as Authorization: Bearer sk_...; this one is missing, unknown or revoked"


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who asks, and what one request of theirs may cost.

    Attributes:
        caller: Whose lane and rate it is; None for whoever needs no credential.
        max_body: Bytes in.
        seconds: Processor time.
    """

    caller: str | None
    max_body: int
    seconds: float


class Gate:
    """An ASGI application around another one.

    Args:
        app: The one inside.
        house: What a server's routes share.
    """

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app, self._house = app, house
        settings = house.settings
        self._hosts = hosts.names(settings.hosts, settings.public_url)
        self._lanes = Lanes(settings.per_caller, settings.waiting)
        self._lookups = CapacityLimiter(LOOKUPS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        encoding.most.set(self._house.settings.max_answer)  # each request is a task with a context of its own
        try:
            refuse_misdirected(scope, self._hosts)
            refuse_ambiguous(scope)
            admitted = await self._admitted(scope)
            exchange.allow(admitted.max_body)
            await self._pass(scope, exchange, admitted)
        except WorldError as error:
            found = problems.problem_of(error)
            if found is None or exchange.begun:
                raise
            await problems.send(found, problems.headers_of(found), exchange.send)
        except Refusal as refused:
            if exchange.begun:
                raise
            await problems.send(refused.body, dict(refused.headers or {}), exchange.send)

    async def _pass(self, scope: Scope, exchange: Exchange, admitted: Admitted) -> None:
        if admitted.caller is None:
            await self._app(scope, exchange.receive, exchange.send)
            return
        async with self._lanes.entered(admitted.caller) as place:
            scope["state"]["place"] = place
            limit = TimeLimit(admitted.seconds)
            token = request_work.given.set(limit)
            try:
                await self._app(scope, exchange.receive, exchange.send)
            finally:
                request_work.given.reset(token)
                self._house.rate.charge(admitted.caller, 1000 * limit.spent / self._house.settings.work_ms - 1)

    async def _admitted(self, scope: Scope) -> Admitted:
        settings, state = self._house.settings, scope["state"]
        match needed(scope["path"]):
            case "key":
                who = await self._caller(scope)
                state["caller"], state["key"] = who, who.key
                self._charge(who.key, f"this key makes more than {settings.rate:g} requests a second")
                most = settings.max_body if who.kind == "sk" else settings.max_public_body
                return Admitted(who.key, most, settings.work_s)
            case "token":
                claims = await self._claims(bearer(scope))
                if isinstance(claims, BadToken):
                    raise Refusal(401, str(claims), {"WWW-Authenticate": "Bearer"})
                state["claims"] = claims
                self._charge(f"token:{claims.jti}", "too many messages")
                return Admitted(f"token:{claims.jti}", settings.max_message, settings.player_work_s)
            case "page":
                claims = state["claims"] = await self._claims(query_token(scope))
                if isinstance(claims, Claims):
                    self._charge(f"token:{claims.jti}", "too many pages")
                    return Admitted(f"token:{claims.jti}", OPEN_BODY, settings.player_work_s)
                return Admitted(None, OPEN_BODY, settings.player_work_s)
            case "none":
                return Admitted(None, OPEN_BODY, settings.player_work_s)

    def _charge(self, caller: str, why: str) -> None:
        wait = self._house.rate.take(caller)
        if wait:
            detail = f"{why}, or more work than that stands for; wait and try again"
            raise Refusal(429, detail, {"Retry-After": retry_after(wait)})

    async def _caller(self, scope: Scope) -> Caller:
        given = bearer(scope)
        known = await self._looked_up(lambda: self._house.apps.caller(given)) if given else None
        if known is None:
            raise Refusal(401, NEEDS_KEY, {"WWW-Authenticate": "Bearer"})
        return known

    async def _claims(self, given: str) -> Claims | BadToken:
        def look() -> Claims | BadToken:
            try:
                return live(self._house, given)
            except BadToken as bad:
                return bad

        return await self._looked_up(look)

    async def _looked_up(self, look: Callable[[], T]) -> T:
        return await to_thread.run_sync(look, limiter=self._lookups)


NEEDED: Mapping[str, Literal["token", "page"]] = {"/embed/messages": "token", "/embed.html": "page"}


def needed(path: str) -> Literal["key", "token", "page", "none"]:
    """Return which credential an address needs before anything of the request is read.

    Args:
        path: The address; ``"page"`` is a token in the query, whose refusal is a page as well.
    """
    return "key" if path.startswith("/v1/") else NEEDED.get(path, "none")


def query_token(scope: Scope) -> str:
    """Return the session token in the query of an address, empty when there is none."""
    said = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10)
    return str(said.get("token", [""])[0])[:MOST_TOKEN]


def bearer(scope: Scope) -> str:
    """Return the credential that a request carries, empty when it carries none."""
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, credential = given.decode("latin-1").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def live(house: House, token: str) -> Claims:
    """Return what a session token says.

    Raises:
        BadToken: It opens nothing (any more), or its key was revoked.
    """
    if not token:
        raise BadToken("the player needs a session token; mint one with POST /v1/sessions/token")
    claims = house.tokens.read(token)
    if not house.apps.is_live(claims.key):
        raise BadToken("the key that minted the token was revoked")
    return claims


def refuse_misdirected(scope: Scope, allowed: frozenset[str]) -> None:
    """Refuse a request for another server.

    Raises:
        Refusal: Its ``Host`` is none of the allowed ones.
    """
    if not hosts.is_allowed(scope, allowed):
        detail = (
            "this server does not answer to the name in the Host header; "
            "start it with --allow-host NAME, or with --public-url"
        )
        raise Refusal(421, detail, {"Connection": "close"})


def refuse_ambiguous(scope: Scope) -> None:
    """Refuse a request whose end can be read in two ways (RFC 9112, 6.3: a sign of request smuggling).

    Raises:
        Refusal: It has a ``Content-Length`` and a ``Transfer-Encoding``.
    """
    names = {name for name, _ in scope["headers"]}
    if b"content-length" in names and b"transfer-encoding" in names:
        detail = "a request has a Content-Length or a Transfer-Encoding, not both; its end could be read in two ways"
        raise Refusal(400, detail, {"Connection": "close"})
