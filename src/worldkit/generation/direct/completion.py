"""Completes a plan by code: what a model wrote stays as far as it holds, and a drawn graph fills what is missing.

The drawn graph (``shape``) holds by itself, and any move may be added to it. So its moves are added to those of the
model, and what the plan holds without is left out again. A plan that was cut off, or whose moves lead nowhere, becomes
one that can be played, in the words of its own places and things. The words of every move agree with where it leads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worldkit.generation.direct import proof
from worldkit.generation.direct.naming import contains_name, mentions, points_to
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.shape import in_order, keeps_order
from worldkit.generation.direct.wording import TAKING_VERB, bare, head, the
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.english import listing, stem
from worldkit.generation.text.word_sets import words

_ENTRY_VERB = rf"\b(?:enter|reach|(?:go|come|run|{'|'.join(words('direct', 'travels'))})\b.*? (?:to|towards?|into|for))"
"""What stands before the name of a place to which somebody goes."""


def complete(plan: WorldPlan, drawn_moves: Sequence[MoveOutline]) -> tuple[WorldPlan, int]:
    """Return a plan that holds, and how many moves had to be added or left out."""
    plan = _with_sights(plan)
    model_moves = _different_moves(plan)
    if not proof.problems(model_plan := plan.with_moves(model_moves)):
        return model_plan.with_moves(in_order(plan.ids, model_moves)), len(plan.moves) - len(model_moves)
    graph_moves = [replace(move, do=plain_words(plan, move)) for move in drawn_moves]
    complete_plan = _with_graph(model_plan, graph_moves)
    if proof.problems(complete_plan):  # a key of the model may lie behind what it opens; those of the graph do not
        keyless_moves = [move for move in model_moves if not move.takes]
        complete_plan = _with_graph(plan.with_moves(keyless_moves), graph_moves)
    left_out_count = len(plan.moves) - sum(move in complete_plan.moves for move in model_moves)
    added_count = sum(move not in model_moves for move in complete_plan.moves)
    return complete_plan.with_moves(in_order(plan.ids, complete_plan.moves)), left_out_count + added_count


def _with_graph(plan: WorldPlan, graph_moves: Sequence[MoveOutline]) -> WorldPlan:
    """Return a plan with those moves of a drawn graph that it does not hold without."""
    edges = {move.edge for move in plan.moves}
    keys = {move.takes for move in plan.moves if move.takes}
    added_moves = [move for move in graph_moves if move.edge not in edges and move.takes not in keys]
    plan = plan.with_moves([*plan.moves, *added_moves])
    # a key is needed as long as its lock is there
    for move in sorted(added_moves, key=lambda move: move.takes is not None):
        shorter_plan = plan.with_moves([other for other in plan.moves if other != move])
        if not proof.problems(shorter_plan):
            plan = shorter_plan
    return plan


def _with_sights(plan: WorldPlan) -> WorldPlan:
    """Return a plan in which something is seen in every place that cannot be carried off."""
    arrivals = proof.key_arrivals(plan)

    def stays(thing: str, ending: str = "") -> bool:
        held_keys = {key for key, arrival in arrivals.items() if ending in arrival.certain_states}
        things = (name for key, name in plan.keys.items() if key not in plan.learned | held_keys)
        return not any(contains_name(thing, name) for name in things)

    story_things = unused_things = [*filter(stays, (*plan.basis.things, *plan.basis.others))]
    places = []
    for place in plan.places:
        sights = tuple(thing for thing in place.sees if stays(thing, place.id if place.ending else ""))
        if not sights:
            fit_things = (thing for thing in (*unused_things, *story_things) if not mentions(place.name, thing))
            thing = next(fit_things, f"the {place.name}")
            sights = (thing,)
            unused_things = [candidate for candidate in unused_things if candidate != thing]
        places.append(replace(place, props=tuple(map(Thing, sights))))
    return replace(plan, places=tuple(places))


def _different_moves(plan: WorldPlan) -> list[MoveOutline]:
    """Return the moves of a plan, none twice in one place."""
    moves: list[MoveOutline] = []
    for move in plan.moves:
        is_there = any(other.edge == move.edge and is_repeated(other, move) for other in moves)
        if not is_there and (not plan.basis.chapter or keeps_order(plan.ids, move)):
            moves.append(move)
    return moves


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
    if move.to:  # to the mill yard is not to the mill
        text = text.replace(bare(target.name).lower(), "")
    enters = _ENTRY_VERB if move.to is None or names_target else r"\b(?:enter|reach|into|to)"
    return not re.search(rf"{enters} (?:the )?{re.escape(own_name)}\b", text)


def plain_words(plan: WorldPlan, move: MoveOutline) -> str:
    """Return the words of a move of a drawn graph: those of the plan where it takes the same key, else code's."""
    kind, key_ids = plan.kind(move), [move.takes] if move.takes else move.needs
    key, target = listing([the(plan.keys[id]) for id in key_ids]), the(plan.place(move.to or move.at).name)
    if kind == "take":
        deeds = (other.do for other in plan.moves if other.takes == move.takes)
        # what takes something else says nothing of the key
        words = (do for do in deeds if not TAKING_VERB.match(do) or points_to(do, plan.keys[move.takes or ""]))
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


def is_same_place(name: str, other: str) -> bool:
    """Say whether another name is this one with something added: the ballroom, the ballroom with open windows."""
    return head(name) == head(other) and contains_name(other, name)
