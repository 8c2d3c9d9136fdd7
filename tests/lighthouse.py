"""The lighthouse sample, and ways to spoil how it plays."""

from __future__ import annotations

from pathlib import Path

import worldkit as wk

GOOD_WORLD = wk.samples.load("lighthouse")
STEAMER_EVENT = "the_steamer_holds_her_course"
YARD_EVENT = "go_out_to_the_yard"


def without(*names: str, world: wk.World = GOOD_WORLD) -> wk.World:
    """Return a world without some events."""
    document = world.to_dict()
    document["scene"]["events"] = [event for event in document["scene"]["events"] if event["name"] not in names]
    return wk.World.from_dict(document)


def with_event(name: str, world: wk.World = GOOD_WORLD, **fields: object) -> wk.World:
    """Return a world with fields of an event changed; None takes a field away."""
    return world.apply([{"op": "update_event", "name": name, "patch": fields}])


STUCK_WORLD = without(STEAMER_EVENT, YARD_EVENT)
"""Whoever enters the tower without oil can neither light the lamp nor go back."""

ROPELESS_WORLD = with_event("shoulder_a_coil_of_rope", grants=None)
"""The rope can no longer be had."""

CIRCULAR_WORLD = with_event("fill_a_carrying_can", requires=["lamp_lit"])
"""Oil needs the lamp lit, and the lamp needs oil."""


def save_world(world: wk.World, folder: Path, name: str = "light") -> str:
    """Save a world, and return its path."""
    return str(world.save(folder / f"{name}.world.json"))


def session_after(*events: str, world: wk.World = GOOD_WORLD) -> wk.Session:
    """Return a session after some events."""
    session = wk.Session(world)
    for event in events:
        session.fire(event)
    return session


KITCHEN = ("climb_the_kelp_steps", "step_into_the_kitchen", "take_down_a_hand_lamp")
"""The way to a hand lamp."""
