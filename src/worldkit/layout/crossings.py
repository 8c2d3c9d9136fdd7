"""Counts how many straight lines between cards cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worldkit.layout.measures import Position

Edge = tuple[int, int]


def count_crossings(edges: Iterable[Edge], positions: Mapping[int, Position]) -> int:
    """Return how many pairs of edges cross, as straight lines; those that share an end do not.

    Args:
        edges: The edges, each pair of nodes once.
        positions: The place of every node.

    Example:
        >>> from worldkit.layout.crossings import count_crossings
        >>> count_crossings([(0, 3), (1, 2)], {0: (0, 0), 1: (0, 1), 2: (1, 0), 3: (1, 1)})
        1
    """
    lines = sorted(_line(positions[a], positions[b], a, b) for a, b in edges)
    count = 0
    for index, (p, q, a, b) in enumerate(lines):
        for other in range(index + 1, len(lines)):
            r, s, c, d = lines[other]
            if r[0] > q[0]:
                break
            if a in (c, d) or b in (c, d):
                continue
            if _side(p, q, r) * _side(p, q, s) < 0 and _side(r, s, p) * _side(r, s, q) < 0:
                count += 1
    return count


def _line(start: Position, end: Position, a: int, b: int) -> tuple[Position, Position, int, int]:
    """Return the ends of an edge, the left one first, with its nodes."""
    return (start, end, a, b) if start <= end else (end, start, a, b)


def _side(p: Position, q: Position, r: Position) -> float:
    """Return on which side of the line from p to q a point is, as a sign."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
