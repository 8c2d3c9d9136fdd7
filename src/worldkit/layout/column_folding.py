"""Adjusts the columns of a layered drawing: splits tall ones, and folds long rows of columns into bands."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

from worldkit.layout.layers import Edges
from worldkit.layout.measures import BAND_GAP, GRID, PITCH_X, PITCH_Y, Position

_MUST_FOLD_RATIO = 7.0  # wider than this many heights, a picture is folded
_MAY_FOLD_RATIO = 2.0  # wider than this, it is folded if it can be cut through few edges
_MAX_CUT_EDGES = 3
_ASPECT = 1.9  # a folded picture is about this much wider than high


def split_tall_columns(columns: list[list[int]]) -> list[list[int]]:
    """Split each column that is too tall into several, distributing its nodes in turn."""
    max_height = max_column_height(sum(map(len, columns)))
    result: list[list[int]] = []
    for column in columns:
        parts = math.ceil(len(column) / max_height)
        result += [column[part::parts] for part in range(parts)]
    return result


def max_column_height(count: int) -> int:
    """Return how many cards a column has at most in a picture of so many cards."""
    return max(8, math.ceil(1.2 * math.sqrt(count)))


def fold_into_bands(
    columns: list[list[int]], height: Mapping[int, float], graph: Edges, max_columns: int | None = None
) -> dict[int, Position]:
    """Return positions for columns, folded into bands that read like lines of text.

    Args:
        columns: Nodes by column, in order from above.
        height: The y of every node.
        graph: Successors of every node; bands are cut where few edges cross.
        max_columns: How many columns a band has at most; None for as many as make a good shape.
    """
    positions: dict[int, Position] = {}
    top = 0.0
    for first, end in _bands(columns, height, graph, max_columns):
        band = columns[first:end]
        min_height = min(height[node] for column in band for node in column)
        bottom = 0.0
        for index, column in enumerate(band):
            for node in column:
                offset = round((height[node] - min_height) / GRID) * GRID
                positions[node] = (float(index * PITCH_X), top + offset)
                bottom = max(bottom, offset + PITCH_Y)
        top += bottom + BAND_GAP
    return positions


def _bands(
    columns: list[list[int]], height: Mapping[int, float], graph: Edges, max_columns: int | None
) -> list[tuple[int, int]]:
    count = len(columns)
    if max_columns is not None:
        return _narrow_bands(count, max_columns, _crossings(columns, graph))
    width = count * PITCH_X
    own = [height[node] for column in columns for node in column]
    height_total = max(own) - min(own) + PITCH_Y
    if count < 6 or width < _MAY_FOLD_RATIO * height_total:
        return [(0, count)]
    bands = max(2, round(math.sqrt(width / (_ASPECT * (height_total + BAND_GAP)))))
    crossing = _crossings(columns, graph)
    cuts = [0]
    for bands_left in range(bands, 1, -1):
        even = (count - cuts[-1]) / bands_left
        low, high = math.ceil(cuts[-1] + 0.75 * even), math.floor(cuts[-1] + 1.25 * even)
        choices = range(max(cuts[-1] + 2, low), min(count - 2, high) + 1)
        if not choices:
            break
        cuts.append(min(choices, key=lambda column: (crossing[column], abs(column - cuts[-1] - even))))
    if width < _MUST_FOLD_RATIO * height_total and any(crossing[column] > _MAX_CUT_EDGES for column in cuts):
        return [(0, count)]
    return list(itertools.pairwise([*cuts, count]))


def _narrow_bands(count: int, max_columns: int, crossing: list[int]) -> list[tuple[int, int]]:
    """Return as few bands as a number of columns allows, cut where the fewest edges cross."""
    bands = math.ceil(count / max_columns)
    cuts = [0]
    for bands_left in range(bands - 1, 0, -1):
        low = max(cuts[-1] + 1, count - bands_left * max_columns)
        high = min(cuts[-1] + max_columns, count - bands_left)
        cuts.append(min(range(low, high + 1), key=lambda column: (crossing[column], -column)))
    return list(itertools.pairwise([*cuts, count]))


def _crossings(columns: list[list[int]], graph: Edges) -> list[int]:
    """Return how many edges cross the gap before each column, counting each pair of nodes once."""
    column_of = {node: index for index, column in enumerate(columns) for node in column}
    change = [0] * (len(columns) + 2)
    for low, high in {(min(a, b), max(a, b)) for a, successors in graph.items() for b in successors}:
        left, right = sorted((column_of[low], column_of[high]))
        change[left + 1] += 1
        change[right + 1] -= 1
    return list(itertools.accumulate(change))
