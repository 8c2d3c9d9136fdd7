"""A large world at a glance: titles alone, or dots, and every move as one thin line.

Whatever the world's size the picture stays under a megabyte; what is left out is said in its caption.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from worldkit.core.document import Document
from worldkit.drawing.marks import Marks, tone
from worldkit.layout.measures import CARD_H, CARD_W, GRID, Position
from worldkit.layout.moves import Move
from worldkit.layout.text import clean, wrap, xml

T = TypeVar("T")

MOST_TITLES = 1500
_MOST_DOTS = 25_000
_MOST_LINES = 15_000
_MOST_MARKS = 4000

_TITLE = 34  # pixels high
_FRAMES = {"": "", "start": "start", "on": "start", "win": "won", "lose": "lost"}
_INKS = {"": "edge", "start": "accent-edge", "on": "accent-edge", "win": "win-icon", "lose": "lose-icon"}


def overview(
    world: Document,
    places: Mapping[str, Position],
    edges: Sequence[Move],
    marks: Marks,
    highlight: Collection[str] | None,
) -> tuple[str, str]:
    """Return the SVG of a simplified picture, and what it leaves out, in words.

    Args:
        world: The world.
        places: Top-left corners by state id.
        edges: Its moves.
        marks: Severities and messages by kind and id.
        highlight: State ids and event names to stand out.
    """
    chosen = highlight or ()
    titled = len(places) <= MOST_TITLES
    ends: dict[tuple[str, str], bool] = {}
    for move in edges:
        if move.source != move.target:
            ends[move.source, move.target] = ends.get((move.source, move.target), False) or move.event.name in chosen
    shown, drawn = _some(list(places), _MOST_DOTS), _some(list(ends), _MOST_LINES)
    groups: dict[str, list[str]] = defaultdict(list)
    for id in shown:
        groups[_kind(world, id, chosen)].append(id)
    parts = [
        _lines([places[a] + places[b] for a, b in drawn if ends[a, b] is on], ink, titled)
        for on, ink in ((False, "edge"), (True, "accent-edge"))
    ]
    for kind, ids in sorted(groups.items()):
        parts.append(_cards(ids, places, _FRAMES[kind]) if titled else _dots(ids, places, f"dot {_INKS[kind]}"))
    for severity in ("warn", "lose"):
        marked = [id for id in shown if tone(marks.get(("state", id), ())) == severity]
        parts.append(_dots(_some(marked, _MOST_MARKS), places, f"spot {severity}-icon", corner=titled))
    left_out = [
        f"{count:,} of {whole:,} {noun} drawn"
        for count, whole, noun in ((len(shown), len(places), "states"), (len(drawn), len(ends), "ways"))
        if count < whole
    ]
    return "\n".join(part for part in parts if part), ", ".join(left_out)


def _some(items: list[T], most: int) -> list[T]:
    """Return the items, or as many as allowed, evenly spread."""
    if len(items) <= most:
        return items
    return [items[at * len(items) // most] for at in range(most)]


def _kind(world: Document, id: str, chosen: Collection[str]) -> str:
    if id in chosen:
        return "on"
    if id == world.start:
        return "start"
    ending = world.states[id].ending
    return ending.kind if ending else ""


def _cards(ids: Iterable[str], places: Mapping[str, Position], frame: str) -> str:
    drawn = []
    for id in ids:
        x, y = (round(value) for value in places[id])
        lines = wrap(clean(id, 80), CARD_W - 24, _TITLE, 2)
        drawn.append(f'<rect class="card {frame}" x="{x}" y="{y}" width="{CARD_W}" height="{CARD_H}" rx="16"/>')
        for at, line in enumerate(lines):
            down = y + CARD_H // 2 + 12 + round((at - (len(lines) - 1) / 2) * 44)
            drawn.append(f'<text x="{x + CARD_W // 2}" y="{down}">{xml(line)}</text>')
    return f'<g class="names">{"".join(drawn)}</g>'


def _dots(ids: Iterable[str], places: Mapping[str, Position], classes: str, corner: bool = False) -> str:
    across, down = (CARD_W, 0) if corner else (CARD_W / 2, CARD_H / 2)
    data = "".join(f"M{_cell(places[id][0] + across)} {_cell(places[id][1] + down)}h0" for id in ids)
    return f'<path class="{classes}" transform="scale({GRID})" d="{data}"/>' if data else ""


def _lines(ends: Iterable[tuple[float, float, float, float]], ink: str, smooth: bool) -> str:
    data = []
    for ax, ay, bx, by in ends:
        side = (CARD_W if bx > ax else 0) if smooth and bx != ax else CARD_W / 2
        x, y = _cell(ax + side), _cell(ay + CARD_H / 2)
        dx, dy = _cell(bx + CARD_W - side) - x, _cell(by + CARD_H / 2) - y
        data.append(f"M{x} {y}" + (f"c{dx // 2} 0 {dx - dx // 2} {dy} {dx} {dy}" if smooth else f"l{dx} {dy}"))
    return f'<path class="thin {ink}" transform="scale({GRID})" d="{"".join(data)}"/>' if data else ""


def _cell(value: float) -> int:
    return round(value / GRID)
