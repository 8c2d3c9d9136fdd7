"""``Detections``: a detector looks at a painter's frames beside play, for the labels that events wait for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any

from worldkit.core.process_lock import ProcessLock
from worldkit.painting.painter import Frame

log = logging.getLogger("worldkit.painting")


@dataclass(frozen=True, slots=True)
class Detection:
    """Something that was recognised in a frame.

    Attributes:
        label: What it is, one of the labels that were asked for.
        left, top, right, bottom: Its box, as shares of the picture from 0 to 1.
        score: How sure the detector is, 0 to 1.

    Example:
        >>> wk.painters.Detection("bench", 0.2, 0.5, 0.6, 0.9).extent
        0.4
    """

    label: str
    left: float
    top: float
    right: float
    bottom: float
    score: float = 1.0

    @property
    def extent(self) -> float:
        """The short side of the box as a share of the picture, which ``minExtent`` is compared with."""
        return round(max(0.0, min(self.right - self.left, self.bottom - self.top)), 6)


Detector = Callable[[Frame, Sequence[str]], Iterable[Detection]]
"""Recognises things: called in a thread with a frame and labels, returns what it found of them."""

MIN_SCORE = 0.3
"""Less sure than this is not seen."""
MAX_DETECTIONS = 200


class Detections:
    """Runs a detector in a thread, on one frame at a time; what fails there never reaches play.

    Args:
        on_found: Called in that thread with what was recognised, and the frame it is in.
    """

    def __init__(
        self,
        detector: Detector,
        on_found: Callable[[tuple[Detection, ...], Frame], None] = lambda detections, frame: None,
    ) -> None:
        self._detector = detector
        self._on_found = on_found
        self._lock = ProcessLock()
        self._is_busy = False
        self._generation = 0
        self._detections: tuple[Detection, ...] = ()

    @property
    def extents(self) -> dict[str, float]:
        """The labels that were recognised last, with the extent of the largest of each."""
        with self._lock:
            detections = self._detections
        extents: dict[str, float] = {}
        for detection in detections:
            extents[detection.label] = max(detection.extent, extents.get(detection.label, 0.0))
        return extents

    def forget(self) -> None:
        """Forget what was seen, and what is being looked at: from now on another picture is meant."""
        with self._lock:
            self._generation += 1
            self._detections = ()

    def look(self, frame: Frame, labels: Sequence[str]) -> None:
        """Look at a frame in the background; nothing when one is looked at still.

        Args:
            labels: What to look for.
        """
        with self._lock:
            if self._is_busy or not labels or not frame.data:
                return
            self._is_busy = True
            work = (frame, tuple(labels), self._generation)
        threading.Thread(target=self._work, args=work, name="worldkit-detector", daemon=True).start()

    def _work(self, frame: Frame, labels: Sequence[str], generation: int) -> None:
        detections: list[Detection] = []
        try:
            for number, detection in enumerate(self._detector(frame, labels)):
                if number == MAX_DETECTIONS:
                    break
                with suppress(AttributeError, TypeError):
                    if _is_seen(detection, labels):
                        detections.append(detection)
        except Exception:
            log.exception("a detector failed")
        with self._lock:
            self._is_busy = False
            is_current = generation == self._generation
            if is_current:
                self._detections = tuple(detections)
        if is_current:
            try:
                self._on_found(tuple(detections), frame)
            except Exception:
                log.exception("what a detector recognised cannot be shown")


def _is_seen(detection: Any, labels: Sequence[str]) -> bool:
    numbers = (detection.left, detection.top, detection.right, detection.bottom, detection.score)
    return detection.label in labels and all(isfinite(number) for number in numbers) and detection.score >= MIN_SCORE
