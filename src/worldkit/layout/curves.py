"""Smooth paths: cubic Bezier curves joined end to end, their SVG form and points along them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]

HEAD = 9.0
"""Length of an arrow head; curves end where it begins."""

_STEPS = 10
_SEEN = 14.0  # of a line between its name and its end


@dataclass(slots=True)
class Path:
    """A path from a port to a port.

    Attributes:
        parts: Its curves, each beginning where the one before ends.
        end: Unit vector in which it arrives.
        name: Where its name stands best, if that is not on it.
        points: Points along it.
        lengths: From each point to the next, roughly.
    """

    parts: list[Cubic]
    end: Point
    name: Point | None = None
    points: list[Point] = field(init=False)
    lengths: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.points = [self.parts[0][0], *(point for part in self.parts for point in _sampled(part))]
        self.lengths = [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(self.points)]

    @property
    def d(self) -> str:
        """The path data of its line."""
        first = self.parts[0][0]
        text = f"M{_said(first)}"
        for a, b, c, e in self.parts:
            straight = a[1] == b[1] == c[1] == e[1] or a[0] == b[0] == c[0] == e[0]
            text += f"L{_said(e)}" if straight else f"C{_said(b)} {_said(c)} {_said(e)}"
        return text

    @property
    def head(self) -> str:
        """The path data of its arrow head."""
        x, y = self.points[-1]
        dx, dy = self.end
        tip = (x + dx * HEAD, y + dy * HEAD)
        left = (x - dy * HEAD * 0.52, y + dx * HEAD * 0.52)
        right = (x + dy * HEAD * 0.52, y - dx * HEAD * 0.52)
        return f"M{_said(tip)}L{_said(left)}L{_said(right)}z"

    @property
    def level(self) -> float:
        """Length of its longest level stretch."""
        return max((abs(e[0] - a[0]) for a, b, c, e in self.parts if a[1] == b[1] == c[1] == e[1]), default=0.0)

    def levels(self, room: float) -> list[Point]:
        """Return middles for something ``room`` wide on its level stretches, the longest first.

        On a first or last stretch it keeps as near to the card as leaves the line's end to be seen.
        """
        found: list[tuple[float, Point]] = []
        for at, (a, b, c, e) in enumerate(self.parts):
            length = e[0] - a[0]
            if not a[1] == b[1] == c[1] == e[1] or abs(length) < room / 3:
                continue
            way = 1 if length > 0 else -1
            x = (a[0] + e[0]) / 2
            if len(self.parts) > 1 and abs(length) < room + 2 * _SEEN:
                x = e[0] - way * (room / 2 + _SEEN) if at else a[0] + way * (room / 2 + _SEEN)
            found.append((abs(length), (x, a[1])))
        return [point for _, point in sorted(found, key=lambda one: -one[0])]

    def along(self, share: float) -> Point:
        """Return the point at a share of the path's length, 0 to 1."""
        left = share * sum(self.lengths)
        for at, length in enumerate(self.lengths):
            if left <= length and length:
                a, b = self.points[at], self.points[at + 1]
                part = left / length
                return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part
            left -= length
        return self.points[-1]


def across(points: Sequence[Point]) -> list[Cubic]:
    """Return curves through the points that are level at every one of them."""
    parts: list[Cubic] = []
    for a, b in pairwise(_ends_of_runs(points)):
        reach = (b[0] - a[0]) / 2
        parts.append((a, (a[0] + reach, a[1]), (b[0] - reach, b[1]), b))
    return parts


def _ends_of_runs(points: Sequence[Point]) -> list[Point]:
    """Return the points without those in the middle of a level run."""
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        if not before[1] == here[1] == after[1]:
            kept.append(here)
    return [*kept, points[-1]]


def upright(a: Point, b: Point) -> list[Cubic]:
    """Return a curve that leaves and arrives vertically."""
    reach = (b[1] - a[1]) / 2
    return [(a, (a[0], a[1] + reach), (b[0], b[1] - reach), b)]


def cornered(points: Sequence[Point], radius: float) -> list[Cubic]:
    """Return level and upright lines through the points, with rounded corners."""
    parts: list[Cubic] = []
    here = points[0]
    for corner, after in pairwise(points[1:]):
        near, far = _toward(corner, here, radius), _toward(corner, after, radius)
        parts += [_line(here, near), (near, _toward(corner, near, radius / 2), _toward(corner, far, radius / 2), far)]
        here = far
    return [*parts, _line(here, points[-1])]


def _toward(a: Point, b: Point, most: float) -> Point:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = abs(dx) + abs(dy)
    share = min(most / length, 0.5) if length else 0.0
    return a[0] + dx * share, a[1] + dy * share


def _line(a: Point, b: Point) -> Cubic:
    return a, a, b, b


def _sampled(part: Cubic) -> Iterator[Point]:
    a, b, c, e = part
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        u = 1 - t
        k = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        yield (
            k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * e[0],
            k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * e[1],
        )


def _said(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def number(value: float) -> str:
    """Return a coordinate with at most one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
