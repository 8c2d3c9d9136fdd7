"""What editors made in the runs of their cells, remembered so that running a cell again loses nothing.

A run is found again by three things: the notebook's id of the cell, what the editor was opened on (an equal world, a
file, a store's world), and which editor of that it was in the cell. So the same cell finds its edits again, also after
its height or its comments were changed; another cell, and another world in the same cell, do not. It lives as long as
the kernel. Only values are kept, never a widget, and only so many of them.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worldkit.widgets.editor_state import EditorState
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.widgets.store_sync import StoreSync

MAX_RUNS = 32
MAX_EARLIER = 4


@dataclass(slots=True)
class CellRun:
    """What one editor has made, as it changes.

    Attributes:
        opened: The world it was opened on.
        state: The editor as it stands.
        sync: Saves its world; None for a world that is not stored.
        started_saved: Whether it was saved from the beginning, so that only unsaved edits can be lost.
        earlier: Earlier runs of its cell whose edits are still offered, the last one first.
    """

    opened: World
    state: EditorState
    sync: StoreSync | None = None
    started_saved: bool = False
    earlier: tuple[CellRun, ...] = ()

    @property
    def edits(self) -> list[str]:
        """What of it would be lost with the editor, each as one line for a person."""
        if self.started_saved and self.sync is not None:
            return [batch.label for batch in self.sync.sync_state.waiting]
        return [gesture.label for gesture in self.state.undo_stack]


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell that is running.

    Attributes:
        id: The notebook's id of it.
        execution: The id of this time that it runs.
    """

    id: str
    execution: str


def current_cell() -> Cell | None:
    """Return the cell that is running; None where there is none, or the host does not name its cells."""
    shell: Any = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    parent: Any = shell.get_parent() if hasattr(shell, "get_parent") else None
    try:
        header, id = parent["header"], parent["metadata"]["cellId"]
        execution = header["msg_id"] if header["msg_type"] == "execute_request" else None
    except (KeyError, TypeError):
        return None
    return Cell(id, execution) if isinstance(id, str) and isinstance(execution, str) else None


@dataclass(slots=True)
class CellRuns:
    """The runs of a kernel.

    Args:
        most: How many are remembered; the oldest are forgotten first.
    """

    limit: int = MAX_RUNS
    _runs: dict[tuple[str, Hashable, int], tuple[str, CellRun]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self, cell: Cell, source: Hashable, run: CellRun) -> None:
        """Remember a run, and give it those before it that made something which is not decided.

        Args:
            cell: The cell it is of.
            source: What its editor was opened on.
            run: The run.
        """
        with self._lock:
            executions = [execution for key, (execution, _) in self._runs.items() if key[:2] == (cell.id, source)]
            key = (cell.id, source, executions.count(cell.execution))
            previous = self._runs.pop(key, None)
            if previous is not None:
                past = previous[1]
                run.earlier = tuple(candidate for candidate in (past, *past.earlier) if candidate.edits)[:MAX_EARLIER]
                past.earlier = ()
            self._runs[key] = (cell.execution, run)
            while len(self._runs) > self.limit:
                del self._runs[next(iter(self._runs))]


RUNS = CellRuns()
"""Those of this kernel."""
