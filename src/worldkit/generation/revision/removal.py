"""Taking a state or an event out so that what is left holds together: ways are closed up, locks without keys opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event
from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.revision import place_names
from worldkit.generation.revision.applying import applied
from worldkit.generation.text.english import listing
from worldkit.world import World


def state(world: World, id: str) -> tuple[list[Json], str]:
    """Return the operations that take a state out, and a sentence; events into it lead where it led, or go too."""
    if len(world.states) == 1:
        raise TaskRefused(f"{quote(id)} is the only state; a world needs one to be played in")
    onward = [to for event in world.events if id in event.from_ and (to := world.landing(event.to)) and to != id]
    places = [to for to in onward if world.states[to].ending is None]
    # a way that went on goes on still, to an ending only where one could be reached in no other way
    for targets in (places, [*places, *(to for to in onward if to not in places)]):
        ops, sentence = _without_state(world, id, targets)
        if places == onward or applied(world, ops)[0] is not None:
            return ops, sentence
    return _without_state(world, id, onward)


def _without_state(world: World, id: str, onward: Sequence[str]) -> tuple[list[Json], str]:
    """Return the operations that take a state out, where events lead to the first of some states that they can."""
    ops: list[Json] = []
    sentences = [f"Removed the state {id}"]
    if world.start == id:
        first = next((to for to in onward if world.states[to].ending is None), None)
        if first is None:
            raise TaskRefused(f"play begins in {quote(id)}, and no way leads on from there; set another entrance first")
        ops.append({"op": "set_entrance", "state": first})
        sentences.append(f"play begins in {first} now")
    removed_names = {event.name for event in world.events if set(event.from_) == {id}}
    targets: dict[str, str] = {}
    for event in world.events:
        if event.name in removed_names or event.to is None or world.landing(event.to) != id:
            continue
        target = next((to for to in onward if to not in event.from_), None)
        if target is None:
            removed_names.add(event.name)
            ops.append({"op": "delete_event", "name": event.name})
            sentences.append(f"{event.name} went with it")
        else:
            targets[event.name] = target
            sentences.append(f"{event.name} leads to {target} now")
    ops += [*_lead_elsewhere(world, id, targets), {"op": "delete_state", "id": id}]
    return _with_unlocked_events(world, removed_names, ops, sentences)


def _lead_elsewhere(world: World, id: str, targets: Mapping[str, str]) -> list[Json]:
    """Return the operations after which events that led to a state lead to others, and name those."""
    texts: dict[str, Json] = {}
    names_by_target = defaultdict[str, set[str]](set)
    for name, target in targets.items():
        names_by_target[target].add(name)
    for target, event_names in names_by_target.items():  # the names of all states are compared: once a target
        target_name = place_names.spoken_name(world, target)
        texts |= place_names.patches(world, event_names, id, target_name, evidence=True)
    return [
        {"op": "update_event", "name": name, "patch": {"to": target, **texts.get(name, {})}}
        for name, target in targets.items()
    ]


def events(world: World, names: Sequence[str]) -> tuple[list[Json], str]:
    """Return the operations that take events out, and a sentence about them."""
    ops: list[Json] = [{"op": "delete_event", "name": name} for name in names]
    return _with_unlocked_events(world, {*names}, ops, [f"Removed the event {listing(names)}"])


def _with_unlocked_events(
    world: World, removed_names: set[str], ops: list[Json], sentences: list[str]
) -> tuple[list[Json], str]:
    """Return operations, and sentences about them, with those that open every lock whose key goes with some events."""
    remaining_events = [event for event in world.events if event.name not in removed_names]
    lost_flags = granted_flags(world.events) - granted_flags(remaining_events)
    free_events = [event for event in remaining_events if lost_flags.intersection(event.requires or ())]
    if free_events:
        sentences = [*sentences, f"{listing([event.name for event in free_events])} can be done freely now"]
    unlock_ops = [op for event in free_events for op in needing_less(event, lost_flags)]
    return [*ops, *unlock_ops], "; ".join(sentences) + "."


def granted_flags(events: Iterable[Event]) -> set[str]:
    """Return the flags that events give."""
    return {flag for event in events for flag in event.grants or ()}


def needing_less(event: Event, flags: set[str]) -> list[Json]:
    """Return the operations after which an event needs none of these flags."""
    rest = [flag for flag in event.requires or () if flag not in flags]
    ops: list[Json] = [{"op": "set_event_requires", "event": event.name, "value": rest or None}]
    if not rest and event.locked_hint is not None:
        ops.append({"op": "set_event_locked_hint", "event": event.name, "hint": None})
    return ops
