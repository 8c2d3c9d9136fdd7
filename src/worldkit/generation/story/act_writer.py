"""Has a capable model retell a text act by act, and tells it for each act what the others have settled."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from worldkit.generation.direct.chapter_text import ActContext, ChapterPart, ChapterText
from worldkit.generation.direct.naming import contains_name
from worldkit.generation.direct.plan import states_for
from worldkit.generation.direct.writer import DirectWriter, WrittenWorld
from worldkit.generation.engines.base import seed_of
from worldkit.generation.engines.feedback_loop import RejectedAnswer, Undecided
from worldkit.generation.engines.memory import NotRemembered
from worldkit.generation.pipeline.generate_one import direct_report
from worldkit.generation.pipeline.report import Report, joined_report
from worldkit.generation.planning.plan import Plan
from worldkit.generation.planning.premise import Reading
from worldkit.generation.story.acts import TextAct
from worldkit.generation.story.beats import TextBeat, beats_of
from worldkit.generation.story.chapter import Chapter, chapter_of_draft, ending_of
from worldkit.generation.story.facts import StoryFacts, with_stake
from worldkit.generation.story.notes import TextNotes, divide_by_model, facts_with_notes
from worldkit.generation.story.segment import FEWEST_BEATS, divide_by_code, units
from worldkit.generation.story.story_plan import spine
from worldkit.generation.story.story_progress import StoryProgress

MOST_NAMES = 12
"""People, and places, of the acts before, of which a model is told at most."""


def write_acts(
    acts: Sequence[TextAct],
    writer: DirectWriter,
    seed: int,
    features: frozenset[str],
    facts: StoryFacts,
    reading: Reading,
    progress: StoryProgress,
) -> tuple[list[Chapter], Report, tuple[RejectedAnswer, ...]]:
    """Write all acts of a text with the model of a writer, from what code found in the whole text.

    Returns:
        The chapters, the account of them, and what the model answered first, where it was asked for beats.

    Raises:
        KeyboardInterrupt: It was interrupted.
        WorldError: The model cannot be asked.
    """
    refusals: tuple[RejectedAnswer, ...] = ()
    beats: list[list[TextBeat]] = []
    facts_by_act: list[StoryFacts] = []
    plans: list[Plan | None] = []
    # the beats and facts of all acts are known before the first is written
    for number, act in enumerate(acts):
        progress.begin_reading(number)
        if not writer.plans:  # the parts of a weak model would be the first sentences, one by one
            dice = random.Random(seed_of("act", act.text, seed, number))
            beats.append(beats_of(divide_by_code(act.text)))
            act_facts, act_reading = with_stake(facts, reading, act.text, dice)
            facts_by_act.append(act_facts)
            plans.append(spine(beats[-1], act_facts, act_reading, act.title, dice))
            continue
        earlier = _earlier(beats, len(acts), facts.hero) if number else ""
        try:
            division = divide_by_model(units(act.text, FEWEST_BEATS), writer.chat, seed, progress, earlier)
            (parts, notes), answers = division.value, division.refusals
        except (Undecided, NotRemembered) as error:
            parts, notes = divide_by_code(act.text), TextNotes()
            answers = error.refusals if isinstance(error, Undecided) else ()
        refusals += answers
        plans.append(None)
        beats.append(beats_of(parts, notes.parts))
        # the hero of the first act is that of all
        facts_by_act.append(facts_with_notes(facts, replace(notes, hero="") if number else notes))
        facts = replace(facts, hero=facts_by_act[0].hero)
    chapters: list[Chapter] = []
    drafts: list[WrittenWorld] = []
    for number, (act, act_facts, plan) in enumerate(zip(acts, facts_by_act, plans, strict=True)):
        context = None if len(acts) == 1 or writer.chat.is_weak else _context(beats, chapters, drafts)
        if context and drafts:  # the hero is called what the first act calls them
            act_facts = replace(act_facts, hero=drafts[0].basis.who)
        progress.begin_writing(number)
        draft = writer.write(
            "",
            seed_of("act", seed, number),
            len(plan.places) if plan else states_for(len(beats[number])),
            features,
            progress,
            replace(_chapter_text(act, beats[number], act_facts, context, is_weak=writer.chat.is_weak), plan=plan),
        )
        chapters.append(chapter_of_draft(draft, act.title, beats[number], act_facts))
        drafts.append(draft)
    progress.finish()
    return chapters, joined_report([direct_report(draft, writer.chat.name, seed) for draft in drafts]), refusals


def _earlier(beats: Sequence[Sequence[TextBeat]], count: int, hero: str) -> str:
    """Return what the model is told of the acts before when it divides one."""
    all_beats = [beat for act_beats in beats for beat in act_beats]
    people = list(dict.fromkeys(name for beat in all_beats for name in beat.people))[:MOST_NAMES]
    places = list(dict.fromkeys(beat.place for beat in all_beats if beat.place))[-MOST_NAMES:]
    known_names = "".join(
        f" {what} so far, which keep their names: {', '.join(names)}."
        for what, names in (("People", people), ("Places", places))
        if names
    )
    return (
        f"This is part {len(beats) + 1} of {count} of one story, and its hero is {hero}. "
        f"Before it: {all_beats[-1].summary}{known_names}"
    )


def _chapter_text(
    act: TextAct, beats: Sequence[TextBeat], facts: StoryFacts, context: ActContext | None, *, is_weak: bool
) -> ChapterText:
    """Return what the model is told of an act: each beat becomes a place, which it tells in its own words."""
    parts = []
    for beat in beats:
        # things that code found say little of what matters
        things = tuple(thing.text for thing in beat.things if thing.text in facts.things)
        people = beat.people or tuple(person.name for person in facts.people if contains_name(beat.text, person.name))
        parts.append(ChapterPart(beat.text, beat.summary, beat.place, people, things))
    look = (context and context.look) or facts.subject
    return ChapterText(
        act.text, tuple(parts), facts.hero, look, facts.air, facts.stake, act.title, context, is_weak=is_weak
    )


def _context(
    beats: Sequence[Sequence[TextBeat]], chapters: Sequence[Chapter], drafts: Sequence[WrittenWorld]
) -> ActContext:
    """Return what the model is told of the acts around the one after some chapters."""
    number, count = len(chapters) + 1, len(beats)
    next_beat = beats[number][0].summary if number < count else ""
    if not chapters:
        return ActContext(number, count, next_beat=next_beat)
    bases = [draft.basis for draft in drafts]
    return ActContext(
        number,
        count,
        titles=tuple(chapter.title for chapter in chapters),
        look=chapters[-1].facts.subject,
        people=tuple(dict.fromkeys(name for basis in bases for name in basis.others))[:MOST_NAMES],
        facts=tuple(dict.fromkeys(fact for basis in bases for fact in (*basis.facts, basis.truth) if fact)),
        ending=ending_of(chapters[-1]),
        next_beat=next_beat,
    )
