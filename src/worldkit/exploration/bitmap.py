"""Explicit search compiled by numba: one bit for every group and mask, gone through once up and once down.

Masks only grow along a run, and so do the numbers they are. So one sweep over the masks in ascending order
finds every position, and one in descending order those from which an ending can be reached; what leads to
the same mask again is settled within the mask.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra
from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.quotient import Guard, QuotientSystem

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

MAX_WIDTH = 40
"""Masks of more bits are not tried, whatever the memory."""

CALL_SECONDS = 0.05
"""Seconds one call of compiled code should take, so that it can be stopped."""

ESTIMATE_AFTER = 1.0
"""After so many seconds it is estimated how long all will take."""

MAX_OVERRUN = 1.5
"""Given up when that is so many times what is left: the first masks are seldom the slow ones."""

COMPILE_SECONDS = 5.0
"""Seconds the first use may take to compile; with less time left it is not begun."""


def require_numba() -> None:
    """Make sure that numba is there.

    Raises:
        MissingExtra: It is not.
    """
    if find_spec("numba") is None:
        raise MissingExtra("the bitmap engine", "fast", "numba")


def reason_unfit(world: QuotientSystem, memory: int) -> str | None:
    """Return why a world cannot be searched in so many bytes, or None when it can."""
    if find_spec("numba") is None:
        return "numba is not installed (pip install 'smworldkit[fast]')"
    width, groups = world.system.width, len(world.members)
    if width > MAX_WIDTH or 2 * _row(groups) << width > memory:
        return f"2^{width} masks of {groups:,} groups of states do not fit {memory:,} bytes"
    return None


class BitmapSets:
    """The masks of every group as two bitmaps, and what was noted while they were made.

    Args:
        world: The quotient system.
        found: The bitmap of what is reached: a row of bytes for every mask, a bit for every group.
        won: The bitmap of those of them from which an ending can be reached.
        notes: For every group: masks, lost masks, the least lost one, the least idle one; -1 for none.
        fired: The guards, by group, that hold with some mask.
    """

    def __init__(
        self, world: QuotientSystem, reached: Array, won: Array, notes: Array, fired: frozenset[tuple[int, int, int]]
    ) -> None:
        self._row = _row(len(world.members))
        self._reached = reached
        self._won = won
        self._notes = notes
        self._fired = fired

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return self._bit(self._reached, group, mask)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return self.has(group, mask) and not self._bit(self._won, group, mask)

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return int(self._notes[0, group])

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return int(self._notes[1, group])

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return self._noted(2, group)

    def fewest_idle(self, group: int, guards: list[Guard]) -> int | None:
        """Return the least mask with which a group is reached and nothing can be done."""
        return self._noted(3, group)

    def is_idle(self, group: int, guards: list[Guard]) -> bool:
        """Say whether a group is reached with a mask with which nothing can be done."""
        return self._noted(3, group) is not None

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``requires`` and nothing of ``forbids``."""
        return (group, requires, forbids) in self._fired

    def _noted(self, kind: int, group: int) -> int | None:
        mask = int(self._notes[kind, group])
        return None if mask < 0 else mask

    def _bit(self, bitmap: Array, group: int, mask: int) -> bool:
        return bool(bitmap[mask * self._row + (group >> 3)] >> (group & 7) & 1)


def solve(world: QuotientSystem, meter: Meter) -> BitmapSets:
    """Return the masks every group is reached with, and those of them it can be won with.

    Args:
        world: The quotient system; it fits.
        meter: The clock.

    Raises:
        Spent: The time is up.
    """
    import numpy as np

    if meter.remaining() < COMPILE_SECONDS and not _compile_sweeps.cache_info().currsize:
        raise BudgetSpent("too little time is left to compile it")
    up, down = _compile_sweeps()
    groups = len(world.members)
    row, masks = _row(groups), 1 << world.system.width
    reached = np.zeros(masks * row, np.uint8)
    won = np.zeros(masks * row, np.uint8)
    edges = _table(world.edges)
    keys = [list(guards) for guards in world.labels]
    guards = _table([[(0, requires, 0, forbids) for requires, forbids in guards_here] for guards_here in keys])
    quiet = _table(
        [
            [(0, requires, unless_all, forbids) for requires, forbids, unless_all in world.quiet.get(group, ())]
            for group in range(groups)
        ]
    )
    kind = np.zeros(groups, np.int8)
    kind[list(world.endings)] = 1
    kind[list(world.quiet)] = 2
    guard_fired = np.zeros(len(guards[1]), np.bool_)
    stack = np.zeros(groups, np.int64)
    notes = np.full((4, groups), -1, np.int64)
    notes[:2] = 0
    reached[world.system.mask * row + (world.start >> 3)] = 1 << (world.start & 7)

    def upward(begin: int, end: int) -> None:
        up(begin, end, row, reached, *edges, *guards, guard_fired, stack)

    def downward(begin: int, end: int) -> None:
        down(masks - end, masks - begin, row, reached, won, *edges, *quiet, kind, notes)

    for sweep in (upward, downward):
        sweep(0, 0)  # compiles it, so that the time of the first masks says something
        meter.tick(0.0)
    _sweep(masks, meter, 0.0, upward)
    _sweep(masks, meter, 0.5, downward)
    names = [(group, requires, forbids) for group, guards_here in enumerate(keys) for requires, forbids in guards_here]
    fired = frozenset(name for name, is_fired in zip(names, guard_fired.tolist(), strict=True) if is_fired)
    return BitmapSets(world, reached, won, notes, fired)


