"""``StoreSync``: saves an editor's world to its store. It makes the calls; ``sync_steps`` decides what they mean."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from worldkit.core.errors import (
    Conflict,
    FileChanged,
    InvalidWorld,
    NotFound,
    OpError,
    RuleViolation,
    StoredOtherwise,
    WorldError,
)
from worldkit.stores.protocol import EditableStore, EditableWorld, store_label
from worldkit.widgets import sync_steps
from worldkit.widgets.editor_state import EditorState, SaveResult
from worldkit.widgets.map_sync import MapSync
from worldkit.widgets.protocol import Choice, Side
from worldkit.widgets.sync_state import Batch, NotTaken, SyncState
from worldkit.world import World

log = logging.getLogger("worldkit.widgets")

STORE_REFUSALS = (OpError, RuleViolation, InvalidWorld)
"""What a store raises of operations that it will never take."""

INTERRUPTED_MESSAGE = "the kernel was interrupted"

MAX_PAUSE_S = 30.0
"""Seconds at the most between two tries of one's own accord when a store cannot be reached."""


class StoreSync:
    """Saves what an editor does, each batch at the revision it was made against.

    A batch that is not saved stays in ``sync_state.waiting``: a lost answer, an interrupt, or an edit made elsewhere
    first, loses nothing. While a store fails, edits try it again after a pause that grows; ``save`` tries at once.

    Args:
        stored_world: The world, as it was read there.
        store: The store that holds it.
        clock: Seconds that only grow.

    Attributes:
        sync_state: What is saved and what waits.
        map: Saves where cards stand and what else is on the map, once the world is saved.
    """

    def __init__(
        self, stored_world: EditableWorld, store: EditableStore, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.sync_state: SyncState = SyncState(stored_world)
        self.map: MapSync = MapSync(store, stored_world.id)
        self._store = store
        self._clock = clock
        self._failures = 0
        self._next_try = 0.0

    @property
    def store(self) -> EditableStore:
        """The store that holds the world."""
        return self._store

    @property
    def label(self) -> str:
        """What to call that place in a line for a person."""
        return store_label(self._store)

    def copy(self) -> StoreSync:
        """Return a copy, for another editor of the same world."""
        other = StoreSync(self.sync_state.stored_world, self._store, self._clock)
        other.sync_state, other.map.pending_map = self.sync_state, self.map.pending_map
        return other

    @property
    def place(self) -> tuple[str, ...]:
        """What tells the place of this world from any other."""
        return str(getattr(self._store, "path", "")), self.label, self.sync_state.stored_world.id

    def with_unsaved(self, earlier: StoreSync | None, opened_world: World, last: World) -> StoreSync:
        """Return a copy that has what an earlier editor of the same world did not save before what waits here.

        Args:
            earlier: Saves the world of the earlier editor; None when it was not saved.
            opened_world: The world as it was when this editor was opened.
            last: The world of the earlier editor.
        """
        sync = self.copy()
        if earlier is not None:
            past, now = earlier.sync_state, self.sync_state
            is_unchanged = opened_world in (past.stored_world.world, last)
            stored_world = (
                now.stored_world if is_unchanged else past.stored_world
            )  # else what was changed in between meets what waited
            waiting_batches, not_taken = (*past.waiting_batches, *now.waiting_batches), now.not_taken or past.not_taken
            sync.sync_state = SyncState(stored_world, waiting_batches, not_taken=not_taken)
        return sync

    def follow(self, before: EditorState, after: EditorState) -> SaveResult:
        """Save what a step of the editor did.

        Returns:
            The editor, which may hold what the store made of the step; and what kept it from being saved, if
            anything did, an interrupt included. The edit is kept all the same.

        Raises:
            OpError, RuleViolation, InvalidWorld: The store refused the step; it should be taken back.
        """
        state, trouble = self._follow(before, after)
        return sync_steps.with_marks(state, self.sync_state.not_taken), trouble

    def _follow(self, before: EditorState, after: EditorState) -> SaveResult:
        previous, previous_map = self.sync_state, self.map.pending_map
        batch = sync_steps.batch_of(before, after)
        self.map.note(before, after)
        if batch is not None:
            self.sync_state = replace(previous, waiting_batches=(*previous.waiting_batches, batch))
        interruption = self._save_map_if_synced()
        if interruption is not None:
            return after, interruption
        if self.sync_state.conflict is not None:
            if batch is not None:
                self.sync_state = sync_steps.with_conflict(
                    self.sync_state, after.world, self.sync_state.conflict.stored
                )
            return after, None
        if self.sync_state.waiting_batches and self._clock() < self._next_try:
            return after, None
        try:
            return self.save(after, undone=len(after.undo_stack) < len(before.undo_stack))
        except STORE_REFUSALS as refusal:
            # with nothing older waiting it is this step that was refused: the editor goes back to before it
            if previous.waiting_batches or batch is None:
                return after, refusal
            self.sync_state, self.map.pending_map = previous, previous_map
            raise

    def save(self, state: EditorState, *, undone: bool = False) -> SaveResult:
        """Try to save all that waits, now.

        Args:
            undone: What waits last took a gesture back.

        Returns:
            As for ``follow``.

        Raises:
            OpError, RuleViolation, InvalidWorld: The store refused it.
        """
        previous = self.sync_state.stored_world.world
        try:
            while self.sync_state.waiting_batches and self.sync_state.conflict is None:
                self._send(self.sync_state.waiting_batches[0])
        except StoredOtherwise as otherwise:
            return self._take_mirror(state, otherwise)
        except Conflict as conflict:
            trouble = self._resolve_stale(state, conflict)
            if trouble is not None:
                return state, trouble
            if self.sync_state.waiting_batches:
                return self.save(state)
        except STORE_REFUSALS as refusal:
            if len(self.sync_state.waiting_batches) > 1:
                # what refused one of several may have been taken back by a later one
                self.sync_state = sync_steps.squash_batches(self.sync_state, state.world)
                return self.save(state)
            self.sync_state = replace(self.sync_state, trouble=str(refusal))
            raise
        except BaseException as error:
            return state, self._fail(error)
        self._failures, self._next_try = 0, 0.0
        stored_world = self.sync_state.stored_world
        if self.sync_state.conflict is None and stored_world.world != state.world:
            state = sync_steps.settle(state, stored_world, previous, undone=undone)
        return sync_steps.with_marks(state, self.sync_state.not_taken), self._save_map()

    def _take_mirror(self, state: EditorState, error: StoredOtherwise) -> SaveResult:
        """Return the editor with the world that the server holds; what it did not take is marked, never sent again."""
        try:
            places = self.map.layout()
        except BaseException as interruption:
            return state, self._fail(interruption)
        is_alone = len(self.sync_state.waiting_batches) == 1
        target = error.expected if is_alone else state.world
        not_taken = NotTaken(error.diagnostics, error.world, target)
        self.sync_state = SyncState(error.stored, not_taken=not_taken)
        self._failures, self._next_try = 0, 0.0
        return sync_steps.with_marks(sync_steps.adopt_stored(state, error.stored, places), not_taken), error

    def keep_theirs(self, state: EditorState) -> SaveResult:
        """Leave the edits that were not taken as they are on the server, and take their marks away.

        Returns:
            As for ``follow``.

        Raises:
            WorldError: All edits were taken.
        """
        self._require_not_taken()
        self.sync_state = replace(self.sync_state, not_taken=None)
        return sync_steps.with_marks(state, None), None

    def retry(self, state: EditorState) -> SaveResult:
        """Make the edits that were not taken again, as a new edit of the world as it now stands.

        Returns:
            As for ``follow``.

        Raises:
            WorldError: All edits were taken.
            OpError, RuleViolation, InvalidWorld: The store refused them.
        """
        not_taken = self._require_not_taken()
        after = sync_steps.retry(state, not_taken)
        self.sync_state = replace(self.sync_state, not_taken=None)
        if after is state:
            return sync_steps.with_marks(state, None), None
        try:
            return self.follow(state, after)
        except STORE_REFUSALS:
            self.sync_state = replace(self.sync_state, not_taken=not_taken)
            raise

    def _require_not_taken(self) -> NotTaken:
        if self.sync_state.not_taken is None:
            raise WorldError("there is nothing to decide: all edits were taken")
        return self.sync_state.not_taken

    def reload(self, state: EditorState) -> SaveResult:
        """Look for what was changed elsewhere: take it over, or, where something waits here, meet it.

        Returns:
            As for ``follow``.
        """
        try:
            stored_world = self._read()
            places, on_map = (
                self.map.layout(),
                None if self.map.pending_map.annotations else self.map.read_annotations(),
            )
        except BaseException as error:
            return state, self._fail(error)
        if self.sync_state.waiting_batches and stored_world.world != state.world:
            if (
                stored_world.world == self.sync_state.stored_world.world
            ):  # what was changed elsewhere was taken back there
                self.sync_state = replace(self.sync_state, stored_world=stored_world, conflict=None)
                return self.save(state)
            self.sync_state = sync_steps.with_conflict(self.sync_state, state.world, stored_world)
            return state, self._stale(stored_world)
        self.sync_state = SyncState(stored_world)
        return sync_steps.with_marks(sync_steps.adopt_stored(state, stored_world, places, on_map), None), None

    def reconcile(
        self,
        state: EditorState,
        choice: Choice,
        picks: Mapping[str, Side] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> SaveResult:
        """Decide the conflict and save what it makes.

        Args:
            choice: As for ``EditConflict.outcome``.
            picks: Likewise.
            values: Likewise.

        Returns:
            As for ``follow``.

        Raises:
            WorldError: There is no conflict, or no such choice or pick.
            InvalidWorld: A value cannot stand there.
            OpError, RuleViolation, InvalidWorld: The store refused what the choice makes; nothing was decided.
        """
        previous, previous_map = self.sync_state, self.map.pending_map
        after, self.sync_state = sync_steps.reconcile(state, previous, choice, picks, values, self.map.layout())
        interruption = self._note_map(state, after)
        if interruption is not None:
            return after, interruption
        try:
            return self.save(after)
        except STORE_REFUSALS:
            # the editor stays as it was; without the conflict its next edit would take the edits made elsewhere back
            self.sync_state, self.map.pending_map = previous, previous_map
            raise

    def save_all(self, before: EditorState, after: EditorState) -> SaveResult:
        """Save an editor that is replaced as a whole, with its world and history.

        Args:
            before: The editor whose map is saved, or waits to be.
            after: The editor that takes its place.

        Returns:
            As for ``follow``.
        """
        self.sync_state = sync_steps.squash_batches(replace(self.sync_state, conflict=None), after.world)
        interruption = self._note_map(before, after)
        if interruption is not None:
            return after, interruption
        return self.save(after) if self.sync_state.waiting_batches else self.reload(after)

    def replace_map(self, state: EditorState) -> BaseException | None:
        """Keep where a person has placed cards and what else is on the map, in place of all that is known there.

        Returns:
            What interrupted that, if anything did; it is kept to be tried again.
        """
        self.map.replace(state)
        return self._save_map_if_synced()

    # ---- inside --------------------------------------------------------------------------------

    def _read(self) -> EditableWorld:
        return self._store.get(self.sync_state.stored_world.id)

    def _stale(self, stored_world: EditableWorld) -> Conflict:
        expected, current = self.sync_state.stored_world.rev, stored_world.rev
        return Conflict(expected, current) if current.isdecimal() else FileChanged(self.label, expected, current)

    def _send(self, batch: Batch) -> None:
        stored_world = self.sync_state.stored_world
        stored_now = self._store.apply(stored_world.id, batch.ops, rev=stored_world.rev, idempotency_key=batch.key)
        not_taken = self.sync_state.not_taken and self.sync_state.not_taken.since(stored_world.world, stored_now.world)
        self.sync_state = SyncState(stored_now, self.sync_state.waiting_batches[1:], not_taken=not_taken)

    def _resolve_stale(self, state: EditorState, conflict: Conflict) -> BaseException | None:
        try:
            stored_world = self._read()
        except BaseException as error:
            return self._fail(error)
        if stored_world.world == state.world:  # it was saved, and the answer was lost
            self.sync_state = SyncState(stored_world)
            return None
        if (
            stored_world.world == self.sync_state.stored_world.world
        ):  # written anew, and nothing changed: what waits goes on top
            self.sync_state = replace(self.sync_state, stored_world=stored_world)
            return None
        self.sync_state = sync_steps.with_conflict(self.sync_state, state.world, stored_world)
        return conflict

    def _fail(self, error: BaseException) -> BaseException:
        """Note why a call failed, and return what to raise for it. Something that interrupts is raised as it is."""
        if not isinstance(error, Exception):
            message = INTERRUPTED_MESSAGE
        elif isinstance(error, NotFound):
            message = f"it is no longer in {self.label}; keep it with create(ed.world), or save it to a file"
        elif isinstance(error, WorldError):
            message = str(error)
        else:
            log.error("the place of a world failed", exc_info=error)
            message = f"{self.label} failed ({type(error).__name__}); the kernel's log says where"
        self._failures += 1
        self._next_try = self._clock() + min(MAX_PAUSE_S, 2.0 ** min(self._failures, 10))
        self.sync_state = replace(self.sync_state, trouble=message)
        return WorldError(message) if isinstance(error, Exception) and not isinstance(error, WorldError) else error

    def _note_map(self, before: EditorState, after: EditorState) -> BaseException | None:
        self.map.note(before, after)
        return self._save_map_if_synced()

    def _save_map_if_synced(self) -> BaseException | None:
        is_synced = not self.sync_state.waiting_batches and self.sync_state.conflict is None
        return self._save_map() if is_synced else None

    def _save_map(self) -> BaseException | None:
        """Save what is not saved of the map; return what interrupted that, if anything did."""
        try:
            self.map.save()
        except BaseException as interruption:  # what fails there is no exception
            self.map.trouble = INTERRUPTED_MESSAGE
            return interruption
        return None
