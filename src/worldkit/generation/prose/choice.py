"""Chooses among a model's answers: those that are fit, by how likely they are and by what the world has said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from worldkit.generation.engines.base import Ask, Reply
from worldkit.generation.planning.plan import Plan
from worldkit.generation.text.constraints import faults, ngrams, words_of
from worldkit.generation.text.word_sets import HANGING_WORDS

ECHO_COST, OWN_WORD_GAIN, WORN_WORD_COST = 4.0, 0.25, 0.1
"""What a share of repeated word triples costs, what a word of the world's own brings, and what another word costs for
each text that has it already, in log-probability."""


class EarlierTexts:
    """What was said in a world so far: its texts, runs of three words, and in how many texts each word stands."""

    def __init__(self, *texts: str) -> None:
        self._texts, self._triples, self._text_counts = set[str](), set[tuple[str, ...]](), Counter[str]()
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Count what a text says."""
        self._texts.add(text)
        self._triples.update(ngrams(text, 3))
        self._text_counts.update(set(words_of(text)))

    def best(self, answers: Iterable[tuple[Ask, Reply]], own_words: frozenset[str]) -> str | None:
        """Return the best fit answer: the likeliest, nudged toward the world's words, away from earlier texts."""
        fit = []
        for ask, reply in answers:
            wrong = faults(
                reply.text,
                min_characters=ask.min_characters,
                examples=[answer for _, answer in ask.examples],
                prefix=ask.prefix,
                earlier_texts=self._texts,
            )
            if wrong or not reply.is_complete:
                continue
            triples = set(ngrams(reply.text, 3))
            echo = len(triples & self._triples) / max(1, len(triples))
            words = set(words_of(reply.text.lower().removeprefix(ask.prefix.lower())))
            own = len(own_words & words)
            repetition = sum(min(self._text_counts[word], 4) for word in words - own_words if word not in HANGING_WORDS)
            fit.append(
                (
                    reply.mean_logprob - ECHO_COST * echo + OWN_WORD_GAIN * min(own, 4) - WORN_WORD_COST * repetition,
                    reply.text,
                )
            )
        return max(fit)[1] if fit else None


def vocabulary(plan: Plan) -> frozenset[str]:
    """Return the words a world is made of, by which an answer shows that it is about that world."""
    things = [thing.text for place in plan.places for thing in place.props]
    names = [place.name for place in plan.places]
    words = words_of(" ".join([plan.setting, plan.look, plan.air, plan.goal, *names, *things]))
    return frozenset(word for word in words if word not in HANGING_WORDS and len(word) > 2)
