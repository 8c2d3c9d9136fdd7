"""Rows of a layered picture: who stands above whom in a column, and at what height.

Order is found with barycentre sweeps (Sugiyama, Tagawa and Toda, 1981), height by pulling every node
to the middle of its neighbours as far as order and spacing allow: least squares with a fixed order is
isotonic regression, which pooling adjacent violators solves exactly in one pass (Barlow et al., 1972).
"""

from __future__ import annotations

from collections.abc import Sequence

Neighbours = Sequence[Sequence[int]]


def ordered(columns: list[list[int]], near: Neighbours, sweeps: int) -> list[list[int]]:
    """Return the columns with each reordered so that edges cross little.

    Args:
        columns: Nodes by column; every node stands in one.
        near: Neighbours of each node, either direction; those in other pictures are ignored.
        sweeps: How many passes, left to right and back by turns.
    """
    column_of = {node: at for at, column in enumerate(columns) for node in column}
    height = {node: row - len(column) / 2 for column in columns for row, node in enumerate(column)}
    result = [list(column) for column in columns]
    for sweep in range(sweeps):
        forward = sweep % 2 == 0
        for at in range(len(result)) if forward else range(len(result) - 1, -1, -1):
            column = result[at]
            if len(column) < 2:
                continue
            pull: dict[int, float] = {}
            for node in column:
                total, count = 0.0, 0
                for other in near[node]:
                    side = column_of.get(other, at) - at
                    if side < 0 if forward else side > 0:
                        total += height[other]
                        count += 1
                pull[node] = total / count if count else height[node]
            column.sort(key=pull.__getitem__)
            middle = len(column) / 2
            for row, node in enumerate(column):
                height[node] = row - middle
    return result


def heights(columns: list[list[int]], near: Neighbours, pitch: float, sweeps: int) -> dict[int, float]:
    """Return the y of every node: order kept, ``pitch`` apart at least, close to its neighbours.

    Args:
        columns: Nodes by column, in order from above.
        near: Neighbours of each node.
        pitch: Least distance between two in one column.
        sweeps: How many passes, left to right and back by turns.
    """
    column_of = {node: at for at, column in enumerate(columns) for node in column}
    height = {node: (row - (len(column) - 1) / 2) * pitch for column in columns for row, node in enumerate(column)}
    for sweep in range(sweeps):
        forward, last = sweep % 2 == 0, sweep >= sweeps - 2
        for at in range(len(columns)) if forward else range(len(columns) - 1, -1, -1):
            wanted = []
            for row, node in enumerate(columns[at]):
                total, weight = 0.0, 0.0
                for other in near[node]:
                    side = column_of.get(other, at) - at
                    if side and (last or (side < 0) == forward):
                        share = 1.0 if side in (1, -1) else 0.25
                        total += share * height[other]
                        weight += share
                wanted.append((total / weight if weight else height[node]) - row * pitch)
            for row, (node, offset) in enumerate(zip(columns[at], _rising(wanted), strict=True)):
                height[node] = offset + row * pitch
    return height


def _rising(wanted: list[float]) -> list[float]:
    """Return the nondecreasing sequence closest to ``wanted`` in least squares."""
    sums: list[float] = []
    counts: list[int] = []
    for value in wanted:
        total, count = value, 1
        while sums and sums[-1] * count >= total * counts[-1]:
            total += sums.pop()
            count += counts.pop()
        sums.append(total)
        counts.append(count)
    return [total / count for total, count in zip(sums, counts, strict=True) for _ in range(count)]
