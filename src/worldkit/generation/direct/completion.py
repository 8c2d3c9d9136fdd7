"""Completes a plan by code: what a model wrote stays as far as it holds, and a drawn graph fills what is missing.

The drawn graph (``shape``) holds by itself, and any move may be added to it. So the moves of the model are taken first,
and moves of the graph are added to them one by one while something does not hold. A plan that was cut off, or whose
moves lead nowhere, becomes one that can be played, in the words of its own places and things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worldkit.generation.direct import proof
from worldkit.generation.direct.chapter_places import is_same_place
from worldkit.generation.direct.claims import goes_to
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.shape import in_order, keeps_order
from worldkit.generation.direct.wording import TAKING, bare, contains_name, mentions, points_to, the
from worldkit.generation.text.english import stem

_LOOKING = re.compile(
    r"(?:look|watch|listen|stare|gaze|see|examine|inspect|study|wait|think|remember)\b", re.IGNORECASE
)
"""What leads nowhere, though a model says that it does: look out of the window at the garden."""
ACTS = 2
"""Things to do on the spot in a place at most."""


def complete(plan: WorldPlan, drawn_moves: Sequence[MoveOutline], *, is_weak: bool = True) -> tuple[WorldPlan, int]:
    """Return a plan that holds, and how many moves had to be added or left out.

    The moves of the plan are a model's and may be none; those of a weak model are made to agree with one another. The
    drawn ones are a graph of the same ids, without words yet.
    """
    plan = _with_sights(plan)
    model_moves = _agreeing_moves(plan) if is_weak else _different_moves(plan)
    graph_moves = [replace(move, do=_plain_words(plan, move)) for move in drawn_moves]
    # the second time keys are taken where the graph has them: theirs may lie behind what they open
    for moves in (model_moves, [move for move in model_moves if not move.takes]):
        complete_plan = _with_needed_moves(plan.with_moves(moves), graph_moves)
        if not proof.problems(complete_plan):
            break
    else:  # the drawn graph alone, in the model's words where it has the same move
        words = {move.edge: move for move in plan.moves}
        complete_plan = plan.with_moves([words.get(move.edge, move) for move in graph_moves])
    left_out_count = len(plan.moves) - sum(move in complete_plan.moves for move in model_moves)
    added_count = sum(move not in model_moves for move in complete_plan.moves)
    return complete_plan.with_moves(in_order(plan.ids, complete_plan.moves)), left_out_count + added_count


def _with_needed_moves(plan: WorldPlan, graph_moves: Sequence[MoveOutline]) -> WorldPlan:
    """Return a plan with as many of the drawn moves as it takes until it holds, or all of them."""
    problems = proof.problems(plan)
    for move in graph_moves:
        if not problems:
            break
        if any(other.edge == move.edge or (move.takes and other.takes == move.takes) for other in plan.moves):
            continue
        longer_plan = plan.with_moves([*plan.moves, move])
        remaining_problems = proof.problems(longer_plan)
        # a key without its lock cures nothing yet, and neither does a place that nothing leads on from
        if len(remaining_problems) < len(problems) or plan.kind(move) in ("take", "lock", "way"):
            plan, problems = longer_plan, remaining_problems
    return plan


def _with_sights(plan: WorldPlan) -> WorldPlan:
    """Return a plan in which something is seen in every place that cannot be carried off."""

    def stays(thing: str) -> bool:
        return not any(contains_name(thing, key) for key in plan.keys.values())

    story_things = unused_things = [*filter(stays, (*plan.basis.things, *plan.basis.others))]
    places = []
    for place in plan.places:
        sights = tuple(filter(stays, place.sees))
        if not sights:
            fit_things = (thing for thing in (*unused_things, *story_things) if not mentions(place.name, thing))
            thing = next(fit_things, f"the {place.name}")
            sights = (thing,)
            unused_things = [candidate for candidate in unused_things if candidate != thing]
        places.append(replace(place, sees=sights))
    return replace(plan, places=tuple(places))


def _different_moves(plan: WorldPlan) -> list[MoveOutline]:
    """Return the moves of a model, none twice and each key got once."""
    moves: list[MoveOutline] = []
    for move in plan.moves:
        is_there = any(is_repeated(other, move) or (move.takes and other.takes == move.takes) for other in moves)
        if not is_there and (not plan.basis.chapter or keeps_order(plan.ids, move)):
            moves.append(move)
    return moves


def _agreeing_moves(plan: WorldPlan) -> list[MoveOutline]:
    """Return the usable moves of a model: none twice, each key taken once, a key needed for every win, few dangers."""
    ids = plan.ids
    moves: list[MoveOutline] = []
    for model_move in plan.moves:
        kind = plan.kind(model_move)
        move = replace(model_move, needs=ids.keys[1]) if kind == "win" and not model_move.needs else model_move
        if kind == "way" and _LOOKING.match(move.do):
            move = replace(move, do=_way_words(plan, move))
        if move.takes and not (_gets_key(plan, move) and agrees_with_target(plan, move)):
            move = replace(move, do=_getting(plan, move.takes))
        if (
            not _is_there_already(plan, move, moves)
            and not _is_too_much(plan, move, moves)
            and agrees_with_target(plan, move)
            and (not plan.basis.chapter or keeps_order(ids, move))
        ):
            moves.append(move)
    return moves


def _gets_key(plan: WorldPlan, move: MoveOutline) -> bool:
    """Say whether the words of a move can be those by which its key is got: they take nothing else."""
    return not TAKING.match(move.do) or points_to(move.do, plan.keys[move.takes or ""])


def _getting(plan: WorldPlan, key: str) -> str:
    return f"{'learn' if key in plan.learned else 'take'} {the(plan.keys[key])}"


def _is_there_already(plan: WorldPlan, move: MoveOutline, earlier_moves: Sequence[MoveOutline]) -> bool:
    """Say whether a move is there already: in other words, in the same words elsewhere, or as the taking of a key."""
    return any(
        is_repeated(other, move)
        or (move.takes is not None and other.takes == move.takes)
        or (other.edge == move.edge and plan.kind(move) != "act")
        for other in earlier_moves
    )


def _is_too_much(plan: WorldPlan, move: MoveOutline, earlier_moves: Sequence[MoveOutline]) -> bool:
    """Say whether there are enough moves of a kind already: a few things to do on the spot a place, a few dangers."""
    kind = plan.kind(move)
    if move.after_s or kind not in ("act", "lose"):
        return False
    similar_moves = [other for other in earlier_moves if plan.kind(other) == kind and not other.after_s]
    if kind == "act":
        return sum(other.at == move.at for other in similar_moves) >= ACTS
    return len(similar_moves) >= max(len(plan.ids.losses), len(plan.ids.inner) // 2)


def is_repeated(move: MoveOutline, other: MoveOutline) -> bool:
    """Say whether two moves are told in the same words."""
    return _normal_words(move) == _normal_words(other)


def _normal_words(move: MoveOutline) -> str:
    return " ".join(stem(word) for word in move.do.lower().split())


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


def _plain_words(plan: WorldPlan, move: MoveOutline) -> str:
    """Return the words of a move of a drawn graph: those of the plan where it takes the same key, else code's."""
    kind, key_id = plan.kind(move), move.takes or move.needs
    key = the(plan.keys[key_id]) if key_id else ""
    if kind == "take":
        words = (other.do for other in plan.moves if other.takes == key_id and _gets_key(plan, other))
        return next(words, _getting(plan, move.takes or ""))
    if kind == "act":
        return f"look closely at {the(plan.place(move.at).sees[0])}"
    if kind == "win":
        goal = plan.basis.goal
        return goal if mentions(goal, key) else f"use {key} to {goal}"
    if kind == "lose":
        return "wait too long"
    if kind == "lock":
        return f"use {key} to reach {_target(plan, move)}"
    return _way_words(plan, move)


def _way_words(plan: WorldPlan, move: MoveOutline) -> str:
    return f"go {'back' if plan.leads_back(move) else 'on'} to {_target(plan, move)}"


def _target(plan: WorldPlan, move: MoveOutline) -> str:
    return the(plan.place(move.to or move.at).name)
