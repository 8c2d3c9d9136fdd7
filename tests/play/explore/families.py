"""Small seeded worlds of many families: what exhaustive play must get right, each feature often."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

from shapes import KINDS, counters, shape

__all__ = ["FAMILIES", "KINDS", "counters", "shape", "small"]

Json = dict[str, Any]

FAMILIES = (
    "hub",
    "chapters",
    "acyclic",
    "tangled",
    "one-shots",
    "shared names",
    "sequences",
    "consoles",
    "cutscenes",
    "loops",
    "no way to an ending",
    "odd",
)


def small(family: str, seed: int) -> Json:
    """Return an SMWorld document of 3 to 7 states, 4 to 15 events and up to 5 flags.

    Args:
        family: One of ``FAMILIES``: what the world has more of than others.
        seed: The same arguments give the same document.
    """
    rng = random.Random(f"{family} {seed}")
    ids = [f"s{i}" for i in range(rng.randint(3, 7))]
    keys = [f"f{i}" for i in range(rng.randint(0, 5) if family != "tangled" else 5)]
    states: Json = {id: {"base": ""} for id in ids}
    for id in rng.sample(ids[1:], min(len(ids) - 1, rng.choice([1, 1, 2, 3]))):
        states[id]["ending"] = {"kind": rng.choice(["win", "lose"]), "title": id}
    events = [_event(rng, family, number, ids, keys) for number in range(len(ids) - 1 + rng.randint(2, 9))]
    for i, event in enumerate(events[: len(ids) - 1], 1):
        if rng.random() < 0.85:  # most states can be reached: half of a tree is free
            ends = [id for id in ids[:i] if "ending" not in states[id]]
            event |= {"kind": "transition", "from": [rng.choice(ends)], "to": ids[i]}
            event.pop("terminal", None)
            if rng.random() < 0.6:
                event.pop("requires", None)
    if family == "no way to an ending":
        _cut_off(rng, states, events, keys)
    document: Json = {
        "schemaVersion": "1.0",
        "entrance": {"state": ids[0]},
        "scene": {"states": states, "events": events},
    }
    if family == "cutscenes" or rng.random() < 0.1:
        _cutscenes(rng, document, ids, keys)
    if family == "sequences" or rng.random() < 0.1:
        document["sequences"] = [_sequence(rng, number, ids) for number in range(rng.randint(1, 3))]
    if family == "odd":
        _odd(rng, document, ids)
    return document


def _event(rng: random.Random, family: str, number: int, ids: list[str], keys: list[str]) -> Json:
    sources = rng.sample(ids, rng.choice([1, 1, 1, 2, 3]))
    target = rng.choice(ids)
    if family == "acyclic":
        place = rng.randrange(len(ids) - 1)
        sources, target = [ids[place]], rng.choice(ids[place + 1 :])
    elif family == "chapters":
        place, half = rng.randrange(len(ids)), len(ids) // 2
        sources, target = [ids[place]], rng.choice(ids if place < half else ids[half:])
    elif family == "loops" and rng.random() < 0.5:
        target = sources[0]
    event: Json = {"name": f"e{number}", "kind": "transition", "from": sources, "to": target}
    chance = rng.random()
    if chance < (0.5 if family == "consoles" else 0.05):
        event = {**event, "kind": "terminal", "terminal": {"persona": "p", "facts": []}}
        del event["to"]
    elif chance < (0.6 if family == "loops" else 0.15):
        event["kind"] = rng.choice(["override", "override", "terminal"])
        if rng.random() < 0.8:
            del event["to"]
    if keys and rng.random() < (0.8 if family == "tangled" else 0.45):
        event["requires"] = rng.sample(keys, rng.choice([1, 1, min(2, len(keys))]))
    if keys and rng.random() < (0.7 if family == "tangled" else 0.4):
        event["grants"] = rng.choices(keys, k=rng.choice([1, 1, 2, 3]))
    if rng.random() < (0.6 if family in ("one-shots", "shared names") else 0.08):
        event["oneShot"] = True
    if family == "shared names" and rng.random() < 0.6:
        event["name"] = rng.choice(["a", "b"])
    if rng.random() < 0.1:
        event["hidden"] = True
    return event


def _cut_off(rng: random.Random, states: Json, events: list[Json], keys: list[str]) -> None:
    """Make the endings hard or impossible to reach."""
    endings = {id for id, body in states.items() if "ending" in body}
    for event in events:
        if event.get("to") in endings:
            event["requires"] = [*event.get("requires", []), rng.choice([*keys, "nobody grants this"])]


def _cutscenes(rng: random.Random, document: Json, ids: list[str], keys: list[str]) -> None:
    cuts = []
    for number in range(rng.randint(1, 2)):
        cutscene: Json = {"id": f"cut{number}", "video": "v.mp4", "from": rng.choice(ids), "to": rng.choice(ids)}
        if keys and rng.random() < 0.5:
            cutscene["requires"] = [rng.choice(keys)]
        cuts.append(cutscene)
    document["cutscenes"] = cuts
    for event in document["scene"]["events"]:
        if "to" in event and rng.random() < 0.5:
            event["to"] = rng.choice(cuts)["id"]


def _sequence(rng: random.Random, number: int, ids: list[str]) -> Json:
    dwells: list[Any] = ["settle", "input", {"ms": 5}, None]
    beats = []
    for _ in range(rng.randint(1, 4)):
        beat: Json = {"state": rng.choice(ids)}
        dwell = rng.choice(dwells)
        if dwell is not None:
            beat["dwell"] = dwell
        beats.append(beat)
    return {"id": f"q{number}", "title": "", "beats": beats}


def _odd(rng: random.Random, document: Json, ids: list[str]) -> None:
    """Break what the rules forbid but play puts up with."""
    if rng.random() < 0.3:
        document["entrance"] = {"state": "no such state"}
    elif rng.random() < 0.3:
        del document["entrance"]
    elif rng.random() < 0.3:
        document["scene"]["states"][ids[0]]["ending"] = {"kind": "win", "title": "at once"}
    for event in document["scene"]["events"]:
        if rng.random() < 0.15:
            event["from"] = [*event["from"], "no such state", event["from"][0]]
        if rng.random() < 0.1:
            event["to"] = "no such state"
        if rng.random() < 0.1:
            event["requires"] = [*event.get("requires", []), "nobody grants this"]
        if rng.random() < 0.1:
            event["grants"] = [*event.get("grants", []), "nobody needs this"]
