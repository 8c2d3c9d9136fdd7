"""Types of the operations that ``World.apply`` takes, for mypy, pyright and completion in an editor.

Written by scripts/op_types.py from schema/ops.json; do not edit it. At run time operations are plain dicts,
and so are these: ``AddState(op="add_state", state={"base": "Dust."})`` makes a dict of what it is given. They are the
canonical spellings (docs/spec/ops.md). ``World.apply`` accepts others too, which no type describes; to have the fields
of an operation checked, annotate it as ``Op``.

Example:
    >>> from worldkit.ops import Op
    >>> ops: list[Op] = [{"op": "set_field", "state": "start", "field": "base", "value": "A lane."}]
    >>> wk.World.new("Lane").apply(ops).states["start"].base
    'A lane.'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

__all__ = [
    "AddCutscene",
    "AddEvent",
    "AddMission",
    "AddOverride",
    "AddSequence",
    "AddState",
    "AddStoryBeat",
    "AddTransition",
    "AddVariant",
    "AnchorDict",
    "AspectDict",
    "AutopilotDict",
    "CutsceneDict",
    "DeleteEvent",
    "DeleteState",
    "DriveDict",
    "DwellForDict",
    "EndingDict",
    "EntranceImageDict",
    "EventDict",
    "FactDict",
    "FailDict",
    "GroundedDict",
    "KeepCenteredDict",
    "LandWhenDict",
    "MissionDict",
    "NewEventDict",
    "NewVariantDict",
    "ObjectiveDict",
    "Op",
    "PairDict",
    "PhaseDict",
    "PutEvent",
    "PutState",
    "PutWorld",
    "RemoveCutscene",
    "RemoveSequence",
    "RemoveVariant",
    "RenameEvent",
    "RenameFlag",
    "RenameState",
    "SequenceBeatDict",
    "SequenceDict",
    "SetEntrance",
    "SetEventAnchor",
    "SetEventDrive",
    "SetEventField",
    "SetEventGrants",
    "SetEventHotkey",
    "SetEventKind",
    "SetEventLockedHint",
    "SetEventPhases",
    "SetEventRequires",
    "SetField",
    "SetIntro",
    "SetNarrate",
    "SetOutro",
    "SetStateEnding",
    "SetStory",
    "SetSubject",
    "SetVariantField",
    "StateDict",
    "TerminalDict",
    "UpdateEvent",
    "UpdateState",
    "VariantDict",
    "WaypointDict",
]


class PairDict(TypedDict):
    """Two halves of one description."""

    static: str
    """The half used standing still."""
    dynamic: str
    """The half used travelling."""
    sprint: NotRequired[Any]
    """The half used running. The vendor's field: any JSON, kept as it is."""


class EndingDict(TypedDict):
    """Reaching the state ends the run."""

    kind: Literal["win", "lose"]
    """Whether the run is won or lost."""
    title: str
    """Heading of the ending card."""
    subtitle: NotRequired[str]
    """The line under the heading."""


class KeepCenteredDict(TypedDict):
    """A thing the standing camera keeps in the middle."""

    label: str
    """What to look for in the picture."""
    aliases: NotRequired[Sequence[str]]
    """Other words for it, tried in order."""


class AutopilotDict(TypedDict):
    """A standing camera drive."""

    movement: NotRequired[Literal["forward", "back", "strafe_left", "strafe_right"]]
    """Travel held."""
    lookHorizontal: NotRequired[Literal["left", "right"]]
    """Turn held."""
    lookVertical: NotRequired[Literal["up", "down"]]
    """Tilt held."""
    keepCentered: NotRequired[KeepCenteredDict]
    """A thing kept in the middle."""


class VariantDict(TypedDict):
    """An alternate prompt on the same entrance picture."""

    label: str
    """Its name, such as B; unique within the state."""
    base: str
    """What the camera sees instead."""
    camera: NotRequired[PairDict]
    """Framing instead."""
    movement: NotRequired[PairDict]
    """Body instead."""
    ambient: NotRequired[Sequence[str]]
    """Small motions instead."""


