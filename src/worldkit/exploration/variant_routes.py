"""Shortest runs in a system in which some moves are changed or removed, without building that system.

A property forbids moves, or gives them a bit that records what has happened. Most runs that break one are found near
the goal. So moves are changed only where the search arrives, and the lower bounds of the unchanged system come first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from worldkit.exploration.moves import SearchMove
from worldkit.exploration.regression import EffortSpent, Goal, search_backwards
from worldkit.exploration.routes import NO_RUN, Pathfinder, Route
from worldkit.exploration.step_bounds import Bound, bounds_with_mark

QUICK_EFFORT = 300
"""How many nodes a search may look at before the bounds of the changed system are computed."""

Row = TypeVar("Row")


class LazyRows(Sequence[Row], Generic[Row]):
    """Rows that are made when they are first asked for.

    Args:
        count: How many rows there are.
        make: Makes a row from its number.
    """

    def __init__(self, count: int, make: Callable[[int], Row]) -> None:
        self._rows: list[Row | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: Any) -> Any:
        row = self._rows[number]
        if row is None:
            row = self._rows[number] = self._make(number)
        return row


@dataclass(frozen=True, eq=False, kw_only=True)
class VariantPathfinder(Pathfinder):
    """A search for runs in which each move of another system becomes some variants of it, or none.

    Attributes:
        base: The search in the unchanged system; ``system`` is the same but for what is held at the start.
        variants: The variants of each move: each leads to the same state and requires at least the same flags.
        mark: A bit that only variants set, and that is never lost; 0 when there is none.
        marked_from: The steps until the mark is set on arrival in a state at the earliest, where it can be.
    """

    base: Pathfinder
    variants: Callable[[SearchMove], Iterable[SearchMove]]
    mark: int = 0
    marked_from: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def out(self) -> Sequence[Sequence[SearchMove]]:
        """What can be done in each state."""
        base, variants = self.base.moves_of, self.variants
        return LazyRows(len(base), lambda state: [variant for move in base[state] for variant in variants(move)])

    @cached_property
    def into(self) -> Sequence[Sequence[tuple[int, SearchMove]]]:
        """The moves that lead to each state from another one or that gain something, with where they are made."""
        base, variants, start_mask = self.base.all_into, self.variants, self.system.mask
        return LazyRows(
            len(base),
            lambda target: [
                (state, variant)
                for state, move in base[target]
                for variant in variants(move)
                if (target != state or variant.sets) and not variant.forbids & start_mask
            ],
        )

    def route(self, goals: Sequence[Goal], within: int | None = None) -> Route:
        """Return what ``Pathfinder.route`` does; the bounds of the unchanged system are tried first."""
        system, bound = self.system, self._quick_bound
        outside = self._outside(within)
        effort = min(QUICK_EFFORT, self.effort)
        try:
            labels = search_backwards(self.into, system.mask, goals, bound, None, outside, effort)
        except EffortSpent:
            return super().route(goals, within)
        return NO_RUN if labels is None else Route(labels)

    @cached_property
    def _quick_bound(self) -> Bound:
        if not self.mark:
            return self.base.earliest
        return bounds_with_mark(self.base.moves_of, self.base.earliest, self.marked_from, self.mark)
