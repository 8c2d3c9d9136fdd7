"""What "it", "them", "him" and "her" are where a premise says what must be done: what was last spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import filterfalse
from typing import Literal

from worldkit.assessment.names import Premise
from worldkit.generation.planning.people import is_animal, trade_of
from worldkit.generation.planning.senses import is_vehicle, senses_of
from worldkit.generation.planning.stock import Thing

_DETERMINED = r"(?:an?|the|his|her|their|its|this) (?:[a-z-]+ )?\Z"
_LOCATED = re.compile(
    r"\b(?:in|inside|into|at|aboard|through|on|from|across|under|beneath|of|to|behind|near|without|for|among)"
    rf" {_DETERMINED}|\b(?:of|in|without|its) \Z"
)
"""What stands before a noun that only says where or what something else is."""


_DOING = re.compile(rf"\bby {_DETERMINED}")
"""What stands before a noun that says who did something to somebody: taken by a witch."""


def find_antecedent(
    premise_names: Premise, names: Sequence[str], places: Sequence[str], who: str, pronoun: Literal["it", "them", "him"]
) -> str:
    """Return what a pronoun may be where a premise says what must be done; empty for nothing.

    That is what was last named before, with its article: what something was done to, and no place that only says where
    something is, unless it is a ship and the like. It is not the player's character (``who``). "Him" is also "her".
    """
    text = _ADDED_CLAUSE.sub(lambda match: " " * len(match[0]), premise_names.plain_story)
    orders = premise_names.orders
    is_plural = pronoun == "them"
    clause_with_pronoun = re.compile(rf"[^.,;:!?]*\b{'(?:him|her)' if pronoun == 'him' else pronoun}\b")
    order = next(
        (order for order in orders if clause_with_pronoun.match(text, order.verb_start)), next(iter(orders), None)
    )
    end = order.start if order else 0

    def is_aside(phrase: str) -> bool:
        text_before = text[: text.rfind(phrase, 0, end)]
        return bool(_LOCATED.search(text_before) or (pronoun == "him" and _DOING.search(text_before)))

    def last_named(phrases: Iterable[str]) -> list[str]:
        """Return the phrases that stand before the order, the last first, but for those of the wrong number."""
        starts = {phrase: text.rfind(phrase, 0, end) for phrase in phrases if Thing(phrase).many is is_plural}
        phrases_before = [phrase for phrase in starts if starts[phrase] >= 0 and phrase.split()[-1] != who]
        phrases_before.sort(key=lambda phrase: (is_aside(phrase), -starts[phrase]))
        return phrases_before

    things = last_named(name for name in names if pronoun != "it" or not _is_person(name))
    placed = last_named(place for place in places if not is_aside(place) or is_vehicle(place))
    candidates = [*filterfalse(is_aside, things), *placed, *things]
    return f"the {candidates[0]}" if candidates else ""


_ADDED_CLAUSE = re.compile(r", (?:who|which|whose) [^,.;!?]*,")
"""A clause that only adds something about somebody: the tenants, who have not exchanged a word, must."""


def _is_person(noun: str) -> bool:
    """Say whether a noun means a person, who is no "it"."""
    head = noun.split()[-1]
    if is_animal(head) or head in ("baby", "infant"):
        return False
    kinds = [sense.kind for sense in senses_of(head)[:3]]
    # a dummy is somebody first, but a thing too
    return kinds[:1] == ["p"] and (trade_of(head) is not None or not {"a", "t"} & set(kinds))
