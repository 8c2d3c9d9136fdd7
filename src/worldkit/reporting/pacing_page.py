"""The pacing of a story as a chart: how far away each ending is, where choices decide, and how many players see it.

It needs no style sheet, and reads on a light ground and on a dark one.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from worldkit.core.ending_tone import ending_tone
from worldkit.core.json_values import escape_unprintable
from worldkit.core.quoting import format_count
from worldkit.simulation.pacing import format_duration
from worldkit.simulation.pacing_text import names_text, share_text, way_text

if TYPE_CHECKING:
    from worldkit.simulation.pacing_result import EndingPace, Pacing

TONES = {"win": "#2a9a76", "lose": "#d2553f", "other": "#7d838c"}
"""By the kind of ending; each stands out against white and against black."""

WIDTH, HEIGHT = 320, 18
"""Of the track of a bar, in pixels."""

_CELL_STYLE = "text-align:left;vertical-align:middle;padding:5px 14px 5px 0;border:0;background:none"
_NUMBER_STYLE = (
    "text-align:right;vertical-align:middle;padding:5px 14px 5px 0;border:0;background:none;white-space:nowrap"
)
_SMALL_STYLE = "font-size:12px;opacity:.75"


def fragment(pacing: Pacing) -> str:
    """Return the chart as a piece of HTML."""
    longest = pacing.longest_necessary or 1
    head = "".join(
        f"<th style='{style};{_SMALL_STYLE};font-weight:400'>{text}</th>"
        for text, style in (
            ("ending", _CELL_STYLE),
            ("shortest way; a notch is a choice that decides", f"{_CELL_STYLE};width:{WIDTH}px"),
            ("steps", _NUMBER_STYLE),
            ("time", _NUMBER_STYLE),
            ("random plays", _NUMBER_STYLE),
        )
    )
    rows = "".join(_row(pacing, ending, longest) for ending in pacing.endings)
    look = "border-collapse:collapse;border:0;font-size:13px;line-height:1.35"
    table = f"<table style='{look}'><tr style='background:none'>{head}</tr>{rows}</table>"
    notes = "".join(f"<p style='margin:6px 0 0;max-width:760px'>{line}</p>" for line in _notes(pacing))
    return f"<div role='figure' aria-label='Pacing' style='font-size:13px'>{_heading(pacing)}{table}{notes}</div>"


def _heading(pacing: Pacing) -> str:
    nearest, farthest = pacing.shortest, pacing.longest_necessary
    if nearest is None or farthest is None:
        is_known = all(ending.reachable is False for ending in pacing.endings)
        text = "No ending can be reached." if is_known else "No run to an ending was found in time."
        text = text if pacing.endings else "There is no ending."
    elif nearest == farthest:
        count, with_run = len(pacing.endings), sum(ending.steps is not None for ending in pacing.endings)
        if with_run == count:
            subject = "The endings are" if count > 1 else "The end is"
        else:
            subject = f"{with_run} of {count} endings {'is' if with_run == 1 else 'are'}"
        text = f"{subject} {format_count(nearest, 'step')} away."
    else:
        text = f"The nearest ending is {format_count(nearest, 'step')} away, the farthest {farthest}."
    return f"<p style='margin:0 0 8px;font-size:15px;font-weight:600'>{text}</p>"


def _row(pacing: Pacing, ending: EndingPace, longest: int) -> str:
    title = escape(escape_unprintable(ending.title or ending.state))
    name = f"{title}<br><span style='{_SMALL_STYLE};font-weight:400'>{escape(escape_unprintable(ending.kind))}</span>"
    missing_steps = "no run" if ending.reachable is False else "not known"
    steps = missing_steps if ending.steps is None else str(ending.steps)
    time = "" if ending.seconds is None else format_duration(ending.seconds)
    share = share_text(ending.chance, exact=pacing.exact)
    return (
        f"<tr style='background:none'><td style='{_CELL_STYLE};font-weight:600'>{name}</td>"
        f"<td style='{_CELL_STYLE}'>{_bar(ending, longest)}</td><td style='{_NUMBER_STYLE}'>{steps}</td>"
        f"<td style='{_NUMBER_STYLE}'>{time}</td><td style='{_NUMBER_STYLE}'>{share}</td></tr>"
    )


def _bar(ending: EndingPace, longest: int) -> str:
    """Return a bar as long as the shortest way, with a notch for each step that decides something."""
    tone = TONES[ending_tone(ending.kind)]
    length = 0 if ending.steps is None else round(WIDTH * ending.steps / longest, 1)
    notches = "".join(
        f"<path d='M{x:.1f} 1V{HEIGHT - 1}' stroke='#fff' stroke-width='2.5'/>"
        f"<path d='M{x:.1f} 1V{HEIGHT - 1}' stroke='#000' stroke-width='1'/>"
        for x in (WIDTH * (step - 0.5) / longest for step in ending.decisions or ())
    )
    label = way_text(ending)
    return (
        f"<svg width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}' preserveAspectRatio='none'"
        f" style='display:block;width:100%;max-width:{WIDTH}px' role='img' aria-label='{label}'>"
        f"<rect y='3' width='{WIDTH}' height='{HEIGHT - 6}' rx='3' fill='currentColor' opacity='.1'/>"
        f"<rect y='3' width='{length}' height='{HEIGHT - 6}' rx='3' fill='{tone}'/>{notches}</svg>"
    )


def _notes(pacing: Pacing) -> list[str]:
    if pacing.choices is None or pacing.dead_weight is None:
        return ["There are too many positions to say which choices decide the ending, and what can be skipped."]
    count = len(pacing.choices)
    names = f": {_names(pacing.choices)}" if count else ""
    decide = f"<b>{count}</b> state{'s' * (count != 1)} with a choice that decides how it ends{names}."
    off = f"<b>{len(pacing.dead_weight)}</b> of {pacing.events} events are on no shortest way to an ending"
    return [decide, off + (f": {_names(pacing.dead_weight)}." if pacing.dead_weight else ".")]


def _names(names: tuple[str, ...]) -> str:
    return escape(names_text(names))
