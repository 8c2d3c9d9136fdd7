"""One quiet line of progress: rewritten in place in a notebook or a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

Progress = Callable[[int, int, str], None]


def line(title: str = "generate") -> Progress:
    """Return a progress callback for wherever this runs."""
    if shell := _kernel():
        return _Notebook(shell)
    return _terminal if sys.stderr.isatty() else nothing


def nothing(done: int, total: int, what: str) -> None:
    """Say nothing."""


def _terminal(done: int, total: int, what: str) -> None:
    text = _said(done, total, what)
    end = "\n" if done >= total and what == "done" else ""
    sys.stderr.write(f"\r\x1b[K{text}{end}")
    sys.stderr.flush()


def _said(done: int, total: int, what: str) -> str:
    return f"generate: {what}" if total <= 1 else f"generate: {what} {done}/{total}"


class _Notebook:
    """Keeps one display and updates it, so that a saved notebook holds one line."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._handle: Any = None
        self._last = ""

    def __call__(self, done: int, total: int, what: str) -> None:
        text = _said(done, total, what)
        if text == self._last:
            return
        self._last = text
        data = {"text/plain": text}
        if self._handle is None:
            self._handle = self._display(data, raw=True, display_id=True)
        elif self._handle is not None:
            self._handle.update(data, raw=True)


def _kernel() -> Any:
    """Return IPython's ``display`` when a kernel runs us, else None; IPython is not imported for it."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module and hasattr(module, "get_ipython") else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display
