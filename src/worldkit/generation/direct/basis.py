"""The basis of a world: who, where, what is to be done and what is at stake, in the words of its premise.

A model is asked for it first (``basis_form``, ``basis_reading``), and everything it writes later is shown it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from worldkit.generation.direct.basis_form import LONGEST_LIST, LONGEST_PREMISE
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.proper_names import proper_names
from worldkit.generation.direct.schema import as_list, compact
from worldkit.generation.direct.wording import plain


@dataclass(frozen=True, slots=True)
class Basis:
    """The basis of a world.

    Attributes:
        premise: The premise, unchanged.
        title: The world's name.
        who: The hero, as a phrase with its article: ``"the tram driver"``.
        look: The sentence that describes the hero, the same in every picture: the world's ``subject``.
        goal: What is to be done, as a verb phrase.
        stake: What happens otherwise.
        logline: The story in a sentence.
        air: The sentence of light and atmosphere, the same in every picture: the world's ``styleTail``.
        truth: What really happened, for the texts of a strong model; empty for a weak one. No world holds it.
        places: The names of the places that are no endings.
        others: Who else is there.
        things: Things of the story that can be seen.
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
        return names_in(values, self.premise, is_weak=False) | (self.chapter.names if self.chapter else frozenset())

    @property
    def story(self) -> str:
        """What a model is shown of the premise, and what is to be done."""
        return f"{self.premise[:LONGEST_PREMISE]} {self.goal}"

    def as_json(self) -> str:
        """Return the basis as compact JSON, without what it was made from."""
        left_out = ("premise", "chapter") if self.truth else ("premise", "chapter", "truth")
        return compact({name: value for name, value in asdict(self).items() if name not in left_out})


def names_in(body: Mapping[str, Any], premise: str, *, is_weak: bool = True) -> frozenset[str]:
    """Return the words that are names in the values of a basis, also in those of an answer as it was written."""
    texts = (plain(body.get(key)) for key in ("look", "goal", "stake", "logline", "air", "truth"))
    lists = (plain(item) for key in ("places", "others", "things") for item in as_list(body.get(key))[:LONGEST_LIST])
    facts = (plain(item) for item in as_list(body.get("facts"))[:LONGEST_LIST])
    items = (plain(body.get("who")), *lists)
    return proper_names((premise[:LONGEST_PREMISE], *texts, *facts), items, is_weak=is_weak)
