"""Making a request and reading its answer, for every call alike."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

from worldkit.core import json_values
from worldkit.core.errors import ApiError, QuotaExceeded
from worldkit.core.json_values import Json
from worldkit.stores.api import answers, wire
from worldkit.stores.api.error_mapping import answer
from worldkit.stores.api.protocol import Call, Exchange, HttpReply, Received, Request, Work, send_with_retries
from worldkit.stores.api.server_words import safe_text

MAX_KEY_LENGTH = 200
"""Characters of an idempotency key at the most: as many as worldkit's own server takes."""


def new_idempotency_key() -> str:
    """Return an idempotency key."""
    return uuid.uuid4().hex


def derived_key(key: str, purpose: str) -> str:
    """Return the idempotency key of a further request of a call.

    Args:
        key: The idempotency key of the call.
        purpose: What the request does.
    """
    new_key = f"{key}-{purpose}"
    if len(new_key) <= MAX_KEY_LENGTH:
        return new_key
    return f"{blake2b(key.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}-{purpose}"


MAX_CACHED_WRITES = 64
"""Writes that a client remembers."""


@dataclass(frozen=True, slots=True)
class KeyedWrite:
    """What identifies a write.

    Attributes:
        world: The world's id.
        key: Its idempotency key.
        digest: A digest of what was asked for.
    """

    world: str
    key: str
    digest: bytes


def keyed_write(world: str, key: str, body: Any) -> KeyedWrite:
    """Return what identifies a write.

    Args:
        world: The world's id.
        key: Its idempotency key.
        body: What was asked for, as JSON.

    Raises:
        InvalidWorld: It holds what JSON cannot say.
    """
    json_values.check_json(body, "what was to be sent")
    return KeyedWrite(world, key, blake2b(json.dumps(body).encode(), digest_size=16).digest())


def request_json(request: Request) -> Call[Json]:
    """Make a request and return its answer.

    Raises:
        ApiError: It was refused, or no answer came.
    """
    return (yield from receive(request)).body


def perform(request: Request) -> Call[None]:
    """Make a request that is answered only with its success: any 2xx, with or without a body.

    Raises:
        ApiError: It was refused, no answer came, or the answer says that it was not done.
    """
    exchange = yield from send_request(request)
    outcome = exchange.outcome
    if isinstance(outcome, HttpReply) and 200 <= outcome.status < 300 and not outcome.body.strip():
        return
    body = (yield from answer_of(exchange)).body
    for name in ("ok", "deleted"):
        if body.get(name) is False:
            detail = safe_text(body.get("detail") or f'"{name}": false')
            status = outcome.status if isinstance(outcome, HttpReply) else None
            message = f"{request.method} {safe_text(request.path, 200)} was answered, but not done: {detail}"
            raise ApiError(message, status=status, detail=detail)


def receive(request: Request) -> Call[Received]:
    """Make a request and return its answer with its revision.

    Raises:
        ApiError: It was refused, or no answer came.
    """
    return (yield from answer_of((yield from send_request(request))))


def send_request(request: Request) -> Call[Exchange]:
    """Make a request, again where that is safe, and return the outcome.

    Raises:
        InvalidWorld: Its body holds what JSON cannot say.
    """
    if request.body is not None:
        yield Work(partial(json_values.check_json, request.body, "what was to be sent"))
    try:
        return (yield from send_with_retries(request))
    except BaseException as error:
        # after an interrupted write it is not known whether it happened; its key can tell
        if request.key is not None and not isinstance(error, (Exception, GeneratorExit)):
            hint = f"ask again with idempotency_key={request.key!r} for its result"
            error.add_note(f"{request.method} {request.path} may have arrived; {hint}")
        raise


def answer_of(exchange: Exchange) -> Call[Received]:
    """Return what a request was answered.

    Raises:
        ApiError: It was refused, or no answer came.
    """
    try:
        body: Json = yield Work(partial(answer, exchange))
        return Received(body, exchange.outcome.etag if isinstance(exchange.outcome, HttpReply) else None)
    except QuotaExceeded as error:
        if error.cap is not None or exchange.request.path == wire.usage().path:
            raise
        quota_error = error
    # the specification's 402 does not say what the quota is; the usage does
    try:
        usage_json = yield from request_json(wire.usage())
        usage = answers.usage_of(usage_json)
    except ApiError:
        raise quota_error from None
    limits = [f"{usage.used.get(kind, 0)} of {cap} {kind}" for kind, cap in usage.caps.items() if not usage.left[kind]]
    if limits:
        quota_error.args = (
            f"{quota_error.args[0]}. Used up on {safe_text(usage.day, 40)}: {safe_text(', '.join(limits), 200)}",
        )
    raise quota_error
