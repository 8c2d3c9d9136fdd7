"""The part of a player's view that shows an action that was typed, and what comes of it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import message

ActionStatus = TypeAliasType("ActionStatus", Literal["idle", "working", "proposed", "failed"])


@message
class ActionWay(TypedDict):
    """A way on from a new place."""

    label: str
    to: str


@message
class ProposedAction(TypedDict):
    """What comes of an action that was typed: an event, the place it leads to, the ways on."""

    label: str
    seen: str
    place: str
    base: str
    ways: list[ActionWay]
    canTake: bool
    """Whether the player still stands where it was typed."""


@message
class ActionInfo(TypedDict):
    """An action that was typed, and how far its writing is."""

    status: ActionStatus
    text: str
    detail: str
    """What the model does now, or what went wrong."""
    proposal: ProposedAction | None
