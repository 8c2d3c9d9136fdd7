"""The properties of a world in its editor: kept in their file, checked after edits, part of what undo takes back."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.notebook.conftest import RecordingComm
from worldkit import Player, SavingEditor, World, edit, play
from worldkit.properties import file_edits
from worldkit.widgets import editor as editor_module

KEY_PROPERTY = 'holding "key" before state "hall"'
NO_KEY = {"op": "set_event_requires", "name": "enter", "requires": []}
OPEN_DOOR = {"op": "update_event", "name": "enter", "patch": {"requires": []}}


def ask(comm: RecordingComm, kind: str, **body: Any) -> dict[str, Any]:
    """Return the reply to a view's message."""
    comm.published.clear()
    comm.receive({"type": kind, "id": "1", "view": "a", **body})
    return next(message for message in comm.take() if message.get("id") == "1")


def rows(editor: SavingEditor) -> dict[str, str]:
    """Return the outcome of every property, once the check is done."""
    assert editor._properties.check.wait(180)
    return {row["name"]: row["outcome"] for row in editor.property_list["rows"]}


@pytest.fixture
def file(lane: World, tmp_path: Path) -> Path:
    (tmp_path / "lane.properties.toml").write_text(
        f"# what must never happen\n[properties]\nkey = '{KEY_PROPERTY}'  # a key\n"
    )
    return lane.save(tmp_path / "lane.world.json")


def test_a_property_turns_red_with_an_edit_and_undo_mends_it(file: Path, comms: list[RecordingComm]) -> None:
    editor = edit(file)
    assert [row["outcome"] for row in editor.property_list["rows"]] == ["waiting"]
    ask(comms[-1], "hello")
    assert rows(editor) == {"key": "holds"}
    check, may_check = editor._properties.check, threading.Event()
    check_now = check._check
    check._check = lambda *work: may_check.wait(180) and check_now(*work)  # type: ignore[method-assign]
    editor.apply([OPEN_DOOR])
    assert editor.property_list["checking"] and editor.property_list["rows"][0]["outcome"] == "holds"
    may_check.set()
    assert rows(editor) == {"key": "broken"}
    run = editor.property_list["rows"][0]["run"]
    assert run == {"start": "lane", "steps": [["walk", "lane", "gate", []], ["enter", "gate", "hall", []]], "more": 0}
    editor.undo()
    assert rows(editor) == {"key": "holds"}


def test_edits_of_properties_are_saved_and_leave_the_rest_of_the_file_alone(
    file: Path, comms: list[RecordingComm]
) -> None:
    editor, beside = edit(file), file.with_name("lane.properties.toml")
    reply = ask(comms[-1], "edit_properties", edits=[{"text": 'possible: state "hall"', "rename": "an end"}])
    assert reply["type"] == "accepted"
    assert beside.read_text().startswith("# what must never happen\n[properties]\nkey = ")
    assert list(wk.load_properties(beside)) == ["key", "an end"]
    assert editor.property_list["place"] == "lane.properties.toml"
    ask(comms[-1], "edit_properties", edits=[{"name": "key"}])
    assert list(wk.load_properties(beside)) == ["an end"]
    assert ask(comms[-1], "undo")["type"] == "accepted"
    assert list(editor.properties) == ["key", "an end"] == list(wk.load_properties(beside))
    ask(comms[-1], "undo")
    assert list(wk.load_properties(beside)) == ["key"]
    ask(comms[-1], "redo")
    assert list(editor.properties) == ["key", "an end"]


def test_undo_takes_back_what_was_done_last_be_it_to_the_world_or_to_a_property(lane: World) -> None:
    editor = edit(lane).change_properties({"key": KEY_PROPERTY}).apply([OPEN_DOOR]).change_properties({"key": None})
    labels = []
    while editor._state.undo_label:
        labels.append(editor._state.undo_label)
        editor.undo()
    assert labels[0] == "Delete property key" and labels[2] == "Add property key" and len(labels) == 3
    assert editor.world == lane and not editor.properties


