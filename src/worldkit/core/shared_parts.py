"""What differs between two lists that share most of their objects."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import compress, count, filterfalse
from operator import eq, is_, is_not
from typing import Any, NamedTuple, TypeVar

_Items = TypeVar("_Items", Sequence[Any], "array[int]")

Hunk = tuple[int, int, int, int]
"""Where a difference begins and ends in the first list, and where in the second."""

_MAX_HUNKS = 64
_MAX_HUNK_LENGTH = 64


def hunks(before: Sequence[Any], after: Sequence[Any]) -> list[Hunk] | None:
    """Return where two lists differ; objects are the same only if they are identical.

    Args:
        before: The first list.
        after: The second list.

    Returns:
        The differences in order; between them the lists are the same. None if there are many or long ones.
    """
    return _hunks(before, after, is_, _shared_objects)


def hunks_of_numbers(before: array[int], after: array[int]) -> list[Hunk] | None:
    """Return where two arrays differ, like ``hunks``: much faster, since they are compared as bytes.

    Args:
        before: The first array.
        after: The second array.
    """
    return _hunks(before, after, eq, _shared_numbers)


class KeyChanges(NamedTuple):
    """What differs between two mappings.

    Attributes:
        removed_keys: The keys that went, in their order.
        changed_keys: The keys that came, and those that have another object, in their order.
        keeps_order: Whether the keys that both have are in the same order.
    """

    removed_keys: list[str]
    changed_keys: list[str]
    keeps_order: bool


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> KeyChanges:
    """Return what differs between two mappings; values are the same only if they are identical.

    Args:
        before: The first mapping.
        after: The second mapping.
    """
    old_keys, new_keys = list(before), list(after)
    differences = hunks(list(before.values()), list(after.values()))
    if differences is None or not are_keyed_alike(old_keys, new_keys, differences):
        differences = [(0, len(old_keys), 0, len(new_keys))]
    removed_keys, changed, keeps_order = list[str](), list[str](), True
    for start, end, first, last in differences:  # only what is in a difference is looked up
        old, new = old_keys[start:end], new_keys[first:last]
        removed_keys += filterfalse(after.__contains__, old)
        changed += [key for key in new if key not in before or before[key] is not after[key]]
        # what both have is in one place in both, or else it has moved
        keeps_order &= list(filter(after.__contains__, old)) == list(filter(before.__contains__, new))
    return KeyChanges(removed_keys, changed, keeps_order)


def are_keyed_alike(old_keys: list[str], new_keys: list[str], differences: list[Hunk]) -> bool:
    """Return whether values that two mappings share have the same keys.

    Args:
        old_keys: The keys of the first mapping.
        new_keys: The keys of the second mapping.
        differences: Where their values differ, as ``hunks`` returns it.
    """
    old = new = 0
    for start, end, first, last in [*differences, (len(old_keys), 0, len(new_keys), 0)]:
        if old_keys[old:start] != new_keys[new:first]:
            return False
        old, new = end, last
    return True


def _hunks(
    before: _Items, after: _Items, is_same: Callable[[Any, Any], bool], shared_at: Callable[[_Items, _Items], int]
) -> list[Hunk] | None:
    result: list[Hunk] = []
    old = new = 0
    while len(result) < _MAX_HUNKS:
        shared_count = shared_at(before[old:], after[new:])
        old, new = old + shared_count, new + shared_count
        if old == len(before) or new == len(after):
            if old < len(before) or new < len(after):
                result.append((old, len(before), new, len(after)))
            return result
        removed_count, inserted_count = _next_shared(before, after, old, new, is_same)
        if removed_count < 0:
            return None
        result.append((old, old + removed_count, new, new + inserted_count))
        old, new = old + removed_count, new + inserted_count
    return None


def _shared_objects(before: Sequence[Any], after: Sequence[Any]) -> int:
    """Return how many objects two lists share at their start."""
    shared_count = next(compress(count(), map(is_not, before, after)), None)
    return min(len(before), len(after)) if shared_count is None else shared_count


def _shared_numbers(before: array[int], after: array[int]) -> int:
    """Return how many numbers two arrays share at their start."""
    old, new, size = before.tobytes(), after.tobytes(), before.itemsize
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low * size : middle * size] == new[low * size : middle * size]:
            low = middle
        else:
            high = middle - 1
    return low


def _next_shared(
    before: _Items, after: _Items, old: int, new: int, is_same: Callable[[Any, Any], bool]
) -> tuple[int, int]:
    """Return how many objects to skip in each list until they are the same again; negative if there are too many."""
    for total in range(1, _MAX_HUNK_LENGTH):
        for removed_count in range(total, -1, -1):
            first, second = old + removed_count, new + total - removed_count
            if first > len(before) or second > len(after):
                continue
            if first == len(before) or second == len(after):
                if first == len(before) and second == len(after):
                    return removed_count, total - removed_count
                continue
            if is_same(before[first], after[second]):
                return removed_count, total - removed_count
    return -1, -1
