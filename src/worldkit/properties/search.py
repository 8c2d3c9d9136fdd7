"""Checking single properties on a product graph: whether they hold, and a shortest run that shows it if not.

The searches go through pairs of a node and a phase, breadth first: what a property waits for by then. Each is linear
in the graph, times the number of phases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from worldkit.exploration.budget import Meter
from worldkit.exploration.moves import labels_to
from worldkit.properties.product import ProductGraph


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


def first_node(graph: ProductGraph, bad: bytearray, most_steps: int | None = None) -> int:
    """Return the first node, by steps, that is bad; -1 when there is none within so many steps."""
    node = bad.find(1)
    return node if node >= 0 and (most_steps is None or graph.steps[node] <= most_steps) else -1


def check_never(graph: ProductGraph, bad: bytearray, most_steps: int | None = None) -> SearchVerdict:
    """Check ``AG ¬bad``, of the moments up to some step if one is given."""
    node = first_node(graph, bad, most_steps)
    if node >= 0:
        return SearchVerdict(False, graph.run_to(node))
    is_all = graph.complete or (most_steps is not None and graph.steps[-1] > most_steps + 1)
    return SearchVerdict(True if is_all else None)


def check_possible(graph: ProductGraph, good: bytearray) -> SearchVerdict:
    """Check ``EF good``; the run is the one that gets there."""
    node = first_node(graph, good)
    if node >= 0:
        return SearchVerdict(True, graph.run_to(node))
    return SearchVerdict(False if graph.complete else None)


def check_always_possible(graph: ProductGraph, good: bytearray, over: bytearray) -> SearchVerdict:
    """Check ``AG (over ∨ EF good)``."""
    if not graph.complete:
        return SearchVerdict(None)
    reach = graph.can_reach(good)
    return check_never(graph, bytearray(not (can or end) for can, end in zip(reach, over, strict=True)))


def check_before(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check that no run comes to ``second`` along moments without ``first``."""
    return _search(graph, bytearray(b and not a for a, b in zip(first, second, strict=True)), barriers=first)


def check_until(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check ``A [first W second]``."""
    return _search(graph, bytearray(not (a or b) for a, b in zip(first, second, strict=True)), barriers=second)


def _search(graph: ProductGraph, bad: bytearray, barriers: bytearray) -> SearchVerdict:
    """Check that no run comes to a bad node along nodes that are not blocked."""
    if 1 not in bad:
        return SearchVerdict(True if graph.complete else None)
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
    return SearchVerdict(True if graph.complete else None)


def check_never_after(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check ``AG (first → AX AG ¬second)``."""

    def advance(node: int, phase: int, after: int) -> int:
        return 1 if phase or first[node] else 0

    return _search_phases(graph, 0, advance, lambda node, phase: bool(phase and second[node]))


def check_leads_to(graph: ProductGraph, first: bytearray, second: bytearray) -> SearchVerdict:
    """Check ``AG (first → ¬E [¬second U (¬second ∧ ¬EF second)])``."""
    if not graph.complete:
        return SearchVerdict(None)
    reach = graph.can_reach(second)

    def advance(node: int, phase: int, after: int) -> int:
        return 0 if second[after] else 1 if phase or first[after] else 0

    start = 1 if first[0] and not second[0] else 0
    return _search_phases(graph, start, advance, lambda node, phase: bool(phase and not reach[node]))


def check_within(
    graph: ProductGraph, good: bytearray, steps: int, of: bytearray | None, meter: Meter | None = None
) -> SearchVerdict:
    """Check ``AG (of → AF≤steps good)``, or from the beginning only.

    Args:
        graph: The graph.
        good: What has to come.
        steps: Within how many steps.
        of: What it has to come after; None for the beginning.
        meter: The clock.
    """
    # phase 0: nothing is waited for; phase n: it is waited for, and n - 1 steps went by

    def advance(node: int, phase: int, after: int) -> int:
        if good[after]:
            return 0
        return phase + 1 if phase else 1 if of is not None and of[after] else 0

    def is_broken(node: int, phase: int) -> bool:
        return phase > steps or (phase > 0 and node in last_nodes)

    # where moves are left out of the system, a run that seems to be at its end may go on
    knows_ends = graph.complete and not graph.conditions.system.omitted
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
    return SearchVerdict(True if graph.complete else None)
