"""A simplified picture of a large world: only titles, or dots, and every move as one thin line.

The picture stays under a megabyte for any world; its caption says what is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from worldkit.core.document import Document
from worldkit.core.ending_tone import ending_tone
from worldkit.core.spoken_names import heading
from worldkit.drawing.marks import Marks, worst_tone
from worldkit.layout.measures import CARD_H, CARD_W, GRID, Position
from worldkit.layout.moves import MapMove, moves
from worldkit.layout.text import clean, wrap, xml

T = TypeVar("T")

MAX_TITLES = 1500
"""With more states there is no room for their titles."""

_MAX_FULL_STATES = 400
_MAX_FULL_MOVES = 1200
_MAX_DOTS = 25_000
_MAX_LINES = 15_000
_MAX_MARKS = 4000

_TITLE_SIZE = 34  # pixels high
_FRAMES = {"": "", "start": "start", "on": "start", "win": "won", "lose": "lost", "other": "ended"}
_INKS = {
    "": "edge",
    "start": "accent-edge",
    "on": "accent-edge",
    "win": "win-icon",
    "lose": "lose-icon",
    "other": "other-icon",
}


def is_large(world: Document) -> bool:
    """Return whether a world is too large for a picture of all of it."""
    return len(world.states) > _MAX_FULL_STATES or len(moves(world)) > _MAX_FULL_MOVES


def overview(
    world: Document,
    places: Mapping[str, Position],
    edges: Sequence[MapMove],
    marks: Marks,
    highlight: Collection[str] | None,
    ids: bool = False,
) -> tuple[str, str]:
    """Return the SVG of a simplified picture, and a description of what it leaves out.

    Args:
        places: Top-left corners by state id.
        marks: Severities and messages by kind and id.
        highlight: State ids and event names to highlight.
        ids: Whether states are called by their ids.
    """
    highlighted_names = highlight or ()
    has_titles = len(places) <= MAX_TITLES
    is_highlighted_pair: dict[tuple[str, str], bool] = {}
    for move in edges:
        if move.source != move.target:
            is_highlighted_pair[move.source, move.target] = (
                is_highlighted_pair.get((move.source, move.target), False) or move.event.name in highlighted_names
            )
    visible_ids, visible_pairs = _sample(list(places), _MAX_DOTS), _sample(list(is_highlighted_pair), _MAX_LINES)
    groups: dict[str, list[str]] = defaultdict(list)
    for id in visible_ids:
        groups[_frame_kind(world, id, highlighted_names)].append(id)
    parts = [
        _lines(
            [places[a] + places[b] for a, b in visible_pairs if is_highlighted_pair[a, b] is is_highlighted],
            ink,
            has_titles,
        )
        for is_highlighted, ink in ((False, "edge"), (True, "accent-edge"))
    ]
    for kind, state_ids in sorted(groups.items()):
        parts.append(
            _cards(state_ids, places, _FRAMES[kind], ids)
            if has_titles
            else _dots(state_ids, places, f"dot {_INKS[kind]}")
        )
    for severity in ("warn", "lose"):
        marked_ids = [id for id in visible_ids if worst_tone(marks.get(("state", id), ())) == severity]
        parts.append(_dots(_sample(marked_ids, _MAX_MARKS), places, f"spot {severity}-icon", corner=has_titles))
    left_out = [
        f"{count:,} of {total:,} {noun} drawn"
        for count, total, noun in (
            (len(visible_ids), len(places), "states"),
            (len(visible_pairs), len(is_highlighted_pair), "ways"),
        )
        if count < total
    ]
    return "\n".join(part for part in parts if part), ", ".join(left_out)


def _sample(items: list[T], limit: int) -> list[T]:
    """Return the items, or a sample of at most ``limit``, evenly spread."""
    if len(items) <= limit:
        return items
    return [items[index * len(items) // limit] for index in range(limit)]


def _frame_kind(world: Document, id: str, highlighted_names: Collection[str]) -> str:
    if id in highlighted_names:
        return "on"
    if id == world.start:
        return "start"
    ending = world.states[id].ending
    return ending_tone(ending.kind) if ending else ""


def _cards(states: Iterable[str], places: Mapping[str, Position], frame: str, ids: bool) -> str:
    parts = []
    for id in states:
        x, y = (round(value) for value in places[id])
        lines = wrap(clean(id if ids else heading(id), 80), CARD_W - 24, _TITLE_SIZE, 2)
        parts.append(f'<rect class="card {frame}" x="{x}" y="{y}" width="{CARD_W}" height="{CARD_H}" rx="16"/>')
        for index, line in enumerate(lines):
            text_y = y + CARD_H // 2 + 12 + round((index - (len(lines) - 1) / 2) * 44)
            parts.append(f'<text x="{x + CARD_W // 2}" y="{text_y}">{xml(line)}</text>')
    return f'<g class="names">{"".join(parts)}</g>'


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
