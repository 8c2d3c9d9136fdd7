"""What llama.cpp's server takes and says beside OpenAI's protocol: grammars, likelier tokens, the size of its model.

Most words of an answer are certain. A model that is asked for the others alone writes a third of the tokens: for each
place where it chooses there is a grammar in llama.cpp's form (GBNF). And llama.cpp goes through its whole vocabulary
wherever a model would say something else than its grammar allows, which takes longer than the token itself. So the
tokens of a grammar's words are made likelier than all others, each by as much: what the model prefers among them stays
the same, and the grammar refuses less often.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from worldkit.generation.engines.openai_client import OpenAIClient
from worldkit.model_access import background_loop
from worldkit.model_access.answer_body import read_body
from worldkit.model_access.endpoint import Endpoint

LOGIT_BIAS = 20.0
"""What is added to the logit of a token."""
TIMEOUT_S = 5.0
"""Seconds that a whole answer may take."""
MAX_BYTES = 1 << 20

_SIZE = re.compile(r"(?<!\d)(\d+(?:\.\d+)?)([bm])(?![a-z])", re.IGNORECASE)
_UNITS = {"b": 1e9, "m": 1e6}
_FAILURES = (
    *(httpx.HTTPError, TimeoutError),
    *(ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError),
)


def named_size(model: str) -> float | None:
    """Return how many parameters a model has by its name, such as ``qwen2.5:1.5b``; None where that does not say.

    Example:
        >>> named_size("qwen2.5-coder:1.5b"), named_size("gpt-5")
        (1500000000.0, None)
    """
    sizes = [float(match[1]) * _UNITS[match[2].lower()] for match in _SIZE.finditer(model)]
    # what is smaller is how much a model reads, such as 1m
    return max((size for size in sizes if size >= 1e7), default=None)


def parameter_count(where: Endpoint) -> int | None:
    """Return how many parameters the model of an endpoint has; None where its server does not say.

    llama.cpp's server says so in its list of models. Only a server on this machine is asked.
    """
    if not where.loopback:
        return None

    async def list_of_models() -> Any:
        async with OpenAIClient(where).client() as client:
            return await _json(client, "GET", where.at("/models"))

    try:
        models = background_loop.run(list_of_models)["data"]
        model = next((each for each in models if each.get("id") == where.model), models[0])
        return int(model["meta"]["n_params"])
    except _FAILURES:
        return None


async def logit_bias(words: Iterable[str], where: Endpoint, client: httpx.AsyncClient) -> list[tuple[int, float]]:
    """Return a bias, as llama.cpp takes it, that makes the tokens of words likelier; none where the server cannot tell.

    Words that begin with a letter or a digit are taken to stand after a space.
    """
    text = "".join(f" {word}" if word[0].isalnum() else word for word in words)
    # tokens are told beside the protocol's own paths, which begin with /v1
    parts = urlsplit(where.at("/tokenize"))
    address = urlunsplit(parts._replace(path=parts.path.replace("/v1/tokenize", "/tokenize")))
    try:
        tokens = (await _json(client, "POST", address, {"content": text}))["tokens"]
        return [(token, LOGIT_BIAS) for token in sorted({int(token) for token in tokens})]
    except _FAILURES:
        return []


async def _json(client: httpx.AsyncClient, method: str, address: str, body: Any = None) -> Any:
    async with asyncio.timeout(TIMEOUT_S), client.stream(method, address, json=body) as response:
        if response.status_code != 200:
            raise ValueError("the server does not answer")
        return json.loads(await read_body(response, MAX_BYTES))


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

    The grammar has rules of strings, names and patterns of words with alternatives, as llguidance reads them. The first
    is a row of strings and names, which comes behind the prefix.
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
