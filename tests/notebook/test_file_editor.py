"""An editor of a world that lives in a file: what is saved and when, and that nobody's change is ever written over."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.notebook.conftest import RecordingComm, small
from tests.notebook.test_store_editor import ask, edits, prose, rename, settle
from worldkit import SavingEditor
from worldkit.stores.file import digest

Json = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mine.world.json"
    wk.load(small()).save(path)
    return path


@pytest.fixture
def editor(path: Path, comms: list[RecordingComm]) -> SavingEditor:
    return wk.edit(path)


def change(path: Path, *ops: Json) -> None:
    """Change the file as another program does."""
    wk.load(path).apply(ops).save(path)


class TestANewWorld:
    def test_it_has_a_scene_to_begin_in_and_only_lacks_an_ending(self) -> None:
        world = wk.World.new("The Key")
        assert (world.name, world.start, list(world.states)) == ("The Key", "start", ["start"])
        assert [diagnostic.lint for diagnostic in world.lint()] == ["no-ending"]
        assert wk.Session(world).state == "start" and wk.load(world.to_json()) == world

    @pytest.mark.parametrize("call", ["World()", "World.empty()", "World.create('x')", "World(scene={})"])
    def test_other_ways_to_make_one_say_which_way_does(self, call: str) -> None:
        with pytest.raises((TypeError, AttributeError), match=r"World\.new\("):
            eval(call, {"World": wk.World})

    def test_a_name_that_is_none_is_refused(self) -> None:
        with pytest.raises(TypeError, match="name: expected a string"):
            wk.World.new(None)  # type: ignore[arg-type]
        with pytest.raises(wk.WorldError, match="surrogate"):
            wk.World.new("\ud800")


class TestSaving:
    def test_an_edit_is_in_the_file_when_it_is_accepted(self, editor: SavingEditor, path: Path) -> None:
        reply = ask(editor, "edit", base=editor.world.rev, ops=[prose("lane", "Rain.")])
        assert reply["type"] == "accepted" and wk.load(path) == editor.world
        assert (editor.saved, editor.path, editor.unsaved, editor.binding["status"]) == (True, path, [], "saved")

    def test_undo_and_redo_are_saved_too(self, editor: SavingEditor, path: Path) -> None:
        before = editor.world
        editor.apply([rename("lane", "road")])
        assert editor.undo().world == before == wk.load(path)
        assert editor.redo().world == wk.load(path) != before

    def test_a_file_that_is_not_there_is_made(self, tmp_path: Path, comms: list[RecordingComm]) -> None:
        path = tmp_path / "the-key.world.json"
        editor = wk.edit(str(path))
        assert wk.load(path) == editor.world == wk.World.new("The key") and editor.saved

    def test_cards_stand_where_they_were_put_when_it_is_opened_again(self, editor: SavingEditor, path: Path) -> None:
        editor.move({"lane": (7, 11)})
        editor.apply([rename("lane", "road")])
        assert wk.edit(path).layout["road"] == (7, 11)
        positions = json.loads(path.with_name("mine.world.layout.json").read_text())["positions"]
        assert positions.keys() == {"road", "gate", "hall"} and positions["road"] == [7, 11]

    def test_what_else_the_files_hold_stays(self, path: Path, comms: list[RecordingComm]) -> None:
        path.write_text(json.dumps({**small(), "mood": {"key": [1, None]}}, indent=4))
        beside = path.with_name("mine.world.layout.json")
        beside.write_text(json.dumps({"format": "worldkit/layout", "version": 1, "notes": [{"text": "ask Ana"}]}))
        wk.edit(path).apply([prose("lane", "Rain.")]).move({"lane": (7, 11)})
        assert json.loads(path.read_text())["mood"] == {"key": [1, None]}
        assert '\n    "scene"' in path.read_text(), "it is indented as it was"
        assert json.loads(beside.read_text())["notes"] == [{"text": "ask Ana"}]

    def test_lines_end_as_they_did(self, path: Path, comms: list[RecordingComm]) -> None:
        beside, properties = path.with_name("mine.world.layout.json"), path.with_name("mine.properties.toml")
        path.write_bytes(b"\xef\xbb\xbf" + json.dumps(small(), indent=4).replace("\n", "\r\n").encode())
        beside.write_bytes(b'{\r\n"format": "worldkit/layout", "version": 1}\r\n')
        properties.write_bytes(b"\xef\xbb\xbf# mine\r\n[properties]\r\nx = 'possible: win'\r\n")
        editor = wk.edit(path).apply([prose("lane", "Rain.")]).move({"lane": (7, 11)})
        editor.change_properties({"x": "possible: win", "y": "never lose"})
        for file in (path, beside, properties):
            data = file.read_bytes()
            assert data.count(b"\r\n") == data.count(b"\n") > 2, file.name
        assert b'\r\n    "scene"' in path.read_bytes() and b"# mine" in properties.read_bytes()
        assert wk.load(path) == editor.world and list(wk.load_properties(properties)) == ["x", "y"]

    def test_a_file_is_saved_whose_name_is_almost_too_long(self, tmp_path: Path, comms: list[RecordingComm]) -> None:
        path = tmp_path / f"{'x' * 244}.world.json"
        path.write_text(json.dumps(small()))
        assert len(path.name) == 255
        editor = wk.edit(path).apply([prose("lane", "Rain.")])
        assert editor.saved and wk.load(path) == editor.world and list(tmp_path.iterdir()) == [path]

    def test_a_link_has_the_positions_and_properties_of_its_file(
        self, path: Path, tmp_path: Path, comms: list[RecordingComm]
    ) -> None:
        (tmp_path / "links").mkdir()
        link = tmp_path / "links" / "link.world.json"
        link.symlink_to(path)
        editor = wk.edit(link).apply([prose("lane", "Rain.")]).move({"lane": (7, 11)})
        editor.change_properties({"x": "possible: win"})
        assert list(link.parent.iterdir()) == [link] and link.is_symlink()
        opened = wk.edit(path)
        assert opened.layout["lane"] == (7, 11) and list(opened.properties) == ["x"]
        assert list(wk.load(link).properties) == ["x"]

    @pytest.mark.parametrize(
        ("name", "error", "says"),
        [
            ("nowhere/mine.world.json", FileNotFoundError, "there is no folder"),
            ("mine.txt", wk.WorldError, "ends in .json"),
            ("mine.world.layout.json", wk.WorldError, "positions"),
            ("mine.world.Layout.JSON", wk.WorldError, "positions"),
            (
                "a-circle.json",
                wk.WorldError,
                "^a-circle.json cannot be (read|written): too many levels of symbolic links$",
            ),
            ("a-folder.json", wk.WorldError, "no file"),
            ("a-fifo.json", wk.WorldError, "no file"),
            ("envelope.json", wk.InvalidWorld, "a world by itself"),
            ("half.json", wk.InvalidWorld, "not JSON"),
            ('{"scene": {}}', TypeError, "worldkit.load"),
        ],
    )
    def test_what_cannot_be_opened_says_why(self, tmp_path: Path, name: str, error: type[Exception], says: str) -> None:
        (tmp_path / "a-folder.json").mkdir()
        os.mkfifo(tmp_path / "a-fifo.json")
        (tmp_path / "a-circle.json").symlink_to("a-circle.json")
        (tmp_path / "envelope.json").write_text(json.dumps({"world": small()}))
        (tmp_path / "half.json").write_text('{"scene": ')
        with pytest.raises(error, match=says):
            wk.edit(name if name.startswith("{") else str(tmp_path / name))

    def test_a_name_may_end_in_capitals(self, tmp_path: Path) -> None:
        wk.edit(tmp_path / "MINE.JSON").apply([{"op": "add_state", "id": "lane", "state": {"base": "Rain."}}])
        assert "lane" in wk.load(tmp_path / "MINE.JSON").states

    def test_a_read_only_editor_makes_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="read-only"):
            wk.edit(tmp_path / "no.world.json", read_only=True)
        assert list(tmp_path.iterdir()) == []

    def test_the_binding_has_no_folder_in_it(self, editor: SavingEditor, path: Path) -> None:
        assert editor.binding["place"] == "mine.world.json" and str(path.parent) not in json.dumps(editor.binding)


class TestAChangeBySomebodyElse:
    def test_it_is_met_and_not_written_over(self, editor: SavingEditor, path: Path) -> None:
        change(path, prose("lane", "Grass."), rename("gate", "arch"))
        theirs = path.read_bytes()
        with pytest.raises(wk.FileChanged, match=r"mine\.world\.json was changed by somebody else"):
            editor.apply([prose("lane", "Rain.")])
        assert path.read_bytes() == theirs and not editor.saved and editor.conflict is not None
        assert [one["id"] for one in editor.binding["conflict"]["elsewhere"]] == ["gate → arch", "lane"]
        editor.reconcile("rebase", {"states.lane.base": "theirs"})
        assert editor.world.states["lane"].base == "Grass." and wk.load(path) == editor.world and editor.saved

    def test_it_is_taken_over_when_nothing_waits(self, editor: SavingEditor, path: Path) -> None:
        change(path, prose("lane", "Grass."))
        assert ask(editor, "reload")["type"] == "accepted"
        assert editor.world == wk.load(path) and editor.world.states["lane"].base == "Grass."

    def test_a_file_that_was_only_written_anew_is_no_conflict(self, editor: SavingEditor, path: Path) -> None:
        path.write_text(json.dumps(json.loads(path.read_text())))
        editor.apply([prose("lane", "Rain.")])
        assert editor.saved and wk.load(path) == editor.world

    def test_a_removed_file_is_not_made_again_unasked(self, editor: SavingEditor, path: Path) -> None:
        path.unlink()
        with pytest.raises(wk.StoreError, match="no longer there"):
            editor.apply([prose("lane", "Rain.")])
        assert not path.exists() and editor.world.states["lane"].base == "Rain."
        editor.save_as(path)
        assert wk.load(path) == editor.world and editor.saved

    def test_what_is_no_world_any_more_is_left_alone_until_it_is(self, editor: SavingEditor, path: Path) -> None:
        good = path.read_bytes()
        path.write_text("<<<<<<< ours\n{}")
        assert ask(editor, "edit", base=editor.world.rev, ops=[prose("lane", "Rain.")])["type"] == "accepted"
        assert "holds no world that can be read" in editor.binding["trouble"] and editor.unsaved != []
        assert path.read_text().startswith("<<<<<<<")
        path.write_bytes(good)
        assert ask(editor, "save")["type"] == "accepted" and wk.load(path) == editor.world

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_a_map_opens_as_it_was_seen_however_few_of_its_cards_were_placed(
        self, editor: SavingEditor, path: Path, number: int
    ) -> None:
        editor.move({id: (900.0, 2000.0 + 300 * at) for at, id in enumerate([*editor.world.states][:number])})
        assert wk.edit(path).layout == editor.layout
        attic = [{"op": "add_state", "id": "attic", "base": "An attic."}]
        editor.apply([*attic, {"op": "add_transition", "name": "climb", "event": {"from": ["attic"], "to": "lane"}}])
        assert wk.edit(path).layout == editor.layout
        editor.tidy()
        assert wk.edit(path).layout == editor.layout
        editor.tidy(everything=True)
        editor.apply([{"op": "delete_state", "id": "attic"}])
        assert wk.edit(path).layout == editor.layout

    def test_a_map_stays_as_it_was_seen_when_the_only_card_that_was_placed_is_deleted(
        self, editor: SavingEditor, path: Path
    ) -> None:
        attic = [{"op": "add_state", "id": "attic", "base": "An attic."}]
        editor.apply([*attic, {"op": "add_transition", "name": "climb", "event": {"from": ["attic"], "to": "lane"}}])
        editor.move({"attic": (16.0, 3000.0)})
        editor.apply([{"op": "delete_state", "id": "attic"}, {"op": "set_entrance", "state": "hall"}])
        assert wk.edit(path).layout == editor.layout

    def test_a_card_that_another_editor_placed_stays_there_when_this_one_places_its_first(
        self, editor: SavingEditor, path: Path
    ) -> None:
        first, second = [*editor.world.states][:2]
        wk.edit(path).move({first: (4000.0, 8.0)})
        editor.move({second: (16.0, 3000.0)})
        layout = wk.edit(path).layout
        assert (layout[first], layout[second]) == ((4000, 8), (16, 3000))

    def test_positions_of_another_kind_are_left_alone_and_told(self, editor: SavingEditor, path: Path) -> None:
        beside = path.with_name("mine.world.layout.json")
        beside.write_text("mine")
        editor.move({"lane": (7, 11)})
        editor.apply([prose("lane", "Rain.")])
        assert beside.read_text() == "mine" and editor.saved
        assert "mine.world.layout.json is no file of positions" in editor.binding["note"]


PROSE = 'def prose(state, text): return {"op": "set_field", "state": state, "field": "base", "value": text}'
"""``prose`` in a process of its own, which so need not import what tests import."""


def alone(path: Path, before: str) -> Json:
    """Edit a file in a process of its own, after some lines that make that hard; return what came of it."""
    code = f"""
