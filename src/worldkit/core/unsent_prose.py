"""Prose that the hosted player does not send, and that every base therefore contains (docs/spec/smworld.md).

The hosted player sends neither ``subject`` nor ``styleTail``. In a base the subject stands first, the style tail last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from worldkit.core.profile import Profile

LAYERS = ("subject", "styleTail")


_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts that put no spaces between words."""

_IN_WORD = rf"(?:[^\W{_UNSPACED}]|[\u0300-\u036f])"
"""A letter, a digit or an accent of a word that spaces set apart."""


@lru_cache(maxsize=64)
def _pattern(part: str) -> re.Pattern[str] | None:
    """Return what finds a text inside another: however it is wrapped and capitalised, and in whole words only."""
    words = part.split()
    if not words:
        return None
    begin, end = (rf"(?<!{_IN_WORD})", rf"(?!{_IN_WORD})")
    return re.compile(
        (begin if re.match(_IN_WORD, words[0]) else "")
        + r"\s+".join(map(re.escape, words))
        + (end if re.search(rf"{_IN_WORD}\Z", words[-1]) else ""),
        re.IGNORECASE,
    )


def holds_text(prose: str, part: str) -> bool:
    """Return whether a text stands inside another in whole words, however it is wrapped and capitalised.

    Letters are compared by their case folding, so that "STRASSE" is "Straße".

    Example:
        >>> holds_text("An old   man waits.", "an old man"), holds_text("An old mansion.", "an old man")
        (True, False)
    """
    pattern = _pattern(part.casefold())
    return pattern is None or pattern.search(prose.casefold()) is not None


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
    pattern = _pattern(old)
    if pattern is None or not pattern.search(base):
        return base
    if new:
        return pattern.sub(lambda _: new, base)
    return " ".join(part for text in pattern.split(base) if (part := text.strip()))


def change_between_layers(base: str, layers: Mapping[str, str], change: Callable[[str], str]) -> str:
    """Return a base whose own prose is changed; the texts that stand inside it are kept around that."""
    missing = missing_layers(base, layers)
    around = {layer: text for layer, text in layers.items() if layer not in missing}
    return with_layers(change(without_layers(base, around)), around)
