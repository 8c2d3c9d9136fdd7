"""Going on from an earlier answer after an edit gives what exploring everything gives, whatever the edit."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.effort import seeds
from tests.play.explore.families import FAMILIES, shape, small
from worldkit import Exploration, World, explore
from worldkit.exploration import compiled_diagrams, diagram_updates, portfolio, reuse
from worldkit.exploration.engine import solve
from worldkit.exploration.mask_sets import MaskSetAnswer
from worldkit.exploration.transition_system import build_system

pytestmark = pytest.mark.seeds

Json = dict[str, Any]

IS_INSTALLED = compiled_diagrams.is_installed()
ENGINES = [
    "bdd",
    pytest.param("oxidd", marks=pytest.mark.skipif(not IS_INSTALLED, reason="oxidd is not installed")),
]


@pytest.fixture(autouse=True)
def updates(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The updates that were made; they are tried in small worlds too, and never given up for their time."""
    reuse.forget()
    monkeypatch.setattr(reuse, "LEAST_UPDATE_SECONDS", 0.0)
    monkeypatch.setattr(reuse, "UPDATE_SHARE", 1e6)
    made: list[str] = []
    monkeypatch.setattr(reuse, "update_diagrams", noting(made, "update", reuse.update_diagrams))
    return made


@pytest.fixture
def engine_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The engines that were started, one for each exploration of everything."""
    runs: list[str] = []
    monkeypatch.setattr(portfolio.Portfolio, "run", noting(runs, "run", portfolio.Portfolio.run))
    return runs


def noting(names: list[str], name: str, function: Any) -> Any:
    """Return a function that notes its name where it returns something."""

    def call(*arguments: Any) -> Any:
        result = function(*arguments)
        if result is not None:
            names.append(name)
        return result

    return call


def facts(answer: Any) -> tuple[Any, ...]:
    """Return all that an answer says, of many positions each, but for the engine that it comes from."""
    assert isinstance(answer, MaskSetAnswer)
    world, sets = answer.world, answer.mask_sets
    states, width = range(len(world.system.states)), world.system.width
    masks = range(1 << width) if width < 8 else random.Random(width).choices(range(1 << width), k=1 << 8)
    count, count_lost = sets.counts({1 << bit: 2 + bit for bit in range(min(2, width))})
    groups = [
        (
            members,
            [(sets.has(group, mask), sets.is_lost(group, mask)) for mask in masks],
            (sets.count(group), sets.count_lost(group), count(group), count_lost(group)),
        )
        for group, members in enumerate(world.members)
    ]
    least_masks = [(answer.fewest_stuck(state), answer.fewest_idle(state)) for state in states]
    return (
        *(answer.reached, answer.fired, answer.classes, answer.stuck_classes, answer.stuck, answer.idle),
        *(answer.undecided, least_masks, sorted(groups)),
    )


def random_edit(rng: random.Random, document: Json, number: int) -> Json:
    """Return a document with one event or one state edited, added or removed."""
    events = [dict(event) for event in document["scene"]["events"]]
    states = dict(document["scene"]["states"])
    flags = sorted({flag for event in events for key in ("requires", "grants") for flag in event.get(key, ())})
    event, other = rng.choice(events), rng.choice(events)
    edit = rng.choice(["remove", "copy", "requires", "grants", "forbids", "to", "new state", "remove state"])
    if edit == "remove":
        events.remove(event)
    elif edit == "copy":
        events.append(
            {**event, "name": f"copy_{number}", **({"to": other["to"]} if "to" in event and "to" in other else {})}
        )
    elif edit in ("requires", "grants", "forbids"):
        event.pop(edit, None)
        if flags and rng.random() < 0.7:
            event[edit] = rng.sample(flags, 1)
    elif edit == "to" and "to" in event and "to" in other:
        event["to"] = other["to"]
    elif edit == "new state":
        name = f"{rng.choice('az')}_{number}"
        places = list(states.items())
        places.insert(rng.randrange(1, len(places) + 1), (name, {"base": ""}))
        states = dict(places)
        events.append({"name": f"to_{name}", "kind": "transition", "from": event["from"], "to": name})
        if rng.random() < 0.5:
            events.append({**other, "name": f"from_{name}", "from": [name]})
    elif edit == "remove state":
        name = rng.choice(list(states)[1:])
        if len(states) > 3:
            del states[name]
            events = [event for event in events if event.get("to") != name and name not in event["from"]]
    return {**document, "scene": {**document["scene"], "states": states, "events": events}}


@pytest.mark.parametrize("engine", ENGINES)
def test_positions_after_any_edits_are_those_of_exploring_everything(
    engine: str, updates: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_diagrams, "MOST_NODES", 1 << 12)  # room for all of them is made at once
    for family in FAMILIES:
        rng = random.Random(f"{family} {engine}")
        for seed in range(seeds(24)):
            reuse.forget()
            document = small(family, seed)
            solve(build_system(World.from_dict(document)), engine=engine)
            for number in range(4):
                if document["scene"]["events"] and not document.get("sequences"):
                    document = random_edit(rng, document, number)
                system = build_system(World.from_dict(document))
                again = solve(system, engine=engine, reuse=True)
                with monkeypatch.context() as patch:
                    patch.setattr(reuse, "keep", lambda _: None)  # so that the next update goes on from this one
                    fresh = solve(system, engine=engine)
                assert again.undecided or fresh.undecided or facts(again) == facts(fresh), (family, seed, number)
    assert len(updates) > 50


@pytest.mark.parametrize("engine", ENGINES)
def test_scenes_and_events_at_the_edge_of_a_world_start_no_engine(engine: str, engine_runs: list[str]) -> None:
    world = World.from_dict(shape("hub", 40, 90, 8, 0, 3))
    before = explore(world, engine=engine)
    open_states = [state for state in before.states if world.states[state].ending is None]
    last_state = max(open_states, key=lambda state: steps_to(before, state))
    grown = world.apply(
        [
            {"op": "add_state", "id": "attic", "state": {"base": "An attic."}},
            {"op": "add_event", "event": move("climb", last_state, "attic")},
            {"op": "add_event", "event": move("climb_down", "attic", last_state, requires=["no_such_key"])},
        ]
    )
    assert {"attic", *before.states} == set(explore(grown, engine=engine).states)
    shrunk = grown.apply([{"op": "remove_event", "name": "climb"}])
    assert set(explore(shrunk, engine=engine).states) == set(before.states)
    assert engine_runs == ["run"]


@pytest.mark.parametrize("engine", ENGINES)
def test_states_that_only_support_each_other_are_no_longer_reached(engine: str, updates: list[str]) -> None:
    circle = [move("there", "a", "b", requires=["key"]), move("back", "b", "a", requires=["key"])]
    way_in = move("way_in", "start", "a", requires=["key"])
    world = world_of(["start", "a", "b"], [take("key"), *circle, way_in])
    solve(build_system(world), engine=engine)
    system = build_system(world_of(["start", "a", "b"], [take("key"), *circle]))
    answer = solve(system, engine=engine, reuse=True)
    assert len(updates) == 1
    assert {system.states[state] for state in answer.reached} == {"start"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_position_that_another_way_leads_to_stays_reached(engine: str, updates: list[str]) -> None:
    ways = [move("door", "start", "a", requires=["key"]), move("window", "start", "b", requires=["key"])]
    passage = move("passage", "b", "a", requires=["key"])
    states = ["start", "a", "b"]
    solve(build_system(world_of(states, [take("key"), *ways, passage])), engine=engine)
    system = build_system(world_of(states, [take("key"), ways[1], passage]))
    answer = solve(system, engine=engine, reuse=True)
    assert len(updates) == 1
    assert {system.states[state] for state in answer.reached} == set(states)


@pytest.mark.parametrize("limit", ["time", "nodes"])
def test_an_update_that_costs_too_much_is_given_up_and_everything_explored(
    limit: str, updates: list[str], engine_runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if limit == "time":
        monkeypatch.setattr(reuse, "UPDATE_SHARE", 1e-9)
        monkeypatch.setattr(reuse, "LEAST_UPDATE_SHARE", 1e-9)
        monkeypatch.setattr("worldkit.exploration.budget.WORK_PER_TICK", 0)
    else:
        monkeypatch.setattr(diagram_updates, "LEAST_NODES", 0)
        monkeypatch.setattr(diagram_updates, "MOST_GROWTH", 0)
    document = shape("hub", 40, 90, 8, 0, 3)
    solve(build_system(World.from_dict(document)), engine="bdd")
    events = [
        {**event, "grants": []} if "flag_1" in event.get("grants", ()) else event
        for event in document["scene"]["events"]
    ]
    system = build_system(World.from_dict({**document, "scene": {**document["scene"], "events": events}}))
    answer = solve(system, engine="bdd", reuse=True)
    assert (updates, engine_runs) == ([], ["run", "run"])
    assert facts(answer) == facts(solve(system, engine="tables"))


def test_an_answer_can_be_asked_while_another_thread_goes_on_from_it(updates: list[str]) -> None:
    document = shape("hub", 40, 90, 8, 0, 3)
    world = World.from_dict(document)
    before = solve(build_system(world), engine="bdd")
    states = range(len(world.states))
    expected = [(before.fewest_stuck(state), before.fewest_idle(state)) for state in states]
    is_over = threading.Event()

    def ask() -> list[bool]:
        are_as_before = []
        while True:
            answers = [(before.fewest_stuck(state), before.fewest_idle(state)) for state in states]
            are_as_before.append(answers == expected)
            if is_over.is_set():
                return are_as_before

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            rng = random.Random(3)
            for number in range(20):
                reuse.forget()
                reuse.keep(before)
                added_move = move(f"new_{number}", *rng.sample(list(world.states), 2), requires=["flag_1"])
                events = [*document["scene"]["events"], added_move]
                system = build_system(World.from_dict({**document, "scene": {**document["scene"], "events": events}}))
                again = solve(system, engine="bdd", reuse=True)
                assert facts(again) == facts(solve(system, engine="tables"))
        finally:
            is_over.set()
    assert asking.result() and all(asking.result())
    assert updates


def steps_to(exploration: Exploration, state: str) -> int:
    route = exploration.route_to(state)
    assert route is not None
    return len(route.steps)


def move(name: str, source: str, target: str, **fields: Any) -> Json:
    return {"name": name, "kind": "transition", "from": [source], "to": target, **fields}


def take(flag: str) -> Json:
    return {"name": f"take_{flag}", "kind": "override", "from": ["start"], "grants": [flag]}


def world_of(states: list[str], events: list[Json]) -> World:
    bodies = {state: {"base": ""} for state in states}
    scene = {"states": bodies, "events": events}
    return World.from_dict({"schemaVersion": "1.0", "entrance": {"state": states[0]}, "scene": scene})
