"""The picture of a state beside its name on a page: an image, so that it runs nothing and fetches nothing."""

from __future__ import annotations

from html import escape

from worldkit.core.document import Document
from worldkit.illustration.picture import picture_of

MAX_CHARACTERS = 20_000
"""A larger picture, one that the world holds, stays out: every save of a notebook would carry it."""


def state_image(document: Document, state: str, name: str) -> str:
    """Return an ``img`` of a state's picture; empty where the picture is too large, or there is no such state.

    It has no words of its own: it stands beside the name of the state.

    Args:
        document: The world.
        state: The state's id.
        name: The class of the element.
    """
    if state not in document.states:
        return ""
    picture = picture_of(document, state, detail="thumbnail")
    if len(picture.src) > MAX_CHARACTERS:
        return ""
    return f'<img class="{name}" src="{escape(picture.src)}" width="96" height="54" alt="">'
