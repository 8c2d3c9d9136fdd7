"""A diff said in a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from worldkit.compare.fields import ABSENT, FieldChange
from worldkit.jsonish import shown

if TYPE_CHECKING:
    from worldkit.compare.diff import Changes, Diff

_MARKS = {"added": "+", "removed": "−", "renamed": "→", "changed": "~"}
_COLOURS = {"added": "#1a7f4b", "removed": "#b3261e", "renamed": "#6b4fbb", "changed": "#8a6100"}
_VALUE = 400

Row = tuple[str, str, str, tuple[FieldChange, ...]]
"""What happened, the kind of item, its name, and its field changes."""


def rows(d: Diff) -> Iterator[Row]:
    """Yield what differs, item by item: the world, then the states, then the events."""
    if d.world:
        yield "changed", "world", "", d.world
    yield from _items("state", d.states)
    yield from _items("event", d.events)


def _items(kind: str, found: Changes) -> Iterator[Row]:
    for old, new in found.renamed.items():
        yield "renamed", kind, f"{old} → {new}", found.changed.get(new, ())
    names = set(found.renamed.values())
    for id in found.added:
        yield "added", kind, id, ()
    for id in found.removed:
        yield "removed", kind, id, ()
    for id, fields in found.changed.items():
        if id not in names:
            yield "changed", kind, id, fields


def _heading(d: Diff) -> str:
    if not d:
        return "no difference"
    if not len(d):
        return "only the order differs"
    return f"{len(d)} difference{'s' * (len(d) != 1)}, {len(d.ops)} operation{'s' * (len(d.ops) != 1)}"


def text(d: Diff) -> str:
    """Return the diff as lines of text."""
    lines = [_heading(d)]
    for what, kind, name, fields in rows(d):
        lines.append(f"{_MARKS[what]} {kind} {name}".rstrip())
        lines += [f"    {change}" for change in fields]
    return "\n".join(lines)


def html(d: Diff) -> str:
    """Return the diff as HTML; every text from a world is escaped."""
    parts = [f"<p><strong>{_heading(d)}</strong></p>"]
    for what, kind, name, fields in rows(d):
        mark = f"<span style='color:{_COLOURS[what]};font-weight:600'>{_MARKS[what]} {what}</span>"
        parts.append(f"<div style='margin-top:8px'>{mark} {kind} <code>{escape(name)}</code></div>")
        parts += [_field(change) for change in fields]
    return f"<div style='line-height:1.5'>{''.join(parts)}</div>"


def _field(change: FieldChange) -> str:
    pieces = []
    for value, tag, colour in ((change.before, "del", _COLOURS["removed"]), (change.after, "ins", _COLOURS["added"])):
        if value is not ABSENT:
            said = value if isinstance(value, str) else shown(value, _VALUE)
            cut = said if len(said) <= _VALUE else said[: _VALUE - 1] + "…"
            pieces.append(f"<{tag} style='color:{colour}'>{escape(cut)}</{tag}>")
    body = f"<div style='margin-left:16px'>{'<br>'.join(pieces)}</div>"
    return f"<div style='margin-left:16px'><code>{escape(change.path)}</code>{body}</div>"
