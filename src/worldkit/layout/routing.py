"""Routes edges: out of one card's side, through the gaps between others, into another card's side.

Only positions matter, so it works for a manual layout as well as a computed one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from worldkit.layout.curves import HEAD, Path, Point, level_curves, rounded_corners, vertical_curve
from worldkit.layout.gaps import CLEARANCE, Gap, cheapest_heights, columns, free_heights, take_lane
from worldkit.layout.measures import CARD_H, CARD_W, GAP_X, PITCH_X, Position
from worldkit.layout.occupancy import RectIndex

Side = Literal["right", "left", "top", "bottom"]
Manner = Literal["ahead", "back", "wrap", "down", "up", "bow", "loop"]

_SLOT = 28  # distance of ports on one side of a card
_TURN = 22  # radius of a corner
_FAR = 2.6 * PITCH_X  # edges that lead further back, and down, wrap like a line of text
_BEND = 0.5  # the part of the gap between columns in which an edge changes its height

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
        self.obstacles = RectIndex((x, y, x + CARD_W, y + CARD_H) for x, y in cards.values())
        self.columns = columns(cards.values())
        self.lanes: dict[int, list[float]] = defaultdict(list)
        self.manners: list[Manner] = ["loop" if a == b else self._manner(cards[a], cards[b]) for a, b in edges]
        self.passages = [self._find_passages(at) for at in range(len(edges))]
        self.ports: dict[tuple[int, int], Point] = {}
        self.port_counts: dict[tuple[int, int], int] = {}
        self._assign_ports()

    def paths(self) -> list[Path]:
        path_of: dict[int, Path] = {}
        loops: dict[str, int] = defaultdict(int)
        # short edges first, since they have the fewest options
        for index in sorted(range(len(self.edges)), key=lambda index: (self._span(index), index)):
            source = self.edges[index][0]
            if self.manners[index] == "loop":
                path_of[index] = _loop(self.cards[source], loops[source])
                loops[source] += 1
            else:
                path_of[index] = self._path(index)
        return [path_of[index] for index in range(len(self.edges))]

    def _span(self, index: int) -> float:
        a, b = (self.cards[id] for id in self.edges[index])
        return abs(a[0] - b[0]) + abs(a[1] - b[1])

    # ---- the manner of each edge ----------------------------------------------------------------

    def _manner(self, a: Position, b: Position) -> Manner:
        if b[0] >= a[0] + CARD_W + 2 * CLEARANCE:
            return "ahead"
        if a[0] >= b[0] + CARD_W + 2 * CLEARANCE:
            return "wrap" if a[0] - b[0] > _FAR and self._free_level(a, b) else "back"
        upper, lower = (a, b) if a[1] < b[1] else (b, a)
        between = (max(a[0], b[0]), upper[1] + CARD_H + 1, min(a[0], b[0]) + CARD_W, lower[1] - 1)
        if lower[1] - upper[1] < CARD_H + 2 * CLEARANCE or self.obstacles.touches(between):
            return "bow"
        return "down" if upper is a else "up"

    def _free_level(self, source: Position, target: Position) -> Gap | None:
        """Return the interval of heights below one card and above another in which a line is free."""
        low, high = source[1] + CARD_H + CLEARANCE, target[1] - CLEARANCE
        if high < low:
            return None
        left, right = target[0] - 3 * _TURN, source[0] + CARD_W + 3 * _TURN
        free = free_heights(y for x, y in self.cards.values() if left < x + CARD_W and x < right)
        clipped = [(max(top, low), min(bottom, high)) for top, bottom in free]
        return max((gap for gap in clipped if gap[0] <= gap[1]), key=lambda gap: gap[1] - gap[0], default=None)

    def _find_passages(self, index: int, is_forced: bool = False) -> list[tuple[int, float]]:
        """Return the columns that an edge has to pass through, each with a height; none if the direct path is free."""
        if self.manners[index] not in ("ahead", "back"):
            return []
        a, b = (_middle(self.cards[id]) for id in self.edges[index])
        left, right = min(a[0], b[0]), max(a[0], b[0])
        numbers = [n for n, column in enumerate(self.columns) if column.left > left and column.right < right]
        if not numbers or not (is_forced or self._blocked(Path(level_curves([a, b]), (1, 0)), index)):
            return []
        if a[0] > b[0]:
            numbers.reverse()
        return list(zip(numbers, cheapest_heights(a, b, [self.columns[n] for n in numbers]), strict=True))

    def _blocked(self, path: Path, index: int) -> bool:
        own_cards = {self.cards[id] for id in self.edges[index]}
        for x, y in path.points:
            for left, top, right, bottom in self.obstacles.near((x - 8, y - 8, x + 8, y + 8)):
                if left - 8 < x < right + 8 and top - 8 < y < bottom + 8 and (left, top) not in own_cards:
                    return True
        return False

    # ---- ports: where each edge meets the side of a card ----------------------------------------

    def _assign_ports(self) -> None:
        sides: dict[tuple[str, Side], list[tuple[float, int, int]]] = defaultdict(list)
        for index, (source, target) in enumerate(self.edges):
            manner = self.manners[index]
            if manner != "loop":
                for end, id in enumerate((source, target)):
                    sides[id, _SIDES[manner][end]].append((self._pull_of(index, end), index, end))
        for (id, side), ends in sides.items():
            for rank, (_, index, end) in enumerate(sorted(ends)):
                self.ports[index, end] = _port(self.cards[id], side, rank - (len(ends) - 1) / 2, len(ends))
                self.port_counts[index, end] = len(ends)

    def _pull_of(self, index: int, end: int) -> float:
        """Return the height, or for top and bottom the x, to which an edge leads from its port."""
        manner, passages = self.manners[index], self.passages[index]
        if manner == "wrap":
            return float("inf") if end == 0 else float("-inf")
        if passages:
            return passages[0 if end == 0 else -1][1]
        return _middle(self.cards[self.edges[index][1 - end]])[0 if manner in ("down", "up") else 1]

    # ---- paths ----------------------------------------------------------------------------------

    def _path(self, index: int) -> Path:
        manner = self.manners[index]
        a, b = self.ports[index, 0], self.ports[index, 1]
        out = _OUT[_SIDES[manner][1]]
        end = (-out[0], -out[1])
        b = (b[0] + out[0] * (HEAD + 1), b[1] + out[1] * (HEAD + 1))
        if manner in ("down", "up"):
            return Path(vertical_curve(a, b), end)
        if manner == "bow":
            edge = max(a[0], b[0]) + 64 + abs(a[1] - b[1]) / 12
            return Path([(a, (edge, a[1]), (edge, b[1]), b)], end)
        if manner == "wrap":
            source, target = (self.cards[id] for id in self.edges[index])
            top, bottom = self._free_level(source, target) or (a[1], b[1])
            level = take_lane(self.lanes[-1], (top + bottom) / 2, (top, bottom))
            far, near = a[0] + 2 * _TURN, b[0] - 2 * _TURN
            return Path(rounded_corners([a, (far, a[1]), (far, level), (near, level), (near, b[1]), b], _TURN), end)
        if not self.passages[index]:
            path = Path(level_curves(self._bend_near_busier(index, a, b)), end)
            if not self._blocked(path, index):
                return path
            self.passages[index] = self._find_passages(index, is_forced=True)
        return Path(level_curves([a, *self._points_through(index, a, b), b]), end)

    def _points_through(self, index: int, a: Point, b: Point) -> list[Point]:
        points: list[Point] = []
        is_ahead = self.manners[index] == "ahead"
        for number, height in self.passages[index]:
            column = self.columns[number]
            y = take_lane(self.lanes[number], height, column.gap(height) or (height, height))
            enter, leave = column.left - CLEARANCE, column.right + CLEARANCE
            points += [(enter, y), (leave, y)] if is_ahead else [(leave, y), (enter, y)]
        if points:
            # bends close to the cards keep these edges in order with those to the next column
            step = GAP_X * _BEND * (1 if is_ahead else -1)
            if abs(points[0][0] - a[0]) > abs(step):
                points.insert(0, (a[0] + step, points[0][1]))
            if abs(b[0] - points[-1][0]) > abs(step):
                points.append((b[0] - step, points[-1][1]))
        return points

    def _bend_near_busier(self, index: int, a: Point, b: Point) -> list[Point]:
        """Return a path that bends near the card with more edges and is level at the other, with room for the name."""
        if abs(a[1] - b[1]) < 4:
            return [a, b]
        step = min(abs(b[0] - a[0]), GAP_X) * _BEND * (1 if b[0] > a[0] else -1)
        source_crowding, target_crowding = self.port_counts[index, 0], self.port_counts[index, 1]
        near_a = source_crowding > target_crowding if source_crowding != target_crowding else b[0] > a[0]
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
