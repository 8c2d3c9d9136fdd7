"""Rules about missions: whether objectives can be completed, and whether their targets are in the picture."""

from __future__ import annotations

from collections.abc import Iterator

from worldkit.core.json_values import quote
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import Found, of_world, rule


@rule(
    "objective-unreachable",
    "error",
    "An objective that cannot be done",
    "An objective is done when its flag is held (its grants, else its id), and no event grants that flag. Let the "
    "event that does it grant the flag.",
    parts=of_world,
)
def objective_unreachable(index: Index) -> Iterator[Found]:
    """No event grants the objective's flag."""
    for mission in index.world.missions or ():
        for number, objective in enumerate(mission.objectives):
            flag = objective.id if objective.grants is None else objective.grants
            if flag not in index.granted:
                message = f"it is done with the flag {quote(flag)}, which no event grants; grant it where it is done"
                yield Found(message, "mission", mission.id, f"objectives[{number}]")


@rule(
    "objective-ungrounded",
    "warning",
    "An objective that is not in the picture",
    "The mission lists what was verified to be in the entrance picture, and this objective's target is not listed. "
    "Choose a target that is there, or verify it.",
    parts=of_world,
)
def objective_ungrounded(index: Index) -> Iterator[Found]:
    """The mission has ``verified``, and a grounded target is not in it; case does not matter."""
    for mission in index.world.missions or ():
        if mission.verified is None:
            continue
        verified_labels = {label.strip().casefold() for label in mission.verified}
        for number, objective in enumerate(mission.objectives):
            grounding = objective.grounded
            if grounding is not None and grounding.target.strip().casefold() not in verified_labels:
                message = f"its target {quote(grounding.target)} was not verified in the picture; choose one that was"
                yield Found(message, "mission", mission.id, f"objectives[{number}].grounded.target")
