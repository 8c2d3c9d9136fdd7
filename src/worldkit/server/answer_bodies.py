"""The bodies of answers, for describing them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from worldkit.server.body_fields import Body, Object


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
