"""The part of a player's view that changes with time alone."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from worldkit.playing.event_stages import StageKind
from worldkit.playing.trace import By
from worldkit.widgets.protocol.common import Number, Reply, message


@message
class Sample(TypedDict):
    """What is seen in the picture; what was not measured is left out."""

    luminance: NotRequired[Number]
    motion: NotRequired[Number]
    labels: NotRequired[dict[str, Number]]


@message
class StageInfo(TypedDict):
    """One stage of what plays, and how long it is."""

    what: StageKind
    ms: int


@message
class PlayingInfo(TypedDict):
    """What plays and has not landed."""

    event: str
    label: str
    kind: str
    by: By
    at: int
    stage: StageKind
    number: int
    of: int
    since: int
    until: int
    hits: int
    needs: int
    waitsFor: str
    to: str | None
    index: int
    stages: list[StageInfo]
    seesPicture: bool
    """Whether anything was said of the picture; without a picture nothing is waited for."""
    shows: Sample | None
    """A sample that would be evidence."""


@message
class TimerInfo(TypedDict):
    """An event that fires by itself after some time."""

    event: str
    label: str
    since: int
    due: int
    available: bool
    hidden: bool


@message
class WaypointInfo(TypedDict):
    """A place ahead, and how far it is."""

    event: str
    label: str
    distanceM: Number
    leftM: Number
    near: bool
    available: bool


@message
class ZoneInfo(TypedDict):
    """An event that fires by itself when something is seen."""

    event: str
    label: str
    waitsFor: str
    hits: int
    needs: int
    available: bool
    shows: Sample | None


@message
class PlayerNow(TypedDict):
    """The part of the view that changes with time alone."""

    clock: int
    playing: PlayingInfo | None
    promptNow: str
    controls: list[str]
    ambient: str
    waypoints: list[WaypointInfo]
    timers: list[TimerInfo]
    zones: list[ZoneInfo]
    seen: Sample | None


@message
class NowMessage(Reply):
    """Time passed and nothing else happened since the view of that serial."""

    type: Literal["now"]
    serial: int
    now: PlayerNow
