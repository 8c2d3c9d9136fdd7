"""Guards: what an event on the way into a soft-lock must need so that no run gets stuck there any more.

A guard is proposed only where exhaustive play of the changed world proves that it helps and takes nothing away.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json
from worldkit.editing.batch import apply
from worldkit.exploration.exhaustive import explore
from worldkit.exploration.result import Exploration
from worldkit.exploration.softlocks import SoftLock

if TYPE_CHECKING:
    from worldkit.world import World

MAX_FLAG_SETS = 4
"""Sets of flags that are tried for one soft-lock, the smallest first."""
MAX_EVENTS = 4
"""Events that may have to need the same flags, where several lead into one soft-lock."""


@dataclass(frozen=True, slots=True)
class FlagGuard:
    """Events that are to need flags.

    Attributes:
        events: The names of the events.
        flags: The flags that each of them is to need.
        states: The ids of the states in which no run gets stuck then.
    """

    events: tuple[str, ...]
    flags: tuple[str, ...]
    states: tuple[str, ...]

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {"events": list(self.events), "flags": list(self.flags), "states": list(self.states)}


def find_guards(exploration: Exploration, seconds: float = 2.0) -> list[FlagGuard]:
    """Return the guards that mend soft-locks of a world: every state, event and ending that was reached still is.

    Args:
        seconds: For so long guards are looked for.
    """
    deadline = time.monotonic() + seconds
    guards: dict[tuple[tuple[str, ...], tuple[str, ...]], FlagGuard] = {}
    for finding in exploration.findings:
        if finding.lock is None:
            continue
        for flags in finding.lock.missing[:MAX_FLAG_SETS]:
            guard = _prove_guard(exploration, finding.lock, tuple(sorted(flags)), finding.states, deadline)
            if guard is not None:
                guards.setdefault((guard.events, guard.flags), guard)
    return list(guards.values())


def _prove_guard(
    exploration: Exploration, lock: SoftLock, flags: tuple[str, ...], states: tuple[str, ...], deadline: float
) -> FlagGuard | None:
    """Return the guard by some flags if play proves that it helps; None if it does not, or that was not decided."""
    world, cause, events = exploration.world, lock.cause, list[str]()
    while cause is not None and cause not in events and len(events) < MAX_EVENTS:
        guarded_world = _with_needs(world, cause, flags)
        remaining_seconds = deadline - time.monotonic()
        if guarded_world is None or remaining_seconds <= 0:
            return None
        world = guarded_world
        events.append(cause)
        new_exploration = explore(world, at=exploration.at, seconds=remaining_seconds)
        losses = (
            exploration.states - new_exploration.states
            or exploration.events - new_exploration.events
            or exploration.endings - new_exploration.endings
        )
        if not new_exploration.complete or losses or new_exploration.soft_lock_states - exploration.soft_lock_states:
            return None
        locks = [soft_lock for soft_lock in new_exploration.soft_locks if soft_lock.state in states]
        if not locks:
            return FlagGuard(tuple(events), flags, states)
        cause = locks[0].cause
    return None


def _with_needs(world: World, name: str, flags: tuple[str, ...]) -> World | None:
    """Return a world in which an event needs some flags more; None when there is no one event of that name."""
    events = [event for event in world.events if event.name == name]
    if len(events) != 1:
        return None
    needs = [*(events[0].requires or ()), *flags]
    return apply(world, [{"op": "set_event_requires", "event": name, "value": list(dict.fromkeys(needs))}]).world
