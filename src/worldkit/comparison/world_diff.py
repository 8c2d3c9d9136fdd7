"""``diff``: the difference between two worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from worldkit.comparison import removals, renames
from worldkit.comparison.deep import play_changes
from worldkit.comparison.diff_context import DiffContext
from worldkit.comparison.equality import find_differing
from worldkit.comparison.fields import FieldChange, field_changes
from worldkit.comparison.pairing import pair_by_name, unique_labels
from worldkit.comparison.show import as_json, text
from worldkit.comparison.show_html import html
from worldkit.comparison.steps import EventSteps, StateSteps, TargetIndex, with_force
from worldkit.comparison.world_steps import version_step, world_steps
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.document import from_valid_json, json_of
from worldkit.core.json_values import Json, deep_copy
from worldkit.core.unsent_prose import world_layers
from worldkit.core.versions import is_later_minor
from worldkit.editing import refs
from worldkit.editing.batch import apply
from worldkit.editing.renaming import Renaming
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison.deep import PlayChanges
    from worldkit.exploration import Budget


@shown_briefly
@dataclass(frozen=True, slots=True)
class Changes:
    """The differences among the states or the events of two worlds.

    Among events with the same name the second is called ``"<name> (2)"`` here, and so on.

    Attributes:
        added: Ids only the second world has, in its order.
        removed: Ids only the first world has, in its order.
        changed: Field changes by id, of items both have; a renamed item is listed by its new id. A reference
            that follows a renamed state is not a change.
        renamed: New ids by old id: items that are the same under another name.
        moved: Ids of items whose position among the others changed, as few as explain the order.

    Example:
        >>> changed = world.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
        >>> wk.diff(world, changed).events.removed
        ('listen_to_the_leaves',)
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[FieldChange, ...]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    moved: tuple[str, ...] = ()

    def __len__(self) -> int:
        changed_ids = {*self.changed, *self.renamed.values(), *self.moved}
        return len(self.added) + len(self.removed) + len(changed_ids)


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True, repr=False)
class Diff:
    """The differences between two worlds; falsy when there are none.

    Attributes:
        ops: Operations that turn the first world into an equal of the second: ``a.apply(d.ops) == b``.
        states: Differences among the states.
        events: Differences among the events.
        world: Differences of the world's own fields.
        play: How the edit changes play, when ``deep`` was requested.

    Example:
        >>> changed = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
        >>> difference = wk.diff(world, changed)
        >>> bool(difference), len(difference.ops)
        (True, 1)
        >>> world.apply(difference.ops) == changed
        True
    """

    ops: Sequence[Json] = ()
    states: Changes = field(default_factory=Changes)
    events: Changes = field(default_factory=Changes)
    world: tuple[FieldChange, ...] = ()
    play: PlayChanges | None = None
    _context: DiffContext = field(default_factory=DiffContext, compare=False)

    def __bool__(self) -> bool:
        return bool(self.ops)

    def __len__(self) -> int:
        return len(self.states) + len(self.events) + len(self.world)

    def to_dict(self) -> Json:
        """Return the difference as JSON values; a field that is absent on one side is left out there.

        Example:
            >>> changed = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
            >>> list(wk.diff(world, changed).to_dict())
            ['ops', 'world', 'states', 'events']
        """
        return as_json(self)

    def __repr__(self) -> str:
        return text(self, self._context)

    def _repr_html_(self) -> str:
        return html(self, self._context)


