"""A player's random play as a Markov chain: every point a play can be at, and how likely each step is.

The choices are those of ``playtest``: presses, sequences, and waiting for what fires by itself. A point is a position,
and where something fires by itself also how long the state has been stood in.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from worldkit.exploration.budget import Meter
from worldkit.playing.transition_table import Action
from worldkit.simulation.sim_graph import NodeClock, SimGraph
from worldkit.simulation.weights import WeightedPolicy

Point = tuple[int, int, int, int, frozenset[int]]
"""Place, bits, ms since entering, ms travelled, and what has fired by itself; the last three where they matter."""

NOTHING: frozenset[int] = frozenset()


class Step(NamedTuple):
    """One step of a chain: where it leads, how likely it is, by which edge, and how long it takes."""

    target: int
    probability: float
    edge: int
    ms: int


class Memory(Protocol):
    """What is remembered of a play beside its point; a play with another memory is at another point of the chain."""

    def begin(self, place: int, mask: int) -> Hashable:
        """Return the memory at the beginning."""

    def advance(self, memory: Hashable, edge: int, place: int, mask: int) -> Hashable:
        """Return the memory after a step."""

    def is_done(self, memory: Hashable) -> bool:
        """Say whether nothing else matters, so that the chain may end there."""


class TooLarge(Exception):
    """A chain has more points than may be looked at."""


@dataclass(eq=False)
class Chain:
    """A world's chain; point 0 is the beginning.

    Attributes:
        graph: The world.
        places: The place of every point.
        masks: The bits of every point.
        steps: The steps from every point; none where a play is over or nothing is done.
        memories: What is remembered at every point.
    """

    graph: SimGraph
    places: list[int] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    steps: list[list[Step]] = field(default_factory=list)
    memories: list[Hashable] = field(default_factory=list)

    @property
    def rows(self) -> list[list[tuple[int, float]]]:
        """Where every point leads, with the probability of each."""
        return [[(step.target, step.probability) for step in steps] for steps in self.steps]


def build_chain(
    graph: SimGraph, policy: WeightedPolicy | None, most: int, meter: Meter, memory: Memory | None = None
) -> Chain:
    """Return the chain of a world.

    Args:
        graph: The world.
        policy: Who plays; None takes each choice with the same probability.
        most: How many points it may have.
        meter: The clock.
        memory: What to remember of a play.

    Raises:
        TooLarge: It has more points.
        BudgetSpent: The time is up.
    """
    chain = Chain(graph)
    limits = {place: _clock_limits(graph, place) for place in graph.timed}
    start: Point = (graph.start.number, graph.mask, 0, 0, NOTHING)
    first = memory.begin(start[0], start[1]) if memory else None
    numbers: dict[tuple[Point, Hashable], int] = {(start, first): 0}
    todo: list[tuple[Point, Hashable]] = [(start, first)]
    for point, remembered in todo:
        place, mask, elapsed, travelled, fired = point
        chain.places.append(place)
        chain.masks.append(mask)
        chain.memories.append(remembered)
        meter.work(8)
        if len(todo) > most:
            raise TooLarge
        if place in graph.endings or (memory is not None and memory.is_done(remembered)):
            chain.steps.append([])
            continue
        stay = None
        waits: dict[int, tuple[int, bool]] = {}
        if place in graph.timed:
            stay = NodeClock(elapsed)
            stay.travelled_ms, stay.self_fired = travelled, fired
            choices, waits = graph.choices_in_time(graph.places[place], mask, stay)
        else:
            choices = graph.choices(graph.places[place], mask)
        steps: list[Step] = []
        for edge, probability in _probabilities(graph, place, choices.edges, policy):
            landing = graph.landings[edge]
            idle, forward = waits.get(edge, (0, False))
            after_mask, target = mask | landing.sets, landing.place.number
            if graph.edges[edge].moved or stay is None:
                since = landing.since if graph.edges[edge].moved and target in graph.timed else 0
                after = (target, after_mask, _clamp(since, limits[target][0]) if since else 0, 0, NOTHING)
            else:
                what = graph.edges[edge].what
                itself = graph.edges[edge].by != "player" and isinstance(what, Action)
                after = (
                    place,
                    after_mask,
                    _clamp(elapsed + idle + landing.ms, limits[place][0]),
                    _clamp(travelled + (idle if forward else 0), limits[place][1]),
                    fired | {what.index} if itself and isinstance(what, Action) else fired,
                )
            memory_after = memory.advance(remembered, edge, target, after_mask) if memory else None
            key = after, memory_after
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(todo)
                todo.append(key)
            steps.append(Step(number, probability, edge, idle + landing.ms))
        chain.steps.append(steps)
    return chain


def _probabilities(
    graph: SimGraph, place: int, edges: tuple[int, ...], policy: WeightedPolicy | None
) -> list[tuple[int, float]]:
    if policy is None:
        return [(edge, 1 / len(edges)) for edge in edges]
    state = graph.states[place]
    weights = [policy.weight(state, graph.edges[edge].name) for edge in edges]
    total = sum(weights)
    return [(edge, weight / total) for edge, weight in zip(edges, weights, strict=True) if weight]


def _clock_limits(graph: SimGraph, place: int) -> tuple[int, int]:
    """Return from which time in a state, and from which way travelled there, more of it makes no difference."""
    timers, ways = [0], [0]
    for edge in graph.timed[place]:
        action = graph.edges[edge].what
        if isinstance(action, Action):
            timers.append(action.timer_ms or 0)
            ways.append(action.travel_ms or 0)
    return max(timers) + 1, max(ways)


def _clamp(value: int, limit: int) -> int:
    return min(value, limit)
