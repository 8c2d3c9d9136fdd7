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

from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import StoreError
from worldkit.core.files import newline_of
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.paths import link_target
from worldkit.core.user_data import data_folder
from worldkit.layout.annotation_changes import patched_json
from worldkit.layout.annotations import MAX_COORDINATE, AnnotationPatch, Annotations, read_annotations
from worldkit.stores import map_document
from worldkit.stores.file_lock import locked
from worldkit.stores.map_document import is_position, renamed_annotations, renamed_positions


class MapFile:
    """The map of one world in a file. It offers what an editor needs of a store to keep a map.

    Args:
        lock: What its writers lock: the world's file, or the folder.
        origin: Whose map it is, for a person who looks at the file; written when the file is made.
    """

    def __init__(self, path: Path, lock: Path, origin: Mapping[str, str] | None = None) -> None:
        self._map_path = path
        self._lock = lock
        self._header = {**map_document.HEADER, **(origin or {})}

    def layout(self, id: str) -> dict[str, tuple[float, float]]:
        """Return where cards stand, by state id; none when there is no such file.

        Args:
            id: The world's id; there is only the one.

        Raises:
            StoreError: The file cannot be read.
        """
        positions = self._document().get("positions", {})
        return {id: (place[0], place[1]) for id, place in positions.items() if is_position(place, MAX_COORDINATE)}

    def place(self, id: str, places: Mapping[str, tuple[float, float] | None]) -> None:
        """Keep where cards stand; what else is in the file stays.

        Args:
            id: The world's id.
            places: The top-left corner by state id; None for a card that is laid out again.

        Raises:
            StoreError: The file cannot be read or written.
        """

        def change(document: Json) -> Json:
            changes = {id: place and list(place) for id, place in places.items()}
            after = {**document.get("positions", {}), **changes}
            return {**document, "positions": {id: place for id, place in after.items() if place}}

        self._change(change)

    def annotations(self, id: str) -> Annotations:
        """Return the regions, notes, tags and views of the map; none when there is no such file.

        Args:
            id: The world's id.

        Raises:
            StoreError: The file cannot be read.
        """
        return read_annotations(self._document().get("annotations", {}))

    def annotate(self, id: str, patch: AnnotationPatch) -> None:
        """Change regions, notes, tags and views of the map; what else is in the file stays.

        Entries that the patch does not name stay as they are, also those that worldkit cannot read.

        Args:
            id: The world's id.
            patch: What is to change.

        Raises:
            StoreError: The file cannot be read or written.
        """
        self._change(lambda document: {**document, "annotations": patched_json(document.get("annotations", {}), patch)})

    def rename_states(self, ops: Sequence[Json]) -> None:
        """Let what is on the map follow the states that operations renamed.

        Args:
            ops: The operations, in canonical spelling.

        Raises:
            StoreError: The file cannot be read or written.
        """
        renames = {"positions": renamed_positions, "annotations": renamed_annotations}
        if any(op["op"] == "rename_state" for op in ops):
            self._change(
                lambda document: {
                    key: renames[key](value, ops) if key in renames else value for key, value in document.items()
                }
            )

    def _document(self) -> Json:
        try:
            return self._read()[0]
        except OSError as error:
            raise io_error(self._map_path.name, "read", error) from error

    def _read(self) -> tuple[Json, str]:
        """Return what the file holds, nothing when it is not there, and what ends its lines."""
        try:
            text = self._map_path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return {}, "\n"
        except UnicodeDecodeError:
            text = ""
        document = map_document.parse(text)
        if document is None:
            name = escape_unprintable(self._map_path.name)
            raise StoreError(f"{name} is no file of positions that this worldkit reads; move it away")
        return document, newline_of(text)

    def _change(self, change: Callable[[Json], Json]) -> None:
        try:
            if self._lock == self._map_path.parent:
                self._lock.mkdir(parents=True, exist_ok=True)
            with exclusive(self._lock, self._map_path.name):
                document, newline = self._read()
                after = change(document)
                if any(after[part] != document.get(part, {}) for part in after.keys() & {"positions", "annotations"}):
                    text = map_document.text_of({**self._header, **after})
                    write_atomically(self._map_path, text.replace("\n", newline).encode())
        except OSError as error:
            raise io_error(self._map_path.name, "written", error) from error


def layout_path(path: Path) -> Path:
    """Return where the map of a world's file is kept: ``mine.world.json`` has ``mine.world.layout.json``.

    That of a symbolic link is the one of the file that it leads to.
    """
    return link_target(path).with_suffix(".layout.json")


def local_map(place: str, id: str) -> MapFile:
    """Return the file on this computer for the map of a world that lives where no maps are kept.

    Args:
        place: The address of that place.
        id: The world's id there.
    """
    name = hashlib.sha256(f"{place}\n{id}".encode()).hexdigest()[:32]
    folder = data_folder() / "maps"
    return MapFile(folder / f"{name}.layout.json", folder, {"place": place, "id": id})


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
