"""Sets of masks as reduced ordered binary decision diagrams (Bryant 1986), in plain Python.

A set is a number: the node its diagram starts at. ``EMPTY`` and ``ALL`` stand for no mask and every mask.
Equal sets are equal numbers. The bits are tested in the order of their levels; here the level of a bit is
its place, so for another order the caller renumbers the bits first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from worldkit.core.process_lock import ProcessLock
from worldkit.exploration.bits import bit_places
from worldkit.exploration.budget import BudgetSpent

EMPTY, ALL = 0, 1
NODE_BITS = 32
NODES_PER_TICK = 1024
"""After so many new nodes the clock is looked at."""


class Diagrams:
    """A store of decision diagrams over so many bits. Sets are numbers here, and anything elsewhere.

    Args:
        width: How many bits a mask has.
        max_nodes: Most nodes to make; then ``BudgetSpent`` is raised.
        tick: Called every few thousand new nodes; what it raises ends the operation under way.

    Attributes:
        lock: Held by who makes nodes while others may: answers about a world before and after an edit share a store.
    """

    empty: Any = EMPTY
    all: Any = ALL

    def __init__(self, width: int, max_nodes: int = 1 << NODE_BITS, tick: Callable[[], None] | None = None) -> None:
        self.width = width
        self.max_nodes = max_nodes
        self.tick = tick or _no_tick
        self.lock = ProcessLock()
        self.level = [width, width]
        self.low = [EMPTY, ALL]
        self.high = [EMPTY, ALL]
        self._node_ids: list[dict[int, int]] = [{} for _ in range(width)]
        self._unions: dict[int, int] = {}
        self._differences: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.level)

    def release_limits(self) -> None:
        """Lift the limits and forget what only makes further operations faster: the work is done."""
        self.max_nodes = 1 << NODE_BITS
        self.tick = _no_tick
        for cache in (self._unions, self._differences):
            cache.clear()

    def node(self, level: int, low: int, high: int) -> int:
        """Return the set that is ``low`` where the bit of a level is not held and ``high`` where it is."""
        if low == high:
            return low
        unique = self._node_ids[level]
        key = low << NODE_BITS | high
        node = unique.get(key)
        if node is None:
            node = len(self.level)
            if node >= self.max_nodes:
                raise BudgetSpent(f"{self.max_nodes:,} nodes of decision diagrams")
            if not node % NODES_PER_TICK:
                self.tick()
            unique[key] = node
            self.level.append(level)
            self.low.append(low)
            self.high.append(high)
        return node

    def effect(self, requires: int, sets: int, forbids: int) -> MoveEffect:
        """Return what one kind of move does to whole sets; see ``MoveEffect``."""
        return MoveEffect(self, requires, sets, forbids)

    def singleton(self, mask: int) -> int:
        """Return the set of one mask."""
        node = ALL
        for level in range(self.width - 1, -1, -1):
            node = self.node(level, EMPTY, node) if mask >> level & 1 else self.node(level, node, EMPTY)
        return node

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
        key = a << NODE_BITS | b
        node = self._unions.get(key)
        if node is None:
            i, j = self.level[a], self.level[b]
            if i == j:
                node = self.node(i, self.union(self.low[a], self.low[b]), self.union(self.high[a], self.high[b]))
            elif i < j:
                node = self.node(i, self.union(self.low[a], b), self.union(self.high[a], b))
            else:
                node = self.node(j, self.union(a, self.low[b]), self.union(a, self.high[b]))
            self._unions[key] = node
        return node

    def difference(self, a: int, b: int) -> int:
        """Return the masks of the first set that are not in the second."""
        if a == EMPTY or b in (a, ALL):
            return EMPTY
        if b == EMPTY:
            return a
        key = a << NODE_BITS | b
        node = self._differences.get(key)
        if node is None:
            i, j = self.level[a], self.level[b]
            if i == j:
                low = self.difference(self.low[a], self.low[b])
                node = self.node(i, low, self.difference(self.high[a], self.high[b]))
            elif i < j:
                node = self.node(i, self.difference(self.low[a], b), self.difference(self.high[a], b))
            else:
                node = self.node(j, self.difference(a, self.low[b]), self.difference(a, self.high[b]))
            self._differences[key] = node
        return node

    def cube(self, requires: int, forbids: int) -> int:
        """Return the set of the masks that hold all of ``requires`` and nothing of ``forbids``."""
        if requires & forbids:
            return EMPTY
        node = ALL
        for level in range((requires | forbids).bit_length() - 1, -1, -1):
            if requires >> level & 1:
                node = self.node(level, EMPTY, node)
            elif forbids >> level & 1:
                node = self.node(level, node, EMPTY)
        return node

    def meets_cube(self, a: int, requires: int, forbids: int) -> bool:
        """Say whether a set has a mask that holds all of ``requires`` and nothing of ``forbids``."""
        if requires & forbids:
            return False
        visited: set[int] = set()
        stack = [a]
        while stack:
            node = stack.pop()
            if node == ALL:
                return True
            if node == EMPTY or node in visited:
                continue
            visited.add(node)
            level = self.level[node]
            if not requires >> level & 1:
                stack.append(self.low[node])
            if not forbids >> level & 1:
                stack.append(self.high[node])
        return False

    def large_mask(self, a: int) -> int:
        """Return a mask of a set with many bits; 0 of the empty set."""
        mask, level = 0, 0
        while a != EMPTY:
            mask |= (1 << self.level[a]) - (1 << level)  # bits no longer tested may be held
            if a == ALL:
                break
            level = self.level[a] + 1
            if self.high[a] != EMPTY:
                mask |= 1 << (level - 1)
                a = self.high[a]
            else:
                a = self.low[a]
        return mask

    def has(self, a: int, mask: int) -> bool:
        """Say whether a mask is in a set."""
        while a > ALL:
            a = self.high[a] if mask >> self.level[a] & 1 else self.low[a]
        return a == ALL

    def count(self, a: int, cache: dict[int, int] | None = None, places: Sequence[int] | None = None) -> int:
        """Return how many masks a set has.

        Args:
            cache: Counts of earlier calls with the same places, to be used again and added to.
            places: For every level, and for the width, how many bits all levels above it stand for together; each
                level stands for one bit when it is None. A level held stands for all masks of its bits but 0.
        """
        cache = {} if cache is None else cache
        cache[EMPTY], cache[ALL] = 0, 1
        level, low, high = self.level, self.low, self.high
        at = range(self.width + 1) if places is None else places

        def below(node: int) -> int:
            total = cache.get(node)
            if total is None:
                low_node, high_node, own = low[node], high[node], level[node]
                next_place = at[own + 1]
                without_bit, with_bit = (
                    below(low_node) << (at[level[low_node]] - next_place),
                    below(high_node) << (at[level[high_node]] - next_place),
                )
                total = cache[node] = without_bit + with_bit * ((1 << (next_place - at[own])) - 1)
            return total

        return below(a) << at[level[a]]

    def fewest(self, a: int, names: list[int]) -> int | None:
        """Return the mask of a set with the fewest bits, of those the least; None of the empty set.

        Args:
            names: What a level's bit is called in the mask returned: a mask of one bit for every level.
        """
        if a == EMPTY:
            return None
        cache: dict[int, tuple[int, int]] = {ALL: (0, 0)}

        def best(node: int) -> tuple[int, int]:
            smallest = cache.get(node)
            if smallest is None:
                low_node, high_node = self.low[node], self.high[node]
                if high_node != EMPTY:
                    bits, mask = best(high_node)
                    smallest = bits + 1, mask | names[self.level[node]]
                if low_node != EMPTY:
                    without_bit = best(low_node)
                    smallest = without_bit if smallest is None or without_bit < smallest else smallest
                assert smallest is not None
                cache[node] = smallest
            return smallest

        return best(a)[1]


def _no_tick() -> None:
    pass


class MoveEffect:
    """What one kind of move does to whole sets: ``mask -> mask | gain`` where it can be made.

    Args:
        diagrams: Where the sets are.
        requires: Bits that must be held.
        sets: Bits held afterwards.
        forbids: Bits that must not be held.
    """

    def __init__(self, diagrams: Diagrams, requires: int, sets: int, forbids: int) -> None:
        self._diagrams = diagrams
        self._need, self._gain, self._bar = requires, sets, forbids
        self._levels = [*bit_places(requires | sets | forbids), diagrams.width]
        self._image_cache: dict[int, int] = {}
        self._origin_cache: dict[int, int] = {}

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
        key = a << NODE_BITS | place
        image = self._image_cache.get(key)
        if image is None:
            diagrams = self._diagrams
            level = diagrams.level[a]
            if level < own:
                image = diagrams.node(level, self._image(diagrams.low[a], place), self._image(diagrams.high[a], place))
            else:
                low, high = (diagrams.low[a], diagrams.high[a]) if level == own else (a, a)
                if self._need >> own & 1:
                    rest = high
                elif self._bar >> own & 1:
                    rest = low
                else:
                    rest = diagrams.union(low, high)
                rest = self._image(rest, place + 1)
                bit_is_set = (self._need | self._gain) >> own & 1
                image = diagrams.node(own, EMPTY, rest) if bit_is_set else diagrams.node(own, rest, EMPTY)
            self._image_cache[key] = image
        return image

    def _origin(self, a: int, place: int) -> int:
        own = self._levels[place]
        if a == EMPTY or own == self._diagrams.width:
            return a
        key = a << NODE_BITS | place
        origin = self._origin_cache.get(key)
        if origin is None:
            diagrams = self._diagrams
            level = diagrams.level[a]
            if level < own:
                low, high = self._origin(diagrams.low[a], place), self._origin(diagrams.high[a], place)
                origin = diagrams.node(level, low, high)
            else:
                low, high = (diagrams.low[a], diagrams.high[a]) if level == own else (a, a)
                bit_is_set = (self._need | self._gain) >> own & 1
                rest = self._origin(high if bit_is_set else low, place + 1)
                if self._need >> own & 1:
                    origin = diagrams.node(own, EMPTY, rest)
                elif self._bar >> own & 1:
                    origin = diagrams.node(own, rest, EMPTY)
                else:
                    origin = rest
            self._origin_cache[key] = origin
        return origin


class _SharedRecursionLimit:
    """The interpreter's recursion limit, which holds for all threads: raised while any of them needs it."""

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._user_count = 0
        self._limit_before = 0

    def acquire(self, depth: int) -> None:
        """Let calls go so deep until it is released."""
        with self._lock:
            if self._user_count == 0:
                self._limit_before = sys.getrecursionlimit()
            self._user_count += 1
            if depth > sys.getrecursionlimit():
                sys.setrecursionlimit(depth)

    def release(self) -> None:
        """Need it no longer; the last one to do so restores the limit."""
        with self._lock:
            self._user_count -= 1
            if self._user_count == 0 and sys.getrecursionlimit() != self._limit_before:
                sys.setrecursionlimit(self._limit_before)


_shared_limit = _SharedRecursionLimit()


@contextmanager
def recursion_limit_for(width: int) -> Iterator[None]:
    """Let operations, which call themselves once a bit, go deep enough for so many bits."""
    _shared_limit.acquire(4 * width + 1000)
    try:
        yield
    finally:
        _shared_limit.release()
