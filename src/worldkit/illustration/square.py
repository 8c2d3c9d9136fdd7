"""A square: a row of narrow houses with shops along its far side, taller ones at both ends, and rings in the paving."""

from __future__ import annotations

from worldkit.illustration.colour import Colour, css, mix
from worldkit.illustration.hues import varied_hue
from worldkit.illustration.sketch import LEFT, RIGHT, WIDTH, Sketch, number, polygon

HOUSE_REACH = 16
"""How far the houses reach below the horizon; the paving begins there."""


def draw_square(sketch: Sketch, horizon: float) -> list[tuple[str, str]]:
    """Draw the houses around a square.

    Args:
        sketch: The picture.
        horizon: Where the ground ends.

    Returns:
        What stands before the ground, as paths with their paints: the feet of the nearest houses, and the rings.
    """
    place, foot = sketch.place, horizon + HOUSE_REACH
    x, index = LEFT + 60.0 + place.uniform(-20, 0), place.randrange(4)
    while x < RIGHT - 60:
        wide = place.uniform(62, 96) * (1 if sketch.is_full else 1.7)
        _draw_house(sketch, (x, foot, wide, place.uniform(92, 132)), index, depth=0.42)
        x, index = x + wide, index + 1
    feet: list[tuple[str, str]] = []
    for side in (-1, 1):
        edge = LEFT if side < 0 else RIGHT
        wide, tall = place.uniform(92, 112), place.uniform(176, 206)
        near_foot = horizon + 44
        left = edge if side < 0 else edge - wide
        _draw_house(sketch, (left, near_foot, wide, tall), index + side, depth=0.22)
        body = mix(sketch.palette.tone(0.22, "stone"), sketch.palette.near, 0.25)
        wall = [(left, foot - 4), (left + wide, foot - 4), (left + wide, near_foot), (left, near_foot)]
        feet.append((polygon(wall), css(body)))
        door = f"M{number(left + wide * 0.42)} {number(foot - 5)}h22V{number(near_foot)}h-22Z"
        feet.append((door, css(mix(body, sketch.palette.near, 0.5))))
    return feet + _rings(sketch, foot) if sketch.is_full else feet[::2]


def _draw_house(sketch: Sketch, box: tuple[float, float, float, float], index: int, *, depth: float) -> None:
    """Draw a house from in front, with a shop on its ground floor: left, foot, width and height of its wall."""
    palette, place = sketch.palette, sketch.place
    left, foot, wide, tall = box
    body = palette.tone(depth, ("wall", "brick", "stone")[index % 3])
    body = mix(body, palette.accent_at(depth, varied_hue(index)), 0.12)
    top, middle, gable = foot - tall, left + wide / 2, wide * place.uniform(0.3, 0.5)
    if index % 2:
        roof = [(left - 3, top + 1), (middle, top - gable), (left + wide + 3, top + 1)]
    else:
        roof = [(left - 3, top + 1), (left + 9, top - gable * 0.8), (left + wide - 9, top - gable * 0.8)]
        roof.append((left + wide + 3, top + 1))
    sketch.path("back", polygon(roof), mix(body, palette.near, 0.42))
    sketch.rectangle("back", left, top, wide - 1.5, tall, body)
    if not sketch.is_full:
        sketch.rectangle("back", left, foot - tall * 0.24, wide, 8, palette.accent_at(depth * 0.6, varied_hue(index)))
        return
    shine = mix(palette.light if palette.is_dark else mix(palette.near, palette.middle, 0.4), body, 0.25 + 0.3 * depth)
    columns, floors = (3 if wide > 76 else 2), (3 if tall > 150 else 2)
    pane, storey = wide * 0.5 / columns, (tall - 40 * tall / 110) / floors
    windows = "".join(
        f"M{number(left + wide * (at + 0.5) / columns - pane / 2)} {number(top + storey * (floor + 0.25))}"
        f"h{number(pane)}v{number(storey * 0.55)}h{number(-pane)}Z"
        for floor in range(floors)
        for at in range(columns)
    )
    sketch.path("back", windows, shine, 0.9)
    _draw_shop(sketch, box, body, shine, palette.accent_at(depth * 0.6, varied_hue(index)))


def _draw_shop(
    sketch: Sketch, box: tuple[float, float, float, float], body: Colour, shine: Colour, awning: Colour
) -> None:
    left, foot, wide, tall = box
    high = tall * 0.24
    shop_window = f"M{number(left + wide * 0.12)} {number(foot - high * 0.8)}h{number(wide * 0.46)}V{number(foot - 4)}"
    sketch.path("back", f"{shop_window}h{number(-wide * 0.46)}Z", shine)
    door = f"M{number(left + wide * 0.68)} {number(foot - high * 0.8)}h{number(wide * 0.18)}V{number(foot)}"
    sketch.path("back", f"{door}h{number(-wide * 0.18)}Z", mix(body, sketch.palette.near, 0.55))
    y = foot - high
    cloth = [(left + 5, y), (left + wide - 6, y), (left + wide - 1, y + high * 0.3), (left, y + high * 0.3)]
    sketch.path("back", polygon(cloth), awning)


def _rings(sketch: Sketch, top: float) -> list[tuple[str, str]]:
    """Return rings in the paving around the middle of a square."""
    palette = sketch.palette
    line = css(mix(palette.tone(0.2, "stone"), palette.light, 0.2))
    rings = []
    for wide in (130, 240, 360):
        cx, cy, tall, line_width = WIDTH / 2, top + 62, wide * 0.2, 3 + wide / 90
        outer = _ellipse(cx, cy, wide, tall)
        rings.append((outer + _ellipse(cx, cy, wide - line_width, tall - line_width * 0.4, turn=0), line))
    return rings


def _ellipse(cx: float, cy: float, wide: float, tall: float, *, turn: int = 1) -> str:
    """Return an ellipse; one that turns the other way is a hole in the one around it."""
    arc = f"a{number(wide)} {number(tall)} 0 1 {turn} "
    return f"M{number(cx - wide)} {number(cy)}{arc}{number(2 * wide)} 0{arc}{number(-2 * wide)} 0Z"
