"""Routes are shortest and play; soft-locks have the cause and the point of no return they say."""

from __future__ import annotations

import random

import pytest

from tests.effort import seeds
from tests.play.explore.small import explore_plainly, pit, real, ring, small, tour
from worldkit import Position, Trace, World, replay
from worldkit.exploration import routes
from worldkit.exploration.regression import EffortSpent, Goal
from worldkit.exploration.routes import Pathfinder
from worldkit.exploration.step_bounds import JointBound
from worldkit.exploration.transition_system import build_system
from worldkit.exploration.witness import witness_trace
from worldkit.playing.machine import available_events, available_sequences
from worldkit.playing.transition_table import table_of

pytestmark = pytest.mark.seeds


def check_routes(world: World, at: Position | None = None) -> None:
    exploration, truth = explore_plainly(world, at), real(world, at)
    for state in world.states:
        route = exploration.route_to(state)
        assert (None if route is None else len(route)) == truth.states.get(state), state
        if route is not None:
            assert state in route.states
            assert replay(world, route).trace == route
    for name in {event.name for event in world.events}:
        route = exploration.route_to_event(name)
        assert (None if route is None else len(route)) == truth.events.get(name), name
        if route is not None:
            assert route.events[-1] == name


def check_locks(world: World) -> None:
    exploration, truth = explore_plainly(world), real(world)
    matters = set(exploration._analysis.system.one_shots)

    def key_of(position: Position) -> tuple[str, frozenset[str], frozenset[str]]:
        return position.state, position.flags, position.used & matters

    losing_positions = {position for position in truth.depth if position not in truth.wins}
    assert exploration.soft_lock_states == {position.state for position in losing_positions}
    for lock in exploration.soft_locks:
        assert lock.route is not None
        end = replay(world, lock.route).position
        assert end in losing_positions and end.state == lock.state and end.flags == lock.flags
        assert len(lock.route) == min(depth for p, depth in truth.depth.items() if key_of(p) == key_of(end))
        alike = [p for p in losing_positions if p.state == lock.state]
        assert len(end.flags) + len(end.used & matters) == min(len(p.flags) + len(p.used & matters) for p in alike)
        if lock.cause is None:
            assert lock.before is None
            assert lock.route.start in losing_positions
        else:
            assert lock.before in truth.wins
            number = next(i for i in range(len(lock.route)) if where(world, lock.route, i + 1) not in truth.wins)
            assert lock.cause == lock.route[number].event
            assert lock.before == where(world, lock.route, number)


def where(world: World, route: Trace, steps: int) -> Position:
    return replay(world, Trace(route.steps[:steps], route.start)).position


@pytest.mark.parametrize("lot", range(8))
def test_routes_are_as_short_as_the_stepper_can_go(lot: int) -> None:
    for seed in range(lot * 250, lot * 250 + seeds(250)):
        check_routes(small(seed))


@pytest.mark.parametrize("lot", range(4))
def test_long_routes_that_fetch_many_keys_are_shortest_too(lot: int) -> None:
    for seed in range(lot * 20, lot * 20 + seeds(20)):
        check_routes(tour(seed))


@pytest.mark.parametrize("lot", range(4))
def test_routes_play_where_names_are_shared(lot: int) -> None:
    for seed in range(lot * 150, lot * 150 + seeds(150)):
        check_routes(small(seed, namesakes=True))


def test_routes_begin_where_play_begins() -> None:
    for seed in range(seeds(300)):
        world = small(seed)
        at = Position(
            sorted(world.states)[seed % len(world.states)],
            frozenset(["f0"] if seed % 2 else []),
            frozenset(event.name for event in world.events if event.one_shot and seed % 3 == 0),
        )
        check_routes(world, at)


@pytest.mark.parametrize("lot", range(4))
def test_soft_locks_come_with_their_cause_and_the_point_of_no_return(lot: int) -> None:
    for seed in range(lot * 250, lot * 250 + seeds(250)):
        check_locks(small(seed) if seed % 2 else pit(seed))


def test_dead_ends_are_where_nothing_can_be_done() -> None:
    for seed in range(seeds(400)):
        world = small(seed)
        event_table, exploration = table_of(world), explore_plainly(world)
        for end in exploration.dead_ends:
            assert end.route is not None
            position = replay(world, end.route).position
            assert (position.state, position.flags) == (end.state, end.flags)
            open_ = [
                a
                for a in available_events(event_table, position)
                if not (a.one_shot and set(a.grants) <= position.flags)
            ]
            assert not open_ and not available_sequences(event_table, position)


def test_the_second_try_goes_forward_and_finds_the_same() -> None:
    for seed in range(seeds(300)):
        finder = Pathfinder(build_system(small(seed)))
        for state in range(len(finder.moves_of)):
            backward, forward = finder.search([Goal(state)]), finder.forward([Goal(state)])
            assert (None if backward is None else len(backward)) == (None if forward is None else len(forward))


