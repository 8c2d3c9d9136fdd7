"""The player's shell: the view goes out before the reply, and every message gets exactly one."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.notebook.conftest import RecordingComm, small
from tests.notebook.test_code import HOSTILE
from worldkit import InvalidWorld, Player, Position, Session, SessionEvent, World, WorldError, play
from worldkit.playing import handlers
from worldkit.widgets import player_actions, player_controller, protocol


def act(action: str, **body: Any) -> dict[str, Any]:
    return {"type": "act", "id": "1", "view": "a", "action": action, **body}


@pytest.fixture
def player(lane: World, comms: list[RecordingComm]) -> Player:
    player = play(lane)
    player.comm.take()
    return player


def exchange(player: Player, content: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Send a message; return the views sent before its reply, and the reply."""
    player.comm.receive(content)
    *updates, reply = player.comm.take()
    assert all(update["method"] == "update" and set(update["state"]) == {"view"} for update in updates)
    return [update["state"]["view"] for update in updates], reply


def test_opening_sends_the_first_view(lane: World, comms: list[RecordingComm]) -> None:
    player = play(lane, seed=7)
    [opening] = player.comm.published
    view = opening["state"]["view"]
    assert (view["protocol"], view["title"], view["state"]["id"], view["blocked"]) == (1, "Lane", "lane", [])
    assert [offer["name"] for offer in view["offers"]] == ["walk"]
    assert opening["state"]["height"] == 560 and player.session.seed == 7


def test_a_step_sends_the_new_view_and_then_the_reply(player: Player) -> None:
    [view], reply = exchange(player, act("fire", event="walk"))
    assert reply == {"type": "accepted", "id": "1", "view": "a"}
    assert view["state"]["id"] == "gate" and view["canUndo"] is True
    assert view == player.view and player.session.state == "gate"


def test_a_run_is_played_to_its_ending_and_again(player: Player) -> None:
    for event in ("walk", "take_key", "enter"):
        [view], reply = exchange(player, act("fire", event=event))
        assert reply["type"] == "accepted"
    assert view["ended"] == {"kind": "win", "title": "HOME", "subtitle": None} and view["offers"] == []
    [view], _ = exchange(player, act("restart"))
    assert (view["state"]["id"], view["flags"], view["ended"]) == ("lane", [], None)
    [view], _ = exchange(player, act("undo"))
    assert view["state"]["id"] == "hall"
    [view], _ = exchange(player, act("jump", to=1))
    assert view["state"]["id"] == "gate" and len(view["trail"]) == 2


def test_time_passes_and_a_grant_is_told(player: Player) -> None:
    [view], _ = exchange(player, act("wait", ms=1500))
    assert view["clock"] == 1500
    exchange(player, act("fire", event="walk"))
    [view], _ = exchange(player, act("fire", event="take_key"))
    assert {"kind": "grant", "text": "Now held: key."} in view["notices"]


def test_walking_forward_while_waiting_brings_waypoints_nearer(comms: list[RecordingComm]) -> None:
    document = small()
    document["scene"]["events"][0] |= {"waypoint": {"label": "the gate", "distanceM": 14, "speedMs": 14}}
    player = play(World.from_dict(document))
    player.comm.take()
    exchange(player, act("wait", ms=5000))
    assert player.session.state == "lane"
    exchange(player, act("wait", ms=5000, forward=True))
    assert player.session.state == "gate"


REFUSED = [
    (act("fire", event="enter"), "op"),
    (act("fire", event="nothing"), "op"),
    (act("undo"), "op"),
    (act("jump", to=9), "op"),
    (act("ask", text="hello"), "op"),
    (act("fire"), "invalid"),
    (act("fire", event=3), "invalid"),
    (act("wait"), "invalid"),
    (act("wait", ms=True), "invalid"),
    (act("wait", ms=-1), "invalid"),
    (act("wait", ms=float("nan")), "invalid"),
    (act("wait", ms=1e12), "invalid"),
    (act("wait", ms=1, forward="yes"), "invalid"),
    (act("jump", to=-1), "invalid"),
    (act("jump", to=0.5), "invalid"),
    (act("ask", text="x" * 2001), "invalid"),
    (act("fly"), "invalid"),
    ({"type": "edit", "id": "1", "view": "a"}, "invalid"),
    ({"type": "act", "id": "1", "view": "a"}, "invalid"),
    ("fire", "invalid"),
    (None, "invalid"),
    (act("fire", event="x" * protocol.MAX_BYTES), "oversize"),
]


