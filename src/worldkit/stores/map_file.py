"""``MapFile``: the file that keeps the map of one world, where cards stand and what a writer put beside them.

A world's own file has one beside it. The map of a world that lives at a server, which keeps no map, is in a folder of
this computer's user.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import StoreError
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.user_data import data_folder
from worldkit.layout.annotations import AnnotationPatch, Annotations
from worldkit.stores.file_layout import (
    changed_layout,
    changed_map,
    map_with_renamed_states,
    read_layout,
    read_map,
)
from worldkit.stores.file_lock import locked

T = TypeVar("T")


class MapFile:
    """The map of one world in a file. It offers what an editor needs of a store to keep a map.

    Args:
        path: The file.
        lock: What its writers lock: the world's file, or the folder.
        origin: Whose map it is, for a person who looks at the file; written when the file is made.
    """

    def __init__(self, path: Path, lock: Path, origin: Mapping[str, str] | None = None) -> None:
        self.path = path
        self._lock = lock
        self._origin = origin

    def layout(self, id: str) -> dict[str, tuple[float, float]]:
        """Return where cards stand, by state id.

        Args:
            id: The world's id; there is only the one.

        Raises:
            StoreError: The file cannot be read.
        """
        return self._read(read_layout)

    def place(self, id: str, places: Mapping[str, tuple[float, float] | None]) -> None:
        """Keep where cards stand; what else is in the file stays.

        Args:
            id: The world's id.
            places: The top-left corner by state id; None for a card that is laid out again.

        Raises:
            StoreError: The file cannot be read or written.
        """
        self._change(lambda file: changed_layout(file, places, self._origin))

    def annotations(self, id: str) -> Annotations:
        """Return the regions, notes, tags and views of the map.

        Args:
            id: The world's id.

        Raises:
            StoreError: The file cannot be read.
        """
        return self._read(read_map)

    def annotate(self, id: str, patch: AnnotationPatch) -> None:
        """Change regions, notes, tags and views of the map; what else is in the file stays.

        Args:
            id: The world's id.
            patch: What is to change.

        Raises:
            StoreError: The file cannot be read or written.
        """
        self._change(lambda file: changed_map(file, patch, self._origin))

    def rename_states(self, ops: Sequence[Json]) -> None:
        """Let what is on the map follow the states that operations renamed.

        Args:
            ops: The operations, in canonical spelling.

        Raises:
            StoreError: The file cannot be read or written.
        """
        self._change(lambda file: map_with_renamed_states(file, ops))

    def _read(self, load: Callable[[Path], T]) -> T:
        try:
            return load(self.path)
        except OSError as error:
            raise io_error(self.path.name, "read", error) from error

    def _change(self, change: Callable[[Path], bytes | None]) -> None:
        try:
            if self._lock == self.path.parent:
                self._lock.mkdir(parents=True, exist_ok=True)
            with exclusive(self._lock, self.path.name):
                data = change(self.path)
                if data is not None:
                    write_atomically(self.path, data)
        except OSError as error:
            raise io_error(self.path.name, "written", error) from error


def local_map(place: str, id: str) -> MapFile:
    """Return the file on this computer for the map of a world that lives where no maps are kept.

    Args:
        place: The address of that place.
        id: The world's id there.
    """
    name = hashlib.sha256(f"{place}\n{id}".encode()).hexdigest()[:32]
    folder = maps_folder()
    return MapFile(folder / f"{name}.layout.json", folder, {"place": place, "id": id})


def maps_folder() -> Path:
    """Return the folder for maps, in the folder for a user's data."""
    return data_folder() / "maps"


@contextmanager
def exclusive(path: Path, name: str) -> Iterator[None]:
    """Hold a file or a folder against other programs that write.

    Args:
        path: The file or folder.
        name: What to call what is written, in an error.

    Raises:
        StoreError: Another program holds it.
    """
    try:
        with locked(path):
            yield
    except TimeoutError as error:
        raise StoreError(f"{escape_unprintable(name)} {error}") from None


def io_error(name: str, action: str, error: OSError) -> StoreError:
    """Return why a file cannot be read or written, in words.

    Args:
        name: The file's name.
        action: What cannot be done: ``"read"`` or ``"written"``.
        error: What the system said.
    """
    label = escape_unprintable(name)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(f"{label} cannot be {action}: the disk is full")
    # an error of worldkit's own already says what cannot be done; what caused it says why
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    reason = (cause.strerror or type(cause).__name__).lower()
    return StoreError(f"{label} cannot be {action}: {reason}")
