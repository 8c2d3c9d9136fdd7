"""The job of writing one world: a conversation with a model, and how it ends when the model fails."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.core.process_lock import ProcessLock
from worldkit.core.progress import Address, Progress, Watch
from worldkit.generation.direct import shape
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.example import Turn, system, turns
from worldkit.generation.direct.plan import Ids, MoveOutline
from worldkit.generation.engines.base import AnswerOptions, Chat, ChatRequest, seed_of
from worldkit.generation.engines.memory import NotRemembered
from worldkit.generation.engines.replies import AnswerRejected, read_json


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer, the JSON in it, why it is not complete, and whether the model did not answer at all."""

    data: Any
    text: str = ""
    interruption: str = ""
    is_failure: bool = False


REPETITION_PENALTY = 0.3
"""Taken off what an answer of a small model says again: it falls into loops without."""
MAX_FAILURES = 2
MAX_REFUSALS = 12


def correction(refusals: Sequence[str]) -> str:
    """Return what a model is told about what cannot be taken: the first ``MAX_REFUSALS`` reasons, a sentence each.

    It is told once: a model that does not put a text right then does not put it right later, and code repairs it.
    """
    refusal_list = "\n".join(f"- {refusal}" for refusal in refusals[:MAX_REFUSALS])
    return f"This cannot be taken:\n{refusal_list}\nAnswer again, with this put right."


@dataclass
class WritingJob:
    """A world to be written, and the conversation about it, which begins with the worked example.

    Attributes:
        is_weak: The model writes the places of a plan of code, and is shown less.
        answers, tokens: How many came; from one on, a question may stay without an answer.
        longest_s: Seconds that the slowest answer took.
        failures: Questions in a row that were not answered. A call that fails falls back alone; after ``MAX_FAILURES``
            the model is not asked any more.
        done: How much of the world is there: the basis, the plan, and each place.
    """

    chat: Chat
    seed: int
    premise: str
    ids: Ids
    feature_names: frozenset[str]
    progress: Progress
    chapter: ChapterText | None = None
    is_weak: bool = False
    answers: int = 0
    tokens: int = 0
    longest_s: float = 0.0
    failures: int = 0
    failure: str = ""
    done: int = 0
    turns: list[Turn] = field(init=False)
    notes: list[str] = field(default_factory=list)
    _lock: ProcessLock = field(default_factory=ProcessLock, repr=False)

    def __post_init__(self) -> None:
        self.turns = [*turns(is_weak=self.is_weak)]

    @property
    def has_stopped(self) -> bool:
        """Whether the model is not asked any more."""
        return self.failures >= MAX_FAILURES

    @property
    def loss(self) -> str:
        """What was lost because the model did not answer, in words; empty when it always did."""
        if self.has_stopped:
            return f"the model stopped answering, and the rest is told plainly: {self.failure}"
        if self.failure:
            return f"a question was not answered, and what it asked for is told plainly: {self.failure}"
        return ""

    def ask(
        self,
        question: str,
        schema: Mapping[str, Any],
        *,
        max_tokens: int,
        what: str,
        before: Sequence[Turn] = (),
        report_status: Callable[[str], None] | None = None,
    ) -> ParsedAnswer:
        """Ask a question after all earlier turns; it is empty when none comes. Threads may ask at once."""
        report_status = report_status or self.report
        if self.has_stopped:
            return ParsedAnswer(None, interruption=self.failure, is_failure=True)

        report_status(what)
        messages = [*self.turns, *before, {"role": "user", "content": question}]
        question_seed = seed_of("direct", self.seed, len(messages), question) % 2**31
        # a large model would only be kept from its JSON, and from motifs
        penalty = REPETITION_PENALTY if self.chat.is_weak else 0.0
        options = AnswerOptions(max_tokens, question_seed, frequency_penalty=penalty)
        try:
            request = ChatRequest(system(is_weak=self.is_weak), messages, schema, options)
            answer = self.chat.reply(request, lambda arrival: report_status(f"{what}: {arrival}"))
        except WorldError as error:
            if not self.answers:
                raise
            with self._lock:
                # what was not asked before the stop says nothing about what was asked after it
                self.failures += not isinstance(error, NotRemembered)
                self.failure = str(error)
            return ParsedAnswer(None, interruption=str(error), is_failure=True)
        with self._lock:
            self.failures = 0
            self.answers += 1
            self.tokens += answer.tokens
            self.longest_s = max(self.longest_s, answer.seconds)
        data = None
        with suppress(AnswerRejected):
            data = read_json(answer.text, tuple(schema.get("required", ()))[:1], partial=True)
        return ParsedAnswer(data, answer.text, answer.interruption)

    @property
    def states(self) -> int:
        """How many states it has, endings included."""
        return len(self.ids.inner) + len(self.ids.endings)

    def drawn_moves(self) -> list[MoveOutline]:
        """Return moves without words that hold: a row for a chapter, whose parts come in order, else a tree."""
        text = self.chapter.text if self.chapter else self.premise
        dice = random.Random(seed_of("direct", text, self.seed, self.states))
        if self.chapter:
            return shape.draw_row(self.ids, dice)
        return shape.draw_shape(self.ids, dice)

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
