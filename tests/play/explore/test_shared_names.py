"""Events and sequences that share a name: play and exploration agree on which is fired, and each claim has its run."""

from __future__ import annotations

from typing import Any

import pytest

import worldkit as wk
from tests.play.explore.families import small as family
from tests.play.explore.naive import by_session
from tests.play.explore.small import small
from worldkit import Session, World
from worldkit.exploration.regression import Goal
from worldkit.exploration.shared_names import exclude_conditions
from worldkit.exploration.witness import Unwitnessed

Json = dict[str, Any]


def world(events: list[Json], *states: str, endings: tuple[str, ...] = ()) -> World:
    bodies: Json = {id: {"base": "x"} for id in states}
    bodies |= {id: {"base": "x", "ending": {"kind": "win", "title": id}} for id in endings}
    return World.from_dict(
        {"schemaVersion": "1.0", "entrance": {"state": states[0]}, "scene": {"states": bodies, "events": events}}
    )


def go(to: str, *sources: str, name: str = "go", **more: Any) -> Json:
    return {"name": name, "kind": "transition", "from": list(sources or ("hall",)), "to": to, **more}


def test_a_state_that_only_the_second_event_of_a_name_leads_to_is_not_reached() -> None:
    exploration = wk.explore(
        world([go("yard"), go("pit"), go("out", "yard", name="leave")], "hall", "yard", "pit", endings=("out",))
    )
    assert exploration.complete
    assert exploration.states == {"hall", "yard", "out"} and exploration.unreachable_states == {"pit"}
    assert exploration.soft_locks == [] and exploration.route_to("pit") is None


def test_the_second_event_of_a_name_fires_while_the_first_lacks_its_flag() -> None:
    events = [
        go("yard", requires=["key"]),
        go("pit"),
        go("hall", "pit", name="climb", grants=["key"]),
        go("out", "yard", name="leave"),
    ]
    branching = world(events, "hall", "yard", "pit", endings=("out",))
    session = Session(branching)
    assert [session.fire(name).state for name in ("go", "climb", "go")] == ["pit", "hall", "yard"]
    exploration = wk.explore(branching)
    assert exploration.states == set(branching.states)
    assert exploration.route_to("yard").events == ("go", "climb", "go")  # type: ignore[union-attr]
    assert ("pit", frozenset({"key"})) not in {(at.state, at.flags) for at in by_session(branching)}
    assert exploration.positions == len(by_session(branching)) == 5


@pytest.mark.parametrize(
    "trigger",
    [
        {"autoAfterMs": 1000},
        {"waypoint": {"label": "pit", "distanceM": 14}},
        {"landWhen": {"auto": True, "luminance": {"above": 10}}},
    ],
    ids=["timer", "waypoint", "zone"],
)
def test_what_only_fires_by_itself_beside_its_namesake_leaves_the_answer_open(trigger: Json) -> None:
    branching = world(
        [go("yard"), go("pit", **trigger), go("out", "yard", name="leave")], "hall", "yard", "pit", endings=("out",)
    )
    exploration = wk.explore(branching)
    assert not exploration.complete and not exploration.exact and not exploration.positions_complete
    assert '"go"' in exploration.undecided[0] and "name of its own" in exploration.undecided[0]
    assert exploration.states == {"hall", "yard", "out"} and exploration.unreachable_states == frozenset()
    assert exploration.soft_locks == [] and exploration.stuck_positions is None


def test_what_is_needed_is_not_listed_where_a_timer_fires_a_namesake() -> None:
    """Waiting in the hall wins, which no move that is known says."""
    timed_world = world([go("yard"), go("out", autoAfterMs=1000)], "hall", "yard", endings=("out",))
    exploration = wk.explore(timed_world)
    for state in ("hall", "yard"):
        with pytest.raises(wk.WorldError, match='cannot be listed: of several events named "go"'):
            exploration.needs(state)


def test_a_timer_fires_its_own_event_and_a_press_the_first_of_the_name() -> None:
    timed_world = world([go("yard"), go("pit", autoAfterMs=1000)], "hall", "yard", "pit")
    assert Session(timed_world).fire("go").state == "yard"
    assert [step.state for step in Session(timed_world).wait(1000)] == ["pit"]


