"""What the kernel sends to a player: its view, and replies."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from worldkit.playing.missions import Status
from worldkit.playing.trace import By
from worldkit.playing.trace import Mode as Mode
from worldkit.widgets.protocol.common import Diagnostic, Echo, Reply, message
from worldkit.widgets.protocol.player_now import PlayerNow, Sample
from worldkit.widgets.protocol.player_parts import ActionInfo, CampaignInfo, PainterInfo

ScriptKind = TypeAliasType("ScriptKind", Literal["run", "position", "python", "pytest"])


@message
class EndingInfo(TypedDict):
    """How the world ended; ``kind`` is ``win``, ``lose`` or a word of a later version."""

    kind: str
    title: str
    subtitle: str | None


@message
class StateInfo(TypedDict):
    """The state the player is in."""

    id: str
    base: str
    ending: EndingInfo | None


@message
class OfferInfo(TypedDict):
    """Something offered to the player; ``kind`` is that of an event, which may be a word of a later version."""

    name: str
    label: str
    available: bool
    hint: str | None
    hotkey: str | None
    kind: str


@message
class TrailEntry(TypedDict):
    """One point of the way here."""

    state: str
    event: str | None
    at: int
    by: NotRequired[By | Literal["handler"]]
    """Who did it, where it was not the player."""
    granted: NotRequired[list[str]]
    revoked: NotRequired[list[str]]
    variant: NotRequired[str | None]
    text: NotRequired[str]
    """What a handler said, or how it changed the world."""


@message
class HeldInfo(TypedDict):
    """A flag held and where it is from; no event for one held at the start."""

    flag: str
    event: str | None
    at: int
    by: By | Literal["handler", "start"]


@message
class ArrivalInfo(TypedDict):
    """An event that waits to see where it arrives."""

    event: str
    label: str
    waitsFor: str
    shows: Sample | None


@message
class PositionInfo(TypedDict):
    """A position: the state, the flags held, the events used up."""

    state: str
    flags: list[str]
    used: list[str]


@message
class StartingPoint(TypedDict):
    """A position to begin in."""

    state: str
    flags: NotRequired[list[str]]
    used: NotRequired[list[str]]


@message
class FlagInfo(TypedDict):
    """A flag, and the events that grant it."""

    flag: str
    events: list[str]


@message
class AboutWorld(TypedDict):
    """What a tester may want to know of the whole world."""

    flags: list[FlagInfo]
    states: list[str]
    labels: list[str]
    entrance: str


@message
class AboutReply(Reply):
    """The reply to ``about``."""

    type: Literal["about"]
    about: AboutWorld


@message
class ScriptReply(Reply):
    """A run as text, and the name of a file to keep it in."""

    type: Literal["script"]
    text: str
    name: str


@message
class ObjectiveInfo(TypedDict):
    """One objective of a mission."""

    id: str
    text: str
    status: Status


@message
class MissionInfo(TypedDict):
    """A mission, and how far it has come."""

    id: str
    title: str
    complete: bool
    objectives: list[ObjectiveInfo]


@message
class ConsoleLine(TypedDict):
    """One line said at a console."""

    who: Literal["you", "console"]
    text: str


@message
class TerminalInfo(TypedDict):
    """An open console; of its facts only how many it may say."""

    name: str
    persona: str
    greeting: str | None
    log: list[ConsoleLine]
    facts: int
    pending: str
    """A question that the model has not answered yet; empty without one."""


@message
class PlayerNotice(TypedDict):
    """Something to tell the player."""

    kind: Literal["narration", "landed", "locked", "error", "info", "grant"]
    text: str


@message
class TimeUses(TypedDict):
    """What the clock is for in a world."""

    lasting: bool
    """Some event takes time until it lands."""
    waiting: bool
    """Some event fires by itself after a time."""
    walking: bool
    """Some place is reached on foot."""


@message
class PictureInfo(TypedDict):
    """A picture as a ``data:`` URL, and what it shows."""

    src: str
    label: str


@message
class PlayerView(PlayerNow):
    """Everything a player shows."""

    protocol: int
    serial: int
    driver: Echo
    """The view that drives the clock; null while it stands."""
    title: str
    state: StateInfo
    line: str
    sceneLine: str
    """The line of the state below ``line``, where that is an event's; else empty."""
    prompt: str
    offers: list[OfferInfo]
    hidden: list[OfferInfo]
    flags: list[str]
    held: list[HeldInfo]
    trail: list[TrailEntry]
    trailFrom: int
    """The place of the first point of ``trail``; a long one is cut at its beginning."""
    start: PositionInfo
    seed: int
    ended: EndingInfo | None
    stopped: str | None
    """The words with which a handler stopped the run; null while it goes on."""
    worldVersion: int
    """Goes up whenever the world or the seed is another one: pictures and facts asked for before are out of date."""
    missions: list[MissionInfo]
    arrivals: list[ArrivalInfo]
    mode: Mode
    timeUses: TimeUses
    variants: list[str]
    variant: str | None
    intro: str | None
    outro: str | None
    canUndo: bool
    tools: bool
    """Whether the run may be changed by hand: flags, variants, where it begins."""
    terminal: TerminalInfo | None
    campaign: NotRequired[CampaignInfo]
    notices: list[PlayerNotice]
    picture: NotRequired[PictureInfo]
    """The entrance's picture, while the player is where play begins."""
    painter: NotRequired[PainterInfo]
    """What draws the picture; left out where nothing does."""
    typedAction: NotRequired[ActionInfo]
    """The action that was typed last; left out where none can be typed."""
    blocked: list[Diagnostic]