import json, os, resource, signal, sys
import worldkit as wk
{PROSE}
ed = wk.edit({str(path)!r})
ed.apply([prose("lane", "Rain.")])
{before}
try:
    ed.apply([prose("lane", "Snow. " * 400)])
except wk.WorldError as error:
    said = str(error)
ease()
ed.save()
print(json.dumps([said, ed.binding["status"], ed.world.states["lane"].base[:5]]))
"""
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    result: Json = json.loads(process.stdout)
    return result


class TestTrouble:
    def test_a_file_that_may_not_grow_keeps_what_it_held(self, path: Path) -> None:
        """A limit of the process stands for a full disk: the write of the new file fails half way."""
        before = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (900, hard))
ease = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
"""
        text, status, base = alone(path, before)
        assert text == "mine.world.json cannot be written: file too large" and (status, base) == ("saved", "Snow.")
        assert wk.load(path).states["lane"].base.startswith("Snow.")
        assert sorted(one.name for one in path.parent.iterdir()) == ["mine.world.json"], "nothing half written is left"

    def test_a_folder_that_may_not_be_written_to(self) -> None:
        before = """
folder = os.path.dirname(ed.path)
os.chmod(folder, 0o555)
root = os.geteuid() == 0
if root:
    os.seteuid(65534)
def ease():
    if root:
        os.seteuid(0)
    os.chmod(folder, 0o755)
"""
        # not in pytest's folder: every other run of pytest closes that to the other user that writes here
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "mine.world.json")
            wk.load(small()).save(path)
            text, status, base = alone(path, before)
        assert text == "mine.world.json cannot be written: permission denied" and (status, base) == ("saved", "Snow.")

    def test_whatever_was_acknowledged_before_a_kill_is_in_the_file(self, path: Path) -> None:
        code = f"""
import worldkit as wk
{PROSE}
ed = wk.edit({str(path)!r})
for n in range(1_000_000):
    ed.apply([prose("lane", f"{{n}}")])
    ed.move({{"lane": (n + 5000, 0)}})
    print(n, flush=True)
"""
        for lines in (1, 3, 8, 20):
            kernel = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
            assert kernel.stdout is not None
            for _ in range(lines):
                kernel.stdout.readline()
            kernel.send_signal(signal.SIGKILL)
            numbers = [int(line) for line in kernel.stdout if line.endswith("\n")]
            kernel.wait()
            last_number = numbers[-1] if numbers else lines - 1
            world = wk.load(path)
            assert int(world.states["lane"].base) in (last_number, last_number + 1)
            [at, _] = json.loads(path.with_name("mine.world.layout.json").read_text())["positions"]["lane"]
            assert at - 5000 in (last_number, last_number + 1)

    def test_two_kernels_that_write_at_once_lose_nothing(self, path: Path) -> None:
        code = f"""
import sys
import worldkit as wk
{PROSE}
ed = wk.edit(sys.argv[1])
for n in range(40):
    try:
        ed.apply([prose(sys.argv[2], f"{{n}}")])
    except wk.Conflict:
        while not ed.saved:
            try:
                ed.reconcile("rebase")
            except wk.Conflict:
                pass
"""
        command = [sys.executable, "-c", code, str(path)]
        kernels = [subprocess.Popen([*command, state], stderr=subprocess.PIPE) for state in ("lane", "gate")]
        for kernel in kernels:
            _, error = kernel.communicate()
            assert kernel.returncode == 0, error.decode()
        world = wk.load(path)
        assert (world.states["lane"].base, world.states["gate"].base) == ("39", "39")


