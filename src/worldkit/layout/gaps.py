"""Gaps between cards that stand above one another, and the way through them that rises and falls least."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worldkit.layout.curves import Point
from worldkit.layout.measures import CARD_H, CARD_W, Position

CLEAR = 18
"""From a line to the cards it passes."""

LANE = 12
"""Between lines that pass side by side."""

_TURN_COST = 60
_TRIED = 8

Gap = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Column:
    """Cards that stand above one another.

    Attributes:
        left: Their leftmost edge.
        right: Their rightmost edge.
        gaps: The free heights between and around them, as intervals.
    """

    left: float
    right: float
    gaps: tuple[Gap, ...]

    def gap(self, y: float) -> Gap | None:
        """Return the gap that a height lies in, if any."""
        gap = self.gaps[bisect_right(self.gaps, (y, math.inf)) - 1]
        return gap if gap[0] <= y <= gap[1] else None


def columns(cards: Iterable[Position]) -> list[Column]:
    """Return the columns that cards stand in, from the left."""
    groups: list[list[Position]] = []
    for place in sorted(cards):
        if groups and place[0] <= groups[-1][0][0] + CARD_W / 2:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [Column(group[0][0], group[-1][0] + CARD_W, tuple(gaps(y for _, y in group))) for group in groups]


def gaps(tops: Iterable[float]) -> list[Gap]:
    """Return the free heights around cards whose upper edges are given."""
    free: list[Gap] = []
    at = -math.inf
    for top in sorted(tops):
        if top - CLEAR > at:
            free.append((at, top - CLEAR))
        at = max(at, top + CARD_H + CLEAR)
    free.append((at, math.inf))
    return free


def through(a: Point, b: Point, between: Sequence[Column]) -> list[float]:
    """Return a height in each column, in order of travel, so that the way from ``a`` to ``b`` bends least.

    A shortest path over the heights at which gaps begin and end, column by column; each step costs its climb
    and something for not being level. Two sweeps find the cheapest step into every height at once, as in the
    distance transform of Felzenszwalb and Huttenlocher (2012).
    """
    heights = _heights(a[1], b[1], between)
    costs = [0.0 if y == a[1] else math.inf for y in heights]
    came: list[list[int]] = []
    for column in between:
        stepped, origin = _stepped(heights, costs)
        came.append(origin)
        costs = [cost if column.gap(y) else math.inf for y, cost in zip(heights, stepped, strict=True)]
    _, origin = _stepped(heights, costs)
    at = origin[heights.index(b[1])]
    way: list[float] = []
    for origin in reversed(came):
        way.append(heights[at])
        at = origin[at]
    return way[::-1]


def _heights(start: float, end: float, between: Sequence[Column]) -> list[float]:
    """Return the heights worth trying: both ends', and of each column the edges of the gaps nearest to them."""
    low, high = min(start, end), max(start, end)
    found = {start, end}
    for column in between:
        edges = [edge for gap in column.gaps for edge in gap if math.isfinite(edge)]
        found.update(sorted(edges, key=lambda edge: (max(low - edge, edge - high), edge))[:_TRIED])
        # The outermost gaps are always open, so that there is always a way.
        found.update((edges[0], edges[-1]))
    return sorted(found)


def _stepped(heights: Sequence[float], costs: Sequence[float]) -> tuple[list[float], list[int]]:
    """Return the cost of standing at each height one column on, and the number of the height it comes from."""
    best, origin = list(costs), list(range(len(costs)))
    for order in (range(len(heights)), range(len(heights) - 1, -1, -1)):
        least, source, last = math.inf, 0, 0.0
        for at in order:
            y = heights[at]
            least += abs(y - last)
            if least + _TURN_COST < best[at]:
                best[at], origin[at] = least + _TURN_COST, source
            if costs[at] <= least:
                least, source = costs[at], at
            last = y
    return best, origin


def lane(used: list[float], wanted: float, gap: Gap) -> float:
    """Return the height in a gap nearest to ``wanted`` that keeps clear of the lines there, and take it.

    Args:
        used: The heights of the lines there, rising; the one found is put in.
        wanted: The height looked for.
        gap: The heights that are free of cards.
    """
    for step in range(24):
        y = wanted + LANE * ((step + 1) // 2) * (1 if step % 2 else -1)
        above = bisect_right(used, y)
        near = used[max(above - 1, 0) : above + 1]
        if gap[0] <= y <= gap[1] and all(abs(y - other) >= LANE - 1 for other in near):
            used.insert(above, y)
            return y
    return wanted
