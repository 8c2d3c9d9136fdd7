"""What grows: trees of several kinds, bushes and grass."""

from __future__ import annotations

import math
from random import Random

from worldkit.illustration.colour import Colour, mix
from worldkit.illustration.sketch import LEFT, RIGHT, Layer, Point, Sketch, curve, number, polygon

TREES = {"tree": 330.0, "pine": 420.0, "palm": 330.0, "bare": 300.0, "bush": 90.0}
"""Trees by kind, and how high they are; a person is 100 high."""


def blob(
    sketch: Sketch, x: float, y: float, rx: float, ry: float, random: Random, count: int = 9, roughness: float = 0.22
) -> str:
    """Return the path of a round, uneven shape."""
    if not sketch.is_full:
        a, b = round(rx), round(ry)
        return f"M{round(x) - a} {round(y)}a{a} {b} 0 1 0 {2 * a} 0a{a} {b} 0 1 0-{2 * a} 0Z"
    points = []
    for index in range(count):
        angle = 2 * math.pi * index / count
        reach = 1 + random.uniform(-roughness, roughness)
        points.append((x + rx * reach * math.cos(angle), y + ry * reach * math.sin(angle)))
    return curve(points, is_closed=True)


def tree(sketch: Sketch, layer: Layer, x: float, y: float, height: float, depth: float, kind: str = "tree") -> None:
    """Draw a tree: round, ``"pine"``, ``"palm"``, ``"bare"`` or ``"bush"``."""
    {"tree": _round_tree, "pine": _pine, "palm": _palm, "bare": _bare_tree, "bush": _bush}[kind](
        sketch, layer, x, y, height, depth
    )


def _round_tree(sketch: Sketch, layer: Layer, x: float, y: float, height: float, depth: float) -> None:
    random, palette = sketch.random, sketch.palette
    trunk, leaf = palette.tone(depth, "wood"), _leaf_colour(sketch, depth)
    width = height * 0.055
    lean = random.uniform(-0.05, 0.05) * height
    fork = y - height * 0.42
    sketch.path(
        layer,
        f"M{number(x - width)} {number(y)}Q{number(x - width * 0.4)} {number(fork + height * 0.15)}"
        f" {number(x + lean - width * 0.6)} {number(y - height * 0.7)}h{number(width * 1.1)}"
        f"Q{number(x + width * 0.6)} {number(fork + height * 0.12)} {number(x + width * 1.1)} {number(y)}Z"
        f"M{number(x)} {number(fork)}l{number(-height * 0.17)} {number(-height * 0.17)}"
        f"l{number(width * 0.8)} {number(-width * 0.3)}L{number(x + width * 0.4)} {number(fork - height * 0.07)}Z",
        mix(trunk, palette.near, 0.3),
    )
    crowns, lit = [], []
    count = 5 if sketch.is_full else 3
    # the trees of a world are of one kind: broad, round or tall
    spread, rise = ((0.31, 0.1), (0.25, 0.17), (0.17, 0.28))[int(sketch.variation * 3) % 3]
    for index in range(count):
        angle = math.pi * (0.05 + 0.9 * index / (count - 1))
        cx = x + lean - math.cos(angle) * height * spread
        cy = y - height * (0.62 + rise * math.sin(angle))
        radius = height * random.uniform(0.15, 0.21)
        crowns.append(blob(sketch, cx, cy, radius * 1.2, radius, random))
        if index % 2 == 0 or sketch.is_full:
            lit.append(
                blob(
                    sketch,
                    cx + sketch.side * radius * 0.3,
                    cy - radius * 0.3,
                    radius * 0.72,
                    radius * 0.5,
                    random,
                    8,
                    0.3,
                )
            )
    crowns.append(blob(sketch, x + lean, y - height * 0.66, height * 0.24, height * 0.17, random))
    sketch.path(layer, "".join(crowns), leaf)
    sketch.path(layer, "".join(lit), mix(leaf, palette.light, 0.24), 0.75)


def _leaf_colour(sketch: Sketch, depth: float) -> Colour:
    return sketch.palette.tone(depth, "leaf")


def _pine(sketch: Sketch, layer: Layer, x: float, y: float, height: float, depth: float) -> None:
    body = mix(sketch.palette.tone(depth, "leaf"), sketch.palette.tone(depth), 0.5)
    sketch.path(layer, pine_path(x, y, height, sketch.random), body)
    if sketch.is_full:
        half = height * 0.15 * sketch.side
        d = polygon(
            [
                (x, y - height),
                (x + half * 0.8, y - height * 0.45),
                (x + half * 0.1, y - height * 0.5),
                (x + half * 1.2, y - height * 0.16),
                (x + half * 0.1, y - height * 0.24),
            ]
        )
        sketch.path(layer, d, mix(body, sketch.palette.light, 0.2), 0.6)


