"""A generation that can be stopped and gone on with: what was ordered, and what the model has answered so far.

``model="hosted"`` makes a world from a premise or a picture, and goes on by itself.

Those that were stopped, or failed after the model had answered, are kept while the process runs, so that the same call
goes on where it was. Only values are kept, and only so many of them.
"""

from __future__ import annotations

import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

from worldkit.core.process_lock import ProcessLock
from worldkit.core.progress import Progress, ignore
from worldkit.generation.engines.memory import Memory
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.backend import ModelSpec
from worldkit.generation.pipeline.generate_one import Opener, generate_one, generate_one_directly, refuse_file_name
from worldkit.generation.pipeline.report import Interrupted, Report, UnusableAnswers, premise_fields
from worldkit.generation.planning.plan import check_size
from worldkit.ruleset.gate import verify
from worldkit.stores.api import Client
from worldkit.stores.api.frames import InputFrame
from worldkit.world import World

HOSTED = "hosted"
MAX_UNFINISHED_RUNS = 8


@dataclass(frozen=True, slots=True)
class Commission:
    """What a world is made from; two that are equal come out equal.

    Attributes:
        source: What the text is: ``"premise"``, or ``"chapter"`` for one that worlds are to follow.
        states: How many states a world from a premise has.
    """

    source: str
    text: str
    model: ModelSpec
    seed: int
    states: int = 6
    frame: InputFrame | None = None
    pov: str | None = None

    def __post_init__(self) -> None:
        refuse_file_name(self.text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a generation: worlds with their titles, several where a long text became acts, and the account."""

    worlds: tuple[tuple[str, World], ...]
    report: Report

    @property
    def world(self) -> World:
        """The world, or the first of several."""
        return self.worlds[0][1]


@dataclass
class GenerationRun(ABC):
    """A generation: what was ordered, and what the model has answered."""

    commission: Commission
    memory: Memory = field(default_factory=Memory)

    def finish(self, progress: Progress) -> Outcome:
        """Generate what is missing, and return the whole.

        Raises:
            Interrupted: It was interrupted; holds the first world as far as it came. ``finish`` goes on from there.
            WorldError: It cannot be done.
        """
        try:
            return self.generate(lambda: backend.opened(self.commission.model, progress, self.memory), progress)
        except KeyboardInterrupt as stop:
            so_far = self.so_far()
            raise Interrupted(so_far.world, so_far.report) from stop

    def so_far(self) -> Outcome:
        """Return what there is by now, with the rest from the templates."""
        return self.generate(lambda: backend.from_memory(self.memory), ignore)

    @abstractmethod
    def generate(self, open_writer: Opener, progress: Progress) -> Outcome:
        """Generate with what a function opens."""


@runtime_checkable
class Resumable(Protocol):
    """A progress that can offer to go on with a generation that was interrupted."""

    def interrupted(self, run: GenerationRun) -> None:
        """Offer to go on with it, or to take what there is."""
        ...

    def failed(self) -> None:
        """Show that it failed; the error says why."""
        ...


class PremiseRun(GenerationRun):
    """A generation from a premise."""

    def finish(self, progress: Progress) -> Outcome:
        if self.commission.model.kind == HOSTED:
            return hosted(self.commission, progress)
        check_size(self.commission.states)
        outcome = super().finish(progress)
        if not self.memory.is_lost:  # else the report says so
            outcome.report.require_use()
        return outcome

    def generate(self, open_writer: Opener, progress: Progress) -> Outcome:
        it = self.commission
        writer = open_writer()
        if direct := backend.direct_writer(it.model, writer, it.states):
            made = generate_one_directly(it.text, it.seed, it.states, direct, it.model.features, progress)
        else:
            notes = backend.notes_on(it.model, writer)
            made = generate_one(it.text, it.seed, it.states, writer, progress, notes)
        return _outcome(*_with_frame(*made, it))


def _outcome(world: World, report: Report) -> Outcome:
    return Outcome(((world.name or "", world),), report)


def _with_frame(world: World, report: Report, it: Commission) -> tuple[World, Report]:
    """Return a world that a model made without a picture with it on the entrance, and a report of what was not used."""
    notes = list(report.notes)
    if it.frame is not None and world.start is not None:
        world = world.apply([{"op": "set_entrance", "state": world.start, "image": {"src": it.frame.src}}])
        not_read = "reads no pictures: the frame became the entrance's picture, and the text knows none of it"
        notes.append(f"{it.model.name} {not_read}")
    if it.pov is not None:
        notes.append(f'{it.model.name} takes no pov: it is for model="hosted"')
    return world, replace(report, notes=tuple(notes))


def hosted(it: Commission, progress: Progress) -> Outcome:
    """Have a world made from a premise by the hosted service, and judge it as our own are judged.

    The host plans and writes as it likes: what our judges say of its world stands in the report and raises nothing.
    The world stays at the host too, under the id that the report names. A host of the specification knows no seeds, and
    is not told of ``states`` and ``features``: the report says where its world differs.

    Raises:
        ApiError: It was not made; ``QuotaExceeded`` when the quota is used up, and nothing was charged.
        KeyboardInterrupt: Its ``job_id`` names the job, which goes on; ``wk.Client().wait(job_id)`` returns its world.
    """
    client = Client()
    began = time.monotonic()
    picture = None if it.frame is None else it.frame.url or it.frame.data
    generation = client.generate(it.text, seed=it.seed, frame=picture, pov=it.pov, progress=progress)
    world, verdict = generation.world, verify(generation.world, it.text)
    notes = [f"kept at {client.label} as {generation.id}"]
    if len(world.states) != it.states:
        notes.append(f"{it.states} states were asked for, the host made {len(world.states)}")
    if features := sorted(it.model.features):
        notes.append(f"{', '.join(features)}: left out, because the host is not told of them")
    account = {"notes": (*notes, *verdict.issues), **premise_fields(world, it.text)}
    return _outcome(world, Report(HOSTED, it.seed, verdict.score, time.monotonic() - began, **account))


class Unfinished:
    """The generations of this process that were interrupted, or that failed."""

    def __init__(self, limit: int = MAX_UNFINISHED_RUNS) -> None:
        self._limit = limit
        self._runs: dict[Commission, GenerationRun] = {}
        self._lock = ProcessLock()

    def recall(self, commission: Commission, begin: Callable[[Commission], GenerationRun]) -> GenerationRun:
        """Return the generation that did not end, or a new one."""
        with self._lock:
            run = self._runs.pop(commission, None)
        if run is None:
            return begin(commission)
        run.commission = commission  # equal, but its key may be another
        return run

    def keep(self, run: GenerationRun) -> None:
        """Keep a generation that did not end; the oldest is forgotten for it when there are many."""
        with self._lock:
            self._runs[run.commission] = run
            while len(self._runs) > self._limit:
                del self._runs[next(iter(self._runs))]


UNFINISHED_RUNS = Unfinished()
"""Those of this process."""


def finish(run: GenerationRun, progress: Progress) -> Outcome:
    """Finish a generation, or keep it for the next time and offer to go on with it.

    Raises:
        Interrupted: It was interrupted; holds the world as far as it came.
        KeyboardInterrupt: It was interrupted while a service made the world.
    """
    try:
        outcome = run.finish(progress)
    except KeyboardInterrupt:
        UNFINISHED_RUNS.keep(run)
        if isinstance(progress, Resumable):
            progress.interrupted(run)
        raise
    except Exception as error:
        # answers that could not be used are asked for again: another model may answer there by then
        if not run.memory.is_empty and not isinstance(error, UnusableAnswers):
            UNFINISHED_RUNS.keep(run)  # an endpoint that failed may be back, and what it answered was paid for
        if isinstance(progress, Resumable):
            progress.failed()
        raise
    if run.commission.source == "chapter" and outcome.report.shortfall:
        warnings.warn(outcome.report.shortfall, stacklevel=4)
    if run.memory.is_lost and not run.memory.is_empty:
        UNFINISHED_RUNS.keep(run)  # it ended by the templates, because its endpoint was away
    return outcome
