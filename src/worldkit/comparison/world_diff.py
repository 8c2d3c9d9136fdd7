"""``diff``: what differs between two worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from worldkit.comparison import removals, renames
from worldkit.comparison.equality import differing
from worldkit.comparison.fields import FieldChange, changes
from worldkit.comparison.labels import labels
from worldkit.comparison.pairing import paired
from worldkit.comparison.renaming import Renaming
from worldkit.comparison.steps import Events, Known, States, forced
from worldkit.comparison.world_steps import of_world
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.document import from_valid_json, json_of
from worldkit.core.json_values import Json, copied
from worldkit.editing import refs
from worldkit.editing.batch import apply
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison.deep import PlayChanges
    from worldkit.exploration import Budget


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs among the states or the events of two worlds.

    Of several events with one name the second is called ``"<name> (2)"`` here, and so on.

    Attributes:
        added: Ids only the second world has, in its order.
        removed: Ids only the first world has, in its order.
        changed: Field changes by id, of items both have; a renamed item stands here by its new id. That a
            reference follows a renamed state is no change.
        renamed: New ids by old id: items that are the same under another name.
        moved: Ids of items that stand elsewhere among the others, as few as explain the order.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[FieldChange, ...]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    moved: tuple[str, ...] = ()

    def __len__(self) -> int:
        kept = {*self.changed, *self.renamed.values(), *self.moved}
        return len(self.added) + len(self.removed) + len(kept)


@checked_methods
@dataclass(frozen=True, slots=True, repr=False)
class Diff:
    """What differs between two worlds; falsy when nothing does.

    Attributes:
        ops: Operations that turn the first world into an equal of the second: ``a.apply(d.ops) == b``.
        states: Differences among the states.
        events: Differences among the events.
        world: Differences of the world's own fields.
        play: What the edit did to play, when ``deep`` was asked for.

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

    def __bool__(self) -> bool:
        return bool(self.ops)

    def __len__(self) -> int:
        return len(self.states) + len(self.events) + len(self.world)

    def to_dict(self) -> Json:
        """Return the difference as JSON values; a field that is not there on one side is left out on that side.

        Example:
            >>> changed = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
            >>> list(wk.diff(world, changed).to_dict())
            ['ops', 'world', 'states', 'events']
        """
        from worldkit.comparison.show import plain

        return plain(self)

    def __repr__(self) -> str:
        from worldkit.comparison.show import text

        return text(self)

    def _repr_html_(self) -> str:
        from worldkit.comparison.show import html

        return html(self)


@checked
def diff(a: World, b: World, *, deep: bool = False, budget: Budget | None = None) -> Diff:
    """Return what differs between two worlds, by key and by field.

    Args:
        a: The world before.
        b: The world after.
        deep: Play both through exhaustively as well, and say in ``play`` what the edit did to play.
        budget: What each of the two explorations may cost; see ``worldkit.explore``.

    Returns:
        The difference. Items are matched by id and name; a removed and an added one with the same body, or
        with much the same prose in much the same place, count as renamed. Values are compared by JSON's types.

    Example:
        >>> changed = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}])
        >>> wk.diff(world, changed)
        1 difference, 1 operation
        ~ state lane
            base: "A farm lane climbs between dry-stone walls furred with frost. At the t… → "A lane."
        >>> wk.diff(world, changed).ops[0]["op"]
        'update_state'
    """
    found = Diff()
    if json_of(a) is not json_of(b):
        found = _diff(a, json_of(b))
    if not deep:
        return found
    from worldkit.comparison.deep import play_changes

    return replace(found, play=play_changes(a, b, found, budget))


def _diff(a: World, want: Json) -> Diff:
    known = Known(want)
    names = _new_names(json_of(a), want)
    start = [{"op": "rename_state", "from": old, "to": new} for old, new in names.items()]
    have = Renaming(names, {}, refs.cutscene_ids(json_of(a))).document(json_of(a)) if names else json_of(a)

    leaving = removals.simple(have, want, known.named)
    goodbye = [{"op": "delete_state", "id": id} for id in leaving]
    base = json_of(apply(from_valid_json(World, have), goodbye).world) if goodbye else have
    kept = removals.survivors(have["scene"]["events"], leaving)

    states = States(base, want, known)
    olds, news = base["scene"]["events"], want["scene"]["events"]
    pairs = paired(olds, news)
    found = renames.events(olds, news, pairs)
    pairs |= {new: old for old, new in found.items()}
    events = Events(olds, news, pairs, known)
    arrivals = list(states.steps())
    entered = {**base, "entrance": states.entrance} if states.entrance else base
    world = of_world(entered, want, known)
    batch = [*start, *goodbye, *arrivals, *world, *events.steps(), *states.gone()]
    return Diff(
        copied(forced(batch, json_of(a), known)),
        _state_changes(json_of(a), want, names, states),
        _event_changes(have["scene"]["events"], olds, news, kept, found, pairs, events),
        tuple(_world_changes(have, want)),
    )


def _new_names(have: Json, want: Json) -> dict[str, str]:
    """Return the renamed states, but those whose new id ``rename_state`` refuses; they are removed and added."""
    taken = refs.cutscene_ids(have)
    return {old: new for old, new in renames.states(have, want).items() if new.strip() and new not in taken}


# ---- said by key and field ----------------------------------------------------------------------


def _state_changes(have: Json, want: Json, names: Mapping[str, str], states: States) -> Changes:
    before, after = have["scene"]["states"], want["scene"]["states"]
    new = set(names.values())
    return Changes(
        added=tuple(id for id in after if id not in before and id not in new),
        removed=tuple(id for id in before if id not in after and id not in names),
        changed={id: tuple(changes(was, now)) for id, was, now in states.changed},
        renamed=dict(names),
        moved=tuple(states.moved),
    )


def _event_changes(
    have: Sequence[Json],
    base: Sequence[Json],
    want: Sequence[Json],
    kept: Sequence[int],
    found: Mapping[int, int],
    pairs: Mapping[int, int],
    events: Events,
) -> Changes:
    """Say what differs among events, before anything a departing state took along was taken."""
    old_names, new_names = labels(have), labels(want)
    differ = {new for new, _, _ in events.changed}
    touched = [] if base is have else [new for new, old in pairs.items() if base[old] is not have[kept[old]]]
    both = sorted(differ.union(touched))
    changed = {
        new_names[new]: tuple(change for change in changes(was, now) if change.path != "name")
        for new, was, now in differing([(new, have[kept[pairs[new]]], want[new]) for new in both])
    }
    held = {kept[old] for old in pairs.values()}
    return Changes(
        added=tuple(name for at, name in enumerate(new_names) if at not in pairs),
        removed=tuple(name for at, name in enumerate(old_names) if at not in held),
        changed={name: fields for name, fields in changed.items() if fields},
        renamed={old_names[kept[old]]: new_names[new] for old, new in sorted(found.items())},
        moved=tuple(new_names[new] for new in events.moved),
    )


def _world_changes(have: Json, want: Json) -> list[FieldChange]:
    before, after = ({k: v for k, v in raw.items() if k != "scene"} for raw in (have, want))
    inside = [{k: v for k, v in raw["scene"].items() if k not in ("states", "events")} for raw in (have, want)]
    return [*changes(before, after), *changes(inside[0], inside[1], "scene")]
