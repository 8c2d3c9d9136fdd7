"""How much is kept for an app: a running total, moved in the transaction that keeps or deletes something.

What counts is what an export would hold: every world as it stands and every version of it, each as large as its
document is as UTF-8, and the answers kept for idempotency keys, as large as they are stored. That the store shares
equal parts between documents lowers the disk's bill and not this one: so what is counted never depends on what others
keep, and deleting gives back exactly what keeping took. A write costs a fixed number of look-ups, however much is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core import json_values
from worldkit.core.document import json_of
from worldkit.server.quota import OverStorage
from worldkit.server.tables import answers, insert, sizes, storage
from worldkit.stores import Store
from worldkit.stores.local.cache import TreeCache
from worldkit.stores.local.column_values import stored_text
from worldkit.stores.local.tables import versions, worlds
from worldkit.stores.local.transaction import Transaction
from worldkit.stores.stored_world import StoredWorld
from worldkit.stores.versions import Version
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class MeteredSpace:
    """The worlds of one space, whose every change moves the space's total.

    Attributes:
        store: The store of the whole database.
        name: The space.
        cap: The most bytes there may be; what makes them fewer is always done.
    """

    store: Store
    name: str
    cap: int

    @property
    def space(self) -> Store:
        """The space itself, for reading."""
        return self.store.space(self.name)

    def change(self, world: str | None, action: Callable[[Store], StoredWorld]) -> StoredWorld:
        """Change a world as it stands, or make one.

        Args:
            world: Its id; None when it is made.
            action: Does it, and returns the world as it stands then.

        Raises:
            OverStorage: There would be more than the cap; nothing is done.
        """
        with self.store.database.writing() as connection:
            before = 0 if world is None else self._lock_and_measure(connection, world)
            stored = action(self.space)
            root = connection.execute(sa.select(worlds.c.root).where(worlds.c.id == stored.id)).scalar_one()
            move(connection, self.name, document_size(connection, bytes(root), stored.world) - before, self.cap)
            return stored

    def snapshot(self, world: str, action: Callable[[Store], Version]) -> Version:
        """Keep a version of a world.

        Raises:
            OverStorage: There would be more than the cap; nothing is done.
        """
        with self.store.database.writing() as connection:
            size = self._lock_and_measure(connection, world)
            version = action(self.space)
            move(connection, self.name, size, self.cap)
            return version

    def prune(self, world: str, version: str) -> None:
        """Forget a version of a world."""
        with self.store.database.writing(frees=True) as connection:
            self._lock_and_measure(connection, world)
            condition = (versions.c.world == stored_text(world), versions.c.id == stored_text(version))
            root = connection.execute(sa.select(versions.c.root).where(*condition)).scalar()
            self.space.prune(world, version)
            if root is not None:
                move(connection, self.name, -self._size(connection, bytes(root)))

    def delete(self, world: str, delete_related: Callable[[Connection], None]) -> None:
        """Delete a world with its versions.

        Args:
            world: Its id.
            delete_related: Deletes what else goes with it. Everybody locks the world first, then the total.
        """
        with self.store.database.writing(frees=True) as connection:
            size = self._lock_and_measure(connection, world)
            delete_related(connection)
            roots = connection.execute(
                sa.select(versions.c.root).where(versions.c.world == stored_text(world))
            ).scalars()
            size += sum(self._size(connection, bytes(root)) for root in list(roots))
            self.space.delete(world)
            move(connection, self.name, -size)

    def _lock_and_measure(self, connection: Connection, world: str) -> int:
        """Return how large a world is as it stands, and keep it so until the transaction ends."""
        condition = (worlds.c.id == stored_text(world), worlds.c.space == self.name)
        root = connection.execute(sa.select(worlds.c.root).where(*condition).with_for_update()).scalar()
        return 0 if root is None else self._size(connection, bytes(root))

    def _size(self, connection: Connection, root: bytes) -> int:
        return _size(connection, Transaction(connection, self.store.database.place, self.name, TreeCache(1)), root)


def used(connection: Connection, space: str) -> int:
    """Return how many bytes are kept for a space."""
    return int(connection.execute(sa.select(storage.c.bytes).where(storage.c.space == space)).scalar() or 0)


def move(connection: Connection, space: str, by: int, cap: int | None = None) -> None:
    """Move a space's total, up to a cap at the most; what makes it smaller is always done.

    Args:
        connection: In the transaction that keeps or deletes.
        space: The space.
        by: Bytes.
        cap: The most there may be after it; None for no limit.

    Raises:
        OverStorage: It would be more than the cap.
    """
    if not by:
        return
    row: Any = insert(connection, storage).values(space=space, bytes=by)
    limited = by > 0 and cap is not None
    where = storage.c.bytes + by <= cap if limited else None
    update = {"bytes": storage.c.bytes + by}
    row = row.on_conflict_do_update(index_elements=["space"], set_=update, where=where).returning(storage.c.bytes)
    total = connection.execute(row).scalar()
    if limited and cap is not None and (total is None or total > cap):
        raise OverStorage(used(connection, space) if total is None else total - by, cap)


def document_size(connection: Connection, root: bytes, world: World) -> int:
    """Return how large the document under a root is, in bytes; it is worked out once for each document."""
    cached_size = connection.execute(sa.select(sizes.c.bytes).where(sizes.c.root == root)).scalar()
    if cached_size is not None:
        return int(cached_size)
    size = len(json_values.dumps(json_of(world), None).encode())
    connection.execute(insert(connection, sizes).values(root=root, bytes=size).on_conflict_do_nothing())
    return size


def _size(connection: Connection, transaction: Transaction, root: bytes) -> int:
    size = connection.execute(sa.select(sizes.c.bytes).where(sizes.c.root == root)).scalar()
    return int(size) if size is not None else document_size(connection, root, transaction.tree(root).world)


def recounted_total(connection: Connection, place: str, space: str) -> int:
    """Return how many bytes are kept for a space, counted one by one: what the running total is to be.

    Args:
        connection: In a transaction that writes.
        place: The database, for messages.
        space: The space.
    """
    transaction = Transaction(connection, place, space, TreeCache())
    condition = worlds.c.space == space
    roots = list(connection.execute(sa.select(worlds.c.root).where(condition)).scalars())
    version_roots = sa.select(versions.c.root).join(worlds, worlds.c.id == versions.c.world)
    roots += connection.execute(version_roots.where(condition)).scalars()
    answer_bytes = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(answers.c.body)), 0)).where(
        answers.c.space == space
    )
    total = int(connection.execute(answer_bytes).scalar() or 0)
    return total + sum(_size(connection, transaction, bytes(root)) for root in roots)


def count(connection: Connection, place: str, spaces: Iterable[str]) -> None:
    """Set the totals of spaces to what is kept: for a database that had none."""
    for space in spaces:
        total = recounted_total(connection, place, space)
        row = insert(connection, storage).values(space=space, bytes=total)
        connection.execute(row.on_conflict_do_update(index_elements=["space"], set_={"bytes": total}))


def forget_sizes(connection: Connection) -> None:
    """Forget how large documents are that no world and no version is any more."""
    unused = sizes.c.root.not_in(sa.select(worlds.c.root)), sizes.c.root.not_in(sa.select(versions.c.root))
    connection.execute(sa.delete(sizes).where(*unused))
