"""In which order places are written: each after those that it has to agree with, the others of its wave beside it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Mapping

from worldkit.generation.direct.plan import MoveOutline, WorldPlan


def waves(plan: WorldPlan) -> list[list[str]]:
    """Return the ids of all places in waves; those of one wave do not wait for one another, and the endings come last.

    A place of a strong model waits for the one from which it is first reached, and for those where the keys are got
    that it needs. Where places wait for one another, the one that is reached first goes first.
    """
    inner_ids, endings = list(plan.ids.inner), list(plan.ids.endings)
    return [inner_ids, endings] if plan.is_weak else [*_inner_waves(plan), endings]


def _inner_waves(plan: WorldPlan) -> list[list[str]]:
    entering_moves = _entering_moves(plan)
    order = list(dict.fromkeys((plan.places[0].id, *entering_moves, *plan.ids.inner)))
    earlier_ids = _earlier_ids(plan, entering_moves)
    dependent_ids: dict[str, list[str]] = defaultdict(list)
    for id in order:
        for earlier_id in earlier_ids[id]:
            dependent_ids[earlier_id].append(id)
    waiting_counts = {id: len(earlier_ids[id]) for id in order}
    rest, written_ids = iter(order), set[str]()
    inner_waves: list[list[str]] = []
    wave = [id for id in order if not waiting_counts[id]]
    while len(written_ids) < len(order):
        # all that are left wait for one another: what leads to the first of them is written
        wave = wave or [next(id for id in rest if id not in written_ids)]
        inner_waves.append(wave)
        written_ids.update(wave)
        next_ids: list[str] = []
        for dependent_id in (dependent_id for id in wave for dependent_id in dependent_ids[id]):
            waiting_counts[dependent_id] -= 1
            if not waiting_counts[dependent_id] and dependent_id not in written_ids:
                next_ids.append(dependent_id)
        wave = next_ids
    return inner_waves


def _entering_moves(plan: WorldPlan) -> dict[str, MoveOutline]:
    """Return the move by which each place that is no ending is first reached, in the order of their reaching."""
    moves_by_place: dict[str, list[MoveOutline]] = defaultdict(list)
    for move in plan.moves:
        moves_by_place[move.at].append(move)
    first_id, inner_ids = plan.places[0].id, {*plan.ids.inner}
    entering_moves: dict[str, MoveOutline] = {}
    pending = deque([first_id])
    while pending:
        for move in moves_by_place[pending.popleft()]:
            if move.to in inner_ids and move.to not in entering_moves and move.to != first_id:
                entering_moves[move.to] = move
                pending.append(move.to)
    return entering_moves


def _earlier_ids(plan: WorldPlan, entering_moves: Mapping[str, MoveOutline]) -> dict[str, Collection[str]]:
    """Return for each place those that it waits for."""
    sources = {move.takes: move.at for move in reversed(plan.moves) if move.takes}
    earlier_ids: dict[str, set[str]] = {id: set() for id in plan.ids.inner}
    needs = [(move.at, key) for move in plan.moves for key in move.needs]
    for id, move in entering_moves.items():
        earlier_ids[id].add(move.at)
        needs += [(id, key) for key in move.needs]
    for id, key in needs:
        if key in sources:
            earlier_ids[id].add(sources[key])
    return {id: ids - {id} for id, ids in earlier_ids.items()}
