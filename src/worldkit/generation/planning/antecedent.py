"""What "it", "them", "him" and "her" are where a premise says what must be done: what was last spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from worldkit.assessment.names import Premise
from worldkit.generation.planning.people import is_animal, trade_of
from worldkit.generation.planning.senses import is_vehicle, senses_of
from worldkit.generation.planning.stock import Thing

_DETERMINER_AT_END = r" (?:(?:an?|the|his|her|their|its|this) )?(?:[a-z-]+ )?\Z"
_LOCATION_OPENING = re.compile(
    r"\b(?:in|inside|into|at|aboard|through|on|from|across|under|beneath|of|to|behind|near|without|for|among|its)"
    + _DETERMINER_AT_END
)
"""What stands before a noun that only says where, what or whose something else is."""
_AGENT_OPENING = re.compile(rf"\bby{_DETERMINER_AT_END}")
"""What stands before a noun that says who did something to somebody: taken by a witch."""
_ADDED_CLAUSE = re.compile(r", (?:who|which|whose) [^,.;!?]*,")
"""A clause that only adds something about somebody: the tenants, who have not exchanged a word, must."""


def find_antecedent(
    premise_names: Premise, names: Iterable[str], places: Iterable[str], who: str, pronoun: Literal["it", "them", "him"]
) -> str:
    """Return what a pronoun may be where a premise says what must be done, with its article; empty for nothing.

    That is what was named last before, and what only says where something is after the others; of places, no such one
    but a ship and the like. It is not the player's character (``who``). "Him" is also "her".
    """
    text = _ADDED_CLAUSE.sub(lambda match: " " * len(match[0]), premise_names.plain_story)
    end = next((order.start for order in premise_names.orders), 0)
    ranks: dict[str, tuple[bool, bool, int]] = {}
    for phrase in (*names, *places):
        start = text.rfind(phrase, 0, end)
        is_aside = bool(
            _LOCATION_OPENING.search(text[:start]) or (pronoun == "him" and _AGENT_OPENING.search(text[:start]))
        )
        is_fit = Thing(phrase).many is (pronoun == "them") and phrase.split()[-1] != who
        if start >= 0 and is_fit and not (is_aside and phrase in places and not is_vehicle(phrase)):
            ranks[phrase] = not is_aside, phrase not in places, start
    return f"the {max(ranks, key=ranks.__getitem__)}" if ranks else ""


def is_it(noun: str) -> bool:
    """Say whether a noun means a thing, an animal or a baby, and no person."""
    head = noun.split()[-1]
    if is_animal(head) or head in ("baby", "infant"):
        return True
    kinds = [sense.kind for sense in senses_of(head)[:3]]
    # a dummy is somebody first, but a thing too
    return kinds[:1] != ["p"] or (trade_of(head) is None and bool({"a", "t"} & set(kinds)))
