"""Generation, in an editor or in a view of its own: what the browser may ask, and what it is told."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field
from typing_extensions import TypedDict

from worldkit.widgets.protocol.common import message
from worldkit.widgets.protocol.request_parts import Hello, Request

MAX_TEXT_LENGTH = 220_000
"""Characters of a premise or a chapter that a view may send; what can be used of that is for the generation to say."""

Feature = Literal["missions", "timers", "hidden", "variants", "evidence"]


class Generate(Request):
    """Generate a world from a premise, or from a chapter that it is to follow."""

    type: Literal["generate"]
    source: Literal["premise", "chapter"]
    text: Annotated[str, Field(max_length=MAX_TEXT_LENGTH)]
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


@message
class ModelOffer(TypedDict):
    """A model that can write."""

    id: str
    label: str
    about: str


@message
class GeneratedWorld(TypedDict):
    """A world that was generated."""

    title: str
    states: int
    events: int


@message
class GenerationState(TypedDict):
    """How far a generation is."""

    status: Literal["running", "stopped", "failed", "done"]
    source: Literal["premise", "chapter"]
    title: str
    """How its text begins."""
    done: int
    total: int
    """How many texts there will be; 1 as long as that is not known."""
    what: str
    """What is under way, such as "writing"."""
    place: str
    """Where the text belongs that was written last."""
    text: str
    """That text."""
    picture: str
    """The map as it fills in, as the address of an image; empty when there is none yet."""
    trouble: str
    """Why it failed."""
    report: str
    """What stands in the world of what was asked for, and what does not; empty until it is there."""
    usable: bool
    """Whether there is a world to take, finished or as far as it came."""
    worlds: list[GeneratedWorld]
    """The worlds to pick one of, when a long text became the acts of a story; else empty."""
