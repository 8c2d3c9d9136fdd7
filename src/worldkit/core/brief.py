"""Values that may be very large show themselves briefly; ``print`` shows what there is to be shown of them."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from worldkit.core.characters import shorten

C = TypeVar("C", bound=type)

MAX_REPR_LENGTH = 2_000
"""Characters of a ``repr``: what a notebook shows of the last value of a cell, and an error of an argument."""
_MAX_LINE_LENGTH = 500
_REST_LINE_LENGTH = 80  # for the line about what is left out
_is_whole: ContextVar[bool] = ContextVar("worldkit_is_whole", default=False)
"""Whether a value is printed: then nothing inside of it is cut either."""


def brief(text: str) -> str:
    """Return a text of at most ``MAX_REPR_LENGTH`` characters: its first lines, and how many more there are."""
    if len(text) <= MAX_REPR_LENGTH:
        return text
    lines, size = text.split("\n"), 0
    if len(lines) == 1:
        return shorten(text, MAX_REPR_LENGTH)
    shown_lines: list[str] = []
    for line in lines:
        line = shorten(line, _MAX_LINE_LENGTH)
        size += len(line) + 1
        if size > MAX_REPR_LENGTH - _REST_LINE_LENGTH:
            break
        shown_lines.append(line)
    rest = len(lines) - len(shown_lines)
    return "\n".join([*shown_lines, *([f"and {rest:,} more lines, which print() shows"] if rest else [])])


def brief_repr(full_text: Callable[[], str]) -> str:
    """Return a text as a ``repr`` shows it: brief, but whole inside of a value that is printed."""
    text = full_text()
    return text if _is_whole.get() else brief(text)


def whole_str(full_text: Callable[[], str]) -> str:
    """Return a text as ``print`` shows it: with the whole of every value inside."""
    token = _is_whole.set(True)
    try:
        return full_text()
    finally:
        _is_whole.reset(token)


def shown_briefly(kind: C) -> C:
    """Return a class whose ``repr`` is brief; its ``str`` is what its ``repr`` was."""
    full_text: Any = getattr(kind, "__repr__")  # noqa: B009

    def __repr__(self: Any) -> str:
        return brief_repr(lambda: full_text(self))

    def __str__(self: Any) -> str:
        return whole_str(lambda: full_text(self))

    if getattr(kind, "__str__") is object.__str__:  # noqa: B009
        setattr(kind, "__str__", __str__)  # noqa: B010
    setattr(kind, "__repr__", __repr__)  # noqa: B010
    return kind
