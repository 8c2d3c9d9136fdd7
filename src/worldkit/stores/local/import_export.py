"""Export and import: worlds with their versions and maps as one studio export (docs/spec/smworld.md).

An entry is ``{world, versions?, ...}``. Ours adds ``id``, ``name``, ``rev``, ``head``, ``parent``,
``parentVersion``, ``base``, ``visibility``, ``createdAt``, ``layout`` and ``annotations``; a version is
``{id, parentVersionId, title, source, rev, created_at, snapshot}``. A reader that knows none of these still finds the
worlds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from worldkit.core import files, json_values
from worldkit.core.argument_ranges import expect_count
from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import json_of
from worldkit.core.json_values import Json
from worldkit.stores.local.column_values import mirrored_columns, new_id
from worldkit.stores.local.incoming_worlds import IncomingWorld, incoming_worlds
from worldkit.stores.local.transaction import Transaction
from worldkit.world import Source


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
    expect_count(max_bytes, "max_bytes")
    arrivals = incoming_worlds(source, max_bytes)
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
                _put_world(transaction, incoming, id, new_ids)
    return StoreImport(**{name: tuple(ids) for name, ids in results.items()})


def _targets(
    transaction: Transaction, arrivals: Sequence[IncomingWorld], on_clash: Literal["skip", "copy", "replace"]
) -> list[tuple[str, str]]:
    """Return what becomes of each world, and its id in the store; nothing is written yet, so none clashes with another.

    A world of the store is replaced once: a further one of its name is created.
    """
    existing_ids = _existing_ids(transaction, arrivals)
    replaced_ids = {incoming.id for incoming, ids in zip(arrivals, existing_ids, strict=True) if incoming.id in ids}
    targets = []
    for incoming, ids in zip(arrivals, existing_ids, strict=True):
        free_ids = ids if incoming.id is not None else [id for id in ids if id not in replaced_ids]
        if ids and on_clash == "skip":
            targets.append(("skipped", ids[0]))
        elif ids and on_clash == "copy":
            targets.append(("copied", new_id()))
        elif free_ids:
            targets.append(("replaced", free_ids[0]))
            replaced_ids.add(free_ids[0])
        else:
            is_free = incoming.id is not None and not transaction.is_taken(incoming.id)
            targets.append(("created", incoming.id if incoming.id is not None and is_free else new_id()))
    return targets


def _existing_ids(transaction: Transaction, arrivals: Sequence[IncomingWorld]) -> list[list[str]]:
    """Return for each world the ids of the worlds of the store with which it clashes."""
    ids = transaction.present_ids(incoming.id for incoming in arrivals if incoming.id is not None)
    names = [incoming.world.name for incoming in arrivals if incoming.id is None and incoming.world.name]
    ids_by_name = transaction.ids_by_name(names)

    def existing(incoming: IncomingWorld) -> list[str]:
        if incoming.id is None:
            return ids_by_name.get(incoming.world.name or "", [])
        return [incoming.id] if incoming.id in ids else []

    return [existing(incoming) for incoming in arrivals]


def _put_world(transaction: Transaction, incoming: IncomingWorld, id: str, new_ids: Mapping[str, str]) -> None:
    tree, fields = transaction.keep(incoming.world), _fields(transaction, incoming, new_ids)
    if "created_at" in fields:
        fields["created_at"] = transaction.time_after_the_last(fields["created_at"])
    transaction.add(tree, id=id, rev=incoming.rev, head=incoming.head, **fields)
    _put_versions(transaction, incoming, id)


def _replace(transaction: Transaction, incoming: IncomingWorld, id: str, new_ids: Mapping[str, str]) -> None:
    row = transaction.world(id, lock=True)
    transaction.remove_versions(id)
    fields = {**_fields(transaction, incoming, new_ids), **mirrored_columns(incoming.world)}
    fields.pop("created_at", None)  # it stays where it stands in the list, and that is by this time
    root = transaction.keep(incoming.world).root
    transaction.change(id, root=root, rev=max(incoming.rev, row.rev + 1), head=incoming.head, **fields)
    _put_versions(transaction, incoming, id)


def _fields(transaction: Transaction, incoming: IncomingWorld, new_ids: Mapping[str, str]) -> dict[str, Any]:
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


def _put_versions(transaction: Transaction, incoming: IncomingWorld, id: str) -> None:
    tree = None
    for seq, version in enumerate(incoming.versions, 1):  # the world has no others
        tree = transaction.keep(version.world, tree)
        transaction.add_version(id, tree.root, id=version.id, seq=seq, parent=version.parent, **version.fields)