class StateDict(TypedDict):
    """What the scene is."""

    base: str
    """What the camera sees: concrete and visual prose, the prompt's body."""
    camera: NotRequired[PairDict]
    """Framing, standing still and travelling."""
    movement: NotRequired[PairDict]
    """The body, standing still and travelling."""
    ambient: NotRequired[Sequence[str]]
    """Small recurring motions, streamed one at a time while the player lingers."""
    ending: NotRequired[EndingDict]
    """Reaching this state ends the run."""
    narration: NotRequired[str]
    """Display copy for the player; never a prompt, never linted."""
    arriveLabel: NotRequired[str]
    """What must be visible once the player is here; arrival evidence when the event has none."""
    autopilot: NotRequired[AutopilotDict]
    """A standing camera drive."""
    variants: NotRequired[Sequence[VariantDict]]
    """Alternate prompts for A/B play."""


class AspectDict(TypedDict):
    """Bounds on a box's width divided by its height."""

    min: float
    """Least ratio."""
    max: float
    """Greatest ratio."""


class AnchorDict(TypedDict):
    """A thing in the picture to click."""

    label: str
    """What to look for in the picture."""
    aliases: NotRequired[Sequence[str]]
    """Other words for it, tried in order."""
    minProximity: NotRequired[float]
    """Short side of its box, as a share of the picture, from which it can be used."""
    expectedAspect: NotRequired[AspectDict]
    """Shape its box must have."""


class DriveDict(TypedDict):
    """Controls held while an event plays."""

    movement: NotRequired[Literal["forward", "back", "strafe_left", "strafe_right"]]
    """Travel held."""
    lookHorizontal: NotRequired[Literal["left", "right"]]
    """Turn held."""
    lookVertical: NotRequired[Literal["up", "down"]]
    """Tilt held."""


class PhaseDict(TypedDict):
    """One beat of a move told beat by beat."""

    base: str
    """The prose streamed during this beat."""
    camera: NotRequired[str]
    """Its own framing."""
    movement: NotRequired[str]
    """Its own body."""
    detail: NotRequired[str]
    """A flourish."""
    drive: NotRequired[DriveDict | None]
    """Controls held from this beat on, instead of the event's; null releases them."""
    minMs: NotRequired[float]
    """How long it lasts, in milliseconds; 5000 when absent, at least 1000 when played."""


class LandWhenDict(TypedDict):
    """Arrival evidence: clauses are alternatives, any one is enough."""

    label: NotRequired[str]
    """A thing that must be seen."""
    aliases: NotRequired[Sequence[str]]
    """Other words for it, tried in order."""
    minExtent: NotRequired[float]
    """Least short side of its box, as a share of the picture."""
    minLuminance: NotRequired[float]
    """Mean luma (Rec. 601, 0 to 255) must be above this."""
    maxLuminance: NotRequired[float]
    """Mean luma (Rec. 601, 0 to 255) must be below this."""
    minMotion: NotRequired[float]
    """Mean absolute luma change between samples must be above this."""
    maxMotion: NotRequired[float]
    """Mean absolute luma change between samples must be below this."""
    hits: NotRequired[float]
    """How many samples with evidence land it; 1 when absent."""
    timeoutMs: NotRequired[float]
    """Milliseconds after which it lands unverified; 20000 when absent."""
    auto: NotRequired[bool]
    """Makes it a trigger zone that fires on evidence by itself."""


class WaypointDict(TypedDict):
    """A destination reached by accumulated travel."""

    label: str
    """What the player reads."""
    distanceM: float
    """How far away it starts, in metres."""
    speedMs: NotRequired[float]
    """Speed of travel in metres a second; 14 when absent."""
    approachM: NotRequired[float]
    """Distance in metres from which it counts as near; min(200, 0.35 distanceM) when absent."""


class FactDict(TypedDict):
    """Something a terminal may say."""

    text: str
    """The fact."""
    requires: NotRequired[Sequence[str]]
    """Flags that must all be held; otherwise the fact is withheld entirely."""