class TestSaveAs:
    @pytest.fixture
    def nowhere(self, comms: list[RecordingComm]) -> SavingEditor:
        return wk.edit(wk.load(small()))

    def test_a_world_that_lives_nowhere_says_so(self, nowhere: SavingEditor) -> None:
        nowhere.apply([prose("lane", "Rain.")])
        assert (nowhere.saved, nowhere.path, nowhere.binding["status"]) == (False, None, "nowhere")
        assert nowhere.unsaved == nowhere.ops and "lives in this notebook only" in repr(nowhere)
        with pytest.raises(wk.WorldError, match="save_as"):
            nowhere.save()

    def test_from_then_on_every_edit_is_saved_there(self, nowhere: SavingEditor, tmp_path: Path) -> None:
        nowhere.move({"lane": (7, 11)})
        reply = ask(nowhere, "save_as", path=str(tmp_path / "mine"))
        path = tmp_path / "mine.world.json"
        assert reply["type"] == "accepted" and wk.load(path) == nowhere.world and nowhere.path == path
        nowhere.apply([prose("lane", "Rain.")])
        assert wk.load(path) == nowhere.world and wk.edit(path).layout["lane"] == (7, 11)
        nowhere.undo()
        assert wk.load(path) == nowhere.world == wk.load(small())

    def test_what_is_there_is_replaced_only_when_that_is_said(self, nowhere: SavingEditor, path: Path) -> None:
        change(path, prose("lane", "Theirs."))
        there = path.read_bytes()
        assert ask(nowhere, "save_as", path=str(path))["code"] == "exists"
        with pytest.raises(wk.FileError, match="overwrite=True"):
            nowhere.save_as(path)
        assert path.read_bytes() == there and nowhere.path is None
        assert ask(nowhere, "save_as", path=str(path), overwrite=True)["type"] == "accepted"
        assert wk.load(path) == nowhere.world

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("no/x.world.json", "no folder"),
            ("", "is a folder"),
            ("x\0y", "no file has such a name"),
            ("x" * 5000, "at most"),
            ("x" * 300, "file name too long"),
            ("mine.world.layout.json", "positions"),
        ],
    )
    def test_what_is_no_place_for_a_file_is_refused(
        self, nowhere: SavingEditor, tmp_path: Path, name: str, says: str
    ) -> None:
        (tmp_path / ".world.json").mkdir()
        reply = ask(nowhere, "save_as", path=f"{tmp_path}/{name}")
        assert reply["type"] == "rejected" and says in reply["message"] and nowhere.path is None
        assert reply["code"] in ("op", "invalid")

    def test_read_only_views_write_no_file(self, nowhere: SavingEditor, tmp_path: Path) -> None:
        nowhere.read_only = True
        assert ask(nowhere, "save_as", path=str(tmp_path / "mine"))["code"] == "read_only"
        assert list(tmp_path.iterdir()) == []

    def test_a_world_of_a_store_stays_there(self, tmp_path: Path, comms: list[RecordingComm]) -> None:
        with wk.Store(tmp_path / "worlds.db") as store, pytest.raises(wk.WorldError, match=r"world\.save"):
            wk.edit(store.create(wk.load(small()))).save_as(tmp_path / "mine.world.json")


