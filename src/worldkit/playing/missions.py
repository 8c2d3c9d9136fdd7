"""Progress of the missions, read from the flags held (docs/spec/rules.md#missions-compile)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from worldkit.core.json_values import Json
from worldkit.core.model import Mission, Objective

if TYPE_CHECKING:
    from worldkit.world import World

Status = Literal["done", "active", "pending"]


@dataclass(frozen=True, slots=True)
class ObjectiveProgress:
    """One objective and where it stands.

    Attributes:
        id: The objective's id.
        text: What the player is asked to do.
        status: ``"done"`` when its flag is held; the first that is not done is ``"active"``.
    """

    id: str
    text: str
    status: Status


@dataclass(frozen=True, slots=True)
class MissionProgress:
    """One mission and where it stands.

    Attributes:
        id: The mission's id.
        title: Its title.
        complete: Its ``complete`` flag is held, by default that of its last objective.
        objectives: Its objectives in order.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> wk.Session(lighthouse).missions[0]
        MissionProgress(id='first_watch', title='First watch', complete=False, objectives=(Objec...
    """

    id: str
    title: str
    complete: bool
    objectives: tuple[ObjectiveProgress, ...]

    def to_dict(self) -> Json:
        """Return the progress as JSON values."""
        objectives = [{"id": o.id, "text": o.text, "status": o.status} for o in self.objectives]
        return {"id": self.id, "title": self.title, "complete": self.complete, "objectives": objectives}


def progress(world: World, flags: Collection[str]) -> list[MissionProgress]:
    """Return how far every mission of a world has come.

    Args:
        world: The world.
        flags: The flags held.
    """
    return [_progress_of(mission, flags) for mission in world.missions or ()]


def completing_flags(mission: Mission) -> frozenset[str]:
    """Return the flag that is held once a mission is complete, by default that of its last objective.

    A mission that has neither is never complete, and has no such flag.
    """
    if mission.complete is not None:
        return frozenset([mission.complete])
    return frozenset(map(_flag_of, mission.objectives[-1:]))


def _flag_of(objective: Objective) -> str:
    return objective.id if objective.grants is None else objective.grants


def _progress_of(mission: Mission, flags: Collection[str]) -> MissionProgress:
    objectives: list[ObjectiveProgress] = []
    active = False
    for objective in mission.objectives:
        if _flag_of(objective) in flags:
            status: Status = "done"
        else:
            status, active = "pending" if active else "active", True
        objectives.append(ObjectiveProgress(objective.id, objective.text, status))
    needed_flags = completing_flags(mission)
    complete = bool(needed_flags) and needed_flags <= {*flags}
    return MissionProgress(mission.id, mission.title, complete, tuple(objectives))
