"""What a world model may send is read without trust, and what is held becomes the right commands."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit.painting.controls import AXES, commands_between, controls_after
from worldkit.painting.painter import Capabilities, Frame
from worldkit.painting.reactor.address import reactor_address
from worldkit.painting.reconnects import MAX_RETRIES_PER_SESSION, REFUSAL_CLOSE_CODES, RETRY_DELAYS_SECONDS, Reconnects
from worldkit.painting.websocket.address import websocket_address
from worldkit.painting.websocket.messages import (
    Announced,
    Ended,
    ErrorMessage,
    UnreadableMessage,
    read_binary,
    read_text,
)

CONTROLS = [control for words in AXES.values() for control in words]
texts = st.text(max_size=20) | st.just("x" * 1000)
values = st.none() | st.booleans() | st.floats() | st.integers() | texts | st.lists(texts, max_size=2)


@given(st.binary(max_size=64), st.none() | st.builds(Announced, st.integers(1, 9), st.integers(1, 9)))
def test_any_bytes_are_a_picture_of_the_size_announced_or_unreadable(data: bytes, announced: Announced | None) -> None:
    picture = read_binary(data, announced)
    if isinstance(picture, Frame) and picture.media_type == "image/x-rgba":
        assert len(picture.data) == picture.width * picture.height * 4
    else:
        assert isinstance(picture, UnreadableMessage) or picture.media_type.startswith("image/")


@settings(deadline=None)
@given(
    st.sampled_from(["capabilities", "frame", "video", "stream", "ended", "error", "other"]),
    st.dictionaries(
        st.sampled_from(["url", "format", "width", "height", "reason", "message", "note", "promptableEvents"]), values
    ),
)
def test_any_object_is_read_without_an_exception(kind: str, rest: dict[str, Any]) -> None:
    message = read_text(json.dumps({**rest, "type": kind}), "host.example")
    if isinstance(message, Capabilities):
        assert message.prompt is (rest.get("promptableEvents") is True)
    if isinstance(message, Ended | ErrorMessage):
        assert len(message.reason if isinstance(message, Ended) else message.message) <= 500


@pytest.mark.parametrize("kind", ["ended", "error"])
def test_what_a_server_says_can_neither_colour_nor_turn_the_text_around_it(kind: str) -> None:
    words = "\x1b[2Jgone\x07 \u202eback\u2028line"
    message = read_text(json.dumps({"type": kind, "reason": words, "message": words}))
    assert isinstance(message, Ended | ErrorMessage)
    assert (message.reason if isinstance(message, Ended) else message.message) == "[2Jgone back line"
    address = websocket_address("ws://model.example/")
    assert repr(Frame(url=f"http://model.example/{words}")) == "Frame at http://model.example/ [2Jgone back line"
    assert address.describe(ValueError(words)) == "[2Jgone back line"


@pytest.mark.parametrize("text", ["", "no json", "[]", "3", '{"type": 3}', '{"type": "later"}', "[" * 100_000])
def test_what_is_not_known_is_ignored(text: str) -> None:
    assert read_text(text) is None


def test_streaming_is_assumed_and_everything_else_must_be_said() -> None:
    assert read_text('{"type": "capabilities"}') == Capabilities(streaming=True)
    assert read_text('{"type": "capabilities", "promptableEvents": "yes"}') == Capabilities()


def test_pictures_at_other_hosts_are_not_taken() -> None:
    def frame(url: str) -> Any:
        return read_text(json.dumps({"type": "frame", "url": url}), "host.example")

    assert frame("https://host.example/1.png") == Frame(url="https://host.example/1.png", media_type="image")
    assert isinstance(frame("https://elsewhere.example/1.png"), UnreadableMessage)
    assert isinstance(frame("javascript:alert(1)"), UnreadableMessage)
    assert isinstance(frame("data:image/svg+xml;base64,PHN2Zy8+"), UnreadableMessage)
    png = b"\x89PNG\r\n\x1a\n...."
    assert frame("data:image/png;base64," + base64.b64encode(png).decode()) == Frame(png, "image/png")


@given(st.sets(st.sampled_from(CONTROLS)), st.sets(st.sampled_from(CONTROLS)))
def test_commands_lead_a_server_to_the_controls_held(before: set[str], after: set[str]) -> None:
    controls = frozenset[str]()
    for command in commands_between((), before):
        controls = controls_after(controls, command)
    for command in commands_between(before, after):
        controls = controls_after(controls, command)
    assert controls <= after
    for words in AXES.values():
        assert len(controls & words.keys()) == min(1, len(after & words.keys())), "one control along each axis"


@pytest.mark.parametrize(
    ("url", "full"),
    [
        ("ws://127.0.0.1:8765", "ws://127.0.0.1:8765?key=k%26"),
        ("https://model.example/run?size=2", "wss://model.example/run?size=2&key=k%26"),
        ("wss://model.example/?key=own", "wss://model.example/?key=own"),
    ],
)
def test_a_key_goes_into_the_query_unless_there_is_one(url: str, full: str) -> None:
    address = websocket_address(url, "k&")
    assert address.full_url == full
    assert "key" not in address.safe_url + repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://host/",
        "ws://",
        "ws://[",
        "ws://host:port/",
        "file:///etc/passwd",
        "/run",
        "ws://model..example/",
        f"ws://{'a' * 64}.example/",
        "ws://\u202e.example/",
    ],
)
def test_other_addresses_are_refused_before_connecting(url: str) -> None:
    with pytest.raises(wk.WorldError, match="painter"):
        websocket_address(url)


@pytest.mark.parametrize("read", [websocket_address, reactor_address])
@pytest.mark.parametrize("url", ["wss://me:top/secret@h/", "ftp://me:top-secret@h/", "ftp://h/?key=top-secret"])
def test_an_address_that_is_refused_is_quoted_without_what_is_secret_in_it(
    read: Callable[[str], object], url: str
) -> None:
    with pytest.raises(wk.WorldError) as error:
        read(url)
    assert "top" not in str(error.value)


def test_an_error_that_repeats_an_address_shows_neither_its_query_nor_its_user() -> None:
    address = websocket_address("wss://me:password@model.example/run?size=2", "top-secret")
    text = address.describe(ValueError(f"{address.full_url}\nisn't a valid URI"))
    assert text == "wss://…@model.example/run?… isn't a valid URI"
    assert address.describe(OSError()) == "OSError"


def test_a_key_over_an_open_line_is_warned_of_unless_it_stays_on_this_computer() -> None:
    with pytest.warns(UserWarning, match="unencrypted") as warnings_seen:
        websocket_address("ws://model.example/", "secret")
    assert "secret" not in str(warnings_seen[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        websocket_address("ws://localhost/", "secret")
        websocket_address("wss://model.example/", "secret")


def test_connections_are_tried_again_five_times_and_twenty_in_a_session() -> None:
    count, waits = Reconnects(), []
    while (wait := count.wait_after(1006, 0.5)) is not None:
        waits.append(wait)
        count = count.after_try()
    assert waits == list(RETRY_DELAYS_SECONDS)
    count = Reconnects()
    while count.wait_after(1006, 0.5) is not None:
        count = count.after_try().after_message()
    assert count.in_all == MAX_RETRIES_PER_SESSION


@pytest.mark.parametrize("code", [1000, *REFUSAL_CLOSE_CODES])
def test_after_an_end_or_a_refusal_nothing_is_tried(code: int) -> None:
    assert Reconnects().wait_after(code, 0.5) is None
