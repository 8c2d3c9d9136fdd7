"""Worlds of several files, folders and files of lines, one after the other; what fails hides no other world."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.cli.options import WORLD_HELP
from worldkit.cli.terminal import STDIO, one_line, print_error, read_worlds, world_files
from worldkit.core.errors import WorldError
from worldkit.core.json_lines import is_json_lines
from worldkit.core.json_values import Json
from worldkit.core.spoken_names import world_title
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.reporting.junit_xml import JunitSuite

WORLDS_HELP = f"{WORLD_HELP}; a folder for all *.world.json in it; *.jsonl for the worlds of its lines"


@dataclass(frozen=True)
class ReadWorld:
    """A world that was read.

    Attributes:
        path: Its file.
        line: Its line of a file of lines; None in any other file.
        world: The world.
        premise: The premise that stands beside it in a file of lines.
    """

    path: str
    line: int | None
    world: World
    premise: str | None = None

    @property
    def place(self) -> str:
        """The file, with the line of a file of lines."""
        return self.path if self.line is None else f"{self.path}:{self.line}"

    @property
    def title(self) -> str:
        """Its place and what it is called, as reports of several worlds name it."""
        return f"{self.place} ({world_title(self.world)})"

    def to_dict(self) -> Json:
        """Return where it is and what it is called, as JSON values."""
        line = {} if self.line is None else {"line": self.line}
        return {"path": self.path, **line, "name": world_title(self.world)}


class Failures:
    """What could not be read or carried out, by file; each is printed when it happens."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}

    @property
    def texts(self) -> list[str]:
        """What failed, in order."""
        return [text for texts in self._texts.values() for text in texts]

    @property
    def by_path(self) -> dict[str, str]:
        """What failed, by file."""
        return {path: "; ".join(texts) for path, texts in self._texts.items()}

    @property
    def suites(self) -> list[JunitSuite]:
        """What failed, for JUnit."""
        from worldkit.reporting.junit_xml import Case, JunitSuite

        cases = {path: Case("read", text, "unreadable", is_error=True) for path, text in self.by_path.items()}
        return [JunitSuite(path, (case,)) for path, case in cases.items()]

    def __bool__(self) -> bool:
        return bool(self._texts)

    def add(self, path: str, error: WorldError | OSError, place: str | None = None) -> None:
        """Print an error of a file and keep it.

        Args:
            error: What failed.
            place: The file, with its line, where the error does not name it.
        """
        text = one_line(error) if place is None else f"{place}: {one_line(error)}"
        print_error(text)
        self._texts.setdefault(path, []).append(text)

    @contextmanager
    def of(self, path: str, place: str | None = None) -> Iterator[None]:
        """Keep an error of the block instead of raising it.

        Args:
            path: The file that the block is about.
            place: The file, with its line, where errors of the block do not name it.
        """
        try:
            yield
        except (WorldError, OSError) as error:
            self.add(path, error, place)


def is_one_world(names: list[str]) -> bool:
    """Return whether names are those of one file of one world: its output needs no path."""
    [first, *others] = names
    return not others and (first == STDIO or not (os.path.isdir(first) or is_json_lines(first)))


def read_each(names: Iterable[str], failures: Failures) -> Iterator[ReadWorld]:
    """Yield the worlds of some files, one at a time.

    Args:
        names: The files and folders.
        failures: Gets what is wrong with a file or a line.

    Raises:
        WorldError: A folder holds no world.
    """
    for path in world_files(names):
        yield from read_file(path, failures)


def read_file(path: str, failures: Failures) -> Iterator[ReadWorld]:
    """Yield the worlds of a file; of a file of lines those that are there, without premises that failed.

    Args:
        failures: Gets what is wrong with it, or with a line of it.
    """
    if path == STDIO or not is_json_lines(path):
        worlds: list[World] = []
        with failures.of(path):
            worlds = read_worlds(path)
        yield from (ReadWorld(path, None, world) for world in worlds)
        return
    from worldkit.world_files import Scan

    for row in Scan((Path(path),)):
        premise = row.record.get("premise")
        if row.world is not None:
            yield ReadWorld(path, row.line, row.world, premise if isinstance(premise, str) else None)
        elif row.error is not None and not row.record.get("error"):
            failures.add(path, row.error)
