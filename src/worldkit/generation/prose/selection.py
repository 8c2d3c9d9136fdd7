"""Chooses among a model's answers: drops the invalid ones and takes the likeliest that suits its world."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.planning.plan import Plan
from worldkit.generation.text.constraints import faults
from worldkit.generation.text.word_sets import HANGING

_WORD = re.compile(r"[a-z']+")
ECHO, OWN, WORN = 4.0, 0.25, 0.1
"""What a share of repeated word triples costs, what a word of the world's own brings, and what another word costs for
each text that has it already, in log-probability."""


def best(answers: Sequence[Reply], asks: Sequence[Ask], earlier: Sequence[str], ours: frozenset[str]) -> str | None:
    """Return the best fit answer: the likeliest, nudged toward the world's own words and away from what was said."""
    used_grams = {gram for text in earlier for gram in _threes(text)}
    often = Counter(word for text in earlier for word in set(_WORD.findall(text.lower())))
    fit = []
    for reply, ask in zip(answers, asks, strict=True):
        example_answers = [answer for _, answer in ask.examples]
        wrong = faults(
            reply.text,
            min_characters=ask.min_characters,
            examples=example_answers,
            prefix=ask.prefix,
            earlier_texts=earlier,
        )
        if wrong or not reply.is_complete:
            continue
        grams = _threes(reply.text)
        echo = len(grams & used_grams) / max(1, len(grams))
        words = set(_WORD.findall(reply.text.lower().removeprefix(ask.prefix.lower())))
        own = len(ours & words)
        repetition = sum(min(often[word], 4) for word in words - ours if word not in HANGING)
        fit.append((reply.mean_logprob - ECHO * echo + OWN * min(own, 4) - WORN * repetition, reply.text))
    return max(fit)[1] if fit else None


def vocabulary(plan: Plan) -> frozenset[str]:
    """Return the words a world is made of, by which an answer shows that it is about that world."""
    things = [thing.text for place in plan.places for thing in place.props]
    names = [place.name for place in plan.places]
    words = _WORD.findall(" ".join([plan.setting, plan.look, plan.air, plan.goal, *names, *things]).lower())
    return frozenset(word for word in words if word not in HANGING and len(word) > 2)


def _threes(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))
