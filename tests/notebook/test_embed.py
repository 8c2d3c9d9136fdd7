"""``wk.embed`` in a cell: what listeners hear, what players may not do, and the tokens of a page in a frame."""

from __future__ import annotations

from typing import Any

import pytest

import worldkit as wk
from tests.notebook.conftest import RecordingComm
from tests.notebook.test_player import act
from worldkit import EmbeddedCell, EmbeddedPage, WorldError


@pytest.fixture
def events() -> list[tuple[str, Any]]:
    return []


@pytest.fixture
def player(comms: list[RecordingComm], events: list[tuple[str, Any]]) -> EmbeddedCell:
    player = wk.embed(wk.samples.load("bench"))
    player.on("*", lambda event: events.append((event["type"], event["payload"])))
    player.comm.take()
    return player


def hello() -> dict[str, Any]:
    return {"type": "hello", "id": "1", "view": "a"}


def test_a_run_is_heard_in_order_from_ready_to_its_ending(player: EmbeddedCell, events: list[tuple[str, Any]]) -> None:
    player.comm.receive(hello())
    for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
        player.comm.receive(act("fire", event=event))
    assert [name for name, _ in events] == ["ready", "choice", "choice", "state", "choice", "state", "ending"]
    assert events[0] == ("ready", {"worldId": player.session.world.id, "state": "lane"})
    assert events[1][1]["grants"] == ["mitten"] and events[2][1]["to"] == "bench"
    assert events[3][1] == {"state": "bench", "from": "lane", "event": "walk_up_the_lane"}
    assert events[6][1]["kind"] == "win" and events[6][1].keys() == {"state", "kind", "title", "subtitle"}
    player.comm.receive(hello())  # a second view is no second beginning
    assert [name for name, _ in events].count("ready") == 1


def test_what_happens_by_itself_is_no_choice_and_going_back_has_no_event(comms: list[RecordingComm]) -> None:
    states = {"a": {"base": "A room."}, "b": {"base": "A hall."}}
    events = [{"name": "go", "kind": "transition", "from": ["a"], "to": "b", "autoAfterMs": 1000}]
    world = wk.World.from_dict({"entrance": {"state": "a"}, "scene": {"states": states, "events": events}})
    messages: list[tuple[str, Any]] = []
    player = wk.embed(world).on("*", lambda event: messages.append((event["type"], event["payload"])))
    player.play_anyway()
    player.comm.receive(act("wait", ms=1500))
    player.comm.receive(act("undo"))
    states_heard = [payload for name, payload in messages if name == "state"]
    assert states_heard == [{"state": "b", "from": "a", "event": "go"}, {"state": "a", "from": "b", "event": None}]
    assert "choice" not in [name for name, _ in messages]


def test_a_player_has_no_tools(player: EmbeddedCell) -> None:
    assert player.view["tools"] is False
    for message in (
        act("grant", flag="mitten"),
        act("begin", position={"state": "bench"}),
        {**hello(), "type": "about"},
    ):
        player.comm.receive(message)
        assert player.comm.take()[-1]["type"] == "rejected"
    assert player.session.flags == frozenset()


