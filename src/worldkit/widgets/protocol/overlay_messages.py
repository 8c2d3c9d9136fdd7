"""What the kernel has an editor draw over the map: findings of an exploration, simulated runs, and the player."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import Diagnostic, message

OverlayMark = TypeAliasType(
    "OverlayMark",
    Annotated[
        Literal["never", "stuck", "idle", "seen", "unseen"],
        Field(
            description="``never``: no run can. ``stuck``: no ending can be reached. ``idle``: nothing left to do. "
            "``seen`` and ``unseen``: by some run, by none."
        ),
    ],
)
OverlayState = TypeAliasType(
    "OverlayState",
    Annotated[
        tuple[str, OverlayMark, str, int | float],
        Field(description="A state's id, its mark, the same in words, and how much of it from 0 to 1."),
    ],
)
OverlayEvent = TypeAliasType(
    "OverlayEvent",
    Annotated[
        tuple[str, str | None, OverlayMark, str, int | float],
        Field(description="The same for an event, by its name and the state it was fired in, null for all of them."),
    ],
)


@message
class OverlayLegend(TypedDict):
    """What a mark means, and how many states and events have it."""

    mark: OverlayMark
    states: int
    stateWords: str
    events: int
    eventWords: str


@message
class OverlayLayer(TypedDict):
    """Something drawn over the map: where runs have been, or what can never happen."""

    key: str
    kind: Literal["explored", "crowd", "runs"]
    title: str
    said: str
    stale: bool
    serial: int
    """Grows with every overlay that is put up, so that a view shows the newest."""
    states: list[OverlayState]
    events: list[OverlayEvent]
    legend: list[OverlayLegend]
    findings: list[Diagnostic]


EdgeTaken = TypeAliasType("EdgeTaken", tuple[str, str])


@message
class RunPosition(TypedDict):
    """Where the player beside the editor is and has been."""

    state: str
    over: bool
    steps: int
    states: list[str]
    edges: list[EdgeTaken]
    """The events taken, each with the state it was fired in."""
    last: EdgeTaken | None
