"""Worlds in git: real repositories, real merges."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit.cli import main

Json = dict[str, Any]
Git = Callable[..., subprocess.CompletedProcess[str]]

LANE = "A stone lane runs between dry walls under low cloud. A lamp burns at its end."
FILE = "light.world.json"


def document() -> Json:
    return {
        "schemaVersion": "1.0",
        "entrance": {"state": "lane"},
        "scene": {
            "states": {
                "lane": {"base": LANE},
                "shed": {"base": "A tin shed smells of rope and paraffin."},
                "home": {"base": "A low room with a fire.", "ending": {"kind": "win", "title": "Home"}},
            },
            "events": [
                {"name": "to_shed", "kind": "transition", "from": ["lane"], "to": "shed"},
                {"name": "back", "kind": "transition", "from": ["shed"], "to": "lane"},
                {"name": "take_lamp", "kind": "override", "from": ["shed"], "grants": ["lamp"], "oneShot": True},
                {"name": "open_door", "kind": "transition", "from": ["lane"], "to": "home"},
            ],
        },
    }


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one world committed, and the drivers installed; no configuration but its own is read."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "global.gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in [name for name in os.environ if name.startswith("GIT_") and not name.startswith("GIT_CONFIG_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "Somebody")
    git("config", "user.email", "somebody@example.org")
    assert main(["git", "install"]) == 0
    save(document())
    commit("begin")
    return folder


def git(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    process = subprocess.run(["git", *arguments], capture_output=True, encoding="utf-8", check=False)
    assert process.returncode == code, process.stdout + process.stderr
    return process


def save(world: Json, name: str = FILE, indent: int | str | None = 2) -> None:
    Path(name).write_text(json.dumps(world, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")


def commit(message: str) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", message)


def branches(ours: Json, theirs: Json) -> None:
    """Commit one document on main and another on a branch beside it."""
    git("checkout", "-q", "-b", "side")
    save(theirs)
    commit("theirs")
    git("checkout", "-q", "main")
    save(ours)
    commit("ours")


def test_two_branches_that_touched_different_states_merge_where_git_alone_does_not(repository: Path) -> None:
    ours, theirs = document(), document()
    del ours["scene"]["events"][0]
    ours["scene"]["events"].insert(0, {"name": "stroll", "kind": "transition", "from": ["lane"], "to": "shed"})
    theirs["scene"]["states"]["shed"]["narration"] = "It is dark in here."
    theirs["scene"]["states"]["lane"]["base"] = LANE.replace("A lamp burns at its end.", "No light burns.")
    ours["scene"]["states"]["lane"]["base"] = LANE.replace("low cloud", "a high moon")
    branches(ours, theirs)
    Path(".gitattributes").rename("attributes.off")
    git("merge", "side", code=1)
    git("merge", "--abort")
    Path("attributes.off").rename(".gitattributes")
    git("merge", "-q", "--no-edit", "side")
    world = wk.load(FILE)
    assert world.states["lane"].base == "A stone lane runs between dry walls under a high moon. No light burns."
    assert world.states["shed"].narration == "It is dark in here." and "stroll" in world.events_by_name
    assert git("status", "--porcelain").stdout == ""


def test_a_world_whose_file_name_begins_with_a_dash_is_printed_for_git(repository: Path) -> None:
    save(document(), "-draft.world.json")
    commit("draft")
    shown = git("blame", "-s", "--", "-draft.world.json").stdout
    assert LANE in shown and '"base": "' not in shown


def test_a_state_renamed_here_and_edited_there_merges(repository: Path) -> None:
    ours = json.loads(json.dumps(document()).replace('"shed"', '"boathouse"'))
    theirs = document()
    theirs["scene"]["states"]["shed"]["ambient"] = ["rope creaks"]
    theirs["scene"]["events"].append({"name": "peer", "kind": "transition", "from": ["home"], "to": "shed"})
    branches(ours, theirs)
    git("merge", "-q", "--no-edit", "side")
    world = wk.load(FILE)
    assert list(world.states) == ["lane", "boathouse", "home"] and world.states["boathouse"].ambient == ("rope creaks",)
    assert world.events_by_name["peer"].to == "boathouse"


def test_a_conflict_leaves_a_readable_world_and_a_list_beside_it(repository: Path) -> None:
    ours, theirs = document(), document()
    ours["scene"]["states"]["shed"]["base"] = "A brick shed."
    theirs["scene"]["states"]["shed"]["base"] = "A glass \u202eshed."
    theirs["scene"]["states"]["lane"]["ambient"] = ["drip"]
    branches(ours, theirs)
    process = git("merge", "side", code=1)
    output = process.stdout + process.stderr
    assert "1 conflict." in output and "states.shed.base: both changed it" in output and "\u202e" not in output
    world = wk.load(FILE)
    assert world.states["shed"].base == "A brick shed." and world.states["lane"].ambient == ("drip",)
    (conflict,) = json.loads(Path(f"{FILE}.conflicts.json").read_text(encoding="utf-8"))["conflicts"]
    assert conflict["theirs"] == "A glass \u202eshed." and conflict["path"] == "states.shed.base"
    assert git("status", "--porcelain").stdout.startswith("UU light.world.json")


def conflict(new_name: str, removed: str = "") -> None:
    """Commit two edits of one text, the other side's in a file that it renamed, with another file removed there."""
    ours, theirs = document(), document()
    ours["scene"]["states"]["shed"]["base"] = "A brick shed."
    theirs["scene"]["states"]["shed"]["base"] = "A glass shed."
    git("checkout", "-q", "-b", "side")
    if removed:
        Path(removed).unlink()
    Path(new_name).parent.mkdir(exist_ok=True)
    Path(FILE).rename(new_name)
    save(theirs, new_name)
    commit("theirs")
    git("checkout", "-q", "main")
    save(ours)
    commit("ours")


