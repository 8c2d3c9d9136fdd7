"""Completes a plan by code: what a model wrote stays as far as it holds, and a drawn graph fills what is missing.

The drawn graph (``shape``) holds by itself, and any move may be added to it. So the moves of the model are taken first,
and moves of the graph are added to them one by one while something does not hold. A plan that was cut off, or whose
moves lead nowhere, becomes one that can be played, in the words of its own places and things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worldkit.generation.direct import proof
from worldkit.generation.direct.deeds import is_repeated, plain_words
from worldkit.generation.direct.naming import contains_name, mentions
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.shape import in_order, keeps_order


def complete(plan: WorldPlan, drawn_moves: Sequence[MoveOutline]) -> tuple[WorldPlan, int]:
    """Return a plan that holds, and how many moves had to be added or left out."""
    plan = _with_sights(plan)
    model_moves = _different_moves(plan)
    if not proof.problems(model_plan := plan.with_moves(model_moves)):
        return model_plan.with_moves(in_order(plan.ids, model_moves)), len(plan.moves) - len(model_moves)
    graph_moves = [replace(move, do=plain_words(plan, move)) for move in drawn_moves]
    # the second time keys are taken where the graph has them: theirs may lie behind what they open
    for moves in (model_moves, [move for move in model_moves if not move.takes]):
        complete_plan = _with_needed_moves(plan.with_moves(moves), graph_moves)
        if not proof.problems(complete_plan):
            complete_plan = _without_spare_moves(complete_plan, moves)
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


def _without_spare_moves(plan: WorldPlan, model_moves: Sequence[MoveOutline]) -> WorldPlan:
    """Return a plan that holds without those moves of the graph that it holds without."""
    for move in [move for move in plan.moves if move not in model_moves]:
        shorter_plan = plan.with_moves([other for other in plan.moves if other != move])
        if not proof.problems(shorter_plan):
            plan = shorter_plan
    return plan


def _with_sights(plan: WorldPlan) -> WorldPlan:
    """Return a plan in which something is seen in every place that cannot be carried off."""
    arrivals = proof.key_arrivals(plan)

    def stays(thing: str, ending: str = "") -> bool:
        held_keys = {key for key, arrival in arrivals.items() if ending in arrival.always}
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
        places.append(replace(place, sees=sights))
    return replace(plan, places=tuple(places))


def _different_moves(plan: WorldPlan) -> list[MoveOutline]:
    """Return the moves of a plan, none twice in one place."""
    moves: list[MoveOutline] = []
    for move in plan.moves:
        is_there = any(other.edge == move.edge and is_repeated(other, move) for other in moves)
        if not is_there and (not plan.basis.chapter or keeps_order(plan.ids, move)):
            moves.append(move)
    return moves
