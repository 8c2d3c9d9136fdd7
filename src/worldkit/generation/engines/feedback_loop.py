"""Talking with a capable model: one question, an answer that must be fit, and rounds in which it mends its own.

What comes back is read by the caller and never trusted: whatever is refused is handed back word for word, so often as
``ROUNDS`` allows, and then it is an error that names every refusal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from worldkit.core.errors import WorldError

T = TypeVar("T")

ROUNDS = 3
"""How many times a refused answer is handed back."""

LONGEST = 400_000
"""Characters of an answer that are looked at; a longer one is refused unread."""

_FENCED = re.compile(r"\A\s*```[a-z]*\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)


class Chat(Protocol):
    """A language model that holds a conversation."""

    name: str

    def complete(
        self, system: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None = None
    ) -> str:
        """Return the model's next turn.

        Args:
            system: What the model is told it does.
            messages: The turns so far, ``{"role": "user" or "assistant", "content": ...}``, a user's last.
            schema: A JSON Schema that the answer is to follow, where the model can be held to one.
        """
        ...


class Refused(Exception):
    """An answer cannot be used; the message is for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One answer that was not taken.

    Attributes:
        round: Which, from 1.
        reason: What it was told.
    """

    round: int
    reason: str

    def __str__(self) -> str:
        return f"round {self.round}: {self.reason}"


def converse(
    chat: Chat,
    system: str,
    question: str,
    schema: Mapping[str, Any],
    read: Callable[[Any], T],
    *,
    what: str,
    heard: Callable[[int], None] = lambda _: None,
) -> tuple[T, tuple[Refusal, ...]]:
    """Ask until an answer is fit.

    Args:
        chat: The model.
        system: What it is told it does.
        question: What it is asked.
        schema: The JSON Schema of an answer.
        read: Makes something of the JSON that came; raises ``Refused`` to have it mended.
        what: What was wanted, for the error: ``"the revision"``.
        heard: Called with the number of each round, from 1, before it begins.

    Returns:
        What ``read`` made, and the refusals on the way.

    Raises:
        WorldError: No answer was fit; it names what was refused in every round.
    """
    turns: list[dict[str, str]] = [{"role": "user", "content": question}]
    refusals: list[Refusal] = []
    for number in range(1, ROUNDS + 2):
        heard(number)
        said = chat.complete(system, turns, schema)
        try:
            return read(parsed(said)), tuple(refusals)
        except Refused as refused:
            refusals.append(Refusal(number, str(refused)))
        turns += [
            {"role": "assistant", "content": said[:LONGEST]},
            {
                "role": "user",
                "content": f"That cannot be taken: {refusals[-1].reason}\n"
                "Nothing was changed. Answer again in full, with this mended, as JSON of the same form.",
            },
        ]
    told = "\n".join(f"  {refusal}" for refusal in refusals)
    raise WorldError(f"{chat.name} gave no answer that {what} could be made of; nothing was changed:\n{told}")


def parsed(said: str) -> Any:
    """Return the JSON of an answer, which may stand in a code fence.

    Args:
        said: The answer.

    Raises:
        Refused: It is no JSON.
    """
    if len(said) > LONGEST:
        raise Refused(f"the answer has {len(said):,} characters; expected at most {LONGEST:,}")
    fenced = _FENCED.match(said)
    text = fenced[1] if fenced else said
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(f"the answer is not JSON ({error}); answer with JSON and nothing else") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
