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
from worldkit.generation.engines.base import seed_of
from worldkit.generation.engines.feedback_loop import RejectedAnswer
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.generate_one import Opener
from worldkit.generation.pipeline.report import Report, joined_report
from worldkit.generation.pipeline.run import Commission
from worldkit.generation.planning.chunking import english
from worldkit.generation.planning.plan import FEWEST as FEWEST_STATES
from worldkit.generation.story import facts as facts_reader
from worldkit.generation.story.act_writer import write_acts
from worldkit.generation.story.acts import FEWEST_WORDS, acts, word_count
from worldkit.generation.story.beats import TextBeat, beats_of
from worldkit.generation.story.chapter import Chapter, chapter_by_code, winning_state
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.headings import heading_of, is_chapter_heading, name_in
from worldkit.generation.story.places import places
from worldkit.generation.story.segment import divide_by_code
from worldkit.generation.story.story_progress import StoryProgress
from worldkit.generation.text.english import listing, slug, the, title
from worldkit.world import World

SHORTEST, LONGEST = 400, 200_000
LONG = 6_000
"""Characters above which a text becomes a campaign."""
STRONG_LONG = 15_000
"""The same for a strong model."""
ACT, STRONG_ACT = 4_000, 12_000
"""About so many characters of a longer text make an act."""
MOST_ACTS, STRONG_MOST_ACTS = 6, 14

_FIRST_PARAGRAPH = re.compile(r"\A(.+)\n[^\S\n]*\n\s*")

_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,2})([^\W_](?:[^*_\n]{0,200}[^\s*_])?)\1(?!\w)")
"""Words that Markdown sets apart."""


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
            WorldError: It became a campaign, or there is none.
        """
        if self.campaign is not None:
            titles = listing([repr(chapter.title) for chapter in self.chapters])
            raise WorldError(
                f"this text became {format_count(len(self.chapters), 'act')}, {titles}: retelling.worlds['act_1'] is "
                "the world of the first, and wk.play(retelling.campaign, retelling.worlds) plays them all"
            )
        return self._first.world

    @property
    def worlds(self) -> Mapping[str, World]:
        """Every world by the id the campaign knows it by; ``"world"`` when there is no campaign."""
        ids = [act.world_id for act in self.campaign.acts] if self.campaign else ["world"]
        chapters = self.chapters if self.campaign else [self._first]
        return MappingProxyType({id: chapter.world for id, chapter in zip(ids, chapters, strict=True)})

    @property
    def beats(self) -> tuple[TextBeat, ...]:
        """Every beat, in order."""
        return tuple(beat for chapter in self.chapters for beat in chapter.beats)

    @property
    def bible(self) -> StoryFacts:
        """The facts of the first chapter's text, whose people and light the others keep."""
        return self._first.facts

    @property
    def _first(self) -> Chapter:
        if not self.chapters:
            raise WorldError("this retelling holds no world: it has no chapters; call wk.from_text(text) for one")
        return self.chapters[0]

    def __repr__(self) -> str:
        lines = [f"{'Campaign' if self.campaign else 'World'} of {len(self.beats)} beats"]
        ids = [act.world_id for act in self.campaign.acts] if self.campaign else []
        for number, chapter in enumerate(self.chapters):
            place = f" (retelling.worlds[{ids[number]!r}])" if ids else ""
            lines += [f"{chapter.title}{place}:", *(f"  {n}. {beat}" for n, beat in enumerate(chapter.beats, 1))]
        return "\n".join(lines)


def retell_text(commission: Commission, open_writer: Opener, progress: Progress) -> Retelling:
    """Turn prose into worlds, by a capable model or by code and the text's own sentences; see ``from_text``."""
    story_title, body = split_title(commission.text)
    writer, seed = open_writer(), commission.seed
    direct = backend.direct_writer(commission.model, writer, FEWEST_STATES)
    is_strong = direct is not None and not direct.chat.is_weak
    text_acts = acts(body, *((STRONG_LONG, STRONG_ACT, STRONG_MOST_ACTS) if is_strong else (LONG, ACT, MOST_ACTS)))
    text = "\n\n".join(act.text for act in text_acts)
    facts, reading = facts_reader.read(text, random.Random(seed_of("retold", body, seed)))
    titles = [act.title if name_in(act.title) else "" for act in text_acts]  # a number is none
    if len(titles) == 1:
        titles = [": ".join(filter(None, (story_title, *titles)))]
    elif not is_strong and "" in titles:
        story_title = story_title or title(" ".join(map(the, [*places(text)][:1]))) or "Act"
        titles = [act_title or f"{story_title} {number}" for number, act_title in enumerate(titles, 1)]
    text_acts = [replace(act, title=act_title) for act, act_title in zip(text_acts, titles, strict=True)]
    story_progress = StoryProgress(progress, len(text_acts))
    if direct:
        features = commission.model.features
        chapters, report, refusals = write_acts(text_acts, direct, seed, features, facts, reading, story_progress)
        return Retelling(tuple(chapters), _campaign(chapters, story_title), report, refusals)
    chapters, reports = [], []
    for number, act in enumerate(text_acts):
        story_progress.begin_writing(number)
        dice = random.Random(seed_of("act", body, seed, number))
        beats = beats_of(divide_by_code(act.text))
        act_facts, act_reading = facts_reader.with_stake(facts, reading, act.text, dice)
        chapter, report = chapter_by_code(beats, act_facts, act_reading, act.title, writer, seed, story_progress, dice)
        chapters.append(chapter)
        reports.append(report)
    story_progress.finish()
    report = joined_report(reports)
    report = replace(report, notes=(*report.notes, *backend.notes_on_features(commission.model)))
    return Retelling(tuple(chapters), _campaign(chapters, story_title), report)


def split_title(text: str) -> tuple[str, str]:
    """Return the title a text begins with, if it does, and the rest, as printable characters.

    Raises:
        WorldError: It is too short, too long, or not English.
    """
    clean_text = unicodedata.normalize("NFC", text[: LONGEST * 2].encode("utf-8", "ignore").decode())
    clean_text = re.sub(r"\r\n?", "\n", clean_text)
    clean_text = "".join(c if c == "\n" or c.isprintable() else " " for c in clean_text).strip()
    clean_text = _EMPHASIS.sub(r"\2", clean_text)
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
    if (count := word_count([clean_text])) < FEWEST_WORDS:
        raise WorldError(
            f"the text has {format_count(count, 'word')}; expected at least {FEWEST_WORDS}, in English sentences"
        )
    first = _FIRST_PARAGRAPH.match(clean_text)
    heading = heading_of(first[1]) if first else ""
    # a chapter's heading is the title of an act
    if first and heading and not is_chapter_heading(heading) and len(clean_text) - first.end() >= SHORTEST:
        return heading.lstrip("# "), clean_text[first.end() :]
    return "", clean_text


def _campaign(chapters: Sequence[Chapter], story_title: str) -> Campaign | None:
    """Return the campaign of several chapters: the win of each leads into the next."""
    if len(chapters) == 1:
        return None
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
                    "summary": chapter.summary or chapter.beats[-1].summary,
                }
                for id, chapter in zip(ids, chapters, strict=True)
            ],
            "edges": [
                {"from": {"actId": id, "state": winning_state(chapter.world)}, "to": {"actId": after}, "kind": "golden"}
                for chapter, (id, after) in zip(chapters, pairwise(ids), strict=False)
            ],
            "goldenThread": ids,
        }
    )
