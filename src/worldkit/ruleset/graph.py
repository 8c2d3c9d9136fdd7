"""Rules about the graph: references, destinations, reachability."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from worldkit.core.diagnostics import Item
from worldkit.core.document import json_of
from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event
from worldkit.ruleset.fixes import patch_ops, put_event_op
from worldkit.ruleset.index import STATIONARY_KINDS, Index, repeated_indices
from worldkit.ruleset.rules import (
    Found,
    RulePart,
    T,
    of_each_event,
    of_events_together,
    of_graph,
    of_world,
    rule,
    run_parts,
)


def _start_at_first(index: Index, _: Sequence[Item]) -> list[Json]:
    # without an entrance play starts at the first state (docs/spec/runtime.md), so this does not change play
    if index.world.entrance is not None or not index.states:
        return []
    return [{"op": "set_entrance", "state": next(iter(index.states))}]


@rule(
    "no-entrance",
    "error",
    "No entrance",
    "The world does not say where play starts. Choose the state that a player sees first; the fix takes "
    "the first state, which is where play starts without one.",
    fix=_start_at_first,
    parts=of_world,
)
def no_entrance(index: Index) -> Iterator[Found]:
    """There are states but no entrance."""
    if index.states and index.world.entrance is None:
        first = quote(next(iter(index.states)))
        yield Found(
            f"there are states but no entrance; set it to the state play starts in, such as {first}",
            "world",
            field="entrance",
            remedy=f"start in {first}",
        )


@rule(
    "entrance-missing-state",
    "error",
    "The entrance names no state",
    "Play is meant to start in a state that does not exist, perhaps renamed or misspelt. Set the entrance "
    "to a state of this world. The hosted kernel reports it as dangling-ref.",
    parts=of_world,
)
def entrance_missing_state(index: Index) -> Iterator[Found]:
    """The entrance names no state."""
    entrance = index.world.entrance
    if entrance is not None and entrance.state not in index.states:
        message = f"the entrance names {quote(entrance.state)}, which is no state; set it to a state that exists"
        yield Found(message, "world", field="entrance.state")


def _rename_duplicates(index: Index, items: Sequence[Item]) -> list[Json]:
    bodies: list[Json] = json_of(index.world)["scene"]["events"]
    taken_ids = set(index.places)
    ops: list[Json] = []
    for name in dict.fromkeys(item.id for item in items):
        number = 2
        for event_index in index.places.get(name, ())[1:]:
            while f"{name}_{number}" in taken_ids:
                number += 1
            new_name = f"{name}_{number}"
            taken_ids.add(new_name)
            body = bodies[event_index]
            ops.append(put_event_op(event_index, body, {**body, "name": new_name}))
    return ops


def _references_of_world(index: Index) -> Iterator[Found]:
    states = index.states
    if index.profile.entrance_dangles:
        yield from entrance_missing_state.check(index)
    outro = index.world.outro
    if outro is not None and outro.state not in states:
        message = f"the outro plays in {quote(outro.state)}, which is no state; name a state that exists"
        yield Found(message, "world", field="outro.state")


def _references_of_events(index: Index) -> Iterator[Found]:
    states, cutscenes, profile = index.states, index.world.cutscenes_by_id, index.profile
    for event in index.events:
        for source in event.from_:
            if source not in states:
                message = f"it starts from {quote(source)}, which is no state; name a state that exists"
                yield Found(message, "event", event.name, "from")
        to = event.to
        if to is None or to in states:
            continue
        if to not in cutscenes:
            kinds = "no state and no cutscene" if profile.cutscene_in_to else "no state"
            yield Found(f"it leads to {quote(to)}, which is {kinds}; name one that exists", "event", event.name, "to")
        elif not profile.cutscene_in_to:
            target = quote(cutscenes[to].to)
            message = f"it leads to {quote(to)}, a cutscene, and a hosted server takes states; lead to {target}"
            yield Found(message, "event", event.name, "to")


def _repeated_names(index: Index) -> Iterator[Found]:
    if index.has_unique_names:
        return
    for event_index in repeated_indices(event.name for event in index.events):
        name = index.events[event_index].name
        message = f"event number {event_index + 1} has the name of one before it, {quote(name)}; rename one of the two"
        yield Found(message, "event", name, "name", remedy="add a number to the later one's name")


def _repeated_names_that_dangle(index: Index) -> Iterator[Found]:
    return _repeated_names(index) if index.profile.doubled_name_dangles else iter(())


def _of_names(check: Callable[[T], Iterable[Found]]) -> RulePart[T]:
    return of_events_together(check, lambda event: True)


_REFERENCES = (
    of_world(_references_of_world),
    of_each_event(_references_of_events),
    _of_names(_repeated_names_that_dangle),
)


@rule(
    "dangling-ref",
    "error",
    "A reference that names nothing",
    "The entrance, the outro or an event names a state that does not exist. Name one that does, or add it. The hosted "
    "kernel also minds two events of one name, and a destination that is a cutscene: there a cutscene belongs to the "
    "two states it stands between.",
    fix=_rename_duplicates,
    parts=_REFERENCES,
)
def dangling_ref(index: Index) -> Iterator[Found]:
    """The entrance, ``outro.state``, ``from`` or ``to`` names nothing; hosted: or a cutscene, or a name is doubled."""
    return run_parts(_REFERENCES, index)


def _remove_to(index: Index, items: Sequence[Item]) -> list[Json]:
    # it never moves (docs/spec/runtime.md) and its prompt does not use the destination, so play does not change
    def patch(event: Event, _: Json) -> Json | None:
        return {"to": None} if event.kind in STATIONARY_KINDS and event.to is not None else None

    return patch_ops(index, items, patch)


@rule(
    "transition-needs-to",
    "error",
    "A transition leads nowhere",
    "A transition moves the player, and this one has no destination. Give it one, or make it an override, "
    "which changes the picture and stays. The hosted kernel also refuses an override that names a destination; "
    "the fix removes it.",
    fix=_remove_to,
    parts=of_each_event,
)
def transition_needs_to(index: Index) -> Iterator[Found]:
    """A transition without ``to``; hosted: also an override with one."""
    for event in index.events:
        if event.kind == "transition" and event.to is None:
            message = "this transition has no destination; give it a state to lead to, or make it an override"
            yield Found(message, "event", event.name, "to")
        elif event.kind == "override" and event.to is not None and index.profile.refuses_override_to:
            yield _never_moves(event)


@rule(
    "override-with-to",
    "warning",
    "A destination that is never reached",
    "Overrides and terminals stay where they are, whatever destination they name. Remove the destination, "
    "as the fix does, or make the event a transition if it is meant to move.",
    fix=_remove_to,
    parts=of_each_event,
)
def override_with_to(index: Index) -> Iterator[Found]:
    """An override or a terminal with ``to``, which never moves; hosted: only a terminal, see transition-needs-to."""
    kinds = STATIONARY_KINDS - {"override"} if index.profile.refuses_override_to else STATIONARY_KINDS
    for event in index.events:
        if event.to is not None and event.kind in kinds:
            yield _never_moves(event)


def _never_moves(event: Event) -> Found:
    message = f"this {event.kind} names a destination, {quote(event.to)}, and never moves; remove it"
    return Found(message, "event", event.name, "to", remedy="remove the destination")


@rule(
    "orphan-event",
    "error",
    "An event is offered nowhere",
    "The event starts from no state, so that it can never happen. List the states it is offered in, or delete it.",
    parts=of_each_event,
)
def orphan_event(index: Index) -> Iterator[Found]:
    """Empty ``from``."""
    for event in index.events:
        if not event.from_:
            message = "it is offered in no state; list at least one in its from, or delete it"
            yield Found(message, "event", event.name, "from")


@rule(
    "unreachable-state",
    "warning",
    "No way leads here",
    "No chain of moves leads from the entrance to this state, so that no player will see it. Add a transition "
    "into it, or delete it. Moves out of an ending do not count: play is over there.",
    parts=of_graph,
)
def unreachable_state(index: Index) -> Iterator[Found]:
    """No chain of moves leads from the entrance here; moves hop through cutscenes, and sequences move too."""
    for id in index.unreachable:
        message = "no chain of moves leads here from the entrance; add a transition into it, or delete it"
        yield Found(message, "state", id)


@rule(
    "duplicate-event",
    "error",
    "Two events share a name",
    "An event's name is what it is known by, and two have this one. Rename one of them; the fix adds a number "
    "to the later one.",
    fix=_rename_duplicates,
    parts=_of_names,
)
def duplicate_event(index: Index) -> Iterator[Found]:
    """Two events share a name."""
    return _repeated_names(index)


@rule(
    "hidden-unfired",
    "warning",
    "A hidden event that nothing fires",
    "A hidden event has no button, and this one has no timer (autoAfterMs), no trigger zone (landWhen.auto) and no "
    "waypoint either, so that only code can fire it. Give it one of the three, or show it.",
    parts=of_each_event,
)
def hidden_unfired(index: Index) -> Iterator[Found]:
    """A hidden event that nothing can fire but code."""
    for event in index.events:
        if event.hidden and event.auto_after_ms is None and event.waypoint is None and not _is_zone(event):
            message = "it is hidden, and no timer, trigger zone or waypoint fires it; give it one, or show it"
            yield Found(message, "event", event.name, "hidden")


def _is_zone(event: Event) -> bool:
    return event.land_when is not None and bool(event.land_when.auto)
