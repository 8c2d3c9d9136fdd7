"""Random puzzles: rooms, locked ways with their keys elsewhere, pits, and things to bring to the last door.

Each is drawn so that it can be won; ``tasks`` proves it, and how hard it is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from worldkit.core.json_values import Json
from worldkit.envs.puzzle_words import KEYS, LOSSES, PITS, PLACES, RELICS

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of what a puzzle has: the least and the most of each.

    Attributes:
        locks: Locked ways between rooms.
        relics: Things that the last door asks for, besides those in pits.
        pits: Places that one gets out of only with a thing that lies elsewhere; each holds a thing that is asked for.
        losses: Ways to lose.
    """

    rooms: Range
    locks: Range
    relics: Range
    pits: Range
    losses: Range


def draw_puzzle(recipe: Recipe, dice: random.Random) -> Json:
    """Return a puzzle as an SMWorld document.

    Args:
        recipe: What it has.
        dice: Decides everything else.
    """
    return _Puzzle(dice).draw(recipe)


@dataclass
class _Puzzle:
    dice: random.Random
    states: dict[str, Json] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)

    def draw(self, recipe: Recipe) -> Json:
        dice = self.dice
        rooms = dice.sample(list(PLACES), dice.randint(*recipe.rooms))
        parents = [-1] + [dice.randrange(max(0, i - 3), i) for i in range(1, len(rooms))]
        for room in rooms:
            self.states[_id(room)] = {"base": PLACES[room]}
        locks = self._locks(parents, dice.randint(*recipe.locks))
        for child in range(1, len(rooms)):
            self._way(rooms[parents[child]], rooms[child], locks.get(child))
        order = _opening_order(parents, locks)
        for number, child in enumerate(order):
            self._add_item(locks[child], rooms[dice.choice(_reachable_rooms(parents, locks, order[:number]))])
        pits = dice.sample(list(PITS), dice.randint(*recipe.pits))
        relics = dice.sample(RELICS, len(pits) + dice.randint(*recipe.relics))
        for pit, relic in zip(pits, relics, strict=False):
            self._pit(pit, rooms, relic)
        for relic in relics[len(pits) :]:
            self._add_item(relic, dice.choice(rooms))
        for loss in dice.sample(list(LOSSES), dice.randint(*recipe.losses)):
            self._loss(loss, dice.choice(rooms))
        self._goal(rooms[-1], relics)
        dice.shuffle(self.events)
        return {
            "schemaVersion": "1.0",
            "name": f"The door in the {rooms[-1]}",
            "entrance": {"state": _id(rooms[0])},
            "scene": {"states": self.states, "events": self.events},
        }

    def _locks(self, parents: list[int], count: int) -> dict[int, str]:
        """Return which rooms have a locked way in, with what opens it."""
        children = self.dice.sample(range(1, len(parents)), min(count, len(parents) - 1))
        return dict(zip(children, self.dice.sample(KEYS, len(children)), strict=True))

    def _way(self, room: str, further: str, key: str | None) -> None:
        forth = self._move(f"go to the {further}", room, _id(further), f"to_{_id(further)}")
        if key:
            forth |= {"requires": [_id(key)], "lockedHint": f"It is shut; it wants the {key}."}
        self._move(f"go back to the {room}", further, _id(room), f"back_from_{_id(further)}")

    def _move(self, label: str, room: str, target: str, name: str) -> Json:
        event = {"name": name, "kind": "transition", "from": [_id(room)], "to": target, "detail": label}
        self.events.append(event)
        return event

    def _add_item(self, item: str, room: str) -> None:
        event = {"name": f"take_{_id(item)}", "kind": "override", "from": [_id(room)], "detail": f"take the {item}"}
        self.events.append(event | {"grants": [_id(item)], "oneShot": True})

    def _pit(self, pit: str, rooms: list[str], relic: str) -> None:
        label_in, label_out, item, prose = PITS[pit]
        self.states[_id(pit)] = {"base": prose}
        edge = self.dice.choice(rooms)
        self._move(label_in, edge, _id(pit), f"into_{_id(pit)}")
        out = self._move(label_out, pit, _id(edge), f"out_of_{_id(pit)}")
        out |= {"requires": [_id(item)], "lockedHint": f"Not without the {item}."}
        self._add_item(item, self.dice.choice(rooms))
        self._add_item(relic, pit)

    def _loss(self, loss: str, room: str) -> None:
        label, title, prose = LOSSES[loss]
        self.states[_id(loss)] = {"base": prose, "ending": {"kind": "lose", "title": title}}
        self._move(label, room, _id(loss), f"into_{_id(loss)}")

    def _goal(self, room: str, relics: list[str]) -> None:
        prose = "A walled garden in full morning light, with a gate that stands wide open."
        self.states["garden"] = {"base": prose, "ending": {"kind": "win", "title": "The garden"}}
        door = self._move("open the last door", room, "garden", "open_the_last_door")
        if relics:
            names = " and ".join(f"the {relic}" for relic in relics)
            door |= {"requires": [_id(relic) for relic in relics], "lockedHint": f"It asks for {names}."}


def _id(name: str) -> str:
    return name.replace("'s", "").replace(" ", "_")


def _reachable_rooms(parents: list[int], locks: dict[int, str], open_locks: list[int]) -> list[int]:
    """Return the rooms that can be reached with some locks open."""
    rooms = [0]
    for child in range(1, len(parents)):  # a parent comes before its children
        if parents[child] in rooms and (child not in locks or child in open_locks):
            rooms.append(child)
    return rooms


def _opening_order(parents: list[int], locks: dict[int, str]) -> list[int]:
    """Return the locks in an order in which each can be come to when those before it are open."""
    order: list[int] = []
    while len(order) < len(locks):
        rooms = _reachable_rooms(parents, locks, order)
        order += [child for child in locks if child not in order and parents[child] in rooms][:1]
    return order