def test_a_conflict_in_a_folder_that_does_not_exist_yet_is_listed_there(repository: Path) -> None:
    conflict("sub/new.world.json")
    assert not Path("sub").exists()
    process = git("merge", "side", code=1)
    assert "states.shed.base: both changed it" in process.stdout + process.stderr
    assert wk.load("sub/new.world.json").states["shed"].base == "A brick shed."
    (listed,) = json.loads(Path("sub/new.world.json.conflicts.json").read_text(encoding="utf-8"))["conflicts"]
    assert listed["theirs"] == "A glass shed."
    assert "UU sub/new.world.json" in git("status", "--porcelain").stdout


def test_conflicts_that_cannot_be_listed_are_printed(repository: Path) -> None:
    Path("sub").write_text("A file where the other side has a folder.", encoding="utf-8")
    commit("sub")
    conflict("sub/new.world.json", removed="sub")
    process = git("merge", "side", code=1)
    output = process.stdout + process.stderr
    assert "states.shed.base: both changed it" in output and "git show :3:sub/new.world.json" in output
    assert "No list could be written" in output
    assert "A glass shed." in git("show", ":3:sub/new.world.json").stdout


@pytest.mark.parametrize("size", ["32", "15", "-4", "none"])
def test_a_conflict_is_one_whatever_size_its_markers_are_to_have(repository: Path, size: str) -> None:
    with Path(".gitattributes").open("a", encoding="utf-8") as attributes:
        attributes.write(f"* conflict-marker-size={size}\n")
    commit("marker size")
    ours, theirs = document(), document()
    ours["scene"]["states"]["shed"]["base"] = "A brick shed."
    theirs["scene"]["states"]["shed"]["base"] = "A glass shed."
    branches(ours, theirs)
    process = git("merge", "side", code=1)
    assert "states.shed.base: both changed it" in process.stdout + process.stderr
    assert git("status", "--porcelain").stdout == f"UU {FILE}\n?? {FILE}.conflicts.json\n"


@pytest.mark.parametrize("conflict_style", ["renamed by both", "the new name is taken"])
def test_a_conflict_in_a_file_that_git_renames_is_listed_under_the_old_name(
    repository: Path, conflict_style: str
) -> None:
    ours, theirs = document(), document()
    ours["scene"]["states"]["shed"]["base"] = "A brick shed."
    theirs["scene"]["states"]["shed"]["base"] = "A glass shed."
    theirs["scene"]["states"]["lane"]["ambient"] = ["drip"]
    git("checkout", "-q", "-b", "side")
    git("mv", FILE, "side.world.json")
    save(theirs, "side.world.json")
    commit("theirs")
    git("checkout", "-q", "main")
    if conflict_style == "renamed by both":
        git("mv", FILE, "main.world.json")
        save(ours, "main.world.json")
    else:
        save(ours)
        save({"scene": {"states": {"lane": {"base": "Another lane."}}, "events": []}}, "side.world.json")
    commit("ours")
    process = git("merge", "side", code=1)
    output = process.stdout + process.stderr
    assert "states.shed.base: both changed it" in output and "under the name that git says" in output
    (listed,) = json.loads(Path(f"{FILE}.conflicts.json").read_text(encoding="utf-8"))["conflicts"]
    assert listed["theirs"] == "A glass shed."


