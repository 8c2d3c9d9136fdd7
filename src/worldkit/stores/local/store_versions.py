"""The versions of the worlds of a store: a tree to keep, read, compare and go back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core import json_values
from worldkit.core.argument_checks import refusal
from worldkit.core.document import json_of
from worldkit.core.errors import Conflict, HeadVersion
from worldkit.stores.local.column_values import WORLD_FIELDS, stored_text, version_json, version_of, with_fields
from worldkit.stores.local.store_base import StoreBase
from worldkit.stores.stored_world import StoredWorld
from worldkit.stores.versions import VERSION_SOURCES, Version, Versions
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff


class StoreVersions(StoreBase):
    """The calls on versions."""

    def snapshot(
        self,
        id: str,
        title: str | None = None,
        *,
        parent: str | None = None,
        source: str | None = None,
        idempotency_key: str | None = None,
    ) -> Version:
        """Keep a world as it stands as a version; its revision stays.

        After the version that the world stands on, the world then stands on the new one. After an older version it is
        a branch, and the world stays where it stands (docs/spec/api-v1.md, "Versions").

        Args:
            id: The world's id.
            title: What to call it; by default "Revision <rev>".
            parent: Id of the version it comes after; by default the one the world stands on.
            source: What makes it: ``"save"`` by default, ``"branch"``, ``"manual"``, ``"ai"`` or ``"import"``.
            idempotency_key: The same key again returns the first result.

        Raises:
            WrongArgument: There is no such source.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.snapshot(stored.id, "first draft").title
            'first draft'
        """
        json_values.check_json(title, "the title")
        if source is not None and source not in VERSION_SOURCES:
            raise refusal("source", f"one of {', '.join(VERSION_SOURCES)}", source)
        with self._change() as transaction:
            if idempotency_key is not None and (earlier_answer := transaction.recall("snapshot", idempotency_key)):
                return version_of(earlier_answer[2])
            row = transaction.world(id, lock=True)
            parent_id = row.head if parent is None else transaction.version(id, parent).id
            fields = {
                "parent": parent_id,
                "title": stored_text(f"Revision {row.rev}" if title is None else title),
                "source": source or "save",
                "rev": row.rev,
            }
            version_id = transaction.add_version(id, bytes(row.root), **fields)
            if parent_id == row.head:
                transaction.change(id, head=version_id)
            record = version_json(transaction.version(id, version_id))
            if idempotency_key is not None:
                transaction.remember("snapshot", idempotency_key, id, bytes(row.root), record)
            return version_of(record)

    def versions(self, id: str) -> Versions:
        """Return a world's versions, oldest first; its repr draws the tree.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> version = store.snapshot(stored.id, "first draft")
            >>> [version.title for version in store.versions(stored.id)]
            ['first draft']
        """
        with self._read() as transaction:
            row = transaction.world(id)
            return Versions([version_of(version_json(version)) for version in transaction.versions(id)], row.head)

    def version(self, id: str, version: str) -> World:
        """Return the world as it was in a version.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> version = store.snapshot(stored.id)
            >>> store.version(stored.id, version.id) == world
            True
        """
        with self._read() as transaction:
            transaction.world(id)
            return transaction.tree(bytes(transaction.version(id, version).root)).world

    def diff(self, id: str, a: str, b: str | None = None) -> Diff:
        """Return what differs between two versions of a world.

        Args:
            id: The world's id.
            a: The version before.
            b: The version after; None takes the world as it stands.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> version = store.snapshot(stored.id)
            >>> later = stored.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> len(store.diff(stored.id, version.id).ops)
            1
        """
        from worldkit.comparison import diff

        with self._read() as transaction:
            row = transaction.world(id)
            roots = [bytes((row if number is None else transaction.version(id, number)).root) for number in (a, b)]
            before, after = (transaction.tree(root).world for root in roots)
        return diff(before, after)

    def checkout(self, id: str, version: str, *, rev: str | None = None) -> StoredWorld:
        """Go back to a version: its world becomes a new revision, and the world then stands on that version.

        Its name, description and cover are not a version's: they stay.

        Args:
            id: The world's id.
            version: The version.
            rev: The revision the world is expected at; None takes whatever is current.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> version = store.snapshot(stored.id)
            >>> later = stored.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> store.checkout(stored.id, version.id).world.start
            'lane'
        """
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            if rev is not None and str(rev) != str(row.rev):
                raise Conflict(str(rev), str(row.rev))
            root = bytes(transaction.version(id, version).root)
            current = json_of(transaction.tree(bytes(row.root)).world)
            texts = {key: current[key] for key in WORLD_FIELDS if key in current}
            restored_world = with_fields(transaction.tree(root).world, texts, without={*WORLD_FIELDS} - texts.keys())
            self._write(transaction, row, restored_world, base_root=root, head=version)
            return self._stored(transaction, transaction.world(id))

    def version_record(self, id: str, version: str) -> Version:
        """Return a version's line of the list of versions.

        Raises:
            NotFound: There is no such version.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> version = store.snapshot(stored.id, "first draft")
            >>> store.version_record(stored.id, version.id).title
            'first draft'
        """
        with self._read() as transaction:
            transaction.world(id)
            return version_of(version_json(transaction.version(id, version)))

    def retitle(self, id: str, version: str, title: str) -> Version:
        """Give a version another title.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> version = store.snapshot(stored.id, "first draft")
            >>> store.retitle(stored.id, version.id, "the one we played").title
            'the one we played'
        """
        json_values.check_json(title, "the title")
        with self._change() as transaction:
            transaction.world(id, lock=True)
            transaction.name_version(transaction.version(id, version), title)
            return version_of(version_json(transaction.version(id, version)))

    def prune(self, id: str, version: str) -> None:
        """Delete a version; its children become those of its parent. ``compact`` gives the space back.

        Raises:
            HeadVersion: The world stands on it.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> first, second = store.snapshot(stored.id, "first"), store.snapshot(stored.id, "second")
            >>> store.prune(stored.id, first.id)
            >>> [version.title for version in store.versions(stored.id)]
            ['second']
            >>> store.prune(stored.id, second.id)
            Traceback (most recent call last):
            worldkit.core.errors.HeadVersion: ...
        """
        with self._change(frees=True) as transaction:
            row = transaction.world(id, lock=True)
            version_row = transaction.version(id, version)
            if row.head == version:
                raise HeadVersion(version)
            transaction.remove_version(version_row)
