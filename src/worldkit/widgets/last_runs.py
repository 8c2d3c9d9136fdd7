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

from worldkit.widgets.history import EditorState
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.widgets.store_sync import Keeper

MOST_RUNS = 32
MOST_EARLIER = 4


@dataclass(slots=True)
class Run:
    """What one editor has made, as it changes.

    Attributes:
        opened: The world it was opened on.
        state: The editor as it stands.
        keeper: What keeps its world; None for one that lives nowhere.
        was_kept: Whether it was kept from the beginning, so that only what is not saved can be lost.
        earlier: Runs of its cell before it whose edits nobody has decided about, the last one first.
    """

    opened: World
    state: EditorState
    keeper: Keeper | None = None
    was_kept: bool = False
    earlier: tuple[Run, ...] = ()

    @property
    def edits(self) -> list[str]:
        """What of it would be lost with the editor, each as one line for a person."""
        if self.was_kept and self.keeper is not None:
            return [batch.label for batch in self.keeper.keeping.waiting]
        return [gesture.label for gesture in self.state.done]


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
class Runs:
    """The runs of a kernel.

    Args:
        most: How many are remembered; the oldest are forgotten first.
    """

    most: int = MOST_RUNS
    _runs: dict[tuple[str, Hashable, int], tuple[str, Run]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self, cell: Cell, source: Hashable, run: Run) -> None:
        """Remember a run, and give it those before it that made something which is not decided.

        Args:
            cell: The cell it is of.
            source: What its editor was opened on.
            run: The run.
        """
        with self._lock:
            here = [execution for key, (execution, _) in self._runs.items() if key[:2] == (cell.id, source)]
            key = (cell.id, source, here.count(cell.execution))
            before = self._runs.pop(key, None)
            if before is not None:
                past = before[1]
                run.earlier = tuple(one for one in (past, *past.earlier) if one.edits)[:MOST_EARLIER]
                past.earlier = ()
            self._runs[key] = (cell.execution, run)
            while len(self._runs) > self.most:
                del self._runs[next(iter(self._runs))]


RUNS = Runs()
"""Those of this kernel."""
