"""The state of saving a world: what is saved, what waits to be saved, what was changed in the store since.

Everything here is values and pure functions; ``store_sync`` makes the calls. Unsaved edits are a list of batches, each
with its own idempotency key, so that a batch whose answer was lost can be sent again and takes effect once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, get_args

from worldkit.comparison import Diff, Merge, diff, merge
from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import format_count
from worldkit.editing.hosted_form import hosted_form
from worldkit.editing.likeness import unlike_items
from worldkit.layout.annotations import Annotations
from worldkit.stores.api.mismatch import NOT_TAKEN
from worldkit.stores.protocol import EditableWorld
from worldkit.widgets import gestures, history
from worldkit.widgets.card_positions import Positions
from worldkit.widgets.editor_state import EditorState
from worldkit.widgets.protocol import Choice, Side
from worldkit.world import World

CHOICES = get_args(Choice)


@dataclass(frozen=True, slots=True)
class Batch:
    """Operations that wait to be saved together.

    Attributes:
        ops: The operations.
        label: What they do, for a person.
        key: Their idempotency key.
    """

    ops: tuple[Json, ...]
    label: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


@checked_methods
@dataclass(frozen=True)
class EditConflict:
    """A world that was edited here and where it lives since it was last the same in both.

    Attributes:
        base: The world at that time.
        mine: The world with the edits made here.
        stored: The world as it stands where it lives.

    Example:
        >>> store = wk.Store("worlds.db")
        >>> stored = store.create(world)
        >>> ed = wk.edit(stored)
        >>> text = {"op": "set_field", "state": "lane", "field": "base"}
        >>> later = store.apply(stored.id, [{**text, "value": "Rain."}])  # by somebody else
        >>> try:
        ...     changed = ed.apply([{**text, "value": "Snow."}])
        ... except wk.Conflict:
        ...     print(ed.conflict.mine.states["lane"].base, ed.conflict.stored.world.states["lane"].base)
        Snow. Rain.
    """

    base: World
    mine: World
    stored: EditableWorld

    @property
    def theirs(self) -> World:
        """The world with the edits made elsewhere."""
        return self.stored.world

    @property
    def rev(self) -> str:
        """The revision that it is at there."""
        return self.stored.rev

    @cached_property
    def elsewhere(self) -> Diff:
        """The changes made elsewhere."""
        return diff(self.base, self.theirs)

    @cached_property
    def merge(self) -> Merge:
        """Both edits together; its conflicts are what both changed, ``ours`` being the edits made here."""
        return merge(self.base, self.mine, self.theirs)

    def outcome(
        self, choice: Choice, picks: Mapping[str, Side] | None = None, values: Mapping[str, Any] | None = None
    ) -> World:
        """Return the world that a choice makes.

        Args:
            choice: ``"rebase"``: the edits made here on top of those made elsewhere; ``"theirs"``, ``"mine"``: one
                of the two as it is.
            picks: For a rebase, the side by the path of each conflict of ``merge``; what is not named is decided
                for the edits made here.
            values: For a rebase, what is to stand there instead of what a side has, by the path of the conflict.

        Raises:
            WorldError: There is no such choice, or no such conflict.
            InvalidWorld: A value cannot stand there.

        Example:
            >>> store = wk.Store("worlds.db")
            >>> stored = store.create(world)
            >>> ed = wk.edit(stored)
            >>> text = {"op": "set_field", "state": "lane", "field": "base"}
            >>> elsewhere = store.apply(stored.id, [{**text, "value": "Rain."}])
            >>> try:
            ...     changed = ed.apply([{**text, "value": "Snow."}])
            ... except wk.Conflict:
            ...     for choice in ("rebase", "theirs", "mine"):
            ...         print(choice, ed.conflict.outcome(choice).states["lane"].base)
            rebase Snow.
            theirs Rain.
            mine Snow.
        """
        if choice not in CHOICES:
            raise WorldError(f"choice: expected one of {', '.join(CHOICES)}, got {quote(choice)}")
        if choice != "rebase":
            return self.theirs if choice == "theirs" else self.mine
        merge_result = self.merge
        for path, side in (picks or {}).items():
            merge_result = merge_result.resolve(path, side)
        for path, value in (values or {}).items():
            merge_result = merge_result.resolve(path, value=value)
        return merge_result.resolve_all("ours").world

    def __repr__(self) -> str:
        count = len(self.merge.conflicts)
        status = (
            f"{format_count(count, 'thing')} changed on both sides" if count else "nothing was changed on both sides"
        )
        return (
            f"EditConflict with {revision_label(self.rev)}: {status}; "
            f'decide with reconcile("rebase"), reconcile("theirs") or reconcile("mine")\n{self.elsewhere!r}'
        )


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Edits that a hosted server did not take, though it answered.

    Attributes:
        diagnostics: Each with its place in the world, and the reason.
        mirror: The world as the server held it then.
        target: The world that was asked for.
    """

    diagnostics: Diagnostics
    mirror: World
    target: World

    def since(self, before: World, after: World) -> NotTaken | None:
        """Return what is left of it after another edit was saved: an item that this edit changed is settled.

        Args:
            before: The world as the server held it.
            after: The world as the server holds it now.
        """
        settled_items = {(item.kind, item.id) for item in unlike_items(json_of(before), json_of(after))}
        open_marks = [mark for mark in self.diagnostics if (mark.item.kind, mark.item.id) not in settled_items]
        return replace(self, diagnostics=Diagnostics(open_marks, after)) if open_marks else None


