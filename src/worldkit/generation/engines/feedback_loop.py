"""A conversation with a capable model: one question, an answer that must be fit, and rounds in which it mends its own.

What comes back is read by the caller and never trusted: whatever is refused is handed back word for word, as often as
``MAX_RETRIES`` allows, and then it is an error that names every refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from worldkit.core.errors import ModelError
from worldkit.core.progress import Progress
from worldkit.generation.engines.base import AnswerOptions, Chat, ChatRequest, ModelAnswer
from worldkit.generation.engines.replies import MAX_ANSWER_CHARACTERS, AnswerRejected, read_json

__all__ = ["AnswerRejected", "Chat", "FitAnswer", "RejectedAnswer", "converse"]

T = TypeVar("T")

MAX_RETRIES = 3
"""How many times a refused answer is handed back."""

TEMPERATURE = 0.2
"""How freely a model chooses where one answer is right and many are wrong."""


@dataclass(frozen=True, slots=True)
class RejectedAnswer:
    """One answer that was not taken.

    Attributes:
        round: Which, from 1.
        reason: What it was told.
    """

    round: int
    reason: str

    def __str__(self) -> str:
        return f"round {self.round}: {self.reason}"


@dataclass(frozen=True, slots=True)
class FitAnswer(Generic[T]):
    """What was made of an answer that was taken, what was refused on the way, and the tokens of all answers."""

    value: T
    refusals: tuple[RejectedAnswer, ...]
    tokens: int


class Undecided(ModelError):
    """No answer of a model was fit; ``refusals`` holds what was refused in every round."""

    def __init__(self, text: str, refusals: tuple[RejectedAnswer, ...]) -> None:
        self.refusals = refusals
        super().__init__(text)


def converse(
    chat: Chat,
    system: str,
    question: str,
    schema: Mapping[str, Any],
    parse: Callable[[Any], T],
    *,
    what: str,
    seed: int,
    progress: Progress,
    label: str,
    max_tokens: int = 4000,
) -> FitAnswer[T]:
    """Ask until an answer is fit.

    Args:
        chat, system, question: The model, what it is told it does, and what it is asked.
        schema: The JSON Schema of an answer.
        parse: Makes something of the JSON that came; raises ``AnswerRejected`` to have it mended.
        what: What was wanted, for the error: ``"the revision"``.
        seed: Goes with the first question, and the next number with the next.
        progress: Told of each round before it begins, and while an answer arrives also how fast it comes.
        label: What the first round is called there; those after it are corrections.
        max_tokens: Tokens of an answer at most.

    Raises:
        Undecided: No answer was fit; it names what was refused in every round.
        WorldError: The model cannot be asked.
    """
    turns: list[dict[str, str]] = [{"role": "user", "content": question}]
    refusals: list[RejectedAnswer] = []
    token_count, last_text = 0, ""
    required = tuple(schema.get("required", ()))
    for number in range(1, MAX_RETRIES + 2):
        round_label = label if number == 1 else f"correction {number - 1}"
        progress(number - 1, MAX_RETRIES + 1, round_label)

        def report_arrival(arrival: object, number: int = number, round_label: str = round_label) -> None:
            progress(number - 1, MAX_RETRIES + 1, f"{round_label}: {arrival}")

        options = AnswerOptions(max_tokens, seed + number - 1, TEMPERATURE)
        answer = chat.reply(ChatRequest(system, turns, schema, options), report_arrival)
        token_count += answer.tokens
        is_same, last_text = answer.text == last_text, answer.text
        try:
            return FitAnswer(parse(_json_of(answer, required)), tuple(refusals), token_count)
        except AnswerRejected as error:
            refusals.append(RejectedAnswer(number, str(error)))
        # the last answer alone is shown: a longer conversation costs time, and small models lose the thread
        turns = [
            turns[0],
            # a small model that sees the answer that it gave twice gives it again
            {
                "role": "assistant",
                "content": "(the same)" if is_same else answer.text[:MAX_ANSWER_CHARACTERS] or "(nothing)",
            },
            {
                "role": "user",
                "content": f"That cannot be taken: {refusals[-1].reason}\n"
                "Nothing was changed. Answer again in full, with this mended, as JSON of the same form.",
            },
        ]
    refusal_lines = "\n".join(f"  {refusal}" for refusal in refusals)
    message = f"{chat.name} gave no answer that {what} could be made of; nothing was changed:\n{refusal_lines}"
    raise Undecided(message, tuple(refusals))


def _json_of(answer: ModelAnswer, required: tuple[str, ...]) -> Any:
    try:
        return read_json(answer.text, required)
    except AnswerRejected:
        if not answer.interruption:
            raise
        reason = f"the answer broke off, because {answer.interruption}; answer more briefly"
        raise AnswerRejected(reason) from None
