"""What editors made in the runs of their cells, remembered so that running a cell again loses nothing.

A run is found again by three things: the notebook's id of the cell, what the editor was opened on (an equal world, a
file, a store's world), and which editor of that it was in the cell. So the same cell finds its edits again, also after
its height or its comments were changed; another cell, and another world in the same cell, do not. It lives as long as
the kernel. Only values are kept, never a widget, and only so many of them.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import WorldError
from worldkit.core.process_lock import ProcessLock
from worldkit.core.quoting import format_count
from worldkit.properties.files import Properties
from worldkit.widgets import history
from worldkit.widgets.editor_state import EditorState, SaveResult
from worldkit.widgets.map_sync import map_change
from worldkit.widgets.rebased_edits import on_world, with_changes_elsewhere, with_edits_since

if TYPE_CHECKING:
    from worldkit.widgets.store_sync import StoreSync

MAX_RUNS = 32
MAX_EARLIER_RUNS = 4
NO_EDITS_MESSAGE = "there are no edits of an earlier run of this cell to decide about"


@dataclass(slots=True)
class CellRun:
    """What one editor has made, as it changes.

    Attributes:
        opened_state: The editor as it was opened.
        state: The editor as it stands.
        sync: Saves its world; None for a world that is not stored.
        started_saved: Whether it was saved from the beginning, so that only what is not saved can be lost.
        saved_properties: Its properties as their file holds them; None where no file does.
        earlier_runs: Earlier runs of its cell whose edits are still offered, the last one first.
        discarded_run: The run whose offer was discarded last.
    """

    opened_state: EditorState
    state: EditorState
    sync: StoreSync | None = None
    started_saved: bool = False
    saved_properties: Properties | None = None
    earlier_runs: tuple[CellRun, ...] = ()
    discarded_run: CellRun | None = None

    @property
    def edits(self) -> list[str]:
        """What of it would be lost with the editor, each as one line for a person."""
        if not (self.started_saved and self.sync is not None):
            return [gesture.label for gesture in self.state.undo_stack]
        labels = [batch.label for batch in self.sync.sync_state.waiting_batches]
        if not labels and self.sync.map.pending_map:
            labels.append("Change the map")
        saved_properties = self.opened_state.properties if self.saved_properties is None else self.saved_properties
        if (
            self.state.properties is not saved_properties
            and self.state.properties.to_toml() != saved_properties.to_toml()
        ):
            changes = [gesture.label for gesture in self.state.undo_stack if gesture.properties_after is not None]
            labels += changes or ["Change properties"]
        return labels

    def take_over_earlier(self, state: EditorState) -> SaveResult:
        """Return the editor with the edits of the last run, and those made since as a step on top of them.

        Raises:
            WorldError: There are none.
        """
        if not self.earlier_runs:
            raise WorldError("there are no edits of an earlier run of this cell to restore")
        last, *older = self.earlier_runs
        is_same_place = self._is_saved_with(last)
        after = self._rebase_since(state, last, is_same_place)
        if self.sync is not None and (last.sync is None or is_same_place):
            sync: StoreSync | None = self.sync.with_unsaved(last.sync, self.opened_state.world, last.state.world)
            before = state
        else:
            sync, before = last.sync and last.sync.copy(), last.state
        after, trouble = sync.save_all(before, after) if sync else (after, None)
        self.sync, self.earlier_runs = sync, tuple(older)
        return after, trouble

    def discard_earlier(self) -> None:
        """Offer the edits of the last run no longer.

        Raises:
            WorldError: There are none.
        """
        if not self.earlier_runs:
            raise WorldError(NO_EDITS_MESSAGE)
        self.discarded_run, self.earlier_runs = self.earlier_runs[0], self.earlier_runs[1:]

    def offer_discarded(self) -> None:
        """Offer the edits again that were discarded last.

        Raises:
            WorldError: There are none.
        """
        if self.discarded_run is None:
            raise WorldError(NO_EDITS_MESSAGE)
        self.earlier_runs, self.discarded_run = (self.discarded_run, *self.earlier_runs), None

    def _is_saved_with(self, last: CellRun) -> bool:
        """Return whether this editor was opened on what an earlier one had saved."""
        if not (self.started_saved and last.started_saved and self.sync and last.sync):
            return False
        return self.sync.place == last.sync.place

    def _rebase_since(self, state: EditorState, last: CellRun, is_same_place: bool) -> EditorState:
        """Return a past editor with the edits that only this one has as a step on top."""
        since = state.undo_stack
        opening_state = self.opened_state if since else state
        before, past = on_world(last.opened_state, last.state.world), last.state
        past_change = last.sync.map.pending_map if last.sync and is_same_place else map_change(before, past)
        saved_properties = last.saved_properties
        if (
            saved_properties is None
            or self.saved_properties is None
            or saved_properties.path != self.saved_properties.path
        ):
            saved_properties = before.properties
        past = history.adopt_history(state, with_changes_elsewhere(past, past_change, saved_properties, opening_state))
        label = f"{format_count(len(since), 'edit')} made since"
        is_foreign = any(gesture.is_foreign for gesture in since)
        return with_edits_since(past, opening_state, state, label, foreign=is_foreign) if since else past


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

    Attributes:
        limit: How many are remembered; the oldest are forgotten first.
    """

    limit: int = MAX_RUNS
    _runs: dict[tuple[str, Hashable, int], tuple[str, CellRun]] = field(default_factory=dict)
    _lock: ProcessLock = field(default_factory=ProcessLock)

    def remember(self, cell: Cell, source: Hashable, run: CellRun) -> None:
        """Remember a run, and give it those before it that made something which is not decided.

        Args:
            source: What its editor was opened on.
        """
        with self._lock:
            executions = [execution for key, (execution, _) in self._runs.items() if key[:2] == (cell.id, source)]
            key = (cell.id, source, executions.count(cell.execution))
            previous = self._runs.pop(key, None)
            if previous is not None:
                past = previous[1]
                run.earlier_runs = tuple(candidate for candidate in (past, *past.earlier_runs) if candidate.edits)[
                    :MAX_EARLIER_RUNS
                ]
                past.earlier_runs, past.discarded_run = (), None
            self._runs[key] = (cell.execution, run)
            while len(self._runs) > self.limit:
                del self._runs[next(iter(self._runs))]


RUNS = CellRuns()
"""Those of this kernel."""
