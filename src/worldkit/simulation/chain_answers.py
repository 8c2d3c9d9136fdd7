"""What a chain and its expected visits say of a world: how plays end, what is fired, and which locks cost steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from worldkit.exploration.budget import Meter
from worldkit.playing.transition_table import Action
from worldkit.simulation.absorption import Visits, expected_visits
from worldkit.simulation.chain import Chain


def ending_probabilities(chain: Chain, visits: Visits, ids: Iterable[str]) -> dict[str, float]:
    """Return the probability that a play reaches each of the endings, by the id of its state."""
    probabilities = dict.fromkeys(ids, 0.0)
    for place, steps, count in zip(chain.places, chain.steps, visits.expected_visits, strict=True):
        if not steps and place in chain.graph.endings:
            probabilities[chain.graph.states[place]] += count
    return probabilities


def stuck_probability(chain: Chain, visits: Visits) -> float:
    """Return the probability that a play comes to where nothing is left to do, and no ending."""
    rows = zip(chain.places, chain.steps, visits.expected_visits, strict=True)
    return min(1.0, math.fsum(count for place, steps, count in rows if not steps and place not in chain.graph.endings))


def expected_cost(chain: Chain, visits: Visits, cost: Callable[[int, int], float]) -> float:
    """Return what the steps of a play cost on average.

    Args:
        visits: How often a play comes to each of its points.
        cost: What a step costs, of the number of its edge and how long it takes in ms.
    """
    return math.fsum(
        count * step.probability * cost(step.edge, step.ms)
        for steps, count in zip(chain.steps, visits.expected_visits, strict=True)
        if count
        for step in steps
    )


def expected_firings(chain: Chain, visits: Visits) -> Iterator[tuple[str, float]]:
    """Yield how often a play makes each step on average, with the name of what it fires; a name comes several times."""
    for steps, count in zip(chain.steps, visits.expected_visits, strict=True):
        if count:
            for step in steps:
                yield chain.graph.edges[step.edge].name, count * step.probability


def firing_probability(chain: Chain, name: str, meter: Meter) -> float:
    """Return the probability that a play fires an event at least once: that it comes to a point of its own, behind it.

    Args:
        name: The name of the event.
        meter: Bounds the work.
    """
    event_edges = frozenset(number for number, edge in enumerate(chain.graph.edges) if edge.name == name)
    rows: list[list[tuple[int, float]]] = [
        [(step.target, step.probability) for step in steps if step.edge not in event_edges] for steps in chain.steps
    ]
    goal = len(rows)
    for row, steps in zip(rows, chain.steps, strict=True):
        probability = math.fsum(step.probability for step in steps if step.edge in event_edges)
        if probability:
            row.append((goal, probability))
    rows.append([])
    return expected_visits(rows, meter).expected_visits[goal]


def lock_costs(chain: Chain, visits: Visits) -> dict[str, float]:
    """Return how many steps a play takes on average while an event is here and locked, by its name."""
    graph = chain.graph
    costs: dict[str, float] = {}
    for place, mask, steps, count in zip(chain.places, chain.masks, chain.steps, visits.expected_visits, strict=True):
        if not count or not steps:
            continue
        for number in graph.pressed_edges[place]:
            edge = graph.edges[number]
            if isinstance(edge.what, Action) and edge.requires & ~mask and not mask & edge.forbids:
                costs[edge.name] = costs.get(edge.name, 0.0) + count
    return costs
