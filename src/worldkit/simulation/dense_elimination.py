"""The elimination of ``absorption`` where nearly every state leads to every other: in whole rows, by NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from worldkit.exploration.budget import Meter

LEAST_WAY_OUT = 1e-200
"""A part of a chain that is left with a smaller probability is not solved: floating-point numbers end at 1e-308."""

LEAST_STATES = 64
"""Fewer are done before NumPy is imported."""

ROW_WORK = 200
"""How many numbers of a row take as long as one step of the meter's work."""


class TooRarelyLeft(Exception):
    """A part of a chain is left so rarely that floating-point numbers cannot say how often it is visited."""


def is_dense(least_fill: int, count: int) -> bool:
    """Say whether so many states, each elimination of which fills so many places, are rather done in whole rows."""
    return count >= LEAST_STATES and least_fill * 5 > count * count and find_spec("numpy") is not None


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
        meter: The clock.

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
        if totals[k] < LEAST_WAY_OUT:
            raise TooRarelyLeft
        meter.work(k * k // ROW_WORK + 1)
        inflow[:k] += inflow[k] / totals[k] * row
        factors = matrix[:k, k] / totals[k]
        matrix[:k, :k] += np.outer(factors, row)
        matrix[:k, count] += factors * matrix[k, count]
    visits = np.zeros(count)
    for k in range(count):
        visits[k] = (inflow[k] + visits[:k] @ matrix[:k, k]) / totals[k]
    return [float(visit) for visit in visits]
