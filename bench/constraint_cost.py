"""What it costs to hold a model to schemas and grammars: how long llama.cpp writes with them and without.

python bench/constraint_cost.py chat:http://127.0.0.1:8080/v1#name [--answers 12] [--planner NAME]

The answers are those of one world, as worldkit asks for them: one request each, or one for each part that is open. Each
is asked for twice more, alone: as it was, and at once and without schema or grammar, as many tokens as the text has.
Which comes first changes from answer to answer. The server's own clock counts; both find the question read. Only
llama.cpp's server tells the time and counts tokens.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

import worldkit as wk
from generate_quality import premises
from worldkit.generation.engines.base import ModelAnswer
from worldkit.generation.engines.openai_client import OpenAIClient

CONSTRAINTS = ("response_format", "grammar")
MIN_TOKENS = 8
"""Answers with fewer tokens are not timed: the first token of an answer costs more than the others."""
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one answer was written both ways.

    Attributes:
        requests: How many requests it took.
        written_tokens: How many tokens the model wrote, held to the schema or grammar.
        tokens: How many tokens the text has.
        constrained_s: Seconds, held to the schema or grammar.
        plain_s: Seconds for as many tokens as the text has, without it.
    """

    requests: int
    written_tokens: int
    tokens: int
    constrained_s: float
    plain_s: float


@contextmanager
def recorded_answers(limit: int) -> Iterator[dict[str, list[Body]]]:
    """Record the requests that hold a model to something, by the answer that they ask for; the rest gets no answer.

    Args:
        limit: How many answers are recorded.
    """
    answers: dict[str, list[Body]] = {}
    original = OpenAIClient.ask

    async def ask(self: OpenAIClient, client: Any, body: Body, *rest: Any, **options: Any) -> ModelAnswer:
        key = json.dumps([question(body), body.get("seed")])
        if key not in answers and len(answers) >= limit:
            return ModelAnswer("", True, 0)
        if any(name in body for name in CONSTRAINTS):
            answers.setdefault(key, []).append(copy.deepcopy(body))
        return await original(self, client, body, *rest, **options)

    OpenAIClient.ask = ask  # type: ignore[method-assign, assignment]
    try:
        yield answers
    finally:
        OpenAIClient.ask = original  # type: ignore[method-assign]


def question(body: Body) -> list[dict[str, str]]:
    """Return the turns of a request without one that the model is to go on with."""
    turns = body["messages"]
    return turns[:-1] if turns[-1]["role"] == "assistant" else turns


def response(url: str, body: Body) -> dict[str, Any]:
    """Return what the server answers to a request."""
    reply = httpx.post(f"{url}/chat/completions", json=body, timeout=1200)
    reply.raise_for_status()
    return reply.json()


def seconds(responses: list[dict[str, Any]]) -> float:
    """Return how long the server has read and written for responses."""
    return sum(each["timings"]["prompt_ms"] + each["timings"]["predicted_ms"] for each in responses) / 1000


def text_of(requests: list[Body], responses: list[dict[str, Any]]) -> str:
    """Return the text of an answer: what the turn began with in its last request, and what the model said to that."""
    begun = requests[-1]["messages"][-1]
    before = begun["content"] if begun["role"] == "assistant" else ""
    return before + responses[-1]["choices"][0]["message"]["content"]


def token_count(url: str, text: str) -> int:
    """Return how many tokens a text has, as the server's model reads it."""
    reply = httpx.post(f"{url.removesuffix('/v1')}/tokenize", json={"content": text}, timeout=60)
    reply.raise_for_status()
    return len(reply.json()["tokens"])


def speed(url: str, name: str, requests: list[Body], plain_first: bool) -> Speed | None:
    """Return how fast an answer is written both ways; None where it is too short to be timed."""
    requests = [{"model": name, **body} for body in requests]
    # reads the question, so that both find it read, and says what the answer is
    first_responses = [response(url, body) for body in requests]
    tokens = token_count(url, text_of(requests, first_responses))
    if tokens < MIN_TOKENS:
        return None
    plain = {key: value for key, value in requests[0].items() if key not in (*CONSTRAINTS, "logit_bias")}
    plain |= {"messages": question(plain), "max_tokens": tokens, "ignore_eos": True}
    response(url, {**plain, "max_tokens": 1})
    plain_s = seconds([response(url, plain)]) if plain_first else 0.0
    constrained = [response(url, body) for body in requests]
    plain_s = plain_s or seconds([response(url, plain)])
    written = sum(each["timings"]["predicted_n"] for each in constrained)
    return Speed(len(requests), written, tokens, seconds(constrained), plain_s)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--answers", type=int, default=12)
    parser.add_argument("--planner", default="auto")
    options = parser.parse_args()
    url, _, name = options.model.removeprefix("chat:").partition("#")
    [premise] = premises(1, 1)
    with recorded_answers(options.answers) as answers:
        wk.generate(premise.text, options.model, seed=1, planner=options.planner, progress=lambda *_: None)
    speeds = []
    for number, requests in enumerate(answers.values()):
        if (result := speed(url, name, requests, plain_first=bool(number % 2))) is not None:
            speeds.append(result)
            print(result, flush=True)
    tokens = sum(each.tokens for each in speeds)
    constrained_s = sum(each.constrained_s for each in speeds)
    plain_s = sum(each.plain_s for each in speeds)
    figures = {
        "model": name,
        "answers": len(speeds),
        "requests": sum(each.requests for each in speeds),
        "tokens of the texts": tokens,
        "tokens that the model wrote": sum(each.written_tokens for each in speeds),
        "tokens of text a second": round(tokens / constrained_s, 2),
        "tokens of text a second without schema": round(tokens / plain_s, 2),
        "time, of that without schema": round(constrained_s / plain_s, 3),
        "median of the answers": round(statistics.median(each.constrained_s / each.plain_s for each in speeds), 3),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
