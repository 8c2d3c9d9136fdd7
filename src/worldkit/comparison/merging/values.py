"""Three-way merge of values: by field, by item, by sentence; overlapping changes conflict."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from worldkit.comparison import prose
from worldkit.comparison.fields import ABSENT
from worldkit.comparison.hunks import merge_sequences
from worldkit.comparison.merging.conflict import Decisions, MergeLocation
from worldkit.comparison.merging.order import merge_order
from worldkit.comparison.pairing import common_id
from worldkit.core.json_values import Json, json_equal, quote
from worldkit.core.versions import parse_version

SET_FIELDS = frozenset(
    ("from", "requires", "grants", "aliases", "targetAliases", "confirmAliases", "verified", "states")
)
"""Fields whose lists are sets: additions and removals never conflict."""

PROSE_FIELDS = frozenset(
    (
        *("base", "detail", "narration", "static", "dynamic", "camera", "movement", "description", "logline"),
        *("summary", "subject", "styleTail", "persona", "greeting", "text", "action", "outcome", "lockedHint"),
    )
)
"""Fields whose texts are prose; so is any text of several lines."""

_IDS = ("id", "label")
"""Fields that identify the items of a list, where their values are unique."""

_ORDERED_LISTS = frozenset(("phases", "beats"))
"""Lists whose order matters: two items inserted at the same position overlap, except beats of the story."""


def merge_value(place: MergeLocation, base: Any, ours: Any, theirs: Any, decisions: Decisions) -> Any:
    """Return the merged value at a place, ``ABSENT`` for none.

    Args:
        base: The value in base, or ``ABSENT``.
    """
    if _is_same(ours, theirs) or _is_same(base, theirs):
        return ours
    if _is_same(base, ours):
        return theirs
    if decisions.choice_at(place) is not None:
        return decisions.settle(place, base, ours, theirs, "", provisional=ours)
    value = _merge_by_type(place, base, ours, theirs, decisions)
    if value is not _UNDECIDED:
        return value
    return decisions.settle(place, base, ours, theirs, _reason(base, ours, theirs), provisional=ours)


class _Undecided:
    pass


_UNDECIDED = _Undecided()


def _is_same(a: Any, b: Any) -> bool:
    return json_equal(a, b) if a is not ABSENT and b is not ABSENT else a is b


def _reason(base: Any, ours: Any, theirs: Any) -> str:
    if base is ABSENT:
        return "both added it, differently"
    if ours is ABSENT:
        return "ours removed it, theirs changed it"
    if theirs is ABSENT:
        return "ours changed it, theirs removed it"
    return "both changed it, differently"


def _merge_by_type(place: MergeLocation, base: Any, ours: Any, theirs: Any, decisions: Decisions) -> Any:
    field = next((key for key in reversed(place.keys) if isinstance(key, str)), "")
    if place.kind == "world" and place.keys == ("schemaVersion",):
        return _later_version(ours, theirs)
    if place.kind == "event" and place.keys == ("from",):
        base, ours, theirs = ([value] if isinstance(value, str) else value for value in (base, ours, theirs))
    is_set = field in SET_FIELDS or (place.kind == "world" and place.keys[:2] == ("kernel", "allow"))
    if is_set and all(value is ABSENT or _is_set(value) for value in (base, ours, theirs)):
        return _merge_sets(base, ours, theirs)
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if isinstance(base, dict):
            merged_fields = merge_fields(place, base, ours, theirs, decisions)
            return merged_fields if merged_fields or not (ours and theirs) else _UNDECIDED
        return union(ours, theirs) or _UNDECIDED
    if isinstance(ours, list) and isinstance(theirs, list):
        return _merge_lists(place, field, [] if base is ABSENT else base, ours, theirs, decisions)
    if all(value is ABSENT or isinstance(value, list) for value in (base, ours, theirs)):
        # removing the last item removes the list
        bases, our_items, their_items = ([] if value is ABSENT else value for value in (base, ours, theirs))
        if (id := common_id(_IDS, bases, our_items, their_items)) is not None:
            return _merge_by_id(place, id, bases, our_items, their_items, decisions) or ABSENT
    if not (isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str)):
        return _UNDECIDED
    text = prose.merge_prose(base, ours, theirs) if field in PROSE_FIELDS or "\n" in base else None
    return _UNDECIDED if text is None else text


def _later_version(ours: Any, theirs: Any) -> Any:
    """Return the later of two versions, which can say all that either side says; undecided where none is later."""
    versions = [parse_version(None if tag is ABSENT else tag) for tag in (ours, theirs)]
    if versions[0] is None or versions[1] is None or versions[0] == versions[1]:
        return _UNDECIDED
    return ours if versions[0] > versions[1] else theirs


def merge_fields(place: MergeLocation, base: Json, ours: Json, theirs: Json, decisions: Decisions) -> Json:
    """Return an object merged field by field, in the order of ours."""
    result: Json = {}
    for key in {**ours, **theirs, **base}:
        sides = (base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT))
        value = merge_value(place.under(key), *sides, decisions)
        if value is not ABSENT:
            result[key] = value
    return result


def union(ours: Json, theirs: Json) -> Json | None:
    """Return the fields of two objects, or None where they contradict each other."""
    if all(json_equal(ours[key], theirs[key]) for key in ours.keys() & theirs.keys()):
        return {**ours, **theirs}
    return None


# ---- lists -------------------------------------------------------------------------------------


def _is_set(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return False
    return len(set(value)) == len(value)


def _merge_sets(base: Any, ours: Any, theirs: Any) -> Any:
    base_items, our_items, their_items = ([] if value is ABSENT else value for value in (base, ours, theirs))
    base_set, our_set, their_set = set(base_items), set(our_items), set(their_items)
    result = [item for item in our_items if item in their_set or item not in base_set]
    result += [item for item in their_items if item not in our_set and item not in base_set]
    if result or ABSENT not in (ours, theirs):
        return result if result or not (our_items and their_items) else _UNDECIDED
    return ABSENT


def _merge_lists(
    place: MergeLocation, field: str, base: Any, ours: list[Any], theirs: list[Any], decisions: Decisions
) -> Any:
    if not isinstance(base, list):
        return _UNDECIDED
    if (id := common_id(_IDS, base, ours, theirs)) is not None:
        return _merge_by_id(place, id, base, ours, theirs, decisions)
    texts = [[json.dumps(item, sort_keys=True) for item in side] for side in (base, ours, theirs)]
    if (
        len(base) == len(ours) == len(theirs)
        and all(isinstance(item, dict) for item in base)
        # items without an id that moved would be mixed with others
        and not any(_has_moved_items(texts[0], side) for side in texts[1:])
    ):
        return [
            merge_value(place.under(index), *sides, decisions)
            for index, sides in enumerate(zip(base, ours, theirs, strict=True))
        ]
    is_ordered = field in _ORDERED_LISTS and place.keys[0] != "story"
    merged_items = merge_sequences(texts[0], texts[1], texts[2], side_by_side=not is_ordered)
    if merged_items is None or (not merged_items and ours and theirs):
        return _UNDECIDED
    sides = {"base": (base, texts[0]), "ours": (ours, texts[1]), "theirs": (theirs, texts[2])}
    origins = [(*sides[item.origin], item.position) for item in merged_items]
    if all(len(set(side)) == len(side) for side in texts):
        # what both sides added stands once, as it does on each side
        origins = list({side_texts[at]: (items, side_texts, at) for items, side_texts, at in origins}.values())
    return [items[at] for items, _, at in origins]


def _has_moved_items(base: Sequence[str], side: Sequence[str]) -> bool:
    """Return whether one side of a list, as long as base, has an item of base at another index."""
    base_items = set(base)
    return any(item != old and item in base_items for old, item in zip(base, side, strict=True))


def _merge_by_id(
    place: MergeLocation, id: str, base: list[Json], ours: list[Json], theirs: list[Json], decisions: Decisions
) -> list[Json] | _Undecided:
    base_by_id, ours_by_id, theirs_by_id = ({item[id]: item for item in side} for side in (base, ours, theirs))
    result: dict[str, Json] = {}
    for name in {**ours_by_id, **theirs_by_id}:
        item = merge_item(
            place.under(name),
            base_by_id.get(name, ABSENT),
            ours_by_id.get(name, ABSENT),
            theirs_by_id.get(name, ABSENT),
            decisions,
        )
        if item is not ABSENT:
            result[name] = item
    if not result and ours_by_id and theirs_by_id:
        return _UNDECIDED
    return [result[name] for name in merge_order(list(base_by_id), list(ours_by_id), list(theirs_by_id), result)]


def merge_item(place: MergeLocation, base: Any, ours: Any, theirs: Any, decisions: Decisions) -> Any:
    """Merge an item of a list, or a state: if one side deleted it and the other changed it, it is kept provisionally.

    Args:
        base: Its body in base, or ``ABSENT``.
    """
    if _is_same(ours, theirs) or _is_same(base, theirs):
        return ours
    if _is_same(base, ours):
        return theirs
    if ABSENT in (ours, theirs):
        remaining = theirs if ours is ABSENT else ours
        return decisions.settle(place, base, ours, theirs, deletion_reason(ours is ABSENT), provisional=remaining)
    if decisions.choice_at(place) is not None:
        return decisions.settle(place, base, ours, theirs, "", provisional=ours)
    if base is ABSENT:
        merged_list = union(ours, theirs)
        return (
            merged_list
            if merged_list
            else decisions.settle(place, base, ours, theirs, _reason(base, ours, theirs), provisional=ours)
        )
    return merge_fields(place, base, ours, theirs, decisions)


def deletion_reason(by_us: bool) -> str:
    """Return why a conflict about an item is one that a side deleted."""
    return "ours deleted it, theirs changed it" if by_us else "ours changed it, theirs deleted it"


def join_names(names: Sequence[str], max_count: int = 3) -> str:
    """Return the first few names as an enumeration: ``"a", "b" and 3 more``."""
    quoted_names = [quote(name) for name in names[:max_count]]
    if len(names) > max_count:
        quoted_names.append(f"{len(names) - max_count} more")
    return f"{', '.join(quoted_names[:-1])} and {quoted_names[-1]}" if len(quoted_names) > 1 else quoted_names[0]
