"""Chooses among a model's answers: drops the invalid ones and takes the likeliest that suits its world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.planning.plan import Plan
from worldkit.generation.text.constraints import faults, ngrams, words_of
from worldkit.generation.text.word_sets import HANGING

ECHO, OWN, WORN = 4.0, 0.25, 0.1
"""What a share of repeated word triples costs, what a word of the world's own brings, and what another word costs for
each text that has it already, in log-probability."""


def best(answers: Iterable[tuple[Ask, Reply]], earlier_texts: Sequence[str], own_words: frozenset[str]) -> str | None:
    """Return the best fit answer: the likeliest, nudged toward the world's own words and away from what was said."""
    used_triples = {triple for text in earlier_texts for triple in ngrams(text, 3)}
    text_counts = Counter(word for text in earlier_texts for word in set(words_of(text)))
    fit = []
    for ask, reply in answers:
        wrong = faults(
            reply.text,
            min_characters=ask.min_characters,
            examples=[answer for _, answer in ask.examples],
            prefix=ask.prefix,
            earlier_texts=earlier_texts,
        )
        if wrong or not reply.is_complete:
            continue
        triples = set(ngrams(reply.text, 3))
        echo = len(triples & used_triples) / max(1, len(triples))
        words = set(words_of(reply.text.lower().removeprefix(ask.prefix.lower())))
        own = len(own_words & words)
        repetition = sum(min(text_counts[word], 4) for word in words - own_words if word not in HANGING)
        fit.append((reply.mean_logprob - ECHO * echo + OWN * min(own, 4) - WORN * repetition, reply.text))
    return max(fit)[1] if fit else None


def vocabulary(plan: Plan) -> frozenset[str]:
    """Return the words a world is made of, by which an answer shows that it is about that world."""
    things = [thing.text for place in plan.places for thing in place.props]
    names = [place.name for place in plan.places]
    words = words_of(" ".join([plan.setting, plan.look, plan.air, plan.goal, *names, *things]))
    return frozenset(word for word in words if word not in HANGING and len(word) > 2)