def test_what_somebody_else_writes_into_the_file_is_kept_and_shown(file: Path, comms: list[RecordingComm]) -> None:
    editor, beside = edit(file), file.with_name("lane.properties.toml")
    ask(comms[-1], "hello")
    beside.write_text(beside.read_text() + "theirs = 'never lose'\n")
    editor.change_properties({"mine": "no ending within 1 step"})
    assert set(wk.load_properties(beside)) == {"key", "theirs", "mine"}
    assert set(editor.properties) == {"key", "theirs", "mine"}
    beside.write_text("[properties]\nalone = 'never lose'\n")
    editor.apply([OPEN_DOOR])
    assert rows(editor) == {"alone": "holds"}


def test_what_somebody_else_changes_in_a_tag_stays(file: Path, comms: list[RecordingComm]) -> None:
    editor, beside = edit(file), file.with_name("lane.properties.toml")
    beside.write_text(beside.read_text() + "\n[tags]\nnight = ['lane']\nday = ['gate']\n")
    editor.change_properties({"one": "never lose"})
    assert editor.properties.tags == {"night": ("lane",), "day": ("gate",)}
    beside.write_text(beside.read_text().replace("['lane']", "['lane', 'hall']"))
    editor.change_properties({"two": "never lose"})
    assert editor.properties.tags == {"night": ("lane", "hall"), "day": ("gate",)}
    editor.apply([{"op": "rename_state", "from": "gate", "to": "door"}])
    beside.write_text(beside.read_text().replace("['lane', 'hall']", "['lane']"))
    editor.undo()
    assert editor.properties.tags == {"night": ("lane",), "day": ("gate",)} == wk.load_properties(beside).tags


def test_undo_leaves_alone_what_somebody_else_changed_in_another_tag(file: Path, comms: list[RecordingComm]) -> None:
    beside = file.with_name("lane.properties.toml")
    beside.write_text(beside.read_text() + "\n[tags]\nnight = ['lane']\nday = ['gate']\n")
    editor = edit(file)
    ask(comms[-1], "hello")
    editor.apply([{"op": "rename_state", "from": "gate", "to": "door"}])
    beside.write_text(beside.read_text().replace("['lane']", "['lane', 'hall']"))
    ask(comms[-1], "hello")
    editor.undo()
    assert editor.properties.tags == {"night": ("lane", "hall"), "day": ("gate",)} == wk.load_properties(beside).tags


def test_a_file_of_tags_alone_keeps_them_its_comments_and_follows_renames(
    file: Path, tmp_path: Path, comms: list[RecordingComm]
) -> None:
    beside = file.with_name("lane.properties.toml")
    beside.write_text("# agreed with Ann\n[tags]\nnight = ['gate']  # dark\n")
    editor = edit(file)
    assert editor.properties.tags == {"night": ("gate",)}
    editor.apply([{"op": "rename_state", "from": "gate", "to": "door"}])
    assert beside.read_text() == "# agreed with Ann\n[tags]\nnight = ['door']  # dark\n"
    editor.save_as(tmp_path / "other.world.json")
    others = tmp_path / "other.properties.toml"
    assert wk.load_properties(others).tags == {"night": ("door",)} == editor.properties.tags
    others.write_text("# agreed with Ann\n" + others.read_text())
    editor.change_properties({"n": 'possible: tag "night"'})
    assert wk.check(editor.world, editor.properties).passed and others.read_text().startswith("# agreed with Ann\n")


def test_a_file_that_is_gone_is_written_again_with_all_that_the_editor_has(
    file: Path, comms: list[RecordingComm]
) -> None:
    path = file.with_name("lane.properties.toml")
    path.write_text("[properties]\na = 'possible: win'\nb = 'never state \"lane\"'\n[tags]\nt = ['lane']\n", "utf-8")
    editor = edit(file)
    path.unlink()
    editor.change_properties({"c": "never lose"})
    path.unlink()
    editor.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    for properties in (editor.properties, wk.load_properties(path)):
        assert list(properties) == ["a", "b", "c"] and properties.tags == {"t": ("road",)}
    editor.undo()
    editor.undo()
    assert list(editor.properties) == ["a", "b"]


def test_tags_of_another_world_are_replaced_only_when_that_is_said(file: Path, comms: list[RecordingComm]) -> None:
    beside = file.with_name("c.properties.toml")
    beside.write_text("[tags]\nnight = ['gate']\n")
    editor = edit(file)
    with pytest.raises(wk.WorldError, match="overwrite=True"):
        editor.save_as(file.with_name("c.world.json"))
    editor.save_as(file.with_name("c.world.json"), overwrite=True)
    assert wk.load_properties(beside) == editor.properties and not editor.properties.tags


