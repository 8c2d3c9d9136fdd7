"""Chooses among a model's answers: what is unfit goes, and of the rest the likeliest that suits its world is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldkit.generate.constrain import faults
from worldkit.generate.engine import Ask, Reply
from worldkit.generate.lexicon import HANGING
from worldkit.generate.plan import Plan

_WORD = re.compile(r"[a-z']+")
ECHO, OWN = 4.0, 0.25
"""What a share of repeated word triples costs, and what a word of the world's own brings, in log-probability."""

ODD = -3.2
"""Least log-probability of a word's inner tokens: below it (1 in 25) the word is likely one the model made up."""


def best(answers: Sequence[Reply], asks: Sequence[Ask], said: Sequence[str], ours: frozenset[str]) -> str | None:
    """Return the best fit answer: the likeliest, nudged toward the world's own words and away from what was said."""
    taken = {gram for text in said for gram in _threes(text)}
    fit = []
    for reply, ask in zip(answers, asks, strict=True):
        wrong = faults(reply.text, shortest=ask.shortest, example=ask.example[1], given=ask.opening, said=said)
        if wrong or not reply.whole or reply.odd < ODD:
            continue
        grams = _threes(reply.text)
        echo = len(grams & taken) / max(1, len(grams))
        own = len(ours & set(_WORD.findall(reply.text.lower())))
        fit.append((reply.likely - ECHO * echo + OWN * min(own, 4), reply.text))
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
