"""A still that was just painted is shown by the editors and players that are open, while painting goes on."""

from __future__ import annotations

import base64
import copy
import gc
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import worldkit as wk
from tests.notebook.conftest import RecordingComm
from tests.painting.images_server import ImagesServer, Order, serving
from tests.painting.test_feed import wait_until
from worldkit.stills.folder import StillsFolder
from worldkit.stills.listeners import add_still_listener
from worldkit.stills.record import StillRecord
from worldkit.stills.watch import StillsWatch

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR4nGNgYGBgAAAABQABXvMqOgAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))


@pytest.fixture
def world(tmp_path: Path) -> wk.World:
    return wk.load(wk.samples.load("bench").save(tmp_path / "mine.world.json"))


def paint(world: wk.World, server: ImagesServer, **options: Any) -> wk.Stills:
    return wk.paint(world, f"images:{server.url}#sdxl", size=(640, 360), **options)


def new_pictures(widget: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the detail and the pictures of each message of new pictures, and forget all messages."""
    return [(m["detail"], m["pictures"]) for m in widget.comm.take() if m.get("type") == "new_pictures"]


def width(picture: dict[str, Any]) -> int:
    return Image.open(io.BytesIO(base64.b64decode(picture["src"].partition(",")[2]))).width


def test_each_still_reaches_open_editors_and_players_before_the_next_is_painted(
    world: wk.World, comms: list[RecordingComm]
) -> None:
    editor, player = wk.edit(world), wk.play(world)
    arrivals: list[tuple[list[str], list[tuple[str, list[str]]]]] = []

    def listen(_: Order, number: int) -> Iterator[bytes] | None:
        if number > 1:
            in_editor = [
                state for detail, pictures in new_pictures(editor) if detail == "thumbnail" for state in pictures
            ]
            arrivals.append((in_editor, [(detail, [*pictures]) for detail, pictures in new_pictures(player)]))
        return None

    with serving(listen) as server:
        paint(world, server)
    assert arrivals == [
        (["lane"], [("thumbnail", ["lane"]), ("full", ["lane"])]),
        (["bench"], [("thumbnail", ["bench"]), ("full", ["bench"])]),
    ]


def test_the_picture_itself_comes_along_large_where_the_player_is(world: wk.World, comms: list[RecordingComm]) -> None:
    player = wk.play(world)
    with serving() as server:
        paint(world, server, states=["lane", "bench"])
    messages = new_pictures(player)
    pictures = {(detail, state): picture for detail, pictures in messages for state, picture in pictures.items()}
    assert {key: picture and (picture["kind"], width(picture)) for key, picture in pictures.items()} == {
        ("thumbnail", "lane"): ("stored", 320),
        ("thumbnail", "bench"): ("stored", 320),
        ("full", "lane"): ("stored", 640),
        ("full", "bench"): None,
    }


def test_a_still_of_the_entrance_takes_the_place_of_the_worlds_own_picture(
    tmp_path: Path, comms: list[RecordingComm]
) -> None:
    world_with_cover = wk.World.from_dict({**wk.samples.load("bench").to_dict(), "cover": PIXEL})
    world = wk.load(world_with_cover.save(tmp_path / "held.world.json"))
    player = wk.play(world)
    assert player.view["picture"]["src"] == PIXEL
    with serving() as server:
        paint(world, server, states=["lane"])
    assert "picture" not in player.view


def test_others_hear_nothing(world: wk.World, tmp_path: Path, comms: list[RecordingComm]) -> None:
    other = wk.load(wk.samples.load("lighthouse").save(tmp_path / "other.world.json"))
    strangers = [wk.edit(other), wk.play(other)]
    closed_editor = wk.edit(world)
    link = closed_editor.comm
    closed_editor.close()
    for widget in strangers:
        widget.comm.take()
    link.take()
    with serving() as server:
        paint(world, server)
    assert [new_pictures(widget) for widget in strangers] == [[], []] and link.take() == []


def test_states_of_one_text_get_their_picture_together_and_an_edited_state_its_older_one(
    tmp_path: Path, comms: list[RecordingComm]
) -> None:
    raw = copy.deepcopy(wk.samples.load("bench").to_dict())
    raw["scene"]["states"]["twin"] = raw["scene"]["states"]["bench"]
    twin = wk.World.from_dict(raw)
    world = wk.load(twin.save(tmp_path / "twin.world.json"))
    editor = wk.edit(world)
    editor.apply([{"op": "update_state", "id": "lane", "patch": {"base": "A street."}}])
    editor.comm.take()
    with serving() as server:
        paint(world, server, states=["lane", "bench"])
    (_, first), (_, second) = new_pictures(editor)
    assert first["lane"]["note"] == "Painted from an earlier text of this state."
    assert set(second) == {"bench", "twin"}


def test_a_still_that_the_watcher_sees_before_the_painter_tells_of_it_is_told_once(
    world: wk.World, comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = wk.edit(world)
    watch = StillsWatch(period=3600)
    watch.add(editor._stills_folders)
    editor.comm.take()
    monkeypatch.setattr("os.fsync", lambda handle: watch.look() and None)  # the record has just been written
    with serving() as server:
        paint(world, server, states=["lane"])
    assert [detail for detail, _ in new_pictures(editor)] == ["thumbnail"]


def test_a_player_that_fails_to_show_a_still_never_stops_painting(
    world: wk.World, comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch
) -> None:
    player = wk.play(world)

    def fail(*_: Any) -> None:
        raise OSError("the comm is broken")

    monkeypatch.setattr(type(player), "send", fail)
    with serving() as server:
        assert len(paint(world, server).new_states) == 3


OTHER_PROCESS = """
import sys, worldkit as wk
wk.paint(wk.load(sys.argv[1]), f"images:{sys.argv[2]}#sdxl", size=(640, 360), states=["lane"])
"""


def test_a_still_that_another_process_paints_is_shown_as_well_once(
    world: wk.World, tmp_path: Path, comms: list[RecordingComm]
) -> None:
    editor, player = wk.edit(world), wk.play(world)
    new_pictures(editor), new_pictures(player)
    with serving() as server:
        command = [sys.executable, "-c", OTHER_PROCESS, str(tmp_path / "mine.world.json"), server.url]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    in_editor: list[tuple[str, dict[str, Any]]] = []
    wait_until(lambda: bool(in_editor.extend(new_pictures(editor)) or in_editor))
    assert [(detail, [*pictures]) for detail, pictures in in_editor] == [("thumbnail", ["lane"])]
    in_player: list[tuple[str, dict[str, Any]]] = []
    wait_until(lambda: bool(in_player.extend(new_pictures(player)) or len(in_player) == 2))
    assert [detail for detail, _ in in_player] == ["thumbnail", "full"]
    watch = StillsWatch(period=3600)
    watch.add(editor._stills_folders)
    with serving() as server:
        paint(world, server, states=["bench"])  # in this process: told once, and not again when its line is found
    assert watch.look()
    assert [[*pictures] for _, pictures in new_pictures(editor)] == [["bench"]]


class Owner:
    """What is open on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[str] = []

    def folders(self) -> list[Path]:
        return [self.folder]

    def hear(self, record: StillRecord, folder: Path) -> None:
        self.told.append(record.state)


def record(state: str) -> StillRecord:
    name = "0" * 64 + ".jpg"
    return StillRecord(state, f"A {state}.", name, name, 8, 8)


def line(state: str) -> bytes:
    return record(state).line()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
def test_a_still_in_the_index_is_told_although_writing_it_was_interrupted(
    failure: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, folder = Owner(tmp_path), StillsFolder(tmp_path, is_own=True)
    watch = StillsWatch(period=3600)
    add_still_listener(owner.hear)
    watch.add(owner.folders)

    def fail(*_: Any) -> None:
        watch.look()
        raise failure

    for call, state in (("os.fsync", "lane"), ("os.write", "yard")):
        with monkeypatch.context() as patch:
            patch.setattr(call, fail)
            with pytest.raises(failure):
                folder.add(record(state), {})
    watch.look()
    assert owner.told == ["lane"]
    with (tmp_path / "stills.jsonl").open("ab") as index:
        index.write(line("yard"))  # by another process
    watch.look()
    assert owner.told == ["lane", "yard"]


def test_of_an_index_that_grows_each_whole_line_is_told_once_and_of_another_one_nothing(tmp_path: Path) -> None:
    index, owner = tmp_path / "stills.jsonl", Owner(tmp_path)
    index.write_bytes(line("old"))
    watch = StillsWatch(period=3600)
    add_still_listener(owner.hear)
    watch.add(owner.folders)
    parts = [line("lane")[:20], line("lane")[20:] + b"no record\n" + line("yard")[:-1], b"\n"]
    told = []
    for part in parts:
        with index.open("ab") as file:
            file.write(part)
        watch.look()
        told.append([*owner.told])
    assert told == [[], ["lane"], ["lane", "yard"]]
    index.with_name("other").write_bytes(line("new"))
    index.with_name("other").replace(index)  # the watch's own thread sees no size between
    watch.look()
    index.unlink()
    watch.look()
    assert owner.told == ["lane", "yard"]
    del owner
    gc.collect()
    assert not watch.look()
