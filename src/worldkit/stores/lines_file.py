"""A file to which one program at a time adds lines, and of which single lines are read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from worldkit.core.errors import WorldError
from worldkit.core.json_values import MAX_BYTES
from worldkit.core.paths import kind_at
from worldkit.stores.file_lock import locked


class Place(NamedTuple):
    """Where a line is: its first byte, and its number from 1."""

    offset: int
    number: int


class LinesFile:
    """A file, held against other programs until it is closed. It is made where it is not there.

    Raises:
        WorldError: It cannot be used, or another program holds it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with ExitStack() as stack:
            try:
                if kind_at(path) not in (None, "file"):
                    raise OSError("it is no file")
                path.open("ab").close()  # what is not there cannot be locked
                stack.enter_context(locked(path))
                # without a buffer, which would be written when it is closed after an error
                self._file = stack.enter_context(path.open("r+b", buffering=0))
            except TimeoutError as error:
                raise WorldError(f"{path} {error}; give another file, or wait until that is done") from None
            except OSError as error:
                raise WorldError(f"{path} cannot be used for results: {error.strerror or error}") from None
            self._stack = stack.pop_all()
        self._end = Place(0, 1)

    def lines(self) -> Iterator[tuple[Place, bytes]]:
        """Yield each line with its place; lines are added behind those that were gone through.

        Raises:
            WorldError: A line is too long to be one of ours.
        """
        with self.path.open("rb") as file:
            for line in iter(lambda: file.readline(MAX_BYTES), b""):
                place, self._end = self._end, Place(file.tell(), self._end.number + 1)
                if len(line) == MAX_BYTES and not line.endswith(b"\n"):
                    raise WorldError(f"{self.path}, line {place.number} is longer than {MAX_BYTES:,} bytes")
                yield place, line

    def cut(self, place: Place) -> None:
        """Take away a line and what comes behind it."""
        self._file.truncate(place.offset)
        self._end = place

    def end_line(self) -> None:
        """Write the end that the last line lacks."""
        self._write(b"\n")
        self._end = Place(self._end.offset + 1, self._end.number)

    def add(self, line: bytes) -> Place:
        """Write a line, with its end, and return its place.

        Raises:
            WorldError: It cannot be written; a part of it may be in the file.
        """
        self._write(line)
        place, self._end = self._end, Place(self._end.offset + len(line), self._end.number + 1)
        return place

    def _write(self, data: bytes) -> None:
        self._file.seek(self._end.offset)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise WorldError(f"{self.path} cannot be written: {error.strerror or error}") from None

    def close(self) -> None:
        """Close it, for another program to use."""
        self._stack.close()


def line_at(path: Path, place: Place) -> bytes:
    """Return the line at a place.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        file.seek(place.offset)
        return file.readline(MAX_BYTES)
