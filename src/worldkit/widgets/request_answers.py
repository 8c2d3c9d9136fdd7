"""What a view asks of an editor besides gestures: about properties, about edits before they are made, and sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from worldkit.core.diagnostics import Diagnostics, Item
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.prose import READERS
from worldkit.editing.labels import label
from worldkit.exploration.budget import Budget
from worldkit.interop import apply_lines, format_of, parse_script, script_text
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
from worldkit.widgets.protocol import PropertyEdit, ReadSheet, WriteSheet
from worldkit.world import World


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
        suggested_properties = suggest_properties(state.world, budget=budget)
    except WorldError:
        return []
    return [
        {"name": name, "text": value.text} for name, value in suggested_properties.items() if value.text not in present
    ]


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


MAX_CHANGES = 8
"""So many edits are told in words; the rest are counted."""

MAX_FRESH_DIAGNOSTICS = 5


def preview(state: EditorState, ops: Iterable[Mapping[str, Any]]) -> Json:
    """Return what operations would do to the world of an editor.

    The world is checked as after the edit itself, so that a preview takes as long as the edit.

    Raises:
        OpError: One of them would be refused.
    """
    after = gestures.apply_ops(state, ops)
    applied_ops = after.undo_stack[-1].ops if after.undo_stack is not state.undo_stack else ()
    lines = [label([op]) for op in applied_ops]
    rest_count = len(lines) - MAX_CHANGES
    resolved_counts, new_counts = _tally(state.diagnostics, after.diagnostics)
    return {
        "changes": [*lines[:MAX_CHANGES], f"and {rest_count} more"] if rest_count > 0 else lines,
        "settled": sum(resolved_counts.values()),
        "raised": sum(new_counts.values()),
        "fresh": _fresh(state.diagnostics, after.diagnostics, new_counts)[:MAX_FRESH_DIAGNOSTICS],
    }


def _tally(before: Diagnostics, after: Diagnostics) -> tuple[Counter[str], Counter[str]]:
    """Return by how many the findings of each rule become fewer, and by how many more."""
    counts = [Counter[str](), Counter[str]()]
    for counter, diagnostics in zip(counts, (before, after), strict=True):
        for finding in diagnostics:
            counter[finding.lint] += finding.count
    return counts[0] - counts[1], counts[1] - counts[0]


def _describe(item: Item) -> str:
    return f"{item.kind} {item.id}" if item.id else item.kind


def _fresh(before: Diagnostics, after: Diagnostics, risen_counts: Counter[str]) -> list[str]:
    """Return what is said of findings that were not there before, by the rules that have more of them."""
    known_findings = {(finding.lint, finding.item, finding.message) for finding in before}
    return [
        f"{_describe(finding.item)}: {finding.message}"
        for finding in after
        if finding.lint in risen_counts and (finding.lint, finding.item, finding.message) not in known_findings
    ]


def write_sheet(world: World, request: WriteSheet) -> Json:
    """Return the body of the reply with the sheet.

    Raises:
        WrongArgument: The language is none.
    """
    readers = READERS if request.reader is None else (request.reader,)
    return {"text": script_text(world, request.format, readers=readers, language=request.language or None)}


def read_sheet(world: World, request: ReadSheet) -> Json:
    """Return the body of the reply with what a sheet would change.

    Raises:
        InvalidScript: It is no such sheet.
        WrongArgument: Its name does not tell its format.
    """
    lines = parse_script(request.text.removeprefix("\ufeff"), format_of(Path(request.name)))
    edits = apply_lines(world, lines, overwrite=request.overwrite)
    clashes = [{"key": clash.key, "current": clash.current, "text": clash.text} for clash in edits.outdated]
    return {
        "rev": world.rev,
        "ops": edits.ops,
        "changed": len(edits.changed),
        "outdated": clashes,
        "unknown": list(edits.unknown),
    }
