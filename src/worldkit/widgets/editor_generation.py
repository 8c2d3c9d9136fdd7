"""The generation of an editor's first screen: what a view asks of it, and the world that comes of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.widgets import protocol
from worldkit.widgets.generation_loader import open_job
from worldkit.widgets.store_sync import STORE_REFUSALS
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.generation.pipeline.run import Outcome
    from worldkit.widgets.generation_job import GenerationJob

log = logging.getLogger("worldkit.widgets")


class EditorGeneration:
    """A generation begun in an editor that has no world yet.

    Args:
        show: Called when ``state`` has changed.
        begin_with: Called with the world, when a generation ends in a single one.
    """

    def __init__(self, show: Callable[[], None], begin_with: Callable[[World], None]) -> None:
        self._show = show
        self._begin_with = begin_with
        self._opened_job: GenerationJob | None = None

    @property
    def state(self) -> Json | None:
        """How far it is; None while there is none."""
        return self._job.state

    def carry_out(self, request: protocol.GenerationRequest) -> World | None:
        """Begin a generation, or decide what becomes of it.

        Returns:
            The world that a person takes; ``clear`` once it is there.

        Raises:
            WorldError, ValueError: It cannot be done.
        """
        if isinstance(request, protocol.Generate):
            self._job.begin(request)
            return None
        return self._job.decide(request.choice, request.world)

    def clear(self) -> None:
        """Put away what was generated."""
        self._job.clear()

    def stop(self) -> None:
        """Stop it, if it was begun."""
        if self._opened_job is not None:
            self._opened_job.stop()

    @property
    def _job(self) -> GenerationJob:
        if self._opened_job is None:
            self._opened_job = open_job(self._show, self._adopt)
        return self._opened_job

    def _adopt(self, outcome: Outcome) -> bool:
        """Begin with the world that was generated; of several, a person picks one, and one that is refused stays."""
        if len(outcome.worlds) != 1:
            return False
        try:
            self._begin_with(outcome.world)
        except STORE_REFUSALS:  # a person who takes it is told why
            return False
        except WorldError:
            log.exception("the world that was generated could not be saved")
        return True
