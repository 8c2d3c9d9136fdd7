"""Checking saved runs against a world: which still pass, and where and why the others fail."""

from __future__ import annotations

import html
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, escape_unprintable, quote
from worldkit.core.quoting import format_count
from worldkit.playing.run_replay import replay
from worldkit.playing.trace import TraceError
from worldkit.suites.expectations import find_failures
from worldkit.suites.saved_runs import RUN_SUFFIX, SavedRun, load_run, run_files
from worldkit.world import World

Outcome = Literal["passed", "broken", "failed", "unreadable"]


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a saved run.

    Attributes:
        title: What it is called.
        outcome: ``"passed"``; ``"broken"``: a step no longer holds; ``"failed"``: all steps hold and an
            expectation is not met; ``"unreadable"``: the run or its world cannot be read.
        steps: How many steps it has.
        index: The first step that no longer holds, from 0; the number of steps when all hold but not the time
            after the last; None otherwise.
        reasons: What was found and what was expected, one text each; none when it passed.
        path: Its file.
        run: The run; None when it cannot be read.
        seconds: How long it took.
    """

    title: str
    outcome: Outcome
    steps: int = 0
    index: int | None = None
    reasons: tuple[str, ...] = ()
    path: Path | None = None
    run: SavedRun | None = None
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.outcome == "passed"

    @property
    def text(self) -> str:
        """What to say of it, in one line."""
        if self.passed:
            step_count = format_count(self.steps, "step")
        elif self.index is None or self.run is None:
            step_count = "; ".join(self.reasons)
        elif self.index >= self.steps:
            step_count = f"after the last step: {'; '.join(self.reasons)}"
        else:
            step_count = f"step {self.index + 1} of {self.steps}: {'; '.join(self.reasons)}"
        return escape_unprintable(" ".join(step_count.split()))

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "run": self.title,
            "path": None if self.path is None else self.path.as_posix(),
            "outcome": self.outcome,
            "steps": self.steps,
            "index": self.index,
            "reasons": list(self.reasons),
            "seconds": round(self.seconds, 6),
        }


@shown_briefly
@checked_methods
class RunResults(Sequence[RunResult]):
    """The results of several saved runs; ``passed`` says whether all passed.

    Args:
        results: One for each run.

    Example:
        >>> path = wk.save_run(wk.Session(world), "begin.run.json", name="the beginning")
        >>> results = wk.check_runs(world, ".")
        >>> bool(results), len(results)
        (True, 1)
    """

    def __init__(self, results: Sequence[RunResult]) -> None:
        self._results = tuple(results)

    @overload
    def __getitem__(self, index: int) -> RunResult: ...
    @overload
    def __getitem__(self, index: slice) -> RunResults: ...
    def __getitem__(self, index: int | slice) -> RunResult | RunResults:
        return RunResults(self._results[index]) if isinstance(index, slice) else self._results[index]

    def __len__(self) -> int:
        return len(self._results)

    def __iter__(self) -> Iterator[RunResult]:
        return iter(self._results)

    @property
    def passed(self) -> bool:
        """Whether every one of them passed."""
        return all(result.passed for result in self._results)

    def to_list(self) -> list[Json]:
        """Return every result as JSON values."""
        return [result.to_dict() for result in self._results]

    def _heading(self) -> str:
        count, good = len(self._results), sum(result.passed for result in self._results)
        runs = "the run" if count == 1 else f"all {count} runs"
        return f"{runs} passed" if good == count else f"{count - good} of {count} runs did not pass"

    def __repr__(self) -> str:
        titles = [escape_unprintable(result.title) for result in self._results]
        wide = min(max(map(len, titles), default=0), 40)
        rows = zip(self._results, titles, strict=True)
        lines = [f"  {result.outcome:<10}  {title:<{wide}}  {result.text}" for result, title in rows]
        return "\n".join([self._heading(), *lines])

    def _repr_html_(self) -> str:
        left_aligned = " style='text-align:left'"
        rows = "".join(
            f"<tr><td{left_aligned}>{result.outcome}</td><td{left_aligned}>{html.escape(escape_unprintable(result.title))}</td>"
            f"<td{left_aligned}>{html.escape(result.text)}</td></tr>"
            for result in self._results
        )
        head = "".join(f"<th{left_aligned}>{name}</th>" for name in ("result", "run", "what happened"))
        return f"<p><strong>{self._heading()}</strong></p><table><tr>{head}</tr>{rows}</table>"


def check_run(world: World, run: SavedRun) -> RunResult:
    """Replay one saved run in a world, and compare its end with what it expects.

    Args:
        world: The world; another version of the one it was recorded in.
    """
    began = time.perf_counter()

    def result(outcome: Outcome, index: int | None = None, *reasons: str) -> RunResult:
        seconds = time.perf_counter() - began
        return RunResult(run.title, outcome, len(run.trace), index, reasons, run.path, run, seconds)

    try:
        session = replay(world, run.trace)
    except TraceError as failure:
        return result("broken", failure.index, failure.reason)
    except WorldError as error:
        return result("broken", 0, str(error))
    unmet = tuple(find_failures(session, run.expect))
    return result("failed", None, *unmet) if unmet else result("passed")


@checked
def check_runs(world: World | None, folder: str | os.PathLike[str]) -> RunResults:
    """Replay every saved run of a folder, and return which still hold.

    Args:
        world: The world to play them in; None for the world each run names, or the one beside it.
        folder: The folder, looked through with all below it for ``*.run.json``; or a single file.

    Raises:
        FileNotFoundError: There is no such folder.
        WorldError: There is no run in it.

    Example:
        >>> session = wk.Session(world)
        >>> step = session.fire("walk_up_the_lane")
        >>> path = wk.save_run(session, "up.run.json", name="up the lane")
        >>> wk.check_runs(world, ".")
        the run passed
          passed      up the lane  1 step
    """
    home = WorldFinder(world)
    return RunResults([_check_file(file, home) for file in find_runs(folder)])


def find_runs(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the files of saved runs in a folder, at least one: a suite that checks nothing is a mistake.

    Raises:
        FileNotFoundError: There is no such folder.
        WorldError: There is no run in it.
    """
    files = run_files(folder)
    if not files:
        raise WorldError(
            f"no saved run, *{RUN_SUFFIX}, is in {quote(str(folder))}; save one with worldkit.save_run(...)"
        )
    return files


class WorldFinder:
    """Which world a run is played in: always the same one, or each run's own, read once.

    Args:
        world: The one for all; None for each run's own.
    """

    def __init__(self, world: World | None) -> None:
        self._world = world
        self._worlds: dict[Any, World] = {}

    def of(self, run: SavedRun) -> World:
        """Return the world of a run.

        Raises:
            WorldError: It cannot be found or read.
        """
        if self._world is not None:
            return self._world
        assert run.path is not None
        key = run.path.parent, run.world
        if key not in self._worlds:
            self._worlds[key] = run.load_world()
        return self._worlds[key]


def _check_file(file: Path, home: WorldFinder) -> RunResult:
    title = file.name.removesuffix(RUN_SUFFIX)
    try:
        run = load_run(file)
        title = run.title
        world = home.of(run)
    except TraceError as error:
        return RunResult(title, "unreadable", reasons=(error.reason,), path=file)
    except (WorldError, OSError) as error:
        return RunResult(title, "unreadable", reasons=(str(error),), path=file)
    return check_run(world, run)
