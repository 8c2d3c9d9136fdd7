"""A diff as HTML; every text from a world is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from worldkit.comparison.fields import ABSENT, MAX_TEXT_LENGTH, UNCHANGED_PART, FieldChange, changed_parts, plain_value
from worldkit.comparison.show import MARKS, first_rows, heading, more_names
from worldkit.comparison.shown_rows import ShownRow
from worldkit.comparison.words import Stretch, separated, stretches
from worldkit.core.json_values import escape_unprintable

if TYPE_CHECKING:
    from worldkit.comparison.deep import PlayChanges
    from worldkit.comparison.diff_context import DiffContext
    from worldkit.comparison.world_diff import Diff

_COLOURS = {"added": "46,160,90", "removed": "218,75,60", "renamed": "120,100,220", "changed": "190,140,20"}
_SEPARATORS = {"": "", "space": " ", "line": "<br>"}
_UNCHANGED = "<span style='opacity:.7'>…</span>"


def html(d: Diff, context: DiffContext) -> str:
    """Return the diff as HTML."""
    visible, rest_line = first_rows(d, context)
    parts = [f"<p style='margin:0 0 8px'><strong>{heading(d)}</strong></p>"]
    if d.play is not None:
        parts.append(_play_html(d.play))
    parts += map(_row_html, visible)
    if rest_line:
        parts.append(f"<p style='margin:8px 0 0'>{rest_line}</p>")
    return f"<div style='line-height:1.5;overflow-wrap:anywhere'>{''.join(parts)}</div>"


def text_html(text: str) -> str:
    """Return a text as HTML, in one line and without what cannot be printed."""
    return escape(escape_unprintable(text.replace("\n", " ⏎ ").replace("\t", " ")))


def _play_html(changes: PlayChanges) -> str:
    items = "".join(f"<li>{text_html(sentence)}</li>" for sentence in changes.sentences)
    return f"<div style='margin-top:8px'>In play<ul style='margin:2px 0 0'>{items}</ul></div>"


def _row_html(row: ShownRow) -> str:
    names = ", ".join(f"<code>{text_html(name)}</code>" for name in row.names)
    parts = [f"<div style='margin-top:12px'>{_badge_html(row.mark)} {row.kind} {names}{more_names(row)}</div>"]
    if row.note:
        parts.append(f"<div style='margin:2px 0 0 16px'>{row.note}</div>")
    parts += [_field_html(change, is_new=row.mark == "added") for change in row.fields]
    return "".join(parts)


def _badge_html(mark: str) -> str:
    tint = _tint(_COLOURS.get(mark, "128,128,128"))
    return f"<span style='{tint};padding:1px 6px;border-radius:4px'>{MARKS[mark]} {mark}</span>"


def _tint(colour: str) -> str:
    # translucent tints with the page's own text colour are readable in light and dark
    return f"background:rgba({colour},.2)"


def _field_html(change: FieldChange, *, is_new: bool) -> str:
    name = f"<code>{text_html(change.path)}</code>"
    if is_new:  # of a thing that is new, marking every word would only make it hard to read
        return f"<div style='margin:2px 0 0 16px;max-width:80ch'>{name} {text_html(plain_value(change.after))}</div>"
    before, after = change.before, change.after
    if isinstance(before, str) and isinstance(after, str) and len(before) + len(after) <= MAX_TEXT_LENGTH:
        content = " ".join(map(_stretch_html, stretches(before, after)))
    else:
        sides = zip(changed_parts(change), ("del", "ins"), strict=True)
        content = "<br>".join(
            _marked_html(plain_value(side), tag) for side, tag in sides if side not in (ABSENT, UNCHANGED_PART)
        )
    body = f"<div style='margin-left:16px;max-width:80ch'>{content}</div>"
    return f"<div style='margin:2px 0 0 16px'>{name}{body}</div>"


def _stretch_html(stretch: Stretch) -> str:
    """Return unchanged sentences as an ellipsis, changed ones with the words marked that were and are in them."""
    if len(stretch) == 1 and stretch[0][0] == "same":
        return _UNCHANGED
    return "".join(
        _SEPARATORS[separator] + (text_html(text) if tag == "same" else _marked_html(text, tag))
        for separator, tag, text in separated(stretch)
    )


def _marked_html(text: str, tag: str) -> str:
    # struck through as well as tinted, since not everyone sees the colour
    colour, line = ("removed", "line-through") if tag == "del" else ("added", "none")
    style = f"{_tint(_COLOURS[colour])};text-decoration:{line}"
    return f"<{tag} style='{style}'>{text_html(text) or '&nbsp;'}</{tag}>"
