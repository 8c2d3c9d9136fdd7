"""``SavingEditor``: an editor that knows where its world lives, if anywhere, and saves every edit there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Self

from worldkit import samples
from worldkit.comparison import merge
from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import OpError, WorldError
from worldkit.core.json_values import Json, deep_copy
from worldkit.stores.file import SUFFIX, WORLD_SUFFIX, WorldFile
from worldkit.widgets import history, protocol, reducer
from worldkit.widgets.editor import Editor
from worldkit.widgets.history import EditorState
from worldkit.widgets.last_runs import RUNS, Run, current_cell
from worldkit.widgets.protocol import Choice, Side
from worldkit.widgets.store_sync import REFUSED, Keeper
from worldkit.widgets.sync_state import EditConflict
from worldkit.widgets.sync_view import binding, last_run, start
from worldkit.world import World

Outcome = tuple[EditorState, WorldError | None]
"""An editor, and what kept it from being saved."""

NOWHERE = (
    "this world lives in this notebook only and is not saved; "
    'save_as("name.world.json") gives it a file, and edit(store[...]) opens one that lives in a store'
)


@checked_methods
class SavingEditor(Editor):
    """The editor of a world that lives in a file, in a store, or nowhere yet.

    Where it lives somewhere, each edit is saved there before it is acknowledged. An edit that cannot be saved is kept:
    it is tried again with the next edit, by ``save()`` or by a view; when somebody else changed the world first there
    is a ``conflict`` to decide. Calls that edit raise what kept them from being saved; the edit stands in ``world`` all
    the same. Only what a store refuses, such as an operation it does not know, is taken back.

    Args:
        world: The world to begin with.
        keeper: What keeps it; None for a world that lives nowhere.
        source: What it was opened on, to find the edits of the cell's last run; the world when not given.
        begins: Let a view offer ways to begin while there is no scene.
        layout: Where cards stand, by state id, besides those known where it lives.
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
        keeper: Keeper | None = None,
        source: Hashable = None,
        begins: bool = False,
        layout: Mapping[str, Sequence[float]] | None = None,
        height: int = 560,
        theme: str = "auto",
        read_only: bool = False,
    ) -> None:
        places = {**(keeper.layout() if keeper else {}), **(layout or {})}
        run = Run(world, history.opened(world, places), keeper, keeper is not None)
        cell = current_cell()
        if cell is not None:
            RUNS.remember(cell, world if source is None else source, run)
        self._remembered = cell is not None
        self._discarded: Run | None = None
        super().__init__(
            run,
            height=height,
            theme=theme,
            read_only=read_only,
            binding=binding(keeper, remembered=self._remembered),
            last_run=last_run(run.earlier),
            start=start() if begins else None,
        )

    # ---- reading -------------------------------------------------------------------------------

    @property
    def saved(self) -> bool:
        """Whether the world lives somewhere and all that was edited is there."""
        return self._keeper is not None and self._keeper.keeping.status == "saved"

    @property
    def path(self) -> Path | None:
        """The file that the world lives in; None when it lives in a store, or nowhere."""
        place = self._keeper.place if self._keeper else None
        return place.path if isinstance(place, WorldFile) else None

    @property
    def unsaved(self) -> list[Json]:
        """The operations made here that are saved nowhere; empty when all is saved."""
        if self._keeper is None:
            return self.ops
        made: list[Json] = deep_copy([op for batch in self._keeper.keeping.waiting for op in batch.ops])
        return made

    @property
    def conflict(self) -> EditConflict | None:
        """What was changed elsewhere and stands in the way of saving; None when nothing does."""
        return self._keeper.keeping.conflict if self._keeper else None

    # ---- changing ------------------------------------------------------------------------------

    def save_as(self, path: str | PathLike[str], *, overwrite: bool = False) -> Self:
        """Save the world and its layout to a file, and from then on every edit as it is made.

        Args:
            path: The file, such as ``"mine.world.json"``; its folder must be there.
            overwrite: Replace a file that is there already.

        Raises:
            FileExistsError: There is such a file.
            FileNotFoundError: There is no such folder.
            WorldError: It is no name for a world's file, or it cannot be written; or the world lives in a store.
        """
        return self._at_place(lambda state: self._save_as(state, path, overwrite))

    def save(self) -> Self:
        """Try to save what is not saved, now.

        Raises:
            Conflict: Somebody else changed the world; see ``conflict``.
            WorldError: It cannot be saved, or lives nowhere.
        """
        return self._at_place(lambda state: self._kept_by().save(state))

    def reload(self) -> Self:
        """Look for what was changed elsewhere, and take it over; undo does not go back over that.

        Raises:
            Conflict: Something is not saved here, so that there are both to decide; see ``conflict``.
            WorldError: It cannot be read, or the world lives nowhere.
        """
        return self._at_place(lambda state: self._kept_by().reload(state))

    def reconcile(self, choice: Choice, picks: Mapping[str, Side] | None = None) -> Self:
        """Decide what becomes of the edits made here and those made elsewhere, and save it.

        Args:
            choice: ``"rebase"`` puts the edits made here on top of those made elsewhere. ``"theirs"`` drops those made
                here; redo puts them back on top. ``"mine"`` drops those made elsewhere; undo brings them back.
            picks: For a rebase, ``"ours"``, ``"theirs"`` or ``"base"`` by the path of each of
                ``conflict.merge.conflicts``; what is not named is decided for the edits made here.

        Raises:
            WorldError: There is no conflict, or no such choice or pick; or it cannot be saved.
            Conflict: Somebody changed the world again meanwhile; there is a new ``conflict``.
        """
        return self._at_place(lambda state: self._kept_by().reconcile(state, choice, picks))

    def take_over(self) -> Self:
        """Bring back the edits that were made when the cell was last run, with their whole history.

        What was edited since stays, as one step on top of them.

        Raises:
            WorldError: There are none.
        """
        return self._at_place(self._take_over)

    # ---- inside --------------------------------------------------------------------------------

    @property
    def _keeper(self) -> Keeper | None:
        return self._run.keeper

    def _kept_by(self) -> Keeper:
        if self._keeper is None:
            raise WorldError(NOWHERE)
        return self._keeper

    def _save_as(self, state: EditorState, path: str | PathLike[str], overwrite: bool) -> Outcome:
        if self._keeper is not None and not isinstance(self._keeper.place, WorldFile):
            said = f"this world lives in {self._keeper.label}, where it is saved; ed.world.save(path) writes a copy"
            raise WorldError(said)
        place = WorldFile(path)
        keeper = Keeper(place.create(state.world, overwrite=overwrite), place)
        keeper.put_all(state)
        self._run.keeper = keeper
        return state, None

    def _begin(self, state: EditorState, request: protocol.Begin) -> Outcome:
        if state.world.states:
            raise WorldError("a world is begun where there is none yet; this one has scenes")
        if request.source == "file":
            return self._open(state, request.name)
        if request.source == "sample":
            after = history.became(state, samples.load(request.name), f"Begin with the sample {request.name}")
        else:
            name = " ".join(request.name.split()) or "Untitled"
            after = history.became(state, World.new(name), "Begin a new world")
        return self._keep(state, after)

    def _open(self, state: EditorState, path: str) -> Outcome:
        if self._keeper is not None:
            raise WorldError(f"this editor keeps {self._keeper.label}; open another file with edit(path)")
        place = WorldFile(path)
        try:
            held = place.read()
        except FileNotFoundError:
            raise WorldError(f"there is no file {path!r}") from None
        keeper = Keeper(held, place)
        self._run.keeper = keeper
        label = f"Open {keeper.label}"
        return history.became(state, held.world, label, places=keeper.layout(), foreign=True), None

    def _take_over(self, state: EditorState) -> Outcome:
        if not self._run.earlier:
            raise WorldError("there are no edits of an earlier run of this cell to take over")
        past, *older = self._run.earlier
        after = self._on_top(state, history.adopted(state, past.state))
        keeper = past.keeper.again() if past.keeper else self._keeper
        after, trouble = keeper.bring(after) if keeper else (after, None)
        self._run.keeper, self._run.earlier = keeper, tuple(older)
        return after, trouble

    def _on_top(self, state: EditorState, back: EditorState) -> EditorState:
        """Return a past editor with what was edited in this one, and is nowhere else, as a step on top of it."""
        own = self._keeper.keeping.waiting if self._keeper and self._run.was_kept else state.done
        if not own:
            return back
        both = merge(self._run.opened, state.world, back.world).resolve_all("ours").world
        label = f"{len(own)} edit{'s' * (len(own) != 1)} made since"
        return history.became(back, both, label, places=state.places)

    def _decide_last_run(self, choice: str) -> None:
        earlier = self._run.earlier
        if choice == "discard" and earlier:
            self._discarded, self._run.earlier = earlier[0], earlier[1:]
        elif choice == "restore" and self._discarded is not None:
            self._run.earlier, self._discarded = (self._discarded, *earlier), None
        else:
            raise WorldError("there are no edits of an earlier run of this cell to decide about")

    # ---- the hooks of an editor ----------------------------------------------------------------

    def _at_place(self, call: Callable[[EditorState], Outcome]) -> Self:
        with self._lock:
            before = self._state
            try:
                after, trouble = call(before)
                self._take(before, after)
            finally:
                self._show_place()
        self._tell(before.world, after.world)
        if trouble is not None:
            raise trouble
        return self

    def _keep(self, before: EditorState, after: EditorState) -> Outcome:
        if self._keeper is None:
            return after, None
        try:
            return self._keeper.follow(before, after)
        finally:
            self._show_place()

    def _kept(self, step: reducer.Step, to: protocol.Address) -> reducer.Step:
        if step.state is self._state or self._keeper is None:
            return step
        try:
            after, _ = self._keep(self._state, step.state)
        except REFUSED as refused:
            return self._refused(refused, to)
        return step if after is step.state else self._stepped(after, to)

    def _of_place(self, request: protocol.PlaceRequest, to: protocol.Address) -> reducer.Step:
        if self.read_only and not isinstance(request, protocol.Save | protocol.Reload):
            said = "this editor is read-only; decide from Python"
            return reducer.Step(self._state, protocol.rejected(to, "read_only", said, self._state.world.rev))
        try:
            after, trouble = self._carried_out(request)
        except FileExistsError as there:
            return reducer.Step(self._state, protocol.rejected(to, "exists", str(there), self._state.world.rev))
        except (WorldError, FileNotFoundError) as refused:
            return self._refused(refused, to)
        finally:
            self._show_place()
        step = self._stepped(after, to)
        if trouble is None:
            return step
        reply = protocol.rejected(to, "unsaved", str(trouble), after.world.rev)
        return reducer.Step(after, reply, step.changed)

    def _carried_out(self, request: protocol.PlaceRequest) -> Outcome:
        state = self._state
        match request:
            case protocol.Save():
                return self._kept_by().save(state)
            case protocol.Reload():
                return self._kept_by().reload(state)
            case protocol.Reconcile(choice=choice, picks=picks):
                return self._kept_by().reconcile(state, choice, picks)
            case protocol.SaveAs(path=path, overwrite=overwrite):
                return self._save_as(state, self._named(path), overwrite)
            case protocol.Begin():
                return self._begin(state, request)
            case protocol.DecideLastRun(choice="take"):
                return self._take_over(state)
            case protocol.DecideLastRun(choice=choice):
                self._decide_last_run(choice)
                return state, None

    def _named(self, path: str) -> Path:
        """Return the path that a person means who names a file, beside the one that the world lives in."""
        given = path.strip()
        named = given if given.endswith(SUFFIX) else given + WORLD_SUFFIX
        return self.path.parent / named if self.path and not named.startswith("~") else Path(named)

    def _stepped(self, after: EditorState, to: protocol.Address) -> reducer.Step:
        told = reducer.changed(self._state, after, to.id)
        return reducer.Step(after, protocol.accepted(to, after.world.rev, after.notes), told)

    def _refused(self, refused: Exception, to: protocol.Address) -> reducer.Step:
        said = refused.reason if isinstance(refused, OpError) else str(refused)
        return reducer.Step(self._state, protocol.rejected(to, "op", said, self._state.world.rev))

    def _show_place(self) -> None:
        self.binding = binding(self._keeper, remembered=self._remembered)
        self.last_run = last_run(self._run.earlier)

    def __repr__(self) -> str:
        if self._keeper is None:
            return f"{super().__repr__()}; not saved, it lives in this notebook only"
        kept = self._keeper.keeping
        said = {"saved": "saved", "unsaved": "not saved", "conflict": "in conflict"}[kept.status]
        at = f", revision {kept.stored.rev}" if kept.stored.rev.isdecimal() else ""
        return f"{super().__repr__()}; {said} in {self._keeper.label}{at}"
