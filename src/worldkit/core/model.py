"""The parts of an SMWorld as frozen pydantic models (docs/spec/smworld.md).

Attributes are snake_case, JSON names are the camelCase aliases. Unknown fields are kept. A field
marked ``OptionalNotNull`` may be absent, and then reads as ``None``; a JSON ``null`` is refused there, as in
the schema. Only ``cover`` and ``hotkey`` may be ``null``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Strict,
    Tag,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError

from worldkit.core.brief import brief_repr, whole_str
from worldkit.core.problems import make
from worldkit.core.read_only import ADVICE
from worldkit.core.versions import parse_version, version_message

T = TypeVar("T")


class _NotNull:
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
OptionalNotNull = Annotated[T | None, _NotNull()]

EndingKind = Literal["win", "lose"]
EventKind = Literal["transition", "override", "terminal"]
Movement = Literal["forward", "back", "strafe_left", "strafe_right"]
LookHorizontal = Literal["left", "right"]
LookVertical = Literal["up", "down"]


def _read_version(value: str) -> str:
    version = parse_version(value)
    if version is None or version.major != 1:
        raise PydanticCustomError("version", "{message}", {"message": version_message(value)})
    return value


def _text_or_pair(value: Any) -> str:
    """Return which of its two shapes an event's camera or movement has, by its type."""
    return "pair" if isinstance(value, (dict, Pair)) else "text"


def as_list(value: Any) -> Any:
    """Return a bare string as a list of one."""
    return [value] if isinstance(value, str) else value


if TYPE_CHECKING:  # type checkers read the constructors themselves
    from pydantic._internal._model_construction import ModelMetaclass as _PartType
else:

    class _PartType(type(BaseModel)):
        """Has a part that is called with something it cannot hold refuse it as every public call does."""

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            return super().__call__(*args, **kwargs) if args else make(cls, kwargs)


class Part(BaseModel, metaclass=_PartType):
    """Base of every part: frozen, camelCase aliases, unknown fields kept."""

    _advice: ClassVar[str] = ADVICE
    """What to do instead of changing it."""

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

    def __repr__(self) -> str:
        return brief_repr(super().__repr__)

    def __str__(self) -> str:
        return whole_str(super().__str__)

    if not TYPE_CHECKING:  # type checkers refuse it themselves, since a part is frozen

        def __setattr__(self, name: str, value: Any) -> None:
            if not name.startswith("_"):
                raise AttributeError(f"{name} cannot be set: {self._advice}")
            super().__setattr__(name, value)

        def __delattr__(self, name: str) -> None:
            if not name.startswith("_"):
                raise AttributeError(f"{name} cannot be deleted: {self._advice}")
            super().__delattr__(name)


class Pair(Part):
    """Two halves of one description.

    Attributes:
        static: The half used standing still.
        dynamic: The half used travelling.
        sprint: The half used running. The vendor's field: any JSON, kept as it is.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.states["landing"].camera.static
        'Wide shot from behind at shoulder height, held still, the dark tower high in the frame.'
    """

    static: Text
    dynamic: Text
    sprint: Any = None


TextOrPair = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Pair, Tag("pair")],
    Discriminator(_text_or_pair),
]
"""An event's own framing or body: one text for both halves (Studio), or a pair (hosted)."""


def half_of(value: Pair | str | None, moving: bool) -> str | None:
    """Return the half of a framing or a body that is used while moving or standing; a text is both halves."""
    if value is None or isinstance(value, str):
        return value
    return value.dynamic if moving else value.static


class Ending(Part):
    """Reaching the state ends the run.

    Attributes:
        kind: Whether the run is won or lost.
        title: Heading of the ending card.
        subtitle: The line under the heading.

    Example:
        >>> world.states["two_mittens"].ending.kind
        'win'
    """

    kind: EndingKind
    title: Text
    subtitle: OptionalNotNull[Text] = None


class KeepCentered(Part):
    """A thing the standing camera keeps in the middle.

    Attributes:
        label: What to look for in the picture.
        aliases: Other words for it, tried in order.

    Example:
        >>> wk.KeepCentered(label="a lamp").label
        'a lamp'
    """

    label: Text
    aliases: OptionalNotNull[Texts] = None


class Drive(Part):
    """Controls held while an event plays.

    Attributes:
        movement: Travel held.
        look_horizontal: Turn held.
        look_vertical: Tilt held.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.events_by_name["climb_the_iron_stair"].drive.movement
        'forward'
    """

    movement: OptionalNotNull[Movement] = None
    look_horizontal: OptionalNotNull[LookHorizontal] = None
    look_vertical: OptionalNotNull[LookVertical] = None


