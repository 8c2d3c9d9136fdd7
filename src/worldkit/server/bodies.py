"""The bodies of requests and answers, for checking the one and describing both. Unknown fields are let through."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

Name = Annotated[str, StringConstraints(max_length=2000)]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
Picture = Annotated[str, StringConstraints(max_length=4_000_000)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Url = Annotated[str, StringConstraints(max_length=4_000_000)]
Id = Annotated[str, StringConstraints(max_length=200)]
Premise = Annotated[str, StringConstraints(max_length=4000)]
Words = Annotated[str, StringConstraints(max_length=4000)]
Origin = Annotated[str, StringConstraints(max_length=300, pattern=r"^https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?$")]
Object = dict[str, Any]


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = BeforeValidator(_integer)
"""Takes a whole number that is written as ``3.0``, as JSON may."""


Revision = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    StringConstraints(min_length=1, max_length=200),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": 200}, {"type": "integer"}]}),
]
"""A revision that a write was made against."""


class Body(BaseModel):
    """What a request or an answer holds."""

    model_config = ConfigDict(extra="allow", strict=True)


# ---- requests ------------------------------------------------------------------------------------


ONE_OF: list[Any] = [
    {
        "title": "Generate",
        "required": ["premise"],
        "properties": {
            "premise": {"type": "string", "minLength": 1},
            "world": {"type": "null"},
            "frame_b64": {"type": "null"},
            "frame_url": {"type": "null"},
        },
    },
    {
        "title": "Look",
        "required": ["frame_b64"],
        "properties": {"frame_b64": {"type": "string"}, "frame_url": {"type": "null"}, "world": {"type": "null"}},
    },
    {
        "title": "Fetch",
        "required": ["frame_url"],
        "properties": {"frame_url": {"type": "string"}, "frame_b64": {"type": "null"}, "world": {"type": "null"}},
    },
    {
        "title": "Keep",
        "required": ["world"],
        "properties": {
            "world": {"$ref": "#/components/schemas/SMWorld"},
            "premise": {"type": "null"},
            "frame_b64": {"type": "null"},
            "frame_url": {"type": "null"},
        },
    },
]


class CreateWorld(Body):
    """A premise or a frame to generate a world from, or a whole ``world`` to keep as it is."""

    model_config = ConfigDict(json_schema_extra={"oneOf": ONE_OF})

    premise: Premise | None = None
    world: Object | None = None
    frame_b64: Picture | None = None
    frame_url: Address | None = None
    name: Name | None = None
    pov: Name | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31), Count] | None = None
    asynchronous: bool | None = Field(None, alias="async")


class Describe(Body):
    """What a list says of a world; what is absent stays, null removes a description or cover."""

    name: Name = ""
    description: Prose | None = None
    cover: Url | None = None
    visibility: Annotated[str, StringConstraints(pattern="^[a-z]{1,32}$")] = "private"


class Fork(Body):
    """How to fork a world."""

    name: Name | None = None
    versionId: Id | None = None


class Conditional(Body):
    """A write that may say which revision it was made against."""

    expectedRev: Revision | None = None


class Ops(Conditional):
    """A batch of operations, see schema/ops.json."""

    ops: Annotated[list[Object], Field(min_length=1, max_length=50_000, fail_fast=True)]
    strict: bool = False


class Entrance(Conditional):
    """Where play starts."""

    state: str
    image: Object | None = None


class Judge(Body):
    """A document to judge instead of the world kept; ``data`` is another name of ``world``."""

    world: Object | None = None
    data: Object | None = None


class Instruction(Conditional):
    """What to change, in words; ``message`` is another name of ``instruction``."""

    instruction: Words | None = None
    message: Words | None = None
    verifiedObjects: list[Words] | None = None


class Snapshot(Body):
    """How to keep a version."""

    title: Name | None = None
    parentVersionId: Id | None = None
    source: Literal["save", "branch", "manual", "ai", "import"] | None = None


class Title(Body):
    """A version's new title."""

    title: Name


class Checkout(Conditional):
    """A version to go back to."""

    versionId: Id


class Perceive(Body):
    """A frame to look at."""

    frame_b64: Picture
    room_name: Name | None = None
    room_description: Prose | None = None


