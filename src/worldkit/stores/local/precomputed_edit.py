"""An edit that is worked out before a transaction takes the lock of the database, so that others write meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from worldkit.core.json_values import Json
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.editing.batch import Applied
    from worldkit.stores.local.objects import WorldTree

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """What an edit needs of its store.

    Attributes:
        read: Returns the row and the tree of a world by its id.
        stored: Returns the stored world of a row, a tree and a revision.
        renames: Returns the renames between a world before and after, as operations.
        rewrite: Writes what an edit makes of a world by its id; see ``PrecomputedEdit.rewrite``.
        apply: Writes the batch that a function makes of a world by its id; see ``PrecomputedEdit.apply``.
    """

    read: Callable[[str], tuple[Any, WorldTree]]
    stored: Callable[[Any, WorldTree, int], StoredWorld]
    renames: Callable[[World, World], Sequence[Json]]
    rewrite: Callable[[str, PrecomputedEdit[Any], str | None, bool], StoredWorld]
    apply: Callable[[str, Callable[[WorldTree], Applied[World]], str | None, str | None], StoredWorld]


class WorldChanged(Exception):
    """A world is not the one any more that an edit was worked out for; nothing was written."""


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[T]):
    """What the work came to for one world.

    Attributes:
        root: The root of that world.
        result: What the work made of it; None where it raised an error.
        error: What it raised.
        map_ops: The operations that its map follows; None where they were not worked out.
    """

    root: bytes
    result: T | None
    error: Exception | None = None
    map_ops: Sequence[Json] | None = None


class PrecomputedEdit(Generic[T]):
    """What a function makes of a world: worked out by ``prepare``, and written by ``rewrite`` or ``apply``.

    Args:
        access: How it reads and writes in its store.
        id: The world's id.
        work: Makes something of the world; what it raises leaves the world as it is. It is called again when the world
            has changed, so it may do nothing else.
        after: Returns the world of what the work made, where it is written by ``rewrite``.

    Attributes:
        raises_if_changed: Whether writing raises ``WorldChanged`` where the world has changed since ``prepare``;
            otherwise the work is done again inside the transaction, while others wait.
    """

    def __init__(
        self, access: StoreAccess, id: str, work: Callable[[World], T], after: Callable[[T], World] | None = None
    ) -> None:
        self.raises_if_changed = False
        self._store, self._id, self._work, self._after = access, id, work, after
        self._outcome: _Outcome[T] | None = None

    def prepare(self, check: Callable[[StoredWorld], None]) -> None:
        """Do the work for the world as it stands, outside of any transaction.

        Args:
            check: Called with the world before; it raises where the work is not to be done.

        Raises:
            NotFound: There is no such world.
        """
        row, tree = self._store.read(self._id)
        check(self._store.stored(row, tree, row.rev))
        self._outcome = self._worked_out(row, tree)

    def try_to_prepare(self, rev: str | None) -> None:
        """Do the work for the world as it stands; what the work raises is raised when it is written.

        Args:
            rev: The revision the world is expected at; nothing is done where it is at another.

        Raises:
            NotFound: There is no such world.
        """
        row, tree = self._store.read(self._id)
        if rev is not None and str(rev) != str(row.rev):
            return
        try:
            self._outcome = self._worked_out(row, tree)
        except Exception as error:
            self._outcome = _Outcome(tree.root, None, error)

    @property
    def result(self) -> T:
        """What the work made last; after a write, what was written."""
        assert self._outcome is not None, "prepare was not called"
        return self._value(self._outcome)

    def rewrite(self, *, rev: str | None, always: bool) -> StoredWorld:
        """Replace the world as ``Store.rewrite`` does.

        Args:
            rev: The revision the world is expected at; None takes whatever is current.
            always: Whether the revision is a new one even if nothing changed.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            WorldChanged: See ``raises_if_changed``.
        """
        return self._store.rewrite(self._id, self, rev, always)

    def apply(self, applied: Callable[[T], Applied[World]], *, rev: str | None, key: str | None = None) -> StoredWorld:
        """Write a batch as ``Store.apply`` does.

        Args:
            applied: Returns the batch as it was applied, of what the work made.
            rev: The revision the world is expected at; None takes whatever is current.
            key: The idempotency key.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            WorldChanged: See ``raises_if_changed``.
        """
        return self._store.apply(self._id, lambda tree: applied(self.result_for(tree)), rev, key)

    # ---- inside a transaction ------------------------------------------------------------------

    def result_for(self, tree: WorldTree) -> T:
        """Return what the work makes of a world.

        Raises:
            WorldChanged: It was prepared for another world, see ``raises_if_changed``.
        """
        outcome = self._outcome
        if outcome is None or outcome.root != tree.root:
            if self.raises_if_changed:
                raise WorldChanged
            outcome = self._outcome = _Outcome(tree.root, self._work(tree.world))
        return self._value(outcome)

    def world_for(self, tree: WorldTree) -> World:
        """Return the world that the work makes of a world.

        Raises:
            WorldChanged: It was prepared for another world, see ``raises_if_changed``.
        """
        assert self._after is not None, "an edit for `rewrite` says which world it makes"
        return self._after(self.result_for(tree))

    def map_ops_for(self, tree: WorldTree) -> Sequence[Json]:
        """Return the operations that the map of a world follows: its states that seem to have been renamed."""
        result = self.result_for(tree)
        ops = self._outcome.map_ops if self._outcome is not None else None
        return self._map_ops(tree, result) if ops is None else ops

    # ---- inside --------------------------------------------------------------------------------

    def _worked_out(self, row: Any, tree: WorldTree) -> _Outcome[T]:
        result = self._work(tree.world)
        return _Outcome(tree.root, result, map_ops=self._map_ops(tree, result) if has_map(row) else None)

    def _map_ops(self, tree: WorldTree, result: T) -> Sequence[Json]:
        if self._after is None:
            return ()  # a batch names its renames itself
        return self._store.renames(tree.world, self._after(result))

    def _value(self, outcome: _Outcome[T]) -> T:
        if outcome.error is not None:
            raise outcome.error
        return cast(T, outcome.result)


def has_map(row: Any) -> bool:
    """Say whether anything stands on the map of a world."""
    return (row.layout, row.annotations) != ("{}", "{}")
