"""Seeded synthetic worlds of any size, and batches of edits on them."""

from __future__ import annotations

import random
from typing import Any

Json = dict[str, Any]

VOCABULARY = (
    "a stone stair lamp brass door river fog salt rope garden clock glass letter moss iron bridge rain copper "
    "candle orchard archive signal harbour tower window ladder engine quiet bright narrow winding"
)
WORDS = VOCABULARY.split()


def prose(rng: random.Random, words: int) -> str:
    """Return a sentence of so many words."""
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize() + "."


def world(states: int, events: int, flags: int, seed: int = 0) -> Json:
    """Return a connected world: a spanning tree, then moves at random, half of those gated."""
    rng = random.Random(seed)
    ids = [f"place_{i}" for i in range(states)]
    keys = [f"flag_{i}" for i in range(flags)]
    states_by_id: Json = {
        name: {
            "base": prose(rng, 24),
            "camera": {"static": prose(rng, 8), "dynamic": prose(rng, 8)},
            "movement": {"static": prose(rng, 6), "dynamic": prose(rng, 6)},
        }
        for name in ids
    }
    for i, name in enumerate(rng.sample(ids[1:], max(2, states // 50))):
        states_by_id[name]["ending"] = {"kind": ("win", "lose")[i % 2], "title": prose(rng, 3)}
    moves: list[Json] = []
    for i in range(events):
        tree = i < states - 1
        move: Json = {
            "name": f"move_{i}",
            "kind": "transition",
            "from": [ids[rng.randrange(i + 1)] if tree else rng.choice(ids)],
            "to": ids[i + 1] if tree else rng.choice(ids),
            "base": prose(rng, 8),
            "detail": prose(rng, 4),
        }
        if not tree and keys and rng.random() < 0.5:
            move["requires"] = sorted(set(rng.choices(keys, k=2)))
            move["lockedHint"] = prose(rng, 6)
        moves.append(move)
    for key in keys:
        rng.choice(moves[: max(1, states - 1)]).setdefault("grants", []).append(key)
    return {
        "schemaVersion": "1.0",
        "name": f"{states} states, {events} events",
        "entrance": {"state": ids[0]},
        "scene": {"states": states_by_id, "events": moves},
    }


def edits(document: Json, count: int, seed: int = 1) -> list[Json]:
    """Return so many operations of the kinds people make: prose, targets, gates, additions, deletions, renames."""
    rng = random.Random(seed)
    ids = list(document["scene"]["states"])
    names = [event["name"] for event in document["scene"]["events"]]
    rng.shuffle(names)
    rng.shuffle(ids)
    batch: list[Json] = []
    for i in range(count):
        kind = i % 10
        if kind < 4:
            batch.append({"op": "set_field", "state": ids[i], "field": "base", "value": prose(rng, 35)})
        elif kind < 6:
            batch.append({"op": "update_event", "name": names[i], "patch": {"to": ids[-1 - i]}})
        elif kind == 6:
            batch.append({"op": "update_event", "name": names[i], "patch": {"requires": ["flag_0"], "detail": None}})
        elif kind == 7:
            batch.append({"op": "add_state", "id": f"new_{i}", "state": {"base": prose(rng, 35)}})
        elif kind == 8:
            batch.append({"op": "delete_event", "name": names[i]})
        else:
            batch.append({"op": "rename_state", "from": ids[i], "to": f"renamed_{i}"})
    return batch
