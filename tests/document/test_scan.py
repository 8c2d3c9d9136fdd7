"""``wk.scan``: many files of worlds as one table."""

from __future__ import annotations

import gc
import glob
import json
import os
import pickle
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit.exploration.executors import MAX_PENDING_FUTURES


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
    with pytest.warns(UserWarning, match="no file matches"):
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


def test_a_path_that_is_not_there_is_refused_and_what_matches_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(wk.MissingFile, match="there is no such file or folder"):
        wk.scan(tmp_path / "nowhere.world.json")
    with pytest.warns(UserWarning, match=r"no file matches the pattern: .*\*\.world\.json") as of_pattern:
        assert list(wk.scan(f"{tmp_path}/*.world.json")) == []
    with pytest.warns(UserWarning, match="the folder has no file") as of_folder:
        assert list(wk.scan(tmp_path)) == []
    assert {warning.filename for warning in (*of_pattern, *of_folder)} == {__file__}, "it names the line of the user"


def test_a_scan_is_pickled_with_what_it_was_asked_for(folder: Path) -> None:
    whole = wk.scan(folder).lint("studio").explore(wk.Budget(seconds=5)).quality()
    again = pickle.loads(pickle.dumps(whole))
    assert [row.figures for row in again] == [row.figures for row in whole]


def test_a_file_whose_name_looks_like_a_pattern_is_read(tmp_path: Path) -> None:
    wk.World.new("A").save(tmp_path / "a[1].world.json")
    assert [row.path.name for row in wk.scan(tmp_path / "a[1].world.json")] == ["a[1].world.json"]


# ---- files of lines --------------------------------------------------------------------------------------------------


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    out = tmp_path / "worlds.jsonl"
    wk.generate_many(["A diver finds a door.", None, "A cook looks for salt."], "templates", seed=[1, 2, 1], out=out)
    with out.open("a", encoding="utf-8") as file:
        file.write("\n{ torn\n" + json.dumps(wk.samples.load("bench").to_dict()) + "\n")
    return out


def test_what_generate_many_writes_is_loaded_without_its_premises(lines: Path) -> None:
    good = [line for line in lines.read_text(encoding="utf-8").splitlines() if line.startswith('{"')]
    lines.write_text("\n".join(good), encoding="utf-8")
    assert {world.name for world in wk.load_all(lines)} == {"The Door", "Find Salt", "The Red Mitten"}
    with pytest.raises(wk.InvalidWorld, match="holds 3 worlds, expected one; use load_all"):
        wk.load(lines)


def test_a_line_that_cannot_be_read_is_named(lines: Path) -> None:
    with pytest.raises(wk.InvalidWorld, match=r"worlds\.jsonl, line 5 is not a readable world"):
        wk.load_all(lines)


def test_each_line_is_a_row_with_its_premise_and_a_bad_one_hides_no_other(lines: Path) -> None:
    rows = {row.line: row for row in wk.scan(lines).lint()}
    names = {row.world.name for row in rows.values() if row.world}
    assert names == {"Find Salt", "The Door", "The Red Mitten"}
    diver = next(row for row in rows.values() if row.record.get("premise") == "A diver finds a door.")
    assert diver.record["seed"] == 1 and diver.record["report"]["planned"] == "seed" and "world" not in diver.record
    errors = {str(row.error).split(" ", 1)[1].splitlines()[0] for row in rows.values() if row.error}
    assert any(error.startswith("line 5 is not a readable world") for error in errors)
    assert any("has no world: " in error for error in errors), "a premise that failed says why"


def test_a_line_may_be_as_long_as_a_file_and_no_longer(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"name": "{"x" * 3000}"}}\n' + json.dumps(wk.World.new("Small").to_dict()))
    with pytest.raises(wk.InvalidWorld, match="longer than 2000 bytes"):
        wk.load_all(tmp_path / "a.jsonl", max_bytes=2000)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b""])
def test_what_ends_a_line_is_no_part_of_it(tmp_path: Path, line_end: bytes) -> None:
    line = json.dumps(wk.World.new("Small").to_dict()).encode()
    (tmp_path / "a.jsonl").write_bytes(2 * (line + (line_end or b"\n")) + line + line_end)
    assert len(wk.load_all(tmp_path / "a.jsonl", max_bytes=len(line))) == 3
    with pytest.raises(wk.InvalidWorld, match="line 1 is not a readable world"):
        wk.load_all(tmp_path / "a.jsonl", max_bytes=len(line) - 1)
    (tmp_path / "a.jsonl").write_bytes(b'{"x"' + line_end)
    with pytest.raises(wk.InvalidWorld, match="not JSON at line 1 column 5"):
        wk.load_all(tmp_path / "a.jsonl")


