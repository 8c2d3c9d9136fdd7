"""A report as HTML: a page that stands alone, or the same as a piece of a notebook's output; no script anywhere.

It reads without its style sheet too: code hosts take that away. World text is escaped wherever it comes in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.core.files import write_atomically
from worldkit.drawing.chart import make_chart
from worldkit.drawing.coverage import BOLD_FROM_WIDTH as BOLDER
from worldkit.drawing.coverage import (
    CoverageMarks,
    RunStep,
    draw_badge,
    draw_ground,
    draw_run,
    view_box,
    view_of_states,
    whole_view,
)
from worldkit.drawing.palette import DARK, LIGHT
from worldkit.exploration.budget import Budget
from worldkit.layout.text import clean
from worldkit.reporting import pacing_page
from worldkit.reporting.exploration_digest import (
    Covering,
    Digest,
    EndingSummary,
    Entry,
    Group,
    Hop,
    RunSummary,
    cover_digest,
    digest,
    on_one_line,
    to_json,
)
from worldkit.reporting.page_style import style
from worldkit.reporting.state_image import state_image
from worldkit.simulation.story_pacing import pacing

if TYPE_CHECKING:
    from worldkit.drawing.chart import Chart
    from worldkit.exploration import Exploration
    from worldkit.world import World

SHORT = 9
"""A run of more steps is folded in the middle."""

FIRST = 5
"""So many findings of a kind are listed; the others are folded."""

FAR = 2_600
"""A finding's picture shows the whole way there if that is less wide than this, in the map's units."""

LARGEST_MAP = 1_500_000
"""A map of more characters stays out of the page: every save of a notebook would carry it."""

PACING_SECONDS = 2.0
"""What the chart of the pacing may take."""

MAX_PICTURES = 12
"""So many endings, and so many findings, are shown with a picture: every save of a notebook carries them."""

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_ICONS = {
    "good": "m3.5 8.5 3 3 6-7",
    "wrong": "M8 3.5v5.2M8 11.8v.2",
    "open": "M6 6a2 2 0 1 1 2 2.2v.9M8 11.8v.2",
    "error": "M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3ZM8 4.8v3.7M8 11v.1",
    "warning": "M8 2 1.6 13.5h12.8ZM8 6.5v3.2M8 11.6v.1",
    "info": "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 7.4v3.8M8 4.9v.1",
    "fold": "m6 4 4 4-4 4",
}
_WORDS = {"good": "All right", "wrong": "Something is wrong", "open": "Not decided"}
_PRINTED = {"error": "Error", "warning": "Warning", "info": "Note"}


def to_html(exploration: Exploration, path: str | Path | None = None) -> str:
    """Return a report as a page of HTML that stands alone: no script, nothing fetched, light or dark as the reader's.

    Args:
        exploration: The exploration.
        path: Write it there as well.

    Raises:
        OSError: It cannot be written.
    """
    inside = fragment(exploration, "h1") + _pacing(exploration)
    title = _html(f"{on_one_line(exploration.world.name or exploration.world.id) or 'Untitled world'}: exhaustive play")
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title>'
        "<style>body{margin:0;background:#fafaf8}@media (prefers-color-scheme:dark){body{background:#15171b}}</style>"
        f"</head><body><main>\n{inside}\n</main></body></html>\n"
    )
    if path is not None:
        write_atomically(Path(path), page.encode())
    return page


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
        exploration: The exploration.
        heading: The element of the verdict.
    """
    summary = digest(exploration)
    cover = cover_digest(exploration, exploration.cover(1.0)) if exploration.exact else Covering("", (), 0)
    content = json.dumps([to_json(summary), to_json(cover), exploration.world.rev])
    scope = "wk" + hashlib.sha256(content.encode()).hexdigest()[:10]
    maps = _PageMaps(exploration, summary, make_chart(exploration.world), scope)
    body = [
        *_head(summary, heading),
        *_findings(summary, maps),
        *_map(maps),
        *_endings(summary, exploration.world),
        *_cover(cover),
        f'<p class="wr-foot">{_html(_method_text(exploration))}</p>',
    ]
    look = style(scope, LIGHT, DARK)
    return f'<div class="{scope}"><style>{look}</style>\n{"".join(body)}</div>'


