"""``scan``: many files of worlds as one table, read one at a time."""

from __future__ import annotations

import errno
import glob
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldkit.assessment.result import figures, quality
from worldkit.core import files, json_lines
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.dataframe import frame
from worldkit.core.errors import MissingFile, WorldError
from worldkit.core.file_patterns import matching_files, worlds_below
from worldkit.core.json_values import Json
from worldkit.core.profile import ProfileName, profile_named
from worldkit.core.quoting import format_count, quote
from worldkit.exploration import Budget, explore
from worldkit.exploration.executors import Executor, map_lazily
from worldkit.exploration.progress import Progress, progress_callback
from worldkit.world import World, load_all

if TYPE_CHECKING:
    import pandas

Figures = Callable[[World, Mapping[str, Any]], Json]
"""The figures of a world, by what its line holds besides."""

Source = tuple[Path, json_lines.JsonLine | WorldError | None]
"""A file, or a line of one with that line; with an error where its lines cannot be read on."""


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A world of a scan, or a file that holds none.

    A world without states cannot be explored: its row has the world, the other figures and the error.

    Attributes:
        path: The file.
        world: The world; None where the file or the line could not be read.
        error: Why it could not be read, or why some figures are missing; None where nothing is wrong.
        figures: What the scan was asked for, by column: ``states``, ``events``, ``errors``, ``positions``...
        line: The line of a file ``*.jsonl``, from 1; None in any other file.
        record: What the line holds besides its world, such as the premise, the seed and the report of a generation.

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
    line: int | None = None
    record: Json = field(default_factory=dict)


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

    def __init__(
        self,
        paths: tuple[Path, ...],
        steps: tuple[Figures, ...] = (),
        executor: Executor | None = None,
        progress: Progress = None,
    ) -> None:
        self.paths = paths
        self._steps = steps
        self._executor = executor
        self._progress = progress

    def _with(self, step: Figures) -> Scan:
        return Scan(self.paths, (*self._steps, step), self._executor, self._progress)

    def lint(self, profile: ProfileName = "hosted") -> Scan:
        """Return a scan that also counts what the rules find: ``errors`` and ``warnings``.

        Args:
            profile: Whose rules look at it, ``"hosted"`` or ``"studio"``.

        Example:
            >>> world.save("red.world.json").name
            'red.world.json'
            >>> [row.figures["errors"] for row in wk.scan("*.world.json").lint()]
            [0]
        """
        profile_named(profile)  # refuses a word that is none
        return self._with(partial(_lint_figures, profile=profile))

    def explore(self, budget: Budget | None = None) -> Scan:
        """Return a scan that also explores: ``positions``, ``unreachable_states``, ``soft_locks``, ``complete``.

        Args:
            budget: How far each exploration goes; as for ``wk.explore``.

        Example:
            >>> world.save("red.world.json").name
            'red.world.json'
            >>> [row.figures["positions"] for row in wk.scan("*.world.json").explore(budget=wk.Budget(seconds=1))]
            [5]
        """
        return self._with(partial(_explore_figures, budget=budget))

    def quality(self) -> Scan:
        """Return a scan that also judges, as ``wk.quality`` does.

        The columns are shares from 0 to 1, missing where there was nothing to judge: ``choice_weight``, ``arrival``,
        ``denial``, ``hint`` and ``premise_kept``, the last for lines of ``generate_many`` alone. ``gate`` is in points,
        and ``plot_id`` is the same for worlds whose graphs are alike but for names.

        Example:
            >>> world.save("red.world.json").name
            'red.world.json'
            >>> [row.figures["gate"] for row in wk.scan("*.world.json").quality()]
            [67]
        """
        return self._with(_quality_figures)

    def __iter__(self) -> Iterator[ScanRow]:
        report = progress_callback(self._progress)
        row_count = 0
        with closing(map_lazily(partial(_rows, steps=self._steps), _sources(self.paths), self._executor)) as results:
            for rows in results:
                yield from rows
                row_count += len(rows)
                report(format_count(row_count, "row"), None)
        report("done", 1.0)

    def to_frame(self) -> pandas.DataFrame:
        """Return the scan as a table, one row for each world: ``path``, ``name``, the figures, and ``error``.

        With a file ``*.jsonl`` among them also ``line``, ``premise`` and ``seed``.

        Raises:
            MissingExtra: pandas is not installed.

        Example:
            >>> world.save("red.world.json").name
            'red.world.json'
            >>> list(wk.scan("*.world.json").lint().to_frame().columns)
            ['path', 'name', 'states', 'events', 'endings', 'errors', 'warnings', 'error']
        """
        # the columns of an empty scan are those of any world
        of_line = ["line", "premise", "seed"] if any(map(json_lines.is_json_lines, self.paths)) else []
        columns = ["path", *of_line, "name", *_figures(World.new(""), {}, self._steps)[0], "error"]
        rows = (
            {
                "path": str(row.path),
                "line": row.line,
                "premise": row.record.get("premise"),
                "seed": row.record.get("seed"),
                "name": row.world.name if row.world else None,
                **row.figures,
                "error": str(row.error) if row.error else None,
            }
            for row in self
        )
        return frame("Scan.to_frame", rows, columns)

    def __len__(self) -> int:
        """Return how many files there are; one may be several rows."""
        return len(self.paths)

    def __repr__(self) -> str:
        return f"Scan of {format_count(len(self.paths), 'file')}"