class Ground(Body):
    """Labels to find in a frame."""

    frame_b64: Picture
    labels: Annotated[list[Name], Field(max_length=100, fail_fast=True)]


class SeedFrame(Body):
    """What to draw."""

    prompt: Prose
    pov: Name | None = None
    mood: Name | None = None
    style: Name | None = None


# ---- answers -------------------------------------------------------------------------------------


class Created(Body):
    """A world that was made; ``ok`` says whether it has no structural error."""

    worldId: str
    slug: str | None
    ok: bool
    cover: str | None
    schemaVersion: str


class Forked(Body):
    """A fork."""

    worldId: str
    schemaVersion: str
    parent: str | None
    parentVersionId: str | None = None
    rev: str


class JobStatus(Body):
    """A job as it stands; ``status`` ends in succeeded, failed or cancelled."""

    jobId: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    phase: str | None
    progress: Annotated[float, Field(ge=0, le=1)]
    worldId: str | None
    error: str | None
    schemaVersion: str


class Item(Body):
    """A line of the list of worlds."""

    id: str
    slug: str | None
    name: str
    description: str | None
    cover: str | None
    created_at: str
    visibility: str | None = None
    updated_at: str | None = None


class Worlds(Body):
    """A page of the list of worlds; the cursor is ``created_at`` of its last line."""

    worlds: list[Item]
    nextCursor: str | None


class Whole(Body):
    """A world as it stands: its document, with ``id`` beside its own fields."""

    id: str
    name: str
    entrance: Object
    scene: Object
    schemaVersion: str


class Deleted(Body):
    """What was deleted."""

    ok: bool
    deleted: str


class SceneOf(Body):
    """A world's graph."""

    states: Object
    events: list[Object]
    rev: str


class StatesOf(Body):
    """A world's states by id."""

    states: Object
    rev: str


class EventsOf(Body):
    """A world's events."""

    events: list[Object]
    rev: str


class StateOf(Body):
    """One state."""

    stateId: str
    state: Object
    rev: str


class EventOf(Body):
    """One event."""

    event: Object
    rev: str


class Written(Body):
    """A world after a graph write, with what the rules advise."""

    world: Object
    rev: str
    diagnostics: list[Object]
    schemaVersion: str


class StateWritten(Written):
    """A world after a state was added."""

    stateId: str | None = None


class EventWritten(Written):
    """A world after an event was added."""

    eventName: str | None = None


class BatchWritten(Written):
    """A world after a batch, with the operations that could not be applied."""

    applyErrors: list[str] | None = None


class CheckedOut(Body):
    """A world after going back."""

    world: Object
    rev: str


class Verdict(Body):
    """What is wrong with a world."""

    ok: bool
    diagnostics: list[Object]


class Validated(Verdict):
    """A world without structural errors."""

    world: Object


class PromptLengths(Body):
    """Prompt lengths in characters: the limit, the most of all states, and each state's."""

    limit: int
    most: int
    states: dict[str, int]


class Linted(Verdict):
    """What lint finds, how much of it by severity, and how long prompts may be and are."""

    counts: dict[str, int]
    promptBudget: int
    prompts: PromptLengths


class Revised(Body):
    """A world after an instruction; its revision is in the ETag."""

    world: Object
    diagnostics: list[Object]
    reply: str


class VersionNode(Body):
    """A version; ``created_at`` is ``createdAt`` again, for the Studio's client."""

    id: str
    worldId: str
    parentVersionId: str | None
    source: str
    title: str | None
    createdAt: str
    created_at: str


class Kept(Body):
    """A version that was kept."""

    versionId: str
    version: VersionNode


class VersionNodes(Body):
    """A world's versions, oldest first; ``head`` is the one it stands on."""

    versions: list[VersionNode]
    head: str | None


class SnapshotOf(VersionNode):
    """A version and what it holds."""

    snapshot: Object


class Titled(Body):
    """A version's title."""

    ok: bool
    versionId: str
    title: str


class ChangesOf(Body):
    """What differs among states or events; ``renamed`` says which of them are the same under another name."""

    added: list[str]
    removed: list[str]
    changed: list[str]
    renamed: dict[str, str]


class Difference(Body):
    """What differs between two versions."""

    a: str
    b: str
    states: ChangesOf
    events: ChangesOf


class Alive(Body):
    """Whether the server answers."""

    ok: bool
