"""The walls, the floor and the ceiling of a room."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.illustration.cave import draw_cave
from worldkit.illustration.colour import mix
from worldkit.illustration.fittings import (
    draw_books,
    draw_carriage,
    draw_columns,
    draw_doors,
    draw_glass,
    draw_lamp_row,
    draw_side_shelves,
    draw_stage,
)
from worldkit.illustration.rooms import Interior
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, number, polygon
from worldkit.illustration.waters import draw_water_on_floor
from worldkit.illustration.windows import draw_view, draw_windows

_LEFT, _RIGHT, _TOP, _BOTTOM = LEFT - 30.0, RIGHT + 30.0, -60.0, HEIGHT + 40.0  # where side walls end, out of sight


def draw_shell(room: Interior) -> None:
    """Draw the walls, the floor and the ceiling, with what they are made of and what is built in."""
    if "rocks" in room.style:
        draw_cave(room)
        return
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, y1 = room.box
    wall, near = palette.middle, palette.near
    dark, lit = mix(wall, near, 0.5), mix(wall, near, 0.3)
    left, right = (dark, lit) if sketch.side < 0 else (lit, dark)
    floor = mix(palette.top, near, 0.1)
    sketch.path(
        "back",
        polygon([(_LEFT, _TOP), (_RIGHT, _TOP), (x1, y0), (x0, y0)]),
        sketch.vertical([(0, mix(wall, near, 0.82), 1), (1, mix(wall, near, 0.5), 1)]),
    )
    sketch.path(
        "back",
        polygon([(_LEFT, _TOP), (x0, y0), (x0, y1), (_LEFT, _BOTTOM)]),
        sketch.horizontal([(0, mix(left, near, 0.5), 1), (1, left, 1)]),
    )
    sketch.path(
        "back",
        polygon([(_RIGHT, _TOP), (x1, y0), (x1, y1), (_RIGHT, _BOTTOM)]),
        sketch.horizontal([(0, right, 1), (1, mix(right, near, 0.5), 1)]),
    )
    back_wall = sketch.vertical([(0, mix(wall, near, 0.25), 1), (1, mix(wall, palette.low, 0.25), 1)])
    sketch.rectangle("back", x0, y0, x1 - x0, y1 - y0, back_wall)
    sketch.path(
        "back",
        polygon([(x0, y1), (x1, y1), (_RIGHT, _BOTTOM), (_LEFT, _BOTTOM)]),
        sketch.vertical([(0, mix(floor, palette.low, 0.25), 1), (1, mix(floor, near, 0.62), 1)]),
    )
    for style, draw in _STYLES.items():
        if style in room.style:
            draw(room)
    if {"basin", "flooded"} & (room.style | room.room_reading.cues):
        draw_water_on_floor(room, is_basin="basin" in room.style)
    if "wide" in room.style:
        middle, reach = (x0 + x1) / 2, (x1 - x0) * 0.38
        draw_view(room, middle - reach, y0 + 16, middle + reach, y0 + (y1 - y0) * 0.62)
    elif room.parts.windows and not {"glass", "stage"} & room.style:
        draw_windows(room)
    if (
        room.room_reading.set in _CARPETED_SETS
        and "flooded" not in room.room_reading.cues
        and sketch.random.random() < 0.6
    ):
        _draw_rug(room)
    if room.room_reading.set == "corridor":
        draw_doors(room)
    if "lamps" in room.style:
        draw_lamp_row(room)


_CARPETED_SETS = frozenset({"room", "library", "shop", "corridor", "hall", "train", "cabin"})


def _draw_rug(room: Interior) -> None:
    """Draw a rug on the floor, with its border."""
    sketch, palette = room.sketch, room.sketch.palette
    x0, _, x1, y1 = room.box
    middle, far, near = (x0 + x1) / 2 - sketch.side * 20, y1 + 22, min(HEIGHT - 14.0, y1 + 92)
    half = (x1 - x0) * 0.3
    colour = mix(palette.accent_at(0.15), palette.near, 0.42)
    for inset, tone in ((0.0, colour), (7.0, mix(colour, palette.light, 0.16)), (11.0, mix(colour, palette.near, 0.1))):
        a, b = half - inset, half * 1.42 - inset * 1.4
        corners = [(middle - a, far + inset * 0.4), (middle + a, far + inset * 0.4)]
        corners += [(middle + b, near - inset * 0.8), (middle - b, near - inset * 0.8)]
        sketch.path("back", polygon(corners), tone)


def _draw_boards(room: Interior) -> None:
    sketch = room.sketch
    x0, _, x1, y1 = room.box
    middle, ratio = (x0 + x1) / 2, (_RIGHT - _LEFT) / (x1 - x0)
    count = 12 if sketch.is_full else 6
    lines = ""
    for index in range(count + 1):
        x = x0 + (x1 - x0) * index / count
        lines += f"M{number(x)} {number(y1)}L{number(middle + (x - middle) * ratio)} {number(_BOTTOM)}"
    sketch.path("back", lines, sketch.palette.near, 0.3, stroke=1)


def _draw_floor_tiles(room: Interior) -> None:
    _draw_boards(room)
    sketch = room.sketch
    x0, _, x1, y1 = room.box
    middle, half = (x0 + x1) / 2, (x1 - x0) / 2
    lines = ""
    for index in range(1, 7):
        y = y1 + (_BOTTOM - y1) * (index / 7) ** 1.9
        reach = half + ((_RIGHT - _LEFT) / 2 - half) * (y - y1) / (_BOTTOM - y1)
        lines += f"M{number(middle - reach)} {number(y)}H{number(middle + reach)}"
    sketch.path("back", lines, sketch.palette.near, 0.3, stroke=1)


def _draw_tiles(room: Interior) -> None:
    _draw_floor_tiles(room)
    if "columns" in room.style:
        return
    sketch, step = room.sketch, 16
    x0, _, x1, y1 = room.box
    lines = "".join(f"M{number(x0)} {y}H{number(x1)}" for y in range(int(y1 - 86), int(y1), step))
    lines += "".join(f"M{x} {number(y1 - 86)}V{number(y1)}" for x in range(int(x0), int(x1), step))
    sketch.path("back", lines, sketch.palette.low, 0.28, stroke=0.8)


def _draw_panels(room: Interior) -> None:
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, y1 = room.box
    rail = y1 - (y1 - y0) * 0.34
    panel = mix(palette.middle, palette.near, 0.22)
    sketch.path("back", polygon([(x0, rail), (x1, rail), (x1, y1), (x0, y1)]), panel, 0.8)
    sketch.rectangle("back", x0, rail - 3, x1 - x0, 3.5, mix(palette.middle, palette.light, 0.22))
    step, lines = (x1 - x0) / 9, ""
    for index in range(9):
        lines += f"M{number(x0 + step * (index + 0.14))} {number(rail + 8)}h{number(step * 0.72)}"
        lines += f"V{number(y1 - 9)}h{number(-step * 0.72)}Z"
    sketch.path("back", lines, palette.near, 0.22, stroke=1)
    sketch.rectangle("back", x0, y1 - 5, x1 - x0, 5, mix(palette.middle, palette.near, 0.5))


def _draw_bricks(room: Interior) -> None:
    sketch, palette, random = room.sketch, room.sketch.palette, room.sketch.random
    x0, y0, x1, y1 = room.box
    bricks = ""
    for row in range(2, int((y1 - y0) / 9)):
        for _ in range(6 if sketch.is_full else 2):
            bricks += f"M{round(random.uniform(x0, x1 - 14))} {round(y0 + 9 * row)}h{round(random.uniform(8, 15))}"
            bricks += f"v5h-{round(random.uniform(8, 12))}Z"
    sketch.path("back", bricks, mix(palette.middle, palette.near, 0.3), 0.6)


def _draw_library(room: Interior) -> None:
    x0, y0, x1, y1 = room.box
    draw_books(room, x0 + 6, y0 + 4, x1 - 6, y1 - 2)
    for side in (-1, 1):
        draw_side_shelves(room, side)


def _draw_metal(room: Interior) -> None:
    _draw_floor_tiles(room)
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, y1 = room.box
    middle = (x0 + x1) / 2
    seams = [x0 + (x1 - x0) * index / 6 for index in range(7)]
    sketch.path("back", "".join(f"M{number(x)} {number(y0)}V{number(y1)}" for x in seams), palette.near, 0.35, stroke=2)
    ribs = "".join(f"M{number(x)} {number(y0)}L{number(middle + (x - middle) * 1.6)} 0" for x in seams)
    sketch.path("back", ribs, palette.near, 0.5, stroke=3)


def _draw_beams(room: Interior) -> None:
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, _ = room.box
    for index in range(4):
        t = (index / 3) ** 1.5
        y, half = y0 - (y0 + 10) * t, (x1 - x0) / 2 * (1 + 0.55 * t)
        wood = mix(palette.middle, palette.near, 0.62)
        sketch.rectangle("back", (x0 + x1) / 2 - half, y - 4 - 6 * t, 2 * half, 8 + 9 * t, wood)


def _draw_arches(room: Interior) -> None:
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, y1 = room.box
    middle, rims = (x0 + x1) / 2, ""
    for half in ((x1 - x0) * 0.44, (x1 - x0) * 0.5):
        rims += f"M{number(middle - half)} {number(y1)}V{number(y0 + 50)}"
        rims += f"Q{number(middle - half)} {number(y0 - 6)} {number(middle)} {number(y0 - 8)}"
        rims += f"Q{number(middle + half)} {number(y0 - 6)} {number(middle + half)} {number(y0 + 50)}V{number(y1)}"
    sketch.path("back", rims, mix(palette.middle, palette.near, 0.45), 0.9, stroke=7)


_STYLES: dict[str, Callable[[Interior], None]] = {
    "boards": _draw_boards,
    "panels": _draw_panels,
    "tiles": _draw_tiles,
    "bricks": _draw_bricks,
    "books": _draw_library,
    "metal": _draw_metal,
    "beams": _draw_beams,
    "columns": draw_columns,
    "arches": _draw_arches,
    "glass": draw_glass,
    "stage": draw_stage,
    "seats": draw_carriage,
}
"""What is drawn for each word of a room's style, in this order."""
