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
        act_count: How many acts there are; all are read before the first is written.
        number, start, size: The act of the present stage, where the stage begins, and how long it is.
        amount, total: How much is done, of how much.
    """

    progress: Progress
    act_count: int
    number: int = 0
    start: int = 0
    size: int = READING
    amount: int = 0
    total: int = 1

    def begin_reading(self, number: int) -> None:
        """Begin to find the beats of an act."""
        self.number, self.start, self.size = number, number * READING, READING

    def begin_writing(self, number: int) -> None:
        """Begin to write the world of an act."""
        self.number, self.start, self.size = number, self.act_count * READING + number * WRITING, WRITING

    def __call__(self, done: int, total: int, what: str) -> None:
        """Tell what is being done, and how much of the present stage is done."""
        if self.act_count > 1:
            done = self.start + self.size * min(done, total) // max(total, 1)
            self._advance(done, 100 * self.act_count, f"act {self.number + 1} of {self.act_count}, {what}")
        else:
            self._advance(*((done, total) if self.size == WRITING else (0, 1)), what)

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
