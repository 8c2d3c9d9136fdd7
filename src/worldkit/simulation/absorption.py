"""Absorbing Markov chains: how often each state of a chain is visited before it ends, exactly but for rounding.

A chain is solved one strong component after the other, in the order they are entered. Within one, states are eliminated
one by one (Grassmann, Taksar, Heyman 1985): nothing is ever subtracted, so that no digits are lost however rarely
a loop is left. Next comes the state whose elimination fills the fewest places: the order decides what a large component
costs. Where nearly every state leads to every other, NumPy eliminates whole rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from importlib.util import find_spec

from worldkit.exploration.budget import Meter
from worldkit.exploration.components import strong_components

MAX_VISITS = 1e200
"""No state is visited more often, so that sums over all of them stay finite."""

Row = Sequence[tuple[int, float]]
"""Where a state leads, with the probability of each."""


@dataclass(frozen=True, slots=True)
class Visits:
    """How often a chain visits its states.

    Attributes:
        expected_visits: The expected number of visits of each state; of one that is never left again, 1 at most: the
            probability to get there.
        trap_probability: The probability to come into a circle that is never left.
        residual: The largest error found by putting the numbers into the equations again, relative to the visits.
    """

    expected_visits: list[float]
    trap_probability: float
    residual: float


def expected_visits(rows: Sequence[Row], meter: Meter) -> Visits:
    """Return how often each state of a chain is visited that begins in the first.

    Args:
        rows: Where each state leads; nothing for those that end the chain.

    Raises:
        BudgetSpent: The time is up.
        TooRarelyLeft: A part of it is left too rarely.
    """
    component = strong_components([[target for target, _ in row] for row in rows])
    members: list[list[int]] = [[] for _ in range(max(component, default=-1) + 1)]
    for state, number in enumerate(component):
        members[number].append(state)
    inflow = [0.0] * len(rows)
    inflow[0] = 1.0
    expected = [0.0] * len(rows)
    trapped_share = residual = 0.0
    for number in range(len(members) - 1, -1, -1):
        states = members[number]
        if not any(inflow[state] for state in states):
            continue
        meter.work(len(states))
        if len(states) == 1 and all(target != states[0] for target, _ in rows[states[0]]):
            visits = [inflow[states[0]]]
        elif all(component[target] == number for state in states for target, _ in rows[state]):
            trapped_share += sum(inflow[state] for state in states)
            continue
        else:
            visits = _solve(rows, states, inflow, meter)
            residual = max(residual, _residual(rows, states, inflow, visits))
        for state, count in zip(states, visits, strict=True):
            expected[state] = count
            for target, probability in rows[state]:
                if component[target] != number:
                    inflow[target] += count * probability
    return Visits(expected, trapped_share, residual)


def _solve(rows: Sequence[Row], states: list[int], inflow: list[float], meter: Meter) -> list[float]:
    """Return the visits of the states of one component.

    Raises:
        TooRarelyLeft: It is left too rarely.
    """
    place = {state: i for i, state in enumerate(states)}
    transitions: list[dict[int, float]] = [{} for _ in states]
    sources: list[set[int]] = [set() for _ in states]
    exit_probabilities = [0.0] * len(states)
    for i, state in enumerate(states):
        for target, probability in rows[state]:
            j = place.get(target)
            if j is None:
                exit_probabilities[i] += probability
            elif j != i:
                transitions[i][j] = transitions[i].get(j, 0.0) + probability
                sources[j].add(i)
    amounts = [inflow[state] for state in states]
    eliminations: list[tuple[int, float, dict[int, float]]] = []
    visits = [0.0] * len(states)
    for k, fill, later in _least_fill_first(transitions, sources):
        if is_dense(fill, len(later) + 1):
            dense = [k, *(i for _, i in later)]
            for i, count in zip(
                dense, solve_dense(transitions, exit_probabilities, amounts, dense, meter), strict=True
            ):
                visits[i] = count
            break
        outgoing = transitions[k]
        total = exit_probabilities[k] + sum(outgoing.values())
        if total < MIN_EXIT_PROBABILITY:
            raise TooRarelyLeft
        incoming = {i: transitions[i].pop(k) for i in sources[k]}
        for j in outgoing:
            sources[j].discard(k)
        meter.work(len(incoming) * len(outgoing) + 1)
        share = amounts[k] / total
        for j, probability in outgoing.items():
            amounts[j] += share * probability
        for i, probability in incoming.items():
            factor = probability / total
            row = transitions[i]
            for j, target_probability in outgoing.items():
                if j != i:
                    row[j] = row.get(j, 0.0) + factor * target_probability
                    sources[j].add(i)
            exit_probabilities[i] += factor * exit_probabilities[k]
        eliminations.append((k, total, incoming))
    for k, total, incoming in reversed(eliminations):
        visits[k] = (amounts[k] + sum(visits[i] * probability for i, probability in incoming.items())) / total
    if not max(visits) < MAX_VISITS:
        raise TooRarelyLeft
    return visits


def _least_fill_first(
    transitions: list[dict[int, float]], sources: list[set[int]]
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield each state, how many places its elimination fills, and those that come later; who asks eliminates it."""
    # an entry is what its elimination filled when it was pushed; most grow, and are looked up again
    heap = [(len(transitions[i]) * len(sources[i]), i) for i in range(len(transitions))]
    heapify(heap)
    while heap:
        former_fill, k = heappop(heap)
        fill = len(transitions[k]) * len(sources[k])
        if fill > former_fill:
            heappush(heap, (fill, k))
        else:
            yield k, fill, heap


