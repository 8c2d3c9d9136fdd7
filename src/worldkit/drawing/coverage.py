"""Draws the result of an exploration on the map of a world: reached and unreached states, and where runs get stuck.

The parts are SVG without colours, which a style sheet adds. The map is drawn once and reused (``<use>``) with a
different run over it each time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worldkit.core.document import Document
from worldkit.core.ending_tone import ending_tone
from worldkit.drawing.chart import TITLE, Card, Chart
from worldkit.drawing.icons import ICONS
from worldkit.layout.curves import format_number
from worldkit.layout.measures import CARD_H, CARD_W
from worldkit.layout.text import clean, xml

View = tuple[float, float, float, float]
"""Left, top, width and height of the visible part."""

BADGE = 34
BOLD_FROM_WIDTH = 7000
"""Views from this width on have bolder frames (class ``wkm-far``), since thin ones would be invisible."""

_MARGIN = 56.0
_MIN_VIEW_WIDTH = 1500.0
_RATIO = 2.2
_NUMBER_SIZE = 60
_MAX_COMPARED_SPOTS = 100


@dataclass(frozen=True, slots=True)
class CoverageMarks:
    """The result of an exploration for the items of a map.

    Attributes:
        states: ``"reached"``, ``"unreached"`` (by no run) or ``"unseen"`` (not decided) by state id.
        stuck: States in which a run can get stuck.
        idle_states: States in which a run can have nothing left to do.
        dead_events: Names of events that can never be fired.
    """

    states: Mapping[str, str]
    stuck: Collection[str] = ()
    idle_states: Collection[str] = ()
    dead_events: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step of a run: the event, its source, its target, and the states between them."""

    event: str
    origin: str
    state: str
    passed_states: tuple[str, ...] = ()


def draw_ground(world: Document, chart: Chart, marks: CoverageMarks, scope: str) -> str:
    """Return the map with its marks.

    Args:
        marks: The result of the exploration.
        scope: A prefix for ids that is unique on the page.
    """
    return "".join([_hatch(scope), *_lines(chart, marks), *_cards(world, chart, marks, scope)])


def draw_run(chart: Chart, run: Sequence[RunStep], crossing: int | None, ring_states: Iterable[str] = ()) -> str:
    """Return a run to draw over the map: its lines, the numbers of its steps, and rings around some states.

    Args:
        crossing: The index of the step after which a run is stuck.
        ring_states: States to draw a ring around.
    """
    cards = {card.id: card for card in chart.cards}
    line_of = {(line.event, line.source, line.target): line for line in chart.lines}
    parts: list[str] = []
    for id in ring_states:
        if id in cards:
            x, y = cards[id].x - 12, cards[id].y - 12
            parts.append(
                f'<rect class="wkm-ring" x="{x}" y="{y}" width="{CARD_W + 24}" height="{CARD_H + 24}" rx="22"/>'
            )
    numbers: list[str] = []
    used_spots: list[tuple[int, int]] = []
    for index, step in enumerate(run):
        crossing_class = " wkm-cross" if index == crossing else ""
        line = line_of.get((step.event, step.origin, step.state))
        stops = [id for id in (step.origin, *step.passed_states, step.state) if id in cards]
        if line is not None:
            parts.append(
                f'<path class="wkm-way{crossing_class}" d="{line.d}"/>'
                f'<path class="wkm-tip{crossing_class}" d="{line.head}"/>'
            )
            position = line.mid
        elif step.origin != step.state or step.passed_states:
            points = [_centre(cards[id]) for id in stops]
            parts.append(f'<path class="wkm-way{crossing_class}" d="M{"L".join(f"{x} {y}" for x, y in points)}"/>')
            position = _midpoint(points)
        elif stops:
            position = cards[stops[0]].x + 40, cards[stops[0]].y + CARD_H
        else:
            continue
        if chart.detail == "full":
            x, y = _find_free_spot(position, used_spots)
            circle = f'<circle cx="{x}" cy="{y}" r="28"/><text x="{x}" y="{y + 12}">{index + 1}</text>'
            numbers.append(f'<g class="wkm-step{crossing_class}">{circle}</g>')
    return "".join(parts + numbers)