def test_a_timer_beside_a_namesake_that_is_never_there_leaves_nothing_open() -> None:
    timed_world = world([go("yard", "yard"), go("pit", autoAfterMs=1000)], "hall", "yard", "pit")
    exploration = wk.explore(timed_world)
    assert exploration.complete and exploration.states == {"hall", "pit"}


def test_the_prompt_told_of_an_event_is_that_of_the_one_that_fired() -> None:
    events = [go("yard", requires=["key"], base="The yard opens."), go("pit", base="The floor gives way.")]
    session = Session(world(events, "hall", "yard", "pit"))
    session.fire("go")
    texts = [prompt["text"] if isinstance(prompt, dict) else prompt.text for prompt in session.prompts]
    assert any("The floor gives way." in text for text in texts)
    assert not any("The yard opens." in text for text in texts)


def worlds(count: int) -> list[World]:
    small_worlds = [small(seed, namesakes=True) for seed in range(count)]
    return small_worlds + [World.from_dict(family("shared names", seed)) for seed in range(count)]


@pytest.mark.parametrize("part", range(4))
def test_everything_claimed_has_a_run_that_a_session_replays_to_it(part: int) -> None:
    claims = 0
    for random_world in worlds(160)[part::4]:
        exploration = wk.explore(random_world)
        assert exploration.complete
        for state in exploration.states:
            trace = exploration.route_to(state)
            assert trace is not None
            session = Session(random_world)
            entered = {session.state}
            for event in trace.events:
                step = session.fire(event)
                entered |= {step.state, *step.through}
            assert state in entered
        for event in exploration.events:
            trace = exploration.route_to_event(event)
            assert trace is not None and trace.events[-1] == event
            wk.replay(random_world, trace)
        assert set(exploration.routes) == exploration.endings
        for end in [*exploration.soft_locks, *exploration.dead_ends]:
            assert end.route is not None
            session = wk.replay(random_world, end.route)
            assert (session.state, session.flags) == (end.state, end.flags)
        for finding in exploration.findings:
            if finding.kind in ("soft-lock", "dead-end"):
                assert finding.route is not None
        claims += (
            len(exploration.states) + len(exploration.events) + len(exploration.soft_locks) + len(exploration.dead_ends)
        )
    assert claims > 200


def test_exploration_finds_exactly_what_sessions_reach_by_name() -> None:
    different = 0
    for random_world in worlds(80):
        exploration = wk.explore(random_world)
        positions = by_session(random_world)
        assert exploration.positions == len(positions)
        assert {at.state for at in positions} <= exploration.states
        different += len({event.name for event in random_world.events}) < len(random_world.events)
    assert different > 60


def test_a_claim_without_a_run_is_an_internal_error() -> None:
    exploration = wk.explore(world([go("yard")], "hall", "yard", "pit"))
    with pytest.raises(Unwitnessed, match="tables engine"):
        exploration._analysis.trace([Goal(2)], "state 'pit'", is_claimed=True)


def test_more_events_of_one_name_than_can_be_told_apart_leave_the_answer_open() -> None:
    flags = [f"f{i}" for i in range(24)]
    events = [{"name": f"take_{flag}", "kind": "override", "from": ["hall"], "grants": [flag]} for flag in flags]
    events += [go("yard", requires=flags[i : i + 4]) for i in range(0, 24, 4)]
    events += [go("pit"), go("out", "yard", name="leave")]
    exploration = wk.explore(world(events, "hall", "yard", "pit", endings=("out",)))
    assert not exploration.complete and not exploration.exact and not exploration.positions_complete
    assert '"go"' in exploration.undecided[0]
    assert exploration.states >= {"hall", "yard", "out"}
    assert not exploration.soft_locks and not exploration.unreachable_states and exploration.stuck_positions is None


def test_a_split_condition_holds_exactly_where_the_condition_does_and_no_other() -> None:
    others = [(0b0011, 0), (0b0100, 0b1000), (0, 0b10000)]
    parts = exclude_conditions((0b100000, 0), others, 0)
    assert parts is not None
    for mask in range(64):
        holds = sum(mask & need == need and not mask & bar for need, bar in parts)
        first = any(mask & need == need and not mask & bar for need, bar in others)
        assert holds == (mask & 0b100000 != 0 and not first)
