"""``positions`` counts what the specification counts, ``classes`` what was explored, both against playing it all."""

from __future__ import annotations

import json
import pickle
from collections import deque
from typing import Any

import pytest

import worldkit as wk
from tests.effort import seeds
from tests.play.explore.families import FAMILIES, counters, small
from tests.play.explore.small import small as odd
from worldkit import Position, Session, World
from worldkit.playing.machine import end_of_sequence, fireable_by_name, is_over, step
from worldkit.playing.transition_table import SequenceAction, table_of

pytestmark = pytest.mark.seeds

Json = dict[str, Any]
ENGINES = ("search", "bdd")


def looks(count: int) -> World:
    """Return a hall with so many looks that happen once, and a door out of it."""
    events: list[Json] = [
        {"name": f"look_{i}", "kind": "override", "from": ["hall"], "oneShot": True} for i in range(count)
    ]
    events.append({"name": "door", "kind": "transition", "from": ["hall"], "to": "out"})
    states: Json = {"hall": {"base": "x"}, "out": {"base": "x", "ending": {"kind": "win", "title": "Out"}}}
    return World.from_dict(
        {"schemaVersion": "1.0", "entrance": {"state": "hall"}, "scene": {"states": states, "events": events}}
    )


def played_through(world: World, at: Position | None = None, most: int = 4_000) -> tuple[int, int] | None:
    """Return how many positions the stepper gets into, and from how many no ending is reached; None above ``most``."""
    table = table_of(world)
    start = at or Session(world).position
    before: dict[Position, list[Position]] = {start: []}
    queue = deque([start])
    while queue:
        position = queue.popleft()
        after = [
            end_of_sequence(table, position, what) if isinstance(what, SequenceAction) else step(position, what)[0]
            for what in fireable_by_name(table, position)
        ]
        for other in after:
            if other not in before:
                before[other] = []
                queue.append(other)
            before[other].append(position)
        if len(before) > most:
            return None
    winning = {position for position in before if is_over(table, position)}
    todo = list(winning)
    while todo:
        for position in before[todo.pop()]:
            if position not in winning:
                winning.add(position)
                todo.append(position)
    return len(before), len(before) - len(winning)


def test_ten_looks_and_a_door_have_2048_positions_in_2_classes() -> None:
    exploration = wk.explore(looks(10))
    assert (exploration.positions, exploration.classes) == (2048, 2)
    assert exploration.complete and exploration.positions_complete
    assert "2,048 positions in 2 classes" in repr(exploration)


@pytest.mark.parametrize("family", FAMILIES)
def test_positions_are_those_the_stepper_gets_into(family: str) -> None:
    worlds_counted = worlds_merged = 0
    for seed in range(seeds(130)):
        world = World.from_dict(small(family, seed))
        truth = played_through(world)
        if truth is None:
            continue
        exploration = wk.explore(world, engine=ENGINES[seed % 2])
        assert exploration.positions_complete
        assert (exploration.positions, exploration.stuck_positions) == truth, seed
        assert exploration.classes <= exploration.positions
        worlds_counted += 1
        worlds_merged += exploration.classes < exploration.positions
    assert worlds_counted > 0.77 * seeds(130)
    assert worlds_merged or family not in ("one-shots", "loops")


@pytest.mark.parametrize("namesakes", [False, True])
def test_positions_of_worlds_full_of_one_shots_are_those_the_stepper_gets_into(namesakes: bool) -> None:
    worlds_merged = 0
    for seed in range(seeds(500)):
        world = odd(seed, namesakes, once=0.8)
        truth = played_through(world)
        if truth is not None:
            exploration = wk.explore(world)
            assert (exploration.positions, exploration.stuck_positions) == truth, seed
            worlds_merged += exploration.classes < exploration.positions
    assert worlds_merged > 0.16 * seeds(500)


