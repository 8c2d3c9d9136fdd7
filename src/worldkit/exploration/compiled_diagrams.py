"""Sets of masks as decision diagrams of ``oxidd``, a library in Rust: the same as ``bdd``, faster where they are large.

An operation cannot be interrupted; how many nodes there may be bounds what one takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from typing import Any

from worldkit.core.errors import MissingExtra
from worldkit.core.process_lock import ProcessLock
from worldkit.exploration.budget import BudgetSpent

Function = Any
"""A diagram of ``oxidd``: it has its own operators, and equal sets are equal."""

MAX_NODES = 1 << 22
"""Room is made for all nodes at once; with more an operation would take too long."""

BYTES_PER_NODE = 60
"""About what a node takes, with its share of what was computed before."""


def is_installed() -> bool:
    """Say whether the library is there."""
    return find_spec("oxidd") is not None


def require_oxidd() -> None:
    """Make sure that the library is there.

    Raises:
        MissingExtra: It is not.
    """
    if not is_installed():
        raise MissingExtra("compiled diagrams", "fast", "oxidd")


class CompiledDiagrams:
    """A store of decision diagrams over so many bits; what the methods do, ``Diagrams`` says.

    Args:
        width: How many bits a mask has.
        memory: Bytes they may take.
        tick: Called before every operation; what it raises is raised there.
    """

    def __init__(self, width: int, memory: int, tick: Callable[[], None]) -> None:
        from oxidd.bdd import BDDManager
        from oxidd.util import BooleanOperator

        self.width = width
        self.max_nodes = max(1 << 10, min(MAX_NODES, memory // BYTES_PER_NODE))
        self.tick = tick
        self.lock = ProcessLock()
        self._and = BooleanOperator.AND
        self._manager = BDDManager(self.max_nodes, self.max_nodes // 2, 1)
        self._manager.add_vars(width)
        self.empty: Function = self._manager.false()
        self.all: Function = self._manager.true()

    def __len__(self) -> int:
        return int(self._manager.approx_num_inner_nodes())

    def release_limits(self) -> None:
        """Lift the limits that can be lifted."""
        self.tick = lambda: None

    def cube(self, requires: int, forbids: int) -> Function:
        """Return the set of the masks that hold all of ``requires`` and nothing of ``forbids``."""
        return self._checked(lambda: self._build_cube(requires, forbids))

    def singleton(self, mask: int) -> Function:
        """Return the set of one mask."""
        return self.cube(mask, ~mask & ((1 << self.width) - 1))

    def union(self, a: Function, b: Function) -> Function:
        """Return the masks of either set."""
        return self._checked(lambda: a | b)

    def difference(self, a: Function, b: Function) -> Function:
        """Return the masks of the first set that are not in the second."""
        return self._checked(lambda: a & ~b)

    def effect(self, requires: int, sets: int, forbids: int) -> CompiledEffect:
        """Return what one kind of move does to whole sets."""
        return CompiledEffect(self, requires, sets, forbids)

    def image(self, a: Function, guard: Function, bits: Function, after: Function) -> Function:
        """Return a set within a guard, with some bits forgotten, within what holds afterwards."""
        return self._checked(lambda: a.apply_exists(self._and, guard, bits) & after)

    def meets_cube(self, a: Function, requires: int, forbids: int) -> bool:
        """Say whether a set has a mask that holds all of ``requires`` and nothing of ``forbids``."""
        cube = self.cube(requires, forbids)
        return bool(self._checked(lambda: a & cube).satisfiable())

    def has(self, a: Function, mask: int) -> bool:
        """Say whether a mask is in a set."""
        return bool(a.eval((level, bool(mask >> level & 1)) for level in range(self.width)))

    def count(self, a: Function, counts: dict[Any, int], places: Sequence[int] | None = None) -> int:
        """Return how many masks a set has; see ``Diagrams.count``."""
        at = range(self.width + 1) if places is None else places

        def below(function: Function) -> tuple[int, int]:
            """Return the masks of what is below a node's level, and the level."""
            parts = function.cofactors()
            if parts is None:
                return int(function == self.all), self.width
            own = function.node_level()
            total = counts.get(function)
            if total is None:
                next_place = at[own + 1]
                (high, high_level), (low, low_level) = map(below, parts)
                weight = (1 << (next_place - at[own])) - 1
                total = (low << (at[low_level] - next_place)) + (high << (at[high_level] - next_place)) * weight
                counts[function] = total
            return total, own

        total, level = below(a)
        return total << at[level]

    def fewest(self, a: Function, names: list[int]) -> int | None:
        """Return the mask of a set with the fewest bits, of those the least; None of the empty set."""

        @cache
        def best(function: Function) -> tuple[int, int] | None:
            parts = function.cofactors()
            if parts is None:
                return (0, 0) if function == self.all else None
            high, low = map(best, parts)
            if high is not None:
                high = high[0] + 1, high[1] | names[function.node_level()]
            return min((mask for mask in (high, low) if mask is not None), default=None)

        best_pair = best(a)
        return None if best_pair is None else best_pair[1]

    def large_mask(self, a: Function) -> int:
        """Return a mask of a set; 0 of the empty set."""
        bits = a.pick_cube() or ()
        return sum(1 << level for level, bit in enumerate(bits) if bit is not False)

    def _build_cube(self, requires: int, forbids: int) -> Function:
        function = self.all
        for level in range(self.width - 1, -1, -1):
            if requires >> level & 1:
                function = self._manager.var(level) & function
            if forbids >> level & 1:
                function = self._manager.not_var(level) & function
        return function

    def _checked(self, operation: Callable[[], Function]) -> Function:
        self.tick()
        try:
            return operation()
        except MemoryError:
            raise BudgetSpent(f"{self.max_nodes:,} nodes of compiled diagrams") from None


@dataclass(eq=False)
class CompiledEffect:
    """What one kind of move does to whole sets; what the fields are and the methods do, ``MoveEffect`` says."""

    diagrams: CompiledDiagrams
    requires: int
    sets: int
    forbids: int

    @cached_property
    def _guard_cube(self) -> Function:
        return self.diagrams.cube(self.requires, self.forbids)

    @cached_property
    def _gain_cube(self) -> Function:
        return self.diagrams.cube(self.sets, 0)

    @cached_property
    def _origin_cube(self) -> Function:
        return self.diagrams.cube(self.requires | self.sets, self.forbids & ~self.sets)

    @cached_property
    def _bits_cube(self) -> Function:
        return self.diagrams.cube(self.requires | self.sets | self.forbids, 0)

    def after(self, a: Function) -> Function:
        """Return the masks the move leads to from those of a set."""
        return self.diagrams.image(a, self._guard_cube, self._gain_cube, self._gain_cube)

    def before(self, a: Function) -> Function:
        """Return the masks from which the move can be made and leads into a set."""
        return self.diagrams.image(a, self._origin_cube, self._bits_cube, self._guard_cube)