class Autopilot(Drive):
    """A standing camera drive.

    Attributes:
        movement: Travel held.
        look_horizontal: Turn held.
        look_vertical: Tilt held.
        keep_centered: A thing kept in the middle.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.states["lamp_lit"].autopilot.look_horizontal
        'right'
    """

    keep_centered: OptionalNotNull[KeepCentered] = None


class Variant(Part):
    """An alternate prompt on the same entrance picture.

    Attributes:
        label: Its name, such as B; unique within the state.
        base: What the camera sees instead.
        camera: Framing instead.
        movement: Body instead.
        ambient: Small motions instead.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.states["landing"].variants[0].label
        'B'
    """

    label: Text
    base: Text
    camera: OptionalNotNull[Pair] = None
    movement: OptionalNotNull[Pair] = None
    ambient: OptionalNotNull[Texts] = None


class State(Part):
    """A state: a place or situation, described by prompts.

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
    camera: OptionalNotNull[Pair] = None
    movement: OptionalNotNull[Pair] = None
    ambient: OptionalNotNull[Texts] = None
    ending: OptionalNotNull[Ending] = None
    narration: OptionalNotNull[Text] = None
    arrive_label: OptionalNotNull[Text] = None
    autopilot: OptionalNotNull[Autopilot] = None
    variants: OptionalNotNull[tuple[Variant, ...]] = None


class Aspect(Part):
    """Bounds on a box's width divided by its height.

    Attributes:
        min: Least ratio.
        max: Greatest ratio.

    Example:
        >>> aspect = wk.Aspect(min=0.5, max=2)
        >>> aspect.min, aspect.max
        (0.5, 2.0)
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

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.events_by_name["climb_the_kelp_steps"].anchor.label
        'stone steps'
    """

    label: Text
    aliases: OptionalNotNull[Texts] = None
    min_proximity: OptionalNotNull[Fraction] = None
    expected_aspect: OptionalNotNull[Aspect] = None


class Phase(Part):
    """One beat of a move told beat by beat.

    Attributes:
        base: The prose streamed during this beat.
        camera: Its own framing.
        movement: Its own body.
        detail: A flourish.
        drive: Controls held from this beat on, instead of the event's; null releases them.
        min_ms: How long it lasts, in milliseconds; 5000 when absent, at least 1000 when played.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.events_by_name["fill_a_carrying_can"].phases[0].base
        'The keeper sets the tallest can under a tap and eases the lever over. Paraffin comes in...
    """

    base: Text
    camera: OptionalNotNull[Text] = None
    movement: OptionalNotNull[Text] = None
    detail: OptionalNotNull[Text] = None
    drive: Drive | None = None
    min_ms: OptionalNotNull[NotNegative] = None


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

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.events_by_name["enter_the_tower"].land_when.timeout_ms
        10000.0
    """

    label: OptionalNotNull[Text] = None
    aliases: OptionalNotNull[Texts] = None
    min_extent: OptionalNotNull[Number] = None
    min_luminance: OptionalNotNull[Number] = None
    max_luminance: OptionalNotNull[Number] = None
    min_motion: OptionalNotNull[Number] = None
    max_motion: OptionalNotNull[Number] = None
    hits: OptionalNotNull[Number] = None
    timeout_ms: OptionalNotNull[Number] = None
    auto: OptionalNotNull[Switch] = None

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

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.events_by_name["climb_the_kelp_steps"].waypoint.distance_m
        42.0
    """

    label: Text
    distance_m: Positive
    speed_ms: OptionalNotNull[Positive] = None
    approach_m: OptionalNotNull[Positive] = None


class Fact(Part):
    """Something a terminal may say.

    Attributes:
        text: The fact.
        requires: Flags that must all be held; otherwise the fact is withheld entirely.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.events_by_name["crank_the_telephone"].terminal.facts[0].text
        'The mail steamer Corrie left Ardness at six with forty-one aboard. She steers for Skarr...
    """

    text: Text
    requires: OptionalNotNull[Texts] = None


class Terminal(Part):
    """Who a console is and what it may say.

    Attributes:
        persona: Who answers.
        greeting: The first line shown.
        facts: What it knows.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.events_by_name["crank_the_telephone"].terminal.persona[:40]
        'Maud Petrie, night operator at the Port '
    """

    persona: Text
    greeting: OptionalNotNull[Text] = None
    facts: OptionalNotNull[tuple[Fact, ...]] = None


class Event(Part):
    """An event: something that the player can do.

    Attributes:
        name: The key; unique in a sound world.
        kind: Move, change the picture and stay, or a console in the world.
        from_: The states it is offered in; a single string is read as a one-item list.
        to: A state id or a cutscene id, where a transition leads.
        base: The prose streamed while it plays.
        detail: A flourish.
        camera: Its own framing: a pair, or one text for both halves.
        movement: Its own body: a pair, or one text for both halves.
        narration: The line the player reads.
        hotkey: The key that fires it: one character. w a s d, the digits, the arrow keys and space are taken.
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
        fire_vision: The vendor's field: any JSON, kept as it is.

    Example:
        >>> event = world.events_by_name["walk_up_the_lane"]
        >>> event.kind, event.from_, event.to
        ('transition', ('lane',), 'bench')
    """

    name: Text
    kind: EventKind
    from_: Annotated[Texts, BeforeValidator(as_list), Field(alias="from")]
    to: OptionalNotNull[Text] = None
    base: OptionalNotNull[Text] = None
    detail: OptionalNotNull[Text] = None
    camera: OptionalNotNull[TextOrPair] = None
    movement: OptionalNotNull[TextOrPair] = None
    narration: OptionalNotNull[Text] = None
    hotkey: Text | None = None
    hidden: OptionalNotNull[Switch] = None
    one_shot: OptionalNotNull[Switch] = None
    requires: OptionalNotNull[Texts] = None
    grants: OptionalNotNull[Texts] = None
    locked_hint: OptionalNotNull[Text] = None
    anchor: OptionalNotNull[Anchor] = None
    phases: OptionalNotNull[Annotated[tuple[Phase, ...], Field(min_length=1)]] = None
    land_when: OptionalNotNull[LandWhen] = None
    min_play_ms: OptionalNotNull[NotNegative] = None
    auto_after_ms: OptionalNotNull[NotNegative] = None
    drive: OptionalNotNull[Drive] = None
    drive_pulse_ms: OptionalNotNull[NotNegative] = None
    waypoint: OptionalNotNull[Waypoint] = None
    terminal: OptionalNotNull[Terminal] = None
    fire_vision: Any = None


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

    Example:
        >>> changed = world.apply([{"op": "set_entrance", "state": "lane", "image": {"src": "lane.png"}}])
        >>> changed.entrance.image.src
        'lane.png'
    """

    src: Text
    label: OptionalNotNull[Text] = None


