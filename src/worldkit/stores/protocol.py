"""The interface that every store of worlds offers: a local store, the hosted API, a server of your own.

``WorldStore`` declares the calls; ``stored_world``, ``versions`` and ``pages`` hold their results. Code that uses a
``StoredWorld`` need not know which store it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from worldkit.core.json_values import escape_unprintable
from worldkit.stores.pages import Page, WorldRef
from worldkit.stores.stored_world import Ops, StoredWorld
from worldkit.stores.versions import Version, Versions
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff


class EditableWorld(Protocol):
    """A world as it was read from a store: what an editor needs to know of it.

    Attributes:
        id: Its id in the place where it lives.
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


def store_label(store: EditableStore) -> str:
    """Return what to call a store in a line for a person: its label, else the name of its class."""
    label = getattr(store, "label", None)
    return escape_unprintable(label) if isinstance(label, str) and label else type(store).__name__


@runtime_checkable
class WorldStore(Protocol):
    """A place where worlds live: the calls that a ``Store`` and a ``Client`` have in common."""

    def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld:
        """Keep a new world.

        Args:
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
