"""What weak models get wrong in a plan: moves that contradict the plan are refused or made to agree with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.deeds import agrees_with_target, gets_key, getting, is_repeated, way_words
from worldkit.generation.direct.naming import content_words, mentions, points_to, without_names
from worldkit.generation.direct.plan import Ids, MoveOutline, WorldPlan
from worldkit.generation.direct.plan_form import STAY
from worldkit.generation.direct.shape import keeps_order
from worldkit.generation.direct.wording import TAKING, bare, normal_text, the
from worldkit.generation.text.english import stem

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
            not _is_there_already(plan, move, moves)
            and not _is_too_much(plan, move, moves)
            and agrees_with_target(plan, move)
            and (not plan.basis.chapter or keeps_order(ids, move))
        ):
            moves.append(move)
    return moves


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
