"""``WorldFileStore``: a JSON file as a place where one world lives, with the calls by which an editor keeps it.

The revision of a file is the digest of its bytes, so whatever writes it, a program or a person, makes a new one. Every
write holds a lock against other editors, compares the digest, writes beside, syncs and renames. A program that takes no
lock can still write between the comparison and the rename, which are some microseconds apart.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from worldkit.core import json_values
from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import from_json, in_file, json_of
from worldkit.core.errors import (
    FileChanged,
    InvalidWorld,
    MissingFile,
    Problem,
    StoreError,
    UnsupportedVersion,
    WorldError,
)
from worldkit.core.files import newline_of
from worldkit.core.json_values import MAX_BYTES, Json, escape_unprintable
from worldkit.core.paths import expand_home
from worldkit.core.schema import migrate
from worldkit.core.story_formats import hint_for, story_hint
from worldkit.editing.batch import apply
from worldkit.stores.map_file import MapFile, exclusive, io_error, layout_path
from worldkit.stores.stored_world import Ops
from worldkit.world import World

JSON_SUFFIX = ".json"
WORLD_SUFFIX = ".world.json"
_INDENT = re.compile(r"\s*\{\r?\n([ \t]+)\"")


@dataclass(frozen=True, slots=True)
class FileWorld:
    """A world as it stood in its file when it was read.

    Attributes:
        id: The file's name.
        name: The world's name.
        rev: The digest of the file's bytes.
        indent: What a level of the file is indented by; None when it is one line.
        newline: What ends a line of the file.
    """

    id: str
    name: str
    world: World
    rev: str
    indent: str | None = "  "
    newline: str = "\n"


class WorldFileStore(MapFile):
    """A file that holds one world.

    Where cards stand, and the regions, notes, tags and views of the map, are kept beside it: ``mine.world.json`` has
    ``mine.world.layout.json``.

    Raises:
        WorldError: The name does not end in ``.json``, or is that of a file of positions.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        file = _expand(path)
        if file.suffix.lower() != JSON_SUFFIX:
            reason = f"a world's file ends in {JSON_SUFFIX}, got {file.name!r}"
            hint = f"{file.name + WORLD_SUFFIX!r} would be such a name"
            raise WorldError(f"{reason}; {story_hint(file) or hint}")
        if file.name.lower().endswith(".layout.json"):  # some file systems do not tell the case
            raise WorldError(f"{file.name!r} is where the positions of a world are kept; name the world's own file")
        self.path = file.absolute()
        super().__init__(layout_path(self.path), self.path)
        self._last_world: FileWorld | None = None
        self._last_attempt: tuple[str | None, str] | None = None

    @property
    def label(self) -> str:
        """What to call it in a line for a person: its name, without the folders."""
        return escape_unprintable(self.path.name)

    def create(self, world: World, *, overwrite: bool = False) -> FileWorld:
        """Write a world to the file.

        Args:
            overwrite: Replace what is there.

        Raises:
            FileError: There is something already.
            FileNotFoundError: There is no such folder.
            StoreError: It cannot be written.
        """
        try:
            if not self.path.parent.is_dir():
                reason = f"there is no folder {str(self.path.parent)!r}; make it first, or name another"
                raise MissingFile(errno.ENOENT, reason, str(self.path))
            if self.path.is_dir():
                raise StoreError(f"{self.label} is a folder; name a file")
            return self._write(world, "  ", new=not overwrite)
        except (FileExistsError, FileNotFoundError):
            raise
        except OSError as error:
            raise io_error(self.path.name, "written", error) from error

    def read(self) -> FileWorld:
        """Return the world that is in the file.

        Raises:
            FileNotFoundError: There is no such file.
            StoreError: It is no file, or cannot be read.
            InvalidWorld: It holds no world; with every problem.
            UnsupportedVersion: Its major schema version is unknown.
        """
        try:
            if self.path.exists() and not self.path.is_file():
                raise StoreError(f"{self.label} is no file that holds a world")
            data = self._bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise io_error(self.path.name, "read", error) from error
        rev = digest(data)
        if self._last_world is not None and self._last_world.rev == rev:
            return self._last_world
        world, indent, newline = parse_file(data, self.label)
        self._last_world = self._file_world(world, rev, indent, newline)
        return self._last_world

    def get(self, id: str) -> FileWorld:
        """Return the world as it stands in the file now.

        Args:
            id: The file's name; there is only the one.

        Raises:
            StoreError: The file is gone, cannot be read, or holds no world any more.
        """
        try:
            return self.read()
        except FileNotFoundError:
            raise StoreError(f"{self.label} is no longer there; Save as... writes it again") from None
        except (InvalidWorld, UnsupportedVersion) as error:
            first = str(error.problems[0]) if isinstance(error, InvalidWorld) else str(error)
            reason = f"{self.label} was changed and holds no world that can be read ({first})"
            raise StoreError(f"{reason}; mend it and try again, or use Save as... for another file") from None

    def apply(self, id: str, ops: Ops, *, rev: str | None = None, idempotency_key: str | None = None) -> FileWorld:
        """Apply a batch of operations and write what it makes; when this returns, it is on the disk.

        What is on the map follows renamed states. A file of positions that cannot be read or written stays as it is.

        Args:
            id: The file's name.
            rev: What they were made against; None takes whatever is in the file.
            idempotency_key: The same key again returns what its batch made, if that is still there.

        Raises:
            FileChanged: The file is no longer what it was at ``rev``; nothing was written.
            OpError: An operation was refused; nothing was written.
            StoreError: The file cannot be read or written.
        """
        with exclusive(self.path, self.label):
            current = self.get(id)
            if idempotency_key is not None and self._last_attempt == (idempotency_key, current.rev):
                return current
            if rev is not None and rev != current.rev:
                raise FileChanged(self.label, rev, current.rev)
            result = apply(current.world, ops)
            if result.world == current.world:
                return current
            try:
                edited_world = self._write(result.world, current.indent, current.newline, key=idempotency_key)
            except OSError as error:
                raise io_error(self.path.name, "written", error) from error
        with contextlib.suppress(StoreError):  # the world is written; who reads the map next is told
            self.rename_states(result.ops)
        return edited_world

    # ---- inside --------------------------------------------------------------------------------

    def _bytes(self) -> bytes:
        size = self.path.stat().st_size
        if size > MAX_BYTES:
            raise InvalidWorld([Problem("", json_values.size_message(size, MAX_BYTES))], self.label)
        return self.path.read_bytes()

    def _write(
        self, world: World, indent: str | None, newline: str = "\n", *, new: bool = False, key: str | None = None
    ) -> FileWorld:
        text = json_values.dumps(json_of(world), indent) + "\n"
        data = text.replace("\n", newline).encode()
        written_world = self._file_world(world, digest(data), indent, newline)
        # noted first: when the sync fails after the rename, the next try finds its own work
        self._last_attempt = (key, written_world.rev)
        write_atomically(self.path, data, new=new)
        self._last_world = written_world
        return written_world

    def _file_world(self, world: World, rev: str, indent: str | None, newline: str) -> FileWorld:
        name = self.path.name
        return FileWorld(name, world.name or name, in_file(world, self.path), rev, indent, newline)


