"""What becomes of an editor and of what waits to be saved: after an edit, an answer, a conflict. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from worldkit.comparison import diff, merge
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.quoting import format_count
from worldkit.editing.hosted_form import hosted_form
from worldkit.editing.likeness import unlike_items
from worldkit.layout.annotations import Annotations
from worldkit.stores.api.mismatch import NOT_TAKEN
from worldkit.stores.protocol import EditableWorld
from worldkit.widgets import gestures, history
from worldkit.widgets.editor_state import EditorState, Positions
from worldkit.widgets.protocol import Choice, Side
from worldkit.widgets.sync_state import Batch, EditConflict, NotTaken, SyncState, revision_label
from worldkit.world import World


def batch_of(before: EditorState, after: EditorState) -> Batch | None:
    """Return what a step of an editor did to its world, as a batch; None when it did nothing to it.

    Args:
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
    ops = tuple(diff(sync.stored_world.world, world).ops)
    labels = [batch.label for batch in sync.waiting_batches] or ["Restored edits"]
    label = labels[0] if len(labels) == 1 else f"{len(labels)} edits"
    return replace(sync, waiting_batches=(Batch(ops, label),) if ops else ())


def with_conflict(sync: SyncState, world: World, stored_world: EditableWorld) -> SyncState:
    """Return the same with what was changed elsewhere.

    Args:
        sync: What was agreed, and what waits.
        world: The world as it is here.
        stored_world: The world as it stands where it lives.
    """
    return replace(sync, conflict=EditConflict(sync.stored_world.world, world, stored_world), trouble="")


def adopt_stored(
    state: EditorState,
    stored_world: EditableWorld,
    positions: Positions | None = None,
    annotations: Annotations | None = None,
) -> EditorState:
    """Return an editor whose world is what stands where it lives, as a step that undo does not go back over.

    Args:
        stored_world: The world as it stands there.
        positions: Where cards stand there; those that are here already stay.
        annotations: What else is on the map there; None for what is here.
    """
    new_positions = {id: place for id, place in (positions or {}).items() if id not in state.positions}
    return gestures.replace_world(
        state,
        stored_world.world,
        f"Load {revision_label(stored_world.rev)}",
        positions=new_positions,
        annotations=annotations,
        foreign=True,
    )


def settle(state: EditorState, stored_world: EditableWorld, previous: World, *, undone: bool = False) -> EditorState:
    """Return an editor whose world is what a store made of a batch that it took.

    What a server only completed stays part of the gesture; anything else is a step that undo does not go back over.

    Args:
        stored_world: The world as the store returned it.
        previous: The world as the store held it before.
        undone: The batch took a gesture back.
    """
    world, stored_json = json_of(state.world), json_of(stored_world.world)
    forms = (world, hosted_form(world, json_of(previous)))
    if any(next(unlike_items(form, stored_json), None) is None for form in forms):
        completed_state = history.complete(state, stored_world.world, undone=undone)
        if completed_state is not None:
            return completed_state
    return adopt_stored(state, stored_world)


def retry(state: EditorState, not_taken: NotTaken) -> EditorState:
    """Return an editor with the edits that were not taken made again, on top of what was edited since.

    Args:
        not_taken: The edits.
    """
    merged_world = merge(not_taken.mirror, not_taken.target, state.world).resolve_all("ours").world
    count = len(not_taken.diagnostics)
    return gestures.replace_world(state, merged_world, f"Try {format_count(count, 'edit')} again")


def with_marks(state: EditorState, not_taken: NotTaken | None) -> EditorState:
    """Return an editor whose findings begin with the edits that were not taken.

    Args:
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
    labels = [batch.label for batch in sync.waiting_batches]
    label = labels[0] if len(labels) == 1 else f"{len(labels)} edits made here"
    adopted_state = adopt_stored(state, conflict.stored, positions)
    sync_state = SyncState(conflict.stored)
    if choice == "theirs":
        rebased_state = gestures.replace_world(adopted_state, conflict.outcome("rebase"), label)
        redo_stack = rebased_state.undo_stack[len(adopted_state.undo_stack) :]
        return replace(adopted_state, redo_stack=redo_stack), sync_state
    after = gestures.replace_world(adopted_state, target, label)
    batch = batch_of(adopted_state, after)
    return after, replace(sync_state, waiting_batches=(batch,) if batch else ())
