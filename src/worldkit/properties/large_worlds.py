"""Properties of worlds with too many positions to list: searches backwards, and sets of positions as diagrams.

Whether a run comes to a moment is answered by the search for routes, which goes back from the moment and joins all
positions that have more than it asks for. Whether something stays possible is the question of soft-locks, asked of a
system in which that is the only ending.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import comb

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
    AtMost,
    Before,
    LeadsTo,
    Never,
    NeverAfter,
    Possible,
    Property,
    Until,
    conditions_of,
)

EFFORT = 20_000
"""How many nodes each search for a run may look at."""

MAX_CHOICES = 200
"""Of so many conditions at most it is looked which of them come together."""

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
                if steps is not None and verdict.run is not None and len(verdict.run) > steps:
                    return Verdict(None if verdict.remark else True)
                return verdict
            case Always(condition):
                return self._never(statement, Not(condition))
            case Possible(condition):
                verdict = self._never(statement, condition)
                return Verdict(None if verdict.holds is None else not verdict.holds, verdict.run, verdict.remark)
            case Before(first, second):
                return self._never(statement, conjunction(second, Not(first)), first)
            case Until(first, second):
                return self._never(statement, conjunction(Not(first), Not(second)), second)
            case AlwaysPossible(condition):
                return self._always_possible(statement, condition)
            case NeverAfter(first, second):
                return self._never_after(statement, first, second)
            case LeadsTo(first, second):
                return self._leads_to(statement, first, second)
            case AtMost(count, conditions):
                return self._at_most(statement, count, conditions)
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
        return self._route(system, goals)

    def _tests(self, system: TransitionSystem, statement: Property, *more: Condition) -> BitConditions:
        tests = BitConditions(self.names, system, system.out, system.width)
        for condition in (*conditions_of(statement), *more):
            tests.prepare(condition)
        return tests

    def _never_after(self, statement: Property, first: Condition, second: Condition) -> Verdict:
        system, (bit,) = self._marked(statement, (first,))
        tests = self._tests(system, statement)
        goals = [
            Goal(state, move.requires | need | bit, move.label, move.forbids | bar)
            for state, moves in enumerate(system.out)
            for move in moves
            for need, bar in _before(tests, second, move)
            if not (move.requires | need | bit) & (move.forbids | bar)
        ]
        return self._route(system, goals)

    def _at_most(self, statement: Property, count: int, conditions: tuple[Condition, ...]) -> Verdict | None:
        if comb(len(conditions), count + 1) > MAX_CHOICES:
            return None
        system, bits = self._marked(statement, conditions)
        if sum(bool(system.mask & bit) for bit in bits) > count:
            return Verdict(False, [])
        size = len(system.states)
        complete = [(sum(chosen), 0) for chosen in combinations(bits, count + 1)]
        answer = solve(_with_goal(system, [complete] * size), self.budget)
        if answer.coverage_exact and size not in answer.reached:
            return Verdict(True)
        choices = [sum(chosen) for chosen in combinations(bits, count + 1)]
        marking = [(state, move) for state, moves in enumerate(system.out) for move in moves if move.sets & sum(bits)]
        goals = [
            Goal(state, move.requires | chosen & ~move.sets, move.label, move.forbids)
            for state, move in marking
            for chosen in choices
            if chosen & move.sets and not (move.requires | chosen & ~move.sets) & move.forbids
        ]
        return self._route(system, goals)

    def _route(self, system: TransitionSystem, goals: list[Goal]) -> Verdict:
        if not goals:
            return Verdict(True)
        route = Pathfinder(system, EFFORT).route(goals)
        if route == NO_RUN:
            return Verdict(True)
        return Verdict(None) if route.labels is None else Verdict(False, route.labels, route.remark)

    def _marked(
        self, statement: Property, conditions: tuple[Condition, ...]
    ) -> tuple[TransitionSystem, tuple[int, ...]]:
        """Return a system with a bit for each of some conditions: held, it has been true; it need not be set.

        A move that lands where several are true sets the bits of all.
        """
        asked = frozenset(name for part in conditions_of(statement) for name in events_in(part))
        system = _tracked(self.system, asked)
        bits = tuple(1 << (system.width + i) for i in range(len(conditions)))
        system = replace(system, one_shots=(*system.one_shots, *(f"\0mark {i}" for i in range(len(bits)))))
        tests = self._tests(system, statement)
        mask = system.mask
        for condition, bit in zip(conditions, bits, strict=True):
            if holds(tests.terms(condition, system.start), system.mask):
                mask |= bit
        out: list[tuple[Move, ...]] = []
        for moves in system.out:
            marked: list[Move] = []
            for move in moves:
                variants = [move]
                for condition, bit in zip(conditions, bits, strict=True):
                    variants += [
                        one._replace(requires=one.requires | need, sets=one.sets | bit, forbids=one.forbids | bar)
                        for one in variants
                        for need, bar in _before(tests, condition, move)
                        if not (one.requires | need) & (one.forbids | bar)
                    ]
                marked += dict.fromkeys(variants)
            out.append(tuple(marked))
        return replace(system, out=tuple(out), mask=mask), bits

    # ---- what stays possible ---------------------------------------------------------------------

    def _always_possible(self, statement: Property, condition: Condition) -> Verdict | None:
        system = _tracked(self.system, frozenset(events_in(condition)))
        tests = self._tests(system, statement)
        if tests.moments:
            return None  # a moment may be the last at which it holds, and positions do not tell moments apart
        arrivals = [tests.terms(condition, state) for state in range(len(system.states))]
        answer = solve(_with_goal(system, arrivals), self.budget)
        if answer.stuck is not None and answer.stuck - system.endings:  # a run that is over is not asked
            run = self._nearest_stuck(system, answer, system.endings)
            return Verdict(False, run) if run is not None else Verdict(None)
        is_decided = answer.stuck is not None and not answer.stuck_undecided - system.endings
        return Verdict(True if is_decided else None)

    def _leads_to(self, statement: Property, first: Condition, second: Condition) -> Verdict:
        # a bit says that the second is awaited: it may be set where the first holds, and then the second is shunned
        asked = frozenset(name for part in (first, second) for name in events_in(part))
        system = _tracked(self.system, asked)
        bit = 1 << system.width
        system = replace(system, one_shots=(*system.one_shots, "\0awaited"))
        tests = self._tests(system, statement)
        awaited = conjunction(first, Not(second))
        for condition in (awaited, Not(second)):
            tests.prepare(condition)
        out: list[tuple[Move, ...]] = []
        probes: list[list[Term]] = []
        for moves in system.out:
            kept: list[Move] = []
            arrivals: list[Term] = [(0, bit)]  # nothing is awaited
            for move in moves:
                kept.append(move._replace(forbids=move.forbids | bit))
                kept += [
                    move._replace(requires=move.requires | need, sets=move.sets | bit, forbids=move.forbids | bar | bit)
                    for need, bar in _before(tests, awaited, move)
                    if not (move.requires | need) & (move.forbids | bar)
                ]
                kept += [
                    move._replace(requires=move.requires | need | bit, forbids=move.forbids | bar)
                    for need, bar in _before(tests, Not(second), move)
                    if not (move.requires | need) & (move.forbids | bar)
                ]
                arrivals += [
                    (move.requires | need | bit, move.forbids | bar)
                    for need, bar in _before(tests, second, move)
                    if not (move.requires | need) & (move.forbids | bar)
                ]
            out.append(tuple(kept))
            probes.append(arrivals)
        system = replace(system, out=tuple(out))
        starts = [system.mask]
        if holds(tests.terms(awaited, system.start), system.mask):
            starts.append(system.mask | bit)
        runs: list[list[int]] = []
        for mask in starts:
            begun = replace(system, mask=mask)
            answer = solve(_with_goal(begun, probes), self.budget)
            if answer.stuck:
                run = self._nearest_stuck(begun, answer, frozenset())
                if run is None:
                    return Verdict(None)
                runs.append(run)
            elif answer.stuck is None or answer.stuck_undecided:
                return Verdict(None)
        return Verdict(False, min(runs, key=len)) if runs else Verdict(True)

    def _nearest_stuck(
        self, system: TransitionSystem, answer: EngineAnswer, exempt: frozenset[int]
    ) -> list[int] | None:
        """Return a shortest run to where something is impossible, some states aside; None when it is too far."""
        first = system.start, system.mask
        before: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {first: None}
        queue = deque([first])
        while queue and len(before) < SEARCHED_FORWARDS:
            place = queue.popleft()
            state, mask = place
            if state not in exempt and answer.is_stuck(state, mask):
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


def _with_goal(system: TransitionSystem, arrivals: Sequence[Sequence[Term]]) -> TransitionSystem:
    """Return a system whose only ending is a state of its own, which is entered when one of some terms holds.

    Args:
        system: The system.
        arrivals: The terms of every state.
    """
    goal = len(system.states)
    sequences, names = list(system.sequences), list(system.sequence_names)
    out: list[tuple[Move, ...]] = []
    for state, (moves, terms) in enumerate(zip(system.out, arrivals, strict=True)):
        probes = []
        for requires, forbids in terms:
            sequences.append((state, goal))
            names.append("")
            probes.append(Move(goal, requires, 0, forbids, -len(sequences)))
        out.append((*moves, *probes))
    return replace(
        system,
        states=(*system.states, ""),
        out=(*out, ()),
        endings=frozenset((goal,)),
        sequences=tuple(sequences),
        sequence_names=tuple(names),
    )


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
