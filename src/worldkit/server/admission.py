"""``AdmissionMiddleware``: checks host, framing, credential, rate and size of a request before its body is read.

The body of a session call is read first where the token is in it: at most ``MAX_KEYLESS_BODY_BYTES`` bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worldkit.core.errors import WorldError
from worldkit.core.time_limit import TimeLimit
from worldkit.server import encoding, hosts, problems, request_work
from worldkit.server.apps import Caller
from worldkit.server.bounded_io import BoundedIO
from worldkit.server.concurrency import CallerLimiter, retry_after
from worldkit.server.connections import CONNECTION_KEY
from worldkit.server.credentials import (
    MAX_KEYLESS_BODY_BYTES,
    bearer,
    body_token,
    live,
    playing,
    query_token,
    refuse_stranger,
    required_credential,
)
from worldkit.server.problems import Refusal
from worldkit.server.tokens import BadToken, Claims

if TYPE_CHECKING:
    from worldkit.server.services import Services

T = TypeVar("T")

MAX_LOOKUPS = 2
"""Credentials looked up at once. These threads are separate from those for requests, so that a look-up never waits."""


SINGLE_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match")
"""Headers of which only one would be read, so that a second one is refused."""

MISSING_KEY_MESSAGE = "send an app's key as Authorization: Bearer sk_...; this one is missing, unknown or revoked"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose slots and rates a request uses.

    Attributes:
        caller: Identifies the key or token.
        app: Identifies its app and mode, whose slots all keys and tokens share.
        group: Identifies whose rate is shared: all secret keys of the app, or all its publishable keys and tokens.
            So players cannot use up what the app's own servers may do.
    """

    caller: str
    app: str
    group: str


@dataclass(frozen=True, slots=True)
class Admission:
    """The caller of a request, and the limits of the request.

    Attributes:
        account: Whose slots and rates it uses; None without a credential.
        max_body: Largest body in bytes.
        seconds: Processor time.
    """

    account: Account | None
    max_body: int
    seconds: float


