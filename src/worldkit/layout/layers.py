"""Assigns the nodes of a directed graph to layers: breaks cycles from the root, then uses longest paths.

The method is the first half of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of
Hierarchical System Structures" (1981). Edges between strongly connected components always point
right. Inside a component, where something has to point left, edges follow the distance from the
root, so that a map of rooms joined both ways spreads out from its entrance instead of becoming
the one long path that a depth-first search would make of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Edges = Mapping[int, Sequence[int]]


def breadth_first(
    out: Sequence[Sequence[int]], root: int, excluded_positions: Collection[int] = ()
) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Return the subgraph reachable from a root, breadth first, and the distance of each node.

    Args:
        out: Successors of every node.
        root: The node to start from.
        excluded_positions: Nodes that are not visited.
    """
    distance = {root: 0}
    queue = [root]
    for node in queue:
        step = distance[node] + 1
        for successor in out[node]:
            if successor not in distance and successor not in excluded_positions:
                distance[successor] = step
                queue.append(successor)
    return {node: [successor for successor in out[node] if successor in distance] for node in queue}, distance


def components(out: Edges) -> list[list[int]]:
    """Return the strongly connected components, every one before those that lead to it.

    Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), without recursion.
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    assigned_nodes: set[int] = set()
    stack: list[int] = []
    result: list[list[int]] = []
    for root in out:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        walk = [(root, iter(out[root]))]
        while walk:
            node, successors = walk[-1]
            for successor in successors:
                if successor not in index:
                    index[successor] = low[successor] = len(index)
                    stack.append(successor)
                    walk.append((successor, iter(out[successor])))
                    break
                if successor not in assigned_nodes and index[successor] < low[node]:
                    low[node] = index[successor]
            else:
                walk.pop()
                if walk and low[node] < low[walk[-1][0]]:
                    low[walk[-1][0]] = low[node]
                if low[node] == index[node]:
                    part: list[int] = []
                    while True:
                        member = stack.pop()
                        assigned_nodes.add(member)
                        part.append(member)
                        if member == node:
                            break
                    result.append(part)
    return result


def layers(out: Edges, distance: Mapping[int, int]) -> list[list[int]]:
    """Return the nodes of a graph in layers; its root is alone in the first.

    Args:
        out: Successors of every node, in breadth-first order from the root, as ``breadth_first`` returns them.
        distance: The distance of each node from the root.
    """
    part_of: dict[int, int] = {}
    for number, part in enumerate(reversed(components(out))):
        for node in part:
            part_of[node] = number
    position = {node: index for index, node in enumerate(out)}
    ranked_nodes = sorted(out, key=lambda node: (part_of[node], position[node]))
    strict = _longest_paths(out, ranked_nodes, part_of, distance)
    loose = _longest_paths(out, ranked_nodes, part_of, position)
    # edges between equally distant nodes read better left to right, unless the drawing gets much longer
    narrow = max(loose.values()) > 1.5 * max(strict.values()) + 3
    deep = strict if narrow else loose
    _shorten_edges(out, ranked_nodes, deep)
    rows: list[list[int]] = [[] for _ in range(max(deep.values()) + 1)]
    for node in out:
        rows[deep[node]].append(node)
    return [row for row in rows if row]


def by_distance(distance: Mapping[int, int]) -> list[list[int]]:
    """Return nodes in layers by their distance from a root."""
    rows: list[list[int]] = [[] for _ in range(max(distance.values()) + 1)]
    for node, steps in distance.items():
        rows[steps].append(node)
    return rows


def undirected_distance(
    neighbours: Sequence[Sequence[int]] | Mapping[int, Sequence[int]], nodes: Mapping[int, int]
) -> dict[int, int]:
    """Return the distance of nodes from the first of them, ignoring the direction of edges.

    Args:
        neighbours: The neighbours of each node, either direction.
        nodes: The nodes, the root first; others are ignored.
    """
    root = next(iter(nodes))
    distance = {root: 0}
    queue = [root]
    for node in queue:
        for neighbour in neighbours[node]:
            if neighbour in nodes and neighbour not in distance:
                distance[neighbour] = distance[node] + 1
                queue.append(neighbour)
    return distance


def _longest_paths(
    out: Edges, ranked_nodes: Sequence[int], part_of: dict[int, int], inner: Mapping[int, int]
) -> dict[int, int]:
    depth = dict.fromkeys(ranked_nodes, 0)
    for node in ranked_nodes:
        part, own_order, step = part_of[node], inner[node], depth[node] + 1
        for successor in out[node]:
            if depth[successor] < step and (part_of[successor] != part or own_order < inner[successor]):
                depth[successor] = step
    return depth


def _shorten_edges(out: Edges, ranked_nodes: Sequence[int], depth: dict[int, int]) -> None:
    """Shorten edges: move nodes with more outgoing than incoming edges next to their successors."""
    in_degree = dict.fromkeys(ranked_nodes, 0)
    for node in ranked_nodes:
        for successor in out[node]:
            if depth[successor] > depth[node]:
                in_degree[successor] += 1
    for node in reversed(ranked_nodes[1:]):
        successor_depths = [depth[successor] for successor in out[node] if depth[successor] > depth[node]]
        if len(successor_depths) > in_degree[node]:
            depth[node] = min(successor_depths) - 1
