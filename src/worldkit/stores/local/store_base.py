"""What every part of a ``Store`` uses: its database, transactions, and a world as it stands in a row."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from worldkit.core.argument_checks import refusal
from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.document import at_revision, store_of
from worldkit.core.errors import CorruptStore, MissingExtra, NotFound, StoreError
from worldkit.core.json_values import Json
from worldkit.core.process_lock import ProcessLock
from worldkit.stores.local.column_values import mirrored_columns
from worldkit.stores.protocol import WorldStore
from worldkit.stores.stored_world import StoreBinding, StoredWorld
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.stores.local.damage import Damage, Recovery
    from worldkit.stores.local.engine import Database
    from worldkit.stores.local.objects import TreeCache, WorldTree
    from worldkit.stores.local.transaction import Transaction

MAX_SPACE_LENGTH = 128
"""Characters of a space's name at the most."""

_OPENING_LOCK = ProcessLock()


class StoreBase:
    """The database of a store and one space in it; every value of it is a ``Store``."""

    def __init__(self, place: str | PathLike[str], *, recover: bool = False) -> None:
        database, cache = _open(fspath(place), recover=recover)
        self._use(database, cache, "")
        recovery = self.recovery
        if recovery is not None and not recovery.is_complete:
            warnings.warn(repr(recovery), stacklevel=2)

    def _use(self, database: Database, cache: TreeCache, space: str) -> None:
        self._address = database.address
        self._opened_database: Database | None = database
        self._cache = cache
        self._space = space

    @property
    def database(self) -> Database:
        """The database itself, for other tables beside the store's."""
        return self._db

    @property
    def _db(self) -> Database:
        if self._opened_database is None:
            self._reopen()
        assert self._opened_database is not None
        return self._opened_database

    def _reopen(self) -> None:
        """Open the database of a store that came out of a pickle, where it is used for the first time."""
        from worldkit.stores.local.database_address import is_there

        with _OPENING_LOCK:
            if self._opened_database is not None:  # another thread was first
                return
            if not is_there(self._address):
                raise StoreError(f"there is no store at {self._address}, where it was when this was pickled")
            database, cache = _open(self._address)
            self._use(database, cache, self._space)

    @property
    def space_name(self) -> str:
        """The space whose worlds it sees; ``""`` is the store's own."""
        return self._space

    def space(self, name: str) -> Self:
        """Return a store over the same database that sees only the worlds of one space, such as an app's.

        Args:
            name: The space; the store's own is ``""``. Ids and idempotency keys of others do not exist in it.

        Raises:
            WrongArgument: The name is longer than 128 characters, or contains a NUL.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> mine = store.space("app-1")
            >>> stored = mine.create(world)
            >>> len(list(mine)), len(list(store))
            (1, 0)
        """
        if len(name) > MAX_SPACE_LENGTH or "\0" in name:
            raise refusal("name", f"at most {MAX_SPACE_LENGTH} characters without a NUL", name)
        return self._over(self._db, self._cache, name)

    @classmethod
    def _over(cls, database: Database, cache: TreeCache, space: str) -> Self:
        self = cls.__new__(cls)
        self._use(database, cache, space)
        return self

    @classmethod
    def _unpickle(cls, address: str, space: str) -> Self:
        self = cls.__new__(cls)
        self._address, self._opened_database, self._space = address, None, space
        return self

    def check_sound(self) -> None:
        """Refuse to go on with a store that is known to be damaged.

        Raises:
            CorruptStore: It is.
        """
        if (file := self._db.file) is not None:
            file.check_sound()

    def check_servable(self) -> None:
        """Check the whole file, and refuse to serve a store that is damaged, or whose recovery lost something.

        Raises:
            CorruptStore: It is damaged.
            StoreError: The original of a recovery that lost something stands beside it.
        """
        if (file := self._db.file) is not None:
            file.check_servable()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the calls of a block in one transaction: all are kept or, when an error leaves the block, none.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> with store.transaction():
            ...     stored = [store.create(world), store.create(world)]
            >>> len(list(store.list()))
            2
        """
        with self._db.writing():
            yield

    @property
    def damage(self) -> Damage | None:
        """The damage to the file and what cannot be read; None when none is known."""
        return file.damage if (file := self._db.file) is not None else None

    @property
    def recovery(self) -> Recovery | None:
        """The report of opening with ``recover=True``: what was saved and what was not; None if nothing was damaged."""
        return file.recovery if (file := self._db.file) is not None else None

    @property
    def label(self) -> str:
        """A short name for people: the file's or the database's name."""
        if "://" in self._place:
            return self._place.partition("?")[0].rstrip("/").rpartition("/")[2]
        return Path(self._place).name

    def close(self) -> None:
        """Close the connections; a call after it opens new ones.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> store.close()
            >>> len(list(store))
            0
        """
        if self._opened_database is not None:
            self._opened_database.close()

    @property
    def _place(self) -> str:
        return self._address if self._opened_database is None else self._opened_database.place

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return self._unpickle, (self._address, self._space)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store {self._place}"

    # ---- inside ----------------------------------------------------------------------------

    def _transaction(self, connection: Any) -> Transaction:
        from worldkit.stores.local.transaction import Transaction

        return Transaction(connection, self._db, self._space, self._cache)

    @contextmanager
    def _read(self) -> Iterator[Transaction]:
        try:
            with self._db.reading() as connection:
                yield self._transaction(connection)
        except NotFound as error:
            file = self._db.file
            if file is None or file.damage_reason is None:
                raise
            # what is not among what can be read may be among what cannot
            raise CorruptStore(self._db.place, f"{file.damage_reason}; {error}") from None

    @contextmanager
    def _change(self, *, frees: bool = False) -> Iterator[Transaction]:
        with self._db.writing(frees=frees) as connection:
            yield self._transaction(connection)

    def _idempotent(
        self, call: str, key: str | None, action: Callable[[Transaction], tuple[str, Diagnostics]]
    ) -> StoredWorld:
        """Do a call that makes or changes a world, or return what the same key was answered."""
        with self._change() as transaction:
            if key is not None and (earlier_answer := transaction.recall(call, key)):
                id, root, answer = earlier_answer
                notes = [Diagnostic(**{**note, "item": Item(**note["item"])}) for note in answer["notes"]]
                return self._stored(transaction, transaction.world(id), notes, root_and_rev=(root, answer["rev"]))
            id, diagnostics = action(transaction)
            row = transaction.world(id)
            if key is not None:
                transaction.remember(call, key, id, bytes(row.root), {"rev": row.rev, "notes": diagnostics.to_list()})
            return self._stored(transaction, row, diagnostics)

    def _write(
        self,
        transaction: Transaction,
        row: Any,
        world: World,
        *,
        base_root: bytes,
        rev: int | None = None,
        **fields: Any,
    ) -> None:
        tree = transaction.keep(world, transaction.tree(base_root))
        transaction.change(
            row.id, root=tree.root, rev=row.rev + 1 if rev is None else rev, **mirrored_columns(world), **fields
        )

    def _row_and_tree(self, id: str) -> tuple[Any, WorldTree]:
        """Return a world's row and its tree, as they stand now.

        Raises:
            NotFound: There is no such world.
        """
        from worldkit.stores.local.transaction import small_world

        if (row_and_tree := small_world(self._db, self._cache, self._space, id)) is not None:
            return row_and_tree
        with self._read() as transaction:
            row = transaction.world(id)
            return row, transaction.tree(bytes(row.root))

    def _stored(
        self,
        transaction: Transaction,
        row: Any,
        notes: Sequence[Diagnostic] = (),
        root_and_rev: tuple[bytes, int] | None = None,
    ) -> StoredWorld:
        root, rev = root_and_rev or (bytes(row.root), row.rev)
        return self._stored_tree(row, transaction.tree(root), rev, notes)

    def _stored_tree(self, row: Any, tree: WorldTree, rev: int, notes: Sequence[Diagnostic] = ()) -> StoredWorld:
        store = cast(WorldStore, self)
        binding = StoreBinding(store, row.id, row.head)
        world = at_revision(tree.world, rev=rev, notes=notes, store=binding)
        diagnostics = Diagnostics(notes, world)
        name = world.name or "untitled"
        return StoredWorld(
            row.id,
            name,
            world,
            str(rev),
            row.head,
            row.parent,
            row.parent_version,
            diagnostics=diagnostics,
            _store=store,
        )

    def _origin(self, transaction: Transaction, world: World) -> Json:
        """Return the columns that record a fork's parent, when the parent came out of this store."""
        parent = world.parent
        binding: object = store_of(parent) if parent is not None else None
        if parent is None or not isinstance(binding, StoreBinding) or not isinstance(binding.store, StoreBase):
            return {}
        store = binding.store  # after a pickle it is another object
        if (store._address, store.space_name) != (self._address, self._space):  # noqa: SLF001  # a class of this module
            return {}
        return {"parent": binding.id, "parent_version": binding.version, "base": transaction.keep(parent).root}


def _open(address: str, *, recover: bool = False) -> tuple[Database, TreeCache]:
    try:
        from worldkit.stores.local.engine import Database
        from worldkit.stores.local.objects import CACHED_TREES, TreeCache
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "sqlalchemy":
            raise
        raise MissingExtra("worldkit.Store", "store", "SQLAlchemy") from None
    return Database(address, recover=recover), TreeCache(CACHED_TREES)