def pine_path(x: float, y: float, height: float, random: Random) -> str:
    """Return the path of a pine, with drooping boughs."""
    tiers = 4
    right: list[Point] = []
    left: list[Point] = []
    for tier in range(tiers):
        low = y - height * (0.1 + 0.2 * (tiers - 1 - tier))
        reach = height * (0.09 + 0.055 * tier) * random.uniform(0.9, 1.15)
        right += [(x + reach, low + height * 0.03), (x + reach * 0.45, low - height * 0.02)]
        left += [(x - reach, low + height * 0.03), (x - reach * 0.45, low - height * 0.02)]
    trunk = height * 0.02
    return polygon(
        [
            (x, y - height),
            *right[:-1],
            (x + trunk, y - height * 0.1),
            (x + trunk, y),
            (x - trunk, y),
            (x - trunk, y - height * 0.1),
            *reversed(left[:-1]),
        ]
    )


def _palm(sketch: Sketch, layer: Layer, x: float, y: float, height: float, depth: float) -> None:
    random, body = sketch.random, sketch.palette.tone(depth, "leaf")
    lean = height * random.choice((-0.16, 0.16))
    top_x, top_y = x + lean, y - height * 0.82
    width = height * 0.025
    sketch.path(
        layer,
        f"M{number(x - width)} {number(y)}Q{number(x + lean * 0.2)} {number(y - height * 0.5)}"
        f" {number(top_x)} {number(top_y)}h{number(width)}"
        f"Q{number(x + lean * 0.35)} {number(y - height * 0.45)} {number(x + width * 1.6)} {number(y)}Z",
        sketch.palette.tone(depth, "wood"),
    )
    fronds = []
    for angle in (-170, -140, -110, -75, -40, -10, 15, 165):
        a = math.radians(angle + random.uniform(-8, 8))
        reach = height * random.uniform(0.3, 0.4)
        ex, ey = top_x + reach * math.cos(a), top_y + reach * math.sin(a) * 0.6 + height * 0.1
        cx, cy = top_x + reach * 0.6 * math.cos(a), top_y + reach * 0.75 * math.sin(a) - height * 0.04
        fronds.append(
            f"M{number(top_x)} {number(top_y)}Q{number(cx)} {number(cy)} {number(ex)} {number(ey)}"
            f"Q{number(cx)} {number(cy + height * 0.1)} {number(top_x)} {number(top_y + height * 0.02)}Z"
        )
    sketch.path(layer, "".join(fronds), body)


def _bare_tree(sketch: Sketch, layer: Layer, x: float, y: float, height: float, depth: float) -> None:
    random = sketch.random
    strokes: dict[int, list[str]] = {}

    def grow(x0: float, y0: float, angle: float, length: float, level: int) -> None:
        x1, y1 = x0 + length * math.cos(angle), y0 + length * math.sin(angle)
        bend = random.uniform(-0.15, 0.15) * length
        strokes.setdefault(level, []).append(
            f"M{number(x0)} {number(y0)}Q{number((x0 + x1) / 2 + bend)} {number((y0 + y1) / 2)}"
            f" {number(x1)} {number(y1)}"
        )
        if level < (4 if sketch.is_full else 2):
            for turn in (-0.5, 0.42) if level else (-0.62, 0.06, 0.6):
                grow(x1, y1, angle + turn + random.uniform(-0.2, 0.2), length * random.uniform(0.62, 0.78), level + 1)

    grow(x, y, -math.pi / 2 + random.uniform(-0.1, 0.1), height * 0.34, 0)
    colour = mix(sketch.palette.tone(depth, "wood"), sketch.palette.near, 0.4 * (1 - depth))
    for level, parts in strokes.items():
        sketch.path(layer, "".join(parts), colour, stroke=max(0.5, height * 0.055 * 0.56**level))


def _bush(sketch: Sketch, layer: Layer, x: float, y: float, height: float, depth: float) -> None:
    random, leaf = sketch.random, _leaf_colour(sketch, depth)
    height *= 0.8
    d = "".join(
        blob(sketch, x + dx * height, y - height * 0.36, height * 0.42, height * random.uniform(0.34, 0.5), random)
        for dx in (-0.5, 0.02, 0.5)
    )
    sketch.path(layer, d, leaf)
    lit = "".join(
        blob(
            sketch,
            x + (dx + 0.1 * sketch.side) * height,
            y - height * 0.52,
            height * 0.24,
            height * 0.15,
            random,
            7,
            0.3,
        )
        for dx in (-0.46, 0.06, 0.5)
    )
    sketch.path(layer, lit, mix(leaf, sketch.palette.light, 0.22), 0.7)


def grass(sketch: Sketch, layer: Layer, y: float, height: float, colour: Colour, count: int) -> None:
    """Draw blades of grass along a line."""
    random = sketch.random
    blades = []
    for _ in range(count if sketch.is_full else count // 2):
        x = random.uniform(LEFT, RIGHT)
        tip, tall = random.uniform(-0.4, 0.4) * height, height * random.uniform(0.4, 1)
        blades.append(
            f"M{round(x - 2)} {round(y)}q2-{round(tall * 0.6)} {round(2 + tip)}-{round(tall)}"
            f"q0 {round(tall * 0.5)} 2 {round(tall)}Z"
        )
    sketch.path(layer, "".join(blades), colour)
