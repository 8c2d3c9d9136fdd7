"""Casts a plan: which places, goals and dangers it has, out of what the premise says and what the stock holds."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations
from typing import TypeVar

from worldkit.generation.planning.goal import object_of
from worldkit.generation.planning.nouns import roofed, surroundings
from worldkit.generation.planning.premise import PLAINEST, Reading
from worldkit.generation.planning.stock import Close, Genre, Spot, Stock, Thing
from worldkit.generation.text.english import a, word_list

T = TypeVar("T")


def shuffled(dice: random.Random, items: Iterable[T]) -> list[T]:
    """Return items in drawn order."""
    given = list(items)
    dice.shuffle(given)
    return given


def named(noun: str) -> Thing:
    """Return a premise's noun as a thing, with an article unless it is many or a substance."""
    bare = Thing(noun)
    return bare if bare.many or bare.head in _SUBSTANCES else Thing(a(noun))


_LIVING = frozenset(
    word_list("children passenger patient kitten horse hawks whale stag people queen friend penguin rabbit bird")
)
_SUBSTANCES = frozenset(word_list("gold silver treasure bread honey medicine fire music"))
_EARLY = frozenset(word_list("castle sail western"))
"""Genres of a time that had none of the things of ``_LATE``."""
_LATE = frozenset(
    word_list(
        "antenna battery bus cable cables coffee drone drones elevator escalator fuel gauge gauges generator keypad "
        "machine monitor motorbike neon plastic projector propeller radio screen screens solar "
        "telephone tram truck turbine turnstiles vending wires"
    )
)
"""Words of things of a later time."""