class TerminalDict(TypedDict):
    """Who a console is and what it may say."""

    persona: str
    """Who answers."""
    greeting: NotRequired[str]
    """The first line shown."""
    facts: NotRequired[Sequence[FactDict]]
    """What it knows."""


_EventFields = TypedDict(
    "_EventFields",
    {
        "kind": 'Literal["transition", "override", "terminal"]',
        "from": "Sequence[str] | str",
        "to": "NotRequired[str]",
        "base": "NotRequired[str]",
        "detail": "NotRequired[str]",
        "camera": "NotRequired[str | PairDict]",
        "movement": "NotRequired[str | PairDict]",
        "narration": "NotRequired[str]",
        "hotkey": "NotRequired[str | None]",
        "hidden": "NotRequired[bool]",
        "oneShot": "NotRequired[bool]",
        "requires": "NotRequired[Sequence[str]]",
        "grants": "NotRequired[Sequence[str]]",
        "lockedHint": "NotRequired[str]",
        "anchor": "NotRequired[AnchorDict]",
        "phases": "NotRequired[Sequence[PhaseDict]]",
        "landWhen": "NotRequired[LandWhenDict]",
        "minPlayMs": "NotRequired[float]",
        "autoAfterMs": "NotRequired[float]",
        "drive": "NotRequired[DriveDict]",
        "drivePulseMs": "NotRequired[float]",
        "waypoint": "NotRequired[WaypointDict]",
        "terminal": "NotRequired[TerminalDict]",
        "fireVision": "NotRequired[Any]",
    },
)
"""The fields of an Event beside its name."""


class NewEventDict(_EventFields):
    """A new event; as an Event, and without a name one is made."""

    name: NotRequired[str]
    """Its name; without one it is made of its destination, else of its kind and a number."""


class EventDict(_EventFields):
    """What the player can do."""

    name: str
    """The key; unique in a sound world."""


class EntranceImageDict(TypedDict):
    """The first frame a world model continues from."""

    src: str
    """URL or data: URL of the picture."""
    label: NotRequired[str]
    """What it shows."""


class NewVariantDict(TypedDict):
    """A new variant; what it lacks is copied from the state, and without a label it gets the next free letter."""

    label: NotRequired[str]
    """Its name; without one, the next of B, C ... that is free."""
    base: NotRequired[str]
    """What the camera sees instead."""
    camera: NotRequired[PairDict]
    """Framing instead."""
    movement: NotRequired[PairDict]
    """Body instead."""
    ambient: NotRequired[Sequence[str]]
    """Small motions instead."""


class GroundedDict(TypedDict):
    """What in the picture an objective is tied to."""

    target: str
    """The thing to click."""
    targetAliases: NotRequired[Sequence[str]]
    """Other words for it."""
    confirm: NotRequired[str]
    """What must be seen afterwards."""
    confirmAliases: NotRequired[Sequence[str]]
    """Other words for that."""
    proximity: NotRequired[float]
    """Short side of the target's box, as a share of the picture."""


class FailDict(TypedDict):
    """The way an objective can go wrong."""

    name: str
    """Name of the event that goes wrong."""
    action: str
    """The prose streamed while it plays."""
    outcome: str
    """What the camera sees afterwards."""
    title: NotRequired[str]
    """Heading of the lose ending; FAILED when absent."""
    subtitle: NotRequired[str]
    """The line under the heading."""


class ObjectiveDict(TypedDict):
    """One step of a mission."""

    id: str
    """Its id; the flag it grants when grants is absent."""
    text: str
    """What to do, as the player reads it; the compiled event's name."""
    location: NotRequired[str]
    """The state it happens in; made when missing."""
    base: NotRequired[str]
    """What the camera sees at the location, when it is made."""
    camera: NotRequired[str]
    """Framing there."""
    movement: NotRequired[str]
    """Body there."""
    action: NotRequired[str]
    """The prose streamed while it is done."""
    phases: NotRequired[Sequence[PhaseDict]]
    """The doing told beat by beat."""
    grounded: NotRequired[GroundedDict]
    """What in the picture it is tied to."""
    outcome: NotRequired[str]
    """What the camera sees once it is done; makes it a move to a new state."""
    grants: NotRequired[str]
    """The flag it grants."""
    requires: NotRequired[Sequence[str]]
    """Flags it needs; the previous objective's when absent."""
    lockedHint: NotRequired[str]
    """The reason shown while it is locked."""
    fail: NotRequired[FailDict]
    """The way it can go wrong."""


