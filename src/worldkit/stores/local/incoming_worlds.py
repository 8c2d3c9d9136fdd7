"""The worlds of a file or a value, read and checked whole before anything of them is written to a store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from worldkit.core import files
from worldkit.core.errors import InvalidWorld, Problem
from worldkit.core.json_values import Json, quote
from worldkit.stores.local.column_values import new_id, now, stored_text, time_text, utc_time
from worldkit.stores.map_document import is_position
from worldkit.world import Source, World, load, load_all


@dataclass(slots=True)
class IncomingVersion:
    """One version of a world that is to come in."""

    id: str
    parent: str | None
    world: World
    fields: dict[str, Any]


@dataclass(slots=True)
class IncomingWorld:
    """One world that is to come in, checked whole before anything is written."""

    world: World
    id: str | None = None
    rev: int = 0
    head: str | None = None
    parent: str | None = None
    base: World | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    versions: list[IncomingVersion] = field(default_factory=list)


def incoming_worlds(source: Source, max_bytes: int) -> list[IncomingWorld]:
    """Return the worlds of a source, checked.

    Args:
        source: A world, or what ``worldkit.load`` reads.
        max_bytes: Largest file or text read.

    Raises:
        InvalidWorld: It holds no worlds, or an export with a field that is wrong; with every problem.
    """
    if isinstance(source, World):
        return [IncomingWorld(source)]
    value = files.read(cast(files.PlainSource, source), max_bytes, "; store.import_(..., max_bytes=...) reads more")
    if not isinstance(value, dict):
        raise InvalidWorld([Problem("", f"expected an object, got {quote(value)}")], "the source")
    worlds = load_all(value)
    if value.get("format") != files.EXPORT_FORMAT:
        return [IncomingWorld(world) for world in worlds]
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


def _incoming_world(world: World, entry: Json, path: str, problems: list[Problem]) -> IncomingWorld:
    reader = _FieldReader(entry, path, problems)
    incoming = IncomingWorld(world, reader.text("id", 64), reader.count("rev"), reader.text("head", 64))
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


def _version(item: Json, path: str, problems: list[Problem]) -> IncomingVersion | None:
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
    return IncomingVersion(reader.text("id", 64) or new_id(), reader.text("parentVersionId", 64), world, fields)


def _world(value: Any, path: str, problems: list[Problem]) -> World | None:
    if not isinstance(value, dict):
        problems.append(Problem(path, f"expected a world, got {quote(value)}"))
        return None
    try:
        return load(value)
    except InvalidWorld as error:
        problems += [Problem(f"{path}.{problem.path}".rstrip("."), problem.message) for problem in error.problems]
        return None


def _check_tree(incoming: IncomingWorld, path: str, problems: list[Problem]) -> None:
    """Refuse ids that stand twice and parents that are not there or go round in a circle."""
    parents = {version.id: version.parent for version in incoming.versions}
    if len(parents) != len(incoming.versions):
        problems.append(Problem(f"{path}.versions", "two versions have the same id"))
    referenced_ids = {incoming.head, *parents.values()} - {None}
    if not referenced_ids <= parents.keys():
        missing = sorted(str(id) for id in referenced_ids - parents.keys())
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
