"""A Twine story as passages: what Twee files and published pages have in common."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property

from worldkit.interop.stories.machine import Loss

_POSITION = re.compile(r"\s*(-?\d{1,6}(?:\.\d{1,9})?)\s*,\s*(-?\d{1,6}(?:\.\d{1,9})?)\s*")


def parse_position(text: object) -> tuple[float, float] | None:
    """Return a position such as ``600,400``; None when it is anything else."""
    match = _POSITION.fullmatch(text) if isinstance(text, str) else None
    return None if match is None else (float(match[1]), float(match[2]))


@dataclass(frozen=True)
class TwinePassage:
    """A passage as its author wrote it.

    Attributes:
        text: Its text, with links and code.
        line: The line of the file on which its text begins; 0 when lines of the file say nothing.
        position: Where its card stands on Twine's map; None when the file does not say.
    """

    name: str
    text: str
    tags: tuple[str, ...] = ()
    line: int = 0
    position: tuple[float, float] | None = None

    def place(self, offset: int | None = None) -> str:
        """Return the place of a character of the text in words, or of the passage."""
        if offset is None:
            return f'passage "{self.name}"'
        return f'passage "{self.name}", line {max(self.line, 1) + bisect_left(self._line_ends, offset)}'

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]


@dataclass(frozen=True, slots=True)
class TwineStory:
    """A Twine story.

    Attributes:
        format: The name of its story format, in lower case; empty when the file does not say.
        start: The name of the passage in which it begins; None when the file does not say.
        passages: Its passages, in the order of the file.
        losses: What was found beside the passages and is not taken.
    """

    title: str
    format: str
    start: str | None
    passages: tuple[TwinePassage, ...]
    losses: list[Loss] = field(default_factory=list)