def test_what_two_merges_decided_differently_is_a_conflict_of_the_merge_of_both(repository: Path) -> None:
    ours, theirs = document(), document()
    ours["scene"]["states"]["shed"]["base"] = "A brick shed."
    theirs["scene"]["states"]["shed"]["base"] = "A glass shed."
    branches(ours, theirs)
    git("tag", "ours")
    git("tag", "theirs", "side")
    for branch, other, decision in (("main", "theirs", ours), ("side", "ours", theirs)):
        git("checkout", "-q", branch)
        git("merge", other, code=1)
        Path(f"{FILE}.conflicts.json").unlink()
        save(decision)
        commit("decide")
    for branch, other in (("main", "side"), ("side", "main")):
        git("checkout", "-q", branch)
        process = git("merge", other, code=1)
        assert process.stderr.count("states.shed.base: both changed it") == 1
        git("merge", "--abort")
        Path(f"{FILE}.conflicts.json").unlink()


def test_a_list_of_conflicts_goes_with_the_next_merge_without_any(repository: Path) -> None:
    ours, theirs = document(), document()
    ours["scene"]["states"]["shed"]["base"] = "A brick shed."
    theirs["scene"]["states"]["shed"]["base"] = "A glass shed."
    branches(ours, theirs)
    git("merge", "side", code=1)
    git("merge", "--abort")
    assert Path(f"{FILE}.conflicts.json").exists()
    ours["scene"]["states"]["shed"]["base"] = "A glass shed."
    ours["scene"]["states"]["lane"]["narration"] = "Wet."
    save(ours)
    git("add", FILE)
    git("commit", "-q", "-m", "agree")
    git("merge", "-q", "--no-edit", "side")
    assert git("status", "--porcelain").stdout == ""


def test_a_list_stays_while_its_conflicts_are_resolved(repository: Path) -> None:
    clean_ours, clean_theirs = document(), document()
    clean_ours["scene"]["states"]["lane"]["narration"] = "Wet."
    clean_theirs["scene"]["states"]["home"]["narration"] = "Warm."
    branches(clean_ours, clean_theirs)
    git("tag", "ours")
    git("tag", "theirs", "side")
    clean_theirs["scene"]["states"]["lane"]["narration"] = "Dry."
    git("checkout", "-q", "side")
    save(clean_theirs)
    commit("theirs again")
    git("checkout", "-q", "main")
    git("merge", "side", code=1)
    git("merge-tree", "--write-tree", "ours", "theirs")
    assert Path(f"{FILE}.conflicts.json").exists()


def test_a_clean_merge_that_closes_an_ending_says_so(repository: Path) -> None:
    ours, theirs = document(), document()
    del ours["scene"]["events"][2]
    theirs["scene"]["events"][3] = {**theirs["scene"]["events"][3], "requires": ["lamp"]}
    branches(ours, theirs)
    message = git("merge", "-q", "--no-edit", "side").stderr
    assert 'The ending "Home" can no longer be reached: ours removed "take_lamp", which gives "lamp"' in message
    assert 'theirs made "open_door" need "lamp"' in message


def test_the_file_keeps_its_layout(repository: Path) -> None:
    ours, theirs = document(), document()
    ours["scene"]["states"]["lane"]["narration"] = "Wet."
    theirs["scene"]["states"]["home"]["narration"] = "Wärm."
    for indent in (4, "\t", None):
        save(document(), indent=indent)
        commit(f"indent {indent!r}")
        git("checkout", "-q", "-B", "side")
        save(theirs, indent=indent)
        commit("theirs")
        git("checkout", "-q", "main")
        save(ours, indent=indent)
        commit("ours")
        git("merge", "-q", "--no-edit", "side")
        both = document()
        both["scene"]["states"]["lane"]["narration"], both["scene"]["states"]["home"]["narration"] = "Wet.", "Wärm."
        assert Path(FILE).read_text(encoding="utf-8") == json.dumps(both, indent=indent, ensure_ascii=False) + "\n"


