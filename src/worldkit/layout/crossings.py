"""Counts how many straight lines between cards cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise

from worldkit.layout.measures import Position

Edge = tuple[int, int]
_Line = tuple[Position, Position, int, int]


def count_crossings(edges: Iterable[Edge], positions: Mapping[int, Position]) -> int:
    """Return how many pairs of edges cross, as straight lines; those that share an end do not.

    Args:
        edges: The edges, each pair of nodes once.
        positions: The place of every node.
    """
    return _count(_line(positions[a], positions[b], a, b) for a, b in edges)


def count_path_crossings(paths: Iterable[tuple[Edge, Sequence[Position]]]) -> int:
    """Return how often paths cross, those that share an end aside.

    Args:
        paths: The points of each path, with the nodes that it joins.
    """
    return _count(_line(start, end, a, b) for (a, b), points in paths for start, end in pairwise(points))


def _count(all_lines: Iterable[_Line]) -> int:
    lines = sorted(all_lines)
    count = 0
    for index, ((px, py), (qx, qy), a, b) in enumerate(lines):
        top, bottom = (py, qy) if py < qy else (qy, py)
        dx, dy = qx - px, qy - py
        for (rx, ry), (sx, sy), c, d in islice(lines, index + 1, None):
            if rx > qx:
                break
            if (ry > bottom and sy > bottom) or (ry < top and sy < top):
                continue  # one is below the other
            # where each end is from the other line: the sign is the side
            if (dx * (ry - py) - dy * (rx - px)) * (dx * (sy - py) - dy * (sx - px)) < 0:
                ex, ey = sx - rx, sy - ry
                if (ex * (py - ry) - ey * (px - rx)) * (ex * (qy - ry) - ey * (qx - rx)) < 0:
                    count += a not in (c, d) and b not in (c, d)
    return count


def _line(start: Position, end: Position, a: int, b: int) -> _Line:
    """Return the ends of an edge, the left one first, with its nodes."""
    return (start, end, a, b) if start <= end else (end, start, a, b)
