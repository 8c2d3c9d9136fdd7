"""What keeps an act from being played: a flag that an edge carries into the act need not be granted in it."""

from __future__ import annotations

from collections.abc import Iterator

from worldkit.campaigns.campaign_scope import CampaignScope
from worldkit.core.diagnostics import Diagnostic
from worldkit.core.profile import ProfileName
from worldkit.ruleset.play_gate import play_blockers


def act_blockers(scope: CampaignScope, act: str, gate: ProfileName) -> Iterator[Diagnostic]:
    """Yield the errors because of which an act is not played until the player insists.

    Args:
        scope: The campaign and its worlds.
        act: The act's id.
        gate: Whose errors; see ``play_blockers``.
    """
    world = scope.world(act)
    if world is None:
        return
    obtainable_flags = {flag for event in world.events for flag in event.grants or ()}
    for edge in scope.edges:
        if edge.to is not None and edge.to.act_id == act:
            obtainable_flags.update(edge.carry_flags or ())
    required_flags: dict[str, set[str]] = {}
    for event in world.events:
        required_flags.setdefault(event.name, set()).update(event.requires or ())
    for finding in play_blockers(world, gate):
        if finding.lint != "unreachable-require" or not required_flags.get(finding.item.id, set()) <= obtainable_flags:
            yield finding
