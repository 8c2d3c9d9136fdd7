"""A stretch of text, and the world that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.generation.story.beats import TextBeat
from worldkit.generation.story.facts import StoryFacts
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of text and the world that follows it.

    Attributes:
        title: What it is called.
        beats: What happens, in order.
        facts: Its people, places and light.
        world: The world; ``world.story.beats`` name the state of each beat.
    """

    title: str
    beats: tuple[TextBeat, ...]
    facts: StoryFacts
    world: World


def with_beats(raw: Json, beats: Sequence[TextBeat], state_ids: Sequence[str]) -> Json:
    """Return a document whose story names the state of each beat.

    Args:
        raw: The document.
        beats: The beats.
        state_ids: Where each is played.
    """
    story_beats = [{"summary": beat.summary, "states": [id]} for beat, id in zip(beats, state_ids, strict=True)]
    return {**raw, "story": {**raw.get("story", {}), "beats": story_beats}}
