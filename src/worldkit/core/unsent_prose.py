"""Prose that the hosted player does not send, and that every base therefore contains (docs/spec/smworld.md).

The hosted player sends neither ``subject`` nor ``styleTail``. In a base the subject stands first, the style tail last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from worldkit.core.characters import is_mark, marks
from worldkit.core.profile import Profile

LAYERS = ("subject", "styleTail")


_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts that put no spaces between words, for a character class."""

_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"(?:[^\W{_UNSPACED}]|[{marks()}])+|.[{marks()}]*", re.DOTALL)
"""A word that spaces set apart, or any other character."""


def holds_text(prose: str, part: str) -> bool:
    """Return whether a text stands inside another in whole words, however it is wrapped and capitalised.

    Letters are compared by their case folding, so that "STRASSE" is "Straße".

    Example:
        >>> holds_text("An old   man waits.", "an old man"), holds_text("An old mansion.", "an old man")
        (True, False)
    """
    text, sought = (" ".join(each.split()).casefold() for each in (prose, part))
    at = text.find(sought)
    if at < 0 or not (_is_inside_word(text, at) or _is_inside_word(text, at + len(sought))):
        return at >= 0
    # it stands inside words; whether it also stands elsewhere is seen in one pass, as a hostile text repeats itself
    return _by_words(sought) in _by_words(text)


def _by_words(text: str) -> str:
    """Return a text with a sign before and after each word."""
    return "\0".join(["", *_WORD.findall(text), ""])


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
        profile: The profile.
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
    layers = {layer: text for layer in LAYERS if (text := raw.get(layer) or "").strip()}
    return without_layers(base, layers) or base


def replace_layer(base: str, old: str, new: str) -> str:
    """Return a base with a text in place of another, wherever that stands inside it."""
    words = old.split()
    if not words:
        return base
    matches = re.finditer(r"\s+".join(map(re.escape, words)), base, re.IGNORECASE)
    parts, end = [], 0
    for match in matches:
        if not (_is_inside_word(base, match.start()) or _is_inside_word(base, match.end())):
            parts.append(base[end : match.start()])
            end = match.end()
    if not parts:
        return base
    parts.append(base[end:])
    return new.join(parts) if new else " ".join(text for part in parts if (text := part.strip()))


def change_between_layers(base: str, layers: Mapping[str, str], change: Callable[[str], str]) -> str:
    """Return a base whose own prose is changed; the texts that stand inside it are kept around that."""
    missing = missing_layers(base, layers)
    around = {layer: text for layer, text in layers.items() if layer not in missing}
    return with_layers(change(without_layers(base, around)), around)
