"""A world as it stood in a store when it was read, and what the world remembers of that store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import StoreError
from worldkit.stores.versions import Version, Versions
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff
    from worldkit.stores.protocol import WorldStore

Ops = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class StoreBinding:
    """The store that a world value was read from; ``world.apply(rev=)`` asks it for the current revision.

    Attributes:
        id: The world's id there.
        version: The version it stood on.
    """

    store: WorldStore
    id: str
    version: str | None

    def revision(self) -> str:
        """Return the revision the world is at now."""
        return self.store.get(self.id).rev


@checked_methods
@dataclass(frozen=True, slots=True)
class StoredWorld:
    """A world as it stood in a store when it was read; its methods act on the store.

    Attributes:
        id: Its id in the store.
        name: Its name.
        world: The world, a value like any other.
        rev: Its revision: a decimal string of a counter that only grows.
        version: The version it stands on, where the store says so.
        parent: Id of the world it was forked from.
        parent_version: The version it was forked from, None if the parent stood on none.
        diagnostics: What the edit that led here took along.

    Example:
        >>> stored = wk.Store("worlds.db").create(world)
        >>> version = stored.snapshot("first draft")
        >>> later = stored.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
        >>> [version.title for version in later.versions()]
        ['first draft']
    """

    id: str
    name: str
    world: World
    rev: str
    version: str | None = None
    parent: str | None = None
    parent_version: str | None = None
    diagnostics: Diagnostics = field(default_factory=Diagnostics, compare=False)
    _store: WorldStore | None = field(default=None, repr=False, compare=False)

    @property
    def store(self) -> WorldStore:
        """The store that the world lives in."""
        if self._store is None:
            raise StoreError(
                "this StoredWorld was made by hand, or by an AsyncClient; get one from a store, or await the calls "
                "of the client"
            )
        return self._store

    def reload(self) -> StoredWorld:
        """Return the world as it stands now.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> later = store.apply(stored.id, [{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> stored.rev, stored.reload().rev
            ('0', '1')
        """
        return self.store.get(self.id)

    def apply(self, ops: Ops, *, strict: bool = False, idempotency_key: str | None = None) -> StoredWorld:
        """Write a batch of operations made against this revision; refused when the store holds a later one.

        Args:
            ops: The operations (docs/spec/ops.md).
            strict: Refuse them if they introduce an error-level lint that was not there before.
            idempotency_key: The same key again returns the first result and changes nothing.

        Raises:
            Conflict: Somebody else wrote first.

        Example:
            >>> stored = wk.Store("worlds.db").create(world)
            >>> later = stored.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> later.rev, len(stored.world.events), len(later.world.events)
            ('1', 5, 4)
            >>> stored.apply([{"op": "delete_event", "name": "walk_up_the_lane"}])
            Traceback (most recent call last):
            worldkit.core.errors.Conflict: ...
        """
        return self.store.apply(self.id, ops, rev=self.rev, strict=strict, idempotency_key=idempotency_key)

    def fork(self, *, name: str | None = None) -> StoredWorld:
        """Make a new world that begins as a copy of this one and records where it came from.

        Example:
            >>> stored = wk.Store("worlds.db").create(world)
            >>> copy = stored.fork(name="The Blue Mitten")
            >>> copy.name, copy.parent == stored.id
            ('The Blue Mitten', True)
        """
        return self.store.fork(self.id, name=name)

    def snapshot(self, title: str | None = None) -> Version:
        """Keep the world as it stands in the store now as a version.

        Example:
            >>> stored = wk.Store("worlds.db").create(world)
            >>> version = stored.snapshot("first draft")
            >>> stored.reload().version == version.id
            True
        """
        return self.store.snapshot(self.id, title)

    def versions(self) -> Versions:
        """Return the world's versions, oldest first.

        Example:
            >>> stored = wk.Store("worlds.db").create(world)
            >>> first, second = stored.snapshot("first"), stored.snapshot("second")
            >>> [version.title for version in stored.versions()]
            ['first', 'second']
        """
        return self.store.versions(self.id)

    def diff(self, a: str, b: str) -> Diff:
        """Return what differs between two of its versions.

        Example:
            >>> stored = wk.Store("worlds.db").create(world)
            >>> before = stored.snapshot("before")
            >>> after = stored.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}]).snapshot("after")
            >>> print(stored.diff(before.id, after.id))
            1 difference, 1 operation
            − event listen_to_the_leaves
        """
        return self.store.diff(self.id, a, b)

    def checkout(self, version: str) -> StoredWorld:
        """Go back to a version: its world becomes a new revision.

        Example:
            >>> stored = wk.Store("worlds.db").create(world)
            >>> version = stored.snapshot("first draft")
            >>> later = stored.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> later.checkout(version.id).world == world
            True
        """
        return self.store.checkout(self.id, version)

    def rename(self, name: str) -> StoredWorld:
        """Give the world another name; its revision stays.

        Example:
            >>> wk.Store("worlds.db").create(world).rename("Two Mittens").name
            'Two Mittens'
        """
        return self.store.rename(self.id, name)

    def prune(self, version: str) -> None:
        """Delete a version; its children become those of its parent.

        Example:
            >>> stored = wk.Store("worlds.db").create(world)
            >>> first, second = stored.snapshot("first"), stored.snapshot("second")
            >>> stored.prune(first.id)
            >>> [version.title for version in stored.versions()]
            ['second']
        """
        self.store.prune(self.id, version)

    def delete(self) -> None:
        """Delete the world with all its versions.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> stored.delete()
            >>> stored.id in store
            False
        """
        self.store.delete(self.id)

    def __repr__(self) -> str:
        return f"StoredWorld {self.id} at revision {self.rev}: {self.world!r}"
