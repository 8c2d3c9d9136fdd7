"""Adding places and ways to a world, written and keyed like those of a generated one."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from worldkit.core.json_values import Json, quote
from worldkit.core.progress import ignore
from worldkit.core.quoting import name_list
from worldkit.editing.hotkeys import free_hotkey
from worldkit.editing.naming import UnusedNames, unused_name
from worldkit.generation.engines.base import TaskRefused, seed_of
from worldkit.generation.pipeline.generate_one import StringWriter
from worldkit.generation.planning import premise as reader
from worldkit.generation.planning.plan import Kind, Plan, PlanPlace, PlanStep
from worldkit.generation.planning.roofs import roofed
from worldkit.generation.planning.sketch import filled, name, own_prose, plain, sketch
from worldkit.generation.planning.stock import Genre, Thing, stock
from worldkit.generation.prose.assembly import scene
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import ProseJob, Writer
from worldkit.generation.revision.instruction import BeyondGrammar
from worldkit.generation.revision.intents import NEXT_TO, RELATIONS
from worldkit.generation.revision.place_names import spoken_name
from worldkit.generation.text.data import WordList, read_typed
from worldkit.generation.text.english import slug, the
from worldkit.language.lexicon import lexicon
from worldkit.world import World

WAY_VERBS = read_typed(dict[str, WordList], "revision.toml", "way_verbs")
"""How one goes by a way, by the verb; any other is taken."""


def place(
    world: World, wanted_name: str, near: str, on: str | None, prose: StringWriter, relation: str = ""
) -> tuple[list[Json], str]:
    """Return the operations that add a state, ways from ``near`` and back, one on to ``on``, and a sentence.

    The relation to ``near`` is a name in ``RELATIONS``, or empty.
    """
    place_name = plain(wanted_name)
    if not place_name:
        raise TaskRefused(
            f"{quote(wanted_name)} is no name for a place; expected a few plain words, such as an old cellar"
        )
    if not _may_be_place(place_name, is_between=on is not None):
        raise BeyondGrammar(
            f"{quote(wanted_name)} is no place, and what is added without a capable model are places and ways; name "
            'one, model="chat:<base url>#<model>", or put it into the text: '
            f'set the description of the {name(near)} to "..."'
        )
    if on == near:
        raise TaskRefused(f"between {quote(near)} and itself is no place; name two states, or one that it is next to")
    if on is not None and world.states[near].ending is not None:
        near, on = on, near
    _open(world, near)
    id = unused_name(slug(place_name), world.states)
    plan = sketch(world, [near] if on is None else [near, on], prose.seed)
    dice = random.Random(seed_of("place", id, prose.seed))
    new = PlanPlace(id, place_name, _props(place_name, genre_of(world, dice), dice))
    near_name = spoken_name(world, near)
    where = RELATIONS.get(relation, NEXT_TO)
    steps = [
        _step(where.filled(where.to, place_name, near_name), near, id, new),
        _step(where.filled(where.back, place_name, near_name), id, near, new, "back"),
    ]
    if on is not None:
        steps.append(_step(f"go on to {the(name(on))}", id, on, plan.places[-1]))
        if world.states[on].ending is None:
            steps.append(_step(f"go to {the(place_name)} from {the(name(on))}", on, id, new))
    plan = replace(plan, places=(*plan.places, new), steps=tuple(steps))
    body = _write_scene(world, plan, {id}, prose)
    if sight := where.filled(where.sight, place_name, near_name):
        body["states"][id]["base"] += f" {sight}"
    ops: list[Json] = [{"op": "add_state", "id": id, "state": body["states"][id]}, *way_ops(world, body["events"])]
    position = f"between {near} and {on}" if on else f"{relation or 'next to'} {near}"
    return ops, f"Added the state {id} {position}, with {len(steps)} ways."


def way(world: World, start: str, to: str, both: bool, wanted_name: str, prose: StringWriter) -> tuple[list[Json], str]:
    """Return the operations that add a way, or one each way unless play is over there, and a sentence about them."""
    if start == to:
        raise TaskRefused(f"a way from {quote(start)} to itself leads nowhere; name two states")
    if both and world.states[start].ending is not None:
        start, to = to, start
    _open(world, start)
    plan = sketch(world, [start, to], prose.seed)
    noun = plain(wanted_name)
    verb = next((verb for verb, nouns in WAY_VERBS.items() if noun.split()[-1:] and noun.split()[-1] in nouns), "take")
    do = f"{verb} the {noun} to the" if noun else "go to the"
    steps = [_step(f"{do} {name(to)}", start, to, plan.places[1])]
    if both and world.states[to].ending is None:
        steps.append(_step(f"{do} {name(start)}", to, start, plan.places[0]))
    body = _write_scene(world, replace(plan, steps=tuple(steps)), set(), prose)
    ways = f"both ways between {start} and {to}" if len(steps) > 1 else f"a way from {start} to {to}"
    return way_ops(world, body["events"]), f"Added {ways}."


def free_key(world: World, state: str, do: str, more_keys: Sequence[str] = ()) -> str | None:
    """Return a hotkey that nothing offered in a state has, a letter of what is done where one is free."""
    used_keys = {(event.hotkey or "").lower() for event in world.events if state in event.from_}
    return free_hotkey(do, {*used_keys, *more_keys})


def _open(world: World, id: str) -> None:
    if world.states[id].ending is not None:
        places = name_list([other for other, state in world.states.items() if state.ending is None])
        raise TaskRefused(
            f"play is over in {quote(id)}, so no way leads on from there; name a state that is no ending: {places}"
        )


def genre_of(world: World, dice: random.Random) -> Genre:
    """Return the genre that the prose of a world suggests."""
    return reader.read(own_prose(world), dice).genre


def _may_be_place(place_name: str, *, is_between: bool) -> bool:
    """Say whether something can be a place of its own; what stands between two places may be one, unless it lives."""
    head = place_name.split()[-1]
    kinds = {sense.kind for sense in lexicon().senses(head)}
    spots = (spot.name.split()[-1] for genre in stock().genres.values() for spot in genre.places)
    if not kinds or "l" in kinds or roofed(place_name, "") or head in spots:
        return True
    return is_between and not kinds & {"p", "a"}


def _props(place_name: str, genre: Genre, dice: random.Random) -> tuple[Thing, ...]:
    """Return what stands in a place of a name: what the stock says of it, else what its genre has."""
    spots = [spot for own in (genre, *stock().genres.values()) for spot in own.places]
    last = place_name.split()[-1]
    same_spots = [spot for spot in spots if spot.name == place_name] or [s for s in spots if last in s.name.split()]
    return filled([prop for spot in same_spots[:1] for prop in spot.props], genre, dice)


def _step(do: str, at: str, to: str, target: PlanPlace, kind: Kind = "way") -> PlanStep:
    return PlanStep(slug(do), do, kind, at, to, target.props[0])


def _write_scene(world: World, plan: Plan, new: set[str], prose: StringWriter) -> Any:
    """Return the states and events of a plan; only what is new in it is written with care."""
    names = UnusedNames(world.events_by_name)
    plan = replace(plan, steps=tuple(replace(step, name=names.take(step.name)) for step in plan.steps))
    fields = wanted(plan, prose.seed)
    texts = Writer().write([ProseJob(plan, tuple(fields), prose.seed)], ignore)[0].texts
    texts |= prose.write(plan, [item for item in fields if item.at[0] == "state" and item.at[1] in new])
    body = scene(plan, texts)
    for event in body["events"]:
        # its key may be taken, and what to click is said by the picture of its place, which is not written here
        for key in ("anchor", "hotkey", "kind"):
            event.pop(key, None)
    return body


def way_ops(world: World, events: Sequence[Json]) -> list[Json]:
    """Return the operations that add events, each with a key that is free where it is offered."""
    ops: list[Json] = []
    keys_by_state = defaultdict[str, list[str]](list)
    for event in events:
        used_keys = keys_by_state[event["from"][0]]
        if key := free_key(world, event["from"][0], event["detail"], used_keys):
            used_keys.append(key)
            event = {**event, "hotkey": key}
        ops.append({"op": "add_transition", "event": event})
    return ops
