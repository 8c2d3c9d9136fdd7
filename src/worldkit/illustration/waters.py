"""Water with the sky in it, and clouds."""

from __future__ import annotations

from worldkit.illustration.colour import Colour, mix, parse
from worldkit.illustration.rooms import Interior
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, Point, Sketch, number, polygon


def clouds(sketch: Sketch, count: int, y: float, spread: float, opacity: float, colour: Colour) -> None:
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
    sketch.path("back", "".join(parts), colour, opacity)


def water(sketch: Sketch, top: float, bottom: float) -> None:
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
    sketch.rectangle("back", LEFT, top, RIGHT - LEFT, bottom - top, paint)
    count = 34 if sketch.is_full else 6
    dark: list[str] = []
    bright: list[str] = []
    for _ in range(count):
        t = random.random() ** 1.4
        y = top + 2 + t * (bottom - top - 4)
        x, width = random.uniform(LEFT, RIGHT), random.uniform(20, 80) * (0.3 + t)
        wave = (
            f"M{number(x)} {number(y)}q{number(width / 2)} {number(-1 - 3 * t)}"
            f" {number(width)} 0q{number(-width / 2)} {number(1 + t)} {number(-width)}"
            " 0Z"
        )
        (dark if random.random() < 0.6 else bright).append(wave)
    sketch.path("back", "".join(dark), palette.near, 0.22)
    sketch.path("back", "".join(bright), mix(palette.low, palette.light, 0.5), 0.3)
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
    sketch.path("back", "".join(column), palette.light, 0.7)


_WATER = parse("#3d8f9c")


def draw_water_on_floor(room: Interior, *, is_basin: bool) -> None:
    """Draw water in a room, with the wall and the light in it.

    Args:
        is_basin: Whether it fills a basin in the floor; otherwise it covers the floor.
    """
    sketch, palette = room.sketch, room.sketch.palette
    x0, _, x1, y1 = room.box
    tint = palette.accent_at(0.1, _WATER)
    paint = sketch.vertical(
        [(0, mix(tint, palette.middle, 0.5), 1), (0.35, tint, 1), (1, mix(tint, palette.near, 0.55), 1)]
    )
    top, foot = (y1 + 16.0, HEIGHT - 34.0) if is_basin else (y1 + 2.0, HEIGHT + 40.0)
    middle, half = (x0 + x1) / 2, (x1 - x0) / 2 * (0.62 if is_basin else 1.0)
    slope = 1.1 if is_basin else 2.6
    if is_basin:
        middle += sketch.side * half * 0.34  # the player stands beside it

    def edge(y: float, border: float = 0.0) -> float:
        return half + border + slope * (y - top)

    def outline(border: float) -> list[Point]:
        far, near = top - border * 0.5, foot + border
        return [
            (middle - edge(far, border), far),
            (middle + edge(far, border), far),
            (middle + edge(near, border), near),
            (middle - edge(near, border), near),
        ]

    if is_basin:
        sketch.path("back", polygon(outline(8)), mix(palette.low, palette.light, 0.3))
    sketch.path("back", polygon(outline(0)), paint)
    random, dark, bright = sketch.random, "", ""
    for index in range(26 if sketch.is_full else 5):
        y = top + 4 + (min(foot, HEIGHT) - top - 8) * ((index + random.random()) / 26) ** 1.3
        width = random.uniform(14, 60) * (0.4 + (y - top) / 90)
        reach = max(4.0, edge(y) - width)
        x = middle + random.uniform(-reach, reach) - width / 2
        across, back = f"q{number(width / 2)} -3 {number(width)} 0", f"q{number(-width / 2)} 2 {number(-width)} 0Z"
        wave = f"M{number(x)} {number(y)}{across}{back}"
        if index % 3:
            bright += wave
        else:
            dark += wave
    sketch.path("back", dark, palette.near, 0.3)
    sketch.path("back", bright, mix(palette.low, palette.light, 0.6), 0.4)
