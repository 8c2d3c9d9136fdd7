"""The shapes of routes: what an edge looks like between two ports, by its kind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from worldkit.layout.curves import Cubic, Point, rounded_corners, straight
from worldkit.layout.gaps import Column
from worldkit.layout.measures import (
    BEND,
    BOW_HEIGHT_DIVISOR,
    BOW_REACH,
    BOW_SPREAD,
    CARD_W,
    CLEARANCE,
    LEAD_LENGTH,
    LEAN,
    LEVEL_TOLERANCE,
    LOOP_HEIGHT,
    LOOP_PITCH,
    LOOP_RIGHT,
    LOOP_RISE,
    LOOP_SLOPE,
    LOOP_WIDTH,
    LOOPS_IN_ROW,
    MAX_BOW_REACH,
    MAX_LEAN,
    MIN_BEND,
    STUB,
    WRAP_CORNER_RADIUS,
    WRAP_SPREAD,
    Position,
)

Shifts = tuple[float, float]
"""How far an edge's two ports are from the middles of their sides."""


def direct(a: Point, b: Point, shifts: Shifts, bends_at_source: bool) -> list[Cubic]:
    """Return a route that bends near one of its cards and is level at the other, with room for a name."""
    forward = 1 if b[0] > a[0] else -1
    first, last = a[0] + LEAD_LENGTH * forward, b[0] - LEAD_LENGTH * forward
    if a[1] == b[1]:
        return [straight(a, b)]
    start, end = first, last
    if abs(b[1] - a[1]) >= LEVEL_TOLERANCE:
        room = abs(last - first)
        step = min(room, max(MIN_BEND, min(BEND, room / 2))) * forward
        start, end = (first, first + step) if bends_at_source else (last - step, last)
    shift = (shifts[0] if start == first else 0.0) + (shifts[1] if end == last else 0.0)
    near, far = (start, a[1]), (end, b[1])
    return [straight(a, near), _bend(near, far, shift), straight(far, b)]


def through(a: Point, b: Point, shifts: Shifts, lanes: Sequence[tuple[Column, float]]) -> list[Cubic]:
    """Return a route that passes columns, each at a height; it bends close to its cards and between columns."""
    forward = 1 if b[0] > a[0] else -1
    start, end = a[0] + LEAD_LENGTH * forward, b[0] - LEAD_LENGTH * forward
    points = [a, (start, a[1])]
    for column, y in lanes:
        enter, leave = column.left_edge - CLEARANCE, column.right_edge + CLEARANCE
        points += [(enter, y), (leave, y)] if forward > 0 else [(leave, y), (enter, y)]
    # bends close to the cards keep these edges in order with those to the next column
    if abs(points[2][0] - start) > BEND:
        points.insert(2, (start + BEND * forward, points[2][1]))
    if abs(end - points[-1][0]) > BEND:
        points.append((end - BEND * forward, points[-1][1]))
    return _smooth([*points, (end, b[1]), b], shifts)


def _smooth(points: Sequence[Point], shifts: Shifts) -> list[Cubic]:
    """Return curves through the points that are level at each of them; level runs become one line."""
    start, end = points[1], points[-2]
    parts: list[Cubic] = []
    run = points[0]
    for previous, point in pairwise(points):
        if previous[1] == point[1]:
            continue
        if run != previous:
            parts.append(straight(run, previous))
        shift = (shifts[0] if previous == start else 0.0) + (shifts[1] if point == end else 0.0)
        parts.append(_bend(previous, point, shift))
        run = point
    if run != points[-1]:
        parts.append(straight(run, points[-1]))
    return parts


def _bend(a: Point, b: Point, shift: float) -> Cubic:
    half = (b[0] - a[0]) / 2
    limit = abs(half) * MAX_LEAN
    # parallel edges also keep their distance where they climb
    lean = max(-limit, min(limit, shift * LEAN)) * (-1 if (b[0] > a[0]) == (b[1] > a[1]) else 1)
    return a, (a[0] + half + lean, a[1]), (b[0] - half + lean, b[1]), b


def upright(a: Point, b: Point) -> list[Cubic]:
    """Return a route between the bottom of one card and the top of another."""
    if a[0] == b[0]:
        return [straight(a, b)]
    end = b[1] - (LEAD_LENGTH if b[1] > a[1] else -LEAD_LENGTH)
    reach = (end - a[1]) / 2
    curve = (a, (a[0], a[1] + reach), (b[0], end - reach), (b[0], end))
    return [curve, straight(curve[3], b)]


def bow(a: Point, b: Point, shifts: Shifts) -> list[Cubic]:
    """Return a route between the right sides of two cards of a column; it reaches out further around others."""
    height = abs((b[1] - shifts[1]) - (a[1] - shifts[0]))
    spread = (shifts[1] - shifts[0]) * (1 if b[1] > a[1] else -1) * BOW_SPREAD
    start, end = (a[0] + LEAD_LENGTH, a[1]), (b[0] + LEAD_LENGTH, b[1])
    edge = max(a[0], b[0]) + BOW_REACH + min(height / BOW_HEIGHT_DIVISOR, MAX_BOW_REACH) + spread
    return [straight(a, start), (start, (edge, a[1]), (edge, b[1]), end), straight(end, b)]


def wrap(a: Point, b: Point, shifts: Shifts, level: float) -> list[Cubic]:
    """Return a route that runs at a level from the end of one band back to the beginning of the next."""
    far = a[0] + 2 * WRAP_CORNER_RADIUS - shifts[0] * WRAP_SPREAD
    near = b[0] - 2 * WRAP_CORNER_RADIUS - shifts[1] * WRAP_SPREAD
    return rounded_corners([a, (far, a[1]), (far, level), (near, level), (near, b[1]), b], WRAP_CORNER_RADIUS)


def loop(card: Position, number: int) -> list[Cubic]:
    """Return a route from a card to itself over its top: the loops of a card are side by side, then in a row above."""
    row = number // LOOPS_IN_ROW
    x, y = card[0] + CARD_W - LOOP_RIGHT - LOOP_PITCH * (number % LOOPS_IN_ROW), card[1]
    left, right, high = x - LOOP_WIDTH / 2, x + LOOP_WIDTH / 2, LOOP_HEIGHT + LOOP_RISE * row
    start, end = (left, y), (right + LOOP_SLOPE * LEAD_LENGTH, y - LEAD_LENGTH)
    top = y - high
    curve = (start, (left - LOOP_SLOPE * high, top), (end[0] + LOOP_SLOPE * (high - LEAD_LENGTH), top), end)
    return [curve, straight(end, (right, y))]


def stub(a: Point) -> list[Cubic]:
    """Return the short line of an edge without a target."""
    return [straight(a, (a[0] + STUB, a[1]))]
