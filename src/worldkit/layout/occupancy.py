"""An index of the rectangles in a drawing, by the cells of a grid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import inf

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_CELL = 256
_MAX_PER_CELL = 48  # rectangles added to a cell; with so many no space is free anyway


class RectIndex:
    """A set of rectangles with fast search for overlaps.

    Args:
        rects: Rectangles that it always finds; of those added later it finds so many in one place that it is covered.
    """

    def __init__(self, rects: Iterable[Rect] = ()) -> None:
        self._rects: set[Rect] = set()
        self._cells: dict[tuple[int, int], list[Rect]] = {}
        for rect in rects:
            self._rects.add(rect)
            for cell in _cells(rect):
                self._cells.setdefault(cell, []).append(rect)

    def add(self, rect: Rect) -> None:
        """Add a rectangle."""
        self._rects.add(rect)
        for cell in _cells(rect):
            rects = self._cells.setdefault(cell, [])
            if len(rects) < _MAX_PER_CELL:
                rects.append(rect)

    def overlap(self, rect: Rect, limit: float = inf) -> float:
        """Return the area of ``rect`` that is covered; what is covered twice may count twice.

        Args:
            rect: The rectangle.
            limit: Stop counting there: what is returned is at least so much, if that much is covered.
        """
        area = 0.0
        for other in self._rects_near(rect):
            area += _common(rect, other)
            if area >= limit:
                break
        return area

    def touches(self, rect: Rect) -> bool:
        """Return whether ``rect`` overlaps any rectangle."""
        return any(_common(rect, other) > 0 for other in self._rects_near(rect))

    def touching(self, rect: Rect) -> list[Rect]:
        """Return the rectangles that ``rect`` overlaps."""
        return [other for other in self._rects_near(rect) if _common(rect, other) > 0]

    def _rects_near(self, rect: Rect) -> Collection[Rect]:
        """Return the rectangles in the cells of ``rect``."""
        left, top, right, bottom = _cell_range(rect)
        if left == right and top == bottom:
            return self._cells.get((left, top), ())
        if (right - left + 1) * (bottom - top + 1) > len(self._rects):
            return self._rects
        return {other for cell in _cells(rect) for other in self._cells.get(cell, ())}


def _cell_range(rect: Rect) -> tuple[int, int, int, int]:
    left, top, right, bottom = rect
    return int(left // _CELL), int(top // _CELL), int(right // _CELL), int(bottom // _CELL)


def _cells(rect: Rect) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = _cell_range(rect)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            yield column, row


def _common(a: Rect, b: Rect) -> float:
    if a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]:
        return 0.0  # most pairs, without a call
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0
