"""The progress of ``generate`` and ``from_text`` in a notebook: a Stop button while it runs, and what can be done then.

A kernel that runs a cell does not answer, so the button interrupts the cell where the application lets it (JupyterLab,
Notebook 7); elsewhere it says that the notebook's own button does. What stays in a saved notebook is one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from worldkit.core.progress import DONE, Address, DocumentOf, format_line
from worldkit.generation.pipeline.run import GenerationRun
from worldkit.widgets.display import TEXT, mimebundle
from worldkit.widgets.generation_progress import GenerationProgress
from worldkit.widgets.generator import Generator
from worldkit.widgets.saving_editor import SavingEditor
from worldkit.world import World


class CellProgress:
    """Shows a generation in the output of its cell.

    Args:
        display: IPython's ``display``.
        title: The beginning of its lines.
    """

    def __init__(self, display: Callable[..., Any], title: str = "generate") -> None:
        self._title = title
        self._display = display
        self._generator = Generator(self._edit, form=False)
        self._box = ipywidgets.VBox([self._generator])
        self._progress = GenerationProgress(None, self._show)
        self._handle: Any = None

    def __call__(self, done: int, total: int, what: str) -> None:
        """Receive how much is done; see ``Progress``."""
        if what == DONE and done >= total:
            self._end(f"{self._title}: {DONE}")
        else:
            self._progress(done, total, what)

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Receive the planned world; see ``Watch``."""
        self._progress.planned(document, texts)

    def wrote(self, at: Address, text: str) -> None:
        """Receive a text; see ``Watch``."""
        self._progress.wrote(at, text)

    def interrupted(self, run: GenerationRun) -> None:
        """Offer to go on with it, or to edit what there is; see ``Resumable``."""
        state = self._progress.state()
        if self._handle is None:
            self._show()
        amount = f": {state['done']} of {state['total']} texts are written"
        status = f"stopped{amount if state['done'] else ' before anything was written'}"
        self._update(f"{self._title}: {status}", with_view=True)
        self._generator.offer(run, self._progress)

    def failed(self) -> None:
        """Leave one line; see ``Resumable``."""
        self._end(f"{self._title}: failed")

    # ---- inside --------------------------------------------------------------------------------

    def _show(self) -> None:
        state = self._progress.state()
        self._generator.show_progress(self._progress)
        if self._handle is None:
            text = format_line(self._title, state["done"], state["total"], state["what"])
            self._handle = self._display(self._output(text), raw=True, display_id=True)

    def _end(self, text: str) -> None:
        if self._handle is None:
            self._handle = self._display({TEXT: text}, raw=True, display_id=True)
        else:
            self._update(text, with_view=False)
        self._generator.close()
        self._box.close()

    def _update(self, text: str, *, with_view: bool) -> None:
        if self._handle is not None:
            self._handle.update(self._output(text) if with_view else {TEXT: text}, raw=True)

    def _output(self, text: str) -> dict[str, Any]:
        return mimebundle(self._box.model_id, text)

    def _edit(self, world: World) -> None:
        self._box.children = [SavingEditor(world)]
