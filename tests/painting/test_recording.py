"""A session is recorded with its frames and looked at again; a crash keeps what was written."""

from __future__ import annotations

import asyncio
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.painting.test_feed import ScriptedPainter, wait_until
from worldkit.painters import Frame, Recorder, Recording
from worldkit.painting.recording import form

STATES = {"lane": {"base": "A lane."}, "yard": {"base": "A yard."}}
GO = {"name": "go", "kind": "transition", "from": ["lane"], "to": "yard"}
BACK = {"name": "back", "kind": "transition", "from": ["yard"], "to": "lane"}


def world() -> wk.World:
    scene = {"states": STATES, "events": [GO, BACK]}
    return wk.load({"name": "Lane", "entrance": {"state": "lane"}, "scene": scene})


def jpeg(number: int, size: int = 8) -> Frame:
    return Frame(b"\xff\xd8\xff" + number.to_bytes(4, "big") * size, "image/jpeg")


def record(folder: Path, *, max_bytes: int = form.MAX_BYTES) -> Recorder:
    """Two frames in the lane, three in the yard."""
    session = wk.Session(world())
    recorder = Recorder(folder, session, fps=math.inf, max_bytes=max_bytes)
    for number in range(5):
        if number == 2:
            session.fire("go")
            recorder.save_run()
        recorder.add(jpeg(number))
    return recorder


def test_what_was_shown_and_done_is_read_again(tmp_path: Path) -> None:
    with record(tmp_path / "r"):
        pass
    recording = Recording.load(tmp_path / "r")
    assert [frame.state for frame in recording.frames] == ["lane", "lane", "yard", "yard", "yard"]
    assert [recording.frame(index) for index in range(5)] == [jpeg(number) for number in range(5)]
    assert wk.replay(recording.world, recording.trace).state == "yard"
    assert repr(recording) == "Recording of 'Lane': 1 step, 5 frames"


def test_a_crash_keeps_what_was_written(tmp_path: Path) -> None:
    recorder = record(tmp_path / "r")  # never closed
    file = tmp_path / "r" / form.FRAMES
    whole = file.read_bytes()
    for length in range(0, len(whole), 7):
        file.write_bytes(whole[:length])
        frames = Recording.load(tmp_path / "r").frames
        assert all(frame.start + frame.size <= length for frame in frames)
    file.write_bytes(whole[:-1])
    recording = Recording.load(tmp_path / "r")
    assert len(recording.frames) == 4 and recording.trace.events == ("go",)
    recorder.close()


def test_a_run_that_began_again_in_another_world_can_be_opened(tmp_path: Path) -> None:
    session = wk.Session(world())
    with Recorder(tmp_path / "r", session, fps=math.inf) as recorder:
        recorder.add(jpeg(0))
        session.rebase(world().apply([{"op": "rename_state", "id": "yard", "to": "garden"}]))
        recorder.save_run()
        assert Recording.load(tmp_path / "r").world == world()
        session.restart()
        session.fire("go")
        recorder.save_run()
        recorder.add(jpeg(1))
        recording = Recording.load(tmp_path / "r")
        assert wk.replay(recording.world, recording.trace).state == "garden"
        assert [frame.state for frame in recording.frames] == ["lane", "garden"]
        session.undo().undo()
    recording = Recording.load(tmp_path / "r")
    assert recording.world == world()
    assert wk.replay(recording.world, recording.trace).state == session.state


def test_a_recording_stays_within_its_bound_and_the_run_goes_on(tmp_path: Path) -> None:
    recorder = record(tmp_path / "r", max_bytes=250)
    recorder.close()
    assert recorder.is_full and (tmp_path / "r" / form.FRAMES).stat().st_size == recorder.bytes <= 250
    assert 0 < recorder.frames < 5
    assert Recording.load(tmp_path / "r").trace.events == ("go",)


@pytest.mark.parametrize(("length", "frames"), [(8_000, 1), (40_000, 0)])
def test_frames_of_a_state_with_a_long_id_are_read_again_or_not_written(
    tmp_path: Path, length: int, frames: int
) -> None:
    id = "\u68ee" * length
    forest = wk.load({"entrance": {"state": id}, "scene": {"states": {id: {"base": "A wood."}}, "events": []}})
    with Recorder(tmp_path / "r", wk.Session(forest)) as recorder:
        recorder.add(jpeg(0))
    assert [frame.state for frame in Recording.load(tmp_path / "r").frames] == [id] * frames


def test_frames_that_come_too_fast_are_left_out(tmp_path: Path) -> None:
    with Recorder(tmp_path / "r", wk.Session(world()), fps=0.001) as recorder:
        for number in range(50):
            recorder.add(jpeg(number))
    assert recorder.frames == 1


def test_a_frame_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    unreadable_frames = [
        Frame(bytes(16), "image/x-rgba", 3, 2),
        Frame(bytes(16), "image/x-rgba"),
        Frame(b"<svg>", "image/svg+xml"),
        Frame(b"\xff\xd8\xff", "image/jpeg", -1, 2),
        Frame(b"\xff\xd8\xff", "image/jpeg", 1.5, 2),  # type: ignore[arg-type]
        Frame(url="https://pictures.example/lane.png"),
    ]
    with Recorder(tmp_path / "r", wk.Session(world()), fps=math.inf) as recorder:
        for frame in unreadable_frames:
            recorder.add(frame)
        recorder.add(jpeg(0))
    recording = Recording.load(tmp_path / "r")
    assert recorder.frames == len(recording.frames) == 1 and recording.frame(0) == jpeg(0)