def test_a_better_lower_bound_changes_no_length() -> None:
    for seed in range(seeds(150)):
        finder = Pathfinder(build_system(tour(seed) if seed % 3 else small(seed)))
        mask, flags = finder.system.mask, len(finder.system.flags)
        for state in range(len(finder.moves_of)):
            plainly = finder.search([Goal(state)])
            for flag_mask in {random.Random(seed).getrandbits(flags) for _ in range(3)} if flags else ():
                bound = JointBound(finder.moves_of, finder.system.start, mask, flag_mask, finder.earliest)
                better = finder.search([Goal(state)], together=bound)
                assert (None if plainly is None else len(plainly)) == (None if better is None else len(better))


def test_every_try_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "ATTEMPTS", ((0, 1), (2, 4), (5, 10_000)))
    for seed in range(seeds(40)):
        check_routes(tour(seed))


@pytest.mark.parametrize("nodes", [1, 5, 20, 40, 60, 80, 120])
def test_a_route_that_is_not_proven_shortest_says_so(nodes: int) -> None:
    world = World.from_dict(grid(5))
    exact = explore_plainly(world).route_to("end")
    exploration = explore_plainly(world)
    exploration._analysis.finder = Pathfinder(exploration._analysis.system, nodes)
    route, remark = exploration.route_to("end"), exploration.remarks.get('state "end"', "")
    assert exact is not None
    if route is None:
        assert remark.startswith("not found")
    elif remark:
        assert remark.startswith("not proven shortest") and len(route) >= len(exact)
    else:
        assert len(route) == len(exact)


def test_a_route_that_is_not_proven_shortest_uses_no_one_shot_twice() -> None:
    unproven_count = 0
    for seed in (1, 3, 10):
        world = ring(30, seed)
        system = build_system(world)
        finder = Pathfinder(system, effort=200)
        last_take = system.table.by_name["take 29"][0].index
        for number, goals in enumerate(([Goal(system.index["end"])], finder.firing(last_take))):
            route = finder.route(goals)
            assert route.labels is not None
            unproven_count += bool(route.remark)
            events = witness_trace(world, None, system, route.labels).events
            takes = [event for event in events if event.startswith("take ")]
            assert len(takes) == len({*takes})
            assert number == 0 or events.index("take 29") == len(events) - 1
    assert unproven_count == 3


def test_a_search_passes_over_what_changes_nothing() -> None:
    looks = [{"name": f"look_{i}", "kind": "override", "from": ["a"], "base": "", "oneShot": True} for i in range(300)]
    take = {"name": "take", "kind": "override", "from": ["a"], "base": "", "grants": ["key"]}
    leave = {"name": "leave", "kind": "transition", "from": ["a"], "to": "b", "base": "", "requires": ["key"]}
    states = {"a": {"base": ""}, "b": {"base": "", "ending": {"kind": "win", "title": "t"}}}
    document = {"schemaVersion": "1.0", "scene": {"states": states, "events": [*looks, take, leave]}}
    finder = Pathfinder(build_system(World.from_dict(document)))
    assert [len(moves) for moves in finder.progress] == [2, 0]
    assert finder.forward([Goal(finder.system.index["b"])]) == [300, 301]
    assert finder.forward([Goal(0, 0, 7)]) == [7], "a look can be what a run ends with"


def test_searches_out_of_nodes_give_up() -> None:
    finder = Pathfinder(build_system(World.from_dict(grid(4))))
    with pytest.raises(EffortSpent):
        finder.search([Goal(finder.system.index["end"])], effort=3)
    with pytest.raises(EffortSpent):
        finder.forward([Goal(finder.system.index["end"])], effort=3)


def grid(keys: int) -> dict[str, object]:
    """Return a hub with rooms behind it, a key in each, and a door that needs all keys."""
    states = {"hub": {"base": "x"}, "end": {"base": "x", "ending": {"kind": "win", "title": "t"}}}
    events: list[dict[str, object]] = []
    for i in range(keys):
        states[f"room{i}"] = {"base": "x"}
        events.append({"name": f"in{i}", "kind": "transition", "from": ["hub"], "to": f"room{i}"})
        events.append({"name": f"out{i}", "kind": "transition", "from": [f"room{i}"], "to": "hub"})
        events.append({"name": f"take{i}", "kind": "override", "from": [f"room{i}"], "grants": [f"key{i}"]})
    every = [f"key{i}" for i in range(keys)]
    events.append({"name": "leave", "kind": "transition", "from": ["hub"], "to": "end", "requires": every})
    return {"schemaVersion": "1.0", "entrance": {"state": "hub"}, "scene": {"states": states, "events": events}}
