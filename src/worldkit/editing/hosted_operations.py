"""The operations of a hosted server that make one document of another (docs/spec/ops.md, "Lowering").

Their order is one that a hosted server accepts: a state is deleted after everything that named it has changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from worldkit.core.json_values import Json
from worldkit.editing.likeness import changed_fields, event_form

MAX_CANDIDATES = 50
"""Removed events among which the one is sought that an event with a new name replaces."""

_ARGUMENT_NAMES = frozenset(
    ["op", "id", "stateId", "state", "patch", "event", "eventName", "mission", "sequence", "cutscene", "story", "beat"]
) | {"expectedRev"}  # an argument of the request: a server refuses it in an operation
"""Names of arguments; a body that holds one as a field is nested, so that the field is not taken for the argument."""


def hosted_operations(old: Json, target: Json) -> Iterator[Json]:
    """Yield the operations.

    Args:
        old: The document before them.
        target: The document after them, which differs in nothing else than they express.
    """
    old_states, states = old["scene"]["states"], target["scene"]["states"]
    for id, state in states.items():
        if id not in old_states:
            yield _addition("add_state", {"id": id}, "state", state, state)
    for id, state in states.items():
        if id in old_states and (patch := _patch(old_states[id], state)):
            yield {"op": "update_state", "id": id, "patch": patch}
    yield from _event_operations(old["scene"]["events"], target["scene"]["events"])
    yield from _entrance_operations(old, target)
    for id in old_states:
        if id not in states:
            yield {"op": "delete_state", "id": id}


def _addition(op: str, name: Json, body_key: str, body: Json, own_fields: Json) -> Json:
    """Return the operation that adds an item, with its fields inline where none is taken for an argument.

    Args:
        name: The argument that names the item.
        body_key: The argument that holds its body.
        own_fields: The fields of the body that the name does not give.
    """
    if own_fields.keys() & _ARGUMENT_NAMES:
        return {"op": op, **name, body_key: body}
    return {"op": op, **name, **{field: value for field, value in own_fields.items() if value is not None}}


def _patch(before: Json, after: Json) -> Json:
    return {key: after.get(key) for key in changed_fields(before, after)}


def _event_operations(old_events: Sequence[Json], new_events: Sequence[Json]) -> Iterator[Json]:
    """Yield what makes the events and their order.

    New events go last. So those of a front part of the new list stay where they are, if they are in the old order; the
    rest is deleted and added again.
    """
    if [event["name"] for event in old_events] == [event["name"] for event in new_events]:
        unmoved_places = list(range(len(old_events)))  # also where names are doubled and nothing changes
    else:
        unmoved_places = _unmoved(old_events, new_events)
    new_names = {event["name"] for event in new_events}
    stays = set(unmoved_places)
    for index, event in enumerate(old_events):
        if index not in stays and event["name"] in new_names:
            yield {"op": "delete_event", "name": event["name"]}  # it moves: it is added again below
    for event in new_events[len(unmoved_places) :]:
        own_fields = {field: value for field, value in event.items() if field != "name"}
        yield _addition("add_event", {"name": event["name"]}, "event", event, own_fields)
    for index, event in zip(unmoved_places, new_events, strict=False):
        if patch := _patch(event_form(old_events[index]), event_form(event)):
            yield {"op": "update_event", "name": old_events[index]["name"], "patch": patch}
    for index, event in enumerate(old_events):
        if index not in stays and event["name"] not in new_names:
            yield {"op": "delete_event", "name": event["name"]}


def _unmoved(old_events: Sequence[Json], new_events: Sequence[Json]) -> list[int]:
    """Return the positions in the old list of the events that stay, for as many of the first new events as possible.

    An event with a new name replaces one whose name was removed, if that keeps the following events in place:
    that is a new name.
    """
    places = {event["name"]: index for index, event in enumerate(old_events)}
    new_names = {event["name"] for event in new_events}
    free_places = [index for index, event in enumerate(old_events) if event["name"] not in new_names]
    unmoved_places: list[int] = []
    last = -1
    for event, end in zip(new_events, _following_places(places, new_events, len(old_events)), strict=True):
        place = places.get(event["name"])
        if place is None:
            start = bisect_left(free_places, last + 1)
            free = [index for index in free_places[start : start + MAX_CANDIDATES] if index < end]
            same = (
                index for index in free if set(_patch(event_form(old_events[index]), event_form(event))) == {"name"}
            )
            place = next(same, free[0] if free else None)
        if place is None or place <= last:
            return unmoved_places
        unmoved_places.append(place)
        last = place
    return unmoved_places


def _following_places(places: Mapping[str, int], new_events: Sequence[Json], end: int) -> list[int]:
    """Return for each new event the place of the next one after it that has a place; the end for none."""
    next_places: list[int] = []
    for event in reversed(new_events):
        next_places.append(end)
        end = places.get(event["name"], end)
    return next_places[::-1]


def _entrance_operations(old: Json, target: Json) -> Iterator[Json]:
    before, after = old.get("entrance"), target.get("entrance")
    # a server makes the first state of a world without entrance the entrance
    becomes_entrance = not before and not old["scene"]["states"] and target["scene"]["states"]
    if not after:
        if before or becomes_entrance:
            yield {"op": "set_entrance", "state": None}
        return
    differences = changed_fields(before or {}, after)
    if not differences:
        return
    operation: Json = {"op": "set_entrance", "state": after["state"]}
    if "image" in differences:
        operation["image"] = after.get("image")
    yield operation
