"""Merges names: which name each item has in the merged world, where either side may have renamed it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, Literal, TypeVar

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
    reserved_names: Collection[str] = (),
) -> dict[K, str]:
    """Return the final name of every item; items that share no name on a side share none.

    Two sides that gave an item different names, or two items the same name, conflict: ours is kept, theirs keeps its
    old name, or gets an unused one if it is new. How many conflicts there are does not depend on which side is ours.

    Args:
        kind: What the items are.
        labels: The label of each item in conflicts.
        base: Names in base.
        ours: Names on our side.
        theirs: Names on theirs.
        reserved_names: Names of other things, which no item gets by a side or by the merge.
    """
    resolver = _Naming(kind, labels, (base, ours, theirs), decisions, reserved_names)
    resolver.follow_renames()
    if not (resolver.reserved_keys or len(set(resolver.names.values())) < len(resolver.names)):
        return resolver.names
    for key in resolver.reserved_keys:
        resolver.leave_reserved_name(key)
    for name, group in _group_shared(resolver.names).items():
        resolver.separate(name, group)
    return resolver.names


class _Naming(Generic[K]):
    """The names of a merge's items of one kind, until no two items have one that they have on no side.

    Attributes:
        names: The names so far.
    """

    def __init__(
        self,
        kind: NamedKind,
        labels: Mapping[K, str],
        sides: tuple[Mapping[K, str], Mapping[K, str], Mapping[K, str]],
        decisions: Decisions,
        reserved_names: Collection[str],
    ) -> None:
        self._kind, self._labels, self._sides, self._decisions = kind, labels, sides, decisions
        self._base, self._ours, self._theirs = sides
        self._reserved_names = reserved_names
        self.names: dict[K, str] = {**self._theirs, **self._ours, **self._base}
        self._settled_keys: set[K] = set()

    @cached_property
    def _taken_names(self) -> UnusedNames:
        names = (name for side in (*self._sides, self.names) for name in side.values())
        return UnusedNames((*self._reserved_names, *names))

    @cached_property
    def _given_names(self) -> Counter[str]:
        """How many items have a name that they did not have in base."""
        return Counter(name for key, name in self.names.items() if self._base.get(key) != name)

    @property
    def reserved_keys(self) -> list[K]:
        """The items that a side or a decision gave a reserved name."""
        if not self._reserved_names:
            return []
        return [key for key, name in self.names.items() if name in self._reserved_names and self._base.get(key) != name]

    def follow_renames(self) -> None:
        """Give each item the name that a side gave it; what both gave a new name is disputed."""
        disputed_keys: list[K] = []
        holding_sides: dict[str, set[int]] = {}
        """The sides on which all the items have a new name that have it now, by that name."""

        def hold(key: K) -> None:
            name = self.names[key]
            sides = {number for number, side in enumerate(self._sides) if side.get(key) == name}
            holding_sides[name] = holding_sides.get(name, sides) & sides

        renamed_keys = (
            key for side in (self._ours, self._theirs) for key, name in side.items() if self.names[key] != name
        )
        for key in dict.fromkeys(renamed_keys):
            base_name, our_name, their_name = self._names_of(key)
            if base_name != our_name != their_name != base_name:
                disputed_keys.append(key)
            else:
                self.names[key] = their_name if our_name == base_name else our_name
                hold(key)
        # what is decided comes first: what is open keeps out of its way, so that one question is not asked as two
        decided_keys = [key for key in disputed_keys if self._decisions.choice_at(self._place(key)) is not None]
        for key in dict.fromkeys([*decided_keys, *disputed_keys]):
            base_name, our_name, their_name = self._names_of(key)
            by_side = ((1, our_name), (2, their_name), (0, base_name))
            free_names = [name for side, name in by_side if side in holding_sides.get(name, {side})]
            why = f"ours calls it {quote(our_name)}, theirs calls it {quote(their_name)}"
            provisional = free_names[0] if free_names else self._taken_names.take(base_name)
            self.names[key] = self._settle(key, why, provisional)
            hold(key)

    def leave_reserved_name(self, key: K) -> None:
        """Take from an item the name of something else of the other side.

        One that was renamed keeps its old name until that is decided; a new one gets an unused name.
        """
        name = self.names[key]
        if key not in self._base or key in self._settled_keys:
            self.names[key] = self._taken_names.take(name)
            return
        base_name, _, their_name = self._names_of(key)
        renamer, holder = ("theirs", "ours") if their_name == name else ("ours", "theirs")
        why = f"{renamer} calls {quote(base_name)} now {quote(name)}, and {holder} has a cutscene of that name"
        chosen_name = self._settle(key, why, base_name)
        self.names[key] = self._taken_names.take(chosen_name) if chosen_name in self._reserved_names else chosen_name

    def separate(self, name: str, group: Sequence[K]) -> None:
        """Leave a name to those items of a group that share it on a side, and give the others their old names.

        It is asked once who gets the name: about a renamed item that would lose it, else about one that would keep it.
        The name of an item is settled at most once: a place has one conflict.
        """
        clusters = self._clusters(name, group)
        if len(clusters) < 2:
            return
        our_keys = {key for key in group if self._ours.get(key) == name}
        clusters.sort(key=lambda keys: (keys.isdisjoint(self._settled_keys), keys.isdisjoint(our_keys)))
        winner = clusters[0]
        for cluster in (*clusters[1:], clusters[0]):
            key = next((key for key in group if key in cluster and self._is_open(key, name)), None)
            if key is None:
                continue
            base_name, _, their_name = self._names_of(key)
            renamer, holder = ("theirs", "ours") if their_name == name else ("ours", "theirs")
            why = (
                f"{renamer} calls {quote(base_name)} now {quote(name)}, "
                f"and {holder} has another {self._kind} of that name"
            )
            chosen_name = self._settle(key, why, name if cluster is winner else base_name)
            if chosen_name == name:
                winner = cluster
            else:
                self._rename(key, chosen_name)
                winner = clusters[1] if cluster is winner else winner
            break
        for key in group:
            if self.names[key] == name and key not in winner:
                self._rename(key, self._base.get(key, name))

    # ---- inside --------------------------------------------------------------------------------

    def _clusters(self, name: str, group: Sequence[K]) -> list[set[K]]:
        """Return the items of a group that share their name on a side, or with others that do, together."""
        clusters: list[set[K]] = []
        for side in (self._ours, self._theirs, self._base):
            keys = {key for key in group if side.get(key) == name}
            if keys:
                apart = [cluster for cluster in clusters if cluster.isdisjoint(keys)]
                clusters = [*apart, keys.union(*(cluster for cluster in clusters if cluster not in apart))]
        shared_keys = set().union(*clusters)
        return [*clusters, *({key} for key in group if key not in shared_keys)]

    def _is_open(self, key: K, name: str) -> bool:
        """Say whether an item has a name because a side renamed it, and nothing about its name is settled yet."""
        return key in self._base and self._base[key] != name and key not in self._settled_keys

    def _rename(self, key: K, name: str) -> None:
        """Give an item a name: its old one, unless another was given that, or one that is unused."""
        old_name = self._base.get(key)
        if self.names[key] != old_name:
            self._given_names[self.names[key]] -= 1
        self.names[key] = name if name == old_name and not self._given_names[name] else self._taken_names.take(name)
        if self.names[key] != old_name:
            self._given_names[self.names[key]] += 1

    def _settle(self, key: K, why: str, provisional: str) -> str:
        self._settled_keys.add(key)
        base_name, our_name, their_name = self._names_of(key)
        name: str = self._decisions.settle(
            self._place(key), base_name, our_name, their_name, why, provisional=provisional
        )
        return name

    def _names_of(self, key: K) -> tuple[str, str, str]:
        base_name = self._base[key]
        return base_name, self._ours.get(key, base_name), self._theirs.get(key, base_name)

    def _place(self, key: K) -> MergeLocation:
        return name_place(self._kind, self._labels[key])


def name_place(kind: NamedKind, label: str) -> MergeLocation:
    """Return the place of the name of an item, by its label in conflicts."""
    if kind == "flag":
        return MergeLocation("world", "", ("flags", label), "id")
    return MergeLocation(kind, label, mark="id")


def _group_shared(names: Mapping[K, str]) -> dict[str, list[K]]:
    by_name: defaultdict[str, list[K]] = defaultdict(list)
    for key, name in names.items():
        by_name[name].append(key)
    return {name: group for name, group in by_name.items() if len(group) > 1}


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
