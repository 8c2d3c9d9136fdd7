"""``Centering``: turns the camera towards the thing that a state's autopilot keeps in the middle of the picture.

A turn is a short hold of a look control, as long as the thing is far from the middle: world models know no other way to
turn. Whether the picture follows is up to the model.

Source:
    docs/spec/runtime.md#time
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from worldkit.core.model import KeepCentered
from worldkit.core.process_lock import ProcessLock
from worldkit.painting.anchors import MIDDLE, label_names, largest_of, middle_of, visible_box
from worldkit.painting.detection import Detection

LOOK_INTERVAL_SECONDS = 3.0
"""The thing is looked for so often."""
SECONDS_PER_WIDTH = 2.0
"""A thing at the picture's edge, half a width from the middle, is turned towards for half as long."""


class Centering:
    """Turns towards a thing now and then.

    Args:
        turn: Called with the control to hold, ``"left"`` or ``"right"``, and with an empty text to release it.
        clock: Tells seconds.
    """

    def __init__(self, turn: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._turn = turn
        self._clock = clock
        self._next_at = 0.0
        self._lock = ProcessLock()
        self._timer: threading.Timer | None = None

    def is_due(self) -> bool:
        """Say whether it is time to look for the thing."""
        return self._clock() >= self._next_at

    def see(self, target: KeepCentered, detections: Iterable[Detection]) -> None:
        """Turn towards the thing when it is recognised and is off the middle; nothing before it is due.

        Args:
            target: What is kept in the middle.
            detections: What was recognised.
        """
        if not self.is_due():
            return
        self._next_at = self._clock() + LOOK_INTERVAL_SECONDS
        detection = largest_of(label_names(target.label, target.aliases), detections)
        if detection is None:
            return
        middle = middle_of(visible_box(detection))
        if MIDDLE[0] <= middle <= MIDDLE[1]:
            return
        timer = threading.Timer(abs(middle - 0.5) * SECONDS_PER_WIDTH, self.release)
        timer.daemon = True
        # in one piece with a release from another thread: a turn that begins after its release would never end
        with self._lock:
            self._timer, previous = timer, self._timer
            if previous is not None:
                previous.cancel()
            self._turn("left" if middle < 0.5 else "right")
            timer.start()

    def release(self) -> None:
        """Stop turning."""
        with self._lock:
            timer, self._timer = self._timer, None
            if timer is not None:
                timer.cancel()
                self._turn("")
