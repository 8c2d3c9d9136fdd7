"""The words of a move: whether they agree with the plan, plain ones, and those of a weak model made to agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.claims import goes_to
from worldkit.generation.direct.naming import contains_name, content_words, mentions, points_to, without_names
from worldkit.generation.direct.place_names import is_same_place
from worldkit.generation.direct.plan import Ids, MoveOutline, WorldPlan
from worldkit.generation.direct.plan_form import STAY
from worldkit.generation.direct.shape import keeps_order
from worldkit.generation.direct.wording import TAKING, bare, normal_text, the
from worldkit.generation.text.english import listing, stem

_CARRYING_OFF = re.compile(r"(?:take|pick up|collect|fetch|steal) (?=(?:the|his|her|their|its|your)\b)", re.IGNORECASE)
"""The taking of something: take the ledger, but not take cover, lift the lid and find out."""
_ORIGIN = re.compile(r" (?:from|off|out of) .*")
_USING = re.compile(r"use\b", re.IGNORECASE)
_LOOKING = re.compile(
    r"(?:look|watch|listen|stare|gaze|see|examine|inspect|study|wait|think|remember)\b", re.IGNORECASE
)
"""What leads nowhere, though a model says that it does: look out of the window at the garden."""
ACTS = 2
"""Things to do on the spot in a place at most."""


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
    key = listing([the(plan.keys[id]) for id in key_ids])
    if kind == "take":
        words = (other.do for other in plan.moves if other.takes == move.takes and gets_key(plan, other))
        return next(words, getting(plan, move.takes or ""))
    if kind == "act":
        return f"look closely at {the(plan.place(move.at).sees[0])}"
    if kind == "win":
        goal = plan.basis.goal
        is_named = all(mentions(goal, plan.keys[id]) for id in key_ids)
        return goal if is_named else f"use {key} to {goal}"
    if kind == "lose":
        return "wait too long"
    if kind == "lock":
        return f"use {key} to reach {_target(plan, move)}"
    return way_words(plan, move)


def gets_key(plan: WorldPlan, move: MoveOutline) -> bool:
    """Say whether the words of a move can be those by which its key is got: they take nothing else."""
    return not TAKING.match(move.do) or points_to(move.do, plan.keys[move.takes or ""])


def getting(plan: WorldPlan, key: str) -> str:
    """Return the words by which a key is got."""
    return f"{'learn' if key in plan.learned else 'take'} {the(plan.keys[key])}"


def way_words(plan: WorldPlan, move: MoveOutline) -> str:
    """Return the words of a way that only leads on or back."""
    return f"go {'back' if plan.leads_back(move) else 'on'} to {_target(plan, move)}"


def _target(plan: WorldPlan, move: MoveOutline) -> str:
    return the(plan.place(move.to or move.at).name)


def mismatch(basis: Basis, ids: Ids, keys: Mapping[str, str], do: str, target: str) -> str:
    """Return why what is done cannot lead where a weak model has it lead; empty where it can."""
    takes = any(TAKING.match(part) for part in re.split(r" and | then |, ", do))
    do_without_places = without_names(do, basis.places)
    taken_things = [thing for thing in keys.values() if takes and mentions(do_without_places, thing)]
    if taken_things and target in (*ids.inner, *ids.endings):
        return f"{the(taken_things[0])} is taken, so to is {STAY} and key names it"
    if target not in ids.wins and _tells_goal(basis, do):
        return f"this is what is wanted at last, and only a move to {' or '.join(ids.wins)} does it"
    return ""


def _tells_goal(basis: Basis, do: str) -> bool:
    """Say whether what is done is the goal: weak models offer that in every place."""
    if normal_text(basis.goal) in normal_text(do):
        return True
    # the way to the heart of the department store is not yet the way out of it
    place_stems = {stem(word) for place in basis.places for word in content_words(place)}
    goal_stems = [stem(word) for word in content_words(basis.goal) if stem(word) not in place_stems][:2]
    return len(goal_stems) == 2 and {stem(word) for word in content_words(do)}.issuperset(goal_stems)


def with_agreeing_key(keys: Mapping[str, str], do: str, key_id: str | None, *, stays: bool) -> tuple[str, str | None]:
    """Return what is done and its key so that they agree, where a weak model names one thing and means another."""
    if not stays:
        return _without_other_keys(keys, do, key_id), key_id
    if TAKING.match(do):
        # what is taken is what the words say is taken; what is no key stays where it is
        if key_id is None or not points_to(do, keys[key_id]):
            key_id = next((id for id, thing in keys.items() if mentions(do, thing)), key_id)
        if key_id is None and _CARRYING_OFF.match(do):
            do = _CARRYING_OFF.sub("look closely at ", _ORIGIN.sub("", do))
    elif key_id and _USING.match(do):
        do = f"take {the(keys[key_id])}"  # it is used where it is needed
    return do, key_id


def _without_other_keys(keys: Mapping[str, str], do: str, key_id: str | None) -> str:
    """Return what is done without a key that it does not need: open the gate with the lamp, use the lamp to go."""
    for id, thing in keys.items():
        if id != key_id:
            name = rf"(?:the |an? )?{re.escape(bare(thing))}"
            shorter_text = re.sub(rf" (?:with|using|on|by|holding) {name}\Z", "", do)
            shorter_text = re.sub(rf"\Ause {name} to ", "", shorter_text)
            do = shorter_text if len(shorter_text.split()) > 1 else do
    return do


def agreeing_moves(plan: WorldPlan) -> list[MoveOutline]:
    """Return the usable moves of a model: none twice, each key taken once, a key needed for every win, few dangers."""
    ids = plan.ids
    moves: list[MoveOutline] = []
    for model_move in plan.moves:
        kind = plan.kind(model_move)
        move = replace(model_move, needs=(ids.keys[1],)) if kind == "win" and not model_move.needs else model_move
        if kind == "way" and _LOOKING.match(move.do):
            move = replace(move, do=way_words(plan, move))
        if move.takes and not (gets_key(plan, move) and agrees_with_target(plan, move)):
            move = replace(move, do=getting(plan, move.takes))
        if (
            not _is_spare(plan, move, moves)
            and agrees_with_target(plan, move)
            and (not plan.basis.chapter or keeps_order(ids, move))
        ):
            moves.append(move)
    return moves


def _is_spare(plan: WorldPlan, move: MoveOutline, earlier_moves: Sequence[MoveOutline]) -> bool:
    """Say whether a move is there already, in the same or other words, or there are enough deeds or dangers."""
    kind, ids = plan.kind(move), plan.ids
    if any(
        is_repeated(other, move)
        or (move.takes is not None and other.takes == move.takes)
        or (other.edge == move.edge and kind != "act")
        for other in earlier_moves
    ):
        return True
    similar_moves = [other for other in earlier_moves if plan.kind(other) == kind and not other.after_s]
    if kind == "act" and not move.after_s:
        return sum(other.at == move.at for other in similar_moves) >= ACTS
    return kind == "lose" and not move.after_s and len(similar_moves) >= max(len(ids.losses), len(ids.inner) // 2)
