"""``check``: which properties hold for every run of a world, and a shortest run for each that does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked
from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import quote
from worldkit.exploration.budget import Budget, BudgetSpent, Meter, Watch
from worldkit.exploration.transition_system import TransitionSystem, build_system
from worldkit.exploration.witness import witness_trace
from worldkit.playing.trace import Trace
from worldkit.properties import search
from worldkit.properties.conditions import (
    And,
    Available,
    Condition,
    Named,
    Not,
    Once,
    Or,
    Over,
    PropertyError,
    parts_of,
)
from worldkit.properties.files import Properties
from worldkit.properties.grammar import parse_property
from worldkit.properties.large_worlds import LargeWorld
from worldkit.properties.names import Names, Tags
from worldkit.properties.product import BYTES_PER_NODE, ProductGraph, build_product
from worldkit.properties.results import PropertyResult, PropertyResults
from worldkit.properties.search import SearchVerdict
from worldkit.properties.statements import (
    AllOf,
    Always,
    AlwaysPossible,
    AnyOf,
    AtMost,
    Before,
    LeadsTo,
    Negated,
    Never,
    NeverAfter,
    Possible,
    Property,
    Until,
    Within,
    conditions_of,
)

if TYPE_CHECKING:
    from worldkit.world import World

MAX_LISTED = 200_000
"""A world with more classes of positions than this is large: what can be answered otherwise is."""

Statement = str | Property
PropertiesGiven = Statement | Properties | Sequence[Statement] | Mapping[str, Statement] | None


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
        A result for each, in order.

    Raises:
        PropertyError: A property cannot be read, or names what the world does not have.
        InvalidWorld: The world has no states.

    Example:
        >>> wk.check(world, 'never state "bench" while not holding "mitten"')
        0 of 1 property holds
          broken     never state "bench" while not holding "mitten"  after 1 step: walk_up_the_lane
    """
    if not json_of(world)["scene"]["states"]:
        problem = Problem("scene.states", "expected at least one state to play in, got none; add a state")
        raise InvalidWorld([problem], world.name or world.id or "the world")
    names, named_statements = as_named_properties(world, properties, tags)
    return PropertyResults(check_resolved(world, names, named_statements, budget))


def check_resolved(
    world: World,
    names: Names,
    statements: Sequence[tuple[str, Property]],
    budget: Budget | None = None,
    watch: Watch | None = None,
) -> list[PropertyResult]:
    """Check properties whose names were looked up.

    Args:
        world: The world; it has at least one state.
        names: What names stand for.
        statements: The properties with their names.
        budget: What it may cost.
        watch: Called now and then; may raise ``Cancelled``.

    Returns:
        A result for each, in order.

    Raises:
        Cancelled: The watcher said so.
    """
    checker = _Checker(world, names, budget or Budget(), [statement for _, statement in statements], watch)
    return [checker.result(name, statement) for name, statement in statements]


def as_named_properties(
    world: World, properties: PropertiesGiven, tags: Tags | None = None
) -> tuple[Names, list[tuple[str, Property]]]:
    """Return properties, as they are given to ``check``, with their names; what they name is looked up."""
    if properties is None:
        properties = world.properties
    named_properties, all_tags = _with_names(properties)
    names = Names(world, {**all_tags, **(tags or {})})
    return names, [(name, _resolve(names, name, statement)) for name, statement in named_properties]


def _with_names(
    properties: Statement | Properties | Sequence[Statement] | Mapping[str, Statement],
) -> tuple[list[tuple[str, Property]], Tags]:
    tags: Tags = {}
    if isinstance(properties, Properties):
        tags = properties.tags
    if isinstance(properties, Mapping):
        return [(name, as_property(value)) for name, value in properties.items()], tags
    values = [properties] if isinstance(properties, (str, Property)) else properties
    statements = [as_property(value) for value in values]
    return [(statement.text, statement) for statement in statements], tags


def as_property(value: Statement) -> Property:
    """Return a property that was given as text or as a value."""
    if isinstance(value, Property):
        return value
    if isinstance(value, str):
        return parse_property(value)
    raise PropertyError(f"expected a property, as text or as a value, got {quote(value)}")


def _resolve(names: Names, name: str, statement: Property) -> Property:
    try:
        return names.resolve_property(statement)
    except PropertyError as error:
        raise PropertyError(f"{name}: {error}") from None


