"""Labels of edges, placed where they cover least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.drawing.icons import icon
from worldkit.layout.curves import Path, Point, format_number
from worldkit.layout.moves import Move
from worldkit.layout.occupancy import Rect, RectIndex
from worldkit.layout.text import clean, shorten, width, xml

_MAX_WIDTH = 190
_HEIGHT = 22
_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)


@dataclass(frozen=True, slots=True)
class Label:
    """The label of an edge.

    Attributes:
        text: The event's name, cleaned and shortened.
        marks: Names of the icons before it.
        width: Its width in pixels.
    """

    text: str
    marks: tuple[str, ...]
    width: float

    def rect(self, at: Point) -> Rect:
        """Return the rectangle that it covers when its centre is at a point."""
        return at[0] - self.width / 2, at[1] - _HEIGHT / 2, at[0] + self.width / 2, at[1] + _HEIGHT / 2

    def draw(self, at: Point, tone: str = "") -> str:
        """Return its SVG with its centre at a point; ``tone`` is ``"lose"``, ``"warn"``, ``"accent"`` or nothing."""
        left, top, _, _ = self.rect(at)
        plate = {"": "plate", "accent": "plate"}.get(tone, f"{tone}-tint")
        parts = [
            f'<rect class="{plate}" x="{format_number(left)}" y="{format_number(top)}"'
            f' width="{format_number(self.width)}" height="{_HEIGHT}" rx="6"/>'
        ]
        x = left + 6
        for mark in self.marks:
            parts.append(icon(mark, x, top + 5, tone))
            x += 15
        parts.append(
            f'<text class="s {tone or "soft"}" x="{format_number(x)}" y="{format_number(top + 15.5)}">'
            f"{xml(self.text)}</text>"
        )
        return "".join(parts)


def make_label(move: Move, path: Path) -> Label:
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
    room = max(_MAX_WIDTH, min(2 * _MAX_WIDTH, path.level - 48)) - 12 - 15 * len(marks)
    text = shorten(clean(event.name), room, 12)
    return Label(text, tuple(marks), width(text, 12) + 12 + 15 * len(marks))


def place_labels(labels: Sequence[Label], paths: Sequence[Path], occupied: RectIndex) -> list[Point]:
    """Return a point on its path for every label, where possible clear of cards and other labels."""
    points: list[Point] = []
    for label, path in zip(labels, paths, strict=True):
        best, least = path.point_at(0.5), float("inf")
        for point in (*path.label_spots(label.width), *map(path.point_at, _SHARES)):
            cost = occupied.overlap(label.rect(point))
            if cost < least:
                best, least = point, cost
            if cost == 0:
                break
        occupied.add(label.rect(best))
        points.append(best)
    return points
