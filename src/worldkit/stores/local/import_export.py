"""Export and import: worlds with their versions and maps as one studio export (docs/spec/smworld.md).

An entry is ``{world, versions?, ...}``. Ours adds ``id``, ``name``, ``rev``, ``head``, ``parent``,
``parentVersion``, ``visibility``, ``createdAt``, ``layout`` and ``annotations``; a version is ``{id, parentVersionId,
title, source, rev, created_at, snapshot}``. A reader that knows none of these still finds the worlds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from worldkit.core import files, json_values
from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import Json, quote
from worldkit.stores.local.column_values import mirrored_columns, new_id, now, stored_text, time_text, utc_time
from worldkit.stores.local.transaction import Transaction
from worldkit.world import Source, World, load, load_all


@dataclass(frozen=True, slots=True)
class StoreImport:
    """The result of an import, as ids of this store.

    Attributes:
        created: Worlds whose id, or name, was free.
        replaced: Worlds that were put in the place of others.
        copied: Worlds kept under a new id because theirs was taken.
        skipped: Worlds of the store that were left as they are.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> path = world.save("mine.world.json")
        >>> store.import_(path)
        StoreImport(created=('...',), replaced=(), copied=(), skipped=())
    """

    created: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all worlds that were imported."""
        return (*self.created, *self.replaced, *self.copied)


def export(transaction: Transaction, path: str | os.PathLike[str], ids: Sequence[str]) -> Path:
    """Write worlds of a store to a file.

    Args:
        transaction: A reading transaction, so that all are of one moment.
        path: Where to.
        ids: Which; none for all, oldest first.
    """
    world_ids = ids or [row.id for row in reversed(transaction.page(2**62, None))]
    value = {"format": files.EXPORT_FORMAT, "version": 1, "worlds": [_entry(transaction, id) for id in world_ids]}
    target = Path(path)
    files.write_atomically(target, (json_values.dumps(value, None) + "\n").encode())
    return target


def _entry(transaction: Transaction, id: str) -> Json:
    row = transaction.world(id)
    columns = {
        "name": row.name,
        "rev": str(row.rev),
        "head": row.head,
        "parent": row.parent,
        "parentVersion": row.parent_version,
        "visibility": row.visibility,
        "createdAt": row.created_at,
        "layout": json.loads(row.layout),
        "annotations": json.loads(row.annotations),
    }
    versions = [
        {
            "id": version.id,
            "parentVersionId": version.parent,
            "title": version.title,
            "source": version.source,
            "rev": str(version.rev),
            "created_at": version.created_at,
            "snapshot": json_of(transaction.tree(bytes(version.root)).world),
        }
        for version in transaction.versions(id)
    ]
    return {"id": id, "world": json_of(transaction.tree(bytes(row.root)).world), **columns, "versions": versions}


# ---- import -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _IncomingVersion:
    id: str
    parent: str | None
    world: World
    fields: dict[str, Any]


@dataclass(slots=True)
class _IncomingWorld:
    """One world that is to come in, checked whole before anything is written."""

    world: World
    id: str | None = None
    rev: int = 0
    head: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    versions: list[_IncomingVersion] = field(default_factory=list)


def import_worlds(
    change: Callable[[], AbstractContextManager[Transaction]],
    source: Source,
    on_clash: Literal["skip", "copy", "replace"],
) -> StoreImport:
    """Bring the worlds of a source into a store, all of them or none.

    Args:
        change: Begins a writing transaction.
        source: A world, or what ``worldkit.load`` reads.
        on_clash: What to do with a world that is there already.
    """
    arrivals = _incoming_worlds(source)
    results: dict[str, list[str]] = {"created": [], "replaced": [], "copied": [], "skipped": []}
    with change() as transaction:
        transaction.begin_adding()
        for incoming in arrivals:
            existing = transaction.ids_of(incoming.id if incoming.id is not None else incoming.world.name or "untitled")
            if incoming.id is not None and existing != [incoming.id]:
                existing = []
            if not existing:
                id_is_free = incoming.id is not None and not transaction.is_taken(incoming.id)
                results["created"].append(_put(transaction, incoming, incoming.id if id_is_free else None))
            elif on_clash == "skip":
                results["skipped"].append(existing[0])
            elif on_clash == "copy":
                results["copied"].append(_put(transaction, incoming, None))
            else:
                results["replaced"].append(_replace(transaction, incoming, existing[0]))
    return StoreImport(**{name: tuple(ids) for name, ids in results.items()})


