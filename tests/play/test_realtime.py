"""Real time and the picture as a person uses them: what plays, what is refused, what is seen, what is kept."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from worldkit import NotAvailable, Sample, Session, SessionEvent, Trace, TraceError, World, WorldError, replay
from worldkit.playing import transition
from worldkit.playing.live import live, run
from worldkit.playing.notices import notices_of
from worldkit.playing.view import view


def world(**more: Any) -> World:
    return World.from_dict(
        {
            "name": "Bench",
            "introVideo": "intro.mp4",
            "scene": {
                "states": {
                    "lane": {
                        "base": "A lane.",
                        "ambient": ["A leaf turns."],
                        "variants": [{"label": "B", "base": "Snow."}],
                    },
                    "gate": {"base": "A gate."},
                    "home": {"base": "A kitchen.", "ending": {"kind": "win", "title": "Home"}},
                },
                "events": [
                    {
                        "name": "walk",
                        "kind": "transition",
                        "from": ["lane"],
                        "to": "gate",
                        "minPlayMs": 1000,
                        "grants": ["seen"],
                        "landWhen": {"label": "gate", "minLuminance": 60, "maxLuminance": 90, "timeoutMs": 3000},
                    },
                    {"name": "open", "kind": "transition", "from": ["gate"], "to": "home", "minPlayMs": 200},
                    {"name": "rain", "kind": "override", "from": ["lane"], "hidden": True, "autoAfterMs": 9000},
                    {
                        "name": "mill",
                        "kind": "override",
                        "from": ["gate"],
                        "waypoint": {"label": "<mill>", "distanceM": 100, "speedMs": 10},
                    },
                ],
            },
            **more,
        }
    )


def real(**options: Any) -> Session:
    return Session(world(), mode="real-time", **options)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'instant', 'real-time'; got str .slow"):
        Session(world(), mode="slow")  # type: ignore[arg-type]


def test_fire_returns_the_step_as_far_as_it_has_come_and_wait_the_one_that_landed() -> None:
    session = real()
    step = session.fire("walk")
    assert step.playing and step.state == step.origin == "lane" and "playing" in repr(step)
    assert [step.event for step in session.wait(1000)] == ["walk"]
    assert session.trace.steps[0].until == 1000
    assert not session.trace.steps[0].playing


def test_what_plays_says_what_it_waits_for() -> None:
    session = real()
    session.observe(luminance=10)
    session.fire("walk")
    assert session.playing is not None and session.playing.waits_for == "its least time to play"
    session.wait(1000)
    assert session.playing.waits_for == "'gate' in the picture or luminance of 60 to 90"
    assert (session.playing.since, session.playing.until) == (1000, 4000)
    assert "playing 'walk': waits for 'gate' in the picture" in repr(session)
    assert "waits for" in session._repr_html_()
    assert view(session)["playing"]["waitsFor"] == session.playing.waits_for


def test_editing_by_hand_waits_for_the_landing() -> None:
    session = real()
    session.fire("walk")
    for press in (lambda: session.grant("key"), lambda: session.revoke("key"), lambda: session.variant("B")):
        with pytest.raises(NotAvailable, match="'walk' is playing") as error:
            press()
        assert error.value.reason == "playing"


def test_what_has_to_wait_for_a_landing_is_called_what_it_is() -> None:
    session = real()
    session.fire("walk")
    reason = "'walk' is playing and has not landed; wait for it, or cancel it"
    requests: dict[str, Callable[[], object]] = {
        "'open' cannot be fired": lambda: session.fire("open"),
        "the mode cannot be switched": lambda: session.switch("instant"),
        "nothing can be changed": lambda: session.apply([]),
    }
    for refused, request in requests.items():
        with pytest.raises(NotAvailable) as error:
            request()
        assert str(error.value) == str(pickle.loads(pickle.dumps(error.value))) == f"{refused}: {reason}"


def test_nothing_to_cancel_and_nothing_to_finish() -> None:
    session = real()
    assert session.finish() is None
    assert not session.can_undo
    with pytest.raises(WorldError, match="nothing plays"):
        session.cancel()


def test_a_cancel_can_be_undone() -> None:
    session = real()
    session.fire("walk")
    session.wait(300)
    session.cancel()
    assert session.playing is None
    session.undo()
    assert session.playing is not None and session.clock == 300
    step = session.finish()
    assert step is not None and step.until == 1000


def test_cancelling_what_fired_by_itself_takes_the_wait_back_too() -> None:
    slow = world().to_dict()
    slow["scene"]["events"][2]["minPlayMs"] = 500
    session = Session(World.from_dict(slow), mode="real-time")
    session.wait(8000)
    session.wait(1200)
    assert session.playing is not None and session.playing.by == "timer"
    session.cancel()
    assert session.clock == 8000
    assert replay(session.world, session.trace).clock == 8000


def test_an_unknown_flag_or_variant_says_what_there_is() -> None:
    session = Session(world())
    with pytest.raises(ValueError, match=r"which has 'B'; got .X"):
        session.variant("X")
    with pytest.raises(WorldError, match="flags: expected a string"):
        session.grant(3)  # type: ignore[arg-type]
    assert not session.can_undo


def test_what_the_author_does_is_told_undone_and_replayed() -> None:
    session = Session(world())
    events: list[SessionEvent] = []
    session.on("*", events.append)
    session.grant("key", "oil")
    session.revoke("oil")
    session.variant("B")
    session.wait(50)
    assert [(h.topic, h.flags, h.text) for h in events if h.topic != "wait"] == [
        ("grant", ("key", "oil"), ""),
        ("revoke", ("oil",), ""),
        ("variant", (), "B"),
        ("prompt", (), "Snow."),
    ]
    assert session.trace.events == ("author:grant", "author:revoke", "author:variant")
    again = replay(world(), session.trace.to_json())
    assert (again.flags, again.chosen, again.prompt_now) == ({"key"}, {"lane": "B"}, "Snow.")
    assert "variant: 'B'" in repr(session)
    assert session.undo(4).chosen == {}
    assert session.flags == frozenset()


def test_a_variant_that_is_gone_is_named_by_the_replay() -> None:
    session = Session(world())
    session.variant("B")
    raw = world().to_dict()
    del raw["scene"]["states"]["lane"]["variants"]
    with pytest.raises(TraceError, match=r"which has none; got .B") as error:
        replay(World.from_dict(raw), session.trace)
    assert error.value.index == 0


def test_an_authors_step_that_nobody_knows_is_named() -> None:
    data = Session(world()).trace.to_dict()
    data["steps"] = [{"event": "author:fly", "by": "author", "from": "lane", "state": "lane"}]
    with pytest.raises(TraceError, match="an author does no 'author:fly'"):
        replay(world(), data)


def test_another_outcome_of_the_evidence_is_named_by_the_replay() -> None:
    session = real()
    session.observe(labels={"gate": 1})
    session.fire("walk")
    session.finish()
    raw = world().to_dict()
    raw["scene"]["events"][0]["landWhen"] = {"label": "church", "timeoutMs": 900}
    with pytest.raises(TraceError, match="had its arrival 'timed out', expected 'observed'") as error:
        replay(World.from_dict(raw), session.trace)
    assert error.value.index == 0


def test_a_trace_taken_while_something_plays_says_so_and_goes_on() -> None:
    session = real()
    session.fire("walk")
    session.wait(400)
    trace = Trace.from_json(session.trace.to_json())
    assert trace.playing is not None and trace.playing.event == "walk" and "'walk' playing" in repr(trace)
    again = replay(world(), trace)
    assert again.playing == session.playing
    assert again.finish() == session.finish()


def test_what_should_still_play_and_has_landed_is_named() -> None:
    session = real()
    session.fire("walk")
    session.wait(900)
    raw = world().to_dict()
    raw["scene"]["events"][0]["minPlayMs"] = 500
    with pytest.raises(TraceError, match="landed at 500 ms, expected it to be playing still"):
        replay(World.from_dict(raw), session.trace)


@pytest.mark.parametrize(
    "bad",
    [
        {"luminance": float("nan")},
        {"motion": "5"},
        {"motion": True},
        {"labels": {"gate": "big"}},
        {"labels": {3: 1.0}},
        {"labels": {"\ud800": 1.0}},
        {"brightness": 4},
    ],
)
def test_what_is_no_sample_is_refused_and_changes_nothing(bad: Any) -> None:
    session = Session(world())
    with pytest.raises(WorldError, match="not a sample"):
        session.observe(bad)
    assert session.seen is None


def test_a_sample_and_parts_of_another_are_not_taken_together() -> None:
    session = Session(world())
    with pytest.raises(WorldError, match="expected a sample or its parts; got both"):
        session.observe({"labels": ["gate"]}, luminance=40)
    assert session.seen is None


def test_a_sample_takes_labels_in_any_form() -> None:
    assert Sample(labels={"gate": 1}) == Sample(labels=["gate"]) == Sample(labels="gate")  # type: ignore[arg-type]
    assert Sample(labels=[("gate", 1.0)]) == Sample.of({"labels": {"gate": 1}})  # type: ignore[arg-type]


def test_a_trace_with_an_impossible_sample_is_no_trace() -> None:
    data = Session(world()).trace.to_dict()
    data["seen"] = [{"at": 0, "after": 0, "luminance": "x"}]
    with pytest.raises(TraceError, match=r"seen\[0\].luminance"):
        Trace.from_dict(data)


def test_a_source_that_fails_leaves_an_instant_press_undone() -> None:
    def look(clock: int) -> Sample:
        raise RuntimeError("no camera")

    session = Session(world(), evidence=look)
    with pytest.raises(RuntimeError, match="no camera"):
        session.fire("walk")
    assert (session.state, session.clock, session.can_undo) == ("lane", 0, False)


def test_a_source_that_never_shows_evidence_is_given_up_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transition, "MAX_LOOKS", 50)
    raw = world().to_dict()
    raw["scene"]["events"][0]["landWhen"]["timeoutMs"] = 10**12
    session = Session(World.from_dict(raw), evidence=lambda _: {"luminance": 1})
    with pytest.raises(WorldError, match="asked 50 times"):
        session.fire("walk")
    assert (session.state, session.clock, session.can_undo) == ("lane", 0, False)


def test_a_constant_picture_is_not_counted_tick_by_tick() -> None:
    raw = world().to_dict()
    raw["scene"]["events"][0]["landWhen"] = {"minLuminance": 5, "hits": 10**9, "timeoutMs": 10**15}
    session = Session(World.from_dict(raw))
    session.observe(luminance=10)
    assert session.fire("walk").until == 1000 + 700 * 10**9


def test_everything_can_be_heard_at_once() -> None:
    session = Session(world(), mode="real-time")
    topics: list[str] = []
    stop = session.on("*", lambda h: topics.append(h.topic))
    session.fire("walk")
    session.wait(1000)
    session.travel(6500)
    stop()
    session.wait(10)
    assert topics == ["fire", "prompt", "evidence", "grant", "leave", "enter", "land", "wait", "approach", "wait"]


def test_ambient_lines_told_in_one_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from worldkit.playing import run as room

    monkeypatch.setattr(room, "MAX_AMBIENT_LINES", 5)
    raw = world().to_dict()
    raw["scene"]["events"] = []
    session = Session(World.from_dict(raw))
    lines: list[SessionEvent] = []
    session.on("ambient", lines.append)
    session.wait(10**9)
    assert len(lines) == 5
    assert session.clock == 10**9


def test_the_intro_and_the_outro_are_shown_to_who_asks() -> None:
    session = Session(world(outro={"video": "out.mp4", "flag": "seen", "state": "gate"}))
    assert (session.intro, session.outro) == ("intro.mp4", None)
    step = session.fire("walk")
    assert step.outro and session.outro == "out.mp4"
    assert {"kind": "info", "text": "The outro plays."} in notices_of([step])


def test_waypoints_are_shown_in_the_view() -> None:
    session = Session(world())
    session.fire("walk")
    session.travel(7000)
    assert view(session)["waypoints"] == [
        {"event": "mill", "label": "<mill>", "distanceM": 100, "leftM": 30, "near": True, "available": True}
    ]


# ---- keeping ------------------------------------------------------------------------------------


def test_a_run_is_saved_and_loaded_whole(tmp_path: Path) -> None:
    session = real(seed=4)
    session.observe(labels={"gate": 0.5})
    session.fire("walk")
    session.wait(1300)
    path = session.save(tmp_path / "run.trace.json")
    again = Session.load(world(), os.fspath(path))
    assert (again.trace, again.playing, again.seed, again.mode) == (session.trace, session.playing, 4, "real-time")
    assert again.undo(1).can_undo is False


def test_a_position_is_saved_and_begun_in(tmp_path: Path) -> None:
    session = Session(world())
    session.fire("walk")
    path = session.save(tmp_path / "here.json", "position")
    again = Session.load(world(), path)
    assert again.position == session.position
    assert (again.clock, len(again.trace)) == (0, 0)


def test_what_else_could_be_saved_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match='"run" or "position"'):
        Session(world()).save(tmp_path / "x.json", "world")  # type: ignore[arg-type]
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("text", ["{}", "[1]", '{"format": "smworld-position", "version": 2}', "not json", "\xff"])
def test_a_file_that_holds_no_session_says_so(text: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(WorldError, match=r"odd\.json"):
        Session.load(world(), path)


def test_a_saved_position_of_another_world_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"format": "smworld-position", "version": 1, "state": "moon"}))
    with pytest.raises(WorldError, match="no state 'moon'"):
        Session.load(world(), path)


# ---- live ---------------------------------------------------------------------------------------


class Wall:
    """A clock on the wall that moves only when somebody sleeps, and then a little too long."""

    def __init__(self, late: float = 0.0) -> None:
        self.seconds = 100.0
        self.late = late

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds + self.late


def test_a_live_run_lands_what_plays_and_ends_where_the_run_is_over() -> None:
    session, wall = real(), Wall(0.013)

    async def play() -> list[tuple[str, int]]:
        session.fire("walk")
        landings = []
        async for step in live(session, 2.0, now=wall.now, sleep=wall.sleep):
            landings.append((step.event, step.until))
            if step.event == "walk":
                session.fire("open")
        return landings

    landings = asyncio.run(play())
    assert [event for event, _ in landings] == ["walk", "open"]
    assert landings[0][1] == 1000
    assert session.ended is not None
    assert abs(session.clock - (wall.seconds - 100) * 2000) < 1
    assert replay(world(), session.trace).trace == session.trace


def test_a_live_run_can_be_stopped_and_forward_can_be_held() -> None:
    session, wall = real(at={"state": "gate"}), Wall()
    stop = lambda: wall.seconds >= 110.5  # noqa: E731
    back = asyncio.run(run(session, forward=lambda: True, until=stop, now=wall.now, sleep=wall.sleep))
    assert back is session
    assert session.trace.events == ("mill",)


def test_undo_in_a_live_run_takes_back_a_press_with_all_the_time_since() -> None:
    session, wall = real(), Wall()
    session.fire("walk")
    asyncio.run(run(session, until=lambda: wall.seconds >= 100.5, now=wall.now, sleep=wall.sleep))
    assert session.clock > 400
    session.undo()
    assert (session.clock, session.playing, session.can_undo) == (0, None, False)


@pytest.mark.parametrize("options", [{"speed": 0}, {"speed": float("nan")}, {"every_ms": -1}])
def test_a_live_run_needs_a_speed(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        asyncio.run(run(real(), **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["instant", "real-time"])
def test_the_drive_of_a_phase_replaces_that_of_the_event_and_null_releases_it(mode: Any) -> None:
    phases = [
        {"base": "One.", "minMs": 1000},
        {"base": "Two.", "minMs": 2000, "drive": {"lookHorizontal": "left"}},
        {"base": "Three.", "minMs": 3000, "drive": None},
    ]
    document = world().to_dict()
    event = next(event for event in document["scene"]["events"] if event["kind"] == "transition")
    event.clear()
    event |= {"name": "go", "kind": "transition", "from": [world().start], "to": world().start}
    event |= {"drive": {"movement": "forward"}, "phases": phases}
    session = Session(World.from_dict(document), mode=mode)
    controls_over_time: list[tuple[int, tuple[str, ...]]] = []
    session.on("drive", lambda event: controls_over_time.append((event.at, event.controls)))
    session.fire("go")
    session.wait(6000)
    assert controls_over_time[:3] == [(0, ("forward",)), (1000, ("left",)), (3000, ())]


@pytest.mark.parametrize("mode", ["instant", "real-time"])
def test_an_autopilot_holds_its_controls_until_the_state_is_left(mode: Any) -> None:
    document = {
        "scene": {
            "states": {
                "road": {"base": "A road.", "autopilot": {"movement": "forward"}},
                "gate": {"base": "A gate."},
            },
            "events": [
                {"name": "look", "kind": "override", "from": ["road"], "minPlayMs": 5000},
                {"name": "turn", "kind": "override", "from": ["road"], "drive": {"lookHorizontal": "left"}},
                {"name": "go", "kind": "transition", "from": ["road"], "to": "gate", "minPlayMs": 1000},
            ],
        },
        "entrance": {"state": "road"},
    }
    session = Session(World.from_dict(document), mode=mode)
    controls_over_time = [session.controls]
    session.on("drive", lambda event: controls_over_time.append(event.controls))
    for name in ("look", "turn", "go"):
        session.fire(name)
        session.wait(6000)
    assert controls_over_time == [("forward",), ("left",), ("forward",), ()]


def test_the_record_of_prompts_is_what_was_sent_while_moving_and_in_a_variant() -> None:
    pair = {"static": "Still.", "dynamic": "Gliding."}
    document = {
        "scene": {
            "states": {
                "lane": {"base": "Lane by day.", "variants": [{"label": "night", "base": "Lane by night."}]},
                "bench": {"base": "Bench."},
            },
            "events": [
                {
                    "name": "go",
                    "kind": "transition",
                    "from": ["lane"],
                    "to": "bench",
                    "base": "Go.",
                    "camera": pair,
                },
                {"name": "back", "kind": "transition", "from": ["bench"], "to": "lane"},
            ],
        },
        "entrance": {"state": "lane"},
    }
    session = Session(World.from_dict(document))
    texts = [session.prompt_now]
    session.on("prompt", lambda event: texts.append(event.text))
    session.variant("night")
    session.travel(100)
    session.fire("go")
    session.fire("back")
    assert texts == ["Lane by day.", "Lane by night.", "Go. Gliding.", "Bench.", "Lane by night."]
    assert [event.text for event in session.prompts] == texts
