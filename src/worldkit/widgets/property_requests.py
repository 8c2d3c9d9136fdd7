"""What a view asks about properties: to read a text that is being typed, to suggest some, and to change them."""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.exploration.budget import Budget
from worldkit.properties import suggest_properties
from worldkit.properties.changes import changes_between, with_changes
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import Properties
from worldkit.properties.grammar import parse_property
from worldkit.properties.names import Names
from worldkit.properties.statements import Property
from worldkit.widgets import gestures
from worldkit.widgets.editor_state import EditorState
from worldkit.widgets.overlay import VIEW_SECONDS
from worldkit.widgets.protocol import PropertyEdit


def read_property(state: EditorState, text: str) -> Json:
    """Return a text that is being typed as the property is written down, and what is wrong with it."""
    try:
        statement = parse_property(text)
        Names(state.world, state.properties.tags).resolve_property(statement)
    except PropertyError as error:
        return {"text": "", "error": str(error)}
    return {"text": statement.text, "error": ""}


def suggestions(state: EditorState) -> list[Json]:
    """Return properties that hold of the world today and are worth keeping, without those it has already."""
    present = {statement.text for statement in state.properties.values()}
    budget = Budget(seconds=VIEW_SECONDS)
    try:
        suggested = suggest_properties(state.world, budget=budget)
    except WorldError:
        return []
    return [{"name": name, "text": value.text} for name, value in suggested.items() if value.text not in present]


def edit_properties(state: EditorState, edits: Sequence[PropertyEdit]) -> EditorState:
    """Return the editor after properties were added, changed or deleted, as one gesture.

    Raises:
        WorldError: A property cannot be read, names what the world does not have, or is not there; or there is
            another of the same name.
    """
    properties = state.properties
    names = Names(state.world, properties.tags)
    for edit in edits:
        properties = _edited(properties, names, edit)
    return gestures.change_properties(
        state, properties, gestures.property_label(state.properties, changes_between(state.properties, properties))
    )


def _edited(properties: Properties, names: Names, edit: PropertyEdit) -> Properties:
    old = edit.name
    if old is not None and old not in properties:
        raise WorldError("this property is gone: it was changed or deleted meanwhile")
    if edit.text is None:
        if old is None:
            raise WorldError("expected a text for a new property, got none")
        return with_changes(properties, {old: None}, properties)
    statement = parse_property(edit.text)
    if old is None or statement != properties[old]:
        names.resolve_property(statement)
    name = _name_of(properties, edit, statement)
    if name != old and name in properties:
        raise WorldError(f"there is a property {name!r} already; give this one another name")
    changes: dict[str, Property | None] = {} if old is None else {old: None}
    order = [name if other == old else other for other in properties]
    return with_changes(properties, {**changes, name: statement}, order)


def _name_of(properties: Properties, edit: PropertyEdit, statement: Property) -> str:
    if edit.rename is not None:
        return " ".join(edit.rename.split()) or statement.text
    if edit.name is None or edit.name == properties[edit.name].text:  # it is called by its text
        return statement.text
    return edit.name
