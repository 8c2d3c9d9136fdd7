"""``worldkit new``, ``generate`` and ``revise``: what they write and print, and their exit codes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit import Interrupted, generation
from worldkit.cli import main

TEMPLATES = ["--model", "templates"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def give_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_new_world_is_written_and_replaces_nothing(folder: Path, capsys: Any) -> None:
    assert main(["new", "The Key", "-o", "mine.world.json"]) == 0
    assert wk.load("mine.world.json") == wk.World.new("The Key")
    assert main(["new", "Another", "-o", "mine.world.json"]) == 2
    assert "mine.world.json exists" in capsys.readouterr().err
    assert wk.load("mine.world.json").name == "The Key"
    assert main(["new", "Another", "-o", "mine.world.json", "--force"]) == 0
    assert wk.load("mine.world.json").name == "Another"


def test_a_world_goes_to_standard_output_and_its_report_to_standard_error(capsys: Any) -> None:
    assert main(["generate", "A diver finds a door.", *TEMPLATES, "--seed", "3", "--states", "7"]) == 0
    printed = capsys.readouterr()
    world = wk.load(json.loads(printed.out))
    assert world == wk.generate("A diver finds a door.", "templates", 3, states=7)
    assert "verify gate 100 of 100" in printed.err and "names of the premise are kept" in printed.err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine.world.json", "mine.world.json exists"),
        ("folder", "is a folder"),
        ("nowhere/a.json", "nowhere is no folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_generated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, name: str, message: str
) -> None:
    Path("mine.world.json").write_text("my own work")
    Path("folder").mkdir()
    monkeypatch.setattr(generation, "generate_with_report", lambda *_, **__: pytest.fail("it was generated"))
    assert main(["generate", "A lamp goes out.", *TEMPLATES, "-o", name]) == 2
    assert message in capsys.readouterr().err
    assert Path("mine.world.json").read_text() == "my own work"


def test_a_world_whose_file_came_to_exist_meanwhile_is_printed_and_replaces_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    generate = generation.generate_with_report

    def generate_slowly(*arguments: Any, **options: Any) -> Any:
        Path("mine.world.json").write_text("my own work")
        return generate(*arguments, **options)

    monkeypatch.setattr(generation, "generate_with_report", generate_slowly)
    assert main(["generate", "A diver finds a door.", *TEMPLATES, "-o", "mine.world.json"]) == 2
    printed = capsys.readouterr()
    assert wk.load(json.loads(printed.out)) == wk.generate("A diver finds a door.", "templates")
    assert "mine.world.json exists" in printed.err
    assert Path("mine.world.json").read_text() == "my own work"


def test_many_premises_become_lines_of_a_file_which_is_completed_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    Path("premises.txt").write_text("A lamp goes out.\n\nA diver finds a door.\n")
    command = ["generate", "--from", "premises.txt", *TEMPLATES, "-o", "worlds.jsonl"]
    assert main(command) == 0
    lines = Path("worlds.jsonl").read_text().splitlines()
    assert [json.loads(line)["premise"] for line in lines] == ["A lamp goes out.", "A diver finds a door."]
    assert all(wk.load(json.loads(line)["world"]).verify().passed for line in lines)
    give_input(monkeypatch, "A lamp goes out.\nA bell rings.\n")
    assert main(["generate", "--from", "-", *TEMPLATES, "-o", "worlds.jsonl"]) == 0
    assert "2 of 2 worlds are in worlds.jsonl" in capsys.readouterr().err
    assert Path("worlds.jsonl").read_text().splitlines()[:2] == lines and len(lines) == 2
    assert len(Path("worlds.jsonl").read_text().splitlines()) == 3, "only the new premise was generated"


def test_many_premises_without_a_file_are_refused_with_what_to_give(capsys: Any) -> None:
    assert main(["generate", "A lamp goes out.", "A bell rings.", *TEMPLATES]) == 2
    assert "the worlds of 2 premises go into a file: give -o worlds.jsonl" in capsys.readouterr().err


def test_a_file_of_one_premise_is_refused_without_a_file_and_with_force(folder: Path, capsys: Any) -> None:
    Path("premises.txt").write_text("A lamp goes out.\n")
    command = ["generate", "--from", "premises.txt", *TEMPLATES]
    assert main(command) == 2
    assert "the worlds of 1 premise go into a file" in capsys.readouterr().err
    Path("worlds.jsonl").write_text("")
    assert main([*command, "-o", "worlds.jsonl", "--force"]) == 2
    assert "--force is for one premise" in capsys.readouterr().err
    assert Path("worlds.jsonl").read_text() == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no premise is given"),
        (["A lamp.", "--states", "3"], "5 to 200"),
        (["A lamp.", "--model", "gpt"], "is not known"),
        (["--from", "nowhere.txt"], "no such file"),
        (["A lamp.", "--from", "premises.txt", "-o", "w.jsonl", "--pov", "first_person"], "for one premise"),
    ],
)
def test_what_cannot_be_generated_exits_with_2_and_says_why(
    folder: Path, arguments: list[str], message: str, capsys: Any
) -> None:
    Path("premises.txt").write_text("A lamp goes out.\n")
    assert main(["generate", *arguments]) == 2
    printed = capsys.readouterr()
    assert message in printed.err and printed.out == "" and "Traceback" not in printed.err


@pytest.mark.parametrize("option", [["--key", "sk-12345678"], ["--api-key=sk-12345678"]])
def test_a_key_on_the_command_line_is_refused_and_not_repeated(option: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["generate", "A lamp.", *option])
    printed = capsys.readouterr()
    assert "WORLDKIT_CHAT_KEY" in printed.err and "12345678" not in printed.err


def test_a_premise_that_fails_is_named_and_exits_with_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def fail_one(premises: list[str], *_: Any, **__: Any) -> list[wk.Generated]:
        world = wk.World.new("The Lamp")
        return [wk.Generated(premises[0], 1, 6, world), wk.Generated(premises[1], 1, 6, error="the server is gone")]

    monkeypatch.setattr(generation, "generate_many", fail_one)
    assert main(["generate", "A lamp goes out.", "A bell rings.", "-o", "worlds.jsonl"]) == 1
    assert "A bell rings.: the server is gone" in capsys.readouterr().err


def test_an_interrupt_leaves_the_world_so_far(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise Interrupted(wk.World.new("Half Written"))

    monkeypatch.setattr(generation, "generate_with_report", interrupt)
    assert main(["generate", "A lamp goes out.", "-o", "mine.world.json"]) == 130
    assert wk.load("mine.world.json").name == "Half Written"
    assert "the world so far is in mine.world.json" in capsys.readouterr().err
    assert main(["generate", "A lamp goes out."]) == 130
    assert capsys.readouterr().out == "", "half a world is not sent on through a pipe"


def test_a_byte_order_mark_is_no_part_of_a_premise(folder: Path) -> None:
    Path("premises.txt").write_text("A lamp goes out.\n", encoding="utf-8-sig")
    assert main(["generate", "--from", "premises.txt", *TEMPLATES, "-o", "worlds.jsonl"]) == 0
    (line,) = Path("worlds.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["premise"] == "A lamp goes out."


def test_a_revision_is_shown_and_written_only_where_it_is_told(folder: Path, capsys: Any) -> None:
    wk.samples.load("bench").save("mine.world.json")
    before = Path("mine.world.json").read_bytes()
    command = ["revise", "mine.world.json", "rename lane to road", *TEMPLATES]
    assert main(command) == 0
    assert "Renamed the state lane to road." in capsys.readouterr().out
    assert Path("mine.world.json").read_bytes() == before
    assert main([*command, "--json"]) == 0
    Path("ops.json").write_text(capsys.readouterr().out)
    assert main(["apply", "mine.world.json", "ops.json", "-o", "applied.world.json"]) == 0
    assert main([*command, "-o", "-"]) == 0
    assert "road" in wk.load(json.loads(capsys.readouterr().out)).states
    assert main([*command, "--in-place"]) == 0
    assert wk.load("mine.world.json") == wk.load("applied.world.json")


def test_an_instruction_that_is_not_understood_changes_nothing(folder: Path, capsys: Any) -> None:
    wk.samples.load("bench").save("mine.world.json")
    before = Path("mine.world.json").read_bytes()
    assert main(["revise", "mine.world.json", "sing", *TEMPLATES, "--in-place"]) == 2
    assert Path("mine.world.json").read_bytes() == before
    printed = capsys.readouterr().err
    assert printed.startswith("worldkit: ") and printed.count("\n") == 1
    assert "semicolons: rename the lane to the old lane; make the ending colder" in printed


def test_what_was_generated_is_judged_from_its_file_by_its_premises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, premise = tmp_path / "worlds.jsonl", "A baker must escape before dawn in a department store in a storm."
    wk.generate_many([premise, None, "A diver finds a door."], "templates", out=out)
    assert main(["quality", str(out), "--json"]) == 0
    worlds = json.loads(capsys.readouterr().out)["worlds"]
    assert {world["premise"]["text"] for world in worlds} == {premise, "A diver finds a door."}
    wk.samples.load("bench").save(tmp_path / "bench.world.json")
    assert main(["quality", str(tmp_path), "--json"]) == 0, "a folder is its *.world.json"
    (world,) = json.loads(capsys.readouterr().out)["worlds"]
    assert world["premise"] is None
    with out.open("a", encoding="utf-8") as file:
        file.write("{ torn\n")
    assert main(["quality", str(out)]) == 2
    assert "line 4 is not a readable world" in capsys.readouterr().err
    assert main(["quality", str(tmp_path / "bench.world.jso")]) == 2
    assert "did you mean" in capsys.readouterr().err