def _find_free_spot(spot: tuple[int, int], used_spots: list[tuple[int, int]]) -> tuple[int, int]:
    """Return a position for a number, at a spot or to its right, that covers no used one; and mark it as used."""
    x, y = spot
    while any(
        abs(x - used_x) < _NUMBER_SIZE and abs(y - used_y) < _NUMBER_SIZE
        for used_x, used_y in used_spots[-_MAX_COMPARED_SPOTS:]
    ):
        x += _NUMBER_SIZE
    used_spots.append((x, y))
    return x, y


def whole_view(chart: Chart) -> View:
    """Return the view of a whole map."""
    left, top, right, bottom = chart.box
    unit = max(1.0, (right - left) / 4000)
    margin = _MARGIN * unit
    return left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin


def view_of_states(chart: Chart, states: Iterable[str]) -> View | None:
    """Return a view of some states and their surroundings; None when none of them is on the map.

    Args:
        states: Their ids.
    """
    wanted_ids = set(states)
    cards = [card for card in chart.cards if card.id in wanted_ids]
    if not cards:
        return None
    left, top = min(card.x for card in cards) - _MARGIN, min(card.y for card in cards) - _MARGIN
    right = max(card.x for card in cards) + CARD_W + _MARGIN
    bottom = max(card.y for card in cards) + CARD_H + _MARGIN
    width = max(right - left, _MIN_VIEW_WIDTH, (bottom - top) * _RATIO)
    height = width / _RATIO
    return (left + right - width) / 2, (top + bottom - height) / 2, width, height


def view_box(view: View) -> str:
    """Return a view as the value of ``viewBox``."""
    return " ".join(format_number(value) for value in view)


# ---- the map -----------------------------------------------------------------------------------


def _hatch(scope: str) -> str:
    return (
        f'<pattern id="{scope}-hatch" width="18" height="18" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="wkm-bare" width="18" height="18"/>'
        '<path class="wkm-hatch" d="M0 0V18"/></pattern>'
    )


def _lines(chart: Chart, marks: CoverageMarks) -> Iterator[str]:
    for line in chart.lines:
        is_lost = marks.states.get(line.source) != "reached"
        is_dead = line.event in marks.dead_events
        name = "wkm-line" + (" wkm-dead" if is_dead else "") + (" wkm-lost" if is_lost else "")
        title = f"<title>{xml(clean(line.event, 80))}{': can never happen' if is_dead else ''}</title>"
        yield f'<g class="{name}">{title}<path d="{line.d}"/><path class="wkm-head" d="{line.head}"/>'
        if is_dead and not is_lost:
            x, y = line.mid
            yield f'<path class="wkm-no" d="M{x - 16} {y - 16}l32 32M{x + 16} {y - 16}l-32 32"/>'
        yield "</g>"
    yield from _web(chart, marks)


def _web(chart: Chart, marks: CoverageMarks) -> Iterator[str]:
    for kind, data in web_paths(chart, marks).items():
        if data:
            yield f'<g class="wkm-line wkm-web wkm-{kind}"><path d="{data}"/></g>'


def web_paths(chart: Chart, marks: CoverageMarks) -> dict[str, str]:
    """Return path data for the lines of a map with too many to draw one by one.

    Args:
        marks: The result of the exploration.

    Returns:
        The data by kind: ``"plain"``; ``"dead"``: no event along it can happen; ``"lost"``: no run reaches its source.
    """
    cards_by_id = {card.id: card for card in chart.cards}
    data: dict[str, list[str]] = {"plain": [], "lost": [], "dead": []}
    for names, source, target in chart.web:
        (x, y), (to_x, to_y) = _centre(cards_by_id[source]), _centre(cards_by_id[target])
        is_lost = marks.states.get(source) != "reached"
        kind = "lost" if is_lost else "dead" if all(name in marks.dead_events for name in names) else "plain"
        data[kind].append(f"M{x} {y}L{to_x} {to_y}")
    return {kind: "".join(parts) for kind, parts in data.items()}


