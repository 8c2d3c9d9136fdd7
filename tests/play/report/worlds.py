"""Worlds with faults to report, and one whose every text is hostile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from worldkit import Exploration, World, explore, samples

Json = dict[str, Any]

NASTY = "<img src=x onerror=alert(1)> \"quotes\" 'and' & ]]> \u202eback\u202c \x1b[31m \x00 line\ntwo __proto__"


def spoiled() -> World:
    """Return the lighthouse with no way back out of the tower, no rope, and a steamer that never strikes."""
    document = samples.load("lighthouse").to_dict()
    events = document["scene"]["events"]
    missing_events = {"go_out_to_the_yard", "the_steamer_holds_her_course"}
    events[:] = [event for event in events if event["name"] not in missing_events]
    for event in events:
        if event["name"] == "shoulder_a_coil_of_rope":
            del event["grants"]
    return World.from_dict(document)


def hostile() -> World:
    """Return a world with a soft-lock, a dead event and an ending out of reach, whose names and prose are hostile."""
    ending = {"kind": "win", "title": NASTY}
    return World.from_dict(
        {
            "name": NASTY,
            "entrance": {"state": NASTY},
            "scene": {
                "states": {
                    NASTY: {"base": NASTY},
                    "__proto__": {"base": NASTY},
                    "won": {"base": NASTY, "ending": ending},
                    "lost": {"base": NASTY, "ending": ending},
                },
                "events": [
                    _move(NASTY, NASTY, "__proto__", detail=NASTY),
                    _move("round", "__proto__", "__proto__"),
                    _move("win", NASTY, "won"),
                    _move("lose", NASTY, "lost", requires=[NASTY]),
                ],
            },
        }
    )


def wide(rooms: int = 60) -> World:
    """Return a world with many events that can never happen and many states out of reach."""
    states: Json = {f"room_{n}": {"base": "A table, a lamp."} for n in range(rooms)}
    states["out"] = {"base": "Rain.", "ending": {"kind": "win", "title": "OUT"}}
    events = [_move(f"open_{n}", "room_0", f"room_{n}", requires=[f"key_{n}"]) for n in range(1, rooms)]
    events.append(_move("leave", "room_0", "out"))
    return World.from_dict({"entrance": {"state": "room_0"}, "scene": {"states": states, "events": events}})


def undecided() -> Exploration:
    """Return an exploration of the lighthouse whose budget was spent half way, whatever the machine's speed."""
    exploration = explore(samples.load("lighthouse"))
    half = frozenset(range(len(exploration.world.states) // 2))
    facts = replace(
        exploration._analysis.data,
        undecided_reasons=("Which states and events can be reached, beyond those found.",),
        is_exact=False,
        classes=None,
        classes_seen=224,
        reached_states=exploration._analysis.data.reached_states & half,
        fireable_events=exploration._analysis.data.fireable_events & half,
        stuck_classes=None,
        stuck={},
        idle_masks={},
    )
    return Exploration(exploration.world, None, exploration._analysis.budget, facts)


def _move(name: str, source: str, target: str, **more: Any) -> Json:
    return {"name": name, "kind": "transition", "from": [source], "to": target, **more}
