"""Checking properties agrees with an oracle that goes through every position, and its runs are shortest ones."""

from __future__ import annotations

import os
import random
from concurrent.futures import ProcessPoolExecutor

import pytest

import worldkit as wk
from tests.effort import seeds
from tests.play.explore.small import small
from tests.play.properties.formulas import atoms, random_property
from tests.play.properties.oracle import Moment, breaks, oracle_for
from worldkit.exploration.transition_system import build_system
from worldkit.properties.statements import AlwaysPossible, LeadsTo, Possible

pytestmark = pytest.mark.seeds

WORLDS = int(os.environ.get("WORLDKIT_ORACLE_WORLDS", seeds(150)))
"""How many worlds; ``WORLDKIT_ORACLE_WORLDS=5000`` for the whole comparison."""

FORMULAS = 10


def compare(seed: int) -> int:
    """Compare ten properties of one world with the oracle, and return how many there were to compare."""
    world = small(seed, namesakes=seed % 5 == 0)
    if build_system(world).omitted:
        return 0
    rng = random.Random(seed)
    leaves = atoms(world)
    statements = [random_property(rng, leaves) for _ in range(FORMULAS)]
    comparisons = 0
    for statement, result in zip(statements, wk.check(world, statements), strict=True):
        oracle = oracle_for(world, statement)
        if oracle is None:
            continue
        comparisons += 1
        about = f"world {seed}: {statement.text}"
        assert result.holds is oracle.holds(statement), about
        run = result.witness if isinstance(statement, Possible) else result.counterexample
        assert (run is not None) == (result.holds is isinstance(statement, Possible)), about
        if run is None:
            continue
        assert len(run) == oracle.shortest(statement), about
        assert wk.replay(world, run).position is not None
        if isinstance(statement, Possible):
            continue
        reachable = set()
        if isinstance(statement, (AlwaysPossible, LeadsTo)):
            goal = statement.condition if isinstance(statement, AlwaysPossible) else statement.second
            reachable = oracle.ef(oracle.where(goal))

        def is_lost(moment: Moment, reachable: set[Moment] = reachable) -> bool:
            return moment not in reachable

        assert breaks(world, statement, run, is_lost), about
    return comparisons


def test_checks_agree_with_an_explicit_ctl_oracle_and_runs_are_shortest() -> None:
    if WORLDS > 1000:
        with ProcessPoolExecutor(2) as pool:
            comparisons = sum(pool.map(compare, range(WORLDS), chunksize=50))
    else:
        comparisons = sum(map(compare, range(WORLDS)))
    assert comparisons > 9 * WORLDS
