"""What a prompt is put together from, and how one that is too long is cut (docs/spec/runtime.md#prompts).

Lengths are in UTF-16 units, as JavaScript counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from worldkit.core.characters import marks
from worldkit.core.unsent_prose import holds_text, without_layers

MAX_PROMPT_LENGTH = 1900
"""Longest prompt of the hosted kernel, in characters. Some renderers cut at 1000: pass ``limit=1000``."""

_LAST_MARKS = " ,;\u3001\uff0c\uff1b"

_CLAUSE = re.compile(r".+?(?:[.,;]\s+|[\u3002\u3001\uff0c\uff1b]\s*|\Z)", re.DOTALL)
_WORD = re.compile(r"\S+\s*")


@cache
def _character() -> re.Pattern[str]:
    """Match a character with its marks. The class of all marks costs an import too much."""
    return re.compile(rf".[{marks()}]*", re.DOTALL)


class PromptParts(NamedTuple):
    """The texts of a prompt, in the order in which they stand in it.

    Attributes:
        base: What is to be seen.
        camera: How it is seen.
        movement: What moves.
        detail: What more there is.
        layers: Texts of the world, each added unless the others have it already.
    """

    base: str | None
    camera: str | None = None
    movement: str | None = None
    detail: str | None = None
    layers: Sequence[str] = ()

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """The texts without the spaces around them; empty where there is none."""
        base, camera, movement, detail = ((text or "").strip() for text in self[:4])
        return base, camera, movement, detail

    def joined(self) -> str:
        """Return the prompt at its full length.

        Example:
            >>> PromptParts("A lane.", "Low angle.", layers=["Oil on wood."]).joined()
            'A lane. Low angle. Oil on wood.'
        """
        text = join_texts(*self.texts)
        for layer in self.layers:
            if not holds_text(text, layer):
                text = join_texts(text, layer)
        return text

    def fitted(self, fits: Callable[[str], bool]) -> str:
        """Return as much of the prompt as fits.

        The camera is cut first, from its end and clause by clause, then the movement, the detail and the base. Layers
        are cut only when they do not fit by themselves.

        Args:
            fits: Says whether a text fits; one that is shorter than a text that fits is taken to fit.
        """
        text = self.joined()
        if fits(text):
            return text
        base = self.base or ""  # a cut base loses none of the layers that stand inside it
        return _cut(self._replace(base=without_layers(base, {text: text for text in self.layers}) or base), fits)


def join_texts(*parts: str | None) -> str:
    """Return the parts that say something, stripped, joined by single spaces."""
    return " ".join(text for part in parts if part and (text := part.strip()))


def prompt_length(text: str | None) -> int:
    """Return the length of a text in UTF-16 units; 0 for None.

    Example:
        >>> prompt_length("A lamp"), prompt_length("🪔")
        (6, 2)
    """
    if not text:
        return 0
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut_prompt(parts: PromptParts, limit: int) -> str:
    """Return a prompt of at most so many UTF-16 units; of a word that is longer alone, the beginning."""
    return parts.fitted(lambda text: prompt_length(text) <= limit)


def _cut(parts: PromptParts, fits: Callable[[str], bool]) -> str:
    """Return as much of a prompt that is too long as fits."""
    pieces = [_CLAUSE.findall(text) for text in parts.texts]
    for number in (1, 2, 3, 0):
        pieces[number] = _pieces_that_fit(parts, pieces, number, fits)
        for pattern in (_WORD, _character()) if number == 0 else ():
            if not pieces[0]:  # not one clause of it fits, or not one word
                pieces[0] = pattern.findall(parts.texts[0])
                pieces[0] = _pieces_that_fit(parts, pieces, 0, fits)
        text = _with_pieces(parts, pieces)
        if fits(text):
            return text
    return _beginning(text, fits)


def _beginning(text: str, fits: Callable[[str], bool]) -> str:
    """Return as many words as fit; where not one does, as many characters."""
    for pattern in (_WORD, _character()):
        own = pattern.findall(text)
        count = _largest_number(len(own), lambda count, own=own: fits("".join(own[:count]).rstrip()))  # type: ignore[misc]
        if count:
            return "".join(own[:count]).rstrip()
    return ""


def _pieces_that_fit(
    parts: PromptParts, pieces: list[list[str]], number: int, fits: Callable[[str], bool]
) -> list[str]:
    """Return as many pieces of one text as fit, beside those of the others."""
    before, own, after = pieces[:number], pieces[number], pieces[number + 1 :]
    return own[: _largest_number(len(own), lambda count: fits(_with_pieces(parts, [*before, own[:count], *after])))]


def _with_pieces(parts: PromptParts, pieces: list[list[str]]) -> str:
    """Return a prompt of some pieces of its texts; a mark after which a clause would follow is left out."""
    texts = map("".join, pieces)
    base, camera, movement, detail = (
        text if text == full_text else text.rstrip(_LAST_MARKS)
        for text, full_text in zip(texts, parts.texts, strict=True)
    )
    return PromptParts(base, camera, movement, detail, parts.layers).joined()


def _largest_number(upper_bound: int, holds: Callable[[int], bool]) -> int:
    """Return the largest number up to a bound for which something holds, by bisection; 0 when it holds for none."""
    low, high = 0, upper_bound
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
