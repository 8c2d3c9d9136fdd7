"""The rule errors of a world as an act: a flag that an edge carries into the act need not be granted in it."""

from __future__ import annotations

from collections.abc import Iterator

from worldkit.campaigns.document import Scope
from worldkit.core.diagnostics import Diagnostic
from worldkit.ruleset import lint
from worldkit.world import World


def act_errors(scope: Scope, act: str) -> Iterator[Diagnostic]:
    """Yield the rule errors of an act's world.

    Args:
        scope: The campaign and its worlds.
        act: The act's id.
    """
    world = scope.world(act)
    if world is None:
        return
    granted = {flag for event in world.events for flag in event.grants or ()}
    for edge in scope.edges:
        if edge.to is not None and edge.to.act_id == act:
            granted.update(edge.carry_flags or ())
    for finding in lint(world).errors:
        if finding.lint != "unreachable-require" or not _required(world, finding) <= granted:
            yield finding


def _required(world: World, finding: Diagnostic) -> set[str]:
    return {flag for event in world.events if event.name == finding.item.id for flag in event.requires or ()}
