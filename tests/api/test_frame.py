"""``frame=`` and ``pov=``: carried to the hosted service, shown by other models' worlds, and hostile in every way."""

from __future__ import annotations

import base64
import os
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.api.hosted_double import SECRET, HostedDouble
from tests.api.scripted import Scripted, serving
from worldkit import generate_with_report
from worldkit.core.progress import ignore
from worldkit.stores.api.frames import MAX_BYTES, InputFrame, read_frame

PNG = b"\x89PNG\r\n\x1a\n" + b"and so on"
PICTURES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0 and so on",
    "image/gif": b"GIF89a and so on",
    "image/webp": b"RIFF\x10\0\0\0WEBP and so on",
    "image/avif": b"\0\0\0\x20ftypmif1\0\0\0\0mif1miafheicavif and so on",
}
HEIC = b"\0\0\0\x1cftypheic\0\0\0\0mif1miafheicavif of what follows the box of brands"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """Serve the double of the hosted service where the hosted service would be."""
    with serving(HostedDouble().handle) as hosted_server:
        monkeypatch.setenv("ALAKAZAM_API_KEY", SECRET)
        monkeypatch.setattr("worldkit.stores.api.base.HOSTED_URL", hosted_server.url)
        monkeypatch.setattr("worldkit.stores.api.calls.POLL_PAUSES", (0.0,))
        yield hosted_server


def body_of_creation(server: Scripted) -> dict[str, Any]:
    """Return the body of the request for a world."""
    body = next(request.body for request in server.seen if request.method == "POST")
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize("media", PICTURES)
def test_a_picture_is_sent_whatever_holds_it_and_whichever_call_takes_it(
    server: Scripted, tmp_path: Path, media: str
) -> None:
    (path := tmp_path / "frame").write_bytes(PICTURES[media])
    text = base64.b64encode(PICTURES[media]).decode()
    lines = base64.encodebytes(PICTURES[media]).decode()
    safe_in_urls = base64.urlsafe_b64encode(PICTURES[media]).decode().rstrip("=")
    with wk.Client(SECRET, server.url) as api:
        for frame in (path, str(path), PICTURES[media], text, lines, safe_in_urls, f"data:{media};base64,{text}"):
            for call in (
                lambda f: api.perceive(f),
                lambda f: api.ground(f, ["door"]),
                lambda f: api.generate("", frame=f),
            ):
                server.seen.clear()
                with suppress(wk.ApiError):  # this host looks at no pictures
                    call(frame)
                assert server.seen[0].body["frame_b64"] == text


@pytest.mark.parametrize("separator", ["\n", "\r\n", " "])
def test_base64_may_be_broken_into_lines_of_any_length(separator: str) -> None:
    picture = PNG + bytes(range(256)) * 8
    text = base64.b64encode(picture).decode()
    for width in range(20, 130):
        lines = separator.join(text[start : start + width] for start in range(0, len(text), width))
        assert read_frame(lines).data == picture, width


def test_a_path_may_be_one_of_bytes(tmp_path: Path) -> None:
    (tmp_path / "frame.png").write_bytes(PNG)
    with os.scandir(os.fsencode(tmp_path)) as entries:
        assert [read_frame(entry).data for entry in entries] == [PNG]


def test_a_call_that_takes_no_address_says_so(server: Scripted) -> None:
    with (
        wk.Client(SECRET, server.url) as api,
        pytest.raises(wk.WorldError, match="an address, which this call does not"),
    ):
        api.perceive("https://example.com/lane.png")
    assert server.seen == []


@pytest.mark.parametrize("media", PICTURES)
def test_a_picture_and_the_point_of_view_are_sent_to_the_host(server: Scripted, tmp_path: Path, media: str) -> None:
    path = tmp_path / "frame"
    path.write_bytes(PICTURES[media])
    for frame in (path, str(path), PICTURES[media]):
        server.seen.clear()
        wk.generate("a lane", "hosted", frame=frame, pov="first_person", progress=ignore)
        body = body_of_creation(server)
        assert base64.b64decode(body["frame_b64"]) == PICTURES[media]
        assert (body["pov"], body["premise"]) == ("first_person", "a lane")


def test_an_address_is_handed_on_and_fetched_by_nobody_here(server: Scripted) -> None:
    url = f"{server.url}/frame.png"
    wk.generate("", "hosted", frame=url, progress=ignore)
    assert body_of_creation(server)["frame_url"] == url
    assert "premise" not in body_of_creation(server), "a picture may stand in its place"
    assert not [request for request in server.seen if "frame.png" in request.path]


def test_any_point_of_view_is_passed_on(server: Scripted) -> None:
    wk.generate("a lane", "hosted", pov="from a kite", progress=ignore)
    assert body_of_creation(server)["pov"] == "from a kite"


