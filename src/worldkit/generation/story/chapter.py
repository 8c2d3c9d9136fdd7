"""A stretch of text becomes a world that follows its beats: put together by code, or written by a capable model."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worldkit.core.json_values import Json
from worldkit.core.progress import Progress
from worldkit.generation.direct.chapter_text import TextBeat
from worldkit.generation.direct.writer import WrittenWorld
from worldkit.generation.pipeline.generate_one import finished
from worldkit.generation.pipeline.report import Report
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.premise import Reading
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.assembly import document
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import Field
from worldkit.generation.prose.sights import hidden
from worldkit.generation.prose.writer import ProseJob, ProseResult, Writer
from worldkit.generation.story.acts import TextAct
from worldkit.generation.story.beats import FULL_PICTURE_CHARACTERS, beats_of
from worldkit.generation.story.facts import StoryFacts, with_stake
from worldkit.generation.story.segment import divide_by_code
from worldkit.generation.story.story_plan import spine
from worldkit.generation.text import phrases
from worldkit.generation.text.english import capital, lowered
from worldkit.generation.text.phrases import fill
from worldkit.ruleset.gate import Verdict, verify
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of text and the world that follows it.

    Attributes:
        title: What it is called.
        beats: What happens, in order.
        facts: Its people, places and light.
        world: The world; ``world.story.beats`` name the state of each beat.
        summary: What it tells, in a sentence of the model; empty without a model.
    """

    title: str
    beats: tuple[TextBeat, ...]
    facts: StoryFacts
    world: World
    summary: str = ""


def planned_by_code(
    act: TextAct, facts: StoryFacts, reading: Reading, dice: random.Random
) -> tuple[list[TextBeat], StoryFacts, Plan]:
    """Return the beats of an act as code divides it, the facts with what is at stake in it, and a plan of both."""
    beats = beats_of(divide_by_code(act.text))
    act_facts, act_reading = with_stake(facts, reading, act.text, dice)
    return beats, act_facts, spine(beats, act_facts, act_reading, act.title, dice)


def chapter_by_code(
    beats: Sequence[TextBeat],
    facts: StoryFacts,
    plan: Plan,
    writer: Writer,
    seed: int,
    progress: Progress,
    dice: random.Random,
) -> tuple[Chapter, Report]:
    """Put the world of a chapter together, whose places are described in the text's own sentences."""
    began = time.monotonic()
    spots = plan.places[: len(beats)]
    places_and_beats = [*zip(spots, beats, strict=True)]
    pictures = {("state", place.id, "base"): _base(plan, place, beat, dice) for place, beat in places_and_beats}
    # the ending says it under its title, and a description that says it already needs it no more
    beats_to_narrate = [(place, beat) for place, beat in places_and_beats[:-1] if beat.summary not in beat.picture]
    summaries = {("state", place.id, "narration"): beat.summary for place, beat in beats_to_narrate}

    def judged(job: ProseJob, prose: ProseResult) -> tuple[World, Verdict]:
        raw = _with_beats(document(job.plan, prose.texts | summaries), beats, [place.id for place in spots])
        world = World.from_dict(raw, source="the world of the text")
        return world, verify(world)

    fields = (Field(item.at, (picture,)) if (picture := pictures.get(item.at)) else item for item in wanted(plan, seed))
    job = ProseJob(plan, tuple(fields), seed)
    [prose] = writer.write([job], progress)
    world, report = finished(job, prose, writer.name, time.monotonic() - began, (), "", judged)
    chapter_facts = replace(facts, places=tuple(place.name for place in spots))
    return Chapter(plan.name, tuple(beats), chapter_facts, world), report


def _base(plan: Plan, place: PlanPlace, beat: TextBeat, dice: random.Random) -> str:
    """Return the picture of a beat's place in the text's own sentences, with whatever else must be seen there."""
    picture_text = beat.picture
    if picture_text and len(picture_text) < FULL_PICTURE_CHARACTERS:
        things = {"a": place.props[0], "b": place.props[1], "place": Thing(place.name)}
        words = {"place": place.name, "light": lowered(plan.air.split(",")[0].rstrip("."))}
        picture_text = f"{picture_text} {fill(dice.choice(phrases.family('plain')), things, words)}"
    first_thing = next((step.thing for step in plan.steps if step.at == place.id and step.kind == "take"), None)
    if picture_text and first_thing is not None and first_thing.head not in picture_text.lower():
        where = hidden(plan, place.id, first_thing)
        words = {"spot": where, "Spot": capital(where)}
        sentence = fill(dice.choice(phrases.family("found")), {"c": first_thing}, words)
        picture_text = f"{picture_text} {sentence}"
    return picture_text


def chapter_of_draft(draft: WrittenWorld, title: str, beats: Sequence[TextBeat], facts: StoryFacts) -> Chapter:
    """Return the chapter whose world a capable model wrote; an empty title is that of the model."""
    # of a plan by code the last part is the win, and the last place lies beside the way
    plan, ids = draft.plan, draft.plan.ids
    is_won_there = plan.basis.chapter is not None and plan.basis.chapter.plan is not None
    place_ids = (*ids.inner[:-1], ids.wins[0]) if is_won_there else ids.inner
    raw = _with_beats(draft.world.to_dict(), beats, [plan.state_ids[id] for id in place_ids])
    world = World.from_dict(raw | ({"name": title} if title else {}), source="the world of the text")
    places = tuple(dict.fromkeys(beat.place for beat in beats if beat.place))
    own_facts = replace(facts, places=places, subject=world.subject or "", air=world.style_tail or "")
    return Chapter(world.name or title, tuple(beats), own_facts, world, plan.basis.logline)


def winning_state(world: World) -> str:
    """Return the id of the state in which a chapter is won."""
    return next(id for id, state in world.states.items() if state.ending and state.ending.kind == "win")


def ending_of(chapter: Chapter) -> str:
    """Return how a chapter is won, in the words of its last beat and of its world."""
    state = chapter.world.states[winning_state(chapter.world)]
    subtitle = state.ending.subtitle if state.ending else ""
    return " ".join(filter(None, (chapter.beats[-1].summary, subtitle, state.narration)))


def _with_beats(raw: Json, beats: Sequence[TextBeat], state_ids: Sequence[str]) -> Json:
    """Return a document whose story names the state in which each beat is played."""
    story_beats = [{"summary": beat.summary, "states": [id]} for beat, id in zip(beats, state_ids, strict=True)]
    return {**raw, "story": {**raw.get("story", {}), "beats": story_beats}}
