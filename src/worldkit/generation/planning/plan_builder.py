"""Collects the places and steps of a plan: their ids and names, keys with their flags, hints to where keys lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from worldkit.editing.naming import UnusedNames
from worldkit.generation.planning.plan import Kind, PlanEnding, PlanPlace, PlanStep
from worldkit.generation.planning.stock import Thing, VerbPhrase
from worldkit.generation.text.english import slug

Need = tuple[tuple[str, ...], str]
"""The flags that a step requires, and the hint to them."""


@dataclass
class PlanBuilder:
    """The places and steps of a plan that is drawn; a place is known by its number."""

    places: list[PlanPlace] = field(default_factory=list, init=False)
    steps: list[PlanStep] = field(default_factory=list, init=False)
    _place_ids: UnusedNames = field(default_factory=UnusedNames, init=False)
    _step_names: UnusedNames = field(default_factory=UnusedNames, init=False)

    def add_place(
        self, name: str, props: Sequence[Thing], end: PlanEnding | None = None, roofed: bool | None = None
    ) -> int:
        """Add a place, as ``PlanPlace`` describes it, and return its number."""
        id = self._place_ids.take(slug(name) or "place")
        self.places.append(PlanPlace(id, name, tuple(props), end, roofed))
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

    def add_taking(self, thing: Thing, at: int, why: str) -> None:
        """Add the taking of a thing, with a sentence about what it is for."""
        self.add_step(f"take {thing.the}", "take", at, None, thing, ((), why))

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
