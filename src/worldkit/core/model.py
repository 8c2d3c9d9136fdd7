"""The parts of an SMWorld as frozen pydantic models (contract/smworld.md).

Attributes are snake_case, JSON names are the camelCase aliases. Unknown fields are kept. A field
marked ``OptionalNotNull`` may be absent, and then reads as ``None``; a JSON ``null`` is refused there, as in
the schema. Only ``cover`` and ``hotkey`` may be ``null``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

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

Movement = Literal["forward", "back", "strafe_left", "strafe_right"]
LookHorizontal = Literal["left", "right"]
LookVertical = Literal["up", "down"]


def as_list(value: Any) -> Any:
    """Return a bare string as a list of one."""
    return [value] if isinstance(value, str) else value


class Part(BaseModel):
    """Base of every part: frozen, camelCase aliases, unknown fields kept."""

    model_config = ConfigDict(
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
    """One description in two halves: for standing still, and for moving."""

    static: Text
    dynamic: Text


class Ending(Part):
    """Reaching the state ends the run."""

    kind: Literal["win", "lose"]
    title: Text
    subtitle: OptionalNotNull[Text] = None


class KeepCentered(Part):
    """An object that the static camera keeps in the middle."""

    label: Text
    aliases: OptionalNotNull[Texts] = None


class Drive(Part):
    """Controls held while an event plays, or by a state's autopilot."""

    movement: OptionalNotNull[Movement] = None
    look_horizontal: OptionalNotNull[LookHorizontal] = None
    look_vertical: OptionalNotNull[LookVertical] = None


class Autopilot(Drive):
    """A camera drive for as long as the player is in a state."""

    keep_centered: OptionalNotNull[KeepCentered] = None


class Variant(Part):
    """An alternate prompt of a state, from the same first frame."""

    label: Text
    base: Text
    camera: OptionalNotNull[Pair] = None
    movement: OptionalNotNull[Pair] = None
    ambient: OptionalNotNull[Texts] = None


class State(Part):
    """A state: a place or situation, described by prompts."""

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
    """Bounds on a box's width divided by its height."""

    min: Number
    max: Number


class Anchor(Part):
    """An object in the picture to click."""

    label: Text
    aliases: OptionalNotNull[Texts] = None
    min_proximity: OptionalNotNull[Fraction] = None
    expected_aspect: OptionalNotNull[Aspect] = None


class Phase(Part):
    """One phase of a move that plays in several."""

    base: Text
    camera: OptionalNotNull[Text] = None
    movement: OptionalNotNull[Text] = None
    detail: OptionalNotNull[Text] = None
    min_ms: OptionalNotNull[NotNegative] = None


class LandWhen(Part):
    """Arrival evidence; ``auto`` makes it a trigger zone."""

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
    """A destination reached by accumulated travel."""

    label: Text
    distance_m: Positive
    speed_ms: OptionalNotNull[Positive] = None
    approach_m: OptionalNotNull[Positive] = None


class Fact(Part):
    """A fact that a terminal may tell once its flags are set."""

    text: Text
    requires: OptionalNotNull[Texts] = None


class Terminal(Part):
    """The persona of a console and the facts it may tell."""

    persona: Text
    greeting: OptionalNotNull[Text] = None
    facts: OptionalNotNull[tuple[Fact, ...]] = None


class Event(Part):
    """An event: something that the player can do."""

    name: Text
    kind: Literal["transition", "override", "terminal"]
    from_: Annotated[Texts, BeforeValidator(as_list), Field(alias="from")]
    to: OptionalNotNull[Text] = None
    base: OptionalNotNull[Text] = None
    detail: OptionalNotNull[Text] = None
    camera: OptionalNotNull[Text] = None
    movement: OptionalNotNull[Text] = None
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


class Scene(Part):
    """The graph: states by id in order, and events."""

    states: Mapping[str, State]
    events: tuple[Event, ...]


class EntranceImage(Part):
    """The first frame a world model continues from."""

    src: Text
    label: OptionalNotNull[Text] = None


class Entrance(Part):
    """Where play starts."""

    state: Text
    image: OptionalNotNull[EntranceImage] = None


class Outro(Part):
    """A clip played once, when the flag is set in that state."""

    video: Text
    flag: Text
    state: Text


class StoryBeat(Part):
    """Something that has happened so far."""

    summary: Text
    arc: OptionalNotNull[Text] = None
    states: OptionalNotNull[Texts] = None
    sequence: OptionalNotNull[Text] = None


class Story(Part):
    """The story: logline, arc and beats."""

    logline: Text
    arc: OptionalNotNull[Texts] = None
    beats: OptionalNotNull[tuple[StoryBeat, ...]] = None


class Cutscene(Part):
    """A clip that plays between two states."""

    id: Text
    label: OptionalNotNull[Text] = None
    video: Text
    from_: Annotated[Text, Field(alias="from")]
    to: Text
    subtitle: OptionalNotNull[Text] = None
    requires: OptionalNotNull[Texts] = None


class DwellFor(Part):
    """A dwell of so many milliseconds."""

    ms: NotNegative


def _dwell_kind(value: Any) -> Any:
    if isinstance(value, (dict, DwellFor)) or value in ("settle", "input"):
        return value
    raise PydanticCustomError("dwell", '"settle", "input" or an object with ms')


class SequenceBeat(Part):
    """One stop of a sequence."""

    state: Text
    dwell: OptionalNotNull[Annotated[Literal["settle", "input"] | DwellFor, BeforeValidator(_dwell_kind)]] = None


class Sequence(Part):
    """A sequence: states that play in order by themselves."""

    id: Text
    title: Text
    beats: tuple[SequenceBeat, ...]


class Grounded(Part):
    """The object in the picture that an objective depends on."""

    target: Text
    target_aliases: OptionalNotNull[Texts] = None
    confirm: OptionalNotNull[Text] = None
    confirm_aliases: OptionalNotNull[Texts] = None
    proximity: OptionalNotNull[Fraction] = None


class Fail(Part):
    """How an objective can fail."""

    name: Text
    action: Text
    outcome: Text
    title: OptionalNotNull[Text] = None
    subtitle: OptionalNotNull[Text] = None


class Objective(Part):
    """One step of a mission."""

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
    """The record of a quest that was compiled into the graph."""

    id: Text
    title: Text
    objectives: tuple[Objective, ...]
    complete: OptionalNotNull[Text] = None
    verified: OptionalNotNull[Texts] = None


class DocumentModel(Part):
    """A whole document: the world's own fields, and its scene."""

    schema_version: OptionalNotNull[str] = Field(default=None, pattern=r"^1\.[0-9]+$", strict=True)
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
