"""Commands that write a world back to its file, while an editor has the file open."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.painting.images_server import serving
from worldkit import interop
from worldkit.cli import main
from worldkit.generation.revision import reviser
from worldkit.stores import file_lock
from worldkit.stores.file import WorldFileStore

FILE = "mine.world.json"
BENCH = {"op": "set_field", "state": "bench", "field": "base", "value": "A bench, said in the editor."}
LANE = {"op": "set_field", "state": "lane", "field": "base", "value": "A lane, said on the command line."}
RENAME = {"op": "rename_state", "from": "lane", "to": "road"}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    wk.samples.load("bench").save(FILE)


def save_in_editor(*_: Any) -> None:
    assert wk.edit(FILE).apply([BENCH]).saved


def after_saving(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    save_in_editor()
    return function(*arguments, **options)


def assert_the_editors_world_is_there(errors: str) -> None:
    assert f"{FILE} was changed by somebody else since it was read; nothing was written over it" in errors
    assert wk.load(FILE) == wk.samples.load("bench").apply([BENCH])


class SlowInput(io.BytesIO):
    """Standard input on which somebody saves the world before anything comes."""

    def read(self, size: int | None = -1) -> bytes:
        save_in_editor()
        return super().read(size)


def test_operations_that_come_slowly_are_applied_to_the_world_that_is_there_by_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(SlowInput(json.dumps([LANE]).encode())))
    assert main(["apply", FILE, "-", "--in-place"]) == 0
    assert wk.load(FILE) == wk.samples.load("bench").apply([BENCH, LANE])


EDITS: dict[str, tuple[list[str], str]] = {
    "apply": (["ops.json"], LANE["value"]),
    "revise": (["rename lane to road", "--model", "templates"], "road"),
    "script": (["texts.csv", "--take"], "A lane of mud."),
}
"""The commands that write an edited world, with their arguments, and what the world then holds."""


@pytest.mark.parametrize("command", EDITS)
def test_an_output_file_that_exists_is_replaced_only_when_told_to(command: str, capsys: Any) -> None:
    Path("ops.json").write_text(json.dumps([LANE]))
    Path("texts.csv").write_text("key,text\nstate[lane].base,A lane of mud.\n")
    arguments, edit = EDITS[command]
    Path("out.json").write_text("not to be lost")
    before = Path(FILE).read_bytes()
    assert main([command, FILE, *arguments, "-o", "out.json"]) == 2
    assert "out.json exists; give another name, or --force to replace it" in capsys.readouterr().err
    assert Path("out.json").read_text() == "not to be lost"
    assert main([command, FILE, *arguments, "-o", "out.json", "--force"]) == 0
    assert edit in Path("out.json").read_text() and Path(FILE).read_bytes() == before
    assert main([command, FILE, *arguments, "-o", f"./{FILE}"]) == 0
    assert edit in Path(FILE).read_text()


def test_an_output_file_that_is_the_worlds_own_is_not_written_over_what_was_saved_meanwhile(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(reviser, "revise", partial(after_saving, reviser.revise))
    assert main(["revise", FILE, "rename lane to road", "--model", "templates", "-o", FILE]) == 2
    assert_the_editors_world_is_there(capsys.readouterr().err)


def test_a_revision_is_not_written_over_what_was_saved_meanwhile_and_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(reviser, "revise", partial(after_saving, reviser.revise))
    command = ["revise", FILE, "rename lane to road", "--model", "templates", "--in-place"]
    assert main(command) == 2
    output = capsys.readouterr()
    assert_the_editors_world_is_there(output.err)
    assert '"road"' in output.out


def test_stills_are_not_put_into_a_world_that_was_saved_meanwhile(capsys: Any) -> None:
    with serving(save_in_editor) as server:
        model = f"images:{server.url}#sdxl"
        assert main(["paint", FILE, "--model", model, "--size", "64x36", "--embed", "--in-place"]) == 2
    assert_the_editors_world_is_there(capsys.readouterr().err)


def test_a_sheet_is_not_taken_into_a_world_that_was_saved_meanwhile(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    wk.load(FILE).apply([LANE]).to_script("mine.csv")
    monkeypatch.setattr(interop, "read_script", partial(after_saving, interop.read_script))
    assert main(["script", FILE, "mine.csv", "--take", "--in-place"]) == 2
    assert_the_editors_world_is_there(capsys.readouterr().err)


def test_fixes_are_not_written_over_what_was_saved_meanwhile(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    lint = wk.World.lint

    def slow_lint(world: wk.World, *arguments: Any) -> Any:
        monkeypatch.setattr(wk.World, "lint", lint)
        return after_saving(lint, world, *arguments)

    monkeypatch.setattr(wk.World, "lint", slow_lint)
    assert main(["lint", FILE, "--fix"]) == 2
    assert_the_editors_world_is_there(capsys.readouterr().err)


def test_a_file_that_another_program_is_writing_is_left_alone(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(file_lock, "LOCK_TIMEOUT_S", 0)
    Path("ops.json").write_text(json.dumps([LANE]), encoding="utf-8")
    with file_lock.locked(Path(FILE)):
        assert main(["apply", FILE, "ops.json", "--in-place"]) == 2
    assert f"{FILE} is being written by another call in this process" in capsys.readouterr().err
    assert wk.load(FILE) == wk.samples.load("bench")


def test_files_that_another_program_is_writing_do_not_keep_others_from_being_linted(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(file_lock, "LOCK_TIMEOUT_S", 0)
    document = wk.samples.load("bench").to_dict()
    document["scene"]["events"] *= 2  # a name that is there twice can be fixed
    for name in ("a", "b", "c"):
        Path(f"{name}.world.json").write_text(json.dumps(document), encoding="utf-8")
    with file_lock.locked(Path("b.world.json")):
        assert main(["lint", "--fix", "a.world.json", "b.world.json", "c.world.json"]) == 2
    printed = capsys.readouterr()
    assert "b.world.json is being written by another call in this process" in printed.err
    assert "a.world.json" in printed.out and "c.world.json" in printed.out


def test_indentation_and_line_ends_of_a_world_and_its_map_stay() -> None:
    put_on_map()
    world, map_file = Path(FILE), Path("mine.world.layout.json")
    text = json.dumps(wk.load(FILE).to_dict(), indent=4)
    world.write_bytes(text.replace("\n", "\r\n").encode())
    map_file.write_bytes(map_file.read_bytes().replace(b"\n", b"\r\n"))
    apply_on_the_command_line()
    for file in (world, map_file):
        data = file.read_bytes()
        assert b"road" in data and data.count(b"\r\n") == data.count(b"\n") > 5, file
    assert b'\r\n    "' in world.read_bytes() and b'\r\n  "' not in world.read_bytes()


def put_on_map() -> WorldFileStore:
    """Put something of every kind on the map of the lane, and return the file's store."""
    store = WorldFileStore(FILE)
    store.place(FILE, {"lane": (1, 2), "bench": (3, 4)})
    editor = wk.edit(FILE)
    editor.notes.add("Which lane?", state="lane")
    editor.regions.add("Outside", ["lane", "bench"])
    editor.tags.add("dark", ["lane"])
    return store


