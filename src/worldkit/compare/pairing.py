"""Which item of one world is which item of the other: strict equality at speed, order, and renames."""

from __future__ import annotations

import marshal
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, TypeVar

from worldkit.jsonish import Json, same

K = TypeVar("K", bound=Hashable)

ALIKE = 0.7
"""How alike two proses must be, of 1, for a removed and an added item to be one that was renamed."""

TRIED = 2500
"""Most pairs of proses compared; beyond it only exact copies count as renamed."""


def differing(pairs: Sequence[tuple[K, Any, Any]]) -> list[tuple[K, Any, Any]]:
    """Return those of (key, before, after) whose values differ by JSON's types.

    Python's ``==`` runs at C speed but takes 1, 1.0 and true for equal. So it sorts out what surely
    differs, and one marshalling of all the rest at once tells whether any of them differs in type.
    """
    unequal: list[tuple[K, Any, Any]] = []
    equal: list[tuple[K, Any, Any]] = []
    for pair in pairs:
        if pair[1] is not pair[2]:
            (equal if pair[1] == pair[2] else unequal).append(pair)
    # version 2 writes no back references, so equal values of equal types give equal bytes
    if equal and marshal.dumps([p[1] for p in equal], 2) != marshal.dumps([p[2] for p in equal], 2):
        found = {id(p) for p in equal if not same(p[1], p[2])} | {id(p) for p in unequal}
        return [p for p in pairs if id(p) in found]
    return unequal


def settled(before: Sequence[K], after: Sequence[K]) -> set[K]:
    """Return the keys that can stay where they are: a longest common subsequence of two orders.

    Args:
        before: Distinct keys in the first order.
        after: Distinct keys in the second order.
    """
    place = {key: index for index, key in enumerate(before)}
    common = [key for key in after if key in place]
    spots = [place[key] for key in common]
    if all(a < b for a, b in pairwise(spots)):
        return set(common)
    tails: list[int] = []
    ends: list[int] = []
    previous = [-1] * len(spots)
    for index, spot in enumerate(spots):
        length = bisect_left(tails, spot)
        previous[index] = ends[length - 1] if length else -1
        tails[length : length + 1] = [spot]
        ends[length : length + 1] = [index]
    kept: set[K] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(common[index])
        index = previous[index]
    return kept


def renamed(removed: Mapping[str, Json], added: Mapping[str, Json], ignore: Iterable[str] = ()) -> dict[str, str]:
    """Return which removed items are added ones under a new name: exact copies first, then alike prose.

    Args:
        removed: Bodies by their old name.
        added: Bodies by their new name.
        ignore: Fields that do not count, such as the name itself.
    """
    skipped = set(ignore)
    strip: Callable[[Json], Json] = lambda body: {k: v for k, v in body.items() if k not in skipped}  # noqa: E731
    found: dict[str, str] = {}
    copies: dict[bytes, list[str]] = defaultdict(list)
    for name, body in added.items():
        copies[marshal.dumps(strip(body), 2)].append(name)
    for name, body in removed.items():
        if twins := copies.get(marshal.dumps(strip(body), 2)):
            found[name] = twins.pop(0)
    old = {name: str(body.get("base", "")) for name, body in removed.items() if name not in found}
    taken = set(found.values())
    new = {name: str(body.get("base", "")) for name, body in added.items() if name not in taken}
    if len(old) * len(new) > TRIED:
        return found
    matcher = SequenceMatcher(autojunk=False)
    scored: list[tuple[float, str, str]] = []
    for target, text in new.items():
        matcher.set_seq2(text)
        for source, was in old.items():
            matcher.set_seq1(was)
            if was and text and matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                scored.append((-matcher.ratio(), source, target))
    for score, source, target in sorted(scored):
        if -score >= ALIKE and source not in found and target not in taken:
            found[source] = target
            taken.add(target)
    return found
