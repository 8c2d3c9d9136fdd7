"""Which item of one world is which item of the other, and which of them keep their places."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from worldkit.core.json_values import Json


def paired(before: Sequence[Json], after: Sequence[Json]) -> dict[int, int]:
    """Return which event is which, by name: indices in the first list by indices in the second.

    Of several events with one name equal ones belong together, the rest go in order.
    """
    olds_of = {event["name"]: at for at, event in enumerate(before)}
    news_of = {event["name"]: at for at, event in enumerate(after)}
    if len(olds_of) == len(before) and len(news_of) == len(after):
        return {new: olds_of[name] for name, new in news_of.items() if name in olds_of}
    left, right = _by_name(before), _by_name(after)
    found: dict[int, int] = {}
    for name, news in right.items():
        olds = left.get(name)
        if olds is None:
            continue
        if len(olds) == 1 and len(news) == 1:
            found[news[0]] = olds[0]
            continue
        twins: defaultdict[str, list[int]] = defaultdict(list)
        for old in reversed(olds):
            twins[_written(before[old])].append(old)
        alike = {new: same.pop() for new in news if (same := twins[_written(after[new])])}
        found |= alike
        held = set(alike.values())
        rest = (old for old in olds if old not in held)
        found.update(zip((new for new in news if new not in alike), rest, strict=False))
    return found


def _written(event: Json) -> str:
    return json.dumps(event, sort_keys=True)


def _by_name(events: Sequence[Json]) -> dict[str, list[int]]:
    made: defaultdict[str, list[int]] = defaultdict(list)
    for index, event in enumerate(events):
        made[event["name"]].append(index)
    return made


def rising(numbers: Sequence[int]) -> set[int]:
    """Return a longest rising subsequence of distinct numbers: those that can stay where they are.

    Schensted, "Longest increasing and decreasing subsequences" (1961), by patience sorting.
    """
    if all(a < b for a, b in pairwise(numbers)):
        return set(numbers)
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(tails, number)
        before[number] = tails[length - 1] if length else None
        if length == len(tails):
            tails.append(number)
        else:
            tails[length] = number
    kept: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
