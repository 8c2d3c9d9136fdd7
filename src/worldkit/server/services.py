"""What every route uses: reading JSON strictly, knowing who calls, answering JSON, doing a thing once."""

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
from sqlalchemy import Connection

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import Json, format_short_path
from worldkit.server.apps import Apps, Caller
from worldkit.server.embedded_session import Stages
from worldkit.server.encoding import encoded
from worldkit.server.health import Health
from worldkit.server.idempotency import Answer, Once
from worldkit.server.jobs import Jobs
from worldkit.server.limits import Rate
from worldkit.server.problems import Refusal
from worldkit.server.quota import caps_of
from worldkit.server.request_work import counted, threaded
from worldkit.server.settings import BYTES, Settings
from worldkit.server.storage import Kept
from worldkit.server.tokens import Tokens
from worldkit.server.worker import Workers
from worldkit.stores import Store

MOST_FIELDS = 1_000
"""Fields of a body; the framework looks at each of them on the event loop."""

_KEY = r"^[\x21-\x7e]{1,200}$"
_REV = re.compile(r'(?:W/)?"?([0-9]{1,18})"?\Z')


@dataclass(frozen=True, slots=True)
class House:
    """What a server's routes share; ``app.state.house`` holds it."""

    settings: Settings
    store: Store
    apps: Apps
    jobs: Jobs
    tokens: Tokens
    workers: Workers
    rate: Rate
    stages: Stages
    health: Health

    def caps(self, who: Caller) -> dict[str, int]:
        """Return what a caller may use, by kind."""
        return caps_of(self.settings.caps, who.caps)

    def kept(self, who: Caller) -> Kept:
        """Return a caller's worlds, for changing them."""
        return Kept(self.store, who.space, self.caps(who)[BYTES])


async def house(request: Request) -> House:
    """Return what the routes share."""
    found: House = request.app.state.house
    return found


# ---- reading -------------------------------------------------------------------------------------


class StrictRequest(Request):
    """A request whose JSON is read as worlds are: no key twice, no NaN, bounded depth."""

    async def json(self) -> Any:
        """Return the body's JSON value.

        Raises:
            Refusal: It is none.
        """
        data = await self.body()
        value, self.scope["state"]["fingerprint"] = await threaded(lambda: _read(data))
        return value


def _read(data: bytes) -> tuple[Any, bytes]:
    """Return the JSON value of a body and its fingerprint, which knows no order of keys and no white space."""
    try:
        value = json_values.parse(data.decode("utf-8"), "the body", len(data))
    except UnicodeDecodeError as error:
        raise _unreadable(f"not UTF-8 text: byte {error.start}") from None
    except InvalidWorld as error:
        raise _unreadable(str(error.problems[0])) from None
    if isinstance(value, dict) and len(value) > MOST_FIELDS:
        raise _unreadable(f"an object of {len(value):,} fields; a body has {MOST_FIELDS:,} at the most")
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return value, sha256(plain.encode()).digest()


def _unreadable(why: str) -> Refusal:
    said = [{"path": "body", "message": why}]
    return Refusal(422, f"the request cannot be read: {why}", errors=said)


class StrictRoute(APIRoute):
    """A route that reads JSON strictly, and works on a thread within the request's time."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        inner = endpoint if inspect.iscoroutinefunction(endpoint) else counted(endpoint)
        super().__init__(path, inner, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, given a strict request."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            return await inner(StrictRequest(request.scope, request.receive))

        return handler


def said(error: RequestValidationError) -> list[Json]:
    """Return what is wrong with a request, each with its place and words, and nothing of its values."""
    return [{"path": format_short_path(item["loc"]), "message": str(item["msg"])} for item in error.errors()]


# ---- who calls -----------------------------------------------------------------------------------

_bearer = HTTPBearer(auto_error=False, description="A key of the app, `sk_...` or `pk_...`.")


async def caller(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None
) -> Caller:
    """Return who calls, as the gate found out."""
    known: Caller = request.scope["state"]["caller"]
    return known


def scoped(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """Return a dependency that lets through whoever has a scope."""

    async def check(who: Annotated[Caller, Depends(caller)]) -> Caller:
        if scope not in who.scopes:
            raise Refusal(403, f"this key lacks the scope {scope}", scope=scope)
        return who

    return check


Reader = Annotated[Caller, Depends(scoped("worlds:read"))]
Writer = Annotated[Caller, Depends(scoped("worlds:write"))]
Minter = Annotated[Caller, Depends(scoped("sessions:mint"))]
Here = Annotated[House, Depends(house)]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", pattern=_KEY, description="The same key again returns the first answer."),
]


async def wanted_rev(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            pattern=r'^(\*|(W/)?"?[0-9]{1,18}"?)$',
            description="The revision the write was made against; without it whatever is current.",
        ),
    ] = None,
) -> str | None:
    """Return the revision a write was made against, None for whatever is current."""
    match = _REV.match(if_match or "")
    return str(int(match[1])) if match else None


Rev = Annotated[str | None, Depends(wanted_rev)]


# ---- answering -----------------------------------------------------------------------------------


def answer(value: Json, status: int = 200, rev: str | None = None) -> Response:
    """Return a JSON answer; a world in it keeps its key order."""
    return _response(encoded(value), status, rev)


NO_BODY = sha256(b"").digest()


def _response(text: str, status: int = 200, rev: str | None = None) -> Response:
    headers = {} if rev is None else {"ETag": f'"{rev}"'}
    return Response(text, status, headers, "application/json")


def once_of(request: Request, here: House, who: Caller, key: str | None) -> Once | None:
    """Return what makes a call the same as another one, None when it carries no idempotency key."""
    if key is None:
        return None
    fingerprint = request.scope["state"].get("fingerprint", NO_BODY)
    return Once(who.space, f"{request.method} {request.url.path}", key, fingerprint, here.caps(who)[BYTES])


def once(
    request: Request, here: House, who: Caller, key: str | None, do: Callable[[Connection], tuple[Json, str | None]]
) -> Response:
    """Do what a call asks in one transaction, or return what the same key was answered.

    Args:
        request: The request; calls of other methods and paths are apart.
        here: What the routes share.
        who: Who calls.
        key: The idempotency key, None to do it whatever came before.
        do: Does it, and returns the answer and the id of the world it speaks of.
    """
    with here.store.database.writing() as connection:
        call = once_of(request, here, who, key)
        if call is not None and (known := call.recall(connection)):
            if known.job is not None:
                detail = f"this Idempotency-Key made the job {known.job}; its outcome is at /v1/jobs/{known.job}"
                raise Refusal(409, detail)
            return _response(known.body, known.status)
        value, world = do(connection)
        text = encoded(value)
        if call is not None:
            call.remember(connection, Answer(text, 200, world))
    return _response(text, rev=value.get("rev"))
