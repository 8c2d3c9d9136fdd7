"""Columns of a layered picture brought to a usable shape: tall ones spread, long rows of them folded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

from worldkit.layout.layers import Edges
from worldkit.layout.measures import BAND_GAP, GRID, PITCH_X, PITCH_Y, Position

_FOLD = 7.0  # wider than this many heights, a picture is folded
_MAY_FOLD = 2.0  # wider than this, it is folded if it can be cut through few edges
_FEW = 3
_SHAPE = 1.9  # a folded picture is about this much wider than high


def split(columns: list[list[int]]) -> list[list[int]]:
    """Spread each column that is too tall over several, its nodes dealt out in turn."""
    most = max(8, math.ceil(1.2 * math.sqrt(sum(map(len, columns)))))
    result: list[list[int]] = []
    for column in columns:
        parts = math.ceil(len(column) / most)
        result += [column[part::parts] for part in range(parts)]
    return result


def banded(columns: list[list[int]], height: Mapping[int, float], graph: Edges) -> dict[int, Position]:
    """Return places for columns at their heights, folded into bands that read like lines of text.

    Args:
        columns: Nodes by column, in order from above.
        height: The y of every node.
        graph: Successors of every node; bands are cut where few edges cross.
    """
    placed: dict[int, Position] = {}
    top = 0.0
    for first, end in _bands(columns, height, graph):
        band = columns[first:end]
        least = min(height[node] for column in band for node in column)
        bottom = 0.0
        for at, column in enumerate(band):
            for node in column:
                down = round((height[node] - least) / GRID) * GRID
                placed[node] = (float(at * PITCH_X), top + down)
                bottom = max(bottom, down + PITCH_Y)
        top += bottom + BAND_GAP
    return placed


def _bands(columns: list[list[int]], height: Mapping[int, float], graph: Edges) -> list[tuple[int, int]]:
    count = len(columns)
    wide = count * PITCH_X
    tall = max(height.values()) - min(height.values()) + PITCH_Y
    if count < 6 or wide < _MAY_FOLD * tall:
        return [(0, count)]
    bands = max(2, round(math.sqrt(wide / (_SHAPE * (tall + BAND_GAP)))))
    crossing = _crossings(columns, graph)
    cuts = [0]
    for left in range(bands, 1, -1):
        even = (count - cuts[-1]) / left
        low, high = math.ceil(cuts[-1] + 0.75 * even), math.floor(cuts[-1] + 1.25 * even)
        choices = range(max(cuts[-1] + 2, low), min(count - 2, high) + 1)
        if not choices:
            break
        cuts.append(min(choices, key=lambda at: (crossing[at], abs(at - cuts[-1] - even))))
    if wide < _FOLD * tall and any(crossing[at] > _FEW for at in cuts):
        return [(0, count)]
    return list(itertools.pairwise([*cuts, count]))


def _crossings(columns: list[list[int]], graph: Edges) -> list[int]:
    """Return how many pairs of joined nodes stand on both sides of the gap before each column."""
    column_of = {node: at for at, column in enumerate(columns) for node in column}
    change = [0] * (len(columns) + 2)
    for low, high in {(min(a, b), max(a, b)) for a, others in graph.items() for b in others}:
        left, right = sorted((column_of[low], column_of[high]))
        change[left + 1] += 1
        change[right + 1] -= 1
    return list(itertools.accumulate(change))
