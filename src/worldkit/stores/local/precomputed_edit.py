"""An edit that is worked out before a transaction takes the lock of the database, so that others write meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from worldkit.core.diagnostics import Diagnostics
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
        read_world: Returns the row and the tree of a world by its id.
        to_stored_world: Returns the stored world of a row, a tree and a revision.
        renames: Returns the states that seem to have been renamed between two worlds, as operations.
        write: Writes what an edit makes of its world, see ``PrecomputedEdit.write``.
    """

    read_world: Callable[[str], tuple[Any, WorldTree]]
    to_stored_world: Callable[[Any, WorldTree, int], StoredWorld]
    renames: Callable[[World, World], Sequence[Json]]
    write: Callable[[str, PrecomputedEdit[Any], str | None, bool, str | None], StoredWorld]


class WorldChanged(Exception):
    """A world is not the one any more that an edit was worked out for; nothing was written."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit makes of a world.

    Attributes:
        world: The world after it.
        is_new: Whether that is a new revision.
        map_ops: The operations that its map follows.
        notes: What the edit took along.
    """

    world: World
    is_new: bool
    map_ops: Sequence[Json]
    notes: Diagnostics


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[T]):
    """What the work came to for one world.

    Attributes:
        root: The root of that world.
        result: What the work made of it; None where it raised an error.
        error: What it raised.
        renames: The states that seem to have been renamed, as operations; None where they were not looked for.
    """

    root: bytes
    result: T | None
    error: Exception | None = None
    renames: Sequence[Json] | None = None


class PrecomputedEdit(Generic[T]):
    """What a function makes of a world: worked out by ``prepare``, and written by ``write``.

    Args:
        access: How it reads and writes in its store.
        id: The world's id.
        work: Makes something of the world; what it raises leaves the world as it is. It is called again when the world
            has changed, so it may do nothing else.
        edit_of: Returns the world in what the work made, or the batch of operations that makes it.

    Attributes:
        raises_if_changed: Whether writing raises ``WorldChanged`` where the world has changed since ``prepare``;
            otherwise the work is done again inside the transaction, while others wait.
    """

    def __init__(
        self, access: StoreAccess, id: str, work: Callable[[World], T], edit_of: Callable[[T], World | Applied[World]]
    ) -> None:
        self.raises_if_changed = False
        self._store, self._id, self._work, self._edit_of = access, id, work, edit_of
        self._outcome: _Outcome[T] | None = None

    def prepare(self, check: Callable[[StoredWorld], None]) -> None:
        """Do the work for the world as it stands, outside of any transaction.

        Args:
            check: Called with the world before; it raises where the work is not to be done.

        Raises:
            NotFound: There is no such world.
        """
        row, tree = self._store.read_world(self._id)
        check(self._store.to_stored_world(row, tree, row.rev))
        self._outcome = self._work_out(row, tree)

    def try_to_prepare(self, rev: str | None) -> None:
        """Do the work for the world as it stands; what the work raises is raised when it is written.

        Args:
            rev: The revision the world is expected at; nothing is done where it is at another.

        Raises:
            NotFound: There is no such world.
        """
        row, tree = self._store.read_world(self._id)
        if rev is not None and str(rev) != str(row.rev):
            return
        try:
            self._outcome = self._work_out(row, tree)
        except Exception as error:
            self._outcome = _Outcome(tree.root, None, error)

    @property
    def result(self) -> T:
        """What the work made last; after a write, what was written."""
        assert self._outcome is not None, "prepare was not called"
        if self._outcome.error is not None:
            raise self._outcome.error
        return cast(T, self._outcome.result)

    def write(self, *, rev: str | None, always: bool = False, key: str | None = None) -> StoredWorld:
        """Write what the work makes of the world.

        Args:
            rev: The revision the world is expected at; None takes whatever is current.
            always: Whether a world is a new revision even if nothing changed; a batch is one unless it is empty.
            key: The idempotency key.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            WorldChanged: See ``raises_if_changed``.
        """
        return self._store.write(self._id, self, rev, always, key)

    def change_of(self, row: Any, tree: WorldTree, always: bool) -> Change:
        """Return what to write of a world as it stands inside a transaction.

        Raises:
            WorldChanged: It was prepared for another world, see ``raises_if_changed``.
        """
        if self._outcome is None or self._outcome.root != tree.root:
            if self.raises_if_changed:
                raise WorldChanged
            self._outcome = self._work_out(row, tree)
        edit = self._edit_of(self.result)
        if not isinstance(edit, World):
            return Change(edit.world, bool(edit.ops), edit.ops, edit.notes)
        renames = self._outcome.renames
        if renames is None:  # the map has begun since the world was read
            renames = self._renames(row, tree, edit)
        return Change(edit, always or edit != tree.world, renames or (), Diagnostics())

    def _work_out(self, row: Any, tree: WorldTree) -> _Outcome[T]:
        result = self._work(tree.world)
        return _Outcome(tree.root, result, renames=self._renames(row, tree, self._edit_of(result)))

    def _renames(self, row: Any, tree: WorldTree, edit: World | Applied[World]) -> Sequence[Json] | None:
        """Return the states that seem to have been renamed, as operations; None where nothing follows them.

        A batch names its renames itself.
        """
        if not isinstance(edit, World) or (row.layout, row.annotations) == ("{}", "{}"):
            return None
        return self._store.renames(tree.world, edit)
