"""Aligns the three documents of a merge: one set of names, and the matching items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from worldkit.comparison import renames
from worldkit.comparison.equality import TEXT_FIELDS, find_differing
from worldkit.comparison.merging.names import all_flags, match_renamed_flags
from worldkit.comparison.pairing import pair_by_name, unique_labels
from worldkit.core.json_values import Json, json_equal
from worldkit.editing import refs
from worldkit.editing.flag_refs import objectives_with_flag
from worldkit.editing.naming import UnusedNames
from worldkit.editing.renaming import Renaming, invert

Key = int | str
"""An event: its index in base, or the label of a new one on the side that has it."""


@dataclass(frozen=True, slots=True)
class AlignedDocument:
    """One of the three documents of a merge, in base's names.

    Attributes:
        states: The states by base's ids; new ones by their own.
        events: The events, by index in base; new ones by label.
        fields: The world's own fields.
        scene: The scene's own fields.
        names: The name of each event in this document.
        allowed_names: The name of each event in the places that ``fields`` allow findings in: base's name, or its own
            where base's would not say which event is meant.
        field_order: The order of its fields, and of those of its scene.
        renamed_ids: The new ids of states that it renamed, by base's ids; of new states with another id, their own.
        flags: The new names of flags that it renamed, by base's names.
        changed_states: Ids of states of base that differ in it.
        changed_events: Keys of events of base that differ in it.
        explicit_objectives: Ids of objectives that name a flag in it; in ``fields`` others may, too.
    """

    states: Json
    events: dict[Key, Json]
    fields: Json
    scene: Json
    names: dict[Key, str]
    allowed_names: dict[Key, str]
    field_order: tuple[tuple[str, ...], tuple[str, ...]]
    renamed_ids: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    changed_states: frozenset[str] = frozenset()
    changed_events: frozenset[Key] = frozenset()
    explicit_objectives: frozenset[str] = frozenset()

    @property
    def state_names(self) -> dict[str, str]:
        """The id of each state in this document, by base's id."""
        if not self.renamed_ids:
            return dict(zip(self.states, self.states, strict=True))
        return {id: self.renamed_ids.get(id, id) for id in self.states}

    @property
    def flag_names(self) -> dict[str, str]:
        """The name of each flag in this document, by base's name."""
        return {flag: self.flags.get(flag, flag) for flag in all_flags(self.fields, self.events.values())}

    def equals(self, base: AlignedDocument) -> bool:
        """Return whether this document equals base, except perhaps in the order of fields."""
        return (
            not (self.changed_states or self.changed_events or self.renamed_ids or self.flags)
            and list(self.states) == list(base.states)
            and list(self.events) == list(base.events)
            and json_equal(self.fields, base.fields)
            and json_equal(self.scene, base.scene)
        )


def read_base(raw: Json) -> AlignedDocument:
    """Return base, aligned with itself."""
    events: dict[Key, Json] = dict(enumerate(raw["scene"]["events"]))
    names = {key: body["name"] for key, body in events.items()}
    return AlignedDocument(
        raw["scene"]["states"],
        events,
        _world_fields(raw),
        _scene_fields(raw),
        names,
        names,
        _field_order(raw),
        explicit_objectives=frozenset(objectives_with_flag(raw)),
    )


def read_sides(
    base: AlignedDocument, base_json: Json, ours: Json, theirs: Json
) -> tuple[AlignedDocument, AlignedDocument]:
    """Return both sides in base's names; a new state goes by another id where the other side has such a cutscene.

    Args:
        base: The common ancestor, aligned.
        base_json: The document of base.
        ours: The document of one side.
    """
    cutscene_ids = [refs.cutscene_ids(raw) for raw in (ours, theirs)]
    states: list[Json] = [raw["scene"]["states"] for raw in (ours, theirs)]
    foreign_ids = [
        [id for id in states[side] if id in cutscene_ids[1 - side] and id not in states[1 - side]] for side in (0, 1)
    ]
    aliases: list[dict[str, str]] = [{}, {}]
    if foreign_ids != [[], []]:
        unused_ids = UnusedNames((*base.states, *states[0], *states[1], *cutscene_ids[0], *cutscene_ids[1]))
        for side in (0, 1):
            new = (id for id in foreign_ids[side] if id not in base.states and id not in cutscene_ids[side])
            aliases[side] = {id: unused_ids.take(id) for id in new}
    return read_side(ours, base, base_json, aliases[0]), read_side(theirs, base, base_json, aliases[1])


