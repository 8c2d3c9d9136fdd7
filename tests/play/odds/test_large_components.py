"""Chains in which thousands of states lead to each other are solved, with and without NumPy, without losing digits."""

from __future__ import annotations

import random

import pytest

from worldkit.exploration.budget import StepMeter
from worldkit.simulation import absorption
from worldkit.simulation.absorption import TooRarelyLeft, expected_visits

Row = list[tuple[int, float]]

STEPS = 1_200_000
"""Enough for 1,000 states, and for 300 without NumPy; in the order of their first neighbours, 300 take 1.6 million."""


def tangle(count: int, way_out: float = 0.01) -> list[Row]:
    """Return a chain of states that lead to five others each and to the next, the last of them to the end."""
    rng = random.Random(1)
    rows: list[Row] = []
    for state in range(count):
        others = {(state + 1) % count, *rng.sample(range(count), 5)} - {state}
        rows.append([(other, (1 - way_out) / len(others)) for other in others] + [(count, way_out)])
    return [*rows, []]


def meter(steps: int = STEPS) -> StepMeter:
    return StepMeter("odds", steps)


def test_a_thousand_states_that_lead_to_each_other_take_few_steps() -> None:
    visits = expected_visits(tangle(1000), meter())
    assert visits.residual < 1e-14
    assert visits.expected_visits[1000] == pytest.approx(1, abs=1e-12)
    assert sum(visits.expected_visits[:1000]) == pytest.approx(100, abs=1e-9)


def test_the_dense_rest_is_solved_alike_with_and_without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tangle(300)
    by_numpy = expected_visits(rows, meter())
    monkeypatch.setattr(absorption, "is_dense", lambda *_: False)
    assert by_numpy.expected_visits == pytest.approx(expected_visits(rows, meter()).expected_visits, rel=1e-12)


@pytest.mark.parametrize("way_out", [1e-150, 1e-30])
def test_a_large_component_that_is_hardly_ever_left_keeps_its_digits(way_out: float) -> None:
    visits = expected_visits(tangle(200, way_out), meter())
    assert visits.expected_visits[200] == pytest.approx(1, rel=1e-12)
    assert sum(visits.expected_visits[:200]) == pytest.approx(1 / way_out, rel=1e-12)


def test_a_large_component_that_is_left_too_rarely_is_refused() -> None:
    with pytest.raises(TooRarelyLeft):
        expected_visits(tangle(200, 1e-250), meter())
