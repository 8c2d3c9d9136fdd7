"""A wood from inside: rows of trunks in the mist, leaves over them, and light that falls between."""

from __future__ import annotations

from worldkit.illustration.colour import Colour, mix
from worldkit.illustration.plants import blob
from worldkit.illustration.sketch import LEFT, RIGHT, WIDTH, Layer, Sketch, number, polygon
from worldkit.illustration.weather import draw_haze

_ROWS = ((27, 7.0, 0.82), (15, 13.0, 0.62))
"""Of each row behind: how many trunks, how wide, how far."""


def draw_wood(sketch: Sketch, horizon: float, *, has_pines: bool) -> None:
    """Draw the trees behind, the farthest first."""
    for order, (count, width, depth) in enumerate(_ROWS):
        tone = _bark(sketch, depth)
        _draw_trunks(sketch, "back", _spread(sketch, count), horizon + 6, width, tone)
        _draw_leaves(sketch, 30 + 34 * order, depth, has_pines=has_pines)
        draw_haze(sketch, horizon + 6, 130 - 30 * order, 0.5)
    _draw_shafts(sketch, horizon)


def draw_near_trunks(sketch: Sketch, ground: float) -> None:
    """Draw the trees that stand on the ground between the eye and those behind, at the sides."""
    places = [
        WIDTH * (0.5 + side * at + sketch.place.uniform(-0.03, 0.03)) for side, at in ((-1, 0.27), (1, 0.24), (1, 0.4))
    ]
    for x in places if sketch.is_full else places[:2]:
        foot = ground + sketch.place.uniform(8, 34)
        _draw_trunks(sketch, "middle", [x], foot, 20 + (foot - ground) * 0.5, _bark(sketch, 0.34))


def _bark(sketch: Sketch, depth: float) -> Colour:
    return mix(sketch.palette.tone(depth, "wood"), sketch.palette.tone(depth, "leaf"), 0.45)


def _spread(sketch: Sketch, count: int) -> list[float]:
    count = count if sketch.is_full else count // 3
    step = (RIGHT - LEFT) / count
    return [LEFT + step * (index + sketch.place.uniform(0.1, 0.9)) for index in range(count)]


def _draw_trunks(sketch: Sketch, layer: Layer, places: list[float], foot: float, width: float, tone: Colour) -> None:
    """Draw trunks that leave the picture at its top; the side towards the light has a rim of it."""
    trunks, rims, branches = "", "", ""
    for x in places:
        half, lean = width * sketch.place.uniform(0.36, 0.6), sketch.place.uniform(-9, 9)
        trunks += (
            f"M{number(x - half * 1.9)} {number(foot)}Q{number(x - half)} {number(foot - width * 1.2)}"
            f" {number(x + lean - half * 0.7)} -4H{number(x + lean + half * 0.7)}"
            f"Q{number(x + half)} {number(foot - width * 1.2)} {number(x + half * 1.9)} {number(foot)}Z"
        )
        direction = 1 if sketch.light[0] > x else -1
        rims += (
            f"M{number(x + direction * half * 1.2)} {number(foot - width)}"
            f"Q{number(x + direction * half * 0.95)} {number(foot - width * 2)}"
            f" {number(x + lean + direction * half * 0.7)} -4"
        )
        for _ in range(2 if sketch.is_full and width > 9 else 0):
            y, reach = sketch.place.uniform(40, foot - 60), sketch.place.choice((-1, 1)) * width * 2.6
            branches += (
                f"M{number(x)} {number(y)}q{number(reach * 0.5)} -4 {number(reach)} {number(-width * 1.4)}"
                f"q{number(-reach * 0.4)} {number(width * 1.2)} {number(-reach)} {number(width * 1.8)}Z"
            )
    # apart: where two shapes of one path lie over each other there may be a hole
    sketch.path(layer, branches, tone)
    sketch.path(layer, trunks, tone)
    if sketch.is_full and width > 9:
        sketch.path(layer, rims, mix(tone, sketch.palette.light, 0.45), 0.7, stroke=max(0.8, width * 0.09))


def _draw_leaves(sketch: Sketch, height: float, depth: float, *, has_pines: bool) -> None:
    """Draw the leaves overhead; they are thin where the light is."""
    place, tone, d = sketch.place, sketch.palette.tone(depth - 0.08, "leaf"), ""
    for x in range(LEFT, RIGHT + 40, 34 if sketch.is_full else 96):
        near_light = max(0.0, 1 - abs(x - sketch.light[0]) / 150)
        tall = height * place.uniform(0.7, 1.25) * (1 - 0.75 * near_light)
        if has_pines:
            half = place.uniform(22, 34)
            d += f"M{number(x - half)} -4L{number(x)} {number(tall + 16)}L{number(x + half)} -4Z"
        else:
            d += blob(sketch, x, 0, 42 if sketch.is_full else 80, max(6.0, tall), place, 9, 0.3)
    sketch.path("back", d, tone)


def _draw_shafts(sketch: Sketch, horizon: float) -> None:
    if not sketch.is_full:
        return
    (x, _), place = sketch.light, sketch.place
    paint = sketch.vertical([(0, sketch.palette.light, 0.42), (1, sketch.palette.light, 0)])
    for _ in range(5):
        at, wide = x + place.uniform(-120, 120), place.uniform(10, 30)
        drift = (at - x) * 0.7 - sketch.side * 90
        beam = [(at, -4), (at + wide, -4), (at + wide * 2.4 + drift, horizon + 20), (at - wide + drift, horizon + 20)]
        sketch.path("back", polygon(beam), paint, 0.35 if sketch.palette.is_dark else 0.7)
