"""The kinds of routes between two cards, and the sides on which each meets them."""

from __future__ import annotations

from typing import Literal

from worldkit.layout.gaps import Gap, free_heights
from worldkit.layout.measures import CARD_H, CARD_W, CLEARANCE, MIN_WRAP_DISTANCE, WRAP_CORNER_RADIUS, Position
from worldkit.layout.occupancy import RectIndex

Side = Literal["right", "left", "top", "bottom"]

Kind = Literal["ahead", "back", "wrap", "down", "up", "bow", "loop", "stub"]
"""``bow``: round other cards of a column; ``wrap``: to the beginning of the next band; ``stub``: leads nowhere."""

SIDES: dict[Kind, tuple[Side, Side]] = {
    "ahead": ("right", "left"),
    "back": ("left", "right"),
    "wrap": ("right", "left"),
    "down": ("bottom", "top"),
    "up": ("top", "bottom"),
    "bow": ("right", "right"),
    "loop": ("top", "top"),
    "stub": ("right", "right"),
}


def kind_between(source: Position, target: Position, cards: RectIndex) -> Kind:
    """Return the kind of the route from one card to another.

    Args:
        source: The top-left corner of the card it leaves.
        target: That of the card it reaches.
        cards: The rectangles of all cards.
    """
    dx, dy = target[0] - source[0], target[1] - source[1]
    if dx >= CARD_W + 2 * CLEARANCE:
        return "ahead"
    if -dx >= CARD_W + 2 * CLEARANCE:
        return "wrap" if -dx > MIN_WRAP_DISTANCE and free_band(source, target, cards) else "back"
    if abs(dy) < CARD_H + 2 * CLEARANCE:
        return "bow"
    upper, lower = min(source[1], target[1]), max(source[1], target[1])
    between = (max(source[0], target[0]), upper + CARD_H + 1, min(source[0], target[0]) + CARD_W, lower - 1)
    if cards.touches(between):
        return "bow"
    return "down" if dy > 0 else "up"


def free_band(source: Position, target: Position, cards: RectIndex) -> Gap | None:
    """Return the interval of heights below one card and above another in which a line to the left is free.

    Args:
        source: The top-left corner of the upper card, on the right.
        target: That of the lower card, on the left.
        cards: The rectangles of all cards.
    """
    low, high = source[1] + CARD_H + CLEARANCE, target[1] - CLEARANCE
    if high < low:
        return None
    left, right = target[0] - 3 * WRAP_CORNER_RADIUS, source[0] + CARD_W + 3 * WRAP_CORNER_RADIUS
    obstacles = cards.touching((left, low - CLEARANCE, right, high + CLEARANCE))
    clipped_gaps = [
        (max(top, low), min(bottom, high)) for top, bottom in free_heights(top for _, top, _, _ in obstacles)
    ]
    return max((gap for gap in clipped_gaps if gap[0] <= gap[1]), key=lambda gap: gap[1] - gap[0], default=None)
