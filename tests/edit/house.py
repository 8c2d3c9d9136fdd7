"""A small world with one of everything an edit can touch, and ways to say what an edit changed."""

from __future__ import annotations

import copy
from typing import Any

from worldkit import World
from worldkit.editing.batch import Applied, apply

Json = dict[str, Any]

HOUSE: Json = {
    "schemaVersion": "1.0",
    "name": "House",
    "entrance": {"state": "hall", "image": {"src": "hall.png"}, "mood": "warm"},
    "scene": {
        "states": {
            "hall": {
                "base": "A tiled hall under one lamp.",
                "camera": {"static": "Eye level.", "dynamic": "Gliding."},
                "music": "hum",
                "variants": [{"label": "B", "base": "The hall at dusk."}],
            },
            "stairs": {"base": "A stair of worn oak."},
            "attic": {"base": "Dust turns in a bar of sun.", "ending": {"kind": "win", "title": "Home"}},
        },
        "events": [
            {"name": "climb", "kind": "transition", "from": ["hall", "stairs"], "to": "attic", "hotkey": "k"},
            {"name": "enter stairs", "kind": "transition", "from": ["hall"], "to": "stairs"},
            {"name": "descend", "kind": "transition", "from": ["attic"], "to": "fall"},
            {"name": "look", "kind": "override", "from": ["stairs"], "base": "You lean on the rail."},
        ],
    },
    "cutscenes": [{"id": "fall", "video": "fall.mp4", "from": "attic", "to": "stairs"}],
    "sequences": [{"id": "tour", "title": "Tour", "beats": [{"state": "hall"}, {"state": "stairs"}]}],
    "outro": {"video": "end.mp4", "flag": "seen", "state": "attic"},
    "story": {"logline": "A house.", "beats": [{"summary": "You came.", "states": ["hall"], "sequence": "tour"}]},
    "missions": [{"id": "m", "title": "M", "objectives": [{"id": "o", "text": "Go up", "location": "stairs"}]}],
}


def house() -> World:
    """Return the house as a world."""
    return World.from_dict(HOUSE)


def apply_to_house(**op: Any) -> Applied:
    """Apply one operation to the house."""
    return apply(house(), [op])


def changes(before: Any, after: Any, path: str = "") -> Json:
    """Return what differs between two JSON values, by path; ``...`` stands for what is absent."""
    if type(before) is type(after) is dict:
        paths: Json = {}
        for key in {**before, **after}:
            below = f"{path}.{key}" if path else key
            paths |= changes(before.get(key, ...), after.get(key, ...), below)
        return paths
    if type(before) is type(after) is list and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return {k: v for i, (a, b) in pairs for k, v in changes(a, b, f"{path}[{i}]").items()}
    return {} if before is not ... and before == after else {path: copy.deepcopy(after)}
