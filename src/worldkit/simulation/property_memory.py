"""What to remember of a play to tell whether it breaks a property."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from worldkit.core.errors import WorldError
from worldkit.exploration.budget import Meter
from worldkit.playing.transition_table import SequenceAction
from worldkit.properties.conditions import And, Anything, Available, Condition, Named, Not, Once, Or, Over, parts_of
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

START = -1
"""In place of an edge: the beginning of a play."""

Remembered = tuple[int, int]
"""The phase, and every ``once`` that is true by now, as bits."""


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
        if not isinstance(
            self.statement,
            (Never, Always, Possible, AlwaysPossible, Before, Until, NeverAfter, Within, LeadsTo, AtMost),
        ):
            raise WorldError(f"the odds of a combined property are not computed, take its parts: {self.statement.text}")
        self._bits = {flag: 1 << i for i, flag in enumerate(self.graph.flags)}
        conditions = conditions_of(self.statement)
        if isinstance(self.statement, AtMost):
            conditions = tuple(Once(condition) for condition in conditions)
        self._onces: dict[Once, int] = {}
        for condition in conditions:
            self._collect(condition)

    def _collect(self, condition: Condition) -> None:
        for part in parts_of(condition):
            self._collect(part)
        if isinstance(condition, Once) and condition not in self._onces:
            self._onces[condition] = 1 << len(self._onces)

    # ---- the memory of a play --------------------------------------------------------------------

    def begin(self, place: int, mask: int) -> Hashable:
        """Return the memory at the beginning."""
        return self._after(None, 0, START, place, mask)

    def advance(self, memory: Hashable, edge: int, place: int, mask: int) -> Hashable:
        """Return the memory after a step."""
        assert isinstance(memory, tuple)
        phase, onces = memory
        return memory if phase in (BROKEN, KEPT) else self._after(phase, onces, edge, place, mask)

    def is_done(self, memory: Hashable) -> bool:
        """Say whether the property is decided."""
        return isinstance(memory, tuple) and memory[0] in (BROKEN, KEPT)

    def _after(self, phase: int | None, onces: int, edge: int, place: int, mask: int) -> Remembered:
        for once, bit in self._onces.items():
            if not onces & bit and self._holds(once.part, onces, edge, place, mask):
                onces |= bit

        def now(condition: Condition) -> bool:
            return self._holds(condition, onces, edge, place, mask)

        return self._phase(phase, now, onces), onces

    def _phase(self, phase: int | None, now: Callable[[Condition], bool], onces: int) -> int:
        match self.statement:
            case Never(condition, None):
                return BROKEN if now(condition) else 0
            case Never(condition, steps):
                count = 0 if phase is None else phase + 1
                return KEPT if count > (steps or 0) else BROKEN if now(condition) else count
            case Always(condition):
                return 0 if now(condition) else BROKEN
            case Possible(condition):
                return KEPT if now(condition) else 0
            case AlwaysPossible(condition):
                return 0 if now(condition) else 1
            case Before(first, second):
                return KEPT if now(first) else BROKEN if now(second) else 0
            case Until(first, second):
                return KEPT if now(second) else 0 if now(first) else BROKEN
            case NeverAfter(first, second):
                return BROKEN if phase and now(second) else 1 if phase or now(first) else 0
            case LeadsTo(first, second):
                return 0 if now(second) else 1 if phase or now(first) else 0
            case Within(condition, steps, of):
                if now(condition):
                    return KEPT if of is None else 0
                is_begun = phase is None if of is None else now(of)
                waited = phase + 1 if phase else 1 if is_begun else 0
                return BROKEN if waited > steps else waited
            case AtMost(count, conditions):
                return BROKEN if sum(now(Once(condition)) for condition in conditions) > count else 0
            case _:
                raise TypeError(type(self.statement).__name__)

    # ---- conditions ------------------------------------------------------------------------------

    def _holds(self, condition: Condition, onces: int, edge: int, place: int, mask: int) -> bool:
        match condition:
            case Anything():
                return True
            case Not(part):
                return not self._holds(part, onces, edge, place, mask)
            case And(parts):
                return all(self._holds(part, onces, edge, place, mask) for part in parts)
            case Or(parts):
                return any(self._holds(part, onces, edge, place, mask) for part in parts)
            case Once():
                return bool(onces & self._onces[condition])
            case Named("event", name):
                return edge != START and self.graph.edges[edge].name == name
            case Available(name):
                return self.graph.fired_by_code(place, mask, name) is not None
            case Named("flag" | "mission" as kind, name):
                flag = self.names.missions[name] if kind == "mission" else name
                return bool(mask & self._bits.get(flag, 0))
            case Named() | Over():
                return any(self._is_in(condition, state) for state in self._states(edge, place))
            case _:
                raise TypeError(type(condition).__name__)

    def _states(self, edge: int, place: int) -> tuple[int, ...]:
        if edge != START and isinstance(self.graph.edges[edge].what, SequenceAction):
            return (place, *self.graph.edges[edge].through)
        return (place,)

    def _is_in(self, condition: Condition, place: int) -> bool:
        id = self.graph.states[place]
        ending = self.names.world.states[id].ending
        match condition:
            case Named("state", name):
                return id == name
            case Named("ending", name):
                return id in self.names.endings[name]
            case Named("tag", name):
                return id in self.names.tags[name]
            case Over(kind):
                return ending is not None and kind in ("any", ending.kind)
            case _:
                raise TypeError(type(condition).__name__)

    # ---- the share of plays that break it --------------------------------------------------------

    def broken_share(self, chain: Chain, meter: Meter) -> float:
        """Return the probability that a play breaks the property.

        Args:
            chain: The chain with this memory.
            meter: The clock.
        """
        broken = self._broken_points(chain)
        rows = [
            [] if is_broken else [(step.target, step.probability) for step in steps]
            for is_broken, steps in zip(broken, chain.steps, strict=True)
        ]
        visits = expected_visits(rows, 0, meter)
        return sum(count for is_broken, count in zip(broken, visits.expected, strict=True) if is_broken)

    def _broken_points(self, chain: Chain) -> list[bool]:
        phases = [memory[0] if isinstance(memory, tuple) else 0 for memory in chain.memories]
        match self.statement:
            case Possible():
                hopeful = _can_reach(chain, [phase == KEPT for phase in phases])
                return [not can for can in hopeful]
            case LeadsTo():
                hopeful = _can_reach(chain, [phase != 1 for phase in phases])
                return [not can for can in hopeful]
            case AlwaysPossible():
                hopeful = _can_reach(chain, [phase == 0 for phase in phases])
                is_over = [place in self.graph.endings for place in chain.places]
                return [not (can or over) for can, over in zip(hopeful, is_over, strict=True)]
            case Within():
                return [
                    phase == BROKEN or (phase > 0 and not steps)
                    for phase, steps in zip(phases, chain.steps, strict=True)
                ]
            case _:
                return [phase == BROKEN for phase in phases]


def _can_reach(chain: Chain, goals: list[bool]) -> list[bool]:
    before: list[list[int]] = [[] for _ in chain.steps]
    for point, steps in enumerate(chain.steps):
        for step in steps:
            before[step.target].append(point)
    reached = list(goals)
    queue = [point for point, is_goal in enumerate(goals) if is_goal]
    while queue:
        for point in before[queue.pop()]:
            if not reached[point]:
                reached[point] = True
                queue.append(point)
    return reached
