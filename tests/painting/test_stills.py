"""Stills from an endpoint: painted along the moves, stored beside the world, and shown as the pictures of states."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

import worldkit as wk
from tests.painting.images_server import Answer, ImagesServer, Order, data_answer, error, picture, serving
from worldkit.core.state_prompt import state_prompt
from worldkit.illustration.picture import is_shown
from worldkit.model_access.endpoint import IMAGES, endpoint
from worldkit.painting.text_to_image import images_endpoint
from worldkit.painting.text_to_image.images_endpoint import ImagesEndpoint, origin_of
from worldkit.painting.text_to_image.painting_run import painting_order
from worldkit.playing.view import view
from worldkit.stills.folder import INDEX, StillsFolder
from worldkit.stills.lookup import still_of
from worldkit.stills.record import StillRecord

SIZE = (64, 36)
KEY = "sk-very-secret-0123456789"


@pytest.fixture
def server() -> Iterator[ImagesServer]:
    with serving() as here:
        yield here


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(images_endpoint, "PAUSES_S", (0.0, 0.0, 0.0))
    return tmp_path / "data"


@pytest.fixture
def world(tmp_path: Path) -> wk.World:
    return wk.load(wk.samples.load("bench").save(tmp_path / "mine.world.json"))


def model(server: ImagesServer) -> str:
    return f"images:{server.url}#sdxl"


def paint(world: wk.World, server: ImagesServer, **options: Any) -> wk.Stills:
    return wk.paint(world, model(server), **{"size": SIZE, **options})


def damaged_avif() -> bytes:
    """A picture in a format that Pillow knows by its beginning, and for which it raises RuntimeError."""
    if not features.check("avif"):
        pytest.skip("Pillow without AVIF")
    buffer = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(buffer, "AVIF")
    return buffer.getvalue().replace(b"mdat", b"junk").replace(b"iloc", b"junk")


def pixels(src: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(src.partition(",")[2])))


# ---- painting ----------------------------------------------------------------------------------


def test_each_state_gets_a_still_of_its_prompt_that_the_pictures_show(world: wk.World, server: ImagesServer) -> None:
    stills = paint(world, server)
    assert list(stills) == list(world.states) and stills.new_states == ("lane", "bench", "two_mittens")
    assert [order.fields["prompt"] for order in server.orders] == [
        state_prompt(world, state).joined() for state in stills
    ]
    assert {order.fields["model"] for order in server.orders} == {"sdxl"}
    for state in world.states:
        picture = world.picture(state)
        assert (picture.kind, picture.note, pixels(picture.src).size) == ("stored", "", SIZE)
    assert len({world.picture(state).src for state in world.states}) == 3


def test_painting_goes_along_the_moves_and_begins_from_the_picture_before(
    world: wk.World, server: ImagesServer
) -> None:
    paint(world, server)
    assert [(order.path, order.source is not None) for order in server.orders] == [
        ("/v1/images/generations", False),
        ("/v1/images/edits", True),
        ("/v1/images/edits", True),
    ]
    lane = still_of(world, "lane")
    assert lane is not None and server.orders[1].source == lane.data()


def test_with_full_strength_each_is_painted_from_its_prompt_alone(world: wk.World, server: ImagesServer) -> None:
    paint(world, server, strength=1)
    assert {order.path for order in server.orders} == {"/v1/images/generations"}


def test_a_server_without_edits_paints_from_prompts(world: wk.World) -> None:
    with serving(lambda order, _: error(404, "no such route") if order.path.endswith("edits") else None) as server:
        assert len(paint(world, server)) == 3
        assert [order.path.rpartition("/")[2] for order in server.orders] == [
            "generations",
            "edits",
            *["generations"] * 2,
        ]


def test_one_prompt_that_a_filter_refuses_leaves_edits_on() -> None:
    world = wk.samples.load("lighthouse")
    refused = list(painting_order(world))[1]
    prompt = state_prompt(world, refused).joined()
    with serving(lambda order, _: error(400, "blocked") if order.fields["prompt"] == prompt else None) as server:
        stills = paint(world, server)
        paths = [order.path.rpartition("/")[2] for order in server.orders]
    assert list(stills.failures) == [refused]
    assert paths[:3] == ["generations", "edits", "generations"]
    sources = [source for state, source in painting_order(world).items() if state != refused]
    assert paths[3:].count("edits") == sum(source not in (None, refused) for source in sources)


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_takes_by_text_what_it_refuses_as_an_edit_has_no_edits(world: wk.World, status: int) -> None:
    with serving(lambda order, _: error(status, "no") if order.path.endswith("edits") else None) as server:
        assert len(paint(world, server)) == 3
        paths = [order.path.rpartition("/")[2] for order in server.orders]
    assert paths == ["generations", "edits", "generations", "generations"]


def test_one_refused_edit_after_others_came_out_costs_that_edit_alone(tmp_path: Path) -> None:
    world = wk.samples.load("lighthouse")

    def script(order: Order, number: int) -> Answer | None:
        return error(400, "blocked") if order.path.endswith("edits") and number == 3 else None

    with serving(script) as server:
        paint(world, server)
        paths = [order.path.rpartition("/")[2] for order in server.orders]
    assert paths[:5] == ["generations", "edits", "edits", "generations", "edits"]


def test_fields_that_a_server_refuses_are_left_out_from_then_on(world: wk.World) -> None:
    def script(order: Order, _: int) -> Answer | None:
        unknown_field = next((name for name in ("seed", "response_format") if name in order.fields), None)
        return error(400, f"Unknown parameter: '{unknown_field}'.") if unknown_field else None

    with serving(script) as server:
        assert len(paint(world, server)) == 3
        assert len(server.orders) == 5


def test_a_filter_whose_words_name_a_field_costs_its_picture_alone(world: wk.World) -> None:
    first = state_prompt(world, next(iter(painting_order(world)))).joined()

    def script(order: Order, _: int) -> Answer | None:
        return error(400, "a seed of violence is not painted") if order.fields["prompt"] == first else None

    with serving(script) as server:
        stills = paint(world, server, strength=1)
        assert len(stills.failures) == 1 and len(stills) == 2
        assert ["seed" in order.fields for order in server.orders] == [True, False, True, True]


def test_the_entrance_begins_from_the_picture_that_the_world_holds_for_it(
    world: wk.World, server: ImagesServer
) -> None:
    src = "data:image/png;base64," + base64.b64encode(picture("mine", SIZE)).decode()
    world = world.apply([{"op": "set_entrance", "state": "lane", "image": {"src": src}}])
    assert world.picture("lane").kind == "entrance"
    paint(world, server, states=["lane"])
    assert server.orders[0].path == "/v1/images/edits"
    assert world.picture("lane").kind == "stored"


def test_an_entrance_picture_that_is_damaged_is_not_begun_from(world: wk.World, server: ImagesServer) -> None:
    for data in (b"\x89PNG\r\n\x1a\nno more", damaged_avif()):
        src = "data:image/avif;base64," + base64.b64encode(data).decode()
        broken = world.apply([{"op": "set_entrance", "state": "lane", "image": {"src": src}}])
        assert paint(broken, server, states=["lane"], repaint=True).new_states == ("lane",)
    assert {order.path for order in server.orders} == {"/v1/images/generations"}


@pytest.mark.parametrize(
    ("text", "shown"), [("A", False), ("AA=", False), ("A===", False), ("AAAAA", False), ("AA==", True), ("AAA=", True)]
)
def test_a_picture_that_is_no_base64_is_not_shown(world: wk.World, text: str, shown: bool) -> None:
    src = f"data:image/png;base64,{text}"
    assert is_shown(src) is shown
    with_picture = world.apply([{"op": "set_entrance", "state": "lane", "image": {"src": src}}])
    assert with_picture.picture("lane").kind == ("entrance" if shown else "storyboard")


def test_a_picture_is_saved_under_the_suffix_of_its_format_alone(
    world: wk.World, server: ImagesServer, tmp_path: Path
) -> None:
    with pytest.raises(wk.WrongArgument, match=r"ends in \.svg"):
        world.picture("lane").save(tmp_path / "lane.jpg")
    paint(world, server)
    with pytest.raises(wk.WrongArgument, match=r"ends in \.jpg"):
        world.picture("lane").save(tmp_path / "lane.svg")
    assert not [*tmp_path.glob("lane.*")]
    for name in ("lane.JPG", "lane.jpeg", "lane"):
        assert world.picture("lane").save(tmp_path / name).read_bytes().startswith(b"\xff\xd8")


# ---- a second call -----------------------------------------------------------------------------


def test_a_second_call_paints_only_what_has_another_prompt_seed_or_model(world: wk.World, server: ImagesServer) -> None:
    paint(world, server)
    assert paint(world, server).unchanged_states == tuple(world.states)
    assert len(server.orders) == 3
    world_after = world.apply([{"op": "set_field", "state": "bench", "field": "base", "value": "A bench in the snow."}])
    assert paint(world_after, server).new_states == ("bench",)
    assert paint(world, server, seed=2).new_states == tuple(world.states)
    assert wk.paint(world, f"images:{server.url}#other", size=SIZE).new_states == tuple(world.states)


def test_stills_of_an_earlier_seed_are_shown_again_without_painting(world: wk.World) -> None:
    def script(order: Order, _: int) -> Answer:
        return data_answer(picture(f"{order.fields['prompt']} {order.fields['seed']}", SIZE))

    with serving(script) as server:
        first = paint(world, server)["bench"].src
        second = paint(world, server, seed=2)["bench"].src
        count = len(server.orders)
        assert paint(world, server)["bench"].src == first != second
        assert len(server.orders) == count


def test_a_still_that_is_damaged_is_painted_again(world: wk.World, server: ImagesServer) -> None:
    folder = paint(world, server).folder
    still = still_of(world, "bench")
    assert still is not None
    (folder / still.record.file).write_bytes(b"\xff\xd8\xff not what it was")
    assert world.picture("bench").kind == "storyboard"
    assert paint(world, server).new_states == ("bench",)
    assert world.picture("bench").kind == "stored"


def test_an_edit_leaves_the_older_still_with_a_note_and_undo_takes_the_note_away(
    world: wk.World, server: ImagesServer
) -> None:
    paint(world, server)
    editor = wk.edit(world)
    editor.apply([{"op": "set_field", "state": "bench", "field": "base", "value": "A bench in the snow."}])
    assert editor.world.picture("bench").note == "Painted from an earlier text of this state."
    editor.undo()
    assert editor.world.picture("bench").note == ""


def test_a_state_that_is_renamed_keeps_its_still(world: wk.World, server: ImagesServer) -> None:
    paint(world, server)
    world_with_rename = world.apply([{"op": "rename_state", "from": "bench", "to": "seat"}])
    assert (world_with_rename.picture("seat").kind, world_with_rename.picture("seat").note) == ("stored", "")
    again = paint(world_with_rename, server)
    assert again.unchanged_states == ("lane", "seat", "two_mittens") and len(server.orders) == 3
    later = world_with_rename.apply([{"op": "set_field", "state": "seat", "field": "base", "value": "A seat in snow."}])
    assert later.picture("seat").note  # the older still is known by the new id as well


# ---- where stills are --------------------------------------------------------------------------


def test_stills_are_beside_the_file_under_names_that_are_their_hashes(world: wk.World, server: ImagesServer) -> None:
    stills = paint(world, server)
    assert stills.folder.name == "mine.stills"
    names = sorted(path.name for path in stills.folder.iterdir())
    assert names.pop() == INDEX and len(names) == 6
    records = [json.loads(line) for line in (stills.folder / INDEX).read_text().splitlines()]
    assert sorted(name for record in records for name in (record["file"], record["thumbnail"])) == names
    assert records[1]["source"] == "lane" and records[1]["options"]["seed"] == 0
    assert wk.load(stills.folder.parent / "mine.world.json") == world


def test_files_of_one_name_and_two_endings_have_folders_of_their_own(tmp_path: Path, server: ImagesServer) -> None:
    bench = wk.samples.load("bench")
    first = wk.load(bench.save(tmp_path / "mine.world.json"))
    edited = bench.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A corridor."}])
    second = wk.load(edited.save(tmp_path / "mine.json"))
    paint(first, server)
    assert second.picture("lane").kind == "storyboard"
    assert paint(second, server).folder == tmp_path / "mine.json.stills"
    assert second.picture("lane").note == first.picture("lane").note == ""


def test_stills_lie_beside_the_file_that_a_symbolic_link_leads_to(tmp_path: Path, server: ImagesServer) -> None:
    file = wk.samples.load("bench").save(tmp_path / "mine.world.json")
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "other.world.json"
    link.symlink_to(file)
    assert paint(wk.load(link), server).folder == tmp_path / "mine.stills"
    assert wk.load(file).picture("lane").kind == "stored"


def test_stills_of_a_link_to_a_sample_are_in_the_folder_of_the_user(
    tmp_path: Path, server: ImagesServer, data_folder: Path
) -> None:
    import worldkit.data

    sample = Path(worldkit.data.__path__[0]) / "samples" / "bench.world.json"
    (tmp_path / "mine.world.json").symlink_to(sample)
    assert data_folder in paint(wk.load(tmp_path / "mine.world.json"), server).folder.parents


def test_a_state_without_text_is_neither_painted_nor_looked_up_by_its_text(
    tmp_path: Path, server: ImagesServer
) -> None:
    def world_of(name: str) -> wk.World:
        states = {"hall": {"base": f"The hall of {name}."}, name: {"base": ""}}
        return wk.World.from_dict({"scene": {"states": states, "events": []}})

    first, second = world_of("first"), world_of("second")
    stills = paint(first, server)
    assert list(stills) == ["hall"] and stills.failures == {"first": "it has no text to paint from"}
    folder = StillsFolder(stills.folder, is_own=False)
    folder.add(replace(folder.index().records[0], state="first", prompt=""), {})  # a record without a prompt
    assert first.picture("first").kind == second.picture("second").kind == "storyboard"
    assert len(server.orders) == 1


def test_a_world_without_a_file_has_them_in_the_folder_of_the_user(server: ImagesServer, data_folder: Path) -> None:
    world_with_id = wk.samples.load("bench")  # a sample's own folder is everybody's
    assert paint(world_with_id, server).folder.parent == data_folder / "stills"
    document = {key: value for key, value in world_with_id.to_dict().items() if key != "id"}
    world = wk.load({**document, "subject": "Another child."})
    assert paint(world, server).folder == data_folder / "stills" / "without-id"
    assert world.picture("lane").kind == "stored"
    other = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "Another lane."}])
    assert other.picture("lane").kind == "storyboard"  # there states of several worlds are told apart by their text


def test_what_a_world_without_a_file_had_is_taken_over_when_it_has_one(server: ImagesServer, tmp_path: Path) -> None:
    world = wk.samples.load("bench")
    paint(world, server)
    saved = wk.load(world.save(tmp_path / "mine.world.json"))
    stills = paint(saved, server)
    assert stills.unchanged_states == tuple(world.states)
    assert stills.folder == tmp_path / "mine.stills" and len(list(stills.folder.iterdir())) == 7


def test_an_editor_of_the_file_shows_the_stills_beside_it(world: wk.World, server: ImagesServer) -> None:
    file = paint(world, server).folder.parent / "mine.world.json"
    editor = wk.edit(file)
    assert editor.world.picture("bench").kind == "stored"
    editor.apply([{"op": "set_field", "state": "bench", "field": "base", "value": "A bench in the snow."}])
    assert editor.world.picture("bench").note == "Painted from an earlier text of this state."
    assert paint(editor.world, server).folder == file.with_name("mine.stills")


def test_a_world_of_a_store_is_known_by_its_id(server: ImagesServer, tmp_path: Path) -> None:
    stored = wk.Store(tmp_path / "worlds.db").create(wk.samples.load("bench"))
    paint(stored.world, server)
    stored_after = stored.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "Another lane."}])
    assert stored_after.world.picture("lane").note


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=80) | st.sampled_from([b"{", b"[]", b"null", b"\xff", b'{"state":1}']), max_size=6))
def test_an_index_of_whatever_bytes_is_read(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    folder = StillsFolder(tmp_path_factory.mktemp("stills"), is_own=True)
    (folder.path / INDEX).write_bytes(b"\n".join(lines))
    assert folder.index().records == ()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a.jpg", "0" * 64 + ".png"])
def test_an_index_names_no_file_elsewhere(world: wk.World, server: ImagesServer, name: str) -> None:
    folder = paint(world, server).folder
    index = folder / INDEX
    lines = [{**json.loads(line), "file": name, "thumbnail": name} for line in index.read_text().splitlines()]
    index.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert world.picture("lane").kind == "storyboard"


def test_a_line_that_a_crash_cut_costs_that_line_alone(world: wk.World, server: ImagesServer) -> None:
    index = paint(world, server).folder / INDEX
    index.write_bytes(index.read_bytes()[:-20])
    assert [world.picture(state).kind for state in world.states] == ["stored", "stored", "storyboard"]
    assert paint(world, server).new_states == ("two_mittens",)
    assert world.picture("two_mittens").kind == "stored"


# ---- in the document, when asked -----------------------------------------------------------------


def test_places_in_the_document_are_filled_by_operations(tmp_path: Path, server: ImagesServer) -> None:
    world = wk.load(wk.samples.load("lighthouse").save(tmp_path / "l.world.json"))
    stills = paint(world, server, set_as=["cover", "entrance", "seedFrame"])
    assert [op["op"] for op in stills.ops] == ["put_world", "set_entrance", "put_world"]
    world_with_pictures = stills.world
    assert world_with_pictures.cover == world_with_pictures.entrance.image.src == stills[world.start].src
    assert world_with_pictures.cutscenes[0].seed_frame == stills[world_with_pictures.cutscenes[0].to].src
    assert world.cover is None and "data:" not in world.to_json()
    assert world.apply(wk.diff(world, world_with_pictures).ops) == world_with_pictures
    editor = wk.edit(world)
    editor.apply(stills.ops_for(editor.world))
    assert editor.world == world_with_pictures and stills.ops_for(world) == stills.ops
    editor.undo()
    assert editor.world == world


def test_operations_for_an_edited_world_change_nothing_but_pictures(tmp_path: Path, server: ImagesServer) -> None:
    world = wk.samples.load("lighthouse")
    stills = paint(world, server, set_as=["entrance", "seedFrame"], embed=True)
    scene = world.cutscenes[0]
    later = json.loads(world.to_json())["cutscenes"]
    later[0]["label"] = "Another label"
    later.append({"id": "another", "video": "b.mp4", "from": scene.from_, "to": scene.to})
    changed, gone = [state for state in world.states if state not in (world.start, scene.to)][:2]
    edited = world.apply(
        [
            {"op": "put_world", "set": {"cutscenes": later}},
            {"op": "set_entrance", "state": "yard"},
            {"op": "set_field", "state": changed, "field": "base", "value": "A room."},
            {"op": "rename_state", "from": gone, "to": "elsewhere"},
        ]
    )
    result = edited.apply(stills.ops_for(edited))
    assert [(cut.id, cut.label) for cut in result.cutscenes] == [(cut.id, cut.label) for cut in edited.cutscenes]
    assert [cut.seed_frame for cut in result.cutscenes if cut.to == scene.to] == [stills[scene.to].src] * 2
    assert result.entrance == edited.entrance
    with_pictures = {id for id, state in result.states.items() if "image" in (state.model_extra or {})}
    assert with_pictures == set(world.states) - {changed, gone}


def test_the_cover_is_the_entrance_also_when_only_one_still_came_out(world: wk.World) -> None:
    start = state_prompt(world, "lane").joined()
    with serving(lambda order, _: error(400, "refused") if order.fields["prompt"] == start else None) as server:
        stills = paint(world, server, states=["lane", "bench"], set_as="cover")
    assert list(stills) == ["bench"] and list(stills.failures) == ["lane"]
    assert stills.ops == [] and stills.world.cover is None


def test_stills_in_the_document_are_shown_without_their_folder(world: wk.World, server: ImagesServer) -> None:
    stills = paint(world, server, embed=True)
    bare = wk.load(stills.world.to_json())
    assert bare.picture("bench").kind == "stored" and bare.picture("bench").src == stills["bench"].src
    assert not bare.lint().errors


def test_a_place_without_a_still_is_refused_before_anything_is_painted(world: wk.World, server: ImagesServer) -> None:
    with pytest.raises(wk.WorldError, match="paint the state in which play begins"):
        paint(world, server, states=["bench"], set_as="entrance")
    with pytest.raises(wk.WorldError, match="no cutscene leads to"):
        paint(world, server, set_as="seedFrame")
    assert server.orders == []
    assert paint(world, server, states=["bench"], set_as="cover").world.cover


# ---- what is shown -------------------------------------------------------------------------------


def test_the_sheet_shows_every_still_and_no_markup_of_the_world(world: wk.World, server: ImagesServer) -> None:
    world = world.apply([{"op": "rename_state", "from": "lane", "to": "<script>alert(1)</script>"}])
    stills = paint(world, server)
    bundle = stills._repr_mimebundle_()
    assert bundle["text/plain"] == repr(stills) == "Stills of 3 states: 3 new"
    assert bundle["text/html"].count("<img ") == 3 and "<script" not in bundle["text/html"]
    assert "3 unchanged" in repr(paint(world, server))


def test_the_player_asks_for_a_still_at_the_entrance_in_place_of_the_entrance_picture(
    world: wk.World, server: ImagesServer
) -> None:
    src = "data:image/png;base64," + base64.b64encode(picture("mine", SIZE)).decode()
    world = world.apply([{"op": "set_entrance", "state": "lane", "image": {"src": src}}])
    assert view(wk.Session(world))["picture"]["src"] == src
    paint(world, server)
    assert "picture" not in view(wk.Session(world))


def test_a_thumbnail_is_small(world: wk.World, server: ImagesServer) -> None:
    paint(world, server, size=(960, 540))
    assert pixels(world.picture("lane", detail="thumbnail").src).size == (320, 180)
    assert pixels(world.picture("lane").src).size == (960, 540)


# ---- progress and stopping -----------------------------------------------------------------------


def test_stopping_keeps_what_is_done_and_a_second_call_goes_on(world: wk.World, server: ImagesServer) -> None:
    def stop_at_the_second(done: int, total: int, what: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(wk.PaintInterrupted, match="1 picture was painted and is stored") as error:
        paint(world, server, progress=stop_at_the_second)
    assert list(error.value.stills) == ["lane"]
    assert paint(world, server).new_states == ("bench", "two_mittens")


def test_stopping_a_second_painting_names_the_states_that_are_left(world: wk.World, server: ImagesServer) -> None:
    def stop_at_the_second(done: int, total: int, what: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    paint(world, server)
    rest = re.escape('still to paint are "bench", "two_mittens": pass them as states=, again with repaint=True')
    with pytest.raises(wk.PaintInterrupted, match=rest) as error:
        paint(world, server, repaint=True, progress=stop_at_the_second)
    assert error.value.unpainted_states == ["bench", "two_mittens"]
    again = paint(world, server, states=error.value.unpainted_states, repaint=True)
    assert again.new_states == ("bench", "two_mittens")


def test_a_painting_that_is_stopped_at_its_end_leaves_none(world: wk.World, server: ImagesServer) -> None:
    def stop_at_the_end(done: int, total: int, what: str) -> None:
        if done == total:
            raise KeyboardInterrupt

    paint(world, server)
    with pytest.raises(wk.PaintInterrupted, match="none is left") as error:
        paint(world, server, repaint=True, progress=stop_at_the_end)
    assert error.value.unpainted_states == []


def test_states_of_one_text_have_pictures_of_their_own_though_painting_was_stopped(
    tmp_path: Path, server: ImagesServer
) -> None:
    document = wk.samples.load("bench").to_dict()
    document["scene"]["states"]["bench"]["base"] = document["scene"]["states"]["lane"]["base"]
    for field in ("camera", "movement"):
        document["scene"]["states"]["bench"][field] = document["scene"]["states"]["lane"][field]
    world = wk.load(wk.World.from_dict(document).save(tmp_path / "same.world.json"))
    paint(world, server, states=["lane"])
    assert "bench" in paint(world, server).new_states


def test_progress_says_how_many_pictures_are_done(world: wk.World, server: ImagesServer) -> None:
    calls: list[tuple[int, int, str]] = []
    paint(world, server, progress=lambda *call: calls.append(call))
    assert calls[0] == (0, 3, "load the model") and calls[-1] == (3, 3, "done")
    assert [done for done, _, what in calls if what in world.states] == [0, 1, 2]


# ---- faults ----------------------------------------------------------------------------------------


def bomb() -> bytes:
    """Return a PNG of a few bytes that is 60,000 pixels wide and high."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (data_answer(b"<svg onload=alert(1)>"), "no picture"),
        (data_answer(bomb()), "no picture"),
        (data_answer(picture("x", (8, 8))), "a picture of 64 x 36 was asked for, and one of 8 x 8 came"),
        (Answer(200, b'{"data": [{"b64_json": "%%%"}]}'), "no picture|no base64"),
        (Answer(200, b'{"data": []}'), "without a picture"),
        (Answer(200, b'{"data": [{"b64_json": ""}]}'), "without a picture"),
        (Answer(200, b'{"data": [{"b64_json": "data:image/png;base64,"}]}'), "no picture: there are no bytes"),
        (Answer(200, b"[1, 2"), "did not answer with JSON"),
        (Answer(200, b'{"data": [{"url": "http://169.254.169.254/latest"}]}'), "another server"),
        (error(400, "Your request was rejected by the safety system."), "safety system"),
    ],
)
def test_one_picture_that_does_not_come_out_leaves_the_others(world: wk.World, answer: Answer, reason: str) -> None:
    prompt = state_prompt(world, "bench").joined()
    with serving(lambda order, _: answer if order.fields["prompt"] == prompt else None) as server:
        stills = paint(world, server, strength=1)
    assert list(stills) == ["lane", "two_mittens"]
    assert re.search(reason, stills.failures["bench"]) and "1 failed" in repr(stills)
    assert world.picture("bench").kind == "storyboard"


