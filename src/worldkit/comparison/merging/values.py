"""Three values of one place made one: by field, by item, by sentence; what overlaps is a conflict."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from worldkit.comparison import prose
from worldkit.comparison.fields import ABSENT
from worldkit.comparison.hunks import woven
from worldkit.comparison.merging.conflict import Place, Rulings
from worldkit.comparison.merging.order import ordered
from worldkit.core.json_values import Json, json_equal, quote

SETS = frozenset(("from", "requires", "grants", "aliases", "targetAliases", "confirmAliases", "verified", "states"))
"""Fields whose lists are sets: what one side adds and the other removes never clash."""

PROSE = frozenset(
    (
        *("base", "detail", "narration", "static", "dynamic", "camera", "movement", "description", "logline"),
        *("summary", "subject", "styleTail", "persona", "greeting", "text", "action", "outcome", "lockedHint"),
    )
)
"""Fields whose texts are prose; so is any text of several lines."""

IDS = ("id", "label")
"""Fields that tell the items of a list apart, where all items have one of their own."""

_AS_TOLD = frozenset(("phases", "beats"))
"""Lists told in order: two items put in at one place overlap, but for the beats of the story."""


def merged(place: Place, base: Any, ours: Any, theirs: Any, rulings: Rulings) -> Any:
    """Return what stands at a place, ``ABSENT`` for nothing.

    Args:
        place: The place.
        base: What both began with, or ``ABSENT``.
        ours: What it is with us.
        theirs: What it is with them.
        rulings: What was decided, and where conflicts go.
    """
    if _alike(ours, theirs) or _alike(base, theirs):
        return ours
    if _alike(base, ours):
        return theirs
    if rulings.chosen(place) is not None:
        return rulings.settle(place, base, ours, theirs, "", held=ours)
    found = _woven(place, base, ours, theirs, rulings)
    if found is not _UNDECIDED:
        return found
    return rulings.settle(place, base, ours, theirs, _why(base, ours, theirs), held=ours)


class _Undecided:
    pass


_UNDECIDED = _Undecided()


def _alike(a: Any, b: Any) -> bool:
    return json_equal(a, b) if a is not ABSENT and b is not ABSENT else a is b


def _why(base: Any, ours: Any, theirs: Any) -> str:
    if base is ABSENT:
        return "both added it, and not alike"
    if ours is ABSENT:
        return "ours removed it, theirs changed it"
    if theirs is ABSENT:
        return "ours changed it, theirs removed it"
    return "both changed it, and not alike"


def _woven(place: Place, base: Any, ours: Any, theirs: Any, rulings: Rulings) -> Any:
    field = next((key for key in reversed(place.keys) if isinstance(key, str)), "")
    if field in SETS and all(value is ABSENT or _is_set(value) for value in (base, ours, theirs)):
        return _of_sets(base, ours, theirs)
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if isinstance(base, dict):
            made = fields(place, base, ours, theirs, rulings)
            return made if made or not (ours and theirs) else _UNDECIDED
        return union(ours, theirs) or _UNDECIDED
    if isinstance(ours, list) and isinstance(theirs, list):
        return _of_lists(place, field, [] if base is ABSENT else base, ours, theirs, rulings)
    if not (isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str)):
        return _UNDECIDED
    text = prose.merged(base, ours, theirs) if field in PROSE or "\n" in base else None
    return _UNDECIDED if text is None else text


def fields(place: Place, base: Json, ours: Json, theirs: Json, rulings: Rulings) -> Json:
    """Return an object merged field by field, in the order of ours.

    Args:
        place: Where it stands.
        base: What both began with.
        ours: What it is with us.
        theirs: What it is with them.
        rulings: What was decided, and where conflicts go.
    """
    made: Json = {}
    for key in {**ours, **theirs, **base}:
        sides = (base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT))
        value = merged(place.under(key), *sides, rulings)
        if value is not ABSENT:
            made[key] = value
    return made


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


def _of_sets(base: Any, ours: Any, theirs: Any) -> Any:
    old, mine, other = ([] if value is ABSENT else value for value in (base, ours, theirs))
    made = [item for item in mine if item in other or item not in old]
    made += [item for item in other if item not in mine and item not in old]
    if made or ABSENT not in (ours, theirs):
        return made if made or not (mine and other) else _UNDECIDED
    return ABSENT


def _of_lists(place: Place, field: str, base: Any, ours: list[Any], theirs: list[Any], rulings: Rulings) -> Any:
    if not isinstance(base, list):
        return _UNDECIDED
    id = next((id for id in IDS if all(_told_apart(side, id) for side in (base, ours, theirs))), None)
    if id is not None:
        return _by_id(place, id, base, ours, theirs, rulings)
    if len(base) == len(ours) == len(theirs) and all(isinstance(item, dict) for item in base):
        return [
            merged(place.under(at), *sides, rulings) for at, sides in enumerate(zip(base, ours, theirs, strict=True))
        ]
    written = [[json.dumps(item, sort_keys=True) for item in side] for side in (base, ours, theirs)]
    in_order = field in _AS_TOLD and place.keys[0] != "story"
    taken = woven(written[0], written[1], written[2], side_by_side=not in_order)
    if taken is None or (not taken and ours and theirs):
        return _UNDECIDED
    sides = {"base": base, "ours": ours, "theirs": theirs}
    return [sides[item.origin][item.at] for item in taken]


def _told_apart(items: Sequence[Any], id: str) -> bool:
    if not all(isinstance(item, dict) and isinstance(item.get(id), str) for item in items):
        return False
    return len({item[id] for item in items}) == len(items)


def _by_id(
    place: Place, id: str, base: list[Json], ours: list[Json], theirs: list[Json], rulings: Rulings
) -> list[Json] | _Undecided:
    old, mine, other = ({item[id]: item for item in side} for side in (base, ours, theirs))
    made: dict[str, Json] = {}
    for name in {**mine, **other}:
        item = kept(place.under(name), old.get(name, ABSENT), mine.get(name, ABSENT), other.get(name, ABSENT), rulings)
        if item is not ABSENT:
            made[name] = item
    if not made and mine and other:
        return _UNDECIDED
    return [made[name] for name in ordered(list(old), list(mine), list(other), made)]


def kept(place: Place, base: Any, ours: Any, theirs: Any, rulings: Rulings) -> Any:
    """Return an item of a list or a state: what one side deleted and the other changed stays until it is decided.

    Args:
        place: The item.
        base: Its body in base, or ``ABSENT``.
        ours: Its body with us.
        theirs: Its body with them.
        rulings: What was decided, and where conflicts go.
    """
    if _alike(ours, theirs) or _alike(base, theirs):
        return ours
    if _alike(base, ours):
        return theirs
    if ABSENT in (ours, theirs):
        left = theirs if ours is ABSENT else ours
        return rulings.settle(place, base, ours, theirs, _deleted(ours is ABSENT), held=left)
    if rulings.chosen(place) is not None:
        return rulings.settle(place, base, ours, theirs, "", held=ours)
    if base is ABSENT:
        both = union(ours, theirs)
        return both if both else rulings.settle(place, base, ours, theirs, _why(base, ours, theirs), held=ours)
    return fields(place, base, ours, theirs, rulings)


def _deleted(by_us: bool) -> str:
    return "ours deleted it, theirs changed it" if by_us else "ours changed it, theirs deleted it"


def named(names: Sequence[str], most: int = 3) -> str:
    """Return names in a sentence, the first few of many."""
    listed = [quote(name) for name in names[:most]]
    if len(names) > most:
        listed.append(f"{len(names) - most} more")
    return f"{', '.join(listed[:-1])} and {listed[-1]}" if len(listed) > 1 else listed[0]
