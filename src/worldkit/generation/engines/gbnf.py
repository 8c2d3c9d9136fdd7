"""Grammars in the form that llama.cpp reads (GBNF), so that a small model behind its server is held to them too."""

from __future__ import annotations

import json
import re

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|/[^/]*/|[A-Za-z_]+')
_STEP = re.compile(r"[^()|]+|[()|]")


def gbnf(grammar: str, prefix: str) -> str:
    """Return a grammar in llama.cpp's form.

    Args:
        grammar: Rules of strings, names and patterns of words with alternatives, as llguidance reads them.
        prefix: Words that the answer begins with, before what the grammar allows.
    """
    rules = [f"root ::= {json.dumps(prefix)} start"]
    for line in grammar.strip().splitlines():
        name, _, body = line.partition(": ")
        rules.append(f"{_name(name)} ::= {_PART.sub(_part, body)}")
    return "\n".join(rules) + "\n"


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
