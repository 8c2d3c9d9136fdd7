"""How an ending looks: won, lost, or neither, as with a word of a later version of the format."""

from __future__ import annotations

from typing import Literal

EndingTone = Literal["win", "lose", "other"]


def ending_tone(kind: str) -> EndingTone:
    """Return how an ending looks; whatever names a class, an icon or a colour after an ending's kind goes by this.

    A kind may be any text, since a word of a later version is kept (docs/spec/smworld.md). The text itself is only
    shown, escaped like any other.

    Args:
        kind: ``ending.kind``.
    """
    if kind == "win":
        return "win"
    return "lose" if kind == "lose" else "other"
