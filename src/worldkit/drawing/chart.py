"""The map of a world as data: cards with titles, and the lines between them.

Reports draw their findings on it, both in pages and in widgets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from worldkit.core.document import Document
from worldkit.core.json_values import Json
from worldkit.core.spoken_names import readable_name
from worldkit.drawing.overview import MAX_TITLES, is_large
from worldkit.layout.curves import Path
from worldkit.layout.measures import CARD_H, CARD_W, Position
from worldkit.layout.moves import MapMove, moves
from worldkit.layout.placement import layout as laid_out
from worldkit.layout.routing import routes
from worldkit.layout.text import BOLD_WIDTH_RATIO, clean, width, wrap

Detail = Literal["full", "titles", "dots"]

TITLE = 44
"""Font size of a card's title, in the map's units; a map is displayed at a quarter of its size."""

MAX_TITLE_LINES = 3

_MAX_WEB_LINES = 20_000
_HEAD_LENGTH = 26.0
_INNER_WIDTH = CARD_W - 56
_MIN_TITLE_SIZE = 28


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
        mid: A point on it before the middle, which differs for two opposite lines.
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
        detail: ``"full"``: every line separately. ``"titles"``: one line for all moves from one state to another,
            without arrow heads. ``"dots"``: the same, and cards too small to be read.
        cards: The states, in world order.
        lines: The moves; empty unless ``detail`` is ``"full"``.
        web: Otherwise the moves, one for each pair of states, as events' names and the two states.
        box: Its left, top, right and bottom.
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


def make_chart(world: Document, layout: Mapping[str, Sequence[float]] | None = None) -> Chart:
    """Return the map of a world.

    Args:
        layout: Top-left corners of cards by state id; missing ones are computed.
    """
    places = laid_out(world, layout)
    all_moves = moves(world)
    is_full = not is_large(world)
    detail: Detail = "full" if is_full else "titles" if len(places) <= MAX_TITLES else "dots"
    edges = [(move.source, move.target) for move in all_moves] if is_full else []
    paths = [route.path for route in routes(places, edges)]
    points = [place for x, y in places.values() for place in ((x, y), (x + CARD_W, y + CARD_H))]
    points += [point for path in paths for point in path.points]
    xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    return Chart(
        detail,
        tuple(_card(id, place, detail) for id, place in places.items()),
        tuple(_line(move, path) for move, path in zip(all_moves, paths, strict=False)),
        () if is_full else _web(all_moves),
        (round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))),
    )


def _card(id: str, position: Position, detail: Detail) -> Card:
    x, y = round(position[0]), round(position[1])
    if detail == "dots":
        return Card(id, x, y, ())
    title = clean(readable_name(id).replace("-", " "), 80)
    longest = max((width(word, TITLE, bold=True) for word in title.split()), default=0.0)
    size = TITLE if longest <= _INNER_WIDTH else max(_MIN_TITLE_SIZE, int(TITLE * _INNER_WIDTH / longest))
    return Card(id, x, y, tuple(wrap(title, _INNER_WIDTH / BOLD_WIDTH_RATIO, size, MAX_TITLE_LINES)), size)


def _line(move: MapMove, path: Path) -> Line:
    x, y = path.point_at(0.4)
    # larger than on a picture, to be visible on a map
    head = path.head(_HEAD_LENGTH, _HEAD_LENGTH * 0.45)
    return Line(move.event.name, move.source, move.target, path.d, head, (round(x), round(y)))


def _web(all_moves: Sequence[MapMove]) -> tuple[tuple[tuple[str, ...], str, str], ...]:
    pairs: dict[tuple[str, str], list[str]] = {}
    for move in all_moves:
        if move.source != move.target:
            pairs.setdefault((move.source, move.target), []).append(move.event.name)
    lines = [(tuple(names), source, target) for (source, target), names in pairs.items()]
    if len(lines) <= _MAX_WEB_LINES:
        return tuple(lines)
    return tuple(lines[at * len(lines) // _MAX_WEB_LINES] for at in range(_MAX_WEB_LINES))
