"""What is asked of a language model, whichever runs it.

Of a small one, many short answers at once, each held to a grammar (``Ask``, ``Engine``). Of a capable one, the next
turn of a conversation, held to a schema (``Chat``), which may be incomplete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from worldkit.core.errors import ModelError, WorldError

MAX_WEAK_PARAMETERS = 4_000_000_000
"""Parameters below which a model falls into loops, and writes what does not agree with its own plan."""
MIN_CAPABLE_PARAMETERS = 900_000_000
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


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How an answer is drawn.

    Attributes:
        max_tokens: Tokens after which it ends.
        seed: Goes with the question; not every model uses it.
        temperature: How freely the model chooses.
        frequency_penalty: Taken off a token's logit for each time that the end of the answer has it; small models
            repeat less.
    """

    max_tokens: int = 4000
    seed: int = 1
    temperature: float = 0.7
    frequency_penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is to say the next turn to.

    Attributes:
        system: What the model is told it does.
        messages: The turns so far, ``{"role": "user" or "assistant", "content": ...}``, a user's last.
        schema: A JSON Schema that the answer is to follow, where the model can be held to one.
        options: How the answer is drawn.
    """

    system: str
    messages: Sequence[Mapping[str, str]]
    schema: Mapping[str, Any] | None = None
    options: AnswerOptions = AnswerOptions()

    @property
    def turns(self) -> list[Mapping[str, str]]:
        """The turns of the conversation, the system's first."""
        return [{"role": "system", "content": self.system}, *self.messages]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model said.

    Attributes:
        text: What it said aloud, without its thoughts. It may be a part: see ``is_complete``.
        is_complete: The model ended the answer itself.
        tokens: How many tokens came, thoughts included.
        seconds: How long it took.
        interruption: Why the answer is not complete, in words; empty when it is.
        is_at_limit: It ended because it had as many tokens as it may have: asked again, it would end there again.
    """

    text: str
    is_complete: bool
    tokens: int
    seconds: float = 0.0
    interruption: str = ""
    is_at_limit: bool = False


OnText = Callable[[object], None]
"""Called with what has arrived, which as text says how fast it comes and how long it can still take."""


class Chat(Protocol):
    """A language model that holds a conversation.

    Attributes:
        is_weak: It contradicts its own plan, so that it is shown less, and what it writes is judged strictly.
        holds_lengths: It can be held to the length of a text by a schema.
    """

    name: str
    is_weak: bool
    holds_lengths: bool

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        """Return the model's next turn; of one that broke off, the part that arrived, marked as not complete.

        ``on_text`` is called in the caller's thread with what has arrived. An interrupt raised there cancels at once.

        Raises:
            CannotAnswer: The question is too long for the model, or for the memory that it has.
            WorldError: Nothing came.
        """
        ...


class Engine(Chat, Protocol):
    """A language model, whatever runs it: it answers many asks at once too; a capable one says what it likes."""

    capable: bool

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        """Return a reply to every ask, in order.

        Raises:
            KeyboardInterrupt: It was interrupted; ``on_reply`` was called with what it had answered.
            WorldError: The engine cannot answer at all.
        """
        ...


def in_one_turn(turns: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Return a conversation with the system's turn in the user's first one, for models that take none of a system."""
    first, second, *rest = turns
    return [{"role": "user", "content": f"{first['content']}\n\n{second['content']}"}, *rest]


def seed_of(*parts: object) -> int:
    """Return a seed that the same parts give on every machine and in every process."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
