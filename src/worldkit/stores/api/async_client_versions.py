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
        """Keep the world as it stands as a version; that is no new revision.

        Args:
            id: The world's id.
            title: What to call it; by default what the server calls it.
            parent: Id of the version it comes after; by default the one the world stands on.
            source: What makes it.
            idempotency_key: The same key again returns the first result.
        """
        return await self._run(self._calls.snapshot(id, title, parent, source, idempotency_key))

    async def versions(self, id: str) -> Versions:
        """Return a world's versions, oldest first, as a tree."""
        return await self._run(self._calls.versions(id))

    async def version(self, id: str, version: str) -> World:
        """Return the world as it was in a version."""
        return await self._run(self._calls.version(id, version))

    async def diff(self, id: str, a: str, b: str | None = None) -> Diff:
        """Return what differs between two versions of a world, worked out here.

        Args:
            id: The world's id.
            a: The version before.
            b: The version after; None takes the world as it stands.
        """
        return await self._run(self._calls.diff(id, a, b))

    async def version_diff(self, id: str, a: str, b: str) -> VersionDiff:
        """Return what the server says differs between two versions: ids and names; ``diff`` says it in full.

        Args:
            id: The world's id.
            a: The version before.
            b: The version after.
        """
        return await self._run(self._calls.version_diff(id, a, b))

    async def checkout(
        self, id: str, version: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make the world what it was in a version, as a new revision.

        Args:
            id: The world's id.
            version: The version.
            rev, idempotency_key: As for ``apply``.
        """
        return await self._run(self._calls.checkout(id, version, rev, idempotency_key))

    async def retitle(self, id: str, version: str, title: str) -> None:
        """Give a version another title."""
        await self._run(self._calls.retitle(id, version, title))

    async def prune(self, id: str, version: str) -> None:
        """Forget a version; its children go to its parent.

        Raises:
            HeadVersion: The world stands on it.
        """
        await self._run(self._calls.prune(id, version))
