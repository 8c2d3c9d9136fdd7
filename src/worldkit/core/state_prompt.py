"""The prompt of a state, as a picture model is given it (docs/spec/runtime.md#prompts)."""

from __future__ import annotations

from worldkit.core.document import Document
from worldkit.core.model import State, half_of
from worldkit.core.prompt_parts import PromptParts


def state_prompt(document: Document, state: str | State, moving: bool = False) -> PromptParts:
    """Return the prompt of a state in its parts: its texts, then the world's subject and style tail.

    Args:
        state: A state or its id.
        moving: Take the travelling halves of camera and movement, not the standing ones.

    Raises:
        KeyError: The world has no state of that id.
    """
    body = document.states[state] if isinstance(state, str) else state
    layers = [text for text in (document.subject, document.style_tail) if text and text.strip()]
    return PromptParts(body.base, half_of(body.camera, moving), half_of(body.movement, moving), layers=layers)
