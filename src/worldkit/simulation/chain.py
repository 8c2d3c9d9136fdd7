"""A player's random play as a Markov chain: every point a play can be at, and how likely each step is.

The choices are those of ``playtest``: presses, sequences, and waiting for what fires by itself. A point is a position,
and where something fires by itself also how long the state has been stood in.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from worldkit.exploration.budget import Meter
from worldkit.playing.transition_table import Action
from worldkit.simulation.sim_graph import NodeClock, SimGraph
from worldkit.simulation.weights import WeightedPolicy

Point = tuple[int, int, int, int, frozenset[int]]
"""Place, bits, ms since entering, ms travelled, and what has fired by itself; the last three where they matter."""

NO_ACTIONS: frozenset[int] = frozenset()


class ChainStep(NamedTuple):
    """One step of a chain: where it leads, how likely it is, by which edge, and how long it takes."""

    target: int
    probability: float
    edge: int
    ms: int


Successor = tuple[Point, int, int, bool, int]
"""A point that one choice leads to; its edge, ms waited before it, whether forward is held then, and ms in all."""

Limits = Mapping[int, tuple[int, int]]
"""For each place in which something fires by itself, the ms and the way beyond which more makes no difference."""


class PlayMemory(Protocol):
    """What is remembered of a play beside its point; a play with another memory is at another point of the chain."""

    def begin(self, place: int, mask: int) -> Hashable:
        """Return the memory at the beginning."""

    def advance(self, memory: Hashable, edge: int, place: int, mask: int) -> Hashable:
        """Return the memory after a step."""

    def is_done(self, memory: Hashable) -> bool:
        """Say whether nothing else matters, so that the chain may end there."""


class ChainTooLarge(Exception):
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
    steps: list[list[ChainStep]] = field(default_factory=list)
    memories: list[Hashable] = field(default_factory=list)

    @property
    def rows(self) -> list[list[tuple[int, float]]]:
        """Where every point leads, with the probability of each."""
        return [[(step.target, step.probability) for step in steps] for steps in self.steps]


def first_point(graph: SimGraph) -> Point:
    """Return the point at which every play begins."""
    return graph.start.number, graph.mask, 0, 0, NO_ACTIONS


def clock_limits(graph: SimGraph) -> Limits:
    """Return, for each place in which something fires by itself, how far its clocks count."""
    return {place: _limits_of(graph, place) for place in graph.timed_edges}


def successors(graph: SimGraph, point: Point, limits: Limits) -> list[Successor]:
    """Return where each choice leads from a point that is no ending, in the order of the choices.

    Args:
        limits: ``clock_limits`` of the world.
    """
    place, mask, elapsed_ms, travel_ms, fired_actions = point
    clock = None
    waits: dict[int, tuple[int, bool]] = {}
    if place in graph.timed_edges:
        clock = NodeClock(elapsed_ms)
        clock.travelled_ms, clock.self_fired = travel_ms, fired_actions
        choices, waits = graph.choices_in_time(graph.places[place], mask, clock)
    else:
        choices = graph.choices(graph.places[place], mask)
    result: list[Successor] = []
    for number, (landing_place, sets, landing_ms, since_ms) in zip(choices.edges, choices.landings, strict=True):
        edge = graph.edges[number]
        idle_ms, is_forward = waits.get(number, (0, False)) if waits else (0, False)
        mask_after, target, ms = mask | sets, landing_place.number, idle_ms + landing_ms
        if clock is None or edge.through:
            elapsed_after = min(since_ms, limits[target][0]) if since_ms and edge.through and target in limits else 0
            after: Point = (target, mask_after, elapsed_after, 0, NO_ACTIONS)
        else:
            what = edge.what
            after = (
                place,
                mask_after,
                min(elapsed_ms + ms, limits[place][0]),
                min(travel_ms + (idle_ms if is_forward else 0), limits[place][1]),
                fired_actions | {what.index} if edge.by != "player" and isinstance(what, Action) else fired_actions,
            )
        result.append((after, number, idle_ms, is_forward, ms))
    return result


def build_chain(
    graph: SimGraph, policy: WeightedPolicy | None, most_points: int, meter: Meter, memory: PlayMemory | None = None
) -> Chain:
    """Return the chain of a world.

    Args:
        policy: Who plays; None takes each choice with the same probability.
        most_points: How many points it may have.
        memory: What to remember of a play.

    Raises:
        ChainTooLarge: It has more points.
        BudgetSpent: The time is up.
    """
    chain = Chain(graph)
    limits = clock_limits(graph)
    start = first_point(graph)
    first_memory = memory.begin(start[0], start[1]) if memory else None
    numbers: dict[tuple[Point, Hashable], int] = {(start, first_memory): 0}
    todo: list[tuple[Point, Hashable]] = [(start, first_memory)]
    for point, point_memory in todo:
        place, mask = point[:2]
        chain.places.append(place)
        chain.masks.append(mask)
        chain.memories.append(point_memory)
        meter.work(8)
        if len(todo) > most_points:
            raise ChainTooLarge
        if place in graph.endings or (memory is not None and memory.is_done(point_memory)):
            chain.steps.append([])
            continue
        steps: list[ChainStep] = []
        choices = successors(graph, point, limits)
        probabilities = _probabilities(graph, place, choices, policy)
        for (after, edge, _, _, ms), probability in zip(choices, probabilities, strict=True):
            if not probability:
                continue
            memory_after = memory.advance(point_memory, edge, after[0], after[1]) if memory else None
            key = after, memory_after
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(todo)
                todo.append(key)
            steps.append(ChainStep(number, probability, edge, ms))
        chain.steps.append(steps)
    return chain


def _probabilities(graph: SimGraph, place: int, choices: list[Successor], policy: WeightedPolicy | None) -> list[float]:
    if policy is None:
        return [1 / len(choices) for _ in choices]
    state = graph.states[place]
    weights = [policy.weight(state, graph.edges[edge].name) for _, edge, _, _, _ in choices]
    total = sum(weights)
    return [weight / total if weight else 0.0 for weight in weights]


def _limits_of(graph: SimGraph, place: int) -> tuple[int, int]:
    """Return from which time in a state, and from which way travelled there, more of it makes no difference."""
    timers, travel_times = [0], [0]
    for edge in graph.timed_edges[place]:
        action = graph.edges[edge].what
        if isinstance(action, Action):
            timers.append(action.timer_ms or 0)
            travel_times.append(action.travel_ms or 0)
    return max(timers) + 1, max(travel_times)
