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
    """A place where worlds live: the calls that a ``Store`` and a ``Client`` have in common, described at ``Store``."""

    def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld: ...
    def get(self, id: str) -> StoredWorld: ...
    def __getitem__(self, key: str) -> StoredWorld: ...
    def list(self, *, limit: int = 50, cursor: str | None = None) -> Page[WorldRef]: ...
    def apply(
        self,
        id: str,
        ops: Ops,
        *,
        rev: str | None = None,
        strict: bool = False,
        idempotency_key: str | None = None,
    ) -> StoredWorld: ...
    def fork(
        self, id: str, *, name: str | None = None, version: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld: ...
    def snapshot(
        self,
        id: str,
        title: str | None = None,
        *,
        parent: str | None = None,
        source: str | None = None,
        idempotency_key: str | None = None,
    ) -> Version: ...
    def versions(self, id: str) -> Versions: ...
    def version(self, id: str, version: str) -> World: ...
    def diff(self, id: str, a: str, b: str) -> Diff: ...
    def checkout(self, id: str, version: str) -> StoredWorld: ...
    def rename(self, id: str, name: str) -> StoredWorld: ...
    def prune(self, id: str, version: str) -> None: ...
    def delete(self, id: str) -> None: ...
