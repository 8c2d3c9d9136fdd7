"""A report as HTML: a page that stands alone, or the same as a piece of a notebook's output; no script anywhere.

It reads without its style sheet too: code hosts take that away. World text is escaped wherever it comes in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.core.ending_tone import ending_tone
from worldkit.core.html_page import html_page
from worldkit.core.quoting import format_count, on_one_line
from worldkit.drawing.chart import make_chart
from worldkit.drawing.palette import DARK, LIGHT
from worldkit.exploration.budget import Budget
from worldkit.layout.text import clean, shorten
from worldkit.reporting import pacing_page
from worldkit.reporting.exploration_digest import cover_digest, digest
from worldkit.reporting.exploration_page_parts import code, foldable, html, icon, run_list, step_count
from worldkit.reporting.exploration_parts import Covering, Digest, EndingSummary, Entry, Group, to_json
from worldkit.reporting.exploration_pictures import MAX_PICTURES, PagePictures, map_section
from worldkit.reporting.page_style import style
from worldkit.reporting.state_image import state_image
from worldkit.simulation.story_pacing import pacing

if TYPE_CHECKING:
    from worldkit.exploration import Exploration
    from worldkit.world import World

MAX_UNFOLDED_FINDINGS = 5
"""So many findings of a kind are listed; the others are folded."""

PACING_SECONDS = 2.0
"""What the chart of the pacing may take."""

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_VERDICT_LABELS = {"good": "All right", "wrong": "Something is wrong", "open": "Not decided"}


def to_html(exploration: Exploration, path: str | Path | None = None) -> str:
    """Return a report as a page of HTML that stands alone: no script, nothing fetched, light or dark as the reader's.

    Args:
        path: Write it there as well.

    Raises:
        OSError: It cannot be written.
    """
    inside = fragment(exploration, "h1") + _pacing(exploration)
    title = html(f"{on_one_line(exploration.world.name or exploration.world.id) or 'Untitled world'}: exhaustive play")
    return html_page(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title>'
        "<style>body{margin:0;background:#fafaf8}@media (prefers-color-scheme:dark){body{background:#15171b}}</style>"
        f"</head><body><main>\n{inside}\n</main></body></html>\n",
        path,
    )


def _pacing(exploration: Exploration) -> str:
    """Return the chart of how far away the endings are; nothing for play that does not begin at the entrance."""
    if exploration.at is not None or not any(state.ending for state in exploration.world.states.values()):
        return ""
    chart = pacing_page.fragment(pacing(exploration.world, budget=Budget(seconds=PACING_SECONDS)))
    return (
        "<section style='max-width:1080px;margin:0 auto;padding:0 32px 32px;box-sizing:border-box;overflow-x:auto;"
        "font-family:system-ui,-apple-system,Segoe UI,Roboto,Arial,sans-serif'>"
        f"<h2 style='font-size:16px;line-height:24px'>How far the endings are</h2>{chart}</section>"
    )


def fragment(exploration: Exploration, heading: str = "h2") -> str:
    """Return a report as a piece of HTML, to be put into a page; its style sheet is about nothing else there.

    Args:
        heading: The element of the verdict.
    """
    summary = digest(exploration)
    cover = cover_digest(exploration, exploration.cover(1.0)) if exploration.exact else Covering("", (), 0)
    content = json.dumps([to_json(summary), to_json(cover), exploration.world.rev])
    scope = "wk" + hashlib.sha256(content.encode()).hexdigest()[:10]
    pictures = PagePictures(exploration, summary, make_chart(exploration.world), scope)
    body = [
        *_head(summary, heading),
        *_findings(summary, pictures),
        *map_section(pictures),
        *_endings(summary, exploration.world),
        *_cover(cover),
        f'<p class="wr-foot">{html(_method_text(exploration))}</p>',
    ]
    look = style(scope, LIGHT, DARK)
    return f'<div class="{scope}"><style>{look}</style>\n{"".join(body)}</div>'


def _head(digest: Digest, heading: str) -> Iterator[str]:
    tone = digest.worst if digest.mark == "wrong" else digest.mark
    label = _VERDICT_LABELS[digest.mark]
    yield f'<{heading} class="wr-verdict"><span class="wr-mark wr-{tone}" role="img" aria-label="{label}">'
    yield f"{icon(digest.mark)}</span><span>{html(digest.verdict)}</span></{heading}>"
    yield f'<p class="wr-world">{html(digest.title)}</p><ul class="wr-figures">'
    yield from (f"<li><b>{html(value)}</b> <span>{html(noun)}</span></li>" for value, noun in digest.figures)
    yield "</ul>"


def _findings(digest: Digest, pictures: PagePictures) -> Iterator[str]:
    harmful = [group for group in digest.groups if group.entries[0].severity != "info"]
    notes = [group for group in digest.groups if group.entries[0].severity == "info"]
    if harmful:
        yield "<h2>What is wrong</h2>" if digest.mark == "wrong" else "<h2>What is not known</h2>"
    for number, group in enumerate(harmful):
        yield from _group(group, pictures, number == 0)
    if notes:
        count = sum(len(group.entries) + group.more for group in notes)
        yield f"<h2>Notes</h2><details><summary>{icon('info', 'info')}"
        note_count = format_count(count, "note")
        yield f'<span class="wr-said">{note_count}: what follows from the above, or does no harm</span>'
        yield f"{icon('fold', '', 'wr-fold')}</summary>"
        for group in notes:
            yield from _group(group, pictures, False)
        yield "</details>"


def _group(group: Group, pictures: PagePictures, is_open: bool) -> Iterator[str]:
    yield f'<h3>{html(group.title)}</h3><div class="wr-list">'
    first, rest = group.entries[:MAX_UNFOLDED_FINDINGS], group.entries[MAX_UNFOLDED_FINDINGS:]
    if len(rest) == 1:
        first, rest = group.entries, ()
    for number, entry in enumerate(first):
        yield _entry(entry, pictures, is_open and number == 0)
    if rest:
        yield f'<details><summary><span class="wr-said wr-all">{len(rest)} more</span>'
        yield f'{icon("fold", "", "wr-fold")}</summary><div class="wr-list">'
        yield from (_entry(entry, pictures, False) for entry in rest)
        yield "</div></details>"
    yield "</div>"
    if group.more:
        yield f'<p class="wr-more">and {group.more:,} more: <code>r.to_frame()</code></p>'


def _entry(entry: Entry, pictures: PagePictures, is_open: bool) -> str:
    scene = pictures.scene(entry) if entry.severity != "info" else ""
    parts = [f'<div>{scene}<p class="wr-label">What to do</p><p class="wr-fix">{html(entry.fix)}</p></div>']
    route = f"r.findings[{entry.index}].route"
    if entry.run is not None and entry.run.length:
        parts.append(f'<div><p class="wr-label">{html(_heading(entry))}</p>{run_list(entry.run, entry.before)}</div>')
    if entry.run is not None or entry.later:
        parts.append(f'<div><p class="wr-label">Play it</p>{code(f"wk.play(r.world, trace={route})")}</div>')
    crop = pictures.crop(entry)
    wide = "" if crop else " wr-wide"
    return (
        f"<details{' open' if is_open else ''}><summary>{icon(entry.severity, entry.severity)}"
        f'<span class="wr-said">{html(entry.message)}</span>{icon("fold", "", "wr-fold")}</summary>'
        f'<div class="wr-body"><div class="wr-text{wide}">{"".join(parts)}</div>{crop}</div></details>'
    )


def _heading(entry: Entry) -> str:
    if entry.kind == "dead-event":
        return "Shortest way to where it is offered"
    return "Shortest way into it"


def _endings(digest: Digest, world: World) -> Iterator[str]:
    if not digest.endings:
        return
    yield '<h2>Shortest ways to the endings</h2><div class="wr-list">'
    for number, end in enumerate(digest.endings):
        yield _ending(end, state_image(world, end.state, "wr-look") if number < MAX_PICTURES else "")
    yield "</div>"
    if digest.endings_more:
        yield f'<p class="wr-more">and {digest.endings_more:,} more: <code>r.routes</code></p>'


def _ending(end: EndingSummary, look: str) -> str:
    tone = ending_tone(end.kind)
    heading = (
        f"{look}"
        f'<span class="wr-outcome wr-{tone}">{html(shorten(clean(end.kind, 100).upper(), 90, 11))}</span>'
        f'<span class="wr-said">{html(end.title)} <span class="wr-to">{html(end.state)}</span></span>'
    )
    if end.run is None:
        words = {False: "out of reach", None: "not seen; not decided", True: "not searched for"}[end.reached]
        bad = " wr-is-error" if end.reached is False else ""
        return f'<p class="wr-plain">{heading}<span class="wr-count{bad}">{words}</span></p>'
    play = code(f"wk.play(r.world, trace=r.routes[{end.state!r}])")
    return foldable(heading, step_count(end.run), run_list(end.run, None), play)


def _cover(cover: Covering) -> Iterator[str]:
    if not cover.sentence:
        return
    yield f"<h2>Runs that cover everything</h2><p>{html(cover.sentence)}</p>"
    if not cover.runs:
        return
    yield '<div class="wr-list" style="margin-top:10px">'
    for number, run in enumerate(cover.runs, 1):
        last = run.hops[-1].state if run.hops else run.start
        heading = f'<span class="wr-said">Run {number} <span class="wr-to">ends in {html(last)}</span></span>'
        if run.more:
            heading = f'<span class="wr-said">Run {number}</span>'
        yield foldable(heading, step_count(run), run_list(run, None), "")
    yield "</div>"
    if cover.more:
        yield f'<p class="wr-more">and {cover.more:,} more: <code>r.cover()</code></p>'


def _method_text(exploration: Exploration) -> str:
    if exploration.complete:
        return (
            f"Every position was played, none was sampled (engine: {exploration.engine}). Routes are shortest in steps."
        )
    return f"Not everything was decided (engine: {exploration.engine}): nothing is said of what was not seen."
