"""``RateLimiter``: a token bucket for each key."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from worldkit.core.process_lock import ProcessLock

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
            key: The key.
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
