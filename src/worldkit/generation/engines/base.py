"""What the writer asks of a language model, whichever runs it: many short constrained answers at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from worldkit.core.errors import ModelError, WorldError

WEAK = 4_000_000_000
"""Parameters below which a model falls into loops, and writes what does not agree with its own plan."""
CAPABLE = 900_000_000
"""Parameters from which a model is asked for plans and whole places; smaller ones are asked for single sentences."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One string wanted from the model.

    Attributes:
        system: What the model is told it does.
        examples: Worked examples, ``(question, answer)``.
        question: What is asked.
        prefix: Words the answer is made to begin with; no space at its end.
        grammar: A Lark grammar, as llguidance reads it, of what follows the prefix.
        seed: Seed of this answer alone, so that it does not hang on its neighbours in the batch.
        min_characters: Characters that a useful answer has at least, the prefix counted.
        max_tokens: Tokens after which the answer is given up.
        suffix: Words that the grammar ends the answer with. An engine that cannot be held to a grammar puts them
            after it.
    """

    system: str
    examples: tuple[tuple[str, str], ...]
    question: str
    prefix: str
    grammar: str
    seed: int
    min_characters: int = 0
    max_tokens: int = 96
    suffix: str = ""

    @property
    def turns(self) -> list[dict[str, str]]:
        """The ask as turns of a conversation, the system's first."""
        turns = [("system", self.system)]
        for question, answer in self.examples:
            turns += [("user", question), ("assistant", answer)]
        return [{"role": role, "content": text} for role, text in [*turns, ("user", self.question)]]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        text: The prefix and what the model wrote after it.
        is_complete: It ended where its grammar says it may end.
        mean_logprob: Mean log-probability of the tokens that it chose among several, as the model itself gives them.
        tokens: How many were decoded.
        failure: Why there is no answer, when the engine has stopped answering for good.
    """

    text: str
    is_complete: bool
    mean_logprob: float
    tokens: int
    failure: str = ""


OnReply = Callable[[int, Reply], None]
"""Called with each reply as it ends, and the place of its ask; an interrupt that it raises ends the engine's work."""


class TaskRefused(WorldError):
    """What was asked for cannot be done, for a reason that whoever asked can act on.

    A server shows its text to the caller. That of another error may name files and addresses, and goes to its log.
    """


class CannotAnswer(ModelError):
    """A model cannot answer so long a question; it may still answer short ones."""


class Engine(Protocol):
    """A language model that answers many asks at once; a capable one says what it likes."""

    name: str
    capable: bool

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        """Return a reply to every ask, in order.

        Raises:
            KeyboardInterrupt: It was interrupted; ``on_reply`` was called with what it had answered.
            WorldError: The engine cannot answer at all.
        """
        ...


def seed_of(*parts: object) -> int:
    """Return a seed that the same parts give on every machine and in every process."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
