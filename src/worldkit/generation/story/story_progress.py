"""The progress of a text that becomes worlds: what is done of all acts, which never goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worldkit.core.progress import DONE, Address, DocumentOf, Progress, Watch, tell_plan

READING, WRITING = 10, 90
"""The share of an act, in hundredths, that it takes to find its beats, and to write its world."""


@dataclass
class StoryProgress:
    """Counts the texts of one act as its writer does, and of several acts the hundredths of each.

    Attributes:
        progress: Is told.
        act_count: How many acts there are.
        amount, total: How much is done, of how much.
    """

    progress: Progress
    act_count: int
    amount: int = 0
    total: int = 1

    def reading(self, number: int) -> StageProgress:
        """Return the progress of finding the beats of an act; all acts are read before the first is written."""
        return StageProgress(self, number, number * READING, READING)

    def writing(self, number: int) -> StageProgress:
        """Return the progress of writing the world of an act."""
        return StageProgress(self, number, self.act_count * READING + number * WRITING, WRITING)

    def finish(self) -> None:
        """Tell that all is done."""
        self.advance(self.total, self.total, DONE)

    def advance(self, amount: int, total: int, what: str) -> None:
        """Tell what is being done, and that at least so much is done, of at least so much."""
        self.total = max(self.total, total)
        self.amount = min(max(self.amount, amount), self.total)
        self.progress(self.amount, self.total, what)


@dataclass(frozen=True)
class StageProgress:
    """The progress of reading or writing an act, as part of that of a story.

    Attributes:
        story: The progress of the story.
        number: The number of the act, from 0.
        start, size: Where the stage begins, and how long it is, in hundredths of acts.
    """

    story: StoryProgress
    number: int
    start: int
    size: int

    def __call__(self, done: int, total: int, what: str) -> None:
        """Tell how much is done of the stage."""
        count = self.story.act_count
        if count > 1:
            share = self.size * min(done, total) // max(total, 1)
            self.story.advance(self.start + share, 100 * count, f"act {self.number + 1} of {count}, {what}")
        elif self.size == WRITING:
            self.story.advance(done, total, what)
        else:
            self.story.advance(0, 1, what)

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Hand on the planned world of an act."""
        tell_plan(self.story.progress, document, texts)

    def wrote(self, at: Address, text: str) -> None:
        """Hand on a text."""
        if isinstance(self.story.progress, Watch):
            self.story.progress.wrote(at, text)
