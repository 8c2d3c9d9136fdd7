"""Explicit search compiled by numba: the same as ``explicit_search`` and many times as fast, for masks of 63 bits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import MissingExtra
from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.mask_sets import INTEGER_BITS, Counts, weighted_counts
from worldkit.exploration.quotient import QuotientGuard, QuotientSystem

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

PAIRS_PER_CALL = 50_000
"""One call of compiled code goes through so many groups of masks: about 5 ms."""

KERNELS_MODULE = "worldkit.exploration.compiled_kernels"


def require_numba() -> None:
    """Make sure that numba is there.

    Raises:
        MissingExtra: It is not.
    """
    if find_spec("numba") is None:
        raise MissingExtra("the compiled engine", "fast", "numba")


def reason_unfit(world: QuotientSystem) -> str | None:
    """Return why a world cannot be searched, or None when it can."""
    if find_spec("numba") is None:
        return "numba is not installed (pip install 'smworldkit[fast]')"
    if world.system.width > INTEGER_BITS:
        return f"{world.system.width} bits do not fit one integer"
    return None


def is_loaded() -> bool:
    """Say whether compiled code could run at once."""
    return KERNELS_MODULE in sys.modules


def seconds_to_load() -> float:
    """Return about how much processor time passes before compiled code runs: next to none once it ran.

    Importing numba takes half a second; compiling, which is done once and kept in a file, some seconds.
    """
    if is_loaded():
        return 0.0
    is_compiled = any(Path(__file__).parent.glob("__pycache__/compiled_kernels.backwards-*.nbi"))
    return 0.6 if is_compiled else 8.0


class CompiledSets:
    """The masks every group is reached with, as compiled code leaves them.

    Args:
        world: The quotient system.
        masks: Every mask, by its number.
        reached_groups: For every mask the groups it is reached in, as rows of words of 63 bits.
        winning_groups: Those of them from which an ending can be reached.
        notes: For every group: masks, lost masks, the least lost one, the least idle one; -1 for none.
        fired_guards: The guards, by group, that hold with some mask.
    """

    def __init__(
        self,
        world: QuotientSystem,
        masks: Array,
        reached_groups: Array,
        winning_groups: Array,
        notes: Array,
        fired_guards: frozenset[tuple[int, int, int]],
    ) -> None:
        self._labels = world.labels
        self._masks = masks
        self._reached_sets = reached_groups
        self._winning_sets = winning_groups
        self._notes = notes
        self._fired_guards = fired_guards

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return int(self._masks.nbytes + self._reached_sets.nbytes + self._winning_sets.nbytes)

    def has(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask."""
        return self._bit(self._reached_sets, group, mask)

    def is_lost(self, group: int, mask: int) -> bool:
        """Say whether a group is reached with a mask, and no ending from there."""
        return self.has(group, mask) and not self._bit(self._winning_sets, group, mask)

    def count(self, group: int) -> int:
        """Return with how many masks a group is reached."""
        return int(self._notes[0, group])

    def count_lost(self, group: int) -> int:
        """Return with how many masks a group is reached from which no ending is."""
        return int(self._notes[1, group])

    def counts(self, shares: Mapping[int, int]) -> tuple[Counts, Counts]:
        """Return what counts as ``count`` and ``count_lost`` do, where some bits stand for several.

        Args:
            shares: How many bits each stands for, one of which at least is held where it is held; 1 when not given.
        """
        if all(share == 1 for share in shares.values()):
            return self.count, self.count_lost
        width = len(self._labels)
        return (
            weighted_counts(self._rows(self._reached_sets), shares, width),
            weighted_counts(self._rows(self._reached_sets & ~self._winning_sets), shares, width),
        )

    def _rows(self, rows: Array) -> Iterator[tuple[int, int]]:
        """Yield the masks, and their groups as the bits of one integer."""
        for mask, words in zip(self._masks.tolist(), rows.tolist(), strict=True):
            yield mask, sum(word << INTEGER_BITS * place for place, word in enumerate(words))

    def fewest_lost(self, group: int) -> int | None:
        """Return the least mask with which a group is reached and no ending from there."""
        return self._note(2, group)

    def fewest_idle(self, group: int, guards: list[QuotientGuard]) -> int | None:
        """Return the least mask with which a group is reached and nothing can be done."""
        return self._note(3, group)

    def is_idle(self, group: int, guards: list[QuotientGuard]) -> bool:
        """Say whether a group is reached with a mask with which nothing can be done."""
        return self._note(3, group) is not None

    def fires(self, group: int, requires: int, forbids: int) -> bool:
        """Say whether a group is reached with a mask that holds all of ``requires`` and nothing of ``forbids``."""
        if (requires, forbids) in self._labels[group]:
            return (group, requires, forbids) in self._fired_guards
        word, bit = divmod(group, INTEGER_BITS)
        masks = self._masks[(self._reached_sets[:, word] >> bit & 1).astype(bool)]
        return bool(((masks & requires == requires) & (masks & forbids == 0)).any())

    def _note(self, kind: int, group: int) -> int | None:
        mask = int(self._notes[kind, group])
        return None if mask < 0 else mask

    @cached_property
    def _order(self) -> Array:
        return self._masks.argsort()

    def _bit(self, rows: Array, group: int, mask: int) -> bool:
        if mask.bit_length() > INTEGER_BITS:
            return False
        place = int(self._masks.searchsorted(mask, sorter=self._order))
        if place == len(self._masks) or int(self._masks[self._order[place]]) != mask:
            return False
        word, bit = divmod(group, INTEGER_BITS)
        return bool(int(rows[self._order[place], word]) >> bit & 1)


