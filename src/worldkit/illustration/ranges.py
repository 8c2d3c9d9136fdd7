"""Rocks, and what lies far: mountains, hills, woods, roofs, dunes."""

from __future__ import annotations

from worldkit.illustration.colour import WHITE, Colour, luminance, mix
from worldkit.illustration.palette import Palette
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, Sketch, curve, number, polygon


def rock(sketch: Sketch, x: float, y: float, width: float, height: float, depth: float, material: str = "rock") -> None:
    """Draw a rock with a side in the light."""
    random, side = sketch.random, sketch.side
    body = sketch.palette.tone(depth, material)
    peak = (x + random.uniform(-0.12, 0.16) * width * side, y - height)
    near = (x + side * width * 0.36, y - height * random.uniform(0.55, 0.75))
    foot = (x + side * width * 0.5, y)
    ridge = (peak[0] + side * width * 0.02, y - height * 0.42)
    far = (x - side * width * 0.34, y - height * random.uniform(0.5, 0.7))
    sketch.path("middle", polygon([(x - side * width * 0.5, y), far, peak, near, foot]), body)
    sketch.path(
        "middle",
        polygon([peak, near, foot, (x + side * width * 0.16, y), ridge]),
        mix(body, sketch.palette.light, 0.22),
    )


_MIN_CONTRAST = 26.0
"""So much darker than the sky behind them mountains are, from 0 to 255; else only their snow would be seen."""


def _unlike_the_sky(palette: Palette, body: Colour) -> Colour:
    sky = luminance(mix(palette.middle, palette.low, 0.6))
    dark, contrast = luminance(palette.near), sky - luminance(body)
    if contrast >= _MIN_CONTRAST or sky - dark <= _MIN_CONTRAST:
        return body
    return mix(body, palette.near, (_MIN_CONTRAST - contrast) / max(1.0, luminance(body) - dark))


def mountains(
    sketch: Sketch,
    y: float,
    height: float,
    depth: float,
    *,
    snow: bool = False,
    is_bare: bool = False,
) -> None:
    """Draw a range of peaks with lit faces."""
    random, side = sketch.place, sketch.side
    body = _unlike_the_sky(sketch.palette, sketch.palette.tone(depth, "rock"))
    lit = mix(body, mix(sketch.palette.light, sketch.palette.low, 0.4), 0.3)
    cap = mix(body, mix(WHITE, sketch.palette.light, 0.3), 0.7)
    outlines, faces, caps = [], [], []
    x = LEFT - 40.0
    while x < RIGHT + 40:
        width = height * random.uniform(1.5, 2.5)
        tall = height * random.uniform(0.5, 1.0)
        cx, top = x + width / 2, y - tall
        slope = width / 2 / tall
        left = [
            (cx - slope * tall, y + 4),
            (cx - slope * tall * 0.6, y - tall * 0.36),
            (cx - slope * tall * 0.3, y - tall * 0.74),
        ]
        right = [
            (cx + slope * tall * 0.26, y - tall * 0.7),
            (cx + slope * tall * 0.56, y - tall * 0.4),
            (cx + slope * tall, y + 4),
        ]
        outlines.append(polygon([*left, (cx, top), *right]))
        flank = right if side > 0 else list(reversed(left))
        ridge = [
            (cx - side * tall * 0.02, y - tall * 0.5),
            (cx + side * tall * 0.1, y - tall * 0.62),
            (cx, y - tall * 0.8),
        ]
        faces.append(
            polygon(
                [(cx, top), *flank, (cx + side * tall * 0.2, y + 4), (cx + side * tall * 0.06, y - tall * 0.26), *ridge]
            )
        )
        if snow or tall > height * 0.75:
            a, b = cx - slope * tall * 0.3, cx + slope * tall * 0.26
            caps.append(
                polygon(
                    [
                        (cx, top),
                        (b, y - tall * 0.7),
                        (cx + tall * 0.07, y - tall * 0.66),
                        (cx + tall * 0.02, y - tall * 0.76),
                        (cx - tall * 0.06, y - tall * 0.64),
                        (a, y - tall * 0.74),
                    ]
                )
            )
        x += width * random.uniform(0.42, 0.7)
    sketch.path("back", "".join(outlines), body)
    sketch.path("back", "".join(faces), lit, 0.75)
    if snow or not (is_bare or sketch.palette.is_dark):
        sketch.path("back", "".join(caps), cap, 0.85)


def hills(sketch: Sketch, y: float, height: float, depth: float, material: str = "grass") -> None:
    """Draw a line of hills."""
    random = sketch.place
    steps = 7
    points = [(LEFT - 20.0, y)]
    for index in range(steps + 1):
        rise = height * random.uniform(0.2, 1.0) if index % 2 else height * random.uniform(0, 0.5)
        points.append((LEFT + (RIGHT - LEFT) * index / steps, y - rise))
    points.append((RIGHT + 20.0, y))
    tone = sketch.palette.tone(depth, material)
    paint = sketch.vertical([(0, mix(tone, sketch.palette.light, 0.1), 1), (1, mix(tone, sketch.palette.low, 0.25), 1)])
    sketch.path("back", curve(points) + f"V{HEIGHT}H{LEFT - 20}Z", paint)


