"""The state of an editor as a value: the world, the positions of its cards, what else is on its map, and the gestures.

Each function returns a new value. A gesture is one thing a person did, whatever number of operations it
took: it is undone as one, under one label. Selection and viewport are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, filterfalse
from operator import is_not
from typing import Any

from worldkit.comparison.world_diff import diff
from worldkit.core.diagnostics import Diagnostics, Item
from worldkit.core.document import at_revision, revision_after
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.editing.batch import apply
from worldkit.layout.annotation_changes import patch_between, patched, with_renamed, without_missing, without_states
from worldkit.layout.annotations import AnnotationPatch, Annotations
from worldkit.layout.placement import layout, place_one
from worldkit.playing.renames import renames_of
from worldkit.properties.changes import PropertyChanges, follow_renames, with_edit
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import Properties
from worldkit.properties.names import Names
from worldkit.ruleset import RULES, fix_ops, refuse_new_errors
from worldkit.ruleset.checked_world import CheckedWorld
from worldkit.widgets.protocol import Position, one_line
from worldkit.world import World

Positions = Mapping[str, Position]
ChangedPositions = Mapping[str, Position | None]


@dataclass(frozen=True, slots=True)
class Gesture:
    """One undoable thing.

    Attributes:
        label: What it did, for a person.
        ops: Its operations, normalised; empty when it only changed the map.
        inverse: The operations that take it back.
        before: The positions it changed, as they were before; None where there was none.
        after: The same positions after it.
        pinned_before: The states that a person had placed before it.
        pinned_after: The states that a person has placed after it.
        annotations_before: The regions, notes, tags and views before it; None when it leaves them alone.
        annotations_after: The same after it.
        properties_before: What is demanded of every run before it; None when it leaves the properties alone.
        properties_after: The same after it.
        foreign: It was done elsewhere and taken over; undo does not go back over it.
    """

    label: str
    ops: tuple[Json, ...] = ()
    inverse: tuple[Json, ...] = ()
    before: ChangedPositions = field(default_factory=dict)
    after: ChangedPositions = field(default_factory=dict)
    pinned_before: frozenset[str] = frozenset()
    pinned_after: frozenset[str] = frozenset()
    annotations_before: Annotations | None = None
    annotations_after: Annotations | None = None
    properties_before: Properties | None = None
    properties_after: Properties | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class EditorState:
    """An editor at one moment.

    Attributes:
        world: The world.
        positions: The top-left corner of every state's card, in world order.
        diagnostics: What the rules find.
        undo_stack: The gestures that led here, oldest first.
        redo_stack: The gestures that were undone, the next to be redone last.
        notes: What the last gesture took along.
        pinned: The states that a person has placed; laying out does not move them unless asked to.
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
    pinned: frozenset[str] = frozenset()
    annotations: Annotations = field(default_factory=Annotations)
    checked_world: CheckedWorld | None = field(default=None, compare=False, repr=False)
    properties: Properties = field(default_factory=Properties)

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.undo_stack[-1].label if self.undo_stack and not self.undo_stack[-1].foreign else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.redo_stack[-1].label if self.redo_stack else None

    @property
    def ops(self) -> list[Json]:
        """The operations that make this world of the one it was opened with."""
        return [op for gesture in self.undo_stack for op in gesture.ops]


class NothingToDo(WorldError):
    """Undo or redo with nothing to undo or redo."""


class NoFix(WorldError):
    """A finding whose rule has no safe fix."""


def open_editor(
    world: World,
    positions: Mapping[str, Sequence[float]] | None = None,
    annotations: Annotations | None = None,
    properties: Properties | None = None,
) -> EditorState:
    """Return an editor on a world.

    Args:
        world: The world.
        positions: Where cards stand; those not named are laid out.
        annotations: The regions, notes, tags and views of the map; what they say of states that are not there is left
            out.
        properties: What is demanded of every run.
    """
    pinned = frozenset(positions or ()) & world.states.keys()
    valid_annotations = without_missing(annotations or Annotations(), world.states.keys())
    checked = CheckedWorld(world)
    places = layout(world, positions)
    return EditorState(
        world,
        places,
        checked.diagnostics,
        pinned=pinned,
        annotations=valid_annotations,
        checked_world=checked,
        properties=properties or Properties(),
    )


