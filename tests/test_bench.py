"""The comparison in bench/ compares like with like: every peer finds the same positions as worldkit."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import worldkit as wk
from worldkit.play.explore import system
from worldkit.play.explore.engine import solve

BENCH = Path(__file__).parents[1] / "bench"
SMALL = [
    ("hub", 20, 60, 6, 0),
    ("hub", 20, 60, 6, 3),
    ("chapters", 24, 80, 8, 2),
    ("acyclic", 20, 60, 6, 0),
    ("tangled", 14, 50, 6, 1),
]


@pytest.fixture(scope="module")
def peers() -> Any:
    sys.path.insert(0, str(BENCH))
    try:
        yield importlib.import_module("peers")
    finally:
        sys.path.remove(str(BENCH))


def shaped(*arguments: Any) -> dict[str, Any]:
    made: dict[str, Any] = importlib.import_module("shapes").shape(*arguments)
    return made


def module(peers: ModuleType, name: str) -> Any:
    return importlib.import_module(f"peers.{peers.PEERS[name]}")


@pytest.mark.parametrize("arguments", SMALL)
def test_every_python_peer_finds_the_same_positions_and_soft_locks(peers: Any, arguments: tuple[Any, ...]) -> None:
    document = shaped(*arguments)
    world = wk.load(document)
    result = wk.explore(world)
    assert result.complete
    played = peers.game(document, system(world).ones)
    for name in peers.PYTHON:
        found = module(peers, name).run(played)
        assert (found.positions, found.stuck) == (result.positions, result.stuck_positions), name


@pytest.mark.parametrize("arguments", SMALL)
def test_every_engine_agrees_with_the_peers(peers: Any, arguments: tuple[Any, ...]) -> None:
    document = shaped(*arguments)
    made = system(wk.load(document))
    found = module(peers, "packed Python").run(peers.game(document, made.ones))
    for engine in ("search", "bdd"):
        answer = solve(made, engine=engine)
        assert (answer.positions, answer.stuck_positions) == (found.positions, found.stuck), engine


@pytest.mark.parametrize("name", ["naive Python", "packed Python"])
def test_the_routes_to_endings_are_as_short_as_a_peer_says(peers: Any, name: str) -> None:
    document = shaped("hub", 40, 140, 6)
    world = wk.load(document)
    result = wk.explore(world)
    found = module(peers, name).run(peers.game(document, system(world).ones))
    states = list(world.states)
    lengths = {ending: len(route.events) for ending, route in result.routes.items()}
    assert lengths and {states[state]: steps for state, steps in found.lengths.items()} == lengths


def test_the_sample_with_one_shots_and_consoles_is_read_alike(peers: Any) -> None:
    world = wk.samples.load("archive")
    result = wk.explore(world)
    found = module(peers, "packed Python").run(peers.game(world.to_dict(), system(world).ones))
    assert (found.positions, found.stuck) == (result.positions, result.stuck_positions)


def test_a_game_comes_back_from_its_json(peers: Any) -> None:
    played = peers.game(shaped("chapters", 200, 400, 60, 10), ())
    assert peers.Game.from_json(played.to_json()) == played


def test_a_peer_that_takes_too_long_is_stopped_and_says_so(peers: Any) -> None:
    outcome = peers.ask("packed Python", peers.game(shaped("hub", 200, 800, 16)), seconds=0.05)
    assert outcome.found is None
    assert outcome.why == "> 0.05 s"


def test_worlds_with_sequences_are_not_compared(peers: Any) -> None:
    document = shaped("hub", 20, 40, 4)
    document["scene"]["sequences"] = [{"id": "tour"}]
    with pytest.raises(ValueError, match="do not walk sequences"):
        peers.game(document)