def test_the_size_of_a_frame_may_be_a_number_of_numpy(tmp_path: Path) -> None:
    width, height = np.int64(2), np.int32(3)
    with Recorder(tmp_path / "r", wk.Session(world()), fps=math.inf) as recorder:
        recorder.add(Frame(bytes(24), "image/x-rgba", width, height))  # type: ignore[arg-type]
    assert Recording.load(tmp_path / "r").frame(0) == Frame(bytes(24), "image/x-rgba", 2, 3)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_recording_is_closed_though_the_disk_is_full(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "r", wk.Session(world()), fps=math.inf)
    assert recorder._file is not None
    recorder._file.close()
    recorder._file = Path("/dev/full").open("wb")  # noqa: SIM115  # the recorder closes it
    recorder.add(jpeg(0))
    assert recorder.is_full and recorder.frames == 0
    recorder.close()
    recorder.close()
    assert "closed" in repr(recorder) and Recording.load(tmp_path / "r").trace.events == ()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(wk.WorldError, match="expected a new or an empty folder"):
        Recorder(tmp_path, wk.Session(world()))
    assert (tmp_path / "notes.txt").read_text() == "mine"


HEADER: dict[str, Any] = {"ms": 0, "clock": 0, "state": "lane", "mediaType": "image/jpeg", "bytes": 3}


@pytest.mark.parametrize(
    "line",
    [
        b"x" * 5_000,
        b"[1]\n",
        b"[" * 900 + b"\n",
        json.dumps({**HEADER, "mediaType": "text/html"}).encode() + b"\nabc",
        json.dumps({**HEADER, "bytes": -3}).encode() + b"\nabc",
        json.dumps({**HEADER, "bytes": 2**40}).encode() + b"\nabc",
        json.dumps({**HEADER, "ms": "soon"}).encode() + b"\nabc",
        b'{"ms": NaN, "clock": 0, "state": "lane", "mediaType": "image/jpeg", "bytes": 3}\nabc',
        b'{"ms": 1' + b"0" * 400 + b', "clock": 0, "state": "lane", "mediaType": "image/jpeg", "bytes": 3}\nabc',
        json.dumps({**HEADER, "mediaType": "image/x-rgba", "width": 9_000, "height": 9_000}).encode() + b"\nabc",
    ],
    ids=["endless", "list", "deep", "page", "negative", "huge", "time", "nan", "beyond", "pixels"],
)
def test_a_hostile_file_is_refused_in_words(tmp_path: Path, line: bytes) -> None:
    record(tmp_path / "r").close()
    (tmp_path / "r" / form.FRAMES).write_bytes(line)
    with pytest.raises(wk.WorldError, match="holds no frames of a recording: expected"):
        Recording.load(tmp_path / "r")


@given(st.binary(max_size=300))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    folder = tmp_path / "r"
    if not folder.exists():
        record(folder).close()
    (folder / form.FRAMES).write_bytes(data)
    try:
        frames = Recording.load(folder).frames
    except wk.WorldError:
        return
    assert all(frame.start + frame.size <= len(data) for frame in frames)


def test_a_folder_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(wk.WorldError, match="expected the folder of a recording"):
        Recording.load(tmp_path)


def test_its_painter_shows_in_each_state_what_was_recorded_there(tmp_path: Path) -> None:
    record(tmp_path / "r").close()
    recording = Recording.load(tmp_path / "r")

    async def look() -> list[Frame]:
        painter = recording.painter()
        capabilities = await painter.open("A lane.")
        assert capabilities.prompt and capabilities.note == "a recording"
        frames = painter.frames()
        pictures = [await anext(frames), await anext(frames)]
        await painter.say("A yard.", "state", "yard")
        pictures += [await anext(frames) for _ in range(3)]
        await painter.close()
        return pictures

    assert asyncio.run(look()) == [jpeg(number) for number in range(5)]


def test_a_player_records_what_its_painter_draws_and_what_is_done(tmp_path: Path) -> None:
    player = wk.play(world(), painter=ScriptedPainter(frames=6))
    player._repr_mimebundle_()
    wait_until(lambda: player.view["painter"]["status"] == "open")
    recorder = player.record(tmp_path / "r", fps=math.inf)
    player._receive(None, {"type": "shown", "id": "1", "view": "v", "frame": 0})
    wait_until(lambda: recorder.frames > 0)
    player.session.fire("go")
    assert Recording.load(tmp_path / "r").trace.events == ("go",), "before it is closed"
    player.close()
    recording = Recording.load(tmp_path / "r")
    assert recording.frame(0).media_type == "image/jpeg"
    again = wk.play(recording.world, trace=recording.trace, painter=recording.painter())
    assert again.session.state == "yard"
    again.close()


def test_a_recording_is_replayed_beside_the_map_of_its_world(tmp_path: Path) -> None:
    with record(tmp_path / "r"):
        pass
    recording = Recording.load(tmp_path / "r")
    editor = wk.edit(recording.world)
    player = wk.play(editor, trace=recording.trace, painter=recording.painter())
    assert editor.playing is not None and editor.playing["states"] == ["lane", "yard"]
    player._receive(None, {"type": "act", "id": "1", "view": "v", "action": "undo"})
    assert (editor.playing["state"], player.session.state) == ("lane", "lane"), "one goes back along the trail"
    player.close()