def apply_ops(
    state: EditorState,
    ops: Iterable[Mapping[str, Any]],
    *,
    label: str | None = None,
    positions: Positions | None = None,
    annotations: AnnotationPatch | None = None,
    strict: bool = False,
    flags_merged: Mapping[str, str] | None = None,
) -> EditorState:
    """Return the editor after a gesture of operations.

    Args:
        state: The editor.
        ops: The operations, in any accepted spelling.
        label: What to call the gesture; made of the operations when not given.
        positions: Where to put cards in the same gesture, by the ids there are after it.
        annotations: What to change of the rest of the map in the same gesture.
        strict: Refuse what introduces a rule error.
        flags_merged: The flag that took the place of each that is gone, besides those the operations rename.

    Returns:
        The new state; the same one when nothing changes.

    Raises:
        OpError: An operation was refused.
        RuleViolation: ``strict``, and new errors would appear.
        WorldError: ``annotations`` name a state that is not there.
    """
    result = apply(state.world, ops, accept=refuse_new_errors if strict else None)
    world = state.world if result.world == state.world else result.world
    pinned, on_map = state.pinned, state.annotations
    corners = state.positions
    for op in result.ops:
        if op["op"] == "rename_state" and op["from"] in corners:
            corners = {op["to"] if id == op["from"] else id: place for id, place in corners.items()}
            pinned = pinned - {op["from"]} | {op["to"]} if op["from"] in pinned else pinned
            on_map = with_renamed(on_map, op["from"], op["to"]) if on_map else on_map
    if on_map and world is not state.world:
        on_map = without_states(on_map, corners.keys() - world.states.keys(), corners)
    if annotations is not None:
        on_map = patched(on_map, annotations, world.states.keys())
    new_positions = {id: place for id, place in (positions or {}).items() if id in world.states}
    if new_positions or world is not state.world:
        pinned = (pinned | new_positions.keys()) & world.states.keys()
    after = layout(world, {**corners, **new_positions}) if new_positions else _laid_out(world, corners)
    applied = tuple(result.ops) if world is not state.world else ()
    inverse = tuple(result.inverse) if applied else ()
    gesture = Gesture(label or result.label, applied, inverse)
    properties = _with_renames(state, applied, flags_merged or {})
    return _record(state, world, after, gesture, pinned, result.notes, on_map, properties)


def _with_renames(state: EditorState, ops: Iterable[Json], flags_merged: Mapping[str, str]) -> Properties:
    """Return the properties with the names that things have after operations."""
    renames = renames_of(ops)
    states, events, flags = renames.states, renames.events, {**renames.flags, **flags_merged}
    if not (state.properties and (states or events or flags)):
        return state.properties
    try:
        names = Names(state.world, state.properties.tags)
    except PropertyError:  # a tag names a state that is not there, so what other names stand for is not known
        return state.properties
    return follow_renames(state.properties, names, states=states, events=events, flags=flags)


def replace_world(
    state: EditorState,
    world: World,
    label: str,
    *,
    positions: Positions | None = None,
    annotations: Annotations | None = None,
    foreign: bool = False,
) -> EditorState:
    """Return the editor with its world turned into another, as one gesture.

    Args:
        state: The editor.
        world: The world it is to have.
        label: What to call the gesture.
        positions: Where cards of the new world stand that have no place yet.
        annotations: What is to be on its map; None for what is there already.
        foreign: It was done elsewhere; undo does not go back over it.

    Returns:
        The new state; the same one when the worlds, and what is on their maps, are equal.
    """
    patch = None
    if annotations is not None:
        patch = patch_between(state.annotations, without_missing(annotations, world.states.keys()))
    if state.world == world and not patch:
        return state
    ops = [] if state.world == world else diff(state.world, world).ops
    after = apply_ops(state, ops, label=label, positions=positions, annotations=patch)
    if not foreign or len(after.undo_stack) == len(state.undo_stack):
        return after
    return replace(after, undo_stack=(*after.undo_stack[:-1], replace(after.undo_stack[-1], foreign=True)))


def complete(state: EditorState, world: World, *, undone: bool = False) -> EditorState | None:
    """Return the editor with its world as a store completed it, as a part of the last gesture.

    A hosted server fills in what it requires and keeps states in its own order. Undo takes that back with the gesture.

    Args:
        state: The editor.
        world: The world as the store completed it.
        undone: The last gesture was taken back; the completion belongs to what redo does again.

    Returns:
        The new state; None when there is no gesture that it could belong to.
    """
    stack = state.redo_stack if undone else state.undo_stack
    if not stack or stack[-1].foreign:
        return None
    result = apply(state.world, diff(state.world, world).ops)
    completed, top = result.world, stack[-1]
    checked = _checked_world(state, completed)
    after = replace(
        state,
        world=completed,
        positions=_laid_out(completed, state.positions),
        diagnostics=checked.diagnostics,
        checked_world=checked,
    )
    if undone:
        gesture = replace(top, ops=(*result.inverse, *top.ops), inverse=(*top.inverse, *result.ops))
        return replace(after, redo_stack=(*stack[:-1], gesture))
    gesture = replace(top, ops=(*top.ops, *result.ops), inverse=(*result.inverse, *top.inverse))
    return replace(after, undo_stack=(*stack[:-1], gesture))


