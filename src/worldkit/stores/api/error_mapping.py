"""Answers that are refusals, and answers that are none, as the errors of the ``ApiError`` family."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.errors import (
    ApiConflict,
    ApiError,
    ApiNotFound,
    ApiOpError,
    ApiRuleViolation,
    AuthError,
    InvalidWorld,
    QuotaExceeded,
    RateLimited,
    ScopeError,
    ServiceUnavailable,
    Unprocessable,
    Unreachable,
)
from worldkit.core.json_values import Json, escape_unprintable, parse
from worldkit.stores.api.protocol import TRIES, Exchange, Lost, Reply, Request, retry_after
from worldkit.stores.api.secret import redacted

LONGEST = 500
"""Characters of a server's words that go into a message."""

SHOWN = 20
"""Findings that go into a message; all are in ``diagnostics``."""

_OPERATION = re.compile(r"operation (\d{1,6})(?: \((\w{1,60})\))?")
_SEVERITIES = ("error", "warning", "info")


def told(value: Any, longest: int = LONGEST) -> str:
    """Return a server's words for a message: one line, of bounded length, without keys and control characters."""
    text = escape_unprintable(" ".join(redacted(str(value)[: 10 * longest]).split()))
    return text if len(text) <= longest else text[: longest - 1] + "…"


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
        return _object(outcome)
    except _NoAnswer as no:
        done = "" if exchange.request.method == "GET" else " What was asked for may have been done."
        raise ApiError(
            f"{_called(exchange.request)} was answered {outcome.status} with {no}; expected a JSON object.{done} "
            "Is base_url the address of a /v1 API?",
            status=outcome.status,
            detail=str(no),
            request_id=_name(outcome),
        ) from None


def unreachable(request: Request, lost: Lost, tries: int) -> Unreachable:
    """Return the error for an answer that did not come; it says whether a write may have happened."""
    again = f" (tried {tries} times)" if tries > 1 else ""
    said = f"{_called(request)} got no answer{again}: {told(lost.reason)}"
    if not lost.sent:
        said += "; nothing was sent. Check the network and base_url"
    elif request.method != "GET" and request.scope != "worlds:read":
        said += ". What was asked for may have happened all the same: look before asking again"
        if request.key is not None:
            said += f", or ask again with idempotency_key={request.key!r}"
    error = Unreachable(said)
    error.sent = lost.sent
    return error


def refusal(exchange: Exchange, reply: Reply) -> ApiError:
    """Return the error for an answer that is a refusal."""
    try:
        body = _object(reply)
    except _NoAnswer:
        body = {}
    detail = _detail(body) or told(_plain_text(reply))
    head = f"{_called(exchange.request)} was refused ({reply.status})"
    common: dict[str, Any] = {"status": reply.status, "detail": detail, "request_id": _name(reply)}
    make = _BY_STATUS.get(reply.status)
    if make is not None:
        return make(exchange, reply, body, head, detail, common)
    if 300 <= reply.status < 400:
        where = told(reply.headers.get("location", "elsewhere"), 200)
        return ApiError(
            f"{_called(exchange.request)} was redirected to {where}; redirects are not followed, so that the key goes "
            "nowhere else. Give that address as base_url if you trust it",
            **common,
        )
    return ApiError(f"{head}{_because(detail)}", **common)


# ---- one function a status ---------------------------------------------------------------------


