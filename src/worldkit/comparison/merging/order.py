"""The order of items that two sides have moved, added and removed."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from worldkit.comparison.pairing import longest_increasing

K = TypeVar("K", bound=Hashable)


def find_disputed(base: Sequence[K], ours: Sequence[K], theirs: Sequence[K]) -> list[K]:
    """Return the items that both sides moved, to different places, in the order of base.

    Args:
        base: The items of the common ancestor, in order.
        ours: One side's items.
    """
    moved_by_both = _find_moved(base, ours) & _find_moved(base, theirs)
    if not moved_by_both:
        return []
    common_keys = set(base).intersection(ours, theirs)
    if [key for key in ours if key in common_keys] == [key for key in theirs if key in common_keys]:
        return []
    return [key for key in base if key in moved_by_both]


def merge_order(base: Sequence[K], ours: Sequence[K], theirs: Sequence[K], remaining: Collection[K]) -> list[K]:
    """Return the remaining items in an order that has the moves and additions of both sides.

    An item that one side moved or added comes after the item it follows there; where both sides put items at the
    same position, ours come first.

    Args:
        base: The items of the common ancestor, in order.
        ours: One side's items.
        remaining: The items of the merged list.
    """
    moved_by_us, moved_by_them = _find_moved(base, ours), _find_moved(base, theirs)
    order = [key for key in ours if key in remaining and (key not in moved_by_them or key in moved_by_us)]
    merged_keys = set(order)
    if len(merged_keys) == len(remaining):
        return order
    # What they put after an item comes after what we put there.
    base_keys = set(base)
    ours_only = moved_by_us.union(key for key in order if key not in base_keys)
    successor: dict[K | None, K | None] = dict(zip([None, *order], [*order, None], strict=True))
    previous: K | None = None
    for key in theirs:
        if key not in remaining:
            continue
        if key not in merged_keys:
            anchor = previous
            while (next_key := successor[anchor]) is not None and next_key in ours_only:
                anchor = next_key
            successor[key], successor[anchor] = successor[anchor], key
            merged_keys.add(key)
        previous = key
    result: list[K] = []
    current = successor[None]
    while current is not None:
        result.append(current)
        current = successor[current]
    return result


def place_after(order: Sequence[K], predecessor_of: Mapping[K, K | None]) -> list[K]:
    """Return items in an order in which some follow others.

    Args:
        order: The items, in order.
        predecessor_of: What each of some items comes after; None for the first.

    Returns:
        The items; those that come after each other in a circle are left out, with all that comes after them.
    """
    followers: dict[K | None, list[K]] = {}
    for key, predecessor in predecessor_of.items():
        followers.setdefault(predecessor, []).append(key)
    result: list[K] = []
    to_place = [key for key in reversed(order) if key not in predecessor_of] + followers.get(None, [])[::-1]
    while to_place:
        key = to_place.pop()
        result.append(key)
        to_place += reversed(followers.get(key, ()))
    return result


def find_cycle(predecessor_of: Mapping[K, K | None]) -> tuple[K, K]:
    """Return an item that comes after itself, and what it is to come after.

    Args:
        predecessor_of: What each of some items comes after; among them are some that come after each other.

    Raises:
        LookupError: No item comes after itself.
    """
    checked_keys: set[K] = set()
    for start in predecessor_of:
        path: set[K] = set()
        key = start
        while key not in checked_keys:
            checked_keys.add(key)
            path.add(key)
            predecessor = predecessor_of.get(key)
            if predecessor is None:
                break
            if predecessor in path:
                return key, predecessor
            key = predecessor
    raise LookupError("no item comes after itself")


def _find_moved(base: Sequence[K], side: Sequence[K]) -> set[K]:
    position_of = {key: index for index, key in enumerate(base)}
    numbers = [position_of[key] for key in side if key in position_of]
    unmoved_numbers = longest_increasing(numbers)
    return (
        {base[number] for number in numbers if number not in unmoved_numbers}
        if len(unmoved_numbers) < len(numbers)
        else set()
    )
