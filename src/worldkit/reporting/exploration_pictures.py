"""The pictures of a report's page: the map with its legend, crops of it, and the states that findings are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from worldkit.core.ending_tone import ending_tone
from worldkit.core.spoken_names import readable_name
from worldkit.drawing.coverage import (
    BOLD_FROM_WIDTH,
    CoverageMarks,
    RunStep,
    draw_badge,
    draw_ground,
    draw_run,
    view_box,
    view_of_states,
    whole_view,
)
from worldkit.reporting.exploration_page_parts import html
from worldkit.reporting.exploration_parts import Digest, Entry
from worldkit.reporting.state_image import state_image

if TYPE_CHECKING:
    from worldkit.drawing.chart import Chart
    from worldkit.exploration import Exploration

MAX_WHOLE_VIEW_WIDTH = 2_600
"""A finding's picture shows the whole way there if that is less wide than this, in the map's units."""

MAX_MAP_CHARACTERS = 1_500_000
"""A map of more characters stays out of the page: every save of a notebook would carry it."""

MAX_PICTURES = 12
"""So many endings, and so many findings, are shown with a picture: every save of a notebook carries them."""


class PagePictures:
    """The pictures of a page: its map, whose ground stands there once, and the states that findings are about."""

    def __init__(self, exploration: Exploration, digest: Digest, chart: Chart, scope: str) -> None:
        self.scope = scope
        self.chart = chart
        self.digest = digest
        marks = CoverageMarks(digest.states, digest.stuck, digest.idle, digest.dead)
        text = draw_ground(exploration.world, chart, marks, scope)
        self.map_svg = text if len(text) <= MAX_MAP_CHARACTERS else ""
        self._world = exploration.world
        self._pictured_findings = 0

    def scene(self, entry: Entry) -> str:
        """Return the picture of the state that a finding is about, with its name; nothing after the first few."""
        state = _scene_of(entry)
        if state is None or self._pictured_findings == MAX_PICTURES:
            return ""
        image = state_image(self._world, state, "wr-look")
        if not image:
            return ""
        self._pictured_findings += 1
        return f'<p class="wr-scene">{image}<span class="wr-to">{html(readable_name(state))}</span></p>'

    def crop(self, entry: Entry) -> str:
        """Return a finding's place on the map, or nothing."""
        run = entry.run
        hops = () if run is None else run.hops
        crossing = None if run is None else run.crossing
        about = list(entry.states[:8]) or [hop.state for hop in hops[-2:]]
        if crossing is not None and crossing < len(hops):
            about += [hops[crossing].origin, hops[crossing].state]
        all_of_it = view_of_states(self.chart, [*about, *(hop.origin for hop in hops)])
        view = (
            all_of_it
            if all_of_it is not None and all_of_it[2] < MAX_WHOLE_VIEW_WIDTH
            else view_of_states(self.chart, about)
        )
        if view is None or not self.map_svg:
            return ""
        steps = [RunStep(hop.event, hop.origin, hop.state, hop.through) for hop in hops]
        layers = draw_run(self.chart, steps, crossing, entry.states[:50])
        words = "Where it is on the map" + (", with the way there" if hops else "")
        return (
            f'<figure class="wr-figure"><svg viewBox="{view_box(view)}" role="img" aria-label="{words}">'
            f'<use href="#{self.scope}-map"/>{layers}</svg></figure>'
        )


def _scene_of(entry: Entry) -> str | None:
    """Return the state to show for a finding: the one it is about, else where the run to it ends; None without one."""
    if entry.states:
        return entry.states[0]
    return entry.run.hops[-1].state if entry.run is not None and entry.run.hops else None


def map_section(pictures: PagePictures) -> Iterator[str]:
    """Yield the section with the whole map and its legend."""
    yield "<h2>The world as it plays</h2>"
    if not pictures.map_svg:
        yield '<p class="wr-more">The world is too large to be drawn here; <code>wk.edit(r.world)</code> shows it.</p>'
        return
    view = whole_view(pictures.chart)
    far = ' class="wkm-far"' if view[2] > BOLD_FROM_WIDTH else ""
    yield f'<figure class="wr-figure wr-map"><svg{far} viewBox="{view_box(view)}" role="img" '
    yield f'aria-label="{html(_map_words(pictures.digest))}"><g id="{pictures.scope}-map">{pictures.map_svg}</g></svg>'
    yield f'<figcaption class="wr-legend">{"".join(_legend(pictures))}</figcaption></figure>'


def _map_words(digest: Digest) -> str:
    count = sum(mark == "reached" for mark in digest.states.values())
    return f"Map: {count} of {len(digest.states)} states are reached, runs get stuck in {len(digest.stuck)}"


def _legend(pictures: PagePictures) -> Iterator[str]:
    digest, kinds = pictures.digest, set(pictures.digest.states.values())
    ends = {ending_tone(end.kind) for end in digest.endings}
    face = '<rect class="wkm-face"{} x="2" y="2" width="80" height="48" rx="8"/>'
    hatch = f' fill="url(#{pictures.scope}-hatch)"'
    crossing = any(line.event in digest.dead for line in pictures.chart.lines) or "wkm-web wkm-dead" in pictures.map_svg
    crossed_line = '<path d="M0 26H84"/><path class="wkm-no" d="M32 16l20 20M52 16l-20 20"/>'
    samples = [
        ("reached", "wkm-reached", face.format(""), "reached" in kinds),
        ("no run gets here", "wkm-unreached", face.format(hatch), "unreached" in kinds),
        ("not seen yet", "wkm-unseen", face.format(""), "unseen" in kinds),
        ("a run can be stuck here", "wkm-stuck", face.format(""), bool(digest.stuck)),
        ("nothing may be left to do", "wkm-stuck", face.format(""), bool(digest.idle - digest.stuck)),
        ("can never happen", "wkm-line wkm-dead", crossed_line, crossing),
    ]
    spot = '<g transform="translate(42 26) scale(.7)">{}</g>'
    marks = (
        ("entrance", "start", True),
        ("win", "win", "win" in ends),
        ("lose", "lose", "lose" in ends),
        ("another ending", "other", "other" in ends),
    )
    for word, mark, is_used in marks:
        samples.append((word, f"wkm-badge wkm-on-{mark}", spot.format(draw_badge(mark)), is_used))
    for word, names, shape, is_used in samples:
        if is_used:
            yield f'<span><svg viewBox="0 0 84 52" aria-hidden="true"><g class="{names}">{shape}</g></svg>{word}</span>'
