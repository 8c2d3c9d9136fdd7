"""What edits would do, before they are made: each in words, and the findings they settle and raise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from worldkit.core.diagnostics import Diagnostics, Item
from worldkit.core.json_values import Json
from worldkit.editing.labels import label
from worldkit.widgets import gestures
from worldkit.widgets.editor_state import EditorState

MOST_CHANGES = 8
"""So many edits are told in words; the rest are counted."""

MOST_FRESH = 5


def preview(state: EditorState, ops: Iterable[Mapping[str, Any]]) -> Json:
    """Return what operations would do to the world of an editor.

    The world is checked as after the edit itself, so that a preview takes as long as the edit.

    Args:
        state: The editor.
        ops: The operations.

    Raises:
        OpError: One of them would be refused.
    """
    after = gestures.apply_ops(state, ops)
    applied_ops = after.undo_stack[-1].ops if after.undo_stack is not state.undo_stack else ()
    lines = [label([op]) for op in applied_ops]
    more = len(lines) - MOST_CHANGES
    resolved_counts, new_counts = _tally(state.diagnostics, after.diagnostics)
    return {
        "changes": [*lines[:MOST_CHANGES], f"and {more} more"] if more > 0 else lines,
        "settled": sum(resolved_counts.values()),
        "raised": sum(new_counts.values()),
        "fresh": _fresh(state.diagnostics, after.diagnostics, new_counts)[:MOST_FRESH],
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


def _fresh(before: Diagnostics, after: Diagnostics, raised: Counter[str]) -> list[str]:
    """Return what is said of findings that were not there before, by the rules that have more of them."""
    known_findings = {(finding.lint, finding.item, finding.message) for finding in before}
    return [
        f"{_describe(finding.item)}: {finding.message}"
        for finding in after
        if finding.lint in raised and (finding.lint, finding.item, finding.message) not in known_findings
    ]
