"""``scan``: many files of worlds as one table, read one at a time."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.errors import MissingExtra, MissingFile, WorldError
from worldkit.core.json_values import Json
from worldkit.core.profile import ProfileName, profile_named
from worldkit.core.quoting import format_count
from worldkit.exploration import Budget, explore
from worldkit.world import World, load_all

if TYPE_CHECKING:
    import pandas

Figures = Callable[[World], Json]


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A world of a scan, or a file that holds none.

    A world without states cannot be explored: its row has the world, the other figures and the error.

    Attributes:
        path: The file.
        world: The world; None where the file could not be read.
        error: Why it could not be read, or why some figures are missing; None where nothing is wrong.
        figures: What the scan was asked for, by column: ``states``, ``events``, ``errors``, ``positions``...

    Example:
        >>> world.save("red.world.json").name
        'red.world.json'
        >>> row = next(iter(wk.scan("red.world.json")))
        >>> row.world == world
        True
    """

    path: Path
    world: World | None
    error: WorldError | None
    figures: Json


@checked_methods
class Scan:
    """Files of worlds, read one at a time whenever the scan is gone through; made by ``wk.scan``.

    Nothing is read before, and no world is kept after its row. Each method returns a new scan.

    Attributes:
        paths: The files, sorted.

    Example:
        >>> world.save("red.world.json").name
        'red.world.json'
        >>> for row in wk.scan("*.world.json").lint().explore():
        ...     print(row.path, row.figures["states"], row.figures["errors"], row.figures["positions"])
        red.world.json 3 0 5
    """

    def __init__(self, paths: tuple[Path, ...], steps: tuple[Figures, ...] = ()) -> None:
        self.paths = paths
        self._steps = steps

    def lint(self, profile: ProfileName = "hosted") -> Scan:
        """Return a scan that also counts what the rules find: ``errors`` and ``warnings``.

        Args:
            profile: Whose rules look at it, ``"hosted"`` or ``"studio"``.

        Example:
            >>> list(wk.scan("*.nothing").lint())
            []
        """
        profile_named(profile)  # refuses a word that is none
        return Scan(self.paths, (*self._steps, lambda world: _lint_figures(world, profile)))

    def explore(self, budget: Budget | None = None) -> Scan:
        """Return a scan that also explores: ``positions``, ``unreachable_states``, ``soft_locks``, ``complete``.

        Args:
            budget: How far each exploration goes; as for ``wk.explore``.

        Example:
            >>> list(wk.scan("*.nothing").explore(budget=wk.Budget(seconds=1)))
            []
        """
        return Scan(self.paths, (*self._steps, lambda world: _explore_figures(world, budget)))

    def __iter__(self) -> Iterator[ScanRow]:
        for path in self.paths:
            try:
                worlds = load_all(path)
            except WorldError as error:
                yield ScanRow(path, None, error, {})
                continue
            for world in worlds:
                figures, world_error = self._figures(world)
                yield ScanRow(path, world, world_error, figures)

    def to_frame(self) -> pandas.DataFrame:
        """Return the scan as a table, one row for each world: ``path``, ``name``, the figures, and ``error``.

        Raises:
            MissingExtra: pandas is not installed.

        Example:
            >>> world.save("red.world.json").name
            'red.world.json'
            >>> list(wk.scan("*.world.json").lint().to_frame().columns)
            ['path', 'name', 'states', 'events', 'endings', 'errors', 'warnings', 'error']
        """
        try:
            import pandas
        except ImportError:
            raise MissingExtra("Scan.to_frame", "lab", "pandas") from None
        # the columns of an empty scan are those of any world
        columns = ["path", "name", *self._figures(World.new(""))[0], "error"]
        rows = [
            {
                "path": str(row.path),
                "name": row.world.name if row.world else None,
                **row.figures,
                "error": str(row.error) if row.error else None,
            }
            for row in self
        ]
        return pandas.DataFrame(rows, columns=columns).convert_dtypes()

    def _figures(self, world: World) -> tuple[Json, WorldError | None]:
        """Return the figures of a world, and the first error for which some of them are missing."""
        endings = sum(state.ending is not None for state in world.states.values())
        figures: Json = {"states": len(world.states), "events": len(world.events), "endings": endings}
        first_error: WorldError | None = None
        for step in self._steps:
            try:
                figures |= step(world)
            except WorldError as error:
                first_error = first_error or error
        return figures, first_error

    def __repr__(self) -> str:
        return f"Scan of {format_count(len(self.paths), 'file')}"


@checked
def scan(pattern: str | os.PathLike[str]) -> Scan:
    """Scan the files of worlds that match a pattern.

    Args:
        pattern: A pattern such as ``"worlds/**/*.world.json"``, where ``**`` is any folders; a file; or a folder, for
            every ``*.world.json`` in and below it.

    Returns:
        The scan. It reads nothing before it is gone through.

    Raises:
        MissingFile: The pattern has no wildcard, and there is no such file or folder.

    Example:
        >>> world.save("red.world.json").name
        'red.world.json'
        >>> wk.scan("*.world.json")
        Scan of 1 file
    """
    text = os.fspath(pattern)
    names: Iterable[str]
    if os.path.isdir(text):
        names = map(str, Path(text).rglob("*.world.json"))
    elif glob.has_magic(text) and not os.path.exists(text):
        names = (name for name in glob.iglob(text, recursive=True) if os.path.isfile(name))
    elif os.path.exists(text):
        names = [text]
    else:
        raise MissingFile(errno.ENOENT, "there is no such file or folder", text)
    return Scan(tuple(map(Path, sorted(names))))


def _lint_figures(world: World, profile: ProfileName) -> Json:
    counts = world.lint(profile).counts
    return {"errors": counts["error"], "warnings": counts["warning"]}


def _explore_figures(world: World, budget: Budget | None) -> Json:
    exploration = explore(world, budget=budget)
    return {
        "positions": exploration.positions,
        "unreachable_states": len(exploration.unreachable_states),
        "soft_locks": len(exploration.soft_locks),
        "complete": exploration.complete,
    }
