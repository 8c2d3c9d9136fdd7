"""What the gestures of an editor do: each function returns the editor after one, which is recorded in its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from worldkit.comparison.world_diff import diff
from worldkit.core.diagnostics import Item
from worldkit.core.errors import WorldError
from worldkit.editing.batch import apply
from worldkit.layout.annotation_changes import patch_between, patched, with_renamed, without_missing, without_states
from worldkit.layout.annotations import AnnotationPatch, Annotations
from worldkit.layout.placement import layout
from worldkit.playing.renames import Renames, renames_of
from worldkit.properties.changes import PropertyChanges, follow_renames
from worldkit.properties.conditions import PropertyError
from worldkit.properties.files import Properties
from worldkit.properties.names import Names
from worldkit.ruleset import RULES, fix_ops, refuse_new_errors
from worldkit.widgets.editor_state import EditorState, Gesture, Positions, complete_positions
from worldkit.widgets.history import record
from worldkit.widgets.protocol import one_line
from worldkit.world import World


class NoFix(WorldError):
    """A finding whose rule has no safe fix."""


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
    corners, pinned_states, on_map = state.positions, state.pinned_states, state.annotations
    renames = renames_of(result.ops)
    if renames.states:
        on_map = with_renamed(on_map, renames.states, corners) if on_map else on_map
        # an id that a state takes was that of another one, which is gone
        replaced_ids = set(renames.states.values()) - renames.states.keys()
        corners = {renames.state(id): place for id, place in corners.items() if id not in replaced_ids}
        pinned_states = frozenset(map(renames.state, pinned_states - replaced_ids))
    if on_map and world is not state.world:
        on_map = without_states(on_map, corners.keys() - world.states.keys(), corners)
    if annotations is not None:
        on_map = patched(on_map, annotations, world.states.keys())
    new_positions = {id: place for id, place in (positions or {}).items() if id in world.states}
    if new_positions or world is not state.world:
        pinned_states = (pinned_states | new_positions.keys()) & world.states.keys()
    after = layout(world, {**corners, **new_positions}) if new_positions else complete_positions(world, corners)
    applied_ops = tuple(result.ops) if world is not state.world else ()
    inverse = tuple(result.inverse) if applied_ops else ()
    gesture = Gesture(label or result.label, applied_ops, inverse)
    properties = renamed_properties(state, renames if applied_ops else Renames(), flags_merged)
    return record(state, world, after, gesture, pinned_states, result.notes, on_map, properties)


def renamed_properties(
    state: EditorState, renames: Renames, flags_merged: Mapping[str, str] | None = None
) -> Properties:
    """Return the properties of an editor with the names that things have later.

    Args:
        renames: What is renamed.
        flags_merged: The flag that took the place of each that is gone, besides those that are renamed.
    """
    states, events, flags = renames.states, renames.events, {**renames.flags, **(flags_merged or {})}
    properties = state.properties
    if not (properties or properties.tags) or not (states or events or flags):
        return properties
    try:
        names = Names(state.world, properties.tags)
    except PropertyError:  # a tag names a state that is not there, so what other names stand for is not known
        return properties
    return follow_renames(properties, names, states=states, events=events, flags=flags)


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
    return replace(after, undo_stack=(*after.undo_stack[:-1], replace(after.undo_stack[-1], is_foreign=True)))


def move_cards(state: EditorState, positions: Positions, label: str | None = None) -> EditorState:
    """Return the editor after cards were put somewhere.

    Raises:
        WorldError: A state it names does not exist.
    """
    unknown = [id for id in positions if id not in state.positions]
    if unknown:
        raise WorldError(f"there is no state {unknown[0]!r} to move; it may have been deleted or renamed meanwhile")
    default_label = f"Move {next(iter(positions))}" if len(positions) == 1 else f"Move {len(positions)} states"
    return record(
        state,
        state.world,
        {**state.positions, **positions},
        Gesture(label or default_label),
        state.pinned_states | positions.keys(),
    )


def annotate(state: EditorState, patch: AnnotationPatch, label: str | None = None) -> EditorState:
    """Return the editor after the regions, notes, tags or views of its map were changed.

    Args:
        label: What to call the gesture; made of the sections that change when not given.

    Returns:
        The new state; one without a new gesture when nothing changes.

    Raises:
        WorldError: A state that it names does not exist.
    """
    on_map = patched(state.annotations, patch, state.world.states.keys())
    default_label = f"Change {' and '.join(patch.to_json())}" if patch else "Change the map"
    gesture = Gesture(label or default_label)
    return record(state, state.world, state.positions, gesture, state.pinned_states, annotations=on_map)


def change_properties(state: EditorState, properties: Properties, label: str) -> EditorState:
    """Return the editor after what is demanded of every run was changed.

    Args:
        properties: The properties that it is to have.
    """
    return record(
        state, state.world, state.positions, Gesture(label), state.pinned_states, state.notes, properties=properties
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
        everything: Move what a person placed, too; else only the rest is laid out around it.
    """
    pinned_states = frozenset[str]() if everything else state.pinned_states
    label = "Lay out the rest" if pinned_states else "Lay out everything"
    positions = {id: state.positions[id] for id in state.positions if id in pinned_states}
    return record(state, state.world, layout(state.world, positions), Gesture(label), pinned_states)


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


def _is_at(item: Item, address: Mapping[str, str]) -> bool:
    return (item.kind, item.id, item.field) == (address["kind"], address["id"], address["field"])
