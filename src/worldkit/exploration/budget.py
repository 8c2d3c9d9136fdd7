"""``Budget``: how much an exhaustive search may cost; ``Meter``: the clock every loop of it looks at."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from worldkit.core.errors import WorldError

Watch = Callable[[str, float | None], None]
"""Called now and then with a stage's name and the part of it that is done, None when that is not known."""


WATCH_INTERVAL = 0.02
"""Seconds between two calls of a watcher, at least."""

WORK_PER_TICK = 20_000
"""So many small steps take a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What an exhaustive search may cost before it has to say what it did not decide.

    Attributes:
        nodes: Most nodes of a decision diagram (about 250 bytes each).
        seconds: Most seconds, over all that is tried.
        memory: Most bytes of a bitmap of positions.

    Example:
        >>> wk.Budget(nodes=1000)
        Budget(nodes=1000, seconds=30.0, memory=1073741824)
        >>> wk.explore(world, budget=wk.Budget(nodes=1000)).complete
        True
    """

    nodes: int = 500_000
    seconds: float = 30.0
    memory: int = 1 << 30


class Cancelled(WorldError):
    """Whoever watched a search asked it to stop."""


class BudgetSpent(Exception):
    """A part of the budget is spent: the engine at work gives up. Its text says what was spent."""


class Meter:
    """A deadline and a watcher.

    Args:
        stage: What the watcher is told is under way.
        deadline: When to give up, on ``time.perf_counter``.
        watch: The watcher; it may raise ``Cancelled``.
    """

    def __init__(self, stage: str, deadline: float, watch: Watch | None = None) -> None:
        self.stage = stage
        self.deadline = deadline
        self.watch = watch
        self._next = 0.0
        self._work = 0

    def tick(self, fraction: float | None = None) -> None:
        """Look at the clock, and tell the watcher how far things are if the last time is a moment ago.

        Args:
            fraction: The part that is done, 0 to 1, or None.

        Raises:
            Spent: The time is up.
            Cancelled: The watcher says so.
        """
        now = time.perf_counter()
        if self.watch is not None and now >= self._next:
            self._next = now + WATCH_INTERVAL
            self.watch(self.stage, fraction)
        if now > self.deadline:
            raise BudgetSpent("the time is up")

    def work(self, amount: int) -> None:
        """Count small steps, and ``tick`` once there are enough of them.

        Args:
            amount: How many were made, or are about to be.

        Raises:
            Spent: The time is up.
            Cancelled: The watcher says so.
        """
        self._work += amount
        if self._work > WORK_PER_TICK:
            self._work = 0
            self.tick()

    def remaining(self) -> float:
        """Return how many seconds are left."""
        return self.deadline - time.perf_counter()
