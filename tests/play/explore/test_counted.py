"""Exploring within a number of steps says the same on every machine, and the truth."""

from __future__ import annotations

import pytest

from tests.play.explore.families import FAMILIES, counters, shape, small
from tests.play.explore.naive import naive
from tests.play.explore.test_agreement import check_exact
from tests.slow_machine import make_slow
from worldkit import World, explore
from worldkit.exploration import counted
from worldkit.exploration.counted import explore_counted, solve
from worldkit.exploration.transition_system import build_system

ENGINES = {
    "tables": World.from_dict(shape("tangled", 40, 140, 20)),
    "search": World.from_dict(shape("acyclic", 100, 300, 30)),
    "bdd": World.from_dict(counters(20, 5)),
    "bounded": World.from_dict(shape("hub", 100, 300, 40)),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_it_agrees_with_playing_every_position(family: str) -> None:
    for seed in range(20):
        world = World.from_dict(small(family, seed))
        system = build_system(world)
        if (truth := naive(world, system, most=3000)) is not None:
            answer = solve(system)
            check_exact(answer.engine, system, truth, answer)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_slow_machine_says_the_same(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "DIAGRAM_NODES", 50_000)
    system = build_system(ENGINES[engine])
    answer = solve(system)
    make_slow(monkeypatch)
    slow_answer = solve(system)
    assert (answer.engine, slow_answer.engine) == (engine, engine)
    for name in (
        "reached_states",
        "fireable_events",
        "classes",
        "stuck_classes",
        "stuck",
        "idle_states",
        "undecided_reasons",
    ):
        assert getattr(answer, name) == getattr(slow_answer, name)


def test_it_does_not_depend_on_what_was_explored_before(monkeypatch: pytest.MonkeyPatch) -> None:
    world = ENGINES["tables"]
    assert explore(world).complete
    for name in ("TABLE_STEPS", "SEARCH_STEPS", "DIAGRAM_NODES", "BOUND_STEPS"):
        monkeypatch.setattr(counted, name, 0)
    found = explore_counted(world)
    assert not found.complete
    assert "0 steps were not enough" in " ".join(found.undecided)
