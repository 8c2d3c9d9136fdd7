"""Grammars in the form that llama.cpp reads (GBNF), one for each place in an answer where a small model chooses.

Most words of an answer are certain. A model that is asked for the others alone writes a third of the tokens, and
llama.cpp goes less often through its whole vocabulary, as it does where a model would say something else than the
grammar allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|/[^/]*/|[A-Za-z_]+')
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
_FIRST_WORD = re.compile(rf"\s*(?:{_WORD.pattern})")
_STEP = re.compile(r"[^()|]+|[()|]")


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A place in an answer where the model chooses.

    Attributes:
        before: The words between the open part before it, or the beginning, and this one.
        grammar: What may be said there, in llama.cpp's form, with the word after it.
        after: The first word of what follows; empty at the end of the answer. With it the model chooses between going
            on and the next word, as it would in a whole answer.
        words: All words of the grammar.
    """

    before: str
    grammar: str
    after: str
    words: tuple[str, ...]


def open_parts(grammar: str, prefix: str) -> tuple[list[OpenPart], str]:
    """Return the places of an answer where the model chooses, and the words after the last of them.

    Args:
        grammar: Rules of strings, names and patterns of words with alternatives, as llguidance reads them. The first
            is a row of strings and names.
        prefix: Words that the answer begins with, before what the grammar allows.

    Raises:
        ValueError: The first rule is no such row.
    """
    rules = dict(line.split(": ", 1) for line in grammar.strip().splitlines())
    start = rules.pop("start")
    if _PART.sub("", start).strip():
        raise ValueError(f"the first rule of a grammar is {start!r}; expected a row of strings and names")
    texts, open_rows = [prefix], list[list[str]]()
    for is_text, items in groupby(_PART.findall(start), key=lambda part: _TEXT.fullmatch(part) is not None):
        if not is_text:
            open_rows.append([*items])
            texts.append("")
        else:
            texts[-1] += "".join(map(json.loads, items))
    parts = [
        _open_part(before, row, following, rules)
        for row, (before, following) in zip(open_rows, pairwise(texts), strict=True)
    ]
    return parts, texts[-1]


def _open_part(before: str, row: Sequence[str], following: str, rules: Mapping[str, str]) -> OpenPart:
    # a turn that ends with a space is continued worse than one that ends with a word
    turn = before.rstrip(" ")
    first_word = _FIRST_WORD.match(following)
    after = first_word[0] if first_word else ""
    root = " ".join([json.dumps(before[len(turn) :]), *row, json.dumps(after)])
    used_rules = {"root": root, **{name: rules[name] for name in _reachable(row, rules)}}
    lines = [f"{_name(name)} ::= {_PART.sub(_part, body)}" for name, body in used_rules.items()]
    allowed_texts = [json.loads(text) for line in lines for text in _TEXT.findall(line)]
    words = dict.fromkeys(word for text in allowed_texts for word in _WORD.findall(text))
    return OpenPart(turn, "\n".join(lines) + "\n", after, tuple(words))


def _reachable(names: Iterable[str], rules: Mapping[str, str]) -> list[str]:
    """Return the names of rules that some names lead to, these first."""
    reachable_names = dict.fromkeys(names)
    pending = [*reachable_names]
    while pending:
        mentioned_names = [name for name in _PART.findall(rules[pending.pop()]) if name in rules]
        pending += [name for name in mentioned_names if name not in reachable_names]
        reachable_names |= dict.fromkeys(mentioned_names)
    return [*reachable_names]


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
