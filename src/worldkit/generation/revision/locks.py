"""Locks: a key is placed where every run can find it, so that no run gets stuck without it."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from worldkit.core.document import json_of
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import name_list
from worldkit.core.unsent_prose import change_between_layers
from worldkit.editing.flag_refs import default_flags, event_flags, field_flags
from worldkit.editing.naming import unused_name
from worldkit.exploration import build_system, explore_counted
from worldkit.exploration.components import strong_components
from worldkit.exploration.step_bounds import earliest_bounds
from worldkit.generation.engines.base import TaskRefused, seed_of
from worldkit.generation.planning.assignment import named
from worldkit.generation.planning.sketch import layers_of, name, plain, who
from worldkit.generation.planning.stock import Thing
from worldkit.generation.revision.applying import applied
from worldkit.generation.revision.new_places import free_key, genre_of
from worldkit.generation.revision.removal import granted_flags, needing_less
from worldkit.generation.text import phrases
from worldkit.generation.text.english import capital, listing, slug, third
from worldkit.generation.text.phrases import fill
from worldkit.world import World

MAX_PLACES = 6
"""In so many places a key is laid, in thought, until one is found from which no run gets stuck."""


def lock(world: World, events: Sequence[str], key: str, seed: int, at: str = "") -> tuple[list[Json], str]:
    """Return the operations that make events need a key, and a sentence about them.

    Args:
        world, events: The world, and the names of the events.
        key: What the key is called; drawn if it is empty.
        seed: The seed.
        at: The state where the key is to lie; any where it can be found if it is empty.
    """
    dice = random.Random(seed_of("lock", *events, seed))
    genre = genre_of(world, dice)
    noun = plain(key)
    if key and not noun:
        raise TaskRefused(f"{quote(key)} is no name for a key; expected plain words, such as a brass key")
    thing = named(noun) if noun else dice.choice(genre.passages.keys).key
    flag = slug(thing.bare)
    events_to_lock = [event for event in events if flag not in (world.events_by_name[event].requires or ())]
    if not events_to_lock:
        raise TaskRefused(
            f"{name_list(events)} {'need' if len(events) > 1 else 'needs'} {flag} already; name another key"
        )
    events = events_to_lock
    who_needs = f"{listing(events)} {'need' if len(events) > 1 else 'needs'}"
    if flag in granted_flags(world.events):
        if at:
            givers = name_list([event.name for event in world.events if flag in (event.grants or ())])
            raise TaskRefused(f"{thing.the} is had by {givers} already; leave out where it lies, or name another key")
        return _needing(world, events, flag, f"Needs {thing.the}."), f"{who_needs} {flag} now."
    last_problems: list[str] = []
    sources = {source for event in events for source in world.events_by_name[event].from_}
    for id in [at] if at else _places_to_try(world.apply(_needing(world, events, flag, "")), sources):
        ops = _needing(world, events, flag, f"Needs {thing.the}: look around the {name(id)}.")
        ops += _put_key_op(world, id, thing, flag, dice)
        edited, problems = applied(world, ops)
        if edited is not None and _can_be_found(edited.world, world, flag):
            return ops, f"{who_needs} {thing.the} now; it is in {id}."
        last_problems = problems or last_problems
    reason = f" ({last_problems[0].rstrip('.')})" if last_problems else ""
    locked_names = listing([quote(event) for event in events])
    nowhere = f"cannot be laid in {quote(at)}" if at else "can be laid nowhere"
    raise TaskRefused(
        f"a key to {locked_names} {nowhere} so that every run finds it{reason}; "
        "add a way back to a place before the lock, or name something that is found there already"
    )


def _places_to_try(locked: World, sources: Collection[str]) -> list[str]:
    """Return the places where a key may be laid, the likeliest first, of a world with the lock that has no key yet.

    Likely are those that every run can come back to. Where the ways are one way there is none; the entrance is left
    then, and the place of the lock itself: the one of the ``sources``, in which what is locked is offered.
    """
    system = build_system(locked)
    bounds = earliest_bounds(system.moves, system.start, system.mask)
    reachable_states = [state for state, entries in enumerate(bounds) if entries and state not in system.endings]
    free_ways = [
        [move.target for move in moves if not (move.requires or move.forbids or move.target in system.endings)]
        for moves in system.moves
    ]
    lasting = _always_within_reach(free_ways, reachable_states)
    ids = system.states
    likely = sorted(
        reachable_states, key=lambda state: (state not in lasting, ids[state] in sources, state == system.start)
    )
    last = [system.start, *(state for state in reachable_states if len(sources) == 1 and ids[state] in sources)]
    return [ids[state] for state in dict.fromkeys([*likely[: MAX_PLACES - len(last)], *last])]


def _always_within_reach(ways: Sequence[Sequence[int]], nodes: Collection[int]) -> set[int]:
    """Return the nodes that ways lead to from each of some nodes: the one component that no way leads out of."""
    component = strong_components(ways, nodes)
    open_components = {component[node] for node in nodes for to in ways[node] if component[to] != component[node]}
    last = {component[node] for node in nodes} - open_components
    return {node for node in nodes if component[node] in last} if len(last) == 1 else set()


def _can_be_found(after: World, before: World, flag: str) -> bool:
    """Say whether the key can be taken, and everything that could happen before can happen still."""
    exploration = explore_counted(after)
    takers = {event.name for event in after.events if flag in (event.grants or ())}
    is_all_possible = exploration.exact and not exploration.dead_events
    return bool(takers & exploration.events) and (
        is_all_possible or explore_counted(before).events <= exploration.events
    )


def _needing(world: World, events: Sequence[str], flag: str, hint: str) -> list[Json]:
    ops: list[Json] = []
    for event in events:
        before = world.events_by_name[event]
        ops.append({"op": "set_event_requires", "event": event, "value": [*(before.requires or ()), flag]})
        # what it needed before is still needed
        hints = [before.locked_hint or "", hint] if before.requires else [hint]
        ops.append({"op": "set_event_locked_hint", "event": event, "hint": " ".join(filter(None, hints))})
    return ops


def _put_key_op(world: World, id: str, thing: Thing, flag: str, dice: random.Random) -> list[Json]:
    do = f"take {thing.the}"
    person = who(world.subject or "")
    place_sentence = fill(dice.choice(phrases.family("lying")), {"c": thing}, {})
    event: Json = {
        "name": unused_name(slug(do), world.events_by_name),
        "from": [id],
        "detail": capital(do),
        "base": f"The {person} {third(do)} with two fingers and holds it up to the light.",
        "oneShot": True,
        "grants": [flag],
        "anchor": {"label": thing.bare, "minProximity": 0.15},
    }
    if key := free_key(world, id, do):
        event["hotkey"] = key
    base = change_between_layers(world.states[id].base, layers_of(world), lambda own: f"{own} {place_sentence}")
    return [
        {"op": "set_field", "state": id, "field": "base", "value": base},
        {"op": "add_override", "event": event},
    ]


def idle_key_ops(before: World, after: World) -> list[Json]:
    """Return the operations that take up the keys, laid as ``lock`` lays them, for which an edit left no use."""
    idle_flags = _used_flags(before) - _used_flags(after)
    ops: list[Json] = []
    for event in after.events if idle_flags else ():
        if not event.anchor or not event.grants or not idle_flags.issuperset(event.grants):
            continue
        id, thing = event.from_[0], named(event.anchor.label)
        place_sentences = (f" {fill(text, {'c': thing}, {})}" for text in phrases.family("lying"))
        base = after.states[id].base
        if place_sentence := next((each for each in place_sentences if each in base), ""):
            ops.append({"op": "set_field", "state": id, "field": "base", "value": base.replace(place_sentence, "", 1)})
            ops.append({"op": "delete_event", "name": event.name})
    return ops


def _used_flags(world: World) -> set[str]:
    """Return the flags that something needs, or shows."""
    document = json_of(world)
    mentions = [mention for event in document["scene"]["events"] for mention in event_flags(event)]
    needed_flags = {flag for field, flag in mentions if field != "grants"}
    return needed_flags.union((flag for _, flag in field_flags(document)), default_flags(document))


def unlock(world: World, events: Sequence[str]) -> tuple[list[Json], str]:
    """Return the operations after which events need nothing, and a sentence about them."""
    locked_events = [event for name in events if (event := world.events_by_name[name]).requires]
    if not locked_events:
        locked_names = name_list([event.name for event in world.events if event.requires])
        there_is = f"; what is locked is {locked_names}" if locked_names else " in this world"
        are = "are" if len(events) > 1 else "is"
        raise TaskRefused(f"{name_list(events)} {are} not locked; there is nothing to unlock{there_is}")
    ops = [op for event in locked_events for op in needing_less(event, set(event.requires or ()))]
    return ops, f"{listing([event.name for event in locked_events])} can be done freely now."
