"""Names of moves on their edges, each where it hides least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.drawing.icons import icon
from worldkit.layout.curves import Path, Point, number
from worldkit.layout.moves import Move
from worldkit.layout.occupancy import Crowd, Rect
from worldkit.layout.text import clean, shorten, width, xml

_MOST = 190
_H = 22
_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)


@dataclass(frozen=True, slots=True)
class Label:
    """What an edge says.

    Attributes:
        text: The event's name, cleaned and shortened.
        marks: Names of the icons before it.
        width: How wide it is drawn.
    """

    text: str
    marks: tuple[str, ...]
    width: float

    def rect(self, at: Point) -> Rect:
        """Return what it covers when its middle is at a point."""
        return at[0] - self.width / 2, at[1] - _H / 2, at[0] + self.width / 2, at[1] + _H / 2

    def draw(self, at: Point, tone: str = "") -> str:
        """Return its SVG, its middle at a point; ``tone`` is ``"lose"``, ``"warn"``, ``"accent"`` or nothing."""
        left, top, _, _ = self.rect(at)
        plate = {"": "plate", "accent": "plate"}.get(tone, f"{tone}-tint")
        parts = [
            f'<rect class="{plate}" x="{number(left)}" y="{number(top)}" width="{number(self.width)}"'
            f' height="{_H}" rx="6"/>'
        ]
        x = left + 6
        for mark in self.marks:
            parts.append(icon(mark, x, top + 5, tone))
            x += 15
        parts.append(
            f'<text class="s {tone or "soft"}" x="{number(x)}" y="{number(top + 15.5)}">{xml(self.text)}</text>'
        )
        return "".join(parts)


def label(move: Move, path: Path) -> Label:
    """Return the label of a move; a path with a long level stretch has room for a long name."""
    event = move.event
    marks = [
        name
        for name, shown in (
            ("lock", event.requires),
            ("clock", event.auto_after_ms is not None),
            ("hidden", event.hidden),
            ("film", move.cutscene is not None),
        )
        if shown
    ]
    room = max(_MOST, min(2 * _MOST, path.level - 48)) - 12 - 15 * len(marks)
    text = shorten(clean(event.name), room, 12)
    return Label(text, tuple(marks), width(text, 12) + 12 + 15 * len(marks))


def spots(labels: Sequence[Label], paths: Sequence[Path], taken: Crowd) -> list[Point]:
    """Return a point on its path for every label, clear of cards and of one another where that can be had."""
    found: list[Point] = []
    for said, path in zip(labels, paths, strict=True):
        best, least = path.along(0.5), float("inf")
        wanted = [path.name] if path.name else path.levels(said.width)
        for at in (*wanted, *map(path.along, _SHARES)):
            cost = taken.overlap(said.rect(at))
            if cost < least:
                best, least = at, cost
            if cost == 0:
                break
        taken.add(said.rect(best))
        found.append(best)
    return found
