"""The picture of a world in a notebook cell: as wide as the cell, and readable at that width.

A map as wide as a story is long would be scaled down until nothing can be read. So the map is folded to as few columns
as its height allows, and its text is enlarged by as much as the picture is scaled down. In a narrow cell a style sheet
shows larger names in place of what is too small to read there.
"""

from __future__ import annotations

from collections.abc import Mapping

from worldkit.core.document import Document
from worldkit.drawing.overview import is_large
from worldkit.drawing.svg import MARGIN, draw
from worldkit.layout.measures import CARD_H, CARD_W, Position
from worldkit.layout.placement import layout

CELL_WIDTH = 848
"""The width of a cell's output on a laptop, in pixels."""

_MAX_HEIGHT = 1400  # of the picture on a laptop; wider ones are folded to more columns first
_COLUMNS = range(3, 8)
_MAX_PICTURES = 30  # a notebook keeps some 5,000 characters for each
_TEXT_SCALE = 0.78
"""How large text is on the laptop, as a part of its usual size."""

_MAX_TEXT_SCALE = 0.92
"""The same for pictures of few columns, where there is room."""


def cell_picture(world: Document) -> str:
    """Return the SVG picture that a notebook shows for a world."""
    if is_large(world):
        return draw(world, layout(world), fills_page=True)
    for columns in _COLUMNS:
        places = layout(world, max_columns=columns, quick=True)
        width, height = _extent(places)
        scale = CELL_WIDTH / width
        if scale * height <= _MAX_HEIGHT:
            break
    places = layout(world, max_columns=columns)
    scale = CELL_WIDTH / _extent(places)[0]
    text = _MAX_TEXT_SCALE if columns == _COLUMNS[0] else _TEXT_SCALE
    pictures = len(world.states) <= _MAX_PICTURES
    return draw(world, places, magnification=max(1.0, text / scale), fills_page=scale < 1, pictures=pictures)


def _extent(places: Mapping[str, Position]) -> tuple[float, float]:
    width = max((x for x, _ in places.values()), default=0.0) + CARD_W
    height = max((y for _, y in places.values()), default=0.0) + CARD_H
    return width + 2 * MARGIN, height + 2 * MARGIN
