"""The basis of a world: who, where, what is to be done and what is at stake, in the words of its premise.

What a model leaves out of it or gets wrong is what the premise itself gives.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from worldkit.assessment.names import Name, Premise
from worldkit.assessment.premise import read_premise
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.forbidden import allowed_name, forbidden_words
from worldkit.generation.direct.naming import proper_names
from worldkit.generation.direct.schema import TEXT, as_list, closed_object, compact, list_of, prompt
from worldkit.generation.direct.wording import bare, head, is_many, plain, sentence, shorten, the
from worldkit.generation.planning.premise import read
from worldkit.generation.planning.proper_words import plain_form, proper_words
from worldkit.generation.planning.protagonist import find_hero
from worldkit.generation.text.english import a, capital, title
from worldkit.generation.text.word_sets import words

_NUMBERS = dict(enumerate(words("english", "numbers")[:19], 2))
"""Two to twenty in words."""
LENGTHS = {
    "who": (3, 60),
    "look": (20, 160),
    "goal": (6, 120),
    "stake": (6, 140),
    "logline": (20, 220),
    "air": (15, 140),
    "truth": (0, 300),
}
"""Characters of the texts of a basis, at least and at most; look and air stand in every picture's text."""
MAX_PREMISE_CHARACTERS = 1200
"""Characters of a premise that a model is shown."""
MAX_PHRASE_CHARACTERS, MAX_FACT_CHARACTERS = 100, 240
"""Characters of somebody or something else, and of a fact at most."""
SECRET_ROW = 8
"""A text that shares so many words in a row with what really happened gives it away."""
MAX_READ_ITEMS = 40
"""Items of a list that are looked at."""
MAX_ITEMS = 8
"""Other people, and facts, of the largest world at most."""


def most_items(places: int) -> tuple[int, int]:
    """Return how many other people, and how many facts, a basis of so many places has at most."""
    return min(MAX_ITEMS, max(3, places)), min(MAX_ITEMS, max(4, places))


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
    longest = {name: most for name, (_, most) in LENGTHS.items()}
    fields = prompt("basis_fields", **longest)
    strong_fields = "" if is_weak else f" {prompt('basis_fields_strong', **longest)}"
    if chapter:
        return chapter.basis_question(fields + strong_fields)
    # half a pair of surrogates cannot be sent
    premise_text = " ".join(premise.split())[:MAX_PREMISE_CHARACTERS].encode("utf-8", "replace").decode()
    quoted_names = [f"{name.phrase!r}" for name in chief_names(read_premise(premise))]
    demand = f" These words have to be in it: {', '.join(quoted_names)}." if quoted_names else ""
    premise_json = json.dumps(premise_text, ensure_ascii=False)
    values = {"premise": premise_json, "fields": fields, "strong_fields": strong_fields, "demand": demand}
    return prompt("basis_of_premise", places=places, **values)


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
        return f"{self.premise[:MAX_PREMISE_CHARACTERS]} {self.goal}"

    def as_json(self) -> str:
        """Return the basis as compact JSON, without what it was made from."""
        left_out = ("premise", "chapter") if self.truth else ("premise", "chapter", "truth")
        return compact({name: value for name, value in asdict(self).items() if name not in left_out})


def names_in(body: Mapping[str, Any], premise: str) -> frozenset[str]:
    """Return the words that are names in the values of a basis, also in those of an answer as it was written."""
    texts = (plain(body.get(key)) for key in ("look", "goal", "stake", "logline", "air", "truth"))
    lists = (plain(item) for key in ("places", "others", "things") for item in as_list(body.get(key))[:MAX_READ_ITEMS])
    facts = (plain(item) for item in as_list(body.get("facts"))[:MAX_READ_ITEMS])
    items = (plain(body.get("who")), *lists)
    return proper_names((premise[:MAX_PREMISE_CHARACTERS], *texts, *facts), items)