def test_a_model_that_reads_no_pictures_says_so_and_shows_it_on_the_entrance() -> None:
    with pytest.warns(UserWarning, match="templates reads no pictures: the frame became.*templates takes no pov"):
        world = wk.generate("a lane", "templates", frame=PNG, pov="first_person", progress=ignore)
    assert world.entrance is not None and world.entrance.image is not None
    assert world.entrance.image.src == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert list(world.lint("studio")) == [] and world.verify().passed
    _, report = generate_with_report("a lane", "templates", frame="https://example.com/a.png", progress=ignore)
    assert any("reads no pictures" in note for note in report.notes)


class StopAtThePlan:
    """A progress that interrupts as soon as a world is planned."""

    def __call__(self, done: int, total: int, what: str) -> None: ...

    def planned(self, document: Any, texts: Any) -> None:
        raise KeyboardInterrupt

    def wrote(self, at: Any, text: str) -> None: ...


def test_a_world_that_was_interrupted_has_the_picture_and_its_report_says_what_was_not_used() -> None:
    with pytest.raises(wk.Interrupted) as error:
        generate_with_report("a lane", "templates", frame=PNG, pov="first_person", progress=StopAtThePlan())
    world, report = error.value.world, error.value.report
    assert world is not None and world.entrance is not None and world.entrance.image is not None
    assert world.entrance.image.src == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert report is not None
    assert [note.split(":")[0] for note in report.notes] == ["templates reads no pictures", "templates takes no pov"]


def test_one_warning_says_all_that_is_not_used() -> None:
    with pytest.warns(UserWarning, match="^missions: left out, because .*; templates reads no pictures: ") as record:
        wk.generate("a lane", "templates", frame=PNG, features=["missions"], progress=ignore)
    assert len(record) == 1


def test_features_that_a_host_is_not_told_of_are_in_the_report(server: Scripted) -> None:
    _, report = generate_with_report("a lane", "hosted", features=["timers", "missions"], progress=ignore)
    assert "missions, timers: left out, because the host is not told of them" in report.notes
    assert "features" not in body_of_creation(server)


def test_without_a_frame_nothing_is_said() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert wk.generate("a lane", "templates", progress=ignore).entrance is not None


WRONG: dict[str, tuple[str | bytes, str]] = {
    "no picture": (b"<svg onload=alert(1)>", "no picture that can be used"),
    "a picture of another kind": (HEIC, "expected .* of a PNG, JPEG, WebP, GIF or AVIF picture"),
    "base64 of no picture": ("AAAABBBB", "cannot be read"),
    "an empty one": (b"", "no picture that can be used"),
    "a script named as a picture": (b"#!/bin/sh\nrm -rf /", "no picture that can be used"),
    "too large a picture": (PNG + bytes(MAX_BYTES), "more than 10,485,760 bytes"),
    "no file": ("no/such/picture.png", "cannot be read"),
    "a folder": (".", "is no file"),
    "a device": ("/dev/zero", "is no file|cannot be read"),
    "a zero byte in the name": ("a\0b.png", "zero byte"),
    "another scheme": ("file:///etc/passwd", "cannot be read"),
    "an address with a password": ("https://me:hunter2@example.com/a.png", "no address that a server can fetch"),
    "an address with a line break": ("https://example.com/a.png\r\nX-Evil: 1", "no address"),
    "an address without a host": ("https:///a.png", "no address"),
    "a long address": ("https://example.com/" + "a" * 3000, "no address"),
    "a data URL of another kind": ("data:text/html;base64,PHNjcmlwdD4=", "no picture that can be used"),
    "a data URL that is not base64": ("data:image/png;base64,@@@", "is not base64"),
    "a data URL in plain text": ("data:image/png,abc", "a data: URL in base64"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_picture_is_refused_before_anything_is_sent(server: Scripted, name: str) -> None:
    frame, why = WRONG[name]
    with pytest.raises(wk.WorldError, match=why) as error:
        wk.generate("a lane", "hosted", frame=frame, progress=ignore)
    assert server.seen == []
    assert len(str(error.value)) < 400 and str(error.value).isprintable()
    assert "hunter2" not in str(error.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(wk.WorldError, match="is no file"):
        read_frame(tmp_path / "pipe.png")


def test_another_type_is_refused_by_its_name() -> None:
    with pytest.raises(TypeError, match="frame"):
        wk.generate("a lane", "templates", frame=3)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40))
def test_no_frame_is_worse_than_refused(frame: bytes | str) -> None:
    try:
        read = read_frame(frame)
    except wk.WorldError:
        return
    assert isinstance(read, InputFrame) and (read.media or read.url)
