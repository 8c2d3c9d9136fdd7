"""Diagnostics by the thing they speak of, for marking it in a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from worldkit.core.diagnostics import Diagnostic

Mark = tuple[str, str]
"""Severity and message."""

Marks = dict[tuple[str, str], list[Mark]]
"""By kind and id of the item."""


def marks_of(diagnostics: Iterable[Diagnostic] | None) -> Marks:
    """Return severity and message of every diagnostic, by the kind and id of its item."""
    marks: Marks = defaultdict(list)
    for found in diagnostics or ():
        marks[found.item.kind, found.item.id].append((found.severity, found.message))
    return dict(marks)


def tone(marks: Sequence[Mark]) -> str:
    """Return the palette's name for the worst of some marks; nothing when there are none."""
    if not marks:
        return ""
    return "lose" if any(severity == "error" for severity, _ in marks) else "warn"