def _put(transaction: Transaction, incoming: _IncomingWorld, id: str | None) -> str:
    fields = dict(incoming.fields)
    if "created_at" in fields:
        fields["created_at"] = transaction.time_after_the_last(fields["created_at"])
    world_id = transaction.add(transaction.keep(incoming.world), id=id, rev=incoming.rev, head=incoming.head, **fields)
    _put_versions(transaction, incoming, world_id)
    return world_id


def _replace(transaction: Transaction, incoming: _IncomingWorld, id: str) -> str:
    row = transaction.world(id, lock=True)
    transaction.remove_versions(id)
    fields = {
        "parent": None,
        "parent_version": None,
        "base": None,
        **incoming.fields,
        **mirrored_columns(incoming.world),
    }
    fields.pop("created_at", None)  # it stays where it stands in the list, and that is by this time
    root = transaction.keep(incoming.world).root
    transaction.change(id, root=root, rev=max(incoming.rev, row.rev + 1), head=incoming.head, **fields)
    _put_versions(transaction, incoming, id)
    return id


def _put_versions(transaction: Transaction, incoming: _IncomingWorld, id: str) -> None:
    tree = None
    for version in incoming.versions:
        tree = transaction.keep(version.world, tree)
        transaction.add_version(id, tree.root, id=version.id, parent=version.parent, **version.fields)


def _incoming_worlds(source: Source) -> list[_IncomingWorld]:
    if isinstance(source, World):
        return [_IncomingWorld(source)]
    value = files.read(cast(files.PlainSource, source))
    if not isinstance(value, dict):
        raise InvalidWorld([Problem("", f"expected an object, got {quote(value)}")], "the source")
    worlds = load_all(value)
    if value.get("format") != files.EXPORT_FORMAT:
        return [_IncomingWorld(world) for world in worlds]
    problems: list[Problem] = []
    incoming = [
        _incoming_world(world, entry, f"worlds[{index}]", problems)
        for index, (world, entry) in enumerate(zip(worlds, value["worlds"], strict=True))
    ]
    ids = [one.id for one in incoming if one.id is not None]
    problems += [
        Problem("worlds", f"the id {quote(id)} stands twice") for id in sorted({i for i in ids if ids.count(i) > 1})
    ]
    if problems:
        raise InvalidWorld(problems, "the export")
    return incoming


def _incoming_world(world: World, entry: Json, path: str, problems: list[Problem]) -> _IncomingWorld:
    reader = _FieldReader(entry, path, problems)
    incoming = _IncomingWorld(world, reader.text("id", 64), reader.count("rev"), reader.text("head", 64))
    incoming.fields = {
        "parent": reader.text("parent", 64),
        "parent_version": reader.text("parentVersion", 64),
        "visibility": reader.text("visibility", 32) or "private",
        "created_at": reader.time("createdAt"),
        "layout": json.dumps(reader.layout()),
        "annotations": json.dumps(reader.annotations()),
    }
    entries = entry.get("versions") or []
    if not isinstance(entries, list) or not all(isinstance(item, dict) for item in entries):
        problems.append(Problem(f"{path}.versions", "expected a list of objects"))
        return incoming
    incoming.versions = [
        version
        for index, item in enumerate(entries)
        if (version := _version(item, f"{path}.versions[{index}]", problems)) is not None
    ]
    _check_tree(incoming, path, problems)
    return incoming