def test_a_listener_that_fails_breaks_neither_play_nor_the_others(
    player: EmbeddedCell, events: list[tuple[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    choices: list[str] = []

    def failing_listener(_: Any) -> None:
        raise RuntimeError("a bug of the notebook's author")

    @player.on("choice")
    def note(choice: Any) -> None:
        choices.append(choice["event"])

    player.on("choice", failing_listener).on("choice", note)
    player.comm.receive(act("fire", event="walk_up_the_lane"))
    assert player.comm.take()[-1]["type"] == "accepted" and choices == ["walk_up_the_lane"] * 2
    assert "a listener to 'choice'" in caplog.text
    player.off("choice", note).off("choice", failing_listener)
    player.comm.receive(act("fire", event="walk_back_down_the_lane"))
    assert len(choices) == 2
    with pytest.raises(ValueError, match="'choice'"):
        player.on("chosen", print)  # type: ignore[call-overload]


def test_destroy_ends_the_session_once(player: EmbeddedCell, events: list[tuple[str, Any]]) -> None:
    player.comm.receive(hello())
    player.destroy().destroy()
    assert [name for name, _ in events] == ["ready", "ended"] and events[1][1]["reason"] == "destroyed"
    assert repr(player).endswith("ended")


def test_one_that_is_destroyed_tells_nothing_more_of_a_session_that_is_played_on(
    player: EmbeddedCell, events: list[tuple[str, Any]]
) -> None:
    player.comm.receive(hello())
    session = player.destroy().session
    session.fire(next(offer for offer in session.offers if offer.available))
    assert [name for name, _ in events] == ["ready", "ended"]


def test_a_world_with_rule_errors_is_ready_when_the_player_insists(comms: list[RecordingComm]) -> None:
    document = wk.samples.load("bench").to_dict()
    document["scene"]["events"][0]["to"] = "nowhere"
    topics: list[str] = []
    player = wk.embed(wk.World.from_dict(document)).on("*", lambda event: topics.append(event["type"]))
    player.comm.receive(hello())
    assert player.blocked and topics == []
    player.comm.receive(act("play_anyway"))
    assert topics == ["ready"]


# ---- the page of a server ------------------------------------------------------------------------


def test_a_page_gets_its_token_when_it_asks_and_the_notebook_keeps_none(comms: list[RecordingComm]) -> None:
    fresh = iter(["second", "third"])
    page = wk.embed(token="first-ticket", get_token=lambda: next(fresh), host="https://play.example", slug="my-world")
    assert isinstance(page, EmbeddedPage) and "first-ticket" not in repr(page) + repr(page.get_state())
    [opening] = page.comm.published
    assert "first-ticket" not in repr(opening)
    page.comm.take()
    answers = []
    for number in range(3):
        page.comm.receive({"type": "token", "id": number, "origin": "http://localhost:8888"})
        answers.append(page.comm.take()[-1])
    assert [(one["id"], one["token"]) for one in answers] == [(0, "first-ticket"), (1, "second"), (2, "third")]


def test_a_page_without_a_new_token_is_told_so(comms: list[RecordingComm]) -> None:
    page = wk.embed(token="only")
    page.comm.take()
    page.comm.receive({"type": "token", "id": 1})
    page.comm.receive({"type": "token", "id": 2})
    token_message, refusal = page.comm.take()
    assert token_message["token"] == "only" and refusal["type"] == "refused" and "get_token=" in refusal["message"]

    def failing_source() -> str:
        raise KeyError("sk_test_secret")

    failing = wk.embed(get_token=failing_source)
    failing.comm.receive({"type": "token", "id": 1})
    assert failing.comm.take()[-1] == {"type": "refused", "message": "no session token: KeyError", "id": 1}


def test_what_the_page_tells_is_heard_and_nothing_else(comms: list[RecordingComm]) -> None:
    payloads: list[Any] = []
    page = wk.embed(token="t").on("choice", payloads.append).on("ended", payloads.append)
    page.comm.take()
    for message in (
        {"type": "choice", "payload": {"event": "go"}},
        {"type": "choice", "payload": "go"},
        {"type": "choice"},
        {"type": "*", "payload": {}},
        {"type": "choice", "payload": {"event": "x" * 30_000}},
        "choice",
        None,
        {"type": "ended", "payload": {"reason": "closed", "seconds": 3}},
    ):
        page.comm.receive(message)
    assert payloads == [{"event": "go"}, {"reason": "closed", "seconds": 3}]
    page.destroy()
    assert page.comm.take() == []  # it is over already


def test_without_a_world_or_a_token_there_is_nothing_to_embed() -> None:
    with pytest.raises(TypeError, match="token="):
        wk.embed()
    with pytest.raises((TypeError, WorldError)):
        wk.embed(3)  # type: ignore[call-overload]


@pytest.mark.parametrize("theme", ["dark", {"colorScheme": "dark", "colorPrimary": "#b5179e"}])
def test_a_world_that_the_kernel_plays_has_the_colours_of_a_theme(comms: list[RecordingComm], theme: Any) -> None:
    assert wk.embed(wk.samples.load("bench"), theme=theme).theme == "dark"


@pytest.mark.parametrize(
    ("argument", "value"),
    [("slug", "bench"), ("host", "https://play.example"), ("theme", "sepia"), ("theme", {"colorScheme": 3})],
)
def test_what_a_world_that_the_kernel_plays_cannot_follow_is_refused(argument: str, value: Any, tmp_path: Any) -> None:
    world = wk.samples.load("bench")
    with wk.Store(tmp_path / "w.db") as store:
        for source in (world, store.create(world)):
            with pytest.raises(wk.WrongArgument, match=f"^{argument}: expected"):
                wk.embed(source, **{argument: value})  # type: ignore[call-overload]


def test_a_world_of_a_store_on_this_machine_is_played_by_the_kernel(comms: list[RecordingComm], tmp_path: Any) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        assert isinstance(wk.embed(store.create(wk.samples.load("bench"))), EmbeddedCell)
