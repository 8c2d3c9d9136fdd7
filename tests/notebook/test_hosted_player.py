"""``wk.play(world, painter="hosted")``: the page of a server, tokens minted here, and why there is none in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.notebook.conftest import RecordingComm
from tests.server.running import Running, quick, running
from worldkit import EmbeddedPage

NOTEBOOK = "http://localhost:8888"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(quick(tmp_path_factory.mktemp("server") / "worlds.db")) as here:
        yield here


def page_at(server: Running, **app: Any) -> tuple[EmbeddedPage, wk.Client, str]:
    """Return a hosted player of a new world, the client, and the id of its app."""
    keys = server.app(**app)
    api = wk.Client(keys.secret, base_url=server.url)
    return wk.play(api.create(wk.samples.load("bench")), painter="hosted"), api, keys.app


def ask(page: Any) -> dict[str, Any]:
    """Ask for a token as the page in the cell does."""
    page.comm.take()
    page.comm.receive({"type": "token", "id": 1, "origin": NOTEBOOK})
    answer: dict[str, Any] = page.comm.take()[-1]
    return answer


def test_the_kernel_mints_a_token_for_the_notebook_and_another_one_when_it_is_asked_again(
    server: Running, comms: list[RecordingComm]
) -> None:
    page, _, _ = page_at(server)
    first, second = ask(page), ask(page)
    assert first["type"] == second["type"] == "token" and first["token"] != second["token"]
    with server.client(None) as client:
        assert client.post("/v1/sessions/connect", json={"token": first["token"]}).status_code == 200
    assert first["token"] not in repr(page) + repr(page.get_state())


def test_used_up_sessions_are_told_in_words(server: Running, comms: list[RecordingComm]) -> None:
    page, _, _ = page_at(server, caps={"session": 1})
    assert ask(page)["type"] == "token"
    answer = ask(page)
    assert answer["type"] == "refused"
    assert answer["message"] == (
        "The play sessions of this app are used up for today (1 of 1 are used). New ones begin at midnight UTC."
    )


def test_a_key_that_may_not_mint_is_told_in_words(server: Running, comms: list[RecordingComm]) -> None:
    page, _, _ = page_at(server, scopes=("worlds:read", "worlds:write"))
    assert "may not start play sessions: it lacks the scope sessions:mint" in ask(page)["message"]


def test_a_notebook_that_may_not_embed_is_told_which_pages_may(server: Running, comms: list[RecordingComm]) -> None:
    page, _, app = page_at(server)
    server.services.app_admin.update(app, {"embedding_origins": ["https://game.example"]})
    message = ask(page)["message"]
    assert f"does not let this page ({NOTEBOOK}) play the world" in message and "https://game.example" in message


def test_a_world_that_is_gone_is_told_in_words(server: Running, comms: list[RecordingComm]) -> None:
    page, api, _ = page_at(server)
    api.delete(next(iter(api.list())).id)
    assert ask(page)["message"].startswith("The server has no such world")


def test_a_server_that_is_gone_is_told_in_words(tmp_path: Path, comms: list[RecordingComm]) -> None:
    with running(quick(tmp_path / "worlds.db")) as server:
        page, _, _ = page_at(server)
    answer = ask(page)
    assert answer["message"] == "The server cannot be reached, or is busy. Try again in a moment."


def test_what_happens_in_the_page_is_heard_and_is_its_status(server: Running, comms: list[RecordingComm]) -> None:
    page, _, _ = page_at(server)
    labels: list[str] = []
    page.on("choice", lambda choice: labels.append(choice["label"]))
    assert page.status == "not shown yet"
    for kind, payload, status in (
        ("queue", {"position": 2, "queueDepth": 5}, "waiting in line: place 2 of 5"),
        ("ready", {"worldId": "w", "state": "lane"}, "in lane"),
        ("choice", {"event": "go", "label": "Walk up the lane"}, "in lane"),
        ("state", {"state": "bench", "from": "lane", "event": "go"}, "in bench"),
        ("error", {"message": "no\x1b[2J token"}, "failed: no\\x1b[2J token"),
        ("ended", {"reason": "closed", "seconds": 3}, "over: closed"),
    ):
        page.comm.receive({"type": kind, "payload": payload})
        assert page.status == status
    assert labels == ["Walk up the lane"] and repr(page).endswith(", over: closed")


def test_only_a_world_at_a_server_is_played_there(tmp_path: Path, server: Running) -> None:
    world = wk.samples.load("bench")
    for elsewhere in (world, wk.Store(tmp_path / "worlds.db").create(world), wk.Session(world)):
        with pytest.raises(wk.WrongArgument, match="a world at a server"):
            wk.play(elsewhere, painter="hosted")
    stored = wk.Client(server.app().secret, base_url=server.url).create(world)
    with pytest.raises(TypeError, match="from its entrance"):
        wk.play(stored, painter="hosted", start="bench")
    assert wk.play(stored).session.state == "lane"