def _unauthorized(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    return AuthError(
        f"{head}: the API does not know this key{_because(detail)}. Is it of this app, and still valid?", **common
    )


def _over_quota(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    quota = body.get("quota")
    quota = quota if isinstance(quota, dict) else {}
    kind, day = (told(quota[key], 60) if isinstance(quota.get(key), str) else None for key in ("kind", "day"))
    used, cap = (quota[key] if type(quota.get(key)) is int else None for key in ("used", "cap"))
    said = f"the quota of {kind or 'the day'} is used up"
    if cap is not None:
        said += f": {used} of {cap}" if used is not None else f": {cap} a day"
    if day:
        said += f" on {day}"
    told_too = _because(detail) if kind is None else ""
    error = QuotaExceeded(f"{head}: {said}{told_too}. Nothing was charged; usage() says what is left", **common)
    error.kind, error.used, error.cap, error.day = kind, used, cap, day
    return error


def _forbidden(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    scope = told(body["scope"], 60) if isinstance(body.get("scope"), str) else None
    lacks = f": the key lacks the scope {scope}" if scope else _because(detail)
    error = ScopeError(f"{head}{lacks}. Use a key that has it, or have it added to this one", **common)
    error.scope = scope
    return error


def _not_found(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    return ApiNotFound(
        f"{head}{_because(detail or 'there is no such thing here')}. What belongs to another app, or to the other mode "
        "than the key's, is not found either",
        **common,
    )


def _conflict(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    rev = exchange.request.rev
    now = next((str(body[key]) for key in ("rev", "current") if _decimal(body.get(key))), "")
    if rev is None or now == rev:
        return ApiError(f"{head}{_because(detail)}", **common)
    said = f"the world is at revision {now}" if now else "the world is at another revision"
    said += f", the edit was made against {rev}; load the current world and make the edit again"
    if exchange.unsure:
        said += ". An earlier try of this very edit got no answer: it may be what moved the revision"
    error = ApiConflict(said, **common)
    error.expected, error.current = rev, now
    return error


def _unprocessable(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    found = diagnostics(body.get("diagnostics"))
    operation = _operation(exchange.request, body, detail)
    error: Unprocessable
    if "ops" in (exchange.request.body or {}) and found.errors:
        count = found.errors.total
        said = f"the batch would introduce {count} rule error{'s' * (count != 1)}, nothing was changed:"
        error = ApiRuleViolation("\n".join([said, *_lines(found)]), **common)
    elif operation is not None:
        index, op, reason = operation
        error = ApiOpError(f"operation {index} ({op}) was refused, nothing was changed: {reason}", **common)
        error.index, error.op, error.reason = operation
    else:
        errors = body.get("errors")
        listed: list[Any] = errors if isinstance(errors, list) else []
        more = [f"  {told(_one(one), 200)}" for one in listed[:SHOWN] if told(_one(one)) not in detail]
        said = f"{head}, nothing was changed{_because(detail)}"
        error = Unprocessable("\n".join([said, *more, *_lines(found)]), **common)
    error.diagnostics = found
    return error


def _lines(found: Diagnostics) -> list[str]:
    return [f"  {one.path}: {one.message} [{one.lint}]" for one in found[:SHOWN]]


def _limited(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    seconds = retry_after(reply)
    wait = f"wait {seconds:.0f} s" if seconds is not None else "wait a little"
    again = f" {exchange.tries} times" if exchange.tries > 1 else ""
    error = RateLimited(f"{head}{again}: too many requests{_because(detail)}; {wait} and ask again", **common)
    error.retry_after = seconds
    return error


def _unavailable(exchange: Exchange, reply: Reply, body: Json, head: str, detail: str, common: Json) -> ApiError:
    again = f" {exchange.tries} times" if exchange.tries == TRIES else ""
    return ServiceUnavailable(
        f"{head}{again}: the service is not available{_because(detail)}; nothing was done, ask again later", **common
    )


_Make = Callable[[Exchange, Reply, Json, str, str, Json], ApiError]
_BY_STATUS: Mapping[int, _Make] = {
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


def diagnostics(found: Any) -> Diagnostics:
    """Return what an answer lists as diagnostics; what has not the form of one is left out."""
    return Diagnostics(_diagnostics(found if isinstance(found, list) else ()))


def _diagnostics(found: Iterable[Any]) -> Iterable[Diagnostic]:
    for one in found:
        if not isinstance(one, dict) or not isinstance(one.get("message"), str):
            continue
        path = told(one.get("path") or "world", 300)
        item = one.get("item")
        held = item if isinstance(item, dict) else {}
        severity = one.get("severity")
        yield Diagnostic(
            told(one.get("lint") or "api", 80),
            severity if severity in _SEVERITIES else "error",
            path,
            told(one["message"]),
            Item(held.get("kind") or "world", str(held.get("id") or ""), str(held.get("field") or "")),
            count if type(count := one.get("count")) is int and count > 1 else 1,
        )


def _operation(request: Request, body: Json, detail: str) -> tuple[int, str, str] | None:
    """Return which operation was refused, and why; None when that is not what was refused."""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else body
    index, op, reason = first.get("index"), first.get("op"), first.get("message") or first.get("reason") or detail
    if type(index) is not int and (found := _OPERATION.search(detail)):
        index, op = int(found[1]), found[2]
    ops = (request.body or {}).get("ops")
    if not isinstance(ops, list) or not ops:
        return (index, told(op, 60), told(reason)) if type(index) is int and isinstance(op, str) else None
    if type(index) is not int or not 0 <= index < len(ops):
        unsaid = "" if len(ops) == 1 else "the server does not say for which of the operations: "
        index, reason = 0, f"{unsaid}{reason}"
    return index, told(op if isinstance(op, str) else ops[index].get("op"), 60), told(reason)


class _NoAnswer(Exception):
    pass


def _object(reply: Reply) -> Json:
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise _NoAnswer(f"{told(kind, 60) or 'no content type'}{_because(told(_plain_text(reply), 120))}")
    try:
        value = parse(reply.body.decode("utf-8"), "the answer")
    except UnicodeDecodeError:
        raise _NoAnswer("JSON that is not UTF-8") from None
    except InvalidWorld as error:
        raise _NoAnswer(f"broken JSON ({told(error.problems[0].message, 160)})") from None
    if not isinstance(value, dict):
        raise _NoAnswer(f"a JSON {type(value).__name__}")
    return value


def _plain_text(reply: Reply) -> str:
    text = reply.body[:20_000].decode("utf-8", "replace")
    if "html" in reply.headers.get("content-type", ""):
        title = re.search(r"<title[^>]{0,200}>([^<]{1,200})", text, re.IGNORECASE)
        return title[1] if title else ""
    return text


def _detail(body: Json) -> str:
    for key in ("detail", "title", "message"):
        said = body.get(key)
        if isinstance(said, str) and said:
            return told(said)
        if isinstance(said, list) and said:
            return told("; ".join(_one(one) for one in said[:10]))
    errors = body.get("errors")
    return told("; ".join(_one(one) for one in errors[:10])) if isinstance(errors, list) else ""


def _one(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)
    said = next((error[key] for key in ("message", "msg", "detail", "reason") if isinstance(error.get(key), str)), "")
    where = error.get("path") or error.get("loc")
    place = ".".join(map(str, where)) if isinstance(where, list) else where
    return f"{place}: {said}" if place else said or str(error)


def _decimal(value: Any) -> bool:
    return type(value) is int or (isinstance(value, str) and value.isascii() and value.isdigit())


def _because(said: str) -> str:
    stop = said.endswith(".") and not said.endswith("..")
    return f": {said[:-1] if stop else said}" if said else ""


def _called(request: Request) -> str:
    return f"{request.method} {told(request.path, 200)}"


def _name(reply: Reply) -> str | None:
    return told(reply.request_id, 100) if reply.request_id else None
