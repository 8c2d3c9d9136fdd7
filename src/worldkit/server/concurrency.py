"""``CallerLimiter``: limits how many requests of one caller are processed at once, without delaying other callers.

A caller is a key or a token, or all of an app together. ``JobWaits`` counts the calls that wait for jobs.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from worldkit.server.problems import Refusal


@dataclass(slots=True)
class _CallerSlots:
    semaphore: asyncio.Semaphore
    count: int = 0


class Slot:
    """One of the slots that a caller's requests share, until it is released.

    Args:
        semaphore: Counts the caller's free slots.
    """

    def __init__(self, semaphore: asyncio.Semaphore) -> None:
        self._semaphore: asyncio.Semaphore | None = semaphore

    def release(self) -> None:
        """Let the next request of the caller continue; releasing twice changes nothing."""
        if self._semaphore is not None:
            self._semaphore.release()
            self._semaphore = None


@dataclass(slots=True)
class CallerLimiter:
    """The slots of all callers of one server process; used on its event loop only.

    A request occupies a slot of its key or token from before its body is read until its answer is sent. This bounds the
    memory that one caller can occupy. While it is worked on, it occupies a slot of its app too, which bounds the
    threads that one app can occupy, however many keys and tokens it has.

    Attributes:
        max_running: Requests of one caller processed at once.
        max_waiting: Requests of one caller that may wait; one more is refused with 429.
    """

    max_running: int
    max_waiting: float
    _callers: dict[str, _CallerSlots] = field(default_factory=dict)

    @asynccontextmanager
    async def acquire(self, caller: str) -> AsyncIterator[Slot]:
        """Wait for a free slot of a caller, and occupy it for the block.

        Args:
            caller: Identifies the caller.

        Yields:
            The slot, to be released early by a request that only waits from then on.

        Raises:
            Refusal: Too many of the caller's requests wait already.
        """
        slots = self._callers.setdefault(caller, _CallerSlots(asyncio.Semaphore(self.max_running)))
        if slots.count >= self.max_running + self.max_waiting:
            raise Refusal(429, "too many requests at once; send the next when one is answered", {"Retry-After": "1"})
        slots.count += 1
        try:
            await slots.semaphore.acquire()
            slot = Slot(slots.semaphore)
            try:
                yield slot
            finally:
                slot.release()
        finally:
            slots.count -= 1
            if not slots.count:
                self._callers.pop(caller, None)


class JobWaits:
    """Counts the calls of each app that wait for their jobs in this process; used on its event loop only.

    Args:
        limit: How many of one app and mode may.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: Counter[str] = Counter()

    def count(self, space: str) -> int:
        """Return how many calls of an app and mode wait."""
        return self._counts[space]

    @contextmanager
    def waiting(self, space: str) -> Iterator[bool]:
        """Count a call during the block; yields whether it may wait."""
        may_wait = self._counts[space] < self._limit
        self._counts[space] += may_wait
        try:
            yield may_wait
        finally:
            self._counts[space] -= may_wait
            if not self._counts[space]:
                del self._counts[space]
