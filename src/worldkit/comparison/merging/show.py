"""A merge as text and as HTML; text from a world is escaped for the terminal and for HTML."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from worldkit.comparison.fields import FieldChange, describe_whole, field_changes
from worldkit.comparison.show_html import text_html
from worldkit.core.json_values import escape_unprintable, quote
from worldkit.core.quoting import format_count

if TYPE_CHECKING:
    from worldkit.comparison.merging.conflict import MergeConflict
    from worldkit.comparison.merging.result import Merge

_MAX_ROWS = 100
_MAX_CHANGES = 12


def text(m: Merge) -> str:
    """Return a merge as lines of text."""
    lines = [_heading(m)]
    for conflict in m.conflicts[:_MAX_ROWS]:
        lines.append(f"! {conflict.path}: {conflict.why}")
        for side, values in _sides(conflict):
            lines += [f"    {label:<7}{value}" for label, value in zip_longest([side], values, fillvalue="")]
    lines += [line for line in (_rest_line(m), _how_to_decide(m)) if line]
    warnings = m.__dict__.get("warnings")  # printing does not start an exploration
    lines += [f"? {warning.message}" for warning in warnings or ()]
    return "\n".join(map(escape_unprintable, lines))


def html(m: Merge) -> str:
    """Return a merge as HTML; every text from a world is escaped."""
    parts = [f"<p style='margin:0 0 8px'><strong>{text_html(_heading(m))}</strong></p>"]
    for conflict in m.conflicts[:_MAX_ROWS]:
        parts.append(
            f"<div style='margin-top:8px'><code>{text_html(conflict.path)}</code> {text_html(conflict.why)}"
            "<table style='margin:2px 0 0 16px'>"
        )
        parts += [
            f"<tr><th style='text-align:left;vertical-align:top'>{side}</th>"
            f"<td style='text-align:left;overflow-wrap:anywhere'>{'<br>'.join(map(text_html, values))}</td></tr>"
            for side, values in _sides(conflict)
        ]
        parts.append("</table></div>")
    rest_line = _rest_line(m)
    if rest_line:
        parts.append(f"<p style='margin:8px 0 0'>{rest_line}</p>")
    if instructions := _how_to_decide(m):
        parts.append(f"<p style='margin:8px 0 0'>{text_html(instructions)}</p>")
    warnings = m.__dict__.get("warnings")
    if warnings:
        items = "".join(f"<li>{text_html(warning.message)}</li>" for warning in warnings)
        parts.append(f"<div style='margin-top:8px'>In play<ul style='margin:2px 0 0'>{items}</ul></div>")
    return f"<div style='line-height:1.5'>{''.join(parts)}</div>"


def _heading(m: Merge) -> str:
    count = len(m.conflicts)
    head = "merged without a conflict" if not count else format_count(count, "conflict")
    if m.resolved:
        head += f", {len(m.resolved)} decided"
    warnings = m.__dict__.get("warnings")
    if warnings is None:
        return f"{head}; .world is the merged world, .warnings says what the merge does to play"
    warning_text = format_count(len(warnings), "warning") if warnings else "no problem that neither side had"
    return f"{head}; {warning_text}"


def _sides(conflict: MergeConflict) -> list[tuple[str, list[str]]]:
    """Return the lines that show each side; of an object that one side changed, the fields that it changed."""
    base = conflict.base
    return [
        ("base", [describe_whole(base)]),
        ("ours", _side_lines(base, conflict.ours)),
        ("theirs", _side_lines(base, conflict.theirs)),
    ]


def _side_lines(base: Any, value: Any) -> list[str]:
    changes: list[FieldChange] = []
    if isinstance(base, dict) and isinstance(value, dict):
        changes = list(field_changes(base, value))
    if not changes:
        return [describe_whole(value)]
    rest_count = len(changes) - _MAX_CHANGES
    return [
        *map(str, changes[:_MAX_CHANGES]),
        *([f"and {format_count(rest_count, 'more field')}"] if rest_count > 0 else []),
    ]


def _how_to_decide(m: Merge) -> str:
    """Return how the first conflict is decided, in words; empty without one."""
    if not m.conflicts:
        return ""
    return f'decide: .resolve({quote(m.conflicts[0].path)}, "ours"), "theirs", "base" (as it was) or value=your own'


def _rest_line(m: Merge) -> str:
    rest_count = len(m.conflicts) - _MAX_ROWS
    return f"and {rest_count} more in .conflicts" if rest_count > 0 else ""
