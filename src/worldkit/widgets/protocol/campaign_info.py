"""The part of a player's view that shows the campaign: its map of acts, and what led here."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from worldkit.widgets.protocol.common import message


@message
class ActInfo(TypedDict):
    """An act on the map of a campaign."""

    id: str
    title: str
    summary: str
    x: int
    y: int
    lines: list[str]
    """Its title, as it is written on its card."""
    size: int
    status: Literal["here", "played", "ahead"]
    begun: int
    """How often it was begun."""


@message
class ActEdgeInfo(TypedDict):
    """An edge on the map of a campaign."""

    d: str
    head: str
    kind: Literal["golden", "deviation", "recombine", "loop"]
    label: str
    taken: bool


@message
class HandOver(TypedDict):
    """What led to where the player is: the next act, or a dead end that led back."""

    kind: Literal["act", "rewind"]
    title: str
    """The act that began."""
    text: str
    """The edge's label, or why the act begins again."""
    flags: list[str]
    """The flags it began with."""


@message
class CampaignInfo(TypedDict):
    """The campaign that the world shown is an act of."""

    title: str
    act: str
    number: int
    """How many acts were begun."""
    deadEnds: int
    acts: list[ActInfo]
    edges: list[ActEdgeInfo]
    box: tuple[int, int, int, int]
    card: tuple[int, int]
    handOver: HandOver | None
    """What the last thing done led to; null when the act goes on."""
