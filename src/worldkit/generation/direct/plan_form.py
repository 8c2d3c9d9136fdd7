"""What a model is asked for a plan: the JSON Schema and the question, and a plan as an answer to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worldkit.generation.direct import by_itself
from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.plan import Ids, MoveOutline, WorldPlan
from worldkit.generation.direct.schema import TEXT, closed_object, list_of, one_of
from worldkit.generation.direct.shape import SHAPE_MOVES, graph_text
from worldkit.generation.direct.wording import the
from worldkit.generation.text.data import read_typed

STAY, NONE = "stay", "none"
NEEDED = 2
"""Keys that a move needs at most."""
_KEY_FIELDS = read_typed(str, "prompts.toml", "key_fields")
_MOVE_FIELDS, _CLOCK = (read_typed(str, "prompts.toml", name) for name in ("move_fields", "clock"))


def schema(ids: Ids, features: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the JSON Schema of a plan; the features ``"timers"`` and ``"hidden"`` ask for one such event.

    It says each form once, so that it grows with the plan and not with its square. A form refers to no other: llama.cpp
    loses what a reference behind a reference says.
    """
    move = closed_object(
        do=TEXT,
        to=one_of([*ids.inner, *ids.endings, STAY]),
        takes=one_of([NONE, *ids.keys]),
        needs=list_of(one_of(ids.keys), 0, NEEDED),
    )
    parts = {
        "key": closed_object(name=TEXT, detail=TEXT),
        "place": closed_object(see=list_of(TEXT, 2, 3), do=list_of(move, 2, SHAPE_MOVES)),
        "ending": closed_object(name=TEXT, see=list_of(TEXT, 1, 2), title=TEXT),
    }
    references = {name: {"$ref": f"#/$defs/{name}"} for name in parts}
    body = closed_object(
        **dict.fromkeys(ids.keys, references["key"]),
        learned=list_of(one_of(ids.keys), 0, len(ids.keys)),
        **dict.fromkeys(ids.inner, references["place"]),
        **dict.fromkeys(ids.endings, references["ending"]),
        **by_itself.forms(ids, features),
    )
    return {**body, "$defs": parts}


def question(basis: Basis, ids: Ids, graph: Sequence[MoveOutline], features: frozenset[str] = frozenset()) -> str:
    """Return what a model is asked for the plan; the moves of the graph hold, and are a suggestion."""
    places = ", ".join(f"{id} {the(name)}" for id, name in zip(ids.inner, basis.places, strict=True))
    extras = ""
    if "timers" in features:
        extras += f" {_CLOCK}"
    if "hidden" in features:
        extras += " surprise: what happens by itself at a place after a while."
    if features.intersection(by_itself.BY_ITSELF.values()):
        extras += f" what: a sentence, in {by_itself.LONGEST} characters at most; at: any place but p1."
    if basis.chapter:
        extras += basis.chapter.plan_rules(ids.inner)
    return (
        f"Plan this world. Places: {places}; play begins in p1. Endings: {', '.join(ids.wins)} won, "
        f"{', '.join(ids.losses)} lost. Keys: {', '.join(ids.keys)}, each a thing to carry or something to learn. "
        f"{_KEY_FIELDS} see: what stands only there, the largest first. "
        "do: what the hero can do there, as the label of a button, "
        f"begun with a verb; it says your, as the player is you; {SHAPE_MOVES} at most in a place. "
        f"to: where it leads, or stay. {_MOVE_FIELDS} "
        "learned: the keys that one knows and does not carry, such as a password." + extras + "\n"
        f"An example of a shape that holds: {graph_text(graph, ids.inner)}{by_itself.example_shape(ids, features)}."
    )


def as_answer(plan: WorldPlan) -> dict[str, Any]:
    """Return a plan as a model would have to write it."""
    details = plan.details
    body: dict[str, Any] = {key: {"name": name, "detail": details.get(key, "")} for key, name in plan.keys.items()}
    body["learned"] = sorted(plan.learned)
    for place in plan.places:
        sees = list(place.sees)
        if place.ending:
            body[place.id] = {"name": place.name, "see": sees, "title": place.title}
        else:
            moves = [
                {"do": move.do, "to": move.to or STAY, "takes": move.takes or NONE, "needs": list(move.needs)}
                for move in plan.at(place.id)
                if not move.after_s
            ]
            body[place.id] = {"see": sees, "do": moves}
    return body | by_itself.as_answer(plan.moves)