def assert_the_map_follows(store: WorldFileStore) -> None:
    layout = store.layout(FILE)
    assert (layout["road"], layout["bench"]) == ((1, 2), (3, 4)) and "lane" not in layout
    annotations = store.annotations(FILE)
    assert [note.state for note in annotations.notes.values()] == ["road"]
    assert [region.states for region in annotations.regions.values()] == [("road", "bench")]
    assert list(annotations.tagged) == ["road"]


def apply_on_the_command_line() -> None:
    Path("ops.json").write_text(json.dumps([RENAME]), encoding="utf-8")
    assert main(["apply", FILE, "ops.json", "--in-place"]) == 0


def revise_on_the_command_line() -> None:
    assert main(["revise", FILE, "rename lane to road", "--model", "templates", "--in-place"]) == 0


def apply_in_the_store() -> None:
    WorldFileStore(FILE).apply(FILE, [RENAME])


RENAMINGS = (apply_on_the_command_line, revise_on_the_command_line, apply_in_the_store)


@pytest.mark.parametrize("rename", RENAMINGS)
def test_what_is_on_the_map_follows_a_renamed_state(rename: Callable[[], None]) -> None:
    store = put_on_map()
    rename()
    assert "road" in wk.load(FILE).states
    assert_the_map_follows(store)


@pytest.mark.parametrize("rename", RENAMINGS)
def test_a_map_that_cannot_be_read_stays_and_the_world_is_written(rename: Callable[[], None], capsys: Any) -> None:
    map_file = Path("mine.world.layout.json")
    map_file.write_text("[]", encoding="utf-8")
    rename()
    assert "road" in wk.load(FILE).states and map_file.read_text(encoding="utf-8") == "[]"
    is_said = f"{FILE} is written, but not its map: {map_file} is no file of positions" in capsys.readouterr().err
    assert is_said == (rename is not apply_in_the_store)


def test_a_second_name_of_the_file_is_another_file_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.world.json").hardlink_to(FILE)
    Path("ops.json").write_text(json.dumps([LANE]))
    assert main(["apply", FILE, "ops.json", "-o", "other.world.json"]) == 2
    assert "other.world.json exists" in capsys.readouterr().err
    assert main(["apply", FILE, "ops.json", "-o", "other.world.json", "--force"]) == 0
    assert wk.load(FILE) == wk.samples.load("bench")
    assert wk.load("other.world.json") == wk.samples.load("bench").apply([LANE])
    assert main(["apply", FILE, "ops.json", "-o", f"./{FILE}"]) == 0
    assert wk.load(FILE) == wk.samples.load("bench").apply([LANE])
