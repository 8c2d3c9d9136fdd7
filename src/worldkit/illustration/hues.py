"""The colours of things that stand side by side and belong to different people, such as the signs of shops."""

from __future__ import annotations

from worldkit.illustration.colour import Colour, parse
from worldkit.illustration.palette import HUES

_HUES = ("red", "teal", "amber", "blue", "green", "violet")


def varied_hue(index: int) -> Colour:
    """Return a colour by number; those of neighbouring numbers differ."""
    return parse(HUES[_HUES[index % len(_HUES)]])
