"""What it costs to hold a model to schemas and grammars: tokens a second of llama.cpp with them and without.

python bench/constraint_cost.py chat:http://127.0.0.1:8080/v1#name [--questions 12] [--planner NAME]

The questions are those of one world, as worldkit asks them. Each is asked twice more, alone: as it was, and without its
schema or grammar, for as many tokens. Which comes first changes from question to question. The server's own clock
counts, so that reading the question is left out; only llama.cpp's server tells it.
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
from worldkit.generation.engines.conversation import ModelAnswer
from worldkit.generation.engines.openai_client import OpenAIClient

CONSTRAINTS = ("response_format", "grammar")
LEAST_TOKENS = 8
"""Answers with fewer tokens are not timed: the first token of an answer costs more than the others."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one question was answered both ways.

    Attributes:
        tokens: How many tokens the answer has.
        constrained: Milliseconds a token, held to the schema or grammar.
        plain: Milliseconds a token without it.
    """

    tokens: int
    constrained: float
    plain: float


@contextmanager
def recorded_questions(limit: int) -> Iterator[list[dict[str, Any]]]:
    """Record the constrained questions that are asked, and answer those beyond the limit with nothing."""
    bodies: list[dict[str, Any]] = []
    original = OpenAIClient.ask

    async def ask(self: OpenAIClient, client: Any, body: dict[str, Any], *rest: Any) -> ModelAnswer:
        if len(bodies) >= limit:
            return ModelAnswer("", True, 0)
        if any(name in body for name in CONSTRAINTS):
            bodies.append(copy.deepcopy(body))
        return await original(self, client, body, *rest)

    OpenAIClient.ask = ask  # type: ignore[method-assign, assignment]
    try:
        yield bodies
    finally:
        OpenAIClient.ask = original  # type: ignore[method-assign]


def timed_answer(url: str, body: dict[str, Any]) -> tuple[int, float]:
    """Return how many tokens an answer has, and the milliseconds that each took to write."""
    response = httpx.post(f"{url}/chat/completions", json=body, timeout=1200)
    response.raise_for_status()
    timings = response.json()["timings"]
    return timings["predicted_n"], timings["predicted_ms"] / timings["predicted_n"]


def speed(url: str, name: str, question: dict[str, Any], plain_first: bool) -> Speed | None:
    """Return how fast a question is answered both ways; None where the answer is too short to be timed."""
    constrained = {"model": name, **question}
    # reads the question, so that both find it read, and says how long the answer is
    tokens, _ = timed_answer(url, constrained)
    if tokens < LEAST_TOKENS:
        return None
    plain = {key: value for key, value in constrained.items() if key not in CONSTRAINTS}
    plain |= {"max_tokens": tokens, "ignore_eos": True}
    if plain_first:
        _, plain_ms = timed_answer(url, plain)
        tokens, constrained_ms = timed_answer(url, constrained)
    else:
        tokens, constrained_ms = timed_answer(url, constrained)
        _, plain_ms = timed_answer(url, plain)
    return Speed(tokens, constrained_ms, plain_ms)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--questions", type=int, default=12)
    parser.add_argument("--planner", default="auto")
    options = parser.parse_args()
    url, _, name = options.model.removeprefix("chat:").partition("#")
    [premise] = premises(1, 1)
    with recorded_questions(options.questions) as questions:
        wk.generate(premise.text, options.model, seed=1, planner=options.planner, progress=lambda *_: None)
    speeds = []
    for number, question in enumerate(questions):
        if (result := speed(url, name, question, plain_first=bool(number % 2))) is not None:
            speeds.append(result)
            print(result, flush=True)
    tokens = sum(each.tokens for each in speeds)
    constrained_s = sum(each.tokens * each.constrained for each in speeds) / 1000
    plain_s = sum(each.tokens * each.plain for each in speeds) / 1000
    figures = {
        "model": name,
        "questions": len(speeds),
        "tokens": tokens,
        "tokens a second": round(tokens / constrained_s, 2),
        "tokens a second without schema": round(tokens / plain_s, 2),
        "time, of that without schema": round(constrained_s / plain_s, 3),
        "median of the questions": round(statistics.median(each.constrained / each.plain for each in speeds), 3),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