@pytest.mark.parametrize("engine", ["search", "bdd", "compiled", "antichain", "bounded"])
def test_every_engine_gives_the_same_positions_or_says_that_there_are_at_least_so_many(engine: str) -> None:
    if engine == "compiled":
        pytest.importorskip("numba", reason="numba is not installed: the compiled engine is not tested")
    for seed in range(seeds(60)):
        world = odd(seed, True, once=0.6)
        truth = played_through(world)
        if truth is not None:
            exploration = wk.explore(world, engine=engine)
            if exploration.positions_complete:
                assert exploration.positions == truth[0]
            else:
                assert engine in ("antichain", "bounded") and 0 < exploration.positions <= truth[0]


def test_positions_from_a_saved_position_are_those_the_stepper_gets_into_from_there() -> None:
    for seed in range(seeds(150)):
        world = odd(seed, seed % 2 == 0, once=0.8)
        start = Session(world).position
        once = [action.name for action in table_of(world).actions if action.one_shot]
        at = Position(start.state, frozenset({"f0"}), frozenset(once[::2]))
        truth = played_through(world, at)
        if truth is not None:
            exploration = wk.explore(world, at=at)
            assert (exploration.positions, exploration.stuck_positions) == truth, seed


def test_a_world_of_many_looks_is_counted_exactly() -> None:
    exploration = wk.explore(looks(500))
    assert (exploration.positions, exploration.classes) == (2**501, 2)


def test_a_count_that_does_not_fit_the_budget_is_a_lower_bound_and_says_so() -> None:
    states: Json = {f"s{i}": {"base": "x"} for i in range(12)} | {
        "out": {"base": "x", "ending": {"kind": "win", "title": "Out"}}
    }
    events: list[Json] = []
    for i in range(12):
        events.append({"name": f"on_{i}", "kind": "transition", "from": [f"s{i}"], "to": f"s{(i + 1) % 12}"})
        events.append({"name": f"take_{i}", "kind": "override", "from": [f"s{i}"], "grants": [f"f{i}"]})
        for j in range(12):
            look = {"name": f"look_{i}_{j}", "kind": "override", "from": [f"s{i}"], "oneShot": True}
            events.append(look | {"requires": [f"f{j}", f"f{(i * 5 + j * 7) % 12}"]})
    events.append({"name": "leave", "kind": "transition", "from": ["s0"], "to": "out", "requires": ["f1", "f7"]})
    world = World.from_dict({"schemaVersion": "1.0", "scene": {"states": states, "events": events}})
    exploration = wk.explore(world, nodes=900)
    assert exploration.complete and not exploration.positions_complete
    assert exploration.positions == exploration.classes == 12 * 2**12 + 2**10
    assert exploration.stuck_positions == 0
    assert f"at least {exploration.positions:,} positions" in repr(exploration)


def test_counts_stand_in_every_form_of_the_report() -> None:
    exploration = wk.explore(looks(10))
    for text in (exploration.text(width=100), exploration.to_html()):
        assert "2,048" in text and "classes explored" in text
    report = exploration.to_dict()
    assert (report["positions"], report["positionsComplete"], report["classes"]) == (2048, True, 2)
    junit = exploration.to_junit()
    assert 'name="positions" value="2048"' in junit and 'name="classes" value="2"' in junit
    properties = exploration.to_sarif()["runs"][0]["properties"]
    assert (properties["positions"], properties["classes"]) == (2048, 2)
    json.dumps(report)


def test_a_count_travels_with_its_exploration() -> None:
    exploration = wk.explore(looks(10))
    assert exploration.positions == 2048
    again = pickle.loads(pickle.dumps(exploration))
    assert again._analysis.data.is_counted and again.positions == 2048
    (many,) = wk.explore_many([looks(10)])
    assert isinstance(many, wk.Exploration) and many._analysis.data.is_counted and many.positions == 2048


@pytest.mark.parametrize(("count", "steps"), [(1, 1), (3, 5), (12, 10)])
def test_counters_written_as_ladders_of_flags_are_counted_whole(count: int, steps: int) -> None:
    exploration = wk.explore(World.from_dict(counters(count, steps)))
    assert exploration.exact and exploration.positions == (steps + 1) ** count + 1
    assert not exploration.soft_locks
