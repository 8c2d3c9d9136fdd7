"""Fills a plan's fields with prose: from the templates alone, or from a model with the templates behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from worldkit.generate.constrain import Grammar, clean, faults
from worldkit.generate.engine import Ask, Engine, Reply, seed_of
from worldkit.generate.english import capital
from worldkit.generate.examples import EXAMPLES
from worldkit.generate.fields import Address, Field
from worldkit.generate.lexicon import HANGING
from worldkit.generate.plan import Plan

ROUNDS = 4
"""A field is asked for once and, when nothing fit came, up to three times more."""

Progress = Callable[[int, int, str], None]


@dataclass
class Written:
    """The prose of a plan, and where it came from.

    Attributes:
        texts: Every string by its address.
        model: Those a model wrote.
        fallbacks: Those a model was asked for and that came from the templates in the end.
        tokens: Decoded, in all.
        again: How many times a field was asked for again.
    """

    texts: dict[Address, str] = field(default_factory=dict)
    model: set[Address] = field(default_factory=set)
    fallbacks: set[Address] = field(default_factory=set)
    tokens: int = 0
    again: int = 0


class Writer(Protocol):
    """Whatever fills fields."""

    def write(self, plan: Plan, fields: Iterable[Field], seed: int, progress: Progress) -> Written:
        """Return a string for every field."""
        ...


class TemplateWriter:
    """Writes from the hand-written templates alone; also what a model's writer falls back on."""

    def write(self, plan: Plan, fields: Iterable[Field], seed: int, progress: Progress) -> Written:
        """Return the first template of every field that was not used yet and that the rules allow."""
        written = Written()
        for item in fields:
            written.texts[item.at] = _stocked(item, written.texts.values())
        return written


class ModelWriter:
    """Writes with a language model held to grammars, every string checked again.

    Args:
        engine: The model.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._grammar = Grammar(engine.words())

    def write(self, plan: Plan, fields: Iterable[Field], seed: int, progress: Progress) -> Written:
        """Return a string for every field: the model's when one of its answers is fit, else a template's."""
        every = list(fields)
        written = Written()
        chosen: dict[Address, str] = {}
        ours = _vocabulary(plan)
        # the longest first, so that answers of a length share a batch
        pending = sorted((item for item in every if item.question), key=_length, reverse=True)
        total = len(pending)
        for attempt in range(ROUNDS):
            if not pending:
                break
            written.again += len(pending) if attempt else 0
            asks = [[self._ask(plan, item, seed, attempt, n) for n in range(_count(item))] for item in pending]
            tell = _Counter(progress, total - len(pending), total, sum(map(len, asks)))
            replies = iter(self._engine.answer([ask for each in asks for ask in each], tell))
            for item, each in zip(pending, asks, strict=True):
                answers = [next(replies) for _ in each]
                written.tokens += sum(reply.tokens for reply in answers)
                text = _best(answers, each, [plan.premise, *chosen.values()], ours)
                if text is not None:
                    chosen[item.at] = text
            pending = [item for item in pending if item.at not in chosen]
            progress(total - len(pending), total, "writing")
        for item in every:
            if item.at in chosen:
                written.texts[item.at] = chosen[item.at]
            else:
                written.texts[item.at] = _stocked(item, written.texts.values())
        written.model = set(chosen)
        written.fallbacks = {item.at for item in pending}
        return written

    def _ask(self, plan: Plan, item: Field, seed: int, attempt: int, number: int) -> Ask:
        question = item.question
        assert question is not None
        own = seed_of("ask", plan.premise, seed, *item.at, attempt, number)
        # one example for all fields of a kind, so that their prompts share a beginning; another in the next round
        examples = EXAMPLES[question.kind]
        example = examples[(seed_of("example", plan.premise, seed, question.kind) + attempt) % len(examples)]
        # what the example says is shut out too: a small model would rather repeat it than look at the question
        avoid = question.avoid | {word for word in re.findall(r"[a-z]+", example[1].lower()) if word not in HANGING}
        grammar = self._grammar.of(question.frame, avoid, **question.choices)
        return Ask(
            system=_system(plan),
            example=example,
            question=question.text,
            opening=question.opening,
            grammar=grammar,
            # a word that a frame goes on with after a slot stays open, or the slot could not end
            shut=self._grammar.shut(avoid) - set(re.findall(r"\} ([a-z]+)", question.frame)),
            seed=own,
            clause=6,
            shortest=question.shortest,
        )


class _Counter:
    """Turns answers ended into fields written, for a progress callback."""

    def __init__(self, progress: Progress, done: int, total: int, asks: int) -> None:
        self._progress, self._done, self._total, self._asks = progress, done, total, asks
        self._ended = 0

    def __call__(self) -> None:
        self._ended += 1
        self._progress(self._done + self._ended * (self._total - self._done) // self._asks, self._total, "writing")


def _system(plan: Plan) -> str:
    return (
        "You write what a camera sees in one world, in plain concrete words, in the present tense. "
        f"The world: {plan.setting}. {capital(plan.look)}. {plan.air}"
    )


def _length(item: Field) -> int:
    return len(item.question.frame) if item.question else 0


def _count(item: Field) -> int:
    return item.question.candidates if item.question else 0


def _best(answers: Sequence[Reply], asks: Sequence[Ask], said: Sequence[str], ours: frozenset[str]) -> str | None:
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


def _vocabulary(plan: Plan) -> frozenset[str]:
    """Return the words a world is made of, by which an answer shows that it is about that world."""
    things = [thing.text for place in plan.places for thing in place.props]
    names = [place.name for place in plan.places]
    words = _WORD.findall(" ".join([plan.setting, plan.look, plan.air, plan.goal, *names, *things]).lower())
    return frozenset(word for word in words if word not in HANGING and len(word) > 2)


_WORD = re.compile(r"[a-z']+")
ECHO, OWN = 4.0, 0.25
"""What a share of repeated word triples costs, and what a word of the world's own brings, in log-probability."""

ODD = -3.2
"""Least log-probability of a word's inner tokens: below it (1 in 25) the word is likely one the model made up."""


def _threes(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def _stocked(item: Field, said: Iterable[str]) -> str:
    """Return a field's first template that was not used yet, else its first."""
    used = set(said)
    fit = [text for text in item.stock if clean(text)]
    if not fit:
        raise AssertionError(f"no template of {item.at} is allowed by the rules")
    return next((text for text in fit if text not in used), fit[0])
