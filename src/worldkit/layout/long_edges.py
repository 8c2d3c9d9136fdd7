"""Orders the nodes in the columns of a layered drawing with regard to edges that pass columns.

In every column that an edge passes it gets a node of its own, so that all edges lead from a column to the next
(Sugiyama, Tagawa and Toda, 1981). Barycentre sweeps from several orders, and exchanges of neighbours, look for the
order with the fewest crossings (Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed Graphs", 1993).
"""

from __future__ import annotations

import random
from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence

_MIN_STARTS, _MAX_STARTS = 2, 40
_MAX_WORK = 4_800  # starts times nodes, between the two
_MAX_NODES = 2_000  # with more, those of passing edges included, nothing is improved
_SWEEPS = 12
_SWEEPS_TO_EXCHANGE = 3
_MAX_EXCHANGE_ROUNDS = 20


class LongEdgeOrder:
    """The columns of a layered drawing with a node for each column that an edge passes.

    Args:
        columns: Nodes by column; they are 0 or more.
        edges: Pairs of nodes, each once; those within a column do not count.

    Attributes:
        columns: The columns in the best order so far. The nodes of edges that pass are negative.
        crossings: How many edges cross in that order.
        left_neighbours: The neighbours of each node in the column before.
        right_neighbours: The neighbours of each node in the column after.
    """

    def __init__(self, columns: Sequence[Sequence[int]], edges: Iterable[tuple[int, int]]) -> None:
        self.columns = [list(column) for column in columns]
        column_of = {node: index for index, column in enumerate(columns) for node in column}
        self.left_neighbours: dict[int, list[int]] = {node: [] for node in column_of}
        self.right_neighbours: dict[int, list[int]] = {node: [] for node in column_of}
        virtual_node = -1
        for edge in edges:
            first, last = sorted(edge, key=column_of.__getitem__)
            previous = first
            for index in range(column_of[first] + 1, column_of[last]):
                self.columns[index].append(virtual_node)
                self.left_neighbours[virtual_node], self.right_neighbours[virtual_node] = [previous], []
                self.right_neighbours[previous].append(virtual_node)
                previous, virtual_node = virtual_node, virtual_node - 1
            if column_of[first] != column_of[last]:
                self.right_neighbours[previous].append(last)
                self.left_neighbours[last].append(previous)
        self._row = {node: row for column in self.columns for row, node in enumerate(column)}
        self.crossings = self._count(self.columns)

    def improve(self, share: float = 1.0) -> None:
        """Look for an order with fewer crossings; the same columns always give the same order.

        Args:
            share: From how many orders the search starts, as a part of the usual number.
        """
        chance = random.Random(0)
        beginning = [list(column) for column in self.columns]
        count = len(self._row)
        if count > _MAX_NODES:
            return
        for start in range(max(_MIN_STARTS, int(share * min(_MAX_STARTS, _MAX_WORK / count)))):
            columns = [list(column) for column in beginning]
            if start >= 2:  # two start from the order there is, one in each direction
                for column in columns:
                    chance.shuffle(column)
            for column in columns:
                self._number(column)
            for sweep in range(_SWEEPS):
                self._sweep(columns, forward=(sweep + start) % 2 == 0, ties_exchanged=sweep % 4 > 1)
                if sweep % _SWEEPS_TO_EXCHANGE == _SWEEPS_TO_EXCHANGE - 1:
                    self._exchange(columns)
                    crossings = self._count(columns)
                    if crossings < self.crossings:
                        self.columns, self.crossings = [list(column) for column in columns], crossings
            if not self.crossings:
                return

    def _number(self, column: list[int]) -> None:
        for row, node in enumerate(column):
            self._row[node] = row

    def _sweep(self, columns: list[list[int]], *, forward: bool, ties_exchanged: bool) -> None:
        side, rows = self.left_neighbours if forward else self.right_neighbours, self._row
        for column in columns if forward else reversed(columns):
            means = {
                node: rows[others[0]] if len(others) == 1 else sum([rows[other] for other in others]) / len(others)
                for node in column
                if (others := side[node])
            }
            direction = -1 if ties_exchanged else 1
            moving_nodes = iter(sorted(means, key=lambda node: (means[node], direction * rows[node])))
            column[:] = [next(moving_nodes) if node in means else node for node in column]
            self._number(column)

    def _exchange(self, columns: list[list[int]]) -> None:
        """Exchange neighbours in a column while that leaves fewer crossings."""
        rows, before, after = self._row, self.left_neighbours, self.right_neighbours
        # nodes that have moved or are joined to one that has: other pairs gain no more than before
        changed_nodes = set(rows)
        for _ in range(_MAX_EXCHANGE_ROUNDS):
            is_better = False
            for column in columns:
                changed_here = changed_nodes.intersection(column)
                changed_nodes -= changed_here
                for row in range(len(column) - 1) if changed_here else ():
                    upper, lower = column[row], column[row + 1]
                    if not (upper in changed_here or lower in changed_here):
                        continue
                    gain = 0  # how many crossings fewer there are when both are exchanged
                    for side in (before, after):
                        lower_rows = [rows[node] for node in side[lower]]
                        for node in side[upper] if lower_rows else ():
                            upper_row = rows[node]
                            for lower_row in lower_rows:
                                gain += (upper_row > lower_row) - (upper_row < lower_row)
                    if gain > 0:
                        column[row], column[row + 1] = lower, upper
                        rows[lower], rows[upper] = row, row + 1
                        is_better = True
                        changed_here |= {upper, lower}
                        changed_nodes.update((upper, lower), before[upper], after[upper], before[lower], after[lower])
            if not is_better:
                return

    def _count(self, columns: list[list[int]]) -> int:
        total, all_rows = 0, self._row
        for column in columns:
            rows_above: list[int] = []
            for node in column:
                rows = [all_rows[other] for other in self.right_neighbours[node]]
                for row in rows:
                    total += len(rows_above) - bisect_right(rows_above, row)
                for row in rows:
                    insort(rows_above, row)
        return total
