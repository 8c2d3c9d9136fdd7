"""What one caller may do without delaying the others: requests at once (``CallerLimiter``), and in time.

A caller is a key or a token, or all of an app together. ``JobWaits`` counts the calls that wait for jobs;
``RateLimiter`` is a token bucket for each key.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from worldkit.core.process_lock import ProcessLock
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


MAX_BUCKETS = 10_000
"""Keys whose buckets are stored; a key that was dropped starts with a full bucket."""


class RateLimiter:
    """A token bucket for each key, in the memory of this process.

    Args:
        rate: Requests a second in the long run; 0 sets no limit.
        burst: Requests at once.
        clock: Seconds.
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = ProcessLock()

    def take(self, key: str) -> float:
        """Take one request from a key's bucket; returns 0, or the seconds to wait before trying again."""
        if not self._rate:
            return 0.0
        with self._lock:
            level = self._level(key)
            wait = 0.0 if level >= 1 else (1 - level) / self._rate
            self._store(key, level - 1 if not wait else level)
            return wait

    def charge(self, key: str, requests: float) -> None:
        """Charge a key for work that took longer than one request stands for; the bucket may go below zero.

        Args:
            requests: How many requests to charge; a negative number charges nothing.
        """
        if self._rate and requests > 0:
            with self._lock:
                self._store(key, self._level(key) - requests)

    def _level(self, key: str) -> float:
        now = self._clock()
        level, refilled_at = self._buckets.pop(key, (float(self._burst), now))
        return min(self._burst, level + (now - refilled_at) * self._rate)

    def _store(self, key: str, level: float) -> None:
        self._buckets[key] = (level, self._clock())
        while len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)


def retry_after(seconds: float) -> str:
    """Format seconds as the value of a ``Retry-After`` header."""
    return str(max(1, math.ceil(seconds)))
