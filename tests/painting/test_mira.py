"""A painter that speaks MIRA's dialect, over a real socket: keys in, JPEGs out, and no server that harms."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk
from tests.painting.test_websocket import next_frame, serve_handler, wait_until
from worldkit.painting.checker import check
from worldkit.painting.mira.checker import probe
from worldkit.painting.mira.client import MiraPainter
from worldkit.painting.mira.messages import Header, Ready, keys_of, read_text, read_views
from worldkit.painting.mira.server import MiraModel, serve
from worldkit.painting.moving_picture import MovingPicture
from worldkit.painting.painter import Frame, Painter
from worldkit.painting.websocket.messages import Ended, ErrorMessage, UnreadableMessage

JPEG = b"\xff\xd8\xff"
READY = json.dumps({"type": "ready", "meta": {"n_players": 1, "width": 64, "height": 36}})

SIZE_OFFSET = MovingPicture(width=16, height=16).encoded().index(b"\xff\xc0") + 5
HUGE_FRAME = MovingPicture(width=16, height=16).encoded()
HUGE_FRAME = HUGE_FRAME[:SIZE_OFFSET] + b"\xff\xf0\xff\xf0" + HUGE_FRAME[SIZE_OFFSET + 4 :]
"""A small JPEG that declares 65,520 x 65,520 pixels."""


def small(**changes: Any) -> MiraModel:
    return MiraModel(**{"width": 64, "height": 36, **changes})


# ---- messages -----------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=16), st.integers(0, 20))
def test_each_seat_has_its_own_view(views: list[bytes], seat: int) -> None:
    views = [JPEG + view for view in views]
    header = read_text(json.dumps({"type": "frame", "fi": 0, "views": [len(view) for view in views], "ms": 1.0}))
    assert isinstance(header, Header)
    frame = read_views(b"".join(views), header, seat)
    assert frame == Frame(views[seat if seat < len(views) else 0], "image/jpeg")


@pytest.mark.parametrize("views", [None, [], "3", [-1], [1.5], [True], ["3"], [1] * 17, {"0": 3}])
def test_a_header_that_is_none_is_named(views: Any) -> None:
    assert isinstance(read_text(json.dumps({"type": "frame", "views": views})), UnreadableMessage)


@pytest.mark.parametrize(
    ("data", "header"),
    [(JPEG, None), (JPEG + b"1", Header((3,))), (JPEG, Header((4,))), (b"GIF89a", Header((6,))), (b"", Header((0,)))],
)
def test_pictures_that_do_not_fit_their_header_are_named(data: bytes, header: Header | None) -> None:
    assert isinstance(read_views(data, header, 0), UnreadableMessage)


def test_what_a_server_says_of_itself_is_read_as_plain_text() -> None:
    assert read_text('{"type": "ended", "reason": "match_over"}') == Ended("match_over")
    assert read_text('{"type": "error", "detail": "<script>\\n x"}') == ErrorMessage("<script> x")
    ready = read_text('{"type": "ready", "meta": {"n_players": true, "width": 1e9, "note": "' + "x" * 900 + '"}}')
    assert isinstance(ready, Ready) and (ready.players, ready.width, len(ready.capabilities.note)) == (0, 0, 500)
    assert ready.capabilities.hold and not ready.capabilities.prompt


@pytest.mark.parametrize(
    "text", ["", "ready", "[]", "3", "null", '{"type": "stats", "fps": 9}', '{"type": []}', "[" * 9999]
)
def test_other_texts_are_ignored(text: str) -> None:
    assert read_text(text) is None


def test_controls_are_keys_that_can_be_overridden() -> None:
    assert keys_of({"forward", "left", "strafe_left"}, {"forward": "W", "left": "Q", "strafe_left": "x"}) == [
        "W",
        "Q",
        "x",
    ]
    assert keys_of({"up"}, {}) == []


# ---- a session ----------------------------------------------------------------------------------


def test_a_session_sends_rules_keys_and_the_prompts_that_were_announced() -> None:
    model = small()

    async def run() -> None:
        async with serve(model) as url:
            painter = MiraPainter(url, rules={"context": "pitch"}, keys={"up": "Q"})
            assert isinstance(painter, Painter)
            capabilities = await painter.open("A lane.", world="Lane")
            assert capabilities.prompt and capabilities.hold and not capabilities.image
            frame = await next_frame(painter)
            assert frame.media_type == "image/jpeg" and frame.data.startswith(JPEG)
            await painter.hold({"forward", "up"})
            await painter.hold({"up", "forward"})
            await painter.say("The gate opens.")
            await painter.say("A yard.", "state", "yard")
            await painter.hold(())
            await painter.close()
            await painter.close()
            assert painter.status == "closed" and not painter.problems
            await wait_until(lambda: model.messages[-1]["type"] == "stop")

    asyncio.run(run())
    start, first, *rest = model.messages
    assert (start["type"], start["room_id"], start["n_players"]) == ("start", "Lane", 1)
    assert start["rules"] == {"seat_modes": ["human"], "match_seconds": 1200, "context": "pitch"}
    assert first == {"type": "prompt", "kind": "state", "value": "A lane."}
    assert [message.get("held", message.get("value")) for message in rest] == [
        {"0": []},
        {"0": ["W", "Q"]},
        "The gate opens.",
        "A yard.",
        {"0": []},
        None,
    ]
    assert [message["seq"] for message in rest if "seq" in message] == [1, 2, 3]


def test_a_server_that_takes_no_prompts_is_sent_none() -> None:
    model = small(takes_prompts=False)

    async def run() -> None:
        async with serve(model) as url:
            painter = MiraPainter(url)
            assert not (await painter.open("A lane.")).prompt
            await painter.say("A yard.", "state", "yard")
            await painter.close()
            await wait_until(lambda: model.messages[-1]["type"] == "stop")

    asyncio.run(run())
    assert [message["type"] for message in model.messages] == ["start", "actions", "stop"]


def test_two_seats_have_two_views() -> None:
    async def run() -> None:
        async with serve(small(players=2)) as url:
            painter = MiraPainter(url, seat=1)
            await painter.open("A lane.")
            assert painter.ready is not None and painter.ready.players == 2
            await painter.hold({"left"})
            await next_frame(painter)
            assert not painter.problems
            await painter.close()

    asyncio.run(run())


def test_a_server_that_is_busy_refuses_and_says_so() -> None:
    async def run() -> None:
        async with serve(small()) as url:
            first, second = MiraPainter(url), MiraPainter(url)
            await first.open("A lane.")
            with pytest.raises(wk.PainterRefused, match="busy: one session at a time"):
                await second.open("A lane.")
            await first.close()

    asyncio.run(run())


def test_a_lost_connection_begins_a_new_session_with_the_newest_state_even_when_it_is_busy_at_first() -> None:
    sessions: list[list[dict[str, Any]]] = []

    async def drop_first(socket: Any) -> None:
        messages: list[dict[str, Any]] = []
        sessions.append(messages)
        if len(sessions) == 2:
            await socket.send('{"type": "error", "detail": "busy"}')
            return
        await socket.send('{"type": "ready", "meta": {"promptableEvents": true}}')
        async for text in socket:
            messages.append(json.loads(text))
            if len(sessions) == 1 and messages[-1].get("held") == {"0": ["W"]}:
                socket.transport.abort()

    async def run() -> None:
        async with serve_handler(drop_first) as url:
            painter = MiraPainter(url)
            await painter.open("A lane.")
            await painter.say("A yard.", "state", "yard")
            await painter.hold({"forward"})
            await wait_until(lambda: len(sessions) == 3 and len(sessions[2]) == 3)
            await wait_until(lambda: painter.status == "open")
            await painter.close()

    asyncio.run(run())
    start, prompt, actions = sessions[2][:3]
    assert (start["type"], prompt["value"], actions["held"]) == ("start", "A yard.", {"0": ["W"]})


def test_the_end_of_a_match_ends_the_picture() -> None:
    async def run() -> None:
        async with serve(small(seconds=0.1)) as url:
            painter = MiraPainter(url)
            await painter.open("A lane.")
            assert [True async for _ in painter.frames()]
            assert (painter.status, painter.detail) == ("ended", "match_over")
            await painter.hold({"left"})  # play goes on, and nothing is raised
            await painter.close()

    asyncio.run(run())


def test_hostile_messages_leave_the_session_as_it_is() -> None:
    async def attack(socket: Any) -> None:
        await socket.send(READY)
        await socket.recv()
        await socket.send(JPEG)  # without a header
        await socket.send('{"type": "frame", "views": [99999999999999999999]}')
        await socket.send(JPEG)
        await socket.send('{"type": "frame", "views": [3, 3]}')
        await socket.send(JPEG)
        await socket.send('{"type": "error", "detail": "<script>alert(1)</script>"}')
        await socket.send(json.dumps({"type": "frame", "views": [len(HUGE_FRAME)]}))
        await socket.send(HUGE_FRAME)
        await socket.send('{"type": "frame", "views": [5]}')
        await socket.send(JPEG + b"ok")
        await socket.wait_closed()

    async def run() -> None:
        async with serve_handler(attack) as url:
            painter = MiraPainter(url)
            await painter.open("A lane.")
            frame = await next_frame(painter)
            assert frame.data == JPEG + b"ok" and painter.status == "open"
            assert len(painter.problems) == 5
            await painter.close()

    asyncio.run(run())


def test_a_picture_too_large_ends_the_connection_and_nothing_else() -> None:
    async def huge(socket: Any) -> None:
        await socket.send(READY)
        await socket.recv()
        await socket.send(json.dumps({"type": "frame", "views": [33 * 1024 * 1024]}))
        await socket.send(JPEG + bytes(33 * 1024 * 1024 - 3))

    async def run() -> None:
        async with serve_handler(huge) as url:
            painter = MiraPainter(url)
            await painter.open("A lane.")
            await wait_until(lambda: painter.status == "reconnecting")
            await painter.hold({"left"})
            await painter.close()

    asyncio.run(run())


def test_no_key_is_shown() -> None:
    async def run() -> None:
        async with serve(small()) as url:
            pass
        painter = MiraPainter(url, "top-secret")
        with pytest.raises(wk.PainterRefused, match="no world model answers") as error:
            await painter.open("A lane.")
        assert "top-secret" not in str(error.value) + repr(painter)
        with pytest.raises(wk.PainterRefused) as error:
            await probe(url, "top-secret")
        assert "top-secret" not in str(error.value)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seat": -1}, "seat: expected a whole number from 0 to 15"),
        ({"seat": 16}, "seat: expected a whole number from 0 to 15"),
        ({"players": 0}, "players: expected a whole number from 1 to 16"),
        ({"players": 17}, "players: expected a whole number from 1 to 16"),
        ({"rules": {"mode": object()}}, "rules: expected values that JSON has"),
    ],
)
def test_what_no_session_can_have_is_refused_before_connecting(options: dict[str, Any], words: str) -> None:
    with pytest.raises(wk.WrongArgument, match=words):
        MiraPainter("mira:ws://127.0.0.1:9/ws", **options)


# ---- the checker --------------------------------------------------------------------------------


def outcomes(model: MiraModel) -> dict[str, str]:
    async def run() -> dict[str, str]:
        async with serve(model) as url:
            return {claim.name: claim.outcome for claim in (await check(url)).claims}

    return asyncio.run(run())


def test_the_checker_passes_the_computed_picture() -> None:
    claims = outcomes(MiraModel(width=160, height=90))
    assert len(claims) == 8 and set(claims.values()) == {"pass"}


def test_the_checker_catches_a_picture_that_ignores_what_it_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.painting.eye.PATIENCE_SECONDS", 1.0)
    claims = outcomes(small(follows_prompts=False, follows_keys=False))
    assert claims["the picture follows prompts"] == claims["the picture follows held controls"] == "fail"
    assert claims["ends when it is told to"] == claims["pictures have the size announced"] == "pass"


def test_a_server_of_another_dialect_fails_the_check() -> None:
    async def silent(socket: Any) -> None:
        await socket.wait_closed()

    async def run() -> None:
        async with serve_handler(silent) as url:
            result = await check(f"mira:{url}")
        assert not result.passed and [claim.name for claim in result.claims] == ["says whether it is ready"]

    asyncio.run(run())
