"""Changes to a set of properties: by name, with their order; and renames in the world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worldkit.properties.conditions import KINDS, Available, Condition, Kind, Named, map_parts
from worldkit.properties.files import Properties
from worldkit.properties.names import Names, kinds_of
from worldkit.properties.statements import Property, map_conditions

PropertyChanges = Mapping[str, Property | None]
"""What properties become, by name; None for one that goes."""


def with_changes(properties: Properties, changes: PropertyChanges, order: Iterable[str]) -> Properties:
    """Return properties with some changed.

    Args:
        changes: What some become, by name; None for those that go.
        order: The names in the order that they should have; those that are not in it stand last.
    """
    values = {name: value for name, value in {**properties, **changes}.items() if value is not None}
    ordered_names = dict.fromkeys([*(name for name in order if name in values), *values])
    return Properties({name: values[name] for name in ordered_names}, properties.tags, properties.path)


def changes_between(before: Properties, after: Properties) -> dict[str, Property | None]:
    """Return what differs between two sets of properties, by name."""
    names = dict.fromkeys((*before, *after))
    return {name: after.get(name) for name in names if before.get(name) != after.get(name)}


def tag_changes_between(before: Properties, after: Properties) -> dict[str, tuple[str, ...] | None]:
    """Return the tags that differ between two sets of properties, with their states; None for a tag that goes."""
    names = dict.fromkeys((*before.tags, *after.tags))
    return {name: after.tags.get(name) for name in names if before.tags.get(name) != after.tags.get(name)}


def with_edit(properties: Properties, before: Properties, after: Properties) -> Properties:
    """Return properties with the edit that led from some to others; what else was changed meanwhile stays.

    Args:
        before: Those that the edit was made of.
        after: Those that it led to.
    """
    statements = with_changes(properties, changes_between(before, after), after)
    tags = {**properties.tags, **tag_changes_between(before, after)}
    return Properties(statements, {tag: states for tag, states in tags.items() if states is not None}, properties.path)


def follow_renames(
    properties: Properties,
    names: Names,
    *,
    states: Mapping[str, str] | None = None,
    events: Mapping[str, str] | None = None,
    flags: Mapping[str, str] | None = None,
) -> Properties:
    """Return properties that follow renames in a world, so that each means what it meant.

    A name without its kind gets it where it could stand for something else, too, after the renames.

    Args:
        names: What names stood for before.
        states: The new id of every state that was renamed.
        events: The new name of every event that was renamed.
        flags: The new name of every flag that was renamed.
    """
    states = states or {}
    renames: dict[Kind, Mapping[str, str]] = {"state": states, "ending": states, "event": events or {}}
    renames["flag"] = flags or {}

    def new_name(kind: Kind, name: str) -> str:
        if kind == "ending" and names.endings.get(name) != (name,):
            return name  # a title, which is not renamed with a state whose id is spelled the same
        return renames.get(kind, {}).get(name, name)

    names_after = {kind: {new_name(kind, name) for name in names.names_by_kind[kind]} for kind in KINDS}

    def rename(condition: Condition) -> Condition:
        match condition:
            case Named("name", name):
                kinds = names.kinds(name)
                if len(kinds) != 1:
                    return condition
                new = new_name(kinds[0], name)
                is_clear = kinds_of(new, names_after) == kinds
                return Named("name" if is_clear else kinds[0], new)
            case Named(kind, name):
                return Named(kind, new_name(kind, name))
            case Available(name):
                return Available(renames["event"].get(name, name))
            case _:
                return map_parts(condition, rename)

    values: dict[str, Property] = {}
    for name, statement in properties.items():
        new_statement = map_conditions(statement, rename)
        values[new_statement.text if name == statement.text else name] = new_statement
    tags = {tag: [states.get(id, id) for id in ids] for tag, ids in properties.tags.items()}
    return Properties(values, tags, properties.path)
