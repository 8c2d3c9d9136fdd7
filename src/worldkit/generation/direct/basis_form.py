"""What a model is asked for the basis of a world: the JSON Schema, the question, and the longest texts and lists."""

from __future__ import annotations

import json
from typing import Any

from worldkit.assessment.premise import read_premise
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.premise_words import GOAL, chief_names
from worldkit.generation.direct.schema import TEXT, closed_object, list_of
from worldkit.generation.text.data import read_typed

LOOK, AIR, STAKE, TRUTH = 160, 140, 140, 300
"""Characters of these texts at most: look and air stand in every picture's text."""
LONGEST_PREMISE = 1200
"""Characters of a premise that a model is shown."""
WHO, PHRASE, FACT = 60, 100, 240
"""Characters of the hero, of somebody or something else, and of a fact at most."""
SECRET_ROW = 8
"""A text that shares so many words in a row with what really happened gives it away."""
LONGEST_LIST = 40
"""Items of a list that are looked at."""
MOST_ITEMS = 8
"""Other people, and facts, of the largest world at most."""

_FIELDS = read_typed(str, "prompts.toml", "basis_fields").format(goal=GOAL, look=LOOK, air=AIR)
_STRONG_FIELDS = read_typed(str, "prompts.toml", "basis_fields_strong").format(truth=TRUTH)


def most_items(places: int, *, is_weak: bool) -> tuple[int, int]:
    """Return how many other people, and how many facts, a basis of so many places has at most."""
    return (3, 4) if is_weak else (min(MOST_ITEMS, max(3, places)), min(MOST_ITEMS, max(4, places)))


def schema(places: int, *, is_weak: bool = True) -> dict[str, Any]:
    """Return the JSON Schema of a basis with so many places."""
    most_others, most_facts = most_items(places, is_weak=is_weak)
    texts = ("title", "who", "look", "goal", "stake", "logline", "air")
    return closed_object(
        **dict.fromkeys(texts if is_weak else (*texts, "truth"), TEXT),
        places=list_of(TEXT, places, places),
        others=list_of(TEXT, 1, most_others),
        things=list_of(TEXT, 3, 4),
        facts=list_of(TEXT, 2, most_facts),
    )


def question(premise: str, places: int, chapter: ChapterText | None = None, *, is_weak: bool = True) -> str:
    """Return what a model is asked for the basis of a world.

    Args:
        premise: The premise; empty for a chapter.
        places: How many places the world has, without its endings.
        chapter: The chapter, if the world follows one, which has a question of its own.
        is_weak: A weak model is asked, which is asked for less.
    """
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
