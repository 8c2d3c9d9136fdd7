"""Labels of edges, placed where they cover least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import inf

from worldkit.core.spoken_names import event_heading
from worldkit.drawing.icons import icon
from worldkit.layout.curves import Path, Point, format_number
from worldkit.layout.measures import PORT_PITCH
from worldkit.layout.moves import MapMove
from worldkit.layout.occupancy import Rect, RectIndex
from worldkit.layout.text import clean, shorten, width, xml

_MAX_WIDTH = 190
_HEIGHT = 22
_MIN_HEIGHT = 14
_ROUNDING = 0.01  # pixels; a name fits a width that was computed from it
_LABEL_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)


@dataclass(frozen=True)
class Label:
    """The label of an edge.

    Attributes:
        text: What the event is called, cleaned and shortened.
        marks: Names of the icons before it.
        full_text: What the event is called, cleaned.
        magnification: How many times larger than usual it is.
    """

    text: str
    marks: tuple[str, ...]
    full_text: str
    magnification: float = 1.0

    @cached_property
    def width(self) -> float:
        """Its width in pixels."""
        return self.magnification * (width(self.text, 12) + 12 + 15 * len(self.marks))

    @cached_property
    def height(self) -> float:
        """Its height in pixels; a magnified one is lower, to have room between two lines that run side by side."""
        return self.magnification * max(_MIN_HEIGHT, min(_HEIGHT, (PORT_PITCH - 1) / self.magnification))

    def widened(self, room: float) -> Label:
        """Return the label with as much of the name as a width allows."""
        inner = room / self.magnification - 12 - 15 * len(self.marks) + _ROUNDING
        text = shorten(self.full_text, inner, 12)
        return self if text == self.text else replace(self, text=text)

    def rect(self, at: Point) -> Rect:
        """Return the rectangle that it covers when its centre is at a point."""
        across, down = self.width / 2, self.height / 2
        return at[0] - across, at[1] - down, at[0] + across, at[1] + down

    def draw(self, at: Point, tone: str = "") -> str:
        """Return its SVG with its centre at a point; ``tone`` is ``"lose"``, ``"warn"``, ``"accent"`` or nothing."""
        left, top, _, _ = self.rect(at)
        if self.magnification != 1:
            origin = f"translate({format_number(left)} {format_number(top)})"
            return f'<g transform="{origin} scale({self.magnification:.3f})">{self._to_svg(0.0, 0.0, tone)}</g>'
        return self._to_svg(left, top, tone)

    def _to_svg(self, left: float, top: float, tone: str) -> str:
        height = self.height / self.magnification
        plate = {"": "plate", "accent": "plate"}.get(tone, f"{tone}-tint")
        parts = [
            f'<rect class="{plate}" x="{format_number(left)}" y="{format_number(top)}"'
            f' width="{format_number(self.width / self.magnification)}" height="{format_number(height)}" rx="6"/>'
        ]
        x = left + 6
        for mark in self.marks:
            parts.append(icon(mark, x, top + height / 2 - 6, tone))
            x += 15
        parts.append(
            f'<text class="s {tone or "soft"}" x="{format_number(x)}" y="{format_number(top + height / 2 + 4.5)}">'
            f"{xml(self.text)}</text>"
        )
        return "".join(parts)


def make_label(move: MapMove, path: Path, magnification: float = 1.0, ids: bool = False) -> Label:
    """Return the label of a move; a long level part of the path allows a long name."""
    event = move.event
    marks = [
        name
        for name, is_present in (
            ("lock", event.requires),
            ("clock", event.auto_after_ms is not None),
            ("hidden", event.hidden),
            ("film", move.cutscene is not None),
        )
        if is_present
    ]
    name = clean(event.name if ids else event_heading(event))
    label = Label(name, tuple(marks), name, magnification)
    return label.widened(max(_MAX_WIDTH, min(2 * _MAX_WIDTH, path.level - 48)))


def place_labels(
    labels: Sequence[Label], paths: Sequence[Path], occupied_rects: RectIndex, *, optional: bool = False
) -> list[tuple[Label, Point] | None]:
    """Return every label with a point on its path, where possible clear of cards and other labels.

    A name that was shortened becomes longer where there is room beside it, once every label has its place.

    Args:
        occupied_rects: The rectangles of the cards; those of the labels are added.
        optional: Leave out labels for which there is no clear place, as None.
    """
    places: list[tuple[Label, Point] | None] = []
    for label, path in zip(labels, paths, strict=True):
        best, best_cost = (0.0, 0.0), inf
        for point in chain(path.label_spots(label.width), map(path.point_at, _LABEL_SHARES)):
            cost = occupied_rects.overlap(label.rect(point), best_cost)
            if cost < best_cost:
                best, best_cost = point, cost
            if cost == 0:
                break
        if optional and best_cost > 0:
            places.append(None)
            continue
        occupied_rects.add(label.rect(best))
        places.append((label, best))
    return [None if place is None else _widen(*place, occupied_rects) for place in places]


def _widen(label: Label, at: Point, occupied_rects: RectIndex) -> tuple[Label, Point]:
    """Return a shortened label with as much of its name as the room beside it allows, and its new centre."""
    if label.text == label.full_text:
        return label, at
    left, top, right, bottom = label.rect(at)
    missing_width = replace(label, text=label.full_text).width - label.width
    gap = 6 * label.magnification
    before = _free_width(lambda room: (left - room - gap, top, left - 0.1, bottom), missing_width, occupied_rects)
    after = _free_width(
        lambda room: (right + 0.1, top, right + room + gap, bottom), missing_width - before / 2, occupied_rects
    )
    before = min(before, missing_width - after)
    wide_label = label.widened(label.width + before + after)
    gain = wide_label.width - label.width
    if gain <= 0:
        return label, at
    middle = (left + right) / 2 + (after - before) / (before + after) * gain / 2
    point = middle, at[1]
    occupied_rects.add(wide_label.rect(point))
    return wide_label, point


def _free_width(strip: Callable[[float], Rect], wanted_width: float, occupied_rects: RectIndex) -> float:
    """Return how much of a wanted width is free in a strip beside a label."""
    for share in (1.0, 0.75, 0.5, 0.25):
        if not occupied_rects.touches(strip(share * wanted_width)):
            return share * wanted_width
    return 0.0