def test_an_answer_that_is_a_damaged_avif_leaves_the_others(world: wk.World) -> None:
    with serving(lambda order, number: data_answer(damaged_avif()) if number == 1 else None) as server:
        stills = paint(world, server)
    assert list(stills.failures) == ["lane"] and len(stills) == 2


def test_a_picture_of_other_proportions_is_cut_to_those_asked_for(world: wk.World) -> None:
    with serving(lambda *_: data_answer(picture("x", (200, 200)))) as server:
        assert pixels(paint(world, server, states=["lane"])["lane"].src).size == SIZE


def test_what_is_beside_the_pixels_is_not_stored(world: wk.World) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", SIZE).save(buffer, "JPEG", comment=b"<script>alert(1)</script>")
    with serving(lambda *_: data_answer(buffer.getvalue())) as server:
        src = paint(world, server, states=["lane"])["lane"].src
    assert b"script" not in base64.b64decode(src.partition(",")[2])


def test_an_address_at_the_same_server_is_fetched_without_the_key(world: wk.World) -> None:
    with serving(lambda *_: Answer(200, json.dumps({"data": [{"url": f"{server.origin}/a.png"}]}).encode())) as server:
        assert len(paint(world, server, states=["lane"], key=KEY)) == 1
        assert server.fetches == [("/a.png", None)]


