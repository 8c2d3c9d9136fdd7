"""How much the routes of one answer may cost together, however many there are."""

from __future__ import annotations

from worldkit.exploration.routes import Pathfinder
from worldkit.playing.trace import Trace

STEP_WORK = 10
"""How many search nodes take as long as a step of a route, which is played."""


class RouteLimit:
    """A limit on the search nodes of several routes; a step that is played counts as some of them.

    It is a number and no time, so that a busy machine answers the same.

    Args:
        finder: Searches the routes.
        work: How many search nodes may be looked at for all of them.
    """

    def __init__(self, finder: Pathfinder, work: int) -> None:
        self._finder = finder
        self._end = finder.work + work
        self._step_count = 0

    @property
    def is_reached(self) -> bool:
        """Whether no other route is to be searched."""
        return self._finder.work + STEP_WORK * self._step_count >= self._end

    def count(self, route: Trace | None) -> None:
        """Count the steps of a route."""
        self._step_count += len(route or ())
