"""Doubles: a machine on which a minute passes between two looks at a clock, and a world that takes long to explore."""

from __future__ import annotations

import itertools
import time

import pytest

from worldkit import World
from worldkit.core.json_values import Json
from worldkit.exploration import reuse


def make_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this machine as slow as that for the rest of a test, and let it forget what it has explored."""
    reuse.forget()
    for name in ("perf_counter", "thread_time", "monotonic"):
        clock = itertools.count(getattr(time, name)(), 60.0)
        monkeypatch.setattr(time, name, lambda clock=clock: next(clock))


def with_much_to_take(world: World, place: str, event: str, things: int = 12) -> World:
    """Return a world with so many more things to take in a place, and an event that needs all of them."""
    names = [f"thing_{number}" for number in range(things)]
    ops: list[Json] = []
    for name in names:
        taking = {"name": f"take_{name}", "from": [place], "base": "A hand closes around it.", "grants": [name]}
        ops.append({"op": "add_override", "event": taking})
    flags = [*(world.events_by_name[event].requires or ()), *names]
    return world.apply([*ops, {"op": "set_event_requires", "event": event, "value": flags}])
