"""An exploration as JSON values, for files, other programs and the next release to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.json_values import Json

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration

FORMAT = "smworld-exploration"
VERSION = 1


def exploration_to_dict(exploration: Exploration) -> Json:
    """Return an exploration without its world as JSON values; ids in world order, routes as the names to fire."""
    order = {id: i for i, id in enumerate(exploration.world.states)}
    names = {event.name: i for i, event in reversed(list(enumerate(exploration.world.events)))}

    def states(ids: frozenset[str]) -> list[str]:
        return sorted(ids, key=order.__getitem__)

    def events(ids: frozenset[str]) -> list[str]:
        return sorted(ids, key=names.__getitem__)

    return {
        "format": FORMAT,
        "version": VERSION,
        "world": {"id": exploration.world.id, "name": exploration.world.name, "rev": exploration.world.rev},
        "at": exploration.at and exploration.at.to_dict(),
        "engine": exploration.engine,
        "seconds": round(exploration.seconds, 6),
        "complete": exploration.complete,
        "exact": exploration.exact,
        "undecided": list(exploration.undecided),
        "verdict": exploration.verdict,
        "positions": exploration.positions,
        "positionsComplete": exploration.positions_complete,
        "classes": exploration.classes,
        "stuckPositions": exploration.stuck_positions,
        "stuckClasses": exploration.stuck_classes,
        "states": states(exploration.states),
        "events": events(exploration.events),
        "endings": states(exploration.endings),
        "unreachableStates": states(exploration.unreachable_states),
        "deadEvents": events(exploration.dead_events),
        "unreachableEndings": states(exploration.unreachable_endings),
        "softLocks": [{"state": lock.state, "flags": sorted(lock.flags)} for lock in exploration.soft_locks],
        "deadEnds": [{"state": end.state, "flags": sorted(end.flags)} for end in exploration.dead_ends],
        "neverGranted": sorted(exploration.never_granted),
        "neverRequired": sorted(exploration.never_required),
        "routes": {id: list(trace.events) for id, trace in exploration.routes.items()},
        "findings": [finding.to_dict() for finding in exploration.findings],
    }
