"""What every route uses: strict JSON, the caller and its scopes, JSON responses."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import Json, format_short_path, quote
from worldkit.server import problems
from worldkit.server.app_admin import AppAdmin
from worldkit.server.app_keys import KeyUse
from worldkit.server.apps import Apps, Caller
from worldkit.server.concurrency import JobWaits, RateLimiter
from worldkit.server.connected_sessions import ConnectedSessions
from worldkit.server.embedded_session import EmbeddedSessions
from worldkit.server.encoding import encode_json
from worldkit.server.freshness import Commits, FreshCache
from worldkit.server.health import Health
from worldkit.server.jobs import Jobs
from worldkit.server.problems import Refusal
from worldkit.server.quota import caps_of
from worldkit.server.request_work import on_thread, within_time_limit
from worldkit.server.settings import BYTES, Settings
from worldkit.server.storage import MeteredSpace
from worldkit.server.tokens import Tokens
from worldkit.server.webhook_delivery import Deliverer
from worldkit.server.webhook_store import Webhooks
from worldkit.server.worker import Workers
from worldkit.stores import Store
from worldkit.stores.api.dialect import DIALECT_HEADER, WORLDKIT

MAX_FIELDS = 1_000
"""Most fields of a body; the framework validates them on the event loop."""

MAX_ERRORS = 100
"""Errors of a body that are listed."""

_KEY_PATTERN = r"^[\x21-\x7e]{1,200}$"
_ETAG = re.compile(r'(?:W/)?"([^"]*)"\Z')


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """The body of an answer that was given, and the revision that went with it."""

    content: bytes
    rev: str


@dataclass(frozen=True, slots=True)
class Services:
    """The objects that a server's routes share, stored in ``app.state.services``."""

    settings: Settings
    store: Store
    apps: Apps
    jobs: Jobs
    tokens: Tokens
    workers: Workers
    rate: RateLimiter
    group_rate: RateLimiter
    embedded_sessions: EmbeddedSessions
    connected_sessions: ConnectedSessions
    app_admin: AppAdmin
    key_use: KeyUse
    webhooks: Webhooks
    deliverer: Deliverer
    health: Health
    commits: Commits
    callers: FreshCache[Caller]
    bodies: FreshCache[AnswerBody]
    job_waits: JobWaits

    def caps(self, caller: Caller) -> dict[str, int]:
        """Return the caps of a caller, by kind."""
        return caps_of(self.settings.caps, caller.caps)

    def metered_space(self, caller: Caller) -> MeteredSpace:
        """Return the worlds of a caller for writing, which counts their storage."""
        return MeteredSpace(self.store, caller.space, self.caps(caller)[BYTES])


async def get_services(request: Request) -> Services:
    """Return the services of the application, as a FastAPI dependency."""
    services: Services = request.app.state.services
    return services


# ---- reading -------------------------------------------------------------------------------------


class StrictRequest(Request):
    """A request whose JSON is parsed as strictly as a world: no duplicate keys, no NaN, bounded depth."""

    async def json(self) -> Any:
        """Return the body's JSON value.

        Raises:
            Refusal: The body is not valid JSON.
        """
        data = await self.body()
        value, self.scope["state"]["fingerprint"] = await on_thread(lambda: _read(data))
        return value


def _read(data: bytes) -> tuple[Any, bytes]:
    """Return the JSON value of a body and its fingerprint, which ignores key order, white space and ``expectedRev``.

    A call that is repeated may assert another revision: its first answer says what became of it.
    """
    try:
        value = json_values.parse(data.decode("utf-8"), "the body", len(data))
    except UnicodeDecodeError as error:
        raise _unreadable(400, f"not UTF-8 text: byte {error.start}") from None
    except InvalidWorld as error:
        raise _unreadable(400, str(error.problems[0])) from None
    if isinstance(value, dict) and len(value) > MAX_FIELDS:
        raise _unreadable(422, f"an object of {len(value):,} fields; a body has {MAX_FIELDS:,} at the most")
    content = (
        {name: part for name, part in value.items() if name != "expectedRev"} if isinstance(value, dict) else value
    )
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return value, sha256(text.encode()).digest()


def _unreadable(status: int, reason: str) -> Refusal:
    return Refusal(status, f"the request cannot be read: {reason}", errors=[f"body: {reason}"])


