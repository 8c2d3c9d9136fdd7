"""What an editor holds, as a value: the world, where its cards stand, and the gestures made so far.

Each function returns a new value. A gesture is one thing a person did, whatever number of operations it
took: it is undone as one, under one label. Selection and viewport are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from worldkit.comparison.world_diff import diff
from worldkit.core.diagnostics import Diagnostics, Item
from worldkit.core.document import at_revision
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.editing.batch import apply
from worldkit.layout.placement import layout
from worldkit.ruleset import fix_ops, lint, refuse_new_errors
from worldkit.widgets.protocol import Position
from worldkit.world import World

Places = Mapping[str, Position]
Moved = Mapping[str, Position | None]


@dataclass(frozen=True, slots=True)
class Gesture:
    """One undoable thing.

    Attributes:
        label: What it did, for a person.
        ops: Its operations, normalised; empty when it only moved cards.
        inverse: The operations that take it back.
        was: The places it changed, as they were; None where there was none.
        now: The same places as it left them.
        held_was: The states that a person had placed before it.
        held_now: Those a person has placed after it.
        foreign: It was done elsewhere and taken over; undo does not go back over it.
    """

    label: str
    ops: tuple[Json, ...] = ()
    inverse: tuple[Json, ...] = ()
    was: Moved = field(default_factory=dict)
    now: Moved = field(default_factory=dict)
    held_was: frozenset[str] = frozenset()
    held_now: frozenset[str] = frozenset()
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class EditorState:
    """An editor at one moment.

    Attributes:
        world: The world.
        places: The top-left corner of every state's card, in world order.
        diagnostics: What the rules find.
        done: The gestures that led here, oldest first.
        undone: Those taken back, the next to be redone last.
        notes: What the last gesture took along.
        held: The states that a person has placed; laying out leaves them alone unless told otherwise.
    """

    world: World
    places: Places
    diagnostics: Diagnostics
    done: tuple[Gesture, ...] = ()
    undone: tuple[Gesture, ...] = ()
    notes: Diagnostics = field(default_factory=Diagnostics)
    held: frozenset[str] = frozenset()

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self.done[-1].label if self.done and not self.done[-1].foreign else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.undone[-1].label if self.undone else None

    @property
    def ops(self) -> list[Json]:
        """The operations that make this world of the one it was opened with."""
        return [op for gesture in self.done for op in gesture.ops]


class NothingToDo(WorldError):
    """Undo or redo with nothing to undo or redo."""


class NoFix(WorldError):
    """A finding whose rule has no safe fix."""


def opened(world: World, places: Mapping[str, Sequence[float]] | None = None) -> EditorState:
    """Return an editor on a world.

    Args:
        world: The world.
        places: Where cards stand; those not named are laid out.
    """
    held = frozenset(places or ()) & world.states.keys()
    return EditorState(world, layout(world, places), lint(world), held=held)


def edited(
    state: EditorState,
    ops: Iterable[Mapping[str, Any]],
    *,
    label: str | None = None,
    places: Places | None = None,
    strict: bool = False,
) -> EditorState:
    """Return the editor after a gesture of operations.

    Args:
        state: The editor.
        ops: The operations, in any accepted spelling.
        label: What to call the gesture; made of the operations when not given.
        places: Where to put cards in the same gesture, by the ids there are after it.
        strict: Refuse what introduces a rule error.

    Returns:
        The new state; the same one when nothing changes.

    Raises:
        OpError: An operation was refused.
        RuleViolation: ``strict``, and new errors would appear.
    """
    done = apply(state.world, ops, accept=refuse_new_errors if strict else None)
    world = state.world if done.world == state.world else done.world
    stand, held = dict(state.places), state.held
    for op in done.ops:
        if op["op"] == "rename_state" and op["from"] in stand:
            stand[op["to"]] = stand.pop(op["from"])
            held = held - {op["from"]} | {op["to"]} if op["from"] in held else held
    put = {id: place for id, place in (places or {}).items() if id in world.states}
    stand.update(put)
    held = (held | put.keys()) & world.states.keys() if put or world is not state.world else held
    after = _standing(world, stand)
    made = tuple(done.ops) if world is not state.world else ()
    back = tuple(done.inverse) if made else ()
    return _recorded(state, world, after, Gesture(label or done.label, made, back), held, done.notes)


def became(
    state: EditorState, world: World, label: str, *, places: Places | None = None, foreign: bool = False
) -> EditorState:
    """Return the editor with its world turned into another, as one gesture.

    Args:
        state: The editor.
        world: The world it is to have.
        label: What to call the gesture.
        places: Where cards of the new world stand that have no place yet.
        foreign: It was done elsewhere; undo does not go back over it.

    Returns:
        The new state; the same one when the worlds are equal.
    """
    if state.world == world:
        return state
    after = edited(state, diff(state.world, world).ops, label=label, places=places)
    return replace(after, done=(*after.done[:-1], replace(after.done[-1], foreign=foreign))) if foreign else after


def adopted(state: EditorState, other: EditorState) -> EditorState:
    """Return another editor's world, places and whole history, at a revision that comes after this editor's.

    Args:
        state: The editor.
        other: The one whose history it is to have.
    """
    rev = max(int(state.world.rev) + 1, int(other.world.rev))
    return replace(other, world=at_revision(other.world, rev=rev), notes=Diagnostics())


def moved(state: EditorState, places: Places, label: str | None = None) -> EditorState:
    """Return the editor after cards were put somewhere.

    Raises:
        WorldError: A state it names does not exist.
    """
    unknown = [id for id in places if id not in state.places]
    if unknown:
        raise WorldError(f"there is no state {unknown[0]!r} to move; it may have been deleted or renamed meanwhile")
    said = f"Move {next(iter(places))}" if len(places) == 1 else f"Move {len(places)} states"
    return _recorded(state, state.world, {**state.places, **places}, Gesture(label or said), state.held | places.keys())


def tidied(state: EditorState, *, everything: bool = False) -> EditorState:
    """Return the editor laid out anew.

    Args:
        state: The editor.
        everything: Move what a person placed, too; else only the rest is laid out around it.
    """
    held = frozenset[str]() if everything else state.held
    label = "Lay out the rest" if held else "Lay out everything"
    kept = {id: state.places[id] for id in state.places if id in held}
    return _recorded(state, state.world, layout(state.world, kept), Gesture(label), held)


def mended(state: EditorState, rule: str, item: Mapping[str, str]) -> EditorState:
    """Return the editor after a rule's safe fix of one finding.

    Raises:
        NoFix: Its rule has no safe fix.
        WorldError: The finding is gone.
    """
    found = next((d for d in state.diagnostics if d.lint == rule and _is_at(d.item, item)), None)
    if found is None:
        raise WorldError("this finding is gone: the world has changed since it was shown")
    ops = fix_ops(state.world, found)
    if ops is None:
        raise NoFix(f"the rule {rule!r} has no safe fix; edit the item by hand")
    return edited(state, ops, label=f"Fix {rule}")


def undone(state: EditorState) -> EditorState:
    """Return the editor with its last gesture taken back.

    Raises:
        NothingToDo: There is none.
    """
    if not state.done:
        raise NothingToDo("there is nothing to undo")
    last = state.done[-1]
    if last.foreign:
        raise NothingToDo("what was done before came from elsewhere; undo it where it was done")
    after = _played(state, last.inverse, last.was)
    return replace(after, done=state.done[:-1], undone=(*state.undone, last), held=last.held_was)


def redone(state: EditorState) -> EditorState:
    """Return the editor with the gesture last taken back done again.

    Raises:
        NothingToDo: There is none.
    """
    if not state.undone:
        raise NothingToDo("there is nothing to redo")
    next_ = state.undone[-1]
    after = _played(state, next_.ops, next_.now)
    return replace(after, done=(*state.done, next_), undone=state.undone[:-1], held=next_.held_now)


def _played(state: EditorState, ops: Sequence[Json], places: Moved) -> EditorState:
    world = apply(state.world, ops).world if ops else state.world
    stand = {**state.places, **{id: place for id, place in places.items() if place is not None}}
    for id, place in places.items():
        if place is None:
            stand.pop(id, None)
    found = lint(world) if ops else state.diagnostics
    return replace(state, world=world, places=_standing(world, stand), diagnostics=found, notes=Diagnostics())


def _is_at(item: Item, asked: Mapping[str, str]) -> bool:
    return (item.kind, item.id, item.field) == (asked["kind"], asked["id"], asked["field"])


def _standing(world: World, places: Places) -> dict[str, Position]:
    return layout(world, {id: place for id, place in places.items() if id in world.states})


def _recorded(
    state: EditorState,
    world: World,
    places: Places,
    gesture: Gesture,
    held: frozenset[str],
    notes: Diagnostics | None = None,
) -> EditorState:
    was: dict[str, Position | None] = {}
    now: dict[str, Position | None] = {}
    for id in {**state.places, **places}:
        before, after = state.places.get(id), places.get(id)
        if before != after:
            was[id], now[id] = before, after
    if world is state.world and not now:
        return replace(state, notes=notes or Diagnostics())
    found = lint(world) if world is not state.world else state.diagnostics
    made = replace(gesture, was=was, now=now, held_was=state.held, held_now=held)
    return EditorState(world, places, found, (*state.done, made), (), notes or Diagnostics(), held)
