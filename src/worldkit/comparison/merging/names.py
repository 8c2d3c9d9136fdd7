"""What things are called in the end, where either side may have given them other names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from worldkit.comparison.merging.conflict import Place, Rulings
from worldkit.comparison.renaming import event_flags, top_flags
from worldkit.core.diagnostics import ItemKind
from worldkit.core.json_values import Json, quote
from worldkit.editing.naming import unused_name

K = TypeVar("K", bound=Hashable)


def settled(
    kind: ItemKind,
    labels: Mapping[K, str],
    base: Mapping[K, str],
    ours: Mapping[K, str],
    theirs: Mapping[K, str],
    rulings: Rulings,
    taken: Collection[str] = (),
) -> dict[K, str]:
    """Return the final name of every item; no two items share one that did not on a side.

    Two sides that gave one item two names, or two items one name, conflict: ours stands, theirs keeps its old name,
    or gets a free one if it is new.

    Args:
        kind: What the items are.
        labels: What a conflict calls each item.
        base: Names in base.
        ours: Names on our side.
        theirs: Names on theirs.
        rulings: What was decided, and where conflicts go.
        taken: Names that are not free for anything new.
    """
    made = {**theirs, **ours, **base}
    settled_keys: set[K] = set()
    for key in dict.fromkeys(key for side in (ours, theirs) for key, name in side.items() if made[key] != name):
        old = base[key]
        mine, other = ours.get(key, old), theirs.get(key, old)
        if old != mine != other != old:
            why = f"ours calls it {quote(mine)}, theirs calls it {quote(other)}"
            made[key] = rulings.settle(Place(kind, labels[key], mark="id"), old, mine, other, why, held=mine)
            settled_keys.add(key)
        else:
            made[key] = other if mine == old else mine
    groups = _shared(made)
    if not groups:
        return made
    used = {*taken, *base.values(), *ours.values(), *theirs.values(), *made.values()}
    for name, group in groups.items():
        _part(kind, name, group, made, labels, (base, ours, theirs), rulings, used, settled_keys)
    return made


def _shared(made: Mapping[K, str]) -> dict[str, list[K]]:
    if len(set(made.values())) == len(made):
        return {}
    by_name: defaultdict[str, list[K]] = defaultdict(list)
    for key, name in made.items():
        by_name[name].append(key)
    return {name: group for name, group in by_name.items() if len(group) > 1}


def _part(
    kind: ItemKind,
    name: str,
    group: Sequence[K],
    made: dict[K, str],
    labels: Mapping[K, str],
    sides: tuple[Mapping[K, str], Mapping[K, str], Mapping[K, str]],
    rulings: Rulings,
    used: set[str],
    settled_keys: set[K],
) -> None:
    """Give all but one of the items of one name another, unless they share it on a side already.

    What was settled about an item's name is not asked a second time: a place has one conflict.
    """
    base, ours, theirs = sides
    first = next((key for key in group if ours.get(key) == name), group[0])
    for key in group:
        if key == first or any(side.get(key) == side.get(first) == name for side in sides):
            continue
        renamed = next((one for one in (key, first) if one in base and base[one] != name), None)
        loser = key
        if renamed is not None:
            old = base[renamed]
            mine, other = ours.get(renamed, old), theirs.get(renamed, old)
            who, whose = ("theirs", "ours") if other == name else ("ours", "theirs")
            why = f"{who} calls {quote(old)} now {quote(name)}, and {whose} has another {kind} of that name"
            place = Place(kind, labels[renamed], mark="id")
            asked = renamed not in settled_keys
            wanted = rulings.settle(place, old, mine, other, why, held=mine) if asked else made[renamed]
            settled_keys.add(renamed)
            if wanted != name:
                made[renamed] = wanted if wanted == old or wanted not in used else unused_name(wanted, used)
                used.add(made[renamed])
                continue
            loser = first if renamed == key else key
        fallback = base.get(loser, name)
        made[loser] = fallback if fallback != name else unused_name(name, used)
        used.add(made[loser])
        if loser == first:
            first = key


# ---- flags -------------------------------------------------------------------------------------


def renamed_flags(
    before: Json, after: Json, changed: Sequence[tuple[Json, Json]], have: Sequence[Json], want: Sequence[Json]
) -> dict[str, str]:
    """Return new names of flags by old ones: a flag that is gone, with one new flag in all its places.

    Args:
        before: The world's own fields in base.
        after: The same on one side.
        changed: The events that differ, before and after.
        have: The events of base.
        want: The events of the side.
    """
    known = _flags(before, have)
    places: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    granted: set[str] = set()
    sites = [(dict.fromkeys(event_flags(was)), dict.fromkeys(event_flags(now))) for was, now in changed]
    sites.append((dict.fromkeys(top_flags(before)), dict.fromkeys(top_flags(after))))
    for old, new in sites:
        arrived: defaultdict[str, set[str]] = defaultdict(set)
        for field, flag in new.keys() - old.keys():
            arrived[field].add(flag)
        new_in = {field: frozenset(arrived[field] - known) for field, _ in new}
        for field, flag in old:
            if field in new_in and (field, flag) not in new:
                places[flag].append(new_in[field])
                granted.update([flag] if field == "grants" else [])
    # one requirement with another flag in it is no rename; what grants it with another name is
    likely = {flag: sets for flag, sets in places.items() if (flag in granted or len(sets) > 1) and all(sets)}
    if not likely:
        return {}
    left = _flags(after, want)
    common: dict[frozenset[frozenset[str]], frozenset[str]] = {}  # many flags that went from the same places
    made: dict[str, str] = {}
    for flag, sets in likely.items():
        if flag in left:
            continue
        where = frozenset(sets)
        if where not in common:
            common[where] = frozenset.intersection(*sorted(where, key=len))
        if len(common[where]) == 1:
            (made[flag],) = common[where]
    uses = Counter(made.values())
    return {flag: name for flag, name in made.items() if uses[name] == 1}


def _flags(fields: Json, events: Sequence[Json]) -> set[str]:
    return {flag for body in events for _, flag in event_flags(body)}.union(flag for _, flag in top_flags(fields))
