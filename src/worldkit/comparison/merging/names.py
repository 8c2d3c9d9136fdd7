"""Merges names: which name each item has in the merged world, where either side may have renamed it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from worldkit.comparison.merging.conflict import Decisions, MergeLocation
from worldkit.core.diagnostics import ItemKind
from worldkit.core.json_values import Json, quote
from worldkit.editing.flag_refs import default_flags, event_flags, field_flags
from worldkit.editing.naming import UnusedNames

K = TypeVar("K", bound=Hashable)


NamedKind = ItemKind | Literal["flag"]
"""What has a name that a side may change."""


def settle_names(
    kind: NamedKind,
    labels: Mapping[K, str],
    base: Mapping[K, str],
    ours: Mapping[K, str],
    theirs: Mapping[K, str],
    decisions: Decisions,
    reserved: Collection[str] = (),
) -> dict[K, str]:
    """Return the final name of every item; no two items share one that did not on a side.

    Two sides that gave an item different names, or two items the same name, conflict: ours is kept, theirs keeps its
    old name, or gets an unused one if it is new.

    Args:
        kind: What the items are.
        labels: The label of each item in conflicts.
        base: Names in base.
        ours: Names on our side.
        theirs: Names on theirs.
        decisions: The decisions; records the conflicts.
        reserved: Names of other things, which no item gets by a side or by the merge.
    """
    names = {**theirs, **ours, **base}
    settled_keys: set[K] = set()
    for key in dict.fromkeys(key for side in (ours, theirs) for key, name in side.items() if names[key] != name):
        base_name = base[key]
        our_name, their_name = ours.get(key, base_name), theirs.get(key, base_name)
        if base_name != our_name != their_name != base_name:
            why = f"ours calls it {quote(our_name)}, theirs calls it {quote(their_name)}"
            names[key] = decisions.settle(
                name_place(kind, labels[key]), base_name, our_name, their_name, why, provisional=our_name
            )
            settled_keys.add(key)
        else:
            names[key] = their_name if our_name == base_name else our_name
    groups = _group_shared(names)
    reserved_keys = [key for key, name in names.items() if name in reserved and base.get(key) != name]
    if not (groups or reserved_keys):
        return names
    taken_names = UnusedNames((*reserved, *base.values(), *ours.values(), *theirs.values(), *names.values()))
    for key in reserved_keys:
        names[key] = _unreserved_name(
            kind, key, names[key], labels[key], (base, ours, theirs), reserved, decisions, taken_names, settled_keys
        )
    groups = _group_shared(names)
    for name, group in groups.items():
        _separate_names(kind, name, group, names, labels, (base, ours, theirs), decisions, taken_names, settled_keys)
    return names


def _unreserved_name(
    kind: NamedKind,
    key: K,
    name: str,
    label: str,
    sides: tuple[Mapping[K, str], Mapping[K, str], Mapping[K, str]],
    reserved: Collection[str],
    decisions: Decisions,
    taken_names: UnusedNames,
    settled_keys: set[K],
) -> str:
    """Return the name of an item that a side gave the name of something else of the other side.

    One that was renamed keeps its old name until that is decided; a new one gets an unused name.
    """
    base, ours, theirs = sides
    if key not in base or key in settled_keys:
        return taken_names.take(name)
    base_name = base[key]
    our_name, their_name = ours.get(key, base_name), theirs.get(key, base_name)
    renamer, holder = ("theirs", "ours") if their_name == name else ("ours", "theirs")
    why = f"{renamer} calls {quote(base_name)} now {quote(name)}, and {holder} has a cutscene of that name"
    settled_keys.add(key)
    chosen_name: str = decisions.settle(
        name_place(kind, label), base_name, our_name, their_name, why, provisional=base_name
    )
    return taken_names.take(chosen_name) if chosen_name in reserved else chosen_name


def name_place(kind: NamedKind, label: str) -> MergeLocation:
    """Return the place of the name of an item, by its label in conflicts."""
    if kind == "flag":
        return MergeLocation("world", "", ("flags", label), "id")
    return MergeLocation(kind, label, mark="id")


def _group_shared(names: Mapping[K, str]) -> dict[str, list[K]]:
    if len(set(names.values())) == len(names):
        return {}
    by_name: defaultdict[str, list[K]] = defaultdict(list)
    for key, name in names.items():
        by_name[name].append(key)
    return {name: group for name, group in by_name.items() if len(group) > 1}


def _separate_names(
    kind: NamedKind,
    name: str,
    group: Sequence[K],
    names: dict[K, str],
    labels: Mapping[K, str],
    sides: tuple[Mapping[K, str], Mapping[K, str], Mapping[K, str]],
    decisions: Decisions,
    taken_names: UnusedNames,
    settled_keys: set[K],
) -> None:
    """Give all but one of the items of a name another, unless they already share it on a side.

    The name of an item is settled at most once: a place has one conflict.
    """
    base, ours, theirs = sides
    first = next((key for key in group if ours.get(key) == name), group[0])
    for key in group:
        is_apart = key == first or names[key] != name
        if is_apart or any(side.get(key) == side.get(first) == name for side in sides):
            continue
        renamed_key = next(
            (candidate for candidate in (key, first) if candidate in base and base[candidate] != name), None
        )
        key_to_rename = key
        if renamed_key is not None:
            base_name = base[renamed_key]
            our_name, their_name = ours.get(renamed_key, base_name), theirs.get(renamed_key, base_name)
            renamer, holder = ("theirs", "ours") if their_name == name else ("ours", "theirs")
            why = f"{renamer} calls {quote(base_name)} now {quote(name)}, and {holder} has another {kind} of that name"
            place = name_place(kind, labels[renamed_key])
            is_open = renamed_key not in settled_keys
            chosen_name = (
                decisions.settle(place, base_name, our_name, their_name, why, provisional=our_name)
                if is_open
                else names[renamed_key]
            )
            settled_keys.add(renamed_key)
            if chosen_name != name:
                names[renamed_key] = chosen_name if chosen_name == base_name else taken_names.take(chosen_name)
                continue
            key_to_rename = first if renamed_key == key else key
        fallback = base.get(key_to_rename, name)
        names[key_to_rename] = fallback if fallback != name else taken_names.take(name)
        if key_to_rename == first:
            first = key


# ---- flags -------------------------------------------------------------------------------------


def match_renamed_flags(
    before: Json, after: Json, changed_pairs: Sequence[tuple[Json, Json]], have: Sequence[Json], want: Sequence[Json]
) -> dict[str, str]:
    """Return new names of flags by old ones: a flag is renamed if one new flag replaces it everywhere.

    Args:
        before: The world's own fields in base.
        after: The same on one side.
        changed_pairs: The events that differ, before and after.
        have: The events of base.
        want: The events of the side.
    """
    base_flags = frozenset(all_flags(before, have))
    places: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    granted_flags: set[str] = set()
    flag_sites = [
        (dict.fromkeys(event_flags(old_event)), dict.fromkeys(event_flags(new_event)))
        for old_event, new_event in changed_pairs
    ]
    flag_sites.append((dict.fromkeys(_field_flags(before)), dict.fromkeys(_field_flags(after))))
    for old, new in flag_sites:
        added_by_field: defaultdict[str, set[str]] = defaultdict(set)
        for field, flag in new.keys() - old.keys():
            added_by_field[field].add(flag)
        new_in = {field: frozenset(added_by_field[field] - base_flags) for field in {field for field, _ in new}}
        for field, flag in old:
            if field in new_in and (field, flag) not in new:
                places[flag].append(new_in[field])
                granted_flags.update([flag] if field == "grants" else [])
    # another flag in a single requirement is no rename; in the event that grants it, it is
    candidates = {flag: sets for flag, sets in places.items() if (flag in granted_flags or len(sets) > 1) and all(sets)}
    if not candidates:
        return {}
    remaining_flags = all_flags(after, want)
    common: dict[frozenset[frozenset[str]], frozenset[str]] = {}  # many flags may share their places
    names: dict[str, str] = {}
    for flag, sets in candidates.items():
        if flag in remaining_flags:
            continue
        places_key = frozenset(sets)
        if places_key not in common:
            common[places_key] = frozenset.intersection(*sorted(places_key, key=len))
        if len(common[places_key]) == 1:
            (names[flag],) = common[places_key]
    uses = Counter(names.values())
    return {flag: name for flag, name in names.items() if uses[name] == 1}


def all_flags(fields: Json, events: Iterable[Json]) -> dict[str, None]:
    """Return the flags that a world names, in order, as keys."""
    flags = dict.fromkeys(flag for body in events for _, flag in event_flags(body))
    return flags | dict.fromkeys(flag for _, flag in _field_flags(fields))


def _field_flags(fields: Json) -> Iterator[tuple[str, str]]:
    yield from field_flags(fields)
    for flag in default_flags(fields):
        yield "missions", flag
