"""Ways for the edges of a picture: out of one card's side, through the gaps between others, into another's.

Works on the places alone, so that it serves a layout made by hand as well as a computed one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from worldkit.layout.curves import HEAD, Path, Point, across, cornered, upright
from worldkit.layout.gaps import CLEAR, Gap, columns, gaps, lane, through
from worldkit.layout.measures import CARD_H, CARD_W, GAP_X, PITCH_X, Position
from worldkit.layout.occupancy import Crowd

Side = Literal["right", "left", "top", "bottom"]
Manner = Literal["ahead", "back", "wrap", "down", "up", "bow", "loop"]

_SLOT = 28  # between ports on one side of a card
_TURN = 22  # radius of a corner
_FAR = 2.6 * PITCH_X  # an edge that leads further back, and down, goes round like the end of a line of text
_BEND = 0.5  # of a gap between columns, in which an edge changes its height

_SIDES: dict[Manner, tuple[Side, Side]] = {
    "ahead": ("right", "left"),
    "back": ("left", "right"),
    "wrap": ("right", "left"),
    "down": ("bottom", "top"),
    "up": ("top", "bottom"),
    "bow": ("right", "right"),
}
_OUT: dict[Side, Point] = {"right": (1, 0), "left": (-1, 0), "top": (0, -1), "bottom": (0, 1)}


def routes(cards: Mapping[str, Position], edges: Sequence[tuple[str, str]]) -> list[Path]:
    """Return a path for every edge.

    Args:
        cards: Top-left corners by id.
        edges: Source and target ids; both are in ``cards``.
    """
    return _Router(cards, edges).paths()


class _Router:
    def __init__(self, cards: Mapping[str, Position], edges: Sequence[tuple[str, str]]) -> None:
        self.cards = cards
        self.edges = edges
        self.crowd = Crowd((x, y, x + CARD_W, y + CARD_H) for x, y in cards.values())
        self.columns = columns(cards.values())
        self.lanes: dict[int, list[float]] = defaultdict(list)
        self.manners: list[Manner] = ["loop" if a == b else self._manner(cards[a], cards[b]) for a, b in edges]
        self.ways = [self._way(at) for at in range(len(edges))]
        self.ports: dict[tuple[int, int], Point] = {}
        self.crowding: dict[tuple[int, int], int] = {}
        self._dock()

    def paths(self) -> list[Path]:
        made: dict[int, Path] = {}
        loops: dict[str, int] = defaultdict(int)
        # Short edges first: they have the least choice.
        for at in sorted(range(len(self.edges)), key=lambda at: (self._span(at), at)):
            source = self.edges[at][0]
            if self.manners[at] == "loop":
                made[at] = _loop(self.cards[source], loops[source])
                loops[source] += 1
            else:
                made[at] = self._path(at)
        return [made[at] for at in range(len(self.edges))]

    def _span(self, at: int) -> float:
        a, b = (self.cards[id] for id in self.edges[at])
        return abs(a[0] - b[0]) + abs(a[1] - b[1])

    # ---- which way round ------------------------------------------------------------------------

    def _manner(self, a: Position, b: Position) -> Manner:
        if b[0] >= a[0] + CARD_W + 2 * CLEAR:
            return "ahead"
        if a[0] >= b[0] + CARD_W + 2 * CLEAR:
            return "wrap" if a[0] - b[0] > _FAR and self._level(a, b) else "back"
        upper, lower = (a, b) if a[1] < b[1] else (b, a)
        between = (max(a[0], b[0]), upper[1] + CARD_H + 1, min(a[0], b[0]) + CARD_W, lower[1] - 1)
        if lower[1] - upper[1] < CARD_H + 2 * CLEAR or self.crowd.touches(between):
            return "bow"
        return "down" if upper is a else "up"

    def _level(self, source: Position, target: Position) -> Gap | None:
        """Return the heights below one card and above another between which a line can run freely."""
        low, high = source[1] + CARD_H + CLEAR, target[1] - CLEAR
        if high < low:
            return None
        left, right = target[0] - 3 * _TURN, source[0] + CARD_W + 3 * _TURN
        free = gaps(y for x, y in self.cards.values() if left < x + CARD_W and x < right)
        clipped = [(max(top, low), min(bottom, high)) for top, bottom in free]
        return max((gap for gap in clipped if gap[0] <= gap[1]), key=lambda gap: gap[1] - gap[0], default=None)

    def _way(self, at: int, force: bool = False) -> list[tuple[int, float]]:
        """Return the columns an edge has to pass by their gaps, and at what height; none if it runs freely."""
        if self.manners[at] not in ("ahead", "back"):
            return []
        a, b = (_middle(self.cards[id]) for id in self.edges[at])
        left, right = min(a[0], b[0]), max(a[0], b[0])
        numbers = [n for n, column in enumerate(self.columns) if column.left > left and column.right < right]
        if not numbers or not (force or self._blocked(Path(across([a, b]), (1, 0)), at)):
            return []
        if a[0] > b[0]:
            numbers.reverse()
        return list(zip(numbers, through(a, b, [self.columns[n] for n in numbers]), strict=True))

    def _blocked(self, path: Path, at: int) -> bool:
        own = {self.cards[id] for id in self.edges[at]}
        for x, y in path.points:
            for left, top, right, bottom in self.crowd.near((x - 8, y - 8, x + 8, y + 8)):
                if left - 8 < x < right + 8 and top - 8 < y < bottom + 8 and (left, top) not in own:
                    return True
        return False

    # ---- ports: where on a side each edge begins or ends ----------------------------------------

    def _dock(self) -> None:
        sides: dict[tuple[str, Side], list[tuple[float, int, int]]] = defaultdict(list)
        for at, (source, target) in enumerate(self.edges):
            manner = self.manners[at]
            if manner != "loop":
                for end, id in enumerate((source, target)):
                    sides[id, _SIDES[manner][end]].append((self._pull(at, end), at, end))
        for (id, side), ends in sides.items():
            for row, (_, at, end) in enumerate(sorted(ends)):
                self.ports[at, end] = _port(self.cards[id], side, row - (len(ends) - 1) / 2, len(ends))
                self.crowding[at, end] = len(ends)

    def _pull(self, at: int, end: int) -> float:
        """Return the height, or for upright sides the place across, to which an edge leads from its port."""
        manner, way = self.manners[at], self.ways[at]
        if manner == "wrap":
            return float("inf") if end == 0 else float("-inf")
        if way:
            return way[0 if end == 0 else -1][1]
        return _middle(self.cards[self.edges[at][1 - end]])[0 if manner in ("down", "up") else 1]

    # ---- paths ----------------------------------------------------------------------------------

    def _path(self, at: int) -> Path:
        manner = self.manners[at]
        a, b = self.ports[at, 0], self.ports[at, 1]
        out = _OUT[_SIDES[manner][1]]
        end = (-out[0], -out[1])
        b = (b[0] + out[0] * (HEAD + 1), b[1] + out[1] * (HEAD + 1))
        if manner in ("down", "up"):
            return Path(upright(a, b), end)
        if manner == "bow":
            edge = max(a[0], b[0]) + 64 + abs(a[1] - b[1]) / 12
            return Path([(a, (edge, a[1]), (edge, b[1]), b)], end)
        if manner == "wrap":
            source, target = (self.cards[id] for id in self.edges[at])
            top, bottom = self._level(source, target) or (a[1], b[1])
            level = lane(self.lanes[-1], (top + bottom) / 2, (top, bottom))
            far, near = a[0] + 2 * _TURN, b[0] - 2 * _TURN
            return Path(cornered([a, (far, a[1]), (far, level), (near, level), (near, b[1]), b], _TURN), end)
        if not self.ways[at]:
            path = Path(across(self._bent(at, a, b)), end)
            if not self._blocked(path, at):
                return path
            self.ways[at] = self._way(at, force=True)
        return Path(across([a, *self._passed(at, a, b), b]), end)

    def _passed(self, at: int, a: Point, b: Point) -> list[Point]:
        points: list[Point] = []
        ahead = self.manners[at] == "ahead"
        for number, height in self.ways[at]:
            column = self.columns[number]
            y = lane(self.lanes[number], height, column.gap(height) or (height, height))
            enter, leave = column.left - CLEAR, column.right + CLEAR
            points += [(enter, y), (leave, y)] if ahead else [(leave, y), (enter, y)]
        if points:
            # Turning close to the cards keeps these edges in order with those to the next column.
            step = GAP_X * _BEND * (1 if ahead else -1)
            if abs(points[0][0] - a[0]) > abs(step):
                points.insert(0, (a[0] + step, points[0][1]))
            if abs(b[0] - points[-1][0]) > abs(step):
                points.append((b[0] - step, points[-1][1]))
        return points

    def _bent(self, at: int, a: Point, b: Point) -> list[Point]:
        """Return a way that turns near the busier card and runs level to the other, where its name has room."""
        if abs(a[1] - b[1]) < 4:
            return [a, b]
        step = min(abs(b[0] - a[0]), GAP_X) * _BEND * (1 if b[0] > a[0] else -1)
        here, there = self.crowding[at, 0], self.crowding[at, 1]
        near_a = here > there if here != there else b[0] > a[0]
        return [a, (a[0] + step, b[1]), b] if near_a else [a, (b[0] - step, a[1]), b]


def _middle(card: Position) -> Point:
    return card[0] + CARD_W / 2, card[1] + CARD_H / 2


def _port(card: Position, side: Side, row: float, count: int) -> Point:
    x, y = card
    if side in ("right", "left"):
        step = min(_SLOT, (CARD_H - 32) / max(1, count - 1))
        return (x + CARD_W if side == "right" else x), y + CARD_H / 2 + row * step
    step = min(112, (CARD_W - 64) / max(1, count - 1))
    return x + CARD_W / 2 + row * step, (y + CARD_H if side == "bottom" else y)


def _loop(card: Position, number: int) -> Path:
    x, y = card[0] + CARD_W - 44 - 84 * (number % 3), card[1]
    high = 54 + 18 * (number // 3)
    slope = 0.28
    base = (x + 22 + slope * HEAD, y - HEAD - 1)
    steep = math.hypot(slope, 1)
    curve = ((x - 22, y), (x - 22 - slope * high, y - high), (base[0] + slope * (high - HEAD), y - high), base)
    return Path([curve], (-slope / steep, 1 / steep), name=(x, y - 0.75 * high - 14))
