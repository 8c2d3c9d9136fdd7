"""A limit on the processor time of one piece of work, for whoever does work for strangers.

Long loops call ``check_time()``; outside of ``TimeLimit.counting`` that does nothing. The time is that of the thread,
so a busy machine stops nobody early, and a wait for a lock or a disk costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from worldkit.core.errors import WorldError


class TimeUp(WorldError):
    """Work was stopped because it took more processor time than it was given.

    Attributes:
        seconds: What it was given.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"this takes more than the {seconds:g} s of processor time that one request may use, and was stopped; "
            "ask for less at once, or send a smaller world"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.seconds,)


class TimeLimit:
    """How much processor time a piece of work may take, over all the threads that do parts of it.

    Args:
        seconds: The limit.
        clock: The processor time of the thread that asks, in seconds.

    Attributes:
        seconds: The limit.
        spent: What was taken so far.

    Example:
        >>> limit = TimeLimit(2)
        >>> with limit.counting():
        ...     check_time()
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.thread_time) -> None:
        self.seconds = seconds
        self.spent = 0.0
        self._clock = clock
        self._since: float | None = None

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the time of the calling thread, and let ``check_time`` stop what runs inside."""
        self._since = self._clock()
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)
            self.spent += self._clock() - self._since
            self._since = None

    @property
    def is_up(self) -> bool:
        """Whether more was taken than there is."""
        running = 0.0 if self._since is None else self._clock() - self._since
        return self.spent + running > self.seconds


_current: ContextVar[TimeLimit | None] = ContextVar("worldkit_time_limit", default=None)


def is_time_up() -> TimeUp | None:
    """Return the error that stops the work at hand when its time is used up, else None."""
    limit = _current.get()
    return TimeUp(limit.seconds) if limit is not None and limit.is_up else None


def check_time() -> None:
    """Stop the work at hand when its time is used up.

    Raises:
        TimeUp: It is.
    """
    up = is_time_up()
    if up is not None:
        raise up
