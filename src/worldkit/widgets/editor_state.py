"""The state of an editor as a value: the world, the positions of its cards, what else is on its map, and the gestures.

A gesture is one thing a person did, whatever number of operations it took. Selection and viewport are no part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.json_values import Json
from worldkit.core.shared_parts import changed_keys
from worldkit.layout.annotation_changes import without_missing
from worldkit.layout.annotations import Annotations
from worldkit.layout.placement import layout, place_one
from worldkit.properties.files import Properties
from worldkit.ruleset.checked_world import CheckedWorld
from worldkit.widgets.protocol import Position
from worldkit.world import World

Positions = Mapping[str, Position]
ChangedPositions = Mapping[str, Position | None]


def changed_ids(before: Positions, after: Positions) -> list[str]:
    """Return the ids of the cards that stand elsewhere, came or went, in the order of the cards.

    Args:
        before: Where cards stood.
        after: Where they stand.
    """
    if before is after:
        return []
    changes = changed_keys(before, after)
    return [*changes.removed_keys, *(id for id in changes.changed_keys if before.get(id) != after[id])]


def complete_positions(world: World, positions: Positions) -> Positions:
    """Return a position for every state: the given one, which a layout made, or a new one where there is none."""
    ids = world.scene.states
    if list(positions) == list(ids):
        return positions
    new_ids = list(filterfalse(positions.__contains__, ids))
    if not new_ids:
        places = dict(positions)
        for id in filterfalse(ids.__contains__, positions):
            del places[id]
        return places if list(places) == list(ids) else {id: places[id] for id in ids}
    if len(new_ids) == 1 < len(ids) - 1:
        (new_id,) = new_ids
        is_whole = len(positions) == len(ids) - 1
        known_positions = positions if is_whole else {id: positions[id] for id in ids if id != new_id}
        places = {**known_positions, new_id: place_one(world, new_id, known_positions)}
        return places if list(ids)[-1] == new_id else {id: places[id] for id in ids}
    return layout(world, {id: positions[id] for id in ids if id in positions})


@dataclass(frozen=True, slots=True)
class Gesture:
    """One undoable thing.

    Attributes:
        label: What it did, for a person.
        ops: Its operations, normalised; empty when it only changed the map.
        inverse: The operations that take it back.
        old_positions: The positions it changed, as they were before; None where there was none.
        new_positions: The same positions after it.
        pinned_before: The states that a person had placed before it.
        pinned_after: The states that a person has placed after it.
        annotations_before: The regions, notes, tags and views before it; None when it leaves them alone.
        annotations_after: The same after it.
        properties_before: What is demanded of every run before it; None when it leaves the properties alone.
        properties_after: The same after it.
        is_foreign: It was done elsewhere and taken over; undo does not go back over it.
    """

    label: str
    ops: tuple[Json, ...] = ()
    inverse: tuple[Json, ...] = ()
    old_positions: ChangedPositions = field(default_factory=dict)
    new_positions: ChangedPositions = field(default_factory=dict)
    pinned_before: frozenset[str] = frozenset()
    pinned_after: frozenset[str] = frozenset()
    annotations_before: Annotations | None = None
    annotations_after: Annotations | None = None
    properties_before: Properties | None = None
    properties_after: Properties | None = None
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class EditorState:
    """An editor at one moment.

    Attributes:
        positions: The top-left corner of every state's card, in world order.
        diagnostics: What the rules find.
        undo_stack: The gestures that led here, oldest first.
        redo_stack: The gestures that were undone, the next to be redone last.
        notes: What the last gesture took along.
        pinned_states: The states that a person has placed; laying out does not move them unless asked to.
        annotations: The regions, notes, tags and views of the map.
        checked_world: The findings of the rules, so that after an edit only what it can have changed is checked again;
            None before the first.
        properties: What is demanded of every run.
    """

    world: World
    positions: Positions
    diagnostics: Diagnostics
    undo_stack: tuple[Gesture, ...] = ()
    redo_stack: tuple[Gesture, ...] = ()
    notes: Diagnostics = field(default_factory=Diagnostics)
    pinned_states: frozenset[str] = frozenset()
    annotations: Annotations = field(default_factory=Annotations)
    checked_world: CheckedWorld | None = field(default=None, compare=False, repr=False)
    properties: Properties = field(default_factory=Properties)

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.undo_stack[-1].label if self.undo_stack and not self.undo_stack[-1].is_foreign else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.redo_stack[-1].label if self.redo_stack else None

    @property
    def ops(self) -> list[Json]:
        """The operations that make this world of the one it was opened with."""
        return [op for gesture in self.undo_stack for op in gesture.ops]


SaveResult = tuple[EditorState, BaseException | None]
"""An editor after it was saved, and what kept it from being saved: a ``WorldError``, or what interrupted it."""


def open_editor(
    world: World,
    positions: Mapping[str, Sequence[float]] | None = None,
    annotations: Annotations | None = None,
    properties: Properties | None = None,
) -> EditorState:
    """Return an editor on a world.

    Args:
        positions: Where cards stand; those not named are laid out.
        annotations: The regions, notes, tags and views of the map; what they say of states that are not there is left
            out.
        properties: What is demanded of every run.
    """
    pinned_states = frozenset(positions or ()) & world.states.keys()
    valid_annotations = without_missing(annotations or Annotations(), world.states.keys())
    checked_world = CheckedWorld(world)
    places = layout(world, positions)
    return EditorState(
        world,
        places,
        checked_world.diagnostics,
        pinned_states=pinned_states,
        annotations=valid_annotations,
        checked_world=checked_world,
        properties=Properties() if properties is None else properties,
    )


def check_world(state: EditorState, world: World) -> CheckedWorld:
    """Return the findings of the rules in another world of an editor, where only what can differ is checked again."""
    return CheckedWorld(world) if state.checked_world is None else state.checked_world.after(world)
