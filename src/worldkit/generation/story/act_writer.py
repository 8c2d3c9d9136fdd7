"""Has a capable model retell a text act by act, and tells it for each act what the others have settled."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from worldkit.core.progress import DONE, Address, DocumentOf, Progress, Watch, tell_plan
from worldkit.generation.direct.chapter_text import ActContext, ChapterText, TextBeat
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
from worldkit.generation.story.beats import beats_of
from worldkit.generation.story.chapter import Chapter, chapter_of_draft, ending_of, planned_by_code
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.notes import TextNotes, divide_by_model, facts_with_notes
from worldkit.generation.story.segment import MIN_BEATS, divide_by_code
from worldkit.generation.story.units import units

MAX_NAMES = 12
"""People, and places, of the acts before, of which a model is told at most."""

READING_SHARE, WRITING_SHARE = 10, 90
"""The share of an act, in hundredths, that it takes to find its beats, and to write its world."""


@dataclass
class StoryProgress:
    """The progress of a text that becomes worlds, which never goes back.

    It counts the texts of one act as its writer does, and of several acts the hundredths of each.

    Attributes:
        progress: Is told.
        act_count: How many acts there are; all are read before the first is written.
        number, start, size: The act of the present stage, where the stage begins, and how long it is.
        amount, total: How much is done, of how much.
    """

    progress: Progress
    act_count: int
    number: int = 0
    start: int = 0
    size: int = READING_SHARE
    amount: int = 0
    total: int = 1

    def begin_reading(self, number: int) -> None:
        """Begin to find the beats of an act."""
        self.number, self.start, self.size = number, number * READING_SHARE, READING_SHARE

    def begin_writing(self, number: int) -> None:
        """Begin to write the world of an act."""
        self.number, self.start, self.size = (
            number,
            self.act_count * READING_SHARE + number * WRITING_SHARE,
            WRITING_SHARE,
        )

    def __call__(self, done: int, total: int, what: str) -> None:
        """Tell what is being done, and how much of the present stage is done."""
        if self.act_count > 1:
            done = self.start + self.size * min(done, total) // max(total, 1)
            self._advance(done, 100 * self.act_count, f"act {self.number + 1} of {self.act_count}, {what}")
        else:
            self._advance(*((done, total) if self.size == WRITING_SHARE else (0, 1)), what)

    def finish(self) -> None:
        """Tell that all is done."""
        self._advance(self.total, self.total, DONE)

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Hand on the planned world of an act."""
        tell_plan(self.progress, document, texts)

    def wrote(self, at: Address, text: str) -> None:
        """Hand on a text."""
        if isinstance(self.progress, Watch):
            self.progress.wrote(at, text)

    def _advance(self, amount: int, total: int, what: str) -> None:
        self.total = max(self.total, total)
        self.amount = min(max(self.amount, amount), self.total)
        self.progress(self.amount, self.total, what)


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
    divided_acts: list[tuple[list[TextBeat], StoryFacts, Plan | None]] = []
    # the beats and facts of all acts are known before the first is written
    for number, act in enumerate(acts):
        progress.begin_reading(number)
        if not writer.plans:  # the parts of a weak model would be the first sentences, one by one
            dice = random.Random(seed_of("act", act.text, seed, number))
            divided_acts.append(planned_by_code(act, facts, reading, dice))
            continue
        earlier = _earlier([beats for beats, _, _ in divided_acts], len(acts), facts.hero) if number else ""
        try:
            division = divide_by_model(units(act.text, MIN_BEATS), writer.chat, seed, progress, earlier)
            (parts, notes), answers = division.value, division.refusals
        except (Undecided, NotRemembered) as error:
            parts, notes = divide_by_code(act.text), TextNotes()
            answers = error.refusals if isinstance(error, Undecided) else ()
        refusals += answers
        # the hero of the first act is that of all
        act_facts = facts_with_notes(facts, replace(notes, hero="") if number else notes)
        facts = replace(facts, hero=act_facts.hero)
        divided_acts.append((beats_of(parts, notes.parts), act_facts, None))
    beats_by_act = [beats for beats, _, _ in divided_acts]
    chapters: list[Chapter] = []
    drafts: list[WrittenWorld] = []
    for number, (act, (beats, act_facts, plan)) in enumerate(zip(acts, divided_acts, strict=True)):
        context = None if len(acts) == 1 or writer.chat.is_weak else _context(beats_by_act, chapters, drafts)
        if context and drafts:  # the hero is called what the first act calls them
            act_facts = replace(act_facts, hero=drafts[0].plan.basis.who)
        progress.begin_writing(number)
        draft = writer.write(
            "",
            seed_of("act", seed, number),
            len(plan.places) if plan else states_for(len(beats)),
            features,
            progress,
            replace(_chapter_text(act, beats, act_facts, context, is_weak=writer.chat.is_weak), plan=plan),
        )
        chapters.append(chapter_of_draft(draft, act.title, beats, act_facts))
        drafts.append(draft)
    progress.finish()
    return chapters, joined_report([direct_report(draft, writer.chat.name, seed) for draft in drafts]), refusals


def _earlier(beats: Sequence[Sequence[TextBeat]], count: int, hero: str) -> str:
    """Return what the model is told of the acts before when it divides one."""
    all_beats = [beat for act_beats in beats for beat in act_beats]
    people = list(dict.fromkeys(name for beat in all_beats for name in beat.people))[:MAX_NAMES]
    places = list(dict.fromkeys(beat.place for beat in all_beats if beat.place))[-MAX_NAMES:]
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
        things = tuple(thing for thing in beat.things if thing.text in facts.things)
        people = beat.people or tuple(person.name for person in facts.people if contains_name(beat.text, person.name))
        parts.append(replace(beat, people=people, things=things))
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
    bases = [draft.plan.basis for draft in drafts]
    return ActContext(
        number,
        count,
        titles=tuple(chapter.title for chapter in chapters),
        look=chapters[-1].facts.subject,
        people=tuple(dict.fromkeys(name for basis in bases for name in basis.others))[:MAX_NAMES],
        facts=tuple(dict.fromkeys(fact for basis in bases for fact in (*basis.facts, basis.truth) if fact)),
        ending=ending_of(chapters[-1]),
        next_beat=next_beat,
    )
