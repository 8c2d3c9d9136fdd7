"""The merge itself: three documents and what was decided, to one document and what was not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from worldkit.comparison.fields import ABSENT
from worldkit.comparison.labels import labels as distinct
from worldkit.comparison.merging.alignment import Document, Key
from worldkit.comparison.merging.conflict import Choice, MergeConflict, Place, Rulings
from worldkit.comparison.merging.names import settled
from worldkit.comparison.merging.order import disputed, ordered
from worldkit.comparison.merging.path_map import translated
from worldkit.comparison.merging.restore_refs import Parts, restore
from worldkit.comparison.merging.values import fields, kept
from worldkit.comparison.renaming import Renaming, inverted
from worldkit.core.diagnostics import ItemKind
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.editing import refs
from worldkit.editing.naming import unused_name

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Names:
    """What things of one side are called in the merged world.

    Attributes:
        states: New ids by the ids of the side; those that stay the same are left out.
        events: New names by the names of the side, likewise.
        flags: New flags by the flags of the side, likewise.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)


class Merged(NamedTuple):
    """What came of a merge.

    Attributes:
        raw: The merged document.
        conflicts: What is not decided.
        states: Ids of states in it, by those of base.
        events: Names of events in it, by key.
        flags: Flags in it, by those of base, of flags that were renamed.
    """

    raw: Json
    conflicts: tuple[MergeConflict, ...] = ()
    states: Mapping[str, str] = MappingProxyType({})
    events: Mapping[Key, str] = MappingProxyType({})
    flags: Mapping[str, str] = MappingProxyType({})

    def names(self, side: Document) -> Names:
        """Return what things of a side are called in the merged world."""
        flags = {side.flags.get(flag, flag): name for flag, name in self.flags.items()}
        return Names(
            _moved({name: self.states[id] for id, name in side.state_names.items()}),
            _moved({name: self.events[key] for key, name in reversed(side.names.items())}),
            _moved(flags),
        )


def _moved(pairs: Mapping[str, str]) -> dict[str, str]:
    return {was: now for was, now in pairs.items() if was != now}


def merged(base: Document, ours: Document, theirs: Document, choices: Mapping[str, Choice]) -> Merged:
    """Return the merge of two sides.

    Args:
        base: What both began with.
        ours: One side, in base's names.
        theirs: The other.
        choices: What was decided, by path.
    """
    rulings = Rulings(choices)
    sides = (base, ours, theirs)
    labels = _labels(*sides)
    cuts = set().union(*(refs.cutscene_ids(document.top) for document in sides))
    ids = [document.state_names for document in sides]
    states = settled("state", {id: id for side in ids for id in side}, ids[0], ids[1], ids[2], rulings, cuts)
    flags = _flags(*sides, rulings)
    ids_now = _moved(states)
    final, back = Renaming(ids_now, flags, cuts), Renaming(inverted(ids_now), inverted(flags), cuts)
    rulings.spoken, rulings.heard = partial(translated, final), partial(translated, back)
    rulings.named.update((("state", id), name) for id, name in states.items())
    names = settled("event", labels, base.names, ours.names, theirs.names, rulings)
    rulings.named.update((("event", labels[key]), name) for key, name in names.items())

    made = Parts(_states(*sides, rulings), _events(*sides, labels, rulings), {})
    made.top.update(fields(Place("world"), base.top, ours.top, theirs.top, rulings))
    restore(made, *sides, rulings)
    # what is gone has no new name: what still names it does so by the old one
    final = Renaming({id: name for id, name in ids_now.items() if id in made.states}, flags, cuts)
    scene = fields(Place("world", "", ("scene",)), base.scene, ours.scene, theirs.scene, rulings)

    keys = [list(document.events) for document in sides]
    order = _order("event", keys[0], keys[1], keys[2], made.events, labels, names, rulings)
    events = final.events([_called(made.events[key], names[key]) for key in order])
    raw = _laid_out(ours, made, final, states, events, scene)
    return Merged(raw, tuple(rulings.conflicts), states, names, flags)


def _labels(base: Document, ours: Document, theirs: Document) -> dict[Key, str]:
    """Return what a conflict calls each event: no two alike."""
    made = dict(base.names)
    if len(set(made.values())) < len(made):
        made = dict(zip(base.names, distinct(base.events.values()), strict=True))
    taken = set(made.values())
    for side in (ours, theirs):
        for key, name in side.names.items():
            if key not in made:
                made[key] = unused_name(name, taken, form="{} ({})")
                taken.add(made[key])
    return made


def _flags(base: Document, ours: Document, theirs: Document, rulings: Rulings) -> dict[str, str]:
    made: dict[str, str] = {}
    for flag in {**ours.flags, **theirs.flags}:
        mine, other = ours.flags.get(flag, flag), theirs.flags.get(flag, flag)
        if flag != mine != other != flag:
            why = f"ours calls the flag {quote(mine)}, theirs calls it {quote(other)}"
            made[flag] = rulings.settle(Place("world", "", ("flags", flag), "id"), flag, mine, other, why, held=mine)
        else:
            made[flag] = other if mine == flag else mine
    twice = [name for name in made.values() if list(made.values()).count(name) > 1]
    return {flag: name for flag, name in made.items() if name not in twice or name == ours.flags.get(flag)}


# ---- items -------------------------------------------------------------------------------------


def _states(base: Document, ours: Document, theirs: Document, rulings: Rulings) -> Json:
    def one(id: str, old: Any, mine: Any, other: Any) -> Any:
        return kept(Place("state", id), old, mine, other, rulings)

    renamed = (ours.renamed.keys(), theirs.renamed.keys())
    changed = (ours.changed_states | renamed[0], theirs.changed_states | renamed[1])
    made = _items(base.states, ours.states, theirs.states, changed, one, "state", rulings)
    every = [list(document.states) for document in (base, ours, theirs)]
    labels = {id: id for side in every for id in side}
    order = _order("state", every[0], every[1], every[2], made, labels, labels, rulings)
    return {id: made[id] for id in order}