@dataclass(eq=False)
class _Checker:
    """Checks the properties of one world; those that need no bits of their own share one graph."""

    world: World
    names: Names
    budget: Budget
    statements: Sequence[Property]
    watch: Watch | None = None
    _graphs: dict[tuple[bool, bool], ProductGraph] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._deadline = time.perf_counter() + self.budget.seconds
        self._statements = [part for statement in self.statements for part in _simple_parts(statement)]
        self._system: TransitionSystem = build_system(self.world)

    def result(self, name: str, statement: Property) -> PropertyResult:
        """Check one property."""
        meter = Meter("checking properties", self._deadline, self.watch)
        try:
            verdict, vacuous, reason, positions = self._check(statement, meter)
        except BudgetSpent as error:
            return PropertyResult(statement, name, None, reason=f"not decided: {error}")
        holds = verdict.holds
        if holds is not False and self._system.omitted and not reason:
            event_names = ", ".join(map(quote, self._system.omitted[:3]))
            reason = f"not decided: events share a name and fire by themselves: {event_names}"
            holds = None
        elif holds is None and not reason:
            reason = f"not decided: {positions:,} positions were looked at, with more than the budget allows left"
        run = None if verdict.run is None else self._trace(verdict.run)
        if isinstance(statement, Possible) or (isinstance(statement, Negated) and holds):
            return PropertyResult(statement, name, holds, None, run, vacuous, reason, positions)
        return PropertyResult(statement, name, holds, run, None, vacuous, reason, positions)

    def _trace(self, labels: list[int]) -> Trace:
        return witness_trace(self.world, None, self._system, labels)

    def _check(self, statement: Property, meter: Meter) -> tuple[SearchVerdict, str, str, int]:
        match statement:
            case AllOf(parts) | AnyOf(parts):
                return self._check_several(statement, parts, meter)
            case Negated(part):
                verdict, _, reason, positions = self._check(part, meter)
                holds = None if verdict.holds is None else not verdict.holds
                if holds is False:
                    reason = f"{part.text}: that holds for every run" if not isinstance(part, Possible) else ""
                return SearchVerdict(holds, verdict.run), "", reason, positions
            case _:
                if (answer := self._check_large(statement)) is not None:
                    return answer
                graph = self._graph(statement, meter)
                verdict = decide(graph, statement, meter)
                vacuous = vacuity(statement, lambda condition: 1 in graph.truth(condition)) if verdict.holds else ""
                reason = ""
                if isinstance(statement, Possible) and verdict.holds is False:
                    reason = "no run comes to such a moment"
                return verdict, vacuous, reason, len(graph)

    def _check_several(
        self, statement: Property, parts: tuple[Property, ...], meter: Meter
    ) -> tuple[SearchVerdict, str, str, int]:
        answers = [self._check(part, meter) for part in parts]
        values = [answer[0].holds for answer in answers]
        positions = max(answer[3] for answer in answers)
        deciding_value = isinstance(statement, AnyOf)  # one that holds decides "or", one that does not decides "and"
        vacuous = "; ".join(answer[1] for answer in answers if answer[1])
        if deciding_value in values:
            holds: bool | None = deciding_value
        else:
            holds = None if None in values else not deciding_value
        if holds is not False:
            return SearchVerdict(holds), vacuous, "", positions
        broken_answers = [answer for answer in answers if answer[0].holds is False]
        with_runs = [answer for answer in broken_answers if answer[0].run is not None]
        shortest_answer = (
            min(with_runs, key=lambda answer: len(answer[0].run or ()), default=None) if not deciding_value else None
        )
        reason = "" if shortest_answer else "; ".join(f"{part.text} does not hold" for part in parts)
        return SearchVerdict(False, shortest_answer[0].run if shortest_answer else None), "", reason, positions

    @cached_property
    def _large(self) -> LargeWorld | None:
        """The world as a large one; None when every position of it can be looked at quickly."""
        large = LargeWorld(self.names, self._system, self.budget, self.watch)
        size = large.size
        return large if size is None or size > MAX_LISTED else None

    def _check_large(self, statement: Property) -> tuple[SearchVerdict, str, str, int] | None:
        """Check a property of a large world without looking at every position; None to list them even so."""
        if self._large is None or any(_has_once(condition) for condition in conditions_of(statement)):
            return None
        verdict = self._large.decide(statement)
        if verdict is None or verdict.holds is None:
            return None
        vacuous = ""
        if verdict.holds:
            vacuous = vacuity(
                statement, lambda condition: self._large is None or self._large.happens(condition) is not False
            )
        reason = "no run comes to such a moment" if isinstance(statement, Possible) and not verdict.holds else ""
        return verdict, vacuous, reason or verdict.remark, self._large.size or 0

    def _graph(self, statement: Property, meter: Meter) -> ProductGraph:
        """Return a graph that a simple property can be decided on; properties share one where they can."""
        conditions = needed_conditions(statement)
        key = _sharing_key(self._system, statement)
        if key is None:
            return self._build(conditions, meter, _tells_uses_apart(statement))
        if key not in self._graphs:
            sharing_statements = [other for other in self._statements if _sharing_key(self._system, other) == key]
            shared_conditions = dict.fromkeys(
                condition for other in sharing_statements for condition in needed_conditions(other)
            )
            self._graphs[key] = self._build(shared_conditions, meter, key[0])
        return self._graphs[key]

    def _build(self, conditions: Iterable[Condition], meter: Meter, exact_uses: bool) -> ProductGraph:
        most_nodes = max(1, self.budget.memory // BYTES_PER_NODE)
        if self._large is not None and (self._large.size is None or 2 * self._large.size > most_nodes):
            # there is no hope to list them all: only runs that break it soon are found
            most_nodes = min(most_nodes, MAX_LISTED)
        return build_product(self._system, self.names, conditions, meter, most_nodes, exact_uses=exact_uses)


def _simple_parts(statement: Property) -> Iterator[Property]:
    match statement:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _simple_parts(part)
        case Negated(part):
            yield from _simple_parts(part)
        case _:
            yield statement


def _sharing_key(system: TransitionSystem, statement: Property) -> tuple[bool, bool] | None:
    """Return which properties one can share its graph with: those of the same key; None for a graph of its own.

    Bits of what happens at one moment multiply a graph by no more than the moves into a position, for all properties
    together. Bits of what happened once can double it each.
    """
    conditions = needed_conditions(statement)
    if any(_has_once(condition) for condition in conditions):
        return None
    is_momentary = any(_is_momentary(system, condition) for condition in conditions)
    return _tells_uses_apart(statement), is_momentary


def _tells_uses_apart(statement: Property) -> bool:
    """Say whether one more step counts, though it changes nothing: then it matters that a one-shot is used up."""
    return isinstance(statement, (Within, NeverAfter))


def _has_once(condition: Condition) -> bool:
    return isinstance(condition, Once) or any(map(_has_once, parts_of(condition)))


def _is_momentary(system: TransitionSystem, condition: Condition) -> bool:
    match condition:
        case Named("event"):
            return True
        case Named("state" | "ending" | "tag") | Over():
            return any(len(route) > 2 for route in system.sequences)
        case _:
            return any(_is_momentary(system, part) for part in parts_of(condition))


def needed_conditions(statement: Property) -> tuple[Condition, ...]:
    """Return the conditions that a graph must have the bits of, so that a property can be decided on it."""
    if isinstance(statement, AtMost):
        return tuple(Once(condition) for condition in statement.conditions)
    return conditions_of(statement)


def decide(graph: ProductGraph, statement: Property, meter: Meter) -> SearchVerdict:
    """Return whether a simple property holds on a graph, and a shortest run that shows it."""
    truth = graph.truth
    match statement:
        case Never(condition, steps):
            return search.check_never(graph, truth(condition), steps)
        case Always(condition):
            return search.check_never(graph, truth(Not(condition)))
        case Possible(condition):
            return search.check_possible(graph, truth(condition))
        case AlwaysPossible(condition):
            return search.check_always_possible(graph, truth(condition), _over(graph))
        case Before(first, second):
            return search.check_before(graph, truth(first), truth(second))
        case Until(first, second):
            return search.check_until(graph, truth(first), truth(second))
        case NeverAfter(first, second):
            return search.check_never_after(graph, truth(first), truth(second))
        case LeadsTo(first, second):
            return search.check_leads_to(graph, truth(first), truth(second))
        case Within(condition, steps, of):
            return search.check_within(graph, truth(condition), steps, None if of is None else truth(of), meter)
        case AtMost(count, conditions):
            once_truths = [truth(Once(condition)) for condition in conditions]
            return search.check_never(graph, bytearray(sum(row) > count for row in zip(*once_truths, strict=True)))
        case _:
            raise TypeError(type(statement).__name__)


def _over(graph: ProductGraph) -> bytearray:
    endings = graph.conditions.system.endings
    return bytearray(state in endings for state in graph.states)


def vacuity(statement: Property, happens: Callable[[Condition], bool]) -> str:
    """Return what never happens, so that a property that holds says nothing; empty when it says something.

    Args:
        statement: The property; it holds.
        happens: Says whether a condition ever holds.
    """
    for condition in premises_of(statement):
        if not happens(condition):
            return f"{_never_text(condition)}, so this holds of nothing"
    if isinstance(statement, AtMost):
        possible_count = sum(map(happens, statement.conditions))
        if possible_count <= statement.count:
            return f"{f'only {possible_count}' if possible_count else 'none'} of them can ever happen"
    return ""


def premises_of(statement: Property) -> tuple[Condition, ...]:
    """Return what has to happen at some moment so that a property that holds says something."""
    match statement:
        case Never(And(parts)):
            return tuple(part for part in parts if not isinstance(part, Not))
        case Always(Or(parts)):
            return tuple(part.part for part in parts if isinstance(part, Not))
        case Before(_, second):
            return (second,)
        case NeverAfter(first, second):
            return first, second
        case LeadsTo(first, _):
            return (first,)
        case Within(_, _, of) if of is not None:
            return (of,)
        case _:
            return ()


def _never_text(condition: Condition) -> str:
    verb = {"event": "is never fired", "flag": "is never held", "mission": "is never completed"}
    match condition:
        case Available(name):
            return f"event {quote(name)} is never available"
        case Named(kind, name):
            return f"{'' if kind == 'flag' else f'{kind} '}{quote(name)} {verb.get(kind, 'is never reached')}"
        case _:
            return f"there is never {condition.text}"
