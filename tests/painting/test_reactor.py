"""A painter that Reactor serves: against the real runtime, and without one where none is needed."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import worldkit as wk
from tests.painting.reactor_environment import runtime_python
from worldkit.model_access.secret_texts import secret_texts
from worldkit.painting.checker import check
from worldkit.painting.claims import PROMPTS
from worldkit.painting.eye import averages, difference
from worldkit.painting.moving_picture import MovingPicture
from worldkit.painting.painter import Painter
from worldkit.painting.reactor.client import ReactorPainter
from worldkit.painting.reactor.commands import Command
from worldkit.painting.reactor.conversions import words_of
from worldkit.painting.reactor.server import ReactorModel, serve
from worldkit.painting.reactor.server import runtime_python as python_of_runtime

pytest.importorskip("reactor_sdk")

UNREACHABLE_PAINTER = "reactor:http://127.0.0.1:9"
SMALL = ReactorModel(width=320, height=180)


@asynccontextmanager
async def serve_model(model: ReactorModel = SMALL) -> AsyncIterator[str]:
    async with serve(model, python=runtime_python()) as url:
        yield url


@asynccontextmanager
async def answering(body: bytes) -> AsyncIterator[str]:
    """An HTTP server that gives one answer to every question: a test double for a server that lies."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"reactor:http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def colours_until(painter: ReactorPainter, condition: Any) -> list[int]:
    async with asyncio.timeout(60):
        async for frame in painter.frames():
            if condition(cells := averages(frame)[2]):
                return cells
    raise AssertionError("the pictures ended")


# ---- without a runtime --------------------------------------------------------------------------


def test_where_nothing_listens_the_error_says_so() -> None:
    async def run() -> None:
        painter = ReactorPainter(UNREACHABLE_PAINTER)
        assert isinstance(painter, Painter)
        with pytest.raises(wk.PainterRefused, match=r"no world model answers at http://127\.0\.0\.1:9: "):
            await painter.open("A lane.")
        assert painter.status == "refused"
        await painter.say("A yard.", "state", "yard")  # play goes on, and nothing is raised
        await painter.hold({"forward"})
        assert [frame async for frame in painter.frames()] == []
        await painter.close()

    asyncio.run(run())


@pytest.mark.parametrize("body", [b"", b"not json", b"[[[[", b'{"session_id": 3}', b'{"paths": []}', b"[" * 100_000])
def test_a_server_that_lies_is_refused(body: bytes) -> None:
    async def run() -> None:
        async with answering(body) as url:
            result = await check(url)
            assert not result.passed and len(result.claims) == 1
            painter = ReactorPainter(url)
            with pytest.raises(wk.PainterRefused):
                await painter.open("A lane.")
            await painter.close()

    asyncio.run(run())


def test_what_a_server_says_of_a_command_is_shown_without_the_key() -> None:
    error = RuntimeError("no command for top secret, nor for top%20secret")
    assert words_of(error, secret_texts("", "top secret")) == "no command for …, nor for …"


def test_a_token_is_waited_for_in_line_and_shown_nowhere() -> None:
    async def run() -> None:
        details: list[str] = []

        def token(waiting: Any) -> str:
            for position in (2, 1):
                waiting(position, 5)
                details.append(painter.detail)
            return "top-secret"

        painter = ReactorPainter("reactor:http://127.0.0.1:9/owner/model", token=token)
        with pytest.raises(wk.PainterRefused, match=r"127\.0\.0\.1:9/owner/model") as error:
            await painter.open("A lane.")
        assert details == ["in line: place 2 of 5", "in line: place 1 of 5"]
        assert "top-secret" not in str(error.value) + repr(painter) + "".join(painter.problems)

    asyncio.run(run())