@dataclass(frozen=True, slots=True)
class SyncState:
    """What an editor knows of its world where it lives.

    Attributes:
        stored: The last version that was the same here and there.
        waiting: What was made here since, oldest first.
        trouble: Why it is not saved, in words; empty when nothing failed.
        conflict: What was changed elsewhere, when that is why.
        not_taken: The edits that a hosted server did not take, until they are decided.
    """

    stored: EditableWorld
    waiting: tuple[Batch, ...] = ()
    trouble: str = ""
    conflict: EditConflict | None = None
    not_taken: NotTaken | None = None

    @property
    def status(self) -> str:
        """``"saved"``, ``"unsaved"`` or ``"conflict"``."""
        if self.conflict is not None:
            return "conflict"
        return "unsaved" if self.waiting else "saved"


def revision_label(rev: str) -> str:
    """Return what to call a revision in a line for a person; only a counter's number says anything to one.

    Args:
        rev: The revision.
    """
    return f"revision {rev}" if rev.isdecimal() else "the file as it is now"


def batch_of(before: EditorState, after: EditorState) -> Batch | None:
    """Return what a step of an editor did to its world, as a batch; None when it did nothing to it.

    Args:
        before: The editor.
        after: The editor one gesture, undo or redo later.
    """
    if after.world is before.world:
        return None
    is_undo = len(after.undo_stack) < len(before.undo_stack)
    gesture = before.undo_stack[-1] if is_undo else after.undo_stack[-1]
    ops = gesture.inverse if is_undo else gesture.ops
    return Batch(ops, f"Undo: {gesture.label}" if is_undo else gesture.label) if ops else None


def squash_batches(sync: SyncState, world: World) -> SyncState:
    """Return the same with all that waits as one batch, as short as can be; nothing waits if nothing differs.

    Args:
        sync: What waits.
        world: The world as it is here.
    """
    ops = tuple(diff(sync.stored.world, world).ops)
    labels = [batch.label for batch in sync.waiting] or ["Restored edits"]
    label = labels[0] if len(labels) == 1 else f"{len(labels)} edits"
    return replace(sync, waiting=(Batch(ops, label),) if ops else ())


def with_conflict(sync: SyncState, world: World, stored: EditableWorld) -> SyncState:
    """Return the same with what was changed elsewhere.

    Args:
        sync: What was agreed, and what waits.
        world: The world as it is here.
        stored: The world as it stands where it lives.
    """
    return replace(sync, conflict=EditConflict(sync.stored.world, world, stored), trouble="")