def text_problem(value: str, least: int, most: int, *, is_seen: bool = True, may_kill: bool = False) -> str:
    """Return what is wrong with a text of a basis, by its length and, where it is seen, by its words; else nothing."""
    if not value:
        return "it is empty"
    if not least <= len(value) <= most:
        return f"it has {len(value)} characters, and {least} to {most} fit"
    words = forbidden_words(value, may_kill=may_kill) if is_seen else []
    return f"it says {words[0]!r}" if words else ""


def setting(premise: str) -> str:
    """Return the chief place of a premise, with its article; empty when it names none."""
    premise_names = read_premise(premise)
    return chief_place(premise_names) if premise_names.where else ""


def chief_names(premise_names: Premise) -> list[Name]:
    """Return what a premise names above all: its people, its place and its things."""
    return [*premise_names.who[:2], *premise_names.where[:1], *premise_names.what[:2]]


def with_capitals(text: str, premise: str) -> str:
    """Return words of a premise, as they were read, with the capitals and accents that they have in it."""
    for word in proper_words(premise, text.lower()):
        text = re.sub(rf"\b{re.escape(plain_form(word))}\b", word, text)
    return text


def with_number(name: Name, premise: str) -> str:
    """Return what a premise names as a phrase with an article or a number."""
    read_noun = bare(name.phrase)
    noun = with_capitals(read_noun, premise)
    if number := _NUMBERS.get(name.count):
        return f"{number} {noun}" if not noun.startswith(number) else noun
    if name.count != 1 or read_noun[:1].isupper() or is_many(noun):
        return noun
    return f"the {noun}" if noun.split()[-1][:1].isupper() else a(noun)  # the Tern, but a Dutch spy


def main_task(premise_names: Premise) -> Name | None:
    """Return what a premise wants done: the first task that has an object, else the first of all."""
    return next((name for name in premise_names.task if name.object), next(iter(premise_names.task), None))


def own_who(premise_names: Premise) -> str:
    """Return the hero, as a phrase with its article."""
    name = find_hero(premise_names)
    if name is None:
        return "the traveller"
    if name.count not in (0, 1):
        return with_number(name, premise_names.text)
    return with_capitals(the(name.phrase), premise_names.text)


def own_look(who: str) -> str:
    """Return a sentence about what the hero looks like."""
    noun = who if is_many(who) or who[:1].isupper() else a(bare(who))
    return f"{capital(noun)} in plain working clothes, seen from behind."


def chief_place(premise_names: Premise) -> str:
    """Return the chief place, with its article."""
    name = allowed_name(bare(premise_names.where[0].phrase)) if premise_names.where else ""
    return with_capitals(f"the {name}", premise_names.text) if name else "the place"


def own_goal(premise_names: Premise, where: str) -> str:
    """Return what is to be done, as a verb phrase: what the premise says, else what to do about what it tells."""
    name = main_task(premise_names)
    if name and _is_goal(name.phrase):
        return with_capitals(name.phrase, premise_names.text)
    goal = with_capitals(read(premise_names.text, random.Random(0)).goal, premise_names.text)
    return goal if _is_goal(goal) else f"find the way out of {where}"


def _is_goal(text: str) -> bool:
    return len(text.split()) > 1 and not text_problem(text, 3, LENGTHS["goal"][1])


def own_logline(premise: str, who: str, goal: str, where: str) -> str:
    """Return the story in a sentence."""
    longest = LENGTHS["logline"][1]
    text = sentence(shorten(" ".join(premise.split()), longest))
    return text if text and not text_problem(text, 10, longest + 1) else f"{capital(who)} must {goal} in {where}."


def title_of(value: Any, premise_names: Premise, where: str) -> str:
    """Return the world's name: the model's if it is one, else of what the premise names."""
    text = plain(value).rstrip(".")
    if 2 < len(text) <= 48 and len(text.split()) <= 8:
        return text
    names = (*premise_names.what, *premise_names.where, *premise_names.who)
    noun = next((with_capitals(bare(name.phrase), premise_names.text) for name in names), head(where))
    return title(shorten(f"the {noun}", 48).rstrip("."))
