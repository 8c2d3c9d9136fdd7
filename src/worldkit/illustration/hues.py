"""The colours of things that stand side by side and belong to different people, such as the signs of shops."""

from __future__ import annotations

from random import Random

from worldkit.illustration.colour import Colour, parse
from worldkit.illustration.palette import HUES

_HUES = ("red", "teal", "amber", "blue", "green", "violet")


_CLOTHS = ("#6f5a4a", "#5c6b74", "#7a5d52", "#5f6a52", "#86715a", "#6a5f72", "#8a7a62", "#4f5d6a")


def cloth_hue(random: Random) -> Colour:
    """Return the colour of somebody's clothes; it is muted, since the player is to be seen first."""
    return parse(random.choice(_CLOTHS))


def varied_hue(index: int) -> Colour:
    """Return a colour by number; those of neighbouring numbers differ."""
    return parse(HUES[_HUES[index % len(_HUES)]])
