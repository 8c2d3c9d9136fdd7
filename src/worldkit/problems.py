"""Turns pydantic's errors into problems said in words, each with its path in the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from worldkit.errors import Problem
from worldkit.jsonish import shown

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_EXPECTED = {
    "string_type": "a string",
    "string_unicode": "a string of whole characters",
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "an object",
    "mapping_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def path(loc: Sequence[str | int], prefix: str = "") -> str:
    """Return ``scene.events[3].landWhen.hits`` for a location; odd keys are quoted in brackets."""
    text = prefix
    for step in loc:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.match(step):
            text += f".{step}" if text else step
        else:
            text += f"[{shown(step)}]"
    return text


def problems(error: ValidationError, prefix: str = "") -> list[Problem]:
    """Return every problem of a validation error, in document order.

    Args:
        error: What pydantic raised.
        prefix: Path of the value that was validated, put before every path.
    """
    return list(_said(error.errors(include_url=False), prefix))


def _said(errors: Iterable[Any], prefix: str) -> Iterable[Problem]:
    for item in errors:
        yield Problem(path(_real(item["loc"]), prefix), _message(item))


def _real(loc: Sequence[str | int]) -> list[str | int]:
    # pydantic names the branch of a union after the field; only a beat's dwell is a union
    return [step for i, step in enumerate(loc) if not (i and loc[i - 1] == "dwell" and step != "ms")]


def _message(item: Any) -> str:
    kind, found, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "missing":
        return "required, and missing"
    if kind == "too_short":
        return "expected at least one item, got none"
    if kind == "literal_error":
        expected = f"one of {context['expected']}" if " or " in context["expected"] else context["expected"]
    elif kind in _EXPECTED:
        expected = _EXPECTED[kind]
    elif kind == "greater_than":
        expected = f"a number above {context['gt']:g}"
    elif kind == "greater_than_equal":
        expected = f"a number of at least {context['ge']:g}"
    elif kind == "less_than_equal":
        expected = f"a number of at most {context['le']:g}"
    else:
        expected = item["msg"]
    return f"expected {expected}, got {shown(found)}"
