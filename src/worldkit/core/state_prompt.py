"""The prompt of a state, as a picture model is given it (docs/spec/runtime.md#prompts)."""

from __future__ import annotations

from worldkit.core.document import Document
from worldkit.core.model import State, half_of
from worldkit.core.unsent_prose import holds_text

LIMIT = 1900
"""Longest prompt of the hosted kernel, in characters. Some renderers cut at 1000: pass ``limit=1000``."""


def full_prompt(document: Document, state: str | State, moving: bool = False) -> str:
    """Return the prompt of a state at its full length.

    It is the state's base, camera and movement, then the world's subject and style tail; each of these two is added
    unless the text already has it.

    Args:
        document: The world.
        state: A state or its id.
        moving: Take the travelling halves of camera and movement, not the standing ones.

    Raises:
        KeyError: The world has no state of that id.
    """
    body = document.states[state] if isinstance(state, str) else state
    text = join_texts(body.base, half_of(body.camera, moving), half_of(body.movement, moving))
    for part in (document.subject, document.style_tail):
        if part and not holds_text(text, part):
            text = join_texts(text, part)
    return text


def join_texts(*parts: str | None) -> str:
    """Return the parts that say something, stripped, joined by single spaces."""
    return " ".join(text for part in parts if part and (text := part.strip()))


def truncate(text: str, limit: int) -> str:
    """Return the text, cut to a limit between words, or inside the first word when that alone is too long."""
    if len(text) <= limit:
        return text
    head = text[: max(0, limit) + 1]
    space = max((i for i, char in enumerate(head) if char.isspace()), default=0)
    return head[:space].rstrip() or head[: max(0, limit)]