def test_what_was_written_into_the_file_before_a_view_opens_is_kept_too(file: Path, comms: list[RecordingComm]) -> None:
    editor, beside = edit(file), file.with_name("lane.properties.toml")
    beside.write_text(f"[properties]\nkey = '{KEY_PROPERTY}'\n\"an end\" = 'possible: state \"hall\"'\n")
    assert ask(comms[-1], "hello")["type"] == "seed"
    assert list(editor.properties) == ["key", "an end"]
    ask(comms[-1], "edit_properties", edits=[{"text": 'possible: state "gate"', "rename": "a gate"}])
    assert list(wk.load_properties(beside)) == ["key", "an end", "a gate"]


def test_properties_follow_renames_as_a_part_of_the_gesture(file: Path, comms: list[RecordingComm]) -> None:
    editor = edit(file)
    editor.apply([{"op": "rename_state", "from": "hall", "to": "great_hall"}])
    assert editor.properties["key"].text == 'holding "key" before state "great_hall"'
    ask(comms[-1], "flag", flags=["key"], into="brass_key")
    assert editor.properties["key"].text == 'holding "brass_key" before state "great_hall"'
    editor.undo().undo()
    assert editor.properties["key"].text == KEY_PROPERTY
    assert wk.load_properties(file.with_name("lane.properties.toml"))["key"].text == KEY_PROPERTY


def test_a_text_that_is_typed_is_read_and_a_wrong_name_gets_the_nearest(
    lane: World, comms: list[RecordingComm]
) -> None:
    edit(lane)
    assert ask(comms[-1], "read_property", text="never hall while not holding key")["error"] == ""
    assert 'did you mean "hall"?' in ask(comms[-1], "read_property", text='never "hal"')["error"]
    assert "at character 6" in ask(comms[-1], "read_property", text="never")["error"]
    rejection = ask(comms[-1], "edit_properties", edits=[{"text": "nonsense is this"}])
    assert rejection["type"] == "rejected" and rejection["code"] in ("op", "conflict")


def test_a_name_that_is_gone_is_said_of_its_property_alone(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane, properties={"key": KEY_PROPERTY, "end": 'possible: "hall"'})
    ask(comms[-1], "hello")
    editor.apply([{"op": "delete_event", "name": "take_key"}, {"op": "delete_event", "name": "enter"}])
    assert rows(editor) == {"key": "invalid", "end": "broken"}
    assert 'no flag "key"' in editor.property_list["rows"][0]["note"]


def test_suggestions_leave_out_what_is_there(lane: World, comms: list[RecordingComm]) -> None:
    edit(lane, properties={"an ending stays possible": "always possible: ending"})
    reply = ask(comms[-1], "suggest_properties")
    texts = [one["text"] for one in reply["suggestions"]]
    assert "always possible: win" in texts and "always possible: ending" not in texts


def test_a_broken_run_opens_in_the_player_beside_the_editor_or_in_a_new_one(
    lane: World, comms: list[RecordingComm]
) -> None:
    editor = edit(lane, properties={"key": 'never state "hall"'})
    comm = comms[-1]
    ask(comm, "hello")
    assert rows(editor) == {"key": "broken"}
    reply = ask(comm, "play", property="key")
    assert reply["type"] == "played" and isinstance(reply["player"], str)
    player = play(editor)
    assert isinstance(player, Player)
    assert ask(comm, "play", property="key")["player"] is None
    assert player.state == "hall" and player.session.can_undo
    assert ask(comm, "play", property="none")["type"] == "rejected"


def test_a_run_is_played_as_often_as_one_likes_in_the_player_that_the_view_shows(
    lane: World, comms: list[RecordingComm]
) -> None:
    editor = edit(lane, properties={"key": 'never state "hall"', "gate": 'never state "gate"'})
    comm = comms[-1]
    ask(comm, "hello")
    rows(editor)
    first = ask(comm, "play", property="key")["player"]
    assert editor.playing["state"] == "hall"
    assert ask(comm, "play", property="gate")["player"] == first and editor.playing["state"] == "gate"
    assert ask(comm, "close_player")["type"] == "accepted"
    assert editor.playing is None and comms[-1].published[-1]["msg_type"] == "comm_close"
    again = ask(comm, "play", property="key")["player"]
    assert isinstance(again, str) and again != first and editor.playing["state"] == "hall"
    ask(comm, "close_player")
    assert ask(comm, "close_player")["type"] == "accepted", "there is nothing to close"
    ask(comm, "play", property="key")
    editor.close()
    assert comms[-1].published[-1]["msg_type"] == "comm_close"


