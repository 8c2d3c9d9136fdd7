"""Prose that the hosted player does not send, and that every base therefore contains (docs/spec/smworld.md).

The hosted player sends neither ``subject`` nor ``styleTail``. In a base the subject stands first, the style tail last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from worldkit.core.profile import Profile

LAYERS = ("subject", "styleTail")


def holds_text(prose: str, part: str) -> bool:
    """Return whether a text stands inside another, however it is wrapped and capitalised."""
    return " ".join(part.split()).casefold() in " ".join(prose.split()).casefold()


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
    pattern = r"\s+".join(map(re.escape, old.split()))
    if not pattern or not re.search(pattern, base, re.IGNORECASE):
        return base
    if new:
        return re.sub(pattern, lambda _: new, base, flags=re.IGNORECASE)
    return re.sub(rf"\s*{pattern}\s*", " ", base, flags=re.IGNORECASE).strip()


def change_between_layers(base: str, layers: Mapping[str, str], change: Callable[[str], str]) -> str:
    """Return a base whose own prose is changed; the texts that stand inside it are kept around that."""
    missing = missing_layers(base, layers)
    around = {layer: text for layer, text in layers.items() if layer not in missing}
    return with_layers(change(without_layers(base, around)), around)
