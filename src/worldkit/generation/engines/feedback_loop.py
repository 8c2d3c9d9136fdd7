"""A conversation with a capable model: one question, an answer that must be fit, and rounds in which it mends its own.

What comes back is read by the caller and never trusted: whatever is refused is handed back word for word, as often as
``ROUNDS`` allows, and then it is an error that names every refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress
from worldkit.generation.engines.conversation import AnswerOptions, Arriving, Chat
from worldkit.generation.engines.replies import LONGEST, AnswerRejected, read_json

__all__ = ["LONGEST", "ROUNDS", "AnswerRejected", "Chat", "RejectedAnswer", "converse", "rounds"]

T = TypeVar("T")

ROUNDS = 3
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


class Undecided(WorldError):
    """No answer of a model was fit.

    Attributes:
        refusals: What was refused in every round.
    """

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
    seed: int = 1,
    max_tokens: int = 4000,
    on_round: Callable[[int, str], None] = lambda number, rate: None,
) -> tuple[T, tuple[RejectedAnswer, ...]]:
    """Ask until an answer is fit.

    Args:
        chat: The model.
        system: What it is told it does.
        question: What it is asked.
        schema: The JSON Schema of an answer.
        parse: Makes something of the JSON that came; raises ``AnswerRejected`` to have it mended.
        what: What was wanted, for the error: ``"the revision"``.
        seed: Goes with the first question, and the next number with the next.
        max_tokens: Tokens of an answer at most.
        on_round: Called with the number of each round, from 1, before it begins, and while an answer arrives also with
            how fast it comes.

    Returns:
        What ``parse`` returned, and the refusals on the way.

    Raises:
        WorldError: No answer was fit; it names what was refused in every round.
    """
    turns: list[dict[str, str]] = [{"role": "user", "content": question}]
    refusals: list[RejectedAnswer] = []
    required = tuple(schema.get("required", ()))
    for number in range(1, ROUNDS + 2):
        on_round(number, "")

        def report_arrival(arrival: Arriving, number: int = number) -> None:
            on_round(number, str(arrival))

        answer = chat.reply(
            system,
            turns,
            schema,
            AnswerOptions(max_tokens, seed + number - 1, TEMPERATURE),
            report_arrival,
        )
        try:
            try:
                value = read_json(answer.text, required)
            except AnswerRejected as unreadable:
                if answer.interruption:
                    raise AnswerRejected(
                        f"the answer broke off, because {answer.interruption}; answer more briefly"
                    ) from None
                raise unreadable from None
            return parse(value), tuple(refusals)
        except AnswerRejected as error:
            refusals.append(RejectedAnswer(number, str(error)))
        # the last answer alone is shown: a longer conversation costs time, and small models lose the thread
        turns = [
            turns[0],
            {"role": "assistant", "content": answer.text[:LONGEST] or "(nothing)"},
            {
                "role": "user",
                "content": f"That cannot be taken: {refusals[-1].reason}\n"
                "Nothing was changed. Answer again in full, with this mended, as JSON of the same form.",
            },
        ]
    refusal_lines = "\n".join(f"  {refusal}" for refusal in refusals)
    message = f"{chat.name} gave no answer that {what} could be made of; nothing was changed:\n{refusal_lines}"
    raise Undecided(message, tuple(refusals))


def rounds(progress: Progress, first_label: str) -> Callable[[int, str], None]:
    """Return what tells a progress of the rounds of ``converse``.

    Args:
        progress: The progress.
        first_label: What the first round is called; those after it are corrections.
    """

    def report_round(number: int, rate: str) -> None:
        label = first_label if number == 1 else f"correction {number - 1}"
        progress(number - 1, ROUNDS + 1, f"{label}: {rate}" if rate else label)

    return report_round
