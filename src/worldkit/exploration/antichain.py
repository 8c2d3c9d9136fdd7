"""Antichains of maximal and minimal masks for each group: exact for coverage, whatever the number of positions.

More flags and fewer one-shots used up never take a possibility away. So of the positions of a group only
those count that no other one exceeds in that order (an antichain): forward the most that can be held,
backward the least from which an ending can be reached. A mask's rank is the mask with the bits of used
one-shots turned over, so that the order is plain inclusion.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.quotient import QuotientSystem

SUCCESSOR_WORK = 10
"""With how many ranks a successor can be compared in the time that making it takes."""

MAX_LENGTH = 5_000
"""An antichain longer than this is given up: every new rank is compared with all of it."""

Steps = list[list[tuple[int, int, int, int]]]
"""For every group ``(target, guard, on, off)``: a rank that includes ``guard`` leads to ``(rank | on) & ~off``."""

Ranks = list[list[int]]
"""For every group some ranks, of which none includes another."""


class RankOrder:
    """The order of masks in a quotient system.

    Args:
        world: The world.

    Raises:
        BudgetSpent: The world has no such order: of two events that share a name one can be fired only without a flag.
    """

    def __init__(self, world: QuotientSystem) -> None:
        if not world.system.monotone:
            raise BudgetSpent("events that share a name can take possibilities away from each other")
        system = world.system
        self.world = world
        self.full_mask = (1 << system.width) - 1
        self.one_shot_bits = self.full_mask ^ ((1 << len(system.flags)) - 1)
        self.start = system.mask ^ self.one_shot_bits
        self.steps: Steps = [
            [
                (target, requires | forbids, sets & ~self.one_shot_bits, sets & self.one_shot_bits)
                for target, requires, sets, forbids in edges
            ]
            for edges in world.edges
        ]

    def maximal_ranks(self, meter: Meter) -> Ranks:
        """Return for every group the greatest ranks it is reached with; none where it is not reached.

        Raises:
            BudgetSpent: The time is up, or an antichain grew too long.
        """
        return _maximal_ranks([(self.world.start, self.start)], self.steps, meter)

    def minimal_ranks(self, meter: Meter) -> Ranks:
        """Return for every group the least ranks from which an ending can be reached; none where none can be.

        Raises:
            BudgetSpent: The time is up, or an antichain grew too long.
        """
        back: Steps = [[] for _ in self.steps]
        for number, steps in enumerate(self.steps):
            for target, guard, on, off in steps:
                # rank <- guard | (rank & ~on) unless it has a bit of off; for the complements that is a step again
                back[target].append((number, off, on, guard))
        seeds = [(number, self.full_mask) for number in self.world.endings]
        return self._complements(_maximal_ranks(seeds, back, meter))

    def lower_bounds(self, maximal_ranks: Ranks, meter: Meter) -> Ranks:
        """Return for every group ranks such that whatever it is reached with includes one of them.

        Args:
            maximal_ranks: The greatest ranks of every group: what they cannot do is not done.

        Raises:
            BudgetSpent: The time is up, or an antichain grew too long.
        """
        steps: Steps = []
        for group_steps, ranks in zip(self.steps, maximal_ranks, strict=True):
            # the guard may be taken for held: rank <- (rank | guard | on) & ~off, as a step of the complements
            possible = (step for step in group_steps if includes(ranks, step[1]))
            steps.append([(target, 0, off, (guard | on) & ~off) for target, guard, on, off in possible])
        return self._complements(_maximal_ranks([(self.world.start, self.full_mask ^ self.start)], steps, meter))

    def _complements(self, ranks: Ranks) -> Ranks:
        return [[self.full_mask ^ rank for rank in group_ranks] for group_ranks in ranks]


def includes(ranks: Iterable[int], part: int) -> bool:
    """Say whether one of some ranks includes a part."""
    return any(rank & part == part for rank in ranks)


def exceeds(rank: int, parts: Iterable[int]) -> bool:
    """Say whether a rank includes one of some parts."""
    return any(rank & part == part for part in parts)


def fireable_labels(world: QuotientSystem, tops: Ranks) -> frozenset[int]:
    """Return the events that can be fired: in a group, with one of the greatest ranks it is reached with."""
    labels: set[int] = set()
    for ranks, guards in zip(tops, world.labels, strict=True):
        if ranks:
            for (requires, forbids), guard_labels in guards.items():
                if not labels.issuperset(guard_labels) and includes(ranks, requires | forbids):
                    labels.update(guard_labels)
    return frozenset(labels)


def _maximal_ranks(seeds: list[tuple[int, int]], steps: Steps, meter: Meter) -> Ranks:
    """Return the greatest ranks every group is reached with from some."""
    maxima: Ranks = [[] for _ in steps]
    queue = []
    for number, rank in seeds:
        maxima[number].append(rank)
        queue.append((-rank.bit_count(), number, rank))  # the greatest first: most others are then never gone through
    heapify(queue)
    loops = [
        [(guard, on) for target, guard, on, off in group_ranks if target == number and not off]
        for number, group_ranks in enumerate(steps)
    ]
    while queue:
        _, number, rank = heappop(queue)
        group_ranks = maxima[number]
        if rank not in group_ranks:
            continue  # exceeded since
        greatest_rank = _saturate(rank, loops[number], meter)
        if greatest_rank != rank:  # at once, or there would be as many ranks on the way as orders of climbing
            group_ranks[:] = [rank_before for rank_before in group_ranks if rank_before & greatest_rank != rank_before]
            group_ranks.append(greatest_rank)
            rank = greatest_rank
        for target, guard, on, off in steps[number]:
            if rank & guard != guard:
                continue
            successor = (rank | on) & ~off
            target_ranks = maxima[target]
            meter.work(SUCCESSOR_WORK + len(target_ranks))
            for rank_before in target_ranks:
                if successor & rank_before == successor:
                    break
            else:
                target_ranks[:] = [
                    rank_before for rank_before in target_ranks if rank_before & successor != rank_before
                ]
                target_ranks.append(successor)
                if len(target_ranks) > MAX_LENGTH:
                    raise BudgetSpent(f"more than {MAX_LENGTH:,} flag sets of which none is part of another")
                heappush(queue, (-successor.bit_count(), target, successor))
    meter.tick()
    return maxima


def _saturate(rank: int, loops: list[tuple[int, int]], meter: Meter) -> int:
    """Return a rank with all that can be gained without leaving the group."""
    while True:
        before = rank
        meter.work(len(loops))
        for guard, on in loops:
            if rank & guard == guard:
                rank |= on
        if rank == before:
            return rank
