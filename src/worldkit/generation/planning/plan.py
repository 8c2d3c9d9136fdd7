"""The plan of a world: its places and steps as typed values, before a word of prose is written."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from worldkit.generation.planning.stock import Thing

Kind = Literal["way", "back", "drop", "lock", "goal", "fall", "take", "act"]
"""What a step is for: a way on, the way back, one way only, through a lock, to a win, to a loss; taking a thing;
doing something that changes the picture for a moment."""


@dataclass(frozen=True, slots=True)
class PlanEnding:
    """The ending of a place."""

    kind: Literal["win", "lose"]
    title: str
    subtitle: str


@dataclass(frozen=True, slots=True)
class PlanPlace:
    """A state to be: its id, its name without article, the things in it, and whether it has a roof, if known."""

    id: str
    name: str
    props: tuple[Thing, ...]
    end: PlanEnding | None = None
    is_roofed: bool | None = None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """An event to be.

    Attributes:
        name: Its name, unique.
        do: What the player does, as a verb phrase.
        kind: What it is for.
        at: Where it is offered.
        to: Where it leads; None when it stays.
        thing: What it is done with or through.
        requires, grants: Flags.
        hint: Why it is locked, when it can be; for a thing that is taken, its use.
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

    @property
    def once(self) -> bool:
        """Whether it is spent after one use."""
        return bool(self.grants)


@dataclass(frozen=True, slots=True)
class Plan:
    """A world to be. Its first place is the entrance.

    Attributes:
        who, look: The player's character, in one word and as a description.
        air: The sentence of light and atmosphere.
        motions: Hand-written small movements that suit it.
        setting: The chief place, as the premise calls it.
        goal, deadline: What is to be done, and before what.
        genre: The genre of the stock it was drawn from, ``"common"`` for none of them; empty when that is not known.
        surroundings: Whose words of the surroundings fit, when they are not the genre's own.
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
    genre: str = ""
    surroundings: str = ""

    def place(self, id: str) -> PlanPlace:
        """Return a place by its id."""
        return next(place for place in self.places if place.id == id)


def flaws(plan: Plan) -> list[str]:
    """Play a plan exhaustively and return what is wrong with it; empty when it can be written.

    Flags are never lost and one-shots only grant flags, so a position is a place and the flags held there.

    Args:
        plan: The plan.

    Returns:
        Places that cannot be reached, steps that can never be taken, positions from which the win is out of reach.
    """
    ends = {place.id: place.end for place in plan.places}
    by_place: dict[str, list[PlanStep]] = {id: [] for id in ends}
    for step in plan.steps:
        by_place[step.at].append(step)
    start = (plan.places[0].id, frozenset[str]())
    before: dict[tuple[str, frozenset[str]], list[tuple[str, frozenset[str]]]] = {start: []}
    used_names: set[str] = set()
    queue = deque([start])
    while queue:
        current = queue.popleft()
        place, flags = current
        if ends[place] is not None:
            continue
        for step in by_place[place]:
            if not flags.issuperset(step.requires) or (step.grants and flags.issuperset(step.grants)):
                continue
            used_names.add(step.name)
            successor = (step.to or place, flags.union(step.grants))
            if successor not in before:
                before[successor] = []
                queue.append(successor)
            before[successor].append(current)
    good = deque(position for position in before if (end := ends[position[0]]) and end.kind == "win")
    winning = set(good)
    while good:
        for earlier in before[good.popleft()]:
            if earlier not in winning:
                winning.add(earlier)
                good.append(earlier)
    reached = {place for place, _ in before}
    messages = [f"{id} cannot be reached" for id in ends if id not in reached]
    messages += [f"{step.name} can never be taken" for step in plan.steps if step.name not in used_names]
    messages += [
        f"from {place} with {sorted(flags)} the win is out of reach"
        for place, flags in before
        if (place, flags) not in winning and ends[place] is None
    ]
    return messages
