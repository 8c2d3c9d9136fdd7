"""Free ground among cards: the nearest place where a new one touches none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from worldkit.layout.measures import CARD_H, CARD_W, GRID, PITCH_X, PITCH_Y, Position

_CLEAR = 40  # least distance to another card
_CELL_W, _CELL_H = CARD_W + _CLEAR, CARD_H + _CLEAR
_FAR = 1e6


class Slots:
    """The places taken so far, and a search for the nearest free one.

    Args:
        taken: Top-left corners of the cards that stand already.
    """

    def __init__(self, taken: Iterable[Position]) -> None:
        self._cells: dict[tuple[int, int], list[Position]] = {}
        self._ring: dict[Position, int] = {}
        for place in taken:
            self._add(place)

    def take(self, x: float, y: float) -> Position:
        """Return the free place nearest to (x, y), on the grid, and count it as taken from now on."""
        x, y = _snapped(x), _snapped(y)
        ring = self._ring.get((x, y), 0)
        while True:
            for across, down in _around(ring):
                place = (x + across * (PITCH_X // 2), y + down * (PITCH_Y // 2))
                if self._free(place):
                    self._ring[(x, y)] = ring
                    self._add(place)
                    return place
            ring += 1

    def _add(self, place: Position) -> None:
        self._cells.setdefault(self._cell_of(place), []).append(place)

    def _cell_of(self, place: Position) -> tuple[int, int]:
        return math.floor(place[0] / _CELL_W), math.floor(place[1] / _CELL_H)

    def _free(self, place: Position) -> bool:
        column, row = self._cell_of(place)
        for across in (column - 1, column, column + 1):
            for down in (row - 1, row, row + 1):
                for x, y in self._cells.get((across, down), ()):
                    if abs(x - place[0]) < _CELL_W and abs(y - place[1]) < _CELL_H:
                        return False
        return True


def _snapped(value: float) -> float:
    # A hand-made sidecar may say 1e300; new cards stay where the numbers are still exact.
    return float(round(max(-_FAR, min(_FAR, value)) / GRID) * GRID)


def _around(ring: int) -> Iterator[tuple[int, int]]:
    """Yield the steps of one square ring, straight below and above first."""
    if ring == 0:
        yield 0, 0
        return
    for across in sorted(range(-ring, ring + 1), key=lambda step: (abs(step), -step)):
        if abs(across) < ring:
            yield across, ring
            yield across, -ring
        else:
            for down in sorted(range(-ring, ring + 1), key=lambda step: (abs(step), -step)):
                yield across, down
