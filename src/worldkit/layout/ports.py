"""Ports: where edges meet the sides of their cards, in the order of what they lead to, so that few cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worldkit.layout.gaps import Column
from worldkit.layout.measures import (
    CARD_H,
    CARD_W,
    PORT_MARGIN,
    PORT_PITCH,
    WIDE_PORT_MARGIN,
    WIDE_PORT_PITCH,
    Position,
)
from worldkit.layout.route_kinds import SIDES, Kind, Side

_GROUP_OFFSET = 1e9  # more than any height


@dataclass(frozen=True, slots=True)
class Passages:
    """The columns that an edge goes through, in order of travel, and a height in each.

    Attributes:
        heights: The heights, each in a gap of its column.
    """

    columns: tuple[Column, ...] = ()
    heights: tuple[float, ...] = ()

    def direction(self, end: int) -> int:
        """Return 1, or -1 where parallel edges evade upward, above the card that limits their gap."""
        height, gap = self.heights[end], self.columns[end].gap(self.heights[end])
        return -1 if gap and gap[1] == height else 1


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about an edge before it has ports: its kind, and the columns that it has to go through."""

    kind: Kind
    passages: Passages = Passages()


@dataclass(frozen=True, slots=True)
class Port:
    """The end of an edge: how far it is from the middle of its card's side, and how many ends that side has."""

    shift: float
    count: int


def assign_ports(
    cards: Mapping[str, Position], edges: Sequence[tuple[str, str | None]], decisions: Sequence[Decision]
) -> dict[tuple[int, int], Port]:
    """Return the port of each end of each edge but loops, by the edge's index and 0 for its source, 1 for its target.

    Args:
        cards: Top-left corners by id.
        edges: Source and target ids.
        decisions: What was decided about each edge.
    """
    sides: dict[tuple[str, Side], list[tuple[float, float, int, int]]] = defaultdict(list)
    for index, (ids, decision) in enumerate(zip(edges, decisions, strict=True)):
        if decision.kind == "loop":
            continue
        own = cards[ids[0]]
        places = own, cards[ids[1]] if ids[1] is not None else own
        for end, id in enumerate(ids):
            if id is not None:
                key, direction = _order(decision, end, places[end], places[1 - end])
                span = abs(places[0][0] - places[1][0]) + abs(places[0][1] - places[1][1])
                sides[id, SIDES[decision.kind][end]].append((key, direction * span, direction * index, end))
    ports: dict[tuple[int, int], Port] = {}
    for (_, side), ends in sides.items():
        pitch = _pitch(side, len(ends))
        for rank, (_, _, signed_index, end) in enumerate(sorted(ends)):
            ports[abs(signed_index), end] = Port((rank - (len(ends) - 1) / 2) * pitch, len(ends))
    return ports


def _order(decision: Decision, end: int, corner: Position, other_corner: Position) -> tuple[float, int]:
    """Return the place of an end among those of its side as a number, and 1 or -1 for the order among equals."""
    kind, passages = decision.kind, decision.passages
    if kind == "wrap":
        return (2 * _GROUP_OFFSET if end == 0 else -2 * _GROUP_OFFSET), 1
    if kind == "bow":
        # the longest bow is the outermost
        return (
            (_GROUP_OFFSET - other_corner[1], 1)
            if (other_corner[1], end) > (corner[1], 1 - end)
            else (-_GROUP_OFFSET - other_corner[1], -1)
        )
    if passages.heights:
        at = -1 if end else 0
        return passages.heights[at], passages.direction(at)
    return (other_corner[0] + CARD_W / 2 if kind in ("down", "up") else other_corner[1] + CARD_H / 2), 1


def _pitch(side: Side, count: int) -> float:
    if side in ("left", "right"):
        return min(PORT_PITCH, (CARD_H - 2 * PORT_MARGIN) / max(1, count - 1))
    return min(WIDE_PORT_PITCH, (CARD_W - 2 * WIDE_PORT_MARGIN) / max(1, count - 1))


def port_at(card: Position, side: Side, shift: float) -> Position:
    """Return the position of a port.

    Args:
        card: The top-left corner of its card.
        side: The side of the card.
        shift: How far it is from the middle of the side.
    """
    x, y = card
    if side in ("left", "right"):
        return (x if side == "left" else x + CARD_W), y + CARD_H / 2 + shift
    return x + CARD_W / 2 + shift, (y if side == "top" else y + CARD_H)
