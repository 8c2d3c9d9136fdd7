"""Smooth paths of cubic Bezier curves, their SVG form, and points along them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]

HEAD = 9.0
"""The length of an arrow head; curves end where it begins."""

_STEPS = 10
_VISIBLE_END = 14.0  # of a line between its name and its end


@dataclass(slots=True)
class Path:
    """A path from a port to a port.

    Attributes:
        parts: Its curves, each beginning where the one before ends.
        end: Unit vector in which it arrives.
        name: The best position of its name, if that is not on the path.
        points: Points along it.
        lengths: The approximate distance from each point to the next.
    """

    parts: list[Cubic]
    end: Point
    name: Point | None = None
    points: list[Point] = field(init=False)
    lengths: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.points = [self.parts[0][0], *(point for part in self.parts for point in _sample(part))]
        self.lengths = [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(self.points)]

    @property
    def d(self) -> str:
        """The path data of its line."""
        first = self.parts[0][0]
        text = f"M{_format_point(first)}"
        for a, b, c, e in self.parts:
            straight = a[1] == b[1] == c[1] == e[1] or a[0] == b[0] == c[0] == e[0]
            text += f"L{_format_point(e)}" if straight else f"C{_format_point(b)} {_format_point(c)} {_format_point(e)}"
        return text

    @property
    def head(self) -> str:
        """The path data of its arrow head."""
        x, y = self.points[-1]
        dx, dy = self.end
        tip = (x + dx * HEAD, y + dy * HEAD)
        left = (x - dy * HEAD * 0.52, y + dx * HEAD * 0.52)
        right = (x + dy * HEAD * 0.52, y - dx * HEAD * 0.52)
        return f"M{_format_point(tip)}L{_format_point(left)}L{_format_point(right)}z"

    @property
    def level(self) -> float:
        """The length of its longest level part."""
        return max((abs(e[0] - a[0]) for a, b, c, e in self.parts if a[1] == b[1] == c[1] == e[1]), default=0.0)

    def level_spots(self, room: float) -> list[Point]:
        """Return centres for something ``room`` wide on its level parts, the longest first.

        On the first or last part it is as near to the card as possible with the end of the line visible.
        """
        spots: list[tuple[float, Point]] = []
        for index, (a, b, c, e) in enumerate(self.parts):
            length = e[0] - a[0]
            if not a[1] == b[1] == c[1] == e[1] or abs(length) < room / 3:
                continue
            direction = 1 if length > 0 else -1
            x = (a[0] + e[0]) / 2
            if len(self.parts) > 1 and abs(length) < room + 2 * _VISIBLE_END:
                x = (
                    e[0] - direction * (room / 2 + _VISIBLE_END)
                    if index
                    else a[0] + direction * (room / 2 + _VISIBLE_END)
                )
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


def level_curves(points: Sequence[Point]) -> list[Cubic]:
    """Return curves through the points that are level at each of them."""
    parts: list[Cubic] = []
    for a, b in pairwise(_without_middles(points)):
        reach = (b[0] - a[0]) / 2
        parts.append((a, (a[0] + reach, a[1]), (b[0] - reach, b[1]), b))
    return parts


def _without_middles(points: Sequence[Point]) -> list[Point]:
    """Return the points without those in the middle of a level run."""
    points_kept = [points[0]]
    for previous, point, following in zip(points, points[1:], points[2:], strict=False):
        if not previous[1] == point[1] == following[1]:
            points_kept.append(point)
    return [*points_kept, points[-1]]


def vertical_curve(a: Point, b: Point) -> list[Cubic]:
    """Return a curve that leaves and arrives vertically."""
    reach = (b[1] - a[1]) / 2
    return [(a, (a[0], a[1] + reach), (b[0], b[1] - reach), b)]


def rounded_corners(points: Sequence[Point], radius: float) -> list[Cubic]:
    """Return horizontal and vertical lines through the points, with rounded corners."""
    parts: list[Cubic] = []
    position = points[0]
    for corner, following in pairwise(points[1:]):
        near, far = _toward(corner, position, radius), _toward(corner, following, radius)
        parts += [
            _straight(position, near),
            (near, _toward(corner, near, radius / 2), _toward(corner, far, radius / 2), far),
        ]
        position = far
    return [*parts, _straight(position, points[-1])]


def _toward(a: Point, b: Point, max_distance: float) -> Point:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = abs(dx) + abs(dy)
    share = min(max_distance / length, 0.5) if length else 0.0
    return a[0] + dx * share, a[1] + dy * share


def _straight(a: Point, b: Point) -> Cubic:
    return a, a, b, b


def _sample(part: Cubic) -> Iterator[Point]:
    a, b, c, e = part
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        u = 1 - t
        k = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        yield (
            k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * e[0],
            k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * e[1],
        )


def _format_point(point: Point) -> str:
    return f"{format_number(point[0])} {format_number(point[1])}"


def format_number(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
