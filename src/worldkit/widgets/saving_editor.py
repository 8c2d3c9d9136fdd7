"""``SavingEditor``: an editor that knows where its world lives, if anywhere, and saves every edit there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import OpError, WorldError
from worldkit.core.json_values import Json, deep_copy
from worldkit.layout.place_arguments import read_places
from worldkit.stores.file import WorldFileStore
from worldkit.widgets import gestures, protocol, reducer
from worldkit.widgets.editor import Editor
from worldkit.widgets.editor_properties import EditorProperties, PropertySource
from worldkit.widgets.editor_state import EditorState, SaveResult, open_editor
from worldkit.widgets.editor_storage import EditorStorage
from worldkit.widgets.generation_loader import open_job
from worldkit.widgets.interruption import finish, raise_first
from worldkit.widgets.last_runs import RUNS, CellRun, current_cell
from worldkit.widgets.protocol import Choice, Side
from worldkit.widgets.store_sync import INTERRUPTED_MESSAGE, STORE_REFUSALS, StoreSync
from worldkit.widgets.sync_state import EditConflict
from worldkit.widgets.sync_view import binding, last_run, start
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.generation.pipeline.run import Outcome
    from worldkit.widgets.generation_job import GenerationJob

log = logging.getLogger("worldkit.widgets")

REPLACE_LABEL = "Replace the world"
BEGIN_LABEL = "Start with the generated world"


@checked_methods
class SavingEditor(Editor):
    """The editor of a world in a file, in a store, or not saved yet.

    Where it lives somewhere, each edit is saved there before it is acknowledged. An edit that cannot be saved is kept:
    it is tried again with the next edit, by ``save()`` or by a view; when somebody else changed the world first there
    is a ``conflict`` to decide. Calls that edit raise what kept them from being saved, an interrupt included; the edit
    stands in ``world`` all the same. Only what a store refuses, such as an operation it does not know, is taken back.

    Args:
        world: The world to begin with.
        sync: Saves it; None for a world that is not stored.
        source: What it was opened on, to find the edits of the cell's last run; the world when not given.
        begins: Let a view offer ways to begin while there is no scene.
        layout: Where cards stand, by state id, besides those known where it lives.
        properties: What is demanded of every run, or the file that keeps it; by default the file beside the world's.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.
        read_only: Let views look and not touch.

    Example:
        >>> path = world.save("mine.world.json")
        >>> editor = wk.edit(path).apply([{"op": "rename_state", "from": "lane", "to": "road"}])
        >>> wk.load(path).start
        'road'
    """

    def __init__(
        self,
        world: World,
        *,
        sync: StoreSync | None = None,
        source: Hashable = None,
        begins: bool = False,
        layout: Mapping[str, Sequence[float]] | None = None,
        properties: PropertySource | None = None,
        height: int = 560,
        theme: str = "auto",
        read_only: bool = False,
    ) -> None:
        positions = {**(sync.map.layout() if sync else {}), **read_places("layout", layout)}
        on_map = sync.map.annotations() if sync else None
        world_file = sync.store.path if sync is not None and isinstance(sync.store, WorldFileStore) else None
        keeper = EditorProperties(properties, world, world_file, self._show_properties)
        state = open_editor(world, positions, on_map, keeper.initial_properties)
        run = CellRun(state, state, sync, sync is not None, keeper.saved)
        cell = current_cell()
        if cell is not None:
            RUNS.remember(cell, world if source is None else source, run)
        self._is_remembered = cell is not None
        self._storage = EditorStorage(run, keeper)
        super().__init__(
            run,
            keeper,
            height=height,
            theme=theme,
            read_only=read_only,
            binding=binding(sync, is_remembered=self._is_remembered),
            last_run=last_run(run.earlier_runs),
            start=start() if begins else None,
        )
        self.observe(self._on_close, "comm")

    # ---- reading -------------------------------------------------------------------------------

    @property
    def saved(self) -> bool:
        """Whether the world is in a file or a store, and all edits are saved, those of its properties in their file."""
        return self._sync is not None and self._sync.sync_state.status == "saved" and not self._properties.is_unsaved

    @property
    def path(self) -> Path | None:
        """The world's file; None when it is in a store or not saved."""
        return self._storage.path

    @property
    def unsaved(self) -> list[Json]:
        """The operations made here that are not saved; empty when all are.

        Example:
            >>> ed = wk.edit(world).apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> ed.unsaved
            [{'op': 'delete_event', 'name': 'listen_to_the_leaves'}]
        """
        if self._sync is None:
            return self.ops
        ops: list[Json] = deep_copy([op for batch in self._sync.sync_state.waiting_batches for op in batch.ops])
        return ops

    @property
    def conflict(self) -> EditConflict | None:
        """The conflict between the edits made here and those made elsewhere; None when nothing prevents saving."""
        return self._storage.conflict

    @property
    def not_taken(self) -> Diagnostics:
        """The edits that a hosted server did not take, each with its place and the reason; empty if it took all."""
        not_taken = self._sync.sync_state.not_taken if self._sync else None
        return not_taken.diagnostics if not_taken else Diagnostics()

    # ---- changing ------------------------------------------------------------------------------

    def replace(self, world: World, *, label: str | None = None) -> Self:
        """Replace the world by another one, as one undoable gesture.

        Args:
            world: The world that it becomes.
            label: What undo calls it.

        Raises:
            OpError: No operations lead from the one to the other.

        Example:
            >>> editor = wk.edit(world).replace(wk.samples.load("lighthouse"))
            >>> editor.world.name, editor.undo().world == world
            ('The Light at Skarra', True)
        """
        text = protocol.one_line(label) if label else REPLACE_LABEL
        return self._change(lambda state: gestures.replace_world(state, world, text))

    def save_as(self, path: str | PathLike[str], *, overwrite: bool = False) -> Self:
        """Save the world and its layout to a file, and from then on every edit as it is made.

        Args:
            path: The file, such as ``"mine.world.json"``; its folder must be there.
            overwrite: Replace a file that is there already, and the properties beside it.

        Raises:
            FileError: There is such a file.
            FileNotFoundError: There is no such folder.
            WorldError: It is no name for a world's file, or it cannot be written; or the properties beside it are of
                another world; or the world lives in a store.

        Example:
            >>> ed = wk.edit(world).save_as("mine.world.json")
            >>> ed = ed.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> len(wk.load("mine.world.json").events)
            4
        """
        return self._storage_call(lambda state: self._storage.save_as(state, path, overwrite))

    def save(self) -> Self:
        """Save the unsaved edits now.

        Raises:
            Conflict: Somebody else changed the world; see ``conflict``.
            WorldError: It cannot be saved, or has no file or store.

        Example:
            >>> ed = wk.edit(world).save_as("mine.world.json")
            >>> ed.save().saved
            True
        """
        return self._storage_call(self._storage.save)

    def reload(self) -> Self:
        """Read the changes made elsewhere and adopt them; undo does not go back past that.

        Raises:
            Conflict: Something is not saved here, so that there are both to decide; see ``conflict``.
            WorldError: It cannot be read, or the world has no file or store.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> ed = wk.edit(stored)
            >>> later = store.apply(stored.id, [{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> len(ed.reload().world.events)
            4
        """
        return self._storage_call(lambda state: self._require_sync().reload(state))

    def reconcile(
        self, choice: Choice, picks: Mapping[str, Side] | None = None, values: Mapping[str, Any] | None = None
    ) -> Self:
        """Resolve a conflict between the edits made here and those made elsewhere, and save the result.

        Args:
            choice: ``"rebase"`` puts the edits made here on top of those made elsewhere. ``"theirs"`` drops those made
                here; redo puts them back on top. ``"mine"`` drops those made elsewhere; undo brings them back.
            picks: For a rebase, ``"ours"``, ``"theirs"`` or ``"base"`` by the path of each of
                ``conflict.merge.conflicts``; what is not named is decided for the edits made here.
            values: For a rebase, what is to stand there instead of what a side has, by the path of the conflict.

        Raises:
            WorldError: There is no conflict, or no such choice or pick; or it cannot be saved.
            InvalidWorld: A value cannot stand there; nothing was decided.
            Conflict: The world was changed elsewhere again; there is a new ``conflict``.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> ed = wk.edit(stored)
            >>> text = {"op": "set_field", "state": "lane", "field": "base"}
            >>> elsewhere = store.apply(stored.id, [{**text, "value": "Rain."}])
            >>> try:
            ...     changed = ed.apply([{**text, "value": "Snow."}])
            ... except wk.Conflict:
            ...     changed = ed.reconcile("theirs")
            >>> ed.world.states["lane"].base
            'Rain.'
        """
        return self._storage_call(lambda state: self._require_sync().reconcile(state, choice, picks, values))

    def keep_theirs(self) -> Self:
        """Accept that the server did not take some edits, and remove their marks.

        Raises:
            WorldError: All edits were taken, or the world has no file or store.
        """
        return self._storage_call(lambda state: self._require_sync().keep_theirs(state))

    def try_again(self) -> Self:
        """Apply the edits that the server did not take again, as a new edit of the world as it is now.

        Raises:
            PartlyApplied, NotAsApplied: The server does not take them again.
            WorldError: All edits were taken, the world has no file or store, or it cannot be saved.
        """
        return self._storage_call(lambda state: self._require_sync().retry(state))

    def take_over(self) -> Self:
        """Restore the edits that were made when the cell was last run, with their whole history.

        What was edited since stays, as one step on top of them.

        Raises:
            WorldError: There are none.
        """
        return self._storage_call(self._storage.take_over)

    # ---- inside --------------------------------------------------------------------------------

    @property
    def _sync(self) -> StoreSync | None:
        return self._run.sync

    def _require_sync(self) -> StoreSync:
        return self._storage.require_sync()

    # ---- the hooks of an editor ----------------------------------------------------------------

    def _storage_call(self, call: Callable[[EditorState], SaveResult]) -> Self:
        with self._lock:
            before = self._state
            after, error = self._save_and_show(lambda: call(before))
            interruption = self._publish(before, after)
        self._notify()
        raise_first(interruption, error)
        return self

    def _persist(self, before: EditorState, after: EditorState) -> SaveResult:
        if self._sync is None:
            return super()._persist(before, after)
        sync = self._sync
        return self._save_and_show(lambda: sync.follow(before, after))

    def _save_and_show(self, save: Callable[[], SaveResult]) -> SaveResult:
        """Save, and show where that stands; what is saved must not be lost to an interrupt of the showing."""
        try:
            after, problem = save()
        except BaseException:
            self._refresh_binding()
            raise
        return after, finish(self._refresh_binding) or problem

    def _answer(self, request: protocol.EditorRequest, to: protocol.Address) -> reducer.ReducerResult:
        if isinstance(request, protocol.PlaceRequest):
            return self._storage_request(request, to)
        if isinstance(request, protocol.GenerationRequest):
            return self._generation_request(request, to)
        step = super()._answer(request, to)
        if step.state is self._state or self._sync is None:
            return step
        try:
            after, problem = self._persist(self._state, step.state)
        except STORE_REFUSALS as error:
            return self._reject(error, to)
        return replace(step if after is step.state else self._accept(after, to), interruption=_interruption(problem))

    def _storage_request(self, request: protocol.PlaceRequest, to: protocol.Address) -> reducer.ReducerResult:
        if self.read_only and not isinstance(request, protocol.Save | protocol.Reload):
            return reducer.reject(self._state, to, "read_only", "this editor is read-only; decide from Python")
        try:
            after, problem = self._save_and_show(lambda: self._storage.carry_out(self._state, request))
        except FileExistsError as error:
            return reducer.reject(self._state, to, "exists", str(error))
        except (WorldError, FileNotFoundError) as refusal:
            return self._reject(refusal, to)
        step = self._accept(after, to)
        if problem is None:
            return step
        interruption = _interruption(problem)
        reason = str(problem) if interruption is None else INTERRUPTED_MESSAGE
        return replace(step, reply=protocol.rejected(to, "unsaved", reason, after.world.rev), interruption=interruption)

    # ---- generation ----------------------------------------------------------------------------

    def _generation_request(self, request: protocol.GenerationRequest, to: protocol.Address) -> reducer.ReducerResult:
        if self.read_only:
            return reducer.reject(self._state, to, "read_only", "this editor is read-only; generate from Python")
        try:
            world = self._generation_job.carry_out(request)
            if world is None:
                return self._accept(self._state, to)
            after, problem = self._persist(self._state, gestures.replace_world(self._state, world, BEGIN_LABEL))
        except (WorldError, ValueError) as refusal:
            return self._reject(refusal, to)
        self._generation_job.clear()
        return replace(self._accept(after, to), interruption=_interruption(problem))

    @cached_property
    def _generation_job(self) -> GenerationJob:
        return open_job(self._show_generation, self._begin_with)

    def _show_generation(self) -> None:
        self.generation = self._generation_job.state

    def _begin_with(self, outcome: Outcome) -> bool:
        """Begin with the world that was generated; of several, a person picks one, and one that is refused stays."""
        if len(outcome.worlds) != 1:
            return False
        try:
            self._storage_call(
                lambda state: self._persist(state, gestures.replace_world(state, outcome.world, BEGIN_LABEL))
            )
        except STORE_REFUSALS:  # a person who takes it is told why
            return False
        except WorldError:
            log.exception("the world that was generated could not be saved")
        return True

    def _on_close(self, change: Any) -> None:
        if change["new"] is None:
            self._properties.check.stop()
            if "_generation_job" in self.__dict__:
                self._generation_job.stop()
            self._close_player()

    def _accept(self, after: EditorState, to: protocol.Address) -> reducer.ReducerResult:
        message = reducer.change_message(self._state, after, to.id)
        return reducer.ReducerResult(after, protocol.accepted(to, after.world.rev, after.notes), message)

    def _reject(self, error: Exception, to: protocol.Address) -> reducer.ReducerResult:
        message = error.reason if isinstance(error, OpError) else str(error)
        return reducer.reject(self._state, to, "op", message)

    def _refresh_binding(self) -> None:
        self.binding = binding(self._sync, is_remembered=self._is_remembered)
        self.last_run = last_run(self._run.earlier_runs)
        self._show_properties()  # their file is beside the world's

    def __repr__(self) -> str:
        if self._sync is None:
            return f"{super().__repr__()}; not saved, it lives in this notebook only"
        state = self._sync.sync_state
        status = {"saved": "saved", "unsaved": "not saved", "conflict": "in conflict"}[state.status]
        revision = f", revision {state.stored_world.rev}" if state.stored_world.rev.isdecimal() else ""
        return f"{super().__repr__()}; {status} in {self._sync.label}{revision}"


def _interruption(problem: BaseException | None) -> BaseException | None:
    """Return what kept an editor from being saved, if that interrupted the kernel."""
    return None if isinstance(problem, Exception) else problem