def test_a_token_function_that_waits_in_line_ends_when_the_painter_is_closed() -> None:
    async def run() -> None:
        loop, in_line = asyncio.get_running_loop(), asyncio.Event()
        is_closed = threading.Event()
        errors: list[wk.PainterRefused] = []

        def token(waiting: Any) -> str:
            waiting(2, 5)
            loop.call_soon_threadsafe(in_line.set)
            assert is_closed.wait(10)
            try:
                waiting(1, 5)
            except wk.PainterRefused as error:
                errors.append(error)
            return ""

        painter = ReactorPainter("reactor:http://127.0.0.1:9/model", token=token)
        opening = asyncio.create_task(painter.open("A lane."))
        await in_line.wait()
        opening.cancel()
        await painter.close()
        is_closed.set()
        await loop.shutdown_default_executor()
        assert "closed while it waited" in str(errors[0])

    asyncio.run(run())


def test_a_waiting_line_without_end_is_left_when_the_painter_is_closed() -> None:
    async def run() -> None:
        in_line = asyncio.Event()

        async def wait_for_ever() -> str:
            in_line.set()
            await asyncio.Event().wait()
            return ""

        painter = ReactorPainter("reactor:http://127.0.0.1:9/model", token=lambda waiting: wait_for_ever())
        opening = asyncio.create_task(painter.open("A lane."))
        await in_line.wait()
        opening.cancel()
        await painter.close()
        assert painter.status == "closed"

    asyncio.run(run())


class EndedClient:
    """A test double for the SDK's client: it notes whether it is destroyed, and may not disconnect in order."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.is_destroyed = False

    async def disconnect(self) -> None:
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        self.is_destroyed = True


@pytest.mark.parametrize(
    ("error", "is_connecting", "is_destroyed"),
    [(None, False, True), (ConnectionError("the runtime was killed"), False, False), (None, True, False)],
)
def test_a_client_is_destroyed_only_after_its_connection_ended_in_order(
    error: Exception | None, is_connecting: bool, is_destroyed: bool
) -> None:
    painter = ReactorPainter("reactor:http://127.0.0.1:8080")
    client: Any = EndedClient(error)
    painter._reactor, painter._is_connecting = client, is_connecting
    asyncio.run(painter._disconnect())
    assert client.is_destroyed is is_destroyed and painter._reactor is None


@pytest.mark.parametrize("is_awaited", [False, True])
def test_a_token_function_that_fails_refuses_the_session_and_shows_no_words(
    monkeypatch: pytest.MonkeyPatch, is_awaited: bool
) -> None:
    monkeypatch.setattr("worldkit.painting.reconnects.RETRY_DELAYS_SECONDS", (0.0, 0.0))

    async def fail_later() -> str:
        raise ValueError("https://tokens.example/?key=top-secret")

    def token(waiting: Any) -> Any:
        if is_awaited:
            return fail_later()
        raise ValueError("https://tokens.example/?key=top-secret")

    async def run() -> None:
        painter = ReactorPainter("reactor:http://127.0.0.1:9/owner/model", token=token)
        with pytest.raises(wk.PainterRefused, match="the function that returns a token failed: ValueError") as error:
            await painter.open("A lane.")
        assert painter.status == "refused" and "top-secret" not in str(error.value)
        assert not await painter._connect_again()
        assert painter.status == "lost" and "ValueError" in painter.detail
        await painter.close()

    asyncio.run(run())


class BrokenClient:
    """A test double for the SDK's client, whose connection can break."""

    def __init__(self) -> None:
        self.is_connected = True
        self.sent: list[tuple[str, dict[str, Any]]] = []

    async def send_command(self, name: str, data: dict[str, Any]) -> None:
        if not self.is_connected:
            raise ConnectionError("the connection broke")
        self.sent.append((name, data))

    async def reconnect(self) -> None:
        self.is_connected = True


