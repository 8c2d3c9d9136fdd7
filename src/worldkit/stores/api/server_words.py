"""What a server's answer says: its JSON object, its findings, and the reason in it, whichever form a server gives it.

What is shown of it is short, without keys, and without what a terminal obeys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from worldkit.core.characters import shorten
from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item, ItemKind
from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import Json, escape_unprintable, parse
from worldkit.stores.api.protocol import HttpReply
from worldkit.stores.api.secret import redacted

MAX_TEXT_LENGTH = 500
"""Characters of a server's words that go into a message."""

_SEVERITIES = ("error", "warning", "info")
_ITEM_KINDS = get_args(ItemKind)


def safe_text(value: Any, max_length: int = MAX_TEXT_LENGTH) -> str:
    """Return a server's words for a message: one line, of bounded length, without keys and control characters."""
    text = escape_unprintable(" ".join(redacted(str(value)[: 10 * max_length]).split()))
    return shorten(text, max_length)


def diagnostics(values: Any) -> Diagnostics:
    """Return what an answer lists as diagnostics; what does not look like one is left out."""
    return Diagnostics(_diagnostics(values if isinstance(values, list) else ()))


def _diagnostics(values: Iterable[Any]) -> Iterable[Diagnostic]:
    for value in values:
        if not isinstance(value, dict) or not isinstance(value.get("message"), str):
            continue
        path = safe_text(value.get("path") or "world", 300)
        item = value.get("item")
        fields = item if isinstance(item, dict) else item_of_path(path)
        kind: ItemKind = fields["kind"] if fields.get("kind") in _ITEM_KINDS else "world"
        severity = value.get("severity")
        yield Diagnostic(
            safe_text(value.get("lint") or "api", 80),
            severity if severity in _SEVERITIES else "error",
            path,
            safe_text(value["message"]),
            Item(kind, str(fields.get("id") or ""), str(fields.get("field") or "")),
            count if type(count := value.get("count")) is int and count > 1 else 1,
            loc=loc if isinstance(loc := value.get("loc"), dict) else None,
        )


_PATH = re.compile(
    r"(?:(?P<kind>state|event|cutscene|sequence|mission)\[(?P<id>.*?)\](?:\.(?P<field>.+)| \(.*\))?|(?P<world>.+))\Z"
)


def item_of_path(path: str) -> Json:
    """Return the place that a hosted server's path means: ``state[pier].base`` is the ``base`` of state ``pier``.

    Such a server sends no place as data. Its paths are read here only, and only to show where a finding is.
    """
    match = _PATH.match(path)
    if match is None or match["kind"] is None:
        return {"kind": "world", "id": "", "field": "" if path == "world" else path}
    return {"kind": match["kind"], "id": match["id"], "field": match["field"] or ""}


class NotJsonObject(Exception):
    """An answer is no JSON object; its text says what it is."""


def media_type(reply: HttpReply) -> str:
    """Return the media type of an answer, without its parameters."""
    return reply.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(reply: HttpReply) -> bool:
    """Return whether an answer says that it is JSON."""
    kind = media_type(reply)
    return kind == "application/json" or kind.endswith("+json")


def object_of(reply: HttpReply) -> Json:
    """Return the JSON object that an answer is.

    Raises:
        NotJsonObject: It is none.
    """
    if not is_json(reply):
        kind = media_type(reply)
        raise NotJsonObject(
            f"{safe_text(kind, 60) or 'no content type'}{with_reason(safe_text(plain_text(reply), 120))}"
        )
    try:
        value = parse(reply.body.decode("utf-8"), "the answer")
    except UnicodeDecodeError:
        raise NotJsonObject("JSON that is not UTF-8") from None
    except InvalidWorld as error:
        raise NotJsonObject(f"broken JSON ({safe_text(error.problems[0].message, 160)})") from None
    if not isinstance(value, dict):
        raise NotJsonObject(f"a JSON {type(value).__name__}")
    return value


def plain_text(reply: HttpReply) -> str:
    """Return the text of an answer that is no JSON: of a page, its title."""
    text = reply.body[:20_000].decode("utf-8", "replace")
    if "html" in reply.headers.get("content-type", ""):
        title = re.search(r"<title[^>]{0,200}>([^<]{1,200})", text, re.IGNORECASE)
        return title[1] if title else ""
    return text


def detail_of(body: Json) -> str:
    """Return the reason that a body gives, empty where it gives none."""
    for key in ("detail", "error", "message", "title"):
        value = body.get(key)
        if isinstance(value, str) and value:
            return safe_text(value)
        if isinstance(value, list) and value:
            return safe_text("; ".join(error_text(item) for item in value[:10]))
        if isinstance(value, dict) and value:
            return safe_text(error_text(value))
    errors = body.get("errors")
    return safe_text("; ".join(error_text(item) for item in errors[:10])) if isinstance(errors, list) else ""


def error_text(error: Any) -> str:
    """Return one error of a body as text, with its place."""
    if not isinstance(error, dict):
        return str(error)
    message = next(
        (error[key] for key in ("message", "msg", "detail", "reason") if isinstance(error.get(key), str)), ""
    )
    path = error.get("path") or error.get("loc")
    label = ".".join(map(str, path)) if isinstance(path, list) else path
    return f"{label}: {message}" if label else message or str(error)


def with_reason(reason: str) -> str:
    """Return a reason as the end of a sentence."""
    has_period = reason.endswith(".") and not reason.endswith("..")
    return f": {reason[:-1] if has_period else reason}" if reason else ""
