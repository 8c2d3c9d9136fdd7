"""Pairs the events of two worlds, and finds what identifies items of lists and which of them need not move."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from worldkit.core.json_values import Json


def pair_by_name(before: Sequence[Json], after: Sequence[Json]) -> dict[int, int]:
    """Pair the events of two lists by name: indices in the first list by indices in the second.

    Among events with the same name, equal ones are paired first, the others in order.
    """
    old_index = {event["name"]: index for index, event in enumerate(before)}
    new_index = {event["name"]: index for index, event in enumerate(after)}
    if len(old_index) == len(before) and len(new_index) == len(after):
        return {new: old_index[name] for name, new in new_index.items() if name in old_index}
    indices_before, indices_after = _group_by_name(before), _group_by_name(after)
    pairs: dict[int, int] = {}
    for name, new_indices in indices_after.items():
        old_indices = indices_before.get(name)
        if old_indices is None:
            continue
        if len(old_indices) == 1 and len(new_indices) == 1:
            pairs[new_indices[0]] = old_indices[0]
            continue
        copies: defaultdict[str, list[int]] = defaultdict(list)
        for old in reversed(old_indices):
            copies[canonical_text(before[old])].append(old)
        equal = {new: matches.pop() for new in new_indices if (matches := copies[canonical_text(after[new])])}
        pairs |= equal
        paired_indices = set(equal.values())
        unpaired_indices = (old for old in old_indices if old not in paired_indices)
        pairs.update(zip((new for new in new_indices if new not in equal), unpaired_indices, strict=False))
    return pairs


def canonical_text(body: Json) -> str:
    """Return a state or an event as text that is the same for the same fields in any order."""
    return json.dumps(body, sort_keys=True)


def _group_by_name(events: Sequence[Json]) -> dict[str, list[int]]:
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for index, event in enumerate(events):
        groups[event["name"]].append(index)
    return groups


def longest_increasing(numbers: Sequence[int]) -> set[int]:
    """Return a longest increasing subsequence of distinct numbers, as a set: the items that need not move.

    Schensted, "Longest increasing and decreasing subsequences" (1961), by patience sorting.
    """
    if all(a < b for a, b in pairwise(numbers)):
        return set(numbers)
    tails: list[int] = []
    predecessor: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(tails, number)
        predecessor[number] = tails[length - 1] if length else None
        if length == len(tails):
            tails.append(number)
        else:
            tails[length] = number
    result: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        result.add(last)
        last = predecessor[last]
    return result


def common_id(fields: Sequence[str], *sides: Sequence[Any]) -> str | None:
    """Return the first field that identifies the items of a list on every side; None when there is none.

    Args:
        fields: The fields that may.
    """
    return next((field for field in fields if all(_is_unique(field, side) for side in sides)), None)


def _is_unique(field: str, items: Sequence[Any]) -> bool:
    if not all(isinstance(item, dict) and isinstance(item.get(field), str) for item in items):
        return False
    return len({item[field] for item in items}) == len(items)


def unique_labels(events: Iterable[Json]) -> list[str]:
    """Return the names of events, the second of one name as ``"<name> (2)"`` and so on.

    Args:
        events: The events, in order.
    """
    names = [event["name"] for event in events]
    taken_labels = set(names)
    if len(taken_labels) == len(names):
        return names
    counts: Counter[str] = Counter()
    labels = []
    for name in names:
        counts[name] += 1
        label = name
        while counts[name] > 1 and label in taken_labels:
            label = f"{name} ({counts[name]})"
            counts[name] += label in taken_labels
        taken_labels.add(label)
        labels.append(label)
    return labels
