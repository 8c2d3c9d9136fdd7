"""What a property asks of a product graph: which bits it needs, what can share the graph, which search decides it."""

from __future__ import annotations

from collections.abc import Iterator

from worldkit.exploration.budget import Meter
from worldkit.properties import search
from worldkit.properties.conditions import Condition, Not, Once, parts_of
from worldkit.properties.moments import Moments
from worldkit.properties.product import ProductGraph
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


def simple_parts(statement: Property) -> Iterator[Property]:
    """Yield the parts of a property that are not made of others by *and*, *or* and *not*."""
    match statement:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from simple_parts(part)
        case Negated(part):
            yield from simple_parts(part)
        case _:
            yield statement


def sharing_key(moments: Moments, statement: Property) -> tuple[bool, bool] | None:
    """Return which properties one can share its graph with: those of the same key; None for a graph of its own.

    Bits of what happens at one moment multiply a graph by no more than the moves into a position, for all properties
    together. Bits of what happened once can double it each.
    """
    conditions = needed_conditions(statement)
    if any(has_once(condition) for condition in conditions):
        return None
    return moments.notices_idle_steps(statement), any(map(moments.is_momentary, conditions))


def has_once(condition: Condition) -> bool:
    """Say whether a condition asks for what happened at an earlier moment, in any part of it."""
    return isinstance(condition, Once) or any(map(has_once, parts_of(condition)))


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
