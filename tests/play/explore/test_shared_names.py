"""Events and sequences that share a name: play and exploration agree on which is fired, and each claim has its run."""

from __future__ import annotations

from typing import Any

import pytest

import worldkit as wk
from tests.play.explore.families import small as family
from tests.play.explore.naive import by_session
from tests.play.explore.small import small
from worldkit import World
from worldkit.exploration.regression import Goal
from worldkit.exploration.shared_names import exclude_conditions
from worldkit.exploration.witness import Unwitnessed
from worldkit.playing import Session

Json = dict[str, Any]


def world(events: list[Json], *states: str, endings: tuple[str, ...] = ()) -> World:
    made: Json = {id: {"base": "x"} for id in states}
    made |= {id: {"base": "x", "ending": {"kind": "win", "title": id}} for id in endings}
    return World.from_dict(
        {"schemaVersion": "1.0", "entrance": {"state": states[0]}, "scene": {"states": made, "events": events}}
    )


def go(to: str, *sources: str, name: str = "go", **more: Any) -> Json:
    return {"name": name, "kind": "transition", "from": list(sources or ("hall",)), "to": to, **more}


def test_a_state_that_only_the_second_event_of_a_name_leads_to_is_not_reached() -> None:
    found = wk.explore(
        world([go("yard"), go("pit"), go("out", "yard", name="leave")], "hall", "yard", "pit", endings=("out",))
    )
    assert found.complete
    assert found.states == {"hall", "yard", "out"} and found.unreachable_states == {"pit"}
    assert found.soft_locks == [] and found.route_to("pit") is None


def test_the_second_event_of_a_name_fires_while_the_first_lacks_its_flag() -> None:
    events = [
        go("yard", requires=["key"]),
        go("pit"),
        go("hall", "pit", name="climb", grants=["key"]),
        go("out", "yard", name="leave"),
    ]
    made = world(events, "hall", "yard", "pit", endings=("out",))
    session = Session(made)
    assert [session.fire(name).state for name in ("go", "climb", "go")] == ["pit", "hall", "yard"]
    found = wk.explore(made)
    assert found.states == set(made.states)
    assert found.route_to("yard").events == ("go", "climb", "go")  # type: ignore[union-attr]
    assert ("pit", frozenset({"key"})) not in {(at.state, at.flags) for at in by_session(made)}
    assert found.positions == len(by_session(made)) == 5


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
    made = world(
        [go("yard"), go("pit", **trigger), go("out", "yard", name="leave")], "hall", "yard", "pit", endings=("out",)
    )
    found = wk.explore(made)
    assert not found.complete and not found.exact and not found.positions_complete
    assert '"go"' in found.undecided[0] and "name of its own" in found.undecided[0]
    assert found.states == {"hall", "yard", "out"} and found.unreachable_states == frozenset()
    assert found.soft_locks == [] and found.stuck_positions is None


def test_a_timer_fires_its_own_event_and_a_press_the_first_of_the_name() -> None:
    made = world([go("yard"), go("pit", autoAfterMs=1000)], "hall", "yard", "pit")
    assert Session(made).fire("go").state == "yard"
    assert [step.state for step in Session(made).wait(1000)] == ["pit"]


def test_a_timer_beside_a_namesake_that_is_never_there_leaves_nothing_open() -> None:
    made = world([go("yard", "yard"), go("pit", autoAfterMs=1000)], "hall", "yard", "pit")
    found = wk.explore(made)
    assert found.complete and found.states == {"hall", "pit"}


def test_the_prompt_told_of_an_event_is_that_of_the_one_that_fired() -> None:
    events = [go("yard", requires=["key"], base="The yard opens."), go("pit", base="The floor gives way.")]
    session = Session(world(events, "hall", "yard", "pit"))
    session.fire("go")
    texts = [sent["text"] if isinstance(sent, dict) else sent.text for sent in session.prompts]
    assert any("The floor gives way." in text for text in texts)
    assert not any("The yard opens." in text for text in texts)


def worlds(count: int) -> list[World]:
    made = [small(seed, namesakes=True) for seed in range(count)]
    return made + [World.from_dict(family("shared names", seed)) for seed in range(count)]


@pytest.mark.parametrize("part", range(4))
def test_everything_claimed_has_a_run_that_a_session_replays_to_it(part: int) -> None:
    claims = 0
    for made in worlds(160)[part::4]:
        found = wk.explore(made)
        assert found.complete
        for state in found.states:
            trace = found.route_to(state)
            assert trace is not None
            session = Session(made)
            entered = {session.state}
            for event in trace.events:
                step = session.fire(event)
                entered |= {step.state, *step.through}
            assert state in entered
        for event in found.events:
            trace = found.route_to_event(event)
            assert trace is not None and trace.events[-1] == event
            wk.replay(made, trace)
        assert set(found.routes) == found.endings
        for end in [*found.soft_locks, *found.dead_ends]:
            assert end.route is not None
            session = wk.replay(made, end.route)
            assert (session.state, session.flags) == (end.state, end.flags)
        for finding in found.findings:
            if finding.kind in ("soft-lock", "dead-end"):
                assert finding.route is not None
        claims += len(found.states) + len(found.events) + len(found.soft_locks) + len(found.dead_ends)
    assert claims > 200


def test_exploration_finds_exactly_what_sessions_reach_by_name() -> None:
    different = 0
    for made in worlds(80):
        found = wk.explore(made)
        reached = by_session(made)
        assert found.positions == len(reached)
        assert {at.state for at in reached} <= found.states
        different += len({event.name for event in made.events}) < len(made.events)
    assert different > 60


def test_a_claim_without_a_run_is_an_internal_error() -> None:
    found = wk.explore(world([go("yard")], "hall", "yard", "pit"))
    with pytest.raises(Unwitnessed, match="search engine"):
        found._analysis.trace([Goal(2)], "state 'pit'", claimed=True)


def test_more_events_of_one_name_than_can_be_told_apart_leave_the_answer_open() -> None:
    flags = [f"f{i}" for i in range(24)]
    events = [{"name": f"take_{flag}", "kind": "override", "from": ["hall"], "grants": [flag]} for flag in flags]
    events += [go("yard", requires=flags[i : i + 4]) for i in range(0, 24, 4)]
    events += [go("pit"), go("out", "yard", name="leave")]
    found = wk.explore(world(events, "hall", "yard", "pit", endings=("out",)))
    assert not found.complete and not found.exact and not found.positions_complete
    assert '"go"' in found.undecided[0]
    assert found.states >= {"hall", "yard", "out"}
    assert not found.soft_locks and not found.unreachable_states and found.stuck_positions is None


def test_a_split_condition_holds_exactly_where_the_condition_does_and_no_other() -> None:
    others = [(0b0011, 0), (0b0100, 0b1000), (0, 0b10000)]
    parts = exclude_conditions((0b100000, 0), others, 0)
    assert parts is not None
    for mask in range(64):
        holds = sum(mask & need == need and not mask & bar for need, bar in parts)
        first = any(mask & need == need and not mask & bar for need, bar in others)
        assert holds == (mask & 0b100000 != 0 and not first)
