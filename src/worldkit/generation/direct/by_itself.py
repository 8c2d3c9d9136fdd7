"""What happens by itself in a world: how a model is asked for it, how its answer is read, and what stands in for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.forbidden import forbidden_reason, forbidden_words, visible_phrase
from worldkit.generation.direct.plan import Ids, MoveOutline, PlaceOutline
from worldkit.generation.direct.schema import TEXT, closed_object, one_of
from worldkit.generation.direct.wording import the

SECONDS = (45, 60, 90, 120)
"""After how long something may happen by itself."""
BY_ITSELF = {"clock": "timers", "surprise": "hidden"}
"""What happens by itself, each with the feature that asks for it."""
LONGEST = 120
"""Characters of what happens by itself at most."""


def forms(ids: Ids, features: Collection[str]) -> dict[str, Any]:
    """Return the JSON Schema of each thing that happens by itself which the features ask for."""
    seconds = {"type": "integer", "enum": list(SECONDS)}
    fields = {"at": one_of(ids.inner[1:]), "what": TEXT, "seconds": seconds}
    every_form = {"clock": closed_object(**fields, to=one_of(ids.losses)), "surprise": closed_object(**fields)}
    return {name: every_form[name] for name, feature in BY_ITSELF.items() if feature in features}


def example_shape(ids: Ids, features: Collection[str]) -> str:
    """Return where the features that are asked for may happen, to be put behind a shape in words."""
    shapes = {"clock": f"at {ids.inner[-1]}, to {ids.losses[-1]}", "surprise": f"at {ids.inner[1]}"}
    return "".join(f"; {name}: {shapes[name]}" for name, feature in BY_ITSELF.items() if feature in features)


def read(body: Mapping[str, Any], ids: Ids, names: Collection[str], *, is_hidden: bool) -> MoveOutline | None:
    """Return what happens by itself in an answer; None where it says too little."""
    at, what, seconds = body.get("at"), visible_phrase(body.get("what"), LONGEST, names), body.get("seconds")
    if at not in ids.inner[1:] or not what:
        return None
    after = seconds if isinstance(seconds, int) and seconds in SECONDS else SECONDS[1]
    ending = str(body.get("to"))
    loss = ending if ending in ids.losses else ids.losses[0]
    return MoveOutline(what, str(at), None if is_hidden else loss, after_s=after, is_hidden=is_hidden)


def refusal(name: str, body: Mapping[str, Any]) -> str:
    """Return what was expected instead of an answer that cannot be read."""
    return (
        f"{name}: expected at, one of the places but p1, and what happens there by itself, in at most "
        f"{LONGEST} characters{forbidden_reason(body.get('what'))}"
    )


def own_move(basis: Basis, ids: Ids, places: Sequence[PlaceOutline], *, is_hidden: bool) -> MoveOutline:
    """Return what happens by itself in words of the basis and the plan, since a caller wished for it."""
    at = ids.inner[-1]
    if is_hidden:
        sights = next(place.sees for place in places if place.id == at)
        thing = the(sights[0]) if sights else "the floor"
        return MoveOutline(f"the light moves over {thing}", at, None, after_s=SECONDS[0], is_hidden=True)
    stake = basis.stake.rstrip(".")
    what = "time runs out" if forbidden_words(stake) else stake
    return MoveOutline(what, at, ids.losses[0], after_s=SECONDS[2])


def as_answer(moves: Sequence[MoveOutline]) -> dict[str, Any]:
    """Return those of some moves that happen by themselves as a model would have to write them."""
    body = {}
    for move in moves:
        if move.after_s:
            ending = {"to": move.to} if move.to else {}
            name = "surprise" if move.is_hidden else "clock"
            body[name] = {"at": move.at, "what": move.do, "seconds": move.after_s, **ending}
    return body
