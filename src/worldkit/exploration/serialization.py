"""An exploration as JSON values, for files, other programs and the next release to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json
from worldkit.exploration.finding import Finding, finding_to_dict
from worldkit.exploration.route_limit import RouteLimit

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration
    from worldkit.exploration.routes import Pathfinder

FORMAT = "smworld-exploration"
VERSION = 1

MAX_ROUTE_WORK = 2_500_000
"""How many search nodes are looked at for all routes together, about ten seconds."""


def exploration_to_dict(exploration: Exploration, finder: Pathfinder) -> Json:
    """Return an exploration without its world as JSON values; ids in world order, routes as the names to fire.

    Args:
        finder: Searches its routes.
    """
    order = {id: i for i, id in enumerate(exploration.world.states)}
    names = {event.name: i for i, event in reversed(list(enumerate(exploration.world.events)))}

    def states(ids: frozenset[str]) -> list[str]:
        return sorted(ids, key=order.__getitem__)

    def events(ids: frozenset[str]) -> list[str]:
        return sorted(ids, key=names.__getitem__)

    findings = exploration.findings  # their own searches have a limit of their own
    limit = RouteLimit(finder, MAX_ROUTE_WORK)
    routes = _routes(exploration, states(exploration.endings), limit)
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
        "routes": routes,
        "routesLeftOut": [id for id in states(exploration.endings) if id not in routes],
        "findings": [_finding(finding, limit) for finding in findings],
    }


def _routes(exploration: Exploration, endings: Sequence[str], limit: RouteLimit) -> dict[str, list[str]]:
    """Return a shortest run to each ending, as far as they are found within a limit."""
    routes = {}
    for id in endings:
        if limit.is_reached:
            break
        if (route := exploration.route_to(id)) is not None:
            routes[id] = list(route.events)
            limit.count(route)
    return routes


def _finding(finding: Finding, limit: RouteLimit) -> Json:
    """Return a finding with its route, or with a word that the limit was reached before."""
    if limit.is_reached:
        return {**finding_to_dict(finding, None), "leftOut": ["route"]}
    route = finding.route
    limit.count(route)
    return finding_to_dict(finding, route)
