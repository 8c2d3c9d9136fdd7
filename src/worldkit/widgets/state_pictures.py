"""The pictures of states as the browser gets them: SVG is text there, and shown as an image, never as markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worldkit.core.document import Document
from worldkit.core.json_values import Json
from worldkit.illustration.picture import Picture, picture_of
from worldkit.illustration.sketch import Detail

MAX_THUMBNAIL_SRC = 200_000
"""A picture of more characters is not sent as a thumbnail."""


def pictures_of(document: Document, states: Iterable[str], detail: Detail, seed: int = 0) -> Json:
    """Return the pictures of states by id; ids of no state are left out.

    Args:
        detail: How much a storyboard drawing shows.
        seed: The seed of storyboard drawings.
    """
    return {
        state: picture_json(picture_of(document, state, seed=seed, detail=detail), detail)
        for state in dict.fromkeys(states)
        if state in document.states
    }


def new_pictures(document: Document, states: Iterable[str], detail: Detail, seed: int = 0) -> Json:
    """Return the message with pictures that nobody asked for: they replace those that a view shows.

    A picture goes along since a kernel that is still painting answers no question.

    Args:
        states: The ids of the states that have a new picture.
        detail: Which of the browser's pictures they replace.
        seed: The seed of storyboard drawings.
    """
    return {"type": "new_pictures", "detail": detail, "pictures": pictures_of(document, states, detail, seed)}


def picture_json(picture: Picture, detail: Detail) -> dict[str, Any]:
    """Return a picture as the browser gets it."""
    drawing = picture.drawing
    return {
        "kind": picture.kind,
        "label": picture.label,
        "note": picture.note,
        "src": "" if drawing or (detail == "thumbnail" and len(picture.src) > MAX_THUMBNAIL_SRC) else picture.src,
        "layers": [] if drawing is None else list(drawing.layers) or [drawing.svg],
        "motion": drawing.motion if drawing else "right",
    }