class MissionDict(TypedDict):
    """The record of a quest that was compiled into the graph."""

    id: str
    """Its id."""
    title: str
    """Its name for people."""
    objectives: Sequence[ObjectiveDict]
    """The steps in order."""
    complete: NotRequired[str]
    """The flag that completes it; the last objective's when absent."""
    verified: NotRequired[Sequence[str]]
    """Things known to be in the picture."""


class DwellForDict(TypedDict):
    """A dwell of so many milliseconds."""

    ms: float
    """Milliseconds."""


class SequenceBeatDict(TypedDict):
    """One stop of a set-piece."""

    state: str
    """The state walked to."""
    dwell: NotRequired[Literal["settle", "input"] | DwellForDict]
    """How long to stay: until the picture rests, until the player acts, or so many milliseconds."""
    reseed: NotRequired[Any]
    """The vendor's field: any JSON, kept as it is."""


class SequenceDict(TypedDict):
    """A set-piece: states walked hands-free in order."""

    id: str
    """Its id."""
    title: str
    """Its name for people."""
    beats: Sequence[SequenceBeatDict]
    """The stops in order."""


CutsceneDict = TypedDict(
    "CutsceneDict",
    {
        "id": "str",
        "label": "NotRequired[str]",
        "video": "str",
        "from": "str",
        "to": "str",
        "subtitle": "NotRequired[str]",
        "requires": "NotRequired[Sequence[str]]",
        "seedFrame": "NotRequired[Any]",
    },
)
"""A clip on the seam between two states."""


class AddState(TypedDict):
    """Add a state at the end; without an id, one is derived from the first clause of its base."""

    op: Literal["add_state"]
    """The operation's name."""
    id: NotRequired[str]
    """The new state's id; made from the first clause of its base when absent."""
    state: StateDict
    """The new state's fields."""


class UpdateState(TypedDict):
    """Patch a state's fields: a value replaces, null removes, what is absent stays."""

    op: Literal["update_state"]
    """The operation's name."""
    id: str
    """The state's id."""
    patch: Mapping[str, Any]
    """The fields to change: a value replaces, null removes, an absent field stays."""


class DeleteState(TypedDict):
    """Delete a state, and what refers to it: sources, events left without one, destinations, cutscenes, entrance."""

    op: Literal["delete_state", "remove_state"]
    """The operation's name."""
    id: str
    """The state's id."""


RenameState = TypedDict(
    "RenameState",
    {
        "op": 'Literal["rename_state"]',
        "from": "str",
        "to": "str",
    },
)
"""Give a state another id at the same position, and repoint everything that names it."""


class SetField(TypedDict):
    """Set a state's base or one half of its camera or movement; null empties the half."""

    op: Literal["set_field"]
    """The operation's name."""
    state: str
    """The state's id."""
    field: Literal["base", "camera.static", "camera.dynamic", "movement.static", "movement.dynamic"]
    """The field."""
    value: str | None
    """The text; null empties a half; the pair stays."""


class SetStateEnding(TypedDict):
    """Make a state an ending, or change the one it has; a null kind removes it."""

    op: Literal["set_state_ending"]
    """The operation's name."""
    state: str
    """The state's id."""
    kind: Literal["win", "lose"] | None
    """Whether the run is won or lost there; null takes the ending away."""
    title: NotRequired[str | None]
    """Heading of the ending card; needed where there is none yet."""
    subtitle: NotRequired[str | None]
    """The line under the heading; null removes it."""


class AddEvent(TypedDict):
    """Add an event of any kind at the end; without a name, one is made of its destination or its kind."""

    op: Literal["add_event"]
    """The operation's name."""
    event: NewEventDict
    """The new event's fields; its name, if it has one, must be free, what its from and to name must exist."""