class _PageMaps:
    """The map of a page: its ground once, shown wherever it is wanted."""

    def __init__(self, exploration: Exploration, digest: Digest, chart: Chart, scope: str) -> None:
        self.scope = scope
        self.chart = chart
        self.digest = digest
        marks = CoverageMarks(digest.states, digest.stuck, digest.idle, digest.dead)
        text = draw_ground(exploration.world, chart, marks, scope)
        self.map_svg = text if len(text) <= LARGEST_MAP else ""
        self._world = exploration.world
        self._pictured_findings = 0

    def scene(self, entry: Entry) -> str:
        """Return the picture of the state that a finding is about, with its name; nothing after the first few."""
        state = scene_of(entry)
        if state is None or self._pictured_findings == MAX_PICTURES:
            return ""
        image = state_image(self._world, state, "wr-look")
        if not image:
            return ""
        self._pictured_findings += 1
        return f'<p class="wr-scene">{image}<span class="wr-to">{_html(_place(state))}</span></p>'

    def crop(self, entry: Entry) -> str:
        """Return a finding's place on the map, or nothing."""
        run = entry.run
        hops = () if run is None else run.hops
        crossing = None if run is None else run.crossing
        about = list(entry.states[:8]) or [hop.state for hop in hops[-2:]]
        if crossing is not None and crossing < len(hops):
            about += [hops[crossing].origin, hops[crossing].state]
        all_of_it = view_of_states(self.chart, [*about, *(hop.origin for hop in hops)])
        view = all_of_it if all_of_it is not None and all_of_it[2] < FAR else view_of_states(self.chart, about)
        if view is None or not self.map_svg:
            return ""
        way = [RunStep(hop.event, hop.origin, hop.state, hop.through) for hop in hops]
        layers = draw_run(self.chart, way, crossing, entry.states[:50])
        words = "Where it is on the map" + (", with the way there" if hops else "")
        return (
            f'<figure class="wr-figure"><svg viewBox="{view_box(view)}" role="img" aria-label="{words}">'
            f'<use href="#{self.scope}-map"/>{layers}</svg></figure>'
        )


def _head(digest: Digest, heading: str) -> Iterator[str]:
    tone = digest.worst if digest.mark == "wrong" else digest.mark
    label = _WORDS[digest.mark]
    yield f'<{heading} class="wr-verdict"><span class="wr-mark wr-{tone}" role="img" aria-label="{label}">'
    yield f"{_icon(digest.mark)}</span><span>{_html(digest.verdict)}</span></{heading}>"
    yield f'<p class="wr-world">{_html(digest.title)}</p><ul class="wr-figures">'
    yield from (f"<li><b>{_html(value)}</b> <span>{_html(noun)}</span></li>" for value, noun in digest.figures)
    yield "</ul>"


def _findings(digest: Digest, maps: _PageMaps) -> Iterator[str]:
    harmful = [group for group in digest.groups if group.entries[0].severity != "info"]
    notes = [group for group in digest.groups if group.entries[0].severity == "info"]
    if harmful:
        yield "<h2>What is wrong</h2>" if digest.mark == "wrong" else "<h2>What is not known</h2>"
    for number, group in enumerate(harmful):
        yield from _group(group, maps, number == 0)
    if notes:
        count = sum(len(group.entries) + group.more for group in notes)
        yield f"<h2>Notes</h2><details><summary>{_icon('info', 'info')}"
        yield f'<span class="wr-said">{_with_noun(count, "note")}: what follows from the above, or does no harm</span>'
        yield f"{_icon('fold', '', 'wr-fold')}</summary>"
        for group in notes:
            yield from _group(group, maps, False)
        yield "</details>"


def _group(group: Group, maps: _PageMaps, is_open: bool) -> Iterator[str]:
    yield f'<h3>{_html(group.title)}</h3><div class="wr-list">'
    first, rest = group.entries[:FIRST], group.entries[FIRST:]
    if len(rest) == 1:
        first, rest = group.entries, ()
    for number, entry in enumerate(first):
        yield _entry(entry, maps, is_open and number == 0)
    if rest:
        yield f'<details><summary><span class="wr-said wr-all">{len(rest)} more</span>'
        yield f'{_icon("fold", "", "wr-fold")}</summary><div class="wr-list">'
        yield from (_entry(entry, maps, False) for entry in rest)
        yield "</div></details>"
    yield "</div>"
    if group.more:
        yield f'<p class="wr-more">and {group.more:,} more: <code>r.to_frame()</code></p>'


