"""Soft-locks and dead ends: where no ending can be reached any more, and the step after which that is so."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.json_values import Json
from worldkit.exploration.budget import BudgetSpent
from worldkit.exploration.must_may import minimal_masks
from worldkit.exploration.quotient import repeatable_one_shots
from worldkit.playing.position import Position
from worldkit.playing.trace import Trace

if TYPE_CHECKING:
    from worldkit.exploration.analysis import Analysis


@shown_briefly
@checked_methods
@dataclass(frozen=True, eq=False)
class SoftLock:
    """A state in which a run can be stuck: play goes on, but no ending can be reached any more.

    Attributes:
        state: The state.
        flags: The flags held in the soft-locked position of this state that has the fewest.

    Example:
        >>> wk.explore(wk.samples.load("broken")).soft_locks[0]
        SoftLock(state='hall', flags=frozenset())
    """

    state: str
    flags: frozenset[str]
    _analysis: Analysis = field(repr=False)
    _mask: int = field(repr=False)

    @cached_property
    def route(self) -> Trace | None:
        """A shortest run into that very position, played before it is shown; None when none was found in time.

        Example:
            >>> trap = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> [lock] = wk.explore(trap).soft_locks
            >>> lock.route.events
            ('walk_up_the_lane',)
        """
        return self._analysis.trace_into(self.state, self._mask)

    @cached_property
    def cause_index(self) -> int | None:
        """The index of the route's step that is the cause; None if the start is stuck already or no route is known."""
        return None if self.route is None else find_cause(self._analysis, self.route)

    @property
    def cause(self) -> str | None:
        """The name of the event after which no ending can be reached; None when the run is stuck from the start.

        Example:
            >>> trap = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> [lock] = wk.explore(trap).soft_locks
            >>> lock.cause
            'walk_up_the_lane'
        """
        return None if self.cause_index is None or self.route is None else self.route[self.cause_index].event

    @cached_property
    def before(self) -> Position | None:
        """The point of no return: the position before the cause, from which an ending can still be reached.

        Example:
            >>> trap = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> [lock] = wk.explore(trap).soft_locks
            >>> lock.before
            Position('lane')
        """
        if self.cause_index is None or self.route is None:
            return None
        return self._analysis.session_after(self.route.events[: self.cause_index]).position

    @cached_property
    def missing(self) -> list[frozenset[str]]:
        """The smallest sets of flags with which an ending could be reached after the cause; empty when none helps.

        Example:
            >>> trap = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> [lock] = wk.explore(trap).soft_locks
            >>> lock.missing
            [frozenset({'mitten'})]
        """
        if self.cause_index is None or self.route is None:
            return []
        analysis, system = self._analysis, self._analysis.system
        held_flags = analysis.session_after(self.route.events[: self.cause_index + 1]).flags
        mask, obtainable = system.mask_of(held_flags), system.mask_of(analysis.holdable_flags)
        assert mask is not None and obtainable is not None
        try:
            needs = analysis.must_may.flags(system.index[self.route[self.cause_index].state])
        except BudgetSpent:
            return []
        missing_masks = minimal_masks(requires & ~mask for requires in needs if not requires & ~obtainable)
        return [system.flags_of(requires) for requires in missing_masks if requires]

    def to_dict(self) -> Json:
        """Return it as JSON values, with the names its route fires."""
        return {
            "state": self.state,
            "flags": sorted(self.flags),
            "cause": self.cause,
            "before": self.before and self.before.to_dict(),
            "route": None if self.route is None else list(self.route.events),
        }


@shown_briefly
@checked_methods
@dataclass(frozen=True, eq=False)
class DeadEnd:
    """A state in which nothing at all may be left to do, though the run is not over.

    Attributes:
        state: The state.
        flags: The flags held in the position of this kind that has the fewest.

    Example:
        >>> wk.explore(wk.samples.load("broken")).dead_ends[0]
        DeadEnd(state='negation', flags=frozenset())
    """

    state: str
    flags: frozenset[str]
    _analysis: Analysis = field(repr=False)
    _mask: int = field(repr=False)

    @cached_property
    def route(self) -> Trace | None:
        """A shortest run into that very position, played before it is shown; None when none was found in time.

        One-shots that stay there and change nothing any more are fired too, for they are something to do.
        """
        analysis = self._analysis
        into = analysis.trace_into(self.state, self._mask)
        if into is None:
            return None
        session = analysis.session_after(into.events)
        for label in repeatable_one_shots(analysis.system, analysis.index_of(self.state), self._mask):
            name = analysis.system.name(label)
            if name not in session.used:
                session.fire(name)
        return session.trace

    def to_dict(self) -> Json:
        """Return it as JSON values, with the names its route fires."""
        return {
            "state": self.state,
            "flags": sorted(self.flags),
            "route": None if self.route is None else list(self.route.events),
        }


def find_cause(analysis: Analysis, route: Trace) -> int | None:
    """Return which step of a run into a soft-lock is the first to land where no ending can be reached.

    Args:
        analysis: What lies behind the exploration.

    Returns:
        The step's index, or None: the run began where none can be reached.
    """
    session = analysis.session_after(())
    if analysis.is_stuck(session.position):
        return None
    for number, event in enumerate(route.events):
        session.fire(event)
        if analysis.is_stuck(session.position):
            return number
    raise RuntimeError("a run into a soft-lock never gets stuck: the answer and the route disagree")
