"""``worldkit check``, and properties as tests of the pytest plugin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import worldkit as wk
from tests.cli.test_pytest_plugin import folder as folder
from worldkit.cli import main

pytest_plugins = ["pytester"]

BROKEN = 'never state "bench" without mitten'


def bench(folder: Path, *properties: str) -> Path:
    """Return the file of the sample bench in a folder, with properties beside it."""
    if properties:
        wk.Properties({text: wk.check(wk.samples.load("bench"), text)[0].statement for text in properties}).save(
            folder / "mine.properties.toml"
        )
    return wk.samples.load("bench").save(folder / "mine.world.json")


def test_check_goes_by_the_file_beside_the_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bench(tmp_path, "always possible: win", BROKEN)
    assert main(["check", str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 of 2 properties hold"
    assert lines[1].split() == ["holds", "always", "possible:", "win", "proven", "for", "every", "run"]
    assert lines[2].endswith("after 1 step: walk_up_the_lane")


def test_check_prints_json_and_writes_junit_and_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, report, runs = bench(tmp_path), tmp_path / "out.xml", tmp_path / "runs"
    arguments = ["check", str(path), "--property", BROKEN, "--json", "--junit", str(report), "--save-runs", str(runs)]
    assert main(arguments) == 1
    (result,) = json.loads(capsys.readouterr().out)
    assert result["outcome"] == "broken" and result["counterexample"] == ["walk_up_the_lane"]
    assert 'failures="1"' in report.read_text(encoding="utf-8")
    assert wk.check_runs(None, runs).passed


def test_properties_whose_names_differ_in_signs_or_at_their_end_only_keep_a_run_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beginning = "never " + " and ".join(["mitten"] * 9)
    texts = [BROKEN, BROKEN.replace('"', ""), f"{beginning} and not bench", f"{beginning} and not lane"]
    names = [result.name for result in wk.check(wk.load(bench(tmp_path)), texts).broken]
    assert len(names) == 4
    arguments = [argument for text in texts for argument in ("--property", text)]
    for _ in range(2):
        assert main(["check", str(bench(tmp_path)), *arguments, "--save-runs", str(tmp_path / "runs")]) == 1
        saved = [line.rpartition(" ")[2] for line in capsys.readouterr().err.splitlines()]
        assert sorted(saved) == sorted(map(str, (tmp_path / "runs").iterdir()))
        assert [json.loads(Path(file).read_text(encoding="utf-8"))["name"] for file in saved] == [
            f"breaks: {name}" for name in names
        ]


def test_a_run_that_was_saved_by_hand_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, runs = bench(tmp_path), tmp_path / "runs"
    arguments = ["check", str(path), "--property", BROKEN, "--save-runs", str(runs)]
    assert main(arguments) == 1
    (first,) = runs.iterdir()
    second, third = (first.with_name(first.name.replace(".run.json", f"-{number}.run.json")) for number in (2, 3))
    wk.save_run(wk.Session(wk.load(path)), first, name="the beginning")
    second.write_text("{", encoding="utf-8")
    contents = [file.read_bytes() for file in (first, second)]
    capsys.readouterr()
    for _ in range(2):
        assert main(arguments) == 1
        assert capsys.readouterr().err == f"worldkit: saved {third}\n"
        assert [file.read_bytes() for file in (first, second)] == contents
        assert sorted(runs.iterdir()) == sorted([first, second, third])


def test_check_without_properties_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(bench(tmp_path))]) == 2
    assert "worldkit check --suggest" in capsys.readouterr().err


def test_what_is_suggested_can_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bench(tmp_path)
    assert main(["check", str(path), "--suggest"]) == 0
    (tmp_path / "mine.properties.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["check", str(path)]) == 0


@pytest.mark.parametrize(
    "options",
    [["--json"], ["--junit", "-"], ["--save-runs", "runs"], ["--property", BROKEN], ["--properties", "a.toml"]],
)
def test_options_of_a_check_are_refused_with_suggestions(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(bench(tmp_path)), "--suggest", *options]) == 2
    out, err = capsys.readouterr()
    assert out == "" and f"{options[0]} cannot be given with --suggest" in err


def test_suggestions_keep_to_the_limits_of_exhaustive_play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = wk.samples.load("archive")
    path = archive.save(tmp_path / "archive.world.json")
    assert main(["check", str(path), "--suggest", "--memory-mb", "1e-6"]) == 0
    assert capsys.readouterr().out == wk.suggest_properties(archive, budget=wk.Budget(memory=1)).to_toml()


def test_every_property_is_a_test_and_a_broken_one_shows_its_run(folder: pytest.Pytester) -> None:
    bench(folder.path, "always possible: win", BROKEN)
    result = folder.runpytest_inprocess("--worldkit", "-v", "-k", "property")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*a shortest run that breaks it:", "*1 walk_up_the_lane → bench"])


def test_a_file_that_cannot_be_read_is_a_failing_test(folder: pytest.Pytester) -> None:
    bench(folder.path)
    (folder.path / "mine.properties.toml").write_text("[properties]\na = 'nevr win'\n", encoding="utf-8")
    result = folder.runpytest_inprocess("--worldkit", "-k", "properties")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*mine.properties.toml: *not a property*"])
