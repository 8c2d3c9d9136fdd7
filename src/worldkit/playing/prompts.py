"""The prompts a world model is given: for a state, an event, a phase (docs/spec/runtime.md#prompts)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worldkit.core.model import Event, Phase, State, half_of
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH, PromptParts, cut_prompt, join_texts, prompt_length
from worldkit.core.spoken_names import readable_name
from worldkit.core.state_prompt import state_prompt

if TYPE_CHECKING:
    from worldkit.world import World


def prompt(world: World, state: str | State, moving: bool = False, limit: int = MAX_PROMPT_LENGTH) -> str:
    """Return the prompt of a state: its base, camera and movement, then the world's subject and style tail.

    Args:
        world: The world, for ``subject`` and ``styleTail``; each is added unless the text already has it.
        state: A state or its id.
        moving: Take the travelling halves of camera and movement, not the standing ones.
        limit: Longest prompt, in UTF-16 units; a longer one is cut, its camera first.

    Raises:
        KeyError: The world has no state of that id.
    """
    return cut_prompt(state_prompt(world, state, moving), limit)


def in_variant(state: State, label: str | None) -> State:
    """Return a state as one of its variants tells it: the variant's base, and what else the variant has of its own.

    Args:
        state: The state.
        label: The variant's label; None, or one the state does not have, for the state itself.
    """
    choice = next((variant for variant in state.variants or () if variant.label == label), None)
    if label is None or choice is None:
        return state
    fields = {"camera": choice.camera, "movement": choice.movement, "ambient": choice.ambient}
    overrides = {name: value for name, value in fields.items() if value is not None}
    return state.model_copy(update={"base": choice.base, **overrides})


def event_prompt(
    world: World,
    event: str | Event,
    limit: int = MAX_PROMPT_LENGTH,
    *,
    moving: bool = False,
    variants: Mapping[str, str] | None = None,
) -> str:
    """Return the prompt streamed while an event plays: its prose, then its own camera and movement.

    The prose is its base, else its destination's base, else its detail, else its spoken name.

    Args:
        world: The world.
        event: An event or its name.
        limit: Longest prompt, in UTF-16 units; a longer one is cut, its camera first.
        moving: Take the travelling halves of its camera and movement, where they are pairs.
        variants: The label of the variant that is chosen for a state, by the state's id.

    Raises:
        KeyError: The world has no event of that name.
    """
    body = world.events_by_name[event] if isinstance(event, str) else event
    target = world.landing(body.to) if body.kind == "transition" else None
    landing = in_variant(world.states[target], (variants or {}).get(target)).base if target is not None else None
    prose = next(
        (text for text in (body.base, landing, body.detail) if text and text.strip()), readable_name(body.name)
    )
    return cut_prompt(PromptParts(prose, half_of(body.camera, moving), half_of(body.movement, moving)), limit)


def phase_prompt(phase: Phase, limit: int = MAX_PROMPT_LENGTH) -> str:
    """Return the prompt of one phase: base, camera, movement, detail."""
    return cut_prompt(PromptParts(phase.base, phase.camera, phase.movement, phase.detail), limit)


def budget(state: State) -> int:
    """Return how many characters of prompt a state asks for at most; over 1900 is an error (docs/spec/rules.md).

    Counted are the base, both halves of camera and movement, and every ambient line, joined by spaces, in UTF-16 units.
    """
    halves = [half for pair in (state.camera, state.movement) if pair for half in (pair.static, pair.dynamic)]
    return prompt_length(join_texts(state.base, *halves, *(state.ambient or ())))
