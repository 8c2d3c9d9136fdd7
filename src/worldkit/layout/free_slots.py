"""Finds the nearest free position for a new card."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import chain, count

from worldkit.layout.measures import CARD_H, CARD_W, GRID, PITCH_X, PITCH_Y, Position

_MIN_DISTANCE = 40  # least distance to another card
_CELL_W, _CELL_H = CARD_W + _MIN_DISTANCE, CARD_H + _MIN_DISTANCE
_STEP_X, _STEP_Y = PITCH_X // 2, PITCH_Y // 2
_NEAR_RINGS = 8
"""How many rings around its own place a card is looked for a position in, before the area's common positions."""

_AREA_W, _AREA_H = 8 * PITCH_X, 8 * PITCH_Y
_LATTICE = math.gcd(GRID, _STEP_X, _STEP_Y, _CELL_W, _CELL_H)  # every position that is tried lies on it
_MAX_COORDINATE = 1e6


class Slots:
    """The occupied positions, and a search for the nearest free one.

    A search takes a bounded time on average, however many cards lie on one spot: what was found occupied is not tried
    again, and of the cards of a cell only those are kept that stick out furthest.

    Args:
        positions: Top-left corners of the present cards.
    """

    def __init__(self, positions: Iterable[Position]) -> None:
        self._cells: dict[tuple[int, int], _Cell] = {}
        self._untried_positions: dict[Position, Iterator[Position]] = {}
        self._untried_in_area: dict[tuple[int, int], Iterator[Position]] = {}
        for position in positions:
            self._add(position)

    def take(self, x: float, y: float) -> Position:
        """Return the free position nearest to (x, y), on the grid, and mark it as occupied.

        Where everything is occupied far around it, the position is one near the middle of the area.
        """
        x, y = _snap(x), _snap(y)
        column, row = math.floor(x / _AREA_W), math.floor(y / _AREA_H)
        near = self._untried_positions.setdefault((x, y), _positions_around(x, y, range(_NEAR_RINGS)))
        middle = _snap((column + 0.5) * _AREA_W), _snap((row + 0.5) * _AREA_H)
        common = self._untried_in_area.setdefault((column, row), _positions_around(*middle, count()))
        position = next(position for position in chain(near, common) if self._is_free(position))
        self._add(position)
        return position

    def _add(self, position: Position) -> None:
        self._cells.setdefault(_cell_of(position), _Cell()).add(position)

    def _is_free(self, position: Position) -> bool:
        column, row = _cell_of(position)
        for across in (-1, 0, 1):
            for down in (-1, 0, 1):
                cell = self._cells.get((column + across, row + down))
                if cell and cell.is_too_near(position, across, down):
                    return False
        return True


class _Cell:
    """The cards whose corners lie in one cell, which is as large as the space that a card keeps free around itself.

    Of its cards only the outermost towards each of the four corners are kept, and only to the lattice's exactness, so
    that there are never more than one for each line of the lattice.
    """

    def __init__(self) -> None:
        self._outermost: dict[tuple[int, int], list[Position]] = {
            (side_x, side_y): [] for side_x in (-1, 1) for side_y in (-1, 1)
        }

    def add(self, position: Position) -> None:
        x, y = _to_lattice(position[0]), _to_lattice(position[1])
        for (side_x, side_y), outermost in self._outermost.items():
            if not any(side_x * (other_x - x) >= 0 <= side_y * (other_y - y) for other_x, other_y in outermost):
                outermost[:] = [
                    (other_x, other_y)
                    for other_x, other_y in outermost
                    if side_x * (other_x - x) > 0 or side_y * (other_y - y) > 0
                ]
                outermost.append((x, y))

    def is_too_near(self, position: Position, across: int, down: int) -> bool:
        """Return whether a card is too near to a position in the cell ``across`` to the left and ``down`` above."""
        cards = self._outermost[(-across or 1, -down or 1)]
        return any(abs(x - position[0]) < _CELL_W and abs(y - position[1]) < _CELL_H for x, y in cards)


def _cell_of(position: Position) -> tuple[int, int]:
    return math.floor(position[0] / _CELL_W), math.floor(position[1] / _CELL_H)


def _to_lattice(value: float) -> float:
    """Return a value if it is on the lattice, else the middle between the lines around it.

    It is as near to every line of the lattice as the value, to the lattice's exactness.
    """
    line = math.floor(value / _LATTICE)
    return value if value == line * _LATTICE else (line + 0.5) * _LATTICE


def _snap(value: float) -> float:
    # a layout file may contain 1e300; new cards stay where floats are exact
    return float(round(max(-_MAX_COORDINATE, min(_MAX_COORDINATE, value)) / GRID) * GRID)


def _positions_around(x: float, y: float, rings: Iterable[int]) -> Iterator[Position]:
    for ring in rings:
        for column, row in _ring_steps(ring):
            yield x + column * _STEP_X, y + row * _STEP_Y


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
