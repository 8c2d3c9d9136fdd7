"""``Budget``: how much an exhaustive search may cost; ``Meter``: the clock every loop of it looks at, or its steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from worldkit.core.argument_checks import checked_methods
from worldkit.core.argument_ranges import expect_amount, expect_count
from worldkit.core.argument_types import plain_number
from worldkit.core.errors import WorldError

T = TypeVar("T")

Watch = Callable[[str, float | None], None]
"""Called now and then with a stage's name and the part of it that is done, None when that is not known."""


WATCH_INTERVAL = 0.02
"""Seconds between two calls of a watcher, at least."""

MAX_COUNT = 1 << 60
"""Nodes and bytes: more is as much as infinitely many."""

WORK_PER_TICK = 20_000
"""So many small steps take a few milliseconds."""


BYTES_PER_NODE = 250
"""About what a node of a decision diagram takes."""


@checked_methods
@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of an exhaustive search; when it reaches one, it says what it did not decide.

    Attributes:
        nodes: Most nodes of a decision diagram; None: as many as there is memory for.
        seconds: Most seconds, over all that is tried.
        memory: Most bytes, about, for what is reached and for decision diagrams together.

    Raises:
        WrongArgument: ``nodes`` or ``memory`` is no whole number of at least 1, or ``seconds`` no number above 0.

    Example:
        >>> wk.Budget(nodes=1000)
        Budget(nodes=1000, seconds=30.0, memory=1073741824)
        >>> wk.explore(world, budget=wk.Budget(nodes=1000)).complete
        True
    """

    nodes: int | None = None
    seconds: float = 30.0
    memory: int = 1 << 30

    def __post_init__(self) -> None:
        expect_count(self.nodes, "nodes", or_none=True)
        expect_amount(self.seconds, "seconds", above=True)
        expect_count(self.memory, "memory", unit="of bytes ")
        for name in ("nodes", "seconds", "memory"):
            value = plain_number(getattr(self, name))
            object.__setattr__(self, name, value if name == "seconds" or value is None else min(value, MAX_COUNT))

    def diagram_nodes(self, share: float = 1.0) -> int:
        """Return how many nodes of a decision diagram there may be in a share of the memory.

        Args:
            share: The share, above 0.

        Raises:
            WrongArgument: It is not above 0.

        Example:
            >>> wk.Budget(memory=100_000_000).diagram_nodes(share=0.5)
            200000
        """
        expect_amount(share, "share", above=True)
        nodes = int(min(share, 1 << 20) * self.memory) // BYTES_PER_NODE
        return nodes if self.nodes is None else min(nodes, self.nodes)


class Cancelled(WorldError):
    """The progress callback of a search asked it to stop."""


class BudgetSpent(Exception):
    """A part of the budget is spent: the engine at work gives up. Its text says what was spent."""


class Paused(Exception):
    """It is the turn of another engine: the step under way is begun again later."""


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
        self.pause_at = float("inf")
        self._next_check_at = 0.0
        self._work = 0

    def tick(self, fraction: float | None = None) -> None:
        """Look at the clock, and tell the watcher how far things are if the last time is a moment ago.

        Args:
            fraction: The part that is done, 0 to 1, or None.

        Raises:
            BudgetSpent: The time is up.
            Cancelled: The watcher says so.
        """
        now = time.perf_counter()
        if self.watch is not None and now >= self._next_check_at:
            self._next_check_at = now + WATCH_INTERVAL
            self.watch(self.stage, fraction)
        if now > self.deadline:
            raise BudgetSpent("the time is up")

    def pause(self) -> None:
        """``tick``, and ask for a pause once ``pause_at`` is past, on ``time.thread_time``.

        Raises:
            BudgetSpent: The time is up.
            Cancelled: The watcher says so.
            Paused: It is.
        """
        self.tick()
        if time.thread_time() > self.pause_at:
            raise Paused

    def work(self, amount: int) -> None:
        """Count small steps, and ``tick`` once there are enough of them.

        Args:
            amount: How many were made, or are about to be.

        Raises:
            BudgetSpent: The time is up.
            Cancelled: The watcher says so.
        """
        self._work += amount
        if self._work > WORK_PER_TICK:
            self._work = 0
            self.tick()

    def remaining(self) -> float:
        """Return how many seconds are left."""
        return self.deadline - time.perf_counter()


class StepMeter(Meter):
    """A limit of steps, without a deadline: every machine, however busy, gives up at the same step.

    Args:
        stage: What is under way.
        steps: How many there may be; a tick counts as ``WORK_PER_TICK``.
    """

    def __init__(self, stage: str, steps: int) -> None:
        super().__init__(stage, math.inf)
        self._steps = self._remaining_steps = steps

    def tick(self, fraction: float | None = None) -> None:
        """Count the steps that are made between two ticks.

        Raises:
            BudgetSpent: There were too many.
        """
        self.work(WORK_PER_TICK)

    def work(self, amount: int) -> None:
        """Count small steps.

        Raises:
            BudgetSpent: There were too many.
        """
        self._remaining_steps -= amount
        if self._remaining_steps < 0:
            raise BudgetSpent(f"{self._steps:,} steps were not enough")


def run_to_end(steps: Generator[None, None, T]) -> T:
    """Return what a generator returns, and pass over its pauses."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            result: T = stop.value
            return result
