"""Small worlds of every odd kind, by seed, and the real positions they get into, enumerated through the stepper."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from typing import Any

from tests.play.explore.plain import Plain, plain
from worldkit import Budget, Exploration, Position, World
from worldkit.exploration.answer_data import AnswerData
from worldkit.exploration.transition_system import build_system
from worldkit.playing.machine import end_of_sequence, fireable_by_name, is_over, reached_beats, resolve, step
from worldkit.playing.transition_table import Action, SequenceAction, TransitionTable, table_of

Json = dict[str, Any]


def small(
    seed: int, namesakes: bool = False, states: int = 7, events: int = 12, flags: int = 4, once: float = 0.35
) -> World:
    """Return a world of a few states.

    Args:
        seed: Which one.
        namesakes: Let events share names, and sequences ids.
        states: Most states.
        events: Most events.
        flags: Most flags.
        once: How many events happen once, of one.
    """
    return World.from_dict(_document(random.Random(seed), namesakes, states, events, flags, once))


def _document(r: random.Random, namesakes: bool, most: int, many: int, keys: int, once: float) -> Json:
    ids = [f"s{i}" for i in range(r.randint(1, most))]
    flags = [f"f{i}" for i in range(r.randint(0, keys))]
    states: Json = {id: {"base": "x"} for id in ids}
    for id in r.sample(ids, r.randint(0, min(2, len(ids)))):
        states[id]["ending"] = {"kind": "win", "title": f"End of {id}"}
    events: list[Json] = []
    cuts = [{"id": "cut", "video": "v", "from": ids[0], "to": r.choice(ids), "requires": flags[:1]}]
    for i in range(r.randint(0, many)):
        kind = r.choices(["transition", "override", "terminal"], [7, 2, 1])[0]
        event: Json = {"name": f"e{i}", "kind": kind, "from": r.sample(ids, min(len(ids), r.choice([1, 1, 1, 2, 3])))}
        if kind == "terminal" and r.random() < 0.8:
            event["terminal"] = {"persona": "p"}
        if kind != "terminal":
            event["to"] = r.choice([*ids, *ids, "cut", "nowhere"])
        if flags and r.random() < 0.45:
            event["requires"] = r.sample(flags, r.randint(1, min(2, len(flags))))
        if flags and r.random() < 0.4:
            event["grants"] = r.sample(flags, r.randint(1, min(2, len(flags))))
        if r.random() < once:
            event["oneShot"] = True
        if r.random() < 0.2:
            event["hidden"] = True
        if r.random() < 0.2:
            event["autoAfterMs"] = r.choice([0, 10, 3000])
        if namesakes and i and r.random() < 0.3:
            event["name"] = r.choice(events)["name"]
        events.append(event)
    names = [event["name"] for event in events]
    for event in events:
        if names.count(event["name"]) > 1:  # what comes of those is left open, see test_shared_names
            event.pop("autoAfterMs", None)
    sequences = []
    for i in range(r.choice([0, 0, 1, 2])):
        beats = [{"state": id} for id in r.choices(ids, k=r.randint(1, 4))]
        sequences.append({"id": "w" if namesakes else f"w{i}", "title": "t", "beats": beats})
    return {
        "schemaVersion": "1.0",
        "entrance": {"state": r.choice([*ids, "missing"])},
        "scene": {"states": states, "events": events},
        "cutscenes": cuts,
        "sequences": sequences,
    }


def tour(seed: int) -> World:
    """Return a world in which keys must be fetched one after the other, with shortcuts that can be used once."""
    r = random.Random(seed)
    rooms, keys = r.randint(6, 11), r.randint(3, 4)
    ids = [f"r{i}" for i in range(rooms)]
    events: list[Json] = []

    def add(a: str, b: str, **more: Any) -> None:
        events.append({"name": f"e{len(events)}", "kind": "transition", "from": [a], "to": b, **more})

    for i in range(rooms):
        add(ids[i], ids[(i + 1) % rooms])
    for _ in range(r.randint(1, 3)):
        add(*r.sample(ids, 2), oneShot=r.random() < 0.7)
    for i in range(keys):
        gate = [f"k{i - 1}"] if i and r.random() < 0.4 else []
        for _ in range(r.choice([1, 2])):
            place = r.choice(ids)
            events.append(
                {
                    "name": f"take{len(events)}",
                    "kind": "override",
                    "from": [place],
                    "requires": gate,
                    "grants": [f"k{i}"],
                }
            )
        add(*r.sample(ids, 2), requires=[f"k{i}"], oneShot=r.random() < 0.3)
    add(r.choice(ids), "end", requires=r.sample([f"k{i}" for i in range(keys)], r.randint(2, keys)))
    states: Json = {id: {"base": "x"} for id in ids} | {"end": {"base": "x", "ending": {"kind": "win", "title": "t"}}}
    return World.from_dict({"schemaVersion": "1.0", "scene": {"states": states, "events": events}})


def pit(seed: int) -> World:
    """Return a world with places that can be left only with the right keys, once one is in."""
    r = random.Random(seed)
    keys = [f"k{i}" for i in range(r.randint(1, 3))]
    ring, deep = [f"r{i}" for i in range(r.randint(2, 4))], [f"p{i}" for i in range(r.randint(2, 4))]
    events: list[Json] = []

    def add(a: str, b: str, **more: Any) -> None:
        events.append({"name": f"e{len(events)}", "kind": "transition", "from": [a], "to": b, **more})

    for places in (ring, deep):
        for i, place in enumerate(places):
            add(place, places[(i + 1) % len(places)], **({"grants": [r.choice(keys)]} if r.random() < 0.3 else {}))
    for key in keys:
        add(r.choice(ring), r.choice(ring), grants=[key], requires=r.sample(keys, r.randint(0, 1)))
    add(r.choice(ring), r.choice(deep), oneShot=r.random() < 0.5)
    add(r.choice(deep), r.choice(ring), requires=r.sample(keys, r.randint(1, len(keys))), oneShot=r.random() < 0.5)
    add(r.choice(ring), "end", requires=r.sample(keys, r.randint(0, len(keys))))
    states: Json = {id: {"base": "x"} for id in ring + deep}
    states["end"] = {"base": "x", "ending": {"kind": "win", "title": "t"}}
    return World.from_dict({"schemaVersion": "1.0", "scene": {"states": states, "events": events}})


def explore_plainly(world: World, at: Position | None = None) -> Exploration:
    """Return an exploration with the plain answer."""
    answer = plain(build_system(world, at))
    return Exploration(world, at, Budget(), AnswerData.of(answer, 0.0), answer)


@dataclass
class Real:
    """The real positions of a world, every use of a one-shot among them, as far as firing by name gets.

    Attributes:
        depth: How many things must be fired to get into each position.
        states: The same for every state, those a sequence passes through among them.
        events: The same for every name, counting its own firing.
        wins: The positions from which an ending can be reached, whatever may be available.
    """

    depth: dict[Position, int]
    states: dict[str, int]
    events: dict[str, int]
    wins: set[Position]


def doable(table: TransitionTable, position: Position) -> list[tuple[Action | SequenceAction, Position]]:
    """Return everything available and where it leads."""
    return [
        (what, end_of_sequence(table, position, what) if isinstance(what, SequenceAction) else step(position, what)[0])
        for what in fireable_by_name(table, position)
    ]


def real(world: World, at: Position | None = None) -> Real:
    """Enumerate the real positions of a world, breadth first."""
    table = table_of(world)
    assert table.start is not None
    first = at or Position(table.start)
    depth, todo = {first: 0}, deque([first])
    states, events = {first.state: 0}, {}
    while todo:
        position = todo.popleft()
        for name in dict.fromkeys(what.name for what, _ in doable(table, position)):
            what = resolve(table, position, name)
            events.setdefault(name, depth[position] + 1)
            if isinstance(what, SequenceAction):
                after = end_of_sequence(table, position, what)
                for beat in reached_beats(table, what):
                    states.setdefault(beat.state, depth[position] + 1)
            else:
                after = step(position, what)[0]
            if after not in depth:
                depth[after] = depth[position] + 1
                states.setdefault(after.state, depth[after])
                todo.append(after)
    return Real(depth, states, events, _wins(table, depth))


def _wins(table: TransitionTable, depth: dict[Position, int]) -> set[Position]:
    back: dict[Position, list[Position]] = {}
    visited, todo = set(depth), list(depth)
    while todo:
        position = todo.pop()
        for _, after in doable(table, position):
            back.setdefault(after, []).append(position)
            if after not in visited:
                visited.add(after)
                todo.append(after)
    wins = {position for position in visited if is_over(table, position)}
    todo = list(wins)
    while todo:
        for before in back.get(todo.pop(), ()):
            if before not in wins:
                wins.add(before)
                todo.append(before)
    return wins


__all__ = ["Plain", "Real", "doable", "explore_plainly", "pit", "real", "small", "tour"]


def ring(keys: int, seed: int, endings: int = 1) -> World:
    """Return six rooms in a ring with keys that are taken once, most with another key, and doors that need ten."""
    dice = random.Random(seed)
    states: dict[str, object] = {f"r{i}": {"base": ""} for i in range(6)}
    events: list[dict[str, object]] = [
        {"name": f"next {i}", "kind": "transition", "from": [f"r{i}"], "to": f"r{(i + 1) % 6}"} for i in range(6)
    ]
    for key in range(keys):
        take = {"name": f"take {key}", "kind": "override", "from": [f"r{dice.randrange(6)}"], "oneShot": True}
        needs = [f"k{dice.randrange(key)}"] if key > 3 and dice.random() < 0.9 else []
        events.append({**take, "grants": [f"k{key}"], "requires": needs})
    for end in ("end", *(f"end_{number}" for number in range(2, endings + 1))):
        states[end] = {"base": "", "ending": {"kind": "win", "title": end}}
        door = {"name": f"door to {end}", "kind": "transition", "from": [f"r{dice.randrange(6)}"], "to": end}
        events.append({**door, "requires": [f"k{key}" for key in dice.sample(range(keys), 10)]})
    return World.from_dict({"schemaVersion": "1.0", "scene": {"start": "r0", "states": states, "events": events}})
