"""Drawing the things of ``things.toml``: silhouettes in the colours of a depth, with what shines on them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from worldkit.illustration.colour import Colour, css, mix, parse
from worldkit.illustration.palette import Palette
from worldkit.illustration.sketch import Layer, Sketch, number

_FILE = files("worldkit").joinpath("data", "illustration", "things.toml")


@dataclass(frozen=True, slots=True)
class ThingSilhouettes:
    """A thing as silhouettes; a person is 100 units high.

    Attributes:
        material: What it is made of.
        place: Where it belongs, such as ``"ground"`` or ``"wall"``.
        shapes: Tone, stroke width (0 for filled shapes) and path.
        glows: Centre and radius of the light it sheds.
    """

    material: str
    place: str
    width: float
    height: float
    shapes: tuple[tuple[str, float, str], ...]
    glows: tuple[tuple[float, float, float], ...]


@cache
def things() -> dict[str, ThingSilhouettes]:
    """Return all things by name."""
    return {name: _parse(text) for name, text in tomllib.loads(_FILE.read_text("utf-8")).items()}


def _parse(text: str) -> ThingSilhouettes:
    head, *lines = text.split("\n")
    material, place, width, height = head.split()
    shapes: list[tuple[str, float, str]] = []
    glows: list[tuple[float, float, float]] = []
    for line in lines:
        tone, rest = line.split(" ", 1)
        if tone == "e":
            x, y, radius = rest.split()
            glows.append((float(x), float(y), float(radius)))
        elif tone == "s":
            stroke, path = rest.split(" ", 1)
            shapes.append((tone, float(stroke), path))
        else:
            shapes.append((tone, 0.0, rest))
    return ThingSilhouettes(material, place, float(width), float(height), tuple(shapes), tuple(glows))


_FLAMES = frozenset({"brazier", "candle", "fire", "fireplace", "lantern", "stove", "torch"})
_HOMES = frozenset({"castle", "church", "cottage", "house", "lighthouse", "shed", "tent", "tower"})
_WARM_THINGS = _FLAMES | _HOMES
"""What shines by a flame, or is lived in."""
_FLAME = parse("#ffb04a")


def light_of(name: str, palette: Palette) -> Colour:
    """Return the light of a thing: a flame is warm at every hour, other lamps have the light of the picture."""
    return mix(_FLAME, palette.light, 0.3) if name in _WARM_THINGS else palette.light


def draw_thing(
    sketch: Sketch,
    layer: Layer,
    name: str,
    x: float,
    y: float,
    scale: float,
    depth: float,
    *,
    is_lit: bool | None = None,
    accent: Colour | None = None,
    rim: float = 0.0,
    mirror: bool = False,
) -> None:
    """Draw a thing.

    Args:
        sketch: The picture.
        layer: The layer it is on.
        x: The middle of its foot.
        y: Where it stands.
        scale: How large a unit is drawn.
        depth: How far away it is, from 0 to 1.
        is_lit: Whether its windows and lamps shine; by default when it is dark.
        accent: Its strong colour; by default the picture's.
        rim: How strong the light is on its edge.
        mirror: Whether to turn it to the other side.
    """
    silhouette, palette = things()[name], sketch.palette
    shines = palette.is_dark if is_lit is None else is_lit
    light = light_of(name, palette)
    halo = light if sketch.is_full else palette.light  # a paint of its own is too much for a thumbnail
    body = palette.tone(depth, silhouette.material)
    if accent is not None and not any(tone == "a" for tone, _, _ in silhouette.shapes):
        body = mix(body, palette.accent_at(depth, accent), 0.55)
    colours = {
        "b": body,
        "s": body,
        "d": mix(body, palette.near, 0.5 - 0.35 * depth),
        "l": mix(body, palette.light, 0.26 if palette.is_dark else 0.34),
        "g": mix(light, palette.low, depth * 0.3) if shines else mix(palette.middle, palette.near, 0.3),
        "a": palette.accent_at(depth, accent),
    }
    side = -sketch.side if mirror else sketch.side
    place = f'transform="translate({number(x)} {number(y)})scale({_ratio(scale * side)} {_ratio(scale)})"'
    if shines:
        for cx, cy, radius in silhouette.glows:
            sketch.glow(layer, x + cx * scale * side, y + cy * scale, max(radius * scale, 9), 0.7 - 0.3 * depth, halo)
    parts = []
    if rim and sketch.is_full:
        edge = "".join(path for tone, _, path in silhouette.shapes if tone in "bda")
        offset = number(1.3 / scale)
        parts.append(
            f'<path transform="translate({offset})" opacity="{rim:.2g}" fill="{css(palette.light)}" d="{edge}"/>'
        )
    for tone, stroke, path in silhouette.shapes:
        if not sketch.is_full and len(path) > (400 if tone in "ba" else 130):
            continue
        if stroke:
            parts.append(f'<path fill="none" stroke="{css(colours["b"])}" stroke-width="{number(stroke)}" d="{path}"/>')
        else:
            paint = "" if tone == "b" else f' fill="{css(colours[tone])}"'
            parts.append(f'<path{paint} d="{path}"/>')
    sketch.add(layer, f'<g {place} fill="{css(body)}">{"".join(parts)}</g>')


def _ratio(value: float) -> str:
    return f"{value:.3g}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.3g}"
