"""Where the cards of a world stand: layered left to right, deterministic, never moving what a person placed.

Positions are no part of a world; they live beside it. This module fills in what is missing.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Mapping, Sequence

from worldkit.core.document import Document
from worldkit.layout.column_folding import banded, split
from worldkit.layout.free_slots import Slots
from worldkit.layout.layers import layers, reach
from worldkit.layout.measures import BAND_GAP, CARD_H, CARD_W, GAP_X, PITCH_X, PITCH_Y, Position
from worldkit.layout.moves import moves
from worldkit.layout.row_order import heights, ordered

__all__ = ["CARD_H", "CARD_W", "Position", "layout"]

_BUSY = 20_000  # edges; above it fewer sweeps are made


def layout(world: Document, keep: Mapping[str, Sequence[float]] | None = None) -> dict[str, Position]:
    """Return a place for every state.

    States reached from the entrance stand in layers from left to right; long stories are folded into
    bands that read like lines of text. States that nothing leads to stand below.

    Args:
        world: The world.
        keep: Top-left corners that are given and stay exactly as they are. States it does not name are put
            beside their neighbours, on free ground.

    Returns:
        The top-left corner of each card (``CARD_W`` by ``CARD_H``), by state id in world order. Computed
        ones lie on a grid of 8.
    """
    ids = list(world.states)
    kept = {id: place for id in ids if (place := _place((keep or {}).get(id))) is not None}
    if len(kept) == len(ids):
        return {id: kept[id] for id in ids}
    out = _successors(world, ids)
    start = world.start
    # What is missing is put in place in the order of a fresh picture; one state alone, which is what a person adds,
    # needs no such order, and a large world no picture.
    alone = len(kept) == len(ids) - 1 > 1
    root = ids.index(start) if start is not None else 0
    fresh = dict.fromkeys(range(len(ids)), (0.0, 0.0)) if alone else _fresh(out, root)
    if not kept:
        return {id: fresh[at] for at, id in enumerate(ids)}
    given = {at: kept[id] for at, id in enumerate(ids) if id in kept}
    filled = _filled(out, fresh, given)
    return {id: filled[at] for at, id in enumerate(ids)}


def _place(value: Sequence[float] | None) -> Position | None:
    if value is None:
        return None
    x, y = value
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _successors(world: Document, ids: list[str]) -> list[list[int]]:
    number = {id: at for at, id in enumerate(ids)}
    out: list[dict[int, None]] = [{} for _ in ids]
    for move in moves(world):
        if move.source != move.target:
            out[number[move.source]][number[move.target]] = None
    return [list(others) for others in out]


def _neighbours(out: Sequence[Sequence[int]]) -> list[list[int]]:
    near: list[list[int]] = [list(others) for others in out]
    for node, others in enumerate(out):
        for other in others:
            near[other].append(node)
    return near


# ---- from nothing ----------------------------------------------------------------------------


def _fresh(out: list[list[int]], start: int) -> dict[int, Position]:
    near = _neighbours(out)
    placed = _block(out, near, start, {})
    width = max((x for x, _ in placed.values()), default=0) + CARD_W
    # What the entrance does not reach stands below, each group laid out by itself, on shelves.
    x, top = 0.0, max((y for _, y in placed.values()), default=0) + PITCH_Y + BAND_GAP
    room = max(width, 4 * PITCH_X, math.sqrt(2 * (len(out) - len(placed)) * PITCH_X * PITCH_Y))
    shelf = 0.0
    for root in _roots(out, near, placed):
        if root in placed:
            continue
        block = _block(out, near, root, placed)
        wide = max(at for at, _ in block.values()) + PITCH_X
        high = max(at for _, at in block.values()) + PITCH_Y
        if x and x + wide - GAP_X > room:
            x, top, shelf = 0.0, top + shelf, 0.0
        placed.update({node: (x + at, top + down) for node, (at, down) in block.items()})
        x, shelf = x + wide, max(shelf, high)
    return placed


def _roots(out: list[list[int]], near: list[list[int]], placed: Mapping[int, Position]) -> list[int]:
    """Return the unreached nodes, those that nothing unreached leads to first, and lone ones last."""
    rest = [node for node in range(len(out)) if node not in placed]
    led = {other for node in rest for other in out[node]}
    return sorted(rest, key=lambda node: (node in led, not near[node], node))


def _block(
    out: list[list[int]], near: list[list[int]], root: int, taken: Mapping[int, Position]
) -> dict[int, Position]:
    """Lay out what ``root`` reaches outside ``taken``, its top-left corner at (0, 0)."""
    if not out:
        return {}
    graph, distance = reach(out, root, taken)
    sweeps = 2 if sum(map(len, graph.values())) > _BUSY else 8
    columns = split(ordered(layers(graph, distance), near, sweeps))
    return banded(columns, heights(columns, near, PITCH_Y, sweeps), graph)


# ---- beside what is given ----------------------------------------------------------------------


def _filled(out: list[list[int]], fresh: dict[int, Position], given: dict[int, Position]) -> dict[int, Position]:
    """Return ``given`` and a free place for every other node, near its neighbours."""
    placed = dict(given)
    slots = Slots(given.values())
    rest = sorted((node for node in fresh if node not in given), key=lambda node: (fresh[node], node))
    if 2 * len(given) < len(fresh):
        # Little is given: the fresh picture is the better guide, moved to where the given part stands.
        dx = statistics.median(given[node][0] - fresh[node][0] for node in given)
        dy = statistics.median(given[node][1] - fresh[node][1] for node in given)
        for node in rest:
            placed[node] = slots.take(fresh[node][0] + dx, fresh[node][1] + dy)
        return placed
    into: list[list[int]] = [[] for _ in out]
    for node, others in enumerate(out):
        for other in others:
            into[other].append(node)
    queue = [node for node in rest if any(other in placed for other in (*into[node], *out[node]))]
    queued = set(queue)
    for seed in (None, *rest):
        if seed is not None and seed not in queued:
            queue.append(seed)
            queued.add(seed)
        for node in queue:
            before = [placed[other] for other in into[node] if other in placed]
            after = [placed[other] for other in out[node] if other in placed]
            placed[node] = slots.take(*_beside(before, after, placed.values()))
            for other in (*out[node], *into[node]):
                if other not in placed and other not in queued:
                    queue.append(other)
                    queued.add(other)
        queue = []
    return placed


def _beside(before: list[Position], after: list[Position], all: Collection[Position]) -> Position:
    if before:
        return max(x for x, _ in before) + PITCH_X, statistics.fmean(y for _, y in before)
    if after:
        return min(x for x, _ in after) - PITCH_X, statistics.fmean(y for _, y in after)
    return min(x for x, _ in all), max(y for _, y in all) + PITCH_Y + BAND_GAP
