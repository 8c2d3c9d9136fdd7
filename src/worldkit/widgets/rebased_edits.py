"""The edits of one editor on top of another's: to its world, its map and its properties.

What a map and properties say of states is read in the names that the states have in the other world.
"""

from __future__ import annotations

from dataclasses import replace

from worldkit.comparison import merge
from worldkit.layout.annotation_changes import patched, with_renamed, without_states
from worldkit.properties.changes import with_edit
from worldkit.properties.files import Properties
from worldkit.widgets import gestures, history
from worldkit.widgets.edit_effects import renames
from worldkit.widgets.editor_state import EditorState, Gesture
from worldkit.widgets.map_sync import PendingMap, map_change
from worldkit.world import World


def on_world(state: EditorState, world: World) -> EditorState:
    """Return an editor with its map and its properties as they are on another version of its world.

    Args:
        world: The world. What the map says of states that it does not have is left out.
    """
    names = renames(state.world, world)
    places = {names.state(id): place for id, place in state.positions.items()}
    on_map = with_renamed(state.annotations, names.states)
    return replace(
        state,
        world=world,
        positions={id: place for id, place in places.items() if id in world.states},
        pinned_states=frozenset(map(names.state, state.pinned_states)).intersection(world.states),
        annotations=without_states(on_map, places.keys() - world.states.keys(), places),
        properties=gestures.renamed_properties(state, names),
    )


def with_changes_elsewhere(
    past: EditorState, past_change: PendingMap, saved_properties: Properties, opening_state: EditorState
) -> EditorState:
    """Return a past editor with the map and the properties that a later one was opened with, besides its own changes.

    Args:
        past_change: What it changed on the map that the later one was not opened with.
        saved_properties: Its properties as they were when they were last the same where the later one found them.
        opening_state: The later editor as it was opened.
    """
    now = on_world(opening_state, past.world)
    after = _with_map_change(past, map_change(past, now).without(past_change), now)
    return replace(after, properties=with_edit(now.properties, saved_properties, past.properties))


def with_edits_since(
    past: EditorState, opening_state: EditorState, now: EditorState, label: str, *, foreign: bool = False
) -> EditorState:
    """Return a past editor with what another one has changed since it was opened, as one gesture.

    Args:
        opening_state: The other one as it was opened.
        now: The other one as it is now; where both changed the same thing, it prevails.
        foreign: Some of it was done elsewhere; undo does not go back over it.
    """
    world = past.world
    if now.world != opening_state.world:
        world = merge(opening_state.world, now.world, past.world).resolve_all("ours").world
    after = gestures.replace_world(past, world, label)
    opening_on_world, now = on_world(opening_state, after.world), on_world(now, after.world)
    with_map = _with_map_change(after, map_change(opening_on_world, now), now)
    step = after.undo_stack[-1] if len(after.undo_stack) > len(past.undo_stack) else Gesture(label)
    return history.record(
        past,
        after.world,
        with_map.positions,
        Gesture(label, step.ops, step.inverse, is_foreign=foreign),
        with_map.pinned_states,
        after.notes,
        with_map.annotations,
        with_edit(after.properties, opening_on_world.properties, now.properties),
    )


def _with_map_change(state: EditorState, change: PendingMap, now: EditorState) -> EditorState:
    """Return an editor with a change of the map; cards stand where another editor of the same world has them now."""
    positions = {id: now.positions[id] for id in change.positions if id in now.positions}
    unpinned_ids = {id for id, place in change.positions.items() if place is None}
    states = state.world.states.keys()
    return replace(
        state,
        positions={**state.positions, **positions} if positions else state.positions,
        pinned_states=(state.pinned_states - unpinned_ids)
        .union(change.positions.keys() - unpinned_ids)
        .intersection(states),
        annotations=patched(state.annotations, change.annotations, states),
    )
