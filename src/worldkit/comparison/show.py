"""A diff as text and as JSON values; text from a world is escaped for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worldkit.comparison.fields import ABSENT, UNCHANGED_PART, FieldChange, changed_parts, plain_value
from worldkit.comparison.shown_rows import ShownRow, shown_rows
from worldkit.core.json_values import Json, deep_copy, escape_unprintable
from worldkit.core.quoting import format_count

if TYPE_CHECKING:
    from worldkit.comparison.deep import PlayChanges
    from worldkit.comparison.diff_context import DiffContext
    from worldkit.comparison.world_diff import Diff

MARKS = {"added": "+", "removed": "−", "renamed": "→", "changed": "~", "moved": "↕"}
"""The sign for each thing that can happen to an item."""

_MAX_ROWS = 200
_MAX_LINE_LENGTH = 100  # characters of a field that is told in one line


def heading(d: Diff) -> str:
    """Return how many differences there are, in words."""
    if not d:
        return "no difference"
    return f"{format_count(len(d), 'difference')}, {format_count(len(d.ops), 'operation')}"


def first_rows(d: Diff, context: DiffContext) -> tuple[list[ShownRow], str]:
    """Return as many rows as are shown, and a line about those that are left out."""
    all_rows = shown_rows(d, context)
    rest = len(all_rows) - _MAX_ROWS
    return all_rows[:_MAX_ROWS], f"and {rest} more in .states and .events" if rest > 0 else ""


def text(d: Diff, context: DiffContext) -> str:
    """Return the diff as lines of text."""
    visible, rest_line = first_rows(d, context)
    lines = [heading(d)]
    if d.play is not None:
        lines += ["play:", *(f"  {sentence}" for sentence in d.play.sentences)]
    for row in visible:
        lines.append(f"{MARKS[row.mark]} {row.kind} {', '.join(row.names)}".rstrip() + more_names(row))
        if row.note:
            lines.append(f"    {row.note}")
        for change in row.fields:
            lines += [f"    {line}" for line in _field_lines(change, is_new=row.mark == "added")]
    return "\n".join(escape_unprintable(line) for line in [*lines, *([rest_line] if rest_line else [])])


def more_names(row: ShownRow) -> str:
    """Return how many items of a row are not named, in words."""
    return f" and {row.hidden_count} more" if row.hidden_count else ""


def _field_lines(change: FieldChange, *, is_new: bool) -> Iterator[str]:
    """Yield a field's change: in one line where that is short, else what it was and what it is below each other."""
    if is_new:
        yield f"{change.path}: {plain_value(change.after)}"
        return
    line, parts = str(change), changed_parts(change)
    if len(line) <= _MAX_LINE_LENGTH and UNCHANGED_PART not in parts:
        yield line
        return
    yield change.path
    yield from (
        f"  {sign} {plain_value(value)}"
        for sign, value in zip("−+", parts, strict=True)
        if value is not ABSENT and value is not UNCHANGED_PART
    )


def play_text(changes: PlayChanges) -> str:
    """Return how an edit changes play, one sentence per line."""
    return "\n".join(map(escape_unprintable, changes.sentences))


def as_json(d: Diff) -> Json:
    """Return a diff as JSON values."""
    data: Json = {"ops": deep_copy(list(d.ops)), "world": [_change(change) for change in d.world]}
    for kind, item_changes in (("states", d.states), ("events", d.events)):
        data[kind] = {
            "added": list(item_changes.added),
            "removed": list(item_changes.removed),
            "renamed": dict(item_changes.renamed),
            "changed": {id: [_change(change) for change in fields] for id, fields in item_changes.changed.items()},
            "moved": list(item_changes.moved),
        }
    if d.play is not None:
        data["play"] = d.play.to_dict()
    return data


def _change(change: FieldChange) -> Json:
    sides = (("before", change.before), ("after", change.after))
    return {"path": change.path} | {side: deep_copy(value) for side, value in sides if value is not ABSENT}
