"""The picture while it is drawn: layers of SVG, shared gradients, and numbers as short as they may be."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from worldkit.illustration.colour import Colour, css
from worldkit.illustration.palette import Palette

WIDTH, HEIGHT = 640, 360
"""The picture's own size, in its units; it is scaled to the size that is asked for."""

Detail = Literal["thumbnail", "full"]
Layer = Literal["back", "middle", "front"]
LAYERS: tuple[Layer, ...] = ("back", "middle", "front")
BLEED = 24
"""So much more is drawn at the left and right, that layers may be shifted."""

LEFT = -BLEED
RIGHT = WIDTH + BLEED

Point = tuple[float, float]


def number(value: float) -> str:
    """Return a number with at most one decimal."""
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


class Sketch:
    """A picture while it is drawn.

    Attributes:
        palette: Its colours.
        is_full: Whether it is drawn with everything; a thumbnail leaves out what cannot be seen.
        random: Where the state's chance comes from.
        place: Where the chance of what lies far comes from, which neighbouring states share.
        side: 1 where the light comes from the right, -1 from the left.
        light: Where the light is.
        variation: From 0 to 1, what the world differs by from others.
        max_things: So many of the things that the prose names are drawn.
    """

    def __init__(
        self, palette: Palette, detail: Detail, uid: str, seed: str, place_seed: str, variation: float, max_things: int
    ) -> None:
        self.variation = variation
        self.max_things = max_things
        self.palette = palette
        self.is_full = detail == "full"
        self.random = random.Random(seed)
        self.place = random.Random(place_seed)
        self.side = 1
        self.light: Point = (420.0, 120.0)
        self._uid = uid
        self._defs: dict[str, str] = {}
        self._layers: dict[Layer, list[str]] = {layer: [] for layer in LAYERS}

    # ---- writing ---------------------------------------------------------------------------------

    def add(self, layer: Layer, *parts: str) -> None:
        """Put SVG on a layer, over what is there."""
        self._layers[layer].extend(parts)

    def path(
        self, layer: Layer, d: str, fill: Colour | str, opacity: float = 1.0, *, stroke: float = 0.0, cap: bool = True
    ) -> None:
        """Put a path on a layer: filled, or with a stroke of a width. A thumbnail leaves out the faint ones."""
        if not d or (not self.is_full and opacity <= 0.5 and layer != "front" and not fill_is_paint(fill)):
            return
        paint = fill if isinstance(fill, str) else css(fill)
        shade = f' opacity="{opacity:.2g}"' if opacity < 1 else ""
        if stroke:
            ends = ' stroke-linecap="round"' if cap else ""
            self.add(
                layer, f'<path d="{d}" fill="none" stroke="{paint}" stroke-width="{number(stroke)}"{ends}{shade}/>'
            )
        else:
            self.add(layer, f'<path d="{d}" fill="{paint}"{shade}/>')

    def rectangle(self, layer: Layer, x: float, y: float, width: float, height: float, fill: Colour | str) -> None:
        """Put a rectangle on a layer."""
        paint = fill if isinstance(fill, str) else css(fill)
        self.add(
            layer,
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="{paint}"/>',
        )

    def circle(self, layer: Layer, x: float, y: float, radius: float, fill: Colour | str, opacity: float = 1.0) -> None:
        """Put a circle on a layer."""
        paint = fill if isinstance(fill, str) else css(fill)
        shade = f' opacity="{opacity:.2g}"' if opacity < 1 else ""
        self.add(layer, f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{paint}"{shade}/>')

    def glow(
        self, layer: Layer, x: float, y: float, radius: float, opacity: float = 0.8, colour: Colour | None = None
    ) -> None:
        """Put a round glow on a layer."""
        self.circle(layer, x, y, radius, self.radial(colour or self.palette.light), opacity)

    # ---- paints ----------------------------------------------------------------------------------

    def radial(self, colour: Colour) -> str:
        """Return a paint that fades from a colour to nothing."""
        paint = css(colour)
        return self._define(
            f'radialGradient|<stop stop-color="{paint}"/><stop offset=".25" stop-color="{paint}" stop-opacity=".55"/>'
            f'<stop offset=".6" stop-color="{paint}" stop-opacity=".14"/>'
            f'<stop offset="1" stop-color="{paint}" stop-opacity="0"/>'
        )

    def vertical(self, stops: Iterable[tuple[float, Colour, float]]) -> str:
        """Return a paint that runs from top to bottom: stops as offset, colour and opacity."""
        return self._define('linearGradient x2="0" y2="1"|' + "".join(_stop(*stop) for stop in stops))

    def horizontal(self, stops: Iterable[tuple[float, Colour, float]]) -> str:
        """Return a paint that runs from left to right."""
        return self._define("linearGradient|" + "".join(_stop(*stop) for stop in stops))

    def define(self, element: str, content: str) -> str:
        """Return the reference to a paint of one's own."""
        return self._define(f"{element}|{content}")

    def _define(self, definition: str) -> str:
        id = self._defs.setdefault(definition, f"{self._uid}{len(self._defs):x}")
        return f"url(#{id})"

    # ---- the result ---------------------------------------------------------------------------

    def defs(self, body: str) -> str:
        """Return the definitions that some SVG refers to."""
        parts = []
        for definition, id in self._defs.items():
            if f"url(#{id})" in body:
                head, content = definition.split("|", 1)
                element, _, attributes = head.partition(" ")
                parts.append(f'<{element} id="{id}" {attributes}>{content}</{element}>'.replace(" >", ">", 1))
        return f"<defs>{''.join(parts)}</defs>" if parts else ""

    def layer(self, name: Layer) -> str:
        """Return the SVG of one layer."""
        return "".join(self._layers[name])


def fill_is_paint(fill: Colour | str) -> bool:
    """Return whether a fill is a gradient."""
    return isinstance(fill, str) and fill.startswith("url(")


def _stop(offset: float, colour: Colour, opacity: float) -> str:
    at = f' offset="{offset:.2g}"' if offset else ""
    shade = f' stop-opacity="{opacity:.2g}"' if opacity < 1 else ""
    return f'<stop{at} stop-color="{css(colour)}"{shade}/>'


# ---- paths ---------------------------------------------------------------------------------------


def polygon(points: Sequence[Point], *, is_closed: bool = True) -> str:
    """Return the path through points, in straight lines."""
    rest = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{rest}{'Z' if is_closed else ''}"


def curve(points: Sequence[Point], *, is_closed: bool = False) -> str:
    """Return a smooth path past points: each is the control point between the middles of its neighbours."""
    if is_closed:
        points = [*points, points[0], points[1]]
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(points)]
    start = middles[0] if is_closed else points[0]
    parts = [f"M{number(start[0])} {number(start[1])}"]
    controls = points[1:-1]
    ends = middles[1:] if is_closed else [*middles[1:-1], points[-1]]
    for control, end in zip(controls, ends, strict=False):
        parts.append(f"Q{number(control[0])} {number(control[1])} {number(end[0])} {number(end[1])}")
    return "".join(parts) + ("Z" if is_closed else "")
