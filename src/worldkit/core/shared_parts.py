"""What differs between two lists that share most of their objects."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not
from typing import Any

Hunk = tuple[int, int, int, int]
"""Where a difference begins and ends in the first list, and where in the second."""

_MAX_HUNKS = 64
_MAX_LENGTH = 64


def hunks(before: Sequence[Any], after: Sequence[Any]) -> list[Hunk] | None:
    """Return where two lists differ; objects are the same only if they are identical.

    Args:
        before: The first list.
        after: The second list.

    Returns:
        The differences in order; between them the lists are the same. None if there are many or long ones.

    Example:
        >>> from worldkit.core.shared_parts import hunks
        >>> a, b, c = object(), object(), object()
        >>> hunks([a, b, c], [a, c])
        [(1, 2, 1, 1)]
    """
    result: list[Hunk] = []
    old = new = 0
    while len(result) < _MAX_HUNKS:
        shared = next(compress(count(), map(is_not, before[old:], after[new:])), None)
        if shared is None:
            shared = min(len(before) - old, len(after) - new)
        old, new = old + shared, new + shared
        if old == len(before) or new == len(after):
            if old < len(before) or new < len(after):
                result.append((old, len(before), new, len(after)))
            return result
        removed, inserted = _next_shared(before, after, old, new)
        if removed < 0:
            return None
        result.append((old, old + removed, new, new + inserted))
        old, new = old + removed, new + inserted
    return None


def _next_shared(before: Sequence[Any], after: Sequence[Any], old: int, new: int) -> tuple[int, int]:
    """Return how many objects to skip in each list until they are the same again; negative if there are too many."""
    for total in range(1, _MAX_LENGTH):
        for removed in range(total, -1, -1):
            first, second = old + removed, new + total - removed
            if first > len(before) or second > len(after):
                continue
            if first == len(before) or second == len(after):
                if first == len(before) and second == len(after):
                    return removed, total - removed
                continue
            if before[first] is after[second]:
                return removed, total - removed
    return -1, -1
