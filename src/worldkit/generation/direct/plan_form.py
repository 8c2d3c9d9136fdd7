"""What a model is asked for a plan: the JSON Schema, the question, what happens by itself, and a plan as an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from worldkit.core.argument_checks import refusal
from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.forbidden import forbidden_reason, forbidden_words, visible_phrase
from worldkit.generation.direct.plan import Ids, MoveOutline, WorldPlan
from worldkit.generation.direct.schema import TEXT, closed_object, list_of, one_of, prompt, with_definitions
from worldkit.generation.direct.shape import SHAPE_MOVES, graph_text
from worldkit.generation.direct.wording import the
from worldkit.generation.planning.plan import PlanPlace

FEATURES = ("missions", "timers", "hidden", "variants", "evidence")
"""What a world may have beside places and moves."""
STAY, NONE = "stay", "none"
MAX_NEEDED_KEYS = 2
"""Keys that a move needs at most."""
DELAYS_S = (45, 60, 90, 120)
"""After how long something may happen by itself."""
FEATURE_OF_TIMED_EVENT = {"clock": "timers", "surprise": "hidden"}
"""What happens by itself, each with the feature that asks for it."""
MAX_TIMED_EVENT_CHARACTERS = 120
"""Characters of what happens by itself at most."""


def check_features(features: Iterable[str]) -> frozenset[str]:
    """Return features, which are names out of ``FEATURES``, as a set.

    Raises:
        WrongArgument: One of them is not known.
    """
    names = [features] if isinstance(features, str) else list(features)
    for name in names:
        if name not in FEATURES:
            raise refusal("features", f"some of {', '.join(map(repr, FEATURES))}", name)
    return frozenset(names)


def schema(ids: Ids, features: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the JSON Schema of a plan; the features ``"timers"`` and ``"hidden"`` ask for one such event.

    It says each form once, so that it grows with the plan and not with its square. A form refers to no other: llama.cpp
    loses what a reference behind a reference says.
    """
    move = closed_object(
        do=TEXT,
        to=one_of([*ids.inner, *ids.endings, STAY]),
        takes=one_of([NONE, *ids.keys]),
        needs=list_of(one_of(ids.keys), 0, MAX_NEEDED_KEYS),
    )
    forms = {
        "key": closed_object(name=TEXT, detail=TEXT),
        "place": closed_object(see=list_of(TEXT, 2, 3), do=list_of(move, 2, SHAPE_MOVES)),
        "ending": closed_object(name=TEXT, see=list_of(TEXT, 1, 2), title=TEXT),
    }
    body = closed_object(
        **dict.fromkeys(ids.keys, forms["key"]),
        learned=list_of(one_of(ids.keys), 0, len(ids.keys)),
        **dict.fromkeys(ids.inner, forms["place"]),
        **dict.fromkeys(ids.endings, forms["ending"]),
        **_timed_forms(ids, features),
    )
    return with_definitions(body, forms)


def question(basis: Basis, ids: Ids, graph: Sequence[MoveOutline], features: frozenset[str] = frozenset()) -> str:
    """Return what a model is asked for the plan; the moves of the graph hold, and are a suggestion."""
    places = ", ".join(f"{id} {the(name)}" for id, name in zip(ids.inner, basis.places, strict=True))
    extras = "".join(f" {prompt(name)}" for name, feature in FEATURE_OF_TIMED_EVENT.items() if feature in features)
    if extras:
        extras += f" what: a sentence, in {MAX_TIMED_EVENT_CHARACTERS} characters at most; at: any place but p1."
    if basis.chapter:
        extras += basis.chapter.plan_rules(ids.inner)
    lists = {name: ", ".join(getattr(ids, name)) for name in ("wins", "losses", "keys")}
    fields = {name: prompt(name) for name in ("key_fields", "move_fields")}
    shape = f"{graph_text(graph, ids.inner)}{_timed_shape(ids, features)}"
    return prompt("plan", places=places, moves=SHAPE_MOVES, extras=extras, shape=shape, **lists, **fields)


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
    for move in plan.moves:
        if move.after_s:
            ending = {"to": move.to} if move.to else {}
            name = "surprise" if move.is_hidden else "clock"
            body[name] = {"at": move.at, "what": move.do, "seconds": move.after_s, **ending}
    return body


def _timed_forms(ids: Ids, features: Collection[str]) -> dict[str, Any]:
    """Return the JSON Schema of each thing that happens by itself which the features ask for."""
    seconds = {"type": "integer", "enum": list(DELAYS_S)}
    fields = {"at": one_of(ids.inner[1:]), "what": TEXT, "seconds": seconds}
    every_form = {"clock": closed_object(**fields, to=one_of(ids.losses)), "surprise": closed_object(**fields)}
    return {name: every_form[name] for name, feature in FEATURE_OF_TIMED_EVENT.items() if feature in features}


def _timed_shape(ids: Ids, features: Collection[str]) -> str:
    """Return where the features that are asked for may happen, to be put behind a shape in words."""
    shapes = {"clock": f"at {ids.inner[-1]}, to {ids.losses[-1]}", "surprise": f"at {ids.inner[1]}"}
    return "".join(
        f"; {name}: {shapes[name]}" for name, feature in FEATURE_OF_TIMED_EVENT.items() if feature in features
    )


def read_timed(name: str, body: Mapping[str, Any], ids: Ids, names: Collection[str]) -> tuple[MoveOutline | None, str]:
    """Return what happens by itself in an answer; None where it says too little, with what was expected instead."""
    at, what, seconds = (
        body.get("at"),
        visible_phrase(body.get("what"), MAX_TIMED_EVENT_CHARACTERS, names),
        body.get("seconds"),
    )
    if at not in ids.inner[1:] or not what:
        limit = f"in at most {MAX_TIMED_EVENT_CHARACTERS} characters{forbidden_reason(body.get('what'))}"
        return None, f"{name}: expected at, one of the places but p1, and what happens there by itself, {limit}"
    after = seconds if isinstance(seconds, int) and seconds in DELAYS_S else DELAYS_S[1]
    is_hidden, ending = FEATURE_OF_TIMED_EVENT[name] == "hidden", str(body.get("to"))
    loss = ending if ending in ids.losses else ids.losses[0]
    return MoveOutline(what, str(at), None if is_hidden else loss, after_s=after, is_hidden=is_hidden), ""


def own_timed_move(basis: Basis, ids: Ids, places: Sequence[PlanPlace], *, is_hidden: bool) -> MoveOutline:
    """Return what happens by itself in words of the basis and the plan, since a caller wished for it."""
    at = ids.inner[-1]
    if is_hidden:
        sights = next(place.sees for place in places if place.id == at)
        thing = the(sights[0]) if sights else "the floor"
        return MoveOutline(f"the light moves over {thing}", at, None, after_s=DELAYS_S[0], is_hidden=True)
    stake = basis.stake.rstrip(".")
    what = "time runs out" if forbidden_words(stake) else stake
    return MoveOutline(what, at, ids.losses[0], after_s=DELAYS_S[2])
