"""How ids and names are read: what a player sees of them, and a picture that is shared."""

from __future__ import annotations

import re

from worldkit.core.document import Document
from worldkit.core.model import Event

_GENITIVE = re.compile(r"(?<=[^\W\d_]{2})_s(?![^\W_])")


def world_title(world: Document) -> str:
    """Return what to call a world: its name, else its id."""
    return world.name or world.id or "Untitled world"


def readable_name(name: str) -> str:
    """Return a name as it is read aloud: underscores as spaces, and the apostrophe of a genitive.

    Example:
        >>> readable_name("keeper_s_hut")
        "keeper's hut"
    """
    return _GENITIVE.sub("'s", name).replace("_", " ")


def button_label(event: Event) -> str:
    """Return what an event's button says: its detail, else its spoken name."""
    return event.detail or readable_name(event.name)


def heading(name: str) -> str:
    """Return a name as a heading: spoken, with a capital. A name of nothing but underscores stays.

    Example:
        >>> heading("two_mittens")
        'Two mittens'
    """
    words = readable_name(name)
    if not words.strip():
        return name
    return words[:1].upper() + words[1:]


def event_heading(event: Event) -> str:
    """Return what the player shows on an event's button, which begins with a capital."""
    label = event.detail or ""
    return heading(label if label.strip() else event.name)
