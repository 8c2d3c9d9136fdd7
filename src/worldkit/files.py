"""Loading and saving worlds: files, text, dicts, API envelopes and studio exports."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from worldkit import jsonish
from worldkit.errors import DiskFull, InvalidWorld, Problem
from worldkit.jsonish import MAX_BYTES, Json, shown
from worldkit.schema import migrated
from worldkit.world import World

Source = str | os.PathLike[str] | Mapping[str, Any] | World

EXPORT_FORMAT = "alakazam-studio/worlds"


def load(source: Source, *, max_bytes: int = MAX_BYTES) -> World:
    """Load one world.

    Args:
        source: A path, JSON text, a dict, an API envelope, or a studio export that holds one world.
        max_bytes: Largest file or text read.

    Returns:
        The world.

    Raises:
        InvalidWorld: Everything wrong with it, each with its path.
        UnsupportedVersion: Its major schema version is unknown.
        FileNotFoundError: There is no such file.
    """
    worlds = load_all(source, max_bytes=max_bytes)
    if len(worlds) != 1:
        said = f"holds {len(worlds)} worlds, expected one; use load_all() and pick"
        raise InvalidWorld([Problem("", said)], _name(source))
    return worlds[0]


def load_all(source: Source, *, max_bytes: int = MAX_BYTES) -> list[World]:
    """Load every world a source holds; a studio export may hold several.

    Args:
        source: As for ``load``.
        max_bytes: Largest file or text read.
    """
    if isinstance(source, World):
        return [source]
    with jsonish.allocating():
        return _load_all(source, _name(source), max_bytes)


def _load_all(source: str | os.PathLike[str] | Mapping[str, Any], name: str, max_bytes: int) -> list[World]:
    value = read(source, max_bytes=max_bytes)
    return [World._own(migrated(bare, name), name) for bare in _documents(value, name)]


def read(source: str | os.PathLike[str] | Mapping[str, Any], *, max_bytes: int = MAX_BYTES) -> Any:
    """Return the JSON value of a path, a text or a dict, strictly read and nobody else's, whatever it holds."""
    name = _name(source)
    if isinstance(source, Mapping):
        value = dict(source)
        jsonish.check(value, name)
        return jsonish.copied(value)
    return jsonish.parse(_text(source, max_bytes), name, max_bytes)


def _text(source: str | os.PathLike[str], max_bytes: int) -> str:
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return source
    path = Path(source)
    size = path.stat().st_size
    if size > max_bytes:
        raise InvalidWorld([Problem("", jsonish.too_large(size, max_bytes))], str(path))
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        said = f"not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise InvalidWorld([Problem("", said)], str(path)) from None


def _name(source: Source) -> str:
    if isinstance(source, os.PathLike):
        return os.fspath(source)
    if isinstance(source, str):
        return source if source.lstrip("\ufeff \t\r\n")[:1] not in ("{", "[") else "the text"
    return "the document"


def _documents(value: Any, name: str) -> list[Json]:
    if not isinstance(value, dict):
        said = f"expected a world, an object with a scene, got {shown(value)}"
        raise InvalidWorld([Problem("", said)], name)
    if value.get("format") == EXPORT_FORMAT:
        return _export(value, name)
    if "scene" in value:
        return [value]
    inner = value.get("world")
    if isinstance(inner, dict):
        return [inner]
    said = 'expected "scene" (a world), "world" (an API envelope) or "format" (a studio export)'
    raise InvalidWorld([Problem("", f"{said}; got the keys {shown(list(value))}")], name)


def _export(value: Json, name: str) -> list[Json]:
    version, entries = value.get("version"), value.get("worlds")
    if version != 1 or isinstance(version, bool):
        raise InvalidWorld([Problem("version", f"expected export version 1, got {shown(version)}")], name)
    if not isinstance(entries, list):
        raise InvalidWorld([Problem("worlds", f"expected a list, got {shown(entries)}")], name)
    wrong = [
        Problem(f"worlds[{i}].world", "expected an object, a world")
        for i, entry in enumerate(entries)
        if not (isinstance(entry, dict) and isinstance(entry.get("world"), dict))
    ]
    if wrong:
        raise InvalidWorld(wrong, name)
    return [entry["world"] for entry in entries]


def save(world: World, path: str | os.PathLike[str]) -> Path:
    """Write a world to a file atomically: write beside, fsync, rename.

    Args:
        world: The world.
        path: Where to; an existing file keeps its permissions.

    Returns:
        The path written.

    Raises:
        DiskFull: There is no room for it; the message says how much is missing.
        OSError: The file cannot be written. What was there before is untouched, then too.
    """
    target = Path(path)
    data = (world.to_json() + "\n").encode("utf-8")
    write_atomically(target, data)
    return target


def write_atomically(target: Path, data: bytes) -> None:
    """Replace a file's content so that a crash leaves the old or the new content, never a mixture.

    Raises:
        DiskFull: There is no room for it; the old content is untouched.
        OSError: It cannot be written; the old content is untouched.
    """
    target = target.resolve()
    try:
        _replace(target, data)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise DiskFull(str(target), len(data), shutil.disk_usage(target.parent).free) from error


def _replace(target: Path, data: bytes) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
