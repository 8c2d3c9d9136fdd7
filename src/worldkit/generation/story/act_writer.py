"""Has a capable model retell a text act by act, and tells it for each act what the others have settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from worldkit.core.progress import Address, DocumentOf, Progress, Watch, tell_plan
from worldkit.core.quoting import format_count
from worldkit.generation.direct.chapter_text import ActContext
from worldkit.generation.direct.writer import DirectWriter, WrittenWorld
from worldkit.generation.engines.base import seed_of
from worldkit.generation.engines.feedback_loop import RejectedAnswer, Undecided
from worldkit.generation.engines.memory import NotRemembered
from worldkit.generation.pipeline.generate_one import direct_report
from worldkit.generation.pipeline.report import Report
from worldkit.generation.story.acts import TextAct
from worldkit.generation.story.beats import FEWEST, TextBeat, divided_by_code, told
from worldkit.generation.story.chapter import Chapter, chapter_by_model, ending_of
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.notes import TextNotes, facts_with_notes
from worldkit.generation.story.segment import Unit, units
from worldkit.generation.story.segment_llm import divided

MOST_NAMES = 12
"""People, and places, of the acts before, of which a model is told at most."""


@dataclass
class ActWriter:
    """Writes the acts of a text.

    Attributes:
        writer: Writes with the model.
        seed, features, progress: As for ``from_text``.
        facts: The facts of the whole text, as code found them; the hero of the first act is that of all.
        refusals: What the model answered first, where it was asked for beats, and had to mend.
    """

    writer: DirectWriter
    seed: int
    features: frozenset[str]
    facts: StoryFacts
    progress: Progress
    refusals: tuple[RejectedAnswer, ...] = ()
    _settled_people: dict[str, None] = field(default_factory=dict)
    _settled_facts: dict[str, None] = field(default_factory=dict)

    def write(self, acts: Sequence[TextAct]) -> tuple[list[Chapter], Report]:
        """Write all acts, and give account of them.

        Raises:
            KeyboardInterrupt: It was interrupted.
            WorldError: The model cannot be asked.
        """
        beats, facts = self._beats_and_facts(acts)
        chapters: list[Chapter] = []
        drafts: list[WrittenWorld] = []
        for number, act in enumerate(acts):
            context = None if len(acts) == 1 or self.writer.is_weak else self._context(number, beats, chapters)
            act_facts = facts[number]
            if context and drafts:  # the hero is called what the first act calls them
                act_facts = replace(act_facts, hero=drafts[0].basis.who)
            chapter, draft = chapter_by_model(
                self.writer,
                act,
                beats[number],
                act_facts,
                context,
                seed_of("act", self.seed, number),
                self.features,
                self._progress(number, acts),
            )
            chapters.append(chapter)
            drafts.append(draft)
            self._settled_people |= dict.fromkeys(draft.basis.others)
            self._settled_facts |= dict.fromkeys(filter(None, (*draft.basis.facts, draft.basis.truth)))
        self.progress(1, 1, "done")
        return chapters, _report([direct_report(draft, self.writer.chat.name, self.seed) for draft in drafts])

    def _beats_and_facts(self, acts: Sequence[TextAct]) -> tuple[list[tuple[TextBeat, ...]], list[StoryFacts]]:
        """Return the beats of each act, and its facts: all are known before the first is written."""
        beats: list[tuple[TextBeat, ...]] = []
        facts: list[StoryFacts] = []
        for number, act in enumerate(acts):
            earlier = self._earlier(number, len(acts), beats)
            parts, notes = self._divided(act.text, earlier, self._progress(number, acts))
            beats.append(tuple(told(parts, notes.parts)))
            act_facts = facts_with_notes(self.facts, replace(notes, hero="") if number else notes)
            self.facts = replace(self.facts, hero=act_facts.hero)
            facts.append(act_facts)
        return beats, facts

    def _divided(self, text: str, earlier: str, progress: Progress) -> tuple[list[list[Unit]], TextNotes]:
        """Return a text in its beats: as the model divides it, else by code."""
        try:
            division = divided(units(text, FEWEST), self.writer.chat, self.seed, progress, earlier)
        except Undecided as undecided:
            self.refusals += undecided.refusals
        except NotRemembered:
            pass
        else:
            self.refusals += division.refusals
            return division.parts, division.notes
        return divided_by_code(text), TextNotes()

    def _earlier(self, number: int, count: int, beats: Sequence[Sequence[TextBeat]]) -> str:
        """Return what the model is told of the acts before when it divides one."""
        if not number or self.writer.is_weak:
            return ""
        all_beats = [beat for act_beats in beats for beat in act_beats]
        people = list(dict.fromkeys(name for beat in all_beats for name in beat.people))[:MOST_NAMES]
        places = list(dict.fromkeys(beat.place for beat in all_beats if beat.place))[-MOST_NAMES:]
        told_names = "".join(
            f" {what} so far, which keep their names: {', '.join(names)}."
            for what, names in (("People", people), ("Places", places))
            if names
        )
        return (
            f"This is part {number + 1} of {count} of one story, and its hero is {self.facts.hero}. "
            f"Before it: {beats[-1][-1].summary}{told_names}"
        )

    def _context(self, number: int, beats: Sequence[Sequence[TextBeat]], chapters: Sequence[Chapter]) -> ActContext:
        next_beat = beats[number + 1][0].summary if number + 1 < len(beats) else ""
        if not chapters:
            return ActContext(1, len(beats), next_beat=next_beat)
        before = chapters[-1]
        titles = tuple(chapter.title for chapter in chapters)
        people, facts = tuple(self._settled_people)[:MOST_NAMES], tuple(self._settled_facts)
        return ActContext(
            number + 1,
            len(beats),
            titles=titles,
            look=before.facts.subject,
            people=people,
            facts=facts,
            ending=ending_of(before),
            next_beat=next_beat,
        )

    def _progress(self, number: int, acts: Sequence[TextAct]) -> Progress:
        return self.progress if len(acts) == 1 else ActProgress(self.progress, number, len(acts))


@dataclass(frozen=True)
class ActProgress:
    """The progress of one act, as part of that of all.

    Attributes:
        progress: The progress of all.
        number, count: The number of the act, from 0, and how many there are.
    """

    progress: Progress
    number: int
    count: int

    def __call__(self, done: int, total: int, what: str) -> None:
        """Tell how much is done of all acts."""
        act = f"act {self.number + 1} of {self.count}"
        self.progress(self.number * total + done, self.count * total, f"{act}, {what}")

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Hand on the planned world of the act."""
        tell_plan(self.progress, document, texts)

    def wrote(self, at: Address, text: str) -> None:
        """Hand on a text."""
        if isinstance(self.progress, Watch):
            self.progress.wrote(at, text)


def _report(reports: Sequence[Report]) -> Report:
    """Return the account of all acts; what is said of one begins with its number."""
    if len(reports) == 1:
        return reports[0]

    def joined(name: str, separator: str) -> tuple[str, ...]:
        return tuple(
            f"act_{number}{separator}{value}" for number, each in enumerate(reports, 1) for value in getattr(each, name)
        )

    plans_by_code = [number for number, each in enumerate(reports, 1) if each.planned != "model"]
    notes = joined("notes", ": ")
    if 0 < len(plans_by_code) < len(reports):
        notes += (f"{format_count(len(plans_by_code), 'act')} planned by code",)
    return replace(
        reports[0],
        score=min(each.score for each in reports),
        seconds=sum(each.seconds for each in reports),
        tokens=sum(each.tokens for each in reports),
        written=sum(each.written for each in reports),
        again=sum(each.again for each in reports),
        fallbacks=joined("fallbacks", "."),
        by_model=joined("by_model", "."),
        planned="seed" if len(plans_by_code) == len(reports) else "model",
        notes=notes,
    )