def solve(world: QuotientSystem, memory: int, meter: Meter) -> Generator[None, None, CompiledSets]:
    """Yield now and then, and return the masks every group is reached with and those it can be won with.

    Args:
        world: The quotient system; it fits.
        memory: Most bytes for them.

    Raises:
        BudgetSpent: The time is up, or the memory.
    """
    import numpy as np

    from worldkit.exploration import compiled_kernels as kernels

    groups, bits = len(world.members), INTEGER_BITS
    words = -(-groups // bits)
    effects: dict[int, int] = {}
    for edges_here in world.edges:
        for _, _, sets, _ in edges_here:
            effects.setdefault(sets, len(effects))
    first_edge, edges = _table(
        [
            [
                (t, requires, sets, forbids, t // bits, 1 << t % bits, effects[sets])
                for t, requires, sets, forbids in row
            ]
            for row in world.edges
        ],
        7,
    )
    guard_names = [
        (group, requires, forbids) for group, guards in enumerate(world.labels) for requires, forbids in guards
    ]
    guard_first, guard_rows = _table(
        [[(requires, forbids, 0) for requires, forbids in guards] for guards in world.labels], 3
    )
    guard_rows[:, 2] = np.arange(len(guard_rows))
    open_guards = np.stack([guard_first[:-1], guard_first[1:]], axis=1)
    quiet_first, quiet = _table([world.quiet_groups.get(group, ()) for group in range(groups)], 3)
    is_quiet = np.zeros(groups, np.bool_)
    is_quiet[list(world.quiet_groups)] = True
    endings = np.zeros(words, np.int64)
    for group in world.endings:
        endings[group // bits] |= 1 << group % bits
    stamps, slots = np.full(len(effects) + 1, -1, np.int64), np.zeros(len(effects) + 1, np.int64)
    waiting_groups, visited_groups = np.zeros(words, np.int64), np.zeros(words, np.int64)
    info = np.zeros(5, np.int64)
    heads = np.full(world.system.width + 1, -1, np.int64)
    store = _Store(words, memory, 1 << 12, len(stamps))
    store.masks[0] = world.system.mask
    store.reached_sets[world.start // bits] = 1 << world.start % bits
    info[kernels.COUNT], info[kernels.LAYER] = 1, world.system.mask.bit_count()
    heads[info[kernels.LAYER]] = 0
    kernels.rehash(1, store.masks, store.table)
    while info[kernels.STATUS] != kernels.DONE:
        kernels.forwards(
            PAIRS_PER_CALL,
            info,
            store.masks,
            store.reached_sets,
            store.after,
            heads,
            store.table,
            first_edge,
            edges,
            open_guards,
            guard_rows,
            waiting_groups,
            visited_groups,
            stamps,
            slots,
        )
        if info[kernels.STATUS] == kernels.FULL:
            store.grow(int(info[kernels.COUNT]))
            kernels.rehash(info[kernels.COUNT], store.masks, store.table)
        meter.tick(0.5 * int(info[kernels.LAYER]) / len(heads))
        yield
    count = int(info[kernels.COUNT])
    winning_groups = np.zeros(count * words, np.int64)
    notes = np.full((4, groups), -1, np.int64)
    notes[:2] = 0
    stamps[:] = -1
    info[kernels.STATUS] = kernels.RUNNING
    while info[kernels.STATUS] != kernels.DONE:
        kernels.backwards(
            PAIRS_PER_CALL,
            info,
            store.masks,
            store.reached_sets,
            store.after,
            heads,
            store.table,
            winning_groups,
            first_edge,
            edges,
            quiet_first,
            quiet,
            is_quiet,
            endings,
            stamps,
            slots,
            notes,
        )
        meter.tick(1.0 - 0.5 * max(0, int(info[kernels.LAYER])) / len(heads))
        yield
    fired_guards = frozenset(_fired_guards(guard_names, guard_rows, open_guards, guard_first))
    rows = store.reached_sets[: count * words].reshape(count, words).copy()
    return CompiledSets(
        world, store.masks[:count].copy(), rows, winning_groups.reshape(count, words), notes, fired_guards
    )


def _fired_guards(
    names: list[tuple[int, int, int]], guards: Array, open_guards: Array, first_guard: Array
) -> Iterator[tuple[int, int, int]]:
    """Yield the guards that held once: they stand after those that are still open."""
    for group, (_, end) in enumerate(open_guards.tolist()):
        for number in guards[end : first_guard[group + 1], 2].tolist():
            yield names[number]


def _table(rows: Any, columns: int) -> tuple[Array, Array]:
    """Return where every row of items begins, and the items one after another."""
    import numpy as np

    first = np.zeros(len(rows) + 1, np.int64)
    first[1:] = np.cumsum([len(row) for row in rows])
    return first, np.array([item for row in rows for item in row], np.int64).reshape(-1, columns)


class _Store:
    """The arrays that grow with the number of masks.

    Args:
        words: Words of a mask's row.
        memory: Most bytes for all of it, the rows of ``won`` included.
        size: Masks there is room for at first.
        free_rows: So much room must be left for the successors of one mask.
    """

    def __init__(self, words: int, memory: int, size: int, free_rows: int) -> None:
        import numpy as np

        self._words = words
        self._memory = memory
        while size < 2 * free_rows:
            size *= 2
        self.masks = np.zeros(size, np.int64)
        self.reached_sets = np.zeros(size * words, np.int64)
        self.after = np.full(size, -1, np.int64)
        self.table = np.full(2 * size, -1, np.int64)

    def grow(self, count: int) -> None:
        """Make room for twice as many masks; the hash table is empty then.

        Raises:
            BudgetSpent: The memory is.
        """
        import numpy as np

        size = 2 * len(self.masks)
        if size * (32 + 16 * self._words) > self._memory:
            raise BudgetSpent(f"more than {count:,} flag sets do not fit {self._memory:,} bytes")
        for name in ("masks", "reached_sets", "after"):
            old_array = getattr(self, name)
            new_array = np.zeros(2 * len(old_array), np.int64)
            new_array[: len(old_array)] = old_array
            setattr(self, name, new_array)
        self.table = np.full(2 * size, -1, np.int64)
