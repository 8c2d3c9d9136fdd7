"""Export and import: worlds with their versions and maps as one studio export (docs/spec/smworld.md).

An entry is ``{world, versions?, ...}``. Ours adds ``id``, ``name``, ``rev``, ``head``, ``parent``,
``parentVersion``, ``base``, ``visibility``, ``createdAt``, ``layout`` and ``annotations``; a version is
``{id, parentVersionId, title, source, rev, created_at, snapshot}``. A reader that knows none of these still finds the
worlds.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from worldkit.core import files, json_values
from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import Json, quote
from worldkit.stores.file_layout import is_position
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
        ids: Which, each once; none for all, oldest first.
    """
    world_ids = [*dict.fromkeys(ids)] or [row.id for row in reversed(transaction.page(2**62, None))]
    value = {"format": files.EXPORT_FORMAT, "version": 1, "worlds": [_entry(transaction, id) for id in world_ids]}
    target = Path(path)
    write_atomically(target, (json_values.dumps(value, None) + "\n").encode())
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
    if row.base:
        columns["base"] = json_of(transaction.tree(bytes(row.base)).world)
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
    parent: str | None = None
    base: World | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    versions: list[_IncomingVersion] = field(default_factory=list)


def import_worlds(
    change: Callable[[], AbstractContextManager[Transaction]],
    source: Source,
    on_clash: Literal["skip", "copy", "replace"],
    max_bytes: int,
) -> StoreImport:
    """Bring the worlds of a source into a store, all of them or none.

    Args:
        change: Begins a writing transaction.
        source: A world, or what ``worldkit.load`` reads.
        on_clash: What to do with a world that is there already.
        max_bytes: Largest file or text read.
    """
    arrivals = _incoming_worlds(source, max_bytes)
    results: dict[str, list[str]] = {"created": [], "replaced": [], "copied": [], "skipped": []}
    with change() as transaction:
        transaction.begin_adding()
        targets = _targets(transaction, arrivals, on_clash)
        new_ids = {one.id: id for one, (_, id) in zip(arrivals, targets, strict=True) if one.id is not None}
        for incoming, (outcome, id) in zip(arrivals, targets, strict=True):
            results[outcome].append(id)
            if outcome == "replaced":
                _replace(transaction, incoming, id, new_ids)
            elif outcome != "skipped":
                _put(transaction, incoming, id, new_ids)
    return StoreImport(**{name: tuple(ids) for name, ids in results.items()})


def _targets(
    transaction: Transaction, arrivals: Sequence[_IncomingWorld], on_clash: Literal["skip", "copy", "replace"]
) -> list[tuple[str, str]]:
    """Return what becomes of each world, and its id in the store; nothing is written yet, so none clashes with another.

    A world of the store is replaced once: a further one of its name is created.
    """
    existing_ids = _existing_ids(transaction, arrivals)
    replaced_ids = {incoming.id for incoming, ids in zip(arrivals, existing_ids, strict=True) if incoming.id in ids}
    targets = []
    for incoming, ids in zip(arrivals, existing_ids, strict=True):
        unclaimed = ids if incoming.id is not None else [id for id in ids if id not in replaced_ids]
        if ids and on_clash == "skip":
            targets.append(("skipped", ids[0]))
        elif ids and on_clash == "copy":
            targets.append(("copied", new_id()))
        elif unclaimed:
            targets.append(("replaced", unclaimed[0]))
            replaced_ids.add(unclaimed[0])
        else:
            is_free = incoming.id is not None and not transaction.is_taken(incoming.id)
            targets.append(("created", incoming.id if incoming.id is not None and is_free else new_id()))
    return targets


def _existing_ids(transaction: Transaction, arrivals: Sequence[_IncomingWorld]) -> list[list[str]]:
    """Return for each world the ids of the worlds of the store with which it clashes."""
    ids = transaction.present_ids(incoming.id for incoming in arrivals if incoming.id is not None)
    names = [incoming.world.name for incoming in arrivals if incoming.id is None and incoming.world.name]
    ids_by_name = transaction.ids_by_name(names)

    def existing(incoming: _IncomingWorld) -> list[str]:
        if incoming.id is None:
            return ids_by_name.get(incoming.world.name or "", [])
        return [incoming.id] if incoming.id in ids else []

    return [existing(incoming) for incoming in arrivals]


def _put(transaction: Transaction, incoming: _IncomingWorld, id: str, new_ids: Mapping[str, str]) -> None:
    tree, fields = transaction.keep(incoming.world), _fields(transaction, incoming, new_ids)
    if "created_at" in fields:
        fields["created_at"] = transaction.time_after_the_last(fields["created_at"])
    transaction.add(tree, id=id, rev=incoming.rev, head=incoming.head, **fields)
    _put_versions(transaction, incoming, id)


def _replace(transaction: Transaction, incoming: _IncomingWorld, id: str, new_ids: Mapping[str, str]) -> None:
    row = transaction.world(id, lock=True)
    transaction.remove_versions(id)
    fields = {**_fields(transaction, incoming, new_ids), **mirrored_columns(incoming.world)}
    fields.pop("created_at", None)  # it stays where it stands in the list, and that is by this time
    root = transaction.keep(incoming.world).root
    transaction.change(id, root=root, rev=max(incoming.rev, row.rev + 1), head=incoming.head, **fields)
    _put_versions(transaction, incoming, id)


