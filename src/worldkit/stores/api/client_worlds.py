"""The calls of ``Client`` on worlds: create, generate, get, list, describe, fork, delete."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal, overload

from worldkit.core.argument_ranges import expect_amount
from worldkit.stores.api import wire
from worldkit.stores.api.calls import Progress, progress_or_line
from worldkit.stores.api.client_runner import ClientRunner
from worldkit.stores.api.results import Job
from worldkit.stores.pages import Page, WorldRef
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World


class ClientWorlds(ClientRunner):
    """The calls on worlds."""

    def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld:
        """Store a new world.

        A hosted server takes no documents. It makes a world from a premise, which costs a generation; operations turn
        it into this one. Where they cannot, it is deleted again. What the server made, the document lacks and no
        operation removes stays, and ``diagnostics`` name it as ``not-sent``.

        Args:
            world: The world.
            name: Its name, if not the document's.
            idempotency_key: The same key again returns the first result and creates nothing.

        Raises:
            NotExpressible: The server takes no documents, and it has no operation for a part of this one. What the
                document itself holds is looked at before anything is charged.

        Example:
            >>> stored = api.create(world, name="The lane")
            >>> stored.name, stored.rev
            ('The lane', '0')
        """
        return self._run(self._calls.create(world, name, idempotency_key))

    @overload
    def generate(
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
    def generate(
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
    def generate(
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

        Args:
            premise: What the world is about.
            name: Its name.
            pov: Whose eyes it is seen through, in the server's words.
            frame: Its first picture: a path, bytes, base64, a ``data:`` URL, or an address for the server to fetch.
            seed: Same premise and seed, same world, where the server can promise that.
            wait: Wait until it is made; else return the job at once, for ``wait``.
            progress: Called with how much is done, of how much, and what. By default one line in a notebook or a
                terminal.
            seconds: How long to wait at the most; None waits until it is done.
            idempotency_key: The same key again returns the first result and is charged once.

        Raises:
            QuotaExceeded: The quota is used up; nothing was charged.
            JobFailed: It was not made; says why.
            KeyboardInterrupt: Its ``job_id`` names the job. A server of worldkit cancels it; at another it goes on, and
                when a task of asyncio is cancelled.

        Example:
            >>> stored = api.generate("A lighthouse keeper must relight the lamp.", seed=1)
            >>> stored.world.name
            'The Lighthouse'
        """
        expect_amount(seconds, "seconds", or_none=True)
        job = self._run(self._calls.generate(premise, name, pov, frame, seed, idempotency_key))
        if not wait:
            return job
        return self._run(self._calls.job_result(job, progress_or_line(progress), seconds))

    def job(self, id: str) -> Job:
        """Return the status of a job.

        Example:
            >>> job = api.generate("A lighthouse keeper must relight the lamp.", wait=False)
            >>> stored = api.wait(job.id)
            >>> api.job(job.id).status, api.job(job.id).world_id == stored.id
            ('succeeded', True)
        """
        return self._run(self._calls.job(id))

    def cancel(self, id: str) -> Job:
        """Cancel a job, at a server of worldkit; what it was charged is given back.

        Args:
            id: The job's id.

        Returns:
            The job; one that had ended already stays as it was.

        Raises:
            ApiNotFound: There is no such job, or the server cancels none.

        Example:
            >>> job = api.generate("A lighthouse keeper must relight the lamp.", wait=False)
            >>> api.cancel(job.id).done
            True
        """
        return self._run(self._calls.cancel(id))

    def wait(self, id: str, *, progress: Progress | None = None, seconds: float | None = None) -> StoredWorld:
        """Wait for a job, and return the world that it made.

        Args:
            id: The job's id.
            progress, seconds: As for ``generate``.

        Example:
            >>> job = api.generate("A lighthouse keeper must relight the lamp.", wait=False)
            >>> stored = api.wait(job.id, progress=lambda done, total, what: None)
            >>> len(stored.world.states)
            6
        """
        return self._run(self._calls.job_result(id, progress_or_line(progress), seconds))

    def get(self, id: str) -> StoredWorld:
        """Return a world as it stands now.

        Raises:
            NotFound: There is none of that id.

        Example:
            >>> stored = api.create(world)
            >>> api.get(stored.id).world == world
            True
        """
        return self._run(self._calls.get(id))

    def __getitem__(self, key: str) -> StoredWorld:
        """Return a world by its id or its name.

        Raises:
            NotFound: There is none, or several have that name.

        Example:
            >>> stored = api.create(world, name="The lane")
            >>> api["The lane"].id == stored.id
            True
        """
        return self._run(self._calls.find(key))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and bool(self._run(self._calls.ids_of(key)))

    def __iter__(self) -> Iterator[WorldRef]:
        return iter(self.list(limit=wire.FULL_LIST_PAGE_SIZE))

    def list(self, *, limit: int = 50, cursor: str | None = None) -> Page[WorldRef]:
        """Return one page of the worlds, newest first; iterating goes on through the pages after it.

        Args:
            limit: Worlds on a page, 1 to 500.
            cursor: ``next_cursor`` of the page before.

        Example:
            >>> for name in ("The lane", "The pond", "The mill"):
            ...     stored = api.create(world, name=name)
            >>> page = api.list(limit=2)
            >>> [ref.name for ref in page.items]
            ['The mill', 'The pond']
            >>> page = api.list(limit=2, cursor=page.next_cursor)
            >>> [ref.name for ref in page.items]
            ['The lane']
        """
        refs, after = self._run(self._calls.page(limit, cursor))
        return Page(refs, after, lambda at: self.list(limit=limit, cursor=at))

    def rename(self, id: str, name: str) -> StoredWorld:
        """Give a world another name; its revision stays.

        Example:
            >>> stored = api.create(world, name="The lane")
            >>> stored = api.rename(stored.id, "The frozen lane")
            >>> stored.name, stored.rev
            ('The frozen lane', '0')
        """
        return self._run(self._calls.rename(id, name))

    def describe(self, id: str, **fields: str | None) -> WorldRef:
        """Set what a list shows of a world; its revision stays.

        Args:
            id: The world's id.
            **fields: Any of ``name``, ``description``, ``cover`` (None removes it) and ``visibility``.

        Raises:
            TypeError: There is no such field.

        Example:
            >>> stored = api.create(world)
            >>> api.describe(stored.id, description="A walk in November.").description
            'A walk in November.'
        """
        return self._run(self._calls.describe(id, fields))

    def delete(self, id: str) -> None:
        """Delete a world with all its versions.

        Example:
            >>> stored = api.create(world)
            >>> api.delete(stored.id)
            >>> api.list().items
            ()
        """
        self._run(self._calls.delete(id))

    def fork(
        self, id: str, *, name: str | None = None, version: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make a new world that begins as a copy of another.

        Args:
            id: The world to copy.
            name: The copy's name; by default what the server calls it.
            version: Copy this version instead of the world as it stands.
            idempotency_key: The same key again returns the first result.

        Example:
            >>> stored = api.create(world)
            >>> version = api.snapshot(stored.id, "first draft")
            >>> copy = api.fork(stored.id, name="The winter walk", version=version.id)
            >>> copy.name, copy.parent == stored.id
            ('The winter walk', True)
        """
        return self._run(self._calls.fork(id, name, version, idempotency_key))
