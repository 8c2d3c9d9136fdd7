"""The interface that every store of worlds offers: a local store, the hosted API, a server of your own.

``WorldStore`` declares the calls; the other classes are their results. Code that uses a ``StoredWorld`` need not know
which store it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload, runtime_checkable

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import StoreError
from worldkit.core.json_values import escape_unprintable
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff

Item = TypeVar("Item")
VERSION_SOURCES = ("save", "branch", "manual", "ai", "import")
"""What can make a version (docs/spec/api-v1.md, "Versions")."""
Ops = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class WorldRef:
    """One line of a list of worlds: everything but the world itself.

    Attributes:
        id: Its id in the place where it lives.
        name: Its name; ``"untitled"`` when the document has none.
        description: The document's description.
        cover: URL of its picture.
        visibility: Who may see it, such as ``"private"``.
        slug: Its name in public addresses, where it has one.
        updated_at: When it last changed, in UTC, where the place says so.
        created_at: When it was created, in UTC, where the place says so.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> [ref] = store.list()
        >>> ref.name
        'The Red Mitten'
    """

    id: str
    name: str
    description: str | None = None
    cover: str | None = None
    visibility: str | None = None
    slug: str | None = None
    updated_at: datetime | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A snapshot of a world that one can go back to.

    Attributes:
        id: Its id, unique within its world.
        parent: Id of the version it was made from, None for a root.
        title: What it was called.
        source: What made it: ``"save"``, ``"branch"``, ``"manual"``, ``"ai"`` or ``"import"``.
        created_at: When, in UTC, where the place says so.
        rev: The world's revision at that moment, where the place says so.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> version = store.create(world).snapshot("first draft")
        >>> version.title
        'first draft'
    """

    id: str
    parent: str | None
    title: str
    source: str | None = None
    created_at: datetime | None = None
    rev: str | None = None


@checked_methods
class Versions(Sequence[Version]):
    """The versions of a world, oldest first: a sequence, and a tree by their parents.

    Attributes:
        head: Id of the version the world now stands on: the last one checked out, or kept after the one before it.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> version = stored.snapshot("first draft")
        >>> len(stored.versions())
        1
    """

    def __init__(self, versions: Iterable[Version], head: str | None = None) -> None:
        self._all = tuple(versions)
        self.head = head

    @overload
    def __getitem__(self, index: int) -> Version: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Version, ...]: ...
    def __getitem__(self, index: int | slice) -> Version | tuple[Version, ...]:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    @property
    def roots(self) -> tuple[Version, ...]:
        """The versions without a parent."""
        return self.children(None)

    def children(self, version: str | None) -> tuple[Version, ...]:
        """Return the versions made from a version.

        Args:
            version: Its id; None for the roots.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> draft, second = stored.snapshot("first draft"), stored.snapshot("second draft")
            >>> [version.title for version in stored.versions().children(draft.id)]
            ['second draft']
        """
        return tuple(candidate for candidate in self._all if candidate.parent == version)

    def __repr__(self) -> str:
        children: dict[str | None, list[Version]] = {}
        for version in self._all:
            children.setdefault(version.parent, []).append(version)
        lines = []
        pending = [(0, version) for version in reversed(children.get(None, ()))]
        while pending:
            depth, version = pending.pop()
            marker = "  <- head" if version.id == self.head else ""
            lines.append(f"{'  ' * depth}{version.id}  {escape_unprintable(version.title)}{marker}")
            pending += [(depth + 1, child) for child in reversed(children.get(version.id, ()))]
        return "\n".join(lines) or "no versions"


@checked_methods
class Page(Generic[Item]):
    """One page of a list; iterating goes on through the pages after it.

    Attributes:
        items: What is on this page.
        next_cursor: What to pass as ``cursor`` for the page after; None on the last.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> store.list()
        Page of 1, the last
    """

    def __init__(
        self, items: Iterable[Item], next_cursor: str | None, fetch: Callable[[str], Page[Item]] | None = None
    ) -> None:
        self.items: tuple[Item, ...] = tuple(items)
        self.next_cursor = next_cursor
        self._fetch = fetch

    def next(self) -> Page[Item] | None:
        """Return the page after this one, None when this is the last."""
        if self.next_cursor is None or self._fetch is None:
            return None
        return self._fetch(self.next_cursor)

    def __iter__(self) -> Iterator[Item]:
        page: Page[Item] | None = self
        while page is not None:
            yield from page.items
            page = page.next()

    def __repr__(self) -> str:
        more = "more follow" if self.next_cursor else "the last"
        return f"Page of {len(self.items)}, {more}"