class AddTransition(TypedDict):
    """Add a transition at the end; without a name, one is made of its destination."""

    op: Literal["add_transition"]
    """The operation's name."""
    event: NewEventDict
    """The new event's fields; its name, if it has one, must be free, what its from and to name must exist."""


class AddOverride(TypedDict):
    """Add an override at the end; it has no destination, and without a name one is made of its number."""

    op: Literal["add_override"]
    """The operation's name."""
    event: NewEventDict
    """The new event's fields; its name, if it has one, must be free, what its from and to name must exist."""


class UpdateEvent(TypedDict):
    """Patch an event's fields, its name too: a value replaces, null removes, what is absent stays."""

    op: Literal["update_event"]
    """The operation's name."""
    name: str
    """The event's name; of two with one name, the first."""
    patch: Mapping[str, Any]
    """The fields to change: a value replaces, null removes, an absent field stays."""


class DeleteEvent(TypedDict):
    """Delete an event."""

    op: Literal["delete_event", "remove_event"]
    """The operation's name."""
    name: str
    """The event's name; of two with one name, the first."""


class SetEventField(TypedDict):
    """Set an event's base or detail; null clears it."""

    op: Literal["set_event_field"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    field: Literal["base", "detail"]
    """The field."""
    value: str | None
    """The text; null clears it."""


class SetEventKind(TypedDict):
    """Make an event a transition, an override or a terminal; an override has no destination."""

    op: Literal["set_event_kind"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    kind: Literal["transition", "override", "terminal"]
    """The kind."""
    to: NotRequired[str | None]
    """Where it leads, a state or a cutscene; null clears it, absent keeps it."""


class SetEventDrive(TypedDict):
    """Set the controls held while an event plays; with no axis the drive and its pulse are removed."""

    op: Literal["set_event_drive"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    movement: NotRequired[Literal["forward", "back", "strafe_left", "strafe_right"] | None]
    """Movement held."""
    lookHorizontal: NotRequired[Literal["left", "right"] | None]
    """Sideways look held."""
    lookVertical: NotRequired[Literal["up", "down"] | None]
    """Upward or downward look held."""
    pulseMs: NotRequired[float | None]
    """Release the controls after so many milliseconds; null clears it."""


class SetEventHotkey(TypedDict):
    """Set an event's hotkey, one character that is free; null clears it."""

    op: Literal["set_event_hotkey"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    value: str | None
    """The key, one character; null clears it."""


class SetEventPhases(TypedDict):
    """Set the beats an event is told in, two or more; null clears them."""

    op: Literal["set_event_phases"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    value: Sequence[PhaseDict] | None
    """The beats, two or more; null clears them."""


class SetEventGrants(TypedDict):
    """Set the flags an event grants; null clears them."""

    op: Literal["set_event_grants"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    value: Sequence[str] | None
    """The flags; null clears them."""


class SetEventRequires(TypedDict):
    """Set the flags an event requires; null clears them."""

    op: Literal["set_event_requires"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    value: Sequence[str] | None
    """The flags; null clears them."""


class SetEventLockedHint(TypedDict):
    """Set the text that the player sees while an event is locked; null clears it."""

    op: Literal["set_event_locked_hint"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    hint: str | None
    """The reason shown; null clears it."""


class SetEventAnchor(TypedDict):
    """Patch the thing in the picture to click for an event; a null label clears it."""

    op: Literal["set_event_anchor"]
    """The operation's name."""
    event: str
    """The event's name; of two with one name, the first."""
    label: NotRequired[str | None]
    """What to look for in the picture; null clears the anchor."""
    aliases: NotRequired[Sequence[str] | None]
    """Other words for it; null removes them."""
    minProximity: NotRequired[float | None]
    """The least share of the picture it must fill; null removes it."""
    expectedAspect: NotRequired[AspectDict | None]
    """Bounds on its box's width by height; null removes them."""


class SetEntrance(TypedDict):
    """Set where play starts; an absent image keeps the current one, a null state clears the entrance."""

    op: Literal["set_entrance"]
    """The operation's name."""
    state: str | None
    """The state play starts in; null clears the entrance."""
    image: NotRequired[EntranceImageDict | None]
    """The first frame; absent keeps the current one, null removes it."""


class SetIntro(TypedDict):
    """Set the clip before play, and whether it ends still; null clears."""

    op: Literal["set_intro"]
    """The operation's name."""
    video: NotRequired[str | None]
    """URL of a clip before play; null clears it."""
    static: NotRequired[bool | None]
    """Whether it ends still; null clears it."""


class SetOutro(TypedDict):
    """Set the clip played once when a flag is set in a state; a null video clears it."""

    op: Literal["set_outro"]
    """The operation's name."""
    video: NotRequired[str | None]
    """URL of the clip; null clears the outro."""
    flag: NotRequired[str | None]
    """The flag that must be held."""
    state: NotRequired[str | None]
    """The state in which it plays."""


class SetNarrate(TypedDict):
    """Set whether display lines are derived from prose; null clears."""

    op: Literal["set_narrate"]
    """The operation's name."""
    narrate: bool | None
    """Whether to derive display lines; null clears it."""


class SetSubject(TypedDict):
    """Set the description of the player character and the sentence of atmosphere; null clears."""

    op: Literal["set_subject"]
    """The operation's name."""
    subject: NotRequired[str | None]
    """The one description of the player character; null clears it."""
    styleTail: NotRequired[str | None]
    """The one sentence of light and atmosphere; null clears it."""


class AddVariant(TypedDict):
    """Add an alternate prompt to a state; what it lacks is copied from the state, a label is the next free letter."""

    op: Literal["add_variant"]
    """The operation's name."""
    state: str
    """The state's id."""
    variant: NewVariantDict
    """The alternate prompt; its label must be free in the state."""


class RemoveVariant(TypedDict):
    """Remove one of a state's variants, by label or by index; the list is removed with the last one."""

    op: Literal["remove_variant"]
    """The operation's name."""
    state: str
    """The state's id."""
    index: NotRequired[int]
    """Which one, counted from 0."""
    variant: NotRequired[str]
    """Which one, by its label."""


class SetVariantField(TypedDict):
    """Set one field of a variant; null clears it."""

    op: Literal["set_variant_field"]
    """The operation's name."""
    state: str
    """The state's id."""
    label: str
    """The variant's label."""
    field: Literal[
        "label",
        "base",
        "ambient",
        "camera",
        "movement",
        "camera.static",
        "camera.dynamic",
        "movement.static",
        "movement.dynamic",
    ]
    """The field."""
    value: Any
    """The new value; null clears it."""


class AddMission(TypedDict):
    """Compile a mission into states and events, and record it."""

    op: Literal["add_mission"]
    """The operation's name."""
    mission: MissionDict
    """The mission; it compiles into states and events. A field win {title, subtitle} names the ending it leads to."""


class AddSequence(TypedDict):
    """Add a sequence of two or more beats; every beat's state must exist."""

    op: Literal["add_sequence"]
    """The operation's name."""
    sequence: SequenceDict
    """The set-piece; its id must be free, its two or more beats name states that exist."""


class RemoveSequence(TypedDict):
    """Remove a sequence; the list is removed with the last one."""

    op: Literal["remove_sequence"]
    """The operation's name."""
    id: str
    """The set-piece's id."""


class SetStory(TypedDict):
    """Set the logline and the arc, keeping the beats."""

    op: Literal["set_story"]
    """The operation's name."""
    logline: NotRequired[str]
    """What the world is, in one sentence."""
    arc: NotRequired[Sequence[str] | None]
    """The names of its movements; null removes them."""


class AddStoryBeat(TypedDict):
    """Add a beat to the story; the states and the sequence it names must exist."""

    op: Literal["add_story_beat"]
    """The operation's name."""
    summary: str
    """What has happened."""
    arc: NotRequired[str | None]
    """The movement it belongs to."""
    states: NotRequired[Sequence[str] | None]
    """The states it happened in; they must exist."""
    sequence: NotRequired[str | None]
    """The set-piece that shows it; it must exist."""


class AddCutscene(TypedDict):
    """Add a cutscene between two states; its id is distinct from every state's."""

    op: Literal["add_cutscene"]
    """The operation's name."""
    cutscene: CutsceneDict
    """The clip; its id is no state's and no other cutscene's, its from and to are states."""


class RemoveCutscene(TypedDict):
    """Remove a cutscene; events that led to it now lead straight to its target."""

    op: Literal["remove_cutscene"]
    """The operation's name."""
    id: str
    """The cutscene's id."""


RenameEvent = TypedDict(
    "RenameEvent",
    {
        "op": 'Literal["rename_event"]',
        "from": "str",
        "to": "str",
    },
)
"""Give an event another name at the same position, and rename it where the world names it."""


RenameFlag = TypedDict(
    "RenameFlag",
    {
        "op": 'Literal["rename_flag"]',
        "from": "str",
        "to": "str",
    },
)
"""Give a flag another name in every event, cutscene, mission and console fact, and in the outro."""


class PutState(TypedDict):
    """Set exactly this body for a state, at an index if one is given; null removes the state and nothing else."""

    op: Literal["put_state"]
    """The operation's name."""
    id: str
    """The state's id; any string."""
    state: StateDict | None
    """The whole body, kept to the letter; null removes the state and nothing else."""
    at: NotRequired[int]
    """Its index among the states; absent keeps it where it is, or puts it last."""
    force: NotRequired[bool]
    """Put it even if a from, a to or the entrance is left naming nothing."""


class PutEvent(TypedDict):
    """Set exactly this event: replace one by name or index, or insert one; null removes it."""

    op: Literal["put_event"]
    """The operation's name."""
    name: NotRequired[str]
    """The event to replace or remove, by name; of two with one name, the first."""
    index: NotRequired[int]
    """The event to replace or remove, by index."""
    event: EventDict | None
    """The whole event, kept to the letter; null removes it. With neither name nor index it is inserted."""
    was: NotRequired[EventDict]
    """The event that is replaced or removed, as it was; another one is left alone, and the batch refused."""
    at: NotRequired[int]
    """The index it gets; absent keeps it where it is, or puts it last."""
    force: NotRequired[bool]
    """Put it even if a from, a to or the entrance is left naming nothing."""


class PutWorld(TypedDict):
    """Set and remove exactly these fields of the world, or of its scene as ``scene.<key>``, and order them."""

    op: Literal["put_world"]
    """The operation's name."""
    set: NotRequired[Mapping[str, Any]]
    """Fields to set, by name; scene.<key> is a field of the scene, and a world's own field that begins with scene. has
    a / in front."""
    remove: NotRequired[Sequence[str]]
    """Fields to remove."""
    order: NotRequired[Sequence[str]]
    """The order of the fields; those not named follow in theirs."""
    force: NotRequired[bool]
    """Put it even if a from, a to or the entrance is left naming nothing."""


Op = (
    AddState
    | UpdateState
    | DeleteState
    | RenameState
    | SetField
    | SetStateEnding
    | AddEvent
    | AddTransition
    | AddOverride
    | UpdateEvent
    | DeleteEvent
    | SetEventField
    | SetEventKind
    | SetEventDrive
    | SetEventHotkey
    | SetEventPhases
    | SetEventGrants
    | SetEventRequires
    | SetEventLockedHint
    | SetEventAnchor
    | SetEntrance
    | SetIntro
    | SetOutro
    | SetNarrate
    | SetSubject
    | AddVariant
    | RemoveVariant
    | SetVariantField
    | AddMission
    | AddSequence
    | RemoveSequence
    | SetStory
    | AddStoryBeat
    | AddCutscene
    | RemoveCutscene
    | RenameEvent
    | RenameFlag
    | PutState
    | PutEvent
    | PutWorld
)
"""One edit of a world; a batch is a list of them, of which all apply or none does."""
