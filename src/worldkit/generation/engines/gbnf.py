"""Grammars in the form that llama.cpp reads (GBNF), one for each place in an answer where a small model chooses.

Most words of an answer are certain. A model that is asked for the others alone writes a third of the tokens, and
llama.cpp goes less often through its whole vocabulary, as it does where a model would say something else than the
grammar allows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|/[^/]*/|[A-Za-z_]+')
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_STEP = re.compile(r"[^()|]+|[()|]")


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A place in an answer where the model chooses.

    Attributes:
        before: The words between the open part before it, or the beginning, and this one.
        grammar: What may be said there, in llama.cpp's form.
    """

    before: str
    grammar: str


def open_parts(grammar: str, prefix: str) -> tuple[list[OpenPart], str]:
    """Return the places of an answer where the model chooses, and the words after the last of them.

    Args:
        grammar: Rules of strings, names and patterns of words with alternatives, as llguidance reads them. The first
            is a row of strings and names.
        prefix: Words that the answer begins with, before what the grammar allows.

    Raises:
        ValueError: The first rule is no such row.
    """
    start, *others = (line.split(": ", 1) for line in grammar.strip().splitlines())
    if _PART.sub("", start[1]).strip():
        raise ValueError(f"the first rule of a grammar is {start[1]!r}; expected a row of strings and names")
    rules = "".join(f"{_name(name)} ::= {_PART.sub(_part, body)}\n" for name, body in others)
    parts, before = [], prefix
    for part in _PART.findall(start[1]):
        if _TEXT.fullmatch(part):
            before += json.loads(part)
            continue
        # a turn that ends with a space is continued worse than one that ends with a word
        words = before.rstrip(" ")
        space = json.dumps(before[len(words) :])
        parts.append(OpenPart(words, f"root ::= {space} {_PART.sub(_part, part)}\n{rules}"))
        before = ""
    return parts, before


def _part(match: re.Match[str]) -> str:
    text = match[0]
    if text[0] == '"':
        return text
    if text[0] == "/":
        return " ".join(step if step and step in "()|" else json.dumps(step) for step in _steps(text[1:-1]))
    return _name(text)


def _steps(pattern: str) -> list[str]:
    """Return a pattern in steps, with an empty text where an alternative is empty."""
    steps: list[str] = []
    for step in _STEP.findall(pattern):
        if step in "|)" and steps and steps[-1] in "(|":
            steps.append("")
        steps.append(step)
    return steps


def _name(name: str) -> str:
    return name.lower().replace("_", "-")
