"""The tree of ways there and back that the places of a plan form, each known by its number; the first is the root."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection

MAX_CHILDREN = 3
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
            roomy = [parent for parent in range(max(0, at - 4), at) if child_counts[parent] < MAX_CHILDREN]
            # the second place hangs on the first and so does the third: the entrance is a choice
            self.parent.append(0 if at <= 2 else dice.choice(roomy))
            child_counts[self.parent[at]] += 1
        self.under = [{at} for at in range(count)]
        for at in range(count - 1, 0, -1):
            self.under[self.parent[at]] |= self.under[at]

    def draw_leap(self, locked: Collection[int], dice: random.Random) -> tuple[int, int]:
        """Draw a place but the root, behind no lock if that can be, and one that is not beside it.

        The second is behind no lock that is not around the first. All pairs are gone through: a world that is generated
        has 200 states at most.
        """
        numbers = range(len(self.parent))
        locks_around = [{lock for lock in locked if at in self.under[lock]} for at in numbers]
        leaps = [
            (at, to)
            for at in numbers[1:]
            for to in numbers
            if locks_around[to] <= locks_around[at] and at not in (to, self.parent[to]) and to != self.parent[at]
        ]
        return dice.choice([leap for leap in leaps if not locks_around[leap[0]]] or leaps)
