"""What a model is asked for a plan: the JSON Schema and the question, and a plan as an answer to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.plan import Ids, MoveOutline, WorldPlan
from worldkit.generation.direct.schema import TEXT, closed_object, list_of, one_of
from worldkit.generation.direct.shape import SHAPE_MOVES, graph_text
from worldkit.generation.direct.wording import the

STAY, NONE = "stay", "none"
SECONDS = (45, 60, 90, 120)
"""After how long something may happen by itself."""
BY_ITSELF = {"clock": "timers", "surprise": "hidden"}
"""What happens by itself, each with the feature that asks for it."""


def schema(ids: Ids, features: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the JSON Schema of a plan; the features ``"timers"`` and ``"hidden"`` ask for one such event."""
    move = closed_object(do=TEXT, to=one_of([*ids.inner, *ids.endings, STAY]), key=one_of([NONE, *ids.keys]))
    place = closed_object(see=list_of(TEXT, 2, 3), do=list_of(move, 2, SHAPE_MOVES))
    ending = closed_object(name=TEXT, see=list_of(TEXT, 1, 2), title=TEXT)
    seconds = {"type": "integer", "enum": list(SECONDS)}
    by_itself = {"at": one_of(ids.inner[1:]), "what": TEXT, "seconds": seconds}
    forms = {"clock": closed_object(**by_itself, to=one_of(ids.losses)), "surprise": closed_object(**by_itself)}
    return closed_object(
        **dict.fromkeys(ids.keys, TEXT),
        learned=list_of(one_of(ids.keys), 0, len(ids.keys)),
        **dict.fromkeys(ids.inner, place),
        **dict.fromkeys(ids.endings, ending),
        **{name: forms[name] for name, feature in BY_ITSELF.items() if feature in features},
    )


def question(basis: Basis, ids: Ids, graph: Sequence[MoveOutline], features: frozenset[str] = frozenset()) -> str:
    """Return what a model is asked for the plan; the moves of the graph hold, and are a suggestion."""
    places = ", ".join(f"{id} {the(name)}" for id, name in zip(ids.inner, basis.places, strict=True))
    extras = ""
    if "timers" in features:
        extras += " clock: what goes wrong by itself when the hero stays too long at a place; to: how it ends."
    if "hidden" in features:
        extras += " surprise: what happens by itself at a place after a while."
    if basis.chapter:
        extras += basis.chapter.plan_rules(ids.inner)
    return (
        f"Plan this world. Places: {places}; play begins in p1. Endings: {', '.join(ids.wins)} won, "
        f"{', '.join(ids.losses)} lost. Keys: {', '.join(ids.keys)}, each a thing to carry or something to learn. "
        "see: what stands only there, the largest first. do: what the hero can do there, as the label of a button, "
        "begun with a verb; it says your, as the player is you. to: where it leads, or stay. "
        "key: what is taken or learned there (to stay), or what the way needs. "
        "learned: the keys that one knows and does not carry, such as a password." + extras + "\n"
        f"An example of a shape that holds: {graph_text(graph, ids.inner)}."
    )


def as_answer(plan: WorldPlan) -> dict[str, Any]:
    """Return a plan as a model would have to write it."""
    body: dict[str, Any] = {**plan.keys, "learned": sorted(plan.learned)}
    for place in plan.places:
        sees = list(place.sees)
        if place.ending:
            body[place.id] = {"name": place.name, "see": sees, "title": place.title}
        else:
            moves = [
                {"do": move.do, "to": move.to or STAY, "key": move.takes or move.needs or NONE}
                for move in plan.at(place.id)
                if not move.after_s
            ]
            body[place.id] = {"see": sees, "do": moves}
    for move in plan.moves:
        if move.after_s:
            name = "surprise" if move.is_hidden else "clock"
            ending = {"to": move.to} if move.to else {}
            body[name] = {"at": move.at, "what": move.do, "seconds": move.after_s, **ending}
    return body
