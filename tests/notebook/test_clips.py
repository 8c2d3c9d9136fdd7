"""The clip of a cutscene reaches the player where its file is there; play never waits for it."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.notebook.conftest import RecordingComm
from worldkit.widgets.clips import MAX_CLIP_BYTES, read_clip

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(40)
WEBM = b"\x1aE\xdf\xa3" + bytes(40)


def world_with(video: str, folder: Path) -> wk.World:
    cutscene = {"id": "rise", "from": "lane", "to": "yard", "video": video, "label": "Sunrise", "subtitle": "At six."}
    raw = {
        "name": "Lane",
        "entrance": {"state": "lane"},
        "cutscenes": [cutscene],
        "scene": {
            "states": {"lane": {"base": "A lane."}, "yard": {"base": "A yard."}},
            "events": [{"name": "walk", "kind": "transition", "from": ["lane"], "to": "rise"}],
        },
    }
    return wk.load(wk.World.from_dict(raw).save(folder / "mine.world.json"))


def clips(player: Any) -> list[dict[str, Any]]:
    return [message for message in player.comm.take() if message.get("type") == "clip"]


@pytest.mark.parametrize("mode", ["instant", "real-time"])
def test_the_clip_beside_the_world_is_sent_when_its_cutscene_begins(
    tmp_path: Path, comms: list[RecordingComm], mode: Any
) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "rise.mp4").write_bytes(MP4)
    player = wk.play(world_with("clips/rise.mp4", tmp_path), mode=mode)
    player.session.fire("walk")
    if mode == "real-time":
        player.session.wait(10_000)
    [clip] = clips(player)
    assert (clip["mediaType"], clip["label"], clip["subtitle"]) == ("video/mp4", "Sunrise", "At six.")
    assert player.session.state == "yard"


def test_the_clips_of_every_act_of_a_campaign_are_sent(tmp_path: Path, comms: list[RecordingComm]) -> None:
    worlds = {}
    for id, data in (("first", MP4), ("second", WEBM)):
        (tmp_path / id).mkdir()
        (tmp_path / id / "rise.mp4").write_bytes(data)
        worlds[id] = world_with("rise.mp4", tmp_path / id)
    campaign = wk.Campaign.from_dict(
        {
            "start": "first",
            "acts": [{"actId": id, "worldId": id, "title": id, "canonical": True} for id in worlds],
            "edges": [{"from": {"actId": "first", "state": "yard"}, "to": {"actId": "second"}, "kind": "golden"}],
        }
    )
    player = wk.play(wk.CampaignSession(campaign, worlds))
    player.campaign_session.fire("walk")
    assert player.campaign_session.act == "second", "the cutscene leads to the next act"
    player.campaign_session.fire("walk")
    assert [clip["mediaType"] for clip in clips(player)] == ["video/mp4", "video/webm"]


def test_a_clip_that_is_not_there_leaves_the_picture_and_play_goes_on(
    tmp_path: Path, comms: list[RecordingComm]
) -> None:
    player = wk.play(world_with("clips/rise.mp4", tmp_path))
    player.session.fire("walk")
    assert clips(player) == [] and player.session.state == "yard"


def test_a_clip_in_the_document_needs_no_file(tmp_path: Path) -> None:
    address = "data:video/webm;base64," + base64.b64encode(WEBM).decode()
    clip = read_clip(world_with(address, tmp_path), address)
    assert clip is not None and clip.media_type == "video/webm" and clip.data == WEBM


@pytest.mark.parametrize(
    "address",
    [
        "../outside.mp4",
        "link.mp4",
        "page.mp4",
        "large.mp4",
        "clips",
        "https://host.example/rise.mp4",
        "file:///etc/hostname",
        "data:text/html;base64,PGI+",
        "data:video/mp4;base64,PGI+",
        "data:video/mp4;base64,!",
        "\x00.mp4",
        "",
    ],
)
def test_nothing_but_a_small_video_in_the_worlds_own_folder_is_sent(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "world"
    (folder / "clips").mkdir(parents=True)
    (tmp_path / "outside.mp4").write_bytes(MP4)
    (folder / "page.mp4").write_bytes(b"<!doctype html><script>alert(1)</script>")
    (folder / "link.mp4").symlink_to(tmp_path / "outside.mp4")
    with (folder / "large.mp4").open("wb") as file:
        file.write(MP4)
        os.truncate(file.fileno(), MAX_CLIP_BYTES + 1)
    assert read_clip(world_with("clips/rise.mp4", folder), address) is None


def test_a_world_without_a_file_has_no_clips(tmp_path: Path) -> None:
    world = wk.World.from_dict(world_with("rise.mp4", tmp_path).to_dict())
    (tmp_path / "rise.mp4").write_bytes(MP4)
    assert read_clip(world, "rise.mp4") is None
