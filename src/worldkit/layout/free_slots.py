"""Finds the nearest free position for a new card."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from worldkit.layout.measures import CARD_H, CARD_W, GRID, PITCH_X, PITCH_Y, Position

_MIN_DISTANCE = 40  # least distance to another card
_CELL_W, _CELL_H = CARD_W + _MIN_DISTANCE, CARD_H + _MIN_DISTANCE
_MAX_COORDINATE = 1e6


class Slots:
    """The occupied positions, and a search for the nearest free one.

    Args:
        occupied: Top-left corners of the present cards.
    """

    def __init__(self, occupied: Iterable[Position]) -> None:
        self._cells: dict[tuple[int, int], list[Position]] = {}
        self._ring: dict[Position, int] = {}
        for position in occupied:
            self._add(position)

    def take(self, x: float, y: float) -> Position:
        """Return the free position nearest to (x, y), on the grid, and mark it as occupied."""
        x, y = _snap(x), _snap(y)
        ring = self._ring.get((x, y), 0)
        while True:
            for column, row in _ring_steps(ring):
                position = (x + column * (PITCH_X // 2), y + row * (PITCH_Y // 2))
                if self._is_free(position):
                    self._ring[(x, y)] = ring
                    self._add(position)
                    return position
            ring += 1

    def _add(self, position: Position) -> None:
        self._cells.setdefault(self._cell_of(position), []).append(position)

    def _cell_of(self, position: Position) -> tuple[int, int]:
        return math.floor(position[0] / _CELL_W), math.floor(position[1] / _CELL_H)

    def _is_free(self, position: Position) -> bool:
        column, row = self._cell_of(position)
        for across in (column - 1, column, column + 1):
            for down in (row - 1, row, row + 1):
                for x, y in self._cells.get((across, down), ()):
                    if abs(x - position[0]) < _CELL_W and abs(y - position[1]) < _CELL_H:
                        return False
        return True


def _snap(value: float) -> float:
    # a layout file may contain 1e300; new cards stay where floats are exact
    return float(round(max(-_MAX_COORDINATE, min(_MAX_COORDINATE, value)) / GRID) * GRID)


def _ring_steps(ring: int) -> Iterator[tuple[int, int]]:
    """Yield the steps of one square ring, directly below and above first."""
    if ring == 0:
        yield 0, 0
        return
    for column in sorted(range(-ring, ring + 1), key=lambda step: (abs(step), -step)):
        if abs(column) < ring:
            yield column, ring
            yield column, -ring
        else:
            for row in sorted(range(-ring, ring + 1), key=lambda step: (abs(step), -step)):
                yield column, row
