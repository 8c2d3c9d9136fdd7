"""The answer when there are too many positions: what holds for all of them, and what a sample shows.

Which states and events can be reached is exact, by the most that can be held (``antichain``). Whether a
position is lost is exact too, by the least that wins; only which positions there are is not known. So every
soft-lock in it is one, and a state in which all that can be had suffices to win has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from worldkit.exploration.antichain import Order, Ranks, covered, exceeds
from worldkit.exploration.budget import Meter, Spent
from worldkit.exploration.quotient import Contracted
from worldkit.exploration.search import Masks, MaskSets, forward, winning
from worldkit.exploration.sets import Solved, events, idle, solved, total
from worldkit.exploration.sets import covered as seen_fired

T = TypeVar("T")


def solve(world: Contracted, most: int, why: list[str], meter: Callable[[str, float], Meter], engine: str) -> Solved:
    """Return what can be said without all positions.

    Args:
        world: The contracted world.
        most: How many masks to look at one by one; with 0 only the greatest of every group are.
        why: Why other engines gave up; what is given up here is added.
        meter: Makes a clock for a part of the time that is left.
        engine: What the answer is said to come from.
    """

    def tried(call: Callable[[], T]) -> T | None:
        try:
            return call()
        except Spent as spent:
            why.append(f"antichain: {spent}")
            return None

    order = tried(lambda: Order(world))
    tops = None if order is None else tried(lambda: order.tops(meter("antichain", 0.4)))
    bottoms = None if order is None else tried(lambda: order.bottoms(meter("antichain", 0.4)))
    found: Masks = [set() for _ in world.members]
    whole = False
    if most:
        found, whole = forward(world, most, meter("sample", 0.8))
        if not whole:
            why.append(f"a sample of {sum(map(len, found)):,} flag sets was searched")
    found[world.start].add(world.system.mask)
    won = _won(order, found, bottoms)
    if whole and won is None:
        won = tried(lambda: winning(world, found, meter("sample", 1.0)))
    if whole and won is not None:
        sets = MaskSets(found, won)
        answer = tried(lambda: solved(world, sets, engine, meter("sample", 1.0)))
        if answer is not None:
            return answer
    floors = None
    if order is not None and tops is not None:
        for masks, ranks in zip(found, tops, strict=True):
            masks.update(rank ^ order.turned for rank in ranks)
        won = _won(order, found, bottoms)
        floors = tried(lambda: order.floors(tops, meter("antichain", 1.0)))
    return _partial(world, MaskSets(found, found if won is None else won), whole, tops, bottoms, floors, why, engine)


def _won(order: Order | None, found: Masks, bottoms: Ranks | None) -> Masks | None:
    """Return the masks from which an ending can be reached; None when that is not known."""
    if order is None or bottoms is None:
        return None
    turned = order.turned
    return [
        {mask for mask in masks if exceeds(mask ^ turned, least)} if least else set()
        for masks, least in zip(found, bottoms, strict=True)
    ]


def _partial(
    world: Contracted,
    sets: MaskSets,
    whole: bool,
    tops: Ranks | None,
    bottoms: Ranks | None,
    floors: Ranks | None,
    why: list[str],
    engine: str,
) -> Solved:
    sizes = [len(states) for states in world.members]
    counts = [sets.count(group) for group in range(len(sizes))]
    reached = frozenset(group for group, count in enumerate(counts) if count)  # the greatest are among those found
    stuck = frozenset(group for group in reached if sets.count_lost(group))
    still = reached - world.endings - stuck
    if floors is not None and bottoms is not None:
        still = frozenset(g for g in still if not all(exceeds(rank, bottoms[g]) for rank in floors[g]))
    dull = idle(world, sets)
    quiet = frozenset(g for g in reached & world.quiet.keys() if world.members[g][0] not in dull and not whole)
    if floors is not None:
        always = {g: [guard.need | guard.bar for guard in world.quiet[g] if not guard.lack] for g in quiet}
        quiet = frozenset(g for g in quiet if not all(exceeds(rank, always[g]) for rank in floors[g]))
    exact = whole or tops is not None
    seen = total(counts, sizes)
    none_stuck = exact and not still and not stuck
    stuck_open, idle_open = world.states(still), world.states(quiet)
    if not exact:  # any state may be reached yet
        stuck_open = idle_open = frozenset(range(len(world.group))) - world.system.endings
        stuck_open -= world.states(stuck)
        idle_open -= dull
    undecided = []
    if not exact:
        undecided.append("Which states and events can be reached, beyond those found.")
    if not whole:
        undecided.append(f"How many positions there are: at least {seen:,}.")
    if not none_stuck:
        undecided.append("How many positions are soft-locked.")
    if stuck_open:
        undecided.append(f"Whether {_states(len(stuck_open), 'has a soft-lock', 'have soft-locks')}.")
    if idle_open:
        undecided.append(f"Whether {_states(len(idle_open), 'is a dead end', 'are dead ends')}.")
    if undecided and why:
        undecided[0] = f"{undecided[0][:-1]} ({'; '.join(why)})."
    labels = seen_fired(world, sets, counts) if tops is None else covered(world, tops)
    return Solved(
        world=world,
        sets=sets,
        engine=engine,
        reached=world.reached(reached, labels),
        fired=events(labels),
        coverage_exact=exact,
        classes=seen if whole else None,
        seen=seen,
        stuck_classes=0 if none_stuck else None,
        stuck=world.states(stuck),
        idle=dull,
        stuck_open=stuck_open,
        idle_open=idle_open,
        undecided=tuple(undecided),
    )


def _states(count: int, one: str, many: str) -> str:
    return f"1 more state {one}" if count == 1 else f"{count:,} more states {many}"
