"""What a widget puts into a cell's output: itself, a picture and a line of text.

A front end with a kernel shows the widget. One without (a saved notebook, a page made by nbconvert,
a code host) takes the next richest form it can show, so the picture has to stand in the same output.
"""

from __future__ import annotations

from typing import Any

from worldkit.core.diagnostics import Diagnostics
from worldkit.drawing.svg import to_svg
from worldkit.illustration.picture import picture_of
from worldkit.widgets.editor_state import Positions
from worldkit.world import World

WIDGET = "application/vnd.jupyter.widget-view+json"
SVG = "image/svg+xml"
HTML = "text/html"
TEXT = "text/plain"

MAX_PICTURE_CHARACTERS = 2_000_000
"""A picture larger than this many characters stays out: every save of the notebook would carry it."""


def mimebundle(model_id: str, text: str, picture: str | None = None, html: str = "") -> dict[str, Any]:
    """Return the forms of one output: a line of text, what is given of SVG and HTML, and the widget of a model."""
    output: dict[str, Any] = {TEXT: text}
    if picture is not None:
        output[SVG] = picture
    if html:
        output[HTML] = html
    output[WIDGET] = {"version_major": 2, "version_minor": 1, "model_id": model_id}
    return output


def picture(world: World, positions: Positions | None = None, diagnostics: Diagnostics | None = None) -> str | None:
    """Return a world's static picture, or None when it is too large to carry about.

    Args:
        positions: Where its cards stand; laid out when not given.
        diagnostics: What to mark on it.
    """
    svg = to_svg(world, layout=positions, diagnostics=diagnostics)
    return svg if len(svg) <= MAX_PICTURE_CHARACTERS else None


def state_picture(world: World, state: str) -> str | None:
    """Return the picture of a state as SVG, or None when it is too large to carry about."""
    picture = picture_of(world, state)
    svg = picture.svg or (
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360">'
        f'<image width="640" height="360" href="{picture.src}"/></svg>'
    )
    return svg if len(svg) <= MAX_PICTURE_CHARACTERS else None
