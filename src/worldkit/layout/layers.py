"""Layers of a directed graph, left to right: cycles broken from the root, then longest paths.

The method is the first half of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of
Hierarchical System Structures" (1981). Edges between strongly connected components always point
right. Inside a component, where something has to point left, edges follow the distance from the
root, so that a map of rooms joined both ways spreads out from its entrance instead of becoming
the one long path that a depth-first search would make of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Edges = Mapping[int, Sequence[int]]


def reach(
    out: Sequence[Sequence[int]], root: int, taken: Collection[int] = ()
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Return the graph reached from a root, breadth first, and how far each of its nodes is.

    Args:
        out: Successors of every node.
        root: Where to begin.
        taken: Nodes that are not entered.
    """
    distance = {root: 0}
    queue = [root]
    for node in queue:
        step = distance[node] + 1
        for other in out[node]:
            if other not in distance and other not in taken:
                distance[other] = step
                queue.append(other)
    return {node: [other for other in out[node] if other in distance] for node in queue}, distance


def components(out: Edges) -> list[list[int]]:
    """Return the strongly connected components, every one before those that lead to it.

    Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), without recursion.
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    closed: set[int] = set()
    stack: list[int] = []
    found: list[list[int]] = []
    for root in out:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        walk = [(root, iter(out[root]))]
        while walk:
            node, others = walk[-1]
            for other in others:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    walk.append((other, iter(out[other])))
                    break
                if other not in closed and index[other] < low[node]:
                    low[node] = index[other]
            else:
                walk.pop()
                if walk and low[node] < low[walk[-1][0]]:
                    low[walk[-1][0]] = low[node]
                if low[node] == index[node]:
                    part: list[int] = []
                    while True:
                        member = stack.pop()
                        closed.add(member)
                        part.append(member)
                        if member == node:
                            break
                    found.append(part)
    return found


def layers(out: Edges, distance: Mapping[int, int]) -> list[list[int]]:
    """Return the nodes of a graph in layers; its root is alone in the first.

    Args:
        out: Successors of every node, in breadth-first order from the root, as ``reach`` gives them.
        distance: How far each is from the root.
    """
    part_of: dict[int, int] = {}
    for number, part in enumerate(reversed(components(out))):
        for node in part:
            part_of[node] = number
    place = {node: at for at, node in enumerate(out)}
    ranked = sorted(out, key=lambda node: (part_of[node], place[node]))
    strict = _longest(out, ranked, part_of, distance)
    loose = _longest(out, ranked, part_of, place)
    # Edges between equally distant nodes read better left to right, unless the picture gets much longer.
    narrow = max(loose.values()) > 1.5 * max(strict.values()) + 3
    deep = strict if narrow else loose
    _settle(out, ranked, deep)
    rows: list[list[int]] = [[] for _ in range(max(deep.values()) + 1)]
    for node in out:
        rows[deep[node]].append(node)
    return [row for row in rows if row]


def _longest(out: Edges, ranked: Sequence[int], part_of: dict[int, int], inner: Mapping[int, int]) -> dict[int, int]:
    deep = dict.fromkeys(ranked, 0)
    for node in ranked:
        part, here, step = part_of[node], inner[node], deep[node] + 1
        for other in out[node]:
            if deep[other] < step and (part_of[other] != part or here < inner[other]):
                deep[other] = step
    return deep


def _settle(out: Edges, ranked: Sequence[int], deep: dict[int, int]) -> None:
    """Move nodes that lead on more than they are led to next to where they lead; edges get shorter."""
    into = dict.fromkeys(ranked, 0)
    for node in ranked:
        for other in out[node]:
            if deep[other] > deep[node]:
                into[other] += 1
    for node in reversed(ranked[1:]):
        onward = [deep[other] for other in out[node] if deep[other] > deep[node]]
        if len(onward) > into[node]:
            deep[node] = min(onward) - 1
