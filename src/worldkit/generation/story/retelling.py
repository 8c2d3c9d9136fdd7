"""A chapter becomes a world that follows its beats; a longer text becomes a campaign of such worlds."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from worldkit.campaigns.document import Campaign
from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress
from worldkit.core.quoting import format_count
from worldkit.generation.direct.writer import DirectWriter, WrittenWorld
from worldkit.generation.engines.base import seed_of
from worldkit.generation.engines.feedback_loop import RejectedAnswer, Undecided
from worldkit.generation.engines.memory import NotRemembered
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.generate_one import direct_report
from worldkit.generation.pipeline.report import Report, prose_fields
from worldkit.generation.pipeline.run import Commission
from worldkit.generation.pipeline.string_writer import Opener, StringWriter
from worldkit.generation.planning.chunking import english
from worldkit.generation.planning.planner import FEWEST as FEWEST_STATES
from worldkit.generation.story import beats as telling
from worldkit.generation.story import facts as facts_reader
from worldkit.generation.story.beats import TextBeat
from worldkit.generation.story.chapter import Chapter, chapter_by_code, chapter_by_model
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.notes import TextNotes, facts_with_notes
from worldkit.generation.story.segment import parted, units
from worldkit.generation.story.segment_llm import DividedText, divided
from worldkit.generation.text.english import slug
from worldkit.world import World

SHORTEST, LONGEST = 400, 200_000
FEWEST_WORDS = 40
LONG = 6_000
"""Characters above which a text becomes a campaign."""

ACT = 4_000
"""About so many characters of a text make an act."""

FEWEST_ACTS, MOST_ACTS = 2, 6

_HEADING = re.compile(r"\A\s*(?:#+ *)?([^\n.!?]{2,60})\n\s*\n")


@dataclass(frozen=True, eq=False)
class Retelling:
    """The world or campaign made from a text.

    Attributes:
        chapters: Its chapters, in order; one, unless the text is long.
        campaign: The acts and the way from each to the next, of a long text; else None.
        report: What it took.
        refusals: What a capable model answered first and had to mend.

    Example:
        >>> text = "Mara walked down to the harbour at dusk. " * 6 + "She found the boathouse door unlocked. " * 6
        >>> retelling = wk.from_text(text, model="templates")
        >>> len(retelling.chapters), retelling.world.verify().passed
        (1, True)
    """

    chapters: tuple[Chapter, ...]
    campaign: Campaign | None
    report: Report
    refusals: tuple[RejectedAnswer, ...] = ()

    @property
    def world(self) -> World:
        """The world of a text that became one.

        Raises:
            WorldError: It became a campaign.
        """
        if self.campaign is not None:
            raise WorldError(
                f"this text became a campaign of {len(self.chapters)} worlds; they are in .worlds, and "
                "wk.CampaignSession(retelling.campaign, retelling.worlds) plays them"
            )
        return self.chapters[0].world

    @property
    def worlds(self) -> Mapping[str, World]:
        """Every world by the id the campaign knows it by; ``"world"`` when there is no campaign."""
        if self.campaign is None:
            return MappingProxyType({"world": self.chapters[0].world})
        ids = [act.world_id for act in self.campaign.acts]
        return MappingProxyType(dict(zip(ids, (chapter.world for chapter in self.chapters), strict=True)))

    @property
    def beats(self) -> tuple[TextBeat, ...]:
        """Every beat, in order."""
        return tuple(beat for chapter in self.chapters for beat in chapter.beats)

    @property
    def bible(self) -> StoryFacts:
        """The facts of the first chapter's text, whose people and light the others keep."""
        return self.chapters[0].facts

    def __repr__(self) -> str:
        lines = [f"{'Campaign' if self.campaign else 'World'} of {len(self.beats)} beats"]
        for chapter in self.chapters:
            lines += [f"{chapter.title}:", *(f"  {n}. {beat}" for n, beat in enumerate(chapter.beats, 1))]
        return "\n".join(lines)


