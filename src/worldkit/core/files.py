"""Loading and saving worlds: files, text, dicts, API envelopes, versions, studio exports and campaigns."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from worldkit.core import json_lines, json_values
from worldkit.core.argument_checks import expect
from worldkit.core.argument_ranges import expect_count
from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import D, Document, at_revision, from_json, in_file, json_of
from worldkit.core.errors import FileError, InvalidWorld, MissingFile, Problem
from worldkit.core.json_values import MAX_BYTES, Json, format_short_path, quote
from worldkit.core.paths import path_name
from worldkit.core.quoting import did_you_mean
from worldkit.core.schema import migrate
from worldkit.core.story_formats import hint_for
from worldkit.core.version_notes import envelope_notes
from worldkit.core.versions import is_later_minor

PlainSource = str | bytes | os.PathLike[str] | Mapping[str, Any]
Source = PlainSource | Document

EXPORT_FORMAT = "alakazam-studio/worlds"


def load(cls: type[D], source: Source, *, max_bytes: int = MAX_BYTES) -> D:
    """Load one world as a document of a class; see ``worldkit.load``."""
    worlds = load_all(cls, source, max_bytes=max_bytes)
    if len(worlds) != 1:
        message = f"holds {len(worlds)} worlds, expected one; use load_all() and pick"
        raise InvalidWorld([Problem("", message)], _name(source))
    return worlds[0]


def load_all(cls: type[D], source: Source, *, max_bytes: int = MAX_BYTES) -> list[D]:
    """Load every world that a source holds as documents of a class; see ``worldkit.load_all``."""
    expect_count(max_bytes, "max_bytes")
    if isinstance(source, Document):
        return [source if isinstance(source, cls) else from_json(cls, json_of(source))]
    name = _name(source)
    if json_lines.is_json_lines(source) and not (isinstance(source, str) and _looks_like_json(source)):
        values = ((line.value(), line.name) for line in read_lines(source, max_bytes))  # type: ignore[arg-type]
        values_with_worlds = ((value, line_name) for value, line_name in values if json_lines.failure_in(value) is None)
        return [world for value, line_name in values_with_worlds for world in worlds_of(cls, value, line_name)]
    value, data = _read(source, max_bytes, "; worldkit.load(..., max_bytes=...) reads more")
    path = None if data is None else Path(source)  # type: ignore[arg-type]
    if data is not None and isinstance(value, dict) and not _WORLD_KEYS & set(value):
        hint = hint_for(data, str(path))
        if hint:
            raise InvalidWorld([Problem("", hint)], name)
    worlds = worlds_of(cls, value, name)
    return worlds if path is None else [in_file(world, path) for world in worlds]


def worlds_of(cls: type[D], value: Any, name: str) -> list[D]:
    """Return the worlds that a JSON value holds.

    Args:
        cls: The class of the documents that are returned.
        value: As for ``find_documents``.
        name: What to call it in an error.

    Raises:
        InvalidWorld, UnsupportedVersion: As ``load`` does.
    """
    worlds: list[D] = []
    for _, document in find_documents(value, name):
        world = from_json(cls, migrate(document, name), name)
        notes = envelope_notes(value, document)
        worlds.append(at_revision(world, rev=world.rev, notes=notes) if notes else world)
    return worlds


_WORLD_KEYS = frozenset({"scene", "world", "worlds", "snapshot", "graph"})
_EXPECTED_SOURCE = "a path, JSON text or a dict; of an open file pass what read() returns"


def read(source: PlainSource, max_bytes: int = MAX_BYTES, if_too_large: str = "") -> Any:
    """Return the JSON value of a path, a text or a dict: strictly parsed, and a copy of a dict."""
    value, _ = _read(source, max_bytes, if_too_large)
    return value


def _read(source: PlainSource, max_bytes: int, if_too_large: str = "") -> tuple[Any, bytes | None]:
    """Return the JSON value of a path, a text or a dict, and of a path the content of the file."""
    expect(source, (str, bytes, os.PathLike, Mapping), "source", _EXPECTED_SOURCE)
    name = _name(source)
    if isinstance(source, Mapping):
        value = dict(source)
        json_values.check_json(value, name)
        return json_values.deep_copy(value), None
    if isinstance(source, bytes) or (isinstance(source, str) and _looks_like_json(source)):
        return json_values.parse(source, name, max_bytes, if_too_large), None
    data = read_bytes(source, max_bytes, "; JSON text begins with { or [", if_too_large)
    try:
        return json_values.parse(data, name, max_bytes), data
    except InvalidWorld:
        # the file may be a pipe, which is read once only
        hint = hint_for(data, os.fspath(source))
        if hint:
            raise InvalidWorld([Problem("", f"not JSON: {hint}")], name) from None
        raise


def read_bytes(
    path: str | os.PathLike[str], max_bytes: int = MAX_BYTES, if_missing: str = "", if_too_large: str = ""
) -> bytes:
    """Return the content of a file.

    Args:
        max_bytes: Most bytes read.
        if_missing: What the error says besides when there is no such file.
        if_too_large: What it says besides when the file is too large.

    Raises:
        MissingFile: There is no such file.
        FileError: It is a folder, or cannot be read; or the path is an address or can name no file.
        InvalidWorld: It is larger than ``max_bytes``.
    """
    with _file_errors(path, if_missing), open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = b"" if size > max_bytes else file.read(max_bytes + 1)  # a pipe reports the size 0
    if max(size, len(data)) > max_bytes:
        message = json_values.size_message(max(size, len(data)), max_bytes) + if_too_large
        raise InvalidWorld([Problem("", message)], path_name(path))
    return data


def read_lines(path: str | os.PathLike[str], max_bytes: int = MAX_BYTES) -> Iterator[json_lines.JsonLine]:
    """Yield the lines of a file that hold something, one at a time.

    Args:
        max_bytes: The longest line; what is longer has no value.

    Raises:
        MissingFile, FileError: As ``read_bytes`` does.
    """
    with _file_errors(path):
        yield from json_lines.read(path, max_bytes)


@contextmanager
def _file_errors(path: str | os.PathLike[str], if_missing: str = "") -> Iterator[None]:
    """Raise what goes wrong with a file as an error that says what to do."""
    name = os.fsdecode(path)
    if not name:
        raise FileError(
            errno.EINVAL, "an empty text names no file and is no JSON; pass a path, JSON text or a dict", ""
        )
    if _ADDRESS.match(name):
        message = "is an address, and worldkit reads files only; fetch it, and load what came"
        public_name = _SECRETS_OF_ADDRESS.sub("", name)
        raise FileError(errno.EINVAL, f"{message}: worldkit.load(httpx.get(address).text)", public_name)
    try:
        yield
    except FileNotFoundError:
        reason = f"there is no such file{_sample_called(name) or if_missing + _files_like(name)}"
        raise MissingFile(errno.ENOENT, reason, name) from None
    except IsADirectoryError:
        raise FileError(errno.EISDIR, "is a folder; pass the path of one of its files", name) from None
    except OSError as error:
        raise FileError(error.errno or errno.EIO, f"cannot be read: {error.strerror or error}", name) from None
    except ValueError as error:  # a path with a zero byte or a lone surrogate
        raise FileError(errno.EINVAL, f"can be no file's name: {error}", name) from None


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_SECRETS_OF_ADDRESS = re.compile(r"(?<=//)[^/?#]*@|[?#].*", re.DOTALL)
"""A user with a password, a query and a fragment."""


def _looks_like_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") if text else False


def _name(source: Any) -> str:
    if isinstance(source, bytes) or (isinstance(source, str) and _looks_like_json(source)):
        return "the text"
    if not isinstance(source, (str, os.PathLike)):
        return "the document"
    return path_name(source)


def find_documents(value: Any, name: str) -> list[tuple[str, Json]]:
    """Return the bare documents that a JSON value holds, each with its path in the value (docs/spec/smworld.md).

    Args:
        value: A world, an API envelope, a version, a Studio export, or a campaign with its acts.
        name: What to call it in an error.

    Raises:
        InvalidWorld: It is none of these, or an envelope whose own version cannot be read.
        UnsupportedVersion: The envelope's own version cannot be read.
    """
    if not isinstance(value, dict):
        message = f"expected a world, an object with a scene, got {quote(value)}"
        raise InvalidWorld([Problem("", message)], name)
    if value.get("format") == EXPORT_FORMAT:
        return _export_worlds(value, name)
    if "scene" in value:
        return [("", value)]
    for key in ("world", "snapshot"):
        if isinstance(value.get(key), dict):
            return [(key, _in_version_of(value, value[key], name))]
    if isinstance(value.get("graph"), dict):
        return _act_worlds(value, name)
    if hint := _kind_of(value):
        raise InvalidWorld([Problem("", hint)], name)
    message = (
        'expected "scene" (a world), "world" (an API envelope), "snapshot" (a version), "graph" and "acts" '
        '(a campaign) or "format" (a studio export)'
    )
    raise InvalidWorld([Problem("", f"{message}; got the keys {quote(list(value))}")], name)


def _in_version_of(envelope: Json, document: Json, name: str) -> Json:
    """Return a document of the later version that its envelope says where it says none itself."""
    if "schemaVersion" in document or "schemaVersion" not in envelope:
        return document
    tag = envelope["schemaVersion"]
    migrate({"schemaVersion": tag}, name)  # refuses what cannot be read
    return {"schemaVersion": tag, **document} if is_later_minor(tag) else document


_FORMAT_DESCRIPTIONS = {
    "smworld-trace": "a saved run; play it with worldkit.Session.load(world, path)",
    "smworld-position": "a saved position; play on from it with worldkit.Session.load(world, path)",
    "smworld-campaign-trace": "a saved run of a campaign; worldkit.replay_campaign(...) plays it",
}
"""What a file of another format of worldkit is."""


def _kind_of(value: Json) -> str:
    """Return what a value is that is no world, and what reads it; nothing where that is not known."""
    if isinstance(value.get("acts"), list) and "edges" in value:
        return "a campaign's graph, without its worlds; read it with worldkit.Campaign.load(path)"
    saved_format = value.get("format")
    return _FORMAT_DESCRIPTIONS.get(saved_format, "") if isinstance(saved_format, str) else ""


def _export_worlds(value: Json, name: str) -> list[tuple[str, Json]]:
    version, entries = value.get("version"), value.get("worlds")
    if version != 1 or isinstance(version, bool):
        raise InvalidWorld([Problem("version", f"expected export version 1, got {quote(version)}")], name)
    if not isinstance(entries, list):
        raise InvalidWorld([Problem("worlds", f"expected a list, got {quote(entries)}")], name)
    return _worlds_in(((f"worlds[{i}]", entry) for i, entry in enumerate(entries)), name, ("world",))


def _act_worlds(value: Json, name: str) -> list[tuple[str, Json]]:
    acts = value.get("acts")
    if not isinstance(acts, dict):
        message = "a campaign without its worlds; read it with worldkit.Campaign.from_dict(), and bring the worlds"
        raise InvalidWorld([Problem("acts", message)], name)
    return _worlds_in(((format_short_path(["acts", id]), act) for id, act in acts.items()), name, ("", "world"))


def _worlds_in(entries: Iterable[tuple[str, Any]], name: str, keys: tuple[str, ...]) -> list[tuple[str, Json]]:
    """Return the world of each entry, which stands under the first of some keys that it has; "" is the entry itself.

    Args:
        entries: Each with its path, as a message shows it: two may have the same.
        name: What to call the document in an error.
    """
    documents: list[tuple[str, Json]] = []
    faults: list[Problem] = []
    for place, entry in entries:
        parts = {key: (entry.get(key) if key else entry) for key in keys} if isinstance(entry, dict) else {}
        worlds = [(k, part) for k, part in parts.items() if isinstance(part, dict) and (k or "scene" in part)]
        if worlds:
            key, world = worlds[0]
            world = _in_version_of(entry, world, name) if key else world
            documents.append((f"{place}.{key}" if key else place, world))
        else:
            faults.append(Problem(f"{place}.{keys[-1]}", "expected an object, a world"))
    if faults:
        raise InvalidWorld(faults, name)
    return documents


def save(world: Document, path: str | os.PathLike[str]) -> Path:
    """Write a world to a file atomically: write beside, fsync, rename.

    Args:
        path: Where to; an existing file keeps its permissions.

    Returns:
        The path written.

    Raises:
        DiskFull: The disk is full; the message says how much is missing.
        OSError: The file cannot be written; an existing file is unchanged.
    """
    target = Path(path)
    data = (world.to_json() + "\n").encode("utf-8")
    write_atomically(target, data)
    return target


_MAX_LISTED_FILES = 1_000
"""How many files of a folder are looked at for a name that is like a missing one."""


_SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def _sample_called(name: str) -> str:
    """Return where the sample world of that name is, as the end of a message; nothing where there is none."""
    if not name.isidentifier() or not (_SAMPLES / f"{name}.world.json").is_file():
        return ""
    in_terminal = f"worldkit samples {name} > {name}.world.json"
    return f'; it is a sample: worldkit.samples.load("{name}"), or in a terminal {in_terminal}'


def _files_like(name: str) -> str:
    """Return the names of files beside a missing one that are like it, as the end of a message."""
    path = Path(name)
    try:
        names = [entry.name for entry in islice(os.scandir(path.parent), _MAX_LISTED_FILES)]
    except (OSError, ValueError):
        return ""
    return did_you_mean(path.name, names)


def newline_of(text: str) -> str:
    """Return what ends the lines of a text: the two characters of Windows where it has any such line."""
    return "\r\n" if "\r\n" in text else "\n"
