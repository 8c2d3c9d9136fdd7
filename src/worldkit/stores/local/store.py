"""``Store``: worlds, versions and forks in a file or a database of one's own."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Literal

from worldkit.core import json_values
from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item
from worldkit.core.document import at_revision, json_of, store_of
from worldkit.core.errors import Conflict, CorruptStore, HeadVersion, MissingExtra, NotFound
from worldkit.core.json_values import Json, quote
from worldkit.layout.annotation_changes import patched_json
from worldkit.layout.annotations import AnnotationPatch, Annotations, read_annotations, read_patch
from worldkit.ruleset import refuse_new_errors
from worldkit.stores.local.fields import (
    WORLD_FIELDS,
    ref_of,
    renamed_annotations,
    renamed_layout,
    version_json,
    version_of,
    with_fields,
)
from worldkit.stores.protocol import (
    VERSION_SOURCES,
    Ops,
    Page,
    StoreBinding,
    StoredWorld,
    Version,
    Versions,
    WorldRef,
)
from worldkit.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Row

    from worldkit.comparison import Diff
    from worldkit.stores.local.cache import TreeCache
    from worldkit.stores.local.damage import Damage, Recovery
    from worldkit.stores.local.engine import Database
    from worldkit.stores.local.import_export import Imported
    from worldkit.stores.local.transaction import Transaction
    from worldkit.world import Source

MAX_PAGE = 500
"""Worlds on a page at the most."""
SMALL_SWEEP = 100
"""Objects deleted in one transaction when the disk is almost full: each may take a page or two of the log."""


@checked_methods
class Store:
    """A place of one's own where worlds live: create, edit, snapshot, fork, compare, go back.

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

    def __init__(self, place: str | PathLike[str], *, recover: bool = False) -> None:
        try:
            from worldkit.stores.local.cache import TreeCache
            from worldkit.stores.local.engine import Database
        except ImportError as error:
            if (error.name or "").partition(".")[0] not in ("sqlalchemy", "alembic"):
                raise
            raise MissingExtra("worldkit.Store", "store", "SQLAlchemy and Alembic") from None
        self._db: Database = Database(fspath(place), recover=recover)
        self._cache: TreeCache = TreeCache()
        self._space = ""
        recovery = self._db.recovery
        if recovery is not None and not recovery.is_complete:
            warnings.warn(repr(recovery), stacklevel=2)

    # ---- worlds ----------------------------------------------------------------------------

    def create(self, world: World, *, name: str | None = None, idempotency_key: str | None = None) -> StoredWorld:
        """Keep a new world; of a fork of a world from this store the parent is recorded.

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
        titled = world if name is None else with_fields(world, {"name": name})

        def action(transaction: Transaction) -> tuple[str, Diagnostics]:
            origin = self._origin(transaction, world)
            return transaction.add(transaction.keep(titled), **origin), Diagnostics()

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
        with self._read() as transaction:
            return self._stored(transaction, transaction.world(id))

    def ref(self, id: str) -> WorldRef:
        """Return what a list says of a world."""
        with self._read() as transaction:
            return ref_of(transaction.world(id))

    def __getitem__(self, key: str) -> StoredWorld:
        """Return a world by its id or its name."""
        with self._read() as transaction:
            return self._stored(transaction, transaction.world(transaction.id_of(key)))

    def __contains__(self, key: object) -> bool:
        with self._read() as transaction:
            return isinstance(key, str) and bool(transaction.ids_of(key))

    def __iter__(self) -> Iterator[WorldRef]:
        return iter(self.list(limit=MAX_PAGE))

    def list(self, *, limit: int = 50, cursor: str | None = None, name: str | None = None) -> Page[WorldRef]:
        """Return one page of the worlds, newest first; iterating goes on through the pages after it.

        Args:
            limit: Worlds on a page, 1 to 500.
            cursor: ``next_cursor`` of the page before.
            name: Only worlds of exactly this name.

        Raises:
            ValueError: ``limit`` is out of bounds, or ``cursor`` came from no page.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> [ref.name for ref in store.list()]
            ['The Red Mitten']
        """
        if not 1 <= limit <= MAX_PAGE:
            raise ValueError(f"limit is 1 to {MAX_PAGE}, got {limit}")
        if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise ValueError(f"expected a cursor that a page gave, got {quote(cursor)}")
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
        from worldkit.editing import apply

        batch = [*ops]

        def action(transaction: Transaction) -> tuple[str, Diagnostics]:
            row = transaction.world(id, lock=True)
            if rev is not None and str(rev) != str(row.rev):
                raise Conflict(str(rev), str(row.rev))
            base = transaction.tree(bytes(row.root))
            result = apply(base.world, batch, accept=refuse_new_errors if strict else None)
            if result.ops:
                on_map: dict[str, Any] = {
                    "layout": renamed_layout(row.layout, result.ops),
                    "annotations": renamed_annotations(row.annotations, result.ops),
                }
                self._write(transaction, row, result.world, base_root=bytes(row.root), **on_map)
            return id, result.notes

        return self._idempotent("apply", idempotency_key, action)

    def fork(
        self, id: str, *, name: str | None = None, version: str | None = None, idempotency_key: str | None = None
    ) -> StoredWorld:
        """Make a world of its own that begins as a copy and records where it came from; it shares storage.

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
        """Give a world another name; that is no new revision.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.rename(stored.id, "Another").world.name
            'Another'
        """
        return self.describe(id, name=name)

    def describe(self, id: str, **fields: str | None) -> StoredWorld:
        """Set what a list says of a world; that is no new revision.

        Args:
            id: The world's id.
            **fields: Any of ``name``, ``description``, ``cover`` (None removes it) and ``visibility``.

        Raises:
            TypeError: There is no such field.
        """
        unknown = fields.keys() - {*WORLD_FIELDS, "visibility"}
        if unknown:
            raise TypeError(
                f"a world is described by {', '.join(WORLD_FIELDS)} and visibility, not by {sorted(unknown)}"
            )
        if "visibility" in fields and not fields["visibility"]:
            raise ValueError('visibility is a word such as "private" or "public"')
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            before = transaction.tree(bytes(row.root))
            texts = {key: value for key, value in fields.items() if key in WORLD_FIELDS and value is not None}
            removed = {key for key, value in fields.items() if value is None}
            self._write(
                transaction, row, with_fields(before.world, texts, removed), base_root=bytes(row.root), rev=row.rev
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

    # ---- versions --------------------------------------------------------------------------

    def snapshot(
        self,
        id: str,
        title: str | None = None,
        *,
        parent: str | None = None,
        source: str | None = None,
        idempotency_key: str | None = None,
    ) -> Version:
        """Keep a world as it stands as a version; that is no new revision.

        After the version that the world stands on, the world then stands on the new one. After an older version it is
        a branch, and the world stays where it stands (docs/spec/api-v1.md, "Versions").

        Args:
            id: The world's id.
            title: What to call it; by default "Revision <rev>".
            parent: Id of the version it comes after; by default the one the world stands on.
            source: What makes it: ``"save"`` by default, ``"branch"``, ``"manual"``, ``"ai"`` or ``"import"``.
            idempotency_key: The same key again returns the first result.

        Raises:
            ValueError: There is no such source.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.snapshot(stored.id, "first draft").title
            'first draft'
        """
        json_values.check_json(title, "the title")
        if source is not None and source not in VERSION_SOURCES:
            raise ValueError(f"source is one of {', '.join(VERSION_SOURCES)}, got {quote(source)}")
        with self._change() as transaction:
            if idempotency_key is not None and (stored := transaction.recall("snapshot", idempotency_key)):
                return version_of(stored[2])
            from worldkit.stores.local.transaction import stored_text

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
            roots = [bytes((row if chosen is None else transaction.version(id, chosen)).root) for chosen in (a, b)]
            before, after = (transaction.tree(root).world for root in roots)
        return diff(before, after)

    def checkout(self, id: str, version: str, *, rev: str | None = None) -> StoredWorld:
        """Make a world what it was in a version, as a new revision; the world then stands on that version.

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
            restored = with_fields(transaction.tree(root).world, texts, without={*WORLD_FIELDS} - texts.keys())
            self._write(transaction, row, restored, base_root=root, head=version)
            return self._stored(transaction, transaction.world(id))

    def version_record(self, id: str, version: str) -> Version:
        """Return a version's line of the list of versions.

        Raises:
            NotFound: There is no such version.
        """
        with self._read() as transaction:
            transaction.world(id)
            return version_of(version_json(transaction.version(id, version)))

    def retitle(self, id: str, version: str, title: str) -> Version:
        """Call a version something else; what it holds stays."""
        json_values.check_json(title, "the title")
        with self._change() as transaction:
            transaction.world(id, lock=True)
            transaction.name_version(transaction.version(id, version), title)
            return version_of(version_json(transaction.version(id, version)))

    def prune(self, id: str, version: str) -> None:
        """Forget a version; its children go to its parent. ``compact`` gives the space back.

        Raises:
            HeadVersion: The world stands on it.
        """
        with self._change(frees=True) as transaction:
            row = transaction.world(id, lock=True)
            version_row = transaction.version(id, version)
            if row.head == version:
                raise HeadVersion(version)
            transaction.remove_version(version_row)

    # ---- beside the worlds -----------------------------------------------------------------

    def layout(self, id: str) -> dict[str, tuple[float, float]]:
        """Return where a world's cards stand in the editor, by state id; those not named are laid out."""
        with self._read() as transaction:
            return {key: (x, y) for key, (x, y) in json.loads(transaction.world(id).layout).items()}

    def place(self, id: str, positions: Mapping[str, Sequence[float] | None]) -> None:
        """Say where cards stand; the others stay where they are. That is no new revision.

        Args:
            id: The world's id.
            positions: ``(x, y)`` by state id; None forgets a position.
        """
        try:
            given_positions = {
                key: None if position is None else [float(number) for number in position]
                for key, position in positions.items()
            }
        except (TypeError, ValueError, OverflowError):
            raise refusal("positions", "[x, y] or None by state id", positions) from None
        json_values.check_json(given_positions, "the positions")
        invalid = [key for key, position in given_positions.items() if position is not None and len(position) != 2]
        if invalid:
            raise ValueError(
                f"a position is (x, y); that of {quote(invalid[0])} has {len(given_positions[invalid[0]] or ())} parts"
            )
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            updated = {**json.loads(row.layout), **given_positions}
            transaction.change(
                id, layout=json.dumps({key: position for key, position in updated.items() if position is not None})
            )

    def annotations(self, id: str) -> Annotations:
        """Return what a writer put on the map of a world: regions, notes, tags and saved views.

        Args:
            id: The world's id.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> region = wk.edit(stored).regions.add("Act one", ["lane"])
            >>> store.annotations(stored.id).regions[region].name
            'Act one'
        """
        with self._read() as transaction:
            return read_annotations(json.loads(transaction.world(id).annotations))

    def annotate(self, id: str, patch: AnnotationPatch | Mapping[str, Any]) -> None:
        """Change what is on the map of a world; the other entries stay. That is no new revision.

        Args:
            id: The world's id.
            patch: Entries by id for each section; None takes an entry away.

        Raises:
            WorldError: An entry cannot be on a map.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> store.annotate(stored.id, {"notes": {"n1": {"text": "Who lost it?", "state": "lane"}}})
            >>> store.annotations(stored.id).notes["n1"].text
            'Who lost it?'
        """
        if not isinstance(patch, AnnotationPatch):
            patch = read_patch(patch)
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            transaction.change(id, annotations=json.dumps(patched_json(json.loads(row.annotations), patch)))

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

    def import_(self, source: Source, *, on_clash: Literal["skip", "copy", "replace"] = "skip") -> Imported:
        """Bring worlds in: all of them, or on any error none.

        Args:
            source: What ``worldkit.load`` reads: a path, text or dict of a world, an envelope or an export.
            on_clash: What to do with a world whose id is in the store already, or, where it comes without
                an id, whose name is: leave it out, keep it under a new id, or put it in the other's place.

        Returns:
            What was created, replaced, copied and skipped.

        Raises:
            InvalidWorld: Everything wrong with the source; nothing was written.
        """
        from worldkit.stores.local.import_export import import_worlds

        if on_clash not in ("skip", "copy", "replace"):
            raise ValueError(f'on_clash is "skip", "copy" or "replace", got {quote(on_clash)}')
        return import_worlds(self._change, source, on_clash)

    def usage(self) -> dict[str, int]:
        """Return how much is kept: ``worlds``, ``versions``, and the whole file's ``objects`` and their ``bytes``.

        Example:
            >>> wk.Store("worlds.db").usage()["worlds"]
            0
        """
        with self._read() as transaction:
            return transaction.counts()

    def compact(self) -> dict[str, int]:
        """Give back the space of what nothing leads to any more: edits between versions, pruned and deleted ones.

        Returns:
            The ``objects`` deleted and their ``bytes``.
        """
        count = size = 0
        while True:
            limit = SMALL_SWEEP if self._db.is_almost_full else None
            with self._db.exclusive() as connection:
                deleted, freed = self._transaction(connection).sweep(limit)
            count, size = count + deleted, size + freed
            if limit is None or deleted < limit:
                break
        self._db.shrink()
        return {"objects": count, "bytes": size}

    # ---- for servers -----------------------------------------------------------------------

    @property
    def database(self) -> Database:
        """The database itself, for tables of one's own beside the store's."""
        return self._db

    @property
    def space_name(self) -> str:
        """The space whose worlds it sees; ``""`` is the store's own."""
        return self._space

    def space(self, name: str) -> Store:
        """Return a store over the same database that sees only the worlds of one space, such as an app's.

        Args:
            name: The space; the store's own is ``""``. Ids and idempotency keys of others do not exist in it.
        """
        return Store._over(self._db, self._cache, name)

    @classmethod
    def _over(cls, database: Database, cache: TreeCache, space: str) -> Store:
        self = cls.__new__(cls)
        self._db, self._cache, self._space = database, cache, space
        return self

    def rewrite(self, id: str, change: Callable[[World], World], *, rev: str | None = None) -> StoredWorld:
        """Make a world what a function makes of it, as a new revision.

        Args:
            id: The world's id.
            change: Called with the world as it stands; what it raises leaves the world as it was.
            rev: The revision the world is expected at; None takes whatever is current.

        Raises:
            Conflict: ``rev`` is stale; nothing was written.
        """
        with self._change() as transaction:
            row = transaction.world(id, lock=True)
            if rev is not None and str(rev) != str(row.rev):
                raise Conflict(str(rev), str(row.rev))
            root = bytes(row.root)
            self._write(transaction, row, change(transaction.tree(root).world), base_root=root)
            return self._stored(transaction, transaction.world(id))

    def cursor_before(self, created_at: str) -> str | None:
        """Return the cursor of the page of the worlds made before a time; None when that is the first page.

        Args:
            created_at: The time, as text in UTC with microseconds.
        """
        with self._read() as transaction:
            seq = transaction.first_seq_since(created_at)
        return None if seq is None else str(seq)

    def check_sound(self) -> None:
        """Refuse to go on over a store that is known to be damaged.

        Raises:
            CorruptStore: It is.
        """
        if self._db.damage_reason is not None:
            raise CorruptStore(self._db.place, self._db.damage_reason)

    def check_servable(self) -> None:
        """Look through the whole file, and refuse to serve a store that is damaged, or was and nobody has settled it.

        Raises:
            CorruptStore: It is damaged.
            StoreError: The original of a recovery that lost something stands beside it.
        """
        self.check_sound()
        self._db.check_servable()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the calls inside one: all are kept or, when an error leaves the block, none.

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
        """What is damaged in the file and what cannot be read; None when nothing is known to be damaged."""
        return self._db.damage

    @property
    def recovery(self) -> Recovery | None:
        """What opening with ``recover=True`` saved and what it did not; None when there was nothing to recover."""
        return self._db.recovery

    @property
    def label(self) -> str:
        """What to call it in a line for a person: the file's or the database's name."""
        return self._db.place.rstrip("/").replace("\\", "/").rpartition("/")[2].partition("?")[0]

    def close(self) -> None:
        """Close the connections; a call after it opens new ones."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store {self._db.place}"

    # ---- inside ----------------------------------------------------------------------------

    def _transaction(self, connection: Any) -> Transaction:
        from worldkit.stores.local.transaction import Transaction

        return Transaction(connection, self._db.place, self._space, self._cache, self._db.report_damage)

    @contextmanager
    def _read(self) -> Iterator[Transaction]:
        try:
            with self._db.reading() as connection:
                yield self._transaction(connection)
        except NotFound as error:
            if self._db.damage_reason is None:
                raise
            # what is not among what can be read may be among what cannot
            raise CorruptStore(self._db.place, f"{self._db.damage_reason}; {error}") from None

    @contextmanager
    def _change(self, *, frees: bool = False) -> Iterator[Transaction]:
        with self._db.writing(frees=frees) as connection:
            yield self._transaction(connection)

    def _idempotent(
        self, call: str, key: str | None, action: Callable[[Transaction], tuple[str, Diagnostics]]
    ) -> StoredWorld:
        """Do a call that makes or changes a world, or return what the same key was answered."""
        with self._change() as transaction:
            if key is not None and (stored := transaction.recall(call, key)):
                id, root, answer = stored
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
        row: Row[Any],
        world: World,
        *,
        base_root: bytes,
        rev: int | None = None,
        **fields: Any,
    ) -> None:
        from worldkit.stores.local.transaction import mirrored_columns

        tree = transaction.keep(world, transaction.tree(base_root))
        transaction.change(
            row.id, root=tree.root, rev=row.rev + 1 if rev is None else rev, **mirrored_columns(world), **fields
        )

    def _stored(
        self,
        transaction: Transaction,
        row: Row[Any],
        notes: Sequence[Diagnostic] = (),
        root_and_rev: tuple[bytes, int] | None = None,
    ) -> StoredWorld:
        root, rev = root_and_rev or (bytes(row.root), row.rev)
        binding = StoreBinding(self, row.id, row.head, lambda: self._revision(row.id))
        world = at_revision(transaction.tree(root).world, rev=rev, notes=notes, store=binding)
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
            _store=self,
        )

    def _revision(self, id: str) -> str:
        with self._read() as transaction:
            return str(transaction.world(id).rev)

    def _origin(self, transaction: Transaction, world: World) -> Json:
        """Return the columns that record a fork's parent, when the parent came out of this store."""
        parent = world.parent
        binding: object = store_of(parent) if parent is not None else None
        if parent is None or not isinstance(binding, StoreBinding) or not isinstance(binding.store, Store):
            return {}
        if binding.store.database is not self._db or binding.store.space_name != self._space:
            return {}
        return {"parent": binding.id, "parent_version": binding.version, "base": transaction.keep(parent).root}
