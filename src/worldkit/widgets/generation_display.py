"""The display of a generation in a notebook: the widget with its buttons, or a bare one where it is not built."""

from __future__ import annotations

from typing import Any

from worldkit.core.progress import NotebookProgress, Progress
from worldkit.widgets.bundle import FrontEndMissing


def cell_progress(display: Any, title: str) -> Progress:
    """Return the progress of a generation in a cell.

    Args:
        display: IPython's ``display``.
        title: The beginning of its lines.
    """
    try:
        from worldkit.widgets.generation_cell import CellProgress
    except FrontEndMissing:  # a widget's module needs its bundle
        return NotebookProgress(display, title)
    return CellProgress(display, title)