def test_a_file_that_is_no_world_is_merged_by_line(repository: Path) -> None:
    Path("notes.world.json").write_text("".join(f"line {n}\n" for n in range(9)), encoding="utf-8")
    commit("no world")
    git("checkout", "-q", "-b", "side")
    path = Path("notes.world.json")
    path.write_text(path.read_text().replace("line 8", "line eight"), encoding="utf-8")
    commit("theirs")
    git("checkout", "-q", "main")
    path.write_text(path.read_text().replace("line 0", "line zero"), encoding="utf-8")
    commit("ours")
    message = git("merge", "-q", "--no-edit", "side").stderr
    assert "merged by line" in message and path.read_text().startswith("line zero") and "line eight" in path.read_text()


def test_both_adding_one_file_merge_from_nothing(repository: Path) -> None:
    git("checkout", "-q", "-b", "side")
    save({"scene": {"states": {"a": {"base": "A."}}, "events": []}}, "-new one.world.json")
    commit("theirs")
    git("checkout", "-q", "main")
    save({"scene": {"states": {"b": {"base": "B."}}, "events": []}}, "-new one.world.json")
    commit("ours")
    git("merge", "-q", "--no-edit", "side")
    assert set(wk.load(Path("-new one.world.json")).states) == {"a", "b"}


def test_git_diff_is_by_item_and_field(repository: Path) -> None:
    after = document()
    after["scene"]["states"]["shed"]["base"] = "A brick shed.\x1b[31m"
    del after["scene"]["events"][2]
    save(after)
    output = git("diff").stdout
    assert output.startswith(f"worldkit diff {FILE}\n2 differences") and "~ state shed" in output
    assert "− event take_lamp" in output and "\x1b" not in output
    save(document(), "other.world.json")
    git("add", "-N", "other.world.json")
    assert "new file" in git("diff", "other.world.json").stdout
    Path(FILE).write_text("{", encoding="utf-8")
    assert "not readable as a world" in git("diff", FILE).stdout


def test_a_log_shows_worlds_a_field_a_line(repository: Path) -> None:
    after = document()
    after["scene"]["events"][0]["to"] = "home"
    save(after)
    commit("shortcut")
    output = git("log", "-p", "-1").stdout
    assert '-events.to_shed.to: "shed"' in output and '+events.to_shed.to: "home"' in output


def test_git_shows_worlds_in_utf_8_whatever_the_terminals_encoding(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    after = document()
    after["scene"]["states"]["shed"]["base"] = "Wärm 🪔"
    save(after)
    assert "Wärm 🪔" in git("diff").stdout
    commit("warm")
    assert "Wärm 🪔" in git("log", "-p", "-1").stdout


def test_installing_twice_is_installing_once_and_uninstalling_takes_it_back(repository: Path) -> None:
    attributes = Path(".gitattributes")
    attributes.write_text("*.png binary", encoding="utf-8")
    assert main(["git", "install"]) == main(["git", "install"]) == 0
    assert attributes.read_text().splitlines() == ["*.png binary", "*.world.json diff=worldkit merge=worldkit"]
    assert main(["git", "uninstall"]) == main(["git", "uninstall"]) == 0
    assert attributes.read_text() == "*.png binary\n"
    assert "worldkit" not in git("config", "--local", "--list").stdout


def test_attributes_that_are_not_utf_8_keep_their_bytes(repository: Path) -> None:
    attributes = Path(".gitattributes")
    attributes.write_bytes("größe.png binary\r\n".encode("latin-1"))
    assert main(["git", "install"]) == main(["git", "install"]) == 0
    installed = attributes.read_bytes()
    assert installed.startswith("größe.png binary\r\n".encode("latin-1")) and installed.count(b"diff=worldkit") == 1
    assert main(["git", "uninstall"]) == 0
    assert attributes.read_bytes() == "größe.png binary\r\n".encode("latin-1")


def test_for_all_repositories_it_is_in_the_users_own_files(repository: Path, tmp_path: Path) -> None:
    assert main(["git", "install", "--global"]) == 0
    assert "merge.worldkit.driver" in git("config", "--global", "--list").stdout
    assert "diff=worldkit" in (tmp_path / "config" / "git" / "attributes").read_text()
    assert main(["git", "uninstall", "--global"]) == 0
    assert not (tmp_path / "config" / "git" / "attributes").exists()


def test_outside_a_repository_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert main(["git", "install"]) == 2
    assert "git" in capsys.readouterr().err