class StrictRoute(APIRoute):
    """A route that parses JSON strictly, and runs its endpoint within the request's processor time."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        inner = endpoint if inspect.iscoroutinefunction(endpoint) else within_time_limit(endpoint)
        super().__init__(path, inner, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, given a strict request."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            return await inner(StrictRequest(request.scope, request.receive))

        return handler


def validation_problem(error: RequestValidationError) -> Json:
    """Return the problem of a request that cannot be read, without any submitted value.

    A required field that is missing is 400; a value out of range or of the wrong type is 422 (docs/spec/api-v1.md).
    """
    if isinstance(error.body, bytes):  # FastAPI parses no body of another media type
        return _unreadable(400, "not sent as JSON; send it with Content-Type: application/json").body
    items = error.errors()
    is_incomplete = all(item["type"] == "missing" for item in items)
    texts = [str(item["msg"]).removeprefix("Value error, ") for item in items[:MAX_ERRORS]]
    errors = [f"{format_short_path(item['loc'])}: {text}" for item, text in zip(items, texts, strict=False)]
    return problems.body(
        400 if is_incomplete else 422, f"the request cannot be read: {'; '.join(errors[:5])}", errors=errors
    )


# ---- who calls -----------------------------------------------------------------------------------

_bearer_scheme = HTTPBearer(auto_error=False, description="A key of the app, `sk_...` or `pk_...`.")

_user_scheme = HTTPBearer(
    auto_error=False, scheme_name="UserSession", description="The user session: the value of $WORLDKIT_ADMIN_TOKEN."
)


async def current_caller(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer_scheme)] = None
) -> Caller:
    """Return the caller that the admission middleware identified."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def needs_secret_key() -> Refusal:
    """Return the refusal of a call that a publishable key may not make."""
    detail = "this call needs a secret key (sk_...); a publishable one only reads"
    return Refusal(401, detail, {"WWW-Authenticate": "Bearer"})


def scoped(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """Return a dependency that requires a scope."""

    async def check(caller: Annotated[Caller, Depends(current_caller)]) -> Caller:
        if scope not in caller.scopes and caller.kind != "sk":
            raise needs_secret_key()
        if scope not in caller.scopes:
            raise Refusal(403, f"this key lacks the scope {scope}", scope=scope)
        return caller

    return check


async def secret_reader(caller: Annotated[Caller, Depends(scoped("worlds:read"))]) -> Caller:
    """Return the caller of a call that reads with a model, which a publishable key may not make use of."""
    if caller.kind != "sk":
        raise needs_secret_key()
    return caller


async def user_session(
    _: Annotated[HTTPAuthorizationCredentials | None, Depends(_user_scheme)] = None,
) -> None:
    """Describe the credential that the admission middleware checked."""


UserAccess = Annotated[None, Depends(user_session)]
ReadAccess = Annotated[Caller, Depends(scoped("worlds:read"))]
SecretReadAccess = Annotated[Caller, Depends(secret_reader)]
WriteAccess = Annotated[Caller, Depends(scoped("worlds:write"))]
MintAccess = Annotated[Caller, Depends(scoped("sessions:mint"))]
ServicesDep = Annotated[Services, Depends(get_services)]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", pattern=_KEY_PATTERN, description="The same key again returns the first answer."),
]


async def expected_rev(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            pattern=r"^[\x21-\x7e]{1,200}$",
            description="The revision the write was made against, bare or quoted; without it the current one.",
        ),
    ] = None,
) -> str | None:
    """Return the revision that a write expects by its header, None for the current one."""
    if if_match in (None, "*"):
        return None
    match = _ETAG.match(if_match)
    return match[1] if match else if_match


def asserted_rev(header: str | None, body: str | None) -> str | None:
    """Return the revision that a write expects, None for the current one.

    Args:
        header: The one in ``If-Match``.
        body: The one in ``expectedRev``.

    Raises:
        Refusal: They differ.
    """
    if None not in (header, body) and header != body:
        raise Refusal(400, f"If-Match names revision {quote(header)} and expectedRev {quote(body)}; send one of them")
    return body if header is None else header


Rev = Annotated[str | None, Depends(expected_rev)]


async def speaks_worldkit(request: Request) -> bool:
    """Say whether a request speaks worldkit's own dialect, and not the hosted profile (docs/spec/ops.md).

    Then documents go both ways exactly as they are, a batch takes the whole local vocabulary and is applied all or
    none, and what an edit takes along is reported.
    """
    return request.headers.get(DIALECT_HEADER) == WORLDKIT.name


SpeaksWorldkit = Annotated[bool, Depends(speaks_worldkit)]


# ---- answering -----------------------------------------------------------------------------------


def json_response(value: Json, status: int = 200, rev: str | None = None) -> Response:
    """Return a JSON response; a world in it keeps its key order."""
    return text_response(encode_json(value), status, rev)


def body_response(body: AnswerBody) -> Response:
    """Return an answer that was given before."""
    return Response(body.content, headers={"ETag": f'"{body.rev}"'}, media_type="application/json")


def text_response(text: str, status: int = 200, rev: str | None = None) -> Response:
    """Return a JSON text as a response."""
    headers = {} if rev is None else {"ETag": f'"{rev}"'}
    return Response(text, status, headers, "application/json")