@checked
def diff(a: World, b: World, *, deep: bool = False, budget: Budget | None = None) -> Diff:
    """Return what differs between two worlds, by key and by field.

    Args:
        a: The world before.
        b: The world after.
        deep: Whether to explore both worlds exhaustively and report in ``play`` how the edit changes play.
        budget: What each of the two explorations may cost; see ``worldkit.explore``.

    Returns:
        The difference. Items are matched by id and name; a removed and an added one with the same body, or
        with similar prose and similar links, count as renamed. Values are compared by JSON's types. Printed, it
        shows the sentences that changed, and what is new with its text; the subject and the style tail that
        stand in every base are left out.

    Example:
        >>> changed = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
        >>> wk.diff(world, changed)
        1 difference, 1 operation
        ~ state lane
            base
              − A farm lane climbs between dry-stone walls furred with frost. At the top of the rise ...
              + A lane.
        >>> wk.diff(world, changed).ops[0]["op"]
        'update_state'
    """
    result = Diff()
    if json_of(a) is not json_of(b):
        result = _diff(a, json_of(b))
    if not deep:
        return result
    return replace(result, play=play_changes(a, b, result, budget))


def diff_following(a: World, b: World, states: Mapping[str, str], events: Mapping[int, str]) -> Diff:
    """Return what differs between two worlds of which some renames are known, whatever else was changed.

    Args:
        states: New ids of states by their old ids.
        events: New names of events by their indices in the first world.
    """
    return Diff() if json_of(a) is json_of(b) else _diff(a, json_of(b), states, events)


def _diff(
    a: World, want: Json, known_states: Mapping[str, str] | None = None, known_events: Mapping[int, str] | None = None
) -> Diff:
    target = TargetIndex(want)
    names = _new_names(json_of(a), want, known_states or {})
    rename_ops = [{"op": "rename_state", "from": old, "to": new} for old, new in names.items()]
    have = _with_renamed_states(json_of(a), names) if names else json_of(a)

    deleted_ids = removals.plain_deletions(have, want, target.mentioned_ids)
    deletions = [{"op": "delete_state", "id": id} for id in deleted_ids]
    base = json_of(apply(from_valid_json(World, have), deletions).world) if deletions else have
    remaining = removals.remaining_events(have["scene"]["events"], deleted_ids)

    states = StateSteps(base, want, target)
    old_events, new_events = base["scene"]["events"], want["scene"]["events"]
    pairs = pair_by_name(old_events, new_events)
    renamed_indices = _known_event_renames(old_events, new_events, pairs, remaining, known_events or {})
    pairs |= {new: old for old, new in renamed_indices.items()}
    renamed_indices |= renames.renamed_events(old_events, new_events, pairs)
    pairs |= {new: old for old, new in renamed_indices.items()}
    events = EventSteps(old_events, new_events, pairs, target)
    state_ops = list(states.steps())
    base_fields = {**base, "entrance": states.entrance} if states.entrance else base
    first_steps, last_steps = _version_steps(have, want)
    if first_steps or last_steps:
        version = {key: want[key] for key in ("schemaVersion",) if key in want}
        base_fields = {key: value for key, value in base_fields.items() if key != "schemaVersion"} | version
    world_ops = world_steps(base_fields, want, target)
    batch = [
        *first_steps,
        *rename_ops,
        *deletions,
        *state_ops,
        *world_ops,
        *events.steps(),
        *states.removals(),
        *last_steps,
    ]
    state_changes = _state_changes(json_of(a), want, names, states)
    event_changes = _event_changes(
        have["scene"]["events"], old_events, new_events, remaining, renamed_indices, pairs, events
    )
    return Diff(
        deep_copy(with_force(batch, json_of(a), target)),
        state_changes,
        event_changes,
        tuple(_world_changes(have, want)),
        _context=_context(have, want, state_changes, event_changes),
    )


def _context(have: Json, want: Json, states: Changes, events: Changes) -> DiffContext:
    bodies = dict(zip(unique_labels(want["scene"]["events"]), want["scene"]["events"], strict=True))
    return DiffContext(
        (world_layers(have), world_layers(want)),
        {id: want["scene"]["states"][id] for id in states.added},
        {label: bodies[label] for label in events.added},
    )


def _version_steps(have: Json, want: Json) -> tuple[list[Json], list[Json]]:
    """Return what sets the version before everything else, and what sets it after everything else.

    Words of later versions can only be written, and only stay, while the document is of a later version.
    """
    is_later_before, is_later_after = (is_later_minor(raw.get("schemaVersion")) for raw in (have, want))
    if is_later_before == is_later_after:
        return [], []
    steps = [version_step(want)]
    return (steps, []) if is_later_after else ([], steps)


