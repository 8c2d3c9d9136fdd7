"""What stands where in a picture, for finding free ground: rectangles in a grid of cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_CELL = 256
_FULL = 48  # rectangles kept of a cell; where so many lie over one another no ground is free, and more say no more


class Crowd:
    """A set of rectangles that answers which of them a rectangle touches."""

    def __init__(self, rects: Iterable[Rect] = ()) -> None:
        self._cells: dict[tuple[int, int], list[Rect]] = {}
        for rect in rects:
            self.add(rect)

    def add(self, rect: Rect) -> None:
        """Put a rectangle in."""
        for cell in _cells(rect):
            held = self._cells.setdefault(cell, [])
            if len(held) < _FULL:
                held.append(rect)

    def overlap(self, rect: Rect) -> float:
        """Return the area of ``rect`` that is taken; what is taken twice may count twice."""
        return sum(_common(rect, other) for other in self.near(rect))

    def touches(self, rect: Rect) -> bool:
        """Return whether anything is in the way."""
        return any(_common(rect, other) > 0 for other in self.near(rect))

    def near(self, rect: Rect) -> set[Rect]:
        """Return what stands in the cells that ``rect`` lies in."""
        return {other for cell in _cells(rect) for other in self._cells.get(cell, ())}


def _cells(rect: Rect) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (math.floor(value / _CELL) for value in rect)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield column, row


def _common(a: Rect, b: Rect) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0
