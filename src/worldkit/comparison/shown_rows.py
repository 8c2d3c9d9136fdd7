"""What a reader is shown of a difference: item by item what changed in it, and what a new item says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worldkit.comparison.fields import ABSENT, FieldChange
from worldkit.core.json_values import Json

if TYPE_CHECKING:
    from worldkit.comparison.diff_context import DiffContext
    from worldkit.comparison.world_diff import Changes, Diff

Row = tuple[str, str, str, tuple[FieldChange, ...]]
"""What happened, the kind of item, its name, and its field changes."""

_MAX_NAMES = 20  # items that are named in one row
_LAYER_NAMES = {"subject": "subject", "styleTail": "style tail"}
_STATE_TEXTS = ("base", "narration", "ending.kind", "ending.title", "ending.subtitle")
_EVENT_TEXTS = ("from", "to", "detail", "base", "narration", "requires", "grants", "oneShot", "lockedHint")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One or several items of a difference, as they are shown.

    Attributes:
        mark: What happened: ``"added"``, ``"removed"``, ``"renamed"``, ``"changed"`` or ``"moved"``.
        kind: The kind of item, in the plural for several.
        names: Their names; none for the world. Of many, the first.
        fields: What changed. Of an item that was added, what it says, as changes from ``ABSENT``.
        note: What is said instead of a field.
        hidden_count: How many items are not named.
    """

    mark: str
    kind: str
    names: tuple[str, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    note: str = ""
    hidden_count: int = 0


def rows(d: Diff) -> Iterator[Row]:
    """Yield what differs, item by item: the world, then the states, then the events."""
    if d.world:
        yield "changed", "world", "", d.world
    yield from _items("state", d.states)
    yield from _items("event", d.events)


def _items(kind: str, item_changes: Changes) -> Iterator[Row]:
    for old, new in item_changes.renamed.items():
        yield "renamed", kind, f"{old} → {new}", item_changes.changed.get(new, ())
    names = set(item_changes.renamed.values())
    for id in item_changes.added:
        yield "added", kind, id, ()
    for id in item_changes.removed:
        yield "removed", kind, id, ()
    for id, fields in item_changes.changed.items():
        if id not in names:
            yield "changed", kind, id, fields
    for id in item_changes.moved:
        if id not in names and id not in item_changes.changed:
            yield "moved", kind, id, ()


def shown_rows(d: Diff, context: DiffContext) -> list[ShownRow]:
    """Return what is shown of a difference: states that changed only with the subject or the style tail are one row."""
    result: list[ShownRow] = []
    ids_by_note: dict[str, list[str]] = {}
    for mark, kind, name, fields in rows(d):
        if mark == "added":
            body = (context.states if kind == "state" else context.events).get(name, {})
            fields = tuple(_field_changes(body, _STATE_TEXTS if kind == "state" else _EVENT_TEXTS))
        note = ""
        if kind == "state":
            fields, layers = context.own_changes(fields)
            note = _note(layers) if layers else ""
        if mark == "changed" and note and not fields:
            ids_by_note.setdefault(note, []).append(name)
        else:
            result.append(ShownRow(mark, kind, (name,) if name else (), fields, note))
    position = sum(row.kind != "event" for row in result)
    for note, ids in ids_by_note.items():
        kind, rest_count = "state" if len(ids) == 1 else "states", max(0, len(ids) - _MAX_NAMES)
        result.insert(position, ShownRow("changed", kind, tuple(ids[:_MAX_NAMES]), note=note, hidden_count=rest_count))
        position += 1
    return result


def _note(layers: Sequence[str]) -> str:
    return f"base: only the {' and the '.join(_LAYER_NAMES[layer] for layer in layers)} in it changed"


def _field_changes(body: Json, paths: Sequence[str]) -> Iterator[FieldChange]:
    """Yield what a new item says, and where it stands."""
    for path in paths:
        value = _value_at(body, path)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            value = ", ".join(value)
        if value is not ABSENT:
            yield FieldChange(path, ABSENT, value)
    phases = body.get("phases")
    for number, phase in enumerate(phases if isinstance(phases, list) else ()):
        yield FieldChange(f"phases[{number}].base", ABSENT, _value_at(phase, "base"))


def _value_at(body: Any, path: str) -> Any:
    for key in path.split("."):
        body = body.get(key, ABSENT) if isinstance(body, dict) else ABSENT
    return body