def _version(item: Json, path: str, problems: list[Problem]) -> _IncomingVersion | None:
    reader = _FieldReader(item, path, problems)
    snapshot = item.get("snapshot", item.get("world"))
    if not isinstance(snapshot, dict):
        problems.append(Problem(f"{path}.snapshot", f"expected a world, got {quote(snapshot)}"))
        return None
    try:
        world = load(snapshot)
    except InvalidWorld as error:
        problems += [
            Problem(f"{path}.snapshot.{problem.path}".rstrip("."), problem.message) for problem in error.problems
        ]
        return None
    fields = {
        "title": stored_text(reader.text("title") or "Untitled"),
        "source": stored_text(reader.text("source") or "import"),
        "rev": reader.count("rev"),
        "created_at": reader.time("created_at"),
    }
    return _IncomingVersion(reader.text("id", 64) or new_id(), reader.text("parentVersionId", 64), world, fields)


def _check_tree(incoming: _IncomingWorld, path: str, problems: list[Problem]) -> None:
    """Refuse ids that stand twice and parents that are not there or go round in a circle."""
    parents = {version.id: version.parent for version in incoming.versions}
    if len(parents) != len(incoming.versions):
        problems.append(Problem(f"{path}.versions", "two versions have the same id"))
    referenced = {incoming.head, *parents.values()} - {None}
    if not referenced <= parents.keys():
        missing = sorted(str(id) for id in referenced - parents.keys())
        problems.append(
            Problem(f"{path}.versions", f"there is no version {quote(missing[0])}, which another one names")
        )
        return
    checked_ids: set[str | None] = {None}
    for id in parents:
        trail: list[str] = []
        current: str | None = id
        while current not in checked_ids and current not in trail:
            trail.append(str(current))
            current = parents[str(current)]
        if current not in checked_ids:
            problems.append(Problem(f"{path}.versions", f"the parents of version {quote(id)} go round in a circle"))
            return
        checked_ids.update(trail)


@dataclass(frozen=True, slots=True)
class _FieldReader:
    """Reads an entry's fields and notes what is wrong with them."""

    entry: Json
    path: str
    problems: list[Problem]

    def text(self, key: str, max_length: int | None = None) -> str | None:
        value = self.entry.get(key)
        if value is None:
            return None
        is_valid = isinstance(value, str) and (
            max_length is None or (0 < len(value) <= max_length and value.isprintable())
        )
        if not is_valid:
            expected = "a text" if max_length is None else f"a text of 1 to {max_length} printable characters"
            self.problems.append(Problem(f"{self.path}.{key}", f"expected {expected}, got {quote(value)}"))
            return None
        return str(value)

    def count(self, key: str) -> int:
        value = self.entry.get(key, "0")
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            self.problems.append(Problem(f"{self.path}.{key}", f'expected a revision such as "3", got {quote(value)}'))
            return 0
        return int(text)

    def time(self, key: str) -> str:
        value = self.entry.get(key)
        if value is None:
            return now()
        try:
            return time_text(utc_time(value))
        except (TypeError, ValueError, OverflowError):
            reason = f"expected a time such as {quote(now())}, got {quote(value)}"
            self.problems.append(Problem(f"{self.path}.{key}", reason))
            return now()

    def layout(self) -> dict[str, list[float]]:
        value = self.entry.get("layout") or {}
        if not isinstance(value, dict) or not all(map(_is_position, value.values())):
            self.problems.append(Problem(f"{self.path}.layout", "expected [x, y] by state id"))
            return {}
        return value

    def annotations(self) -> Json:
        value = self.entry.get("annotations") or {}
        if not isinstance(value, dict) or not all(isinstance(entries, dict) for entries in value.values()):
            self.problems.append(Problem(f"{self.path}.annotations", "expected an object by id for each section"))
            return {}
        return value


def _is_position(value: Any) -> bool:
    numbers: Iterable[Any] = value if isinstance(value, list) and len(value) == 2 else [None]
    return all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers)