def adopt_history(state: EditorState, other: EditorState) -> EditorState:
    """Return another editor's world, places and whole history, at a revision that comes after this editor's.

    Args:
        state: The editor.
        other: The one whose history it is to have.
    """
    rev = revision_after(state.world.rev, other.world.rev)
    return replace(other, world=at_revision(other.world, rev=rev), notes=Diagnostics())


def move_cards(state: EditorState, positions: Positions, label: str | None = None) -> EditorState:
    """Return the editor after cards were put somewhere.

    Raises:
        WorldError: A state it names does not exist.
    """
    unknown = [id for id in positions if id not in state.positions]
    if unknown:
        raise WorldError(f"there is no state {unknown[0]!r} to move; it may have been deleted or renamed meanwhile")
    default_label = f"Move {next(iter(positions))}" if len(positions) == 1 else f"Move {len(positions)} states"
    return _record(
        state,
        state.world,
        {**state.positions, **positions},
        Gesture(label or default_label),
        state.pinned | positions.keys(),
    )


def annotate(state: EditorState, patch: AnnotationPatch, label: str | None = None) -> EditorState:
    """Return the editor after the regions, notes, tags or views of its map were changed.

    Args:
        state: The editor.
        patch: What is to change.
        label: What to call the gesture; made of the sections that change when not given.

    Returns:
        The new state; one without a new gesture when nothing changes.

    Raises:
        WorldError: A state that it names does not exist.
    """
    on_map = patched(state.annotations, patch, state.world.states.keys())
    default_label = f"Change {' and '.join(patch.to_json())}" if patch else "Change the map"
    gesture = Gesture(label or default_label)
    return _record(state, state.world, state.positions, gesture, state.pinned, annotations=on_map)


def change_properties(state: EditorState, properties: Properties, label: str) -> EditorState:
    """Return the editor after what is demanded of every run was changed.

    Args:
        state: The editor.
        properties: The properties that it is to have.
        label: What to call the gesture.
    """
    return _record(
        state, state.world, state.positions, Gesture(label), state.pinned, state.notes, properties=properties
    )


def property_label(before: Properties, changes: PropertyChanges) -> str:
    """Return what undo calls a change of properties."""
    if len(changes) != 1:
        return "Change properties"
    ((name, value),) = changes.items()
    verb = "Delete" if value is None else "Change" if name in before else "Add"
    return one_line(f"{verb} property {name}")


def tidy(state: EditorState, *, everything: bool = False) -> EditorState:
    """Return the editor laid out anew.

    Args:
        state: The editor.
        everything: Move what a person placed, too; else only the rest is laid out around it.
    """
    pinned = frozenset[str]() if everything else state.pinned
    label = "Lay out the rest" if pinned else "Lay out everything"
    positions = {id: state.positions[id] for id in state.positions if id in pinned}
    return _record(state, state.world, layout(state.world, positions), Gesture(label), pinned)


def apply_fix(state: EditorState, rule: str, item: Mapping[str, str]) -> EditorState:
    """Return the editor after a rule's safe fix of one finding.

    Raises:
        NoFix: Its rule has no safe fix.
        WorldError: The finding is gone.
    """
    finding = next(
        (diagnostic for diagnostic in state.diagnostics if diagnostic.lint == rule and _is_at(diagnostic.item, item)),
        None,
    )
    if finding is None:
        raise WorldError("this finding is gone: the world has changed since it was shown")
    ops = fix_ops(state.world, finding)
    if ops is None:
        raise NoFix(f"the rule {rule!r} has no safe fix; edit the item by hand")
    label = f"Fix: {finding.remedy}" if finding.count == 1 else f"Fix all: {RULES[rule].title}"
    return apply_ops(state, ops, label=label)


def apply_all_fixes(state: EditorState, rule: str) -> EditorState:
    """Return the editor after the safe fixes of all findings of a rule, as one gesture.

    Raises:
        NoFix: There is no such rule.
        WorldError: There is nothing left to fix.
    """
    if rule not in RULES:
        raise NoFix(f"there is no rule {rule!r} with a safe fix")
    fixable = [diagnostic for diagnostic in state.diagnostics if diagnostic.lint == rule and diagnostic.fixable]
    if not fixable:
        raise WorldError("these findings are gone: the world has changed since they were shown")
    # a finding that stands for several fixes all findings of its rule
    ops = fix_ops(state.world, replace(fixable[-1], count=len(fixable) + 1))
    return apply_ops(state, ops or (), label=f"Fix all: {RULES[rule].title}")


