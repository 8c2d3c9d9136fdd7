"""A painter over a real socket: it draws, follows, comes back, and harms nothing when its server does."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import websockets.asyncio.client
import websockets.asyncio.server
from websockets.exceptions import ConnectionClosed

import worldkit as wk
from worldkit.painting.checker import check
from worldkit.painting.mira.client import MiraPainter
from worldkit.painting.painter import Painter
from worldkit.painting.websocket.client import WebSocketPainter
from worldkit.painting.websocket.messages import media_type
from worldkit.painting.websocket.probe import probe
from worldkit.painting.websocket.server import FORMATS, WebSocketModel, serve

Handler = Callable[[Any], Awaitable[None]]


@asynccontextmanager
async def serve_handler(handler: Handler) -> AsyncIterator[str]:
    """A server that behaves as a test says: a test double for world models that break."""

    async def handle(socket: Any) -> None:
        with suppress(ConnectionClosed):
            await handler(socket)

    async with websockets.asyncio.server.serve(handle, "127.0.0.1", 0, close_timeout=1) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


async def wait_until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def next_frame(painter: WebSocketPainter) -> Any:
    async with asyncio.timeout(60):
        async for frame in painter.frames():
            return frame
    return None


def small(**changes: Any) -> WebSocketModel:
    return WebSocketModel(**{"width": 64, "height": 36, **changes})


@pytest.mark.parametrize("format", FORMATS)
def test_pictures_come_in_every_format_of_the_protocol(format: str) -> None:
    async def run() -> None:
        async with serve(small(format=format)) as url:
            painter = WebSocketPainter(url)
            assert isinstance(painter, Painter)
            await painter.open("A lane.")
            frame = await next_frame(painter)
            if format in ("rgba", "legacy"):
                assert (frame.width, frame.height, len(frame.data)) == (64, 36, 64 * 36 * 4)
            else:
                assert media_type(frame.data) == frame.media_type == f"image/{format.lower()}"
            await painter.close()
            await painter.close()
            assert painter.status == "closed" and not painter.problems

    asyncio.run(run())


def test_what_is_said_and_held_reaches_the_server_in_order() -> None:
    model = small()

    async def run() -> None:
        async with serve(model) as url:
            painter = WebSocketPainter(url)
            capabilities = await painter.open("A lane.", image="data:image/png;base64,", world="Lane")
            assert capabilities.prompt and capabilities.hold and not capabilities.inferred
            await painter.say("The gate opens.")
            await painter.hold({"forward", "left"})
            await painter.say("A yard.", "state", "yard")
            await painter.hold(())
            await next_frame(painter)
            await painter.close()
            await wait_until(lambda: bool(model.messages) and model.messages[-1]["type"] == "bye")

    asyncio.run(run())
    hello, start, *events, bye = model.messages
    assert (hello["type"], hello["protocol"], bye) == ("hello", 1, {"type": "bye"})
    assert start == {
        "type": "start",
        "worldId": "Lane",
        "prompt": "A lane.",
        "firstFrameUrl": "data:image/png;base64,",
        "resume": False,
    }
    assert [(event["kind"], event["value"]) for event in events] == [
        ("prompt", "The gate opens."),
        ("command", "Front"),
        ("command", "look_left"),
        ("state", "A yard."),
        ("command", "idle"),
    ]
    assert events[3]["stateId"] == "yard"


def test_a_server_that_ignores_prompts_is_sent_none() -> None:
    model = small(capabilities={"streaming": True})

    async def run() -> None:
        async with serve(model) as url:
            painter = WebSocketPainter(url)
            assert not (await painter.open("A lane.")).prompt
            await painter.say("A yard.", "state", "yard")
            await painter.hold({"forward"})
            await painter.close()
            await wait_until(lambda: model.messages[-1]["type"] == "bye")

    asyncio.run(run())
    assert [message["type"] for message in model.messages] == ["hello", "start", "bye"]


def test_a_probe_never_starts_the_costly_part() -> None:
    model = small()

    async def run() -> None:
        async with serve(model) as url:
            assert (await probe(url)).capabilities.prompt
            await wait_until(lambda: len(model.messages) == 2)

    asyncio.run(run())
    assert [message["type"] for message in model.messages] == ["hello", "bye"]


def test_a_lost_connection_is_opened_again_with_the_newest_state() -> None:
    messages: list[list[dict[str, Any]]] = []

    async def drop_first(socket: Any) -> None:
        mine: list[dict[str, Any]] = []
        messages.append(mine)
        await socket.send(json.dumps({"type": "capabilities", "promptableEvents": True, "heldCommands": True}))
        async for text in socket:
            mine.append(json.loads(text))
            if len(messages) == 1 and mine[-1].get("kind") == "command":
                socket.transport.abort()

    async def run() -> None:
        async with serve_handler(drop_first) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.", world="Lane")
            await painter.say("A yard.", "state", "yard")
            await painter.say("A barn.", "state", "barn")
            await painter.hold({"forward"})
            await wait_until(lambda: len(messages) == 2 and len(messages[1]) == 4)
            assert painter.status == "open"
            await painter.close()

    asyncio.run(run())
    hello, start, state, command = messages[1][:4]
    assert hello["type"] == "hello" and start["resume"] is True
    assert (state["value"], command["value"]) == ("A barn.", "Front")


def test_a_painter_that_is_opened_again_begins_with_nothing_of_the_session_before() -> None:
    connections: list[list[dict[str, Any]]] = []

    async def take_all(socket: Any) -> None:
        messages: list[dict[str, Any]] = []
        connections.append(messages)
        await socket.send(json.dumps({"type": "capabilities", "promptableEvents": True, "heldCommands": True}))
        async for text in socket:
            messages.append(json.loads(text))

    async def run() -> None:
        async with serve_handler(take_all) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            await painter.say("A barn.", "state", "barn")
            await painter.hold({"forward"})
            await painter.close()
            await painter.open("A yard.")
            await painter.hold({"forward"})
            await painter.close()
            await wait_until(lambda: [messages[-1]["type"] for messages in connections] == ["bye", "bye"])

    asyncio.run(run())
    assert [message.get("value", message["type"]) for message in connections[1]] == ["hello", "start", "Front", "bye"]


def test_a_painter_that_is_opened_again_shows_no_picture_of_the_session_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("worldkit.painting.websocket.client.HELLO_SECONDS", 0.5)
    connection_count = 0

    async def draw(socket: Any) -> None:
        nonlocal connection_count
        connection_count += 1
        number = connection_count
        async for text in socket:
            if json.loads(text)["type"] == ("start" if number == 1 else "draw"):
                await socket.send(b"\xff\xd8\xff" + bytes([number]))

    async def run() -> None:
        async with serve_handler(draw) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            await wait_until(lambda: painter.capabilities.streaming)
            await painter.close()
            assert not (await painter.open("A yard.")).streaming
            await painter.send_raw('{"type": "draw"}')
            assert (await next_frame(painter)).data[-1] == 2
            await painter.close()

    asyncio.run(run())


def test_controls_held_are_sent_again_to_a_server_that_only_takes_prompts() -> None:
    connections: list[list[dict[str, Any]]] = []

    async def drop_first(socket: Any) -> None:
        messages: list[dict[str, Any]] = []
        connections.append(messages)
        await socket.send(json.dumps({"type": "capabilities", "promptableEvents": True}))
        async for text in socket:
            messages.append(json.loads(text))
            if len(connections) == 1 and messages[-1].get("kind") == "command":
                socket.transport.abort()

    async def run() -> None:
        async with serve_handler(drop_first) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            await painter.hold({"forward"})
            await wait_until(lambda: len(connections) == 2 and len(connections[1]) == 3)
            await painter.close()

    asyncio.run(run())
    assert connections[1][2]["value"] == "Front"


@pytest.mark.parametrize("other", [{"type": "stats"}, {"type": "error", "message": "busy"}, "no JSON"])
def test_a_message_between_a_picture_and_its_announcement_changes_nothing(other: Any) -> None:
    async def announce(socket: Any) -> None:
        await socket.send(json.dumps({"type": "capabilities", "streaming": True}))
        await socket.send(json.dumps({"type": "frame", "format": "rgba", "width": 1, "height": 1}))
        await socket.send(other if isinstance(other, str) else json.dumps(other))
        await socket.send(bytes(4))
        async for _ in socket:
            pass

    async def run() -> None:
        async with serve_handler(announce) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            frame = await next_frame(painter)
            assert (frame.width, frame.height) == (1, 1)
            await painter.close()

    asyncio.run(run())


@pytest.mark.parametrize(("code", "status"), [(1008, "refused"), (4401, "refused"), (1000, "ended")])
def test_an_end_or_a_refusal_while_playing_is_final(code: int, status: str) -> None:
    connections = 0

    async def close_after_start(socket: Any) -> None:
        nonlocal connections
        connections += 1
        await socket.send('{"type": "capabilities"}')
        async for text in socket:
            if json.loads(text)["type"] == "start":
                await socket.close(code)

    async def run() -> None:
        async with serve_handler(close_after_start) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            assert [frame async for frame in painter.frames()] == []
            assert painter.status == status and painter.detail
            await painter.say("A yard.")  # play goes on, and nothing is raised
            await painter.hold({"forward"})
            await painter.close()

    asyncio.run(run())
    assert connections == 1


def test_ended_stops_the_run_with_its_reason() -> None:
    async def end(socket: Any) -> None:
        await socket.send('{"type": "capabilities"}')
        async for text in socket:
            if json.loads(text)["type"] == "start":
                await socket.send('{"type": "ended", "reason": "<b>time is up</b>"}')

    async def run() -> None:
        async with serve_handler(end) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            assert [frame async for frame in painter.frames()] == []
            assert (painter.status, painter.detail) == ("ended", "<b>time is up</b>")

    asyncio.run(run())


def test_a_server_that_ends_before_it_began_is_quoted_with_its_reason() -> None:
    async def refuse(socket: Any) -> None:
        await socket.recv()
        await socket.send('{"type": "ended", "reason": "every seat is taken"}')
        await socket.wait_closed()

    async def run() -> None:
        async with serve_handler(refuse) as url:
            with pytest.raises(wk.PainterRefused, match="every seat is taken"):
                await WebSocketPainter(url).open("A lane.")
            with pytest.raises(wk.PainterRefused, match="every seat is taken"):
                await MiraPainter(url).open("A lane.")

    asyncio.run(run())


def test_a_server_that_ends_where_a_painter_comes_back_is_quoted_with_its_reason() -> None:
    connection_count = 0

    async def end_the_second(socket: Any) -> None:
        nonlocal connection_count
        connection_count += 1
        await socket.recv()
        if connection_count > 1:
            await socket.send('{"type": "ended", "reason": "every seat is taken"}')
            await socket.wait_closed()
            return
        await socket.send('{"type": "capabilities"}')
        await socket.recv()
        socket.transport.abort()

    async def run() -> None:
        async with serve_handler(end_the_second) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            assert [frame async for frame in painter.frames()] == []
            assert (painter.status, painter.detail) == ("ended", "every seat is taken")
            await painter.close()

    asyncio.run(run())


def test_a_silent_server_is_assumed_to_do_nothing_but_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.painting.websocket.client.HELLO_SECONDS", 0.5)

    async def run() -> None:
        async with serve(small(capabilities=None)) as url:
            painter = WebSocketPainter(url)
            capabilities = await painter.open("A lane.")
            assert capabilities.inferred and not capabilities.prompt and not capabilities.hold
            await next_frame(painter)
            assert painter.capabilities.streaming
            await painter.close()

    asyncio.run(run())


def test_neither_a_key_nor_a_password_of_an_address_is_in_the_log_of_a_library(caplog: Any) -> None:
    caplog.set_level(logging.DEBUG, "websockets.client")

    async def run() -> None:
        async with serve(small()) as url:
            for painter in (
                WebSocketPainter(url, "top-secret"),
                WebSocketPainter(url.replace("//", "//me:top-secret@")),
            ):
                await painter.open("A lane.")
                await painter.close()

    asyncio.run(run())
    lines = [line.getMessage() for line in caplog.records if line.name == "websockets.client"]
    assert "> GET /?… HTTP/1.1" in lines and "> Authorization: Basic …" in lines
    assert not [line for line in lines if "top-secret" in line]


def test_where_nothing_listens_the_error_says_so_and_shows_no_key() -> None:
    async def run() -> None:
        async with serve(small()) as url:
            pass
        for address in (url, url.replace("//", "//user@")):  # a user without a password is no valid address
            painter = WebSocketPainter(address, "top-secret")
            with pytest.raises(wk.PainterRefused, match=r"no world model answers at ws://127\.0\.0\.1") as error:
                await painter.open("A lane.")
            assert "top-secret" not in str(error.value) + repr(painter)
            with pytest.raises(wk.PainterRefused) as error:
                await probe(address, "top-secret")
            assert "top-secret" not in str(error.value)

    asyncio.run(run())


def test_a_server_that_quotes_the_key_does_not_bring_it_before_a_player() -> None:
    key = "top secret/é"

    async def handler(socket: Any) -> None:
        words = f"{key} of {socket.request.path}"
        async for text in socket:
            if json.loads(text)["type"] == "hello":
                await socket.send(json.dumps({"type": "capabilities", "note": words}))
            else:
                await socket.send(json.dumps({"type": "error", "message": words}))
                await socket.send(json.dumps({"type": "ended", "reason": words}))

    async def run() -> None:
        async with serve_handler(handler) as url:
            answer = await probe(url, key)
            painter = WebSocketPainter(url, key)
            await painter.open("A lane.")
            await wait_until(lambda: painter.status == "ended")
            words = "… of /?…"
            assert painter.capabilities.note == answer.capabilities.note == painter.detail == words
            assert list(painter.problems) == [words]
            await painter.close()

    asyncio.run(run())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_server_that_leads_elsewhere_is_not_followed(status: int) -> None:
    connections: list[Any] = []

    async def elsewhere(socket: Any) -> None:
        connections.append(socket)

    async def run() -> None:
        async with serve_handler(elsewhere) as target:

            def redirect(connection: Any, _: Any) -> Any:
                response = connection.respond(status, "")
                response.headers["Location"] = f"{target}/?key=top-secret"
                return response

            async with websockets.asyncio.server.serve(elsewhere, "127.0.0.1", 0, process_request=redirect) as server:
                url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
                for attempt in (WebSocketPainter(url).open("A lane."), probe(url)):
                    with pytest.raises(wk.PainterRefused, match=f"it answered {status}; redirects are not followed"):
                        await attempt

    asyncio.run(run())
    assert connections == []


def test_a_reader_that_is_slow_gets_the_newest_picture_and_memory_stays_small() -> None:
    async def flood(socket: Any) -> None:
        await socket.send('{"type": "capabilities"}')
        await socket.recv()
        for number in range(400):
            await socket.send(b"\xff\xd8\xff" + number.to_bytes(2, "big"))
        await socket.send(b"not a picture")
        await socket.send(b"\x01\xff\xff\xff\xff")
        await socket.wait_closed()

    async def run() -> None:
        async with serve_handler(flood) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            await wait_until(lambda: len(painter.problems) == 2)
            frame = await next_frame(painter)
            assert int.from_bytes(frame.data[3:], "big") == 399
            await painter.close()

    asyncio.run(run())


def test_a_message_too_large_ends_the_picture_and_nothing_else() -> None:
    async def huge(socket: Any) -> None:
        await socket.send('{"type": "capabilities"}')
        async for text in socket:
            if json.loads(text)["type"] == "start":
                await socket.send(b"\xff\xd8\xff" + bytes(33 * 1024 * 1024))

    async def run() -> None:
        async with serve_handler(huge) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            await wait_until(lambda: painter.status == "reconnecting")
            await painter.say("A yard.", "state", "yard")
            await painter.close()

    asyncio.run(run())


def outcomes(model: WebSocketModel) -> dict[str, str]:
    """Return the outcome of each claim that is checked of a model."""

    async def run() -> dict[str, str]:
        async with serve(model) as url:
            return {claim.name: claim.outcome for claim in (await check(url)).claims}

    return asyncio.run(run())


def test_the_checker_passes_the_computed_picture() -> None:
    assert set(outcomes(WebSocketModel(width=160, height=90)).values()) == {"pass"}


def test_the_checker_catches_a_picture_that_ignores_what_it_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.painting.eye.PATIENCE_SECONDS", 1.0)
    claims = outcomes(small(follows_prompts=False, follows_controls=False))
    assert claims["the picture follows prompts"] == "fail"
    assert claims["the picture follows held controls"] == "fail"
    assert claims["sends pictures"] == claims["ignores what it does not know"] == "pass"


def test_the_checker_says_what_it_could_not_check() -> None:
    claims = outcomes(small(capabilities={"streaming": True}))
    assert claims["the picture follows prompts"] == claims["the picture follows held controls"] == "skip"


def test_what_does_not_answer_fails_the_check() -> None:
    async def run() -> None:
        async with serve(small()) as url:
            pass
        result = await check(url)
        assert not result.passed and [claim.outcome for claim in result.claims] == ["fail"]

    asyncio.run(run())


def test_the_server_on_the_guides_page_passes_the_check() -> None:
    page = (Path(__file__).parents[2] / "docs" / "world-model-server.md").read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "async def run" in block)
    assert len([line for line in code.splitlines() if line]) <= 40
    names: dict[str, Any] = {}
    exec(compile(code, "docs/world-model-server.md", "exec"), names)

    async def run() -> dict[str, str]:
        async with serve_handler(names["run"]) as url:
            return {claim.name: claim.outcome for claim in (await check(url)).claims}

    claims = asyncio.run(run())
    assert claims.pop("the picture follows held controls") == "skip"
    assert set(claims.values()) == {"pass"}


def test_the_painter_driven_on_the_guides_page_shows_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "painters.md").read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "WebSocketPainter(" in block)
    setup, begins, rest = code.partition("\n\nasyncio.run(main())")
    assert begins and "await main()" in rest  # a notebook has a loop of its own

    async def run() -> None:
        async with serve(small()) as url:
            names: dict[str, Any] = {}
            exec(compile(setup.replace("ws://127.0.0.1:8765", url), "docs/painters.md", "exec"), names)
            await names["main"]()

    asyncio.run(run())
    assert re.match(r"image/jpeg \d+ bytes\n", capsys.readouterr().out)


@pytest.mark.parametrize("dialect", ["protocol-1", "mira"])
def test_the_command_serves_a_picture_and_checks_it(dialect: str) -> None:
    command = [sys.executable, "-m", "worldkit.cli", "frames"]
    serve_command = [*command, "serve", "--dialect", dialect, "--port", "0", "--size", "64x36"]
    with subprocess.Popen(serve_command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            url = line.split(" at ")[1].split(";")[0]
            answer = subprocess.run([*command, "check", url, "--json"], capture_output=True, text=True, timeout=120)
            assert answer.returncode == 0, answer.stdout + answer.stderr
            assert json.loads(answer.stdout)["passed"] is True
            server.send_signal(signal.SIGTERM)
            assert server.wait(60) == 0
        finally:
            server.kill()


@pytest.mark.parametrize(
    "answer", ['"ended", "reason": "full"', '"error", "message": "full"', '"error", "detail": "full"']
)
def test_what_ends_a_probe_is_said_in_the_servers_words(answer: str) -> None:
    message_types: list[str] = []

    async def full(socket: Any) -> None:
        async for text in socket:
            message_types.append(json.loads(text)["type"])
            await socket.send(f'{{"type": {answer}}}')

    async def run() -> None:
        async with serve_handler(full) as url:
            with pytest.raises(wk.PainterRefused, match="refused: full"):
                await probe(url)

    asyncio.run(run())
    assert message_types == ["hello"]


def test_an_error_while_playing_is_kept_and_the_run_goes_on() -> None:
    async def grumble(socket: Any) -> None:
        await socket.send('{"type": "capabilities"}')
        async for text in socket:
            if json.loads(text)["type"] == "start":
                await socket.send('{"type": "error", "detail": "one frame was lost"}')
                await socket.send(b"\x01" + (1).to_bytes(2, "little") * 2 + b"\0\0\0\xff")

    async def run() -> None:
        async with serve_handler(grumble) as url:
            painter = WebSocketPainter(url)
            await painter.open("A lane.")
            frame = await next_frame(painter)
            assert (frame.width, frame.height) == (1, 1) and painter.status == "open"
            assert list(painter.problems) == ["one frame was lost"]
            await painter.close()

    asyncio.run(run())


def test_the_computed_picture_ignores_what_it_does_not_know() -> None:
    model = small()

    async def run() -> None:
        async with serve(model) as url, websockets.asyncio.client.connect(url) as socket:
            for message in ("not json", "[]", '{"type": "worldkit-unknown"}', '{"type": "hello", "protocol": 1}'):
                await socket.send(message)
            assert json.loads(await socket.recv())["type"] == "capabilities"
            await socket.send('{"type": "start", "worldId": "w", "prompt": "A lane."}')
            first = await socket.recv()
            for kind in ('"prompt"', '"state"', '"else"'):
                await socket.send(f'{{"type": "event", "kind": {kind}, "value": "A cave."}}')
            assert media_type(first) == media_type(await socket.recv()) == "image/jpeg"

    asyncio.run(run())
