"""One conversation with a model about one world: its questions, the answers, and how it ends when the model fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from worldkit.core.errors import WorldError
from worldkit.generation.direct.example import Turn, system, turns
from worldkit.generation.engines.base import AnswerOptions, Arriving, Chat, ChatRequest, seed_of
from worldkit.generation.engines.memory import NotRemembered
from worldkit.generation.engines.replies import AnswerRejected, read_json


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer of the model, and the JSON in it.

    Attributes:
        data: The JSON, as far as the answer holds it; None when it holds none.
        text: The answer.
        interruption: Why it is not complete; empty when it is.
        is_failure: Whether the model did not answer at all.
    """

    data: Any
    text: str = ""
    interruption: str = ""
    is_failure: bool = False


@dataclass
class Conversation:
    """A conversation about one world.

    Attributes:
        chat: The model.
        seed: The world's seed; every question has its own, made of it.
        turns: The conversation so far, the worked example first.
        answers: How many answers came.
        tokens: How many tokens they took.
        longest_s: Seconds that the slowest of them took.
        failures: Questions in a row that were not answered. A call that fails falls back alone; after ``MOST_FAILURES``
            the model is not asked any more.
        failure: Why the last of them was not.
    """

    chat: Chat
    seed: int
    turns: list[Turn] = field(default_factory=list)
    answers: int = 0
    tokens: int = 0
    longest_s: float = 0.0
    failures: int = 0
    failure: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self.turns = [*turns(is_weak=self.is_weak), *self.turns]

    @property
    def holds_lengths(self) -> bool:
        """Whether the model can be held to the length of a text by its schema."""
        return bool(getattr(self.chat, "holds_lengths", False))

    @property
    def is_weak(self) -> bool:
        """Whether the model contradicts its own plan, so that what it writes is judged strictly."""
        return bool(getattr(self.chat, "is_weak", False))

    @property
    def has_stopped(self) -> bool:
        """Whether the model is not asked any more."""
        return self.failures >= MOST_FAILURES

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
        report_status: Callable[[str], None],
        before: Sequence[Turn] = (),
    ) -> ParsedAnswer:
        """Ask a question after all earlier turns, and return the answer; an empty one when the model does not answer.

        Several threads may ask at the same time.

        Args:
            question: The question.
            schema, max_tokens: The JSON Schema of the answer, and how many tokens it may take.
            what: What it is about, for who watches.
            report_status: Called with what is going on, while the answer arrives.
            before: Turns between the earlier ones and the question.

        Raises:
            WorldError: The model cannot be reached: the first question got no answer.
            KeyboardInterrupt: It was interrupted.
        """
        if self.has_stopped:
            return ParsedAnswer(None, interruption=self.failure, is_failure=True)

        def on_text(arriving: Arriving) -> None:
            report_status(f"{what}: {arriving}")

        report_status(what)
        messages = [*self.turns, *before, {"role": "user", "content": question}]
        question_seed = seed_of("direct", self.seed, len(messages), question) % 2**31
        # a large model would only be kept from its JSON, and from motifs
        penalty = PENALTY if self.is_weak else 0.0
        options = AnswerOptions(max_tokens, question_seed, frequency_penalty=penalty)
        try:
            answer = self.chat.reply(ChatRequest(system(is_weak=self.is_weak), messages, schema, options), on_text)
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


PENALTY = 0.3
"""Taken off what an answer of a small model says again: it falls into loops without."""
MOST_FAILURES = 2
MOST_REFUSALS = 12


def correction(refusals: Sequence[str]) -> str:
    """Return what a model is told about what cannot be taken: the first ``MOST_REFUSALS`` reasons, a sentence each.

    It is told once: a model that does not put a text right then does not put it right later, and code repairs it.
    """
    refusal_list = "\n".join(f"- {refusal}" for refusal in refusals[:MOST_REFUSALS])
    return f"This cannot be taken:\n{refusal_list}\nAnswer again, with this put right."