def _events(
    base: Document, ours: Document, theirs: Document, labels: Mapping[Key, str], rulings: Rulings
) -> dict[Key, Json]:
    gone = [base.states.keys() - side.states.keys() for side in (ours, theirs)]

    def one(key: Key, old: Any, mine: Any, other: Any) -> Any:
        if ABSENT not in (old, mine, other):
            # a destination that went with its state is no answer to where the event leads now
            mine = _undone(old, mine, other, gone[0], gone[1])
            other = _undone(old, other, mine, gone[1], gone[0])
        if old is not ABSENT and ABSENT not in (mine, other):
            mine, other = ({**body, "name": old["name"]} for body in (mine, other))
        return kept(Place("event", labels[key]), old, mine, other, rulings)

    changed = (ours.changed_events, theirs.changed_events)
    return _items(base.events, ours.events, theirs.events, changed, one, "event", rulings, labels)


def _undone(old: Json, side: Json, other: Json, gone: Collection[str], also: Collection[str]) -> Json:
    to, now = old.get("to"), other.get("to")
    if to in gone and "to" not in side and now not in (None, to) and now not in gone and now not in also:
        return {**side, "to": to}
    return side


def _items(
    base: Mapping[K, Json],
    ours: Mapping[K, Json],
    theirs: Mapping[K, Json],
    changed: tuple[Collection[K], Collection[K]],
    merge: Callable[[K, Any, Any, Any], Any],
    kind: ItemKind,
    rulings: Rulings,
    labels: Mapping[K, str] | None = None,
) -> dict[K, Json]:
    """Return the items that are left, by key; only what both sides touched is looked into."""
    mine, other = changed
    made: dict[K, Any] = {}
    for key, body in ours.items():
        if key not in base:
            made[key] = body if key not in theirs else merge(key, ABSENT, body, theirs[key])
        elif key in theirs:
            if key not in other:
                made[key] = body
            elif key not in mine:
                made[key] = theirs[key]
            else:
                made[key] = merge(key, base[key], body, theirs[key])
        elif key in mine:
            _stay(made, key, base[key], body, ABSENT, kind, rulings, labels)
    for key, body in theirs.items():
        if key not in base:
            if key not in ours:
                made[key] = body
        elif key not in ours and key in other:
            _stay(made, key, base[key], ABSENT, body, kind, rulings, labels)
    return {key: body for key, body in made.items() if body is not ABSENT}


def _stay(
    made: dict[K, Any],
    key: K,
    base: Json,
    ours: Any,
    theirs: Any,
    kind: ItemKind,
    rulings: Rulings,
    labels: Mapping[K, str] | None,
) -> None:
    by_us = ours is ABSENT
    why = "ours deleted it, theirs changed it" if by_us else "ours changed it, theirs deleted it"
    place = Place(kind, str(key) if labels is None else labels[key])
    made[key] = rulings.settle(place, base, ours, theirs, why, held=theirs if by_us else ours)


def _called(body: Json, name: str) -> Json:
    return body if body["name"] == name else {**body, "name": name}


# ---- order and layout --------------------------------------------------------------------------


def _order(
    kind: ItemKind,
    base: Sequence[K],
    ours: Sequence[K],
    theirs: Sequence[K],
    made: Mapping[K, Json],
    labels: Mapping[K, str],
    names: Mapping[K, str],
    rulings: Rulings,
) -> list[K]:
    order = ordered(base, ours, theirs, made)
    keys = [key for key in disputed(base, ours, theirs) if key in made]
    if not keys:
        return order
    other = ordered(base, theirs, ours, made)
    called = [key for key in base if key in made]
    said = [_behind(side, keys, names) for side in (called, order, other)]
    if said[1] == said[2]:
        return order
    why = "both moved them, and not to the same place"
    wanted = rulings.settle(Place(kind, mark="order"), said[0], said[1], said[2], why, held=said[1])
    if wanted in said[1:]:
        return order if wanted == said[1] else other
    by_name = {names[key]: key for key in made}
    for name, before in wanted.items():
        order.remove(by_name[name])
        order.insert(0 if before is None else order.index(_known(kind, before, name, by_name)) + 1, by_name[name])
    return order


def _behind(order: Sequence[K], keys: Collection[K], names: Mapping[K, str]) -> dict[str, str | None]:
    """Return what some of the items stand behind, by name; None for the first."""
    before = dict(zip(order, [None, *order], strict=False))
    found = {key: before[key] for key in keys}
    return {names[key]: None if last is None else names[last] for key, last in found.items()}


def _known(kind: ItemKind, before: str, name: str, by_name: Mapping[str, K]) -> K:
    if before not in by_name or before == name:
        raise WorldError(f"{quote(name)} cannot stand behind {quote(before)}; name another {kind} of the merged world")
    return by_name[before]


def _laid_out(
    ours: Document, made: Parts, final: Renaming, states: Mapping[str, str], events: list[Json], scene: Json
) -> Json:
    """Return the document, its fields in the order of ours."""
    graph: Json = {"states": {states[id]: body for id, body in made.states.items()}, "events": events}
    parts = {**final.top(made.top), "scene": _in_order({**graph, **scene}, ours.layout[1])}
    return _in_order(parts, ours.layout[0])


def _in_order(fields: Json, order: Sequence[str]) -> Json:
    return {key: fields[key] for key in dict.fromkeys((*order, *fields)) if key in fields}
