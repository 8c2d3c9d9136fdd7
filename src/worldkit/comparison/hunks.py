"""Two edits of one sequence laid together: the core of a three-way merge of lists and of prose."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Origin = Literal["base", "ours", "theirs"]

_MOST = 4_000_000  # items of one sequence times items of the other, above which what differs is taken whole


class Hunk(NamedTuple):
    """A stretch that was replaced: ``[start, end)`` of the old sequence by ``[first, last)`` of the new."""

    start: int
    end: int
    first: int
    last: int


class Taken(NamedTuple):
    """One item of the merged sequence: whose it is, and its index there."""

    origin: Origin
    at: int


def hunks(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Hunk]:
    """Return the stretches in which two sequences differ, in order.

    Args:
        before: The old sequence.
        after: The new one.
    """
    ahead, most = 0, min(len(before), len(after))
    while ahead < most and before[ahead] == after[ahead]:
        ahead += 1
    behind, most = 0, most - ahead
    while behind < most and before[-1 - behind] == after[-1 - behind]:
        behind += 1
    old, new = before[ahead : len(before) - behind], after[ahead : len(after) - behind]
    if not old and not new:
        return []
    if not old or not new or len(old) * len(new) > _MOST:
        return [Hunk(ahead, ahead + len(old), ahead, ahead + len(new))]
    codes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    return [
        Hunk(low + ahead, high + ahead, first + ahead, last + ahead)
        for tag, low, high, first, last in codes
        if tag != "equal"
    ]


def woven(
    base: Sequence[Hashable], ours: Sequence[Hashable], theirs: Sequence[Hashable], *, side_by_side: bool = False
) -> list[Taken] | None:
    """Return the sequence with the changes of both sides, or None where they overlap.

    Changes that touch are no overlap; what both sides changed alike is taken once.

    Args:
        base: The sequence both began with.
        ours: One side's.
        theirs: The other's.
        side_by_side: Where both put something in at the same place, take ours and then theirs; else that overlaps.
    """
    mine, other = hunks(base, ours), hunks(base, theirs)
    alike = {
        (one.start, one.end, tuple(ours[one.first : one.last])): one for one in mine
    }  # what both did is one change
    rest = [one for one in other if (one.start, one.end, tuple(theirs[one.first : one.last])) not in alike]
    tagged: list[tuple[int, int, int, Hunk]] = [(one.start, one.end, 0, one) for one in mine]
    tagged += [(one.start, one.end, 1, one) for one in rest]
    tagged.sort(key=lambda row: row[:3])
    made: list[Taken] = []
    reached, put_in = 0, -1
    for start, end, side, hunk in tagged:
        if start < reached or (start == end == put_in and not side_by_side):
            return None
        made += [Taken("base", at) for at in range(reached, start)]
        made += [Taken("theirs" if side else "ours", at) for at in range(hunk.first, hunk.last)]
        reached = end
        put_in = start if start == end else -1
    made += [Taken("base", at) for at in range(reached, len(base))]
    return made


def kept(length: int, changes: Sequence[Hunk]) -> dict[int, int]:
    """Return where the unchanged items of a sequence are now: new index by old.

    Args:
        length: How many items the old sequence has.
        changes: The stretches in which it was changed.
    """
    made: dict[int, int] = {}
    reached = shift = 0
    for hunk in changes:
        made.update((at, at + shift) for at in range(reached, hunk.start))
        reached, shift = hunk.end, hunk.last - hunk.end
    made.update((at, at + shift) for at in range(reached, length))
    return made
