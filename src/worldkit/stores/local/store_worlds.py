"""The worlds of a store: create, get, list, edit, fork, describe, delete."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from worldkit.core.argument_checks import expect, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.core.argument_types import is_text
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import json_of
from worldkit.core.errors import Conflict, WrongArgument
from worldkit.core.json_values import Json, quote
from worldkit.ruleset import refuse_new_errors
from worldkit.stores.local.column_values import WORLD_FIELDS, ref_of, renamed_annotations, renamed_layout, with_fields
from worldkit.stores.local.precomputed_edit import PrecomputedEdit, StoreAccess
from worldkit.stores.local.store_base import StoreBase
from worldkit.stores.pages import Page, WorldRef
from worldkit.stores.stored_world import Ops, StoredWorld
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.editing.batch import Applied
    from worldkit.stores.local.transaction import Transaction

T = TypeVar("T")

MAX_PAGE_SIZE = 500
"""Worlds on a page at the most."""

MAX_VISIBILITY_LENGTH = 32
"""Characters of a visibility at the most."""


class StoreWorlds(StoreBase):
    """The calls on worlds as they stand."""

    def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld:
        """Store a new world; of a fork of a world from this store the parent is recorded.

        Args:
            world: The world.
            name: Its name, if not the document's.
            idempotency_key: The same key again returns the first result and creates nothing.

        Returns:
            The world as it stands in the store, at revision 0.

        Example:
            >>> wk.Store("worlds.db").create(world, name="Mine").world.name
            'Mine'
        """
        from worldkit.stores.local.objects import encode_world

        tree, new_objects = encode_world(world if name is None else with_fields(world, {"name": name}))

        def action(transaction: Transaction) -> tuple[str, Diagnostics]:
            transaction.begin_adding()
            origin = self._origin(transaction, world)
            transaction.write_tree(tree, new_objects)
            return transaction.add(tree, **origin), Diagnostics()

        return self._idempotent("create", idempotency_key, action)

    def get(self, id: str) -> StoredWorld:
        """Return a world as it stands now.

        Args:
            id: Its id; ``store[...]`` takes a name as well.

        Raises:
            NotFound: There is none of that id.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.get(stored.id).world == world
            True
        """
        row, tree = self._row_and_tree(id)
        return self._stored_tree(row, tree, row.rev)

    def ref(self, id: str) -> WorldRef:
        """Return a world's line of the list of worlds, without reading the world itself.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.ref(stored.id).description
            'A lane, a bench under lime trees, and one small thing to put right.'
        """
        with self._read() as transaction:
            return ref_of(transaction.world(id))

    def __getitem__(self, key: str) -> StoredWorld:
        """Return a world by its id or its name."""
        with self._read() as transaction:
            return self._stored(transaction, transaction.world(transaction.id_of(key)))

    def __contains__(self, key: object) -> bool:
        with self._read() as transaction:
            return is_text(key) and bool(transaction.ids_of(key))

    def __iter__(self) -> Iterator[WorldRef]:
        return iter(self.list(limit=MAX_PAGE_SIZE))

    def list(self, *, limit: int = 50, cursor: str | None = None, name: str | None = None) -> Page[WorldRef]:
        """Return one page of the worlds, newest first; iterating goes on through the pages after it.

        Args:
            limit: Worlds on a page, 1 to 500.
            cursor: ``next_cursor`` of the page before.
            name: Only worlds of exactly this name.

        Raises:
            WrongArgument: ``limit`` is out of bounds, or ``cursor`` came from no page.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> [ref.name for ref in store.list()]
            ['The Red Mitten']
        """
        expect_count(limit, "limit", maximum=MAX_PAGE_SIZE)
        if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise refusal("cursor", "a cursor that a page gave", cursor)
        with self._read() as transaction:
            rows = transaction.page(limit + 1, None if cursor is None else int(cursor), name)
        after = str(rows[limit - 1].seq) if len(rows) > limit else None
        return Page(map(ref_of, rows[:limit]), after, lambda at: self.list(limit=limit, cursor=at, name=name))

    def apply(
        self,
        id: str,
        ops: Ops,
        *,
        rev: str | None = None,
        strict: bool = False,
        idempotency_key: str | None = None,
    ) -> StoredWorld:
        """Apply a batch of operations to a world, all or none (docs/spec/ops.md).

        Args:
            id: The world's id.
            ops: The operations.
            rev: The revision they were made against; None takes whatever is current.
            strict: Refuse them if they introduce an error-level lint that was not there before.
            idempotency_key: The same key again returns the first result and changes nothing.

        Returns:
            The world at its new revision; ``diagnostics`` say what cascaded.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
            OpError: An operation was refused; nothing was written.
            RuleViolation: ``strict``, and new errors would appear; nothing was written.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.apply(stored.id, [{"op": "delete_event", "name": "listen_to_the_leaves"}], rev=stored.rev).rev
            '1'
        """
        from worldkit.editing.batch import apply

        batch, accept = [*ops], refuse_new_errors if strict else None
        edit = self._edit(id, lambda world: apply(world, batch, accept=accept), lambda result: result)
        edit.try_to_prepare(rev)
        return edit.write(rev=rev, key=idempotency_key)

    def fork(
        self, id: str, *, name: str | None = None, version: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make a new world that begins as a copy and records where it came from; a large one shares storage.

        Args:
            id: The world to copy.
            name: The copy's name; by default the same with " (fork)".
            version: Copy this version instead of the world as it stands.
            idempotency_key: The same key again returns the first result.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.fork(stored.id, name="Another").world.name
            'Another'
        """

        def action(transaction: Transaction) -> tuple[str, Diagnostics]:
            transaction.begin_adding()
            row = transaction.world(id, lock=True)
            root = bytes(row.root if version is None else transaction.version(id, version).root)
            source = transaction.tree(root)
            copy = source.world.fork(f"{row.name} (fork)" if name is None else name)
            tree = transaction.keep(copy, source)
            fields: dict[str, Any] = {
                "parent": id,
                "parent_version": version or row.head,
                "base": root,
                "layout": row.layout,
                "annotations": row.annotations,
            }
            return transaction.add(tree, **fields), Diagnostics()

        return self._idempotent("fork", idempotency_key, action)

    def base(self, id: str) -> World | None:
        """Return the world a fork began as, for a three-way merge; None when it was not forked.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.base(store.fork(stored.id).id) == world
            True
        """
        with self._read() as transaction:
            root = transaction.world(id).base
            return transaction.tree(bytes(root)).world if root else None

    def rename(self, id: str, name: str) -> StoredWorld:
        """Give a world another name; its revision stays.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.rename(stored.id, "Another").world.name
            'Another'
        """
        return self.describe(id, name=name)

    def describe(self, id: str, **fields: str | None) -> StoredWorld:
        """Set what a list shows of a world; its revision stays.

        Args:
            id: The world's id.
            **fields: Any of ``name``, ``description``, ``cover`` (None removes it) and ``visibility``.

        Raises:
            WrongArgument: There is no such field.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> stored = store.describe(stored.id, description="A walk in November.", visibility="public")
            >>> store.ref(stored.id).description, store.ref(stored.id).visibility, stored.rev
            ('A walk in November.', 'public', '0')
        """
        unknown = fields.keys() - {*WORLD_FIELDS, "visibility"}
        if unknown:
            raise WrongArgument("fields", f"{', '.join(WORLD_FIELDS)} and visibility", quote(sorted(unknown)))
        if "visibility" in fields:
            visibility = fields["visibility"] or ""
            if not (0 < len(visibility) <= MAX_VISIBILITY_LENGTH and visibility.isprintable()):
                raise refusal("visibility", 'a word such as "private" or "public"', fields["visibility"])
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            before = transaction.tree(bytes(row.root))
            texts = {key: value for key, value in fields.items() if key in WORLD_FIELDS and value is not None}
            removed_keys = {key for key, value in fields.items() if value is None}
            self._write(
                transaction, row, with_fields(before.world, texts, removed_keys), base_root=bytes(row.root), rev=row.rev
            )
            if "visibility" in fields:
                transaction.change(id, visibility=fields["visibility"])
            return self._stored(transaction, transaction.world(id))

    def delete(self, id: str) -> None:
        """Delete a world with all its versions; forks of it stay. ``compact`` gives the space back.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.delete(stored.id)
            >>> list(store.list())
            []
        """
        with self._change(frees=True) as transaction:
            transaction.world(id, lock=True)
            transaction.remove(id)

    def rewrite(
        self, id: str, change: Callable[[World], World], *, rev: str | None = None, always: bool = True
    ) -> StoredWorld:
        """Replace a world by what a function makes of it, as a new revision; a renamed state keeps its position.

        Args:
            id: The world's id.
            change: Called with the world as it stands; what it raises leaves the world as it was. It is called again
                where another edit came in between.
            rev: The revision the world is expected at; None takes whatever is current.
            always: Whether the revision is a new one even if nothing changed.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> without = [{"op": "delete_event", "name": "listen_to_the_leaves"}]
            >>> store.rewrite(stored.id, lambda world: world.apply(without)).rev
            '1'
        """

        def work(world: World) -> World:
            after = change(world)
            expect(after, World, "change", "a function that returns a World")
            return after

        edit = self._edit(id, work, lambda after: after)
        edit.try_to_prepare(rev)
        return edit.write(rev=rev, always=always)

    def _edit(
        self, id: str, work: Callable[[World], T], edit_of: Callable[[T], World | Applied[World]]
    ) -> PrecomputedEdit[T]:
        access = StoreAccess(self._row_and_tree, self._stored_tree, _renames, self._write_edit)
        return PrecomputedEdit(access, id, work, edit_of)

    def _write_edit(
        self, id: str, edit: PrecomputedEdit[Any], rev: str | None, always: bool, key: str | None
    ) -> StoredWorld:
        """Write what an edit makes of a world; its map follows the states that were renamed."""

        def action(transaction: Transaction) -> tuple[str, Diagnostics]:
            row = transaction.world(id, lock=True)
            if rev is not None and str(rev) != str(row.rev):
                raise Conflict(str(rev), str(row.rev))
            root = bytes(row.root)
            change = edit.change_of(row, transaction.tree(root), always)
            if change.is_new:
                on_map: dict[str, Any] = {
                    "layout": renamed_layout(row.layout, change.map_ops),
                    "annotations": renamed_annotations(row.annotations, change.map_ops),
                }
                self._write(transaction, row, change.world, base_root=root, **on_map)
            return id, change.notes

        return self._idempotent("apply", key, action)

    def cursor_before(self, created_at: str) -> str | None:
        """Return the cursor of the page of the worlds made before a time; None when that is the first page.

        Args:
            created_at: The time, as text in UTC with microseconds.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> cursor = store.cursor_before("2100-01-01T00:00:00.000000+00:00")
            >>> [ref.name for ref in store.list(cursor=cursor)]
            ['The Red Mitten']
        """
        with self._read() as transaction:
            seq = transaction.first_seq_since(created_at)
        return None if seq is None else str(seq)


def edit_of(
    store: StoreWorlds, id: str, work: Callable[[World], T], edit_of: Callable[[T], World | Applied[World]]
) -> PrecomputedEdit[T]:
    """Return an edit of a world of a store, to be worked out before it takes the lock of the database.

    Args:
        id, work, edit_of: As for ``PrecomputedEdit``.
    """
    return store._edit(id, work, edit_of)  # noqa: SLF001  # a class of this module


def _renames(before: World, after: World) -> Sequence[Json]:
    """Return the renames of the states of a world that seem to have been renamed, as operations."""
    from worldkit.comparison.renames import renamed_states

    new_ids = renamed_states(json_of(before), json_of(after))
    return [{"op": "rename_state", "from": old, "to": new} for old, new in new_ids.items()]