def retold(commission: Commission, open_: Opener, progress: Progress) -> Retelling:
    """Turn prose into worlds, by a capable model or by code and the text's own sentences; see ``from_text``."""
    story_title, body = split_title(commission.text)
    writer, seed = open_(), commission.seed
    direct = backend.direct_writer(commission.model, writer, FEWEST_STATES)
    prose = StringWriter(lambda: writer, seed, progress)
    facts, reading = facts_reader.read(body, random.Random(seed_of("retold", body, seed)))
    acts = _acts(body)
    chapters: list[Chapter] = []
    refusals: tuple[RejectedAnswer, ...] = ()
    drafts: list[WrittenWorld] = []
    for number, act in enumerate(acts):
        text = _divided(act, direct, seed, progress)
        refusals += text.refusals
        title = story_title if len(acts) == 1 else f"{story_title or 'Act'} {number + 1}"
        beats = telling.told(text.parts, text.notes.parts)
        if direct:
            # the hero of the first act is that of all
            act_facts = facts_with_notes(facts, replace(text.notes, hero="") if number else text.notes)
            facts = replace(facts, hero=act_facts.hero)
            act_seed, features = seed_of("act", seed, number), commission.model.features
            chapter, draft = chapter_by_model(direct, act, beats, act_facts, title, act_seed, features, progress)
            drafts.append(draft)
        else:
            dice = random.Random(seed_of("act", body, seed, number))
            chapter = chapter_by_code(beats, facts, reading, title, prose, dice)
        chapters.append(chapter)
    campaign = _campaign(chapters, story_title) if len(acts) > 1 else None
    progress(1, 1, "done")
    if direct:
        report = replace(
            direct_report(drafts[0], direct.chat.name, seed),
            seconds=sum(draft.seconds for draft in drafts),
            **prose_fields([draft.prose for draft in drafts]),
        )
    else:
        report = prose.report(chapters[0].world)
        report = replace(report, notes=(*report.notes, *backend.notes_on_features(commission.model)))
    return Retelling(tuple(chapters), campaign, report, refusals)


def _divided(act: str, direct: DirectWriter | None, seed: int, progress: Progress) -> DividedText:
    """Return a text in its beats: as a capable model divides it, else by code."""
    text_units = units(act, telling.FEWEST)
    refusals: tuple[RejectedAnswer, ...] = ()
    if direct:
        try:
            return divided(text_units, direct.chat, seed, progress)
        except Undecided as undecided:
            refusals = undecided.refusals
        except NotRemembered:
            pass
    parts = parted(text_units, min(telling.many(act), len(text_units)))
    return DividedText(parts, TextNotes(), refusals)


def split_title(text: str) -> tuple[str, str]:
    """Return the title a text begins with, if it does, and the rest, as printable characters.

    Raises:
        WorldError: It is too short, too long, or not English.
    """
    clean_text = unicodedata.normalize("NFC", text[: LONGEST * 2].encode("utf-8", "ignore").decode())
    clean_text = re.sub(r"\r\n?", "\n", clean_text)
    clean_text = "".join(c if c == "\n" or c.isprintable() else " " for c in clean_text).strip()
    if len(clean_text) < SHORTEST:
        raise WorldError(
            f"the text has {len(clean_text)} characters; expected at least {SHORTEST}, a scene or a chapter. "
            "For less, wk.generate(text) takes it as a premise"
        )
    if len(clean_text) > LONGEST:
        raise WorldError(f"the text has more than {LONGEST:,} characters; give one part of the book at a time")
    if not english(clean_text):
        raise WorldError(
            "the text is not in English, and its beats, people and places are found by English words; "
            "give a translation"
        )
    if (count := _word_count(clean_text)) < FEWEST_WORDS:
        raise WorldError(
            f"the text has {format_count(count, 'word')}; expected at least {FEWEST_WORDS}, in English sentences"
        )
    heading = _HEADING.match(clean_text)
    if heading and len(clean_text) - heading.end() >= SHORTEST:
        return " ".join(heading[1].split()), clean_text[heading.end() :]
    return "", clean_text


def _acts(text: str) -> list[str]:
    if len(text) <= LONG:
        return [text]
    most = max(FEWEST_ACTS, min(MOST_ACTS, round(len(text) / ACT)))
    for count in range(most, 1, -1):
        parts = parted(units(text, count * telling.FEWEST), count)
        acts = ["".join(("\n\n" if unit.opens else " ") + unit.text for unit in part).strip() for part in parts]
        # a sentence by itself has no beats
        if all(_word_count(act) >= FEWEST_WORDS for act in acts):
            return acts
    return [text]


def _word_count(text: str) -> int:
    return sum(any(character.isalpha() for character in word) for word in text.split())


def _campaign(chapters: Sequence[Chapter], story_title: str) -> Campaign:
    """Return the campaign of some chapters: the win of each leads into the next."""
    ids = [f"act_{number}" for number in range(1, len(chapters) + 1)]
    return Campaign.from_dict(
        {
            "id": slug(story_title) or "campaign",
            "title": story_title or chapters[0].title,
            "start": ids[0],
            "acts": [
                {
                    "actId": id,
                    "worldId": id,
                    "title": chapter.title,
                    "canonical": True,
                    "summary": chapter.beats[-1].summary,
                }
                for id, chapter in zip(ids, chapters, strict=True)
            ],
            "edges": [
                {"from": {"actId": id, "state": _winning_state(chapter)}, "to": {"actId": after}, "kind": "golden"}
                for chapter, (id, after) in zip(chapters, pairwise(ids), strict=False)
            ],
            "goldenThread": ids,
        }
    )


def _winning_state(chapter: Chapter) -> str:
    return next(id for id, state in chapter.world.states.items() if state.ending and state.ending.kind == "win")
