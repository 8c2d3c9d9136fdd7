"""A diff said in a terminal and in a notebook; text from a world can neither steer the one nor mark up the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape
from typing import TYPE_CHECKING, Any

from worldkit.comparison.fields import ABSENT, FieldChange
from worldkit.core.json_values import Json, deep_copy, escape_unprintable, quote

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
    for id in found.moved:
        if id not in names and id not in found.changed:
            yield "moved", kind, id, ()


def _heading(d: Diff) -> str:
    if not d:
        return "no difference"
    return f"{len(d)} difference{'s' * (len(d) != 1)}, {len(d.ops)} operation{'s' * (len(d.ops) != 1)}"


def _limited(d: Diff) -> tuple[list[Row], str]:
    found = list(rows(d))
    more = len(found) - _ROWS
    return found[:_ROWS], f"and {more} more in .states and .events" if more > 0 else ""


# ---- in a terminal -----------------------------------------------------------------------------


def text(d: Diff) -> str:
    """Return the diff as lines of text."""
    found, more = _limited(d)
    lines = [_heading(d)]
    if d.play is not None:
        lines += ["play:", *(f"  {sentence}" for sentence in d.play.sentences)]
    for what, kind, name, fields in found:
        lines.append(f"{_MARKS[what]} {kind} {name}".rstrip())
        lines += [f"    {change}" for change in fields]
    return "\n".join(escape_unprintable(line) for line in [*lines, *([more] if more else [])])


def play_text(changes: PlayChanges) -> str:
    """Return what an edit did to play, a sentence a line."""
    return "\n".join(map(escape_unprintable, changes.sentences))


# ---- in a notebook -----------------------------------------------------------------------------


def html(d: Diff) -> str:
    """Return the diff as HTML; every text from a world is escaped."""
    found, more = _limited(d)
    parts = [f"<p style='margin:0 0 8px'><strong>{_heading(d)}</strong></p>"]
    if d.play is not None:
        parts.append(_play(d.play))
    for what, kind, name, fields in found:
        code = f" <code>{_text(name)}</code>" if name else ""
        parts.append(f"<div style='margin-top:8px'>{_badge(what)} {kind}{code}</div>")
        parts += [_field(change) for change in fields]
    if more:
        parts.append(f"<p style='margin:8px 0 0'>{more}</p>")
    return f"<div style='line-height:1.5'>{''.join(parts)}</div>"


def _play(changes: PlayChanges) -> str:
    said = "".join(f"<li>{_text(sentence)}</li>" for sentence in changes.sentences)
    return f"<div style='margin-top:8px'>In play<ul style='margin:2px 0 0;overflow-wrap:anywhere'>{said}</ul></div>"


def _badge(what: str) -> str:
    tint = _tint(_COLOURS.get(what, "128,128,128"))
    return f"<span style='{tint};padding:1px 6px;border-radius:4px'>{_MARKS[what]} {what}</span>"


def _tint(colour: str) -> str:
    # see-through tints and the page's own ink read in light and dark alike
    return f"background:rgba({colour},.2)"


def _field(change: FieldChange) -> str:
    before, after = change.before, change.after
    if isinstance(before, str) and isinstance(after, str) and len(before) + len(after) <= _WORDS:
        said = _by_words(before, after)
    else:
        said = "<br>".join(
            part for part in (_whole(before, "del", "removed"), _whole(after, "ins", "added")) if part is not None
        )
    body = f"<div style='margin-left:16px;overflow-wrap:anywhere'>{said}</div>"
    return f"<div style='margin:2px 0 0 16px'><code>{_text(change.path)}</code>{body}</div>"


def _whole(value: Any, tag: str, what: str) -> str | None:
    if value is ABSENT:
        return None
    said = value if isinstance(value, str) else quote(value, _VALUE)
    return _part(said if len(said) <= _VALUE else f"{said[: _VALUE - 1]}…", tag, what)


def _part(said: str, tag: str, what: str) -> str:
    # struck through as well as tinted: colour alone is not seen by everyone
    line = "line-through" if tag == "del" else "none"
    return f"<{tag} style='{_tint(_COLOURS[what])};text-decoration:{line}'>{_text(said) or '&nbsp;'}</{tag}>"


def _by_words(before: str, after: str) -> str:
    """Return one text with what went and what came marked in it."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", side) for side in (before, after))
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    if matcher.ratio() < 0.4:
        return f"{_part(before, 'del', 'removed')}<br>{_part(after, 'ins', 'added')}"
    parts = []
    for tag, low, high, first, last in matcher.get_opcodes():
        if tag == "equal":
            parts.append(_text("".join(old[low:high])))
            continue
        if high > low:
            parts.append(_part("".join(old[low:high]), "del", "removed"))
        if last > first:
            parts.append(_part("".join(new[first:last]), "ins", "added"))
    return "".join(parts)


def _text(said: str) -> str:
    return escape(escape_unprintable(said.replace("\n", " ⏎ ").replace("\t", " ")))


# ---- for machines --------------------------------------------------------------------------------


def plain(d: Diff) -> Json:
    """Return a diff as JSON values."""
    made: Json = {"ops": deep_copy(list(d.ops)), "world": [_change(change) for change in d.world]}
    for kind, found in (("states", d.states), ("events", d.events)):
        made[kind] = {
            "added": list(found.added),
            "removed": list(found.removed),
            "renamed": dict(found.renamed),
            "changed": {id: [_change(change) for change in fields] for id, fields in found.changed.items()},
            "moved": list(found.moved),
        }
    if d.play is not None:
        made["play"] = d.play.to_dict()
    return made


def _change(change: FieldChange) -> Json:
    sides = (("before", change.before), ("after", change.after))
    return {"path": change.path} | {side: deep_copy(value) for side, value in sides if value is not ABSENT}
