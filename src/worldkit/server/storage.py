"""How much is kept for an app: a running total, moved in the transaction that keeps or deletes something.

What counts is what an export would hold, and what a row takes: every world as it stands, what a fork started from, and
every version, each as large as its document is as UTF-8, with a fixed number of bytes for its row; the titles of
versions; and the answers kept for idempotency keys, as large as they are stored. That the store shares equal parts
between documents lowers the disk's bill and not this one: so what is counted never depends on what others keep, and
deleting gives back exactly what keeping took. A write costs a fixed number of look-ups, however much is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from worldkit.core import json_values
from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.server.quota import OverStorage
from worldkit.server.tables import insert, sizes, storage
from worldkit.stores import Store
from worldkit.stores.local.column_values import stored_text
from worldkit.stores.local.tables import versions, worlds
from worldkit.stores.local.transaction import Transaction
from worldkit.stores.stored_world import StoredWorld
from worldkit.stores.versions import Version
from worldkit.world import World

ROW_BYTES = 500
"""Bytes that count for a world and for a version beside what they hold: about what a database needs for its row."""


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
            before = 0 if world is None else self._world_size(connection, self._lock(connection, world))
            stored_world = action(self.space)
            condition = worlds.c.id == stored_world.id
            row = connection.execute(sa.select(worlds.c.root, worlds.c.base).where(condition)).one()
            document_size(connection, bytes(row.root), stored_world.world)  # it is at hand, and need not be read
            move(connection, self.name, self._world_size(connection, row) - before, self.cap)
            return stored_world

    def snapshot(self, world: str, action: Callable[[Store], Version], max_versions: int) -> Version:
        """Keep a version of a world.

        Args:
            world: The world's id.
            action: Does it, and returns the version.
            max_versions: How many versions the world may have then.

        Raises:
            OverStorage: There would be more than the cap; nothing is done.
            WorldError: The world has as many versions as it may; nothing is done.
        """
        with self.store.database.writing() as connection:
            row = self._lock(connection, world)
            if row is None:
                return action(self.space)  # which refuses it
            of_world = sa.select(sa.func.count()).where(versions.c.world == stored_text(world))
            if connection.execute(of_world).scalar_one() >= max_versions:
                raise WorldError(
                    f"a world has at most {max_versions:,} versions here; delete some first, nothing was done"
                )
            version = action(self.space)
            size = self._size(connection, bytes(row.root)) + ROW_BYTES + _text_size(version.title)
            move(connection, self.name, size, self.cap)
            return version

    def retitle(self, world: str, version: str, title: str) -> Version:
        """Give a version another title.

        Raises:
            OverStorage: There would be more than the cap; nothing is done.
        """
        with self.store.database.writing() as connection:
            self._lock(connection, world)
            before = connection.execute(sa.select(versions.c.title).where(*_is_version(world, version))).scalar()
            renamed_version = self.space.retitle(world, version, title)
            move(connection, self.name, _text_size(renamed_version.title) - _text_size(before or ""), self.cap)
            return renamed_version

    def prune(self, world: str, version: str) -> None:
        """Forget a version of a world."""
        with self.store.database.writing(frees=True) as connection:
            self._lock(connection, world)
            query = sa.select(versions.c.root, versions.c.title).where(*_is_version(world, version))
            row = connection.execute(query).one_or_none()
            self.space.prune(world, version)
            if row is not None:
                size = self._size(connection, bytes(row.root)) + ROW_BYTES + _text_size(row.title)
                move(connection, self.name, -size)

    def delete(self, world: str, delete_related: Callable[[Connection], None]) -> None:
        """Delete a world with its versions.

        Args:
            world: Its id.
            delete_related: Deletes what else goes with it. Everybody locks the world first, then the total.
        """
        with self.store.database.writing(frees=True) as connection:
            size = self._world_size(connection, self._lock(connection, world))
            delete_related(connection)
            of_world = versions.c.world == stored_text(world)
            size += _versions_size(connection, self._transaction(connection), of_world)
            self.space.delete(world)
            move(connection, self.name, -size)

    def _lock(self, connection: Connection, world: str) -> Any:
        """Return the roots of a world as it stands and of what it started from, and keep it so in this transaction."""
        condition = (worlds.c.id == stored_text(world), worlds.c.space == self.name)
        query = sa.select(worlds.c.root, worlds.c.base).where(*condition)
        return connection.execute(query.with_for_update()).one_or_none()

    def _world_size(self, connection: Connection, row: Any) -> int:
        """Return what counts for a world without its versions; nothing for none."""
        if row is None:
            return 0
        base_size = 0 if row.base is None else self._size(connection, bytes(row.base))
        return ROW_BYTES + self._size(connection, bytes(row.root)) + base_size

    def _size(self, connection: Connection, root: bytes) -> int:
        size = connection.execute(sa.select(sizes.c.bytes).where(sizes.c.root == root)).scalar()
        if size is not None:
            return int(size)
        return document_size(connection, root, self._transaction(connection).tree(root).world)

    def _transaction(self, connection: Connection) -> Transaction:
        return Transaction(connection, self.store.database, self.name)


def used(connection: Connection, space: str) -> int:
    """Return how many bytes are kept for a space."""
    return int(connection.execute(sa.select(storage.c.bytes).where(storage.c.space == space)).scalar() or 0)


def move(connection: Connection, space: str, by: int, cap: int | None = None) -> None:
    """Move a space's total, up to a cap at the most; what makes it smaller is always done.

    Args:
        connection: In the transaction that keeps or deletes.
        by: Bytes.
        cap: The most there may be after it; None for no limit.

    Raises:
        OverStorage: It would be more than the cap.
    """
    if not by:
        return
    row: Any = insert(connection, storage).values(space=space, bytes=by)
    is_limited = by > 0 and cap is not None
    condition = storage.c.bytes + by <= cap if is_limited else None
    update = {"bytes": storage.c.bytes + by}
    row = row.on_conflict_do_update(index_elements=["space"], set_=update, where=condition).returning(storage.c.bytes)
    total = connection.execute(row).scalar()
    if is_limited and cap is not None and (total is None or total > cap):
        raise OverStorage(used(connection, space) if total is None else total - by, cap)


def document_size(connection: Connection, root: bytes, world: World) -> int:
    """Return how large the document under a root is, in bytes; it is worked out once for each document."""
    cached_size = connection.execute(sa.select(sizes.c.bytes).where(sizes.c.root == root)).scalar()
    if cached_size is not None:
        return int(cached_size)
    size = len(json_values.dumps(json_of(world), None).encode())
    connection.execute(insert(connection, sizes).values(root=root, bytes=size).on_conflict_do_nothing())
    return size


def _versions_size(connection: Connection, transaction: Transaction, condition: sa.ColumnElement[bool]) -> int:
    """Return what counts for some versions; only documents of an unknown size are read."""
    title: sa.ColumnElement[Any] = versions.c.title
    is_postgres = connection.dialect.name == "postgresql"
    length = sa.func.octet_length(title) if is_postgres else sa.func.length(sa.cast(title, sa.LargeBinary))
    sized_versions = versions.outerjoin(sizes, sizes.c.root == versions.c.root)
    sums = (sa.func.coalesce(sa.func.sum(size), 0) for size in (length, sizes.c.bytes))
    query = sa.select(sa.func.count(), *sums).select_from(sized_versions).where(condition)
    number, titles, documents = connection.execute(query).one()
    total = ROW_BYTES * int(number) + int(titles) + int(documents)
    unknown_roots = sa.select(versions.c.root, sa.func.count()).select_from(sized_versions).group_by(versions.c.root)
    for root, count in connection.execute(unknown_roots.where(condition, sizes.c.root.is_(None))).all():
        total += int(count) * document_size(connection, bytes(root), transaction.tree(bytes(root)).world)
    return total


def _text_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _is_version(world: str, version: str) -> tuple[sa.ColumnElement[bool], ...]:
    return versions.c.world == stored_text(world), versions.c.id == stored_text(version)


def unused_sizes(connection: Connection, limit: int) -> list[bytes]:
    """Return the roots of documents whose sizes are known and that nothing counts any more, so many at the most."""
    counted_columns = (worlds.c.root, worlds.c.base, versions.c.root)
    # both databases sort or hash for EXCEPT; NOT IN compares each with each where they do not fit PostgreSQL's memory
    unused_roots = sa.except_(sa.select(sizes.c.root), *(sa.select(column) for column in counted_columns)).limit(limit)
    return [bytes(root) for root in connection.execute(unused_roots).scalars()]


def forget_sizes(connection: Connection, roots: Sequence[bytes]) -> None:
    """Forget how large documents are; of those that somebody has made again meanwhile it is worked out again."""
    connection.execute(sa.delete(sizes).where(sizes.c.root.in_(roots)))
