"""Paths of cubic Bezier curves: their SVG form, points along them, and what they are put together from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from worldkit.layout.measures import LEAD_LENGTH

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]

HEAD_LENGTH = LEAD_LENGTH - 1.0
"""The length of an arrow head; it lies on the last, straight part of a path, and its tip just off the card."""

_STEPS = 10
_CORNERS = (0.3, 0.5, 0.7)
_VISIBLE_END = 14.0  # of a line between its name and its end or its arrow head
_CIRCLE_HANDLE_SHARE = 0.55  # reach of the curve that is nearly a quarter of a circle
_LOOP_NAME_DISTANCE = 14.0


def _weights(t: float) -> tuple[float, float, float, float]:
    """Return how much each point of a curve counts at a share of its way."""
    u = 1 - t
    return u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t


_SAMPLES = [_weights(step / _STEPS) for step in range(1, _STEPS + 1)]


@dataclass(frozen=True)
class Path:
    """A path from a port to a port.

    Attributes:
        parts: Its curves, each beginning where the one before ends; the last is straight.
        is_loop: Whether it leads back to its card, with its name above it.
    """

    parts: list[Cubic]
    is_loop: bool = False

    @cached_property
    def points(self) -> list[Point]:
        """Points along it."""
        points = [self.parts[0][0]]
        for a, b, c, e in self.parts:
            points += [
                (k * a[0] + p * b[0] + m * c[0] + n * e[0], k * a[1] + p * b[1] + m * c[1] + n * e[1])
                for k, p, m, n in _SAMPLES
            ]
        return points

    @property
    def corners(self) -> list[Point]:
        """The ends of its parts and a few points along those that are not straight."""
        corners = [self.parts[0][0]]
        for part in self.parts:
            if not is_straight(part):
                corners += [_point(part, share) for share in _CORNERS]
            corners.append(part[3])
        return corners

    @cached_property
    def lengths(self) -> list[float]:
        """The approximate distance from each point to the next."""
        return [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(self.points)]

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """The left, top, right and bottom of what its points cover."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def end(self) -> Point:
        """The unit vector in which it arrives."""
        a, _, _, b = self.parts[-1]
        length = math.dist(a, b) or 1.0
        return (b[0] - a[0]) / length, (b[1] - a[1]) / length

    @property
    def tip(self) -> Point:
        """The tip of its arrow head, just off the card."""
        x, y = self.parts[-1][3]
        dx, dy = self.end
        return x - dx * (LEAD_LENGTH - HEAD_LENGTH), y - dy * (LEAD_LENGTH - HEAD_LENGTH)

    @cached_property
    def d(self) -> str:
        """The path data of its line, which ends where its arrow head begins."""
        text = f"M{_format_point(self.parts[0][0])}"
        dx, dy = self.end
        for index, (a, b, c, e) in enumerate(self.parts):
            if index == len(self.parts) - 1:
                e = e[0] - dx * LEAD_LENGTH, e[1] - dy * LEAD_LENGTH
                text += f"L{_format_point(e)}" if math.dist(a, e) > 0.5 else ""
            elif is_straight((a, b, c, e)):
                text += f"L{_format_point(e)}"
            else:
                text += f"C{_format_point(b)} {_format_point(c)} {_format_point(e)}"
        return text

    @cached_property
    def arrow_head(self) -> str:
        """The path data of its arrow head, of the usual size."""
        return self.head(HEAD_LENGTH, HEAD_LENGTH * 0.52)

    def head(self, length: float, half: float) -> str:
        """Return the path data of its arrow head, of a length and of half a width."""
        (x, y), (dx, dy) = self.tip, self.end
        back = x - dx * length, y - dy * length
        left, right = (back[0] - dy * half, back[1] + dx * half), (back[0] + dy * half, back[1] - dx * half)
        return f"M{_format_point((x, y))}L{_format_point(left)}L{_format_point(right)}z"

    @cached_property
    def level(self) -> float:
        """The length of its longest level part."""
        return max((abs(e[0] - a[0]) for a, b, c, e in self.parts if _is_level((a, b, c, e))), default=0.0)

    def label_spots(self, room: float) -> list[Point]:
        """Return the best centres for a name ``room`` wide: on its level parts, the longest first; above a loop.

        On the first or last part it is as near to the card as possible with the end of the line visible.
        """
        if self.is_loop:
            x, y = _point(self.parts[0], 0.5)
            return [(x, y - _LOOP_NAME_DISTANCE)]
        spots: list[tuple[float, Point]] = []
        last = len(self.parts) - 1
        for index, part in enumerate(self.parts):
            a, e = part[0], part[3]
            length = e[0] - a[0]
            if not _is_level(part) or abs(length) < room / 3:
                continue
            direction = 1 if length > 0 else -1
            x = (a[0] + e[0]) / 2
            if last and abs(length) < room + 2 * _VISIBLE_END:
                if index == 0:
                    x = a[0] + direction * (room / 2 + _VISIBLE_END)
                elif index == last:
                    x = e[0] - direction * (room / 2 + _VISIBLE_END + LEAD_LENGTH)
            spots.append((abs(length), (x, a[1])))
        return [point for _, point in sorted(spots, key=lambda spot: -spot[0])]

    def point_at(self, share: float) -> Point:
        """Return the point at a share of the path's length, 0 to 1."""
        remaining = share * sum(self.lengths)
        for index, length in enumerate(self.lengths):
            if remaining <= length and length:
                a, b = self.points[index], self.points[index + 1]
                part = remaining / length
                return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
            remaining -= length
        return self.points[-1]


