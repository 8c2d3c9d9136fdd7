"""How much may be asked: requests by key, and bytes by request."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

KEPT = 10_000
"""Keys whose buckets are remembered; one that was forgotten has a full one."""


class Rate:
    """A token bucket for each key, in the memory of this process.

    Args:
        rate: Requests a second in the long run; 0 sets no limit.
        burst: Requests at once.
        clock: Seconds.
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take one request of a key; returns 0, or the seconds after which to try again."""
        if not self._rate:
            return 0.0
        with self._lock:
            held = self._held(key)
            wait = 0.0 if held >= 1 else (1 - held) / self._rate
            self._keep(key, held - 1 if not wait else held)
            return wait

    def charge(self, key: str, more: float) -> None:
        """Take more of a key for the work that a request turned out to be, on credit if need be.

        Args:
            key: The key.
            more: How many requests the work stands for besides its own; less than none is none.
        """
        if self._rate and more > 0:
            with self._lock:
                self._keep(key, self._held(key) - more)

    def _held(self, key: str) -> float:
        now = self._clock()
        held, since = self._buckets.pop(key, (float(self._burst), now))
        return min(self._burst, held + (now - since) * self._rate)

    def _keep(self, key: str, held: float) -> None:
        self._buckets[key] = (held, self._clock())
        while len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)


def retry_after(seconds: float) -> str:
    """Return seconds as a ``Retry-After`` header says them."""
    return str(max(1, math.ceil(seconds)))
