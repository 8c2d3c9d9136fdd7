"""Recording saved runs again after an intended change: the same presses with their new outcome."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, overload

from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, escape_unprintable, quote
from worldkit.playing.session import MAX_SELF_FIRED, Session
from worldkit.playing.trace import PressedEvent, Step, Trace, TraceError
from worldkit.playing.trace_replay import (
    COMPARED_FIELDS,
    RecordedSource,
    replay_author_change,
    wait_and_observe,
    wait_for_firing,
    wait_for_landing,
)
from worldkit.suites.checks import WorldFinder, find_runs
from worldkit.suites.expectations import record_expectation
from worldkit.suites.saved_runs import RUN_SUFFIX, SavedRun, load_run, write_run
from worldkit.world import World

Updated = Literal["unchanged", "updated", "impossible"]


@dataclass(frozen=True, slots=True)
class RunUpdate:
    """What recording a run again did.

    Attributes:
        title: What the run is called.
        outcome: ``"unchanged"``; ``"updated"``: its file was written anew; ``"impossible"``: a recorded event can no
            longer be pressed, and the file was not changed.
        changes: What is different now, or why it is impossible, one text each.
        path: Its file.
    """

    title: str
    outcome: Updated
    changes: tuple[str, ...] = ()
    path: Path | None = None

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        path = None if self.path is None else self.path.as_posix()
        return {"run": self.title, "path": path, "outcome": self.outcome, "changes": list(self.changes)}


@shown_briefly
@checked_methods
class RunUpdates(Sequence[RunUpdate]):
    """The result of recording several runs again.

    Args:
        updates: One for each run.

    Example:
        >>> path = wk.save_run(wk.Session(world), "begin.run.json", name="the beginning")
        >>> wk.update_runs(world, ".")
        1 unchanged
          unchanged   the beginning
    """

    def __init__(self, updates: Sequence[RunUpdate]) -> None:
        self._updates = tuple(updates)

    @overload
    def __getitem__(self, index: int) -> RunUpdate: ...
    @overload
    def __getitem__(self, index: slice) -> RunUpdates: ...
    def __getitem__(self, index: int | slice) -> RunUpdate | RunUpdates:
        return RunUpdates(self._updates[index]) if isinstance(index, slice) else self._updates[index]

    def __len__(self) -> int:
        return len(self._updates)

    @property
    def possible(self) -> bool:
        """Whether every one of them could be recorded again."""
        return all(update.outcome != "impossible" for update in self._updates)

    def __repr__(self) -> str:
        counts = {
            word: sum(u.outcome == word for u in self._updates) for word in ("updated", "unchanged", "impossible")
        }
        lines = [", ".join(f"{count} {word}" for word, count in counts.items() if count)]
        for update in self._updates:
            lines.append(f"  {update.outcome:<10}  {escape_unprintable(update.title)}")
            lines += [f"      {escape_unprintable(' '.join(change.split()))}" for change in update.changes]
        return "\n".join(lines)


@checked
def update_runs(world: World | None, folder: str | os.PathLike[str]) -> RunUpdates:
    """Record every saved run of a folder again: the same presses after the same waits, with the present outcome.

    A file is written only when something is different; what it expects keeps its fields and gets new values.

    Args:
        world: The world to play them in; None for the world each run names, or the one beside it.
        folder: The folder, or a single file.

    Raises:
        FileNotFoundError: There is no such folder.
        WorldError: There is no run in it.
        OSError: A file cannot be written.

    Example:
        >>> path = wk.save_run(wk.Session(world), "begin.run.json", name="the beginning")
        >>> wk.update_runs(world, ".")
        1 unchanged
          unchanged   the beginning
    """
    home = WorldFinder(world)
    return RunUpdates([_update_file(file, home) for file in find_runs(folder)])


def _update_file(file: Path, home: WorldFinder) -> RunUpdate:
    title = file.name.removesuffix(RUN_SUFFIX)
    try:
        run = load_run(file)
        title = run.title
        session = replay_leniently(home.of(run), run.trace)
    except TraceError as error:
        return RunUpdate(title, "impossible", (error.reason,), file)
    except (WorldError, OSError) as error:
        return RunUpdate(title, "impossible", (str(error),), file)
    new_run = replace(run, trace=session.trace, expect=record_expectation(session, run.expect))
    changes = tuple(differences(run, new_run))
    if not changes:
        return RunUpdate(title, "unchanged", path=file)
    write_run(new_run)
    return RunUpdate(title, "updated", changes, file)


def replay_leniently(world: World, trace: Trace) -> Session:
    """Play a run again and accept any outcome: the same presses in order, with the same time between them.

    What was seen in the picture is seen again. What fired by itself is not pressed; it fires by itself, or it
    does not.

    Raises:
        TraceError: Something can no longer be done; names the step and why.
    """
    camera = RecordedSource(trace.seen)
    options: dict[str, Any] = {"seed": trace.seed, "past_endings": trace.past_endings, "mode": trace.mode}
    try:
        session = Session(world, at=trace.start, evidence=camera if camera.asked else None, **options)
    except WorldError as error:
        raise TraceError(0, f"the run cannot begin: {error}") from error
    clock, count = 0, len(trace)
    for index, step in enumerate(trace.steps):
        camera.turn(index, session.clock - clock)
        try:
            _press(session, camera, index, step, step.at - clock)
        except WorldError as refusal:
            raise TraceError(index, f"step {index + 1} of {count}: {refusal}") from refusal
        wait_for_landing(session, camera, None)
        clock = step.until
    shift = session.clock - clock
    camera.turn(count, shift)
    if trace.playing is None:
        _pass(session, camera, trace.clock - clock, trace.held)
        return session
    try:
        _press(session, camera, count, trace.playing, trace.playing.at - clock, trace.clock + shift)
    except WorldError as refusal:
        raise TraceError(count, f"after the last step: {refusal}") from refusal
    wait_for_landing(session, camera, trace.clock + shift)
    return session


def _press(
    session: Session, camera: RecordedSource, index: int, step: Step | PressedEvent, idle: int, until: int | None = None
) -> None:
    """Let as much time pass as did, and do what was done; what fired by itself may do so."""
    _pass(session, camera, idle, step.held, until)
    if isinstance(step, Step) and step.by == "author":
        replay_author_change(session, index, step)
    elif step.by == "player":
        session.fire(step.event)
    elif idle <= 0:
        wait_for_firing(session, 0, False)


def _pass(session: Session, camera: RecordedSource, ms: int, forward_ms: int, until: int | None = None) -> None:
    """Let time pass as it did, forward held for a part of it; what fires by itself lands, if it does so in time."""
    for part, forward in ((max(0, ms - forward_ms), False), (forward_ms, True)):
        goal = session.clock + part
        for _ in range(MAX_SELF_FIRED):
            remaining = max(0, goal - session.clock)
            if (
                wait_and_observe(session, camera.idle_schedule, *((0, remaining) if forward else (remaining, 0)))
                is None
            ):
                break
            wait_for_landing(session, camera, until)
        else:
            raise WorldError(f"{MAX_SELF_FIRED} events fired by themselves; look for timers that chase each other")


def differences(old: SavedRun, new: SavedRun) -> Iterator[str]:
    """Yield what is different between two recordings of one run."""
    for field, value in new.expect.items():
        if value != old.expect[field]:
            yield f"expect.{field}: {quote(old.expect[field])} → {quote(value)}"
    before, after = old.trace, new.trace
    if before.events != after.events:
        yield f"fired: {quote(list(before.events), 200)} → {quote(list(after.events), 200)}"
    else:
        for number, (was, now) in enumerate(zip(before, after, strict=True), 1):
            for field, words in COMPARED_FIELDS.items():
                a, b = getattr(was, field), getattr(now, field)
                if a != b:
                    yield f"step {number}, {quote(was.event)} {words}: {_literal(a)} → {_literal(b)}"
        if [(s.at, s.until) for s in before] != [(s.at, s.until) for s in after]:
            yield f"times: {before.clock} ms → {after.clock} ms in all"
        if [s.line for s in before] != [s.line for s in after]:
            yield "lines shown: the wording of some"


def _literal(value: object) -> str:
    return quote(list(value) if isinstance(value, tuple) else value)
