"""What exhaustive play found, drawn on the map of a world: what is reached, what is not, where runs get stuck.

The pieces are strings of SVG without colours; a style sheet gives those. The ground is drawn once and shown as
often as needed (``<use>``), each time with another run over it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from worldkit.core.document import Document
from worldkit.drawing.chart import TITLE, Card, Chart
from worldkit.drawing.icons import ICONS
from worldkit.layout.curves import number
from worldkit.layout.measures import CARD_H, CARD_W
from worldkit.layout.text import clean, xml

View = tuple[float, float, float, float]
"""Left, top, width and height of what is shown."""

BADGE = 34
FAR = 7000
"""A wider view has bolder frames (class ``wkm-far``), which else would be too thin to be seen."""

_MARGIN = 56.0
_CLOSE = 1500.0
_RATIO = 2.2
_BESIDE = 60
_NEAR = 100


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of the things on a map.

    Attributes:
        states: ``"reached"``, ``"unreached"`` (by no run) or ``"unseen"`` (not decided) by state id.
        stuck: States in which a run can be stuck.
        idle: States in which nothing may be left to do.
        dead: Names of events that can never be fired.
    """

    states: Mapping[str, str]
    stuck: Collection[str] = ()
    idle: Collection[str] = ()
    dead: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One step of a run, to be drawn: the event, where from, where to, and what it walks through."""

    event: str
    origin: str
    state: str
    through: tuple[str, ...] = ()


def ground(world: Document, made: Chart, marks: Marks, scope: str) -> str:
    """Return the map with its marks.

    Args:
        world: The world.
        made: Its bare map.
        marks: What is known.
        scope: Begins the ids of what is referred to, unlike any other on the page.
    """
    return "".join([_hatch(scope), *_lines(made, marks), *_cards(world, made, marks, scope)])


def over(made: Chart, run: Sequence[Stretch], crossing: int | None, about: Iterable[str] = ()) -> str:
    """Return a run drawn over the map: its lines, the order of its steps, and a ring around what it is about.

    Args:
        made: The bare map.
        run: The run.
        crossing: Which step crosses the point of no return.
        about: States to be ringed.
    """
    cards = {card.id: card for card in made.cards}
    drawn = {(line.event, line.source, line.target): line for line in made.lines}
    parts: list[str] = []
    for id in about:
        if id in cards:
            x, y = cards[id].x - 12, cards[id].y - 12
            parts.append(
                f'<rect class="wkm-ring" x="{x}" y="{y}" width="{CARD_W + 24}" height="{CARD_H + 24}" rx="22"/>'
            )
    numbers: list[str] = []
    taken: list[tuple[int, int]] = []
    for at, step in enumerate(run):
        bad = " wkm-cross" if at == crossing else ""
        line = drawn.get((step.event, step.origin, step.state))
        stops = [id for id in (step.origin, *step.through, step.state) if id in cards]
        if line is not None:
            parts.append(f'<path class="wkm-way{bad}" d="{line.d}"/><path class="wkm-tip{bad}" d="{line.head}"/>')
            spot = line.mid
        elif step.origin != step.state or step.through:
            points = [_middle(cards[id]) for id in stops]
            parts.append(f'<path class="wkm-way{bad}" d="M{"L".join(f"{x} {y}" for x, y in points)}"/>')
            spot = _between(points)
        elif stops:
            spot = cards[stops[0]].x + 40, cards[stops[0]].y + CARD_H
        else:
            continue
        if made.detail == "full":
            x, y = _free(spot, taken)
            number = f'<circle cx="{x}" cy="{y}" r="28"/><text x="{x}" y="{y + 12}">{at + 1}</text>'
            numbers.append(f'<g class="wkm-step{bad}">{number}</g>')
    return "".join(parts + numbers)


def _free(spot: tuple[int, int], taken: list[tuple[int, int]]) -> tuple[int, int]:
    """Return a place for a number, at a spot or to its right, that hides none of those taken; and take it."""
    x, y = spot
    while any(abs(x - other) < _BESIDE and abs(y - below) < _BESIDE for other, below in taken[-_NEAR:]):
        x += _BESIDE
    taken.append((x, y))
    return x, y


def whole(made: Chart) -> View:
    """Return the view of all of a map."""
    left, top, right, bottom = made.box
    unit = max(1.0, (right - left) / 4000)
    margin = _MARGIN * unit
    return left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin


def close(made: Chart, states: Iterable[str]) -> View | None:
    """Return a view of some states and what is around them; None when none of them is on the map.

    Args:
        made: The map.
        states: Their ids.
    """
    wanted = set(states)
    found = [card for card in made.cards if card.id in wanted]
    if not found:
        return None
    left, top = min(card.x for card in found) - _MARGIN, min(card.y for card in found) - _MARGIN
    right = max(card.x for card in found) + CARD_W + _MARGIN
    bottom = max(card.y for card in found) + CARD_H + _MARGIN
    wide = max(right - left, _CLOSE, (bottom - top) * _RATIO)
    high = wide / _RATIO
    return (left + right - wide) / 2, (top + bottom - high) / 2, wide, high


def box(view: View) -> str:
    """Return a view as the value of ``viewBox``."""
    return " ".join(number(value) for value in view)


# ---- the ground --------------------------------------------------------------------------------


def _hatch(scope: str) -> str:
    return (
        f'<pattern id="{scope}-hatch" width="18" height="18" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="wkm-bare" width="18" height="18"/>'
        '<path class="wkm-hatch" d="M0 0V18"/></pattern>'
    )


def _lines(made: Chart, marks: Marks) -> Iterator[str]:
    for line in made.lines:
        lost = marks.states.get(line.source) != "reached"
        dead = line.event in marks.dead
        name = "wkm-line" + (" wkm-dead" if dead else "") + (" wkm-lost" if lost else "")
        said = f"<title>{xml(clean(line.event, 80))}{': can never happen' if dead else ''}</title>"
        yield f'<g class="{name}">{said}<path d="{line.d}"/><path class="wkm-head" d="{line.head}"/>'
        if dead and not lost:
            x, y = line.mid
            yield f'<path class="wkm-no" d="M{x - 16} {y - 16}l32 32M{x + 16} {y - 16}l-32 32"/>'
        yield "</g>"
    yield from _web(made, marks)


def _web(made: Chart, marks: Marks) -> Iterator[str]:
    for kind, data in web(made, marks).items():
        if data:
            yield f'<g class="wkm-line wkm-web wkm-{kind}"><path d="{data}"/></g>'


def web(made: Chart, marks: Marks) -> dict[str, str]:
    """Return path data for the lines of a map that has too many to draw one by one.

    Args:
        made: The bare map.
        marks: What is known.

    Returns:
        By ``"plain"``; ``"dead"``: no event along it can happen; ``"lost"``: it starts where no run gets.
    """
    places = {card.id: card for card in made.cards}
    data: dict[str, list[str]] = {"plain": [], "lost": [], "dead": []}
    for names, source, target in made.web:
        (x, y), (to_x, to_y) = _middle(places[source]), _middle(places[target])
        lost = marks.states.get(source) != "reached"
        kind = "lost" if lost else "dead" if all(name in marks.dead for name in names) else "plain"
        data[kind].append(f"M{x} {y}L{to_x} {to_y}")
    return {kind: "".join(parts) for kind, parts in data.items()}


def _cards(world: Document, made: Chart, marks: Marks, scope: str) -> Iterator[str]:
    silent: dict[str, int] = {}
    moving = {line.event for line in made.lines} | {name for names, _, _ in made.web for name in names}
    for event in world.events:
        if event.name in marks.dead and event.name not in moving:
            for id in dict.fromkeys(event.from_):
                silent[id] = silent.get(id, 0) + 1
    for card in made.cards:
        yield _card(world, card, marks, scope, silent.get(card.id, 0) if made.lines else 0)


def _card(world: Document, card: Card, marks: Marks, scope: str, silent: int) -> str:
    ending = world.states[card.id].ending
    known = marks.states.get(card.id, "unseen")
    names, badges, said = [f"wkm-{known}"], [], [clean(card.id, 80)]
    if card.id == world.start:
        names.append("wkm-start")
        badges.append(_badge("start", "start", 0))
        said.append("the entrance")
    if ending is not None:
        names.append(f"wkm-{ending.kind}")
        badges.append(_badge(ending.kind, ending.kind, 0))
        said.append(f"an ending ({ending.kind}): {clean(ending.title, 80)}")
    if known == "unreached":
        said.append("no run gets here")
    elif known == "unseen":
        said.append("not seen; not decided")
    if card.id in marks.stuck:
        names.append("wkm-stuck")
        badges.append(_badge("lock", "stuck", CARD_W))
        said.append("a run can be stuck here for good")
    elif card.id in marks.idle:
        names.append("wkm-stuck")
        badges.append(_badge("nowhere", "stuck", CARD_W))
        said.append("nothing may be left to do here")
    elif silent:
        badges.append(_silent())
        said.append(f"{silent} {'event' if silent == 1 else 'events'} here can never happen")
    fill = f' fill="url(#{scope}-hatch)"' if known == "unreached" else ""
    text = "".join(
        f'<tspan x="{CARD_W // 2}" y="{number(row(card, at))}">{xml(line)}</tspan>'
        for at, line in enumerate(card.lines)
    )
    smaller = "" if card.size == TITLE else f' style="font-size:{card.size}px"'
    shown = f'<text class="wkm-name"{smaller}>{text}</text>' if text else ""
    return (
        f'<g class="wkm-card {" ".join(names)}" transform="translate({card.x} {card.y})">'
        f"<title>{xml('. '.join(said))}</title>"
        f'<rect class="wkm-face"{fill} width="{CARD_W}" height="{CARD_H}" rx="14"/>{shown}{"".join(badges)}</g>'
    )


def row(card: Card, at: int) -> float:
    """Return how far below a card's top the base of a line of its title stands."""
    return CARD_H / 2 + card.size / 3 + (at - (len(card.lines) - 1) / 2) * card.size * 1.1


def _badge(mark: str, tone: str, x: int) -> str:
    return f'<g class="wkm-badge wkm-on-{tone}" transform="translate({x} 0)">{badge(mark)}</g>'


def badge(mark: str) -> str:
    """Return a round badge with an icon, its middle at (0, 0)."""
    return f'<circle r="{BADGE}"/><path transform="scale(3.6) translate(-6 -6)" d="{ICONS[mark]}"/>'


def _silent() -> str:
    return (
        f'<g class="wkm-badge wkm-on-silent" transform="translate({CARD_W} {CARD_H})"><circle r="{BADGE}"/>'
        f'<path d="M-12 -12l24 24M12 -12l-24 24"/></g>'
    )


def _middle(card: Card) -> tuple[int, int]:
    return card.x + CARD_W // 2, card.y + CARD_H // 2


def _between(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    (x, y), (to_x, to_y) = next(iter(pairwise(points)), (points[0], points[0]))
    return (x + to_x) // 2, (y + to_y) // 2