class AdmissionMiddleware:
    """ASGI middleware that refuses or admits requests.

    Args:
        app: The application it wraps.
        services: What a server's routes share.
    """

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app, self._services = app, services
        settings = services.settings
        self._hosts = hosts.names(settings.hosts, settings.public_url)
        self._caller_slots = CallerLimiter(settings.per_caller, settings.waiting)
        # each caller takes few of them at once, so that those who wait for them need no limit of their own
        self._app_slots = CallerLimiter(settings.app_share * settings.per_caller, math.inf)
        self._lookup_slots = CapacityLimiter(MAX_LOOKUPS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        io = BoundedIO(scope, receive, send)
        encoding.max_answer.set(self._services.settings.max_answer)  # each request is a task with its own context
        try:
            refuse_misdirected(scope, self._hosts)
            refuse_ambiguous(scope)
            admission = await self._admit(scope, io)
            if admission.account is not None and (connection := scope["state"].get(CONNECTION_KEY)) is not None:
                connection.keep_open()
            io.allow(admission.max_body)
            await self._forward(scope, io, admission)
        except WorldError as error:
            problem = problems.problem_of(error)
            if problem is None or io.has_started:
                raise
            problems.log_failure(error)
            await problems.send(problem, problems.headers_of(problem), io.send)
        except Refusal as refusal:
            if io.has_started:
                raise
            await problems.send(refusal.body, dict(refusal.headers or {}), io.send)

    async def _forward(self, scope: Scope, io: BoundedIO, admission: Admission) -> None:
        account = admission.account
        if account is None:
            await self._app(scope, io.receive, io.send)
            return
        async with self._caller_slots.acquire(account.caller) as caller_slot:
            await io.read_ahead()  # a body that drips in takes a slot of its caller, and none of the app's others
            async with self._app_slots.acquire(account.app) as app_slot:
                scope["state"]["slots"] = caller_slot, app_slot

                async def send(message: Message) -> None:
                    if message["type"] == "http.response.start":
                        app_slot.release()  # the work is done, and whoever takes the answer slowly holds up nobody
                    await io.send(message)

                limit = TimeLimit(admission.seconds)
                token = request_work.time_limit.set(limit)
                try:
                    await self._app(scope, io.receive, send)
                finally:
                    request_work.time_limit.reset(token)
                    requests = 1000 * limit.spent_seconds / self._services.settings.work_ms - 1
                    self._services.rate.charge(account.caller, requests)
                    self._services.group_rate.charge(account.group, requests)

    async def _admit(self, scope: Scope, io: BoundedIO) -> Admission:
        settings, state = self._services.settings, scope["state"]
        match required_credential(scope["path"]):
            case "key":
                caller = await self._caller(scope)
                state["caller"], state["key"] = caller, caller.key
                self._services.key_use.note(caller.key)
                account = _account_of_key(caller)
                self._charge(account, f"this key makes more than {settings.rate:g} requests a second")
                max_body = settings.max_body if caller.kind == "sk" else settings.max_public_body
                return Admission(account, max_body, settings.work_s)
            case "user":
                refuse_stranger(bearer(scope), settings.admin_token)
                return Admission(Account("user", "user", "user"), settings.max_public_body, settings.work_s)
            case "run":
                claims = state["claims"] = _or_refuse(await self._look_up_token(bearer(scope), playing))
                account = _account_of_token(claims)
                self._charge(account, "too many messages")
                return Admission(account, settings.max_message, settings.player_work_s)
            case "token":
                token = bearer(scope)
                if not token or token.startswith(("sk_", "pk_")):  # it is in the body, whatever key comes with it
                    io.allow(MAX_KEYLESS_BODY_BYTES)
                    token = body_token(await io.read_ahead(settings.token_body_s)) if scope["method"] == "POST" else ""
                if not token:  # the route says what is wrong with the body
                    return Admission(None, MAX_KEYLESS_BODY_BYTES, settings.player_work_s)
                claims = state["claims"] = _or_refuse(await self._look_up_token(token, live))
                account = _account_of_token(claims)
                self._charge(account, "too many requests with this token")
                return Admission(account, MAX_KEYLESS_BODY_BYTES, settings.player_work_s)
            case "page":
                page_claims = state["claims"] = await self._look_up_token(query_token(scope), live)
                if isinstance(page_claims, Claims):
                    account = _account_of_token(page_claims)
                    self._charge(account, "too many pages")
                    return Admission(account, MAX_KEYLESS_BODY_BYTES, settings.player_work_s)
                return Admission(None, MAX_KEYLESS_BODY_BYTES, settings.player_work_s)
            case "none":
                return Admission(None, MAX_KEYLESS_BODY_BYTES, settings.player_work_s)

    def _charge(self, account: Account, reason: str) -> None:
        # the caller's own first: one that is refused by it takes nothing of what others share with it
        wait = self._services.rate.take(account.caller)
        if not wait and (wait := self._services.group_rate.take(account.group)):
            reason = "too many requests with the keys or tokens of this app"
        if wait:
            detail = f"{reason}, or more work than that stands for; wait and try again"
            raise Refusal(429, detail, {"Retry-After": retry_after(wait)})

    async def _caller(self, scope: Scope) -> Caller:
        key, services = bearer(scope), self._services
        digest = sha256(key.encode("latin-1")).digest()
        caller, version = services.callers.look_up(digest)
        if caller is not None:
            return caller
        caller = await self._look_up(lambda: services.apps.caller(key)) if key else None
        if caller is None:
            raise Refusal(401, MISSING_KEY_MESSAGE, {"WWW-Authenticate": "Bearer"})
        services.callers.put(digest, caller, version)
        return caller

    async def _look_up_token(self, token: str, check: Callable[[Services, str], Claims]) -> Claims | BadToken:
        def read() -> Claims | BadToken:
            try:
                return check(self._services, token)
            except BadToken as error:
                return error

        return await self._look_up(read)

    async def _look_up(self, query: Callable[[], T]) -> T:
        return await to_thread.run_sync(query, limiter=self._lookup_slots)


def _account_of_key(caller: Caller) -> Account:
    group = "secret" if caller.kind == "sk" else "public"
    return Account(caller.key, caller.space, f"{caller.space} {group}")


def _account_of_token(claims: Claims) -> Account:
    return Account(f"token:{claims.jti}", claims.space, f"{claims.space} public")


def _or_refuse(claims: Claims | BadToken) -> Claims:
    if isinstance(claims, BadToken):
        raise Refusal(401, str(claims), {"WWW-Authenticate": "Bearer"})
    return claims


def refuse_misdirected(scope: Scope, host_names: frozenset[str]) -> None:
    """Refuse a request whose ``Host`` header names another server.

    Raises:
        Refusal: The name is not allowed.
    """
    if not hosts.is_allowed(scope, host_names):
        detail = (
            "this server does not answer to the name in the Host header; "
            "start it with --allow-host NAME, or with --public-url"
        )
        raise Refusal(421, detail, {"Connection": "close"})


def refuse_ambiguous(scope: Scope) -> None:
    """Refuse a request that can be read in two ways (RFC 9112, 6.3: request smuggling).

    Raises:
        Refusal: It has both ``Content-Length`` and ``Transfer-Encoding``, or one of ``SINGLE_HEADERS`` twice.
    """
    names = [name for name, _ in scope["headers"]]
    for name in SINGLE_HEADERS:
        if names.count(name.lower().encode()) > 1:
            raise Refusal(400, f"the request has {name} more than once; send it once", {"Connection": "close"})
    if b"content-length" in names and b"transfer-encoding" in names:
        detail = "a request has a Content-Length or a Transfer-Encoding, not both; its end could be read in two ways"
        raise Refusal(400, detail, {"Connection": "close"})