@pytest.mark.parametrize(("held", "speed"), [((), 0.0), (("back",), -0.5), (("forward",), 1.0)])
def test_what_is_held_after_a_reconnect_is_what_was_held_last(held: tuple[str, ...], speed: float) -> None:
    async def run() -> None:
        painter = ReactorPainter(UNREACHABLE_PAINTER)
        client: Any = BrokenClient()
        painter._reactor = client
        drive = Command("drive", "speed", {"forward": 1.0, "back": -0.5, "": 0.0})
        painter.commands = {"prompt": Command("set_prompt", "prompt"), "move_longitudinal": drive}
        await painter.say("A barn.", "state", "barn")
        await painter.hold({"forward"})
        client.is_connected = False
        await painter.hold(held)
        client.sent.clear()
        await painter._resume()
        assert client.sent == [("set_prompt", {"prompt": "A barn."}), ("drive", {"speed": speed})]

    asyncio.run(run())


def test_pictures_that_are_not_as_large_as_they_say_are_left_out() -> None:
    painter = ReactorPainter(UNREACHABLE_PAINTER)
    painter._receive(bytes(16), 2, 2, 0, 0, b"")
    assert painter._pixels == (bytes(16), 2, 2)
    painter._pixels = None
    for data, width, height in ((bytes(15), 2, 2), (b"", 0, 0), (bytes(16), 1 << 20, 1 << 20)):
        painter._receive(data, width, height, 0, 0, b"")
    assert painter._pixels is None and len(painter.problems) == 3


def test_a_python_without_the_runtime_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLDKIT_REACTOR_PYTHON", raising=False)
    monkeypatch.setattr("worldkit.painting.reactor.server.find_spec", lambda name: None)
    with pytest.raises(wk.WorldError, match="pip install reactor-runtime"):
        python_of_runtime()


# ---- against the real runtime -------------------------------------------------------------------


@pytest.mark.package
def test_the_checker_passes_the_real_runtime() -> None:
    async def run() -> Any:
        async with serve_model() as url:
            return await check(url)

    result = asyncio.run(run())
    assert {claim.name: claim.outcome for claim in result.claims} == dict.fromkeys(
        [
            "describes its commands",
            "begins a session",
            "sends pictures",
            "the picture follows prompts",
            "the picture follows held controls",
            "refuses what it does not know",
            "can be begun again after it was ended",
        ],
        "pass",
    ), str(result)


@pytest.mark.package
def test_a_picture_is_uploaded_before_the_prompt_and_changes_what_is_drawn() -> None:
    png = "data:image/png;base64," + base64.b64encode(MovingPicture(width=16, height=16).encoded("PNG")).decode()

    async def run() -> None:
        async with serve_model() as url:
            painter = ReactorPainter(url)
            capabilities = await painter.open(PROMPTS[0])
            assert capabilities.prompt and capabilities.hold and capabilities.image
            plain = await colours_until(painter, lambda cells: True)
            await painter.close()
            await painter.open(PROMPTS[0], png)
            await colours_until(painter, lambda cells: difference(cells, plain) > 8)
            assert not painter.problems
            await painter.close()
            await painter.open(PROMPTS[0], "https://host.example/lane.png")
            assert "not fetched" in painter.problems[-1]
            await painter.close()

    asyncio.run(run())


@pytest.mark.package
def test_a_second_player_is_told_that_the_model_is_busy_and_an_override_replaces_a_command() -> None:
    async def run() -> None:
        async with serve_model() as url:
            first = ReactorPainter(url, commands={"prompt": Command("set_nothing", "prompt"), "look_vertical": None})
            await first.open("A lane.")
            assert "set_nothing" in first.problems[-1] and "look_vertical" not in first.commands
            with pytest.raises(wk.PainterRefused, match="one session at a time"):
                await ReactorPainter(url).open("A lane.")
            await first.close()

    asyncio.run(run())


@pytest.mark.package
def test_the_schema_of_the_real_runtime_names_every_command() -> None:
    async def run() -> None:
        async with serve_model() as url:
            painter = ReactorPainter(url)
            await painter.open("A lane.")
            assert set(painter.commands) == {
                *("prompt", "image", "move_longitudinal", "move_lateral", "look_horizontal", "look_vertical")
            }
            assert painter.commands["prompt"].longest == 1000
            await painter.close()
            assert not painter.problems

    asyncio.run(run())
