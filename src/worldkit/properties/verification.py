"""``check``: which properties hold for every run of a world, and a shortest run for each that does not."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from worldkit.core.argument_checks import checked
from worldkit.core.json_values import quote
from worldkit.exploration.budget import Budget, BudgetSpent, Cancelled, Meter, Watch
from worldkit.exploration.transition_system import TransitionSystem, build_system
from worldkit.exploration.witness import witness_trace
from worldkit.playing.trace import Trace
from worldkit.playing.transition_table import check_has_states
from worldkit.properties.conditions import Condition, PropertyError
from worldkit.properties.large_worlds import LargeWorld
from worldkit.properties.moments import Moments, vacuity
from worldkit.properties.named_properties import PropertiesGiven, as_named_properties
from worldkit.properties.names import Names
from worldkit.properties.product import BYTES_PER_NODE, ProductGraph, build_product
from worldkit.properties.results import PropertyResult, PropertyResults
from worldkit.properties.search import (
    SearchVerdict,
    decide,
    has_once,
    needed_conditions,
    sharing_key,
    simple_parts,
)
from worldkit.properties.statements import (
    AllOf,
    AlwaysPossible,
    AnyOf,
    LeadsTo,
    Negated,
    Possible,
    Property,
    conditions_of,
)

if TYPE_CHECKING:
    from worldkit.world import World

log = logging.getLogger("worldkit.properties")

MAX_LISTED_POSITIONS = 200_000
"""A world with more classes of positions than this is large: what can be answered otherwise is."""


@checked
def check(
    world: World,
    properties: PropertiesGiven = None,
    *,
    tags: Mapping[str, Iterable[str]] | None = None,
    budget: Budget | None = None,
) -> PropertyResults:
    """Check properties for every run of a world: each is proven, or a shortest run shows that it does not hold.

    Args:
        world: The world.
        properties: The properties, as text or as values; a mapping gives them names. ``world.properties`` by default:
            those of the file beside the world's.
        tags: The states of tags that properties name, beside those of a file of properties.
        budget: What it may cost; what is not decided within it is said to be so.

    Returns:
        A result for each, in order; without any property, nothing has passed.

    Raises:
        PropertyError: A property cannot be read, names what the world does not have, or is too complex.
        InvalidWorld: The world has no states.

    Example:
        >>> wk.check(world, 'never state "bench" while not holding "mitten"')
        0 of 1 property holds
          broken     never state "bench" while not holding "mitten"  after 1 step: walk_up_the_lane
    """
    check_has_states(world)
    names, named_statements = as_named_properties(world, properties, tags)
    results: list[PropertyResult] = []
    for outcome in check_resolved(world, names, named_statements, budget):
        if isinstance(outcome, PropertyError):
            raise outcome
        results.append(outcome)
    return PropertyResults(results)


def check_resolved(
    world: World,
    names: Names,
    statements: Sequence[tuple[str, Property]],
    budget: Budget | None = None,
    watch: Watch | None = None,
) -> list[PropertyResult | PropertyError]:
    """Check properties whose names were looked up.

    Args:
        world: The world; it has at least one state.
        names: What names stand for.
        statements: The properties with their names.
        watch: Called now and then; may raise ``Cancelled``.

    Returns:
        A result for each, in order, or what is wrong with a property that is too complex.

    Raises:
        Cancelled: The watcher said so.
    """
    checker = _Checker(world, names, budget or Budget(), [statement for _, statement in statements], watch)
    return [checker.result(name, statement) for name, statement in statements]


class _Answer(NamedTuple):
    """What a property was found to be.

    Attributes:
        verdict: Whether it holds, and a run that shows it.
        vacuous: What never happens, so that it says nothing; empty when it says something.
        reason: Why it was not decided, or fails without a run; empty without one.
        positions: How many positions were looked at.
    """

    verdict: SearchVerdict
    vacuous: str
    reason: str
    positions: int


@dataclass(eq=False)
class _Checker:
    """Checks the properties of one world; those that need no bits of their own share one graph."""

    world: World
    names: Names
    budget: Budget
    statements: Sequence[Property]
    watch: Watch | None = None
    _graphs: dict[tuple[bool, bool, bool], ProductGraph] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._deadline = time.perf_counter() + self.budget.seconds
        self._statements = [part for statement in self.statements for part in simple_parts(statement)]
        self._system: TransitionSystem = build_system(self.world)
        self._moments = Moments(self.names, self._system)

    def result(self, name: str, statement: Property) -> PropertyResult | PropertyError:
        """Check one property; whatever goes wrong with it, the others have their results."""
        try:
            return self._result(name, statement)
        except PropertyError as error:
            return error
        except BudgetSpent as error:
            return PropertyResult(statement, name, None, reason=f"not decided: {error}")
        except Cancelled:
            raise
        except Exception as error:
            log.exception("checking %s failed", quote(statement.text))
            reason = f"not decided: worldkit failed, please report it: {type(error).__name__}: {error}"
            return PropertyResult(statement, name, None, reason=reason, defect=True)

    def _result(self, name: str, statement: Property) -> PropertyResult:
        answer = self._check(statement, Meter("checking properties", self._deadline, self.watch))
        holds, reason = answer.verdict.holds, answer.reason
        if holds is None and not reason:
            count = f"{answer.positions:,} positions"
            reason = f"not decided: {count} were looked at, with more than the budget allows left"
        run = None if answer.verdict.run is None else self._trace(answer.verdict.run)
        shows_what_is_possible = isinstance(statement, Possible) or (isinstance(statement, Negated) and holds)
        counterexample, witness = (None, run) if shows_what_is_possible else (run, None)
        return PropertyResult(statement, name, holds, counterexample, witness, answer.vacuous, reason, answer.positions)

    def _trace(self, labels: list[int]) -> Trace:
        return witness_trace(self.world, None, self._system, labels)

    def _check(self, statement: Property, meter: Meter) -> _Answer:
        match statement:
            case AllOf(parts) | AnyOf(parts):
                return self._check_several(statement, parts, meter)
            case Negated(part):
                answer = self._check(part, meter)
                holds, reason = answer.verdict.holds, answer.reason
                holds = None if holds is None else not holds
                if holds is False:
                    reason = f"{part.text}: that holds for every run" if not isinstance(part, Possible) else ""
                return _Answer(SearchVerdict(holds, answer.verdict.run), "", reason, answer.positions)
            case _:
                return self._check_simple(statement, meter)

    def _check_simple(self, statement: Property, meter: Meter) -> _Answer:
        """Check a simple property; where moves are left out of the system, only what a run shows is decided."""
        answer = self._check_large(statement) or self._check_on_graph(statement, meter)
        if not self._system.omitted_events or _is_shown_by_run(statement, answer.verdict):
            return answer
        event_names = ", ".join(map(quote, self._system.omitted_events[:3]))
        reason = f"not decided: events share a name and fire by themselves: {event_names}"
        return _Answer(SearchVerdict(None), "", reason, answer.positions)

    def _check_on_graph(self, statement: Property, meter: Meter) -> _Answer:
        """Check a simple property: first where one-shots can be repeated, for there are far fewer positions then."""
        if self._moments.may_be_proven_with_repeats(statement):
            answer = self._answer(statement, self._graph(statement, meter, exact_uses=False), meter)
            holds, run = answer.verdict.holds, answer.verdict.run
            if holds is None:
                return answer  # too many positions already
            repeats = run is not None and self._has_repeats(run)
            if self._moments.is_proven_with_repeats(statement, holds, repeats):
                return answer
        return self._answer(statement, self._graph(statement, meter, exact_uses=True), meter)

    @staticmethod
    def _answer(statement: Property, graph: ProductGraph, meter: Meter) -> _Answer:
        verdict = decide(graph, statement, meter)
        vacuous = vacuity(statement, lambda condition: 1 in graph.truth(condition)) if verdict.holds else ""
        return _Answer(verdict, vacuous, _why_impossible(statement, verdict), len(graph))

    def _has_repeats(self, labels: list[int]) -> bool:
        """Say whether a run fires a one-shot again."""
        actions = self._system.table.actions
        names = [actions[label].name for label in labels if label >= 0 and actions[label].one_shot]
        return len(set(names)) < len(names)

    def _check_several(self, statement: Property, parts: tuple[Property, ...], meter: Meter) -> _Answer:
        answers = [self._check(part, meter) for part in parts]
        values = [answer.verdict.holds for answer in answers]
        positions = max(answer.positions for answer in answers)
        deciding_value = isinstance(statement, AnyOf)  # one that holds decides "or", one that does not decides "and"
        if deciding_value in values:
            holds: bool | None = deciding_value
        else:
            holds = None if None in values else not deciding_value
        if holds is not False:
            vacuous = "; ".join(answer.vacuous for answer in answers if answer.vacuous)
            reasons = [answer.reason for answer in answers if answer.verdict.holds is None and answer.reason]
            reason = "; ".join(dict.fromkeys(reasons)) if holds is None else ""
            return _Answer(SearchVerdict(holds), vacuous, reason, positions)
        broken_parts = [
            (part, answer) for part, answer in zip(parts, answers, strict=True) if answer.verdict.holds is False
        ]
        runs = [answer.verdict.run for _, answer in broken_parts if answer.verdict.run is not None]
        shortest_run = None if deciding_value else min(runs, key=len, default=None)
        reason = "; ".join(f"{part.text} does not hold" for part, _ in broken_parts) if shortest_run is None else ""
        return _Answer(SearchVerdict(False, shortest_run), "", reason, positions)

    @cached_property
    def _large(self) -> LargeWorld | None:
        """The world as a large one; None when every position of it can be looked at quickly."""
        large = LargeWorld(self.names, self._system, self.budget, self.watch)
        size = large.size
        return large if size is None or size > MAX_LISTED_POSITIONS else None

    def _check_large(self, statement: Property) -> _Answer | None:
        """Check a property of a large world without looking at every position; None to list them even so."""
        large = self._large
        if large is None or any(has_once(condition) for condition in conditions_of(statement)):
            return None
        verdict = large.decide(statement)
        if verdict is None or verdict.holds is None:
            return None
        vacuous = ""
        if verdict.holds:
            vacuous = vacuity(statement, lambda condition: large.happens(condition) is not False)
        reason = _why_impossible(statement, verdict) or verdict.remark
        return _Answer(verdict, vacuous, reason, large.size or 0)

    def _graph(self, statement: Property, meter: Meter, *, exact_uses: bool) -> ProductGraph:
        """Return a graph that a simple property can be decided on; properties share one where they can."""
        conditions = needed_conditions(statement)
        shared_key = sharing_key(self._moments, statement)
        if shared_key is None:
            return self._build(conditions, meter, exact_uses)
        key = (exact_uses, *shared_key)
        if key not in self._graphs:
            sharing_statements = [
                other for other in self._statements if sharing_key(self._moments, other) == shared_key
            ]
            shared_conditions = dict.fromkeys(
                condition for other in sharing_statements for condition in needed_conditions(other)
            )
            self._graphs[key] = self._build(shared_conditions, meter, exact_uses)
        return self._graphs[key]

    def _build(self, conditions: Iterable[Condition], meter: Meter, exact_uses: bool) -> ProductGraph:
        most_nodes = max(1, self.budget.memory // BYTES_PER_NODE)
        if self._large is not None and (self._large.size is None or 2 * self._large.size > most_nodes):
            # there is no hope to list them all: only runs that break it soon are found
            most_nodes = min(most_nodes, MAX_LISTED_POSITIONS)
        return build_product(self._system, self.names, conditions, meter, most_nodes, exact_uses=exact_uses)


def _why_impossible(statement: Property, verdict: SearchVerdict) -> str:
    return "no run comes to such a moment" if isinstance(statement, Possible) and verdict.holds is False else ""


def _is_shown_by_run(statement: Property, verdict: SearchVerdict) -> bool:
    """Say whether the run of a verdict alone shows that it is right, whatever other runs there are."""
    rests_on_all_runs = isinstance(statement, AlwaysPossible | LeadsTo)
    return not rests_on_all_runs and verdict.holds is isinstance(statement, Possible)
