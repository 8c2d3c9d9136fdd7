"""The bodies of requests and answers, for checking the one and describing both. Unknown fields are let through."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(max_length=2000)]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
Picture = Annotated[str, StringConstraints(max_length=4_000_000)]
Url = Annotated[str, StringConstraints(max_length=4_000_000)]
Id = Annotated[str, StringConstraints(max_length=200)]
Premise = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Origin = Annotated[str, StringConstraints(max_length=300, pattern=r"^https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?$")]
Object = dict[str, Any]


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = BeforeValidator(_whole)
"""Takes a whole number that is written as ``3.0``, as JSON may."""


class Body(BaseModel):
    """What a request or an answer holds."""

    model_config = ConfigDict(extra="allow", strict=True)


# ---- requests ------------------------------------------------------------------------------------


ONE_OF: list[Any] = [
    {
        "title": "Generate",
        "required": ["premise"],
        "properties": {"premise": {"type": "string"}, "world": {"type": "null"}, "frame_b64": {"type": "null"}},
    },
    {
        "title": "Look",
        "required": ["frame_b64"],
        "properties": {"frame_b64": {"type": "string"}, "world": {"type": "null"}},
    },
    {
        "title": "Keep",
        "required": ["world"],
        "properties": {
            "world": {"$ref": "#/components/schemas/SMWorld"},
            "premise": {"type": "null"},
            "frame_b64": {"type": "null"},
        },
    },
]


class CreateWorld(Body):
    """A premise or a frame to generate a world from, or a whole ``world`` to keep as it is."""

    model_config = ConfigDict(json_schema_extra={"oneOf": ONE_OF})

    premise: Premise | None = None
    world: Object | None = None
    frame_b64: Picture | None = None
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


class Ops(Body):
    """A batch of operations, see schema/ops.json."""

    ops: Annotated[list[Object], Field(max_length=50_000, fail_fast=True)]
    strict: bool = False


class Entrance(Body):
    """Where play starts."""

    state: str
    image: Object | None = None


class Judge(Body):
    """A document to judge instead of the world kept."""

    world: Object | None = None


class Instruction(Body):
    """What to change, in words."""

    instruction: Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class Snapshot(Body):
    """How to keep a version."""

    title: Name | None = None
    parentVersionId: Id | None = None
    source: Name | None = None


class Title(Body):
    """A version's new title."""

    title: Name


class Checkout(Body):
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
    """A world that was made."""

    worldId: str
    slug: str | None = None
    status: str
    cover: str | None = None
    schemaVersion: str


class Forked(Created):
    """A fork."""

    parent: str | None
    parentVersionId: str | None = None
    rev: str


class JobStatus(Body):
    """A job as it stands; ``status`` ends in succeeded or failed."""

    jobId: str
    status: Literal["queued", "running", "succeeded", "failed"]
    phase: str | None = None
    progress: float | None = None
    worldId: str | None = None
    error: Object | None = None


class Item(Body):
    """A line of the list of worlds."""

    id: str
    name: str
    description: str | None = None
    cover: str | None = None
    visibility: str | None = None
    slug: str | None = None
    updated_at: str | None = None


class Worlds(Body):
    """A page of the list of worlds."""

    worlds: list[Item]
    nextCursor: str | None


class Whole(Body):
    """A world as it stands."""

    world: Object
    rev: str
    schemaVersion: str


class Deleted(Body):
    """What was deleted."""

    ok: bool
    deleted: str


class SceneOf(Body):
    """A world's graph; ``exactOps`` says that put_state, put_event and put_world are taken too."""

    states: Object
    events: list[Object]
    rev: str
    exactOps: bool


class Written(Body):
    """A world after a graph write, with what it took along."""

    world: Object
    rev: str
    diagnostics: list[Object] | None = None
    schemaVersion: str
    versionId: str | None = None


class CheckedOut(Body):
    """A world after going back."""

    world: Object
    rev: str


class Verdict(Body):
    """What is wrong with a world."""

    ok: bool
    diagnostics: list[Object]


class Validated(Verdict):
    """Whether a world can be played."""

    world: Object | None = None


class Linted(Verdict):
    """What lint finds, how much of it by severity, and how much prompt each state asks for."""

    counts: dict[str, int]
    promptBudget: Object | None = None


class Revised(Written):
    """A world after an instruction."""

    ok: bool
    reply: str


class VersionLine(Body):
    """A version."""

    id: str
    parentVersionId: str | None
    source: str | None
    title: str
    created_at: str | None


class Kept(Body):
    """A version that was kept."""

    versionId: str
    version: VersionLine


class VersionLines(Body):
    """A world's versions, oldest first; ``head`` is the one it stands on."""

    versions: list[VersionLine]
    head: str | None


class SnapshotOf(Body):
    """What a version holds."""

    id: str
    snapshot: Object


class Titled(Body):
    """A version's title."""

    title: str


class ChangesOf(Body):
    """What differs among states or events."""

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
