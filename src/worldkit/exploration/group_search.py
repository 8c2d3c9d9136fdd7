"""Explicit search of large worlds: for every group the masks it is reached with, as the bits of one integer.

``explicit_search`` looks at every group of every mask. Where few moves gain anything and few masks are reached, it is
much faster to number the masks and to move all of them at once: a guard is then the set of the masks that it lets
through. Only moves that gain bits go through the masks one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from heapq import heapify, heappop, heappush
from math import prod

from worldkit.exploration.budget import Meter
from worldkit.exploration.explicit_search import bits_of
from worldkit.exploration.mask_sets import Counts
from worldkit.exploration.quotient import Guard, QuotientSystem

LEAST_GROUPS = 1_000
"""In worlds of fewer groups other engines are as fast."""

GROUPS_PER_GAIN = 20
"""There are so many groups for every move that gains bits, at least."""

MOST_MASKS = 4_096
"""With more masks than this the search is given up: integers of so many bits are no longer cheap."""

WORK_PER_GROUP = 10
"""Small steps that going through a group counts for."""


class NumberedMasks:
    """Masks by number, and sets of them as the bits of one integer.

    Args:
        width: How many bits a mask has.
    """

    def __init__(self, width: int) -> None:
        self.masks: list[int] = []
        self.numbers: dict[int, int] = {}
        self._holders = [0] * width
        self._passing: dict[tuple[int, int], int] = {}

    def number(self, mask: int) -> int:
        """Return the number of a mask, a new one if it has none yet."""
        number = self.numbers.get(mask)
        if number is None:
            number = self.numbers[mask] = len(self.masks)
            self.masks.append(mask)
            self._passing.clear()
            for level in bits_of(mask):
                self._holders[level] |= 1 << number
        return number

    def passing(self, requires: int, forbids: int = 0) -> int:
        """Return the masks that hold all of ``requires`` and nothing of ``forbids``."""
        key = requires, forbids
        passing = self._passing.get(key)
        if passing is None:
            passing = (1 << len(self.masks)) - 1
            for level in bits_of(requires):
                passing &= self._holders[level]
            for level in bits_of(forbids):
                passing &= ~self._holders[level]
            self._passing[key] = passing
        return passing

    def least(self, numbers: int) -> int | None:
        """Return the mask of some with the fewest bits, of those the least; None of no mask."""
        masks = (self.masks[number] for number in bits_of(numbers))
        return min(masks, key=lambda mask: (mask.bit_count(), mask), default=None)


class GroupSets:
    """The masks of every group, by their numbers.

    Args:
        masks: The masks.
        reached: The masks every group is reached with.
        winning: Those of them with which an ending can be reached.
    """

    def __init__(self, masks: NumberedMasks, reached: list[int], winning: list[int]) -> None:
        self._masks = masks
        self._reached = reached
        self._lost = [masks_here & ~winners for masks_here, winners in zip(reached, winning, strict=True)]

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return 2 * len(self._reached) * (len(self._masks.masks) // 8 + 30)

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        number = self._masks.numbers.get(mask)
        return number is not None and bool(self._reached[group] >> number & 1)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        number = self._masks.numbers.get(mask)
        return number is not None and bool(self._lost[group] >> number & 1)

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return self._reached[group].bit_count()

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return self._lost[group].bit_count()

    def counts(self, shares: Mapping[int, int]) -> tuple[Counts, Counts]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """
        weights = {bit: (1 << share) - 1 for bit, share in shares.items() if share > 1}
        masks_by_weight: dict[int, int] = {}
        for number, mask in enumerate(self._masks.masks):
            weight = prod(times for bit, times in weights.items() if mask & bit)
            masks_by_weight[weight] = masks_by_weight.get(weight, 0) | 1 << number

        def total(masks: int) -> int:
            return sum(weight * (masks & alike).bit_count() for weight, alike in masks_by_weight.items())

        return lambda group: total(self._reached[group]), lambda group: total(self._lost[group])

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return self._masks.least(self._lost[group])

    def fewest_idle(self, group: int, guards: list[Guard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        return self._masks.least(self._idle(group, guards))

    def is_idle(self, group: int, guards: list[Guard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        return bool(self._idle(group, guards))

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``requires`` and nothing of ``forbids``."""
        return bool(self._reached[group] & self._masks.passing(requires, forbids))

    def _idle(self, group: int, guards: list[Guard]) -> int:
        idle, passing = self._reached[group], self._masks.passing
        for requires, forbids, unless_all in guards:
            idle &= ~passing(requires, forbids) | (passing(unless_all) if unless_all else 0)
        return idle


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
    return GroupSets(search.masks, search.reached, search.winning()) if search.reach(most_masks) else None


class _GroupSearch:
    def __init__(self, world: QuotientSystem, meter: Meter) -> None:
        self.masks = NumberedMasks(world.system.width)
        self.reached = [0] * len(world.members)
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
        waiting = {self._world.start: 1 << self.masks.number(self._world.system.mask)}
        while waiting:
            if len(self.masks.masks) > most_masks:
                return False
            passing = [self.masks.passing(*guard) for guard in self._guards]
            gaining = _spread(self._steps, self.reached, waiting, passing, 1, self._meter, self._gains)
            waiting = {}
            for group, came in gaining.items():
                for target, guard, sets in self._gains[group]:
                    masks = self._gain(sets, came & passing[guard]) & ~self.reached[target]
                    if masks:
                        waiting[target] = waiting.get(target, 0) | masks
        return True

    def winning(self) -> list[int]:
        """Return the masks of every group with which an ending can be reached, of those it is reached with."""
        steps_into: list[list[tuple[int, int]]] = [[] for _ in self.reached]
        gains_into: dict[int, list[tuple[int, int, int]]] = {}
        for group, steps in enumerate(self._steps):
            for target, guard in steps:
                steps_into[target].append((group, guard))
        for group, gains in self._gains.items():
            for target, guard, sets in gains:
                gains_into.setdefault(target, []).append((group, guard, sets))
        passing = [self.masks.passing(*guard) for guard in self._guards]
        waiting = {group: self.reached[group] for group in self._world.endings if self.reached[group]}
        barred = [~masks for masks in self.reached]  # masks a group is not reached with, or that are known to win
        while waiting:
            won = _spread(steps_into, barred, waiting, passing, -1, self._meter, gains_into)
            waiting = {}
            for group, came in won.items():
                for source, guard, sets in gains_into[group]:
                    before = self._sources.get(sets, {})
                    masks = 0
                    for number in bits_of(came):
                        masks |= before.get(number, 0)
                    masks &= passing[guard] & ~barred[source]
                    if masks:
                        waiting[source] = waiting.get(source, 0) | masks
        return [masks & known for masks, known in zip(self.reached, barred, strict=True)]

    def _gain(self, sets: int, numbers: int) -> int:
        """Return what masks become, by their numbers, that gain some bits."""
        sources = self._sources.setdefault(sets, {})
        gained = 0
        masks = self.masks.masks
        for number in bits_of(numbers):
            after = self.masks.number(masks[number] | sets)
            sources[after] = sources.get(after, 0) | 1 << number
            gained |= 1 << after
        self._meter.work(numbers.bit_count())
        return gained


def _spread(
    steps: list[list[tuple[int, int]]],
    visited: list[int],
    waiting: dict[int, int],
    passing: list[int],
    direction: int,
    meter: Meter,
    watched: Collection[int],
) -> dict[int, int]:
    """Take masks wherever steps lead; return those that came to some groups, by group.

    Args:
        steps: Where steps lead from every group, and the number of their guard.
        visited: The masks that every group has: added to.
        waiting: Masks that come to groups.
        passing: What every guard lets through.
        direction: 1 to go through the groups from the first on, -1 from the last on.
        meter: The clock.
        watched: The groups to return masks for.

    Raises:
        BudgetSpent: The time is up.
    """
    came = dict.fromkeys(watched, 0)
    for group, masks in waiting.items():
        visited[group] |= masks
    queue = [direction * group for group in waiting]
    heapify(queue)
    while queue:
        meter.work(WORK_PER_GROUP)
        group = direction * heappop(queue)
        moving = waiting.pop(group)
        if group in came:
            came[group] |= moving
        for target, guard in steps[group]:
            new = moving & passing[guard] & ~visited[target]
            if new:
                visited[target] |= new
                if target in waiting:
                    waiting[target] |= new
                else:
                    waiting[target] = new
                    heappush(queue, direction * target)
    return {group: masks for group, masks in came.items() if masks}
