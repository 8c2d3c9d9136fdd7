"""A server's words and findings, made safe to show: short, without keys, and without what a terminal obeys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from worldkit.core.characters import shorten
from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item, ItemKind
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.stores.api.secret import redacted

MAX_TEXT = 500
"""Characters of a server's words that go into a message."""

_SEVERITIES = ("error", "warning", "info")
_ITEM_KINDS = get_args(ItemKind)


def safe_text(value: Any, max_length: int = MAX_TEXT) -> str:
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
