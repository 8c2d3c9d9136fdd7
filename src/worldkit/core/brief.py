"""Values that may be very large show themselves briefly; ``print`` shows what there is to be shown of them."""

from __future__ import annotations

from typing import Any, TypeVar

from worldkit.core.characters import shorten

C = TypeVar("C", bound=type)

MAX_REPR = 2_000
"""Characters of a ``repr``: what a notebook shows of the last value of a cell, and an error of an argument."""
_MAX_LINE = 500
_ROOM = 80  # for the line about what is left out


def brief(text: str) -> str:
    """Return a text of at most ``MAX_REPR`` characters: its first lines, and how many more there are."""
    if len(text) <= MAX_REPR:
        return text
    lines, size = text.split("\n"), 0
    if len(lines) == 1:
        return shorten(text, MAX_REPR)
    shown: list[str] = []
    for line in lines:
        line = shorten(line, _MAX_LINE)
        size += len(line) + 1
        if size > MAX_REPR - _ROOM:
            break
        shown.append(line)
    rest = len(lines) - len(shown)
    return "\n".join([*shown, *([f"and {rest:,} more lines, which print() shows"] if rest else [])])


def shown_briefly(kind: C) -> C:
    """Return a class whose ``repr`` is brief; its ``str`` is what its ``repr`` was."""
    full_text: Any = getattr(kind, "__repr__")  # noqa: B009

    def __repr__(self: Any) -> str:
        return brief(full_text(self))

    if getattr(kind, "__str__") is object.__str__:  # noqa: B009
        setattr(kind, "__str__", full_text)  # noqa: B010
    setattr(kind, "__repr__", __repr__)  # noqa: B010
    return kind