@pytest.mark.parametrize(("content", "code"), REFUSED)
def test_what_cannot_be_done_is_refused_once_and_moves_nobody(player: Player, content: Any, code: str) -> None:
    before = player.session.position
    _, reply = exchange(player, content)
    assert (reply["type"], reply["code"]) == ("rejected", code) and reply["message"]
    assert player.session.position == before and player.session.clock == 0


def test_a_locked_event_says_which_flag_is_missing(player: Player) -> None:
    exchange(player, act("fire", event="walk"))
    [view], reply = exchange(player, act("fire", event="enter"))
    assert "key" in reply["message"]
    assert view["notices"] == [{"kind": "locked", "text": reply["message"]}]


def test_handlers_hear_of_every_press_of_a_locked_choice_and_its_hint_is_all_that_is_told(
    comms: list[RecordingComm],
) -> None:
    document = small()
    document["scene"]["events"][2] |= {"lockedHint": "It is locked."}
    player = play(World.from_dict(document))
    session, missing = player.session, []
    session.fire("walk")

    @session.on("locked", event="enter")
    def count(event: SessionEvent) -> None:
        missing.append(event.flags)
        if len(missing) == 2:
            session.say("Something lies in the grass.")
            session.grant("hint")

    player.comm.take()
    [view], reply = exchange(player, act("fire", event="enter"))
    assert reply["type"] == "rejected" and view["notices"] == []
    [view], _ = exchange(player, act("fire", event="enter"))
    assert missing == [("key",), ("key",)] and view["line"] == "Something lies in the grass."
    assert [point.get("by") for point in view["trail"]] == [None, None, "handler", "handler"]
    [view], _ = exchange(player, act("undo"))
    assert (view["state"]["id"], view["line"], view["flags"], view["canUndo"]) == ("gate", "", [], True)


def test_structural_errors_block_play_until_the_player_insists(comms: list[RecordingComm]) -> None:
    document = small()
    document["scene"]["events"][1]["to"] = "gate"
    player = play(World.from_dict(document))
    assert [d["lint"] for d in player.view["blocked"]] == ["transition-needs-to"] == [d.lint for d in player.blocked]
    player.comm.take()
    _, reply = exchange(player, act("fire", event="walk"))
    assert reply["code"] == "blocked" and player.session.state == "lane"
    [view], reply = exchange(player, act("play_anyway"))
    assert reply["type"] == "accepted" and view["blocked"] == []
    exchange(player, act("fire", event="walk"))
    assert player.session.state == "gate"


def test_prose_blocks_play_only_by_the_studios_gate(comms: list[RecordingComm]) -> None:
    document = small()
    document["scene"]["events"][1]["base"] = "There is no key."
    assert play(World.from_dict(document)).view["blocked"] == []
    assert [d["lint"] for d in play(World.from_dict(document), gate="studio").view["blocked"]] == ["negation"]


def test_warnings_block_nothing(comms: list[RecordingComm]) -> None:
    document = small()
    del document["scene"]["states"]["hall"]["ending"]
    assert play(World.from_dict(document)).view["blocked"] == []


def test_what_python_does_to_the_session_shows_at_once(player: Player) -> None:
    player.session.fire("walk")
    player.session.wait(10)
    views = [m["state"]["view"] for m in player.comm.take()]
    assert [(view["state"]["id"], view["clock"]) for view in views] == [("gate", 0), ("gate", 10)]
    player.session.undo(2)
    assert player.comm.take() == [] and player.view["state"]["id"] == "gate"
    player.refresh()
    assert player.view["state"]["id"] == "lane"


