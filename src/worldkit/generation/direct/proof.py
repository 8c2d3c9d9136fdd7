"""Plays a plan exhaustively before a word of its prose is written, and says in words what does not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

from worldkit.core.json_values import Json
from worldkit.exploration.budget import BudgetSpent
from worldkit.exploration.counted import explore_counted
from worldkit.exploration.flag_arrival import FlagArrival, flag_arrivals
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.wording import the
from worldkit.generation.planning.plan import graph_event, graph_world, stuck_places
from worldkit.world import World


def problems(plan: WorldPlan) -> list[str]:
    """Play a plan exhaustively and return what is wrong with it; empty when it can be written.

    Every place has to be reached, every move has to be possible, from everywhere a win has to stay within reach, and
    the first place has to be a choice: between two ways, or between any two moves where the parts of a chapter follow.
    """
    exploration = explore_counted(skeleton(plan))
    unreachable_names = {place.id: place.name for place in plan.places if place.id not in exploration.states}
    messages = [
        f"{id} ({name}) cannot be reached: no move that can be done leads there"
        for id, name in unreachable_names.items()
    ]
    moves_done = [(move, name in exploration.events) for name, move in plan.events.items()]
    for move, is_done in moves_done:
        if not is_done and move.at not in unreachable_names:
            reason = _why(plan, move, {other.takes for other, done in moves_done if done})
            messages.append(f"{move.do!r} at {move.at} can never be done: {reason}")
    if not any(place.ending == "win" and place.id not in unreachable_names for place in plan.places):
        return [*messages, "no move that can be done leads to a win"]
    stuck_ids = stuck_places(plan.places, _events(plan))
    arrivals = key_arrivals(plan) if stuck_ids else {}
    for id in stuck_ids:
        held_keys = {key for key, arrival in arrivals.items() if id in arrival.certain_states}
        message = f"in {id} ({plan.place(id).name}) the hero can get stuck: from there no way leads on to a win"
        messages.append(message + _key_out_of_reach(plan, id, held_keys))
    first = plan.places[0].id
    if plan.basis.chapter:  # only one place follows the first part of a chapter
        if len([move for move in plan.at(first) if not move.after_s]) < 2:
            messages.append(f"{first} needs at least two things that can be done")
    elif len({move.to for move in plan.at(first) if move.to and move.to not in unreachable_names}) < 2:
        messages.append(f"{first} needs moves to at least two other places")
    for place in plan.places:
        keyless_moves = [move for move in plan.at(place.id) if not move.needs and not move.is_hidden]
        if keyless_moves and not place.ending and all(plan.kind(move) == "lose" for move in keyless_moves):
            messages.append(f"at {place.id} everything that can be done without a key is lost: add a way back")
    return messages


def key_arrivals(plan: WorldPlan) -> Mapping[str, FlagArrival]:
    """Return where each key is held on arrival; empty where that takes too long to say.

    It is exact: a key that opens the way to another is held with that.
    """
    with suppress(BudgetSpent):
        return {key: _exact(plan, key, arrival) for key, arrival in flag_arrivals(skeleton(plan)).items()}
    return {}


def _exact(plan: WorldPlan, key: str, arrival: FlagArrival) -> FlagArrival:
    """Return where a key is held on arrival, given where it can be: always where no run comes that never takes it."""
    without_key = plan.with_moves([move for move in plan.moves if move.takes != key])
    exploration = explore_counted(skeleton(without_key))
    if not exploration.complete:
        return arrival
    every_id = (*arrival.certain_states, *arrival.uncertain_states)
    always, sometimes = (
        tuple(id for id in every_id if (id in exploration.states) == is_reached) for is_reached in (False, True)
    )
    return FlagArrival(always, sometimes)


def _key_out_of_reach(plan: WorldPlan, at: str, held_keys: Collection[str]) -> str:
    """Return which key cannot be got any more from a place; empty where no missing way keeps the hero from one."""
    reachable_ids = places_from(plan, at)
    needed_keys = {key for move in plan.moves for key in move.needs}.difference(held_keys)
    out_of_reach = {
        move.takes: move.at for move in plan.moves if move.takes in needed_keys and move.at not in reachable_ids
    }
    key = next((key for key in out_of_reach if key), None)
    return f" without {key}, and none leads back to {out_of_reach[key]}, where that is" if key else ""


def places_from(plan: WorldPlan, at: str) -> set[str]:
    """Return the ids of all places to which ways lead from a place, whatever they need, and its own."""
    ids = {at}
    while next_ids := {move.to for move in plan.moves if move.at in ids and move.to} - ids:
        ids |= next_ids
    return ids


def _why(plan: WorldPlan, move: MoveOutline, obtainable_keys: Collection[str | None]) -> str:
    """Return why a move can never be done, given the keys that some run gets."""
    if not move.needs:
        return "its place is never open"
    key = next((key for key in move.needs if key not in obtainable_keys), move.needs[0])
    if key in obtainable_keys and len(move.needs) > 1:
        return f"it needs {' and '.join(move.needs)}, and no run that comes there has got them all"
    if not any(other.takes == key for other in plan.moves):
        return f"it needs {key}, and no move takes {key}"
    return f"it needs {key} ({the(plan.keys[key])}), which is taken at {plan.source(key).id} only, behind what it opens"


def skeleton(plan: WorldPlan) -> World:
    """Return a plan as a world without prose, whose states have the ids of the plan."""
    return graph_world(plan.places, _events(plan))


def _events(plan: WorldPlan) -> list[Json]:
    return [
        graph_event(name, move.at, move.to, move.needs, [move.takes] if move.takes else ())
        for name, move in plan.events.items()
    ]
