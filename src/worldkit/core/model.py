"""The parts of an SMWorld as frozen pydantic models (contract/smworld.md).

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
    """Two halves of one description: standing still, and travelling."""

    static: Text
    dynamic: Text


class Ending(Part):
    """Reaching the state ends the run."""

    kind: Literal["win", "lose"]
    title: Text
    subtitle: Maybe[Text] = None


class KeepCentered(Part):
    """A thing the standing camera keeps in the middle."""

    label: Text
    aliases: Maybe[Texts] = None


class Drive(Part):
    """Controls held while an event plays, or by a state's autopilot."""

    movement: Maybe[Movement] = None
    look_horizontal: Maybe[LookHorizontal] = None
    look_vertical: Maybe[LookVertical] = None


class Autopilot(Drive):
    """A standing camera drive."""

    keep_centered: Maybe[KeepCentered] = None


class Variant(Part):
    """An alternate prompt of a state, on the same entrance picture."""

    label: Text
    base: Text
    camera: Maybe[Pair] = None
    movement: Maybe[Pair] = None
    ambient: Maybe[Texts] = None


class State(Part):
    """What the scene is."""

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
    """Bounds on a box's width divided by its height."""

    min: Number
    max: Number


class Anchor(Part):
    """A thing in the picture to click."""

    label: Text
    aliases: Maybe[Texts] = None
    min_proximity: Maybe[Fraction] = None
    expected_aspect: Maybe[Aspect] = None


class Phase(Part):
    """One beat of a move told beat by beat."""

    base: Text
    camera: Maybe[Text] = None
    movement: Maybe[Text] = None
    detail: Maybe[Text] = None
    min_ms: Maybe[NotNegative] = None


class LandWhen(Part):
    """Arrival evidence; ``auto`` makes it a trigger zone."""

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
    """A destination reached by accumulated travel."""

    label: Text
    distance_m: Positive
    speed_ms: Maybe[Positive] = None
    approach_m: Maybe[Positive] = None


class Fact(Part):
    """Something a terminal may say once its flags are held."""

    text: Text
    requires: Maybe[Texts] = None


class Terminal(Part):
    """Who the console is and what it may say."""

    persona: Text
    greeting: Maybe[Text] = None
    facts: Maybe[tuple[Fact, ...]] = None


class Event(Part):
    """What the player can do."""

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
    """The graph: states by id in order, and events."""

    states: Mapping[str, State]
    events: tuple[Event, ...]


class EntranceImage(Part):
    """The first frame a world model continues from."""

    src: Text
    label: Maybe[Text] = None


class Entrance(Part):
    """Where play starts."""

    state: Text
    image: Maybe[EntranceImage] = None


class Outro(Part):
    """A clip played once, when the flag is held in that state."""

    video: Text
    flag: Text
    state: Text


class StoryBeat(Part):
    """Something that has happened so far."""

    summary: Text
    arc: Maybe[Text] = None
    states: Maybe[Texts] = None
    sequence: Maybe[Text] = None


class Story(Part):
    """What the world is dramatically."""

    logline: Text
    arc: Maybe[Texts] = None
    beats: Maybe[tuple[StoryBeat, ...]] = None


class Cutscene(Part):
    """A clip on the seam between two states."""

    id: Text
    label: Maybe[Text] = None
    video: Text
    from_: Annotated[Text, Field(alias="from")]
    to: Text
    subtitle: Maybe[Text] = None
    requires: Maybe[Texts] = None


class DwellFor(Part):
    """A dwell of so many milliseconds."""

    ms: NotNegative


def _dwell_kind(value: Any) -> Any:
    if isinstance(value, (dict, DwellFor)) or value in ("settle", "input"):
        return value
    raise PydanticCustomError("dwell", '"settle", "input" or an object with ms')


class SequenceBeat(Part):
    """One stop of a set-piece."""

    state: Text
    dwell: Maybe[Annotated[Literal["settle", "input"] | DwellFor, BeforeValidator(_dwell_kind)]] = None


class Sequence(Part):
    """A set-piece: states walked hands-free in order."""

    id: Text
    title: Text
    beats: tuple[SequenceBeat, ...]


class Grounded(Part):
    """What in the picture an objective is tied to."""

    target: Text
    target_aliases: Maybe[Texts] = None
    confirm: Maybe[Text] = None
    confirm_aliases: Maybe[Texts] = None
    proximity: Maybe[Fraction] = None


class Fail(Part):
    """The way an objective can go wrong."""

    name: Text
    action: Text
    outcome: Text
    title: Maybe[Text] = None
    subtitle: Maybe[Text] = None


class Objective(Part):
    """One step of a mission."""

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
    """The record of a quest that was compiled into the graph."""

    id: Text
    title: Text
    objectives: tuple[Objective, ...]
    complete: Maybe[Text] = None
    verified: Maybe[Texts] = None


class DocumentModel(Part):
    """A whole document: the world's own fields, and its scene."""

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
