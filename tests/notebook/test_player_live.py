"""The player in real time and in a tester's hands: who drives the clock, what goes out, what comes out as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.notebook.conftest import RecordingComm, small
from tests.notebook.test_player import act, exchange
from worldkit import Player, Session, Trace, TraceError, World, edit, play, replay
from worldkit.playing.moment import Moment
from worldkit.widgets.run_export import KINDS, script, slug


def slow() -> World:
    document = small()
    document["scene"]["events"][0] |= {"phases": [{"base": "A step."}, {"base": "And one more.", "minMs": 2000}]}
    timer_event = {"name": "bell", "kind": "override", "from": ["gate"], "autoAfterMs": 3000, "grants": ["rung"]}
    document["scene"]["events"].append(timer_event)
    return World.from_dict(document)


@pytest.fixture
def player(comms: list[RecordingComm]) -> Player:
    player = play(slow(), mode="real-time")
    player.comm.take()
    return player


def tick(ms: int, view: str = "a") -> dict[str, Any]:
    return {**act("tick", ms=ms), "view": view}


def updates_after(player: Player, content: Any) -> list[dict[str, Any]]:
    """Send a message, and return all that went out before its reply, which has to be an acceptance."""
    player.comm.receive(content)
    *out, reply = player.comm.take()
    assert reply["type"] == "accepted"
    return out


def test_a_tick_sends_only_what_time_changes(player: Player) -> None:
    [update] = updates_after(player, act("run"))
    assert update["state"]["view"]["driver"] == "a"
    [out] = updates_after(player, tick(100))
    assert out["type"] == "now" and out["serial"] == player.view["serial"]
    assert out["now"]["clock"] == 100 and len(json.dumps(out)) < 1000
    assert player.view["clock"] == 0, "the whole view is not sent for time alone"


def test_what_lands_in_a_tick_sends_the_whole_view(player: Player) -> None:
    updates_after(player, act("fire", event="walk"))
    assert player.view["playing"]["of"] == 2 and player.view["offers"] == []
    for _ in range(6):
        [out] = updates_after(player, tick(1000))
        assert out["type"] == "now"
    assert out["now"]["playing"]["number"] == 2 and out["now"]["promptNow"] == "And one more."
    [out] = updates_after(player, tick(1000))
    view = out["state"]["view"]
    assert (view["state"]["id"], view["playing"], view["clock"]) == ("gate", None, 7000)
    assert view["timers"][0]["due"] == 10000


def test_what_fires_by_itself_sends_the_whole_view_and_says_so(player: Player) -> None:
    updates_after(player, act("begin", position={"state": "gate"}))
    updates_after(player, act("run"))
    [out] = updates_after(player, tick(3000))
    texts = [notice["text"] for notice in out["state"]["view"]["notices"]]
    assert texts == ["Now held: rung.", "Bell: it came by itself, by a timer."]


def test_the_clock_of_a_run_that_is_stopped_stands(player: Player) -> None:
    updates_after(player, act("run"))
    player.session.stop("The park closes.")
    player.comm.take()
    assert player.view["driver"] is None
    assert updates_after(player, tick(500)) == [] and player.session.clock == 0


def test_of_two_views_one_drives_so_that_time_passes_once(player: Player) -> None:
    updates_after(player, act("run"))
    assert updates_after(player, tick(500, "b")) == [] and player.session.clock == 0
    updates_after(player, {**act("run"), "view": "b"})
    assert player.view["driver"] == "b"
    updates_after(player, tick(500, "a"))
    updates_after(player, tick(500, "b"))
    assert player.session.clock == 500
    updates_after(player, act("pause"))
    assert updates_after(player, tick(500, "b")) == [] and player.view["driver"] is None


def test_pressing_starts_the_clock_and_going_back_stops_it(player: Player) -> None:
    updates_after(player, act("fire", event="walk"))
    assert player.view["driver"] == "a"
    updates_after(player, act("cancel"))
    assert (player.view["driver"], player.view["playing"], player.session.clock) == (None, None, 0)
    updates_after(player, act("fire", event="walk"))
    updates_after(player, act("finish"))
    assert player.session.state == "gate" and player.view["driver"] == "a"
    updates_after(player, act("undo"))
    assert player.view["driver"] is None


def test_undo_takes_a_step_back_whole_however_it_was_got_through(player: Player) -> None:
    updates_after(player, act("fire", event="walk"))
    updates_after(player, act("wait", ms=1000))
    updates_after(player, act("finish"))
    updates_after(player, act("undo"))
    assert (player.session.state, player.session.playing, player.session.clock) == ("lane", None, 0)


def test_the_clock_stops_at_an_ending(player: Player) -> None:
    updates_after(player, act("begin", position={"state": "gate", "flags": ["key"]}))
    updates_after(player, act("fire", event="enter"))
    assert player.view["ended"]["kind"] == "win" and player.view["driver"] is None
    updates_after(player, act("retry"))
    assert (player.session.state, player.session.flags) == ("lane", frozenset())


def test_the_mode_is_switched_between_steps_only(player: Player) -> None:
    updates_after(player, act("fire", event="walk"))
    _, reply = exchange(player, act("mode", mode="instant"))
    assert reply["code"] == "op"
    updates_after(player, act("finish"))
    updates_after(player, act("mode", mode="instant"))
    assert (player.view["mode"], player.view["driver"]) == ("instant", None)
    _, reply = exchange(player, act("mode", mode="backwards"))
    assert reply["code"] == "op"


def test_a_tester_sets_and_clears_flags_and_it_is_marked(player: Player) -> None:
    updates_after(player, act("grant", flag="key"))
    assert player.view["held"] == [{"flag": "key", "event": "author:grant", "at": 0, "by": "author"}]
    assert player.view["notices"] == [{"kind": "grant", "text": "Set by hand: key."}]
    updates_after(player, act("revoke", flag="key"))
    assert player.view["flags"] == [] and player.view["trail"][-1]["revoked"] == ["key"]
    updates_after(player, act("undo"))
    assert player.view["flags"] == ["key"]


def test_restart_begins_where_the_run_began_and_retry_at_the_entrance(player: Player) -> None:
    updates_after(player, act("begin", position={"state": "gate", "flags": ["key"], "used": []}))
    updates_after(player, act("grant", flag="rung"))
    updates_after(player, act("restart"))
    assert (player.session.state, player.session.flags) == ("gate", {"key"})
    updates_after(player, act("retry"))
    assert (player.session.state, player.session.flags) == ("lane", frozenset())


def test_restart_follows_a_start_that_a_rebase_renamed(player: Player) -> None:
    arch = player.session.world.apply([{"op": "rename_state", "from": "gate", "to": "arch"}])
    updates_after(player, act("begin", position={"state": "gate", "flags": ["key"], "used": []}))
    player.session.rebase(arch, states={"gate": "arch"})
    updates_after(player, act("restart"))
    assert (player.session.state, player.session.flags) == ("arch", {"key"})
    updates_after(player, act("undo"))
    updates_after(player, act("undo"))
    updates_after(player, act("restart"))
    assert player.session.state == "gate"


def test_what_is_seen_by_hand_counts_and_nonsense_is_refused(player: Player) -> None:
    updates_after(player, act("observe", sample={"luminance": 12, "labels": {"gate": 0.5}}))
    assert player.view["seen"] == {"luminance": 12, "labels": {"gate": 0.5}}
    for sample in ({"brightness": 1}, {"luminance": "x"}, {"labels": 3}):
        _, reply = exchange(player, act("observe", sample=sample))
        assert (reply["type"], reply["code"]) in (("rejected", "op"), ("rejected", "internal"))
    _, reply = exchange(player, act("observe", sample=[1]))
    assert reply["code"] == "invalid"


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_comes_out_as_text_that_repeats_it(player: Player, kind: str, tmp_path: Any) -> None:
    updates_after(player, act("fire", event="walk"))
    updates_after(player, act("finish"))
    updates_after(player, act("grant", flag='it\'s "quoted"\n'))
    player.comm.receive({"type": "script", "id": "1", "view": "a", "kind": kind})
    [reply] = player.comm.take()
    assert (reply["type"], reply["id"]) == ("script", "1")
    text, session = reply["text"], player.session
    if kind == "run":
        assert replay(slow(), Trace.from_json(text)).trace == session.trace
    elif kind == "position":
        assert Session(slow(), at=json.loads(text)).position == session.position
    elif kind == "python":
        scope: dict[str, Any] = {"world": slow()}
        exec(text, scope)
        assert scope["session"].trace == session.trace
    else:
        slow().save(tmp_path / "lane.world.json")
        scope = {}
        exec(text.replace('wk.load("', f'wk.load("{tmp_path}/'), scope)
        scope["test_lane_ends_in_gate"]()
        assert reply["name"] == "test_lane.py"


def test_scripts_of_another_kind_are_refused(player: Player) -> None:
    player.comm.receive({"type": "script", "id": "1", "view": "a", "kind": "poem"})
    [reply] = player.comm.take()
    assert (reply["type"], reply["code"]) == ("rejected", "op")


def test_names_of_files_are_plain() -> None:
    assert [slug(text) for text in ("The Red Mitten!", "Zürich", "../../etc", "lambda", "☂")] == [
        "the_red_mitten",
        "zurich",
        "etc",
        "world",
        "world",
    ]


def test_a_saved_run_and_a_saved_position_are_opened_and_undone(player: Player) -> None:
    updates_after(player, act("fire", event="walk"))
    updates_after(player, act("finish"))
    run, _ = script(player.session, "run")
    position, _ = script(player.session, "position")
    other = play(slow())
    other.comm.take()
    updates_after(other, act("open", text=run))
    assert other.session.state == "gate" and other.session.mode == "real-time"
    assert [point["event"] for point in other.view["trail"]] == [None, "walk"]
    other.session.wait(10)
    assert other.view["clock"] == 7010, "the widget still hears what is done in Python"
    while other.session.can_undo:
        updates_after(other, act("undo"))
    assert other.session.state == "lane"
    updates_after(other, act("open", text=position))
    assert other.session.state == "gate" and other.view["start"]["state"] == "gate"


def test_handlers_and_streams_go_on_when_a_saved_run_is_opened(player: Player) -> None:
    session, saved = player.session, Session(slow(), seed=7)
    saved.fire("walk")

    @session.on("land")
    def speak(event: object) -> None:
        session.say(f"You are in {session.state}.")

    updates_after(player, act("open", text=saved.trace.to_json()))
    assert (player.session, session.state, session.seed, session.mode) == (session, "gate", 7, "instant")
    updates_after(player, act("fire", event="take_key"))
    assert session.flags == {"key"} and player.view["line"] == "You are in gate."
    assert replay(slow(), session.trace).position == session.position


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"format": "smworld"}', '{"format": "smworld-trace"}'])
def test_what_is_no_saved_run_is_refused_and_moves_nobody(player: Player, text: str) -> None:
    _, reply = exchange(player, act("open", text=text))
    assert reply["code"] == "op" and player.session.state == "lane"


def test_the_world_is_told_of_once_when_it_is_asked_for(player: Player) -> None:
    player.comm.receive({"type": "about", "id": "1", "view": "a"})
    [reply] = player.comm.take()
    assert reply["about"]["flags"] == [{"flag": "key", "events": ["take_key"]}, {"flag": "rung", "events": ["bell"]}]
    assert reply["about"]["states"] == ["lane", "gate", "hall"]


def test_play_takes_a_mode_and_a_session(comms: list[RecordingComm]) -> None:
    session = Session(slow(), mode="real-time")
    assert play(session).session is session and session.mode == "real-time"
    assert play(slow(), trace=session.trace).session.mode == "real-time"
    assert play(slow(), trace=session.trace, mode="instant").session.mode == "instant"
    assert play(slow()).session.mode == "instant"
    with pytest.raises(ValueError, match="real-time"):
        play(slow(), mode="fast")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="session alone"):
        play(session, start="gate")


def test_a_run_of_another_world_is_refused(comms: list[RecordingComm]) -> None:
    session = Session(slow())
    session.fire("walk")
    world = World.from_dict({"entrance": {"state": "lane"}, "scene": {"states": {"lane": {"base": "x"}}, "events": []}})
    with pytest.raises(TraceError):
        play(world, trace=session.trace)


def test_what_a_handler_changed_is_kept_while_the_world_is_edited_beside(
    lane: World, comms: list[RecordingComm]
) -> None:
    ed = edit(lane)
    player = play(ed)
    session = player.session
    change = {"op": "set_field", "state": "gate", "field": "base", "value": "The gate stands open."}
    session.on("gate", lambda _: session.apply([change]))
    session.fire("walk")
    ed.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane, edited."}])
    assert session.state == "gate"
    assert [session.world.states[id].base for id in ("lane", "gate")] == ["A lane, edited.", "The gate stands open."]
    session.undo()
    assert session.here.base == "Rain beads on the iron gate and the lamp beside it."
    assert ed.world.states["gate"].base == "Rain beads on the iron gate and the lamp beside it."


def test_what_a_handler_says_of_a_timer_is_shown_while_the_clock_runs(comms: list[RecordingComm]) -> None:
    document = small()
    rain = {"name": "rain", "kind": "override", "from": ["lane"], "hidden": True, "autoAfterMs": 400}
    document["scene"]["events"].append(rain)
    player = play(World.from_dict(document), mode="real-time")
    session = player.session
    session.on("rain", lambda _: session.say("It begins to rain."))
    player.comm.take()
    exchange(player, act("run"))
    player.comm.receive(act("tick", ms=300))
    assert player.view["line"] == ""
    player.comm.receive(act("tick", ms=300))
    assert (player.view["line"], session.clock) == ("It begins to rain.", 600)
    assert {"kind": "narration", "text": "It begins to rain."} in player.view["notices"]


def test_a_tick_in_which_nothing_happens_looks_back_no_further_than_to_the_last(
    comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch
) -> None:
    player = play(World.from_dict(small()), mode="real-time")
    player.comm.take()
    updates_after(player, act("run"))
    seen: list[Moment] = []
    history = Moment.history

    def counted(moment: Moment) -> Iterator[Moment]:
        for each in history(moment):
            seen.append(each)
            yield each

    monkeypatch.setattr(Moment, "history", counted)
    counts = []
    for _ in range(60):
        seen.clear()
        [out] = updates_after(player, tick(10))
        assert out["type"] == "now"
        counts.append(len(seen))
    assert max(counts) <= 2
