"""The most and the least a player can hold in each group: exact for coverage, whatever the number of positions.

More flags and fewer one-shots used up never take a possibility away. So of the positions of a group only
those count that no other one exceeds in that order (an antichain): forward the most that can be held,
backward the least from which an ending can be reached. A mask's rank is the mask with the bits of used
one-shots turned over, so that the order is plain inclusion.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from worldkit.exploration.budget import Meter, Spent
from worldkit.exploration.quotient import Contracted

MOST = 5_000
"""An antichain longer than this is given up: every new rank is compared with all of it."""

Steps = list[list[tuple[int, int, int, int]]]
"""For every group ``(target, guard, on, off)``: a rank that includes ``guard`` leads to ``(rank | on) & ~off``."""

Ranks = list[list[int]]
"""For every group some ranks, of which none includes another."""


class Order:
    """The ranks of a contracted world.

    Args:
        world: The world.

    Raises:
        Spent: The world has no such order: of two events that share a name one can be fired only without a flag.
    """

    def __init__(self, world: Contracted) -> None:
        if not world.system.monotone:
            raise Spent("events that share a name can take possibilities away from each other")
        system = world.system
        self.world = world
        self.all = (1 << system.width) - 1
        self.turned = self.all ^ ((1 << len(system.flags)) - 1)
        self.start = system.mask ^ self.turned
        self.steps: Steps = [
            [(edge.target, edge.need | edge.bar, edge.gain & ~self.turned, edge.gain & self.turned) for edge in edges]
            for edges in world.edges
        ]

    def tops(self, meter: Meter) -> Ranks:
        """Return for every group the greatest ranks it is reached with; none where it is not reached.

        Raises:
            Spent: The time is up, or an antichain grew too long.
        """
        return _greatest([(self.world.start, self.start)], self.steps, meter)

    def bottoms(self, meter: Meter) -> Ranks:
        """Return for every group the least ranks from which an ending can be reached; none where none can be.

        Raises:
            Spent: The time is up, or an antichain grew too long.
        """
        back: Steps = [[] for _ in self.steps]
        for number, here in enumerate(self.steps):
            for target, guard, on, off in here:
                # rank <- guard | (rank & ~on) unless it has a bit of off; for the complements that is a step again
                back[target].append((number, off, on, guard))
        seeds = [(number, self.all) for number in self.world.endings]
        return self._complements(_greatest(seeds, back, meter))

    def floors(self, tops: Ranks, meter: Meter) -> Ranks:
        """Return for every group ranks such that whatever it is reached with includes one of them.

        Args:
            tops: The greatest ranks of every group: what they cannot do is not done.
            meter: The clock.

        Raises:
            Spent: The time is up, or an antichain grew too long.
        """
        steps: Steps = []
        for here, ranks in zip(self.steps, tops, strict=True):
            # the guard may be taken for held: rank <- (rank | guard | on) & ~off, as a step of the complements
            can = (step for step in here if includes(ranks, step[1]))
            steps.append([(target, 0, off, (guard | on) & ~off) for target, guard, on, off in can])
        return self._complements(_greatest([(self.world.start, self.all ^ self.start)], steps, meter))

    def _complements(self, ranks: Ranks) -> Ranks:
        return [[self.all ^ rank for rank in here] for here in ranks]


def includes(ranks: Iterable[int], part: int) -> bool:
    """Say whether one of some ranks includes a part."""
    return any(rank & part == part for rank in ranks)


def exceeds(rank: int, parts: Iterable[int]) -> bool:
    """Say whether a rank includes one of some parts."""
    return any(rank & part == part for part in parts)


def covered(world: Contracted, tops: Ranks) -> frozenset[int]:
    """Return the events that can be fired: in a group, with one of the greatest ranks it is reached with."""
    labels: set[int] = set()
    for ranks, guards in zip(tops, world.labels, strict=True):
        if ranks:
            for (need, bar), here in guards.items():
                if not labels.issuperset(here) and includes(ranks, need | bar):
                    labels.update(here)
    return frozenset(labels)


def _greatest(seeds: list[tuple[int, int]], steps: Steps, meter: Meter) -> Ranks:
    """Return the greatest ranks every group is reached with from some."""
    tops: Ranks = [[] for _ in steps]
    queue = []
    for number, rank in seeds:
        tops[number].append(rank)
        queue.append((-rank.bit_count(), number, rank))  # the greatest first: most others are then never gone through
    heapify(queue)
    loops = [
        [(guard, on) for target, guard, on, off in here if target == number and not off]
        for number, here in enumerate(steps)
    ]
    while queue:
        _, number, rank = heappop(queue)
        here = tops[number]
        if rank not in here:
            continue  # exceeded since
        full = _climbed(rank, loops[number], meter)
        if full != rank:  # at once, or there would be as many ranks on the way as orders of climbing
            here[:] = [other for other in here if other & full != other]
            here.append(full)
            rank = full
        for target, guard, on, off in steps[number]:
            if rank & guard != guard:
                continue
            made = (rank | on) & ~off
            there = tops[target]
            meter.work(1 + len(there))
            for other in there:
                if made & other == made:
                    break
            else:
                there[:] = [other for other in there if other & made != other]
                there.append(made)
                if len(there) > MOST:
                    raise Spent(f"more than {MOST:,} flag sets of which none is part of another")
                heappush(queue, (-made.bit_count(), target, made))
    meter.tick()
    return tops


def _climbed(rank: int, loops: list[tuple[int, int]], meter: Meter) -> int:
    """Return a rank with all that can be gained without leaving the group."""
    while True:
        before = rank
        meter.work(len(loops))
        for guard, on in loops:
            if rank & guard == guard:
                rank |= on
        if rank == before:
            return rank