def test_a_player_that_is_closed_hears_nothing_more_of_a_session_that_is_played_on(
    lane: World, comms: list[RecordingComm]
) -> None:
    session = Session(lane)
    closed = [play(session) for _ in range(3)]
    for player in closed:
        player.close()
    player, shown = play(session), [player.view for player in closed]
    session.wait(100)
    assert player.view["clock"] == 100
    assert [player.view for player in closed] == shown


def test_a_run_that_takes_too_long_to_be_replayed_is_refused(
    comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = {"maxLuminance": 20, "auto": True}
    event = {"name": "go", "kind": "transition", "from": ["lane"], "to": "yard", "landWhen": zone}
    states = {"lane": {"base": "A lane."}, "yard": {"base": "A yard."}}
    player = play(World.from_dict({"entrance": {"state": "lane"}, "scene": {"states": states, "events": [event]}}))
    monkeypatch.setattr(player_controller, "OPEN_SECONDS", 0.05)
    seen = [{"at": 0, "after": 0, "asked": True, "luminance": 200}]
    waits_for_years = Session(player.session.world).trace.to_dict() | {"seen": seen, "clock": 10**15}
    session = player.session
    player.comm.receive(act("open", text=json.dumps(waits_for_years)))
    reply = player.comm.take()[-1]
    assert reply["code"] == "op" and "to be replayed" in reply["message"]
    assert player.session is session and session.clock == 0


def test_an_error_in_a_handler_is_shown_and_the_step_stands(player: Player, capsys: pytest.CaptureFixture[str]) -> None:
    @player.session.on("walk")
    def open_the_gate(_: object) -> None:
        raise RuntimeError("no key")

    [view], reply = exchange(player, act("fire", event="walk"))
    assert reply["type"] == "accepted" and view["state"]["id"] == "gate"
    text = "The handler open_the_gate failed on land (gate): RuntimeError: no key"
    assert {"kind": "error", "text": text} in view["notices"]
    assert "RuntimeError: no key" in capsys.readouterr().err
    [view], _ = exchange(player, act("fire", event="take_key"))
    assert all(notice["kind"] != "error" for notice in view["notices"])


def test_what_handlers_do_is_shown_and_undone_with_the_press_they_answer(player: Player) -> None:
    session = player.session

    @session.on("enter", state="gate")
    def react(_: object) -> None:
        session.say("A bell rings.")
        session.grant("key")
        session.apply([{"op": "set_field", "state": "gate", "field": "base", "value": "The gate stands open."}])

    version = player.view["worldVersion"]
    [view], _ = exchange(player, act("fire", event="walk"))
    assert (view["line"], view["state"]["base"]) == ("A bell rings.", "The gate stands open.")
    assert view["worldVersion"] == version + 1
    assert [(notice["kind"], notice["text"]) for notice in view["notices"]] == [
        ("narration", "A bell rings."),
        ("grant", "Now held: key."),
        ("info", "The world changed: Edit base of state gate."),
    ]
    assert [point.get("text") for point in view["trail"]] == [
        None,
        None,
        "A bell rings.",
        None,
        "Edit base of state gate",
    ]
    [view], _ = exchange(player, act("undo"))
    assert (view["state"]["id"], view["flags"], view["canUndo"]) == ("lane", [], False)
    assert session.world == session.first_world


def test_a_jump_to_what_a_handler_did_is_undone_alone(player: Player) -> None:
    session = player.session
    session.on("gate", lambda event: session.say("A bell rings."))
    exchange(player, act("fire", event="walk"))
    exchange(player, act("fire", event="take_key"))
    [view], _ = exchange(player, act("jump", to=2))
    assert (view["line"], view["flags"]) == ("A bell rings.", [])
    [view], _ = exchange(player, act("undo"))
    assert (view["flags"], len(view["trail"])) == (["key"], 4)


def test_a_wait_and_what_handlers_did_in_it_are_undone_together(player: Player) -> None:
    session = player.session
    session.on("wait", lambda event: session.say("Still here."))
    exchange(player, act("wait", ms=500))
    [view], _ = exchange(player, act("undo"))
    assert (view["clock"], view["line"], view["canUndo"]) == (0, "", False)


def test_a_stopped_run_is_shown_as_over(player: Player) -> None:
    session = player.session
    session.on("gate", lambda _: session.stop("The park closes."))
    [view], _ = exchange(player, act("fire", event="walk"))
    assert (view["stopped"], view["offers"], view["ended"]) == ("The park closes.", [], None)
    [view], _ = exchange(player, act("retry"))
    assert view["stopped"] is None and view["offers"]


def test_what_an_asynchronous_handler_does_later_is_shown_when_it_is_done(player: Player) -> None:
    session = player.session

    async def visit() -> list[dict[str, Any]]:
        has_written = asyncio.Event()

        @session.on("enter")
        async def rewrite(_: object) -> None:
            await has_written.wait()
            session.say("It is done.")

        exchange(player, act("fire", event="walk"))
        has_written.set()
        await session.handled()
        return [message["state"]["view"] for message in player.comm.take() if message["method"] == "update"]

    views = asyncio.run(visit())
    assert views[-1]["line"] == "It is done."
    assert {"kind": "narration", "text": "It is done."} in views[0]["notices"]


def test_handlers_without_end_are_refused_in_words_and_the_view_goes_on(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "MAX_REACTIONS", 20)
    session = player.session
    session.on("say", lambda event: session.say(event.text))
    session.on("gate", lambda _: session.say("Echo"))
    [view], reply = exchange(player, act("fire", event="walk"))
    assert reply["code"] == "op" and "without end" in reply["message"]
    assert view["state"]["id"] == "gate"
    [view], reply = exchange(player, act("fire", event="take_key"))
    assert reply["type"] == "accepted"


def test_a_failure_inside_is_answered(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player_actions, "apply_action", lambda *_: 1 / 0)
    _, reply = exchange(player, act("fire", event="walk"))
    assert (reply["type"], reply["code"], reply["id"]) == ("rejected", "internal", "1")


def test_hello_is_answered_and_refreshes_what_is_shown(player: Player) -> None:
    _, reply = exchange(player, {"type": "hello", "id": "9", "view": "b"})
    assert reply == {"type": "accepted", "id": "9", "view": "b"}


def test_play_begins_where_it_is_told(lane: World, comms: list[RecordingComm]) -> None:
    assert play(lane, start="gate").session.state == "gate"
    session = play(lane, at=Position("gate", frozenset({"key"}))).session
    assert play(lane, at=session.position.to_dict()).session.position == session.position
    with pytest.raises(TypeError, match="both"):
        play(lane, start="gate", at=session.position)
    with pytest.raises(WorldError, match="no state"):
        play(lane, start="moon")
    with pytest.raises(InvalidWorld):
        play(World.from_dict({"scene": {"states": {}, "events": []}}))
    with pytest.raises(TypeError, match="read one with"):
        play(lane.to_dict())  # type: ignore[arg-type]


def test_endings_end_no_run_that_is_played_past_them(comms: list[RecordingComm]) -> None:
    document = small()
    document["scene"]["events"].append({"name": "leave", "kind": "transition", "from": ["hall"], "to": "lane"})
    world = World.from_dict(document)
    player = play(world, start="hall", past_endings=True)
    assert player.view["state"]["ending"]["title"] == "HOME" and player.view["ended"] is None
    assert [offer["name"] for offer in player.view["offers"]] == ["leave"]
    player.session.fire("leave")
    trace = player.session.trace
    assert play(world, trace=trace).session.past_endings
    with pytest.raises(WorldError, match="past_endings: expected no other than the trace's"):
        play(world, trace=trace, past_endings=True)
    with pytest.raises(WorldError, match="a session alone"):
        play(Session(world), past_endings=True)


def console_world(fact: str) -> World:
    document = small()
    terminal = {
        "persona": "The old desk.",
        "greeting": "READY.",
        "facts": [
            {"text": "The keeper keeps bees."},
            {"text": "The lamp burns whale oil."},
            {"text": fact, "requires": ["key"]},
        ],
    }
    document["scene"]["events"].append({"name": "desk", "kind": "terminal", "from": ["lane"], "terminal": terminal})
    return World.from_dict(document)


def test_a_console_answers_what_fits_and_keeps_what_is_withheld(comms: list[RecordingComm]) -> None:
    player = play(console_world("The safe opens at 19 hundred."))
    player.comm.take()
    [view], _ = exchange(player, act("fire", event="desk"))
    assert view["terminal"] == {
        "name": "desk",
        "persona": "The old desk.",
        "greeting": "READY.",
        "log": [],
        "facts": 2,
        "pending": "",
    }
    for question, answer in [
        ("What does the lamp burn?", "The lamp burns whale oil."),
        ("tell me about the keepers", "The keeper keeps bees."),
        ("safe opens 19 hundred", "No record."),
        ("help", "The keeper keeps bees.\nThe lamp burns whale oil."),
        ("???", "The keeper keeps bees.\nThe lamp burns whale oil."),
    ]:
        [view], reply = exchange(player, act("ask", text=question))
        assert reply["type"] == "accepted"
        assert view["terminal"]["log"][-2:] == [{"who": "you", "text": question}, {"who": "console", "text": answer}]
    assert "safe" not in str({**view, "terminal": [m for m in view["terminal"]["log"] if m["who"] == "console"]})
    [view], _ = exchange(player, act("undo"))
    assert len(view["terminal"]["log"]) == 8
    [view], _ = exchange(player, act("close_terminal"))
    assert view["terminal"] is None


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_as_it_is_in_the_world(comms: list[RecordingComm], text: str) -> None:
    document = small()
    document["scene"]["states"]["lane"] |= {"base": text, "narration": f"{text}!"}
    player = play(World.from_dict(document))
    assert player.view["state"]["base"] == text and player.view["line"] == f"{text}!"


def test_the_output_holds_the_widget_a_picture_and_text(player: Player) -> None:
    data, _ = player._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/svg+xml", "text/plain"}
    assert data["text/plain"].startswith("Player of World 'Lane'") and "in 'lane'" in data["text/plain"]
    assert data["image/svg+xml"] == player.session.world.picture("lane").svg
    player.session.fire("walk")
    assert player._repr_mimebundle_()[0]["image/svg+xml"] == player.session.world.picture("gate").svg


def test_a_view_gets_the_pictures_it_asks_for_in_one_reply(player: Player) -> None:
    [], reply = exchange(player, {"type": "pictures", "id": "1", "view": "a", "states": ["gate", "attic", "lane"]})
    assert list(reply["pictures"]) == ["gate", "lane"]
    assert all(len(picture["layers"]) == 1 and picture["src"] == "" for picture in reply["pictures"].values())
    [], reply = exchange(player, {"type": "pictures", "id": "1", "view": "a", "states": ["gate"], "detail": "full"})
    assert len(reply["pictures"]["gate"]["layers"]) == 3 and "no model" in reply["pictures"]["gate"]["note"]
    [], reply = exchange(player, {"type": "pictures", "id": "1", "view": "a", "states": ["gate"] * 61})
    assert (reply["type"], reply["code"]) == ("rejected", "invalid")


def test_a_player_without_tools_gets_no_picture_of_a_state_ahead(lane: World, comms: list[RecordingComm]) -> None:
    player = play(lane)
    player._tools_allowed = False
    player.comm.take()
    [], reply = exchange(player, {"type": "pictures", "id": "1", "view": "a", "states": ["lane", "gate"]})
    assert list(reply["pictures"]) == ["lane"]
