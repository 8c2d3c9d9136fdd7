"""Strongly connected components of a graph of small integers, and what can be reached from where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol


class Graph(Protocol):
    """The successors of every node."""

    def __len__(self) -> int: ...
    def __getitem__(self, node: int, /) -> Sequence[int]: ...


def strong_components(out: Graph, roots: Iterable[int] | None = None) -> list[int]:
    """Return the component of every node, numbered so that an edge never leads to a higher number (Tarjan 1972).

    Args:
        roots: The nodes to begin at, by default all; -1 is returned for those that no way from these leads to.
    """
    count = len(out)
    order = [0] * count  # 0: not seen yet
    low = [0] * count
    component = [-1] * count
    stack: list[int] = []
    visited = component_count = 0
    for root in range(count) if roots is None else roots:
        if order[root]:
            continue
        visited += 1
        order[root] = low[root] = visited
        stack.append(root)
        path = [(root, iter(out[root]))]
        while path:
            node, rest = path[-1]
            for successor in rest:
                if not order[successor]:
                    visited += 1
                    order[successor] = low[successor] = visited
                    stack.append(successor)
                    path.append((successor, iter(out[successor])))
                    break
                if component[successor] < 0 and order[successor] < low[node]:
                    low[node] = order[successor]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                if low[node] == order[node]:
                    while True:
                        member = stack.pop()
                        component[member] = component_count
                        if member == node:
                            break
                    component_count += 1
    return component


def nodes_reaching(goals: Iterable[int], sources: Sequence[Sequence[int]]) -> set[int]:
    """Return goals and every node from which a way leads to one, by the nodes one step before each."""
    nodes = set(goals)
    stack = list(nodes)
    while stack:
        for node in sources[stack.pop()]:
            if node not in nodes:
                nodes.add(node)
                stack.append(node)
    return nodes


def transitive_closure(out: Graph) -> list[int]:
    """Return for every node the set of nodes that can be reached from it, itself included, as an integer's bits."""
    component = strong_components(out)
    groups: list[list[int]] = [[] for _ in range(max(component, default=-1) + 1)]
    for node, number in enumerate(component):
        groups[number].append(node)
    reach = [0] * len(groups)
    for number, group in enumerate(groups):
        reachable = 0
        for node in group:
            reachable |= 1 << node
            for successor in out[node]:
                reachable |= reach[component[successor]]  # the component itself still holds nothing
        reach[number] = reachable
    return [reach[number] for number in component]
