"""``Keeper``: keeps an editor's world in a store. It makes the calls; what they mean is decided in ``keeping``."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from worldkit.errors import Conflict, InvalidWorld, NotFound, OpError, RuleViolation, WorldError
from worldkit.jsonish import printable
from worldkit.notebook import keeping
from worldkit.notebook.history import EditorState, Moved, Places
from worldkit.notebook.keeping import Batch, Choice, Keeping, Side
from worldkit.store.interface import StoredWorld

log = logging.getLogger("worldkit.notebook")

REFUSED = (OpError, RuleViolation, InvalidWorld)
"""What a store raises of operations that it will never take."""

LONGEST_PAUSE = 30.0
"""Seconds at the most between two tries of one's own accord when a store cannot be reached."""


class Keeper:
    """Saves what an editor does, each batch at the revision it was made against.

    A batch that is not saved stays in ``keeping.waiting``: an answer that did not come, or an edit somebody else made
    first, loses nothing. While a store fails, edits try it again after a pause that grows; ``save`` tries at once.

    Args:
        stored: The world.
        clock: Seconds that only grow.
    """

    def __init__(self, stored: StoredWorld, clock: Callable[[], float] = time.monotonic) -> None:
        self.keeping = Keeping(stored)
        self._places = stored.store
        self._clock = clock
        self._failures = 0
        self._next_try = 0.0
        self._unplaced: dict[str, tuple[float, float] | None] = {}

    @property
    def label(self) -> str:
        """What to call the store in a line for a person."""
        named = getattr(self._places, "label", None)
        return printable(named) if isinstance(named, str) and named else type(self._places).__name__

    def layout(self) -> Places:
        """Return where cards stand, as the store knows it; nothing of a store that keeps no positions."""
        read = getattr(self._places, "layout", None)
        found: Places = read(self.keeping.stored.id) if read else {}
        return found

    def follow(self, before: EditorState, after: EditorState) -> tuple[EditorState, WorldError | None]:
        """Save what a step of the editor did.

        Args:
            before: The editor.
            after: The editor one step later.

        Returns:
            The editor, which may hold what the store made of the step; and what kept it from being saved, if
            anything did. The edit is kept all the same.

        Raises:
            OpError, RuleViolation, InvalidWorld: The store refused the step; it should be taken back.
        """
        had, unplaced = self.keeping, self._unplaced
        batch = keeping.made(before, after)
        if batch is not None:
            self.keeping = replace(had, waiting=(*had.waiting, batch))
        self._note_places(before, after)
        if self.keeping.conflict is not None:
            if batch is not None:
                self.keeping = keeping.met(self.keeping, after.world, self.keeping.conflict.stored)
            return after, None
        if self.keeping.waiting and self._clock() < self._next_try:
            return after, None
        try:
            return self.save(after)
        except REFUSED:
            # with nothing older waiting it is this step that was refused: the editor goes back to before it
            if had.waiting or batch is None:
                return after, None
            self.keeping, self._unplaced = had, unplaced
            raise

    def save(self, state: EditorState) -> tuple[EditorState, WorldError | None]:
        """Try to save all that waits, now.

        Args:
            state: The editor.

        Returns:
            As for ``follow``.

        Raises:
            OpError, RuleViolation, InvalidWorld: The store refused it.
        """
        try:
            while self.keeping.waiting and self.keeping.conflict is None:
                self._send(self.keeping.waiting[0])
        except Conflict as stale:
            trouble = self._meet(state, stale)
            if trouble is not None:
                return state, trouble
        except REFUSED as refused:
            if len(self.keeping.waiting) > 1:
                # what refused one of several may have been taken back by a later one
                self.keeping = keeping.together(self.keeping, state.world)
                return self.save(state)
            self.keeping = replace(self.keeping, trouble=str(refused))
            raise
        except Exception as failed:
            return state, self._fail(failed)
        self._failures, self._next_try = 0, 0.0
        self._place()
        stored = self.keeping.stored
        if self.keeping.conflict is None and stored.world != state.world:
            state = keeping.taken_over(state, stored, self._known_places())
        return state, None

    def reload(self, state: EditorState) -> tuple[EditorState, WorldError | None]:
        """Look for what was changed elsewhere: take it over, or, where something waits here, meet it.

        Args:
            state: The editor.

        Returns:
            As for ``follow``.
        """
        try:
            stored = self.keeping.stored.reload()
        except Exception as failed:
            return state, self._fail(failed)
        if self.keeping.waiting and stored.world != state.world:
            if stored.rev == self.keeping.stored.rev:
                return self.save(state)
            self.keeping = keeping.met(self.keeping, state.world, stored)
            return state, Conflict(self.keeping.stored.rev, stored.rev)
        self.keeping = Keeping(stored)
        return keeping.taken_over(state, stored, self._known_places()), None

    def reconcile(
        self, state: EditorState, choice: Choice, picks: Mapping[str, Side] | None = None
    ) -> tuple[EditorState, WorldError | None]:
        """Decide the conflict and save what it makes.

        Args:
            state: The editor.
            choice: As for ``EditConflict.outcome``.
            picks: Likewise.

        Returns:
            As for ``follow``.

        Raises:
            WorldError: There is no conflict, or no such choice or pick.
        """
        after, self.keeping = keeping.reconciled(state, self.keeping, choice, picks, self._known_places())
        self._note_places(state, after)
        return self.save(after)

    # ---- inside --------------------------------------------------------------------------------

    def _send(self, batch: Batch) -> None:
        stored = self.keeping.stored
        now = self._places.apply(stored.id, batch.ops, rev=stored.rev, idempotency_key=batch.key)
        self.keeping = Keeping(now, self.keeping.waiting[1:])

    def _meet(self, state: EditorState, stale: Conflict) -> WorldError | None:
        try:
            stored = self.keeping.stored.reload()
        except Exception as failed:
            return self._fail(failed)
        if stored.world == state.world:  # it was saved, and the answer was lost
            self.keeping = Keeping(stored)
            return None
        self.keeping = keeping.met(self.keeping, state.world, stored)
        return stale

    def _fail(self, failed: Exception) -> WorldError:
        if isinstance(failed, NotFound):
            said = f"it is no longer in {self.label}; keep it with create(ed.world), or save it to a file"
        elif isinstance(failed, WorldError):
            said = str(failed)
        else:
            log.error("a store failed", exc_info=failed)
            said = f"{self.label} failed ({type(failed).__name__}); the kernel's log says where"
        self._failures += 1
        self._next_try = self._clock() + min(LONGEST_PAUSE, 2.0 ** min(self._failures, 10))
        self.keeping = replace(self.keeping, trouble=said)
        return failed if isinstance(failed, WorldError) else WorldError(said)

    def _known_places(self) -> Places:
        try:
            return self.layout()
        except Exception:
            log.exception("a store's positions could not be read")
            return {}

    def _note_places(self, before: EditorState, after: EditorState) -> None:
        if not hasattr(self._places, "place"):
            return
        self._unplaced = {**self._unplaced, **moves(before, after)}
        if not self.keeping.waiting and self.keeping.conflict is None:
            self._place()

    def _place(self) -> None:
        if not self._unplaced:
            return
        try:
            self._places.place(self.keeping.stored.id, self._unplaced)  # type: ignore[attr-defined]
            self._unplaced = {}
        except Exception:  # where cards stand is worth another try, and no alarm
            log.exception("a store's positions could not be written")


def moves(before: EditorState, after: EditorState) -> Moved:
    """Return where a step put the cards that a person has placed, and None for those that are placed no more.

    Args:
        before: The editor.
        after: The editor one step later.
    """
    gone = before.held - after.held
    put = {id: after.places[id] for id in after.held if id not in before.held or before.places[id] != after.places[id]}
    return {**dict.fromkeys(gone), **put}