@dataclass
class Casting:
    """Draws places and endings.

    Attributes:
        reading: What the premise says.
        stock: What else there is.
        dice: What decides.
    """

    reading: Reading
    stock: Stock
    dice: random.Random

    def closes(self, endings: int) -> tuple[Close, list[Close], list[Close]]:
        """Return the goal, the dangers and the further goals of a world with so many endings."""
        genre = self.reading.genre
        goals, falls = shuffled(self.dice, genre.goals), shuffled(self.dice, genre.falls)
        goal = goals[0]
        if self.reading.goal:
            goal = self._own_goal(goal)
        lose = 2 if endings >= 3 else 1
        others = goals[1 : 1 + endings - 1 - lose]
        return goal, falls[:lose], others

    def _own_goal(self, nearest: Close) -> Close:
        """Return the goal the premise sets, with the place and ending of the stock's goal that has the same object."""
        do, genre = self.reading.goal, self.reading.genre
        it = object_of(do, self.stock.settings)
        about = Thing(it).head if it else do.split()[-1]
        known = next((goal for goal in genre.goals if self._same(goal.do, do, about)), None)
        place = known.place if known else self._fit(about, nearest)
        own = [Thing(Thing(it).the)] if it else []
        # by now it is known: what was "a letter" at the outset is the letter
        own += [Thing(f"the {thing}") for thing in self.reading.things if thing.split()[-1] in do.split()]
        heads: dict[str, Thing] = {}
        for prop in own or place.props:
            heads.setdefault(prop.head, prop)
        for prop in place.props:
            if not heads.keys() & set(prop.bare.split()):
                heads[prop.head] = prop
        end = known if known and self.stock.alike(known.do.split()[0], do.split()[0]) else None
        ending = end or self.stock.closing(self._deed(do.split()[0], it), it and Thing(it).the, self.dice)
        return Close(do, ending.title, ending.subtitle, Spot(place.name, tuple(heads.values())[:3]))

    def _deed(self, verb: str, it: str) -> str:
        """Return the verb of a goal as endings know it: a person is met, and what cannot be carried is beheld."""
        if verb not in ("find", "discover"):
            return verb
        if it and (Thing(it).head in self.stock.persons or Thing(it).head in _LIVING):
            return "meet"
        return verb if it else "behold"

    def _same(self, known: str, do: str, about: str) -> bool:
        """Say whether a goal of the stock is about the same thing, or where it is about none, is the same."""
        return known == do or Thing(object_of(known, self.stock.settings) or "a goal").head == about

    def _fit(self, about: str, nearest: Close) -> Spot:
        """Return where a goal of the premise is reached: its chief place, else the likeliest of the genre."""
        setting = self.reading.setting
        places = shuffled(self.dice, self.reading.genre.places)
        if setting:
            known = next((spot for spot in places if setting.split()[-1] in spot.name.split()), nearest.place)
            return Spot(f"heart of the {setting if len(setting) <= 16 else setting.split()[-1]}", known.props)
        return max(places, key=lambda spot: about in {*spot.name.split(), *(prop.head for prop in spot.props)})

    def spots(self, count: int, taken: set[str]) -> list[Spot]:
        """Return so many places, the premise's own first, of other names than those taken."""
        genre, reading = self.reading.genre, self.reading
        own = [reading.setting] if reading.setting else []
        own += [spot for spot in reading.spots if spot != reading.setting]
        known = {spot.name: spot for spot in genre.places}
        pool = [spot for spot in shuffled(self.dice, genre.places) if spot.name not in taken]
        heads = {name.split()[-1] for name in own}
        pool = [spot for spot in pool if not heads & set(spot.name.split())] or pool
        far = pool[count - 1 :] or pool
        loose = [prop for spot in far for prop in spot.props]
        chosen: list[Spot] = []
        for name in own[: max(1, count - 2)]:
            if name not in taken:
                chosen.append(known.get(name) or Spot(name, self._some(self._alike(name, far) or loose, 3)))
        chosen += [spot for spot in pool if spot.name not in {c.name for c in chosen}]
        one = self.stock.qualifiers
        for qualifier in [*one, *(f"{outer} {inner}" for outer, inner in permutations(one, 2))]:
            if len(chosen) >= count:
                break
            chosen += [Spot(f"{qualifier} {spot.name}", self._some(loose, 3)) for spot in pool]
        named: dict[str, Spot] = {}
        for spot in chosen:
            named.setdefault(spot.name, spot)
        return self._with_things(list(named.values())[:count])

    def _alike(self, name: str, spots: Iterable[Spot]) -> list[Thing]:
        """Return what may stand in a place of this name: what does where there is a roof, or none, as there.

        Args:
            name: The place, which the premise names and the genre does not know.
            spots: Places of the genre that the world does without. Their things are taken, unless the name points to
                another genre; where too little stands in such as these, those of the plainest are.
        """
        genre, others = self.reading.genre, self.stock.genres
        inside = roofed(name, genre.name)
        plainest = [] if surroundings(genre.name, inside).alone else [others[each] for each in PLAINEST]
        for among in (_places(self._pointed(name)), spots, _places(plainest)):
            things = [prop for spot in among if roofed(spot.name, genre.name) is inside for prop in spot.props]
            things = [thing for thing in things if genre.name not in _EARLY or _LATE.isdisjoint(thing.text.split())]
            if len({prop.head for prop in things}) >= 3:
                return things
        return []

    def _pointed(self, name: str) -> list[Genre]:
        """Return the other genres that a place's name points to, by the word it turns on before its other words."""
        words = name.split()
        if self.reading.genre.words & set(words):
            return []
        others = [each for each in self.stock.genres.values() if each is not self.reading.genre]
        return [each for each in others if words[-1] in each.words] or [
            each for each in others if each.words & set(words)
        ]

    def _with_things(self, spots: list[Spot]) -> list[Spot]:
        """Stand the premise's own things about the places, but for what the goal is about: that waits at the end."""
        goal = self.reading.goal.split()
        for thing in self.reading.things:
            if thing.split()[-1] in goal:
                continue
            at = self.dice.randrange(1, len(spots))
            kept = [prop for prop in spots[at].props if prop.head != thing.split()[-1]]
            spots[at] = Spot(spots[at].name, (named(thing), *kept[:2]))
        return spots

    def _some(self, things: list[Thing], count: int) -> tuple[Thing, ...]:
        found: dict[str, Thing] = {}
        for thing in self.dice.sample(things, len(things)):
            found.setdefault(thing.head, thing)
        # one that is single first: it is what a camera is turned on
        return tuple(sorted(list(found.values())[: count * 2], key=lambda thing: thing.many)[:count])


def _places(genres: Iterable[Genre]) -> list[Spot]:
    return [spot for genre in genres for spot in genre.places]