def _row(groups: int) -> int:
    return -(-groups // 8)


def _table(rows: Any) -> tuple[Array, Array]:
    """Return where every row begins, and the rows one after another: of each item target, need, gain and bar."""
    import numpy as np

    first = np.zeros(len(rows) + 1, np.int64)
    first[1:] = np.cumsum([len(row) for row in rows])
    items = np.array([item for row in rows for item in row], np.int64).reshape(-1, 4)
    return first, items


def _sweep(masks: int, meter: Meter, progress: float, call: Callable[[int, int], object]) -> None:
    """Call compiled code for one piece of the masks after another."""
    at, size, spent = 0, 1024, 0.0
    while at < masks:
        started = time.perf_counter()
        end = min(masks, at + size)
        call(at, end)
        at = end
        call_seconds = time.perf_counter() - started
        spent += call_seconds
        whole = spent / at * masks
        more = whole - spent + (whole if not progress else 0.0)
        if spent > ESTIMATE_AFTER and more > MAX_OVERRUN * meter.remaining():
            raise BudgetSpent(f"it would take about {more:,.0f} seconds more")
        size = (
            size * 2
            if call_seconds < CALL_SECONDS / 2
            else max(1, size // 2)
            if call_seconds > 2 * CALL_SECONDS
            else size
        )
        meter.tick(progress + 0.5 * at / masks)


@cache
def _compile_sweeps() -> tuple[Any, Any]:
    from numba import njit

    return njit(_sweep_up, nogil=True), njit(_sweep_down, nogil=True)


def _sweep_up(
    begin: int,
    end: int,
    row: int,
    reached: Array,
    first: Array,
    edges: Array,
    guards_first: Array,
    guards: Array,
    guard_fired: Array,
    stack: Array,
) -> None:
    """Sweep masks in ascending order: set the bit of everything that is reached from what is set."""
    for mask in range(begin, end):
        top = 0
        for byte in range(row):
            bits = int(reached[mask * row + byte])
            for bit in range(8):
                if bits >> bit & 1:
                    stack[top] = byte * 8 + bit
                    top += 1
        while top:
            top -= 1
            group = stack[top]
            for i in range(guards_first[group], guards_first[group + 1]):
                if not guard_fired[i] and mask & guards[i, 1] == guards[i, 1] and not mask & guards[i, 3]:
                    guard_fired[i] = True
            for i in range(first[group], first[group + 1]):
                if mask & edges[i, 1] == edges[i, 1] and not mask & edges[i, 3]:
                    after = mask | edges[i, 2]
                    target = edges[i, 0]
                    place = after * row + (target >> 3)
                    bit_mask = 1 << (target & 7)
                    if not reached[place] & bit_mask:
                        reached[place] |= bit_mask
                        if after == mask:
                            stack[top] = target
                            top += 1


def _sweep_down(
    begin: int,
    end: int,
    row: int,
    reached: Array,
    won: Array,
    first: Array,
    edges: Array,
    quiet_first: Array,
    quiet: Array,
    kind: Array,
    notes: Array,
) -> None:
    """Sweep masks in descending order: set the bit of all from which an ending can be reached, and count the rest."""
    for mask in range(end - 1, begin - 1, -1):
        changed = True
        while changed:
            changed = False
            for byte in range(row):
                bits = int(reached[mask * row + byte]) & ~int(won[mask * row + byte])
                for bit in range(8):
                    if not bits >> bit & 1:
                        continue
                    group = byte * 8 + bit
                    wins = kind[group] == 1
                    for i in range(first[group], first[group + 1]):
                        if wins:
                            break
                        if mask & edges[i, 1] == edges[i, 1] and not mask & edges[i, 3]:
                            target = edges[i, 0]
                            wins = won[(mask | edges[i, 2]) * row + (target >> 3)] >> (target & 7) & 1 == 1
                    if wins:
                        won[mask * row + byte] |= 1 << bit
                        changed = True
        for byte in range(row):
            bits = int(reached[mask * row + byte])
            for bit in range(8):
                if not bits >> bit & 1:
                    continue
                group = byte * 8 + bit
                notes[0, group] += 1
                lost = not won[mask * row + byte] >> bit & 1
                if lost:
                    notes[1, group] += 1
                idle = kind[group] == 2
                for i in range(quiet_first[group], quiet_first[group + 1]):
                    lacks = quiet[i, 2] == 0 or mask & quiet[i, 2] != quiet[i, 2]
                    if mask & quiet[i, 1] == quiet[i, 1] and not mask & quiet[i, 3] and lacks:
                        idle = False
                if lost or idle:
                    size = 0
                    rest = mask
                    while rest:
                        rest &= rest - 1
                        size += 1
                    for which in range(2, 4):
                        if lost if which == 2 else idle:
                            # the sweep descends: of two masks of one size the later is the less
                            best = notes[which, group]
                            best_size = 0
                            rest = best
                            while rest > 0:
                                rest &= rest - 1
                                best_size += 1
                            if best < 0 or size <= best_size:
                                notes[which, group] = mask
