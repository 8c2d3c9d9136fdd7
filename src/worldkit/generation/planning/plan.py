"""The plan of a world: its places and steps, collected as typed values and played before a word of prose is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from worldkit.core.argument_ranges import expect_count
from worldkit.core.json_values import Json
from worldkit.core.model import EndingKind
from worldkit.editing.naming import UnusedNames
from worldkit.exploration.counted import explore_counted
from worldkit.generation.planning.stock import StockPlace, Thing, VerbPhrase
from worldkit.generation.text.english import slug, the, within
from worldkit.world import World

MIN_STATES, MAX_STATES = 5, 200

Kind = Literal["way", "back", "drop", "lock", "goal", "fall", "take", "act", "ask", "deny"]
"""What a step is for: a way on, the way back, one way only, through a lock, to a win, to a loss; taking a thing;
doing something that changes the picture for a moment; asking somebody where a thing is, who says so, or who gives it
away against their will."""


@dataclass(frozen=True, slots=True)
class PlanEnding:
    """The ending of a place; without a subtitle where a model writes it."""

    kind: EndingKind
    title: str
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class PlanPlace:
    """A state to be: its id, its name, without article in a plan of code, and the things in it.

    Attributes:
        is_roofed: Whether it has a roof, if known.
        has_variant: Whether a second version of it is written.
        template_texts: What the templates say of it, by field; used where a model says nothing that can stand.
    """

    id: str
    name: str
    props: tuple[Thing, ...]
    end: PlanEnding | None = None
    is_roofed: bool | None = None
    has_variant: bool = False
    template_texts: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def the(self) -> str:
        """Its name with the definite article, if it takes one."""
        return the(self.name)

    @property
    def sees(self) -> tuple[str, ...]:
        """What is seen in it, each with its article."""
        return tuple(thing.text for thing in self.props)

    @property
    def ending(self) -> EndingKind | None:
        """The kind of its ending; None where play goes on."""
        return self.end.kind if self.end else None

    @property
    def title(self) -> str:
        """The title of its ending."""
        return self.end.title if self.end else ""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """An event to be: what the player does, as a verb phrase, where, and where it leads, if it does not stay there.

    Attributes:
        thing: What it is done with or through.
        hint: Why it is locked, when it can be.
        use: What a thing that is taken is for.
        about: What somebody is asked about.
    """

    name: str
    do: str
    kind: Kind
    at: str
    to: str | None
    thing: Thing
    requires: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    hint: str = ""
    use: str = ""
    about: Thing | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A world to be, whose first place is the entrance; of the premise it has what a ``Reading`` has.

    Attributes:
        air: The sentence of light and atmosphere.
        motions: Hand-written small movements that suit it; "~" is before those in the open.
        genre: The genre of the stock it was drawn from, ``"common"`` for none of them.
        surroundings: Whose words of the surroundings fit.
        has_hands: Whether the player's character has hands, knees and clothes.
    """

    premise: str
    name: str
    logline: str
    who: str
    look: str
    air: str
    motions: tuple[str, ...]
    setting: str
    goal: str
    deadline: str
    places: tuple[PlanPlace, ...]
    steps: tuple[PlanStep, ...]
    genre: str
    surroundings: str
    has_hands: bool = True
    proper_words: tuple[str, ...] = ()

    def place(self, id: str) -> PlanPlace:
        """Return a place by its id."""
        return next(place for place in self.places if place.id == id)


def check_size(states: int) -> None:
    """Refuse a number of states that no world can have."""
    expect_count(states, "states", MIN_STATES, MAX_STATES)


def shape(states: int) -> tuple[int, int]:
    """Return how many of so many states are endings that are won, and how many that are lost."""
    return (2 if states >= 14 else 1), (2 if states >= 8 else 1)


def flaws(plan: Plan) -> list[str]:
    """Play a plan exhaustively and return what is wrong with it; empty when it can be written.

    A flaw is a place that cannot be reached, a step that can never be taken, or a place in which the win can be out of
    reach.
    """
    events = [graph_event(step.name, step.at, step.to, step.requires, step.grants) for step in plan.steps]
    exploration = explore_counted(graph_world(plan.places, events))
    messages = [f"{place.id} cannot be reached" for place in plan.places if place.id not in exploration.states]
    messages += [f"{step.name} can never be taken" for step in plan.steps if step.name not in exploration.events]
    return messages + [f"in {id} the win can be out of reach" for id in stuck_places(plan.places, events)]


def stuck_places(places: Iterable[PlanPlace], events: Iterable[Json]) -> list[str]:
    """Return the places of a graph (``graph_world``) in which a win can be out of reach, in the order of their ids."""
    # a way that is lost ends the run: whether the win is in reach is asked of what is left
    places_left = [place for place in places if place.ending != "lose"]
    ids_left = {place.id for place in places_left}
    events_left = [event for event in events if event.get("to", event["from"][0]) in ids_left]
    return sorted(explore_counted(graph_world(places_left, events_left)).soft_lock_states)


