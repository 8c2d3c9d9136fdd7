"""``Health``: whether the server can do its work, looked at by a thread of its own and answered from memory."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("worldkit.server")

LOOK_S = 5.0
STALE_S = 60.0
"""A look that takes longer than this counts as failed: whoever asks the database now would wait as long."""


class Health:
    """Looks at the database every few seconds, so that ``/healthz`` needs neither a thread nor a connection.

    Args:
        look: Asks the database for something small; raises when it does not answer.
        clock: Seconds.
    """

    def __init__(self, look: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._look, self._clock = look, clock
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._answered = clock()
        self._failed = False

    @property
    def is_well(self) -> bool:
        """Whether the database answered when it was last asked, and not too long ago."""
        return not self._failed and self._clock() - self._answered < STALE_S

    def start(self) -> None:
        """Begin to look."""
        self._answered = self._clock()
        self._thread = threading.Thread(target=self._work, daemon=True, name="worldkit-health")
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def examine(self) -> None:
        """Look once."""
        try:
            self._look()
            self._failed, self._answered = False, self._clock()
        except Exception as error:
            if not self._failed:
                log.error("the database does not answer: %s", type(error).__name__)
            self._failed = True

    def _work(self) -> None:
        while not self._stop.wait(LOOK_S):
            self.examine()
