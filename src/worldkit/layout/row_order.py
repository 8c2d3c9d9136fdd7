"""Orders the nodes in the columns of a layered drawing, and assigns their heights.

The order comes from barycentre sweeps (Sugiyama, Tagawa and Toda, 1981), the heights from moving every node
towards its neighbours as far as order and spacing allow: least squares with a fixed order is isotonic
regression, which pooling adjacent violators solves exactly in one pass (Barlow et al., 1972).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Neighbours = Sequence[Sequence[int]] | Mapping[int, Sequence[int]]


def minimise_crossings(columns: list[list[int]], neighbours: Neighbours, sweeps: int) -> list[list[int]]:
    """Return the columns, each reordered so that few edges cross.

    Args:
        columns: Nodes by column; every node is in one.
        neighbours: Neighbours of each node, either direction; those outside the columns are ignored.
        sweeps: The number of passes, alternately left to right and back.
    """
    column_of = {node: index for index, column in enumerate(columns) for node in column}
    height = {node: row - len(column) / 2 for column in columns for row, node in enumerate(column)}
    result = [list(column) for column in columns]
    for sweep in range(sweeps):
        forward = sweep % 2 == 0
        for index in range(len(result)) if forward else range(len(result) - 1, -1, -1):
            column = result[index]
            if len(column) < 2:
                continue
            pull: dict[int, float] = {}
            for node in column:
                total, count = 0.0, 0
                for neighbour in neighbours[node]:
                    side = column_of.get(neighbour, index) - index
                    if side < 0 if forward else side > 0:
                        total += height[neighbour]
                        count += 1
                pull[node] = total / count if count else height[node]
            column.sort(key=pull.__getitem__)
            middle = len(column) / 2
            for row, node in enumerate(column):
                height[node] = row - middle
    return result


def assign_heights(
    columns: list[list[int]], neighbours: Neighbours, pitch: Callable[[int], float], sweeps: int
) -> dict[int, float]:
    """Return the y of every node: order kept, ``pitch`` apart at least, close to its neighbours.

    Args:
        columns: Nodes by column, in order from above.
        neighbours: Neighbours of each node.
        pitch: The height that a node takes; two in one column are at least half of both apart.
        sweeps: The number of passes, alternately left to right and back.
    """
    column_of = {node: index for index, column in enumerate(columns) for node in column}
    offsets = [_offsets(column, pitch) for column in columns]
    height = {
        node: offset - own[-1] / 2
        for column, own in zip(columns, offsets, strict=True)
        for node, offset in zip(column, own, strict=True)
    }
    for sweep in range(sweeps):
        forward, is_last = sweep % 2 == 0, sweep >= sweeps - 2
        for index in range(len(columns)) if forward else range(len(columns) - 1, -1, -1):
            targets = []
            for row, node in enumerate(columns[index]):
                total, weight = 0.0, 0.0
                for neighbour in neighbours[node]:
                    side = column_of.get(neighbour, index) - index
                    if side and (is_last or (side < 0) == forward):
                        share = 1.0 if side in (1, -1) else 0.25
                        total += share * height[neighbour]
                        weight += share
                targets.append((total / weight if weight else height[node]) - offsets[index][row])
            for row, (node, offset) in enumerate(zip(columns[index], _isotonic_fit(targets), strict=True)):
                height[node] = offset + offsets[index][row]
    return height


def _offsets(column: list[int], pitch: Callable[[int], float]) -> list[float]:
    """Return how far below the first each node of a column is at least."""
    offsets: list[float] = []
    for row, node in enumerate(column):
        offsets.append(offsets[-1] + (pitch(column[row - 1]) + pitch(node)) / 2 if row else 0.0)
    return offsets


def _isotonic_fit(targets: list[float]) -> list[float]:
    """Return the nondecreasing sequence closest to ``targets`` in least squares."""
    sums: list[float] = []
    counts: list[int] = []
    for value in targets:
        total, count = value, 1
        while sums and sums[-1] * count >= total * counts[-1]:
            total += sums.pop()
            count += counts.pop()
        sums.append(total)
        counts.append(count)
    return [total / count for total, count in zip(sums, counts, strict=True) for _ in range(count)]