def straight(a: Point, b: Point) -> Cubic:
    """Return the straight line between two points."""
    dx, dy = (b[0] - a[0]) / 3, (b[1] - a[1]) / 3
    return a, (a[0] + dx, a[1] + dy), (b[0] - dx, b[1] - dy), b


def is_straight(part: Cubic) -> bool:
    """Return whether a curve is a level or an upright line."""
    a, b, c, e = part
    return _is_level(part) or a[0] == b[0] == c[0] == e[0]


def _is_level(part: Cubic) -> bool:
    a, b, c, e = part
    return a[1] == b[1] == c[1] == e[1]


def rounded_corners(points: Sequence[Point], radius: float) -> list[Cubic]:
    """Return horizontal and vertical lines through the points, with rounded corners."""
    parts: list[Cubic] = []
    position = points[0]
    for previous, corner, next_point in zip(points, points[1:], points[2:], strict=False):
        before, after = _distance(previous, corner), _distance(corner, next_point)
        r = min(radius, before / 2, after / 2)
        if r <= 0:
            continue
        near, far = _toward(corner, previous, r / before), _toward(corner, next_point, r / after)
        if position != near:
            parts.append(straight(position, near))
        parts.append(
            (near, _toward(near, corner, _CIRCLE_HANDLE_SHARE), _toward(far, corner, _CIRCLE_HANDLE_SHARE), far)
        )
        position = far
    return [*parts, straight(position, points[-1])]


def _distance(a: Point, b: Point) -> float:
    return abs(b[0] - a[0]) + abs(b[1] - a[1])


def _toward(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def points_inside(part: Cubic) -> Iterator[Point]:
    """Yield points along a curve, without its ends, closer together the smaller it is."""
    a, _, _, e = part
    steps = min(64, max(8, math.ceil(_distance(a, e) / 40)))
    for step in range(1, steps):
        yield _point(part, step / steps)


def _point(part: Cubic, t: float) -> Point:
    a, b, c, e = part
    k = _weights(t)
    return (
        k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * e[0],
        k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * e[1],
    )


def _format_point(point: Point) -> str:
    return f"{format_number(point[0])} {format_number(point[1])}"


def format_number(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
