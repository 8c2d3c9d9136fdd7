"""Explicit search: every position one by one, a group's positions as a set of masks, many at a time.

Works for masks of any width, and needs no preparation: the engine of small worlds, and of large ones
whose flags have little room to vary.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.quotient import Edge, Guard, QuotientSystem

CHUNK_SIZE = 4096
"""No more masks than this are moved at once, so that the clock is looked at often."""

Masks = list[set[int]]
"""For every group the masks it is reached with."""


def search_forwards(world: QuotientSystem, most: int, meter: Meter) -> tuple[Masks, bool]:
    """Return the masks every group is reached with, and whether those are all: not when the time was up before.

    Args:
        world: What to search.
        most: How many masks to find before giving up; somewhat more may be found.
        meter: The clock.
    """
    reached: Masks = [set() for _ in world.members]
    fresh: Masks = [set() for _ in world.members]
    start = world.start
    reached[start].add(world.system.mask)
    fresh[start].add(world.system.mask)
    queue = deque([start])
    total = 1
    while queue:
        number = queue.popleft()
        pending = fresh[number]
        if len(pending) > CHUNK_SIZE:
            batch: Collection[int] = [pending.pop() for _ in range(CHUNK_SIZE)]
            queue.append(number)
        else:
            batch, fresh[number] = pending, set()
        for target, requires, sets, forbids in world.edges[number]:
            try:
                meter.work(len(batch) + 1)
            except BudgetSpent:
                return reached, False
            if forbids:
                successors = {mask | sets for mask in batch if mask & requires == requires and not mask & forbids}
            elif requires:
                successors = {mask | sets for mask in batch if mask & requires == requires}
            elif sets:
                successors = {mask | sets for mask in batch}
            else:
                successors = set(batch)
            successors -= reached[target]
            if successors:
                total += len(successors)
                reached[target] |= successors
                if not fresh[target]:
                    queue.append(target)
                fresh[target] |= successors
                if total > 2 * most:
                    return reached, False
        if total > most and queue:
            return reached, False
        try:
            meter.tick(min(1.0, total / max(1, most)))
        except BudgetSpent:
            return reached, not queue
    return reached, True


def winning_masks(world: QuotientSystem, reached: Masks, meter: Meter) -> Masks:
    """Return the masks of every group from which an ending can be reached, of those it is reached with.

    Args:
        world: What was searched.
        reached: All the masks every group is reached with.
        meter: The clock.

    Raises:
        Spent: The time is up.
    """
    into: list[list[tuple[int, Edge]]] = [[] for _ in world.members]
    for number, edges in enumerate(world.edges):
        for edge in edges:
            into[edge.target].append((number, edge))
    winning: Masks = [set() for _ in world.members]
    fresh: Masks = [set() for _ in world.members]
    lost = [set(masks) for masks in reached]
    queue: deque[int] = deque()
    for number in world.endings:
        if reached[number]:
            winning[number] = reached[number]  # nothing leads on from an ending: never added to
            fresh[number] = reached[number]
            lost[number].clear()
            queue.append(number)
    total, processed = max(1, sum(map(len, reached))), 0
    while queue:
        number = queue.popleft()
        batch, fresh[number] = fresh[number], set()
        processed += len(batch)
        for before, edge in into[number]:
            candidates = lost[before]
            if not candidates:
                continue
            meter.work(min(len(batch) << edge.sets.bit_count(), len(candidates)))
            predecessors = _predecessors(batch, candidates, edge)
            if predecessors:
                candidates -= predecessors
                winning[before] |= predecessors
                if not fresh[before]:
                    queue.append(before)
                fresh[before] |= predecessors
        meter.tick(min(1.0, processed / total))
    return winning


def _predecessors(targets: set[int], candidates: set[int], edge: Edge) -> set[int]:
    """Return the candidates that an edge leads from into ``targets``."""
    _, requires, sets, forbids = edge
    if not sets:
        both = targets & candidates
        return (
            {mask for mask in both if mask & requires == requires and not mask & forbids}
            if requires or forbids
            else both
        )
    free = sets & ~requires & ~forbids
    never = forbids & ~sets
    if len(targets) << free.bit_count() > len(candidates):
        return {
            mask for mask in candidates if mask & requires == requires and not mask & forbids and mask | sets in targets
        }
    after = requires | sets
    base = [mask & ~(free | forbids) for mask in targets if mask & after == after and not mask & never]
    predecessors: set[int] = set()
    part = free
    while True:  # every part of the bits that may or may not have been held before
        predecessors.update([mask | part for mask in base])
        if not part:
            break
        part = (part - 1) & free
    return predecessors & candidates


class MaskSets:
    """The masks of every group, one by one.

    Args:
        found: The masks every group is reached with.
        won: Those of them from which an ending can be reached.
    """

    def __init__(self, reached: Masks, winning: Masks) -> None:
        self._reached = reached
        self._lost = [
            masks - wins if len(wins) < len(masks) else set() for masks, wins in zip(reached, winning, strict=True)
        ]
        self._unions: dict[int, int] = {}

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return mask in self._reached[group]

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return mask in self._lost[group]

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return len(self._reached[group])

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return len(self._lost[group])

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return _fewest_bits(self._lost[group])

    def fewest_idle(self, group: int, guards: list[Guard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        return _fewest_bits(self._idle(group, guards))

    def is_idle(self, group: int, guards: list[Guard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        return bool(self._idle(group, guards))

    def _idle(self, group: int, guards: list[Guard]) -> set[int]:
        idle = self._reached[group]
        for requires, forbids, unless_all in guards:
            if idle:
                idle = {
                    m
                    for m in idle
                    if m & requires != requires or m & forbids or (unless_all and m & unless_all == unless_all)
                }
        return idle

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``requires`` and nothing of ``forbids``."""
        union = self._unions.get(group)
        if union is None:
            union = 0
            for mask in self._reached[group]:
                union |= mask
            self._unions[group] = union
        if requires & ~union:
            return False
        return any(mask & requires == requires and not mask & forbids for mask in self._reached[group])


def _fewest_bits(masks: Iterable[int]) -> int | None:
    return min(masks, key=lambda mask: (mask.bit_count(), mask), default=None)