def _entry(entry: Entry, maps: _PageMaps, is_open: bool) -> str:
    scene = maps.scene(entry) if entry.severity != "info" else ""
    parts = [f'<div>{scene}<p class="wr-label">What to do</p><p class="wr-fix">{_html(entry.fix)}</p></div>']
    route = f"r.findings[{entry.index}].route"
    if entry.run is not None and entry.run.length:
        parts.append(f'<div><p class="wr-label">{_html(_heading(entry))}</p>{_steps(entry.run, entry.before)}</div>')
    if entry.run is not None or entry.later:
        parts.append(f'<div><p class="wr-label">Play it</p>{_code(f"wk.play(r.world, trace={route})")}</div>')
    crop = maps.crop(entry)
    wide = "" if crop else " wr-wide"
    return (
        f"<details{' open' if is_open else ''}><summary>{_icon(entry.severity, entry.severity)}"
        f'<span class="wr-said">{_html(entry.message)}</span>{_icon("fold", "", "wr-fold")}</summary>'
        f'<div class="wr-body"><div class="wr-text{wide}">{"".join(parts)}</div>{crop}</div></details>'
    )


def scene_of(entry: Entry) -> str | None:
    """Return the state to show for a finding: the one it is about, else where the run to it ends; None without one."""
    if entry.states:
        return entry.states[0]
    return entry.run.hops[-1].state if entry.run is not None and entry.run.hops else None


def _heading(entry: Entry) -> str:
    if entry.kind == "dead-event":
        return "Shortest way to where it is offered"
    return "Shortest way into it"


def _map(maps: _PageMaps) -> Iterator[str]:
    yield "<h2>The world as it plays</h2>"
    if not maps.map_svg:
        yield '<p class="wr-more">The world is too large to be drawn here; <code>wk.edit(r.world)</code> shows it.</p>'
        return
    view = whole_view(maps.chart)
    far = ' class="wkm-far"' if view[2] > BOLDER else ""
    yield f'<figure class="wr-figure wr-map"><svg{far} viewBox="{view_box(view)}" role="img" '
    yield f'aria-label="{_html(_map_words(maps.digest))}"><g id="{maps.scope}-map">{maps.map_svg}</g></svg>'
    yield f'<figcaption class="wr-legend">{"".join(_legend(maps))}</figcaption></figure>'


def _map_words(digest: Digest) -> str:
    count = sum(mark == "reached" for mark in digest.states.values())
    return f"Map: {count} of {len(digest.states)} states are reached, runs get stuck in {len(digest.stuck)}"


def _legend(maps: _PageMaps) -> Iterator[str]:
    digest, kinds = maps.digest, set(maps.digest.states.values())
    ends = {end.kind for end in digest.endings}
    face = '<rect class="wkm-face"{} x="2" y="2" width="80" height="48" rx="8"/>'
    hatch = f' fill="url(#{maps.scope}-hatch)"'
    crossing = any(line.event in digest.dead for line in maps.chart.lines) or "wkm-web wkm-dead" in maps.map_svg
    crossed = '<path d="M0 26H84"/><path class="wkm-no" d="M32 16l20 20M52 16l-20 20"/>'
    samples = [
        ("reached", "wkm-reached", face.format(""), "reached" in kinds),
        ("no run gets here", "wkm-unreached", face.format(hatch), "unreached" in kinds),
        ("not seen yet", "wkm-unseen", face.format(""), "unseen" in kinds),
        ("a run can be stuck here", "wkm-stuck", face.format(""), bool(digest.stuck)),
        ("nothing may be left to do", "wkm-stuck", face.format(""), bool(digest.idle - digest.stuck)),
        ("can never happen", "wkm-line wkm-dead", crossed, crossing),
    ]
    spot = '<g transform="translate(42 26) scale(.7)">{}</g>'
    marks = (("entrance", "start", True), ("win", "win", "win" in ends), ("lose", "lose", "lose" in ends))
    for word, mark, is_used in marks:
        samples.append((word, f"wkm-badge wkm-on-{mark}", spot.format(draw_badge(mark)), is_used))
    for word, names, shape, is_used in samples:
        if is_used:
            yield f'<span><svg viewBox="0 0 84 52" aria-hidden="true"><g class="{names}">{shape}</g></svg>{word}</span>'


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
    tone = "win" if end.kind == "win" else "lose"
    heading = (
        f"{look}"
        f'<span class="wr-outcome wr-{tone}">{tone.upper()}</span>'
        f'<span class="wr-said">{_html(end.title)} <span class="wr-to">{_html(end.state)}</span></span>'
    )
    if end.run is None:
        words = {False: "out of reach", None: "not seen; not decided", True: "not searched for"}[end.reached]
        bad = " wr-is-error" if end.reached is False else ""
        return f'<p class="wr-plain">{heading}<span class="wr-count{bad}">{words}</span></p>'
    play = _code(f"wk.play(r.world, trace=r.routes[{end.state!r}])")
    return _foldable(heading, _step_count(end.run), _steps(end.run, None), play)


