"""A chapter written by a capable model: its beats are the places, and the model tells each in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worldkit.core.progress import Progress
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.plan import states_for
from worldkit.generation.direct.writer import DirectWriter, WrittenWorld
from worldkit.generation.pipeline.generate_one import direct_report as report_of
from worldkit.generation.pipeline.report import Report, prose_fields
from worldkit.generation.story.beats import TextBeat
from worldkit.generation.story.chapter import Chapter, with_beats
from worldkit.generation.story.facts import StoryFacts
from worldkit.world import World


def direct_chapter(
    writer: DirectWriter,
    text: str,
    beats: Sequence[TextBeat],
    facts: StoryFacts,
    title: str,
    seed: int,
    progress: Progress,
) -> tuple[Chapter, WrittenWorld]:
    """Have a capable model write the world of a chapter.

    Args:
        writer: The model.
        text: The chapter.
        beats: Its beats; each becomes a place, in order.
        facts: Its people, places and light, as code has read them.
        title: What it is called; empty to leave that to the model.
        seed: The seed.
        progress: As for ``from_text``.

    Raises:
        KeyboardInterrupt: It was interrupted.
        WorldError: The model cannot be asked at all.
    """
    name = facts.people[0].name if facts.people else facts.who
    source = ChapterText(
        text=text,
        parts=tuple(beat.text for beat in beats),
        summaries=tuple(beat.summary for beat in beats),
        places=tuple(beat.place for beat in beats),
        hero=name if name[:1].isupper() else f"the {facts.who}",
        look=facts.subject,
        air=facts.air,
        stake=facts.stake,
    )
    draft = writer.write("", seed, states_for(len(beats)), frozenset(), progress, source)
    if draft.is_interrupted and not writer.may_be_silent:
        raise KeyboardInterrupt
    raw = with_beats(draft.world.to_dict(), beats, draft.state_ids)
    world = World.from_dict(raw | ({"name": title} if title else {}), source="the world of the text")
    places = tuple(id.replace("_", " ") for id in draft.state_ids)
    own_facts = replace(facts, places=places, subject=world.subject or "", air=world.style_tail or "")
    return Chapter(world.name or title, tuple(beats), own_facts, world), draft


def direct_report(name: str, seed: int, drafts: Sequence[WrittenWorld]) -> Report:
    """Return the account of the chapters of a text, put together.

    Args:
        name: The model's name.
        seed: The seed.
        drafts: What was written.
    """
    return replace(
        report_of(drafts[0], name, seed),
        seconds=sum(draft.seconds for draft in drafts),
        **prose_fields([draft.prose for draft in drafts]),
    )
