"""``PropertyCheck``: checks the properties of an edited world in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from worldkit.core.process_lock import ProcessCondition
from worldkit.exploration.budget import Budget, Cancelled
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import Properties
from worldkit.properties.rechecking import PropertyChecker
from worldkit.properties.results import PropertyResult
from worldkit.properties.statements import Property
from worldkit.widgets.kernel_widget import new_thread
from worldkit.world import World

log = logging.getLogger("worldkit.widgets")

Outcomes = Mapping[str, PropertyResult | PropertyError]

PAUSE_SECONDS = 0.2
"""Seconds without another edit before a check begins."""

CHECK_SECONDS = 20.0
"""What a check may take."""

FAILURE_MESSAGE = "worldkit failed here; the kernel's log says where"


class PropertyCheck:
    """Checks properties after edits: not before a short pause, and never for a world that was edited since.

    Attributes:
        outcomes: What the last check came to.
        checked_properties: The properties that it was about.
        is_running: Whether a check waits or is under way; ``outcomes`` are those of an earlier world then.

    Args:
        show: Called on the thread when a check is done.
    """

    def __init__(self, show: Callable[[], None]) -> None:
        self.outcomes: Outcomes = {}
        self.checked_properties: Properties = Properties()
        self.is_running: bool = False
        self._show = show
        self._checker = PropertyChecker()
        self._change = ProcessCondition()
        self._serial = 0
        self._next_check = 0.0
        self._work: tuple[World, Properties] | None = None
        self._thread: threading.Thread | None = None

    def request(self, world: World, properties: Properties, pause: float = PAUSE_SECONDS) -> None:
        """Check properties soon, and stop the check that is under way.

        Args:
            pause: Seconds to wait for another request.
        """
        with self._change:
            self._serial += 1
            self._work, self._next_check, self.is_running = (world, properties), time.monotonic() + pause, True
            self._change.notify_all()
            if self._is_busy():
                return
            self._thread = thread = new_thread("properties", self._run)
        try:
            thread.start()
        except RuntimeError:  # a host without threads, such as a kernel in a browser
            self._next_check = 0.0
            self._run()

    def outcome(self, name: str, statement: Property) -> PropertyResult | PropertyError | None:
        """Return what the last check came to of a property; None when it was not asked for that."""
        return self.outcomes.get(name) if self.checked_properties.get(name) == statement else None

    def stop(self) -> None:
        """Stop the running check for good."""
        with self._change:
            self._serial += 1
            self._work, self._next_check = None, 0.0
            self._change.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until no check is under way, and return whether that is so.

        Args:
            timeout: Seconds to wait at most.
        """
        with self._change:
            return self._change.wait_for(lambda: not self._is_busy(), timeout)

    # ---- inside --------------------------------------------------------------------------------

    def _is_busy(self) -> bool:
        """Say whether a thread checks or is about to; a forked process has no threads of its parent."""
        thread = self._thread
        return thread is not None and (thread.ident is None or thread.is_alive())

    def _run(self) -> None:
        while True:
            with self._change:
                while (remaining := self._next_check - time.monotonic()) > 0:
                    self._change.wait(remaining)
                serial, work = self._serial, self._work
            outcomes = None if work is None else self._check(serial, *work)
            with self._change:
                if serial != self._serial:
                    continue
                if work is not None and outcomes is not None:
                    self.outcomes, self.checked_properties = outcomes, work[1]
                self.is_running = False
            self._show_result()
            with self._change:
                if serial == self._serial:
                    self._thread = None
                    self._change.notify_all()
                    return

    def _check(self, serial: int, world: World, properties: Properties) -> Outcomes | None:
        def watch(stage: str, fraction: float | None) -> None:
            if serial != self._serial:
                raise Cancelled("the world was edited")

        try:
            return self._checker.check(world, properties, budget=Budget(seconds=CHECK_SECONDS), watch=watch)
        except Cancelled:
            return None
        except Exception:
            log.exception("checking properties failed")
            return dict.fromkeys(properties, PropertyError(FAILURE_MESSAGE))

    def _show_result(self) -> None:
        try:
            self._show()
        except Exception:
            log.exception("the outcomes of properties could not be shown")
