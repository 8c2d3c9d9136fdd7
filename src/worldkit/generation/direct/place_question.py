"""What a model is asked for a place: what is there, what leads there and on, and what is true by then."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from worldkit.generation.direct.outcome import OUTCOME_WORDS
from worldkit.generation.direct.plan import MoveOutline, PlaceOutline, WorldPlan
from worldkit.generation.direct.wording import is_many, the
from worldkit.generation.text.english import capital, listing


def question(
    plan: WorldPlan,
    place: PlaceOutline,
    always: Sequence[str] = (),
    sometimes: Sequence[str] = (),
    variants: Collection[str] = (),
) -> str:
    """Return what a model is asked for a place: what is there, what leads there and on, and what is true by then.

    Args:
        plan: The plan.
        place: The place.
        always, sometimes: What the hero carries whenever it comes there, and what perhaps.
        variants: As for ``passages``.
    """
    who = plan.basis.who
    come, carry = ("come", "carry") if is_many(who) else ("comes", "carries")
    lines = [f"Write {place.id}, {the(place.name)}. Seen there: {listing(place.sees)}. The one who acts: {who}."]
    inner_ids = [each.id for each in plan.places if not each.ending]
    if plan.basis.chapter and place.id in inner_ids:
        part = json.dumps(plan.basis.chapter.part(inner_ids.index(place.id)), ensure_ascii=False)
        lines.append(f"What the chapter says of it; keep to that, in its words where they fit: {part}")
    if place.ending:
        outcome = OUTCOME_WORDS[place.ending]
        lines.append(f'Here the story is {outcome}: "{place.title}". subtitle: what is read under that title.')
    previous_places = dict.fromkeys(the(plan.place(move.at).name) for move in plan.moves if move.to == place.id)
    if previous_places:
        lines.append(f"{capital(who)} {come} from {listing(list(previous_places))}.")
    if always:
        lines.append(f"{capital(who)} {carry} {listing([the(thing) for thing in always])} already.")
    if sometimes:
        lines.append(f"{capital(who)} may carry {listing([the(thing) for thing in sometimes])}.")
    for number, move in enumerate(plan.at(place.id), 1):
        lines.append(f"e{number}: {move.do} ({_consequence(plan, move)})")
    if place.id in variants:
        lines.append("other: the same place described in another way, at another angle and in other words.")
    return "\n".join(lines)


def _consequence(plan: WorldPlan, move: MoveOutline) -> str:
    if move.is_hidden:
        return "happens by itself"
    if move.takes:
        return f"gets {the(plan.keys[move.takes])}"
    if move.to is None:
        return "stays here"
    target = plan.place(move.to)
    outcome = f"leads to {the(target.name)}"
    if target.ending:
        outcome = f"the story is {OUTCOME_WORDS[target.ending]}"
    if move.after_s:
        return f"happens by itself; {outcome}"
    if not move.needs:
        return outcome
    source = plan.source(move.needs)
    return f"{outcome}; locked: needs {the(plan.keys[move.needs])}{f' from {the(source.name)}' if source else ''}"
