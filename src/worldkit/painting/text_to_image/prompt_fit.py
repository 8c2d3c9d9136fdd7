"""Prompts that fit a model: what is too long is cut so that subject and style stay (docs/spec/runtime.md#prompts)."""

from __future__ import annotations

import re
from collections.abc import Callable

from worldkit.core.document import Document
from worldkit.core.model import half_of
from worldkit.core.state_prompt import full_prompt, join_texts
from worldkit.core.unsent_prose import holds_text, own_prose

_ENDS = re.compile(r"(?<=[.,;])\s+")


def fitted_prompt(document: Document, state: str, fits: Callable[[str], bool]) -> str:
    """Return the prompt of a state, as much of it as fits.

    The camera is cut first, from its end and clause by clause, then the movement, then the base. Subject and style tail
    are cut only when they do not fit by themselves, so that all pictures of a world keep them.

    Args:
        document: The world.
        state: The state's id.
        fits: Says whether a text fits; one that is shorter than a text that fits is taken to fit.
    """
    prompt = full_prompt(document, state)
    if fits(prompt):
        return prompt
    body = document.states[state]
    layers = [text for text in (document.subject, document.style_tail) if text and text.strip()]
    texts = [
        own_prose({"subject": document.subject, "styleTail": document.style_tail}, body.base),
        half_of(body.movement, False) or "",
        half_of(body.camera, False) or "",
    ]
    # in the order of the prompt: base, camera, movement
    clauses = [_ENDS.split(text.strip()) if text.strip() else [] for text in (texts[0], texts[2], texts[1])]

    def prompt_with(counts: list[int]) -> str:
        parts = [" ".join(part[:count]).rstrip(",; ") for part, count in zip(clauses, counts, strict=True)]
        text = join_texts(*parts)
        return join_texts(text, *(layer for layer in layers if not holds_text(text, layer)))

    counts = [len(part) for part in clauses]
    for number in (1, 2, 0):  # camera, movement, base

        def fits_with(count: int, number: int = number) -> bool:
            return fits(prompt_with([*counts[:number], count, *counts[number + 1 :]]))

        counts[number] = _most(counts[number], fits_with)
        if fits(prompt_with(counts)):
            break
    text = prompt_with(counts)
    words = text.split()
    return text if fits(text) else " ".join(words[: _most(len(words), lambda count: fits(" ".join(words[:count])))])


def _most(most: int, holds: Callable[[int], bool]) -> int:
    """Return the largest number up to a bound for which something holds, by bisection; 0 when it holds for none."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
