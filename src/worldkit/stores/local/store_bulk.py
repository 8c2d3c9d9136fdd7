"""Many worlds of a store in a call: a few statements for all of them, instead of some for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from worldkit.core.argument_checks import expect_each
from worldkit.stores.local.store_base import StoreBase
from worldkit.stores.stored_world import StoredWorld
from worldkit.world import World

WORLDS_PER_READ = 100
"""Worlds read at once: enough that a statement costs little for each, few enough to keep in memory."""


class StoreBulk(StoreBase):
    """The calls that read or store many worlds."""

    def create_many(self, worlds: Iterable[World]) -> list[StoredWorld]:
        """Store new worlds: all of them, or none if there is any error.

        Args:
            worlds: The worlds, in the order in which they are to be listed, oldest first.

        Returns:
            Each world as it stands in the store, at revision 0, in the same order.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create_many(wk.samples.load(name) for name in wk.samples.names())
            >>> len(stored) == len(list(store)) == len(wk.samples.names())
            True
        """
        from worldkit.stores.local.objects import encode_world

        # a generator may take its time, and nobody else can write meanwhile
        batch = list(expect_each(worlds, World, "worlds", "a list of which each is a World"))
        if not batch:
            return []
        encoded_worlds = [encode_world(world) for world in batch]
        with self._change() as transaction:
            transaction.begin_adding()
            transaction.write_objects(
                {name: body for _, new_objects in encoded_worlds for name, body in new_objects.items()}
            )
            times = transaction.times_after_the_last(len(batch))
            rows = [
                transaction.new_row(tree, time, **self._origin(transaction, tree.world))
                for (tree, _), time in zip(encoded_worlds, times, strict=True)
            ]
            transaction.insert_rows(rows)
            stored_rows = transaction.worlds([row["id"] for row in rows])
            return [self._stored_tree(row, tree, 0) for row, (tree, _) in zip(stored_rows, encoded_worlds, strict=True)]

    def get_many(self, ids: Iterable[str]) -> Iterator[StoredWorld]:
        """Yield worlds as they stand now, a hundred read at once.

        Args:
            ids: Their ids, in the order in which they are to be yielded.

        Returns:
            An iterator over the worlds. Each hundred is read as it stood at one moment.

        Raises:
            NotFound: There is no world of an id. Those before it in the same hundred are not yielded either.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create_many([world, world.fork("Two")])
            >>> [stored.world.name for stored in store.get_many(ref.id for ref in store)]
            ['Two', 'The Red Mitten']
        """
        return self._batches(iter(ids))

    def _batches(self, ids: Iterator[str]) -> Iterator[StoredWorld]:
        while batch := list(islice(ids, WORLDS_PER_READ)):
            with self._read() as transaction:
                rows = transaction.worlds(batch)
                trees = transaction.trees(rows)
                worlds = [self._stored_tree(row, tree, row.rev) for row, tree in zip(rows, trees, strict=True)]
            yield from worlds
