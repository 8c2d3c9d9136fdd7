"""Export and import: worlds with their versions and positions as one studio export (docs/spec/smworld.md).

An entry is ``{world, versions?, ...}``. Ours adds ``id``, ``name``, ``rev``, ``head``, ``parent``,
``parentVersion``, ``visibility``, ``createdAt`` and ``layout``; a version is ``{id, parentVersionId, title,
source, rev, created_at, snapshot}``. A reader that knows none of these still finds the worlds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from worldkit.core import files, json_values
from worldkit.core.document import json_of
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import Json, quote
from worldkit.stores.local.transaction import Unit, about, new_id, now, stored_text
from worldkit.world import Source, World, load, load_all


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, as ids of this store.

    Attributes:
        created: Worlds whose id, or name, was free.
        replaced: Worlds that were put in the place of others.
        copied: Worlds kept under a new id because theirs was taken.
        skipped: Worlds of the store that were left as they are.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> path = world.save("mine.world.json")
        >>> store.import_(path)
        Imported(created=('w_...',), replaced=(), copied=(), skipped=())
    """

    created: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every world that came in."""
        return (*self.created, *self.replaced, *self.copied)


def export(unit: Unit, path: str | os.PathLike[str], ids: Sequence[str]) -> Path:
    """Write worlds of a store to a file.

    Args:
        unit: A reading transaction, so that all are of one moment.
        path: Where to.
        ids: Which; none for all, oldest first.
    """
    wanted = ids or [row.id for row in reversed(unit.page(2**62, None))]
    value = {"format": files.EXPORT_FORMAT, "version": 1, "worlds": [_entry(unit, id) for id in wanted]}
    target = Path(path)
    files.write_atomically(target, (json_values.dumps(value, None) + "\n").encode())
    return target


def _entry(unit: Unit, id: str) -> Json:
    row = unit.world(id)
    beside = {
        "name": row.name,
        "rev": str(row.rev),
        "head": row.head,
        "parent": row.parent,
        "parentVersion": row.parent_version,
        "visibility": row.visibility,
        "createdAt": row.created_at,
        "layout": json.loads(row.layout),
    }
    versions = [
        {
            "id": one.id,
            "parentVersionId": one.parent,
            "title": one.title,
            "source": one.source,
            "rev": str(one.rev),
            "created_at": one.created_at,
            "snapshot": json_of(unit.tree(bytes(one.root)).world),
        }
        for one in unit.versions(id)
    ]
    return {"id": id, "world": json_of(unit.tree(bytes(row.root)).world), **beside, "versions": versions}


# ---- import -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Version:
    id: str
    parent: str | None
    world: World
    fields: dict[str, Any]


@dataclass(slots=True)
class _Arrival:
    """One world that is to come in, checked whole before anything is written."""

    world: World
    id: str | None = None
    rev: int = 0
    head: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    versions: list[_Version] = field(default_factory=list)


def bring(
    change: Callable[[], AbstractContextManager[Unit]],
    source: Source,
    on_clash: Literal["skip", "copy", "replace"],
) -> Imported:
    """Bring the worlds of a source into a store, all of them or none.

    Args:
        change: Begins a writing transaction.
        source: A world, or what ``worldkit.load`` reads.
        on_clash: What to do with a world that is there already.
    """
    arrivals = _arrivals(source)
    done: dict[str, list[str]] = {"created": [], "replaced": [], "copied": [], "skipped": []}
    with change() as unit:
        for one in arrivals:
            there = unit.ids_of(one.id if one.id is not None else one.world.name or "untitled")
            if one.id is not None and there != [one.id]:
                there = []
            if not there:
                free = one.id is not None and not unit.is_taken(one.id)
                done["created"].append(_put(unit, one, one.id if free else None))
            elif on_clash == "skip":
                done["skipped"].append(there[0])
            elif on_clash == "copy":
                done["copied"].append(_put(unit, one, None))
            else:
                done["replaced"].append(_replace(unit, one, there[0]))
    return Imported(**{name: tuple(ids) for name, ids in done.items()})


def _put(unit: Unit, one: _Arrival, id: str | None) -> str:
    made = unit.add(unit.keep(one.world), id=id, rev=one.rev, head=one.head, **one.fields)
    _put_versions(unit, one, made)
    return made


def _replace(unit: Unit, one: _Arrival, id: str) -> str:
    row = unit.world(id, lock=True)
    unit.remove_versions(id)
    fields = {"parent": None, "parent_version": None, **one.fields, **about(one.world)}
    root = unit.keep(one.world).root
    unit.change(id, root=root, rev=max(one.rev, row.rev + 1), head=one.head, **fields)
    _put_versions(unit, one, id)
    return id


def _put_versions(unit: Unit, one: _Arrival, id: str) -> None:
    before = None
    for version in one.versions:
        before = unit.keep(version.world, before)
        unit.add_version(id, before.root, id=version.id, parent=version.parent, **version.fields)


def _arrivals(source: Source) -> list[_Arrival]:
    if isinstance(source, World):
        return [_Arrival(source)]
    value = files.read(cast(files.PlainSource, source))
    if not isinstance(value, dict):
        raise InvalidWorld([Problem("", f"expected an object, got {quote(value)}")], "the source")
    worlds = load_all(value)
    if value.get("format") != files.EXPORT_FORMAT:
        return [_Arrival(world) for world in worlds]
    wrong: list[Problem] = []
    found = [
        _arrival(world, entry, f"worlds[{at}]", wrong)
        for at, (world, entry) in enumerate(zip(worlds, value["worlds"], strict=True))
    ]
    ids = [one.id for one in found if one.id is not None]
    wrong += [
        Problem("worlds", f"the id {quote(id)} stands twice") for id in sorted({i for i in ids if ids.count(i) > 1})
    ]
    if wrong:
        raise InvalidWorld(wrong, "the export")
    return found


def _arrival(world: World, entry: Json, path: str, wrong: list[Problem]) -> _Arrival:
    take = _Reader(entry, path, wrong)
    one = _Arrival(world, take.text("id", 64), take.count("rev"), take.text("head", 64))
    one.fields = {
        "parent": take.text("parent", 64),
        "parent_version": take.text("parentVersion", 64),
        "visibility": take.text("visibility", 32) or "private",
        "created_at": take.when("createdAt"),
        "layout": json.dumps(take.layout()),
    }
    entries = entry.get("versions") or []
    if not isinstance(entries, list) or not all(isinstance(item, dict) for item in entries):
        wrong.append(Problem(f"{path}.versions", "expected a list of objects"))
        return one
    one.versions = [
        made for at, item in enumerate(entries) if (made := _version(item, f"{path}.versions[{at}]", wrong)) is not None
    ]
    _check_tree(one, path, wrong)
    return one


def _version(item: Json, path: str, wrong: list[Problem]) -> _Version | None:
    take = _Reader(item, path, wrong)
    snapshot = item.get("snapshot", item.get("world"))
    if not isinstance(snapshot, dict):
        wrong.append(Problem(f"{path}.snapshot", f"expected a world, got {quote(snapshot)}"))
        return None
    try:
        world = load(snapshot)
    except InvalidWorld as error:
        wrong += [Problem(f"{path}.snapshot.{one.path}".rstrip("."), one.message) for one in error.problems]
        return None
    fields = {
        "title": stored_text(take.text("title") or "Untitled"),
        "source": stored_text(take.text("source") or "import"),
        "rev": take.count("rev"),
        "created_at": take.when("created_at"),
    }
    return _Version(take.text("id", 64) or new_id("v"), take.text("parentVersionId", 64), world, fields)


def _check_tree(one: _Arrival, path: str, wrong: list[Problem]) -> None:
    """Refuse ids that stand twice and parents that are not there or go round in a circle."""
    parents = {version.id: version.parent for version in one.versions}
    if len(parents) != len(one.versions):
        wrong.append(Problem(f"{path}.versions", "two versions have the same id"))
    named = {one.head, *parents.values()} - {None}
    if not named <= parents.keys():
        missing = sorted(str(id) for id in named - parents.keys())
        wrong.append(Problem(f"{path}.versions", f"there is no version {quote(missing[0])}, which another one names"))
        return
    sound: set[str | None] = {None}
    for id in parents:
        trail: list[str] = []
        at: str | None = id
        while at not in sound and at not in trail:
            trail.append(str(at))
            at = parents[str(at)]
        if at not in sound:
            wrong.append(Problem(f"{path}.versions", f"the parents of version {quote(id)} go round in a circle"))
            return
        sound.update(trail)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads an entry's fields and notes what is wrong with them."""

    entry: Json
    path: str
    wrong: list[Problem]

    def text(self, key: str, most: int | None = None) -> str | None:
        value = self.entry.get(key)
        if value is None:
            return None
        short = isinstance(value, str) and (most is None or (0 < len(value) <= most and value.isprintable()))
        if not short:
            bound = "a text" if most is None else f"a text of 1 to {most} printable characters"
            self.wrong.append(Problem(f"{self.path}.{key}", f"expected {bound}, got {quote(value)}"))
            return None
        return str(value)

    def count(self, key: str) -> int:
        value = self.entry.get(key, "0")
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            self.wrong.append(Problem(f"{self.path}.{key}", f'expected a revision such as "3", got {quote(value)}'))
            return 0
        return int(text)

    def when(self, key: str) -> str:
        value = self.entry.get(key)
        if value is None:
            return now()
        try:
            return datetime.fromisoformat(value).isoformat(timespec="microseconds")
        except (TypeError, ValueError):
            said = f"expected a time such as {quote(now())}, got {quote(value)}"
            self.wrong.append(Problem(f"{self.path}.{key}", said))
            return now()

    def layout(self) -> dict[str, list[float]]:
        value = self.entry.get("layout") or {}
        if not isinstance(value, dict) or not all(map(_is_place, value.values())):
            self.wrong.append(Problem(f"{self.path}.layout", "expected [x, y] by state id"))
            return {}
        return value


def _is_place(value: Any) -> bool:
    numbers: Iterable[Any] = value if isinstance(value, list) and len(value) == 2 else [None]
    return all(isinstance(part, int | float) and not isinstance(part, bool) for part in numbers)
