"""A world as it stood in a store when it was read, and what the world remembers of that store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
        store: The store.
        id: The world's id there.
        version: The version it stood on.
        read_revision: Returns the revision it is at now.
    """

    store: WorldStore
    id: str
    version: str | None
    read_revision: Callable[[], str]

    def revision(self) -> str:
        """Return the revision the world is at now."""
        return self.read_revision()


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
        """Where it lives."""
        if self._store is None:
            raise StoreError(
                "this StoredWorld was made by hand, or by an AsyncClient; get one from a store, or await the calls "
                "of the client"
            )
        return self._store

    def reload(self) -> StoredWorld:
        """Return it as it stands now."""
        return self.store.get(self.id)

    def apply(self, ops: Ops, *, strict: bool = False, idempotency_key: str | None = None) -> StoredWorld:
        """Write a batch of operations made against this revision; refused when the store is further on.

        Raises:
            Conflict: Somebody else wrote first.
        """
        return self.store.apply(self.id, ops, rev=self.rev, strict=strict, idempotency_key=idempotency_key)

    def fork(self, *, name: str | None = None) -> StoredWorld:
        """Make a world of its own that begins as a copy; it records where it came from."""
        return self.store.fork(self.id, name=name)

    def snapshot(self, title: str | None = None) -> Version:
        """Keep the world as it stands in the store as a version."""
        return self.store.snapshot(self.id, title)

    def versions(self) -> Versions:
        """Return its versions."""
        return self.store.versions(self.id)

    def diff(self, a: str, b: str) -> Diff:
        """Return what differs between two of its versions."""
        return self.store.diff(self.id, a, b)

    def checkout(self, version: str) -> StoredWorld:
        """Make it what it was in a version, as a new revision."""
        return self.store.checkout(self.id, version)

    def rename(self, name: str) -> StoredWorld:
        """Give it another name; that is no new revision."""
        return self.store.rename(self.id, name)

    def prune(self, version: str) -> None:
        """Forget a version; its children go to its parent."""
        self.store.prune(self.id, version)

    def delete(self) -> None:
        """Delete it with all its versions."""
        self.store.delete(self.id)

    def __repr__(self) -> str:
        return f"StoredWorld {self.id} at revision {self.rev}: {self.world!r}"
