"""``StoreEditor``: an editor whose world lives in a store. Every edit is saved at the revision it was made against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Self, cast

from worldkit.errors import OpError, WorldError
from worldkit.jsonish import Json, copied
from worldkit.notebook import protocol, session
from worldkit.notebook.binding import binding
from worldkit.notebook.editor import Editor
from worldkit.notebook.history import EditorState
from worldkit.notebook.keeper import REFUSED, Keeper
from worldkit.notebook.keeping import Choice, EditConflict, Side
from worldkit.store.interface import StoredWorld


class StoreEditor(Editor):
    """The editor of a world that lives in a store: an ``Editor`` that saves each edit there as it is made.

    An edit that cannot be saved is kept: when the store cannot be reached it is sent again with the next edit, by
    ``save()`` or by a view; when somebody else changed the world first there is a ``conflict`` to decide. Calls that
    edit raise what kept them from being saved; the edit stands in ``world`` all the same. Only what the store
    refuses, such as an operation it does not know, is taken back.

    Args:
        stored: The world, as a store gave it.
        layout: Where cards stand, by state id, besides those the store knows.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.
        read_only: Let views look and not touch.
    """

    def __init__(
        self,
        stored: StoredWorld,
        *,
        layout: Mapping[str, Sequence[float]] | None = None,
        height: int = 560,
        theme: str = "auto",
        read_only: bool = False,
    ) -> None:
        self._keeper = Keeper(stored)
        places = {**self._keeper.layout(), **(layout or {})}
        super().__init__(stored.world, layout=places, height=height, theme=theme, read_only=read_only)
        self._show_binding()

    # ---- reading -------------------------------------------------------------------------------

    @property
    def stored(self) -> StoredWorld:
        """The world as it was last the same here and in the store, with its revision there."""
        return self._keeper.keeping.stored

    @property
    def unsaved(self) -> list[Json]:
        """The operations made here that are not in the store; empty when all is saved."""
        made: list[Json] = copied([op for batch in self._keeper.keeping.waiting for op in batch.ops])
        return made

    @property
    def conflict(self) -> EditConflict | None:
        """What was changed elsewhere and stands in the way of saving; None when nothing does."""
        return self._keeper.keeping.conflict

    # ---- changing ------------------------------------------------------------------------------

    def save(self) -> Self:
        """Try to save what is not saved, now.

        Raises:
            Conflict: Somebody else changed the world; see ``conflict``.
            WorldError: The store cannot be reached, or refuses it.
        """
        return self._at_store(self._keeper.save)

    def reload(self) -> Self:
        """Look in the store for what was changed elsewhere, and take it over; undo does not go back over that.

        Raises:
            Conflict: Something is not saved here, so that there are both to decide; see ``conflict``.
            WorldError: The store cannot be reached.
        """
        return self._at_store(self._keeper.reload)

    def reconcile(self, choice: Choice, picks: Mapping[str, Side] | None = None) -> Self:
        """Decide what becomes of the edits made here and those made elsewhere, and save it.

        Args:
            choice: ``"rebase"`` puts the edits made here on top of those made elsewhere. ``"theirs"`` drops those made
                here; redo puts them back on top. ``"mine"`` drops those made elsewhere; undo brings them back.
            picks: For a rebase, ``"ours"``, ``"theirs"`` or ``"base"`` by the path of each of
                ``conflict.merge.conflicts``; what is not named is decided for the edits made here.

        Raises:
            WorldError: There is no conflict, or no such choice or pick; or the store cannot be reached.
            Conflict: Somebody changed the world again meanwhile; there is a new ``conflict``.
        """
        return self._at_store(lambda state: self._keeper.reconcile(state, choice, picks))

    # ---- inside --------------------------------------------------------------------------------

    def _at_store(self, call: Callable[[EditorState], tuple[EditorState, WorldError | None]]) -> Self:
        with self._lock:
            before = self._state
            try:
                after, trouble = call(before)
                self._take(before, after)
            finally:
                self._show_binding()
        self._tell(before.world, after.world)
        if trouble is not None:
            raise trouble
        return self

    def _keep(self, before: EditorState, after: EditorState) -> tuple[EditorState, WorldError | None]:
        try:
            return self._keeper.follow(before, after)
        finally:
            self._show_binding()

    def _kept(self, step: session.Step, to: protocol.Address) -> session.Step:
        if step.state is self._state:
            return step
        try:
            after, _ = self._keep(self._state, step.state)
        except REFUSED as refused:
            return self._refused(refused, to)
        return step if after is step.state else self._stepped(after, to)

    def _of_store(self, request: protocol.StoreRequest, to: protocol.Address) -> session.Step:
        if self.read_only and isinstance(request, protocol.Reconcile):
            said = "this editor is read-only; decide from Python"
            return session.Step(self._state, protocol.rejected(to, "read_only", said, self._state.world.rev))
        try:
            match request:
                case protocol.Save():
                    after, trouble = self._keeper.save(self._state)
                case protocol.Reload():
                    after, trouble = self._keeper.reload(self._state)
                case protocol.Reconcile(choice, picks):
                    sides = cast(Mapping[str, Side], picks)
                    after, trouble = self._keeper.reconcile(self._state, cast(Choice, choice), sides)
        except WorldError as refused:
            return self._refused(refused, to)
        finally:
            self._show_binding()
        step = self._stepped(after, to)
        if trouble is None:
            return step
        reply = protocol.rejected(to, "unsaved", str(trouble), after.world.rev)
        return session.Step(after, reply, step.changed)

    def _stepped(self, after: EditorState, to: protocol.Address) -> session.Step:
        told = session.changed(self._state, after, to.id)
        return session.Step(after, protocol.accepted(to, after.world.rev, after.notes), told)

    def _refused(self, refused: WorldError, to: protocol.Address) -> session.Step:
        said = refused.reason if isinstance(refused, OpError) else str(refused)
        return session.Step(self._state, protocol.rejected(to, "op", said, self._state.world.rev))

    def _show_binding(self) -> None:
        self.binding = binding(self._keeper)

    def __repr__(self) -> str:
        kept = self._keeper.keeping
        said = {"saved": "saved", "unsaved": "not saved", "conflict": "in conflict"}[kept.status]
        return f"{super().__repr__()}; {said} in {self._keeper.label}, revision {kept.stored.rev}"
