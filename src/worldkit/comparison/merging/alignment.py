"""The three documents in one set of names, and which item of one is which of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from worldkit.comparison import renames
from worldkit.comparison.equality import TEXTS, differing
from worldkit.comparison.labels import labels
from worldkit.comparison.merging.names import renamed_flags
from worldkit.comparison.pairing import paired
from worldkit.comparison.renaming import Renaming, inverted
from worldkit.core.json_values import Json, json_equal
from worldkit.editing import refs

Key = int | str
"""An event: its index in base, or the label of a new one on the side that has it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One of the three documents, in base's names.

    Attributes:
        states: The states by base's ids; new ones by their own.
        events: The events, by index in base; new ones by label.
        top: The world's own fields.
        scene: The scene's own fields.
        names: What this document calls each event.
        layout: The order of its fields, and of its scene's.
        renamed: What it calls states of base that it renamed.
        flags: What it calls flags of base that it renamed.
        changed_states: Ids of states of base that differ in it.
        changed_events: Keys of events of base that differ in it.
    """

    states: Json
    events: dict[Key, Json]
    top: Json
    scene: Json
    names: dict[Key, str]
    layout: tuple[tuple[str, ...], tuple[str, ...]]
    renamed: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    changed_states: frozenset[str] = frozenset()
    changed_events: frozenset[Key] = frozenset()

    @property
    def state_names(self) -> dict[str, str]:
        """What this document calls each state."""
        if not self.renamed:
            return dict(zip(self.states, self.states, strict=True))
        return {id: self.renamed.get(id, id) for id in self.states}

    def is_as(self, base: Document) -> bool:
        """Return whether nothing in this document differs from base but the order of fields."""
        return (
            not (self.changed_states or self.changed_events or self.renamed or self.flags)
            and list(self.states) == list(base.states)
            and list(self.events) == list(base.events)
            and json_equal(self.top, base.top)
            and json_equal(self.scene, base.scene)
        )


def read_base(raw: Json) -> Document:
    """Return what both sides began with."""
    events: dict[Key, Json] = dict(enumerate(raw["scene"]["events"]))
    names = {key: body["name"] for key, body in events.items()}
    return Document(raw["scene"]["states"], events, _top(raw), _scene(raw), names, _layout(raw))


def read_side(raw: Json, base: Document, start: Json) -> Document:
    """Return one side in base's names.

    Args:
        raw: The side's document.
        base: What it was made of.
        start: The document of that.
    """
    cuts = refs.cutscene_ids(raw)
    renamed = {old: new for old, new in renames.states(start, raw).items() if new not in cuts}
    back = inverted(renamed)
    states: Json = raw["scene"]["states"]
    if back:
        states = {back.get(id, id): body for id, body in states.items()}
    by_state = Renaming(back, {}, cuts)
    bodies, top = by_state.events(raw["scene"]["events"]), by_state.top(_top(raw))

    olds = start["scene"]["events"]
    pairs = paired(olds, bodies)
    if len(pairs) < len(bodies) and len(pairs) < len(olds):
        pairs |= {new: old for old, new in renames.events(olds, bodies, pairs).items()}

    differ = differing([(new, olds[old], bodies[new]) for new, old in pairs.items()], TEXTS)
    flags = renamed_flags(base.top, top, [(was, now) for _, was, now in differ], olds, bodies)
    if flags:
        by_flag = Renaming({}, inverted(flags), cuts)
        bodies, top = by_flag.events(bodies), by_flag.top(top)
        differ = differing([(new, olds[old], bodies[new]) for new, old in pairs.items()], TEXTS)

    fresh = [at for at in range(len(bodies)) if at not in pairs]
    called = dict(zip(fresh, labels(bodies[at] for at in fresh), strict=True))
    keys: list[Key] = [pairs[at] if at in pairs else called[at] for at in range(len(bodies))]
    events = dict(zip(keys, bodies, strict=True))
    names = dict(zip(keys, [body["name"] for body in bodies], strict=True))
    both = [(id, base.states[id], body) for id, body in states.items() if id in base.states]
    return Document(
        states,
        events,
        top,
        _scene(raw),
        names,
        _layout(raw),
        renamed,
        flags,
        frozenset(id for id, _, _ in differing(both)),
        frozenset(pairs[new] for new, _, _ in differ),
    )


def _layout(raw: Json) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(raw), tuple(raw["scene"])


def _top(raw: Json) -> Json:
    return {key: value for key, value in raw.items() if key != "scene"}


def _scene(raw: Json) -> Json:
    return {key: value for key, value in raw["scene"].items() if key not in ("states", "events")}
