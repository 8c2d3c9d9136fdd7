"""What lies behind a scene under the sky, each range fainter than the one in front of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from worldkit.illustration.colour import css, mix
from worldkit.illustration.places import SETS
from worldkit.illustration.plants import blob
from worldkit.illustration.ranges import dunes, hills, mountains, skyline, treeline
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Sketch, number, polygon
from worldkit.illustration.square import draw_square
from worldkit.illustration.station import draw_station
from worldkit.illustration.waters import clouds, water
from worldkit.illustration.weather import draw_haze
from worldkit.illustration.wood import draw_wood

ALLEY, STREET = 205.0, 332.0
"""How far the walls of an alley and of a street are from the middle, at the lower edge of the picture."""

_OLD_TOWN_SETS = frozenset({"harbour", "street", "square", "alley", "field", "river"})
"""Where the town that lies behind is an old one."""
_SNOWLESS_SETS = frozenset({"desert", "moon"})
_HAZELESS_KINDS = frozenset({"wood", "sea", "river", "street", "alley", "yardwall", "stands", "station", "houserow"})


def draw_far(sketch: Sketch, reading: PictureContent, far: list[str], horizon: float) -> list[tuple[str, str]]:
    """Draw what lies behind, the farthest first.

    Args:
        sketch: The picture.
        reading: What it shows.
        far: The kinds of what lies behind.
        horizon: Where the ground ends.

    Returns:
        What of it stands before the ground, as paths with their paints: walls below the horizon.
    """
    feet: list[tuple[str, str]] = []
    for order, kind in enumerate(far):
        depth = 0.86 - 0.26 * order if len(far) > 1 else 0.55
        height = 92 - 26 * order
        is_snowy = reading.set == "snow" or "frost" in reading.weather
        if kind == "mountains":
            is_bare = reading.set in _SNOWLESS_SETS and not is_snowy
            mountains(sketch, horizon + 2, 128 - 30 * order, depth, snow=is_snowy, is_bare=is_bare)
        elif kind == "hills":
            hills(sketch, horizon + 4, 62 - 14 * order, depth, "snow" if is_snowy else "grass")
        elif kind in ("treeline", "pines"):
            tall = (120 if reading.set == "forest" else 58) - 16 * order
            treeline(sketch, horizon + 4, tall, depth, pines=kind == "pines" or reading.set in ("snow", "mountain"))
        elif kind == "wood":
            draw_wood(sketch, horizon, has_pines=any(mention.thing == "pine" for mention in reading.mentions))
        elif kind == "skyline":
            is_old = reading.set in _OLD_TOWN_SETS and "neon" not in reading.cues
            skyline(
                sketch,
                horizon + 4,
                height * (1.3 if reading.set in ("city", "rooftop") else 0.8),
                depth,
                is_old=is_old,
            )
        elif kind == "dunes":
            dunes(
                sketch,
                horizon + 6 + 8 * order,
                46 - 8 * order,
                depth - 0.1,
                "rock" if reading.set == "moon" else "sand",
            )
        elif kind == "cliffs":
            _cliffs(sketch, horizon + 2)
        elif kind == "sea":
            water(sketch, horizon, horizon + 52 if SETS[reading.set].ground != "water" else HEIGHT)
        elif kind == "river":
            water(sketch, horizon, horizon + 50)
        elif kind == "clouds":
            tone = mix(sketch.palette.low, sketch.palette.light, 0.5)
            clouds(sketch, 7, horizon - 30 + 22 * order, 18, 0.75, tone)
        elif kind in _STRUCTURE_DRAWERS:
            _STRUCTURE_DRAWERS[kind](sketch, horizon)
        elif kind == "hedge":
            body = sketch.palette.tone(0.42, "leaf")
            d = "".join(
                blob(sketch, x, horizon, 46, sketch.place.uniform(18, 30), sketch.place) for x in range(LEFT, RIGHT, 62)
            )
            sketch.path("back", d, body)
        elif kind in _HOUSE_DRAWERS:
            feet += _HOUSE_DRAWERS[kind](sketch, horizon)
        if kind not in _HAZELESS_KINDS and (sketch.is_full or order == 0):
            draw_haze(sketch, horizon + 4, 62 - 10 * order, 0.42 if "fog" not in reading.weather else 0.75)
    return feet


def _cliffs(sketch: Sketch, y: float) -> None:
    side, place = sketch.side, sketch.place
    edge = WIDTH / 2 - side * (WIDTH / 2 + 24)
    x = edge
    points = [(x, y), (x, y - 74)]
    for _ in range(5):
        x += side * place.uniform(26, 50)
        points.append((x, points[-1][1] + place.uniform(2, 20)))
    points.append((x + side * 16, y))
    body = sketch.palette.tone(0.55, "rock")
    sketch.path("back", polygon(points), body)
    top = [(px, py + 0.5) for px, py in points[1:-1]]
    under = [(px - side * 3, py + place.uniform(8, 16)) for px, py in reversed(top)]
    sketch.path("back", polygon([*top, *under]), mix(body, sketch.palette.light, 0.25), 0.8)


def _yard_wall(sketch: Sketch, horizon: float) -> None:
    """Draw the wall of a yard, with roofs behind it and a gateway in it."""
    palette, place, side = sketch.palette, sketch.place, sketch.side
    top = horizon - 62
    far = palette.tone(0.6, "brick")
    for index in range(4 if sketch.is_full else 3):
        x, wide = LEFT + 40 + index * 190 + place.uniform(-30, 30), place.uniform(56, 92)
        eaves, ridge = top - place.uniform(2, 16), top - place.uniform(44, 74)
        house = [(x - wide * 0.86, eaves), (x + wide * 0.86, eaves), (x + wide * 0.86, top), (x - wide * 0.86, top)]
        roof = [(x - wide, eaves), (x - wide * 0.5, ridge), (x + wide * 0.5, ridge), (x + wide, eaves)]
        sketch.path("back", polygon(house), far)
        sketch.path("back", polygon(roof), mix(far, palette.near, 0.3))
        sketch.rectangle("back", x + wide * 0.3, ridge - 14, 12, 30, mix(far, palette.near, 0.4))
    body = palette.tone(0.3, "stone")
    paint = sketch.vertical([(0, mix(body, palette.low, 0.22), 1), (1, mix(body, palette.near, 0.12), 1)])
    sketch.rectangle("back", LEFT, top, RIGHT - LEFT, 72, paint)
    joints = ""
    for row in range(5):
        y = round(top) + 14 * row
        joints += f"M{LEFT} {y}H{RIGHT}"
        if sketch.is_full:
            joints += "".join(f"M{x} {y}v14" for x in range(LEFT + 19 * (row % 2), RIGHT, 38))
    sketch.path("back", joints, palette.near, 0.22, stroke=1)
    sketch.rectangle("back", LEFT, top - 6, RIGHT - LEFT, 8, mix(body, palette.light, 0.3))
    x, foot, spring = round(WIDTH * (0.5 + 0.3 * side)), round(horizon + 10), round(top + 22)
    gateway = f"M{x - 26} {foot}V{spring}Q{x} {spring - 36} {x + 26} {spring}V{foot}Z"
    sketch.path("back", gateway, mix(body, palette.light, 0.2), stroke=7)
    sketch.path("back", gateway, sketch.vertical([(0, mix(palette.middle, palette.near, 0.2), 1), (1, palette.low, 1)]))
    ivy = ""
    for _ in range(6 if sketch.is_full else 2):
        x_ivy, y_ivy = WIDTH * (0.5 - 0.36 * side) + place.uniform(-54, 54), top + place.uniform(-6, 26)
        ivy += blob(sketch, x_ivy, y_ivy, place.uniform(12, 24), place.uniform(8, 15), place)
    sketch.path("back", ivy, palette.tone(0.3, "leaf"))


def _stands(sketch: Sketch, horizon: float) -> None:
    """Draw the rows of seats of a sports ground, with a roof over them and a floodlight at each end."""
    palette = sketch.palette
    body, top, foot = palette.tone(0.42, "stone"), horizon - 84, horizon + 6
    for x in (58.0, WIDTH - 58.0):
        sketch.path(
            "back", f"M{number(x - 3)} {foot}V24h6V{foot}ZM{number(x - 30)} 8h60v30h-60Z", mix(body, palette.near, 0.45)
        )
        lights = "".join(f"M{number(x - 26 + 18 * (at % 3))} {12 + 12 * (at // 3)}h15v9h-15Z" for at in range(6))
        sketch.path("back", lights, mix(palette.light, palette.low, 0.1))
        if palette.is_dark:
            sketch.glow("back", x, 23, 130, 0.75)
    row_colour = mix(body, palette.light, 0.3 if palette.is_dark else 0.1)
    paint = sketch.vertical([(0, mix(body, palette.near, 0.55), 1), (1, row_colour, 1)])
    sketch.rectangle("back", LEFT, top, RIGHT - LEFT, foot - top, paint)
    seats = "".join(f"M{LEFT} {number(top + 22 + 11 * row)}H{RIGHT}" for row in range(6))
    sketch.path("back", seats, palette.accent_at(0.45), 0.6, stroke=4)
    aisles = "".join(f"M{x} {number(top + 14)}h8V{number(foot)}h-8Z" for x in range(40, WIDTH, 112))
    sketch.path("back", aisles, mix(body, palette.near, 0.3))
    roof = [(LEFT, top - 20), (RIGHT, top - 20), (RIGHT, top + 6), (LEFT, top + 6)]
    sketch.path("back", polygon(roof), mix(body, palette.near, 0.5))
    sketch.rectangle("back", LEFT, foot - 9, RIGHT - LEFT, 10, mix(palette.accent_at(0.3), palette.near, 0.3))
    middle = WIDTH * 0.5
    chalk = (
        f"M{LEFT} {number(horizon + 46)}H{RIGHT}M{number(middle - 150)} {number(horizon + 92)}"
        f"a150 34 0 1 0 300 0a150 34 0 1 0 -300 0"
    )
    if palette.is_dark:
        for at in (0.25, 0.5, 0.75):
            sketch.glow("middle", WIDTH * at, horizon + 66, 240, 0.3)
    sketch.path("middle", chalk, mix(palette.low, palette.light, 0.5), 0.55, stroke=2.4)


def _houses(sketch: Sketch, horizon: float, *, is_narrow: bool) -> list[tuple[str, str]]:
    """Draw two rows of houses that run to a point far away; return their walls below the horizon, with their doors."""
    palette, place = sketch.palette, sketch.place
    feet: list[tuple[str, str]] = []
    vx = WIDTH * (0.5 - 0.06 * sketch.side)
    for side in (-1, 1):
        near = ALLEY if is_narrow else STREET
        far_reach = 16.0 if is_narrow else 44.0
        reaches = [near * (0.56**index) for index in range(5) if near * (0.56**index) > far_reach]
        for index in range(len(reaches) - 1 if sketch.is_full else 1, -1, -1):
            outer = vx + side * (reaches[index] / 0.56 if index else near * 2.2)
            inner = vx + side * reaches[index]
            k_outer = abs(outer - vx) / near
            k_inner = reaches[index] / near
            depth = 0.16 + 0.15 * index
            tall = place.uniform(215, 300) * (1.25 if is_narrow else 1.0)
            drop = HEIGHT - horizon + 6
            is_facing_light = side == -sketch.side
            body = palette.tone(depth, place.choice(("wall", "brick", "stone")))
            if is_facing_light:
                body = mix(body, palette.light, 0.12)
            top_o, top_i = horizon - tall * k_outer, horizon - tall * k_inner
            foot_o, foot_i = horizon + drop * k_outer, horizon + drop * k_inner
            sketch.path("back", polygon([(outer, top_o), (inner, top_i), (inner, foot_i), (outer, foot_o)]), body)
            misty = mix(body, mix(palette.low, palette.light, 0.15), 0.2)
            wall = [(outer, horizon), (inner, horizon), (inner, foot_i), (outer, foot_o)]
            low = mix(body, palette.near, 0.3)
            paint = sketch.vertical([(0, misty, 1), (1, low, 1)]) if sketch.is_full else css(mix(misty, low, 0.4))
            feet.append((polygon(wall), paint))
            if sketch.is_full:
                feet.append(
                    (_door(vx + side * near * k_inner, vx, horizon, drop / near), css(mix(body, palette.near, 0.55)))
                )
            ridge = 34 * k_inner
            sketch.path(
                "back",
                polygon(
                    [
                        (outer, top_o + 2),
                        (inner - side * 4 * k_inner, top_i + 2),
                        (inner + side * 18 * k_inner, top_i - ridge),
                        (outer, top_o - 34 * k_outer),
                    ]
                ),
                mix(body, palette.near, 0.4),
            )
            windows = []
            rows = 3 if sketch.is_full else 1
            for row in range(rows):
                for column in range(3 if sketch.is_full else 2):
                    t = 0.2 + 0.27 * column
                    k0, k1 = k_inner + (k_outer - k_inner) * t * 0.8, k_inner + (k_outer - k_inner) * (t + 0.12) * 0.8
                    a, b = 0.16 + row * 0.27, 0.32 + row * 0.27
                    if place.random() < 0.72:
                        windows.append(
                            polygon(
                                [
                                    (vx + side * near * k0, horizon - tall * k0 * (1 - a)),
                                    (vx + side * near * k1, horizon - tall * k1 * (1 - a)),
                                    (vx + side * near * k1, horizon - tall * k1 * (1 - b)),
                                    (vx + side * near * k0, horizon - tall * k0 * (1 - b)),
                                ]
                            )
                        )
            shine = palette.light if palette.is_dark else mix(palette.near, palette.middle, 0.4)
            sketch.path("back", "".join(windows), mix(shine, body, 0.25 + 0.3 * depth), 0.9)
        draw_haze(sketch, horizon + 30, 90, 0.2)
    return feet


def _door(x: float, vx: float, horizon: float, slope: float) -> str:
    """Return a door in a wall that runs to a point far away, a little nearer than a place on it."""
    reach = x - vx
    ends = [(vx + reach * part, abs(reach) * part * slope) for part in (1.12, 1.34)]
    (near_x, near_drop), (far_x, far_drop) = ends
    return polygon(
        [
            (near_x, horizon + near_drop),
            (near_x, horizon - near_drop * 0.3),
            (far_x, horizon - far_drop * 0.3),
            (far_x, horizon + far_drop),
        ]
    )


_HOUSE_DRAWERS: Mapping[str, Callable[[Sketch, float], list[tuple[str, str]]]] = {
    "street": partial(_houses, is_narrow=False),
    "alley": partial(_houses, is_narrow=True),
    "houserow": draw_square,
}
"""What reaches below the horizon."""

_STRUCTURE_DRAWERS = {"yardwall": _yard_wall, "stands": _stands, "station": draw_station}
"""What people built there."""
