"""Water with the sky in it, and clouds."""

from __future__ import annotations

from worldkit.illustration.colour import Colour, mix
from worldkit.illustration.sketch import LEFT, RIGHT, Layer, Sketch, number


def clouds(sketch: Sketch, layer: Layer, count: int, y: float, spread: float, opacity: float, colour: Colour) -> None:
    """Draw long clouds with flat undersides."""
    random = sketch.random
    parts = []
    for _ in range(count):
        cx, cy = random.uniform(LEFT, RIGHT), y + random.uniform(-spread, spread)
        width, tall = random.uniform(70, 190), random.uniform(7, 17)
        x = cx - width / 2
        d = f"M{number(x)} {number(cy)}"
        bumps = random.randint(3, 5)
        for index in range(bumps):
            rise = tall * (1.5 - abs(index - (bumps - 1) / 2) / bumps * 2.2) * random.uniform(0.7, 1.2)
            d += f"q{number(width / bumps * 0.1)} {number(-rise)} {number(width / bumps)} 0"
        parts.append(d + f"q{number(-width * 0.5)} {number(tall * 0.4)} {number(-width)} 0Z")
    sketch.path(layer, "".join(parts), colour, opacity)


def water(sketch: Sketch, layer: Layer, top: float, bottom: float, *, calm: float = 1.0) -> None:
    """Draw water from its far edge down: the sky in it, and the light as a broken column."""
    palette, random = sketch.palette, sketch.random
    tint = mix(palette.middle, palette.tone(0.4, "water"), 0.4)
    paint = sketch.vertical(
        [
            (0, mix(palette.low, palette.middle, 0.25), 1),
            (0.25, mix(tint, palette.low, 0.3), 1),
            (1, mix(mix(palette.top, palette.near, 0.45), tint, 0.3), 1),
        ]
    )
    sketch.rectangle(layer, LEFT, top, RIGHT - LEFT, bottom - top, paint)
    count = 34 if sketch.is_full else 6
    dark: list[str] = []
    bright: list[str] = []
    for _ in range(count):
        t = random.random() ** 1.4
        y = top + 2 + t * (bottom - top - 4)
        x, width = random.uniform(LEFT, RIGHT), random.uniform(20, 80) * (0.3 + t)
        wave = (
            f"M{number(x)} {number(y)}q{number(width / 2)} {number(-1 - 3 * t * calm)}"
            f" {number(width)} 0q{number(-width / 2)} {number(1 + t)} {number(-width)}"
            " 0Z"
        )
        (dark if random.random() < 0.6 else bright).append(wave)
    sketch.path(layer, "".join(dark), palette.near, 0.22)
    sketch.path(layer, "".join(bright), mix(palette.low, palette.light, 0.5), 0.3)
    lx = sketch.light[0]
    column = []
    for index in range(18 if sketch.is_full else 5):
        t = (index + random.random()) / (18 if sketch.is_full else 5)
        y = top + 1 + t * (bottom - top) * 0.9
        width = (7 + 46 * t) * random.uniform(0.5, 1.2)
        x = lx + random.uniform(-1, 1) * (3 + 22 * t) - width / 2
        column.append(
            f"M{number(x)} {number(y)}q{number(width / 2)} {number(-1.4 - 2 * t)} {number(width)}"
            f" 0q{number(-width / 2)} {number(1.4 + 1.2 * t)} {number(-width)} 0Z"
        )
    sketch.path(layer, "".join(column), palette.light, 0.7)
