"""Making a request and reading its answer, for every call alike."""

from __future__ import annotations

import uuid

from worldkit.core import json_values
from worldkit.core.errors import ApiError, QuotaExceeded
from worldkit.core.json_values import Json
from worldkit.stores.api import answers, wire
from worldkit.stores.api.error_mapping import answer, told
from worldkit.stores.api.protocol import Call, Exchange, Request, exchanged


def fresh_key() -> str:
    """Return an idempotency key."""
    return uuid.uuid4().hex


def asked(request: Request) -> Call[Json]:
    """Make a request and return its answer.

    Raises:
        ApiError: It was refused, or no answer came.
    """
    return (yield from answered((yield from sent(request))))


def sent(request: Request) -> Call[Exchange]:
    """Make a request, again where that is safe, and return what came of it.

    Raises:
        InvalidWorld: Its body holds what JSON cannot say.
    """
    if request.body is not None:
        json_values.check_json(request.body, "what was to be sent")
    try:
        return (yield from exchanged(request))
    except BaseException as stopped:
        # whoever interrupts a write does not know whether it happened; its key can tell
        if request.key is not None and not isinstance(stopped, (Exception, GeneratorExit)):
            again = f"ask again with idempotency_key={request.key!r} for its result"
            stopped.add_note(f"{request.method} {request.path} may have arrived; {again}")
        raise


def answered(exchange: Exchange) -> Call[Json]:
    """Return the JSON object a request was answered.

    Raises:
        ApiError: It was refused, or no answer came.
    """
    try:
        return answer(exchange)
    except QuotaExceeded as error:
        if error.cap is not None or exchange.request.path == wire.usage().path:
            raise
        refused = error
    # the specification's 402 does not say what the quota is; the usage does
    try:
        usage = yield from asked(wire.usage())
        spent = answers.usage_of(usage)
    except ApiError:
        raise refused from None
    full = [f"{spent.used.get(kind, 0)} of {cap} {kind}" for kind, cap in spent.caps.items() if not spent.left[kind]]
    if full:
        refused.args = (f"{refused.args[0]}. Used up on {told(spent.day, 40)}: {told(', '.join(full), 200)}",)
    raise refused