def test_the_world_is_played_from_its_start_in_the_editor_or_beside_it(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane)
    comm = comms[-1]
    assert isinstance(ask(comm, "play")["player"], str) and editor.playing["steps"] == 0
    ask(comm, "close_player")
    player = play(editor)
    player.session.fire("walk")
    assert ask(comm, "play")["player"] is None, "it is shown in a cell of its own"
    assert player.state == editor.playing["state"] == lane.entrance.state
    edit(World.from_dict({"name": "Nothing", "scene": {"states": {}, "events": []}}))
    assert ask(comms[-1], "play")["type"] == "rejected"


def test_a_player_that_two_views_show_is_closed_with_the_second(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane, properties={"key": 'never state "hall"'})
    comm = comms[0]
    ask(comm, "hello")
    rows(editor)
    player = ask(comm, "play", property="key", view="a")["player"]
    assert ask(comm, "play", property="key", view="b")["player"] == player
    for _ in range(2):
        ask(comm, "close_player", view="a")
        assert editor.playing is not None and comms[-1].published[-1:] != ["comm_close"]
    assert ask(comm, "play", property="key", view="a")["player"] == player
    ask(comm, "close_player", view="b")
    assert editor.playing is not None
    ask(comm, "close_player", view="a")
    assert editor.playing is None and comms[-1].published[-1]["msg_type"] == "comm_close"
    ask(comm, "play", property="key", view="a")
    ask(comm, "play", property="key", view="b")
    editor.close()
    assert comms[-1].published[-1]["msg_type"] == "comm_close"


