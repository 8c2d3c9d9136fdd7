"""The bodies of requests, for checking and describing them. Unknown fields are let through."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from worldkit.server.body_fields import (
    Address,
    Body,
    Count,
    Id,
    Name,
    Object,
    Picture,
    Premise,
    Prose,
    Revision,
    Url,
    Words,
)

BODY_SCHEMAS: list[Any] = [
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

    model_config = ConfigDict(json_schema_extra={"oneOf": BODY_SCHEMAS})

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
    verifiedObjects: Annotated[list[Words], Field(max_length=1_000, fail_fast=True)] | None = None


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
