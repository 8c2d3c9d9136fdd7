"""Labels of batches, as an undo menu shows them: "Rename lane to road", "3 changes"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from worldkit.core.characters import printable_line, shorten
from worldkit.core.json_values import Json
from worldkit.editing.vocabulary import OPS

_MAX_TEXT_LENGTH = 40
_PLACEHOLDER = re.compile(r"\{([A-Za-z.]+)\}")
_COUNTABLE_TITLE = re.compile(r"(Add|Delete) (state|event|sequence|cutscene)\b")


def label(ops: Sequence[Json]) -> str:
    """Return the label of a batch of normalised operations."""
    if not ops:
        return "No changes"
    if len(ops) == 1:
        return _label_one(ops[0])
    titles = {OPS[op["op"]].title for op in ops}
    match = _COUNTABLE_TITLE.match(titles.pop()) if len(titles) == 1 else None
    return f"{match[1]} {len(ops)} {match[2]}s" if match else f"{len(ops)} changes"


def _label_one(op: Json) -> str:
    name, title = op["op"], OPS[op["op"]].title
    if name == "update_event" and isinstance(op["patch"].get("name"), str) and op["patch"]["name"] != op["name"]:
        title = "Rename event {name} to {patch.name}"
    elif name == "set_entrance" and op["state"] is None:
        title = "Clear entrance"
    elif name == "put_event" and "name" not in op:
        title = "Put event {event.name}" if op["event"] else "Remove an event"
    return " ".join(_PLACEHOLDER.sub(lambda match: _short_text(_value_at(op, match[1])), title).split())


def _value_at(op: Json, path: str) -> Any:
    value: Any = op
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _short_text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return shorten(printable_line(value[: 4 * _MAX_TEXT_LENGTH]), _MAX_TEXT_LENGTH)
