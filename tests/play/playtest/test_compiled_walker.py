"""Compiled code plays the runs that the loop in Python plays, number for number."""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import Any

import pytest

from tests.export.worlds import tangle
from worldkit import Session, World, playtest
from worldkit.samples import load, names
from worldkit.simulation import walker
from worldkit.simulation.compiled_walker import is_fit
from worldkit.simulation.policies import player
from worldkit.simulation.sim_graph import SimGraph
from worldkit.simulation.tally import Tally
from worldkit.simulation.walker import Walker

pytest.importorskip("numba")
RUNS, STEPS = 300, 60
STATE_WORDS = 624
"""Words of the state of the Mersenne Twister."""


def gated_world(seed: int) -> World:
    """Return a tangled world with gates, flags, one-shots and an ending."""
    pick = random.Random(seed)
    document = tangle(30, 90, seed).to_dict()
    for event in document["scene"]["events"]:
        if pick.random() < 0.3:
            event["requires"] = pick.sample("abcdef", 1)
        if pick.random() < 0.3:
            event["grants"] = pick.sample("abcdef", 2)
        if pick.random() < 0.2:
            event["oneShot"] = True
    return World.from_dict(document)


def graph_of(world: World) -> SimGraph:
    return SimGraph(world, Session(world).position)


def endless() -> World:
    """Return a world in which a run goes on as long as it may, with two choices at every step."""
    states = {id: {"base": "A room."} for id in "abc"}
    events = [
        {"name": f"{source}{target}", "kind": "transition", "from": [source], "to": target}
        for source in "abc"
        for target in "abc"
        if source != target
    ]
    return World.from_dict({"scene": {"states": states, "events": events}})


def tally_of(
    world: World,
    seed: int,
    is_compiled: bool,
    monkeypatch: pytest.MonkeyPatch,
    *,
    batch: int = 41,
    runs: int = RUNS,
    steps: int = STEPS,
) -> dict[str, Any]:
    monkeypatch.setattr(walker, "seconds_to_load", lambda: 0.0 if is_compiled else float("inf"))
    graph = graph_of(world)
    walk = Walker(graph, player("uniform", graph, runs), seed, steps)
    for first in range(0, runs, batch):
        walk.play(first, min(runs, first + batch))
    tally: Tally = walk.result()
    return asdict(tally)


@pytest.mark.parametrize("seed", [0, 1, -3, 2**31, 2**80])
def test_compiled_runs_are_those_of_the_loop_in_python(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world = gated_world(seed % 1000)
    assert is_fit(graph_of(world), STEPS)
    assert tally_of(world, seed, True, monkeypatch) == tally_of(world, seed, False, monkeypatch)


@pytest.mark.parametrize("seed", [0, 9, 1 << 20_100], ids=["zero", "small", "longer than the generator's state"])
def test_long_runs_draw_the_same_numbers_once_all_words_of_the_generator_are_used(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, steps = endless(), 3 * STATE_WORDS // 2 + 5  # a step takes two words
    tally = tally_of(world, seed, True, monkeypatch, runs=20, steps=steps)
    assert set(tally["steps"]) == {steps}
    assert tally == tally_of(world, seed, False, monkeypatch, runs=20, steps=steps)


@pytest.mark.parametrize("name", names())
def test_a_sample_is_played_alike_whether_it_fits_compiled_code_or_not(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = load(name)
    assert tally_of(world, 7, True, monkeypatch) == tally_of(world, 7, False, monkeypatch)


def test_compiled_code_takes_over_in_the_middle_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    world = gated_world(5)
    expected = tally_of(world, 3, False, monkeypatch)
    times = iter([float("inf"), float("inf"), 0.0])
    monkeypatch.setattr(walker, "seconds_to_load", lambda: next(times))
    graph = graph_of(world)
    walk = Walker(graph, player("uniform", graph, RUNS), 3, STEPS)
    for first in range(0, RUNS, 100):
        walk.play(first, first + 100)
    assert asdict(walk.result()) == expected


def test_a_world_with_timers_or_many_choices_in_a_state_is_left_to_python() -> None:
    document = gated_world(1).to_dict()
    document["scene"]["events"][0]["autoAfterMs"] = 500
    assert not is_fit(graph_of(World.from_dict(document)), STEPS)
    hub = {
        "scene": {
            "states": {"hub": {"base": "A hub."}},
            "events": [{"name": f"e{n}", "kind": "override", "from": ["hub"]} for n in range(65)],
        }
    }
    assert not is_fit(graph_of(World.from_dict(hub)), STEPS)
    slow = gated_world(1).to_dict()
    slow["scene"]["events"][0]["minPlayMs"] = 1e18
    assert not is_fit(graph_of(World.from_dict(slow)), 2**31 - 1)


def test_a_playtest_says_the_same_with_compiled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    world = gated_world(2)
    texts = []
    for seconds in (0.0, float("inf")):
        monkeypatch.setattr(walker, "seconds_to_load", lambda seconds=seconds: seconds)
        result = playtest(world, runs=500)
        texts.append([str(result), result.endings, result.events, result.states])
    assert texts[0] == texts[1]
