"""Has a capable model retell a text act by act, and tells it for each act what the others have settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from worldkit.core.quoting import format_count
from worldkit.generation.direct.chapter_text import ActContext, ChapterPart, ChapterText
from worldkit.generation.direct.plan import states_for
from worldkit.generation.direct.writer import DirectWriter, WrittenWorld
from worldkit.generation.engines.base import seed_of
from worldkit.generation.engines.feedback_loop import RejectedAnswer, Undecided
from worldkit.generation.engines.memory import NotRemembered
from worldkit.generation.pipeline.generate_one import direct_report
from worldkit.generation.pipeline.report import Report
from worldkit.generation.story.acts import TextAct
from worldkit.generation.story.beats import TextBeat, beats_of
from worldkit.generation.story.chapter import Chapter, chapter_of_draft, ending_of
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.notes import TextNotes, divide_by_model, facts_with_notes
from worldkit.generation.story.segment import FEWEST_BEATS, divide_by_code, units
from worldkit.generation.story.story_progress import StoryProgress

MOST_NAMES = 12
"""People, and places, of the acts before, of which a model is told at most."""


@dataclass
class ActWriter:
    """Writes the acts of a text.

    Attributes:
        acts: The acts.
        writer: Writes with the model.
        seed, features: As for ``from_text``.
        facts: The facts of the whole text, as code found them; the hero of the first act is that of all.
        progress: The progress of all acts.
        refusals: What the model answered first, where it was asked for beats, and had to mend.
    """

    acts: Sequence[TextAct]
    writer: DirectWriter
    seed: int
    features: frozenset[str]
    facts: StoryFacts
    progress: StoryProgress
    refusals: tuple[RejectedAnswer, ...] = ()
    _beats: list[list[TextBeat]] = field(default_factory=list)
    _chapters: list[Chapter] = field(default_factory=list)
    _drafts: list[WrittenWorld] = field(default_factory=list)

    def write(self) -> tuple[list[Chapter], Report]:
        """Write all acts, and give account of them.

        Raises:
            KeyboardInterrupt: It was interrupted.
            WorldError: The model cannot be asked.
        """
        # the beats and facts of all acts are known before the first is written
        facts = [self._read(number) for number in range(len(self.acts))]
        for number, act_facts in enumerate(facts):
            self._write_act(number, act_facts)
        self.progress.finish()
        reports = [direct_report(draft, self.writer.chat.name, self.seed) for draft in self._drafts]
        return self._chapters, _report(reports)

    # ---- reading -----------------------------------------------------------------------------

    def _read(self, number: int) -> StoryFacts:
        """Find the beats of an act, as the model divides it, else by code, and return its facts."""
        text, chat = self.acts[number].text, self.writer.chat
        self.progress.begin_reading(number)
        try:
            division = divide_by_model(units(text, FEWEST_BEATS), chat, self.seed, self.progress, self._earlier(number))
            (parts, notes), refusals = division.value, division.refusals
        except (Undecided, NotRemembered) as error:
            parts, notes = divide_by_code(text), TextNotes()
            refusals = error.refusals if isinstance(error, Undecided) else ()
        self.refusals += refusals
        self._beats.append(beats_of(parts, notes.parts))
        act_facts = facts_with_notes(self.facts, replace(notes, hero="") if number else notes)
        self.facts = replace(self.facts, hero=act_facts.hero)
        return act_facts

    def _earlier(self, number: int) -> str:
        """Return what the model is told of the acts before when it divides one."""
        if not number or self.writer.chat.is_weak:
            return ""
        all_beats = [beat for act_beats in self._beats for beat in act_beats]
        people = list(dict.fromkeys(name for beat in all_beats for name in beat.people))[:MOST_NAMES]
        places = list(dict.fromkeys(beat.place for beat in all_beats if beat.place))[-MOST_NAMES:]
        known_names = "".join(
            f" {what} so far, which keep their names: {', '.join(names)}."
            for what, names in (("People", people), ("Places", places))
            if names
        )
        return (
            f"This is part {number + 1} of {len(self.acts)} of one story, and its hero is {self.facts.hero}. "
            f"Before it: {all_beats[-1].summary}{known_names}"
        )

    # ---- writing -----------------------------------------------------------------------------

    def _write_act(self, number: int, facts: StoryFacts) -> None:
        """Have the model write the world of an act: each beat becomes a place, which it tells in its own words."""
        act, beats, context = self.acts[number], self._beats[number], self._context(number)
        if context and self._drafts:  # the hero is called what the first act calls them
            facts = replace(facts, hero=self._drafts[0].basis.who)

        def part(beat: TextBeat) -> ChapterPart:
            # things that code found say little of what matters
            things = tuple(thing.text for thing in beat.things if thing.text in facts.things)
            return ChapterPart(beat.text, beat.summary, beat.place, beat.people, things)

        chapter_text = ChapterText(
            act.text,
            tuple(map(part, beats)),
            facts.hero,
            (context and context.look) or facts.subject,
            facts.air,
            facts.stake,
            act.title,
            context,
            is_weak=self.writer.chat.is_weak,
        )
        seed = seed_of("act", self.seed, number)
        self.progress.begin_writing(number)
        draft = self.writer.write("", seed, states_for(len(beats)), self.features, self.progress, chapter_text)
        self._chapters.append(chapter_of_draft(draft, act.title, beats, facts))
        self._drafts.append(draft)

    def _context(self, number: int) -> ActContext | None:
        """Return what the model is told of the acts around one; None where it is weak, or where there are no others."""
        count = len(self.acts)
        if count == 1 or self.writer.chat.is_weak:
            return None
        next_beat = self._beats[number + 1][0].summary if number + 1 < count else ""
        if not number:
            return ActContext(1, count, next_beat=next_beat)
        bases = [draft.basis for draft in self._drafts]
        return ActContext(
            number + 1,
            count,
            titles=tuple(chapter.title for chapter in self._chapters),
            look=self._chapters[-1].facts.subject,
            people=tuple(dict.fromkeys(name for basis in bases for name in basis.others))[:MOST_NAMES],
            facts=tuple(dict.fromkeys(fact for basis in bases for fact in (*basis.facts, basis.truth) if fact)),
            ending=ending_of(self._chapters[-1]),
            next_beat=next_beat,
        )


def _report(reports: Sequence[Report]) -> Report:
    """Return the account of all acts; what is said of one begins with its number."""
    if len(reports) == 1:
        return reports[0]

    def joined(name: str, separator: str) -> tuple[str, ...]:
        return tuple(
            f"act_{number}{separator}{value}" for number, each in enumerate(reports, 1) for value in getattr(each, name)
        )

    plan_count = sum(each.planned != "model" for each in reports)
    is_some = 0 < plan_count < len(reports)
    return replace(
        reports[0],
        score=min(each.score for each in reports),
        **{name: sum(getattr(each, name) for each in reports) for name in ("seconds", "tokens", "written", "again")},
        fallbacks=joined("fallbacks", "."),
        by_model=joined("by_model", "."),
        planned="seed" if plan_count == len(reports) else "model",
        notes=joined("notes", ": ") + ((f"{format_count(plan_count, 'act')} planned by code",) if is_some else ()),
    )
