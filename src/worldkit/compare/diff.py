"""``diff``: what differs between two worlds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from worldkit.compare.fields import FieldChange, changes
from worldkit.compare.pairing import renamed
from worldkit.compare.steps import Steps
from worldkit.jsonish import Json, allocating, copied
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs among the states or the events of two worlds.

    Attributes:
        added: Ids only the second world has, in its order.
        removed: Ids only the first world has, in its order.
        changed: Field changes by id, of items both have; a renamed item stands here by its new id.
        renamed: New ids by old id: items that are the same under another name.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[FieldChange, ...]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return (
            len(self.added)
            + len(self.removed)
            + len(self.changed)
            + len(set(self.renamed.values()) - set(self.changed))
        )


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two worlds; falsy when nothing does.

    Attributes:
        ops: Operations that turn the first world into an equal of the second: ``a.apply(d.ops) == b``.
        states: Differences among the states.
        events: Differences among the events.
        world: Differences of the world's own fields.
    """

    ops: Sequence[Json]
    states: Changes
    events: Changes
    world: tuple[FieldChange, ...]

    def __bool__(self) -> bool:
        return bool(self.ops)

    def __len__(self) -> int:
        return len(self.states) + len(self.events) + len(self.world)

    def __repr__(self) -> str:
        from worldkit.compare.show import text

        return text(self)

    def _repr_html_(self) -> str:
        from worldkit.compare.show import html

        return html(self)


def diff(a: World, b: World) -> Diff:
    """Return what differs between two worlds, by key and by field.

    Args:
        a: The world before.
        b: The world after.

    Returns:
        The difference. Items are matched by id and name; a removed and an added one with the same
        body, or with much the same prose, count as renamed. Values are compared by JSON's types.
    """
    have, want = a.raw, b.raw
    if have is want:
        return Diff((), Changes(), Changes(), ())
    with allocating():
        return _diff(a, have, want)


def _diff(a: World, have: Json, want: Json) -> Diff:
    old_states, new_states = have["scene"]["states"], want["scene"]["states"]
    gone = {id: body for id, body in old_states.items() if id not in new_states}
    come = {id: body for id, body in new_states.items() if id not in old_states}
    names = renamed(gone, come) if gone and come else {}
    start, batch, names = _with_new_names(a, names)
    base = start.raw

    old_events, new_events = _first(base), _first(want)
    lost = {name: body for name, body in old_events.items() if name not in new_events}
    got = {name: body for name, body in new_events.items() if name not in old_events}
    unique = len(old_events) == len(base["scene"]["events"]) and len(new_events) == len(want["scene"]["events"])
    event_names = renamed(lost, got, ("name",)) if unique and lost and got else {}
    event_names = {old: new for old, new in event_names.items() if new.strip()}

    steps = Steps(base, want, event_names)
    first_events = [(name, old, new) for (name, n), old, new in steps.changed_events if not n]
    return Diff(
        copied([*batch, *steps.all()]),
        _changes(gone, come, names, steps.changed_states),
        _changes(lost, got, event_names, first_events, identity="name"),
        tuple(_world_changes(have, want)),
    )


def _with_new_names(a: World, names: dict[str, str]) -> tuple[World, list[Json], dict[str, str]]:
    """Return the world with states renamed, by the operations themselves, so that references follow."""
    from worldkit.edit import apply
    from worldkit.errors import OpError

    batch = [{"op": "rename_state", "from": old, "to": new} for old, new in names.items()]
    if not batch:
        return a, [], {}
    try:
        return apply(a, batch).world, batch, names
    except OpError:
        return a, [], {}  # a name that rename_state refuses, such as a blank one: it stays an added and a removed state


def _first(raw: Json) -> dict[str, Json]:
    """Return the events by name; of several with one name, the first."""
    return {event["name"]: event for event in reversed(raw["scene"]["events"])}


def _changes(
    gone: Mapping[str, Json],
    come: Mapping[str, Json],
    names: Mapping[str, str],
    differ: Iterable[tuple[str, Json, Json]],
    identity: str | None = None,
) -> Changes:
    new = set(names.values())
    found = {id: tuple(c for c in changes(was, now) if c.path != identity) for id, was, now in differ}
    return Changes(
        added=tuple(id for id in come if id not in new),
        removed=tuple(id for id in gone if id not in names),
        changed={id: fields for id, fields in found.items() if fields},
        renamed=dict(names),
    )


def _world_changes(have: Json, want: Json) -> list[FieldChange]:
    before = {k: v for k, v in have.items() if k != "scene"}
    after = {k: v for k, v in want.items() if k != "scene"}
    inside = [{k: v for k, v in d["scene"].items() if k not in ("states", "events")} for d in (have, want)]
    return [*changes(before, after), *changes(inside[0], inside[1], "scene")]
