"""``from_text``: a chapter becomes a world that follows its beats; a longer text becomes a campaign of such worlds."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from worldkit.campaigns.document import Campaign
from worldkit.core.argument_checks import checked
from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress, default_progress
from worldkit.core.quoting import format_count
from worldkit.generation.direct.chapter_text import TextBeat
from worldkit.generation.engines.base import seed_of
from worldkit.generation.engines.feedback_loop import RejectedAnswer
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.generate_one import Opener
from worldkit.generation.pipeline.report import Report, joined_report
from worldkit.generation.pipeline.run import UNFINISHED_RUNS, Commission, GenerationRun, Outcome, finish
from worldkit.generation.planning.plan import MIN_STATES
from worldkit.generation.story.act_writer import StoryProgress, write_acts
from worldkit.generation.story.acts import acts, split_title
from worldkit.generation.story.chapter import Chapter, chapter_by_code, planned_by_code, winning_state
from worldkit.generation.story.facts import StoryFacts
from worldkit.generation.story.facts import read as read_facts
from worldkit.generation.story.places import places
from worldkit.generation.story.units import name_in
from worldkit.generation.text.english import listing, slug, the, title
from worldkit.world import World

CAMPAIGN_CHARACTERS = 6_000
"""Characters above which a text becomes a campaign."""
STRONG_CAMPAIGN_CHARACTERS = 15_000
"""The same for a strong model."""
ACT_CHARACTERS, STRONG_ACT_CHARACTERS = 4_000, 12_000
"""About so many characters of a longer text make an act."""
MAX_ACTS, MAX_STRONG_ACTS = 6, 14


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
    direct = backend.direct_writer(commission.model, writer, MIN_STATES)
    is_strong = direct is not None and not direct.chat.is_weak
    text_acts = acts(
        body,
        *(
            (STRONG_CAMPAIGN_CHARACTERS, STRONG_ACT_CHARACTERS, MAX_STRONG_ACTS)
            if is_strong
            else (CAMPAIGN_CHARACTERS, ACT_CHARACTERS, MAX_ACTS)
        ),
    )
    text = "\n\n".join(act.text for act in text_acts)
    facts, reading = read_facts(text, random.Random(seed_of("retold", body, seed)))
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
        planned = planned_by_code(act, facts, reading, dice)
        chapter, report = chapter_by_code(*planned, writer, seed, story_progress, dice)
        chapters.append(chapter)
        reports.append(report)
    story_progress.finish()
    report = joined_report(reports)
    report = replace(report, notes=(*report.notes, *backend.notes_on_features(commission.model)))
    return Retelling(tuple(chapters), _campaign(chapters, story_title), report)


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


@dataclass
class ChapterRun(GenerationRun):
    """A generation from a chapter; a long text becomes several worlds.

    Attributes:
        retelling: What was generated, with its beats and its campaign; None until then.
    """

    retelling: Retelling | None = None

    def generate(self, open_writer: Opener, progress: Progress) -> Outcome:
        self.retelling = retell_text(self.commission, open_writer, progress)
        worlds = tuple((chapter.title, chapter.world) for chapter in self.retelling.chapters)
        return Outcome(worlds, self.retelling.report)


@checked
def from_text(
    text: str,
    model: str = "local",
    seed: int = 1,
    *,
    features: Iterable[str] = (),
    key: str | None = None,
    progress: Progress | None = None,
) -> Retelling:
    """Turn prose into a world that follows it: its beats in order, with choices, a lock and endings around them.

    Args:
        text: English prose of at least 400 characters. Above 6,000, or 15,000 for a strong model, it becomes a
            campaign of acts, cut at its chapters and scene breaks.
        model: As for ``generate``, but not ``"hosted"``. A capable model tells each place in its own words, with its
            part of the text before it; a strong one also says where the beats begin, and plans what can be done between
            them. A small one writes cameras, asides and ways, and ``"templates"`` uses none: their places are the
            text's own sentences.
        seed: Same text, model and seed, same worlds, unless the model is a chat.
        features: As for ``generate``: what each world has beside places and moves, where a capable model writes it. In
            a story against time, ``"timers"`` are a way to lose that comes by itself.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        progress: Called with how much is done, of how much, and what is being done.

    Returns:
        The beats, the bible and the world, or the campaign and its worlds. Each passes the schema, every error rule and
        the verify gate, and in none can a run get stuck.

    Raises:
        Interrupted: It was interrupted; holds the first world as far as it came. The same call goes on from there.
        WorldError: The text is too short or too long, is not English, or is the name of a file; or the model cannot be
            reached.
        ValueError: A feature is not known.
        MissingExtra: The model needs packages that are not installed.

    Example:
        >>> text = "Mara walked down to the harbour at dusk. " * 6 + "She found the boathouse door unlocked. " * 6
        >>> wk.from_text(text, model="templates").world.name
        'The Harbour'
    """
    commission = Commission("chapter", text, backend.named_for_text(model, key, features), seed)
    run = UNFINISHED_RUNS.recall(commission, ChapterRun)
    finish(run, progress or default_progress("from_text", resumable=True))
    assert isinstance(run, ChapterRun)
    assert run.retelling is not None
    return run.retelling
