"""Three-way merge of sequences, the basis of merging lists and prose."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Origin = Literal["base", "ours", "theirs"]

_MAX_COMPARISONS = 4_000_000  # product of the lengths above which the differing stretch is one hunk


class Hunk(NamedTuple):
    """A stretch that was replaced: ``[start, end)`` of the old sequence by ``[first, last)`` of the new."""

    start: int
    end: int
    first: int
    last: int


class MergedItem(NamedTuple):
    """One item of the merged sequence: the sequence it comes from, and its index in that."""

    origin: Origin
    position: int


def common_ends(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[int, int]:
    """Return how many items two sequences begin with alike, and how many of the others they end with alike."""
    prefix, limit = 0, min(len(before), len(after))
    while prefix < limit and before[prefix] == after[prefix]:
        prefix += 1
    suffix, limit = 0, limit - prefix
    while suffix < limit and before[-1 - suffix] == after[-1 - suffix]:
        suffix += 1
    return prefix, suffix


def hunks(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Hunk]:
    """Return the stretches in which two sequences differ, in order."""
    prefix, suffix = common_ends(before, after)
    old, new = before[prefix : len(before) - suffix], after[prefix : len(after) - suffix]
    if not old and not new:
        return []
    if not old or not new or len(old) * len(new) > _MAX_COMPARISONS:
        return [Hunk(prefix, prefix + len(old), prefix, prefix + len(new))]
    codes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    return [
        Hunk(low + prefix, high + prefix, first + prefix, last + prefix)
        for tag, low, high, first, last in codes
        if tag != "equal"
    ]


def merge_sequences(
    base: Sequence[Hashable], ours: Sequence[Hashable], theirs: Sequence[Hashable], *, side_by_side: bool = False
) -> list[MergedItem] | None:
    """Return the sequence with the changes of both sides, or None where they overlap.

    Adjacent changes do not overlap; a change that both sides made is applied once.

    Args:
        ours: One side's.
        side_by_side: Whether insertions of both sides at the same position are kept, ours first; else they overlap.
    """
    our_hunks, their_hunks = hunks(base, ours), hunks(base, theirs)
    our_changes = {(one.start, one.end, tuple(ours[one.first : one.last])): one for one in our_hunks}
    only_theirs = [
        one for one in their_hunks if (one.start, one.end, tuple(theirs[one.first : one.last])) not in our_changes
    ]
    hunks_by_side: list[tuple[int, int, int, Hunk]] = [(one.start, one.end, 0, one) for one in our_hunks]
    hunks_by_side += [(one.start, one.end, 1, one) for one in only_theirs]
    hunks_by_side.sort(key=lambda row: row[:3])
    items: list[MergedItem] = []
    position, last_insertion = 0, -1
    for start, end, side, hunk in hunks_by_side:
        if start < position or (start == end == last_insertion and not side_by_side):
            return None
        items += [MergedItem("base", index) for index in range(position, start)]
        items += [MergedItem("theirs" if side else "ours", index) for index in range(hunk.first, hunk.last)]
        position = end
        last_insertion = start if start == end else -1
    items += [MergedItem("base", index) for index in range(position, len(base))]
    return items


def map_unchanged(length: int, changes: Sequence[Hunk]) -> dict[int, int]:
    """Return the new index of each unchanged item of a sequence, by its old index.

    Args:
        length: How many items the old sequence has.
        changes: The stretches in which it was changed.
    """
    new_index_of: dict[int, int] = {}
    position = shift = 0
    for hunk in changes:
        new_index_of.update((index, index + shift) for index in range(position, hunk.start))
        position, shift = hunk.end, hunk.last - hunk.end
    new_index_of.update((index, index + shift) for index in range(position, length))
    return new_index_of
