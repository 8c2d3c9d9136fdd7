"""The history of an editor: each gesture is recorded with what takes it back, and is undone as one, under one label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from worldkit.comparison.world_diff import diff
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import at_revision, revision_after
from worldkit.core.errors import WorldError
from worldkit.editing.batch import apply
from worldkit.layout.annotation_changes import (
    patch_between,
    patched,
    with_renamed,
    without_missing,
    without_states,
)
from worldkit.layout.annotations import Annotations
from worldkit.playing.renames import renames_of
from worldkit.properties.changes import with_edit
from worldkit.properties.files import Properties
from worldkit.widgets.editor_state import EditorState, Gesture, Positions, changed_ids, check_world, complete_positions
from worldkit.widgets.protocol import Position
from worldkit.world import World


class NothingToDo(WorldError):
    """Undo or redo with nothing to undo or redo."""


def complete(state: EditorState, world: World, *, undone: bool = False) -> EditorState | None:
    """Return the editor with its world as a store completed it, as a part of the last gesture.

    A hosted server fills in what it requires and keeps states in its own order. Undo takes that back with the gesture.

    Args:
        undone: The last gesture was taken back; the completion belongs to what redo does again.

    Returns:
        The new state; None when there is no gesture that it could belong to.
    """
    stack = state.redo_stack if undone else state.undo_stack
    if not stack or stack[-1].is_foreign:
        return None
    result = apply(state.world, diff(state.world, world).ops)
    completed_world, top = result.world, stack[-1]
    checked_world = check_world(state, completed_world)
    after = replace(
        state,
        world=completed_world,
        positions=complete_positions(completed_world, state.positions),
        diagnostics=checked_world.diagnostics,
        checked_world=checked_world,
    )
    if undone:
        gesture = replace(top, ops=(*result.inverse, *top.ops), inverse=(*top.inverse, *result.ops))
        return replace(after, redo_stack=(*stack[:-1], gesture))
    gesture = replace(top, ops=(*top.ops, *result.ops), inverse=(*result.inverse, *top.inverse))
    return replace(after, undo_stack=(*stack[:-1], gesture))


def adopt_history(state: EditorState, other: EditorState) -> EditorState:
    """Return another editor's world, places and whole history, at a revision that comes after this editor's.

    Args:
        other: The one whose history it is to have.
    """
    rev = revision_after(state.world.rev, other.world.rev)
    return replace(other, world=at_revision(other.world, rev=rev), notes=Diagnostics())


def undo(state: EditorState) -> EditorState:
    """Return the editor with its last gesture taken back.

    Raises:
        NothingToDo: There is none.
    """
    if not state.undo_stack:
        raise NothingToDo("there is nothing to undo")
    gesture = state.undo_stack[-1]
    if gesture.is_foreign:
        raise NothingToDo("what was done before came from elsewhere; undo it where it was done")
    after = _replay(state, gesture, undone=True)
    if gesture.properties_before is not None and gesture.properties_after is not None:
        after = replace(
            after, properties=with_edit(state.properties, gesture.properties_after, gesture.properties_before)
        )
    return replace(after, undo_stack=state.undo_stack[:-1], redo_stack=(*state.redo_stack, gesture))


def redo(state: EditorState) -> EditorState:
    """Return the editor with the gesture last taken back done again.

    Raises:
        NothingToDo: There is none.
    """
    if not state.redo_stack:
        raise NothingToDo("there is nothing to redo")
    gesture = state.redo_stack[-1]
    after = _replay(state, gesture)
    if gesture.properties_before is not None and gesture.properties_after is not None:
        after = replace(
            after, properties=with_edit(state.properties, gesture.properties_before, gesture.properties_after)
        )
    return replace(after, undo_stack=(*state.undo_stack, gesture), redo_stack=state.redo_stack[:-1])


def _replay(state: EditorState, gesture: Gesture, *, undone: bool = False) -> EditorState:
    """Return the editor with a gesture done again or taken back; what else was changed of its map meanwhile stays."""
    ops, old_places, new_places = gesture.ops, gesture.old_positions, gesture.new_positions
    old_pins, new_pins = gesture.pinned_before, gesture.pinned_after
    if undone:
        ops, old_places, new_places, old_pins, new_pins = gesture.inverse, new_places, old_places, new_pins, old_pins
    world = apply(state.world, ops).world if ops else state.world
    names = renames_of(ops).states
    positions = {**state.positions, **{id: place for id, place in new_places.items() if place is not None}}
    for id, place in new_places.items():
        if place is None:
            positions.pop(id, None)
    # a card that was moved meanwhile stands there under its other name, too
    positions |= {
        new: state.positions[id] for id, new in names.items() if state.positions.get(id) != old_places.get(id)
    }
    pins = frozenset(names.get(id, id) for id in state.pinned_states)
    old_pins = frozenset(names.get(id, id) for id in old_pins)
    checked_world = check_world(state, world) if ops else state.checked_world
    return replace(
        state,
        world=world,
        positions=complete_positions(world, positions),
        diagnostics=checked_world.diagnostics if ops and checked_world is not None else state.diagnostics,
        checked_world=checked_world,
        notes=Diagnostics(),
        pinned_states=(pins - (old_pins - new_pins) | (new_pins - old_pins)).intersection(world.states),
        annotations=_replayed_map(state, world, names, gesture, undone=undone),
    )


def _replayed_map(
    state: EditorState, world: World, names: Mapping[str, str], gesture: Gesture, *, undone: bool
) -> Annotations:
    """Return what else is on the map with a gesture done again or taken back."""
    old_annotations, new_annotations = gesture.annotations_before, gesture.annotations_after
    if undone:
        old_annotations, new_annotations = new_annotations, old_annotations
    if new_annotations is not None and state.annotations == old_annotations:
        return new_annotations
    corners = {names.get(id, id): place for id, place in state.positions.items()}
    removed_ids = corners.keys() - world.states.keys()

    def renamed(annotations: Annotations) -> Annotations:
        after = with_renamed(annotations, names, state.positions) if names else annotations
        return without_states(after, removed_ids, corners)

    on_map = renamed(state.annotations)
    if old_annotations is None or new_annotations is None:
        return on_map
    patch = patch_between(renamed(old_annotations), without_missing(new_annotations, world.states.keys()))
    return patched(on_map, patch, world.states.keys())


def record(
    state: EditorState,
    world: World,
    positions: Positions,
    gesture: Gesture,
    pinned_states: frozenset[str],
    notes: Diagnostics | None = None,
    annotations: Annotations | None = None,
    properties: Properties | None = None,
) -> EditorState:
    """Return the editor after a gesture, with the gesture and what takes it back in its history.

    Args:
        world: The world after the gesture.
        positions: Where cards stand after it.
        gesture: Its label and operations.
        pinned_states: The states that a person has placed after it.
        notes: What it took along.
        annotations: What else is on the map after it; None when it leaves that alone.
        properties: What is demanded of every run after it; None when it leaves that alone.

    Returns:
        The new state; one without a new gesture when nothing changes.
    """
    if pinned_states == state.pinned_states:
        pinned_states = (
            state.pinned_states
        )  # every gesture keeps both, so an equal copy would make the history grow with the world
    on_map = state.annotations if annotations is None else annotations
    new_properties = state.properties if properties is None else properties
    properties_changed = (
        new_properties is not state.properties and new_properties.to_toml() != state.properties.to_toml()
    )
    map_changed = on_map != state.annotations
    changed_before: dict[str, Position | None] = {}
    changed_after: dict[str, Position | None] = {}
    for id in changed_ids(state.positions, positions):
        changed_before[id], changed_after[id] = state.positions.get(id), positions.get(id)
    if world is state.world and not changed_after and not map_changed and not properties_changed:
        return replace(state, notes=notes or Diagnostics())
    checked_world, diagnostics = state.checked_world, state.diagnostics
    if world is not state.world:
        checked_world = check_world(state, world)
        diagnostics = checked_world.diagnostics
    full_gesture = replace(
        gesture,
        old_positions=changed_before,
        new_positions=changed_after,
        pinned_before=state.pinned_states,
        pinned_after=pinned_states,
        annotations_before=state.annotations if map_changed else None,
        annotations_after=on_map if map_changed else None,
        properties_before=state.properties if properties_changed else None,
        properties_after=new_properties if properties_changed else None,
    )
    undo_stack = (*state.undo_stack, full_gesture)
    return EditorState(
        world,
        positions,
        diagnostics,
        undo_stack,
        (),
        notes or Diagnostics(),
        pinned_states,
        on_map if map_changed else state.annotations,
        checked_world,
        new_properties if properties_changed else state.properties,
    )
