"""Routes edges: out of one card's side, through the gaps between others, into another card's side.

Only positions matter, so it works for a manual layout as well as a computed one. The browser routes edges by the same
algorithm (``widgets/map/geometry``); schema/conformance/geometry.json holds both to the same results.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worldkit.layout import shapes
from worldkit.layout.curves import Cubic, Path, is_straight, points_inside
from worldkit.layout.gaps import Column, Gap, cheapest_heights, columns, columns_between, take_lane
from worldkit.layout.measures import CARD_H, CARD_W, COLLISION_DISTANCE, Position
from worldkit.layout.occupancy import RectIndex
from worldkit.layout.ports import Decision, Passages, Port, assign_ports, port_at
from worldkit.layout.route_kinds import SIDES, free_band, kind_between

_NO_PORT = Port(0.0, 0)


@dataclass(frozen=True, slots=True)
class EdgeRoute:
    """How an edge runs.

    Attributes:
        decision: Its kind, and the columns that it goes through.
        shifts: How far its ports are from the middles of their sides.
        lanes: The heights that it occupies, each with the left side of the column there; None between bands.
    """

    decision: Decision
    shifts: tuple[float, float]
    path: Path
    lanes: tuple[tuple[float | None, float], ...] = ()


def routes(cards: Mapping[str, Position], edges: Sequence[tuple[str, str | None]]) -> list[EdgeRoute]:
    """Return a route for every edge.

    Args:
        cards: Top-left corners by id.
        edges: Source and target ids, which are in ``cards``; the target None for an edge without one.
    """
    return list(_route_once(tuple(cards.items()), tuple(edges)))


def new_routes(cards: Mapping[str, Position], edges: Sequence[tuple[str, str | None]]) -> list[EdgeRoute]:
    """Return what ``routes`` returns without remembering it, for drawings of which few are kept.

    Args:
        cards: Top-left corners by id.
        edges: Source and target ids, which are in ``cards``; the target None for an edge without one.
    """
    return _Router(cards, edges).routes()


@lru_cache(maxsize=4)  # a world is drawn again and again while its prose is edited
def _route_once(
    cards: tuple[tuple[str, Position], ...], edges: tuple[tuple[str, str | None], ...]
) -> tuple[EdgeRoute, ...]:
    return tuple(_Router(dict(cards), edges).routes())


class _Router:
    def __init__(self, cards: Mapping[str, Position], edges: Sequence[tuple[str, str | None]]) -> None:
        self.cards = cards
        self.edges = edges
        self.obstacles = RectIndex((x, y, x + CARD_W, y + CARD_H) for x, y in cards.values())
        self.columns = columns(cards.values())
        self.lanes: dict[float | None, list[float]] = defaultdict(list)
        self.decisions = [self._decide(index) for index in range(len(edges))]
        self.ports = assign_ports(cards, edges, self.decisions)
        self.loop_numbers = _loop_numbers(edges)

    def routes(self) -> list[EdgeRoute]:
        routes: dict[int, EdgeRoute] = {}
        # short edges first, since they have the fewest options
        for index in sorted(range(len(self.edges)), key=lambda index: (self._span(index), index)):
            routes[index] = self._route(index)
        return [routes[index] for index in range(len(self.edges))]

    def _places(self, index: int) -> tuple[Position, Position]:
        source, target = self.edges[index]
        return self.cards[source], self.cards[source if target is None else target]

    def _span(self, index: int) -> float:
        a, b = self._places(index)
        return abs(a[0] - b[0]) + abs(a[1] - b[1])

    # ---- which way an edge goes -----------------------------------------------------------------

    def _decide(self, index: int) -> Decision:
        source, target = self.edges[index]
        if target is None:
            return Decision("stub")
        if source == target:
            return Decision("loop")
        a, b = self._places(index)
        kind = kind_between(a, b, self.obstacles)
        if kind not in ("ahead", "back"):
            return Decision(kind)
        between = columns_between(self.columns, a, b)
        if not between:
            return Decision(kind)
        start, end = (port_at(card, side, 0.0) for card, side in zip((a, b), SIDES[kind], strict=True))
        if any(not self._is_blocked(shapes.direct(start, end, (0.0, 0.0), near), index) for near in (True, False)):
            return Decision(kind)
        return Decision(kind, self._find_passages(index))

    def _find_passages(self, index: int) -> Passages:
        a, b = self._places(index)
        between = columns_between(self.columns, a, b)
        in_order = tuple(between if b[0] > a[0] else reversed(between))
        middle_a, middle_b = ((x + CARD_W / 2, y + CARD_H / 2) for x, y in (a, b))
        return Passages(in_order, tuple(cheapest_heights(middle_a, middle_b, in_order)))

    def _is_blocked(self, parts: Sequence[Cubic], index: int) -> bool:
        own = self._places(index)
        return any(self._runs_into_card(part, own) for part in parts)

    def _runs_into_card(self, part: Cubic, own: tuple[Position, Position]) -> bool:
        xs, ys = [x for x, _ in part], [y for _, y in part]
        box = (
            min(xs) - COLLISION_DISTANCE,
            min(ys) - COLLISION_DISTANCE,
            max(xs) + COLLISION_DISTANCE,
            max(ys) + COLLISION_DISTANCE,
        )
        near = [card for card in self.obstacles.touching(box) if card[:2] not in own]
        if not near or is_straight(part):
            return bool(near)
        return any(
            left - COLLISION_DISTANCE < x < right + COLLISION_DISTANCE
            and top - COLLISION_DISTANCE < y < bottom + COLLISION_DISTANCE
            for x, y in points_inside(part)
            for left, top, right, bottom in near
        )

    # ---- paths ----------------------------------------------------------------------------------

    def _route(self, index: int) -> EdgeRoute:
        decision = self.decisions[index]
        source, target = self._places(index)
        out, into = (self.ports.get((index, end), _NO_PORT) for end in (0, 1))
        shifts = out.shift, into.shift
        sides = SIDES[decision.kind]
        a, b = port_at(source, sides[0], out.shift), port_at(target, sides[1], into.shift)
        match decision.kind:
            case "stub":
                return EdgeRoute(decision, shifts, Path(shapes.stub(a)))
            case "loop":
                number = self.loop_numbers[index]
                return EdgeRoute(decision, shifts, Path(shapes.loop(source, number), is_loop=True))
            case "down" | "up":
                return EdgeRoute(decision, shifts, Path(shapes.upright(a, b)))
            case "bow":
                return EdgeRoute(decision, shifts, Path(shapes.bow(a, b, shifts)))
            case "wrap":
                top, bottom = free_band(source, target, self.obstacles) or (a[1], b[1])
                level = take_lane(self.lanes[None], (top + bottom) / 2, (top, bottom))
                return EdgeRoute(decision, shifts, Path(shapes.wrap(a, b, shifts, level)), ((None, level),))
            case "ahead" | "back":
                at_source = out.count > into.count if out.count != into.count else b[0] > a[0]
                return self._sideways(index, a, b, shifts, at_source)

    def _sideways(
        self, index: int, a: Position, b: Position, shifts: tuple[float, float], at_source: bool
    ) -> EdgeRoute:
        """Return a route that bends near the card with more edges, else near the other, else goes round cards."""
        decision = self.decisions[index]
        passages = decision.passages
        if not passages.columns:
            direct = shapes.direct(a, b, shifts, at_source)
            if not columns_between(self.columns, *self._places(index)) or not self._is_blocked(direct, index):
                return EdgeRoute(decision, shifts, Path(direct))
            other = shapes.direct(a, b, shifts, not at_source)
            if not self._is_blocked(other, index):
                return EdgeRoute(decision, shifts, Path(other))
            passages = self._find_passages(index)
        lanes = [
            (column, self._take_lane(column, height))
            for column, height in zip(passages.columns, passages.heights, strict=True)
        ]
        path = Path(shapes.through(a, b, shifts, lanes))
        return EdgeRoute(decision, shifts, path, tuple((column.left_edge, y) for column, y in lanes))

    def _take_lane(self, column: Column, height: float) -> float:
        gap: Gap = column.gap(height) or (height, height)
        return take_lane(self.lanes[column.left_edge], height, gap)


def _loop_numbers(edges: Sequence[tuple[str, str | None]]) -> dict[int, int]:
    """Return for each loop how many edges before it are the same."""
    counts: Counter[str] = Counter()
    numbers: dict[int, int] = {}
    for index, (source, target) in enumerate(edges):
        if source == target:
            numbers[index] = counts[source]
            counts[source] += 1
    return numbers