class Entrance(Part):
    """Where play starts.

    Attributes:
        state: Id of the first state.
        image: The first frame.

    Example:
        >>> world.entrance.state
        'lane'
    """

    state: Text
    image: OptionalNotNull[EntranceImage] = None


class Outro(Part):
    """A clip played once, when the flag is held in that state.

    Attributes:
        video: URL of the clip.
        flag: The flag that must be held.
        state: The state it plays in.

    Example:
        >>> changed = world.apply([{"op": "set_outro", "video": "end.mp4", "flag": "mitten", "state": "bench"}])
        >>> changed.outro.video
        'end.mp4'
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

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> len(lighthouse.story.beats)
        3
    """

    summary: Text
    arc: OptionalNotNull[Text] = None
    states: OptionalNotNull[Texts] = None
    sequence: OptionalNotNull[Text] = None


class Story(Part):
    """What the world is dramatically.

    Attributes:
        logline: The story in one sentence.
        arc: Its turns in order.
        beats: What has happened so far.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.story.arc[0]
        'A dark tower and a table laid for two'
    """

    logline: Text
    arc: OptionalNotNull[Texts] = None
    beats: OptionalNotNull[tuple[StoryBeat, ...]] = None


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
        seed_frame: A picture to continue from: any JSON.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.cutscenes[0].from_, lighthouse.cutscenes[0].to
        ('lantern_room', 'lamp_lit')
    """

    id: Text
    label: OptionalNotNull[Text] = None
    video: Text
    from_: Annotated[Text, Field(alias="from")]
    to: Text
    subtitle: OptionalNotNull[Text] = None
    requires: OptionalNotNull[Texts] = None
    seed_frame: Any = None


class DwellFor(Part):
    """A dwell of so many milliseconds.

    Attributes:
        ms: Milliseconds.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.sequences[0].beats[1].dwell
        DwellFor(ms=4000.0)
    """

    ms: NotNegative


def _dwell_kind(value: Any) -> str:
    """Return which of its two shapes a dwell has, by its type."""
    return "length" if isinstance(value, (dict, DwellFor)) else "word"


Dwell = Annotated[
    Annotated[Literal["settle", "input"], Tag("word")] | Annotated[DwellFor, Tag("length")],
    Discriminator(_dwell_kind),
]


class SequenceBeat(Part):
    """One stop of a set-piece.

    Attributes:
        state: The state walked to.
        dwell: How long to stay: until the picture rests, until the player acts, or so many milliseconds.
        reseed: The vendor's field: any JSON, kept as it is.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> [beat.state for beat in lighthouse.sequences[0].beats]
        ['tower_foot', 'watch_room', 'lantern_room']
    """

    state: Text
    dwell: OptionalNotNull[Dwell] = None
    reseed: Any = None


class Sequence(Part):
    """A set-piece: states walked hands-free in order.

    Attributes:
        id: Its id.
        title: Its name for people.
        beats: The stops in order.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.sequences[0].title
        'A hundred and eighty steps'
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

    Example:
        >>> delivery = wk.samples.load("delivery")
        >>> [goal.grounded.target for goal in delivery.missions[0].objectives if goal.grounded]
        ['paper label', 'empty hive']
    """

    target: Text
    target_aliases: OptionalNotNull[Texts] = None
    confirm: OptionalNotNull[Text] = None
    confirm_aliases: OptionalNotNull[Texts] = None
    proximity: OptionalNotNull[Fraction] = None


class Fail(Part):
    """The way an objective can go wrong.

    Attributes:
        name: Name of the event that goes wrong.
        action: The prose streamed while it plays.
        outcome: What the camera sees afterwards.
        title: Heading of the lose ending; FAILED when absent.
        subtitle: The line under the heading.

    Example:
        >>> delivery = wk.samples.load("delivery")
        >>> [goal.fail.name for goal in delivery.missions[0].objectives if goal.fail]
        ["Take the guests' lift", 'Shake the box, to wake them']
    """

    name: Text
    action: Text
    outcome: Text
    title: OptionalNotNull[Text] = None
    subtitle: OptionalNotNull[Text] = None


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

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.missions[0].objectives[0].text
        'Find a lamp for the stair'
    """

    id: Text
    text: Text
    location: OptionalNotNull[Text] = None
    base: OptionalNotNull[Text] = None
    camera: OptionalNotNull[Text] = None
    movement: OptionalNotNull[Text] = None
    action: OptionalNotNull[Text] = None
    phases: OptionalNotNull[Annotated[tuple[Phase, ...], Field(min_length=1)]] = None
    grounded: OptionalNotNull[Grounded] = None
    outcome: OptionalNotNull[Text] = None
    grants: OptionalNotNull[Text] = None
    requires: OptionalNotNull[Texts] = None
    locked_hint: OptionalNotNull[Text] = None
    fail: OptionalNotNull[Fail] = None


