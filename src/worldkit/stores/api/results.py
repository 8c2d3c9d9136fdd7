"""The results of calls that a local store does not have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.json_values import Json
from worldkit.stores.pages import check_progress, page_text
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Job:
    """Work that goes on at the server.

    Attributes:
        id: Its id; empty when the server did the work at once.
        status: ``"queued"`` or ``"running"``, and ``"succeeded"``, ``"failed"`` or ``"cancelled"`` at the end.
        phase: What is being done.
        progress: How much of it is done, 0 to 1.
        world_id: The world that it made.
        error: Why it failed.
        clean: Whether the world landed clean, where the server says so.

    Example:
        >>> job = api.generate("A lighthouse keeper must relight the lamp.", wait=False)
        >>> stored = api.wait(job.id)
        >>> job = api.job(job.id)
        >>> job.done, job.status, job.progress
        (True, 'succeeded', 1.0)
    """

    id: str
    status: str
    phase: str | None = None
    progress: float | None = None
    world_id: str | None = None
    error: str | None = None
    clean: bool = True

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.status in ("succeeded", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class SceneAt:
    """The graph of a world at a revision.

    Attributes:
        states: The states by id, as JSON values.
        events: The events, as JSON values.
        rev: The revision.

    Example:
        >>> scene = api.scene(api.create(world).id)
        >>> scene.rev, list(scene.states)
        ('0', ['lane', 'bench', 'two_mittens'])
    """

    states: Mapping[str, Json]
    events: tuple[Json, ...]
    rev: str


@dataclass(frozen=True, slots=True)
class Validation:
    """The verdict of the server on a world; true in a condition when the world is valid.

    Attributes:
        ok: It is.
        diagnostics: What was found.
        world: The world as the server reads it, where it answers one.

    Example:
        >>> validation = api.validate(api.create(world).id)
        >>> validation.ok, len(validation.diagnostics.errors)
        (True, 0)
    """

    ok: bool
    diagnostics: Diagnostics
    world: World | None = None

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True, slots=True)
class Linting:
    """The findings of the server's rules in a world; true in a condition when nothing blocks play.

    Attributes:
        ok: No error was found.
        diagnostics: What was found.
        prompt_budget: How many characters a prompt may have, as the server says.

    Example:
        >>> linting = api.lint(api.create(world).id)
        >>> linting.ok, linting.diagnostics[0].lint
        (True, 'sliver-evidence')
    """

    ok: bool
    diagnostics: Diagnostics
    prompt_budget: object = None

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True, slots=True)
class Edited:
    """The result of an instruction; true in a condition when it was carried out.

    Attributes:
        ok: It was carried out.
        stored: The world as it stands afterwards.
        diagnostics: What was found, or what was taken along.
        reply: What the server says to it.

    Example:
        >>> edited = api.edit(api.create(world).id, "Make the lane colder.")
        >>> edited.ok, edited.reply, edited.stored.rev
        (True, 'It is colder now.', '1')
    """

    ok: bool
    stored: StoredWorld
    diagnostics: Diagnostics
    reply: str

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """The ids and names that differ between two versions, as the server says; ``Client.diff`` returns more.

    Attributes:
        a, b: The versions.
        states: Ids by ``"added"``, ``"removed"`` and ``"changed"``.
        events: Names likewise.

    Example:
        >>> stored = api.create(world)
        >>> before = api.snapshot(stored.id, "before")
        >>> stored = api.delete_event(stored.id, "listen_to_the_leaves")
        >>> after = api.snapshot(stored.id, "after")
        >>> api.version_diff(stored.id, before.id, after.id).events["removed"]
        ('listen_to_the_leaves',)
    """

    a: str
    b: str
    states: Mapping[str, tuple[str, ...]]
    events: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A short-lived token with which a page may play one world; the page never sees the key.

    Attributes:
        token: The token; left out of the repr.
        expires_in: Seconds for which it is valid.
        world_id: The world.
        slug: Its name in public addresses.
        jti: The token's own id.

    Example:
        >>> session = api.session_token(api.create(world).id)
        >>> session.expires_in
        300.0
    """

    token: str = field(repr=False)
    expires_in: float
    world_id: str
    slug: str | None = None
    jti: str | None = None


@dataclass(frozen=True, slots=True)
class Perceived:
    """A description of a frame by the server's vision model.

    Attributes:
        summary: In a sentence.
        visible: Things that can be seen.
        affordances: What could be done.
        exits: Ways out.

    Example:
        >>> api.perceive("lane.png").visible
        ('a door',)
    """

    summary: str
    visible: tuple[object, ...] = ()
    affordances: tuple[object, ...] = ()
    exits: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A label and where it is seen in a frame.

    Attributes:
        label: The label.
        bbox: Where, as the server measures it.
        confidence: How sure it is, 0 to 1.
        choice_id: The choice it belongs to.

    Example:
        >>> [(spot.label, spot.confidence) for spot in api.ground("lane.png", ["door"])]
        [('door', 0.5)]
    """

    label: str
    bbox: tuple[float, ...]
    confidence: float
    choice_id: str | None = None


@dataclass(frozen=True, slots=True)
class SeedFrame:
    """A first picture for a world.

    Attributes:
        image: Its bytes; left out of the repr.
        mime_type: What they are.
        url: Where the server keeps it.
        prompt: What it was drawn from.
        art_style: In which style.

    Example:
        >>> api.seed_frame("A lane in the fog").mime_type
        'image/png'
    """

    image: bytes = field(repr=False)
    mime_type: str
    url: str | None = None
    prompt: str | None = None
    art_style: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The part of a day's quota that is used.

    Attributes:
        day: The day.
        used: How much, by kind.
        caps: How much there is, by kind.
        resets_at: When the day ends, in UTC, where the server says so.
        plan: The plan of the app, where the server says so.

    Example:
        >>> stored = api.generate("A lighthouse keeper must relight the lamp.")
        >>> usage = api.usage()
        >>> usage.used["generation"], usage.caps["generation"]
        (1, 1000)
    """

    day: str
    used: Mapping[str, int]
    caps: Mapping[str, int]
    resets_at: datetime | None = None
    plan: str | None = None

    @property
    def left(self) -> dict[str, int]:
        """The rest of the quota, by kind, of those that have a cap."""
        return {kind: max(0, cap - self.used.get(kind, 0)) for kind, cap in self.caps.items()}


@checked_methods
class AsyncPage(Generic[Item]):
    """One page of a list; ``async for`` goes on through the pages after it.

    Attributes:
        items: What is on this page.
        next_cursor: What to pass as ``cursor`` for the page after; None on the last.

    Example:
        >>> stored = await api.create(world, name="The lane")
        >>> page = await api.list(limit=10)
        >>> [ref.name async for ref in page]
        ['The lane']
    """

    def __init__(
        self, items: Iterable[Item], next_cursor: str | None, fetch: Callable[[str], Awaitable[AsyncPage[Item]]]
    ) -> None:
        self.items: tuple[Item, ...] = tuple(items)
        self.next_cursor = next_cursor
        self._fetch = fetch

    async def next(self) -> AsyncPage[Item] | None:
        """Return the page after this one, None when this is the last."""
        return None if self.next_cursor is None else await self._fetch(self.next_cursor)

    async def __aiter__(self) -> AsyncIterator[Item]:
        page: AsyncPage[Item] | None = self
        known_ids: set[object] = set()
        while page is not None:
            check_progress(page.items, page.next_cursor, known_ids)
            for item in page.items:
                yield item
            page = await page.next()

    def __repr__(self) -> str:
        return page_text(self.items, is_last=self.next_cursor is None)
