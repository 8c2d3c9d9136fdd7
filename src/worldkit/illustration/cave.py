"""A cave: rings of rock around an opening with light, and a ledge where the prose names one."""

from __future__ import annotations

import math

from worldkit.illustration.colour import mix
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.rooms import Interior
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Layer, Sketch, curve, number, polygon


def has_ledge(reading: PictureContent) -> bool:
    """Return whether a step of the rock is drawn along the wall of a cave."""
    return reading.set == "cave" and any(mention.thing == "ledge" for mention in reading.mentions)


def draw_cave(room: Interior) -> None:
    """Draw rings of rock around an opening with light."""
    sketch, palette, random = room.sketch, room.sketch.palette, room.sketch.random
    far = mix(palette.low, palette.light, 0.12)
    sketch.rectangle(
        "back",
        LEFT,
        0,
        RIGHT - LEFT,
        HEIGHT,
        sketch.vertical([(0, mix(palette.middle, palette.near, 0.3), 1), (0.6, far, 1), (1, palette.middle, 1)]),
    )
    sketch.light = (WIDTH * (0.5 + 0.14 * sketch.side), 170)
    sketch.glow("back", *sketch.light, 200, 0.75)
    for index, depth in enumerate((0.62, 0.38, 0.16)):
        layer: Layer = "back" if index < 2 else "middle"
        body = palette.tone(depth, "rock")
        reach = 0.30 - 0.055 * index
        left = [(LEFT - 10.0, 380.0), (LEFT - 10.0, -20.0), (RIGHT + 10.0, -20.0), (RIGHT + 10.0, 380.0)]
        hole = []
        for step in range(13):
            angle = math.pi * (1 + step / 12)
            rx = WIDTH * (reach + 0.13 * index) * random.uniform(0.9, 1.1) + 40 * index
            ry = (110 + 44 * index) * random.uniform(0.85, 1.12)
            hole.append(
                (
                    WIDTH / 2 + 30 * sketch.side * (1 - index) + rx * math.cos(angle),
                    226 + 10 * index + ry * math.sin(angle),
                )
            )
        d = polygon(
            [left[0], left[1], left[2], left[3], (hole[-1][0] + 20, 380), *reversed(hole), (hole[0][0] - 20, 380)]
        )
        sketch.path(layer, d, body)
        spikes = []
        for _ in range(7 if sketch.is_full else 3):
            hx, hy = random.choice(hole[2:-2])
            tall = random.uniform(14, 40) * (1 + 0.4 * index)
            spikes.append(
                f"M{number(hx - tall * 0.18)} {number(hy - 10)}L{number(hx)} {number(hy + tall)}"
                f"L{number(hx + tall * 0.2)} {number(hy - 10)}Z"
            )
        sketch.path(layer, "".join(spikes), body)
        edge = [(px, py + 1) for px, py in hole[3:-3]]
        sketch.path(layer, curve(edge), mix(body, palette.light, 0.35), 0.6, stroke=2)
    if has_ledge(room.room_reading):
        _draw_ledge(sketch)
    floor = palette.tone(0.12, "rock")
    sketch.path(
        "middle",
        curve([(LEFT - 30.0, 250), (60, 236), (200, 250), (330, 242), (470, 252), (600, 238), (RIGHT + 30.0, 252)])
        + f"V{HEIGHT + 4}H{LEFT - 30}Z",
        sketch.vertical([(0, mix(floor, palette.light, 0.18), 1), (1, mix(floor, palette.near, 0.55), 1)]),
    )


LEDGE_END = 0.13
"""How far the end of a ledge is from the middle, as a part of the width."""
LEDGE_HEIGHT = 74.0
"""How high a ledge is above the floor."""


def _draw_ledge(sketch: Sketch) -> None:
    """Draw a step of the rock along the wall of a cave: its lit top, and its broken face down to the floor."""
    palette, random, side = sketch.palette, sketch.random, sketch.side
    wall, end, foot = WIDTH / 2 + side * (WIDTH / 2 + 34), WIDTH * (0.5 + side * LEDGE_END), 258.0
    xs = [wall + (end - wall) * step / 7 for step in range(8)]
    top = [(x, foot - LEDGE_HEIGHT + random.uniform(-3, 3)) for x in xs]
    face = [(end - side * lean, foot - LEDGE_HEIGHT * part) for lean, part in ((7, 0.72), (2, 0.5), (13, 0.3), (20, 0))]
    body = palette.tone(0.22, "rock")
    paint = sketch.vertical([(0, mix(body, palette.light, 0.1), 1), (1, mix(body, palette.near, 0.6), 1)])
    sketch.path("middle", polygon([*top, *face, (wall, foot)]), paint)
    for (x, y), (next_x, next_y) in zip(top[1::2], top[2::2], strict=False):
        low = (x + next_x) / 2 + random.uniform(-14, 14), foot - random.uniform(4, 26)
        sketch.path("middle", polygon([(x, y), (next_x, next_y), low]), palette.near, 0.22)
    back = [(x + side * 12, y - 9) for x, y in top]
    sketch.path("middle", polygon([*top, *reversed(back)]), mix(body, palette.light, 0.45))