def test_an_address_beside_an_empty_picture_is_fetched(world: wk.World) -> None:
    def script(*_: object) -> Answer:
        return Answer(200, json.dumps({"data": [{"b64_json": "", "url": f"{server.origin}/a.png"}]}).encode())

    with serving(script) as server:
        assert len(paint(world, server, states=["lane"])) == 1


def test_an_address_with_half_a_letter_is_not_fetched(world: wk.World) -> None:
    def script(*_: object) -> Answer:
        return Answer(200, json.dumps({"data": [{"url": f"{server.origin}/\ud800.png"}]}).encode())

    with serving(script) as server:
        assert "cannot be fetched" in paint(world, server, states=["lane"]).failures["lane"]


def test_the_port_of_a_scheme_need_not_be_named() -> None:
    assert origin_of("https://host.example/x.png") == origin_of("https://HOST.example:443/v1")
    assert origin_of("http://host.example/x.png") == origin_of("http://host.example:80/v1")
    different = ["https://host.example:80", "http://host.example:443", "https://host.example:8443", "https://other"]
    assert all(origin_of("https://host.example/v1") != origin_of(address) for address in different)


@pytest.mark.parametrize(("wish", "pause"), [("7", 7.0), ("Fri, 31 Dec 2100 00:00:00 GMT", 120.0)])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_without_time_is_asked_again_after_the_pause_that_it_names(
    world: wk.World, status: int, wish: str, pause: float
) -> None:
    pauses: list[float] = []

    def script(_: Order, number: int) -> Answer | None:
        return error(status, "busy", **{"Retry-After": wish}) if number < 3 else None

    with serving(script) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(images_endpoint.time, "sleep", pauses.append)
        assert len(paint(world, server, states=["lane"])) == 1
    assert pauses == [pause, pause]


