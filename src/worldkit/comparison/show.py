"""A diff as text and as HTML; text from a world is escaped for the terminal and for HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape
from typing import TYPE_CHECKING, Any

from worldkit.comparison.fields import ABSENT, FieldChange
from worldkit.core.characters import shorten
from worldkit.core.json_values import Json, deep_copy, escape_unprintable, quote
from worldkit.core.quoting import format_count

if TYPE_CHECKING:
    from worldkit.comparison.deep import PlayChanges
    from worldkit.comparison.world_diff import Changes, Diff

_MARKS = {"added": "+", "removed": "−", "renamed": "→", "changed": "~", "moved": "↕"}
_COLOURS = {"added": "46,160,90", "removed": "218,75,60", "renamed": "120,100,220", "changed": "190,140,20"}
_ROWS = 200
_VALUE = 600
_WORDS = 4000  # characters up to which two texts are compared word by word

Row = tuple[str, str, str, tuple[FieldChange, ...]]
"""What happened, the kind of item, its name, and its field changes."""


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


def _heading(d: Diff) -> str:
    if not d:
        return "no difference"
    return f"{format_count(len(d), 'difference')}, {format_count(len(d.ops), 'operation')}"


def _first_rows(d: Diff) -> tuple[list[Row], str]:
    all_rows = list(rows(d))
    rest = len(all_rows) - _ROWS
    return all_rows[:_ROWS], f"and {rest} more in .states and .events" if rest > 0 else ""


# ---- in a terminal -----------------------------------------------------------------------------


def text(d: Diff) -> str:
    """Return the diff as lines of text."""
    visible, more = _first_rows(d)
    lines = [_heading(d)]
    if d.play is not None:
        lines += ["play:", *(f"  {sentence}" for sentence in d.play.sentences)]
    for change_kind, kind, name, fields in visible:
        lines.append(f"{_MARKS[change_kind]} {kind} {name}".rstrip())
        lines += [f"    {change}" for change in fields]
    return "\n".join(escape_unprintable(line) for line in [*lines, *([more] if more else [])])


def play_text(changes: PlayChanges) -> str:
    """Return how an edit changes play, one sentence per line."""
    return "\n".join(map(escape_unprintable, changes.sentences))


# ---- in a notebook -----------------------------------------------------------------------------


def html(d: Diff) -> str:
    """Return the diff as HTML; every text from a world is escaped."""
    visible, more = _first_rows(d)
    parts = [f"<p style='margin:0 0 8px'><strong>{_heading(d)}</strong></p>"]
    if d.play is not None:
        parts.append(_play_html(d.play))
    for change_kind, kind, name, fields in visible:
        code = f" <code>{text_html(name)}</code>" if name else ""
        parts.append(f"<div style='margin-top:8px'>{_badge_html(change_kind)} {kind}{code}</div>")
        parts += [_field_html(change) for change in fields]
    if more:
        parts.append(f"<p style='margin:8px 0 0'>{more}</p>")
    return f"<div style='line-height:1.5'>{''.join(parts)}</div>"


def _play_html(changes: PlayChanges) -> str:
    items = "".join(f"<li>{text_html(sentence)}</li>" for sentence in changes.sentences)
    return f"<div style='margin-top:8px'>In play<ul style='margin:2px 0 0;overflow-wrap:anywhere'>{items}</ul></div>"


def _badge_html(what: str) -> str:
    tint = _tint(_COLOURS.get(what, "128,128,128"))
    return f"<span style='{tint};padding:1px 6px;border-radius:4px'>{_MARKS[what]} {what}</span>"


def _tint(colour: str) -> str:
    # translucent tints with the page's own text colour are readable in light and dark
    return f"background:rgba({colour},.2)"


def _field_html(change: FieldChange) -> str:
    before, after = change.before, change.after
    if isinstance(before, str) and isinstance(after, str) and len(before) + len(after) <= _WORDS:
        content = _word_diff_html(before, after)
    else:
        content = "<br>".join(
            part
            for part in (_value_html(before, "del", "removed"), _value_html(after, "ins", "added"))
            if part is not None
        )
    body = f"<div style='margin-left:16px;overflow-wrap:anywhere'>{content}</div>"
    return f"<div style='margin:2px 0 0 16px'><code>{text_html(change.path)}</code>{body}</div>"


def _value_html(value: Any, tag: str, what: str) -> str | None:
    if value is ABSENT:
        return None
    text = value if isinstance(value, str) else quote(value, _VALUE)
    return _marked_html(shorten(text, _VALUE), tag, what)


def _marked_html(text: str, tag: str, what: str) -> str:
    # struck through as well as tinted, since not everyone sees the colour
    line = "line-through" if tag == "del" else "none"
    return f"<{tag} style='{_tint(_COLOURS[what])};text-decoration:{line}'>{text_html(text) or '&nbsp;'}</{tag}>"


def _word_diff_html(before: str, after: str) -> str:
    """Return one text with deletions and insertions marked in it."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", side) for side in (before, after))
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    if matcher.ratio() < 0.4:
        return f"{_marked_html(before, 'del', 'removed')}<br>{_marked_html(after, 'ins', 'added')}"
    parts = []
    for tag, low, high, first, last in matcher.get_opcodes():
        if tag == "equal":
            parts.append(text_html("".join(old[low:high])))
            continue
        if high > low:
            parts.append(_marked_html("".join(old[low:high]), "del", "removed"))
        if last > first:
            parts.append(_marked_html("".join(new[first:last]), "ins", "added"))
    return "".join(parts)


def text_html(text: str) -> str:
    """Return a text as HTML, in one line and without what cannot be printed."""
    return escape(escape_unprintable(text.replace("\n", " ⏎ ").replace("\t", " ")))


# ---- for machines --------------------------------------------------------------------------------


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