def _fields(transaction: Transaction, incoming: _IncomingWorld, new_ids: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of a world; its parent is named by its id here, and left out where it is not here."""
    fields: dict[str, Any] = {"parent": None, "parent_version": None, "base": None, **incoming.fields}
    if incoming.base is not None:
        fields["base"] = transaction.keep(incoming.base).root
    if incoming.parent is not None and incoming.parent in new_ids:
        fields["parent"] = new_ids[incoming.parent]
    elif incoming.parent is not None and transaction.present_ids([incoming.parent]):
        fields["parent"] = incoming.parent
    else:
        fields["parent_version"] = None
    return fields


def _put_versions(transaction: Transaction, incoming: _IncomingWorld, id: str) -> None:
    tree = None
    for seq, version in enumerate(incoming.versions, 1):  # the world has no others
        tree = transaction.keep(version.world, tree)
        transaction.add_version(id, tree.root, id=version.id, seq=seq, parent=version.parent, **version.fields)


def _incoming_worlds(source: Source, max_bytes: int) -> list[_IncomingWorld]:
    if isinstance(source, World):
        return [_IncomingWorld(source)]
    value = files.read(cast(files.PlainSource, source), max_bytes, "; store.import_(..., max_bytes=...) reads more")
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
    counts = Counter(one.id for one in incoming if one.id is not None)
    repeated_ids = sorted(id for id, count in counts.items() if count > 1)
    problems += [Problem("worlds", f"the id {quote(id)} stands twice") for id in repeated_ids]
    if problems:
        raise InvalidWorld(problems, "the export")
    return incoming


def _incoming_world(world: World, entry: Json, path: str, problems: list[Problem]) -> _IncomingWorld:
    reader = _FieldReader(entry, path, problems)
    incoming = _IncomingWorld(world, reader.text("id", 64), reader.count("rev"), reader.text("head", 64))
    incoming.parent = reader.text("parent", 64)
    if entry.get("base") is not None:
        incoming.base = _world(entry["base"], f"{path}.base", problems)
    columns = {
        "parent_version": reader.text("parentVersion", 64),
        "visibility": reader.text("visibility", 32),
        "created_at": reader.time("createdAt"),
        "layout": reader.layout(),
        "annotations": reader.annotations(),
    }
    # what the entry does not say stays as it is in the world that it replaces
    incoming.fields = {name: value for name, value in columns.items() if value is not None}
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
    world = _world(item.get("snapshot", item.get("world")), f"{path}.snapshot", problems)
    if world is None:
        return None
    fields = {
        "title": stored_text(reader.text("title") or "Untitled"),
        "source": stored_text(reader.text("source") or "import"),
        "rev": reader.count("rev"),
        "created_at": reader.time("created_at") or now(),
    }
    return _IncomingVersion(reader.text("id", 64) or new_id(), reader.text("parentVersionId", 64), world, fields)


def _world(value: Any, path: str, problems: list[Problem]) -> World | None:
    if not isinstance(value, dict):
        problems.append(Problem(path, f"expected a world, got {quote(value)}"))
        return None
    try:
        return load(value)
    except InvalidWorld as error:
        problems += [Problem(f"{path}.{problem.path}".rstrip("."), problem.message) for problem in error.problems]
        return None


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
    id = first_in_a_circle(parents)
    if id is not None:
        problems.append(Problem(f"{path}.versions", f"the parents of version {quote(id)} go round in a circle"))


def first_in_a_circle(parents: Mapping[str, str | None]) -> str | None:
    """Return the first version whose parents lead into a circle; None when there is none.

    Args:
        parents: The parent of each version, which is a version itself, or None.
    """
    checked_ids: set[str | None] = {None}
    for id in parents:
        trail: set[str | None] = set()
        current: str | None = id
        while current not in checked_ids and current not in trail:
            trail.add(current)
            current = parents[str(current)]
        if current not in checked_ids:
            return id
        checked_ids |= trail
    return None


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

    def time(self, key: str) -> str | None:
        value = self.entry.get(key)
        if value is None:
            return None
        try:
            return time_text(utc_time(value))
        except (TypeError, ValueError, OverflowError):
            reason = f"expected a time such as {quote(now())}, got {quote(value)}"
            self.problems.append(Problem(f"{self.path}.{key}", reason))
            return None

    def layout(self) -> str | None:
        return self._object_text("layout", is_position, "[x, y] by state id")

    def annotations(self) -> str | None:
        return self._object_text(
            "annotations", lambda entries: isinstance(entries, dict), "an object by id for each section"
        )

    def _object_text(self, key: str, is_valid: Callable[[Any], bool], expected: str) -> str | None:
        """Return an object as JSON text; None when the entry has none."""
        value = self.entry.get(key)
        if not value and not isinstance(value, dict):
            return None
        if not isinstance(value, dict) or not all(map(is_valid, value.values())):
            self.problems.append(Problem(f"{self.path}.{key}", f"expected {expected}"))
            return None
        return json.dumps(value)