class TestBeginning:
    @pytest.fixture
    def blank(self, comms: list[RecordingComm]) -> SavingEditor:
        return wk.edit()

    def test_it_offers_the_samples(self, blank: SavingEditor) -> None:
        sample_names = [one["id"] for one in blank.start["samples"]]
        assert sorted(sample_names) == [name for name in wk.samples.names() if "broken" not in name]
        assert not blank.world.states

    def test_each_sample_is_offered_with_a_small_picture_of_its_first_scene(self, blank: SavingEditor) -> None:
        pictures = [one["picture"] for one in blank.start["samples"]]
        assert len(set(pictures)) == len(pictures)
        assert all(picture.startswith("data:image/svg+xml;base64,") for picture in pictures)
        assert sum(map(len, pictures)) < 60_000

    def test_a_new_world_has_the_name_given(self, blank: SavingEditor) -> None:
        assert ask(blank, "begin", source="new", name=" The  Key ")["type"] == "accepted"
        assert blank.world == wk.World.new("The Key")
        assert not blank.undo().world.states

    def test_a_sample_is_begun_as_a_step_that_can_be_undone(self, blank: SavingEditor) -> None:
        ask(blank, "begin", source="sample", name="bench")
        assert blank.world == wk.samples.load("bench") and not blank.undo().world.states

    def test_a_file_is_opened_and_kept(self, blank: SavingEditor, path: Path) -> None:
        ask(blank, "begin", source="file", name=str(path))
        assert blank.world == wk.load(path) and blank.path == path
        blank.apply([prose("lane", "Rain.")])
        assert wk.load(path) == blank.world

    @pytest.mark.parametrize(
        ("source", "name", "says"),
        [
            ("file", "nothing.world.json", "there is no file"),
            ("sample", "x", "there is no sample"),
            ("new", "\ud800", ""),
        ],
    )
    def test_what_cannot_be_begun_says_why(self, blank: SavingEditor, source: str, name: str, says: str) -> None:
        reply = ask(blank, "begin", source=source, name=name)
        assert reply["type"] == "rejected" and says in reply["message"] and not blank.world.states

    def test_a_world_with_scenes_is_not_begun_again(self, editor: SavingEditor, path: Path) -> None:
        before = path.read_bytes()
        assert ask(editor, "begin", source="new", name="x")["code"] == "op" and path.read_bytes() == before


