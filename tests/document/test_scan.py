"""``wk.scan``: many files of worlds as one table."""

from __future__ import annotations

import gc
import json
import weakref
from pathlib import Path

import pytest

import worldkit as wk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    wk.samples.load("bench").save(tmp_path / "bench.world.json")
    wk.samples.load("lighthouse").save(tmp_path / "deep" / "lighthouse.world.json")
    (tmp_path / "deep" / "broken.world.json").write_text('{"scene": 3}')
    (tmp_path / "notes.txt").write_text("no world")
    return tmp_path


def test_a_folder_is_all_worlds_in_and_below_it(folder: Path) -> None:
    names = ["bench.world.json", "broken.world.json", "lighthouse.world.json"]
    assert [path.name for path in wk.scan(folder).paths] == names
    assert wk.scan(folder).paths == wk.scan(f"{folder}/**/*.world.json").paths


def test_a_row_has_the_figures_that_were_asked_for(folder: Path) -> None:
    rows = {row.path.name: row for row in wk.scan(folder).lint().explore()}
    world = wk.samples.load("lighthouse")
    exploration = wk.explore(world)
    assert rows["lighthouse.world.json"].figures == {
        "states": 14,
        "events": 33,
        "endings": 4,
        "errors": 0,
        "warnings": len(world.lint().warnings),
        "positions": exploration.positions,
        "unreachable_states": 0,
        "soft_locks": 0,
        "complete": True,
    }


def test_a_file_that_cannot_be_read_is_a_row_with_the_reason(folder: Path) -> None:
    (row,) = (row for row in wk.scan(folder).explore() if row.error)
    assert row.path.name == "broken.world.json" and row.world is None and row.figures == {}
    assert "scene" in str(row.error)


def test_a_world_that_cannot_be_explored_is_a_row_with_the_reason(folder: Path) -> None:
    wk.World.from_dict({"name": "Nothing", "scene": {"states": {}, "events": []}}).save(folder / "empty.world.json")
    rows = {row.path.name: row for row in wk.scan(folder).explore().lint()}
    assert len(rows) == 4 and rows["lighthouse.world.json"].error is None
    row = rows["empty.world.json"]
    assert row.world is not None and "expected at least one state" in str(row.error)
    assert (row.figures["states"], row.figures["errors"]) == (0, row.world.lint().counts["error"])
    pytest.importorskip("pandas")
    assert "at least one state" in wk.scan(folder).explore().to_frame().set_index("name").loc["Nothing", "error"]


def test_findings_that_are_not_listed_are_counted_too(tmp_path: Path) -> None:
    event = {"kind": "transition", "from": ["hall"], "to": "nowhere"}
    events = [{"name": f"go {number}", **event} for number in range(150)]
    document = {"entrance": {"state": "hall"}, "scene": {"states": {"hall": {"base": "A hall."}}, "events": events}}
    world = wk.World.from_dict(document)
    world.save(tmp_path / "a.world.json")
    (row,) = wk.scan(tmp_path).lint()
    assert (row.figures["errors"], row.figures["warnings"]) == (150, world.lint().counts["warning"])


def test_every_world_of_a_file_with_several_is_a_row(tmp_path: Path) -> None:
    worlds = [{"world": wk.World.new(name).to_dict(), "versions": []} for name in ("one", "two")]
    export = {"format": "alakazam-studio/worlds", "version": 1, "worlds": worlds}
    (tmp_path / "export.json").write_text(json.dumps(export))
    assert [row.world.name for row in wk.scan(tmp_path / "export.json") if row.world] == ["one", "two"]


def test_a_table_has_a_row_for_each_file_and_its_columns_even_when_empty(folder: Path) -> None:
    frame = wk.scan(folder).lint().to_frame()
    assert list(frame["states"].fillna(0)) == [3, 0, 14]
    assert list(frame["error"].isna()) == [True, False, True]
    empty = wk.scan(f"{folder}/*.nothing").lint().explore().to_frame()
    assert len(empty) == 0
    assert list(empty.columns) == list(wk.scan(folder).lint().explore().to_frame().columns)


def test_no_world_is_kept_after_its_row(tmp_path: Path) -> None:
    for number in range(8):
        wk.World.new(f"World {number}").save(tmp_path / f"{number}.world.json")
    references = [weakref.ref(row.world) for row in wk.scan(tmp_path).lint().explore() if row.world]
    gc.collect()
    assert len(references) == 8
    assert sum(reference() is not None for reference in references) <= 1, "the last exploration is kept for reuse"


def test_a_path_that_is_not_there_is_refused_and_a_pattern_may_match_nothing(tmp_path: Path) -> None:
    with pytest.raises(wk.MissingFile, match="there is no such file or folder"):
        wk.scan(tmp_path / "nowhere.world.json")
    assert list(wk.scan(f"{tmp_path}/*.world.json")) == []


def test_a_file_whose_name_looks_like_a_pattern_is_read(tmp_path: Path) -> None:
    wk.World.new("A").save(tmp_path / "a[1].world.json")
    assert [row.path.name for row in wk.scan(tmp_path / "a[1].world.json")] == ["a[1].world.json"]