def _cover(cover: Covering) -> Iterator[str]:
    if not cover.sentence:
        return
    yield f"<h2>Runs that cover everything</h2><p>{_html(cover.sentence)}</p>"
    if not cover.runs:
        return
    yield '<div class="wr-list" style="margin-top:10px">'
    for number, run in enumerate(cover.runs, 1):
        last = run.hops[-1].state if run.hops else run.start
        heading = f'<span class="wr-said">Run {number} <span class="wr-to">ends in {_html(last)}</span></span>'
        if run.more:
            heading = f'<span class="wr-said">Run {number}</span>'
        yield _foldable(heading, _step_count(run), _steps(run, None), "")
    yield "</div>"
    if cover.more:
        yield f'<p class="wr-more">and {cover.more:,} more: <code>r.cover()</code></p>'


def _foldable(heading: str, count: str, steps: str, play: str) -> str:
    return (
        f'<details><summary>{heading}<span class="wr-count">{count}</span>{_icon("fold", "", "wr-fold")}</summary>'
        f'<div class="wr-body"><div class="wr-text wr-wide"><div>{steps}</div>{play}</div></div></details>'
    )


def _step_count(run: RunSummary) -> str:
    return _with_noun(run.length, "step")


def _with_noun(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _steps(run: RunSummary, before: Sequence[str] | None) -> str:
    """Return a run as a numbered list, folded in the middle when long, with the point of no return marked."""
    row = partial(_step, crossing=run.crossing, before=before)
    rows = [row(at, hop) for at, hop in enumerate(run.hops)]
    if len(rows) > SHORT:
        tail = SHORT - 4
        if run.crossing is not None:
            tail = min(max(tail, len(rows) - run.crossing + 1), len(rows) - 4)
        hidden_rows = rows[3 : len(rows) - tail]
        if len(hidden_rows) > 1:
            fold = (
                f'<li class="wr-rest"><details><summary>{len(hidden_rows)} more steps</summary>'
                f'<ol class="wr-steps" start="4">{"".join(hidden_rows)}</ol></details></li>'
            )
            rows = [*rows[:3], fold, *rows[len(rows) - tail :]]
    more = f'<li class="wr-to">and {run.more:,} more steps</li>' if run.more else ""
    start = f'<p class="wr-to">Begin in {_html(_place(run.start))}.</p>'
    return f'{start}<ol class="wr-steps">{"".join(rows)}{more}</ol>'


def _step(at: int, hop: Hop, crossing: int | None, before: Sequence[str] | None) -> str:
    point, name = "", ""
    if at == crossing:
        holding = "" if before is None else f", holding {', '.join(before)}" if before else ", holding nothing"
        point = f'<li class="wr-point">The point of no return: in {_html(_place(hop.origin))}{_html(holding)}</li>'
        name = ' class="wr-cross"'
    way = "".join(f" \u2192 {_html(_place(id))}" for id in (*hop.through[:-1], hop.state))
    to = f' <span class="wr-to">{way}</span>' if hop.state != hop.origin or hop.through else ""
    label_html = f'<span><span class="wr-do">{_html(hop.label)}</span>{to}</span>'
    return f'{point}<li{name}><span class="wr-n">{at + 1}</span>{label_html}</li>'


def _method_text(exploration: Exploration) -> str:
    if exploration.complete:
        return (
            f"Every position was played, none was sampled (engine: {exploration.engine}). Routes are shortest in steps."
        )
    return f"Not everything was decided (engine: {exploration.engine}): nothing is said of what was not seen."


def _place(id: str) -> str:
    return id.replace("_", " ")


def _code(text: str) -> str:
    return f'<p class="wr-code"><code>{_html(text)}</code></p>'


def _icon(name: str, tone: str = "", extra: str = "") -> str:
    label = f' role="img" aria-label="{_PRINTED[tone]}"' if tone in _PRINTED else ' aria-hidden="true"'
    names = " ".join(["wr-icon", *([f"wr-is-{tone}"] if tone else []), *([extra] if extra else [])])
    return f'<svg class="{names}" viewBox="0 0 16 16" width="16" height="16"{label}><path d="{_ICONS[name]}"/></svg>'


def _html(text: str) -> str:
    return escape(clean(text))
