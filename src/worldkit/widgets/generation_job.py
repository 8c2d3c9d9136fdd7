"""``GenerationJob``: a generation that runs beside the kernel, so that views can stop it and Python stays free."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.process_lock import ProcessLock
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.run import Commission, GenerationRun, Outcome, PremiseRun
from worldkit.generation.planning.plan import check_size
from worldkit.generation.story.acts import split_title
from worldkit.generation.story.retelling import ChapterRun
from worldkit.widgets import protocol
from worldkit.widgets.generation_progress import GenerationProgress, report_text, worlds_json
from worldkit.widgets.kernel_widget import new_thread
from worldkit.world import World

log = logging.getLogger("worldkit.widgets")

STOP_SECONDS = 15.0
"""Seconds that a model has to hand over what it had answered when it was stopped."""

REPORT_ONLY: Json = {"usable": False, "worlds": [], "picture": "", "place": "", "text": ""}
"""What a view is told besides the report once a world was taken."""

RESTING_STATUSES = ("stopped", "failed", "done")


class GenerationJob:
    """One generation at a time: begun, stopped, gone on with, and its worlds.

    Args:
        show: Called when ``state`` has changed, from the thread that changed it.
        on_finished: Called with the worlds of a generation that came to its end, before ``show``; until it returns, the
            generation is under way. When it returns True they are taken, and only the report is left to show.
    """

    def __init__(self, show: Callable[[], None], on_finished: Callable[[Outcome], bool] = lambda _: False) -> None:
        self._show = show
        self._on_finished = on_finished
        self._run: GenerationRun | None = None
        self._progress: GenerationProgress | None = None
        self._outcome: Outcome | None = None
        # a thread that generates may report while a message is answered
        self._lock = ProcessLock()
        self._is_handing_over = False
        self._thread: threading.Thread | None = None
        self.state: Json | None = None

    def carry_out(self, request: protocol.GenerationRequest) -> World | None:
        """Begin what a view orders, or do what it decides; return the world that it takes, if it takes one.

        Raises:
            WorldError: The model's name means nothing, the text cannot be used, a generation is under way, or that
                cannot be decided now.
        """
        if isinstance(request, protocol.Generate):
            self.start(run_of(request))
            return None
        return self.decide(request.choice, request.world)

    def start(self, run: GenerationRun) -> None:
        """Run a generation, from its beginning or from where it was stopped.

        Raises:
            WorldError: Another is under way.
        """
        with self._lock:
            if self.is_running:
                raise WorldError("a generation is under way; stop it before another begins")
            progress = GenerationProgress(run.commission, lambda: self._refresh(progress))
            self._run, self._progress, self._outcome = run, progress, None
            self.state = progress.state()
            self._thread = new_thread("generation", self._work, run, progress, self._thread)
        self._show()
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether a generation is under way."""
        return self.state is not None and self.state["status"] not in RESTING_STATUSES

    def decide(self, choice: str, number: int | None = None) -> World | None:
        """Do what a view decides, and return the world that it takes, if it takes one.

        Args:
            choice: ``"stop"``, ``"continue"``, ``"use"`` or ``"discard"``.
            number: Which world is taken. Without it the only one is; several are listed in ``state`` instead.

        Raises:
            WorldError: That cannot be decided now.
        """
        if choice == "use":
            self._wait_for_answers()
        with self._lock:
            if choice == "stop":
                self.stop()
                return None
            if self._run is None or self.is_running:
                raise WorldError("there is no generation that was stopped or is done")
            if choice == "continue":
                if self.state is not None and self.state["status"] == "done":
                    raise WorldError("the generation is done; there is nothing to continue")
                self.start(self._run)
            elif choice == "discard":
                self.clear()
            else:
                return self._use(number)
            return None

    def stop(self) -> None:
        """Stop the generation; what was written is kept.

        The thread ends at the next sign of progress. Nobody waits for it: to load a model takes a while.
        """
        with self._lock:
            if self._run is None or self._progress is None or self._is_handing_over or not self.is_running:
                return
            self._progress.stop()
            self.rest_at(self._run, self._progress)

    def rest_at(self, run: GenerationRun, progress: GenerationProgress) -> None:
        """Hold a generation that was stopped, here or elsewhere.

        Args:
            progress: How far it is.
        """
        with self._lock:
            self._run, self._progress, self._outcome = run, None, None
            self.state = {**progress.state(), "status": "stopped", "usable": _can_be_used(run)}
            self._show()

    def clear(self) -> None:
        """Put the generation away, with what there is of it."""
        with self._lock:
            if self._progress is not None:
                self._progress.stop()
            self._run, self._progress, self._outcome, self.state = None, None, None, None
            self._show()

    # ---- inside --------------------------------------------------------------------------------

    def _wait_for_answers(self) -> None:
        """Wait for the model to hand over what it had answered when it was stopped."""
        thread, run = self._thread, self._run
        if thread is not None and run is not None and run.memory.engine and not self.is_running:
            thread.join(STOP_SECONDS)

    def _use(self, number: int | None) -> World | None:
        assert self._run is not None and self.state is not None
        if not self.state["usable"]:
            raise WorldError("there is nothing of it to take")
        outcome = self._outcome = self._outcome or self._run.so_far()
        if number is None and len(outcome.worlds) > 1:
            self.state = {**self.state, "worlds": worlds_json(outcome)}
            self._show()
            return None
        if number is not None and number >= len(outcome.worlds):
            raise WorldError(f"there is no world {number + 1}; the generation has {len(outcome.worlds)}")
        return outcome.worlds[number or 0][1]

    def _refresh(self, progress: GenerationProgress) -> None:
        with self._lock:
            if self._progress is not progress:
                return
            self.state = progress.state()
            self._show()

    def _work(self, run: GenerationRun, progress: GenerationProgress, previous: threading.Thread | None) -> None:
        if previous is not None:
            previous.join()  # its answers are in the memory of the run
        try:
            outcome = run.finish(progress)
        except KeyboardInterrupt:
            return  # the caller that stopped it has shown that
        except Exception as error:
            if not isinstance(error, (WorldError, ValueError)):
                log.exception("a generation failed")
            self._end(progress, "failed", None, str(error) or type(error).__name__)
        else:
            self._end(progress, "done", outcome)

    def _end(self, progress: GenerationProgress, status: str, outcome: Outcome | None, trouble: str = "") -> None:
        # `on_finished` waits for an editor, which may be waiting for this lock: so the lock is not held meanwhile
        with self._lock:
            if self._progress is not progress:
                return
            self._is_handing_over = True
        is_taken = False
        try:
            is_taken = outcome is not None and self._on_finished(outcome)
        finally:
            with self._lock:
                self._is_handing_over = False
                self._progress, self._outcome = None, None if is_taken else outcome
                state = {
                    **progress.state(),
                    "status": status,
                    "trouble": escape_unprintable(trouble)[:600],
                    "report": report_text(outcome) if outcome else "",
                    "usable": outcome is not None,
                    "worlds": worlds_json(outcome) if outcome else [],
                }
                self.state = state | REPORT_ONLY if is_taken else state
                self._show()


def _can_be_used(run: GenerationRun) -> bool:
    return run.commission.model.kind != "hosted"


def run_of(request: protocol.Generate) -> GenerationRun:
    """Return the generation that a view orders.

    Raises:
        WorldError: The model's name means nothing, or the text cannot be used.
    """
    if request.source == "chapter":
        split_title(request.text)
        return ChapterRun(Commission("chapter", request.text, backend.named_for_text(request.model), request.seed))
    check_size(request.states)
    model = backend.named(request.model, planner=request.planner, features=request.features)
    return PremiseRun(Commission("premise", request.text, model, request.seed, request.states))
