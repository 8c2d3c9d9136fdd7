# Written by scripts/async_client.py from the modules of ``Client``. Change those and run the script.
"""``AsyncClient``: the calls of ``Client``, awaited; the same requests, retries and results."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from worldkit.core.argument_checks import checked_methods
from worldkit.core.argument_ranges import expect_amount
from worldkit.core.error_frames import take_frames
from worldkit.core.json_values import Json
from worldkit.stores.api import wire
from worldkit.stores.api.account_results import App, AppKey, Connection, Webhook
from worldkit.stores.api.base import ApiConnection, described_as
from worldkit.stores.api.calls import Calls, Progress, progress_or_line
from worldkit.stores.api.client import Client
from worldkit.stores.api.protocol import Call, LogLine, Pause, Send, Step, Work
from worldkit.stores.api.results import (
    AsyncPage,
    Edited,
    Hotspot,
    Job,
    Linting,
    Perceived,
    SceneAt,
    SeedFrame,
    SessionToken,
    Usage,
    Validation,
    VersionDiff,
)
from worldkit.stores.api.secret import Secret
from worldkit.stores.api.transport import Sender
from worldkit.stores.pages import WorldRef
from worldkit.stores.stored_world import Ops, StoredWorld
from worldkit.stores.versions import Version, Versions
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff

Result = TypeVar("Result")


@checked_methods
@described_as(Client)
class AsyncClient(ApiConnection):
    """The /v1 API on an event loop: every call of ``Client`` under its name, awaited.

    The ``StoredWorld`` values it returns are values: go on with this client's calls, such as
    ``await client.apply(stored.id, ops, rev=stored.rev)``. Where ``Client`` says ``client[name]``, it is ``find``.

    Args:
        key, base_url, mode, dialect, account, timeout, clock: As for ``Client``.
        sleep: Waits so many seconds between tries.

    Example:
        >>> wk.AsyncClient("sk_test_0123456789abcdef", base_url="http://localhost:8000")
        AsyncClient http://localhost:8000 with sk_test_...
    """

    def __init__(
        self,
        key: str | None = None,
        base_url: str | None = None,
        mode: str | None = None,
        *,
        dialect: str | None = None,
        account: str | None = None,
        timeout: float = 60.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        secret, key = Secret(key), None  # from here on no frame holds the plain key
        account_token, account = Secret(account), None
        super().__init__(secret, account_token, base_url, mode, dialect, timeout, clock)
        self._begin(sleep)

    def _begin(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._sender = Sender(self._address, self._secret, self._timeout, self._clock, self._asked_dialect)
        self._calls = Calls(self.base_url, self._clock, self._need, self._server)

    async def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        await self._sender.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld:
        """Store a new world.

        Example:
            >>> stored = await api.create(world, name="The lane")
            >>> stored.name, stored.rev
            ('The lane', '0')
        """
        return await self._run(self._calls.create(world, name, idempotency_key))

    @overload
    async def generate(
        self,
        premise: str,
        *,
        name: str | None = None,
        pov: str | None = None,
        frame: str | os.PathLike[str] | bytes | None = None,
        seed: int | None = None,
        wait: Literal[True] = True,
        progress: Progress | None = None,
        seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld: ...
    @overload
    async def generate(
        self,
        premise: str,
        *,
        name: str | None = None,
        pov: str | None = None,
        frame: str | os.PathLike[str] | bytes | None = None,
        seed: int | None = None,
        wait: Literal[False],
        progress: Progress | None = None,
        seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> Job: ...
    async def generate(
        self,
        premise: str,
        *,
        name: str | None = None,
        pov: str | None = None,
        frame: str | os.PathLike[str] | bytes | None = None,
        seed: int | None = None,
        wait: bool = True,
        progress: Progress | None = None,
        seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld | Job:
        """Generate a world from a premise.

        Example:
            >>> stored = await api.generate("A lighthouse keeper must relight the lamp.", seed=1)
            >>> stored.world.name
            'The Lighthouse'
        """
        expect_amount(seconds, "seconds", or_none=True)
        job = await self._run(self._calls.generate(premise, name, pov, frame, seed, idempotency_key))
        if not wait:
            return job
        return await self._run(self._calls.job_result(job, progress_or_line(progress), seconds))

    async def job(self, id: str) -> Job:
        """Return the status of a job.

        Example:
            >>> job = await api.generate("A lighthouse keeper must relight the lamp.", wait=False)
            >>> stored = await api.wait(job.id)
            >>> (await api.job(job.id)).status, (await api.job(job.id)).world_id == stored.id
            ('succeeded', True)
        """
        return await self._run(self._calls.job(id))

    async def cancel(self, id: str) -> Job:
        """Cancel a job, at a server of worldkit; what it was charged is given back.

        Example:
            >>> job = await api.generate("A lighthouse keeper must relight the lamp.", wait=False)
            >>> (await api.cancel(job.id)).done
            True
        """
        return await self._run(self._calls.cancel(id))

    async def wait(self, id: str, *, progress: Progress | None = None, seconds: float | None = None) -> StoredWorld:
        """Wait for a job, and return the world that it made.

        Example:
            >>> job = await api.generate("A lighthouse keeper must relight the lamp.", wait=False)
            >>> stored = await api.wait(job.id, progress=lambda done, total, what: None)
            >>> len(stored.world.states)
            6
        """
        return await self._run(self._calls.job_result(id, progress_or_line(progress), seconds))

    async def get(self, id: str) -> StoredWorld:
        """Return a world as it stands now.

        Example:
            >>> stored = await api.create(world)
            >>> (await api.get(stored.id)).world == world
            True
        """
        return await self._run(self._calls.get(id))

    async def find(self, key: str) -> StoredWorld:
        """Return a world by its id or its name.

        Raises:
            NotFound: There is none, or several have that name.

        Example:
            >>> stored = await api.create(world, name="The lane")
            >>> (await api.find("The lane")).id == stored.id
            True
        """
        return await self._run(self._calls.find(key))

    async def __aiter__(self) -> AsyncIterator[WorldRef]:
        async for ref in await self.list(limit=wire.FULL_LIST_PAGE_SIZE):
            yield ref

    async def list(self, *, limit: int = 50, cursor: str | None = None) -> AsyncPage[WorldRef]:
        """Return one page of the worlds, newest first; iterating goes on through the pages after it.

        Example:
            >>> for name in ("The lane", "The pond", "The mill"):
            ...     stored = await api.create(world, name=name)
            >>> page = await api.list(limit=2)
            >>> [ref.name for ref in page.items]
            ['The mill', 'The pond']
            >>> page = await api.list(limit=2, cursor=page.next_cursor)
            >>> [ref.name for ref in page.items]
            ['The lane']
        """
        refs, after = await self._run(self._calls.page(limit, cursor))
        return AsyncPage(refs, after, lambda at: self.list(limit=limit, cursor=at))

    async def rename(self, id: str, name: str) -> StoredWorld:
        """Give a world another name; its revision stays.

        Example:
            >>> stored = await api.create(world, name="The lane")
            >>> stored = await api.rename(stored.id, "The frozen lane")
            >>> stored.name, stored.rev
            ('The frozen lane', '0')
        """
        return await self._run(self._calls.rename(id, name))

    async def describe(self, id: str, **fields: str | None) -> WorldRef:
        """Set what a list shows of a world; its revision stays.

        Example:
            >>> stored = await api.create(world)
            >>> (await api.describe(stored.id, description="A walk in November.")).description
            'A walk in November.'
        """
        return await self._run(self._calls.describe(id, fields))

    async def delete(self, id: str) -> None:
        """Delete a world with all its versions.

        Example:
            >>> stored = await api.create(world)
            >>> await api.delete(stored.id)
            >>> (await api.list()).items
            ()
        """
        await self._run(self._calls.delete(id))

    async def fork(
        self, id: str, *, name: str | None = None, version: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make a new world that begins as a copy of another.

        Example:
            >>> stored = await api.create(world)
            >>> version = await api.snapshot(stored.id, "first draft")
            >>> copy = await api.fork(stored.id, name="The winter walk", version=version.id)
            >>> copy.name, copy.parent == stored.id
            ('The winter walk', True)
        """
        return await self._run(self._calls.fork(id, name, version, idempotency_key))

    async def scene(self, id: str) -> SceneAt:
        """Return a world's graph and the revision it is at.

        Example:
            >>> stored = await api.create(world)
            >>> scene = await api.scene(stored.id)
            >>> scene.rev, list(scene.states)
            ('0', ['lane', 'bench', 'two_mittens'])
        """
        return await self._run(self._calls.scene(id))

    async def apply(
        self,
        id: str,
        ops: Ops,
        *,
        rev: str | None = None,
        strict: bool = False,
        partial: bool = False,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Apply a batch of operations (docs/spec/ops.md).

        Example:
            >>> stored = await api.create(world)
            >>> quieter = [{"op": "delete_event", "name": "listen_to_the_leaves"}]
            >>> stored = await api.apply(stored.id, quieter, rev=stored.rev)
            >>> stored.rev, len(stored.world.events)
            ('1', 4)
        """
        return await self._run(self._calls.apply(id, ops, rev, strict, idempotency_key, partial))

    async def add_state(
        self,
        id: str,
        fields: Mapping[str, Any],
        *,
        state: str | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Add a state.

        Example:
            >>> stored = await api.create(world)
            >>> stored = await api.add_state(stored.id, {"base": "A pond under ice."}, state="pond")
            >>> stored.world.states["pond"].base
            'A pond under ice.'
        """
        return await self._run(self._calls.add_state(id, state, dict(fields), rev, idempotency_key))

    async def update_state(
        self,
        id: str,
        state: str,
        patch: Mapping[str, Any],
        *,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Change fields of a state: a value replaces the field, None removes it, and fields not named stay.

        Example:
            >>> stored = await api.create(world)
            >>> stored = await api.update_state(stored.id, "lane", {"narration": "Monday.", "arriveLabel": None})
            >>> stored.world.states["lane"].narration, stored.world.states["lane"].arrive_label
            ('Monday.', None)
        """
        return await self._run(
            self._calls.write_one(id, {"op": "update_state", "id": state, "patch": dict(patch)}, rev, idempotency_key)
        )

    async def delete_state(
        self, id: str, state: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete a state and what cannot stand without it; ``diagnostics`` of the result name that.

        Example:
            >>> stored = await api.create(world)
            >>> print((await api.delete_state(stored.id, "two_mittens")).diagnostics)
            info    event[hold_out_the_mitten].to: event "hold_out_the_mitten" lost its destination ...
        """
        return await self._run(self._calls.write_one(id, {"op": "delete_state", "id": state}, rev, idempotency_key))

    async def add_event(
        self, id: str, fields: Mapping[str, Any], *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Add an event.

        Example:
            >>> stored = await api.create(world)
            >>> nap = {"name": "take_a_nap", "kind": "override", "from": ["bench"], "base": "Eyes close."}
            >>> (await api.add_event(stored.id, nap)).world.events[-1].name
            'take_a_nap'
        """
        return await self._run(
            self._calls.write_one(id, {"op": "add_event", "event": dict(fields)}, rev, idempotency_key)
        )

    async def update_event(
        self,
        id: str,
        name: str,
        patch: Mapping[str, Any],
        *,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Change fields of an event: a value replaces the field, None removes it, and fields not named stay.

        Example:
            >>> stored = await api.create(world)
            >>> stored = await api.update_event(stored.id, "walk_up_the_lane", {"name": "climb_the_lane"})
            >>> stored.world.events[0].name
            'climb_the_lane'
        """
        return await self._run(
            self._calls.write_one(id, {"op": "update_event", "name": name, "patch": dict(patch)}, rev, idempotency_key)
        )

    async def delete_event(
        self, id: str, name: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Delete an event.

        Example:
            >>> stored = await api.create(world)
            >>> len((await api.delete_event(stored.id, "listen_to_the_leaves")).world.events)
            4
        """
        return await self._run(self._calls.write_one(id, {"op": "delete_event", "name": name}, rev, idempotency_key))

    async def set_entrance(
        self,
        id: str,
        state: str,
        *,
        image: Json | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Set the state in which play starts.

        Example:
            >>> stored = await api.create(world)
            >>> (await api.set_entrance(stored.id, "bench")).world.start
            'bench'
        """
        op = {"op": "set_entrance", "state": state, **wire.present(image=image)}
        return await self._run(self._calls.write_one(id, op, rev, idempotency_key))

    async def edit(
        self,
        id: str,
        instruction: str,
        *,
        verified: Sequence[str] | None = None,
        rev: str | None = None,
        idempotency_key: str | None = None,
    ) -> Edited:
        """Edit a world by an instruction in words, which the server's model carries out.

        Example:
            >>> stored = await api.create(world)
            >>> edited = await api.edit(stored.id, "Make the lane colder.")
            >>> edited.ok, edited.stored.world.states["lane"].base
            (True, 'Frost on pale stone.')
        """
        return await self._run(self._calls.edit(id, instruction, rev, idempotency_key, verified))

    async def validate(self, id: str, world: World | None = None) -> Validation:
        """Return whether a world is valid, as the server sees it.

        Example:
            >>> stored = await api.create(world)
            >>> (await api.validate(stored.id)).ok, (await api.validate(stored.id, wk.samples.load("broken"))).ok
            (True, False)
        """
        return await self._run(self._calls.validate(id, world))

    async def lint(self, id: str, world: World | None = None) -> Linting:
        """Return what the server's rules find in a world.

        Example:
            >>> stored = await api.create(world)
            >>> linting = await api.lint(stored.id)
            >>> linting.ok, linting.diagnostics[0].lint
            (True, 'sliver-evidence')
        """
        return await self._run(self._calls.lint(id, world))

    async def snapshot(
        self,
        id: str,
        title: str | None = None,
        *,
        parent: str | None = None,
        source: str | None = None,
        idempotency_key: str | None = None,
    ) -> Version:
        """Keep the world as it stands as a version; its revision stays.

        Example:
            >>> stored = await api.create(world)
            >>> version = await api.snapshot(stored.id, "first draft")
            >>> version.title, version.rev
            ('first draft', '0')
        """
        return await self._run(self._calls.snapshot(id, title, parent, source, idempotency_key))

    async def versions(self, id: str) -> Versions:
        """Return a world's versions, oldest first, as a tree.

        Example:
            >>> stored = await api.create(world)
            >>> first, second = await api.snapshot(stored.id, "first"), await api.snapshot(stored.id, "second")
            >>> [(version.title, version.parent == first.id) for version in await api.versions(stored.id)]
            [('first', False), ('second', True)]
        """
        return await self._run(self._calls.versions(id))

    async def version(self, id: str, version: str) -> World:
        """Return the world as it was in a version.

        Example:
            >>> stored = await api.create(world)
            >>> version = await api.snapshot(stored.id, "first draft")
            >>> stored = await api.delete_event(stored.id, "listen_to_the_leaves")
            >>> len(stored.world.events), len((await api.version(stored.id, version.id)).events)
            (4, 5)
        """
        return await self._run(self._calls.version(id, version))

    async def diff(self, id: str, a: str, b: str | None = None) -> Diff:
        """Return what differs between two versions of a world, computed here.

        Example:
            >>> stored = await api.create(world)
            >>> version = await api.snapshot(stored.id, "first draft")
            >>> stored = await api.apply(stored.id, [{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> print(await api.diff(stored.id, version.id))
            1 difference, 1 operation
            → state lane → road
        """
        return await self._run(self._calls.diff(id, a, b))

    async def version_diff(self, id: str, a: str, b: str) -> VersionDiff:
        """Return the ids and names of what differs between two versions, as the server says; ``diff`` returns more.

        Example:
            >>> stored = await api.create(world)
            >>> before = await api.snapshot(stored.id, "before")
            >>> stored = await api.delete_event(stored.id, "listen_to_the_leaves")
            >>> after = await api.snapshot(stored.id, "after")
            >>> (await api.version_diff(stored.id, before.id, after.id)).events["removed"]
            ('listen_to_the_leaves',)
        """
        return await self._run(self._calls.version_diff(id, a, b))

    async def checkout(
        self, id: str, version: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Go back to a version: its world becomes a new revision.

        Example:
            >>> stored = await api.create(world)
            >>> version = await api.snapshot(stored.id, "first draft")
            >>> stored = await api.delete_event(stored.id, "listen_to_the_leaves")
            >>> stored = await api.checkout(stored.id, version.id)
            >>> stored.rev, len(stored.world.events)
            ('2', 5)
        """
        return await self._run(self._calls.checkout(id, version, rev, idempotency_key))

    async def retitle(self, id: str, version: str, title: str) -> None:
        """Give a version another title.

        Example:
            >>> stored = await api.create(world)
            >>> version = await api.snapshot(stored.id, "first draft")
            >>> await api.retitle(stored.id, version.id, "the one we played")
            >>> [version.title for version in await api.versions(stored.id)]
            ['the one we played']
        """
        await self._run(self._calls.retitle(id, version, title))

    async def prune(self, id: str, version: str) -> None:
        """Delete a version; its children become those of its parent.

        Example:
            >>> stored = await api.create(world)
            >>> first, second = await api.snapshot(stored.id, "first"), await api.snapshot(stored.id, "second")
            >>> await api.prune(stored.id, first.id)
            >>> [version.title for version in await api.versions(stored.id)]
            ['second']
        """
        await self._run(self._calls.prune(id, version))

    async def session_token(
        self, id: str, *, player: str | None = None, origin: str | None = None, seconds: int | None = None
    ) -> SessionToken:
        """Create a short-lived token with which a page may play one world. It is metered.

        Example:
            >>> stored = await api.create(world)
            >>> session = await api.session_token(stored.id, player="Ada", seconds=60)
            >>> session.expires_in, session.world_id == stored.id
            (60.0, True)
        """
        return await self._run(self._calls.session_token(id, player, origin, seconds))

    async def connect(
        self, token: str, *, seconds: float | None = None, waiting: Callable[[int, int], None] | None = None
    ) -> Connection:
        """Open a play session with a session token, after waiting in line where that is needed.

        Example:
            >>> stored = await api.create(world)
            >>> session = await api.session_token(stored.id)
            >>> (await api.connect(session.token)).world.start
            'lane'
        """
        return await self._run(self._calls.connect(Secret(token), seconds, waiting or (lambda position, depth: None)))

    async def refresh(self, token: str) -> Connection:
        """Renew the stream of an open play session.

        Example:
            >>> stored = await api.create(world)
            >>> session = await api.session_token(stored.id)
            >>> connection = await api.connect(session.token)
            >>> connection = await api.refresh(session.token)
            >>> connection.expires_in > 200
            True
        """
        return await self._run(self._calls.refresh(Secret(token)))

    async def track(self, token: str, reactor_session: str) -> None:
        """Tell the server which stream a play session uses.

        Example:
            >>> stored = await api.create(world)
            >>> session = await api.session_token(stored.id)
            >>> connection = await api.connect(session.token)
            >>> await api.track(session.token, "stream-1")
        """
        await self._run(self._calls.track(Secret(token), reactor_session))

    async def end(self, token: str) -> int:
        """End a play session, and return its length in seconds.

        Example:
            >>> stored = await api.create(world)
            >>> session = await api.session_token(stored.id)
            >>> connection = await api.connect(session.token)
            >>> seconds = await api.end(session.token)
            >>> seconds < 60
            True
        """
        return await self._run(self._calls.end(Secret(token)))

    async def perceive(
        self,
        frame: str | os.PathLike[str] | bytes,
        *,
        room_name: str | None = None,
        room_description: str | None = None,
    ) -> Perceived:
        """Return what the server's vision model sees in a frame.

        Example:
            >>> seen = await api.perceive("lane.png", room_name="the lane")
            >>> seen.summary, seen.visible
            ('the lane', ('a door',))
        """
        return await self._run(self._calls.perceive(frame, room_name, room_description))

    async def ground(self, frame: str | os.PathLike[str] | bytes, labels: Sequence[str]) -> tuple[Hotspot, ...]:
        """Return where the server's vision model sees things in a frame.

        Example:
            >>> [spot] = await api.ground("lane.png", ["bench"])
            >>> spot.label, spot.bbox
            ('bench', (0.0, 0.0, 1.0, 1.0))
        """
        return await self._run(self._calls.ground(frame, labels))

    async def seed_frame(
        self, prompt: str, *, pov: str | None = None, mood: str | None = None, style: str | None = None
    ) -> SeedFrame:
        """Generate a first picture.

        Example:
            >>> (await api.seed_frame("A lane in the fog", mood="quiet")).mime_type
            'image/png'
        """
        return await self._run(self._calls.seed_frame(prompt, pov, mood, style))

    async def usage(self) -> Usage:
        """Return how much of the day's quota is used."""
        return await self._run(self._calls.usage())

    async def apps(self) -> Sequence[App]:
        """Return the account's apps."""
        return await self._run(self._calls.apps())

    async def create_app(self, name: str) -> App:
        """Create an app, which owns worlds, sessions and usage.

        Example:
            >>> app = await api.create_app("Stories")
            >>> app.name, app.mode_default
            ('Stories', 'test')
        """
        return await self._run(self._calls.create_app(name))

    async def update_app(self, app: str, **fields: Any) -> App:
        """Change an app.

        Example:
            >>> app = await api.create_app("Stories")
            >>> app = await api.update_app(app.id, embedding_origins=["https://example.org"])
            >>> app.embedding_origins
            ('https://example.org',)
        """
        return await self._run(self._calls.update_app(app, fields))

    async def keys(self, app: str) -> Sequence[AppKey]:
        """Return the API keys of an app, without the keys themselves.

        Example:
            >>> app = await api.create_app("Stories")
            >>> key = await api.create_key(app.id, name="the website")
            >>> [(key.name, key.kind) for key in await api.keys(app.id)]
            [('the website', 'publishable')]
        """
        return await self._run(self._calls.keys(app))

    async def create_key(
        self,
        app: str,
        *,
        kind: Literal["publishable", "secret"] = "publishable",
        mode: Literal["test", "live"] = "test",
        name: str | None = None,
    ) -> AppKey:
        """Create an API key. Only this call returns its ``key``.

        Example:
            >>> app = await api.create_app("Stories")
            >>> key = await api.create_key(app.id, kind="secret", name="build server")
            >>> key.prefix, key.scopes
            ('sk_test_', ('worlds:read', 'worlds:write', 'sessions:mint'))
        """
        return await self._run(self._calls.create_key(app, kind, mode, name))

    async def revoke_key(self, app: str, key: str) -> None:
        """Revoke an API key; the server refuses it from then on.

        Example:
            >>> app = await api.create_app("Stories")
            >>> key = await api.create_key(app.id)
            >>> await api.revoke_key(app.id, key.id)
            >>> [key.revoked_at is None for key in await api.keys(app.id)]
            [False]
        """
        await self._run(self._calls.revoke_key(app, key))

    async def webhooks(self, app: str) -> Sequence[Webhook]:
        """Return the webhooks of an app, without their secrets.

        Example:
            >>> app = await api.create_app("Stories")
            >>> webhook = await api.create_webhook(app.id, "https://example.org/hook")
            >>> [webhook.url for webhook in await api.webhooks(app.id)]
            ['https://example.org/hook']
        """
        return await self._run(self._calls.webhooks(app))

    async def create_webhook(self, app: str, url: str, *, events: Sequence[str] | None = None) -> Webhook:
        """Register an address that the server calls when something happened (docs/spec/webhooks.md).

        Example:
            >>> app = await api.create_app("Stories")
            >>> webhook = await api.create_webhook(app.id, "https://example.org/hook")
            >>> webhook.events, webhook.enabled
            (('world.generation.succeeded', 'world.generation.failed'), True)
        """
        return await self._run(self._calls.create_webhook(app, url, events))

    async def delete_webhook(self, app: str, webhook: str) -> None:
        """Delete a webhook.

        Example:
            >>> app = await api.create_app("Stories")
            >>> webhook = await api.create_webhook(app.id, "https://example.org/hook")
            >>> await api.delete_webhook(app.id, webhook.id)
            >>> await api.webhooks(app.id)
            []
        """
        await self._run(self._calls.delete_webhook(app, webhook))

    _sender: Sender
    _sleep: Callable[[float], Awaitable[None]]

    async def _run(self, call: Call[Result]) -> Result:
        """Take every step of a call, and return what it comes to."""
        outer_error = sys.exception()
        try:
            return await self._run_steps(call)
        except BaseException as error:
            take_frames(error, True, outer_error)  # they hold answers, which may hold a new key
            raise

    async def _run_steps(self, call: Call[Result]) -> Result:
        resume: Callable[[Any], Step] = call.send
        value: Any = None
        while True:
            try:
                step = resume(value)
            except StopIteration as stop:
                result: Result = stop.value
                return result
            try:
                resume, value = call.send, await self._take(step)
            except BaseException as error:
                resume, value = call.throw, error

    async def _take(self, step: Step) -> Any:
        match step:
            case Send(request):
                return self._calls.observe(await self._sender.send(self._check_scope(request)))
            case Pause(seconds):
                return await self._sleep(seconds)
            case LogLine(line):
                return self._note(line)
            case Work(function):
                return await asyncio.to_thread(function)
