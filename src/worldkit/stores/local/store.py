"""``Store``: worlds, versions and forks in a file or a database of one's own."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Literal

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.json_values import MAX_BYTES
from worldkit.stores.local.store_bulk import StoreBulk
from worldkit.stores.local.store_maps import StoreMaps
from worldkit.stores.local.store_versions import StoreVersions
from worldkit.stores.local.store_worlds import StoreWorlds

if TYPE_CHECKING:
    from pathlib import Path

    from worldkit.stores.local.import_export import StoreImport
    from worldkit.world import Source

SMALL_SWEEP = 100
"""Objects deleted in one transaction when the disk is almost full: each may take a page or two of the log."""


@checked_methods
class Store(StoreWorlds, StoreBulk, StoreVersions, StoreMaps):
    """A store of worlds in a file or a database: create, edit, snapshot, fork, compare, go back.

    Safe to use from several threads and processes at once. What a call returned from is on the disk.

    Args:
        place: A path such as ``"worlds.db"`` (SQLite; made when it is not there), or the URL of a PostgreSQL
            database, ``"postgresql://user@host/name"``.
        recover: Recover a damaged file, world by world, into a new one that takes its place. The original stays
            beside it; ``recovery`` says where, and what could not be saved. Of a sound file nothing changes.

    A damaged file is opened to be read: ``damage`` names what cannot be, everything else can, and every write
    raises ``CorruptStore``.

    Raises:
        MissingExtra: The packages behind it are not installed.
        CorruptStore: The file is so damaged that not even its catalogue can be read; it was left as it is.
        StoreError: It is no store, or cannot be reached; or it is to be recovered, and somebody has it open.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> stored = store.apply(stored.id, [{"op": "rename_state", "from": "lane", "to": "road"}])
        >>> stored.rev, store.get(stored.id).world.start
        ('1', 'road')
    """

    def export(self, path: str | PathLike[str], *ids: str) -> Path:
        """Write worlds with their versions and maps to one file, atomically (docs/spec/smworld.md).

        Args:
            path: Where to.
            *ids: Which; without any, all.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.export("all.json").name
            'all.json'
        """
        from worldkit.stores.local.import_export import export

        with self._read() as transaction:
            return export(transaction, path, ids)

    def import_(
        self,
        source: Source,
        *,
        on_clash: Literal["skip", "copy", "replace"] = "skip",
        max_bytes: int = MAX_BYTES,
    ) -> StoreImport:
        """Import worlds: all of them, or none if there is any error.

        Args:
            source: What ``worldkit.load`` reads: a path, text or dict of a world, an envelope or an export.
            on_clash: What to do with a world whose id is in the store already, or, where it comes without
                an id, whose name is: leave it out, keep it under a new id, or put it in the other's place.
            max_bytes: Largest file or text read.

        Returns:
            What was created, replaced, copied and skipped.

        Raises:
            InvalidWorld: Everything wrong with the source; nothing was written.

        Example:
            >>> path = world.save("bench.world.json")
            >>> store = wk.Store("worlds.db")
            >>> len(store.import_(path).created)
            1
            >>> len(store.import_(path, on_clash="copy").copied), [ref.name for ref in store]
            (1, ['The Red Mitten', 'The Red Mitten'])
        """
        from worldkit.stores.local.import_export import import_worlds

        if on_clash not in ("skip", "copy", "replace"):
            raise refusal("on_clash", '"skip", "copy" or "replace"', on_clash)
        return import_worlds(self._change, source, on_clash, max_bytes)

    def usage(self) -> dict[str, int]:
        """Return how much is stored: ``worlds``, ``versions``, and the whole file's ``objects`` and their ``bytes``.

        Example:
            >>> wk.Store("worlds.db").usage()["worlds"]
            0
        """
        with self._read() as transaction:
            return transaction.counts()

    def compact(self) -> dict[str, int]:
        """Free the space of objects that nothing refers to: edits between versions, pruned versions, deleted worlds.

        Returns:
            The ``objects`` deleted and their ``bytes``.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> store.create(world).delete()
            >>> store.compact()["objects"] > 0
            True
        """
        count = size = 0
        while True:
            limit = SMALL_SWEEP if self._db.is_almost_full else None
            with self._db.exclusive() as connection:
                deleted_count, freed_bytes = self._transaction(connection).sweep(limit)
            count, size = count + deleted_count, size + freed_bytes
            if limit is None or deleted_count < limit:
                break
        self._db.shrink()
        return {"objects": count, "bytes": size}
