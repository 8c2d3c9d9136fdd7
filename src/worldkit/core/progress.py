"""Progress displays: a bar in a terminal, a widget or a line in a notebook, and a line now and then in a log.

A progress is called with the amount done, the total, and the current activity. One that also has the two methods of
``Watch`` receives the planned world and every text as it is written.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any, Protocol, runtime_checkable

from worldkit.core.display import renderer
from worldkit.core.errors import WrongArgument

Progress = Callable[[int, int, str], None]
Address = tuple[str, str, str]
"""Where a text of a world stands: ``("state" or "event", its id or name, the field)``."""
DocumentOf = Callable[[Mapping[Address, str]], Any]
"""Makes a document, as JSON values, of the texts of a planned world."""

DONE = "done"
UPDATE_SECONDS = 0.25
"""Seconds between two updates of a notebook's line, at least."""
LOG_SECONDS = 30.0
"""Seconds before the first line in a log, and between two of them."""


@runtime_checkable
class Watch(Protocol):
    """A progress that also receives the planned world, and every text as it is written."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Receive the amount done, the total, and the current activity."""
        ...

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Receive what makes a document of texts, and the texts as they are before any is written."""
        ...

    def wrote(self, at: Address, text: str) -> None:
        """Receive a text; a better one may replace it later."""
        ...


def default_progress(title: str = "generate", *, resumable: bool = False, form: str = "") -> Progress:
    """Return the progress display for a notebook, a terminal, or a log.

    Args:
        title: The beginning of its lines, such as ``"generate"``.
        resumable: Whether what it shows can be stopped and gone on with; a notebook then has buttons for that.
        form: Which display a notebook has: a form of ``"progress"`` in ``worldkit.renderers``, else the usual one.
    """
    form = form or ("cell" if resumable else "")
    if display := _kernel():
        progress: Progress = renderer("progress", form)(display, title) if form else NotebookProgress(display, title)
        return progress
    if not sys.stderr.isatty():
        return LogLines(title)
    return _Bar(title) if find_spec("rich") else _TerminalLine(title)


def tell_plan(progress: Progress, document: DocumentOf, texts: Mapping[Address, str]) -> None:
    """Hand a planned world to a progress that watches; any other is told nothing.

    Args:
        document, texts: As for ``Watch.planned``.

    Raises:
        WrongArgument: Its method takes something else.
    """
    if not isinstance(progress, Watch):
        return
    try:
        progress.planned(document, texts)
    except (AttributeError, TypeError) as error:
        expected = "a method planned(document, texts), where document(texts) is the planned world as JSON values"
        raise WrongArgument("progress", expected, f"{type(error).__name__}: {error}") from error


def ignore(done: int, total: int, what: str) -> None:
    """Ignore the progress."""


class NotebookProgress:
    """One line in a notebook, updated a few times a second.

    Args:
        display: IPython's ``display``.
        title: The beginning of the line.
        clock: Tells the time, in seconds.
    """

    def __init__(self, display: Any, title: str = "generate", clock: Callable[[], float] = time.monotonic) -> None:
        self._display, self._title, self._clock = display, title, clock
        self._handle: Any = None
        self._stage = ""
        self._next_time = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        now = self._clock()
        if now < self._next_time and what == self._stage and done < total:
            return
        self._stage, self._next_time = what, now + UPDATE_SECONDS
        data = {"text/plain": format_line(self._title, done, total, what)}
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)


class LogLines:
    """A line now and then on standard error that is no terminal, as in a batch job; none for what is quick.

    Args:
        title: The beginning of a line.
        clock: Tells the time, in seconds.
    """

    def __init__(self, title: str = "generate", clock: Callable[[], float] = time.monotonic) -> None:
        self._title, self._clock = title, clock
        self._next_time = clock() + LOG_SECONDS
        self._has_begun = False

    def __call__(self, done: int, total: int, what: str) -> None:
        now = self._clock()
        if now < self._next_time and not (self._has_begun and what == DONE):
            return
        self._next_time, self._has_begun = now + LOG_SECONDS, True
        sys.stderr.write(f"{format_line(self._title, done, total, what)}\n")
        sys.stderr.flush()


class _TerminalLine:
    """One line in a terminal, rewritten in place."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._last_detail = ""

    def __call__(self, done: int, total: int, what: str) -> None:
        end = "\n" if done >= total and what == DONE else ""
        sys.stderr.write(f"\r\x1b[K{self._text(done, total, what)}{end}")
        sys.stderr.flush()

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Wait for the first text."""

    def wrote(self, at: Address, text: str) -> None:
        """Name the string last written."""
        self._last_detail = f"{at[1]}.{at[2]}"

    def _text(self, done_count: int, total: int, what: str) -> str:
        detail = f"  {self._last_detail}" if what != DONE and self._last_detail else ""
        return f"{format_line(self._title, done_count, total, what)}{detail}"


class _Bar(_TerminalLine):
    """The same line with a bar, rendered by rich each time, so that no live display owns the terminal."""

    WIDTH = 32

    def __init__(self, title: str) -> None:
        from rich.console import Console

        super().__init__(title)
        self._console: Any = Console(file=sys.stderr)

    def _text(self, done_count: int, total: int, what: str) -> str:
        if total <= 1 and what == DONE:
            return format_line(self._title, done_count, total, what)
        from rich.markup import escape
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        grid = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=total, completed=done_count, width=self.WIDTH, pulse=total <= 1)
        count = "" if total <= 1 else f"{done_count}/{total}"
        grid.add_row(f"{self._title}: {what}", bar, count, f"[dim]{escape(self._last_detail)}[/dim]")
        with self._console.capture() as capture:
            self._console.print(grid, no_wrap=True, overflow="ellipsis", crop=True)
        return str(capture.get()).rstrip("\n").rstrip()


def format_line(title: str, done_count: int, total: int, what: str) -> str:
    """Return progress as a line of text."""
    return f"{title}: {what}" if total <= 1 else f"{title}: {what} {done_count}/{total}"


def _kernel() -> Any:
    """Return IPython's ``display`` when a kernel runs us, else None; IPython is not imported for it."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module and hasattr(module, "get_ipython") else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display
