"""Sets of masks as reduced ordered binary decision diagrams (Bryant 1986), in plain Python.

A set is a number: the node its diagram starts at. ``EMPTY`` and ``ALL`` stand for no mask and every mask.
Equal sets are equal numbers. The bits are tested in the order of their levels; here the level of a bit is
its place, so whoever wants another order renames the bits first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from worldkit.exploration.budget import Spent

EMPTY, ALL = 0, 1
SHIFT = 32
OFTEN = 4096
"""After so many new nodes the clock is looked at."""


class Diagrams:
    """A store of decision diagrams over so many bits.

    Args:
        width: How many bits a mask has.
        most: Most nodes to make; then ``Spent`` is raised.
        tick: Called every few thousand new nodes; what it raises ends the operation under way.
    """

    def __init__(self, width: int, most: int = 1 << SHIFT, tick: Callable[[], None] | None = None) -> None:
        self.width = width
        self.most = most
        self.tick = tick or _nothing
        self.level = [width, width]
        self.low = [EMPTY, ALL]
        self.high = [EMPTY, ALL]
        self._unique: list[dict[int, int]] = [{} for _ in range(width)]
        self._unions: dict[int, int] = {}
        self._commons: dict[int, int] = {}
        self._differences: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.level)

    def settle(self) -> None:
        """Lift the limits and forget what only makes further operations faster: the work is done."""
        self.most = 1 << SHIFT
        self.tick = _nothing
        for known in (self._unions, self._commons, self._differences):
            known.clear()

    def node(self, level: int, low: int, high: int) -> int:
        """Return the set that is ``low`` where the bit of a level is not held and ``high`` where it is."""
        if low == high:
            return low
        unique = self._unique[level]
        key = low << SHIFT | high
        made = unique.get(key)
        if made is None:
            made = len(self.level)
            if made >= self.most:
                raise Spent(f"{self.most:,} nodes of decision diagrams")
            if not made % OFTEN:
                self.tick()
            unique[key] = made
            self.level.append(level)
            self.low.append(low)
            self.high.append(high)
        return made

    def one(self, mask: int) -> int:
        """Return the set of one mask."""
        made = ALL
        for level in range(self.width - 1, -1, -1):
            made = self.node(level, EMPTY, made) if mask >> level & 1 else self.node(level, made, EMPTY)
        return made

    def union(self, a: int, b: int) -> int:
        """Return the masks of either set."""
        if a == b or b == EMPTY:
            return a
        if a == EMPTY:
            return b
        if a == ALL or b == ALL:
            return ALL
        if a > b:
            a, b = b, a
        key = a << SHIFT | b
        made = self._unions.get(key)
        if made is None:
            i, j = self.level[a], self.level[b]
            if i == j:
                made = self.node(i, self.union(self.low[a], self.low[b]), self.union(self.high[a], self.high[b]))
            elif i < j:
                made = self.node(i, self.union(self.low[a], b), self.union(self.high[a], b))
            else:
                made = self.node(j, self.union(a, self.low[b]), self.union(a, self.high[b]))
            self._unions[key] = made
        return made

    def common(self, a: int, b: int) -> int:
        """Return the masks of both sets."""
        if a == b or b == ALL:
            return a
        if a == ALL:
            return b
        if a == EMPTY or b == EMPTY:
            return EMPTY
        if a > b:
            a, b = b, a
        key = a << SHIFT | b
        made = self._commons.get(key)
        if made is None:
            i, j = self.level[a], self.level[b]
            if i == j:
                made = self.node(i, self.common(self.low[a], self.low[b]), self.common(self.high[a], self.high[b]))
            elif i < j:
                made = self.node(i, self.common(self.low[a], b), self.common(self.high[a], b))
            else:
                made = self.node(j, self.common(a, self.low[b]), self.common(a, self.high[b]))
            self._commons[key] = made
        return made

    def difference(self, a: int, b: int) -> int:
        """Return the masks of the first set that are not in the second."""
        if a == EMPTY or b in (a, ALL):
            return EMPTY
        if b == EMPTY:
            return a
        key = a << SHIFT | b
        made = self._differences.get(key)
        if made is None:
            i, j = self.level[a], self.level[b]
            if i == j:
                low = self.difference(self.low[a], self.low[b])
                made = self.node(i, low, self.difference(self.high[a], self.high[b]))
            elif i < j:
                made = self.node(i, self.difference(self.low[a], b), self.difference(self.high[a], b))
            else:
                made = self.node(j, self.difference(a, self.low[b]), self.difference(a, self.high[b]))
            self._differences[key] = made
        return made

    def within(self, need: int, bar: int) -> int:
        """Return the set of the masks that hold all of ``need`` and nothing of ``bar``."""
        if need & bar:
            return EMPTY
        made = ALL
        for level in range((need | bar).bit_length() - 1, -1, -1):
            if need >> level & 1:
                made = self.node(level, EMPTY, made)
            elif bar >> level & 1:
                made = self.node(level, made, EMPTY)
        return made

    def meets(self, a: int, need: int, bar: int) -> bool:
        """Say whether a set has a mask that holds all of ``need`` and nothing of ``bar``."""
        if need & bar:
            return False
        seen: set[int] = set()
        stack = [a]
        while stack:
            node = stack.pop()
            if node == ALL:
                return True
            if node == EMPTY or node in seen:
                continue
            seen.add(node)
            level = self.level[node]
            if not need >> level & 1:
                stack.append(self.low[node])
            if not bar >> level & 1:
                stack.append(self.high[node])
        return False

    def top(self, a: int) -> int:
        """Return a mask of a set with many bits; 0 of the empty set."""
        made, level = 0, 0
        while a != EMPTY:
            made |= (1 << self.level[a]) - (1 << level)  # bits no longer tested may be held
            if a == ALL:
                break
            level = self.level[a] + 1
            if self.high[a] != EMPTY:
                made |= 1 << (level - 1)
                a = self.high[a]
            else:
                a = self.low[a]
        return made

    def has(self, a: int, mask: int) -> bool:
        """Say whether a mask is in a set."""
        while a > ALL:
            a = self.high[a] if mask >> self.level[a] & 1 else self.low[a]
        return a == ALL

    def count(self, a: int, known: dict[int, int] | None = None, places: Sequence[int] | None = None) -> int:
        """Return how many masks a set has.

        Args:
            a: The set.
            known: Counts of earlier calls with the same places, to be used again and added to.
            places: For every level, and for the width, how many bits all levels above it stand for together; each
                level stands for one bit when it is None. A level held stands for all masks of its bits but 0.
        """
        known = {} if known is None else known
        known[EMPTY], known[ALL] = 0, 1
        level, low, high = self.level, self.low, self.high
        at = range(self.width + 1) if places is None else places

        def below(node: int) -> int:
            made = known.get(node)
            if made is None:
                left, right, own = low[node], high[node], level[node]
                here = at[own + 1]
                without, held = below(left) << (at[level[left]] - here), below(right) << (at[level[right]] - here)
                made = known[node] = without + held * ((1 << (here - at[own])) - 1)
            return made

        return below(a) << at[level[a]]

    def fewest(self, a: int, names: list[int]) -> int | None:
        """Return the mask of a set with the fewest bits, of those the least; None of the empty set.

        Args:
            a: The set.
            names: What a level's bit is called in the mask returned: a mask of one bit for every level.
        """
        if a == EMPTY:
            return None
        known: dict[int, tuple[int, int]] = {ALL: (0, 0)}

        def best(node: int) -> tuple[int, int]:
            made = known.get(node)
            if made is None:
                left, right = self.low[node], self.high[node]
                if right != EMPTY:
                    bits, mask = best(right)
                    made = bits + 1, mask | names[self.level[node]]
                if left != EMPTY:
                    other = best(left)
                    made = other if made is None or other < made else made
                assert made is not None
                known[node] = made
            return made

        return best(a)[1]


def _nothing() -> None:
    pass


class Effect:
    """What one kind of move does to whole sets: ``mask -> mask | gain`` where it can be made.

    Args:
        diagrams: Where the sets are.
        need: Bits that must be held.
        gain: Bits held afterwards.
        bar: Bits that must not be held.
    """

    def __init__(self, diagrams: Diagrams, need: int, gain: int, bar: int) -> None:
        self._diagrams = diagrams
        self._need, self._gain, self._bar = need, gain, bar
        self._levels: list[int] = []
        rest = need | gain | bar
        while rest:
            self._levels.append((rest & -rest).bit_length() - 1)
            rest &= rest - 1
        self._levels.append(diagrams.width)
        self._after: dict[int, int] = {}
        self._before: dict[int, int] = {}

    def after(self, a: int) -> int:
        """Return the masks the move leads to from those of a set."""
        return self._image(a, 0)

    def before(self, a: int) -> int:
        """Return the masks from which the move can be made and leads into a set."""
        return self._origin(a, 0)

    def _image(self, a: int, place: int) -> int:
        own = self._levels[place]
        if a == EMPTY or own == self._diagrams.width:
            return a
        key = a << SHIFT | place
        made = self._after.get(key)
        if made is None:
            diagrams = self._diagrams
            level = diagrams.level[a]
            if level < own:
                made = diagrams.node(level, self._image(diagrams.low[a], place), self._image(diagrams.high[a], place))
            else:
                low, high = (diagrams.low[a], diagrams.high[a]) if level == own else (a, a)
                if self._need >> own & 1:
                    rest = high
                elif self._bar >> own & 1:
                    rest = low
                else:
                    rest = diagrams.union(low, high)
                rest = self._image(rest, place + 1)
                held = (self._need | self._gain) >> own & 1
                made = diagrams.node(own, EMPTY, rest) if held else diagrams.node(own, rest, EMPTY)
            self._after[key] = made
        return made

    def _origin(self, a: int, place: int) -> int:
        own = self._levels[place]
        if a == EMPTY or own == self._diagrams.width:
            return a
        key = a << SHIFT | place
        made = self._before.get(key)
        if made is None:
            diagrams = self._diagrams
            level = diagrams.level[a]
            if level < own:
                low, high = self._origin(diagrams.low[a], place), self._origin(diagrams.high[a], place)
                made = diagrams.node(level, low, high)
            else:
                low, high = (diagrams.low[a], diagrams.high[a]) if level == own else (a, a)
                held = (self._need | self._gain) >> own & 1
                rest = self._origin(high if held else low, place + 1)
                if self._need >> own & 1:
                    made = diagrams.node(own, EMPTY, rest)
                elif self._bar >> own & 1:
                    made = diagrams.node(own, rest, EMPTY)
                else:
                    made = rest
            self._before[key] = made
        return made


@contextmanager
def deep(width: int) -> Iterator[None]:
    """Let operations, which call themselves once a bit, go deep enough for so many bits."""
    was = sys.getrecursionlimit()
    wanted = 4 * width + 1000
    if wanted > was:
        sys.setrecursionlimit(wanted)
    try:
        yield
    finally:
        if wanted > was:
            sys.setrecursionlimit(was)
