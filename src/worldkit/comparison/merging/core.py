"""The merge of three aligned documents and the decisions so far to one document and the open conflicts."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from worldkit.comparison.fields import ABSENT
from worldkit.comparison.merging.alignment import AlignedDocument, Key
from worldkit.comparison.merging.conflict import ConflictChoice, Decisions, MergeConflict, MergeLocation
from worldkit.comparison.merging.item_mentions import MergedParts
from worldkit.comparison.merging.items import merge_items, settle_order
from worldkit.comparison.merging.names import settle_names
from worldkit.comparison.merging.path_map import translate
from worldkit.comparison.merging.removed_flags import Sides, settle_removed_flags
from worldkit.comparison.merging.restore_refs import restore_referenced
from worldkit.comparison.merging.values import merge_fields, merge_item
from worldkit.comparison.pairing import unique_labels
from worldkit.core.json_values import Json
from worldkit.editing import refs
from worldkit.editing.flag_refs import without_explicit_flags
from worldkit.editing.naming import UnusedNames
from worldkit.editing.renaming import Renaming, invert

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class SideNames:
    """The names in the merged world of states, events and flags of one side.

    Attributes:
        states: New ids by the ids of the side; those that stay the same are left out.
        events: New names by the names of the side, likewise.
        flags: New flags by the flags of the side, likewise.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """The result of a merge.

    Attributes:
        raw: The merged document.
        conflicts: The undecided conflicts.
        states: Ids of states in it, by those of base.
        events: Names of events in it, by key.
        flags: Flags in it, by those of base; none where neither side renamed one.
        decisions: The decisions, and the names of the merge; None where a side is the result as it is.
    """

    raw: Json
    conflicts: tuple[MergeConflict, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[Key, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    decisions: Decisions | None = None

    def names(self, side: AlignedDocument) -> SideNames:
        """Return the names in the merged world by those of a side."""
        flags = {name: self.flags[flag] for flag, name in side.flag_names.items()} if self.flags else {}
        return SideNames(
            _changed_pairs({name: self.states[id] for id, name in side.state_names.items()}),
            _changed_pairs({name: self.events[key] for key, name in reversed(side.names.items())}),
            _changed_pairs(flags),
        )


def _changed_pairs(pairs: Mapping[str, str]) -> dict[str, str]:
    return {old: new for old, new in pairs.items() if old != new}


def merge_documents(
    base: AlignedDocument, ours: AlignedDocument, theirs: AlignedDocument, choices: Mapping[str, ConflictChoice]
) -> MergeOutcome:
    """Return the merge of two sides.

    Args:
        ours: One side, in base's names.
        choices: The decisions, by path.
    """
    decisions = Decisions(choices)
    settled_flags = settle_removed_flags(Sides(base, ours, theirs), decisions)
    sides = base, ours, theirs = settled_flags.sides
    labels = _event_labels(*sides)
    cutscene_ids = set().union(*(refs.cutscene_ids(document.fields) for document in sides))
    ids = [document.state_names for document in sides]
    states = settle_names(
        "state",
        {id: id for side in ids for id in side},
        ids[0],
        ids[1],
        ids[2],
        decisions,
        cutscene_ids - _ids_of_both_kinds(sides),
    )
    flags = _settle_flags(*sides, decisions)
    stand_ins = settled_flags.stand_ins
    # those come first: the inverse of a name is the flag itself
    flags = {name: flags[flag] for name, flag in stand_ins.items()} | {
        flag: name for flag, name in flags.items() if flag not in stand_ins
    }
    decisions.merged_names.update((("state", id), name) for id, name in states.items())
    names = settle_names("event", labels, base.names, ours.names, theirs.names, decisions)
    decisions.merged_names.update((("event", labels[key]), name) for key, name in names.items())

    new_state_ids, new_flags = _changed_pairs(states), _changed_pairs(flags)
    new_event_names = _changed_pairs(_names_of_single_events(sides, names))
    to_final, from_final = (
        Renaming(new_state_ids, new_flags, cutscene_ids, new_event_names),
        Renaming(invert(new_state_ids), invert(new_flags), cutscene_ids, invert(new_event_names)),
    )
    decisions.translation, decisions.inverse = partial(translate, to_final), partial(translate, from_final)

    parts = MergedParts(_merge_states(*sides, decisions), _merge_events(*sides, labels, decisions), {})
    parts.fields.update(merge_fields(MergeLocation("world"), base.fields, ours.fields, theirs.fields, decisions))
    restore_referenced(parts, *sides, labels, decisions)
    # a deleted state has no new id; remaining mentions use the old one
    remaining_ids = {id: name for id, name in new_state_ids.items() if id in parts.states}
    to_final = Renaming(remaining_ids, new_flags, cutscene_ids, new_event_names)
    scene = merge_fields(MergeLocation("world", "", ("scene",)), base.scene, ours.scene, theirs.scene, decisions)

    keys = [list(document.events) for document in sides]
    order = settle_order("event", keys[0], keys[1], keys[2], parts.events, labels, names, decisions)
    events = to_final.events([_with_name(parts.events[key], names[key]) for key in order])
    fields = to_final.world_fields(parts.fields)
    if flags and "missions" in fields:
        # a renaming writes out the flag of an objective that grants its id, which may be the id again in the end
        explicit_ids = set().union(*(document.explicit_objectives for document in sides))
        fields = {**fields, "missions": without_explicit_flags(fields["missions"], explicit_ids)}
    graph: Json = {"states": {states[id]: body for id, body in parts.states.items()}, "events": events}
    top_level = {**fields, "scene": _in_order({**graph, **scene}, ours.field_order[1])}
    raw = _in_order(top_level, ours.field_order[0])
    return MergeOutcome(raw, tuple(decisions.conflicts), states, names, flags, decisions)


def _ids_of_both_kinds(sides: Sequence[AlignedDocument]) -> set[str]:
    """Return the ids that a state and a cutscene of one document have: a merge cannot make that worse."""
    return {
        id
        for document in sides
        for id in refs.cutscene_ids(document.fields).intersection(document.state_names.values())
    }


def _event_labels(base: AlignedDocument, ours: AlignedDocument, theirs: AlignedDocument) -> dict[Key, str]:
    """Return a unique label for each event, for conflicts."""
    labels = dict(base.names)
    if len(set(labels.values())) < len(labels):
        labels = dict(zip(base.names, unique_labels(base.events.values()), strict=True))
    unused_labels = UnusedNames(labels.values(), form="{} ({})")
    for side in (ours, theirs):
        for key, name in side.names.items():
            if key not in labels:
                labels[key] = unused_labels.take(name)
    return labels


def _names_of_single_events(sides: Sequence[AlignedDocument], names: Mapping[Key, str]) -> dict[str, str]:
    """Return the final names of events by the names in places of ``kernel.allow``, where those name one event only."""
    keys: dict[str, set[Key]] = {}
    for document in sides:
        for key, name in document.allowed_names.items():
            keys.setdefault(name, set()).add(key)
    return {name: names[next(iter(keys_of_name))] for name, keys_of_name in keys.items() if len(keys_of_name) == 1}


def _settle_flags(
    base: AlignedDocument, ours: AlignedDocument, theirs: AlignedDocument, decisions: Decisions
) -> dict[str, str]:
    """Return the final name of every flag by base's name; nothing where neither side renamed one."""
    if not (ours.flags or theirs.flags):
        return {}
    sides = [document.flag_names for document in (base, ours, theirs)]
    labels = {flag: flag for side in sides for flag in side}
    return settle_names("flag", labels, sides[0], sides[1], sides[2], decisions)


# ---- items -------------------------------------------------------------------------------------


def _merge_states(base: AlignedDocument, ours: AlignedDocument, theirs: AlignedDocument, decisions: Decisions) -> Json:
    def merge_one(id: str, base_body: Any, our_body: Any, their_body: Any) -> Any:
        return merge_item(MergeLocation("state", id), base_body, our_body, their_body, decisions)

    renamed_ids = (ours.renamed_ids.keys(), theirs.renamed_ids.keys())
    changed_ids = (ours.changed_states | renamed_ids[0], theirs.changed_states | renamed_ids[1])
    states = merge_items(base.states, ours.states, theirs.states, changed_ids, merge_one, "state", decisions)
    id_lists = [list(document.states) for document in (base, ours, theirs)]
    labels = {id: id for side in id_lists for id in side}
    names = {id: decisions.merged_names["state", id] for id in labels}
    order = settle_order("state", id_lists[0], id_lists[1], id_lists[2], states, labels, names, decisions)
    return {id: states[id] for id in order}


def _merge_events(
    base: AlignedDocument,
    ours: AlignedDocument,
    theirs: AlignedDocument,
    labels: Mapping[Key, str],
    decisions: Decisions,
) -> dict[Key, Json]:
    removed_states = [base.states.keys() - side.states.keys() for side in (ours, theirs)]

    def merge_one(key: Key, base_body: Any, our_body: Any, their_body: Any) -> Any:
        if ABSENT not in (base_body, our_body, their_body):
            # a destination removed with its state does not conflict with a new destination
            our_body = _restore_target(base_body, our_body, their_body, removed_states[0], removed_states[1])
            their_body = _restore_target(base_body, their_body, our_body, removed_states[1], removed_states[0])
        if base_body is not ABSENT and ABSENT not in (our_body, their_body):
            our_body, their_body = ({**body, "name": base_body["name"]} for body in (our_body, their_body))
        return merge_item(MergeLocation("event", labels[key]), base_body, our_body, their_body, decisions)

    changed_keys = (ours.changed_events, theirs.changed_events)
    return merge_items(base.events, ours.events, theirs.events, changed_keys, merge_one, "event", decisions, labels)


def _restore_target(
    base_body: Json, side: Json, other: Json, own_removed: Collection[str], other_removed: Collection[str]
) -> Json:
    target, other_target = base_body.get("to"), other.get("to")
    if (
        target in own_removed
        and "to" not in side
        and other_target not in (None, target)
        and other_target not in own_removed
        and other_target not in other_removed
    ):
        return {**side, "to": target}
    return side


def _with_name(body: Json, name: str) -> Json:
    return body if body["name"] == name else {**body, "name": name}


def _in_order(fields: Json, order: Sequence[str]) -> Json:
    return {key: fields[key] for key in dict.fromkeys((*order, *fields)) if key in fields}
