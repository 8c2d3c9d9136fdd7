"""Must and may: the least masks from which an ending can still be reached, the greatest that can be held together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from worldkit.exploration.antichain import RankOrder, Ranks, exceeds
from worldkit.exploration.budget import BudgetSpent, StepMeter
from worldkit.exploration.quotient import QuotientSystem, quotient_of
from worldkit.exploration.transition_system import TransitionSystem

MAX_WORK = 40_000_000
"""How many small steps an antichain may take before it is given up, about five seconds. A number and no time, so that a
busy machine says the same."""


@dataclass(frozen=True, eq=False)
class MustMayBounds:
    """The antichains of a system, computed when they are asked for.

    A rank is a mask with the bits of one-shots turned over: set while the one-shot is unused.
    """

    system: TransitionSystem

    def least(self, state: int) -> list[int]:
        """Return the least ranks with which an ending can be reached from a state.

        Raises:
            BudgetSpent: There are too many to compute, or they cannot be known.
        """
        group = self._world.group[state]
        if group >= 0:
            return self._least[group]
        alone = quotient_of(replace(self.system, start=state))  # no way leads there: look from there itself
        return _order_of(alone).minimal_ranks(StepMeter("antichain", MAX_WORK))[alone.group[state]]

    def most(self, state: int) -> list[int]:
        """Return the greatest masks with which a state is reached.

        Raises:
            BudgetSpent: There are too many to compute, or they cannot be known.
        """
        group = self._world.group[state]
        if group < 0:
            return []
        tops = self._most
        if isinstance(tops, str):
            raise BudgetSpent(tops)
        return [rank ^ self._order.one_shot_bits for rank in tops[group]]

    def flags(self, state: int) -> list[int]:
        """Return the smallest sets of flags among ``least``, as masks without one-shots, fewest flags first.

        Raises:
            BudgetSpent: There are too many to compute, or they cannot be known.
        """
        all_flags = (1 << len(self.system.flags)) - 1
        return minimal_masks(rank & all_flags for rank in self.least(state))

    def stuck(self, state: int, mask: int) -> bool:
        """Say whether no ending can be reached from a position.

        Raises:
            BudgetSpent: The antichain was too long to compute, or cannot be known.
        """
        rank = mask ^ self._order.one_shot_bits
        return not exceeds(rank, self.least(state))

    @cached_property
    def _world(self) -> QuotientSystem:
        return quotient_of(self.system)

    @cached_property
    def _order(self) -> RankOrder:
        return _order_of(self._world)

    @cached_property
    def _least(self) -> Ranks:
        return self._order.minimal_ranks(StepMeter("antichain", MAX_WORK))

    @cached_property
    def _most(self) -> Ranks | str:
        """The greatest ranks, or why they are not known: they are not computed in vain for every state."""
        try:
            return self._order.maximal_ranks(StepMeter("antichain", MAX_WORK))
        except BudgetSpent as error:
            return str(error)


def _order_of(world: QuotientSystem) -> RankOrder:
    """Return the order of the masks of a world in which every move is known."""
    if world.system.omitted_events:
        raise BudgetSpent(
            f"of several events named {world.system.omitted_names} in one state some fire by time, waypoint or zone "
            "alone, or cannot be told apart; give each a name of its own"
        )
    return RankOrder(world)


def minimal_masks(masks: Iterable[int]) -> list[int]:
    """Return the masks that include no other one, fewest bits first."""
    minimal: list[int] = []
    for mask in sorted(set(masks), key=lambda mask: (mask.bit_count(), mask)):
        if not any(mask & smaller == smaller for smaller in minimal):
            minimal.append(mask)
    return minimal
