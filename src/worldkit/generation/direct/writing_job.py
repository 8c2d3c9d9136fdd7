"""What a capable model is to write, and the conversation about it: what all steps of the pipeline work with."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from worldkit.core.progress import Address, Progress, Watch
from worldkit.generation.direct import shape
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.conversation import Conversation
from worldkit.generation.direct.plan import Ids, MoveOutline
from worldkit.generation.engines.base import seed_of


@dataclass
class WritingJob:
    """A world to be written.

    Attributes:
        premise: What it is about; empty for a chapter.
        ids: The ids of its places, endings and keys.
        feature_names: Names out of ``features.FEATURES``.
        conversation: The conversation with the model.
        progress: Called with how many answers are there, of how many, and what is being done.
        chapter: The chapter that it follows; None for a premise.
        done: How many answers are there.
        notes: What is worth knowing of how it came about.
    """

    premise: str
    ids: Ids
    feature_names: frozenset[str]
    conversation: Conversation
    progress: Progress
    chapter: ChapterText | None = None
    done: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def states(self) -> int:
        """How many states it has, endings included."""
        return len(self.ids.inner) + len(self.ids.endings)

    def drawn_moves(self) -> list[MoveOutline]:
        """Return moves without words that hold: a row for a chapter, whose parts come in order, else a tree."""
        text = self.chapter.text if self.chapter else self.premise
        dice = random.Random(seed_of("direct", text, self.conversation.seed, self.states))
        if self.chapter:
            return shape.draw_row(self.ids, dice)
        return shape.draw_shape(self.ids, dice, with_two_keys=not self.conversation.is_weak)

    def count_answer(self) -> None:
        """Count an answer that is there."""
        self.done += 1

    def wrote(self, at: Address, text: str) -> None:
        """Show a text that is accepted, where the progress can show texts."""
        if isinstance(self.progress, Watch):
            self.progress.wrote(at, text)

    def report(self, what: str) -> None:
        """Tell the progress what is being done."""
        self.progress(self.done, 2 + self.states, what)
