"""Progress where somebody looks: a bar in a terminal, the graph filling in in a notebook, and nothing elsewhere.

A progress is called with how much is done, of how much, and what is being done. One that has the two methods of
``Watch`` besides is also told of the plan and of every string as it is written.
"""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from worldkit.generation.planning.plan import Plan
    from worldkit.generation.prose.fields import Address, Field
    from worldkit.generation.prose.partial_world import Filling

Progress = Callable[[int, int, str], None]

OFTEN = 0.25
"""Seconds between two updates of a notebook's line, at least."""

PICTURES = 0.05
"""So large a share of the time may go into pictures."""

DONE = "done"


@runtime_checkable
class Watch(Protocol):
    """A progress that wants to know more: what is planned, and every string as it is written."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Hear how much is done, of how much, and what is being done."""
        ...

    def planned(self, plan: Plan, fields: Sequence[Field]) -> None:
        """Hear of the plan, before a string is written."""
        ...

    def wrote(self, at: Address, text: str) -> None:
        """Hear of a string; a better one may take its place later."""
        ...


def line(title: str = "generate") -> Progress:
    """Return a progress for wherever this runs.

    Args:
        title: What is under way, as its lines begin.
    """
    if display := _kernel():
        return _Notebook(display, title)
    if not sys.stderr.isatty():
        return nothing
    return _Bar(title) if find_spec("rich") else _Line(title)


def nothing(done: int, total: int, what: str) -> None:
    """Say nothing."""


class _Line:
    """One line in a terminal, rewritten in place."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._last = ""

    def __call__(self, done: int, total: int, what: str) -> None:
        end = "\n" if done >= total and what == DONE else ""
        sys.stderr.write(f"\r\x1b[K{self._text(done, total, what)}{end}")
        sys.stderr.flush()

    def planned(self, plan: Plan, fields: Sequence[Field]) -> None:
        """Wait for the first string."""

    def wrote(self, at: Address, text: str) -> None:
        """Name the string last written."""
        self._last = f"{at[1]}.{at[2]}"

    def _text(self, done: int, total: int, what: str) -> str:
        return f"{said(self._title, done, total, what)}{f'  {self._last}' if what != DONE and self._last else ''}"


class _Bar(_Line):
    """The same line with a bar, drawn by rich. It is drawn anew each time and holds nothing of the terminal."""

    WIDTH = 32

    def __init__(self, title: str) -> None:
        from rich.console import Console

        super().__init__(title)
        self._console: Any = Console(file=sys.stderr)

    def _text(self, done: int, total: int, what: str) -> str:
        if total <= 1 and what == DONE:
            return said(self._title, done, total, what)
        from rich.markup import escape
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        grid = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=total, completed=done, width=self.WIDTH, pulse=total <= 1)
        count = "" if total <= 1 else f"{done}/{total}"
        grid.add_row(f"{self._title}: {what}", bar, count, f"[dim]{escape(self._last)}[/dim]")
        with self._console.capture() as drawn:
            self._console.print(grid, no_wrap=True, overflow="ellipsis", crop=True)
        return str(drawn.get()).rstrip("\n").rstrip()


class _Notebook:
    """Keeps one display and updates it; what stays in a saved notebook is one line."""

    def __init__(self, display: Any, title: str = "generate", clock: Callable[[], float] = time.monotonic) -> None:
        self._display = display
        self._title = title
        self._clock = clock
        self._handle: Any = None
        self._told: tuple[int, int, str] = (0, 1, "")
        self._shown: dict[str, str] = {}
        self._next = 0.0
        self._filling: Filling | None = None
        self._drawn = ""
        self._again = 0.0
        self._stale = False

    def __call__(self, done: int, total: int, what: str) -> None:
        stage = what != self._told[2]
        self._told = (done, total, what)
        self._update(at_once=stage or done >= total)

    def planned(self, plan: Plan, fields: Sequence[Field]) -> None:
        """Show the graph that is to be."""
        from worldkit.generation.prose.partial_world import Filling

        self._filling, self._stale = Filling(plan, fields), True
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
        text = said(self._title, *self._told)
        data = {"text/plain": text}
        if self._filling is not None and self._told[2] != DONE:
            data["text/html"] = self._page(text, now)
        if data == self._shown:
            return
        self._shown = data
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        elif self._handle is not None:
            self._handle.update(data, raw=True)

    def _page(self, text: str, now: float) -> str:
        assert self._filling is not None
        if self._stale and now >= self._again:
            self._drawn, self._stale = self._filling.picture(), False
            self._again = now + (self._clock() - now) / PICTURES
        done, total, _ = self._told
        bar = f"<progress value='{done}' max='{max(1, total)}' style='vertical-align:middle'></progress>"
        last = f" <code>{html.escape(self._filling.last)}</code>" if self._filling.last else ""
        return f"<div style='margin:0 0 8px'>{bar} {html.escape(text)}{last}</div>{self._drawn}"


def said(title: str, done: int, total: int, what: str) -> str:
    """Return progress as a line of text."""
    return f"{title}: {what}" if total <= 1 else f"{title}: {what} {done}/{total}"


def _kernel() -> Any:
    """Return IPython's ``display`` when a kernel runs us, else None; IPython is not imported for it."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module and hasattr(module, "get_ipython") else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display
