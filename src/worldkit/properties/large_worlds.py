"""Properties of worlds with too many positions to list: searches backwards, and sets of positions as diagrams.

Whether a run comes to a moment is answered by the search for routes, which goes back from the moment and joins all
positions that have more than it asks for. Whether something stays possible is the question of soft-locks, asked of a
system in which that is the only ending.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import cached_property

from worldkit.exploration.budget import Budget
from worldkit.exploration.engine import solve
from worldkit.exploration.engine_answer import EngineAnswer
from worldkit.exploration.moves import Move
from worldkit.exploration.regression import Goal
from worldkit.exploration.routes import NO_RUN, Pathfinder
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.properties.bit_conditions import TRUE, BitConditions, Term, conjoin, holds, negate
from worldkit.properties.conditions import Condition, Not, PropertyError, conjunction
from worldkit.properties.names import Names
from worldkit.properties.product import events_in, exact_moves
from worldkit.properties.search import Verdict
from worldkit.properties.statements import (
    Always,
    AlwaysPossible,
    Before,
    Never,
    Possible,
    Property,
    Until,
    conditions_of,
)

SEARCHED_FORWARDS = 50_000
"""So many positions are looked at for the nearest one from which something is impossible."""


@dataclass(eq=False)
class LargeWorld:
    """A world of which not every position is looked at.

    Args:
        names: What names stand for.
        system: The world as a transition system.
        budget: What an answer may cost.
    """

    names: Names
    system: TransitionSystem
    budget: Budget

    @cached_property
    def size(self) -> int | None:
        """How many classes of positions there are; None when that was not found out."""
        return solve(self.system, self.budget).classes

    def decide(self, statement: Property) -> Verdict | None:
        """Return whether a property without ``once`` holds; None when its form is not decided here.

        A verdict that says neither means that the search gave up.
        """
        match statement:
            case Never(condition, steps):
                verdict = self._never(statement, condition)
                is_late = steps is not None and verdict.run is not None and len(verdict.run) > steps
                return Verdict(True) if is_late else verdict
            case Always(condition):
                return self._never(statement, Not(condition))
            case Possible(condition):
                verdict = self._never(statement, condition)
                return Verdict(None if verdict.holds is None else not verdict.holds, verdict.run)
            case Before(first, second):
                return self._never(statement, conjunction(second, Not(first)), first)
            case Until(first, second):
                return self._never(statement, conjunction(Not(first), Not(second)), second)
            case AlwaysPossible(condition):
                return self._always_possible(statement, condition)
            case _:
                return None

    def happens(self, condition: Condition) -> bool | None:
        """Say whether a condition ever holds; None when the search gave up."""
        verdict = self.decide(Possible(condition))
        return None if verdict is None else verdict.holds

    # ---- what is reached -------------------------------------------------------------------------

    def _never(self, statement: Property, bad: Condition, avoided: Condition | None = None) -> Verdict:
        """Check that no run comes to a condition along moments at which another does not hold."""
        asked = frozenset(name for part in (*conditions_of(statement), bad) for name in events_in(part))
        system = _tracked(self.system, asked)
        tests = self._tests(system, statement, bad)
        start, mask = system.start, system.mask
        if holds(tests.terms(bad, start), mask):
            return Verdict(False, [])
        if avoided is not None:
            if holds(tests.terms(avoided, start), mask):
                return Verdict(True)
            system = replace(system, out=tuple(_without(system, tests, avoided)))
        goals = [
            *(
                Goal(state, requires, None, forbids)
                for state in range(len(system.states))
                for requires, forbids in tests.terms(bad, state)
                if not (requires | forbids) & tests.moments
            ),
            *(
                Goal(state, requires, move.label, forbids)
                for state, moves in enumerate(system.out)
                for move in moves
                for requires, forbids in _before(tests, bad, move, momentary=True)
            ),
        ]
        if not goals:
            return Verdict(True)
        route = Pathfinder(system).route(goals)
        if route == NO_RUN:
            return Verdict(True)
        return Verdict(None if route.remark else False, None if route.remark else route.labels)

    def _tests(self, system: TransitionSystem, statement: Property, *more: Condition) -> BitConditions:
        tests = BitConditions(self.names, system, system.out, system.width)
        for condition in (*conditions_of(statement), *more):
            tests.prepare(condition)
        return tests

    # ---- what stays possible ---------------------------------------------------------------------

    def _always_possible(self, statement: Property, condition: Condition) -> Verdict | None:
        system = _tracked(self.system, frozenset(events_in(condition)))
        tests = self._tests(system, statement)
        if tests.moments:
            return None  # a moment may be the last at which it holds, and positions do not tell moments apart
        goal = len(system.states)
        sequences, names = list(system.sequences), list(system.sequence_names)
        out: list[tuple[Move, ...]] = []
        for state, moves in enumerate(system.out):
            probes = []
            for requires, forbids in tests.terms(condition, state):
                sequences.append((state, goal))
                names.append("")
                probes.append(Move(goal, requires, 0, forbids, -len(sequences)))
            out.append((*moves, *probes))
        asked = replace(
            system,
            states=(*system.states, ""),
            out=(*out, ()),
            endings=frozenset((goal,)),
            sequences=tuple(sequences),
            sequence_names=tuple(names),
        )
        answer = solve(asked, self.budget)
        if answer.stuck is not None and answer.stuck - system.endings:  # a run that is over is not asked
            run = self._nearest_stuck(system, answer)
            return Verdict(False, run) if run is not None else Verdict(None)
        is_decided = answer.stuck is not None and not answer.stuck_undecided - system.endings
        return Verdict(True if is_decided else None)

    def _nearest_stuck(self, system: TransitionSystem, answer: EngineAnswer) -> list[int] | None:
        """Return a shortest run to where something is impossible; None when it is too far."""
        first = system.start, system.mask
        before: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {first: None}
        queue = deque([first])
        while queue and len(before) < SEARCHED_FORWARDS:
            place = queue.popleft()
            state, mask = place
            if state not in system.endings and answer.is_stuck(state, mask):
                labels = []
                step = before[place]
                while step is not None:
                    place, label = step
                    labels.append(label)
                    step = before[place]
                return labels[::-1]
            for move in system.out[state]:
                after = move.target, mask | move.sets
                if not (move.requires & ~mask or move.forbids & mask) and after not in before:
                    before[after] = place, move.label
                    queue.append(after)
        return None


def _without(system: TransitionSystem, tests: BitConditions, avoided: Condition) -> list[tuple[Move, ...]]:
    """Return the moves of a system that do not land at a condition."""
    out: list[tuple[Move, ...]] = []
    for moves in system.out:
        left: list[Move] = []
        for move in moves:
            landing = tuple(_before(tests, avoided, move))
            outside = negate(landing) if landing else TRUE
            if outside is None:
                raise PropertyError(f"{avoided.text} has too many alternatives; split the property")
            guarded = conjoin(((move.requires, move.forbids),), outside) or ()
            left += [move._replace(requires=need, forbids=bar) for need, bar in guarded]
        out.append(tuple(left))
    return out


def _before(tests: BitConditions, condition: Condition, move: Move, momentary: bool = False) -> list[Term]:
    """Return when a condition holds where a move lands, as what must be held before it; the move's guard aside.

    Args:
        tests: The conditions as bit tests.
        condition: The condition.
        move: The move.
        momentary: Only as far as it asks for what happens at that moment, and with the move's guard.
    """
    observed, moments = tests.observed(move), tests.moments
    terms: list[Term] = []
    for requires, forbids in tests.terms(condition, move.target):
        if requires & moments & ~observed or forbids & moments & observed or forbids & move.sets:
            continue
        if momentary and not (requires | forbids) & moments:
            continue
        need, bar = requires & ~moments & ~move.sets, forbids & ~moments
        if momentary:
            need, bar = need | move.requires, bar | move.forbids
        if not need & bar:
            terms.append((need, bar))
    return terms


def _tracked(system: TransitionSystem, events: frozenset[str]) -> TransitionSystem:
    """Return a system with bits for the uses of all one-shots that a property can tell apart."""
    out = exact_moves(system, events)
    width = max((move.sets.bit_length() for moves in out for move in moves), default=0)
    extra = tuple(f"\0{number}" for number in range(max(0, width - system.width)))
    return replace(system, out=tuple(map(tuple, out)), one_shots=(*system.one_shots, *extra))