class Mission(Part):
    """The record of a quest that was compiled into the graph.

    Attributes:
        id: Its id.
        title: Its name for people.
        objectives: The steps in order.
        complete: The flag that completes it; the last objective's when absent.
        verified: Things known to be in the picture.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> lighthouse.missions[0].title
        'First watch'
    """

    id: Text
    title: Text
    objectives: tuple[Objective, ...]
    complete: OptionalNotNull[Text] = None
    verified: OptionalNotNull[Texts] = None


class DocumentModel(Part):
    """A programmable world: a graph of states (what the scene is) and events (what the player can do). Unknown fields
    are legal at every level and are kept.

    Attributes:
        schema_version: The version it was written in, major.minor; read as 1.0 when absent. "offline/1", the tag of the
            Studio's local store, is read as 1.0 as well.
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
        subject_ref: A picture of the player character. The vendor's field: any JSON, kept as it is.
        kernel: Factored prose, and findings that are allowed. The vendor's field: any JSON, kept as it is.
        progression: The vendor's field: any JSON, kept as it is.
        hud: The vendor's field: any JSON, kept as it is.
        model: The vendor's field: any JSON, kept as it is.
        boundary_land: The vendor's field: any JSON, kept as it is.
        kind: What kind of world it is. The vendor's field: any JSON, kept as it is.
    """

    schema_version: OptionalNotNull[Annotated[str, Strict(), AfterValidator(_read_version)]] = None
    id: OptionalNotNull[Text] = None
    name: OptionalNotNull[Text] = None
    description: OptionalNotNull[Text] = None
    cover: Text | None = None
    entrance: OptionalNotNull[Entrance] = None
    scene: Scene
    subject: OptionalNotNull[Text] = None
    style_tail: OptionalNotNull[Text] = None
    narrate: OptionalNotNull[Switch] = None
    intro_video: OptionalNotNull[Text] = None
    intro_static: OptionalNotNull[Switch] = None
    outro: OptionalNotNull[Outro] = None
    story: OptionalNotNull[Story] = None
    cutscenes: OptionalNotNull[tuple[Cutscene, ...]] = None
    sequences: OptionalNotNull[tuple[Sequence, ...]] = None
    missions: OptionalNotNull[tuple[Mission, ...]] = None
    subject_ref: Any = None
    kernel: Any = None
    progression: Any = None
    hud: Any = None
    model: Any = None
    boundary_land: Any = None
    kind: Any = None
