"""Strongly connected components of a graph of small integers, and what can be reached from where."""

from __future__ import annotations

from collections.abc import Sequence

Graph = Sequence[Sequence[int]]


def components(out: Graph) -> list[int]:
    """Return the component of every node, numbered so that an edge never leads to a higher number (Tarjan 1972).

    Args:
        out: The successors of every node.
    """
    count = len(out)
    order = [0] * count  # 0: not seen yet
    low = [0] * count
    component = [-1] * count
    stack: list[int] = []
    seen = found = 0
    for root in range(count):
        if order[root]:
            continue
        seen += 1
        order[root] = low[root] = seen
        stack.append(root)
        path = [(root, iter(out[root]))]
        while path:
            node, rest = path[-1]
            for after in rest:
                if not order[after]:
                    seen += 1
                    order[after] = low[after] = seen
                    stack.append(after)
                    path.append((after, iter(out[after])))
                    break
                if component[after] < 0 and order[after] < low[node]:
                    low[node] = order[after]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                if low[node] == order[node]:
                    while True:
                        member = stack.pop()
                        component[member] = found
                        if member == node:
                            break
                    found += 1
    return component


def closure(out: Graph) -> list[int]:
    """Return for every node the set of nodes that can be reached from it, itself included, as an integer's bits.

    Args:
        out: The successors of every node.
    """
    component = components(out)
    groups: list[list[int]] = [[] for _ in range(max(component, default=-1) + 1)]
    for node, number in enumerate(component):
        groups[number].append(node)
    reach = [0] * len(groups)
    for number, group in enumerate(groups):
        made = 0
        for node in group:
            made |= 1 << node
            for after in out[node]:
                made |= reach[component[after]]  # the component itself still holds nothing
        reach[number] = made
    return [reach[number] for number in component]