def _with_renamed_states(raw: Json, names: Mapping[str, str]) -> Json:
    """Return a document as ``rename_state`` leaves it."""
    return Renaming(names, {}, refs.cutscene_ids(raw)).document(raw)


def _new_names(have: Json, want: Json, known_names: Mapping[str, str]) -> dict[str, str]:
    """Return the renamed states, except those whose new id ``rename_state`` refuses: they are removed and added."""
    cutscene_ids = refs.cutscene_ids(have)
    return {
        old: new
        for old, new in renames.renamed_states(have, want, known_names).items()
        if new.strip() and new not in cutscene_ids
    }


def _known_event_renames(
    old_events: Sequence[Json],
    new_events: Sequence[Json],
    pairs: Mapping[int, int],
    remaining: Sequence[int],
    names: Mapping[int, str],
) -> dict[int, int]:
    """Return the events that are known to be renamed and have no partner yet: new indices by old ones."""
    if not names:
        return {}
    paired_indices = set(pairs.values())
    unpaired_events = {event["name"]: new for new, event in enumerate(new_events) if new not in pairs}
    result: dict[int, int] = {}
    for old, event in enumerate(old_events):
        name = names.get(remaining[old])
        if old not in paired_indices and name is not None and name != event["name"] and name in unpaired_events:
            result[old] = unpaired_events.pop(name)
    return result


# ---- differences by key and field -----------------------------------------------------------------


def _state_changes(have: Json, want: Json, names: Mapping[str, str], states: StateSteps) -> Changes:
    before, after = have["scene"]["states"], want["scene"]["states"]
    new = set(names.values())
    return Changes(
        added=tuple(id for id in after if id not in before and id not in new),
        removed=tuple(id for id in before if id not in after and id not in names),
        changed={id: tuple(field_changes(old_body, new_body)) for id, old_body, new_body in states.changed_states},
        renamed=dict(names),
        moved=tuple(states.moved_ids),
    )


def _event_changes(
    have: Sequence[Json],
    base: Sequence[Json],
    want: Sequence[Json],
    remaining: Sequence[int],
    renamed_indices: Mapping[int, int],
    pairs: Mapping[int, int],
    events: EventSteps,
) -> Changes:
    """Return the differences among events, measured before the cascades of deleted states."""
    old_names, new_names = unique_labels(have), unique_labels(want)
    differ = {new for new, _, _ in events.changed_events}
    cascaded_indices = (
        [] if base is have else [new for new, old in pairs.items() if base[old] is not have[remaining[old]]]
    )
    numbers = sorted(differ.union(cascaded_indices))
    fields_by_name = {
        new_names[new]: tuple(change for change in field_changes(old_body, new_body) if change.path != "name")
        for new, old_body, new_body in find_differing(
            [(new, have[remaining[pairs[new]]], want[new]) for new in numbers]
        )
    }
    paired_indices = {remaining[old] for old in pairs.values()}
    return Changes(
        added=tuple(name for index, name in enumerate(new_names) if index not in pairs),
        removed=tuple(name for index, name in enumerate(old_names) if index not in paired_indices),
        changed={name: fields for name, fields in fields_by_name.items() if fields},
        renamed={old_names[remaining[old]]: new_names[new] for old, new in sorted(renamed_indices.items())},
        moved=tuple(new_names[new] for new in events.moved_indices),
    )


def _world_changes(have: Json, want: Json) -> list[FieldChange]:
    before, after = ({k: v for k, v in raw.items() if k != "scene"} for raw in (have, want))
    scenes = [{k: v for k, v in raw["scene"].items() if k not in ("states", "events")} for raw in (have, want)]
    return [*field_changes(before, after), *field_changes(scenes[0], scenes[1], "scene")]
