"""What the kernel sends to a player: its view, what changes with time alone, and replies."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from worldkit.playing.event_stages import StageKind
from worldkit.playing.missions import Status
from worldkit.playing.trace import By
from worldkit.playing.trace import Mode as Mode
from worldkit.playing.transition_table import Kind
from worldkit.widgets.protocol.common import Diagnostic, Echo, Reply, message

ScriptKind = TypeAliasType("ScriptKind", Literal["run", "position", "python", "pytest"])
Number = int | float


@message
class Sample(TypedDict):
    """What is seen in the picture; what was not measured is left out."""

    luminance: NotRequired[Number]
    motion: NotRequired[Number]
    labels: NotRequired[dict[str, Number]]


@message
class EndingInfo(TypedDict):
    """How the world ended."""

    kind: Literal["win", "lose"]
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
    """Something offered to the player."""

    name: str
    label: str
    available: bool
    hint: str | None
    hotkey: str | None
    kind: Kind


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
class StageInfo(TypedDict):
    """One stage of what plays, and how long it is."""

    what: StageKind
    ms: int


@message
class PlayingInfo(TypedDict):
    """What plays and has not landed."""

    event: str
    label: str
    kind: Kind
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
class ArrivalInfo(TypedDict):
    """An event that waits to see where it arrives."""

    event: str
    label: str
    waitsFor: str
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


@message
class PictureInfo(TypedDict):
    """A picture as a ``data:`` URL, and what it shows."""

    src: str
    label: str


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
    changes: int
    """How often the world was changed in this run: what was asked about it may be out of date."""
    missions: list[MissionInfo]
    arrivals: list[ArrivalInfo]
    mode: Mode
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
