# Written by scripts/async_client.py from client_versions.py. Change that file and run the script.
"""The calls of ``AsyncClient`` on the versions of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked_methods
from worldkit.stores.api.async_client_runner import AsyncClientRunner
from worldkit.stores.api.results import VersionDiff
from worldkit.stores.stored_world import StoredWorld
from worldkit.stores.versions import Version, Versions
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff


@checked_methods
class AsyncClientVersions(AsyncClientRunner):
    """The calls on versions."""

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

        Args:
            id: The world's id.
            title: What to call it; by default what the server calls it.
            parent: Id of the version it comes after; by default the one the world stands on.
            source: What makes it.
            idempotency_key: The same key again returns the first result.

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

        Args:
            id: The world's id.
            a: The version before.
            b: The version after; None takes the world as it stands.

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

        Args:
            id: The world's id.
            a: The version before.
            b: The version after.

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

        Args:
            id: The world's id.
            version: The version.
            rev, idempotency_key: As for ``apply``.

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

        Raises:
            HeadVersion: The world stands on it.

        Example:
            >>> stored = await api.create(world)
            >>> first, second = await api.snapshot(stored.id, "first"), await api.snapshot(stored.id, "second")
            >>> await api.prune(stored.id, first.id)
            >>> [version.title for version in await api.versions(stored.id)]
            ['second']
        """
        await self._run(self._calls.prune(id, version))