# ---- laws --------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(
        st.sampled_from([0, 1]),
        edits | st.sampled_from(["undo", "redo", "reload", "save", "elsewhere", "tidy", "move"]),
        st.sampled_from(["rebase", "theirs", "mine", "later"]),
    ),
    max_size=10,
)


def test_a_conflict_is_over_when_the_other_edit_is_taken_back(comms: list[RecordingComm], tmp_path: Path) -> None:
    path = tmp_path / "mine.world.json"
    wk.load(small()).save(path)
    other, editor = wk.edit(path), wk.edit(path)
    other.apply([{"op": "add_state", "base": "A loft of bare boards."}])
    assert not carry_out(editor, {"op": "delete_state", "id": "lane"}, 0)
    assert editor.conflict is not None
    other.undo()
    editor.reload()
    assert editor.conflict is None and editor.saved
    assert "lane" not in wk.load(path).states


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps)
def test_two_editors_of_one_file_and_somebody_else_lose_no_acknowledged_edit(
    comms: list[RecordingComm], steps: list[tuple[int, Any, Any]]
) -> None:
    """What is acknowledged is in the file or is shown as not saved; nothing is written over that was not seen."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.world.json"
        wk.load(small()).save(path)
        editors = [wk.edit(path), wk.edit(path)]
        for number, (who, what, then) in enumerate(steps):
            if what == "elsewhere":
                change(path, prose(next(iter(wk.load(path).states)), f"Elsewhere {number}."))
                continue
            editor, before, rev = (
                editors[who],
                path.read_bytes(),
                editors[who]._require_sync().sync_state.stored_world.rev,
            )
            world = editor.world
            is_done = carry_out(editor, what, number)
            if path.read_bytes() != before:
                assert rev == digest(before) or wk.load(before) == world, "only what was seen is written over"
            assert (editor.unsaved == []) == editor.saved and (editor.conflict is None or not editor.saved)
            if is_done and editor.saved and editor.world is not world:
                assert wk.load(path) == editor.world, "what is acknowledged is in the file"
            if editor.conflict is not None and then != "later":
                settle(editor, then)
                assert wk.load(path) == editor.world and editor.saved
        for editor in (*editors, editors[0]):
            settle(editor, "rebase")
        assert editors[0].world == editors[1].world == wk.load(path)
        for editor in editors:
            assert wk.load(small()).apply(editor.ops) == editor.world


def carry_out(editor: SavingEditor, what: Any, number: int) -> bool:
    """Do one thing in an editor; say whether it was acknowledged."""
    try:
        if what == "move":
            editor.move({next(iter(editor.world.states)): (number, number)})
        elif isinstance(what, str):
            getattr(editor, what)()
        else:
            editor.apply([what])
    except wk.WorldError:
        return False
    return True
