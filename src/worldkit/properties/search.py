"""Deciding simple properties on a product graph: whether they hold, and a shortest run that shows it if not.

The searches go through pairs of a node and a phase, breadth first: what a property waits for by then. Each is linear
in the graph, times the number of phases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from worldkit.exploration.budget import Meter
from worldkit.exploration.moves import labels_to
from worldkit.properties.conditions import Condition, Not, Once, parts_of
from worldkit.properties.moments import Moments
from worldkit.properties.product import ProductGraph
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


class SearchVerdict(NamedTuple):
    """What a search came to.

    Attributes:
        holds: Whether the property holds; None when the graph is not complete and no run says otherwise.
        run: The labels of a shortest run that breaks it, or that shows what is possible; None without one.
        remark: What is to be known about the run: that it was not proven to be a shortest one; empty when it was.
    """

    holds: bool | None
    run: list[int] | None = None
    remark: str = ""

    def negated(self) -> SearchVerdict:
        """Return the verdict on the opposite; the run shows it as well."""
        return self._replace(holds=None if self.holds is None else not self.holds)


def _check_never(graph: ProductGraph, bad: bytearray, most_steps: int | None = None) -> SearchVerdict:
    """Check ``AG ¬bad``, of the moments up to some step if one is given."""
    node = bad.find(1)
    if node >= 0 and (most_steps is None or graph.steps[node] <= most_steps):
        return SearchVerdict(False, graph.run_to(node))
    is_all = graph.is_complete or (most_steps is not None and graph.steps[-1] > most_steps + 1)
    return SearchVerdict(True if is_all else None)


def _check_always_possible(graph: ProductGraph, good: bytearray) -> SearchVerdict:
    """Check ``AG (over ∨ EF good)``."""
    if not graph.is_complete:
        return SearchVerdict(None)
    reach, endings = graph.can_reach(good), graph.conditions.system.endings
    pairs = zip(reach, graph.states, strict=True)
    return _check_never(graph, bytearray(not (can or state in endings) for can, state in pairs))


def _check_before(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check that no run comes to ``second`` along moments without ``first``."""
    return _search(graph, bytearray(b and not a for a, b in zip(first, second, strict=True)), barriers=first)


def _check_until(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check ``A [first W second]``."""
    return _search(graph, bytearray(not (a or b) for a, b in zip(first, second, strict=True)), barriers=second)


def _search(graph: ProductGraph, bad: bytearray, barriers: bytearray) -> SearchVerdict:
    """Check that no run comes to a bad node along nodes that are not blocked."""
    if 1 not in bad:
        return SearchVerdict(True if graph.is_complete else None)
    parents: dict[int, tuple[int, int] | None] = {0: None}
    queue = deque([0])
    while queue:
        node = queue.popleft()
        if bad[node]:
            return SearchVerdict(False, labels_to(parents, node))
        if not barriers[node]:
            for after, label in graph.successors[node]:
                if after not in parents:
                    parents[after] = node, label
                    queue.append(after)
    return SearchVerdict(True if graph.is_complete else None)


def _check_never_after(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check ``AG (first → AX AG ¬second)``."""

    def advance(node: int, phase: int, after: int) -> int:
        return 1 if phase or first[node] else 0

    return _search_phases(graph, 0, advance, lambda node, phase: bool(phase and second[node]))


def _check_leads_to(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check ``AG (first → ¬E [¬second U (¬second ∧ ¬EF second)])``."""
    if not graph.is_complete:
        return SearchVerdict(None)
    reach = graph.can_reach(second)

    def advance(node: int, phase: int, after: int) -> int:
        return 0 if second[after] else 1 if phase or first[after] else 0

    start = 1 if first[0] and not second[0] else 0
    return _search_phases(graph, start, advance, lambda node, phase: bool(phase and not reach[node]))


def _check_within(
    graph: ProductGraph, good: bytearray, steps: int, of: bytearray | None, meter: Meter | None = None
) -> SearchVerdict:
    """Check ``AG (of → AF≤steps good)``, or from the beginning only.

    Args:
        good: What has to come.
        steps: Within how many steps.
        of: What it has to come after; None for the beginning.
    """
    # phase 0: nothing is waited for; phase n: it is waited for, and n - 1 steps went by

    def advance(node: int, phase: int, after: int) -> int:
        if good[after]:
            return 0
        return phase + 1 if phase else 1 if of is not None and of[after] else 0

    def is_broken(node: int, phase: int) -> bool:
        return phase > steps or (phase > 0 and node in last_nodes)

    # where moves are left out of the system, a run that seems to be at its end may go on
    knows_ends = graph.is_complete and not graph.conditions.system.omitted_events
    last_nodes = {node for node, successors in enumerate(graph.successors) if not successors} if knows_ends else set()
    start = 1 if not good[0] and (of is None or of[0]) else 0
    if of is None and not start:
        return SearchVerdict(True)
    only_waiting = of is None
    return _search_phases(graph, start, advance, is_broken, only_waiting, meter)


def _search_phases(
    graph: ProductGraph,
    start: int,
    advance: Callable[[int, int, int], int],
    is_broken: Callable[[int, int], bool],
    only_waiting: bool = False,
    meter: Meter | None = None,
) -> SearchVerdict:
    """Check that no run breaks a property, going through nodes with phases.

    A later phase is nearer to breaking, so that a node is looked at again only with a later one than before.
    """
    latest_phases: dict[int, int] = {0: start}
    parents: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {(0, start): None}
    queue = deque([(0, start)])
    while queue:
        place = queue.popleft()
        node, phase = place
        if is_broken(node, phase):
            return SearchVerdict(False, labels_to(parents, place))
        if meter is not None:
            meter.work(len(graph.successors[node]) + 1)
        for after, label in graph.successors[node]:
            phase_after = advance(node, phase, after)
            if only_waiting and not phase_after:
                continue
            if latest_phases.get(after, -1) < phase_after:
                latest_phases[after] = phase_after
                parents[after, phase_after] = place, label
                queue.append((after, phase_after))
    return SearchVerdict(True if graph.is_complete else None)


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
            return _check_never(graph, truth(condition), steps)
        case Always(condition):
            return _check_never(graph, truth(Not(condition)))
        case Possible(condition):
            return _check_never(graph, truth(condition)).negated()
        case AlwaysPossible(condition):
            return _check_always_possible(graph, truth(condition))
        case Before(first, second):
            return _check_before(graph, truth(first), truth(second))
        case Until(first, second):
            return _check_until(graph, truth(first), truth(second))
        case NeverAfter(first, second):
            return _check_never_after(graph, truth(first), truth(second))
        case LeadsTo(first, second):
            return _check_leads_to(graph, truth(first), truth(second))
        case Within(condition, steps, of):
            return _check_within(graph, truth(condition), steps, None if of is None else truth(of), meter)
        case AtMost(count, conditions):
            once_truths = [truth(Once(condition)) for condition in conditions]
            return _check_never(graph, bytearray(sum(row) > count for row in zip(*once_truths, strict=True)))
        case _:
            raise TypeError(type(statement).__name__)