class EditableWorld(Protocol):
    """A world as it was read from a store: what an editor needs to know of it.

    Attributes:
        id: Its id in the place where it lives.
        name: Its name.
        world: The world.
        rev: Its revision there; two are the same only when nothing was written between.
    """

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def world(self) -> World: ...
    @property
    def rev(self) -> str: ...


class EditableStore(Protocol):
    """What an editor needs of a store: a store, a service or a file. Every ``WorldStore`` is one.

    It may also have a ``label`` for people, ``layout`` and ``place`` for the positions of cards, and ``annotations``
    and ``annotate`` for what else a writer puts on the map. Of a service with a ``base_url`` that has none of these, an
    editor keeps the map on this computer.
    """

    def get(self, id: str) -> EditableWorld:
        """Return a world as it stands now."""

    def apply(self, id: str, ops: Ops, *, rev: str | None = None, idempotency_key: str | None = None) -> EditableWorld:
        """Apply a batch of operations, all or none, and keep what it makes before returning.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            OpError: An operation was refused; nothing was written.
        """


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
        """The store that the world lives in."""
        if self._store is None:
            raise StoreError(
                "this StoredWorld was made by hand, or by an AsyncClient; get one from a store, or await the calls "
                "of the client"
            )
        return self._store

    def reload(self) -> StoredWorld:
        """Return the world as it stands now."""
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
        """Return the world's versions, oldest first."""
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
        """Delete the world with all its versions."""
        self.store.delete(self.id)

    def __repr__(self) -> str:
        return f"StoredWorld {self.id} at revision {self.rev}: {self.world!r}"


@runtime_checkable
class WorldStore(Protocol):
    """A place where worlds live: the calls that a ``Store`` and a ``Client`` have in common."""

    def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld:
        """Keep a new world.

        Args:
            world: The world.
            name: Its name, if not the document's.
            idempotency_key: The same key again returns the first result and creates nothing.
        """

    def get(self, id: str) -> StoredWorld:
        """Return a world as it stands now.

        Raises:
            NotFound: There is none of that id.
        """

    def __getitem__(self, key: str) -> StoredWorld:
        """Return a world by its id or its name.

        Raises:
            NotFound: There is none, or several have that name.
        """

    def list(self, *, limit: int = 50, cursor: str | None = None) -> Page[WorldRef]:
        """Return one page of the worlds, newest first.

        Args:
            limit: Worlds on a page.
            cursor: ``next_cursor`` of the page before.
        """

    def apply(
        self,
        id: str,
        ops: Ops,
        *,
        rev: str | None = None,
        strict: bool = False,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Apply a batch of operations, all or none (docs/spec/ops.md).

        Args:
            id: The world's id.
            ops: The operations.
            rev: The revision they were made against; None takes whatever is current.
            strict: Refuse them if they introduce an error-level lint that was not there before.
            idempotency_key: The same key again returns the first result and changes nothing.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            OpError: An operation was refused; nothing was written.
            RuleViolation: ``strict``, and new errors would appear; nothing was written.
        """

    def fork(
        self, id: str, *, name: str | None = None, version: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make a world of its own that begins as a copy.

        Args:
            id: The world to copy.
            name: The copy's name; by default the same with " (fork)".
            version: Copy this version instead of the world as it stands.
            idempotency_key: The same key again returns the first result.
        """

    def snapshot(
        self,
        id: str,
        title: str | None = None,
        *,
        parent: str | None = None,
        source: str | None = None,
        idempotency_key: str | None = None,
    ) -> Version:
        """Keep the world as it stands as a version; that is no new revision.

        After the version that the world stands on, the world then stands on the new one. After an older version it is
        a branch, and the world stays where it stands.

        Args:
            id: The world's id.
            title: What to call it; by default "Revision <rev>".
            parent: Id of the version it comes after; by default the one the world stands on.
            source: What makes it: ``"save"`` by default, ``"branch"``, ``"manual"``, ``"ai"`` or ``"import"``.
            idempotency_key: The same key again returns the first result.
        """

    def versions(self, id: str) -> Versions:
        """Return a world's versions, oldest first, as a tree."""

    def version(self, id: str, version: str) -> World:
        """Return the world as it was in a version."""

    def diff(self, id: str, a: str, b: str) -> Diff:
        """Return what differs between two versions of a world."""

    def checkout(self, id: str, version: str) -> StoredWorld:
        """Make the world what it was in a version, as a new revision.

        Its name, description and cover are not a version's: they stay.
        """

    def rename(self, id: str, name: str) -> StoredWorld:
        """Give a world another name; that is no new revision."""

    def prune(self, id: str, version: str) -> None:
        """Forget a version; its children go to its parent.

        Raises:
            HeadVersion: The world stands on it.
        """

    def delete(self, id: str) -> None:
        """Delete a world with all its versions."""
