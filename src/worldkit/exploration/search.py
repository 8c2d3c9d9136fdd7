"""Explicit search: every position one by one, a group's positions as a set of masks, many at a time.

Works for masks of any width, and needs no preparation: the engine of small worlds, and of large ones
whose flags have little room to vary.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable

from worldkit.exploration.budget import Meter, Spent
from worldkit.exploration.quotient import Contracted, Edge, Guard

CHUNK = 4096
"""No more masks than this are moved at once, so that the clock is looked at often."""

Masks = list[set[int]]
"""For every group the masks it is reached with."""


def forward(world: Contracted, most: int, meter: Meter) -> tuple[Masks, bool]:
    """Return the masks every group is reached with, and whether those are all: not when the time was up before.

    Args:
        world: What to search.
        most: How many masks to find before giving up; somewhat more may be found.
        meter: The clock.
    """
    found: Masks = [set() for _ in world.members]
    fresh: Masks = [set() for _ in world.members]
    start = world.start
    found[start].add(world.system.mask)
    fresh[start].add(world.system.mask)
    queue = deque([start])
    total = 1
    while queue:
        number = queue.popleft()
        here = fresh[number]
        if len(here) > CHUNK:
            now: Collection[int] = [here.pop() for _ in range(CHUNK)]
            queue.append(number)
        else:
            now, fresh[number] = here, set()
        for target, need, gain, bar in world.edges[number]:
            try:
                meter.work(len(now) + 1)
            except Spent:
                return found, False
            if bar:
                made = {mask | gain for mask in now if mask & need == need and not mask & bar}
            elif need:
                made = {mask | gain for mask in now if mask & need == need}
            elif gain:
                made = {mask | gain for mask in now}
            else:
                made = set(now)
            made -= found[target]
            if made:
                total += len(made)
                found[target] |= made
                if not fresh[target]:
                    queue.append(target)
                fresh[target] |= made
                if total > 2 * most:
                    return found, False
        if total > most and queue:
            return found, False
        try:
            meter.tick(min(1.0, total / max(1, most)))
        except Spent:
            return found, not queue
    return found, True


def winning(world: Contracted, found: Masks, meter: Meter) -> Masks:
    """Return the masks of every group from which an ending can be reached, of those it is reached with.

    Args:
        world: What was searched.
        found: All the masks every group is reached with.
        meter: The clock.

    Raises:
        Spent: The time is up.
    """
    into: list[list[tuple[int, Edge]]] = [[] for _ in world.members]
    for number, edges in enumerate(world.edges):
        for edge in edges:
            into[edge.target].append((number, edge))
    won: Masks = [set() for _ in world.members]
    fresh: Masks = [set() for _ in world.members]
    lost = [set(masks) for masks in found]
    queue: deque[int] = deque()
    for number in world.endings:
        if found[number]:
            won[number] = found[number]  # nothing leads on from an ending: never added to
            fresh[number] = found[number]
            lost[number].clear()
            queue.append(number)
    total, done = max(1, sum(map(len, found))), 0
    while queue:
        number = queue.popleft()
        now, fresh[number] = fresh[number], set()
        done += len(now)
        for before, edge in into[number]:
            candidates = lost[before]
            if not candidates:
                continue
            meter.work(min(len(now) << edge.gain.bit_count(), len(candidates)))
            made = _before(now, candidates, edge)
            if made:
                candidates -= made
                won[before] |= made
                if not fresh[before]:
                    queue.append(before)
                fresh[before] |= made
        meter.tick(min(1.0, done / total))
    return won


def _before(now: set[int], candidates: set[int], edge: Edge) -> set[int]:
    """Return the candidates that an edge leads from into ``now``."""
    _, need, gain, bar = edge
    if not gain:
        both = now & candidates
        return {mask for mask in both if mask & need == need and not mask & bar} if need or bar else both
    free = gain & ~need & ~bar
    never = bar & ~gain
    if len(now) << free.bit_count() > len(candidates):
        return {mask for mask in candidates if mask & need == need and not mask & bar and mask | gain in now}
    after = need | gain
    base = [mask & ~(free | bar) for mask in now if mask & after == after and not mask & never]
    made: set[int] = set()
    part = free
    while True:  # every part of the bits that may or may not have been held before
        made.update([mask | part for mask in base])
        if not part:
            break
        part = (part - 1) & free
    return made & candidates


class MaskSets:
    """The masks of every group, one by one.

    Args:
        found: The masks every group is reached with.
        won: Those of them from which an ending can be reached.
    """

    def __init__(self, found: Masks, won: Masks) -> None:
        self._found = found
        self._lost = [masks - wins if len(wins) < len(masks) else set() for masks, wins in zip(found, won, strict=True)]
        self._unions: dict[int, int] = {}

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return mask in self._found[group]

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return mask in self._lost[group]

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return len(self._found[group])

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return len(self._lost[group])

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return _fewest(self._lost[group])

    def fewest_idle(self, group: int, guards: list[Guard]) -> int | None:
        """Return the least mask with which a group is reached and no guard holds."""
        return _fewest(self._idle(group, guards))

    def is_idle(self, group: int, guards: list[Guard]) -> bool:
        """Say whether a group is reached with a mask with which no guard holds."""
        return bool(self._idle(group, guards))

    def _idle(self, group: int, guards: list[Guard]) -> set[int]:
        left = self._found[group]
        for need, bar, lack in guards:
            if left:
                left = {m for m in left if m & need != need or m & bar or (lack and m & lack == lack)}
        return left

    def fires(self, group: int, need: int, bar: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``need`` and nothing of ``bar``."""
        union = self._unions.get(group)
        if union is None:
            union = 0
            for mask in self._found[group]:
                union |= mask
            self._unions[group] = union
        if need & ~union:
            return False
        return any(mask & need == need and not mask & bar for mask in self._found[group])


def _fewest(masks: Iterable[int]) -> int | None:
    return min(masks, key=lambda mask: (mask.bit_count(), mask), default=None)
