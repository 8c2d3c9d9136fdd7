"""Gaps between cards in a column, and the path through gaps that climbs least."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worldkit.layout.curves import Point
from worldkit.layout.measures import (
    CARD_H,
    CARD_W,
    CLEARANCE,
    LANE_DISTANCE,
    MAX_CANDIDATES,
    MAX_LANES,
    TURN_COST,
    Position,
)

Gap = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Column:
    """Cards that are above one another.

    Attributes:
        left_edge: Their leftmost edge.
        right_edge: Their rightmost edge.
        gaps: The free heights between and around them, as intervals.
    """

    left_edge: float
    right_edge: float
    gaps: tuple[Gap, ...]

    def gap(self, y: float) -> Gap | None:
        """Return the gap that a height lies in, if any."""
        gap = self.gaps[bisect_right(self.gaps, (y, math.inf)) - 1]
        return gap if gap[0] <= y <= gap[1] else None


def columns(cards: Iterable[Position]) -> list[Column]:
    """Return the columns of the cards, from the left."""
    groups: list[list[Position]] = []
    for position in sorted(cards):
        if groups and position[0] <= groups[-1][0][0] + CARD_W / 2:
            groups[-1].append(position)
        else:
            groups.append([position])
    return [Column(group[0][0], group[-1][0] + CARD_W, tuple(free_heights(y for _, y in group))) for group in groups]


def columns_between(sorted_columns: Sequence[Column], a: Position, b: Position) -> Sequence[Column]:
    """Return the columns that lie between the middles of two cards, from the left."""
    left, right = min(a[0], b[0]) + CARD_W / 2, max(a[0], b[0]) + CARD_W / 2
    first = bisect_right(sorted_columns, left, key=lambda column: column.left_edge)
    end = first
    while end < len(sorted_columns) and sorted_columns[end].right_edge < right:
        end += 1
    return sorted_columns[first:end]


def free_heights(tops: Iterable[float]) -> list[Gap]:
    """Return the free heights around cards whose upper edges are given."""
    intervals: list[Gap] = []
    bottom = -math.inf
    for top in sorted(tops):
        if top - CLEARANCE > bottom:
            intervals.append((bottom, top - CLEARANCE))
        bottom = max(bottom, top + CARD_H + CLEARANCE)
    intervals.append((bottom, math.inf))
    return intervals


def cheapest_heights(a: Point, b: Point, columns_between: Sequence[Column]) -> list[float]:
    """Return a height in each column, in order of travel, so that the path from ``a`` to ``b`` bends least.

    A shortest path over the heights at which gaps begin and end, column by column; each step costs its climb
    plus a constant if it is not level. Two sweeps find the cheapest step to every height at once, as in the
    distance transform of Felzenszwalb and Huttenlocher (2012).
    """
    heights = _heights(a[1], b[1], columns_between)
    costs = [0.0 if y == a[1] else math.inf for y in heights]
    origins: list[list[int]] = []
    for column in columns_between:
        new_costs, origin = _advance(heights, costs)
        origins.append(origin)
        costs = _open_costs(column, heights, new_costs)
    _, origin = _advance(heights, costs)
    index = origin[heights.index(b[1])]
    path: list[float] = []
    for origin in reversed(origins):
        path.append(heights[index])
        index = origin[index]
    return path[::-1]


def _open_costs(column: Column, heights: Sequence[float], costs: Sequence[float]) -> list[float]:
    """Return the costs of sorted heights, infinite where a card of the column is in the way."""
    result: list[float] = []
    gaps = iter(column.gaps)
    low, high = next(gaps)
    for y, cost in zip(heights, costs, strict=True):
        while y > high:
            low, high = next(gaps)
        result.append(cost if y >= low else math.inf)
    return result


def _heights(start: float, end: float, columns_between: Sequence[Column]) -> list[float]:
    """Return the candidate heights: those of both ends, and in each column the edges of the nearest gaps."""
    low, high = min(start, end), max(start, end)
    candidates = {start, end}
    for column in columns_between:
        edges = [edge for gap in column.gaps for edge in gap if math.isfinite(edge)]
        candidates.update(sorted(edges, key=lambda edge: (max(low - edge, edge - high), edge))[:MAX_CANDIDATES])
        # the outermost gaps are always open, so a path always exists
        candidates.update((edges[0], edges[-1]))
    return sorted(candidates)


def _advance(heights: Sequence[float], costs: Sequence[float]) -> tuple[list[float], list[int]]:
    """Return the cost of each height in the next column, and the index of the height that it comes from."""
    best, origin = list(costs), list(range(len(costs)))
    for order in (range(len(heights)), range(len(heights) - 1, -1, -1)):
        cost, source, previous = math.inf, 0, 0.0
        for index in order:
            y = heights[index]
            cost += abs(y - previous)
            if cost + TURN_COST < best[index]:
                best[index], origin[index] = cost + TURN_COST, source
            if costs[index] <= cost:
                cost, source = costs[index], index
            previous = y
    return best, origin


def take_lane(taken_lanes: list[float], target: float, gap: Gap) -> float:
    """Return the height in a gap nearest to ``target`` that keeps its distance from the lines there, and occupy it.

    Where all are occupied it is ``target``.

    Args:
        taken_lanes: The heights of the lines there, sorted; the result is inserted.
        target: The preferred height.
        gap: The interval without cards.
    """
    result = target
    for step in range(MAX_LANES):
        y = target + LANE_DISTANCE * ((step + 1) // 2) * (1 if step % 2 else -1)
        insert_at = bisect_right(taken_lanes, y)
        neighbours = taken_lanes[max(insert_at - 1, 0) : insert_at + 1]
        if gap[0] <= y <= gap[1] and all(abs(y - other) >= LANE_DISTANCE - 1 for other in neighbours):
            result = y
            break
    taken_lanes.insert(bisect_right(taken_lanes, result), result)
    return result
