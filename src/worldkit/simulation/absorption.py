"""Absorbing Markov chains: how often each state of a chain is visited before it ends, exactly but for rounding.

A chain is solved one strong component after the other, in the order they are entered. Within one, states are eliminated
one by one (Grassmann, Taksar, Heyman 1985): nothing is ever subtracted, so that no digits are lost however rarely
a loop is left. Next comes the state whose elimination fills the fewest places: the order decides what a large component
costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from worldkit.exploration.budget import Meter
from worldkit.exploration.components import strong_components
from worldkit.simulation.dense_elimination import LEAST_WAY_OUT, TooRarelyLeft, is_dense, solve_dense

MOST_VISITS = 1e200
"""No state is visited more often, so that sums over all of them stay finite."""

Row = Sequence[tuple[int, float]]
"""Where a state leads, with the probability of each."""


@dataclass(frozen=True, slots=True)
class Visits:
    """How often a chain visits its states.

    Attributes:
        expected: The expected number of visits of each state; of one that is never left again, 1 at most: the
            probability to get there.
        trapped: The probability to come into a circle that is never left.
        residual: The largest error found by putting the numbers into the equations again, relative to the visits.
    """

    expected: list[float]
    trapped: float
    residual: float


def expected_visits(rows: Sequence[Row], meter: Meter) -> Visits:
    """Return how often each state of a chain is visited that begins in the first.

    Args:
        rows: Where each state leads; nothing for those that end the chain.
        meter: The clock.

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
    trapped = residual = 0.0
    for number in range(len(members) - 1, -1, -1):
        states = members[number]
        if not any(inflow[state] for state in states):
            continue
        meter.work(len(states))
        if len(states) == 1 and all(target != states[0] for target, _ in rows[states[0]]):
            visits = [inflow[states[0]]]
        elif all(component[target] == number for state in states for target, _ in rows[state]):
            trapped += sum(inflow[state] for state in states)
            continue
        else:
            visits = _solve(rows, states, inflow, meter)
            residual = max(residual, _residual(rows, states, inflow, visits))
        for state, count in zip(states, visits, strict=True):
            expected[state] = count
            for target, probability in rows[state]:
                if component[target] != number:
                    inflow[target] += count * probability
    return Visits(expected, trapped, residual)


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
        if total < LEAST_WAY_OUT:
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
    if not max(visits) < MOST_VISITS:
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
