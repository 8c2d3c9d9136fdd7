"""Moods that an instruction can ask for: which words name them, which words they drive out, what shows them.

The data is ``data/generate/moods.toml``. A mood is made of things a camera sees, so that a small model only has to say
where.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from worldkit.core.progress import Address
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.plan import Plan, PlanPlace
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.requests import Field, Question
from worldkit.generation.text.data import WordList, Words, read_tables, reader
from worldkit.generation.text.english import capital, lowered
from worldkit.generation.text.phrases import fill


def _read_swap(text: str) -> tuple[str, str]:
    word, other = text.split(">")
    return word, other


@dataclass(frozen=True, slots=True, eq=False)
class Mood:
    """A mood, as ``moods.toml`` describes it."""

    name: str
    words: Words
    against: str
    air: str
    signs: Mapping[str, WordList]
    lines: tuple[str, ...]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    swaps: Annotated[Mapping[str, str], BeforeValidator(dict), reader(_read_swap, '"word>other"', str.split)]

    @property
    def closing_lines(self) -> tuple[str, ...]:
        """What may be added under the title of an ending of any kind."""
        return (*self.won, *self.lost)

    def swapped(self, text: str) -> str:
        """Return a text with the words this mood drives out replaced, their capitals kept."""

        def other(match: re.Match[str]) -> str:
            replacement = self.swaps[match[0].lower()]
            return capital(replacement) if match[0][0].isupper() else replacement

        return re.sub(rf"\b(?:{'|'.join(self.swaps)})\b", other, text, flags=re.IGNORECASE)


def mood(word: str) -> Mood | None:
    """Return the mood that a word names, such as ``"colder"``, ``"hopeful"`` or ``"icy"``; None for other words."""
    return next((one for one in MOODS.values() if word.lower() in {one.name, *one.words}), None)


MOODS: Mapping[str, Mood] = read_tables("moods.toml", Mood)
"""Every mood by its name."""


PREPOSITIONS = (" over", " around", " along", " beside")


def sign(plan: Plan, place: PlanPlace, mood: Mood, at: Address, seed: int) -> Field:
    """Return the field of a sentence that shows a mood in a place; the seed decides what shows it, and on what."""
    dice = random.Random(seed_of("sign", plan.premise, place.id, mood.name, seed))
    things = dice.sample(place.props, len(place.props)) or [Thing(place.name)]
    seen_sign, verbs = dice.choice(sorted(mood.signs.items()))
    stock = [fill(line, {}, {"thing": thing.the}) for thing in things for line in mood.lines]
    dice.shuffle(stock)
    question = Question(
        "ambient",
        f"Place: {place.the}. It is {mood.name} there. What {lowered(seen_sign)} does.",
        seen_sign,
        " {one}{around}{thing}.",
        {"one": verbs, "around": PREPOSITIONS, "thing": [f" {thing.the}" for thing in things[:4]]},
    )
    return Field(at, tuple(stock), question)
