"""Parts that an exploration's page is made of: runs as numbered lists, what can be unfolded, icons, code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from worldkit.core.quoting import format_count
from worldkit.core.spoken_names import readable_name
from worldkit.layout.text import clean
from worldkit.reporting.exploration_parts import Hop, RunSummary

MAX_UNFOLDED_STEPS = 9
"""A run of more steps is folded in the middle."""

_ICONS = {
    "good": "m3.5 8.5 3 3 6-7",
    "wrong": "M8 3.5v5.2M8 11.8v.2",
    "open": "M6 6a2 2 0 1 1 2 2.2v.9M8 11.8v.2",
    "error": "M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3ZM8 4.8v3.7M8 11v.1",
    "warning": "M8 2 1.6 13.5h12.8ZM8 6.5v3.2M8 11.6v.1",
    "info": "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 7.4v3.8M8 4.9v.1",
    "fold": "m6 4 4 4-4 4",
}
_SEVERITY_LABELS = {"error": "Error", "warning": "Warning", "info": "Note"}


def foldable(heading: str, count: str, steps: str, play: str) -> str:
    """Return a run that can be unfolded.

    Args:
        heading: What it leads to, as HTML.
        count: How long it is, in words.
        steps: The run as HTML.
        play: How to play it, as HTML.
    """
    return (
        f'<details><summary>{heading}<span class="wr-count">{count}</span>{icon("fold", "", "wr-fold")}</summary>'
        f'<div class="wr-body"><div class="wr-text wr-wide"><div>{steps}</div>{play}</div></div></details>'
    )


def step_count(run: RunSummary) -> str:
    """Return how many steps a run has, in words."""
    return format_count(run.length, "step")


def run_list(run: RunSummary, before: Sequence[str] | None) -> str:
    """Return a run as a numbered list, folded in the middle when long, with the point of no return marked."""
    row = partial(_step, crossing=run.crossing, before=before)
    rows = [row(at, hop) for at, hop in enumerate(run.hops)]
    if len(rows) > MAX_UNFOLDED_STEPS:
        rows = _folded(rows, run.crossing)
    rest_item = f'<li class="wr-to">and {run.more:,} more steps</li>' if run.more else ""
    start = f'<p class="wr-to">Begin in {html(readable_name(run.start))}.</p>'
    return f'{start}<ol class="wr-steps">{"".join(rows)}{rest_item}</ol>'


def _folded(rows: list[str], crossing: int | None) -> list[str]:
    """Return the rows of a long run with those in the middle folded, as far as the point of no return stays open."""
    tail = MAX_UNFOLDED_STEPS - 4
    if crossing is not None:
        tail = min(max(tail, len(rows) - crossing + 1), len(rows) - 4)
    hidden_rows = rows[3 : len(rows) - tail]
    if len(hidden_rows) <= 1:
        return rows
    fold = (
        f'<li class="wr-rest"><details><summary>{len(hidden_rows)} more steps</summary>'
        f'<ol class="wr-steps" start="4">{"".join(hidden_rows)}</ol></details></li>'
    )
    return [*rows[:3], fold, *rows[len(rows) - tail :]]


def _step(at: int, hop: Hop, crossing: int | None, before: Sequence[str] | None) -> str:
    point, name = "", ""
    if at == crossing:
        suffix = "" if before is None else f", holding {', '.join(before)}" if before else ", holding nothing"
        point = f'<li class="wr-point">The point of no return: in {html(readable_name(hop.origin))}{html(suffix)}</li>'
        name = ' class="wr-cross"'
    places = "".join(f" \u2192 {html(readable_name(id))}" for id in (*hop.through[:-1], hop.state))
    to = f' <span class="wr-to">{places}</span>' if hop.state != hop.origin or hop.through else ""
    label_html = f'<span><span class="wr-do">{html(hop.label)}</span>{to}</span>'
    return f'{point}<li{name}><span class="wr-n">{at + 1}</span>{label_html}</li>'


def code(text: str) -> str:
    """Return a line of code as a paragraph."""
    return f'<p class="wr-code"><code>{html(text)}</code></p>'


def icon(name: str, tone: str = "", extra: str = "") -> str:
    """Return an icon.

    Args:
        tone: The severity that it stands for, which gives it a colour and a name that is read out; empty for none.
        extra: One more CSS class.
    """
    label = f' role="img" aria-label="{_SEVERITY_LABELS[tone]}"' if tone in _SEVERITY_LABELS else ' aria-hidden="true"'
    names = " ".join(["wr-icon", *([f"wr-is-{tone}"] if tone else []), *([extra] if extra else [])])
    return f'<svg class="{names}" viewBox="0 0 16 16" width="16" height="16"{label}><path d="{_ICONS[name]}"/></svg>'


def html(text: str) -> str:
    """Return a text of a world or about one, escaped."""
    return escape(clean(text))
