"""``Health``: checks the database on its own thread, so that ``/healthz`` answers from memory."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from worldkit.core.process_lock import ProcessLock

log = logging.getLogger("worldkit.server")

CHECK_INTERVAL_S = 5.0
STALE_S = 60.0
"""A check that takes longer than this counts as failed: any other query would wait as long."""


class Health:
    """Checks the database every few seconds, so that ``/healthz`` needs no thread and no connection.

    Args:
        check: Runs a small query; raises when the database does not answer.
        clock: Seconds.
    """

    def __init__(self, check: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._check, self._clock = check, clock
        self._stop = threading.Event()
        self._one_at_a_time = ProcessLock()
        self._thread: threading.Thread | None = None
        self._answered_at = clock()
        self._has_failed = False

    @property
    def is_well(self) -> bool:
        """Whether the last check succeeded, and is recent."""
        return not self._has_failed and self._clock() - self._answered_at < STALE_S

    def start(self) -> None:
        """Start checking."""
        self._answered_at = self._clock()
        self._thread = threading.Thread(target=self._run, daemon=True, name="worldkit-health")
        self._thread.start()

    def stop(self) -> None:
        """Stop checking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def check(self) -> None:
        """Check once, after a check that is running, whose older answer would otherwise replace this one's."""
        with self._one_at_a_time:
            try:
                self._check()
                self._has_failed, self._answered_at = False, self._clock()
            except Exception as error:
                if not self._has_failed:
                    log.error("the database does not answer: %s", type(error).__name__)
                self._has_failed = True

    def _run(self) -> None:
        while not self._stop.wait(CHECK_INTERVAL_S):
            self.check()
