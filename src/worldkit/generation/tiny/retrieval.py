"""Near examples for a prompt: the texts of the corpus whose words are most like those of a world, by TF-IDF."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from worldkit.generation.planning.plan import Plan
from worldkit.generation.planning.stock import Genre, stock
from worldkit.generation.text.lexicon import HANGING
from worldkit.generation.tiny.corpus import Text, corpus

SHOTS = 2
"""Examples in a prompt."""

GENRE = 0.3
"""What a word of its genre weighs in a text, beside one of its own: enough that most that is near is of the genre."""


@dataclass(frozen=True)
class Index:
    """The texts of one kind as vectors of unit length over the stems of their words.

    Attributes:
        texts: In the order of the corpus.
        vectors: Theirs.
        rare: How rare each stem is among them: its inverse document frequency.
    """

    texts: tuple[Text, ...]
    vectors: tuple[dict[str, float], ...]
    rare: dict[str, float]

    @classmethod
    def of(cls, texts: Iterable[Text]) -> Index:
        """Return the index of some texts."""
        every = tuple(texts)
        genres = {name: _stems(_words(genre)) for name, genre in stock().genres.items()}
        counts = []
        for text in every:
            own = Counter(_stems(f"{text.question} {text.answer}"))
            shared = dict.fromkeys(genres[text.genre], GENRE)
            # in a fixed order: sums of the same numbers in another differ
            counts.append({stem: own[stem] + shared.get(stem, 0.0) for stem in dict.fromkeys([*own, *shared])})
        stem_counts = Counter(stem for count in counts for stem in count)
        rare = {stem: math.log(len(every) / times) for stem, times in stem_counts.items()}
        return cls(every, tuple(_unit(count, rare) for count in counts), rare)

    def near(self, text: str) -> list[Text]:
        """Return the texts, those first whose words are most like those said; where two are alike, in their order."""
        query = _unit(Counter(_stems(text)), self.rare)
        like = [sum(weight * vector.get(stem, 0.0) for stem, weight in query.items()) for vector in self.vectors]
        return [self.texts[at] for at in sorted(range(len(like)), key=lambda at: (-like[at], at))]


@cache
def index(kind: str) -> Index:
    """Return the index of the texts of a kind, but for those that are held out."""
    return Index.of(text for text in corpus() if text.kind == kind and not text.held_out)


def examples(plan: Plan, kind: str, attempt: int = 0, without: Collection[Text] = ()) -> tuple[Text, ...]:
    """Return the examples of a kind for a world: the two nearest at first, the two after them at the next attempt.

    They are the same for all fields of a kind, so that their prompts share a beginning. Examples near to one field
    alone would break it up, and each prompt would have to be read by itself.

    Args:
        plan: The world.
        kind: The family of questions.
        attempt: How often was asked before.
        without: Texts not to be taken.
    """
    ranked = [text for text in _ranked(kind, about(plan)) if text not in without]
    first = SHOTS * attempt % max(1, len(ranked) - SHOTS + 1)
    return tuple(ranked[first : first + SHOTS])


@lru_cache(maxsize=256)
def _ranked(kind: str, text: str) -> tuple[Text, ...]:
    # every field of a kind asks for the same
    return tuple(index(kind).near(text))


def about(plan: Plan) -> str:
    """Return what a world is made of, in words: its premise, setting, character, places and things."""
    things = [thing.text for place in plan.places for thing in place.props]
    places = [place.name for place in plan.places]
    return " ".join([plan.premise, plan.setting, plan.look, plan.goal, *places, *things])


def _words(genre: Genre) -> str:
    things = [thing.text for place in genre.places for thing in place.props]
    return " ".join([*sorted(genre.words), *(place.name for place in genre.places), *things])


def _unit(count: Mapping[str, float], rare: Mapping[str, float]) -> dict[str, float]:
    weights = {stem: times * rare.get(stem, 0.0) for stem, times in count.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {stem: weight / length for stem, weight in weights.items() if weight}


def _stems(text: str) -> list[str]:
    words = re.findall(r"[a-z]+", text.lower().replace("'s", ""))
    return [word.removesuffix("s")[:7] for word in words if word not in HANGING and len(word) > 2]
