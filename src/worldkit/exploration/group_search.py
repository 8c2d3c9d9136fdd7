"""Explicit search of large worlds: for every group the masks it is reached with, as the bits of one integer.

``explicit_search`` looks at every group of every mask. Where few moves gain anything and few masks are reached, it is
much faster to number the masks and to move all of them at once: a guard is then the set of the masks that it lets
through. Only moves that gain bits go through the masks one by one.
"""

from __future__ import annotations

from collections.abc import Collection
from heapq import heapify, heappop, heappush

from worldkit.exploration.bits import bit_places
from worldkit.exploration.budget import Meter
from worldkit.exploration.numbered_masks import GroupSets, NumberedMasks
from worldkit.exploration.quotient import QuotientSystem

LEAST_GROUPS = 1_000
"""In worlds of fewer groups other engines are as fast."""

GROUPS_PER_GAIN = 20
"""There are so many groups for every move that gains bits, at least."""

MOST_MASKS = 4_096
"""With more masks than this the search is given up: integers of so many bits are no longer cheap."""

WORK_PER_GROUP = 10
"""Small steps that going through a group counts for."""


def suits(world: QuotientSystem) -> bool:
    """Say whether a world is large and few of its moves gain anything."""
    groups = len(world.members)
    if groups < LEAST_GROUPS:
        return False
    gains = sum(sets != 0 for edges in world.edges for _, _, sets, _ in edges)
    return groups >= GROUPS_PER_GAIN * gains


def solve(world: QuotientSystem, memory: int, meter: Meter) -> GroupSets | None:
    """Return the masks every group is reached with and those it can be won with; None when there are too many.

    Args:
        world: The quotient system.
        memory: Most bytes, about, for what is reached.
        meter: The clock.

    Raises:
        BudgetSpent: The time is up.
    """
    search = _GroupSearch(world, meter)
    most_masks = min(MOST_MASKS, 4 * memory // len(world.members))  # a bit of each for what is reached and what wins
    return GroupSets(search.masks, search.masks_of, search.winning()) if search.reach(most_masks) else None


class _GroupSearch:
    def __init__(self, world: QuotientSystem, meter: Meter) -> None:
        self.masks = NumberedMasks(world.system.width)
        self.masks_of = [0] * len(world.members)
        self._world = world
        self._meter = meter
        self._guards: dict[tuple[int, int], int] = {}
        self._steps: list[list[tuple[int, int]]] = []
        """What gains nothing, out of every group: the group entered, and the number of the guard."""
        self._gains: dict[int, list[tuple[int, int, int]]] = {}
        """What gains bits, out of some groups: the group entered, the number of the guard, and the bits."""
        for group, edges in enumerate(world.edges):
            steps = []
            for target, requires, sets, forbids in edges:
                guard = self._guards.setdefault((requires, forbids), len(self._guards))
                if sets:
                    self._gains.setdefault(group, []).append((target, guard, sets))
                else:
                    steps.append((target, guard))
            self._steps.append(steps)
        self._sources: dict[int, dict[int, int]] = {}
        """By the bits gained: for the number of a mask, those of the masks that become it."""

    def reach(self, most_masks: int) -> bool:
        """Reach everything; return False when there are too many masks.

        Masks that are new wait for the others, since guards have to be worked out again for them.
        """
        waiting_masks = {self._world.start: 1 << self.masks.number(self._world.system.mask)}
        while waiting_masks:
            if len(self.masks.masks) > most_masks:
                return False
            passing_masks = [self.masks.passing(*guard) for guard in self._guards]
            arrivals = _spread(self._steps, self.masks_of, waiting_masks, passing_masks, 1, self._meter, self._gains)
            waiting_masks = {}
            for group, masks_here in arrivals.items():
                for target, guard, sets in self._gains[group]:
                    masks = self._gain(sets, masks_here & passing_masks[guard]) & ~self.masks_of[target]
                    if masks:
                        waiting_masks[target] = waiting_masks.get(target, 0) | masks
        return True

    def winning(self) -> list[int]:
        """Return the masks of every group with which an ending can be reached, of those it is reached with."""
        steps_into: list[list[tuple[int, int]]] = [[] for _ in self.masks_of]
        gains_into: dict[int, list[tuple[int, int, int]]] = {}
        for group, steps in enumerate(self._steps):
            for target, guard in steps:
                steps_into[target].append((group, guard))
        for group, gains in self._gains.items():
            for target, guard, sets in gains:
                gains_into.setdefault(target, []).append((group, guard, sets))
        passing_masks = [self.masks.passing(*guard) for guard in self._guards]
        waiting_masks = {group: self.masks_of[group] for group in self._world.endings if self.masks_of[group]}
        excluded_masks = [~masks for masks in self.masks_of]  # masks a group is not reached with, or that win
        while waiting_masks:
            arrivals = _spread(steps_into, excluded_masks, waiting_masks, passing_masks, -1, self._meter, gains_into)
            waiting_masks = {}
            for group, masks_here in arrivals.items():
                for source, guard, sets in gains_into[group]:
                    before = self._sources.get(sets, {})
                    masks = 0
                    for number in bit_places(masks_here):
                        masks |= before.get(number, 0)
                    masks &= passing_masks[guard] & ~excluded_masks[source]
                    if masks:
                        waiting_masks[source] = waiting_masks.get(source, 0) | masks
        return [masks & winners for masks, winners in zip(self.masks_of, excluded_masks, strict=True)]

    def _gain(self, sets: int, numbers: int) -> int:
        """Return what masks become, by their numbers, that gain some bits."""
        sources = self._sources.setdefault(sets, {})
        masks_after = 0
        masks = self.masks.masks
        for number in bit_places(numbers):
            after = self.masks.number(masks[number] | sets)
            sources[after] = sources.get(after, 0) | 1 << number
            masks_after |= 1 << after
        self._meter.work(numbers.bit_count())
        return masks_after


def _spread(
    steps: list[list[tuple[int, int]]],
    masks_of: list[int],
    waiting_masks: dict[int, int],
    passing_masks: list[int],
    direction: int,
    meter: Meter,
    receivers: Collection[int],
) -> dict[int, int]:
    """Take masks wherever steps lead; return those that came to some groups, by group.

    Args:
        steps: Where steps lead from every group, and the number of their guard.
        masks_of: The masks that every group has: added to.
        waiting_masks: Masks that come to groups.
        passing_masks: What every guard lets through.
        direction: 1 to go through the groups from the first on, -1 from the last on.
        meter: The clock.
        receivers: The groups to return masks for.

    Raises:
        BudgetSpent: The time is up.
    """
    arrivals = dict.fromkeys(receivers, 0)
    for group, masks in waiting_masks.items():
        masks_of[group] |= masks
    queue = [direction * group for group in waiting_masks]
    heapify(queue)
    while queue:
        meter.work(WORK_PER_GROUP)
        group = direction * heappop(queue)
        moving_masks = waiting_masks.pop(group)
        if group in arrivals:
            arrivals[group] |= moving_masks
        for target, guard in steps[group]:
            new = moving_masks & passing_masks[guard] & ~masks_of[target]
            if new:
                masks_of[target] |= new
                if target in waiting_masks:
                    waiting_masks[target] |= new
                else:
                    waiting_masks[target] = new
                    heappush(queue, direction * target)
    return {group: masks for group, masks in arrivals.items() if masks}
