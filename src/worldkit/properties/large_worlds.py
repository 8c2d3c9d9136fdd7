"""Properties of worlds with too many positions to list: searches backwards, and sets of positions as diagrams.

Whether a run comes to a moment is answered by the backward search for routes, which treats all positions that hold more
than is required as one. Whether something stays possible is answered as the question of soft-locks, in a system whose
only ending is that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import combinations
from math import comb

from worldkit.exploration.budget import Budget, Watch
from worldkit.exploration.engine import solve
from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.moves import SearchMove
from worldkit.exploration.quotient import is_untracked_one_shot
from worldkit.exploration.regression import Goal
from worldkit.exploration.routes import NO_RUN, Pathfinder
from worldkit.exploration.step_bounds import min_steps
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.exploration.variant_routes import VariantPathfinder
from worldkit.properties.bit_conditions import BitConditions, Terms, holds
from worldkit.properties.conditions import (
    Anything,
    Condition,
    Named,
    Not,
    Over,
    conjunction,
    disjunction,
)
from worldkit.properties.graph_answers import nearest_stuck, stays_possible
from worldkit.properties.landings import (
    Landings,
    completing_goals,
    gaining_goals,
    goals_at,
    stays_true,
    variants_with_mark,
    variants_without,
)
from worldkit.properties.marked_systems import (
    moves_with_marks,
    with_an_awaited_moment,
    with_goal,
    with_new_bits,
    with_use_bits,
)
from worldkit.properties.moments import Moments
from worldkit.properties.names import Names
from worldkit.properties.product import events_in
from worldkit.properties.search import SearchVerdict
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


@dataclass(eq=False)
class LargeWorld:
    """A world of which not every position is looked at.

    Args:
        names: What names stand for.
        system: The world as a transition system.
        budget: What an answer may cost.
        watch: Called now and then; may raise ``Cancelled``.
    """

    names: Names
    system: TransitionSystem
    budget: Budget
    watch: Watch | None = None
    _systems: dict[frozenset[str] | None, TransitionSystem] = field(default_factory=dict, repr=False)
    _finders: dict[int, Pathfinder] = field(default_factory=dict, repr=False)
    _verdicts: dict[Property, SearchVerdict | None] = field(default_factory=dict, repr=False)

    @cached_property
    def answer(self) -> EngineAnswer:
        """What exhaustive play says of the world; an earlier exploration of it has said so already."""
        return solve(self.system, self.budget, watch=self.watch, reuse=True)

    @property
    def size(self) -> int | None:
        """How many classes of positions there are; None when that was not found out."""
        return self.answer.classes

    def __post_init__(self) -> None:
        self._moments = Moments(self.names, self.system)

    def _with_use_bits(self, events: frozenset[str] | None) -> TransitionSystem:
        """Return a system with bits for the one-shots that matter to properties of some events; None for all."""
        if events not in self._systems:
            self._systems[events] = with_use_bits(self.system, events)
        return self._systems[events]

    def _asked_for(self, statement: Property) -> frozenset[str] | None:
        """Return the events that a property asks for; None when a step that changes nothing matters to it."""
        if self._moments.notices_idle_steps(statement):
            return None
        return frozenset(name for part in conditions_of(statement) for name in events_in(part))

    def _finder(self, system: TransitionSystem) -> Pathfinder:
        """Return the search for runs in a system; properties that ask about the same one share its lower bounds."""
        if not any(system is one for one in self._systems.values()):
            return Pathfinder(system, EFFORT)
        if id(system) not in self._finders:
            self._finders[id(system)] = Pathfinder(system, EFFORT)
        return self._finders[id(system)]

    def decide(self, statement: Property) -> SearchVerdict | None:
        """Return whether a property without ``once`` holds; None when its form is not decided here.

        A verdict that says neither means that the search gave up.
        """
        match statement:
            case Never(condition, steps):
                verdict = self._never(statement, condition)
                if steps is not None and verdict.run is not None and len(verdict.run) > steps:
                    return SearchVerdict(None if verdict.remark else True)
                return verdict
            case Always(condition):
                return self._never(statement, Not(condition))
            case Possible(condition):
                return self._never(statement, condition).negated()
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
        if (happens := self._happens_by_coverage(condition)) is not None:
            return happens
        question = Possible(condition)
        if question not in self._verdicts:
            self._verdicts[question] = self.decide(question)
        verdict = self._verdicts[question]
        return None if verdict is None else verdict.holds

    def _happens_by_coverage(self, condition: Condition) -> bool | None:
        """Say of a condition about places or one event whether it ever holds, as far as exhaustive play has found out.

        A search for a run to such a moment would find the run too, which takes long where much has to be held.
        """
        match condition:
            case Named("state" | "ending" | "tag") | Over():
                wanted_indices = self._tests(self.system, Possible(condition)).states_of(condition)
                seen_indices = self.answer.reached_states
            case Named("event", name) if name not in self.system.sequence_names:
                wanted_indices = frozenset(action.index for action in self.system.table.actions if action.name == name)
                seen_indices = self.answer.fireable_events
            case _:
                return None
        if not seen_indices.isdisjoint(wanted_indices):
            return True
        return False if self.answer.coverage_exact else None

    # ---- what is reached -------------------------------------------------------------------------

    def _never(self, statement: Property, bad: Condition, barrier: Condition | None = None) -> SearchVerdict:
        """Check that no run comes to a condition along moments at which another does not hold."""
        system = self._with_use_bits(self._asked_for(statement))
        finder = self._finder(system)
        tests = self._tests(system, statement, bad)
        start, mask = system.start, system.mask
        if holds(tests.terms(bad, start), mask):
            return SearchVerdict(False, [])
        gains: Iterable[tuple[int, SearchMove]] = finder.gains
        if barrier is not None:
            if holds(tests.terms(barrier, start), mask):
                return SearchVerdict(True)
            variants = variants_without(tests, barrier)
            gains = ((state, variant) for state, move in gains for variant in variants(move))
            finder = VariantPathfinder(system, EFFORT, base=finder, variants=variants)
        if stays_true(tests, bad):
            return _verdict(finder, gaining_goals(gains, tests.terms_by_state(bad)[0]))
        return _verdict(finder, goals_at(tests, finder, bad))

    def _tests(self, system: TransitionSystem, statement: Property, *more: Condition) -> BitConditions:
        tests = BitConditions(self.names, system, system.moves, self._finder(system).width)
        for condition in (*conditions_of(statement), *more):
            tests.prepare(condition)
        return tests

    def _never_after(self, statement: Property, first: Condition, second: Condition) -> SearchVerdict:
        event_names = frozenset(name for part in (first, second) for name in events_in(part))
        system = self._with_use_bits(None if self._moments.holds_when_idle(first) else event_names)
        tests = self._tests(system, statement)
        used_names = self._names_of_last_steps(system, *tests.terms_by_state(second))
        if used_names - event_names:  # a one-shot that stays is a later moment only while it is not used up
            system = self._with_use_bits(event_names | used_names)
            tests = self._tests(system, statement)
        base = self._finder(system)
        finder, bit = base, 0
        marks: Terms = ((0, 0),)
        if stays_true(tests, first):
            marks = tests.terms_by_state(first)[0]
        else:
            finder = self._marked_finder(base, tests, first)
            bit = finder.mark
        second_landings = Landings(tests, second)
        common, elsewhere = tests.terms_by_state(second)
        goals = [
            Goal(state, move.requires | need | mark | bit, move.label, move.forbids | bar)
            for target in (range(len(system.states)) if common else sorted(elsewhere))
            for state, move in base.all_into[target]
            for need, bar in second_landings.before(move)
            for mark, _ in marks
            if not (move.requires | need | mark) & (move.forbids | bar)
        ]
        return _verdict(finder, goals)

    @staticmethod
    def _names_of_last_steps(system: TransitionSystem, common: Terms, elsewhere: Mapping[int, Terms]) -> frozenset[str]:
        """Return the one-shots whose use is no bit and that stay in a state in which a condition may hold."""
        states = range(len(system.states)) if common else sorted(elsewhere)
        return frozenset(
            system.name(move.label)
            for state in states
            for move in system.moves[state]
            if is_untracked_one_shot(system, state, move)
        )

    def _marked_finder(self, base: Pathfinder, tests: BitConditions, condition: Condition) -> VariantPathfinder:
        """Return a search with a bit for a condition: held, it has been true at some moment; it need not be set."""
        system, bit = base.system, 1 << tests.first_bit
        landings = Landings(tests, condition)
        common, elsewhere = tests.terms_by_state(condition)
        marked_from: dict[int, int] = {}
        for target in range(len(system.states)) if common else elsewhere:
            steps = [
                min_steps(base.earliest[state], move.requires | need) + 1
                for state, move in base.all_into[target]
                for need, _ in landings.before(move)
            ]
            if any(steps):
                marked_from[target] = min(filter(None, steps))
        if holds(tests.terms(condition, system.start), system.mask):
            system = replace(system, mask=system.mask | bit)
            marked_from[system.start] = 0
        variants = partial(variants_with_mark, landings, bit)
        return VariantPathfinder(system, EFFORT, base=base, variants=variants, mark=bit, marked_from=marked_from)

    def _at_most(self, statement: Property, count: int, conditions: tuple[Condition, ...]) -> SearchVerdict | None:
        if comb(len(conditions), count + 1) > MAX_CHOICES:
            return None
        if all(isinstance(one, Named) and one.kind in ("flag", "mission") for one in conditions):
            # what is held stays held, so that all of a choice are held at one moment
            return self._never(
                statement, disjunction(*(conjunction(*one) for one in combinations(conditions, count + 1)))
            )
        return self._at_most_of_moments(statement, count, conditions)

    def _at_most_of_moments(
        self, statement: Property, count: int, conditions: tuple[Condition, ...]
    ) -> SearchVerdict | None:
        """Check that at most so many of some conditions have ever been true: a bit for each says that it has."""
        system, bits = with_new_bits(
            self._with_use_bits(self._asked_for(statement)), [f"\0mark {number}" for number in range(len(conditions))]
        )
        tests = self._tests(system, statement)
        marks = [(Landings(tests, condition), bit) for condition, bit in zip(conditions, bits, strict=True)]
        marked_moves = moves_with_marks(system, marks)
        if marked_moves is None:
            return None
        true_at_start = [
            bit
            for condition, bit in zip(conditions, bits, strict=True)
            if holds(tests.terms(condition, system.start), system.mask)
        ]
        if len(true_at_start) > count:
            return SearchVerdict(False, [])
        system = replace(system, moves=marked_moves, mask=system.mask | sum(true_at_start))
        size = len(system.states)
        choices = [sum(choice) for choice in combinations(bits, count + 1)]
        answer = solve(with_goal(system, [[(choice, 0) for choice in choices]] * size), self.budget, watch=self.watch)
        if answer.coverage_exact and size not in answer.reached_states:
            return SearchVerdict(True)
        return _verdict(self._finder(system), completing_goals(system, bits, choices))

    # ---- what stays possible ---------------------------------------------------------------------

    def _always_possible(
        self, statement: Property, condition: Condition, exempt_states: frozenset[int] | None = None
    ) -> SearchVerdict | None:
        """Check that a condition stays possible, but for some states: those in which a run is over, if not given."""
        system = self._with_use_bits(frozenset(events_in(condition)))
        exempt = system.endings if exempt_states is None else exempt_states
        if condition == Over():
            system, answer = self.system, self.answer
        else:
            tests = self._tests(system, statement)
            if tests.moments:
                return None  # a moment may be the last at which it holds, and positions do not tell moments apart
            arrivals = [tests.terms(condition, state) for state in range(len(system.states))]
            if not system.omitted_events:
                reached_states = self.answer.reached_states if self.answer.coverage_exact else None
                if (verdict := stays_possible(system, arrivals, exempt, reached_states)) is not None:
                    return verdict
            answer = solve(with_goal(system, arrivals), self.budget, watch=self.watch)
        if answer.stuck - exempt:  # a run that is over is not asked
            run = nearest_stuck(system, answer, exempt)
            return SearchVerdict(False, run) if run is not None else SearchVerdict(None)
        return SearchVerdict(None if answer.stuck_undecided - exempt else True)

    def _leads_to(self, statement: Property, first: Condition, second: Condition) -> SearchVerdict:
        if isinstance(first, Anything) and isinstance(second, Over):
            # a run that is over stays so: as long as it is not, the end must be possible
            verdict = self._always_possible(statement, second, frozenset())
            return verdict or SearchVerdict(None)
        system, (bit,) = with_new_bits(self._with_use_bits(self._asked_for(statement)), ["\0awaited"])
        tests = self._tests(system, statement)
        obligation = conjunction(first, Not(second))
        for condition in (obligation, Not(second)):
            tests.prepare(condition)
        landings = [Landings(tests, condition) for condition in (obligation, Not(second), second)]
        system, arrivals = with_an_awaited_moment(system, bit, *landings)
        starts = [system.mask]
        if holds(tests.terms(obligation, system.start), system.mask):
            starts.append(system.mask | bit)
        runs: list[list[int]] = []
        for mask in starts:
            started_system = replace(system, mask=mask)
            answer = solve(with_goal(started_system, arrivals), self.budget, watch=self.watch)
            if answer.stuck:
                run = nearest_stuck(started_system, answer, frozenset())
                if run is None:
                    return SearchVerdict(None)
                runs.append(run)
            elif answer.stuck_undecided:
                return SearchVerdict(None)
        return SearchVerdict(False, min(runs, key=len)) if runs else SearchVerdict(True)


def _verdict(finder: Pathfinder, goals: list[Goal]) -> SearchVerdict:
    """Return that no run comes to one of some goals, or a shortest one that does."""
    if not goals:
        return SearchVerdict(True)
    route = finder.route(goals)
    if route == NO_RUN:
        return SearchVerdict(True)
    return SearchVerdict(None) if route.labels is None else SearchVerdict(False, route.labels, route.remark)
