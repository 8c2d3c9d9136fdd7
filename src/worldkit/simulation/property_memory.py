"""What to remember of a play to tell whether it breaks a property."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from worldkit.core.errors import WorldError
from worldkit.exploration.budget import Meter
from worldkit.exploration.components import nodes_reaching
from worldkit.playing.transition_table import SequenceAction
from worldkit.properties.conditions import And, Anything, Available, Condition, Named, Not, Once, Or, Over, parts_of
from worldkit.properties.moments import states_asked_for
from worldkit.properties.names import Names
from worldkit.properties.statements import (
    Always,
    AlwaysPossible,
    AtMost,
    Before,
    LeadsTo,
    Never,
    NeverAfter,
    Possible,
    Property,
    Until,
    Within,
    conditions_of,
)
from worldkit.simulation.absorption import expected_visits
from worldkit.simulation.chain import Chain
from worldkit.simulation.sim_graph import SimGraph

BROKEN, KEPT = -1, -2
"""Phases that decide: the play has broken the property, or cannot break it any more."""

START_EDGE = -1
"""In place of an edge: the beginning of a play."""

MemoryState = tuple[int, int]
"""The phase, and every ``once`` that is true by now, as bits."""


def is_combined(statement: Property) -> bool:
    """Return whether a property is combined of others: no single play breaks it."""
    simple = (Never, Always, Possible, AlwaysPossible, Before, Until, NeverAfter, Within, LeadsTo, AtMost)
    return not isinstance(statement, simple)


@dataclass(eq=False)
class PropertyMemory:
    """Remembers of a play what decides about one property.

    Args:
        names: What names stand for.
        graph: The world.
        statement: The property; its names have their kinds.

    Raises:
        WorldError: It is a combined property: no single play breaks it.
    """

    names: Names
    graph: SimGraph
    statement: Property

    def __post_init__(self) -> None:
        if is_combined(self.statement):
            raise WorldError(f"the odds of a combined property are not computed, take its parts: {self.statement.text}")
        self._bits = {flag: 1 << i for i, flag in enumerate(self.graph.flags)}
        self._states_by_condition: dict[Condition, frozenset[int]] = {}
        conditions = conditions_of(self.statement)
        if isinstance(self.statement, AtMost):
            conditions = tuple(Once(condition) for condition in conditions)
        self._once_bits: dict[Once, int] = {}
        for condition in conditions:
            self._collect(condition)

    def _collect(self, condition: Condition) -> None:
        for part in parts_of(condition):
            self._collect(part)
        if isinstance(condition, Once) and condition not in self._once_bits:
            self._once_bits[condition] = 1 << len(self._once_bits)

    # ---- the memory of a play --------------------------------------------------------------------

    def begin(self, place: int, mask: int) -> Hashable:
        """Return the memory at the beginning."""
        return self._after(None, 0, START_EDGE, place, mask)

    def advance(self, memory: Hashable, edge: int, place: int, mask: int) -> Hashable:
        """Return the memory after a step."""
        assert isinstance(memory, tuple)
        phase, once_bits = memory
        return memory if phase in (BROKEN, KEPT) else self._after(phase, once_bits, edge, place, mask)

    def is_done(self, memory: Hashable) -> bool:
        """Say whether the property is decided."""
        return isinstance(memory, tuple) and memory[0] in (BROKEN, KEPT)

    def _after(self, phase: int | None, once_bits: int, edge: int, place: int, mask: int) -> MemoryState:
        for once_condition, bit in self._once_bits.items():
            if not once_bits & bit and self._holds(once_condition.part, once_bits, edge, place, mask):
                once_bits |= bit

        def is_true_now(condition: Condition) -> bool:
            return self._holds(condition, once_bits, edge, place, mask)

        return self._phase(phase, is_true_now), once_bits

    def _phase(self, phase: int | None, is_true_now: Callable[[Condition], bool]) -> int:
        match self.statement:
            case Never(condition, None):
                return BROKEN if is_true_now(condition) else 0
            case Never(condition, steps):
                count = 0 if phase is None else phase + 1
                return KEPT if count > (steps or 0) else BROKEN if is_true_now(condition) else count
            case Always(condition):
                return 0 if is_true_now(condition) else BROKEN
            case Possible(condition):
                return KEPT if is_true_now(condition) else 0
            case AlwaysPossible(condition):
                return 0 if is_true_now(condition) else 1
            case Before(first, second):
                return KEPT if is_true_now(first) else BROKEN if is_true_now(second) else 0
            case Until(first, second):
                return KEPT if is_true_now(second) else 0 if is_true_now(first) else BROKEN
            case NeverAfter(first, second):
                return BROKEN if phase and is_true_now(second) else 1 if phase or is_true_now(first) else 0
            case LeadsTo(first, second):
                return 0 if is_true_now(second) else 1 if phase or is_true_now(first) else 0
            case Within(condition, steps, of):
                if is_true_now(condition):
                    return KEPT if of is None else 0
                is_begun = phase is None if of is None else is_true_now(of)
                waiting_steps = phase + 1 if phase else 1 if is_begun else 0
                return BROKEN if waiting_steps > steps else waiting_steps
            case AtMost(count, conditions):
                return BROKEN if sum(is_true_now(Once(condition)) for condition in conditions) > count else 0
            case _:
                raise TypeError(type(self.statement).__name__)

    # ---- conditions ------------------------------------------------------------------------------

    def _holds(self, condition: Condition, once_bits: int, edge: int, place: int, mask: int) -> bool:
        match condition:
            case Anything():
                return True
            case Not(part):
                return not self._holds(part, once_bits, edge, place, mask)
            case And(parts):
                return all(self._holds(part, once_bits, edge, place, mask) for part in parts)
            case Or(parts):
                return any(self._holds(part, once_bits, edge, place, mask) for part in parts)
            case Once():
                return bool(once_bits & self._once_bits[condition])
            case Named("event", name):
                return edge != START_EDGE and self.graph.edges[edge].name == name
            case Available(name):
                return self.graph.fired_by_code(place, mask, name) is not None
            case Named("flag" | "mission" as kind, name):
                flags = self.names.missions[name] if kind == "mission" else (name,)
                return all(mask & self._bits.get(flag, 0) for flag in flags)
            case Named() | Over():
                return not self._states_of(condition).isdisjoint(self._states(edge, place))
            case _:
                raise TypeError(type(condition).__name__)

    def _states_of(self, condition: Condition) -> frozenset[int]:
        """Return the states in which a condition about states holds."""
        if condition not in self._states_by_condition:
            ids = states_asked_for(self.names, condition)
            self._states_by_condition[condition] = frozenset(self.graph.index[id] for id in ids)
        return self._states_by_condition[condition]

    def _states(self, edge: int, place: int) -> tuple[int, ...]:
        if edge != START_EDGE and isinstance(self.graph.edges[edge].what, SequenceAction):
            return (place, *self.graph.edges[edge].through)
        return (place,)

    # ---- the share of plays that break it --------------------------------------------------------

    def broken_share(self, chain: Chain, meter: Meter) -> float:
        """Return the probability that a play breaks the property.

        Args:
            chain: The chain with this memory.
        """
        broken_points = self._broken_points(chain)
        rows = [
            [] if is_broken else [(step.target, step.probability) for step in steps]
            for is_broken, steps in zip(broken_points, chain.steps, strict=True)
        ]
        visits = expected_visits(rows, meter)
        return sum(count for is_broken, count in zip(broken_points, visits.expected_visits, strict=True) if is_broken)

    def _broken_points(self, chain: Chain) -> list[bool]:
        phases = [memory[0] if isinstance(memory, tuple) else 0 for memory in chain.memories]
        match self.statement:
            case Possible():
                return self._cannot_reach(chain, [phase == KEPT for phase in phases])
            case LeadsTo():
                return self._cannot_reach(chain, [phase != 1 for phase in phases])
            case AlwaysPossible():
                cannot = self._cannot_reach(chain, [phase == 0 for phase in phases])
                pairs = zip(cannot, chain.places, strict=True)
                return [is_lost and place not in self.graph.endings for is_lost, place in pairs]
            case Within():
                return [
                    phase == BROKEN or (phase > 0 and not steps)
                    for phase, steps in zip(phases, chain.steps, strict=True)
                ]
            case _:
                return [phase == BROKEN for phase in phases]

    @staticmethod
    def _cannot_reach(chain: Chain, goals: list[bool]) -> list[bool]:
        sources: list[list[int]] = [[] for _ in goals]
        for point, steps in enumerate(chain.steps):
            for step in steps:
                sources[step.target].append(point)
        source_points = nodes_reaching((point for point, is_goal in enumerate(goals) if is_goal), sources)
        return [point not in source_points for point in range(len(goals))]
