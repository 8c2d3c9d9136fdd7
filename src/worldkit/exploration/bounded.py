"""The answer when there are too many positions: what holds for all of them, and what a sample shows.

Which states and events can be reached is exact, by the most that can be held (``antichain``). Whether a
position is lost is exact too, by the least that wins; only which positions there are is not known. So every
soft-lock in it is one, and a state in which all that can be had suffices to win has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from worldkit.exploration.antichain import RankOrder, Ranks, exceeds, fireable_labels
from worldkit.exploration.bits import bit_places
from worldkit.exploration.budget import BudgetSpent, Meter, run_to_end
from worldkit.exploration.explicit_search import ExplicitSearch, Layers
from worldkit.exploration.explicit_sets import ExplicitSets
from worldkit.exploration.mask_sets import (
    EngineAnswer,
    complete_answer,
    count_positions_in,
    event_labels,
    fireable_by_masks,
    idle_states,
)
from worldkit.exploration.quotient import QuotientSystem

T = TypeVar("T")


def solve(
    world: QuotientSystem, max_groups: int, reasons: list[str], meter: Callable[[str, float], Meter], engine: str
) -> EngineAnswer:
    """Return what can be said without all positions.

    Args:
        max_groups: How many groups of masks to go through; with 0 only the greatest masks of every group are looked at.
        reasons: Why other engines gave up; what is given up here is added.
        meter: Makes a clock for a part of the time that is left.
        engine: What the answer is said to come from.
    """

    def tried(call: Callable[[], T]) -> T | None:
        try:
            return call()
        except BudgetSpent as error:
            reasons.append(f"antichain: {error}")
            return None

    order = tried(lambda: RankOrder(world))
    tops = None if order is None else tried(lambda: order.maximal_ranks(meter("antichain", 0.4)))
    bottoms = None if order is None else tried(lambda: order.minimal_ranks(meter("antichain", 0.4)))
    search = ExplicitSearch(world)
    if max_groups:
        try:
            run_to_end(search.forwards(max_groups, 1 << 62, meter("sample", 0.8)))
        except BudgetSpent:
            reasons.append(f"a sample of {sum(map(len, search.reached_layers)):,} flag sets was searched")
    winning_layers = tried(lambda: _winning_masks(order, search.reached_layers, bottoms, meter("antichain", 1.0)))
    if search.is_complete and winning_layers is None:
        winning_layers = tried(lambda: run_to_end(search.backwards(meter("sample", 1.0))))
    if search.is_complete and winning_layers is not None:
        mask_sets = ExplicitSets(search, winning_layers)
        answer = tried(lambda: complete_answer(world, mask_sets, engine, meter("sample", 1.0)))
        if answer is not None:
            return answer
    floors = None
    if order is not None and tops is not None:
        for group, ranks in enumerate(tops):
            for rank in ranks:
                mask = rank ^ order.one_shot_bits
                layer = search.reached_layers[mask.bit_count()]
                layer[mask] = layer.get(mask, 0) | 1 << group
        winning_layers = tried(lambda: _winning_masks(order, search.reached_layers, bottoms, meter("antichain", 1.0)))
        floors = tried(lambda: order.lower_bounds(tops, meter("antichain", 1.0)))
    mask_sets = ExplicitSets(search, search.reached_layers if winning_layers is None else winning_layers)
    return _partial_answer(world, mask_sets, search.is_complete, tops, bottoms, floors, reasons, engine)


def _winning_masks(
    order: RankOrder | None, reached_masks: Layers, bottoms: Ranks | None, meter: Meter
) -> Layers | None:
    """Return from which of what is reached an ending can be reached; None when that is not known.

    Raises:
        BudgetSpent: The time is up.
    """
    if order is None or bottoms is None:
        return None
    winning_layers: Layers = []
    for layer in reached_masks:
        winning_layer: dict[int, int] = {}
        for mask, groups in layer.items():
            places, rank = bit_places(groups), mask ^ order.one_shot_bits
            meter.work(len(places) + sum(len(bottoms[group]) for group in places))
            winning_layer[mask] = sum(1 << group for group in places if exceeds(rank, bottoms[group]))
        winning_layers.append(winning_layer)
    return winning_layers


def _partial_answer(
    world: QuotientSystem,
    mask_sets: ExplicitSets,
    is_complete: bool,
    tops: Ranks | None,
    bottoms: Ranks | None,
    floors: Ranks | None,
    reasons: list[str],
    engine: str,
) -> EngineAnswer:
    sizes = [len(states) for states in world.members]
    counts = [mask_sets.count(group) for group in range(len(sizes))]
    # the greatest are among those found
    reached_groups = frozenset(group for group, count in enumerate(counts) if count)
    stuck_groups = frozenset(group for group in reached_groups if mask_sets.count_lost(group))
    open_groups = reached_groups - world.endings - stuck_groups
    if floors is not None and bottoms is not None:
        open_groups = frozenset(g for g in open_groups if not all(exceeds(rank, bottoms[g]) for rank in floors[g]))
    idle = idle_states(world, mask_sets)
    quiet = frozenset(
        g for g in reached_groups & world.quiet_groups.keys() if world.members[g][0] not in idle and not is_complete
    )
    if floors is not None:
        always = {
            g: [guard.requires | guard.forbids for guard in world.quiet_groups[g] if not guard.unless_all]
            for g in quiet
        }
        quiet = frozenset(g for g in quiet if not all(exceeds(rank, always[g]) for rank in floors[g]))
    exact = is_complete or tops is not None
    class_count = count_positions_in(counts, sizes)
    none_stuck = exact and not open_groups and not stuck_groups
    stuck_undecided, idle_undecided = world.states(open_groups), world.states(quiet)
    if not exact:  # any state may be reached yet
        stuck_undecided = idle_undecided = frozenset(range(len(world.group))) - world.system.endings
        stuck_undecided -= world.states(stuck_groups)
        idle_undecided -= idle
    open_questions = []
    if not exact:
        open_questions.append("Which states and events can be reached, beyond those found.")
    if not is_complete:
        open_questions.append(f"How many positions there are: at least {class_count:,}.")
    if not none_stuck:
        open_questions.append("How many positions are soft-locked.")
    if stuck_undecided:
        open_questions.append(f"Whether {_count_states(len(stuck_undecided), 'has a soft-lock', 'have soft-locks')}.")
    if idle_undecided:
        open_questions.append(f"Whether {_count_states(len(idle_undecided), 'is a dead end', 'are dead ends')}.")
    if open_questions and reasons:
        open_questions[0] = f"{open_questions[0][:-1]} ({'; '.join(dict.fromkeys(reasons))})."
    labels = fireable_by_masks(world, mask_sets, counts) if tops is None else fireable_labels(world, tops)
    return EngineAnswer(
        world=world,
        mask_sets=mask_sets,
        engine=engine,
        reached_states=world.reached(reached_groups, labels),
        fireable_events=event_labels(labels),
        coverage_exact=exact,
        classes=class_count if is_complete else None,
        classes_seen=class_count,
        stuck_classes=0 if none_stuck else None,
        stuck=world.states(stuck_groups),
        idle_states=idle,
        stuck_undecided=stuck_undecided,
        idle_undecided=idle_undecided,
        undecided_reasons=tuple(open_questions),
    )


def _count_states(count: int, singular: str, plural: str) -> str:
    return f"1 more state {singular}" if count == 1 else f"{count:,} more states {plural}"
