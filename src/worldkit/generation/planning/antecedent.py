"""What "it" and "them" are where a premise says what must be done: what was last spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from worldkit.generation.planning.goal import find_orders
from worldkit.generation.planning.kinds import is_animal, trade_of
from worldkit.generation.planning.senses import is_vehicle, senses_of
from worldkit.generation.planning.stock import Thing

_LOCATED = re.compile(
    r"\b(?:in|inside|into|at|aboard|through|on|from|across|under|beneath|of|to|behind|near|without|for|among)"
    r" (?:an?|the|his|her|their|its|this) (?:[a-z-]+ )?\Z|\b(?:of|in|without|its) \Z"
)
"""What stands before a noun that only says where or what something else is."""


def find_antecedent(text: str, names: Sequence[str], places: Sequence[str], who: str, *, is_plural: bool) -> str:
    """Return what "it" or "them" may be where a premise in small letters says what must be done; empty for nothing.

    That is what was last named before, with its article: what something was done to, and no place that only says where
    something is, unless it is a ship and the like. It is not the player's character (``who``).
    """
    text = _ADDED_CLAUSE.sub(lambda match: " " * len(match[0]), text)
    orders = find_orders(text)
    pronoun = re.compile(rf"[^.,;:!?]*\b{'them' if is_plural else 'it'}\b")
    order = next((order for order in orders if pronoun.match(text, order.end())), next(iter(orders), None))
    end = order.start() if order else 0

    def last_named(phrases: Iterable[str]) -> list[str]:
        """Return the phrases that stand before the order, the last first, but for those of the wrong number."""
        starts = {phrase: text.rfind(phrase, 0, end) for phrase in phrases if Thing(phrase).many is is_plural}
        phrases_before = [phrase for phrase in starts if starts[phrase] >= 0 and phrase.split()[-1] != who]
        phrases_before.sort(key=lambda phrase: (bool(_LOCATED.search(text[: starts[phrase]])), -starts[phrase]))
        return phrases_before

    def is_object(phrase: str) -> bool:
        return not _LOCATED.search(text[: text.rfind(phrase, 0, end)])

    things = last_named(name for name in names if is_plural or not _is_person(name))
    placed = last_named(place for place in places if is_object(place) or is_vehicle(place))
    candidates = [*filter(is_object, things), *placed, *things]
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
