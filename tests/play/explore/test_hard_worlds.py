"""Worlds at the edges: nothing in them, or far too much; the answer is right, or says what it leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.play.explore.families import shape
from worldkit import Budget, World
from worldkit.exploration import portfolio
from worldkit.exploration.engine import ENGINES, solve
from worldkit.exploration.quotient import repeatable_one_shots
from worldkit.exploration.transition_system import TransitionSystem, build_system

Json = dict[str, Any]
DIAGRAMS = ("bdd", "oxidd")
"""The engines of diagrams: which of them is first hangs on how busy the machine is."""
ENGINE_NAMES = [None, *(name for name in ENGINES if name not in ("compiled", "oxidd"))]


def system_of(states: Json, events: list[Json], **rest: Any) -> TransitionSystem:
    """Return a world of so many states and events as a system."""
    return build_system(
        World.from_dict({"schemaVersion": "1.0", "scene": {"states": states, "events": events}, **rest})
    )


def move(name: str, source: str, target: str, **rest: Any) -> Json:
    """Return a transition."""
    return {"name": name, "kind": "transition", "from": [source], "to": target, **rest}


END = {"base": "", "ending": {"kind": "win", "title": "The end"}}


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_a_world_without_events_is_one_dead_end(name: str | None) -> None:
    answer = solve(system_of({"a": {"base": ""}, "b": END}, []), engine=name)
    assert answer.reached_states == {0} and answer.fireable_events == frozenset()
    assert answer.stuck == answer.idle_states == {0}
    assert answer.is_stuck(0, 0) and not answer.is_reached(1, 0)


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_a_world_of_one_ending_is_over_and_not_stuck(name: str | None) -> None:
    answer = solve(system_of({"a": END}, [move("again", "a", "a")]), engine=name)
    assert answer.reached_states == {0} and answer.fireable_events == frozenset()
    assert answer.stuck == answer.idle_states == frozenset()


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_self_loops_only_are_stuck_and_never_idle(name: str | None) -> None:
    events = [move(f"e{i}", "a", "a", grants=[f"f{i}"]) for i in range(6)]
    answer = solve(system_of({"a": {"base": ""}, "b": END}, events), engine=name)
    assert answer.fireable_events == set(range(6))
    assert answer.stuck == {0} and answer.idle_states == frozenset()
    assert answer.classes in (2**6, None)


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_a_one_shot_that_stays_leaves_nothing_to_do_once_used(name: str | None) -> None:
    once: Json = {"name": "look", "kind": "override", "from": ["a"], "oneShot": True}
    world = system_of({"a": {"base": ""}, "b": END}, [once, {**once, "name": "take", "grants": ["key"]}])
    answer = solve(world, engine=name)
    assert answer.idle_states == {0} and answer.fewest_idle(0) == world.bits["key"]
    assert repeatable_one_shots(world, 0, world.bits["key"]) == (0, 1)


def test_cutscenes_that_lead_to_cutscenes_end_where_play_ends() -> None:
    cuts = [
        {"id": "c", "video": "v", "from": "a", "to": "d"},
        {"id": "d", "video": "v", "from": "a", "to": "c"},
        {"id": "loop", "video": "v", "from": "a", "to": "a"},
    ]
    events = [move("x", "a", "c"), move("y", "a", "d"), move("z", "a", "loop")]
    answer = solve(system_of({"a": {"base": ""}, "b": END}, events, cutscenes=cuts))
    assert answer.reached_states == {0} and answer.fireable_events == {0, 1, 2}
    assert answer.stuck_classes == answer.classes == 1


def test_hidden_events_count_like_others() -> None:
    events = [move("x", "a", "b", hidden=True), move("y", "b", "c", hidden=True, autoAfterMs=100)]
    answer = solve(system_of({"a": {"base": ""}, "b": {"base": ""}, "c": END}, events))
    assert answer.reached_states == {0, 1, 2} and answer.fireable_events == {0, 1} and answer.stuck == frozenset()


def test_two_hundred_flags_in_a_hub_are_counted_exactly() -> None:
    states: Json = {"hub": {"base": ""}, "end": END} | {f"r{i}": {"base": ""} for i in range(200)}
    events = [move(f"in{i}", "hub", f"r{i}", grants=[f"f{i}"]) for i in range(200)]
    events += [move(f"out{i}", f"r{i}", "hub") for i in range(200)]
    events.append(move("finish", "hub", "end", requires=[f"f{i}" for i in range(200)]))
    answer = solve(system_of(states, events))
    assert answer.engine in DIAGRAMS
    assert answer.classes == 2**200 + 200 * 2**199 + 1
    assert answer.stuck_classes == 0 and len(answer.fireable_events) == 401


def test_five_hundred_one_shots_that_matter_are_counted_exactly() -> None:
    states: Json = {"hub": {"base": ""}, "end": END} | {f"r{i}": {"base": ""} for i in range(500)}
    events = [move(f"in{i}", "hub", f"r{i}", oneShot=True) for i in range(500)]
    events += [move(f"out{i}", f"r{i}", "hub") for i in range(500)]
    events.append(move("finish", "hub", "end", oneShot=True))
    world = system_of(states, events)
    answer = solve(world)
    assert len(world.one_shots) == 500 and answer.engine in DIAGRAMS
    assert answer.classes == 2**500 + 500 * 2**499 + 2**500
    assert answer.stuck_classes == 0 and len(answer.fireable_events) == 1001


def test_a_hundred_thousand_events_are_read_in_one_go() -> None:
    count = 20_000
    states: Json = {f"s{i}": {"base": ""} for i in range(count)} | {"end": END}
    events = [move(f"on{i}", f"s{i}", f"s{(i + 1) % count}") for i in range(count)]
    events += [move(f"skip{i}", f"s{i % count}", f"s{i * 7919 % count}", requires=["key"]) for i in range(4 * count)]
    events += [move("take", "s77", "s77", grants=["key"]), move("finish", "s5", "end", requires=["key"])]
    answer = solve(system_of(states, events))
    assert answer.classes == 2 * count + 1
    assert len(answer.fireable_events) == len(events) and answer.stuck_classes == 0


@pytest.mark.parametrize("measure_after", [portfolio.MEASURING_DELAY_SECONDS, 0.0])
def test_flags_without_number_do_not_hang(monkeypatch: pytest.MonkeyPatch, measure_after: float) -> None:
    # on a busy machine the diagrams are measured while the search is still at work
    monkeypatch.setattr(portfolio, "MEASURING_DELAY_SECONDS", measure_after)
    states: Json = {"hub": {"base": ""}, "end": END}
    events = [move(f"e{i}", "hub", "hub", grants=[f"f{i}"]) for i in range(3_000)]
    events.append(move("finish", "hub", "end", requires=["f1", "f2999"]))
    for seconds in (5.0, 20.0, 80.0):  # a busy machine needs more of them for the same work
        answer = solve(system_of(states, events), Budget(seconds=seconds))
        if answer.coverage_exact:
            break
    assert answer.reached_states == {0, 1} and len(answer.fireable_events) == 3_001


@pytest.mark.parametrize("events", [800, 5000])
def test_a_tangled_world_ends_in_its_time_with_exact_coverage(events: int) -> None:
    world = build_system(World.from_dict(shape("tangled", events // 5, events, 24)))
    for seconds in (1.0, 4.0, 16.0, 64.0):  # a busy machine needs more of them for the same work
        answer = solve(world, Budget(seconds=seconds))
        if answer.coverage_exact and answer.stuck and answer.classes_seen > 10_000:
            break
    assert answer.coverage_exact and answer.classes_seen > 10_000 and answer.stuck
    # in the longest of these times diagrams may come to the end
    assert bool(answer.undecided_reasons) == (answer.engine == "bounded")
    for state in answer.stuck:
        mask = answer.fewest_stuck(state)
        assert mask is not None and answer.is_stuck(state, mask)
