"""Reads what models really answer: thoughts, channels, code fences, words around the JSON, and JSON that was cut.

The shapes are those that servers are known to send: thoughts in the text with both tags, with the closing one alone
(the template wrote the opening one), or never closed; the channels of gpt-oss as tokens or, where a server dropped
those, as bare words; the content as a list of parts; and JSON that was filed under the thoughts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from pydantic_core import from_json

MAX_ANSWER_CHARACTERS = 400_000
"""Characters of an answer that are looked at; a longer one is refused unread."""
MAX_NESTING_DEPTH = 40
"""How deep the JSON of an answer may be nested; no question asks for more than ten."""


class AnswerRejected(Exception):
    """An answer cannot be used; the message is for the model that gave it."""


# ---- what was said aloud -----------------------------------------------------------------------------

_NAMES = r"think|thinking|thought|thoughts|reasoning|seed:think"
_THOUGHTS = tuple(
    (re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE))
    for opening, closing in (
        (rf"<(?:{_NAMES})>", rf"</(?:{_NAMES})>"),
        (r"\[THINK\]", r"\[/THINK\]"),
        (r"◁think▷", r"◁/think▷"),
        (r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),
        (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),
        (r"<\|channel>thought", r"<channel\|>"),
    )
)
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)\b[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>")
_BARE_CHANNELS = re.compile(r"\Aanalysis.*?assistantfinal", re.DOTALL)
_END_TOKEN = re.compile(
    r"<\|(?:end|return|call|start|im_end|eot_id|endoftext|eom_id|END_RESPONSE|end_of_solution)\|>|</s>|<end_of_turn>"
)
_OPENING_TAG = re.compile(
    r"\A\s*(?:<\|START_RESPONSE\|>|<\|begin_of_solution\|>|<answer>|<response>)\s*", re.IGNORECASE
)
_CLOSING_TAG = re.compile(r"(?<!\s)\s*</(?:answer|response)>\s*\Z", re.IGNORECASE)


def spoken(text: str) -> str:
    """Return what a model said aloud: its thoughts, the marks of channels and of ends are left out.

    Args:
        text: What came, whole or a part of it. Thoughts that were never ended leave nothing.
    """
    if "<|channel|>" in text:
        text = _final_channel(text)
    elif text.startswith("analysis"):
        text = _BARE_CHANNELS.sub("", text)
    for opening_pattern, closing_pattern in _THOUGHTS:
        text = _without_thoughts(text, opening_pattern, closing_pattern)
    if end := _END_TOKEN.search(text):
        text = text[: end.start()]
    return _CLOSING_TAG.sub("", _OPENING_TAG.sub("", text)).lstrip()


def _final_channel(text: str) -> str:
    *_, last_match = [None, *_CHANNEL.finditer(text)]
    if last_match is None or last_match[1] != "final":
        return ""
    return text[last_match.end() :]


def _without_thoughts(text: str, opening_pattern: re.Pattern[str], closing_pattern: re.Pattern[str]) -> str:
    *_, last_closing = [None, *closing_pattern.finditer(text)]
    if last_closing is not None:
        first_opening = opening_pattern.search(text, 0, last_closing.start())
        text = (text[: first_opening.start()] if first_opening else "") + text[last_closing.end() :]
    if open_thought := opening_pattern.search(text):
        text = text[: open_thought.start()]
    return text


def text_of(content: Any) -> str:
    """Return the text of a message's content, which some servers send in parts; those of thoughts are left out."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (part.get("text") for part in content if isinstance(part, dict) and part.get("type") in ("text", None))
    return "".join(part for part in parts if isinstance(part, str))


# ---- JSON --------------------------------------------------------------------------------------------


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_constant)
"""Takes line breaks inside strings."""
_BEGIN_OF_VALUE = re.compile(r"""\{(?=\s*["}])|\[(?=\s*(?:["{\[\]\d-]|true|false|null))""")
_STRING_OR_EXTRA_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]")
_MAX_TRIES = 8
"""Brackets at which there is no JSON as it stands; more in one answer are not looked at, so that the time stays in
proportion to the answer's length."""


def read_json(text: str, required: Collection[str] = (), *, partial: bool = False) -> Any:
    """Return the JSON of an answer, wherever it stands in it.

    Args:
        text: The answer.
        required: Keys that the object has; among several objects one that has them is taken.
        partial: The answer may have been cut: what is open is closed then, and a string that is open is left out.

    Raises:
        AnswerRejected: There is none; the message says what to do.
    """
    if len(text) > MAX_ANSWER_CHARACTERS:
        raise AnswerRejected(f"the answer has {len(text):,} characters; expected at most {MAX_ANSWER_CHARACTERS:,}")
    rest = spoken_text = spoken(text)
    problem = "there is no JSON in it" if spoken_text.strip() else "it is empty"
    values: list[Any] = []
    position = tries = 0
    is_inside = False
    while tries < _MAX_TRIES and (bracket := _BEGIN_OF_VALUE.search(rest, position)):
        was_inside = is_inside
        try:
            value, position = _DECODER.raw_decode(rest, bracket.start())
        except (ValueError, RecursionError):
            tries += 1
            rest = _STRING_OR_EXTRA_COMMA.sub(r"\1", rest[bracket.start() :])
            try:
                value, position = _DECODER.raw_decode(rest)
            except (ValueError, RecursionError) as error:
                position, is_inside = 1, True
                try:
                    value = _cut_value(rest, error, partial and not was_inside)
                except ValueError as cut_error:
                    problem = str(cut_error)
                    continue
        if _is_deep(value):
            problem = "its JSON is nested too deeply"
            continue
        if required and isinstance(value, list) and len(value) == 1 and _has(value[0], required):
            value = value[0]  # some models put the object into a list
        # what stands inside of something that was cut is a part of the answer, and not the answer
        if not was_inside or (required and _has(value, required)):
            values.append(value)
    if values:
        return next((value for value in reversed(values) if _has(value, required)), values[-1])
    with suppress(ValueError, RecursionError):
        value = _DECODER.decode(spoken_text)  # a bare number, string or constant
        if not _is_deep(value):
            return value
    raise AnswerRejected(f"the answer is not JSON ({problem}); answer with JSON and nothing else")


def _cut_value(text: str, error: Exception, partial: bool) -> Any:
    """Return the value that a text begins with and that cannot be read, as far as it goes, or raise what is wrong."""
    if partial:
        return from_json(_CONTROL.sub(" ", text), allow_partial=True, allow_inf_nan=False)
    if isinstance(error, json.JSONDecodeError) and (error.pos >= len(text) or error.msg.startswith("Unterminated")):
        raise ValueError("it ends in the middle")
    raise ValueError(str(error))


def _is_deep(value: Any) -> bool:
    """Say whether lists and objects stand in one another more than ``MAX_NESTING_DEPTH`` times."""
    level = [value]
    for _ in range(MAX_NESTING_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def _has(value: Any, required: Collection[str]) -> bool:
    return isinstance(value, dict) and all(key in value for key in required)
