"""The properties that a user gives, as text, values, a mapping or a file: read, named, and looked up in a world."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from worldkit.core.json_values import quote
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import Properties
from worldkit.properties.grammar import parse_property
from worldkit.properties.names import Names, Tags
from worldkit.properties.statements import Property

if TYPE_CHECKING:
    from worldkit.world import World

Statement = str | Property
PropertiesGiven = Statement | Properties | Sequence[Statement] | Mapping[str, Statement] | None


def as_named_properties(
    world: World, properties: PropertiesGiven, tags: Tags | None = None
) -> tuple[Names, list[tuple[str, Property]]]:
    """Return properties, as they are given to ``check``, with their names; what they name is looked up.

    Raises:
        PropertyError: A property cannot be read, or names what the world does not have; names the file it is in.
    """
    if properties is None:
        properties = world.properties
    file = properties.path if isinstance(properties, Properties) else None
    named_properties, all_tags = _with_names(properties)
    try:
        names = Names(world, {**all_tags, **(tags or {})})
        return names, [(name, _resolve(names, name, statement)) for name, statement in named_properties]
    except PropertyError as error:
        raise PropertyError(f"{file}: {error}" if file else str(error)) from None


def _with_names(
    properties: Statement | Properties | Sequence[Statement] | Mapping[str, Statement],
) -> tuple[list[tuple[str, Property]], Tags]:
    tags: Tags = {}
    if isinstance(properties, Properties):
        tags = properties.tags
    if isinstance(properties, Mapping):
        return [(name, as_property(value)) for name, value in properties.items()], tags
    values = [properties] if isinstance(properties, (str, Property)) else properties
    statements = [as_property(value) for value in values]
    return [(statement.text, statement) for statement in statements], tags


def as_property(value: Statement) -> Property:
    """Return a property that was given as text or as a value."""
    if isinstance(value, Property):
        return value
    if isinstance(value, str):
        try:
            return parse_property(value)
        except PropertyError as error:
            raise (_file_given(value) if value.endswith(".toml") else error) from None
    if isinstance(value, os.PathLike):
        raise _file_given(os.fsdecode(value))
    raise PropertyError(f"expected a property, as text or as a value, got {quote(value)}")


def _file_given(path: str) -> PropertyError:
    return PropertyError(f"{quote(path)} is a file; read it with worldkit.load_properties({quote(path, 200)})")


def _resolve(names: Names, name: str, statement: Property) -> Property:
    try:
        return names.resolve_property(statement)
    except PropertyError as error:
        raise PropertyError(f"{name}: {error}") from None
