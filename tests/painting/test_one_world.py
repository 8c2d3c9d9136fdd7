"""One world, any painter: what plays is the same whoever draws it, and an event changes what is drawn."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

import pytest

import worldkit as wk
from tests.painting.reactor_environment import runtime_python
from tests.painting.test_feed import wait_until
from worldkit.painting.eye import averages, difference
from worldkit.painting.mira import server as mira
from worldkit.painting.painter import Frame
from worldkit.painting.reactor import server as reactor
from worldkit.painting.websocket import server as websocket

Server = Callable[[], AbstractAsyncContextManager[str]]

SERVERS: dict[str, Server] = {
    "protocol-1": lambda: websocket.serve(websocket.WebSocketModel(width=64, height=36)),
    "mira": lambda: mira.serve(mira.MiraModel(width=64, height=36)),
    "reactor": lambda: reactor.serve(reactor.ReactorModel(width=320, height=180), python=runtime_python()),
}
DIALECTS = ["protocol-1", "mira", pytest.param("reactor", marks=pytest.mark.package)]
WORLD = {
    "name": "Lane",
    "entrance": {"state": "lane"},
    "scene": {
        "states": {
            "lane": {"base": "A lane between two hedges in the morning."},
            "yard": {"base": "A yard of red brick in the evening."},
            "barn": {"base": "The inside of a dark barn, one lantern.", "ending": {"kind": "win", "title": "Home"}},
        },
        "events": [
            {"name": "walk", "kind": "transition", "from": ["lane"], "to": "yard", "drive": {"movement": "forward"}},
            {
                "name": "enter",
                "kind": "transition",
                "from": ["yard"],
                "to": "barn",
                "phases": [{"base": "The door swings open.", "minMs": 1000}, {"base": "Dark.", "minMs": 1000}],
            },
        ],
    },
}


@contextmanager
def running(dialect: str) -> Iterator[str]:
    """A server in a thread of its own."""
    server = SERVERS[dialect]()  # here, where a test can be skipped
    loop = asyncio.new_event_loop()
    addresses: list[str] = []
    is_ready, stop = threading.Event(), asyncio.Event()

    async def run() -> None:
        async with server as address:
            addresses.append(address)
            is_ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    try:
        assert is_ready.wait(60)
        yield addresses[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(60)
        loop.close()


class Watched:
    """A player whose frames are looked at in place of a browser."""

    def __init__(self, world: wk.World, address: str) -> None:
        self.player = wk.play(world, painter=address, height=300)
        self.cells: list[int] = []
        self.player._live_picture._send = self._show  # type: ignore[union-attr]
        self.player._repr_mimebundle_()
        wait_until(lambda: bool(self.cells))

    def _show(self, message: Any, buffers: list[bytes]) -> None:
        frame = Frame(buffers[0], message["mediaType"], message.get("width", 0), message.get("height", 0))
        self.cells = averages(frame)[2]
        self.player._live_picture.acknowledge(message["number"])  # type: ignore[union-attr]


def traces(session: wk.Session, after: Callable[[], None] = lambda: None) -> Any:
    for name in ("walk", "enter"):
        session.fire(name)
        session.wait(5000)
        after()
    return session.trace.to_dict()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_plays_is_the_same_whoever_draws_it_and_each_arrival_is_another_picture(dialect: str) -> None:
    world = wk.load(WORLD)
    session_without_a_model = wk.play(world).session
    with running(dialect) as address:
        stage = Watched(world, address)
        pictures = [stage.cells]

        def wait_for_another_picture() -> None:
            wait_until(lambda: difference(stage.cells, pictures[-1]) > 10)
            pictures.append(stage.cells)

        trace = traces(stage.player.session, wait_for_another_picture)
        stage.player.close()
    assert trace == traces(session_without_a_model)
    assert len(pictures) == 3


@pytest.mark.parametrize("dialect", DIALECTS)
def test_held_controls_move_the_picture(dialect: str) -> None:
    with running(dialect) as address:
        stage = Watched(wk.load(WORLD), address)
        at_rest = stage.cells
        stage.player._receive(None, {"type": "hold", "id": "1", "view": "v", "controls": ["left"]})
        wait_until(lambda: difference(stage.cells, at_rest) > 4)
        stage.player.close()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_play_goes_on_when_the_server_is_killed(dialect: str) -> None:
    command = [sys.executable, "-m", "worldkit.cli", "frames", "serve", "--port", "0", "--dialect", dialect]
    if dialect == "reactor":
        command += ["--python", runtime_python()]
    with subprocess.Popen([*command, "--size", "64x36"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        stage = Watched(wk.load(WORLD), server.stdout.readline().split(" at ")[1].split(";")[0])
        server.kill()
        wait_until(lambda: stage.player.view["painter"]["status"] == "reconnecting")
        assert traces(stage.player.session) == traces(wk.play(wk.load(WORLD)).session)
        stage.player.close()
