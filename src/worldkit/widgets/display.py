"""What a widget puts into a cell's output: itself, a picture and a line of text.

A front end with a kernel shows the widget. One without (a saved notebook, a page made by nbconvert,
a code host) takes the next richest form it can show, so the picture has to stand in the same output.
"""

from __future__ import annotations

from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.drawing.svg import to_svg
from worldkit.widgets.history import Places
from worldkit.world import World

WIDGET = "application/vnd.jupyter.widget-view+json"
SVG = "image/svg+xml"
TEXT = "text/plain"

LARGEST = 2_000_000
"""A picture larger than this many characters stays out: every save of the notebook would carry it."""


def mimebundle(model_id: str, text: str, picture: str | None) -> dict[str, Any]:
    """Return the forms of one output.

    Args:
        model_id: The widget's.
        text: The line of text.
        picture: SVG, or None to leave it out.
    """
    made: dict[str, Any] = {TEXT: text}
    if picture is not None:
        made[SVG] = picture
    made[WIDGET] = {"version_major": 2, "version_minor": 1, "model_id": model_id}
    return made


def picture(world: World, places: Places | None = None, found: Diagnostics | None = None) -> str | None:
    """Return a world's static picture, or None when it is too large to carry about.

    Args:
        world: The world.
        places: Where its cards stand; laid out when not given.
        found: What to mark on it.
    """
    made = to_svg(world, layout=places, diagnostics=found)
    return made if len(made) <= LARGEST else None
