"""Refusals, and answers that are missing or invalid, as the errors of the ``ApiError`` family."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import (
    ApiConflict,
    ApiError,
    ApiNotFound,
    ApiOpError,
    ApiRuleViolation,
    AuthError,
    QuotaExceeded,
    RateLimited,
    ScopeError,
    ServiceUnavailable,
    Unprocessable,
    Unreachable,
)
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count
from worldkit.model_access.server_words import retry_after
from worldkit.stores.api.protocol import (
    MAX_TRIES,
    Exchange,
    HttpReply,
    Lost,
    Request,
    clean_rev,
    is_sendable,
)
from worldkit.stores.api.server_words import (
    NotJsonObject,
    detail_of,
    diagnostics,
    error_text,
    is_json,
    object_of,
    plain_text,
    safe_text,
    with_reason,
)

MAX_LISTED = 20
"""Findings that go into a message; all are in ``diagnostics``."""

_OPERATION = re.compile(r"operation (\d{1,6})(?: \((\w{1,60})\))?")


def answer(exchange: Exchange) -> Json:
    """Return the JSON object a call was answered.

    Raises:
        ApiError: It was refused, or what came is no answer.
    """
    outcome = exchange.outcome
    if isinstance(outcome, Lost):
        raise unreachable(exchange.request, outcome, exchange.tries)
    if not 200 <= outcome.status < 300:
        raise refusal(exchange, outcome)
    try:
        return object_of(outcome)
    except NotJsonObject as error:
        note = "" if exchange.request.method == "GET" else " What was asked for may have been done."
        raise ApiError(
            f"{_request_name(exchange.request)} was answered {outcome.status} with {error}; expected a JSON object."
            f"{note} Is base_url the address of a /v1 API?",
            status=outcome.status,
            detail=str(error),
            request_id=_request_id(outcome),
        ) from None


def is_success(reply: HttpReply) -> bool:
    """Return whether an answer is one of the API: a proxy in between answers refusals and pages of its own."""
    return 200 <= reply.status < 300 and is_json(reply)


def unreachable(request: Request, failure: Lost, tries: int) -> Unreachable:
    """Return the error for an answer that did not come; it says whether a write may have happened."""
    tries_note = f" (tried {tries} times)" if tries > 1 else ""
    message = f"{_request_name(request)} got no answer{tries_note}: {safe_text(failure.reason)}"
    if not failure.may_have_arrived:
        message += "; nothing was sent. Check the network and base_url"
    elif request.method != "GET" and request.scope != "worlds:read":
        message += ". What was asked for may have happened all the same: look before asking again"
        if request.key is not None:
            message += f", or ask again with idempotency_key={request.key!r}"
    error = Unreachable(message)
    error.sent = failure.may_have_arrived
    return error


def refusal(exchange: Exchange, reply: HttpReply) -> ApiError:
    """Return the error for an answer that is a refusal."""
    try:
        body = object_of(reply)
    except NotJsonObject:
        body = {}
    detail = detail_of(body) or safe_text(plain_text(reply))
    head = f"{_request_name(exchange.request)} was refused ({reply.status})"
    common: dict[str, Any] = {"status": reply.status, "detail": detail, "request_id": _request_id(reply)}
    handler = _HANDLER_BY_STATUS.get(reply.status)
    if handler is not None:
        return handler(exchange, reply, body, head, detail, common)
    if 300 <= reply.status < 400:
        location = safe_text(reply.headers.get("location", "elsewhere"), 200)
        return ApiError(
            f"{_request_name(exchange.request)} was redirected to {location}; redirects are not followed, so that "
            "the key goes nowhere else. Give that address as base_url if you trust it",
            **common,
        )
    return ApiError(f"{head}{with_reason(detail)}", **common)


def is_key_reused(error: Unprocessable) -> bool:
    """Return whether a refusal says that the idempotency key came with another body before."""
    # draft-ietf-httpapi-idempotency-key-header, 2.7: 422, in words of the server that name the header
    return not error.diagnostics and "idempotency-key" in error.detail.lower()


# ---- one function a status ---------------------------------------------------------------------


def _bad_request(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    request = exchange.request
    if request.rev is None or request.op is None:
        return ApiError(f"{head}{with_reason(detail)}", **common)
    # a write to the graph: the state is in use, or the id or name is taken
    error = ApiOpError(f"{head}, nothing was changed{with_reason(detail)}", **common)
    error.index, error.op, error.reason = 0, request.op, detail
    error.diagnostics = diagnostics(body.get("diagnostics"))
    return error


def _unauthorized(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    if reply.takes_publishable_key:
        return _forbidden(exchange, reply, body, head, detail, common)  # such a key is answered either
    return AuthError(
        f"{head}: the API does not know this key{with_reason(detail)}. Is it of this app, and still valid?", **common
    )


def _over_quota(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    quota = body.get("quota")
    quota = quota if isinstance(quota, dict) else {}
    kind, day = (safe_text(quota[key], 60) if isinstance(quota.get(key), str) else None for key in ("kind", "day"))
    used_count, cap = (quota[key] if type(quota.get(key)) is int else None for key in ("used", "cap"))
    message = f"the quota of {kind or 'the day'} is used up"
    if cap is not None:
        message += f": {used_count} of {cap}" if used_count is not None else f": {cap} a day"
    if day:
        message += f" on {day}"
    note = with_reason(detail) if kind is None else ""
    error = QuotaExceeded(f"{head}: {message}{note}. Nothing was charged; usage() says what is left", **common)
    error.kind, error.used, error.cap, error.day = kind, used_count, cap, day
    return error


def _forbidden(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    scope = safe_text(body["scope"], 60) if isinstance(body.get("scope"), str) else None
    reason = f": the key lacks the scope {scope}" if scope else with_reason(detail)
    advice = "Use a key that has it, or have it added to this one"
    if reply.takes_publishable_key:
        advice = "The key is publishable: it reads and embeds only, and it may have been revoked. Use a secret key"
    error = ScopeError(f"{head}{reason}. {advice}", **common)
    error.scope = scope
    return error


def _not_found(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    return ApiNotFound(
        f"{head}{with_reason(detail or 'there is no such thing here')}. What belongs to another app, or to the other "
        "mode than the key's, is not found either",
        **common,
    )


def _conflict(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    rev = exchange.request.rev
    revs = [clean_rev(str(value)) for value in map(body.get, ("rev", "current")) if type(value) in (str, int)]
    current = next(filter(is_sendable, revs), "")
    current = current or reply.etag or ""
    if rev is None or current == rev:
        return ApiError(f"{head}{with_reason(detail)}", **common)
    message = f"the world is at revision {current}" if current else "the world is at another revision"
    message += f", the edit was made against {rev}; load the current world and make the edit again"
    if exchange.maybe_applied:
        message += ". An earlier try of this very edit got no answer: it may be what moved the revision"
    error = ApiConflict(message, **common)
    error.expected, error.current = rev, current
    return error


def _unprocessable(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    notes = diagnostics(body.get("diagnostics"))
    operation = _operation(exchange.request, body, detail)
    error: Unprocessable
    if exchange.request.rev is not None and notes.errors:
        count = notes.errors.total
        message = f"the edit would leave {format_count(count, 'rule error')}, nothing was changed:"
        error = ApiRuleViolation("\n".join([message, *_lines(notes)]), **common)
    elif operation is not None:
        index, op, reason = operation
        error = ApiOpError(f"operation {index} ({op}) was refused, nothing was changed: {reason}", **common)
        error.index, error.op, error.reason = operation
    else:
        errors = body.get("errors")
        items: list[Any] = errors if isinstance(errors, list) else []
        lines = [
            f"  {safe_text(error_text(item), 200)}"
            for item in items[:MAX_LISTED]
            if safe_text(error_text(item)) not in detail
        ]
        message = f"{head}, nothing was changed{with_reason(detail)}"
        error = Unprocessable("\n".join([message, *lines, *_lines(notes)]), **common)
    error.diagnostics = notes
    return error


def _lines(notes: Diagnostics) -> list[str]:
    return [f"  {note.path}: {note.message} [{note.lint}]" for note in notes[:MAX_LISTED]]


def _limited(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    seconds = retry_after(reply.headers)
    wait = f"wait {seconds:.0f} s" if seconds is not None else "wait a little"
    tries_note = f" {exchange.tries} times" if exchange.tries > 1 else ""
    error = RateLimited(f"{head}{tries_note}: too many requests{with_reason(detail)}; {wait} and ask again", **common)
    error.retry_after = seconds
    return error


def _unavailable(exchange: Exchange, reply: HttpReply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    tries_note = f" {exchange.tries} times" if exchange.tries == MAX_TRIES else ""
    seconds = retry_after(reply.headers)
    # a server may lack for good what was asked for, and says so
    time = "" if detail else "later"
    if seconds is not None:
        time = f"in {seconds:.0f} s"
    advice = f", ask again {time}" if time else ""
    error = ServiceUnavailable(
        f"{head}{tries_note}: the service is not available{with_reason(detail)}; nothing was done{advice}", **common
    )
    error.retry_after = seconds
    return error


_Make = Callable[[Exchange, HttpReply, Json, str, str, Json], ApiError]
_HANDLER_BY_STATUS: Mapping[int, _Make] = {
    400: _bad_request,
    401: _unauthorized,
    402: _over_quota,
    403: _forbidden,
    404: _not_found,
    409: _conflict,
    422: _unprocessable,
    429: _limited,
    503: _unavailable,
}


# ---- parts of answers --------------------------------------------------------------------------


def _operation(request: Request, body: Json, detail: str) -> tuple[int, str, str] | None:
    """Return which operation was refused, and why; None when that is not what was refused."""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else body
    index, op, reason = first.get("index"), first.get("op"), first.get("message") or first.get("reason") or detail
    if type(index) is not int and (match := _OPERATION.search(detail)):
        index, op = int(match[1]), match[2]
    ops = (request.body or {}).get("ops")
    if not isinstance(ops, list) or not ops:
        return (index, safe_text(op, 60), safe_text(reason)) if type(index) is int and isinstance(op, str) else None
    if type(index) is not int or not 0 <= index < len(ops):
        note = "" if len(ops) == 1 else "the server does not say for which of the operations: "
        index, reason = 0, f"{note}{reason}"
    return index, safe_text(op if isinstance(op, str) else ops[index].get("op"), 60), safe_text(reason)


def _request_name(request: Request) -> str:
    return f"{request.method} {safe_text(request.path, 200)}"


def _request_id(reply: HttpReply) -> str | None:
    return safe_text(reply.request_id, 100) if reply.request_id else None