def graph_world(places: Iterable[PlanPlace], events: Iterable[Json]) -> World:
    """Return a graph as a world without prose, to be played; its first place is the entrance."""
    states = {
        place.id: {"base": place.id} | ({"ending": {"kind": place.ending, "title": place.id}} if place.ending else {})
        for place in places
    }
    scene = {"states": states, "events": list(events)}
    document = {"schemaVersion": "1.0", "entrance": {"state": next(iter(states))}, "scene": scene}
    return World.from_dict(document, source="the plan")


def graph_event(
    name: str, at: str, to: str | None, requires: Sequence[str] = (), grants: Sequence[str] = ()
) -> dict[str, Any]:
    """Return an event without prose, which stays where it is offered if it leads nowhere; flags are granted once."""
    body: dict[str, Any] = {"name": name, "kind": "transition" if to else "override", "from": [at]}
    if to:
        body["to"] = to
    if grants:
        body |= {"grants": list(grants), "oneShot": True}
    if requires:
        body["requires"] = list(requires)
    return body


Need = tuple[tuple[str, ...], str]
"""The flags that a step requires, and the hint to them."""


@dataclass
class PlanBuilder:
    """The places and steps of a plan that is drawn; a place is known by its number."""

    places: list[PlanPlace] = field(default_factory=list, init=False)
    steps: list[PlanStep] = field(default_factory=list, init=False)
    _place_ids: UnusedNames = field(default_factory=UnusedNames, init=False)
    _step_names: UnusedNames = field(default_factory=UnusedNames, init=False)

    def add_place(self, spot: StockPlace, end: PlanEnding | None = None) -> int:
        """Add a place, and return its number."""
        id = self._place_ids.take(slug(spot.name) or "place")
        self.places.append(PlanPlace(id, spot.name, spot.props, end, spot.is_roofed))
        return len(self.places) - 1

    def add_step(self, do: str, kind: Kind, at: int, to: int | None, thing: Thing, need: Need = ((), "")) -> None:
        """Add a step, as ``PlanStep`` describes it; one that takes a thing grants a flag."""
        target = None if to is None else self.places[to].id
        grants = (slug(thing.bare),) if kind == "take" else ()
        name = slug(do)
        if name in self._step_names:
            name = f"{name}_from_{self.places[at].id}"
        name = self._step_names.take(name)
        self.steps.append(PlanStep(name, do, kind, self.places[at].id, target, thing, need[0], grants, need[1]))

    def add_way(self, kind: Kind, at: int, to: int | None, way: VerbPhrase, need: Need = ((), "")) -> None:
        """Add a step that is done as a way says: ``climb the stair``."""
        self.add_step(f"{way.verb} {way.thing.the}", kind, at, to, way.thing, need)

    def add_way_back(self, at: int, to: int) -> None:
        """Add the way back to a place."""
        self.add_step(f"go back to {self.places[to].the}", "back", at, to, self.places[to].props[0])

    def add_taking(self, thing: Thing, at: int, use: str) -> None:
        """Add the taking of a thing, with a sentence about what it is for."""
        self.add_step(f"take {thing.the}", "take", at, None, thing)
        self.steps[-1] = replace(self.steps[-1], use=use)

    def add_question(self, person: Thing, at: int, taking: PlanStep) -> None:
        """Add that somebody is asked about a thing, which is theirs to give: it is taken after that."""
        place, flag = self.places[at], f"told_of_{slug(taking.thing.bare)}"
        self.add_step(f"ask {person.the} about {taking.thing.the}", "ask", at, None, person)
        self.steps[-1] = replace(self.steps[-1], about=taking.thing, grants=(flag,))
        hint = f"Ask {person.the} first, {within(place.name)}."
        self.steps[self.steps.index(taking)] = replace(taking, requires=(flag,), hint=hint)

    def add_denial(self, person: Thing, at: int, taking: PlanStep) -> None:
        """Add that somebody is asked about a thing which has been taken, and gives themselves away."""
        need = self.need_of(taking.thing)
        self.add_step(f"ask {person.the} about {taking.thing.the}", "deny", at, None, person, need)
        self.steps[-1] = replace(self.steps[-1], about=taking.thing)

    def grants(self, thing: Thing) -> bool:
        """Say whether a thing is taken somewhere."""
        flag = slug(thing.bare)
        return any(flag in step.grants for step in self.steps)

    def need_of(self, thing: Thing) -> Need:
        """Return what a step requires that needs a thing which is taken somewhere."""
        flag = slug(thing.bare)
        at = next(step.at for step in self.steps if flag in step.grants)
        place = next(place for place in self.places if place.id == at)
        return (flag,), f"Needs {thing.the}: look around {place.the}."
