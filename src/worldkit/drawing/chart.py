"""The bare map of a world: cards with their titles and the lines between them, as data to be drawn on.

A report draws what it found on it, in a page and in the browser alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from worldkit.core.document import Document
from worldkit.core.json_values import Json
from worldkit.layout.curves import HEAD, Path, number
from worldkit.layout.measures import CARD_H, CARD_W, Position
from worldkit.layout.moves import Move, moves
from worldkit.layout.placement import layout as laid_out
from worldkit.layout.routing import routes
from worldkit.layout.text import BOLD, clean, width, wrap

Detail = Literal["full", "titles", "dots"]

TITLE = 44
"""Size of a card's title, in the map's units: a map is shown at a quarter of its size."""

ROWS = 3

_FULL_STATES = 400
_FULL_LINES = 1200
_MOST_TITLES = 1500
_MOST_WEB = 20_000
_TIP = 26.0
_ROOM = CARD_W - 56
_SMALLEST = 28


@dataclass(frozen=True, slots=True)
class Card:
    """A state on the map: its top-left corner, and its id as lines of text of a size."""

    id: str
    x: int
    y: int
    lines: tuple[str, ...]
    size: int = TITLE


@dataclass(frozen=True, slots=True)
class Line:
    """A move on the map.

    Attributes:
        event: The event's name.
        source: The state it leaves.
        target: The state it lands in.
        d: Its path.
        head: Its arrow head's path.
        mid: A point on it, before the middle, so that two opposite lines differ.
    """

    event: str
    source: str
    target: str
    d: str
    head: str
    mid: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chart:
    """A map. Its cards are ``CARD_W`` by ``CARD_H``.

    Attributes:
        detail: ``"full"``: every line by itself. ``"titles"``: one line for all moves from one state to another,
            without arrow heads. ``"dots"``: the same, and cards too small to be read.
        cards: The states, in world order.
        lines: The moves; empty unless ``detail`` is ``"full"``.
        web: Else the moves, one for each pair of states, as events' names and the two states.
        box: Left, top, right and bottom of all of it.
    """

    detail: Detail
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]
    web: tuple[tuple[tuple[str, ...], str, str], ...]
    box: tuple[int, int, int, int]

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "detail": self.detail,
            "card": [CARD_W, CARD_H],
            "cards": [[card.id, card.x, card.y, list(card.lines), card.size] for card in self.cards],
            "lines": [[line.event, line.source, line.target, line.d, line.head, *line.mid] for line in self.lines],
            "box": list(self.box),
        }


def chart(world: Document, layout: Mapping[str, Sequence[float]] | None = None) -> Chart:
    """Return the bare map of a world.

    Args:
        world: The world.
        layout: Top-left corners of cards by state id; those it lacks are laid out.
    """
    places = laid_out(world, layout)
    edges = moves(world)
    full = len(places) <= _FULL_STATES and len(edges) <= _FULL_LINES
    detail: Detail = "full" if full else "titles" if len(places) <= _MOST_TITLES else "dots"
    paths = routes(places, [(move.source, move.target) for move in edges]) if full else []
    points = [place for x, y in places.values() for place in ((x, y), (x + CARD_W, y + CARD_H))]
    points += [point for path in paths for point in path.points]
    xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    return Chart(
        detail,
        tuple(_card(id, place, detail) for id, place in places.items()),
        tuple(_line(move, path) for move, path in zip(edges, paths, strict=False)),
        () if full else _web(edges),
        (round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))),
    )


def _card(id: str, place: Position, detail: Detail) -> Card:
    x, y = round(place[0]), round(place[1])
    if detail == "dots":
        return Card(id, x, y, ())
    said = clean(id.replace("_", " ").replace("-", " "), 80)
    longest = max((width(word, TITLE, bold=True) for word in said.split()), default=0.0)
    size = TITLE if longest <= _ROOM else max(_SMALLEST, int(TITLE * _ROOM / longest))
    return Card(id, x, y, tuple(wrap(said, _ROOM / BOLD, size, ROWS)), size)


def _line(move: Move, path: Path) -> Line:
    x, y = path.along(0.4)
    return Line(move.event.name, move.source, move.target, path.d, _head(path), (round(x), round(y)))


def _head(path: Path) -> str:
    """Return an arrow head that can still be seen on a map: larger than a picture's, its tip in the same place."""
    (x, y), (dx, dy) = path.points[-1], path.end
    tip = x + dx * HEAD, y + dy * HEAD
    back = tip[0] - dx * _TIP, tip[1] - dy * _TIP
    side = _TIP * 0.45
    corners = (tip, (back[0] - dy * side, back[1] + dx * side), (back[0] + dy * side, back[1] - dx * side))
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners) + "z"


def _web(edges: Sequence[Move]) -> tuple[tuple[tuple[str, ...], str, str], ...]:
    pairs: dict[tuple[str, str], list[str]] = {}
    for move in edges:
        if move.source != move.target:
            pairs.setdefault((move.source, move.target), []).append(move.event.name)
    found = [(tuple(names), source, target) for (source, target), names in pairs.items()]
    if len(found) <= _MOST_WEB:
        return tuple(found)
    return tuple(found[at * len(found) // _MOST_WEB] for at in range(_MOST_WEB))
