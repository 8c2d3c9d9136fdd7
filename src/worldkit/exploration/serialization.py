"""An exploration as JSON values, for files, other programs and the next release to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.json_values import Json

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration

FORMAT = "smworld-exploration"
VERSION = 1


def written(found: Exploration) -> Json:
    """Return an exploration without its world as JSON values; ids in world order, routes as the names to fire."""
    order = {id: i for i, id in enumerate(found.world.states)}
    names = {event.name: i for i, event in reversed(list(enumerate(found.world.events)))}

    def states(ids: frozenset[str]) -> list[str]:
        return sorted(ids, key=order.__getitem__)

    def events(ids: frozenset[str]) -> list[str]:
        return sorted(ids, key=names.__getitem__)

    return {
        "format": FORMAT,
        "version": VERSION,
        "world": {"id": found.world.id, "name": found.world.name, "rev": found.world.rev},
        "at": found.at and found.at.to_dict(),
        "engine": found.engine,
        "seconds": round(found.seconds, 6),
        "complete": found.complete,
        "exact": found.exact,
        "undecided": list(found.undecided),
        "verdict": found.verdict,
        "positions": found.positions,
        "positionsComplete": found.positions_complete,
        "classes": found.classes,
        "stuckPositions": found.stuck_positions,
        "stuckClasses": found.stuck_classes,
        "states": states(found.states),
        "events": events(found.events),
        "endings": states(found.endings),
        "unreachableStates": states(found.unreachable_states),
        "deadEvents": events(found.dead_events),
        "unreachableEndings": states(found.unreachable_endings),
        "softLocks": [{"state": lock.state, "flags": sorted(lock.flags)} for lock in found.soft_locks],
        "deadEnds": [{"state": end.state, "flags": sorted(end.flags)} for end in found.dead_ends],
        "neverGranted": sorted(found.never_granted),
        "neverRequired": sorted(found.never_required),
        "routes": {id: list(trace.events) for id, trace in found.routes.items()},
        "findings": [finding.to_dict() for finding in found.findings],
    }
