"""Values, places and texts in messages: short, on one line, and writable anywhere."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

LONGEST_PLACE = 200
LONGEST_KEY = 60
"""In characters, how much of a place in a document, and of a key in it, is put into words."""


def is_encodable(text: str) -> bool:
    """Say whether a text holds no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(value: Any, limit: int = 60) -> str:
    """Return a short JSON rendering of a value for a message, in time bounded by what is shown and its longest text."""
    try:
        text = _rendered(value, limit)
    except (TypeError, ValueError, RecursionError):
        text = _represented(value)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if is_encodable(text) else text.encode("utf-8", "backslashreplace").decode()


def _rendered(value: Any, limit: int) -> str:
    if isinstance(value, str):
        return json.dumps(value[: limit + 1], ensure_ascii=False)
    if not isinstance(value, (dict, list, tuple)):
        return json.dumps(value)
    pieces, length = [], 0
    for piece in _ENCODER.iterencode(value):
        pieces.append(piece)
        length += len(piece)
        if length > limit:
            break
    return "".join(pieces)


_ENCODER = json.JSONEncoder(ensure_ascii=False)


def _represented(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # a number with too many digits, or an object that cannot say what it is
        return f"a {type(value).__name__}"


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def path(steps: Sequence[str | int], start: str = "") -> str:
    """Return ``scene.events[3].landWhen.hits`` for the steps to a place, exactly; odd keys are quoted in brackets.

    Args:
        steps: Keys and indices, outermost first.
        start: The path they begin at.
    """
    return _joined(steps, start, math.inf)


def place(steps: Sequence[str | int], start: str = "") -> str:
    """Return a path for a message: as ``path`` does, but long keys are cut, and of a long path the middle is left out.

    Args:
        steps: Keys and indices, outermost first.
        start: The path they begin at.

    Returns:
        At most about ``LONGEST_PLACE`` characters.
    """
    text = _joined(steps, start, LONGEST_KEY)
    return text if len(text) <= LONGEST_PLACE else f"{text[: LONGEST_PLACE // 2]}…{text[-LONGEST_PLACE // 2 :]}"


def _joined(steps: Sequence[str | int], start: str, longest: float) -> str:
    parts = [start]
    for step in steps:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif len(step) <= longest and _PLAIN.match(step):
            parts.append(f".{step}" if len(parts) > 1 or start else step)
        else:
            parts.append(f"[{json.dumps(step, ensure_ascii=False) if longest == math.inf else shown(step)}]")
    return "".join(parts)


def printable(text: str) -> str:
    """Return a text without anything that moves a terminal's cursor, colours it or turns the text round."""
    return "".join(
        char if char.isprintable() or char == "\u200d" else char.encode("unicode_escape").decode() for char in text
    )
