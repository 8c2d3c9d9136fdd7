"""The parts of an SMWorld as frozen pydantic models (docs/spec/smworld.md).

Attributes are snake_case, JSON names are the camelCase aliases. Unknown fields are kept. A field
marked ``Maybe`` may be absent, and then reads as ``None``; a JSON ``null`` is refused there, as in
the schema. ``cover`` and ``hotkey`` alone may be ``null``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError

T = TypeVar("T")


class _Absent:
    """Lets a field be absent without letting it be ``null``: unwraps the nullable schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        assert schema["type"] == "nullable"
        inner: CoreSchema = schema["schema"]
        return inner


Text = Annotated[str, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]
Switch = Annotated[bool, Strict()]
Texts = tuple[Text, ...]
Maybe = Annotated[T | None, _Absent()]

Movement = Literal["forward", "back", "strafe_left", "strafe_right"]
LookHorizontal = Literal["left", "right"]
LookVertical = Literal["up", "down"]


def one_or_many(value: Any) -> Any:
    """Return a bare string as a list of one."""
    return [value] if isinstance(value, str) else value


class Part(BaseModel):
    """Base of every part: frozen, camelCase aliases, unknown fields kept."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        extra="allow",
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=False,
        serialize_by_alias=True,
        protected_namespaces=(),
        regex_engine="python-re",
    )


class Pair(Part):
    """Two halves of one description.

    Attributes:
        static: The half used standing still.
        dynamic: The half used travelling.
    """

    static: Text
    dynamic: Text


class Ending(Part):
    """Reaching the state ends the run.

    Attributes:
        kind: Whether the run is won or lost.
        title: Heading of the ending card.
        subtitle: The line under the heading.
    """

    kind: Literal["win", "lose"]
    title: Text
    subtitle: Maybe[Text] = None


class KeepCentered(Part):
    """A thing the standing camera keeps in the middle.

    Attributes:
        label: What to look for in the picture.
        aliases: Other words for it, tried in order.
    """

    label: Text
    aliases: Maybe[Texts] = None


class Drive(Part):
    """Controls held while an event plays.

    Attributes:
        movement: Travel held.
        look_horizontal: Turn held.
        look_vertical: Tilt held.
    """

    movement: Maybe[Movement] = None
    look_horizontal: Maybe[LookHorizontal] = None
    look_vertical: Maybe[LookVertical] = None


class Autopilot(Drive):
    """A standing camera drive.

    Attributes:
        movement: Travel held.
        look_horizontal: Turn held.
        look_vertical: Tilt held.
        keep_centered: A thing kept in the middle.
    """

    keep_centered: Maybe[KeepCentered] = None


class Variant(Part):
    """An alternate prompt on the same entrance picture.

    Attributes:
        label: Its name, such as B; unique within the state.
        base: What the camera sees instead.
        camera: Framing instead.
        movement: Body instead.
        ambient: Small motions instead.
    """

    label: Text
    base: Text
    camera: Maybe[Pair] = None
    movement: Maybe[Pair] = None
    ambient: Maybe[Texts] = None


class State(Part):
    """What the scene is.

    Attributes:
        base: What the camera sees: concrete and visual prose, the prompt's body.
        camera: Framing, standing still and travelling.
        movement: The body, standing still and travelling.
        ambient: Small recurring motions, streamed one at a time while the player lingers.
        ending: Reaching this state ends the run.
        narration: Display copy for the player; never a prompt, never linted.
        arrive_label: What must be visible once the player is here; arrival evidence when the event has none.
        autopilot: A standing camera drive.
        variants: Alternate prompts for A/B play.

    Example:
        >>> state = world.states["two_mittens"]
        >>> state.ending.kind, state.ending.title
        ('win', 'TWO MITTENS')
    """

    base: Text
    camera: Maybe[Pair] = None
    movement: Maybe[Pair] = None
    ambient: Maybe[Texts] = None
    ending: Maybe[Ending] = None
    narration: Maybe[Text] = None
    arrive_label: Maybe[Text] = None
    autopilot: Maybe[Autopilot] = None
    variants: Maybe[tuple[Variant, ...]] = None


class Aspect(Part):
    """Bounds on a box's width divided by its height.

    Attributes:
        min: Least ratio.
        max: Greatest ratio.
    """

    min: Number
    max: Number


class Anchor(Part):
    """A thing in the picture to click.

    Attributes:
        label: What to look for in the picture.
        aliases: Other words for it, tried in order.
        min_proximity: Short side of its box, as a share of the picture, from which it can be used.
        expected_aspect: Shape its box must have.
    """

    label: Text
    aliases: Maybe[Texts] = None
    min_proximity: Maybe[Fraction] = None
    expected_aspect: Maybe[Aspect] = None


class Phase(Part):
    """One beat of a move told beat by beat.

    Attributes:
        base: The prose streamed during this beat.
        camera: Its own framing.
        movement: Its own body.
        detail: A flourish.
        min_ms: How long it lasts, in milliseconds; 5000 when absent, at least 1000 when played.
    """

    base: Text
    camera: Maybe[Text] = None
    movement: Maybe[Text] = None
    detail: Maybe[Text] = None
    min_ms: Maybe[NotNegative] = None


class LandWhen(Part):
    """Arrival evidence: clauses are alternatives, any one is enough.

    Attributes:
        label: A thing that must be seen.
        aliases: Other words for it, tried in order.
        min_extent: Least short side of its box, as a share of the picture.
        min_luminance: Mean luma (Rec. 601, 0 to 255) must be above this.
        max_luminance: Mean luma (Rec. 601, 0 to 255) must be below this.
        min_motion: Mean absolute luma change between samples must be above this.
        max_motion: Mean absolute luma change between samples must be below this.
        hits: How many samples with evidence land it; 1 when absent.
        timeout_ms: Milliseconds after which it lands unverified; 20000 when absent.
        auto: Makes it a trigger zone that fires on evidence by itself.
    """

    label: Maybe[Text] = None
    aliases: Maybe[Texts] = None
    min_extent: Maybe[Number] = None
    min_luminance: Maybe[Number] = None
    max_luminance: Maybe[Number] = None
    min_motion: Maybe[Number] = None
    max_motion: Maybe[Number] = None
    hits: Maybe[Number] = None
    timeout_ms: Maybe[Number] = None
    auto: Maybe[Switch] = None

    @model_validator(mode="after")
    def _not_empty(self) -> LandWhen:
        if not self.model_fields_set and not self.model_extra:
            raise PydanticCustomError("too_short", "at least one clause")
        return self


class Waypoint(Part):
    """A destination reached by accumulated travel.

    Attributes:
        label: What the player reads.
        distance_m: How far away it starts, in metres.
        speed_ms: Speed of travel in metres a second; 14 when absent.
        approach_m: Distance in metres from which it counts as near; min(200, 0.35 distanceM) when absent.
    """

    label: Text
    distance_m: Positive
    speed_ms: Maybe[Positive] = None
    approach_m: Maybe[Positive] = None


class Fact(Part):
    """Something a terminal may say.

    Attributes:
        text: The fact.
        requires: Flags that must all be held; otherwise the fact is withheld entirely.
    """

    text: Text
    requires: Maybe[Texts] = None


class Terminal(Part):
    """Who a console is and what it may say.

    Attributes:
        persona: Who answers.
        greeting: The first line shown.
        facts: What it knows.
    """

    persona: Text
    greeting: Maybe[Text] = None
    facts: Maybe[tuple[Fact, ...]] = None


class Event(Part):
    """What the player can do.

    Attributes:
        name: The key; unique in a sound world.
        kind: Move, change the picture and stay, or a console in the world.
        from_: The states it is offered in; a single string is read as a one-item list.
        to: A state id or a cutscene id, where a transition leads.
        base: The prose streamed while it plays.
        detail: A flourish.
        camera: Its own framing.
        movement: Its own body.
        narration: The line the player reads.
        hotkey: The key that fires it; w a s d, the arrow keys and space are taken.
        hidden: No button: it fires by time, by evidence, by waypoint, or from code.
        one_shot: Once a run.
        requires: Flags that must all be held to fire it.
        grants: Flags added when it lands.
        locked_hint: Shows it locked, with this reason, while its flags are missing.
        anchor: A thing in the picture to click.
        phases: The move told beat by beat.
        land_when: Arrival evidence.
        min_play_ms: Least milliseconds it streams before the destination may land.
        auto_after_ms: Fires by itself this many milliseconds after the state is entered.
        drive: Controls held while it plays.
        drive_pulse_ms: Milliseconds after which the drive is released.
        waypoint: A destination reached by travel.
        terminal: The console it opens.

    Example:
        >>> event = world.events_by_name["walk_up_the_lane"]
        >>> event.kind, event.from_, event.to
        ('transition', ('lane',), 'bench')
    """

    name: Text
    kind: Literal["transition", "override", "terminal"]
    from_: Annotated[Texts, BeforeValidator(one_or_many), Field(alias="from")]
    to: Maybe[Text] = None
    base: Maybe[Text] = None
    detail: Maybe[Text] = None
    camera: Maybe[Text] = None
    movement: Maybe[Text] = None
    narration: Maybe[Text] = None
    hotkey: Text | None = None
    hidden: Maybe[Switch] = None
    one_shot: Maybe[Switch] = None
    requires: Maybe[Texts] = None
    grants: Maybe[Texts] = None
    locked_hint: Maybe[Text] = None
    anchor: Maybe[Anchor] = None
    phases: Maybe[Annotated[tuple[Phase, ...], Field(min_length=1)]] = None
    land_when: Maybe[LandWhen] = None
    min_play_ms: Maybe[NotNegative] = None
    auto_after_ms: Maybe[NotNegative] = None
    drive: Maybe[Drive] = None
    drive_pulse_ms: Maybe[NotNegative] = None
    waypoint: Maybe[Waypoint] = None
    terminal: Maybe[Terminal] = None


class Scene(Part):
    """The graph.

    Attributes:
        states: States by id; their order is meaningful.
        events: Events in order; the order they are offered in.

    Example:
        >>> list(world.scene.states), len(world.scene.events)
        (['lane', 'bench', 'two_mittens'], 5)
    """

    states: Mapping[str, State]
    events: tuple[Event, ...]


class EntranceImage(Part):
    """The first frame a world model continues from.

    Attributes:
        src: URL or data: URL of the picture.
        label: What it shows.
    """

    src: Text
    label: Maybe[Text] = None


class Entrance(Part):
    """Where play starts.

    Attributes:
        state: Id of the first state.
        image: The first frame.
    """

    state: Text
    image: Maybe[EntranceImage] = None


class Outro(Part):
    """A clip played once, when the flag is held in that state.

    Attributes:
        video: URL of the clip.
        flag: The flag that must be held.
        state: The state it plays in.
    """

    video: Text
    flag: Text
    state: Text


class StoryBeat(Part):
    """Something that has happened so far.

    Attributes:
        summary: What happened.
        arc: The arc it belongs to.
        states: Ids of the states it touched.
        sequence: Id of the sequence it was.
    """

    summary: Text
    arc: Maybe[Text] = None
    states: Maybe[Texts] = None
    sequence: Maybe[Text] = None


class Story(Part):
    """What the world is dramatically.

    Attributes:
        logline: The story in one sentence.
        arc: Its turns in order.
        beats: What has happened so far.
    """

    logline: Text
    arc: Maybe[Texts] = None
    beats: Maybe[tuple[StoryBeat, ...]] = None


class Cutscene(Part):
    """A clip on the seam between two states.

    Attributes:
        id: Its id, distinct from every state id; an event's to may name it.
        label: A name for people.
        video: URL of the clip.
        from_: The state it leaves.
        to: The state it lands in, played or skipped.
        subtitle: A line shown over it.
        requires: Flags that must all be held for it to play; otherwise it is skipped.
    """

    id: Text
    label: Maybe[Text] = None
    video: Text
    from_: Annotated[Text, Field(alias="from")]
    to: Text
    subtitle: Maybe[Text] = None
    requires: Maybe[Texts] = None


class DwellFor(Part):
    """A dwell of so many milliseconds.

    Attributes:
        ms: Milliseconds.
    """

    ms: NotNegative


def _dwell_kind(value: Any) -> Any:
    if isinstance(value, (dict, DwellFor)) or value in ("settle", "input"):
        return value
    raise PydanticCustomError("dwell", '"settle", "input" or an object with ms')


class SequenceBeat(Part):
    """One stop of a set-piece.

    Attributes:
        state: The state walked to.
        dwell: How long to stay: until the picture rests, until the player acts, or so many milliseconds.
    """

    state: Text
    dwell: Maybe[Annotated[Literal["settle", "input"] | DwellFor, BeforeValidator(_dwell_kind)]] = None


class Sequence(Part):
    """A set-piece: states walked hands-free in order.

    Attributes:
        id: Its id.
        title: Its name for people.
        beats: The stops in order.
    """

    id: Text
    title: Text
    beats: tuple[SequenceBeat, ...]


class Grounded(Part):
    """What in the picture an objective is tied to.

    Attributes:
        target: The thing to click.
        target_aliases: Other words for it.
        confirm: What must be seen afterwards.
        confirm_aliases: Other words for that.
        proximity: Short side of the target's box, as a share of the picture.
    """

    target: Text
    target_aliases: Maybe[Texts] = None
    confirm: Maybe[Text] = None
    confirm_aliases: Maybe[Texts] = None
    proximity: Maybe[Fraction] = None


class Fail(Part):
    """The way an objective can go wrong.

    Attributes:
        name: Name of the event that goes wrong.
        action: The prose streamed while it plays.
        outcome: What the camera sees afterwards.
        title: Heading of the lose ending; FAILED when absent.
        subtitle: The line under the heading.
    """

    name: Text
    action: Text
    outcome: Text
    title: Maybe[Text] = None
    subtitle: Maybe[Text] = None


class Objective(Part):
    """One step of a mission.

    Attributes:
        id: Its id; the flag it grants when grants is absent.
        text: What to do, as the player reads it; the compiled event's name.
        location: The state it happens in; made when missing.
        base: What the camera sees at the location, when it is made.
        camera: Framing there.
        movement: Body there.
        action: The prose streamed while it is done.
        phases: The doing told beat by beat.
        grounded: What in the picture it is tied to.
        outcome: What the camera sees once it is done; makes it a move to a new state.
        grants: The flag it grants.
        requires: Flags it needs; the previous objective's when absent.
        locked_hint: The reason shown while it is locked.
        fail: The way it can go wrong.
    """

    id: Text
    text: Text
    location: Maybe[Text] = None
    base: Maybe[Text] = None
    camera: Maybe[Text] = None
    movement: Maybe[Text] = None
    action: Maybe[Text] = None
    phases: Maybe[Annotated[tuple[Phase, ...], Field(min_length=1)]] = None
    grounded: Maybe[Grounded] = None
    outcome: Maybe[Text] = None
    grants: Maybe[Text] = None
    requires: Maybe[Texts] = None
    locked_hint: Maybe[Text] = None
    fail: Maybe[Fail] = None


class Mission(Part):
    """The record of a quest that was compiled into the graph.

    Attributes:
        id: Its id.
        title: Its name for people.
        objectives: The steps in order.
        complete: The flag that completes it; the last objective's when absent.
        verified: Things known to be in the picture.
    """

    id: Text
    title: Text
    objectives: tuple[Objective, ...]
    complete: Maybe[Text] = None
    verified: Maybe[Texts] = None


class DocumentModel(Part):
    """A programmable world: a graph of states (what the scene is) and events (what the player can do). Unknown fields
    are legal at every level and are kept.

    Attributes:
        schema_version: The version it was written in, major.minor; read as 1.0 when absent.
        id: Its id where it is stored.
        name: Its name for people.
        description: What it is, for people.
        cover: URL or data: URL of a picture.
        entrance: Where play starts.
        scene: The graph of states and events.
        subject: The one description of the player character, repeated word for word so that it does not drift.
        style_tail: The one sentence of light and atmosphere appended to prompts.
        narrate: Derive a display line from a state's prose when it has no narration.
        intro_video: URL of a clip before play.
        intro_static: Whether the intro ends still.
        outro: A clip played once at a point of the story.
        story: What the world is dramatically.
        cutscenes: Clips on the seams between states.
        sequences: Set-pieces.
        missions: Records of compiled quests.
    """

    schema_version: Maybe[str] = Field(default=None, pattern=r"^1\.[0-9]+$", strict=True)
    id: Maybe[Text] = None
    name: Maybe[Text] = None
    description: Maybe[Text] = None
    cover: Text | None = None
    entrance: Maybe[Entrance] = None
    scene: Scene
    subject: Maybe[Text] = None
    style_tail: Maybe[Text] = None
    narrate: Maybe[Switch] = None
    intro_video: Maybe[Text] = None
    intro_static: Maybe[Switch] = None
    outro: Maybe[Outro] = None
    story: Maybe[Story] = None
    cutscenes: Maybe[tuple[Cutscene, ...]] = None
    sequences: Maybe[tuple[Sequence, ...]] = None
    missions: Maybe[tuple[Mission, ...]] = None