def _residual(rows: Sequence[Row], states: list[int], inflow: list[float], visits: list[float]) -> float:
    place = {state: i for i, state in enumerate(states)}
    sums = [inflow[state] for state in states]
    for i, state in enumerate(states):
        for target, probability in rows[state]:
            j = place.get(target)
            if j is not None:
                sums[j] += visits[i] * probability
    largest = max(visits)
    return max(abs(one - other) for one, other in zip(sums, visits, strict=True)) / largest


MIN_EXIT_PROBABILITY = 1e-200
"""A part of a chain that is left with a smaller probability is not solved: floating-point numbers end at 1e-308."""

MIN_NUMPY_STATES = 64
"""Fewer are done before NumPy is imported."""

NUMBERS_PER_STEP = 200
"""How many numbers of a row take as long as one step of the meter's work."""


class TooRarelyLeft(Exception):
    """A part of a chain is left so rarely that floating-point numbers cannot say how often it is visited."""


def is_dense(least_fill: int, count: int) -> bool:
    """Say whether so many states, each elimination of which fills so many places, are rather done in whole rows."""
    return count >= MIN_NUMPY_STATES and least_fill * 5 > count * count and find_spec("numpy") is not None


def solve_dense(
    transitions: Sequence[Mapping[int, float]],
    exits: Sequence[float],
    amounts: Sequence[float],
    states: Sequence[int],
    meter: Meter,
) -> list[float]:
    """Return how often each of some states is visited.

    Args:
        transitions: Where each state leads, with the probability of each; not to itself.
        exits: The probability that the chain ends from each state.
        amounts: How often each state is come to from outside.
        states: The states, as numbers of the lists above. They lead to each other alone.

    Raises:
        BudgetSpent: The time is up.
        TooRarelyLeft: A part of them is left too rarely.
    """
    import numpy as np

    place = {state: number for number, state in enumerate(states)}
    count = len(states)
    matrix = np.zeros((count, count + 1))  # what the diagonal holds is never read
    for number, state in enumerate(states):
        for target, probability in transitions[state].items():
            matrix[number, place[target]] = probability
        matrix[number, count] = exits[state]
    inflow = np.array([amounts[state] for state in states])
    totals = np.zeros(count)
    for k in range(count - 1, -1, -1):
        row = matrix[k, :k]
        totals[k] = row.sum() + matrix[k, count]
        if totals[k] < MIN_EXIT_PROBABILITY:
            raise TooRarelyLeft
        meter.work(k * k // NUMBERS_PER_STEP + 1)
        inflow[:k] += inflow[k] / totals[k] * row
        factors = matrix[:k, k] / totals[k]
        matrix[:k, :k] += np.outer(factors, row)
        matrix[:k, count] += factors * matrix[k, count]
    visits = np.zeros(count)
    for k in range(count):
        visits[k] = (inflow[k] + visits[:k] @ matrix[:k, k]) / totals[k]
    return [float(visit) for visit in visits]
