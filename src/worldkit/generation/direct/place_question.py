"""What a model is asked for a place: what is there, what leads there and on, and what the hero has by then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from worldkit.core.model import EndingKind
from worldkit.generation.direct.basis import setting
from worldkit.generation.direct.naming import points_to
from worldkit.generation.direct.passages import LENGTHS, lacking
from worldkit.generation.direct.person import agreeing
from worldkit.generation.direct.plan import MoveOutline, WorldPlan
from worldkit.generation.direct.proof import places_from
from worldkit.generation.direct.schema import prompt
from worldkit.generation.direct.wording import shorten, the
from worldkit.generation.planning.plan import PlanPlace
from worldkit.generation.text.english import capital, listing

OUTCOME_WORDS: Mapping[EndingKind, str] = {"win": "won", "lose": "lost"}
"""How an ending of each outcome is called to a model."""
MOVES_SHOWN = 6
"""Moves that lead to a place, of which its question tells at most."""
TEXTS_SHOWN = 3
"""Moves of which a question quotes at most what was written of a key."""
MAX_WAYS_CHARACTERS, MAX_WAY_CHARACTERS = 800, 200
"""Characters of what was written of the ways to a place that a question quotes at most, and of one way at least."""
_USES_OF_TRUTH: Mapping[EndingKind | None, str] = {
    None: "to agree with; only a move that asks for it tells it",
    "win": "which may come out here",
    "lose": "to agree with; it stays untold",
}


def question(
    plan: WorldPlan,
    place: PlanPlace,
    always: Collection[str] = (),
    sometimes: Collection[str] = (),
    move_texts: Mapping[MoveOutline, str] = MappingProxyType({}),
) -> str:
    """Return what a model is asked for a place: what is there, what leads there and on, and what is true by then."""
    who, is_weak = plan.basis.who, plan.is_weak
    lines = [f"Write {place.id}, {the(place.name)}. Seen there: {listing(place.sees)}. The one who acts: {who}."]
    lines += _story_so_far(plan, place, move_texts)
    if not is_weak:
        # what is carried would be shown at every ending; what is known, none may deny
        told_keys = plan.learned if place.ending else plan.keys
        always, sometimes = (
            [key for key in plan.keys if key in told_keys and key in keys] for keys in (always, sometimes)
        )
    lines += _held_keys(plan, always, sometimes)
    lines += _what_is_so(plan, place, () if place.ending else always)
    lines += () if place.ending else _earlier_texts(plan, place, move_texts)
    moves = {f"e{number}": move for number, move in enumerate(plan.at(place.id), 1) if not move.is_told}
    lines += [f"{id}: {move.do} ({_consequence(plan, move, always)})" for id, move in moves.items()]
    changing_moves = [id for id, move in moves.items() if move.takes or not move.to]
    if changing_moves:
        lines.append(prompt("changes", moves=listing(changing_moves)))
    if place.has_variant:
        lines.append(prompt("other_weak" if is_weak else "other_strong"))
    if not is_weak:
        lines.append(prompt("lengths", **{form: most for form, (_, most) in LENGTHS.items()}))
    return "\n".join(lines)


def _what_is_so(plan: WorldPlan, place: PlanPlace, always: Collection[str]) -> Iterator[str]:
    """Yield what really happened, and what the keys of a place are or say, so that all places tell the same."""
    if plan.basis.truth:
        yield f"What really happened, {_USES_OF_TRUTH[place.ending]}: {plan.basis.truth}"
    moves = [move for move in plan.moves if place.id in (move.at, move.to)]
    keys_of_moves = [key for move in moves for key in (move.takes, *move.needs) if key]
    later_ids = places_from(plan, place.id)
    needed_later = {key for move in plan.moves if move.at in later_ids for key in move.needs}
    for key in dict.fromkeys((*keys_of_moves, *(key for key in always if key in needed_later))):
        if detail := plan.details.get(key):
            yield f"{capital(the(plan.keys[key]))}, exactly: {detail}."


def _earlier_texts(plan: WorldPlan, place: PlanPlace, move_texts: Mapping[MoveOutline, str]) -> Iterator[str]:
    """Yield what was written of the way to a place, and elsewhere of the keys of its moves."""
    ways = [move for move in move_texts if move.to == place.id]
    if ways:
        longest = max(MAX_WAY_CHARACTERS, MAX_WAYS_CHARACTERS // len(ways))
        texts = (f"from {the(plan.place(move.at).name)}: {shorten(move_texts[move], longest)}" for move in ways)
        yield f"What was written of the way here, which is not told again: {' / '.join(texts)}"
    # whoever comes here went on, and did none of what ends the story
    shown_moves = {*ways, *(move for move in move_texts if plan.place(move.to or move.at).ending)}
    for key in dict.fromkeys(key for move in plan.at(place.id) for key in (move.takes, *move.needs) if key):
        moves = [move for move in move_texts if key in (move.takes, *move.needs) and move not in shown_moves]
        shown_moves.update(moves[:TEXTS_SHOWN])
        if texts_of_key := [move_texts[move] for move in moves[:TEXTS_SHOWN]]:
            yield f"What was written of {the(plan.keys[key])}, to agree with: {' / '.join(texts_of_key)}"


def _held_keys(plan: WorldPlan, always: Collection[str], sometimes: Collection[str]) -> Iterator[str]:
    """Yield what the hero carries and knows in every run, and in some."""
    who = plan.basis.who
    for keys, is_certain in ((always, True), (sometimes, False)):
        for verb, is_learned in (("carry", False), ("know", True)):
            names = [the(plan.keys[key]) for key in keys if (key in plan.learned) == is_learned]
            if names:
                yield f"{capital(who)} {agreeing(verb, who) if is_certain else f'may {verb}'} {listing(names)}."


def _story_so_far(plan: WorldPlan, place: PlanPlace, move_texts: Mapping[MoveOutline, str]) -> Iterator[str]:
    """Yield how the story comes to a place: its beginning, the places before it, or what led to its ending."""
    inner_ids = plan.ids.inner
    is_read_again = not plan.is_weak and any(move.to == place.id for move in plan.moves)
    again = " It is read again on every return, and holds then, too." if is_read_again else ""
    if place.id == inner_ids[0] and plan.basis.chapter:
        yield f"{plan.basis.chapter.opening_rules()}{again}"
    elif place.id == inner_ids[0]:
        where = setting(plan.basis.premise)
        is_asked_for = plan.is_weak and where and not points_to(place.name, where)
        opening = f" base says that this is in {where}." if is_asked_for else ""
        first_line = "" if plan.templates_tell(place) else f" {prompt('first_line')}"
        yield f"The story begins here.{opening}{first_line}{again}"
    chapter = plan.basis.chapter
    if chapter and place.id in inner_ids and (rules := chapter.place_rules(inner_ids.index(place.id))):
        yield rules
    moves_to = [move for move in plan.moves if move.to == place.id][:MOVES_SHOWN]
    if place.ending:
        outcome = OUTCOME_WORDS[place.ending]
        subtitle = "" if plan.templates_tell(place) else " subtitle: what is read under that title."
        yield f'Here the story is {outcome}: "{place.title}".{subtitle}'
        if chapter:
            yield chapter.ending_rules(place.ending, plan.basis.stake)
        deeds = [f"{move.do} (at {the(plan.place(move.at).name)})" for move in moves_to]
        yield f"It comes of this: {'; or: '.join(deeds)}."
        if texts := [move_texts[move] for move in moves_to if move in move_texts]:
            yield f"What was written of that, which is not told again: {' / '.join(texts)}"
    elif moves_to:
        previous_places = dict.fromkeys(the(plan.place(move.at).name) for move in moves_to)
        who = plan.basis.who
        yield f"{capital(who)} {agreeing('come', who)} from {listing(list(previous_places))}."


def _consequence(plan: WorldPlan, move: MoveOutline, always: Collection[str]) -> str:
    parts = [f"happens by itself after {move.after_s} seconds here, counted anew on each visit"] if move.after_s else []
    if move.takes:
        parts.append(f"{'learns' if move.takes in plan.learned else 'gets'} {the(plan.keys[move.takes])}")
    if move.to:
        target = plan.place(move.to)
        outcome = f"leads to {the(target.name)}"
        if target.ending:
            outcome = f'the story is {OUTCOME_WORDS[target.ending]} in {the(target.name)}: "{target.title}"'
        parts.append(outcome)
    parts = parts or ["stays here"]
    if missing_keys := lacking(move, always):
        keys = [f"{the(plan.keys[key])} from {the(plan.source(key).name)}" for key in missing_keys]
        parts.append(f"locked: needs {listing(keys)}")
    elif move.needs:
        parts.append(f"needs {listing([the(plan.keys[key]) for key in move.needs])}, held by then")
    return "; ".join(parts)