def undo(state: EditorState) -> EditorState:
    """Return the editor with its last gesture taken back.

    Raises:
        NothingToDo: There is none.
    """
    if not state.undo_stack:
        raise NothingToDo("there is nothing to undo")
    gesture = state.undo_stack[-1]
    if gesture.foreign:
        raise NothingToDo("what was done before came from elsewhere; undo it where it was done")
    after = _replay(state, gesture.inverse, gesture.before, gesture.annotations_before)
    if gesture.properties_before is not None and gesture.properties_after is not None:
        after = replace(
            after, properties=with_edit(state.properties, gesture.properties_after, gesture.properties_before)
        )
    return replace(
        after, undo_stack=state.undo_stack[:-1], redo_stack=(*state.redo_stack, gesture), pinned=gesture.pinned_before
    )


def redo(state: EditorState) -> EditorState:
    """Return the editor with the gesture last taken back done again.

    Raises:
        NothingToDo: There is none.
    """
    if not state.redo_stack:
        raise NothingToDo("there is nothing to redo")
    gesture = state.redo_stack[-1]
    after = _replay(state, gesture.ops, gesture.after, gesture.annotations_after)
    if gesture.properties_before is not None and gesture.properties_after is not None:
        after = replace(
            after, properties=with_edit(state.properties, gesture.properties_before, gesture.properties_after)
        )
    return replace(
        after, undo_stack=(*state.undo_stack, gesture), redo_stack=state.redo_stack[:-1], pinned=gesture.pinned_after
    )


def _replay(
    state: EditorState, ops: Sequence[Json], changes: ChangedPositions, annotations: Annotations | None
) -> EditorState:
    world = apply(state.world, ops).world if ops else state.world
    positions = {**state.positions, **{id: place for id, place in changes.items() if place is not None}}
    for id, place in changes.items():
        if place is None:
            positions.pop(id, None)
    checked = _checked_world(state, world) if ops else state.checked_world
    return replace(
        state,
        world=world,
        positions=_laid_out(world, positions),
        diagnostics=checked.diagnostics if ops and checked is not None else state.diagnostics,
        checked_world=checked,
        notes=Diagnostics(),
        annotations=state.annotations if annotations is None else annotations,
    )


def changed_ids(before: Positions, after: Positions) -> list[str]:
    """Return the ids of the cards that stand elsewhere, came or went, in the order of the cards.

    Args:
        before: Where cards stood.
        after: Where they stand.
    """
    if before is after:
        return []
    candidates = compress(after, map(is_not, map(before.get, after), after.values()))
    changed_ids = [id for id in candidates if before.get(id) != after[id]]
    came = sum(id not in before for id in changed_ids)
    removed_ids = [id for id in before if id not in after] if len(before) + came > len(after) else []
    return removed_ids + changed_ids


def _is_at(item: Item, address: Mapping[str, str]) -> bool:
    return (item.kind, item.id, item.field) == (address["kind"], address["id"], address["field"])


def _checked_world(state: EditorState, world: World) -> CheckedWorld:
    return CheckedWorld(world) if state.checked_world is None else state.checked_world.after(world)


def _laid_out(world: World, positions: Positions) -> Positions:
    """Return a position for every state: those that there are, which a layout gave, and new ones."""
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


def _record(
    state: EditorState,
    world: World,
    positions: Positions,
    gesture: Gesture,
    pinned: frozenset[str],
    notes: Diagnostics | None = None,
    annotations: Annotations | None = None,
    properties: Properties | None = None,
) -> EditorState:
    on_map = state.annotations if annotations is None else annotations
    demanded = state.properties if properties is None else properties
    properties_changed = demanded is not state.properties and demanded.to_toml() != state.properties.to_toml()
    map_changed = on_map != state.annotations
    changed_before: dict[str, Position | None] = {}
    changed_after: dict[str, Position | None] = {}
    for id in changed_ids(state.positions, positions):
        changed_before[id], changed_after[id] = state.positions.get(id), positions.get(id)
    if world is state.world and not changed_after and not map_changed and not properties_changed:
        return replace(state, notes=notes or Diagnostics())
    checked, diagnostics = state.checked_world, state.diagnostics
    if world is not state.world:
        checked = _checked_world(state, world)
        diagnostics = checked.diagnostics
    recorded = replace(
        gesture,
        before=changed_before,
        after=changed_after,
        pinned_before=state.pinned,
        pinned_after=pinned,
        annotations_before=state.annotations if map_changed else None,
        annotations_after=on_map if map_changed else None,
        properties_before=state.properties if properties_changed else None,
        properties_after=demanded if properties_changed else None,
    )
    undo_stack = (*state.undo_stack, recorded)
    return EditorState(
        world,
        positions,
        diagnostics,
        undo_stack,
        (),
        notes or Diagnostics(),
        pinned,
        on_map if map_changed else state.annotations,
        checked,
        demanded if properties_changed else state.properties,
    )
