"""An edit that is worked out before a transaction takes the lock of the database, so that others write meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.editing.batch import Applied
    from worldkit.stores.local.objects import WorldTree
    from worldkit.stores.local.store import Store

T = TypeVar("T")


class WorldChanged(Exception):
    """A world is not the one any more that an edit was worked out for; nothing was written."""


class PrecomputedEdit(Generic[T]):
    """What a function makes of a world: worked out by ``prepare``, and written by ``rewrite`` or ``apply``.

    Args:
        store: The store.
        id: The world's id.
        work: Makes something of the world; what it raises leaves the world as it is. It is called again when the world
            has changed, so it may do nothing else.

    Attributes:
        raises_if_changed: Whether writing raises ``WorldChanged`` where the world has changed since ``prepare``;
            otherwise the work is done again inside the transaction, while others wait.
    """

    def __init__(self, store: Store, id: str, work: Callable[[World], T]) -> None:
        self.raises_if_changed = False
        self._store, self._id, self._work = store, id, work
        self._precomputed: tuple[bytes, T] | None = None
        """The root of the world that the work was done for, and what came of it."""

    def prepare(self, check: Callable[[StoredWorld], None]) -> None:
        """Do the work for the world as it stands, outside of any transaction.

        Args:
            check: Called with the world before; it raises where the work is not to be done.

        Raises:
            NotFound: There is no such world.
        """
        with self._store._read() as transaction:  # noqa: SLF001  # a part of the store
            row = transaction.world(self._id)
            tree = transaction.tree(bytes(row.root))
            stored = self._store._stored_tree(row, tree, row.rev)  # noqa: SLF001
        check(stored)
        self._precomputed = tree.root, self._work(tree.world)

    @property
    def result(self) -> T:
        """What the work made last; after a write, what was written."""
        assert self._precomputed is not None, "prepare was not called"
        return self._precomputed[1]

    def result_for(self, tree: WorldTree) -> T:
        """Return what the work makes of a world.

        Raises:
            WorldChanged: It was prepared for another world, see ``raises_if_changed``.
        """
        if self._precomputed is None or self._precomputed[0] != tree.root:
            if self.raises_if_changed:
                raise WorldChanged
            self._precomputed = tree.root, self._work(tree.world)
        return self._precomputed[1]

    def rewrite(self, after: Callable[[T], World], *, rev: str | None, always: bool) -> StoredWorld:
        """Replace the world as ``Store.rewrite`` does.

        Args:
            after: Returns the world of what the work made.
            rev: The revision the world is expected at; None takes whatever is current.
            always: Whether the revision is a new one even if nothing changed.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            WorldChanged: See ``raises_if_changed``.
        """
        return self._store._rewrite(self._id, lambda tree: after(self.result_for(tree)), rev, always)  # noqa: SLF001

    def apply(self, applied: Callable[[T], Applied[World]], *, rev: str | None) -> StoredWorld:
        """Write a batch as ``Store.apply`` does.

        Args:
            applied: Returns the batch as it was applied, of what the work made.
            rev: The revision the world is expected at; None takes whatever is current.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            WorldChanged: See ``raises_if_changed``.
        """
        return self._store._apply(self._id, lambda tree: applied(self.result_for(tree)), rev, None)  # noqa: SLF001