def test_a_server_that_fails_in_the_middle_is_named_and_what_was_done_is_stored(world: wk.World) -> None:
    with (
        serving(lambda _, number: error(500, "out of memory") if number > 1 else None) as server,
        pytest.raises(wk.WorldError, match=r"500: out of memory; it was asked 4 times; 1 of 3 pictures are stored"),
    ):
        paint(world, server)
    assert world.picture("lane").kind == "stored"


def test_a_key_that_is_refused_is_named_and_shown_nowhere(world: wk.World, capfd: Any, caplog: Any) -> None:
    with serving(lambda order, _: error(401, f"Incorrect API key provided: {order.key}")) as server:
        with pytest.raises(wk.WorldError, match=r"401.*does not accept the key that it was sent") as error_info:
            paint(world, server, key=KEY)
        assert server.orders[0].key == f"Bearer {KEY}" and len(server.orders) == 1
        with pytest.raises(wk.WorldError, match="no key was sent: give key=, or set WORLDKIT_IMAGES_KEY"):
            paint(world, server)
    output = capfd.readouterr()
    assert KEY not in f"{error_info.getrepr(showlocals=False)}{output.out}{output.err}{caplog.text}"


def test_a_key_that_was_sent_is_hidden_when_the_environment_has_another_one_by_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(lambda order, _: error(401, f"Incorrect API key provided: {order.key}")) as server:
        monkeypatch.setenv("WORLDKIT_IMAGES_KEY", KEY)
        model = ImagesEndpoint(endpoint(f"{server.url}#sdxl", service=IMAGES))
        monkeypatch.setenv("WORLDKIT_IMAGES_KEY", "another-key-0123456789")
        with pytest.raises(wk.ModelError, match="Incorrect API key provided: Bearer …"):
            model._ask("/images/generations", {})
        assert server.orders[0].key == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("HTTPS_PROXY", "nonsense://a.b"), ("ALL_PROXY", "socks5://127.0.0.1:1"), ("SSL_CERT_FILE", "/no/such/file")],
)
def test_network_settings_that_cannot_be_used_are_named(
    world: wk.World, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    calls = (
        lambda: wk.paint(world, "images:https://model.invalid/v1#m", size=SIZE),
        lambda: wk.generate("A diver finds a door.", "chat:https://model.invalid/v1#m"),
    )
    for call in calls:
        with pytest.raises(wk.ModelError, match=f"environment cannot be used .*{variable}"):
            call()


def test_no_file_repr_or_page_holds_the_key_or_the_query_of_the_address(
    world: wk.World, server: ImagesServer, tmp_path: Path
) -> None:
    stills = wk.paint(world, f"images:{server.url}?token=hunter2#sdxl", size=SIZE, key=KEY, embed=True)
    stills.save(tmp_path / "sheet.html")
    texts = [repr(stills), str(stills._repr_mimebundle_()), str(stills.ops), stills.world.to_json()]
    texts += [path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
    assert not [text for text in texts if KEY in text or "hunter2" in text]


def test_an_answer_without_end_is_given_up(world: wk.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images_endpoint, "MAX_BYTES", 1 << 20)

    def endless(*_: Any) -> Iterator[bytes]:
        yield b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"
        while True:
            yield b" " * (1 << 16)

    with serving(endless) as server, pytest.raises(wk.WorldError, match="sent more than 1,024 kB"):
        paint(world, server)


def test_a_packed_answer_is_refused_before_it_is_unpacked(world: wk.World) -> None:
    bomb = gzip.compress(gzip.compress(b" " * 50_000_000, mtime=0), mtime=0)

    def packed(*_: Any) -> Iterator[bytes]:
        yield b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip, gzip\r\n\r\n" + bomb

    with serving(packed) as server, pytest.raises(wk.WorldError, match="packed its answer, though it was asked for"):
        paint(world, server)


def test_a_server_that_says_nothing_is_given_up(world: wk.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images_endpoint, "REQUEST_TIMEOUT_S", 0.2)
    released = threading.Event()

    def silent(*_: Any) -> None:
        released.wait(20)

    with serving(silent) as server:
        with pytest.raises(wk.WorldError, match="was not done with its answer"):
            paint(world, server)
        released.set()


@pytest.mark.parametrize("start", [b"HTTP/1.0 200 OK\r\nX-Note: ", b"HTTP/1.0 200 OK\r\n\r\n"], ids=["header", "body"])
def test_an_answer_that_drips_is_given_up_though_every_byte_comes_in_time(
    world: wk.World, monkeypatch: pytest.MonkeyPatch, start: bytes
) -> None:
    monkeypatch.setattr(images_endpoint, "REQUEST_TIMEOUT_S", 0.3)
    released = threading.Event()

    def dripping(*_: Any) -> Iterator[bytes]:
        yield start
        while not released.wait(0.02):
            yield b" "

    with serving(dripping) as server:
        with pytest.raises(wk.WorldError, match="was not done with its answer"):
            paint(world, server)
        released.set()


def test_a_server_that_cannot_be_connected_to_in_time_is_not_said_to_have_been_waited_for(
    world: wk.World, server: ImagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stream(*_: Any, **__: Any) -> Any:
        raise httpx.ConnectTimeout("timed out")

    monkeypatch.setattr(httpx.AsyncClient, "stream", stream)
    with pytest.raises(wk.WorldError, match="cannot be reached"):
        paint(world, server)


def test_a_server_that_is_not_there_is_named(world: wk.World) -> None:
    with pytest.raises(wk.WorldError, match="cannot be reached"):
        wk.paint(world, "images:http://127.0.0.1:9/v1#sdxl")


def test_a_package_that_is_missing_is_named_with_its_extra(
    world: wk.World, server: ImagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "diffusers", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(wk.MissingExtra, match=r"pip install 'smworldkit\[paint\]'"):
        wk.paint(world, "diffusers:somebody/a-model")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(wk.MissingExtra, match=r"pillow: pip install 'smworldkit\[paint\]'"):
        paint(world, server)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("sdxl", "no model is called"),
        ("diffusers:", "no model is called"),
        ("images:ftp://x#y", "an image model is no http"),
        ("images:http://127.0.0.1:1/v1", "names no model"),
        ("diffusers:some--body/a-model", 'there is nothing at "some--body/a-model"'),
        ("diffusers:somebody/a-model.", "there is nothing at"),
        ("diffusers:somebody/a-model.git", "there is nothing at"),
        (f"diffusers:{'a' * 97}", "there is nothing at"),
        ("images:http://model..example/v1#sdxl", "an image model is no http or https one with a host"),
    ],
)
def test_a_name_that_means_no_model_is_refused_with_the_forms(world: wk.World, name: str, reason: str) -> None:
    with pytest.raises(wk.WorldError, match=reason):
        wk.paint(world, name)


def test_a_folder_that_cannot_be_written_is_named_and_what_was_done_is_stored(
    world: wk.World, server: ImagesServer
) -> None:
    folder = paint(world, server, states=["lane"]).folder
    lines = (folder / INDEX).read_bytes()
    (folder / INDEX).unlink()
    (folder / INDEX).mkdir()
    with pytest.raises(wk.FileError, match=f"{INDEX}' cannot be written"):
        paint(world, server)
    (folder / INDEX).rmdir()
    (folder / INDEX).write_bytes(lines)
    assert paint(world, server, states=["lane"]).unchanged_states == ("lane",)


def test_a_line_of_the_index_is_written_whole_by_a_system_that_takes_it_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:7]))
    record = StillRecord("lane", "A lane.", "0" * 64 + ".jpg", "1" * 64 + ".jpg", 16, 9)
    StillsFolder(tmp_path, is_own=True).add(record, {})
    assert StillsFolder(tmp_path, is_own=True).index().records == (record,)


