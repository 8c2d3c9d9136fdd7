"""Parts of what a player is sent: its map of acts, what led here, where a typed text went, and the live picture."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import Number, Reply, message


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


PainterStatus = TypeAliasType(
    "PainterStatus",
    Literal["closed", "connecting", "open", "reconnecting", "ended", "refused", "lost", "failed"],
)


@message
class AnchorInfo(TypedDict):
    """A thing that is looked for in the picture, and the event that pressing it fires."""

    event: str
    thing: str


@message
class PainterInfo(TypedDict):
    """What draws the picture, and how it fares."""

    status: PainterStatus
    detail: str
    note: str
    """Its words about itself."""
    followsPrompts: bool | None
    """Whether its picture follows what happens; null until it says so."""
    followsControls: bool | None
    latencyMs: float | None
    """Milliseconds from a prompt to a picture that shows it, as it says itself."""
    anchors: list[AnchorInfo]
    """What a detector looks for; empty without one."""


@message
class FoundAnchor(TypedDict):
    """An anchor that is in the picture."""

    event: str
    box: tuple[Number, Number, Number, Number]
    """Its left, top, right and bottom, as shares of the picture."""
    isClose: bool
    isCentered: bool


@message
class AnchorsMessage(Reply):
    """The anchors that were found in the picture last; all others are not in sight."""

    type: Literal["anchors"]
    found: list[FoundAnchor]


@message
class FrameMessage(Reply):
    """A frame of the picture; its bytes are the message's buffer."""

    type: Literal["frame"]
    number: int
    mediaType: str
    width: NotRequired[int]
    height: NotRequired[int]
    delayMs: NotRequired[int]
    """Milliseconds from when a frame is sent until the kernel hears that it was drawn, lately."""


@message
class ClipMessage(Reply):
    """The clip of a cutscene that begins; its bytes are the message's buffer."""

    type: Literal["clip"]
    mediaType: str
    label: str
    subtitle: str
