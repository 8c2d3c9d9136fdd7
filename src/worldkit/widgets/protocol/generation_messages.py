"""What the kernel tells a view of a generation: which models can write, and how far it is."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from worldkit.widgets.protocol.common import message


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