def test_worlds_are_judged_by_the_premise_of_their_line(lines: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = wk.scan(lines).quality().to_frame()
    assert list(frame.columns[:4]) == ["path", "line", "premise", "seed"]
    row = frame[frame.premise == "A diver finds a door."].iloc[0]
    world = next(line.world for line in wk.scan(lines) if line.record.get("premise") == row.premise)
    assert world is not None
    quality = wk.quality(world, row.premise)
    assert row.choice_weight == quality.proofs[0].choice_weight and row.gate == quality.proofs[0].verdict.score
    assert row.premise_kept == quality.premises[0].share()  # type: ignore[union-attr]
    [alone] = quality.to_frame().to_dict("records")
    assert alone == {name: row[name] for name in alone}, "one world has the same columns and figures as a scan"
    assert frame.dtypes["arrival"] == frame.dtypes["premise_kept"] == "Float64", "whatever the shares of these worlds"
    assert frame.plot_id.notna().sum() == 3 and pandas.isna(frame[frame.error.notna()].gate).all()


def test_a_table_is_made_of_lines_whose_fields_are_of_different_kinds(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    world = wk.samples.load("bench").to_dict()
    records = [{"premise": 1.5, "seed": "a", "world": world}, {"premise": "A lamp.", "seed": 2.0, "world": world}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    frame = wk.scan(tmp_path / "a.jsonl").to_frame()
    assert (list(frame.premise), list(frame.seed)) == ([1.5, "A lamp."], ["a", 2.0])


def test_a_pattern_with_several_stars_goes_through_no_folder_many_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path.joinpath(*["e"] * 30)
    deep.mkdir(parents=True)
    wk.World.new("One").save(deep / "one.world.json")
    calls: list[str] = []
    iglob = glob.iglob
    monkeypatch.setattr(glob, "iglob", lambda name: calls.append(name) or iglob(name))  # type: ignore[func-returns-value]
    assert wk.scan(f"{tmp_path}/**/e/**/e/**/e/**/*.json").paths == (deep / "one.world.json",)
    assert len(calls) < 10 * len(deep.parts)


# ---- links -----------------------------------------------------------------------------------------------------------


def test_a_link_that_leads_back_up_repeats_no_file(folder: Path) -> None:
    (folder / "deep" / "up").symlink_to("..")
    (folder / "deep" / "again").symlink_to("..")
    for pattern in (folder, f"{folder}/**/*.world.json", f"{folder}/**", f"{folder}/**/**/*.world.json"):
        names = [path.name for path in wk.scan(pattern).paths if path.name.endswith(".world.json")]
        assert sorted(names) == ["bench.world.json", "broken.world.json", "lighthouse.world.json"], pattern


def test_a_link_that_leads_nowhere_is_a_row_and_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "lost.world.json").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.world.json")
    (folder / "folder.world.json").mkdir()
    rows = {row.path.name: row for row in wk.scan(folder)}
    assert sorted(rows) == ["bench.world.json", "broken.world.json", "lighthouse.world.json", "lost.world.json"]
    assert "no such file" in str(rows["lost.world.json"].error)
    assert len(wk.scan(folder)) == 4


def test_a_pattern_that_begins_with_any_folders_starts_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / ".hidden").mkdir()
    wk.World.new("Hidden").save(folder / ".hidden" / "a.world.json")
    paths = ["bench.world.json", "deep/broken.world.json", "deep/lighthouse.world.json"]
    assert list(map(str, wk.scan("**/*.world.json").paths)) == paths == list(map(str, wk.scan(".").paths))


def test_any_folders_several_times_in_a_row_go_through_each_folder_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path.joinpath(*"abcdefghij")
    deep.mkdir(parents=True)
    wk.World.new("A").save(deep / "a.world.json")
    patterns: list[str] = []
    matches = glob.iglob

    def counted(pattern: str) -> Iterator[str]:
        patterns.append(pattern)
        return matches(pattern)

    monkeypatch.setattr(glob, "iglob", counted)
    assert [path.name for path in wk.scan(f"{tmp_path}/**/**//**/*.world.json").paths] == ["a.world.json"]
    assert len(patterns) == 12, "where they begin, and each of 11 folders"


def test_a_pool_of_processes_makes_the_same_rows_in_the_same_order(folder: Path) -> None:
    (folder / "worlds.jsonl").write_text(
        "\n".join([json.dumps(wk.samples.load("bench").to_dict()), "{ torn"] * 3), "utf-8"
    )
    (folder / "bench.properties.toml").write_text("[properties]\nwin = 'always possible: win'\n", "utf-8")
    for pattern in (folder, folder / "worlds.jsonl"):
        alone = list(wk.scan(pattern).lint().explore().quality())
        with ProcessPoolExecutor(2) as pool:
            rows = list(wk.scan(pattern, executor=pool).lint().explore().quality())
        for row, same in zip(rows, alone, strict=True):
            assert (row.path, row.line, row.world, row.figures, row.record) == (
                same.path,
                same.line,
                same.world,
                same.figures,
                same.record,
            )
            assert str(row.error) == str(same.error)
            assert row.world is None or row.world.properties == same.world.properties


class LateExecutor:
    """Hands out futures that are done when their result is asked for."""

    def __init__(self) -> None:
        self.futures: list[LateFuture] = []

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        self.futures.append(LateFuture(partial(function, *arguments)))
        return self.futures[-1]


class LateFuture:
    def __init__(self, work: Callable[[], Any]) -> None:
        self.work, self.is_cancelled = work, False

    def result(self) -> Any:
        return self.work()

    def cancel(self) -> None:
        self.is_cancelled = True


def test_a_scan_that_is_left_begins_nothing_more_and_never_hands_out_everything(folder: Path) -> None:
    line = json.dumps(wk.samples.load("bench").to_dict())
    (folder / "worlds.jsonl").write_text("\n".join([line] * (3 * MAX_PENDING_FUTURES)), "utf-8")
    executor = LateExecutor()
    rows = iter(wk.scan(folder / "worlds.jsonl", executor=executor))
    first_lines = [next(rows).line for _ in range(2)]
    rows.close()  # type: ignore[attr-defined]
    assert first_lines == [1, 2] and len(executor.futures) <= MAX_PENDING_FUTURES + 1
    assert all(future.is_cancelled for future in executor.futures[2:])


def test_a_scan_tells_how_many_rows_there_are(folder: Path) -> None:
    calls: list[tuple[str, float | None]] = []
    assert len(list(wk.scan(folder, progress=lambda stage, part: calls.append((stage, part))))) == 3
    assert calls == [("1 row", None), ("2 rows", None), ("3 rows", None), ("done", 1.0)]