def treeline(sketch: Sketch, y: float, height: float, depth: float, *, pines: bool) -> None:
    """Draw the edge of a wood."""
    random = sketch.place
    body = mix(sketch.palette.tone(depth, "leaf"), sketch.palette.tone(depth), 0.45)
    parts = [f"M{LEFT} {number(y - height * 0.15)}H{RIGHT}V{number(y + 30)}H{LEFT}Z"]
    x = float(LEFT)
    while x < RIGHT:
        tall = height * random.uniform(0.55, 1.0)
        step = 1.0 if sketch.is_full else 2.2
        if pines:
            half = tall * 0.2
            parts.append(
                f"M{number(x - half)} {number(y)}L{number(x - half * 0.3)} {number(y - tall * 0.5)}"
                f"h{number(-half * 0.2)}"
                f"L{number(x)} {number(y - tall)}L{number(x + half * 0.5)} {number(y - tall * 0.5)}"
                f"h{number(-half * 0.2)}L{number(x + half)} {number(y)}Z"
            )
            x += tall * random.uniform(0.2, 0.42) * step
        else:
            half = tall * random.uniform(0.3, 0.45) * step
            parts.append(
                f"M{number(x - half)} {number(y)}q{number(-half * 0.3)} {number(-tall)} {number(half)} {number(-tall)}"
                f"t{number(half)} {number(tall)}Z"
            )
            x += half * random.uniform(0.9, 1.5)
    sketch.path("back", "".join(parts), body)


def skyline(sketch: Sketch, y: float, height: float, depth: float, *, is_old: bool = False) -> None:
    """Draw the roofs of a town, with windows lit where it is dark."""
    random, palette = sketch.place, sketch.palette
    body = palette.tone(depth)
    parts, windows = [], []
    x = float(LEFT)
    while x < RIGHT:
        width = random.uniform(18, 44) * (0.7 if is_old else 1) * (1 if sketch.is_full else 2)
        tall = height * (random.uniform(0.3, 0.6) if random.random() < 0.7 else random.uniform(0.6, 1.0))
        top = y - tall * (0.6 if is_old else 1)
        roof = random.random()
        if is_old or roof < 0.25:
            peak = width * (0.5 if is_old else 0.35)
            parts.append(
                f"M{number(x)} {number(y)}V{number(top)}l{number(width / 2)} {number(-peak)}"
                f" {number(width / 2)} {number(peak)}V{number(y)}Z"
            )
            if roof < 0.16:
                parts.append(
                    f"M{number(x + width * 0.4)} {number(top - peak * 0.6)}l{number(width * 0.1)}"
                    f" {number(-peak * 2.4)} {number(width * 0.1)} {number(peak * 2.4)}Z"
                )
        else:
            step = width * 0.2 if roof < 0.6 else 0.0
            parts.append(
                f"M{number(x)} {number(y)}V{number(top)}h{number(step)}v{number(-step * 0.8)}"
                f"h{number(width - 2 * step)}v{number(step * 0.8)}h{number(step)}V{number(y)}"
                "Z"
            )
            if roof > 0.85:
                parts.append(
                    f"M{number(x + width / 2)} {number(top)}v{number(-tall * 0.25)}h1.2v{number(tall * 0.25)}Z"
                )
        for _ in range(int(tall / 13) if sketch.is_full else 0):
            windows.append(
                f"M{round(x + random.uniform(3, width - 4))} {round(y - random.uniform(6, max(8, tall * 0.55)))}"
                "h2v2.6h-2Z"
            )
        x += width * random.uniform(0.8, 1.02)
    parts.append(f"M{LEFT} {number(y - 3)}H{RIGHT}V{number(y + 24)}H{LEFT}Z")
    sketch.path("back", "".join(parts), body)
    if palette.is_dark and depth < 0.8 and sketch.is_full:
        sketch.path("back", "".join(windows), palette.light, 0.85 - 0.5 * depth)


def dunes(sketch: Sketch, y: float, height: float, depth: float, material: str = "sand") -> None:
    """Draw dunes: each has a lit and a shaded side along a sharp crest."""
    random, side = sketch.place, sketch.side
    tone = sketch.palette.tone(depth, material)
    lit, shade = mix(tone, sketch.palette.light, 0.22), mix(tone, sketch.palette.near, 0.16 * (1 - depth))
    x = float(LEFT - 60)
    while x < RIGHT:
        width, tall = random.uniform(190, 320), height * random.uniform(0.5, 1)
        cx = x + width * 0.5
        d = (
            f"M{number(x)} {number(y)}Q{number(x + width * 0.3)} {number(y - tall * 0.4)}"
            f" {number(cx)} {number(y - tall)}"
        )
        sketch.path(
            "back",
            (
                f"{d}Q{number(cx + width * 0.2)} {number(y - tall * 0.5)} {number(x + width)}"
                f" {number(y)}V{number(y + 60)}H{number(x)}Z"
            ),
            lit if side < 0 else shade,
        )
        sketch.path(
            "back",
            f"M{number(cx)} {number(y - tall)}Q{number(cx - side * width * 0.1)} {number(y - tall * 0.4)}"
            f" {number(cx + side * width * 0.05)} {number(y + 2)}H{number(cx + side * width * 0.5)}"
            f"Q{number(cx + side * width * 0.2)} {number(y - tall * 0.5)} {number(cx)} {number(y - tall)}Z",
            lit if side > 0 else mix(lit, sketch.palette.near, 0.12),
        )
        x += width * random.uniform(0.45, 0.65)
