"""What a conversation with a model is: what is asked, what arrives, and the answer, which may be incomplete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


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


DEFAULT_OPTIONS = AnswerOptions()


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


@dataclass(frozen=True, slots=True)
class Arriving:
    """An answer while it arrives; as text it says how fast it comes and how long it can still take.

    Until something comes, it says only what is known: nothing can be said of the speed.

    Attributes:
        tokens: How many tokens have come.
        seconds: Since the question was sent.
        first: Seconds until the first token came.
        max_tokens: How many tokens there can be.
        share_read: How much of the question the model has read, 0 to 1, where the server tells.
        is_sent: Whether there is a connection, and the question is on its way.
    """

    tokens: int
    seconds: float
    first: float
    max_tokens: int
    share_read: float = 0.0
    is_sent: bool = True

    def __str__(self) -> str:
        if self.tokens == 1:
            return f"the answer begins, {self.seconds:.0f} s"
        if not self.tokens and self.share_read:
            return f"the model reads the question ({self.share_read:.0%}), {self.seconds:.0f} s"
        if not self.tokens:
            return f"no answer yet ({self.seconds:.0f} s)" if self.is_sent else f"connecting ({self.seconds:.0f} s)"
        per_second = (self.tokens - 1) / max(1e-3, self.seconds - self.first)
        left = max(0, self.max_tokens - self.tokens) / per_second
        duration = f"{left:.0f} s" if left < 120 else f"{left / 60:.0f} min"
        return f"{per_second:.1f} tokens/s, at most {duration} left"


OnText = Callable[[Arriving], None]


def ignore(_: Arriving) -> None:
    """Ignore what arrives."""


class Chat(Protocol):
    """A language model that holds a conversation."""

    name: str

    def reply(
        self,
        system: str,
        messages: Sequence[Mapping[str, str]],
        schema: Mapping[str, Any] | None = None,
        options: AnswerOptions = DEFAULT_OPTIONS,
        on_text: OnText = ignore,
    ) -> ModelAnswer:
        """Return the model's next turn.

        Args:
            system: What the model is told it does.
            messages: The turns so far, ``{"role": "user" or "assistant", "content": ...}``, a user's last.
            schema: A JSON Schema that the answer is to follow, where the model can be held to one.
            options: How the answer is drawn.
            on_text: Called in the caller's thread with what has arrived. An interrupt raised there cancels at once.

        Returns:
            The answer. When it broke off, fell silent or grew too long, the part that arrived, marked as not complete.

        Raises:
            CannotAnswer: The question is too long for the model, or for the memory that it has.
            WorldError: Nothing came.
        """
        ...
