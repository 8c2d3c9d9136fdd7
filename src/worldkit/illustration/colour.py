"""Colours as three numbers from 0 to 255."""

from __future__ import annotations

from functools import cache

Colour = tuple[float, float, float]

WHITE: Colour = (255.0, 255.0, 255.0)
BLACK: Colour = (0.0, 0.0, 0.0)


@cache
def parse(text: str) -> Colour:
    """Return the colour of ``#rrggbb``."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def css(colour: Colour) -> str:
    """Return a colour as ``#rrggbb``, or ``#rgb`` where that is the same."""
    text = "".join(f"{min(255, max(0, round(channel))):02x}" for channel in colour)
    if text[0] == text[1] and text[2] == text[3] and text[4] == text[5]:
        text = text[0] + text[2] + text[4]
    return "#" + text


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return the colour between two: ``a`` at a share of 0, ``b`` at 1."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def lit_by(surface: Colour, light: Colour) -> Colour:
    """Return the colour of a surface in a light."""
    return (surface[0] * light[0] / 255, surface[1] * light[1] / 255, surface[2] * light[2] / 255)


def luminance(colour: Colour) -> float:
    """Return how bright a colour is, from 0 to 255 (Rec. 601)."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def grey_out(colour: Colour, share: float) -> Colour:
    """Return a colour with a share of its colourfulness taken away."""
    grey = luminance(colour)
    return mix(colour, (grey, grey, grey), share)
