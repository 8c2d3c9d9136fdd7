"""The picture that a painter draws for a player: how the painter fares, and its frames, clips and anchors."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from worldkit.widgets.protocol.common import Number, Reply, message

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
