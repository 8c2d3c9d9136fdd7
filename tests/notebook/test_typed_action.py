"""A player in which an action is typed: its writing, its proposal, its taking and its end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import worldkit as wk
from tests.generate import server
from tests.generate.test_action import ANSWER
from tests.painting.test_feed import wait_until

PLACE = "landing_gutter_ledge"


def act(player: wk.Player, action: str, **body: Any) -> None:
    player._receive(None, {"type": "act", "id": "1", "view": "v", "action": action, **body})


class Writer:
    """An endpoint that answers when it is told to.

    Attributes:
        open: Set to let it answer.
    """

    def __init__(self) -> None:
        self.open = threading.Event()
        self.answer: Any = json.dumps(ANSWER)

    def script(self, body: dict[str, Any], number: int) -> Any:
        self.open.wait(20)
        return self.answer


@pytest.fixture
def writer() -> Iterator[Any]:
    writer = Writer()
    with server.serving(writer.script) as endpoint:
        player = wk.play(wk.samples.load("lighthouse"), model=endpoint.model, key="secret-key")
        yield player, writer, endpoint
        writer.open.set()
        player.close()


def status(player: wk.Player) -> str:
    return str(player.view["typedAction"]["status"])


def test_an_action_is_written_beside_the_kernel_proposed_taken_and_undone(writer: Any) -> None:
    player, model, _ = writer
    act(player, "run")
    act(player, "type", text="climb the drainpipe")
    assert status(player) == "working" and player.view["driver"] is None, "time stands still while a model writes"
    model.open.set()
    wait_until(lambda: status(player) == "proposed")
    proposal = player.view["typedAction"]["proposal"]
    assert proposal["canTake"] and (proposal["label"], proposal["place"]) == ("Climb the drainpipe", PLACE)
    assert [way["to"] for way in proposal["ways"]] == ["landing", "yard"]
    assert player.session.world == wk.samples.load("lighthouse"), "nothing is taken yet"
    act(player, "take_action")
    assert (player.session.state, player.view["state"]["id"], status(player)) == (PLACE, PLACE, "idle")
    act(player, "undo")
    act(player, "undo")
    assert player.session.world == wk.samples.load("lighthouse") and player.session.state == "landing"


def test_the_writing_is_cancelled_and_another_begins(writer: Any) -> None:
    player, model, _ = writer
    act(player, "type", text="shout at the sea")
    act(player, "type", text="whistle")
    assert player.view["typedAction"]["text"] == "shout at the sea", "one at a time"
    act(player, "leave_action")
    assert status(player) == "idle"
    act(player, "type", text="whistle")
    model.open.set()
    wait_until(lambda: status(player) == "proposed")
    assert player.view["typedAction"]["text"] == "whistle"
    act(player, "leave_action")
    assert status(player) == "idle" and player.session.world == wk.samples.load("lighthouse")


def test_a_proposal_waits_until_the_player_stands_where_it_was_typed(writer: Any) -> None:
    player, model, _ = writer
    model.open.set()
    player.act("climb the drainpipe")
    player.session.fire(player.session.offers[0])
    assert player.view["typedAction"]["proposal"]["canTake"] is False
    act(player, "take_action")
    assert PLACE not in player.session.world.states
    act(player, "undo")
    assert player.view["typedAction"]["proposal"]["canTake"] is True


def test_an_error_of_the_model_is_told_in_words_and_never_the_key(writer: Any) -> None:
    player, model, _ = writer
    model.answer = (401, '{"error": {"message": "bad key secret-key"}}')
    model.open.set()
    act(player, "type", text="climb the drainpipe")
    wait_until(lambda: status(player) == "failed")
    assert "401" in player.view["typedAction"]["detail"]
    assert "secret-key" not in json.dumps(player.view) and "secret-key" not in repr(player)


def test_from_python_it_is_taken_at_once(writer: Any) -> None:
    player, model, _ = writer
    model.open.set()
    proposal = player.act("climb the drainpipe", auto=True)
    assert player.view["state"]["id"] == proposal.place == player.session.state


def test_without_a_model_no_action_is_typed_and_whoever_asks_is_told_how_to_set_one_up() -> None:
    player = wk.play(wk.samples.load("lighthouse"))
    assert "typedAction" not in player.view
    act(player, "type", text="climb the drainpipe")
    wait_until(lambda: status(player) == "failed")
    assert 'wk.play(world, model="chat:' in player.view["typedAction"]["detail"]


def test_a_report_offers_no_line_to_type_in() -> None:
    report = wk.explore(wk.samples.load("bench"))
    from worldkit.widgets.report import ExplorationReport

    player = ExplorationReport(report)
    assert "typedAction" not in player.view
    with pytest.raises(wk.WorldError, match="no action can be typed here"):
        player.act("climb the oak")
