"""Progress reports of long work, and cancelling it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Protocol

from worldkit.exploration.budget import Cancelled, Watch

Progress = Watch | bool | None


class CancelEvent(Protocol):
    """Anything that can say it was set, such as ``threading.Event``."""

    def is_set(self) -> bool:
        """Say whether it was set."""


Cancel = CancelEvent | Callable[[], bool] | None


def progress_callback(progress: Progress, last_stage: str | None = None) -> Watch:
    """Return what is called with a stage and how much of it is done, between 0 and 1 or None.

    Args:
        progress: A callable of that kind, True to write one line on standard error, or None for silence.
        last_stage: The stage that ends the line; by default the first that is done.
    """
    if callable(progress):
        return progress
    return _StderrLine(last_stage) if progress else _silence


def cancel_check(cancel: Cancel) -> Callable[[], bool]:
    """Return what says whether work was asked to stop.

    Args:
        cancel: Something with ``is_set``, a callable, or None: nobody will ask.
    """
    if cancel is None:
        return _never
    is_set = getattr(cancel, "is_set", cancel)
    assert callable(is_set)
    return is_set


def watch_cancel(is_cancelled: Callable[[], bool]) -> Watch:
    """Return a watcher of a meter that ends the work once it is to stop."""

    def watch(stage: str, fraction: float | None) -> None:
        if is_cancelled():
            raise Cancelled(f"{stage} was cancelled")

    return watch


def _silence(stage: str, fraction: float | None) -> None:
    pass


def _never() -> bool:
    return False


class _StderrLine:
    """One line on standard error that is written over; at most ten times a second."""

    EVERY = 0.1

    def __init__(self, last_stage: str | None = None) -> None:
        self._last_stage = last_stage
        self._next_report_at = 0.0
        self._width = 0

    def __call__(self, stage: str, fraction: float | None) -> None:
        now = time.monotonic()
        last = fraction is not None and fraction >= 1 and self._last_stage in (None, stage)
        if now < self._next_report_at and not last:
            return
        self._next_report_at = now + self.EVERY
        text = stage if fraction is None else f"{stage} {fraction:4.0%}"
        sys.stderr.write(f"\r{text:<{self._width}}" + ("\n" if last else ""))
        sys.stderr.flush()
        self._width = 0 if last else len(text)