def _cards(world: Document, chart: Chart, marks: CoverageMarks, scope: str) -> Iterator[str]:
    dead_counts: dict[str, int] = {}
    drawn_events = {line.event for line in chart.lines} | {name for names, _, _ in chart.web for name in names}
    for event in world.events:
        if event.name in marks.dead_events and event.name not in drawn_events:
            for id in dict.fromkeys(event.from_):
                dead_counts[id] = dead_counts.get(id, 0) + 1
    for card in chart.cards:
        yield _card(world, card, marks, scope, dead_counts.get(card.id, 0) if chart.detail == "full" else 0)


def _card(world: Document, card: Card, marks: CoverageMarks, scope: str, dead_count: int) -> str:
    ending = world.states[card.id].ending
    status = marks.states.get(card.id, "unseen")
    names, badges, sentences = [f"wkm-{status}"], [], [clean(card.id, 80)]
    if card.id == world.start:
        names.append("wkm-start")
        badges.append(_corner_badge("start", "start", 0))
        sentences.append("the entrance")
    if ending is not None:
        tone = ending_tone(ending.kind)
        names.append(f"wkm-{tone}")
        badges.append(_corner_badge(tone, tone, 0))
        sentences.append(f"an ending ({clean(ending.kind, 80)}): {clean(ending.title, 80)}")
    if status == "unreached":
        sentences.append("no run gets here")
    elif status == "unseen":
        sentences.append("not seen; not decided")
    if card.id in marks.stuck:
        names.append("wkm-stuck")
        badges.append(_corner_badge("lock", "stuck", CARD_W))
        sentences.append("a run can be stuck here for good")
    elif card.id in marks.idle_states:
        names.append("wkm-stuck")
        badges.append(_corner_badge("nowhere", "stuck", CARD_W))
        sentences.append("nothing may be left to do here")
    elif dead_count:
        badges.append(_silent_badge())
        sentences.append(f"{dead_count} {'event' if dead_count == 1 else 'events'} here can never happen")
    fill = f' fill="url(#{scope}-hatch)"' if status == "unreached" else ""
    text = "".join(
        f'<tspan x="{CARD_W // 2}" y="{format_number(title_line_y(card, index))}">{xml(line)}</tspan>'
        for index, line in enumerate(card.lines)
    )
    smaller = "" if card.size == TITLE else f' style="font-size:{card.size}px"'
    title = f'<text class="wkm-name"{smaller}>{text}</text>' if text else ""
    return (
        f'<g class="wkm-card {" ".join(names)}" transform="translate({card.x} {card.y})">'
        f"<title>{xml('. '.join(sentences))}</title>"
        f'<rect class="wkm-face"{fill} width="{CARD_W}" height="{CARD_H}" rx="14"/>{title}{"".join(badges)}</g>'
    )


def title_line_y(card: Card, index: int) -> float:
    """Return the y of the baseline of a line of a card's title."""
    return CARD_H / 2 + card.size / 3 + (index - (len(card.lines) - 1) / 2) * card.size * 1.1


def _corner_badge(mark: str, tone: str, x: int) -> str:
    return f'<g class="wkm-badge wkm-on-{tone}" transform="translate({x} 0)">{draw_badge(mark)}</g>'


def draw_badge(mark: str) -> str:
    """Return a round badge with an icon, its middle at (0, 0)."""
    return f'<circle r="{BADGE}"/><path transform="scale(3.6) translate(-6 -6)" d="{ICONS[mark]}"/>'


def _silent_badge() -> str:
    return (
        f'<g class="wkm-badge wkm-on-silent" transform="translate({CARD_W} {CARD_H})"><circle r="{BADGE}"/>'
        f'<path d="M-12 -12l24 24M12 -12l-24 24"/></g>'
    )


def _centre(card: Card) -> tuple[int, int]:
    return card.x + CARD_W // 2, card.y + CARD_H // 2


def _midpoint(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    (x, y), (to_x, to_y) = next(iter(pairwise(points)), (points[0], points[0]))
    return (x + to_x) // 2, (y + to_y) // 2
