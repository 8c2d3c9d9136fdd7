"""Reading what a language model answers: which of the choices it names, or why it names none, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.core.errors import NotAvailable
from worldkit.core.json_values import Json
from worldkit.core.quoting import did_you_mean, quote
from worldkit.envs.choices import LegalAction

TOOL = "choose"
INSTRUCTION = "Answer with the number of one choice."

# possessive quantifiers: a model that goes on with dots for ever is read in time that grows with the length

_LEADING_NUMBER = re.compile(
    r"\W*+(?:(?:choice|option|action)\W*+|(?<!-))(\d++)\b(?!\.\d)(?!\W*+(?:(?:and|or|to)\W++)?\d)", re.IGNORECASE
)
"""A line that begins with a number, such as "2. walk", and not with several, as "1 or 2" does."""

_ONLY_NUMBER = re.compile(r"\D*+(?<!-)\b(\d++)\b\W*+")
"""A line that ends with the one number in it, such as "I choose 2."."""

_FINAL_CHOICE = re.compile(r"\b(?:choice|option|action|choose|pick|take)\W{1,9}(\d++)\b\W*+\Z", re.IGNORECASE)
"""What a reply decides for at its end, as in "Option 1 is bad. Take option 2.", which names two."""

_REJECTION = re.compile(r"\b(?:not|rather than|instead of) (?:(?:choice|option|action|number) )?\d++\b", re.IGNORECASE)
"""What a reply says that it does not choose, as in "option 2, not 1"."""


def tool_of(choices: Sequence[LegalAction]) -> Json:
    """Return the choices as a tool, in the form that chat endpoints take (``tools=[...]``)."""
    menu = "; ".join(f"{number}: {choice.label}" for number, choice in enumerate(choices, 1))
    choice = {"type": "integer", "enum": list(range(1, len(choices) + 1)), "description": menu}
    return {
        "type": "function",
        "function": {
            "name": TOOL,
            "description": "Do one of the things that can be done here.",
            "parameters": {
                "type": "object",
                "properties": {"choice": choice},
                "required": ["choice"],
                "additionalProperties": False,
            },
        },
    }


def choice_named(reply: str | int | Mapping[str, Any], choices: Sequence[LegalAction]) -> LegalAction:
    """Return the choice that a reply names.

    Args:
        reply: A number, a label, an event's name, the arguments of a tool call, or a text that begins or ends with
            one of these.
        choices: What can be done.

    Raises:
        NotAvailable: It names none of them, or several, such as all of them and then one.
    """
    value = _value_of(reply)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= len(choices):
        return choices[value - 1]
    if not isinstance(value, str):
        raise _refusal(quote(value), choices)
    text = _REJECTION.sub("", value)
    lines = [line for line in text.strip().splitlines() if line.strip()]
    matches = [_match(part, choices) for part in dict.fromkeys([text, *lines[:1], *lines[-1:]])]
    matches.append(_numbered(_FINAL_CHOICE.search(text), choices))
    choices_by_action = {choice.action: choice for choice in matches if choice is not None}
    if len(choices_by_action) > 1:
        raise _refusal(value.strip(), choices, "it names several of the choices")
    if not choices_by_action:
        raise _refusal(value.strip(), choices)
    return next(iter(choices_by_action.values()))


def _value_of(reply: Any) -> Any:
    """Return the choice inside the arguments of a tool call, given as an object or as JSON; else the reply itself."""
    if isinstance(reply, str) and reply.lstrip().startswith("{"):
        try:
            reply = json.loads(reply)
        except (ValueError, RecursionError):
            return reply
    if isinstance(reply, Mapping):
        reply = reply.get("choice", reply)
    if isinstance(reply, float) and reply.is_integer():
        return int(reply)
    return int(reply) if isinstance(reply, str) and re.fullmatch(r"\s*+\d{1,6}\s*+", reply) else reply


def _match(text: str, choices: Sequence[LegalAction]) -> LegalAction | None:
    words = _plain(text)
    sentence = f" {words} "
    same = [choice for choice in choices if words in (_plain(choice.label), _plain(choice.name))]
    if len(same) == 1:
        return same[0]
    choice = _numbered(_LEADING_NUMBER.match(text), choices)
    if choice is not None:
        return choice
    labels = ((choice, _plain(choice.label)) for choice in choices)
    inside = [choice for choice, label in labels if label and f" {label} " in sentence]
    if inside:
        return inside[0] if len(inside) == 1 else None
    return _numbered(_ONLY_NUMBER.fullmatch(text), choices)


def _numbered(number: re.Match[str] | None, choices: Sequence[LegalAction]) -> LegalAction | None:
    """Return the choice with a number that was found; None where there is no such one."""
    choice_number = int(number[1][:6]) if number else 0
    return choices[choice_number - 1] if 1 <= choice_number <= len(choices) else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.replace("_", " ").lower()))


def _refusal(text: str, choices: Sequence[LegalAction], problem: str = "it names none of the choices") -> NotAvailable:
    menu = "; ".join(f"{number}. {choice.label}" for number, choice in enumerate(choices, 1))
    near = did_you_mean(text, [choice.label for choice in choices])
    advice = f"answer with one number: {menu}" if choices else "the run is over"
    return NotAvailable(text[:80], "unknown", f"{problem}{near}; {advice}")