def test_arguments_that_are_none_are_refused(world: wk.World, server: ImagesServer) -> None:
    sizes = ((0, 9), (9, 99_999), (4096, 2026))
    for options in (*({"size": size} for size in sizes), {"strength": 0.0}, {"set_as": "poster"}):
        with pytest.raises(wk.WrongArgument):
            paint(world, server, **options)
    with pytest.raises(wk.WorldError, match="no state"):
        paint(world, server, states=["cellar"])
    with pytest.raises(wk.WorldError, match="steps and guidance are for diffusers"):
        paint(world, server, steps=3)


# ---- prompts that fit ------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.sampled_from(["lighthouse", "bench", "archive"]))
def test_a_prompt_that_is_cut_fits_and_keeps_subject_and_style(limit: int, name: str) -> None:
    world = wk.samples.load(name)
    layers = [text for text in (world.subject, world.style_tail) if text]
    for state in world.states:
        text = state_prompt(world, state).fitted(lambda text: len(text) <= limit)
        assert len(text) <= limit
        if limit > sum(map(len, layers)) + len(layers):
            assert all(layer in text for layer in layers)


def test_the_camera_is_cut_first_and_the_base_last() -> None:
    world = wk.World.from_dict(
        {
            "subject": "A grey cat.",
            "scene": {
                "states": {
                    "roof": {
                        "base": "Wet tiles, a chimney.",
                        "camera": {"static": "Low angle, wide lens.", "dynamic": ""},
                        "movement": {"static": "It sits.", "dynamic": ""},
                    }
                },
                "events": [],
            },
        }
    )

    def prompt_within(limit: int) -> str:
        return state_prompt(world, "roof").fitted(lambda text: len(text) <= limit)

    assert prompt_within(100) == "Wet tiles, a chimney. Low angle, wide lens. It sits. A grey cat."
    assert prompt_within(60) == "Wet tiles, a chimney. Low angle It sits. A grey cat."
    assert prompt_within(45) == "Wet tiles, a chimney. It sits. A grey cat."
    assert prompt_within(35) == "Wet tiles, a chimney. A grey cat."
    assert prompt_within(25) == "Wet tiles A grey cat."