def test_a_player_is_closed_although_a_view_that_showed_it_died(
    file: Path, comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(editor_module, "monotonic", lambda: now)
    editor = edit(file).change_properties({"hall": 'never state "hall"'})
    comm = comms[0]
    ask(comm, "hello")
    rows(editor)
    for view in ("dead", "alive", "other"):
        assert isinstance(ask(comm, "play", property="hall", view=view)["player"], str)
    now = 300.0
    ask(comm, "save", view="alive")
    now = 650.0
    ask(comm, "close_player", view="other")
    assert editor.playing is not None, "a view that was heard of still shows it"
    ask(comm, "close_player", view="alive")
    assert editor.playing is None and comms[-1].published[-1]["msg_type"] == "comm_close"


def test_the_map_shows_the_player_that_moved_last(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane)
    players = [play(editor) for _ in range(3)]
    players[0].session.fire("walk")
    players[1].close()
    assert editor.playing is not None and editor.playing["state"] == "gate"
    editor.apply([OPEN_DOOR])
    assert editor.playing["state"] == "gate", "players that follow an edit do not move"
    players[2].session.fire("walk")
    players[2].session.fire("enter")
    players[2].close()
    assert editor.playing["state"] == players[0].state == "gate"


def test_the_map_stays_with_the_player_that_moved_last_when_another_one_is_only_shown_anew(
    lane: World, comms: list[RecordingComm]
) -> None:
    editor = edit(lane)
    still, moving = play(editor), play(editor)
    moving.session.fire("walk")
    editor.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    ask(still.comm, "hello")
    ask(still.comm, "act", action="fire", event="no such event")
    assert "no event" in still.view["notices"][0]["text"]
    still._show([{"kind": "info", "text": "A picture has come."}])
    assert editor.playing is not None and editor.playing["state"] == moving.state == "gate"
    moving._show([{"kind": "info", "text": "A picture has come."}])
    ask(still.comm, "act", action="fire", event="walk")
    assert still.state == "gate" and editor.playing["states"] == ["road", "gate"]
    moving.session.fire("take_key")
    assert editor.playing["steps"] == 2
    ask(still.comm, "act", action="undo")
    assert editor.playing["state"] == still.state == "road"


def test_the_map_shows_the_other_player_when_one_is_closed(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane, properties={"key": 'never state "hall"'})
    comm = comms[-1]
    ask(comm, "hello")
    rows(editor)
    ask(comm, "play", property="key")
    player = play(editor)
    newest = play(editor)
    newest.session.fire("walk")
    ask(comm, "close_player")
    assert editor.playing is not None and editor.playing["state"] == newest.state == "gate"
    newest.close()
    assert editor.playing["state"] == player.state == "lane"
    player.session.fire("walk")
    assert editor.playing["state"] == "gate"
    player.close()
    assert editor.playing is None


def test_a_workbench_plays_it_in_its_own_tab(lane: World, comms: list[RecordingComm]) -> None:
    bench = wk.workbench(edit(lane, properties={"key": 'never state "hall"'}))
    ask(comms[0], "hello")
    assert rows(bench.editor) == {"key": "broken"}
    assert ask(comms[0], "play", property="key")["player"] is None
    assert bench.player is not None and bench.player.state == "hall" and bench.selected_index == 1


def test_a_workbench_shows_the_tab_of_its_player_for_every_run(lane: World, comms: list[RecordingComm]) -> None:
    bench = wk.workbench(edit(lane, properties={"key": 'never state "hall"'})).show("play").show("map")
    ask(comms[0], "hello")
    assert rows(bench.editor) == {"key": "broken"}
    for _ in range(2):
        assert ask(comms[0], "play", property="key")["player"] is None
        assert bench.player is not None and bench.player.state == "hall" and bench.selected_index == 1
        bench.show("map")
    player = play(bench.editor)
    ask(comms[0], "play", property="key")
    assert player.state == "hall" and bench.selected_index == 0, "the newest player beside the editor shows it"
    player.close()
    ask(comms[0], "play", property="key")
    assert bench.selected_index == 1


def test_a_file_that_cannot_be_read_is_said_and_never_overwritten(file: Path, comms: list[RecordingComm]) -> None:
    beside = file.with_name("lane.properties.toml")
    beside.write_text("[properties]\nkey = 'nonsense is this'\n")
    editor = edit(file)
    assert not editor.property_list["readable"] and "not a property" in editor.property_list["trouble"]
    editor.change_properties({"mine": "never lose"})
    assert "nonsense" in beside.read_text()


def test_what_could_not_be_saved_is_saved_once_the_file_is_mended(file: Path, comms: list[RecordingComm]) -> None:
    beside = file.with_name("lane.properties.toml")
    beside.write_text("[properties]\nkey = 'nonsense is this'\n")
    editor = edit(file).change_properties({"mine": "never lose"})
    ask(comms[0], "hello")
    beside.write_text(f"[properties]\nkey = '{KEY_PROPERTY}'\n")
    editor.apply([OPEN_DOOR])
    assert set(editor.properties) == {"key", "mine"} == set(wk.load_properties(beside))
    assert editor.property_list["readable"] and not editor.property_list["trouble"]
    beside.write_text("[properties]\nkey = 'nonsense is this'\n")
    editor.change_properties({"more": "never lose"}).undo().redo()
    beside.write_text(f"[properties]\nkey = '{KEY_PROPERTY}'\ntheirs = 'never lose'\n")
    editor.change_properties({"last": "never lose"})
    assert set(editor.properties) == {"key", "theirs", "more", "last"} == set(wk.load_properties(beside))


def test_what_could_not_be_written_is_written_with_what_the_file_has_by_then(
    file: Path, comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, data: bytes) -> None:
        raise wk.FileError(28, "the disk is full", str(path))

    editor, beside = edit(file), file.with_name("lane.properties.toml")
    ask(comms[0], "hello")
    with monkeypatch.context() as patch:
        patch.setattr(file_edits, "write_atomically", fail)
        editor.change_properties({"mine": "never lose"})
    assert "full" in editor.property_list["trouble"]
    beside.write_text(beside.read_text() + "theirs = 'never lose'\n")
    editor.apply([OPEN_DOOR])
    assert set(editor.properties) == {"key", "theirs", "mine"} == set(wk.load_properties(beside))
    assert not editor.property_list["trouble"]


@pytest.mark.parametrize("again", ["the next edit", "save", "Try again"])
def test_what_could_not_be_written_is_no_saved_edit_and_is_tried_again(
    file: Path, comms: list[RecordingComm], monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    def fail(path: Path, data: bytes) -> None:
        raise wk.FileError(28, "the disk is full", str(path))

    editor, beside = edit(file), file.with_name("lane.properties.toml")
    with monkeypatch.context() as patch:
        patch.setattr(file_edits, "write_atomically", fail)
        editor.change_properties({"mine": "never lose"})
        assert not editor.saved
        with pytest.raises(wk.WorldError, match="full"):
            editor.save()
        assert ask(comms[0], "save")["code"] == "unsaved" and "full" in editor.property_list["trouble"]
    if again == "the next edit":
        editor.apply([OPEN_DOOR])
    elif again == "save":
        editor.save()
    else:
        assert ask(comms[0], "save")["type"] == "accepted"
    assert editor.saved and set(wk.load_properties(beside)) == {"key", "mine"}
    assert not editor.property_list["trouble"]


def test_what_could_not_be_read_is_read_again_although_the_file_looks_the_same(
    file: Path, comms: list[RecordingComm]
) -> None:
    beside = file.with_name("lane.properties.toml")
    good = beside.read_bytes()
    status = beside.stat()
    beside.write_bytes(b"[".ljust(len(good)))  # as long as a file that may not be read has its size and its time
    os.utime(beside, ns=(status.st_atime_ns, status.st_mtime_ns))
    editor = edit(file)
    assert not editor.property_list["readable"]
    beside.write_bytes(good)
    os.utime(beside, ns=(status.st_atime_ns, status.st_mtime_ns))
    editor.change_properties({"mine": "never lose"})
    assert set(editor.properties) == {"key", "mine"} == set(wk.load_properties(beside))
    assert editor.property_list["readable"] and not editor.property_list["trouble"] and editor.saved


@pytest.mark.parametrize("again", ["the next edit", "a view that opens"])
def test_a_file_that_could_not_be_read_and_is_deleted_is_written_again(
    file: Path, comms: list[RecordingComm], again: str
) -> None:
    beside = file.with_name("lane.properties.toml")
    beside.write_text("[properties\n")
    editor = edit(file).change_properties({"mine": "never lose"})
    beside.unlink()
    if again == "the next edit":
        editor.change_properties({"more": "never lose"})
    else:
        ask(comms[0], "hello")
    assert dict(wk.load_properties(beside)) == dict(editor.properties) and "mine" in editor.properties
    assert editor.property_list["readable"] and not editor.property_list["trouble"] and editor.saved


def test_a_change_beside_a_file_that_cannot_be_read_is_no_saved_edit(file: Path, comms: list[RecordingComm]) -> None:
    beside = file.with_name("lane.properties.toml")
    beside.write_text("[properties\n")
    editor = edit(file)
    assert editor.saved, "nothing was changed here"
    editor.change_properties({"mine": "never lose"})
    assert not editor.saved
    with pytest.raises(wk.WorldError, match="not TOML"):
        editor.save()
    assert ask(comms[0], "save")["code"] == "unsaved"
    editor.undo()
    assert editor.save().saved
    editor.redo()
    beside.write_text(f"[properties]\nkey = '{KEY_PROPERTY}'\n")
    assert editor.save().saved and set(wk.load_properties(beside)) == {"key", "mine"}


def test_a_world_that_gets_a_file_takes_its_properties_along(lane: World, tmp_path: Path) -> None:
    editor = edit(lane).change_properties({"key": KEY_PROPERTY})
    editor.save_as(tmp_path / "other.world.json")
    assert wk.load(tmp_path / "other.world.json").properties["key"].text == KEY_PROPERTY
    assert editor.property_list["place"] == "other.properties.toml"
    editor.save_as(tmp_path / "third.world.json")
    assert editor.property_list["place"] == "third.properties.toml"


def test_a_world_without_properties_that_gets_a_file_makes_no_file_of_properties(lane: World, tmp_path: Path) -> None:
    editor = edit(lane).save_as(tmp_path / "other.world.json")
    editor.save_as(tmp_path / "third.world.json")
    editor.apply([OPEN_DOOR])
    assert not list(tmp_path.glob("*.toml"))


def test_properties_that_cannot_be_read_do_not_keep_those_of_the_next_file_from_being_saved(
    file: Path, comms: list[RecordingComm]
) -> None:
    file.with_name("lane.properties.toml").write_text("[properties\n")
    editor = edit(file).save_as(file.with_name("other.world.json"))
    assert editor.property_list["readable"] and editor.property_list["trouble"] == ""
    editor.change_properties({"mine": "never lose"})
    assert list(wk.load_properties(file.with_name("other.properties.toml"))) == ["mine"]
    assert file.with_name("lane.properties.toml").read_text() == "[properties\n"


@pytest.mark.parametrize("theirs", ["an end = 'nonsense'\n", "[properties]\n'an end' = 'possible: win'\n"])
def test_properties_of_another_world_are_replaced_only_when_that_is_said(
    theirs: str, file: Path, lane: World, comms: list[RecordingComm]
) -> None:
    lane.save(file.with_name("c.json"))
    beside = file.with_name("c.properties.toml")
    beside.write_text(theirs)
    editor = edit(file)
    reply = ask(comms[-1], "save_as", path="c.world.json")
    assert reply["type"] == "rejected" and "c.properties.toml is there already" in reply["message"]
    with pytest.raises(wk.WorldError, match="overwrite=True"):
        editor.save_as(file.with_name("c.world.json"))
    assert beside.read_text() == theirs and not file.with_name("c.world.json").exists() and editor.path == file
    editor.save_as(file.with_name("lane.json"))  # beside which the same properties are
    assert editor.saved and list(editor.properties) == ["key"]
    if "possible" in theirs:
        editor.save_as(file.with_name("c.world.json"), overwrite=True)
        assert list(wk.load_properties(beside)) == ["key"]


def test_a_file_that_is_opened_keeps_its_properties(file: Path, comms: list[RecordingComm]) -> None:
    editor = edit()
    editor.change_properties({"key": "never lose", "mine": "never lose"})
    ask(comms[-1], "hello")
    assert ask(comms[-1], "begin", source="file", name=str(file))["type"] == "accepted"
    beside = wk.load_properties(file.with_name("lane.properties.toml"))
    assert {name: value.text for name, value in beside.items()} == {"key": KEY_PROPERTY, "mine": "never lose"}
    assert dict(editor.properties) == dict(beside)


def test_a_file_that_is_opened_while_it_cannot_be_read_keeps_its_properties_once_it_is_mended(
    file: Path, comms: list[RecordingComm]
) -> None:
    beside = file.with_name("lane.properties.toml")
    text = beside.read_text() + "theirs = 'never win'\n"
    beside.write_text("[properties\n")
    editor = edit().change_properties({"key": "never lose", "mine": "never lose", "theirs": "never lose"})
    ask(comms[-1], "begin", source="file", name=str(file))
    assert not editor.property_list["readable"] and beside.read_text() == "[properties\n"
    editor.change_properties({"theirs": "no ending within 1 step", "late": "never lose"})
    beside.write_text(text)
    ask(comms[-1], "hello")
    texts = {"key": KEY_PROPERTY, "mine": "never lose", "theirs": "no ending within 1 step", "late": "never lose"}
    assert {name: value.text for name, value in editor.properties.items()} == texts
    assert dict(wk.load_properties(beside)) == dict(editor.properties)


def test_a_file_that_is_opened_without_properties_gets_those_of_the_editor_and_is_followed(
    file: Path, comms: list[RecordingComm]
) -> None:
    beside = file.with_name("lane.properties.toml")
    beside.unlink()
    editor = edit().change_properties({"key": KEY_PROPERTY, "mine": "never lose"})
    ask(comms[-1], "begin", source="file", name=str(file))
    assert list(wk.load_properties(beside)) == ["key", "mine"]
    beside.write_text("[properties]\nmine = 'never lose'\n")
    ask(comms[-1], "hello")
    assert list(editor.properties) == ["mine"] == list(wk.load_properties(beside))


def test_a_newer_edit_stops_the_check_of_the_one_before(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane, properties={"key": KEY_PROPERTY})
    ask(comms[-1], "hello")
    for _ in range(5):
        editor.apply([OPEN_DOOR]).undo()
    editor.apply([OPEN_DOOR])
    assert rows(editor) == {"key": "broken"}
    assert not editor.property_list["checking"]


def test_a_read_only_view_changes_no_property(lane: World, comms: list[RecordingComm]) -> None:
    editor = edit(lane, properties={"key": KEY_PROPERTY}, read_only=True)
    assert ask(comms[-1], "edit_properties", edits=[{"name": "key"}])["code"] == "read_only"
    assert list(editor.properties) == ["key"]
