"""A name for a batch that a person reads in an undo menu: "Rename lane to road", "3 changes"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from worldkit.core.json_values import Json
from worldkit.editing.registry import OPS

_LONGEST = 40
_HOLE = re.compile(r"\{([A-Za-z.]+)\}")
_MANY = re.compile(r"(Add|Delete) (state|event|sequence|cutscene)\b")


def label(ops: Sequence[Json]) -> str:
    """Return the human name of a batch of normalised operations."""
    if not ops:
        return "No changes"
    if len(ops) == 1:
        return _one(ops[0])
    titles = {OPS[op["op"]].title for op in ops}
    same = _MANY.match(titles.pop()) if len(titles) == 1 else None
    return f"{same[1]} {len(ops)} {same[2]}s" if same else f"{len(ops)} changes"


def _one(op: Json) -> str:
    name, title = op["op"], OPS[op["op"]].title
    if name == "update_event" and isinstance(op["patch"].get("name"), str) and op["patch"]["name"] != op["name"]:
        title = "Rename event {name} to {patch.name}"
    elif name == "set_entrance" and op["state"] is None:
        title = "Clear entrance"
    elif name == "put_event" and "name" not in op:
        title = "Put event {event.name}" if op["event"] else "Remove an event"
    return " ".join(_HOLE.sub(lambda hole: _word(_at(op, hole[1])), title).split())


def _at(op: Json, path: str) -> Any:
    value: Any = op
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    text = " ".join("".join(c if c.isprintable() else " " for c in value[: 4 * _LONGEST]).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