def read_side(
    raw: Json, base: AlignedDocument, base_json: Json, aliases: Mapping[str, str] | None = None
) -> AlignedDocument:
    """Return one side in base's names.

    Args:
        raw: The side's document.
        base: The common ancestor, aligned.
        base_json: The document of base.
        aliases: Ids by which new states go, by their own.
    """
    cutscene_ids = refs.cutscene_ids(raw)
    new_ids = {old: new for old, new in renames.renamed_states(base_json, raw).items() if new not in cutscene_ids}
    renamed_ids = set(new_ids.values())
    new_ids |= {alias: id for id, alias in (aliases or {}).items() if id not in renamed_ids}
    base_names = invert(new_ids)
    states: Json = raw["scene"]["states"]
    if base_names:
        states = {base_names.get(id, id): body for id, body in states.items()}
    by_state = Renaming(base_names, {}, cutscene_ids)
    bodies, top = by_state.events(raw["scene"]["events"]), by_state.world_fields(_world_fields(raw))

    base_events = base_json["scene"]["events"]
    pairs = pair_by_name(base_events, bodies)
    if len(pairs) < len(bodies) and len(pairs) < len(base_events):
        pairs |= {new: old for old, new in renames.renamed_events(base_events, bodies, pairs).items()}

    changed_pairs = find_differing([(new, base_events[old], bodies[new]) for new, old in pairs.items()], TEXT_FIELDS)
    flags = match_renamed_flags(
        base.fields, top, [(old_event, new_body) for _, old_event, new_body in changed_pairs], base_events, bodies
    )
    event_names = _identifying_names(bodies, base_events, pairs)
    top = Renaming({}, {}, cutscene_ids, event_names).world_fields(top)
    if flags:
        by_flag = Renaming({}, invert(flags), cutscene_ids)
        bodies, top = by_flag.events(bodies), by_flag.world_fields(top)
        changed_pairs = find_differing(
            [(new, base_events[old], bodies[new]) for new, old in pairs.items()], TEXT_FIELDS
        )

    new_indices = [index for index in range(len(bodies)) if index not in pairs]
    label_of = dict(zip(new_indices, unique_labels(bodies[index] for index in new_indices), strict=True))
    keys: list[Key] = [pairs[index] if index in pairs else label_of[index] for index in range(len(bodies))]
    events = dict(zip(keys, bodies, strict=True))
    names = dict(zip(keys, [body["name"] for body in bodies], strict=True))
    body_pairs = [(id, base.states[id], body) for id, body in states.items() if id in base.states]
    return AlignedDocument(
        states,
        events,
        top,
        _scene_fields(raw),
        names,
        {key: event_names.get(name, name) for key, name in names.items()},
        _field_order(raw),
        new_ids,
        flags,
        frozenset(id for id, _, _ in find_differing(body_pairs)),
        frozenset(pairs[new] for new, _, _ in changed_pairs),
        frozenset(objectives_with_flag(raw)),
    )


def _identifying_names(bodies: list[Json], base_events: list[Json], pairs: Mapping[int, int]) -> dict[str, str]:
    """Return base's names by the side's, of renamed events that both identify: no two names become one.

    Args:
        bodies: The events of the side.
        base_events: Those of base.
        pairs: Which event is which: indices in base by indices in the side.
    """
    counts, base_counts = (Counter(event["name"] for event in events) for events in (bodies, base_events))
    new_and_old_names = ((bodies[new]["name"], base_events[old]["name"]) for new, old in pairs.items())
    names = {new: old for new, old in new_and_old_names if new != old and counts[new] == base_counts[old] == 1}
    new_names = invert(names)
    # a name that another event of the side has is taken, unless that event goes by another one as well
    reused_names = [old for old in new_names if old in counts and old not in names]
    while reused_names:
        new = new_names[reused_names.pop()]
        del names[new]
        if new in new_names:
            reused_names.append(new)
    return names


def _field_order(raw: Json) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(raw), tuple(raw["scene"])


def _world_fields(raw: Json) -> Json:
    return {key: value for key, value in raw.items() if key != "scene"}


def _scene_fields(raw: Json) -> Json:
    return {key: value for key, value in raw["scene"].items() if key not in ("states", "events")}
