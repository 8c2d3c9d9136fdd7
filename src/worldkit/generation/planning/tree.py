"""The tree of ways there and back that the places of a plan form, each known by its number; the first is the root."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection
from itertools import accumulate

MOST_CHILDREN = 3
"""Places that hang on one at most."""


class PlaceTree:
    """A tree of so many places that is drawn.

    Attributes:
        parent: What each place hangs on; -1 for the root.
        under: What is under each place: itself, and what hangs on it.
    """

    def __init__(self, count: int, dice: random.Random) -> None:
        self.parent = [-1]
        child_counts = Counter[int]()
        for at in range(1, count):
            # late places hang on late ones, so that a large world is deep as well as broad; of three in a row, one has
            # room, since together they have at most two places behind them
            roomy = [parent for parent in range(max(0, at - 4), at) if child_counts[parent] < MOST_CHILDREN]
            # the second place hangs on the first and so does the third: the entrance is a choice
            self.parent.append(0 if at <= 2 else dice.choice(roomy))
            child_counts[self.parent[at]] += 1
        self.under = [{at} for at in range(count)]
        for at in range(count - 1, 0, -1):
            self.under[self.parent[at]] |= self.under[at]

    def draw_leap(self, locked: Collection[int], dice: random.Random) -> tuple[int, int]:
        """Draw a place but the root, behind no lock if that can be, and one that is not beside it.

        The second is behind no lock that is not around the first. How many there are is counted for each first place,
        and only those of the one that is drawn are gone through.
        """
        locks_around = [frozenset(lock for lock in locked if at in self.under[lock]) for at in range(len(self.parent))]

        def is_open(to: int, at: int) -> bool:
            return locks_around[to] <= locks_around[at]

        sizes = Counter(locks_around)
        within = {around: sum(sizes[locks] for locks in sizes if locks <= around) for around in sizes}
        child_counts = Counter(at for to, at in enumerate(self.parent) if at > 0 and is_open(to, at))
        # not the place itself, nor what it hangs on
        counts = {at: within[locks_around[at]] - 2 - child_counts[at] for at in range(1, len(self.parent))}
        unlocked_counts = {at: count for at, count in counts.items() if not locks_around[at]}
        counts = unlocked_counts if any(unlocked_counts.values()) else counts
        number = dice.choice(range(sum(counts.values())))
        at, end = next(pair for pair in zip(counts, accumulate(counts.values()), strict=True) if pair[1] > number)
        others = [to for to, parent in enumerate(self.parent) if at not in (to, parent) and is_open(to, at)]
        return at, [to for to in others if to != self.parent[at]][number - end]
