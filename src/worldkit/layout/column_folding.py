"""Adjusts the columns of a layered drawing: splits tall ones, and folds long rows of columns into bands."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from worldkit.layout.layers import Edges
from worldkit.layout.measures import BAND_GAP, GRID, PITCH_X, PITCH_Y, Position

_MUST_FOLD_RATIO = 7.0  # wider than this many heights, a picture is folded
_MAY_FOLD_RATIO = 2.0  # wider than this, it is folded if it can be cut through few edges
_MAX_CUT_EDGES = 3
_SLACK = 0.25  # how much wider or narrower than on average a band is, where that cuts fewer edges
_SLACKS = (_SLACK, 0.45, 0.6)
_ASPECT = 1.9  # a folded picture is about this much wider than high

Columns = list[list[int]]
Bands = list[tuple[int, int]]
"""The first column of each band, and the one after its last."""


def split_tall_columns(columns: Columns) -> Columns:
    """Split each column that is too tall into several, distributing its nodes in turn."""
    max_height = max_column_height(sum(map(len, columns)))
    result: Columns = []
    for column in columns:
        parts = math.ceil(len(column) / max_height)
        result += [column[part::parts] for part in range(parts)]
    return result


def max_column_height(count: int) -> int:
    """Return how many cards a column has at most in a picture of so many cards."""
    return max(8, math.ceil(1.2 * math.sqrt(count)))


def fold(columns: Columns, height: Mapping[int, float], bands: Bands) -> dict[int, Position]:
    """Return positions for columns, folded into bands that read like lines of text.

    Args:
        columns: Nodes by column, in order from above.
        height: The y of every node.
        bands: The columns of each band.
    """
    positions: dict[int, Position] = {}
    top = 0.0
    for first, end in bands:
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


def foldings(
    columns: Columns, height: Mapping[int, float], graph: Edges, max_columns: int | None = None
) -> Iterator[Bands]:
    """Yield ways to fold columns into bands, the usual one first.

    Args:
        columns: Nodes by column, in order from above.
        height: The y of every node.
        graph: Successors of every node; bands are cut where few edges cross.
        max_columns: How many columns a band has at most; None for as many as make a good shape.
    """
    count = len(columns)
    cuts = cut_edges(columns, graph)
    if max_columns is not None:
        yield _narrow_bands(count, max_columns, cuts)
        return
    width = count * PITCH_X
    own = [height[node] for column in columns for node in column]
    height_total = max(own) - min(own) + PITCH_Y
    flat: Bands = [(0, count)]
    if count < 6 or width < _MAY_FOLD_RATIO * height_total:
        yield flat
        return
    usual_number = max(2, round(math.sqrt(width / (_ASPECT * (height_total + BAND_GAP)))))
    usual = _evenly_cut(count, usual_number, cuts, _SLACK)
    if width < _MUST_FOLD_RATIO * height_total and any(cuts[first] > _MAX_CUT_EDGES for first, _ in usual):
        usual = flat
    yield usual
    earlier_ones = [usual]
    for number, slack in itertools.product(range(max(1, usual_number - 1), usual_number + 2), _SLACKS):
        bands = _evenly_cut(count, number, cuts, slack)
        if bands not in earlier_ones:
            earlier_ones.append(bands)
            yield bands


def _evenly_cut(count: int, number: int, crossings: Sequence[int], slack: float) -> Bands:
    """Return so many bands, cut where the fewest edges cross; their widths differ by a part of the mean at most."""
    cuts = [0]
    for bands_left in range(number, 1, -1):
        even = (count - cuts[-1]) / bands_left
        low, high = math.ceil(cuts[-1] + (1 - slack) * even), math.floor(cuts[-1] + (1 + slack) * even)
        choices = range(max(cuts[-1] + 2, low), min(count - 2, high) + 1)
        if not choices:
            break
        cuts.append(min(choices, key=lambda column: (crossings[column], abs(column - cuts[-1] - even))))
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


def cut_edges(columns: Columns, graph: Edges) -> list[int]:
    """Return how many edges cross the gap before each column, counting each pair of nodes once."""
    column_of = {node: index for index, column in enumerate(columns) for node in column}
    change = [0] * (len(columns) + 2)
    for low, high in {(min(a, b), max(a, b)) for a, successors in graph.items() for b in successors}:
        left, right = sorted((column_of[low], column_of[high]))
        change[left + 1] += 1
        change[right + 1] -= 1
    return list(itertools.accumulate(change))
