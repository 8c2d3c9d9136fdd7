"""``Keeper``: keeps an editor's world where it lives. It makes the calls; what they mean is decided in ``keeping``."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from worldkit.core.errors import Conflict, FileChanged, InvalidWorld, NotFound, OpError, RuleViolation, WorldError
from worldkit.core.json_values import escape_unprintable
from worldkit.stores.protocol import Held, Place
from worldkit.widgets import sync_state
from worldkit.widgets.history import EditorState, Moved, Places
from worldkit.widgets.protocol import Choice, Side
from worldkit.widgets.sync_state import Batch, Keeping

log = logging.getLogger("worldkit.widgets")

REFUSED = (OpError, RuleViolation, InvalidWorld)
"""What a store raises of operations that it will never take."""

LONGEST_PAUSE = 30.0
"""Seconds at the most between two tries of one's own accord when a store cannot be reached."""


class Keeper:
    """Saves what an editor does, each batch at the revision it was made against.

    A batch that is not saved stays in ``keeping.waiting``: an answer that did not come, or an edit somebody else made
    first, loses nothing. While a store fails, edits try it again after a pause that grows; ``save`` tries at once.

    Args:
        stored: The world, as it was read there.
        place: Where it lives.
        clock: Seconds that only grow.
    """

    def __init__(self, stored: Held, place: Place, clock: Callable[[], float] = time.monotonic) -> None:
        self.keeping = Keeping(stored)
        self.layout_trouble = ""
        self._places = place
        self._clock = clock
        self._failures = 0
        self._next_try = 0.0
        self._unplaced: dict[str, tuple[float, float] | None] = {}

    @property
    def place(self) -> Place:
        """Where the world lives."""
        return self._places

    @property
    def label(self) -> str:
        """What to call that place in a line for a person."""
        named = getattr(self._places, "label", None)
        return escape_unprintable(named) if isinstance(named, str) and named else type(self._places).__name__

    def layout(self) -> Places:
        """Return where cards stand, as that place knows it; nothing of one that keeps no positions, or fails."""
        read = getattr(self._places, "layout", None)
        if read is None:
            return {}
        try:
            found: Places = read(self.keeping.stored.id)
        except Exception as failed:
            self._fail_layout(failed)
            return {}
        return found

    def again(self) -> Keeper:
        """Return another keeper of the same world that knows all that this one knows."""
        other = Keeper(self.keeping.stored, self._places, self._clock)
        other.keeping, other._unplaced = self.keeping, self._unplaced
        return other

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
        batch = sync_state.made(before, after)
        if batch is not None:
            self.keeping = replace(had, waiting=(*had.waiting, batch))
        self._note_places(before, after)
        if self.keeping.conflict is not None:
            if batch is not None:
                self.keeping = sync_state.met(self.keeping, after.world, self.keeping.conflict.stored)
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
            if self.keeping.waiting:
                return self.save(state)
        except REFUSED as refused:
            if len(self.keeping.waiting) > 1:
                # what refused one of several may have been taken back by a later one
                self.keeping = sync_state.together(self.keeping, state.world)
                return self.save(state)
            self.keeping = replace(self.keeping, trouble=str(refused))
            raise
        except Exception as failed:
            return state, self._fail(failed)
        self._failures, self._next_try = 0, 0.0
        self._place()
        stored = self.keeping.stored
        if self.keeping.conflict is None and stored.world != state.world:
            state = sync_state.taken_over(state, stored, self.layout())
        return state, None

    def reload(self, state: EditorState) -> tuple[EditorState, WorldError | None]:
        """Look for what was changed elsewhere: take it over, or, where something waits here, meet it.

        Args:
            state: The editor.

        Returns:
            As for ``follow``.
        """
        try:
            stored = self._read()
        except Exception as failed:
            return state, self._fail(failed)
        if self.keeping.waiting and stored.world != state.world:
            if stored.rev == self.keeping.stored.rev:
                return self.save(state)
            self.keeping = sync_state.met(self.keeping, state.world, stored)
            return state, self._stale(stored)
        self.keeping = Keeping(stored)
        return sync_state.taken_over(state, stored, self.layout()), None

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
        after, self.keeping = sync_state.reconciled(state, self.keeping, choice, picks, self.layout())
        self._note_places(state, after)
        return self.save(after)

    def bring(self, state: EditorState) -> tuple[EditorState, WorldError | None]:
        """Save an editor that came as a whole, with a world and a history of its own.

        Args:
            state: The editor.

        Returns:
            As for ``follow``.
        """
        self.keeping = sync_state.together(replace(self.keeping, conflict=None), state.world)
        self.put_all(state)
        return self.save(state) if self.keeping.waiting else self.reload(state)

    def put_all(self, state: EditorState) -> None:
        """Keep where a person has placed cards, in place of all that is known there.

        Args:
            state: The editor.
        """
        self._unplaced = {**dict.fromkeys(self.layout()), **{id: state.places[id] for id in state.held}}
        self._place_if_saved()

    # ---- inside --------------------------------------------------------------------------------

    def _read(self) -> Held:
        return self._places.get(self.keeping.stored.id)

    def _stale(self, stored: Held) -> Conflict:
        was, now = self.keeping.stored.rev, stored.rev
        return Conflict(was, now) if now.isdecimal() else FileChanged(self.label, was, now)

    def _send(self, batch: Batch) -> None:
        stored = self.keeping.stored
        now = self._places.apply(stored.id, batch.ops, rev=stored.rev, idempotency_key=batch.key)
        self.keeping = Keeping(now, self.keeping.waiting[1:])

    def _meet(self, state: EditorState, stale: Conflict) -> WorldError | None:
        try:
            stored = self._read()
        except Exception as failed:
            return self._fail(failed)
        if stored.world == state.world:  # it was saved, and the answer was lost
            self.keeping = Keeping(stored)
            return None
        if stored.world == self.keeping.stored.world:  # written anew, and nothing changed: what waits goes on top
            self.keeping = replace(self.keeping, stored=stored)
            return None
        self.keeping = sync_state.met(self.keeping, state.world, stored)
        return stale

    def _fail(self, failed: Exception) -> WorldError:
        if isinstance(failed, NotFound):
            said = f"it is no longer in {self.label}; keep it with create(ed.world), or save it to a file"
        elif isinstance(failed, WorldError):
            said = str(failed)
        else:
            log.error("the place of a world failed", exc_info=failed)
            said = f"{self.label} failed ({type(failed).__name__}); the kernel's log says where"
        self._failures += 1
        self._next_try = self._clock() + min(LONGEST_PAUSE, 2.0 ** min(self._failures, 10))
        self.keeping = replace(self.keeping, trouble=said)
        return failed if isinstance(failed, WorldError) else WorldError(said)

    def _note_places(self, before: EditorState, after: EditorState) -> None:
        self._unplaced = {**self._unplaced, **moves(before, after)}
        self._place_if_saved()

    def _place_if_saved(self) -> None:
        if not self.keeping.waiting and self.keeping.conflict is None:
            self._place()

    def _place(self) -> None:
        if not self._unplaced or not hasattr(self._places, "place"):
            return
        try:
            self._places.place(self.keeping.stored.id, self._unplaced)
            self._unplaced, self.layout_trouble = {}, ""
        except Exception as failed:  # where cards stand is worth another try, and no alarm
            self._fail_layout(failed)

    def _fail_layout(self, failed: Exception) -> None:
        if isinstance(failed, WorldError):
            self.layout_trouble = str(failed)
        else:
            log.error("a store's positions failed", exc_info=failed)
            self.layout_trouble = f"{self.label} does not take them; the kernel's log says where it failed"


def moves(before: EditorState, after: EditorState) -> Moved:
    """Return where a step put the cards that a person has placed, and None for those that are placed no more.

    Args:
        before: The editor.
        after: The editor one step later.
    """
    gone = before.held - after.held
    put = {id: after.places[id] for id in after.held if id not in before.held or before.places[id] != after.places[id]}
    return {**dict.fromkeys(gone), **put}
