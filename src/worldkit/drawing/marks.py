"""Diagnostics by item, for marks in a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from worldkit.core.diagnostics import Diagnostic

Mark = tuple[str, str]
"""Severity and message."""

Marks = dict[tuple[str, str], list[Mark]]
"""By kind and id of the item."""


def marks_by_item(diagnostics: Iterable[Diagnostic] | None) -> Marks:
    """Return severity and message of every diagnostic, by the kind and id of its item."""
    marks: Marks = defaultdict(list)
    for diagnostic in diagnostics or ():
        marks[diagnostic.item.kind, diagnostic.item.id].append((diagnostic.severity, diagnostic.message))
    return dict(marks)


def worst_tone(marks: Sequence[Mark]) -> str:
    """Return the palette's name for the worst of some marks; empty when there are none."""
    if not marks:
        return ""
    return "lose" if any(severity == "error" for severity, _ in marks) else "warn"
