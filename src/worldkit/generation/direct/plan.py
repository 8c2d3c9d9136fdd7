"""The plan of a world as typed values: places, what can be done there, and what has to be carried for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, count
from typing import Literal

from worldkit.editing.naming import UnusedNames
from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.wording import bare, head
from worldkit.generation.planning.plan import PlanPlace, shape
from worldkit.generation.text.english import short_slug

MAX_PLAN_STATES = 24
"""States of the largest plan that a model is asked for at once: a longer answer runs out of most models' hands."""
SECOND_WIN_STATES, THIRD_WIN_STATES = 10, 20
"""States from which on a world can be won in two ways, and in three."""
MAX_NAME_CHARACTERS = 48
"""Characters of an event's name at most."""

Kind = Literal["way", "lock", "take", "act", "win", "lose"]


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that a plan of some size consists of: places, endings that are won or lost, and things to carry."""

    inner: tuple[str, ...]
    wins: tuple[str, ...]
    losses: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def endings(self) -> tuple[str, ...]:
        """The ids of all endings."""
        return (*self.wins, *self.losses)

    @property
    def every_id(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.inner, *self.endings, *self.keys))


def ids(states: int, *, is_chapter: bool = False) -> Ids:
    """Return the ids of a plan of so many states, endings included; a chapter is won in one way unless it is long."""
    wins, losses = shape(states)
    if states >= SECOND_WIN_STATES and not is_chapter:
        wins = 2 if states < THIRD_WIN_STATES else 3
    inner = states - wins - losses
    keys = 2 if states < SECOND_WIN_STATES else 3 if states < 15 else 5 if states < 20 else 6
    counts = {"p": inner, "w": wins, "l": losses, "k": keys}
    return Ids(*(tuple(f"{letter}{n}" for n in range(1, number + 1)) for letter, number in counts.items()))


def states_for(places: int) -> int:
    """Return the states of the smallest chapter that has so many places besides its endings, at least three."""
    return next(states for states in count(places + 2) if len(ids(states, is_chapter=True).inner) == places)


@dataclass(frozen=True, slots=True)
class MoveOutline:
    """An event to be.

    Attributes:
        do: What the hero does, as a verb phrase, or what happens by itself, as a sentence; empty in a drawn graph.
        to: Where it leads; None when the hero stays.
        needs: The keys that it needs, all of them.
        after_s: Seconds in the place after which it happens by itself; 0 when it is only chosen.
        template_texts: What the templates say of it, by field; used where a model says nothing that can stand.
        is_told: The templates alone tell it, and no model is asked for it.
    """

    do: str
    at: str
    to: str | None = None
    takes: str | None = None
    needs: tuple[str, ...] = ()
    after_s: int = 0
    is_hidden: bool = False
    template_texts: Mapping[str, str] = field(default_factory=dict, compare=False)
    is_told: bool = False

    @property
    def edge(self) -> tuple[str, str | None, str | None, tuple[str, ...], bool]:
        """What it does to the position, whatever it is called, and whether it happens by itself."""
        return self.at, self.to, self.takes, self.needs, self.after_s > 0


@dataclass(frozen=True, slots=True)
class MissionOutline:
    """What the player is to do for one way to win, each step by the name of the event that does it."""

    title: str
    objectives: Mapping[str, str]


@dataclass(frozen=True)
class WorldPlan:
    """A world to be; play begins in its first place.

    Attributes:
        keys: What the keys are, by their id.
        learned: The ids of the keys that are known, such as a password, and not carried.
        details: What exactly a key is or says, by its id, so that all texts agree; no world holds it.
        is_weak: A weak model writes it, whose texts are judged strictly.
    """

    basis: Basis
    places: tuple[PlanPlace, ...]
    moves: tuple[MoveOutline, ...]
    keys: Mapping[str, str] = field(default_factory=dict)
    learned: frozenset[str] = frozenset()
    details: Mapping[str, str] = field(default_factory=dict)
    missions: tuple[MissionOutline, ...] = ()
    is_weak: bool = True

    @property
    def ids(self) -> Ids:
        """The ids of its places and keys."""
        inner, wins, losses = (
            tuple(place.id for place in self.places if place.ending == ending) for ending in (None, "win", "lose")
        )
        return Ids(inner, wins, losses, tuple(self.keys))

    def place(self, id: str) -> PlanPlace:
        """Return a place by its id."""
        return next(place for place in self.places if place.id == id)

    def at(self, id: str) -> list[MoveOutline]:
        """Return what can be done in a place."""
        return [move for move in self.moves if move.at == id]

    def kind(self, move: MoveOutline) -> Kind:
        """Return what a move is for."""
        if move.to is None:
            return "take" if move.takes else "act"
        ending = self.place(move.to).ending
        return ending or ("lock" if move.needs else "way")

    def leads_back(self, move: MoveOutline) -> bool:
        """Say whether a move leads to a place before its own."""
        order = [place.id for place in self.places]
        return move.to is not None and order.index(move.to) < order.index(move.at)

    def thing_taken(self, move: MoveOutline) -> str:
        """Return the thing to carry that a move takes; empty where it takes none, or teaches something."""
        return self.keys[move.takes] if move.takes and move.takes not in self.learned else ""

    def templates_tell(self, place: PlanPlace) -> bool:
        """Say whether the templates tell what is read in a place, of which a weak model writes what is seen alone."""
        return self.is_weak and bool(place.template_texts)

    def source(self, key: str) -> PlanPlace:
        """Return where a key is taken, in a plan that takes it."""
        return next(self.place(move.at) for move in self.moves if move.takes == key)

    def with_moves(self, moves: Sequence[MoveOutline]) -> WorldPlan:
        """Return this plan with other moves."""
        return replace(self, moves=tuple(moves))

    @cached_property
    def state_ids(self) -> Mapping[str, str]:
        """The state id of every place: its name in snake_case, unique."""
        state_ids = UnusedNames()
        return {
            place.id: state_ids.take(short_slug(place.name, MAX_NAME_CHARACTERS) or "place") for place in self.places
        }

    @cached_property
    def events(self) -> Mapping[str, MoveOutline]:
        """The moves in their order, each by its name: what is done, in snake_case, unique."""
        names = UnusedNames()
        return {names.take(short_slug(move.do, MAX_NAME_CHARACTERS) or "act"): move for move in self.moves}

    @cached_property
    def place_names(self) -> tuple[str, ...]:
        """What its places are called: "his cabin" is the captain's cabin where the captain is the hero."""
        of_hero = f"{bare(self.basis.who)}'s "
        names = (name for place in self.places for name in (place.name, place.name.removeprefix(of_hero)))
        return tuple(dict.fromkeys(names))

    @cached_property
    def sights(self) -> tuple[str, ...]:
        """What is seen in its places."""
        return tuple(dict.fromkeys(sight for place in self.places for sight in place.sees))

    @cached_property
    def sight_heads(self) -> frozenset[str]:
        """The words for what is seen in its places, and for what can be carried: the ring, of an iron ring."""
        things = (thing for key, thing in self.keys.items() if key not in self.learned)
        return frozenset(map(head, chain(things, self.sights)))

    def flags(self) -> dict[str, str]:
        """Return the flag of every key: its thing in snake_case, unique."""
        flags = UnusedNames()
        return {
            key: flags.take(short_slug(bare(thing), MAX_NAME_CHARACTERS) or key) for key, thing in self.keys.items()
        }
