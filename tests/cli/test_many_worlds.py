"""``explore`` and ``check`` of several files, folders and lines, as ``verify``, ``quality`` and ``lint`` take them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

import worldkit as wk
from worldkit.cli import main

WIN, KEY = "always possible: win", 'never state "bench" without mitten'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two worlds, a file that is none, and a world without states."""
    wk.samples.load("bench").save(tmp_path / "bench.world.json")
    wk.samples.load("lighthouse").save(tmp_path / "light.world.json")
    (tmp_path / "bad.world.json").write_text("{ torn", "utf-8")
    (tmp_path / "empty.world.json").write_text('{"scene": {"states": {}, "events": []}}', "utf-8")
    return tmp_path


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Return a file of lines: a world, one that cannot be read, another world."""
    worlds = [json.dumps(wk.samples.load(name).to_dict()) for name in ("bench", "broken")]
    path = tmp_path / "worlds.jsonl"
    path.write_text("\n".join([worlds[0], "{ torn", worlds[1]]), "utf-8")
    return path


def test_explore_goes_through_a_folder_and_a_bad_file_hides_no_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explore", str(folder), "--json"]) == 2
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert [world["path"] for world in report["worlds"]] == [
        str(folder / name) for name in ("bench.world.json", "light.world.json")
    ]
    for world in report["worlds"]:
        alone = wk.explore(wk.load(world["path"])).to_dict()
        assert world["positions"] == alone["positions"] and world["findings"] == alone["findings"]
    bad, empty = report["unreadable"]
    assert "bad.world.json" in bad and "empty.world.json" in empty and "add a state" in empty
    assert printed.err.count("\n") == 2


def test_explore_of_several_files_counts_those_that_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(folder / name) for name in ("bench.world.json", "light.world.json")]
    assert main(["explore", *paths]) == 0
    text = capsys.readouterr().out
    assert all(f"{path}: " in text for path in paths) and text.endswith("2 of 2 worlds passed\n")
    wk.samples.load("broken").save(folder / "light.world.json")
    assert main(["explore", *paths]) == 1
    assert capsys.readouterr().out.endswith("1 of 2 worlds passed\n")
    assert main(["explore", *paths, "--html", str(folder / "page.html")]) == 2
    assert "name one file" in capsys.readouterr().err


def test_the_reports_of_explore_hold_every_world_and_what_could_not_be_read(
    lines: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junit = lines.with_suffix(".xml")
    assert main(["explore", str(lines), "--sarif", "-", "--junit", str(junit)]) == 2
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"] and run["artifacts"] == [{"location": {"uri": str(lines)}}]
    assert run["results"], "the last line is the sample broken"
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert {place["region"]["startLine"] for place in places} == {3}
    prints = [str(result["partialFingerprints"]) for result in run["results"]]
    assert len(set(prints)) == len(prints)
    names = [str(suite.get("name")) for suite in ElementTree.parse(junit).getroot()]
    assert names[0].startswith(f"{lines}:1 (") and names[1].startswith(f"{lines}:3 (") and names[2] == str(lines)


def test_check_goes_by_the_properties_beside_each_world(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("bench", "light"):
        (folder / f"{name}.properties.toml").write_text(f"[properties]\nwin = '{WIN}'\n", "utf-8")
    assert main(["check", str(folder), "--json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert [world["properties"][0]["outcome"] for world in report["worlds"]] == ["holds", "holds"]
    assert "bad.world.json" in report["unreadable"][0]


def test_check_says_which_world_has_no_property_and_checks_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(folder / name) for name in ("bench.world.json", "light.world.json")]
    assert main(["check", *paths]) == 2
    assert "worldkit check --suggest" in capsys.readouterr().err
    (folder / "light.properties.toml").write_text(f"[properties]\nwin = '{WIN}'\n", "utf-8")
    assert main(["check", *paths]) == 0
    printed = capsys.readouterr()
    assert printed.err == f"worldkit: {paths[0]} has no property to check\n"
    assert printed.out.startswith(f"{paths[1]}: 1 of 1 property holds") and printed.out.endswith(
        "1 of 1 world passed\n"
    )


def test_check_of_lines_names_each_and_writes_junit(lines: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["check", str(lines), "--property", WIN, "--junit", "-"]
    assert main(arguments) == 2
    root = ElementTree.fromstring(capsys.readouterr().out)
    assert [str(suite.get("name")).partition(" ")[0] for suite in root] == [f"{lines}:1", f"{lines}:3", str(lines)]
    assert main([*arguments[:4], "--save-runs", str(lines.parent / "runs")]) == 2
    assert "*.jsonl" in capsys.readouterr().err
    assert main(["check", str(lines), "--suggest"]) == 2
    assert "one world" in capsys.readouterr().err


def test_worlds_that_break_the_same_property_keep_a_run_each_over_several_calls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (str(wk.samples.load("bench").save(tmp_path / f"{name}.world.json")) for name in "ab")
    options = ["--property", KEY, "--save-runs", str(tmp_path / "runs")]
    for paths in ([first, second], [second], [first], [second, first]):
        assert main(["check", *paths, *options]) == 1
    runs = wk.load_runs(tmp_path / "runs")
    assert sorted(str(run.world) for run in runs) == ["../a.world.json", "../b.world.json"]
    assert len(runs) == 2 and wk.check_runs(None, tmp_path / "runs").passed
