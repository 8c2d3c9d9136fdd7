"""What the browser may ask of a generation, in an editor or in a view of its own."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from worldkit.widgets.protocol.request_parts import Hello, Request

LONGEST_TEXT = 220_000
"""Characters of a premise or a chapter that a view may send; what can be used of that is for the generation to say."""

Feature = Literal["missions", "timers", "hidden", "variants", "evidence"]


class Generate(Request):
    """Generate a world from a premise, or from a chapter that it is to follow."""

    type: Literal["generate"]
    source: Literal["premise", "chapter"]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    model: Annotated[str, Field(max_length=400)]
    states: Annotated[int, Field(ge=5, le=200)] = 6
    """How many scenes a world from a premise has, endings included."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    planner: Literal["auto", "model", "seed"] = "auto"
    features: Annotated[list[Feature], Field(max_length=len(get_args(Feature)))] = Field([])
    """What a world from a premise has beside places and moves, where a capable model writes it."""


class DecideGeneration(Request):
    """Stop a generation, go on with it, take one of its worlds as it is by now, or put it away."""

    type: Literal["generation"]
    choice: Literal["stop", "continue", "use", "discard"]
    world: Annotated[int, Field(ge=0)] | None = None
    """Which of its worlds, where a long text became several; without it they are listed to be picked from."""


GenerationRequest = Generate | DecideGeneration
GeneratorRequest = Hello | GenerationRequest
