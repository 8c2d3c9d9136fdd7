"""The basis of a world: who, where, what is to be done and what is at stake, in the words of its premise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from worldkit.assessment.premise import read_premise
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.premise_words import LENGTHS, chief_names
from worldkit.generation.direct.proper_names import proper_names
from worldkit.generation.direct.schema import TEXT, as_list, closed_object, compact, list_of
from worldkit.generation.direct.wording import plain
from worldkit.generation.text.data import read_typed

LONGEST_PREMISE = 1200
"""Characters of a premise that a model is shown."""
PHRASE, FACT = 100, 240
"""Characters of somebody or something else, and of a fact at most."""
SECRET_ROW = 8
"""A text that shares so many words in a row with what really happened gives it away."""
LONGEST_LIST = 40
"""Items of a list that are looked at."""
MOST_ITEMS = 8
"""Other people, and facts, of the largest world at most."""

_FIELDS, _STRONG_FIELDS = (
    read_typed(str, "prompts.toml", key).format(**{name: most for name, (_, most) in LENGTHS.items()})
    for key in ("basis_fields", "basis_fields_strong")
)


def most_items(places: int) -> tuple[int, int]:
    """Return how many other people, and how many facts, a basis of so many places has at most."""
    return min(MOST_ITEMS, max(3, places)), min(MOST_ITEMS, max(4, places))


def basis_schema(places: int) -> dict[str, Any]:
    """Return the JSON Schema of a basis with so many places."""
    most_others, most_facts = most_items(places)
    return closed_object(
        **dict.fromkeys(("title", *LENGTHS), TEXT),
        places=list_of(TEXT, places, places),
        others=list_of(TEXT, 1, most_others),
        things=list_of(TEXT, 3, 4),
        facts=list_of(TEXT, 2, most_facts),
    )


def basis_question(premise: str, places: int, chapter: ChapterText | None = None, *, is_weak: bool = True) -> str:
    """Return what a model is asked for the basis of a world."""
    strong_fields = "" if is_weak else f" {_STRONG_FIELDS}"
    if chapter:
        return chapter.basis_question(_FIELDS + strong_fields)
    # half a pair of surrogates cannot be sent
    premise_text = " ".join(premise.split())[:LONGEST_PREMISE].encode("utf-8", "replace").decode()
    quoted_names = [f"{name.phrase!r}" for name in chief_names(read_premise(premise))]
    demand = f" These words have to be in it: {', '.join(quoted_names)}." if quoted_names else ""
    return (
        f"Premise: {json.dumps(premise_text, ensure_ascii=False)}\n"
        f"Give the basis of this world. {_FIELDS} "
        f"places: {places} spots inside it, each with something else in it.{strong_fields}{demand}"
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """The basis of a world.

    Attributes:
        who: The hero, as a phrase with its article: ``"the tram driver"``.
        look: The sentence that describes the hero, the same in every picture: the world's ``subject``.
        goal: What is to be done, as a verb phrase.
        air: The sentence of light and atmosphere, the same in every picture: the world's ``styleTail``.
        truth: What really happened, for the texts of a strong model; empty for a weak one. No world holds it.
        facts: What every scene agrees with: names, numbers, what happened before.
        chapter: The chapter that the world follows, part by part; None for the world of a premise.
    """

    premise: str
    title: str
    who: str
    look: str
    goal: str
    stake: str
    logline: str
    air: str
    truth: str
    places: tuple[str, ...]
    others: tuple[str, ...]
    things: tuple[str, ...]
    facts: tuple[str, ...] = ()
    chapter: ChapterText | None = None

    @property
    def names(self) -> frozenset[str]:
        """The words that are names, of people above all."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return names_in(values, self.premise) | (self.chapter.names if self.chapter else frozenset())

    @property
    def story(self) -> str:
        """What a model is shown of the premise, and what is to be done."""
        return f"{self.premise[:LONGEST_PREMISE]} {self.goal}"

    def as_json(self) -> str:
        """Return the basis as compact JSON, without what it was made from."""
        left_out = ("premise", "chapter") if self.truth else ("premise", "chapter", "truth")
        return compact({name: value for name, value in asdict(self).items() if name not in left_out})


def names_in(body: Mapping[str, Any], premise: str) -> frozenset[str]:
    """Return the words that are names in the values of a basis, also in those of an answer as it was written."""
    texts = (plain(body.get(key)) for key in ("look", "goal", "stake", "logline", "air", "truth"))
    lists = (plain(item) for key in ("places", "others", "things") for item in as_list(body.get(key))[:LONGEST_LIST])
    facts = (plain(item) for item in as_list(body.get("facts"))[:LONGEST_LIST])
    items = (plain(body.get("who")), *lists)
    return proper_names((premise[:LONGEST_PREMISE], *texts, *facts), items, is_weak=False)
