"""The least number of paths through a graph without cycles that together use every edge and node often enough.

A minimum flow with lower bounds: a flow that meets them is made greedily, then as much of it as can be is
sent back (Dinic 1970). As flows are whole numbers, the least flow is that many paths.
"""

from __future__ import annotations

from collections.abc import Mapping

UNLIMITED_ROOM = 1 << 60
MAX_WORK = 25_000_000
"""Arcs that may be looked at: a few seconds' worth, and the same on every machine."""


def fewest_paths(count: int, start: int, edges: Mapping[tuple[int, int], int], nodes: Mapping[int, int]) -> int | None:
    """Return the least number of paths from a node that meet every demand; None when that takes too much work.

    Args:
        count: How many nodes there are; an edge leads from a higher number to a lower one.
        start: Where every path begins; every node can be reached from it. A path may end anywhere.
        edges: The edges, and how many paths must use each.
        nodes: How many paths must use a node; where none must, nothing is said.
    """
    into: list[list[int]] = [[] for _ in range(count)]
    for before, after in edges:
        into[after].append(before)
    flow = dict(edges)
    outflow = [0] * count
    through = [0] * count
    for node in range(count):  # a path goes down: all that leaves a node is known when it is its turn
        inflow = sum(flow[before, node] for before in into[node])
        through[node] = max(outflow[node], nodes.get(node, 0), inflow)
        if into[node]:
            flow[into[node][0], node] += through[node] - inflow
        for before in into[node]:
            outflow[before] += flow[before, node]
    # A node is two: its entrance 2n, its exit 2n + 1. Sending flow back from the end to the start lessens it.
    end = 2 * count
    net = _ResidualNetwork(end + 1)
    for node in range(count):
        net.arc(2 * node, 2 * node + 1, through[node] - nodes.get(node, 0))
        net.arc(2 * node + 1, end, through[node] - outflow[node])
    for (before, after), demand in edges.items():
        net.arc(2 * before + 1, 2 * after, flow[before, after] - demand)
    spare_paths = net.most(end, 2 * start)
    return None if spare_paths is None else through[start] - spare_paths


class _ResidualNetwork:
    """The residual of a flow: along an arc any amount more, against it so much as can be sent back."""

    def __init__(self, count: int) -> None:
        self._arcs: list[list[int]] = [[] for _ in range(count)]
        self._to: list[int] = []
        self._room: list[int] = []

    def arc(self, before: int, after: int, back: int) -> None:
        for node, head, room in ((before, after, UNLIMITED_ROOM), (after, before, back)):
            self._arcs[node].append(len(self._to))
            self._to.append(head)
            self._room.append(room)

    def most(self, source: int, sink: int) -> int | None:
        """Return the greatest flow between two nodes, or None when that takes too much work."""
        total = work = 0
        while (level := self._levels(source, sink)) is not None:
            next_arc = [0] * len(level)
            work += len(self._to)
            while amount := self._push(source, sink, level, next_arc):
                total += amount
                work += level[sink]
                if work > MAX_WORK:
                    return None
        return total

    def _levels(self, source: int, sink: int) -> list[int] | None:
        level = [-1] * len(self._arcs)
        level[source] = 0
        queue = [source]
        for node in queue:
            for arc in self._arcs[node]:
                if self._room[arc] and level[self._to[arc]] < 0:
                    level[self._to[arc]] = level[node] + 1
                    queue.append(self._to[arc])
        return level if level[sink] >= 0 else None

    def _push(self, source: int, sink: int, level: list[int], next_arc: list[int]) -> int:
        path: list[int] = []
        node = source
        while node != sink:
            arcs = self._arcs[node]
            while next_arc[node] < len(arcs):
                arc = arcs[next_arc[node]]
                if self._room[arc] and level[self._to[arc]] == level[node] + 1:
                    break
                next_arc[node] += 1
            else:
                if not path:
                    return 0
                node = self._to[path.pop() ^ 1]
                next_arc[node] += 1
                continue
            path.append(arc)
            node = self._to[arc]
        amount = min(self._room[arc] for arc in path)
        for arc in path:
            self._room[arc] -= amount
            self._room[arc ^ 1] += amount
        return amount
