"""The progress of ``paint`` in a notebook: a bar while it runs, and one line when it is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import ipywidgets

from worldkit.core.json_values import escape_unprintable
from worldkit.core.progress import DONE, format_line
from worldkit.widgets.display import TEXT, mimebundle

UPDATE_INTERVAL_SECONDS = 0.2
"""Seconds between two updates of the text, at least."""


class PaintingProgress:
    """A bar in the output of the cell. The notebook's own stop button ends the painting.

    Args:
        display: IPython's ``display``.
        title: The beginning of its lines.
        clock: Tells the time in seconds.
    """

    def __init__(self, display: Callable[..., Any], title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._display, self._title, self._clock = display, title, clock
        self._bar = ipywidgets.IntProgress(min=0, max=1, layout={"width": "240px"})
        self._text = ipywidgets.Label()
        self._box = ipywidgets.HBox([self._bar, self._text])
        self._handle: Any = None
        self._next_time = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        """Receive how much is done; see ``Progress``."""
        line = escape_unprintable(format_line(self._title, done, total, what))
        if what == DONE and done >= total:
            self._end(line)
            return
        now = self._clock()
        if self._handle is not None and now < self._next_time and done == self._bar.value:
            return
        self._next_time = now + UPDATE_INTERVAL_SECONDS
        self._bar.max, self._bar.value, self._text.value = max(1, total), done, line
        if self._handle is None:
            self._handle = self._display(mimebundle(self._box.model_id, line), raw=True, display_id=True)

    def failed(self) -> None:
        """Leave one line where the bar was."""
        done_count, total = self._bar.value, self._bar.max
        self._end(
            f"{self._title}: stopped {f'at {done_count} of {total}' if done_count else 'before anything was done'}"
        )

    def _end(self, line: str) -> None:
        if self._handle is not None:
            self._handle.update({TEXT: line}, raw=True)
        elif line != f"{self._title}: {DONE}":
            self._display({TEXT: line}, raw=True)
        self._box.close()
