"""Explicit search of large worlds: for every group the masks it is reached with, as the bits of one integer.

``explicit_search`` looks at every group of every mask. Where few moves gain anything and few masks are reached, it is
much faster to number the masks and to move all of them at once: a guard is then the set of the masks that it lets
through. Only moves that gain bits go through the masks one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from worldkit.exploration.bits import bit_places
from worldkit.exploration.budget import Meter
from worldkit.exploration.group_sets import GroupSets, NumberedMasks
from worldkit.exploration.moves import grouped
from worldkit.exploration.quotient import Edge, QuotientSystem

MIN_GROUPS = 1_000
"""In worlds of fewer groups other engines are as fast."""

GROUPS_PER_GAIN = 20
"""There are so many groups for every move that gains bits, at least."""

MAX_MASKS = 4_096
"""With more masks than this the search is given up: integers of so many bits are no longer cheap."""

WORK_PER_GROUP = 10
"""Small steps that going through a group counts for."""


def suits(world: QuotientSystem) -> bool:
    """Say whether a world is large and few of its moves gain anything."""
    groups = len(world.members)
    if groups < MIN_GROUPS:
        return False
    gains = sum(sets != 0 for edges in world.edges for _, _, sets, _ in edges)
    return groups >= GROUPS_PER_GAIN * gains


def solve(world: QuotientSystem, memory: int, meter: Meter) -> GroupSets | None:
    """Return the masks every group is reached with and those that are lost; None when there are too many.

    Args:
        memory: Most bytes, about, for what is reached.

    Raises:
        BudgetSpent: The time is up.
    """
    most_masks = min(MAX_MASKS, 4 * memory // len(world.members))  # a bit of each for what is reached and what wins
    search = _GroupSearch(world, meter, most_masks)
    try:
        return GroupSets(search.masks, search.reached_masks(), search.lost_masks())
    except _TooManyMasks:
        return None


class _TooManyMasks(Exception):
    """More masks are reached than the search is for."""


class _GroupSearch:
    def __init__(self, world: QuotientSystem, meter: Meter, most_masks: int) -> None:
        self.masks = NumberedMasks(world.system.width)
        self._masks_of = [0] * len(world.members)
        self._world = world
        self._meter = meter
        self._most_masks = most_masks
        self._sources: dict[int, dict[int, int]] = {}
        """By the bits gained: for the number of a mask, those of the masks that become it."""

    def reached_masks(self) -> list[int]:
        """Return the masks every group is reached with."""
        masks_passing = self.masks.passing

        def gain(edge: Edge, masks: int) -> int:
            _, requires, sets, forbids = edge
            return self._gain(sets, masks & masks_passing(requires, forbids))

        start = {self._world.start: 1 << self.masks.number(self._world.system.mask)}
        self._spread(start, self._world.edges.__getitem__, gain, self._masks_of, 1)
        return self._masks_of

    def lost_masks(self) -> list[int]:
        """Return the masks of every group with which no ending can be reached, of those it is reached with."""
        all_edges = [edge for edges in self._world.edges for edge in edges]
        sources = [source for source, edges in enumerate(self._world.edges) for _ in edges]
        first, order = grouped([edge[0] for edge in all_edges], len(self._masks_of))
        masks_passing = self.masks.passing

        def edges_into(group: int) -> list[Edge]:
            return [(sources[place], *all_edges[place][1:]) for place in order[first[group] : first[group + 1]]]

        def lose(edge: Edge, masks: int) -> int:
            _, requires, sets, forbids = edge
            return self._masks_before(sets, masks) & masks_passing(requires, forbids)

        endings = {group: self._masks_of[group] for group in self._world.endings if self._masks_of[group]}
        excluded_masks = [~masks for masks in self._masks_of]  # masks a group is not reached with, or that win
        self._spread(endings, edges_into, lose, excluded_masks, -1)
        return [masks & ~other_masks for masks, other_masks in zip(self._masks_of, excluded_masks, strict=True)]

    def _spread(
        self,
        masks_at_first: dict[int, int],
        edges_of: Callable[[int], Iterable[Edge]],
        change: Callable[[Edge, int], int],
        masks_of: list[int],
        direction: int,
    ) -> None:
        """Take masks wherever edges lead, until none is new.

        Masks go on from the first group that some wait in: those in a circle of groups are done with it before they
        leave.

        Args:
            masks_at_first: Masks that come to groups.
            edges_of: Returns the edges from a group, in the direction in which masks are taken.
            change: Returns what masks become that an edge takes along which gains bits.
            masks_of: The masks that every group has: added to.
            direction: 1 to go through the groups from the first on, -1 from the last on.

        Raises:
            BudgetSpent: The time is up.
        """
        masks_passing, meter = self.masks.passing, self._meter
        waiting_masks = [0] * len(masks_of)
        for group, masks in masks_at_first.items():
            waiting_masks[group] = masks
            masks_of[group] |= masks
        queue = [direction * group for group in masks_at_first]
        heapify(queue)
        while queue:
            meter.work(WORK_PER_GROUP)
            group = direction * heappop(queue)
            masks, waiting_masks[group] = waiting_masks[group], 0
            for edge in edges_of(group):
                target, requires, sets, forbids = edge
                if sets:
                    new_masks = change(edge, masks)
                elif requires or forbids:
                    new_masks = masks & masks_passing(requires, forbids)
                    if not new_masks:
                        continue
                else:
                    new_masks = masks
                before = masks_of[target]
                after = before | new_masks
                if after != before:
                    masks_of[target] = after
                    masks_before = waiting_masks[target]
                    if not masks_before:
                        heappush(queue, direction * target)
                    waiting_masks[target] = masks_before | (after ^ before)

    def _gain(self, sets: int, numbers: int) -> int:
        """Return what masks become, by their numbers, that gain some bits."""
        sources = self._sources.setdefault(sets, {})
        masks_after = 0
        masks = self.masks.masks
        for number in bit_places(numbers):
            after = self.masks.number(masks[number] | sets)
            sources[after] = sources.get(after, 0) | 1 << number
            masks_after |= 1 << after
        if len(masks) > self._most_masks:
            raise _TooManyMasks
        self._meter.work(numbers.bit_count())
        return masks_after

    def _masks_before(self, sets: int, numbers: int) -> int:
        """Return the masks, by their numbers, that become some of others when they gain some bits."""
        sources = self._sources.get(sets, {})
        masks_before = 0
        for number in bit_places(numbers):
            masks_before |= sources.get(number, 0)
        return masks_before
