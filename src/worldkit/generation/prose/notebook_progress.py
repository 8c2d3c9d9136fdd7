"""Progress of a generation in a notebook: one display that shows the graph as it fills in."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Mapping
from typing import Any

from worldkit.core.progress import DONE, format_line
from worldkit.generation.prose.fields import Address
from worldkit.generation.prose.partial_world import DocumentOf, Filling

OFTEN = 0.25
"""Seconds between two updates of a notebook's line, at least."""

PICTURES = 0.05
"""So large a share of the time may go into pictures."""


class NotebookProgress:
    """Keeps one display and updates it; what stays in a saved notebook is one line."""

    def __init__(self, display: Any, title: str = "generate", clock: Callable[[], float] = time.monotonic) -> None:
        self._display = display
        self._title = title
        self._clock = clock
        self._handle: Any = None
        self._progress: tuple[int, int, str] = (0, 1, "")
        self._contents: dict[str, str] = {}
        self._next = 0.0
        self._filling: Filling | None = None
        self._html = ""
        self._again = 0.0
        self._stale = False

    def __call__(self, done: int, total: int, what: str) -> None:
        stage = what != self._progress[2]
        self._progress = (done, total, what)
        self._update(at_once=stage or done >= total)

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Show the graph that is to be."""
        self._filling, self._stale = Filling(document, texts), True
        self._update(at_once=True)

    def wrote(self, at: Address, text: str) -> None:
        """Fill a string in."""
        if self._filling is not None:
            self._filling.wrote(at, text)
            self._stale = True
            self._update(at_once=False)

    def _update(self, at_once: bool) -> None:
        now = self._clock()
        if now < self._next and not at_once:
            return
        self._next = now + OFTEN
        text = format_line(self._title, *self._progress)
        data = {"text/plain": text}
        if self._filling is not None and self._progress[2] != DONE:
            data["text/html"] = self._page(text, now)
        if data == self._contents:
            return
        self._contents = data
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)

    def _page(self, text: str, now: float) -> str:
        assert self._filling is not None
        if self._stale and now >= self._again:
            self._html, self._stale = self._filling.picture(), False
            self._again = now + (self._clock() - now) / PICTURES
        done_count, total, _ = self._progress
        bar = f"<progress value='{done_count}' max='{max(1, total)}' style='vertical-align:middle'></progress>"
        last = f" <code>{html.escape(self._filling.last)}</code>" if self._filling.last else ""
        return f"<div style='margin:0 0 8px'>{bar} {html.escape(text)}{last}</div>{self._html}"
