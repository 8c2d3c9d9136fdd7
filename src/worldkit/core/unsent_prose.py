"""Prose that the hosted player does not send, and that every base therefore contains (docs/spec/smworld.md).

The hosted player sends neither ``subject`` nor ``styleTail``. In a base the subject stands first, the style tail last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from worldkit.core.characters import is_mark, marks
from worldkit.core.profile import Profile

LAYERS = ("subject", "styleTail")


_UNSPACED_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts that put no spaces between words, for a character class."""

_UNSPACED_LETTER = re.compile(f"[{_UNSPACED_RANGES}]")


@cache
def _words() -> re.Pattern[str]:
    """Match a word that spaces set apart, or any other character. The class of all marks costs an import too much."""
    return re.compile(rf"(?:[^\W{_UNSPACED_RANGES}]|[{marks()}])+|.[{marks()}]*", re.DOTALL)


def holds_text(prose: str, part: str) -> bool:
    """Return whether a text stands inside another in whole words, however it is wrapped and capitalised.

    Letters are compared by their case folding, so that "STRASSE" is "Straße".

    Example:
        >>> holds_text("An old   man waits.", "an old man"), holds_text("An old mansion.", "an old man")
        (True, False)
    """
    sought = _folded(part)
    return not sought or next(_places(_folded(prose), sought), None) is not None


def _folded(text: str) -> str:
    """Return a text on one line, with single blanks, and folded."""
    return " ".join(text.split()).casefold()


def _places(text: str, sought: str) -> Iterator[int]:
    """Yield where a text stands inside another in whole words, and not in one before; both are folded."""
    at = text.find(sought)
    while at >= 0:
        end = at + len(sought)
        if _is_inside_word(text, at) or _is_inside_word(text, end):
            # where else it stands is seen in one pass, as a hostile text repeats itself
            yield from (place for place in _places_by_words(text, sought) if place >= at)
            return
        yield at
        at = text.find(sought, end)


def _places_by_words(text: str, sought: str) -> Iterator[int]:
    """Yield the same places, by comparing word by word."""
    words, sought_words = _by_words(text), _by_words(sought)
    count, counted_until = 0, 0
    at = words.find(sought_words)
    while at >= 0:
        count += words.count(_WORD_END, counted_until, at)
        counted_until = at
        yield at - count
        at = words.find(sought_words, at + len(sought_words) - 1)


_WORD_END = "\n"
"""A sign that no folded text has."""


def _by_words(text: str) -> str:
    """Return a folded text with a sign before and after each word."""
    return _WORD_END.join(["", *_words().findall(text), ""])


def _is_inside_word(text: str, at: int) -> bool:
    """Say whether a place in a text is between two characters of one word."""
    if not 0 < at < len(text):
        return False
    return is_mark(text[at]) or (_is_of_spaced_word(text[at - 1]) and _is_of_spaced_word(text[at]))


def _is_of_spaced_word(char: str) -> bool:
    return (char.isalnum() or char == "_" or is_mark(char)) and not _UNSPACED_LETTER.match(char)


def unsent_layers(raw: Mapping[str, Any], profile: Profile) -> dict[str, str]:
    """Return the texts of a world that a profile's player does not send, by their field.

    Args:
        raw: The world, or as much of it as holds ``subject`` and ``styleTail``.
    """
    unsent = (layer for layer in LAYERS if layer not in profile.prompt_layers)
    return {layer: text for layer in unsent if (text := raw.get(layer) or "").strip()}


def missing_layers(base: str, layers: Mapping[str, str]) -> list[str]:
    """Return the fields whose text does not stand inside a base."""
    return [layer for layer, text in layers.items() if not holds_text(base, text)]


def with_layers(base: str, layers: Mapping[str, str]) -> str:
    """Return a base that holds every text: where it is missing, the subject is put first and the style tail last."""
    for layer in missing_layers(base, layers):
        parts = (layers[layer], base) if layer == "subject" else (base, layers[layer])
        base = " ".join(part for part in parts if part.strip())
    return base


def without_layers(base: str, layers: Mapping[str, str]) -> str:
    """Return a base without the texts that stand inside it."""
    for text in layers.values():
        base = replace_layer(base, text, "")
    return base


def own_prose(raw: Mapping[str, Any], base: str) -> str:
    """Return what a base says besides the subject and the style tail of its world; all of it where that is nothing.

    Args:
        raw: The world, or as much of it as holds ``subject`` and ``styleTail``.
        base: The base of one of its states, or of a variant.
    """
    return without_layers(base, world_layers(raw)) or base


def world_layers(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the subject and the style tail of a world by their field, without those it has not."""
    return {layer: text for layer in LAYERS if (text := raw.get(layer) or "").strip()}


def replace_layer(base: str, old: str, new: str) -> str:
    """Return a base with a text in place of another, wherever that stands inside it."""
    text, sought = _folded(base), _folded(old)
    places = list(_places(text, sought)) if sought else []
    if not places:
        return base
    offsets = _offsets(base, text)
    parts, end = [], 0
    for place in places:
        parts.append(base[end : offsets[place]])
        end = offsets[place + len(sought)]
    parts.append(base[end:])
    return new.join(parts) if new else " ".join(text for part in parts if (text := part.strip()))


def _offsets(text: str, folded_text: str) -> Sequence[int]:
    """Return where each character of a folded text, and its end, stands in the text itself."""
    if len(folded_text) == len(text) and " ".join(text.split()) == text:
        return range(len(text) + 1)
    offsets: list[int] = []
    for word in re.finditer(r"\S+", text):
        for at, char in enumerate(word[0], word.start()):
            offsets += [at] * len(char.casefold())
        offsets.append(word.end())  # the blank after it, or the end
    return offsets


def change_between_layers(base: str, layers: Mapping[str, str], change: Callable[[str], str]) -> str:
    """Return a base whose own prose is changed; the texts that stand inside it are kept around that."""
    missing = missing_layers(base, layers)
    around = {layer: text for layer, text in layers.items() if layer not in missing}
    return with_layers(change(without_layers(base, around)), around)