@checked
def scan(pattern: str | os.PathLike[str], *, executor: Executor | None = None, progress: Progress = None) -> Scan:
    """Scan the files of worlds that match a pattern.

    Args:
        pattern: A pattern such as ``"worlds/**/*.world.json"``, where ``**`` is any folders; a file; or a folder, for
            every ``*.world.json`` in and below it. Both leave out hidden folders, and go through no link to a folder. A
            file ``*.jsonl`` has a world on each line, as ``generate_many`` writes it.
        executor: A pool of ``concurrent.futures``, or anything with such a ``submit``, as the client of a Dask cluster
            has, that reads and judges worlds; None does so here. The rows are the same, in the same order.
        progress: True for a line on standard error, or a callable that gets how many rows there are, and None.

    Returns:
        The scan. It reads nothing before it is gone through. Where no file matches it is empty, with a warning.

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
        names = worlds_below(text)
    elif glob.has_magic(text) and not os.path.exists(text):
        names = matching_files(text)
    elif os.path.exists(text):
        names = [text]
    else:
        raise MissingFile(errno.ENOENT, "there is no such file or folder", text)
    paths = tuple(sorted(map(Path, names), key=str))
    if not paths:
        missing = "the folder has no file *.world.json" if os.path.isdir(text) else "no file matches the pattern"
        warnings.warn(f"{missing}: {quote(text, 200)}", stacklevel=3)
    return Scan(paths, (), executor, progress)


def _sources(paths: Iterable[Path]) -> Iterator[Source]:
    """Yield each file, and each line of a file of lines, without reading what it holds."""
    for path in paths:
        if not json_lines.is_json_lines(path):
            yield path, None
            continue
        try:
            for line in files.read_lines(path):
                yield path, line
        except WorldError as error:
            yield path, error


def _rows(source: Source, steps: Sequence[Figures]) -> list[ScanRow]:
    """Return the rows of a file or a line."""
    path, content = source
    number = content.number if isinstance(content, json_lines.JsonLine) else None
    record: Json = {}
    worlds: list[World] = []
    try:
        if isinstance(content, WorldError):
            raise content
        if content is None:
            worlds = load_all(path)
        else:
            value = content.value()
            if isinstance(value, dict) and "premise" in value:
                record = {name: part for name, part in value.items() if name != "world"}
            failure = json_lines.failure_in(value)
            if failure is not None:
                raise WorldError(f"{content.name} has no world: {failure}")
            worlds = files.worlds_of(World, value, content.name)
    except WorldError as error:
        return [ScanRow(path, None, error, {}, number, record)]
    rows = []
    for world in worlds:
        figures, world_error = _figures(world, record, steps)
        rows.append(ScanRow(path, world, world_error, figures, number, record))
    return rows


def _figures(world: World, record: Json, steps: Iterable[Figures]) -> tuple[Json, WorldError | None]:
    """Return the figures of a world, and the first error for which some of them are missing."""
    endings = sum(state.ending is not None for state in world.states.values())
    figures: Json = {"states": len(world.states), "events": len(world.events), "endings": endings}
    first_error: WorldError | None = None
    for step in steps:
        try:
            figures |= step(world, record)
        except WorldError as error:
            first_error = first_error or error
    return figures, first_error


def _lint_figures(world: World, _: Mapping[str, Any], profile: ProfileName) -> Json:
    counts = world.lint(profile).counts
    return {"errors": counts["error"], "warnings": counts["warning"]}


def _explore_figures(world: World, _: Mapping[str, Any], budget: Budget | None) -> Json:
    exploration = explore(world, budget=budget)
    return {
        "positions": exploration.positions,
        "unreachable_states": len(exploration.unreachable_states),
        "soft_locks": len(exploration.soft_locks),
        "complete": exploration.complete,
    }


def _quality_figures(world: World, record: Mapping[str, Any]) -> Json:
    premise = record.get("premise")
    return figures(quality(world, premise if isinstance(premise, str) else None), 0)