def _expand(path: str | os.PathLike[str]) -> Path:
    text = os.fspath(path)
    if "\0" in text:
        raise WorldError(f"no file has such a name: {text!r}")
    return expand_home(text)


def digest(data: bytes) -> str:
    """Return the revision of a file that holds some bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def parse_file(data: bytes, name: str) -> tuple[World, str | None, str]:
    """Return the world that bytes hold, what a level of them is indented by, and what ends their lines.

    Args:
        name: What to call them in an error.

    Raises:
        InvalidWorld: They hold no world by itself.
        UnsupportedVersion: Its major schema version is unknown.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise InvalidWorld([Problem("", reason)], name) from None
    raw: Json = json_values.parse(text, name)
    if not isinstance(raw, dict) or "scene" not in raw:
        if hint := hint_for(text, name):
            raise InvalidWorld([Problem("", hint)], name)
        reason = "expected a world by itself, an object with a scene; worldkit.load(...) takes one out of an envelope"
        raise InvalidWorld([Problem("", f"{reason} or an export, and .save(...) gives it a file of its own")], name)
    indent, newline = format_of(text)
    return from_json(World, migrate(raw, name), name), indent, newline


def format_of(text: str) -> tuple[str | None, str]:
    """Return what a level of a JSON text is indented by, None of one on a single line, and what ends its lines."""
    match = _INDENT.match(text)
    return match[1] if match else (None if "\n" not in text.strip() else "  "), newline_of(text)
