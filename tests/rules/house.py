"""A small world that no rule has anything to say about, and ways to spoil it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

Json = dict[str, Any]


def _state(base: str, **fields: Any) -> Json:
    return {"base": base, **fields}


_HOUSE: Json = {
    "schemaVersion": "1.0",
    "name": "The house",
    "entrance": {"state": "hall"},
    "scene": {
        "states": {
            "hall": _state("A tiled hall in lamplight, coats on brass hooks, a stair rising into the dark."),
            "study": _state("A study lined with ledgers, one drawer open, a key on green baize."),
            "garden": _state("A walled garden at dawn, dew on the box hedges.", ending={"kind": "win", "title": "Out"}),
            "cellar": _state("A cellar with water to the second step.", ending={"kind": "lose", "title": "Under"}),
        },
        "events": [
            {
                "name": "enter_study",
                "kind": "transition",
                "from": ["hall"],
                "to": "study",
                "base": "The door swings inward over a worn rug.",
            },
            {
                "name": "take_key",
                "kind": "override",
                "from": ["study"],
                "base": "A hand lifts the key from the baize.",
                "oneShot": True,
                "grants": ["key"],
            },
            {
                "name": "back_to_hall",
                "kind": "transition",
                "from": ["study"],
                "to": "hall",
                "base": "The lamplit hall again.",
            },
            {
                "name": "open_garden_door",
                "kind": "transition",
                "from": ["hall"],
                "to": "garden",
                "requires": ["key"],
                "lockedHint": "It is locked.",
            },
            {
                "name": "go_down",
                "kind": "transition",
                "from": ["hall"],
                "to": "cellar",
                "base": "Stone steps turn down towards the water.",
            },
        ],
    },
}


def house(**top: Any) -> Json:
    """Return the house as a fresh document, with these top-level fields."""
    return {**deepcopy(_HOUSE), **top}


def with_state(id: str, body: Json | None = None, **fields: Any) -> Json:
    """Return the house with a state added, or with these fields in one that it has."""
    document = house()
    states = document["scene"]["states"]
    states[id] = {**states.get(id, {"base": "A landing with one tall window."}), **(body or {}), **fields}
    return document


def with_events(*events: Json) -> Json:
    """Return the house with events added."""
    document = house()
    document["scene"]["events"] += events
    return document


def with_event(**fields: Any) -> Json:
    """Return the house with an event added: an override in the hall, unless the fields say otherwise."""
    return with_events(event(**fields))


def event(**fields: Any) -> Json:
    """Return an override in the hall, unless the fields say otherwise; ``at`` stands for ``from``."""
    start = fields.pop("at", ["hall"])
    return {"name": "look", "kind": "override", "from": start, **fields}


def move(to: str | None = "study", **fields: Any) -> Json:
    """Return a transition from the hall."""
    target = {} if to is None else {"to": to}
    return event(**{"name": "cross", "kind": "transition", **target, **fields})


def without(field: str) -> Json:
    """Return the house without a top-level field."""
    document = house()
    del document[field]
    return document
