"""Traces that no longer hold name the first step and why; what is no trace says what is wrong with it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.play.test_session import world
from worldkit import (
    CampaignTrace,
    Observation,
    Position,
    Sample,
    Session,
    Trace,
    TraceError,
    World,
    WorldError,
    WrongArgument,
    replay,
)
from worldkit.playing.trace_replay import RecordedSource


def run() -> Session:
    session = Session(world(), seed=5)
    session.wait(1500)
    session.fire("walk_up")
    session.wait(20)
    session.fire("take")
    session.fire("open")
    session.wait(7)
    return session


def world_with(**changes: Any) -> World:
    """Return the world with fields of events changed; None removes the event."""
    raw = world().to_dict()
    events = []
    for event in raw["scene"]["events"]:
        change = changes.get(event["name"], {})
        if change is not None:
            events.append({**event, **change})
    raw["scene"]["events"] = events
    return World.from_dict(raw)


def error_of_replay(changed: World) -> TraceError:
    with pytest.raises(TraceError) as error:
        replay(changed, run().trace)
    assert isinstance(error.value, WorldError)
    return error.value


def test_a_replayed_session_can_be_undone_step_by_step() -> None:
    session = replay(world(), run().trace)
    assert (session.state, session.seed) == ("home", 5)
    session.undo(2)
    assert session.state == "gate"


def test_the_first_step_that_cannot_be_fired_is_named() -> None:
    error = error_of_replay(world_with(open={"requires": ["key", "oil"]}))
    assert error.index == 3
    assert "missing flags: ['oil']" in str(error)


def test_an_event_that_is_gone_is_named() -> None:
    error = error_of_replay(world_with(take=None))
    assert error.index == 2
    assert "'take'" in str(error)


def test_a_landing_elsewhere_is_named() -> None:
    error = error_of_replay(world_with(walk_up={"to": "home"}))
    assert error.index == 1
    assert "landed in 'home', expected 'gate'" in str(error)


def test_other_grants_are_named() -> None:
    error = error_of_replay(world_with(walk_up={"grants": ["seen", "wet"]}))
    assert error.index == 1
    assert "granted ['seen', 'wet'], expected ['seen']" in str(error)


def test_a_timer_that_does_not_fire_is_named() -> None:
    error = error_of_replay(world_with(rain={"autoAfterMs": 1200}))
    assert error.index == 0
    assert "'rain' did not fire by itself" in str(error)


def test_a_timer_that_fires_too_early_is_named() -> None:
    error = error_of_replay(world_with(rain={"autoAfterMs": 600}))
    assert error.index == 0
    assert "at 600 ms" in str(error)


def test_a_timer_nobody_expected_is_named() -> None:
    error = error_of_replay(world_with(take={"autoAfterMs": 10}))
    assert error.index == 2
    assert "before 'take' was pressed, 'take' fired by itself (timer) at 1510 ms" in str(error)


def test_a_timer_after_the_last_step_is_named() -> None:
    session = Session(world())
    session.fire("walk_up")
    session.wait(100)
    with pytest.raises(TraceError) as error:
        replay(world_with(take={"autoAfterMs": 10}), session.trace)
    assert error.value.index == 1
    assert "after the last step" in str(error.value)


def test_how_long_an_event_plays_may_change() -> None:
    changed = world_with(walk_up={"minPlayMs": 4000}, open={"phases": [{"base": "Push."}]})
    session = replay(changed, run().trace)
    assert session.position == run().position
    assert session.clock == run().clock + 9000


def test_prose_may_change() -> None:
    assert replay(world_with(take={"narration": "A key!"}), run().trace).position == run().position


def test_a_run_that_cannot_begin_is_named() -> None:
    trace = Session(world(), at=Position("gate")).trace
    raw = world().to_dict()
    del raw["scene"]["states"]["gate"]
    with pytest.raises(TraceError, match="cannot begin") as error:
        replay(World.from_dict(raw), trace)
    assert error.value.index == 0


def test_a_trace_knows_its_length_states_and_events() -> None:
    trace = run().trace
    assert len(trace) == 4
    assert trace.events == ("rain", "walk_up", "take", "open")
    assert trace.states == ("lane", "gate", "home")
    assert [step.at for step in trace] == [1000, 1500, 1520, 1520]
    assert trace[-1].state == "home"
    assert trace[1:3] == trace.steps[1:3]
    assert hash(trace) == hash(Trace.from_json(trace.to_json()))
    assert "walk_up" in repr(trace)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "format: required"),
        ({"format": "smworld-trace", "version": 2, "start": {"state": "lane"}, "steps": []}, "version"),
        ({"format": "smworld-trace", "version": 1, "start": {}, "steps": []}, "start.state: required"),
        ({"format": "smworld-trace", "version": 1, "start": {"state": "lane"}, "steps": [{}]}, r"steps\[0\].event"),
    ],
)
def test_what_is_no_trace_says_what_is_wrong(data: Any, message: str) -> None:
    with pytest.raises(TraceError, match=message) as error:
        replay(world(), data)
    assert error.value.index is None


def test_what_was_seen_is_looked_through_once_however_many_steps_there_are() -> None:
    looks: list[int] = []

    class Counted(Observation):
        def __getattribute__(self, name: str) -> Any:
            if name == "after":
                looks.append(1)
            return super().__getattribute__(name)

    camera = RecordedSource(tuple(Counted(at, at // 4, False, False, Sample(1.0)) for at in range(400)))
    for step in range(100):
        camera.turn(step, 0)
        assert len(camera.idle_schedule) == 4
    assert len(looks) == 400


def test_a_list_is_no_trace() -> None:
    with pytest.raises(WorldError, match="trace: expected a Trace, an object"):
        replay(world(), [])  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[1,", '{"a":1,"a":2}'])
def test_text_that_is_no_json_is_a_trace_error(text: str) -> None:
    with pytest.raises(TraceError, match="not a readable trace"):
        Trace.from_json(text)


@pytest.mark.parametrize("path", ["run.json", "runs/first run.json", "/tmp/run", "run"])
def test_a_path_in_place_of_a_trace_is_told_how_to_read_it(path: str) -> None:
    advice = re.escape(f'"{path}" looks like a path; read the file with pathlib.Path("{path}").read_text()')
    for read in (Trace.from_json, CampaignTrace.from_json, lambda text: replay(world(), text)):
        with pytest.raises(TraceError, match=advice):
            read(path)
    advice = 'read it with worldkit.Trace.from_json(pathlib.Path("run.json").read_text())'
    with pytest.raises(WrongArgument, match=re.escape(advice)):
        replay(world(), Path("run.json"))  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"at": 5}, {"held": 3000}, {"at": -1}, {"at": 1.5}, {"by": "nobody"}])
def test_impossible_times_are_refused(change: dict[str, Any]) -> None:
    data = json.loads(run().trace.to_json())
    data["steps"][1] |= change
    with pytest.raises(TraceError):
        replay(world(), data)


def test_unknown_members_of_a_trace_are_ignored() -> None:
    data = run().trace.to_dict()
    data["note"] = "x"
    data["steps"][0]["note"] = "y"
    assert Trace.from_dict(data) == run().trace
