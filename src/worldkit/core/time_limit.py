"""A limit on the processor time of one request, for servers.

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
    """Work was stopped because it exceeded its limit of processor time.

    Attributes:
        seconds: The limit.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"this takes more than the {seconds:g} s of processor time that one request may use, and was stopped; "
            "ask for less at once, or send a smaller world"
        )


class TimeLimit:
    """How much processor time a piece of work may take, over all the threads that do parts of it.

    Args:
        seconds: The limit.
        clock: Returns the processor time of the calling thread, in seconds.

    Attributes:
        seconds: The limit.
        spent_seconds: The time used so far.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.thread_time) -> None:
        self.seconds = seconds
        self.spent_seconds = 0.0
        self._clock = clock
        self._started_at: float | None = None

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the time of the calling thread, and let ``check_time`` stop what runs inside."""
        self._started_at = self._clock()
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)
            self.spent_seconds += self._clock() - self._started_at
            self._started_at = None

    @property
    def is_up(self) -> bool:
        """Whether the limit is exceeded."""
        elapsed_seconds = 0.0 if self._started_at is None else self._clock() - self._started_at
        return self.spent_seconds + elapsed_seconds > self.seconds


_current: ContextVar[TimeLimit | None] = ContextVar("worldkit_time_limit", default=None)


def time_up_error() -> TimeUp | None:
    """Return the error that stops the current work if its time is used up, else None."""
    limit = _current.get()
    return TimeUp(limit.seconds) if limit is not None and limit.is_up else None


def check_time() -> None:
    """Stop the current work if its time is used up.

    Raises:
        TimeUp: It is.
    """
    error = time_up_error()
    if error is not None:
        raise error
