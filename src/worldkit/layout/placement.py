"""Positions of the cards of a world: layered left to right, deterministic, without moving fixed ones.

Positions are not part of a world, but stored separately. This module computes the missing ones.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from worldkit.core.document import Document
from worldkit.layout.free_slots import Slots
from worldkit.layout.layers import breadth_first, layers
from worldkit.layout.measures import BAND_GAP, CARD_H, CARD_W, GAP_X, PITCH_X, PITCH_Y, Position
from worldkit.layout.moves import moves, moves_at
from worldkit.layout.order_search import LayeredGraph, best_positions, fold_as_usual, sketch
from worldkit.layout.row_order import minimise_crossings

__all__ = ["CARD_H", "CARD_W", "Position", "layout"]

_MANY_EDGES = 20_000  # edges; with more, fewer sweeps are made


def layout(
    world: Document,
    keep: Mapping[str, Sequence[float]] | None = None,
    *,
    max_columns: int | None = None,
    quick: bool = False,
) -> dict[str, Position]:
    """Return a position for every state.

    States that the entrance reaches are in layers from left to right; long stories are folded into
    bands that read like lines of text. States that it does not reach are below.

    Args:
        keep: Fixed top-left corners, which stay exactly as they are. Other states are placed at free positions
            next to their neighbours.
        max_columns: How many cards stand side by side at most, for a picture of a limited width.
        quick: Do not look for an order with fewer crossings.

    Returns:
        The top-left corner of each card (``CARD_W`` by ``CARD_H``), by state id in world order. Computed
        ones lie on a grid of 8.
    """
    ids = list(world.states)
    kept_positions = {id: position for id in ids if (position := _valid_position((keep or {}).get(id))) is not None}
    if len(kept_positions) == len(ids):
        return {id: kept_positions[id] for id in ids}
    if len(kept_positions) == len(ids) - 1 > 1:
        new_id = next(id for id in ids if id not in kept_positions)
        kept_positions[new_id] = place_one(world, new_id, kept_positions)
        return {id: kept_positions[id] for id in ids}
    out = _successors(world, ids)
    start = world.start
    root = ids.index(start) if start is not None else 0
    # missing states are placed in the order of a computed layout
    computed_positions = _lay_out_once(tuple(map(tuple, out)), root, max_columns, quick)
    if not kept_positions:
        return {id: computed_positions[index] for index, id in enumerate(ids)}
    fixed_by_index = {index: kept_positions[id] for index, id in enumerate(ids) if id in kept_positions}
    positions = _place_missing(out, computed_positions, fixed_by_index)
    return {id: positions[index] for index, id in enumerate(ids)}


def _valid_position(value: Sequence[float] | None) -> Position | None:
    if value is None:
        return None
    x, y = value
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _successors(world: Document, ids: list[str]) -> list[list[int]]:
    index_of = {id: index for index, id in enumerate(ids)}
    out: list[dict[int, None]] = [{} for _ in ids]
    for move in moves(world):
        if move.source != move.target:
            out[index_of[move.source]][index_of[move.target]] = None
    return [list(targets) for targets in out]


def _neighbours(out: Sequence[Sequence[int]]) -> list[list[int]]:
    neighbours: list[list[int]] = [list(successors) for successors in out]
    for node, successors in enumerate(out):
        for successor in successors:
            neighbours[successor].append(node)
    return neighbours


# ---- a new layout ---------------------------------------------------------------------------


@lru_cache(maxsize=8)  # a world is drawn again and again while its prose is edited
def _lay_out_once(
    out: tuple[tuple[int, ...], ...], start: int, max_columns: int | None, quick: bool
) -> Mapping[int, Position]:
    return MappingProxyType(_lay_out_all([list(successors) for successors in out], start, max_columns, quick=quick))


def _lay_out_all(
    out: list[list[int]], start: int, max_columns: int | None = None, *, quick: bool = False
) -> dict[int, Position]:
    neighbours = _neighbours(out)
    positions = _lay_out_from(out, neighbours, start, {}, max_columns, quick)
    width = max((x for x, _ in positions.values()), default=0) + CARD_W
    # what the entrance does not reach is below, each group laid out by itself, in rows
    x, top = 0.0, max((y for _, y in positions.values()), default=0) + PITCH_Y + BAND_GAP
    room = max(width, 4 * PITCH_X, math.sqrt(2 * (len(out) - len(positions)) * PITCH_X * PITCH_Y))
    if max_columns is not None:
        room = max_columns * PITCH_X
    shelf = 0.0
    for root in _roots(out, neighbours, positions):
        if root in positions:
            continue
        block = _lay_out_from(out, neighbours, root, positions, max_columns, quick)
        block_width = max(left for left, _ in block.values()) + PITCH_X
        block_height = max(left for _, left in block.values()) + PITCH_Y
        if x and x + block_width - GAP_X > room:
            x, top, shelf = 0.0, top + shelf, 0.0
        positions.update({node: (x + left, top + top_offset) for node, (left, top_offset) in block.items()})
        x, shelf = x + block_width, max(shelf, block_height)
    return positions


def _roots(out: list[list[int]], neighbours: list[list[int]], positions: Mapping[int, Position]) -> list[int]:
    """Return the unreached nodes, those without predecessors among them first, and isolated ones last."""
    unplaced_nodes = [node for node in range(len(out)) if node not in positions]
    targets = {successor for node in unplaced_nodes for successor in out[node]}
    return sorted(unplaced_nodes, key=lambda node: (node in targets, not neighbours[node], node))


def _lay_out_from(
    out: list[list[int]],
    neighbours: list[list[int]],
    root: int,
    excluded_positions: Mapping[int, Position],
    max_columns: int | None,
    quick: bool,
) -> dict[int, Position]:
    """Lay out the nodes that ``root`` reaches outside ``excluded_positions``, its top-left corner at (0, 0)."""
    if not out:
        return {}
    graph, distance = breadth_first(out, root, excluded_positions)
    sweeps = 2 if sum(map(len, graph.values())) > _MANY_EDGES else 8
    layered_graph = LayeredGraph(
        graph, distance, neighbours, minimise_crossings(layers(graph, distance), neighbours, sweeps)
    )
    usual = sketch(layered_graph, sweeps)
    return (
        fold_as_usual(layered_graph, usual, max_columns)
        if quick
        else best_positions(layered_graph, usual, max_columns, sweeps)
    )


# ---- next to fixed positions -------------------------------------------------------------------


_NEARBY_DISTANCE = 8.0 * PITCH_X
"""How far around its place a single new card is likely to find room."""


def place_one(world: Document, new_id: str, fixed_positions: Mapping[str, Position]) -> Position:
    """Return the position that ``layout`` gives to a single state, without laying out the whole world.

    Args:
        new_id: The state.
        fixed_positions: The positions of all other states, of which there is one at least.
    """
    near = [move for move in moves_at(world, new_id) if move.source != move.target]
    sources = dict.fromkeys(move.source for move in near if move.target == new_id)
    targets = dict.fromkeys(move.target for move in near if move.source == new_id)
    x, y = _beside(
        [fixed_positions[id] for id in sources],
        [fixed_positions[id] for id in targets],
        _position_below(fixed_positions.values()),
    )
    left, right, top, bottom = x - _NEARBY_DISTANCE, x + _NEARBY_DISTANCE, y - _NEARBY_DISTANCE, y + _NEARBY_DISTANCE
    nearby = [at for at in fixed_positions.values() if left < at[0] < right and top < at[1] < bottom]
    place = Slots(nearby).take(x, y)
    if max(abs(place[0] - x), abs(place[1] - y)) < _NEARBY_DISTANCE - PITCH_X:
        return place
    return Slots(fixed_positions.values()).take(x, y)


def _place_missing(
    out: list[list[int]], computed_positions: Mapping[int, Position], fixed_positions: dict[int, Position]
) -> dict[int, Position]:
    """Return ``fixed_positions`` and a free position for every other node, near its neighbours."""
    positions = dict(fixed_positions)
    slots = Slots(fixed_positions.values())
    missing = sorted(
        (node for node in computed_positions if node not in fixed_positions),
        key=lambda node: (computed_positions[node], node),
    )
    if 2 * len(fixed_positions) < len(computed_positions):
        # few are fixed: use the computed layout, moved to the fixed part
        dx = statistics.median(fixed_positions[node][0] - computed_positions[node][0] for node in fixed_positions)
        dy = statistics.median(fixed_positions[node][1] - computed_positions[node][1] for node in fixed_positions)
        for node in missing:
            positions[node] = slots.take(computed_positions[node][0] + dx, computed_positions[node][1] + dy)
        return positions
    predecessors: list[list[int]] = [[] for _ in out]
    for node, successors in enumerate(out):
        for neighbour in successors:
            predecessors[neighbour].append(node)
    left, top = _position_below(fixed_positions.values())
    queue = [node for node in missing if any(neighbour in positions for neighbour in (*predecessors[node], *out[node]))]
    queued_nodes = set(queue)
    for seed in (None, *missing):
        if seed is not None and seed not in queued_nodes:
            queue.append(seed)
            queued_nodes.add(seed)
        for node in queue:
            before = [positions[neighbour] for neighbour in predecessors[node] if neighbour in positions]
            after = [positions[neighbour] for neighbour in out[node] if neighbour in positions]
            x, y = positions[node] = slots.take(*_beside(before, after, (left, top)))
            left, top = min(left, x), max(top, y + _DISTANCE_BELOW)
            for neighbour in (*out[node], *predecessors[node]):
                if neighbour not in positions and neighbour not in queued_nodes:
                    queue.append(neighbour)
                    queued_nodes.add(neighbour)
        queue = []
    return positions


def _beside(predecessors: list[Position], successors: list[Position], otherwise: Position) -> Position:
    if predecessors:
        return max(x for x, _ in predecessors) + PITCH_X, statistics.fmean(y for _, y in predecessors)
    if successors:
        return min(x for x, _ in successors) - PITCH_X, statistics.fmean(y for _, y in successors)
    return otherwise


_DISTANCE_BELOW = PITCH_Y + BAND_GAP


def _position_below(positions: Collection[Position]) -> Position:
    return min(x for x, _ in positions), max(y for _, y in positions) + _DISTANCE_BELOW