def adopt_stored(
    state: EditorState,
    stored: EditableWorld,
    positions: Positions | None = None,
    annotations: Annotations | None = None,
) -> EditorState:
    """Return an editor whose world is what stands where it lives, as a step that undo does not go back over.

    Args:
        state: The editor.
        stored: The world as it stands there.
        positions: Where cards stand there; those that are here already stay.
        annotations: What else is on the map there; None for what is here.
    """
    new_positions = {id: place for id, place in (positions or {}).items() if id not in state.positions}
    return gestures.replace_world(
        state,
        stored.world,
        f"Load {revision_label(stored.rev)}",
        positions=new_positions,
        annotations=annotations,
        foreign=True,
    )


def settle(state: EditorState, stored: EditableWorld, previous: World, *, undone: bool = False) -> EditorState:
    """Return an editor whose world is what a store made of a batch that it took.

    What a server only completed stays part of the gesture; anything else is a step that undo does not go back over.

    Args:
        state: The editor.
        stored: The world as the store returned it.
        previous: The world as the store held it before.
        undone: The batch took a gesture back.
    """
    expected = hosted_form(json_of(state.world), json_of(previous))
    if next(unlike_items(expected, json_of(stored.world)), None) is None:
        completed = history.complete(state, stored.world, undone=undone)
        if completed is not None:
            return completed
    return adopt_stored(state, stored)


def retry(state: EditorState, not_taken: NotTaken) -> EditorState:
    """Return an editor with the edits that were not taken made again, on top of what was edited since.

    Args:
        state: The editor.
        not_taken: The edits.
    """
    merged_world = merge(not_taken.mirror, not_taken.target, state.world).resolve_all("ours").world
    count = len(not_taken.diagnostics)
    return gestures.replace_world(state, merged_world, f"Try {format_count(count, 'edit')} again")


def with_marks(state: EditorState, not_taken: NotTaken | None) -> EditorState:
    """Return an editor whose findings begin with the edits that were not taken.

    Args:
        state: The editor.
        not_taken: The edits; None when all were taken.
    """
    marks = tuple(not_taken.diagnostics) if not_taken else ()
    findings = tuple(one for one in state.diagnostics if one.lint != NOT_TAKEN)
    if tuple(state.diagnostics) == (*marks, *findings):
        return state
    return replace(state, diagnostics=Diagnostics((*marks, *findings), state.world))


def reconcile(
    state: EditorState,
    sync: SyncState,
    choice: Choice,
    picks: Mapping[str, Side] | None = None,
    values: Mapping[str, Any] | None = None,
    positions: Positions | None = None,
) -> tuple[EditorState, SyncState]:
    """Return the editor, and what of it is saved, after a conflict was decided.

    The history continues with the edits made elsewhere, then with the remaining edits made here. Undo takes the
    latter back and stops before the former; after ``"theirs"`` redo puts the edits made here on top.

    Args:
        state: The editor.
        sync: What of it is saved, with a conflict.
        choice: As for ``EditConflict.outcome``.
        picks: Likewise.
        values: Likewise.
        positions: Where cards stand where it lives.

    Raises:
        WorldError: There is no conflict, or no such choice or pick.
        InvalidWorld: A value cannot stand there.
    """
    conflict = sync.conflict
    if conflict is None:
        raise WorldError("there is no conflict to decide: nobody else changed this world")
    target = conflict.outcome(choice, picks, values)
    labels = [batch.label for batch in sync.waiting]
    label = labels[0] if len(labels) == 1 else f"{len(labels)} edits made here"
    adopted = adopt_stored(state, conflict.stored, positions)
    sync_state = SyncState(conflict.stored)
    if choice == "theirs":
        rebased_state = gestures.replace_world(adopted, conflict.outcome("rebase"), label)
        redo_stack = rebased_state.undo_stack[len(adopted.undo_stack) :]
        return replace(adopted, redo_stack=redo_stack), sync_state
    after = gestures.replace_world(adopted, target, label)
    batch = batch_of(adopted, after)
    return after, replace(sync_state, waiting=(batch,) if batch else ())
