"""Moves cards that hang on one other card to its height, so that the line between them is straight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worldkit.layout.measures import PITCH_X, PITCH_Y, Position
from worldkit.layout.row_order import Neighbours

_MAX_SHIFT = PITCH_Y // 2  # a card that is farther off stays where its column has it


def straighten(positions: Mapping[int, Position], neighbours: Neighbours) -> dict[int, Position]:
    """Return positions in which cards with one neighbour stand beside it where their column has room.

    Args:
        positions: Where the cards stand.
        neighbours: Neighbours of each card, either direction; others are ignored.
    """
    heights = {node: y for node, (_, y) in positions.items()}
    columns: dict[float, list[int]] = {}
    for node in sorted(positions, key=heights.__getitem__):
        columns.setdefault(positions[node][0], []).append(node)
    for column in columns.values():
        wishes = {node: wish for node in column if (wish := _wish(node, positions, neighbours, heights)) is not None}
        # those that move down make room for the ones above them, and the other way round
        _move(wishes, [*reversed(column)], heights, down=True)
        _move(wishes, column, heights, down=False)
    return {node: (x, heights[node]) for node, (x, _) in positions.items()}


def _wish(
    node: int, positions: Mapping[int, Position], neighbours: Neighbours, heights: Mapping[int, float]
) -> float | None:
    """Return the height of the only neighbour, if it is near; None when the card stands well."""
    near = {other for other in neighbours[node] if other in positions and other != node}
    if len(near) != 1:
        return None
    (other,) = near
    is_beside = abs(positions[other][0] - positions[node][0]) == PITCH_X
    return heights[other] if is_beside and 0 < abs(heights[other] - heights[node]) < _MAX_SHIFT else None


def _move(wishes: Mapping[int, float], order: Iterable[int], heights: dict[int, float], *, down: bool) -> None:
    sign = 1 if down else -1
    before: int | None = None
    for node in order:
        wish = wishes.get(node)
        if wish is not None and (wish - heights[node]) * sign > 0:
            room = PITCH_Y if before is None else (heights[before] - wish) * sign
            if room >= PITCH_Y:
                heights[node] = wish
        before = node
