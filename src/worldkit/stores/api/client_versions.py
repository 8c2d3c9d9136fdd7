"""The calls of ``Client`` on the versions of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.stores.api.client_runner import ClientRunner
from worldkit.stores.api.results import VersionDiff
from worldkit.stores.stored_world import StoredWorld
from worldkit.stores.versions import Version, Versions
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff


class ClientVersions(ClientRunner):
    """The calls on versions."""

    def snapshot(
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
            >>> stored = api.create(world)
            >>> version = api.snapshot(stored.id, "first draft")
            >>> version.title, version.rev
            ('first draft', '0')
        """
        return self._run(self._calls.snapshot(id, title, parent, source, idempotency_key))

    def versions(self, id: str) -> Versions:
        """Return a world's versions, oldest first, as a tree.

        Example:
            >>> stored = api.create(world)
            >>> first, second = api.snapshot(stored.id, "first"), api.snapshot(stored.id, "second")
            >>> [(version.title, version.parent == first.id) for version in api.versions(stored.id)]
            [('first', False), ('second', True)]
        """
        return self._run(self._calls.versions(id))

    def version(self, id: str, version: str) -> World:
        """Return the world as it was in a version.

        Example:
            >>> stored = api.create(world)
            >>> version = api.snapshot(stored.id, "first draft")
            >>> stored = api.delete_event(stored.id, "listen_to_the_leaves")
            >>> len(stored.world.events), len(api.version(stored.id, version.id).events)
            (4, 5)
        """
        return self._run(self._calls.version(id, version))

    def diff(self, id: str, a: str, b: str | None = None) -> Diff:
        """Return what differs between two versions of a world, computed here.

        Args:
            id: The world's id.
            a: The version before.
            b: The version after; None takes the world as it stands.

        Example:
            >>> stored = api.create(world)
            >>> version = api.snapshot(stored.id, "first draft")
            >>> stored = api.apply(stored.id, [{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> print(api.diff(stored.id, version.id))
            1 difference, 1 operation
            → state lane → road
        """
        return self._run(self._calls.diff(id, a, b))

    def version_diff(self, id: str, a: str, b: str) -> VersionDiff:
        """Return the ids and names of what differs between two versions, as the server says; ``diff`` returns more.

        Args:
            id: The world's id.
            a: The version before.
            b: The version after.

        Example:
            >>> stored = api.create(world)
            >>> before = api.snapshot(stored.id, "before")
            >>> stored = api.delete_event(stored.id, "listen_to_the_leaves")
            >>> after = api.snapshot(stored.id, "after")
            >>> api.version_diff(stored.id, before.id, after.id).events["removed"]
            ('listen_to_the_leaves',)
        """
        return self._run(self._calls.version_diff(id, a, b))

    def checkout(
        self, id: str, version: str, *, rev: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Go back to a version: its world becomes a new revision.

        Args:
            id: The world's id.
            version: The version.
            rev, idempotency_key: As for ``apply``.

        Example:
            >>> stored = api.create(world)
            >>> version = api.snapshot(stored.id, "first draft")
            >>> stored = api.delete_event(stored.id, "listen_to_the_leaves")
            >>> stored = api.checkout(stored.id, version.id)
            >>> stored.rev, len(stored.world.events)
            ('2', 5)
        """
        return self._run(self._calls.checkout(id, version, rev, idempotency_key))

    def retitle(self, id: str, version: str, title: str) -> None:
        """Give a version another title.

        Example:
            >>> stored = api.create(world)
            >>> version = api.snapshot(stored.id, "first draft")
            >>> api.retitle(stored.id, version.id, "the one we played")
            >>> [version.title for version in api.versions(stored.id)]
            ['the one we played']
        """
        self._run(self._calls.retitle(id, version, title))

    def prune(self, id: str, version: str) -> None:
        """Delete a version; its children become those of its parent.

        Raises:
            HeadVersion: The world stands on it.

        Example:
            >>> stored = api.create(world)
            >>> first, second = api.snapshot(stored.id, "first"), api.snapshot(stored.id, "second")
            >>> api.prune(stored.id, first.id)
            >>> [version.title for version in api.versions(stored.id)]
            ['second']
        """
        self._run(self._calls.prune(id, version))
