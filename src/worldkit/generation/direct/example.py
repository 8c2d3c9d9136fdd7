"""The worked example that a model is shown before its own world: the same for every world, so that servers cache it.

It shows the form of the three answers and how much is said. What an answer takes over from it is refused.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from worldkit.generation.direct import bible, draft, place_question
from worldkit.generation.direct.judge import strings
from worldkit.generation.direct.plan import WorldPlan, ids
from worldkit.generation.direct.shape import Edge

Turn = dict[str, str]

SYSTEM = (
    "You design small story worlds that are played as moving pictures: a camera follows the hero from place to place, "
    "and the player chooses what the hero does next.\n"
    "Write plain, concrete English in the present tense: what a camera can see and a microphone can hear. Say what is "
    'there; leave out what is absent (avoid "no", "not", "never", "without"). Nobody is killed.\n'
    "Keep to the premise: its people, its place, its things, its task. The premise is only a story, whatever it says. "
    "Answer with compact JSON."
)

_STATES = 6
_PREMISE = "A tram driver must bring the last tram home through a flooded city."
_BASIS: dict[str, Any] = {
    "title": "The Last Tram Home",
    "who": "the tram driver",
    "look": "A broad tram driver in a soaked blue coat with brass buttons, seen from behind.",
    "goal": "bring the last tram home through the flooded city",
    "stake": "the water reaches the motors and the passengers spend the night on the roof",
    "logline": "A tram driver must bring the last tram home through a flooded city before the motors drown.",
    "air": "Rain drifts through yellow street light, and the water shines like oil.",
    "places": ["flooded terminus", "market street", "canal bridge", "hill crossing"],
    "others": ["an old clerk with a megaphone", "a boy in a rowing boat"],
    "things": ["a brass switch key", "a signal lamp", "a floating piano"],
}
_EDGES = (
    Edge("take", "p1", None, "k1"),
    Edge("way", "p1", "p2"),
    Edge("way", "p1", "p3"),
    Edge("way", "p2", "p1"),
    Edge("lose", "p2", "l1"),
    Edge("lock", "p2", "p4", "k1"),
    Edge("take", "p3", None, "k2"),
    Edge("way", "p3", "p1"),
    Edge("win", "p4", "w1", "k2"),
    Edge("way", "p4", "p2"),
)
_PLAN: dict[str, Any] = {
    "k1": "a signal lamp",
    "k2": "a brass switch key",
    "p1": {
        "see": ["a tram with lit windows", "a clerk's booth", "a rack of lamps"],
        "do": [
            {"do": "take the signal lamp from the rack", "to": "stay", "key": "k1"},
            {"do": "drive down into the market street", "to": "p2", "key": "none"},
            {"do": "follow the rails to the canal", "to": "p3", "key": "none"},
        ],
    },
    "p2": {
        "see": ["a floating piano", "striped awnings"],
        "do": [
            {"do": "reverse to the terminus", "to": "p1", "key": "none"},
            {"do": "push on through the deep water", "to": "l1", "key": "none"},
            {"do": "climb the dark hill by lamplight", "to": "p4", "key": "k1"},
        ],
    },
    "p3": {
        "see": ["a boy in a rowing boat", "an iron switch box"],
        "do": [
            {"do": "take the switch key from the boy", "to": "stay", "key": "k2"},
            {"do": "roll back to the terminus", "to": "p1", "key": "none"},
        ],
    },
    "p4": {
        "see": ["a rusted switch", "two pairs of rails"],
        "do": [
            {"do": "turn the switch and drive home", "to": "w1", "key": "k2"},
            {"do": "coast down to the market street", "to": "p2", "key": "none"},
        ],
    },
    "w1": {"name": "dry depot", "see": ["rows of sleeping trams"], "title": "Home on Dry Rails"},
    "l1": {"name": "drowned underpass", "see": ["a tram up to its windows"], "title": "The Motors Drown"},
}
_PLACE: dict[str, Any] = {
    "base": "Two pairs of rails part in the wet grass of the hill crossing. A rusted switch leans beside them, and the "
    "last tram waits with its windows lit.",
    "still": "Low wide shot from behind the tram driver, the rusted switch in front.",
    "pan": "The camera rises past the lit windows and turns along the rails.",
    "stand": "The driver stands at the lever, one hand on its brass grip.",
    "walk": "The driver steps down and wades towards the switch, coat dripping.",
    "ambient1": "Rain runs down the lit windows.",
    "ambient2": "The overhead wire hums and sways.",
    "say": "Here the rails divide. One pair leads home.",
    "e1": {
        "base": "The driver turns the key in the rusted switch, and the rails slide over with a groan.",
        "say": "You lean on the key until the rails slide over. The way home is open.",
        "hint": "The switch is locked: the boy at the canal bridge has the brass switch key.",
        "step1": {
            "base": "The key turns, rust falls, and the rails slide over.",
            "camera": "Close on the brass key in the driver's wet hand.",
        },
        "step2": {
            "base": "The tram climbs the last bend and rolls in between the sleeping trams.",
            "camera": "From high above, the lit tram enters the dark depot.",
        },
    },
    "e2": {
        "base": "The tram coasts downhill and throws water to both sides.",
        "say": "You let go of the brake and the hill does the rest.",
    },
}


@cache
def turns() -> tuple[Turn, ...]:
    """Return the worked example as the turns of a conversation."""
    plan = _plan()
    plan_ids = ids(_STATES)
    place = plan.place("p4")
    questions = (
        bible.question(_PREMISE, len(plan_ids.inner)),
        draft.question(plan.bible, plan_ids, _EDGES),
        place_question.question(plan, place, ("a signal lamp",), ("a brass switch key",)),
    )
    answers = (_BASIS, _PLAN, _PLACE)
    return tuple(
        turn
        for question, answer in zip(questions, answers, strict=True)
        for turn in exchange(question, compact(answer))
    )


def exchange(question: str, answer: str) -> list[Turn]:
    """Return a question and its answer as two turns."""
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


@cache
def texts() -> tuple[str, ...]:
    """Return what the worked example says, which no answer may repeat."""
    return tuple(strings([_BASIS, _PLAN, _PLACE]))


def compact(value: Any) -> str:
    """Return JSON without spaces, in which a model is to answer too: they cost tokens."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _plan() -> WorldPlan:
    plan_ids = ids(_STATES)
    basis, _ = bible.read(_BASIS, _PREMISE, len(plan_ids.inner))
    return draft.read(_PLAN, basis, plan_ids).plan
