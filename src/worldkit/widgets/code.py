"""Edits as Python that repeats them: what "Copy as Python" gives."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable, Sequence
from typing import Any

from worldkit.core.argument_checks import refusal
from worldkit.core.characters import printable_line
from worldkit.core.json_values import Json

WIDTH = 100
INDENT = "    "
MAX_DEPTH = 40  # Python's own parser gives up near 200 brackets; deeper values travel as JSON text


def to_code(gestures: Iterable[tuple[str, Sequence[Json]]], name: str = "world") -> str:
    """Return Python that repeats edits, one ``apply`` a gesture, each under its label.

    Args:
        gestures: The label and the normalised operations of each gesture, in order.
        name: The variable that holds the world, before and after.

    Returns:
        Text of a cell. Run on the original world, it assigns an equal world to ``name``.

    Raises:
        WrongArgument: ``name`` is not a Python name.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise refusal("name", "a Python name for the world", name)
    statements = [_gesture(label, ops, name) for label, ops in gestures if ops]
    if not statements:
        return "# No edits yet.\n"
    imports = ["import json\n"] if any("json.loads(" in text for text in statements) else []
    return "\n".join([*imports, *statements])


def comment(text: str) -> str:
    """Return text fit for one comment line: what cannot be printed becomes a space."""
    return printable_line(text) or "Edit"


def _gesture(label: str, ops: Sequence[Json], name: str) -> str:
    lines = [f"# {comment(label)}", f"{name} = {name}.apply(", f"{INDENT}["]
    for op in ops:
        lines += [2 * INDENT + line for line in _lines(op, WIDTH - 2 * len(INDENT), ",")]
    return "\n".join([*lines, f"{INDENT}]", ")\n"])


def _lines(op: Json, width: int, after: str) -> list[str]:
    if _depth(op) > MAX_DEPTH:
        return [f"json.loads({json.dumps(op)!r}){after}"]
    return _literal("", op, width, after)


def _literal(before: str, value: Any, width: int, after: str) -> list[str]:
    """Return a JSON value as lines of Python: on one line when it fits, else one item a line."""
    flat = f"{before}{value!r}{after}"
    if len(flat) <= width or not isinstance(value, (dict, list)) or not value:
        return [flat]
    start_bracket, end_bracket = "[]" if isinstance(value, list) else "{}"
    items = (
        [("", item) for item in value]
        if isinstance(value, list)
        else [(f"{field_name!r}: ", entry) for field_name, entry in value.items()]
    )
    lines = [before + start_bracket]
    for key, item in items:
        lines += [INDENT + line for line in _literal(key, item, width - len(INDENT), ",")]
    return [*lines, end_bracket + after]


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
