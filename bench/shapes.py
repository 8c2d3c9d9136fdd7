"""Seeded worlds of the shapes that make exhaustive play easy or hard: the graph is what counts, not the prose."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
KINDS = ("hub", "chapters", "acyclic", "tangled")


def shape(kind: str, states: int, events: int, flags: int, one_shots: int = 0, seed: int = 0) -> Json:
    """Return an SMWorld document: a spanning tree of free moves, then events at random, half of them gated.

    Every flag has 1 to 3 granters, 2 % of the states are endings gated by 1 to 3 flags, 1 % have no way out,
    15 % of the events have two sources, 5 % stay where they are.

    Args:
        kind: ``hub``: events between any two states. ``chapters``: 4 to 6 parts with flags of their own and
            one-way gates between them. ``acyclic``: events only lead on. ``tangled``: a hub where a quarter of
            the events also grant 1 to 3 flags and half of the free ones beside the tree get a gate.
        states: How many states, 8 or more.
        events: How many events, at least as many as states.
        flags: How many flags.
        one_shots: How many events happen once a run.
        seed: The same arguments give the same document.
    """
    if kind not in KINDS:
        raise ValueError(f"no shape is called {kind!r}; there are {', '.join(KINDS)}")
    rng = random.Random(f"{kind} {states} {events} {flags} {one_shots} {seed}")
    parts = 1 if kind != "chapters" else 4 if states < 500 else 5 if flags <= 40 else 6
    chapters = [_Chapter() for _ in range(parts)]
    for i in range(states):
        chapters[i * parts // states].states.append(i)
    for i in range(flags):
        chapters[i * parts // flags].flags.append(f"flag_{i}")
    events_so_far: list[Json] = []
    for number, chapter in enumerate(chapters):
        before = chapters[number - 1] if number else None
        events_so_far += chapter.planted(rng, max(1, states // 50 // parts), states // 100 // parts, before)
    while len(events_so_far) < events:
        chapter = chapters[len(events_so_far) % parts]
        events_so_far.append(chapter.extra(rng, forward=kind == "acyclic"))
    for chapter in chapters:
        own = [move for move in events_so_far if move["from"][0] in chapter.open]
        for flag in chapter.flags:
            for move in rng.sample(own, min(len(own), rng.randint(1, 3))):
                move["grants"] = sorted({*move["grants"], flag})
    if kind == "tangled":
        _tangle(rng, events_so_far, chapters[0], states)
    for move in rng.sample(events_so_far, min(one_shots, len(events_so_far))):
        move["oneShot"] = True
    ends = {i for chapter in chapters for i in chapter.endings}
    return _document(kind, states, flags, events_so_far, ends)


def counters(count: int, steps: int) -> Json:
    """Return an SMWorld document of one place with counters, each a ladder of flags, and a door that needs all full."""
    events: list[Json] = [
        {
            "name": f"step_{number}_{step}",
            "kind": "override",
            "from": ["hall"],
            "base": "Another mark on the wall.",
            "grants": [f"mark_{number}_{step}"],
            "requires": [f"mark_{number}_{step - 1}"] if step else [],
        }
        for number in range(count)
        for step in range(steps)
    ]
    door = {
        "name": "leave",
        "kind": "transition",
        "from": ["hall"],
        "to": "end",
        "base": "The door swings open.",
        "requires": [f"mark_{number}_{steps - 1}" for number in range(count)],
    }
    end = {"base": "A road in the sun.", "ending": {"kind": "win", "title": "Out"}}
    states = {"hall": {"base": "A hall with a locked door."}, "end": end}
    return {"name": "Counters", "entrance": {"state": "hall"}, "scene": {"states": states, "events": [*events, door]}}


@dataclass
class _Chapter:
    states: list[int] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    endings: set[int] = field(default_factory=set)

    def gate(self, rng: random.Random, most: int) -> list[str]:
        """Return 1 to ``most`` flags of the chapter."""
        return sorted(rng.sample(self.flags, min(len(self.flags), rng.randint(1, most))))

    def planted(self, rng: random.Random, endings: int, dead_ends: int, before: _Chapter | None) -> list[Json]:
        """Return a tree over the chapter; its last states are the endings and the dead ends, which have no way out."""
        states_without_exit = self.states[len(self.states) - min(endings + dead_ends, len(self.states) - 2) :]
        self.endings = set(states_without_exit[:endings])
        self.open = set(self.states) - set(states_without_exit)
        states_so_far: list[int] = []
        moves = []
        for i in self.states:
            if states_so_far:
                moves.append(_move([rng.choice(states_so_far)], i, self.gate(rng, 3) if i in self.endings else []))
            elif before is not None:
                moves.append(_move([rng.choice(sorted(before.open))], i, before.gate(rng, 1)))
            if i in self.open:
                states_so_far.append(i)
        return moves

    def extra(self, rng: random.Random, forward: bool) -> Json:
        """Return one more event of the chapter."""
        open_states = sorted(self.open)
        sources = rng.sample(open_states, 2 if rng.random() < 0.15 else 1)
        later = [i for i in self.states if i > max(sources)] if forward else self.states
        target = None if rng.random() < 0.05 or not later else rng.choice(later)
        if target in self.endings:
            return _move(sources, target, self.gate(rng, 3))
        return _move(sources, target, self.gate(rng, 2) if rng.random() < 0.5 else [])


def _move(sources: list[int], target: int | None, requires: list[str]) -> Json:
    return {"from": sources, "to": target, "requires": requires, "grants": []}


def _tangle(rng: random.Random, moves: list[Json], chapter: _Chapter, tree: int) -> None:
    for move in rng.sample(moves, len(moves) // 4):
        move["grants"] = sorted({*move["grants"], *chapter.gate(rng, 3)})
    for move in moves[tree - 1 :]:
        if not move["requires"] and rng.random() < 0.5:
            move["requires"] = chapter.gate(rng, 2)


def _document(kind: str, states: int, flags: int, moves: list[Json], endings: set[int]) -> Json:
    bodies: Json = {f"place_{i}": {"base": f"A quiet place, the {i}th of its kind."} for i in range(states)}
    for n, i in enumerate(sorted(endings)):
        bodies[f"place_{i}"]["ending"] = {"kind": ("win", "lose")[n % 2], "title": f"Ending {n}"}
    events = []
    for number, move in enumerate(moves):
        event: Json = {
            "name": f"move_{number}",
            "kind": "override" if move["to"] is None else "transition",
            "from": [f"place_{i}" for i in move["from"]],
            "base": "A step on worn stone.",
        }
        if move["to"] is not None:
            event["to"] = f"place_{move['to']}"
        if move["requires"]:
            event |= {"requires": move["requires"], "lockedHint": "Something is missing."}
        if move["grants"]:
            event["grants"] = move["grants"]
        if move.get("oneShot"):
            event["oneShot"] = True
        events.append(event)
    return {
        "schemaVersion": "1.0",
        "name": f"{kind}: {states} states, {len(moves)} events, {flags} flags",
        "entrance": {"state": "place_0"},
        "scene": {"states": bodies, "events": events},
    }
