"""A run as a file: its trace, with a name, the world it was played in and what is expected of its end."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worldkit.core import json_values
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.atomic_write import write_atomically
from worldkit.core.errors import InvalidWorld, MissingFile, WorldError, WrongArgument
from worldkit.core.files import read_bytes
from worldkit.core.json_values import Json, quote
from worldkit.core.paths import kind_at, make_folder
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace, TraceError
from worldkit.playing.trace_schema import TraceRow
from worldkit.suites.expectations import checked_expectation, ending_of
from worldkit.world import World, load

RUN_SUFFIX = ".run.json"
WORLD_PATTERN = "*.world.json"
MAX_BYTES = 16 << 20


@checked_methods
@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run with what is expected of it, as a file keeps it.

    Attributes:
        trace: The run.
        name: What to call it; empty for the file's name.
        world: Where its world is, relative to the file; None when the file does not say.
        expect: What is expected of its end: some of ``state``, ``flags``, ``ended``, ``coverage``.
        path: The file; None for one that is not in a file.
        extra: Fields of the file that mean nothing here; they are kept.

    Example:
        >>> path = wk.save_run(wk.Session(world), "begin.run.json", name="the beginning")
        >>> [run] = wk.load_runs(".")
        >>> run.name, run.expect
        ('the beginning', {'state': 'lane', 'ended': None})
    """

    trace: Trace
    name: str = ""
    world: str | None = None
    expect: Json = field(default_factory=dict)
    path: Path | None = None
    extra: Json = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name, else the name of its file."""
        return self.name or (self.path.name.removesuffix(RUN_SUFFIX) if self.path else "a run")

    def to_dict(self) -> Json:
        """Return the run as JSON values: those of its trace, and ``name``, ``world``, ``expect``."""
        trace = self.trace.to_dict()
        data: Json = {key: trace.pop(key) for key in ("format", "version")}
        if self.name:
            data["name"] = self.name
        if self.world is not None:
            data["world"] = self.world
        if self.expect:
            data["expect"] = self.expect
        return data | trace | self.extra

    @classmethod
    def from_dict(cls, data: Any, path: Path | None = None) -> SavedRun:
        """Read a run from JSON values; any trace will do.

        Args:
            data: The values.
            path: The file they come from.

        Raises:
            TraceError: It is not of that form.

        Example:
            >>> session = wk.Session(world)
            >>> step = session.fire("walk_up_the_lane")
            >>> data = {**session.trace.to_dict(), "name": "Up the lane", "expect": {"state": "bench"}}
            >>> run = wk.SavedRun.from_dict(data)
            >>> run.title, run.expect
            ('Up the lane', {'state': 'bench'})
        """
        trace = Trace.from_dict(data)
        texts: dict[str, str | None] = {}
        for key in ("name", "world"):
            value = texts[key] = data.get(key)
            if value is not None and not isinstance(value, str):
                raise TraceError(None, f"{key}: expected text, got {quote(value)}")
        known_fields = {"name", "world", "expect"}.union(
            row.alias or field for field, row in TraceRow.model_fields.items()
        )
        extra = {key: value for key, value in data.items() if key not in known_fields}
        expect = checked_expectation(data.get("expect", {}))
        return cls(trace, texts["name"] or "", texts["world"], expect, path, extra)

    def load_world(self) -> World:
        """Return the world this run belongs to: the one it names, else the only one beside or above its file.

        Raises:
            WorldError: There is none, or several, or it cannot be read.
        """
        if self.path is None:
            raise WorldError(f"the run {quote(self.title)} is in no file; say which world to play")
        folder = self.path.parent
        if self.world is not None:
            candidates = [folder / self.world]
            if not candidates[0].is_file():
                raise WorldError(f'its world {quote(self.world)} is no file; correct the run\'s "world"')
        else:
            candidates = sorted(folder.glob(WORLD_PATTERN)) or sorted(folder.resolve().parent.glob(WORLD_PATTERN))
        if len(candidates) != 1:
            problem = f"there are {len(candidates)} of them" if candidates else "there is none"
            raise WorldError(
                f"the run does not say which world it belongs to, and of {WORLD_PATTERN} beside or above it {problem}; "
                'write "world" into the run'
            )
        return load(candidates[0])


@checked
def save_run(
    run: Session | Trace,
    path: str | os.PathLike[str],
    *,
    name: str = "",
    world: str | os.PathLike[str] | None = None,
    expect: Mapping[str, Any] | None = None,
) -> Path:
    """Save a run to a file, to be checked against later versions of its world.

    Args:
        run: A session, or the trace of one.
        path: Where to; ``.run.json`` is added when it is missing, folders are made.
        name: What to call it.
        world: The file of its world; it is written down relative to the run's.
        expect: What is expected of its end, some of: ``state``; ``flags``, exactly those held; ``ended``, the kind or
            the title of the ending, ``{"kind", "title"}``, or None when the run is not over; ``coverage``, the least
            part, from 0 to 1, of the world's events that it fires. By default that a session's run ends in the same
            state and with the same ending, and nothing for a trace; ``{}`` for nothing.

    Returns:
        The path written.

    Raises:
        TraceError: ``expect`` is not of that form.
        OSError: The file cannot be written.

    Example:
        >>> session = wk.Session(world)
        >>> step = session.fire("walk_up_the_lane")
        >>> wk.save_run(session, "up.run.json").name
        'up.run.json'
    """
    target = Path(path)
    if not target.name:
        raise WrongArgument("path", "the name of a file", quote(str(path)))
    if not target.name.endswith(RUN_SUFFIX):
        target = target.with_name(target.name.removesuffix(".json") + RUN_SUFFIX)
    if expect is None:
        expect = {"state": run.state, "ended": ending_of(run)} if isinstance(run, Session) else {}
    trace = run.trace if isinstance(run, Session) else run
    place = None if world is None else _relative(Path(world), target.parent)
    saved_run = SavedRun(trace, name, place, checked_expectation(expect), target)
    make_folder(target.parent)
    write_run(saved_run)
    return target


def write_run(run: SavedRun) -> None:
    """Write a run to its file, atomically."""
    assert run.path is not None
    write_atomically(run.path, (json_values.dumps(run.to_dict()) + "\n").encode("utf-8"))


def _relative(file: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return file.resolve().as_posix()


def load_run(path: str | os.PathLike[str]) -> SavedRun:
    """Read one saved run.

    Args:
        path: The file.

    Raises:
        TraceError: It is not JSON, or not a run; names the file.
        FileError: The file cannot be read.
    """
    file = Path(path)
    try:
        return SavedRun.from_dict(json_values.parse(read_bytes(file, MAX_BYTES), str(file), MAX_BYTES), file)
    except InvalidWorld as error:
        raise TraceError(None, f"{file}: not a readable run: {'; '.join(map(str, error.problems))}") from None
    except TraceError as error:
        raise TraceError(None, f"{file}: {error.reason}") from None


def run_files(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the files of saved runs in a folder and below it, sorted; a single file is returned as it is.

    Raises:
        FileNotFoundError: There is no such folder or file.
    """
    place = Path(folder)
    kind = kind_at(place)
    if kind == "folder":
        return sorted(place.rglob(f"*{RUN_SUFFIX}"))
    if kind is None:
        raise MissingFile(errno.ENOENT, "there is no such folder", str(place))
    return [place]


@checked
def load_runs(folder: str | os.PathLike[str]) -> list[SavedRun]:
    """Read every saved run, ``*.run.json``, of a folder and below it, in order of their paths.

    Args:
        folder: The folder, or a single file.

    Raises:
        TraceError: One of them is no run; names it.
        FileNotFoundError: There is no such folder.

    Example:
        >>> path = wk.save_run(wk.Session(world), "begin.run.json", name="the beginning")
        >>> [run.name for run in wk.load_runs(".")]
        ['the beginning']
    """
    return [load_run(file) for file in run_files(folder)]
