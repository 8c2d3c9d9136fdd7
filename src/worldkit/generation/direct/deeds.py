"""The words of a move: whether they agree with where it leads, and plain ones made by code."""

from __future__ import annotations

import re

from worldkit.generation.direct.claims import goes_to
from worldkit.generation.direct.naming import contains_name, mentions, points_to
from worldkit.generation.direct.place_names import is_same_place
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.wording import TAKING, bare, the
from worldkit.generation.text.english import listing, stem


def is_repeated(move: MoveOutline, other: MoveOutline) -> bool:
    """Say whether two moves are told in the same words."""
    words, other_words = ([stem(word) for word in each.do.lower().split()] for each in (move, other))
    return words == other_words


def agrees_with_target(plan: WorldPlan, move: MoveOutline) -> bool:
    """Say whether the words of a move agree with where it leads: they may not lead into another place alone.

    Another place is any but the target; its own only when the words do not leave it ("leave the mill"). What stays in
    a place names no other one, and nobody enters the place where they are.
    """
    text, target = move.do.lower(), plan.place(move.to or move.at)
    names_target = contains_name(text, target.name)
    other_places = [place for place in plan.places if place.id not in (move.to, move.at)]
    if plan.basis.chapter:  # the ballroom is also what the ballroom with open windows is called
        other_places = [place for place in other_places if not is_same_place(place.name, target.name)]
    if not names_target and any(contains_name(text, place.name) for place in other_places):
        return False
    own_name = bare(plan.place(move.at).name).lower()
    # to the mill yard is not to the mill
    if goes_to(text if move.to is None else text.replace(bare(target.name).lower(), ""), own_name):
        return False
    return move.to is None or names_target or not re.search(rf"\b(?:into|to) (?:the )?{re.escape(own_name)}\b", text)


def plain_words(plan: WorldPlan, move: MoveOutline) -> str:
    """Return the words of a move of a drawn graph: those of the plan where it takes the same key, else code's."""
    kind, key_ids = plan.kind(move), [move.takes] if move.takes else move.needs
    key, target = listing([the(plan.keys[id]) for id in key_ids]), the(plan.place(move.to or move.at).name)
    if kind == "take":
        deeds = (other.do for other in plan.moves if other.takes == move.takes)
        # what takes something else says nothing of the key
        words = (do for do in deeds if not TAKING.match(do) or points_to(do, plan.keys[move.takes or ""]))
        return next(words, f"{'learn' if move.takes in plan.learned else 'take'} {key}")
    if kind == "act":
        return f"look closely at {the(plan.place(move.at).sees[0])}"
    if kind == "win":
        goal = plan.basis.goal
        is_named = all(mentions(goal, plan.keys[id]) for id in key_ids)
        return goal if is_named else f"use {key} to {goal}"
    if kind == "lose":
        return "wait too long"
    if kind == "lock":
        return f"use {key} to reach {target}"
    return f"go {'back' if plan.leads_back(move) else 'on'} to {target}"
