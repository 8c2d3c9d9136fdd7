"""The prompt of a state, as a picture model is given it (docs/spec/runtime.md#prompts)."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.core.document import Document
from worldkit.core.model import State, half_of
from worldkit.core.prompt_parts import PromptParts


def parts_of_state(document: Document, state: str | State, moving: bool = False) -> PromptParts:
    """Return what the prompt of a state is put together from: its texts, then the world's subject and style tail.

    Args:
        document: The world.
        state: A state or its id.
        moving: Take the travelling halves of camera and movement, not the standing ones.

    Raises:
        KeyError: The world has no state of that id.
    """
    body = document.states[state] if isinstance(state, str) else state
    layers = [text for text in (document.subject, document.style_tail) if text and text.strip()]
    return PromptParts(body.base, half_of(body.camera, moving), half_of(body.movement, moving), layers=layers)


def full_prompt(document: Document, state: str | State, moving: bool = False) -> str:
    """Return the prompt of a state at its full length.

    Args:
        document: The world.
        state: A state or its id.
        moving: Take the travelling halves of camera and movement, not the standing ones.

    Raises:
        KeyError: The world has no state of that id.
    """
    return parts_of_state(document, state, moving).joined()


def fitted_prompt(document: Document, state: str, fits: Callable[[str], bool]) -> str:
    """Return the prompt of a state, as much of it as fits; subject and style tail stay.

    Args:
        document: The world.
        state: The state's id.
        fits: Says whether a text fits; one that is shorter than a text that fits is taken to fit.
    """
    return parts_of_state(document, state).fitted(fits)
