"""The command line: what each command prints, writes and exits with."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import worldkit as wk
from tests.lighthouse import CIRCULAR_WORLD, GOOD_WORLD, KITCHEN, STUCK_WORLD, save_world, session_after, without
from worldkit.cli import main

Json = dict[str, Any]


def feed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Put a text on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "worldkit", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


# ---- as a program ------------------------------------------------------------------------------


def test_as_a_program_it_works_in_a_pipe() -> None:
    lighthouse = run("samples", "lighthouse")
    assert lighthouse.returncode == 0 and lighthouse.stderr == ""
    process = run("lint", "--profile", "studio", "--deep", "-", text=lighthouse.stdout)
    assert (process.returncode, process.stdout, process.stderr) == (0, "nothing found in 1 world\n", "")


def test_as_a_program_a_mistake_is_one_line_and_no_traceback() -> None:
    for arguments in (["lint", "nowhere.world.json"], ["explore", "-"], ["samples", "nope"]):
        process = run(*arguments, text="{}")
        assert (process.returncode, process.stdout) == (2, "")
        assert process.stderr.startswith("worldkit: ") and process.stderr.count("\n") == 1


def test_as_a_program_it_survives_a_reader_that_leaves() -> None:
    command = f"{sys.executable} -m worldkit.cli samples archive | head -c 10"
    process = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert process.stderr == "" and len(process.stdout) == 10


_BUFFERED_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def test_as_a_program_it_shows_its_help_to_a_reader_that_leaves() -> None:
    command = [sys.executable, "-m", "worldkit", "--help"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_BUFFERED_ENVIRONMENT
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
def test_as_a_program_output_that_finds_no_room_is_one_error() -> None:
    for arguments in (["samples"], ["--version"]):
        with open("/dev/full", "wb") as full:
            command = [sys.executable, "-m", "worldkit", *arguments]
            process = subprocess.run(
                command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=_BUFFERED_ENVIRONMENT
            )
        assert (process.returncode, process.stderr.count("\n")) == (2, 1)
        assert process.stderr.startswith("worldkit: ")


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes streams")
def test_as_a_program_it_works_with_closed_streams(tmp_path: Path) -> None:
    world = save_world(GOOD_WORLD, tmp_path)
    for command, code in (("lint", 0), ("play", 0), ("lint nowhere.world.json", 2)):
        shell = f"{sys.executable} -m worldkit {command} '{world}' <&- >&- 2>{tmp_path}/errors"
        process = subprocess.run(["sh", "-c", shell], check=False)
        errors = (tmp_path / "errors").read_text()
        assert process.returncode == code, errors
        assert "Traceback" not in errors


def test_as_a_program_play_goes_on_after_input_that_is_no_text(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "worldkit", "play", save_world(GOOD_WORLD, tmp_path)]
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}  # as in a UTF-8 locale other than C.UTF-8
    process = subprocess.run(command, input=b"\xff\nq\n", capture_output=True, check=False, env=strict)
    assert (process.returncode, process.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="this system has no names of open files")
def test_as_a_program_it_writes_to_the_names_of_open_files(tmp_path: Path) -> None:
    process = run("explore", save_world(GOOD_WORLD, tmp_path), "--junit", "/dev/stdout")
    assert process.returncode == 0, process.stderr
    assert process.stdout.index("<testsuites") > 0
    story = tmp_path / "story.twee"
    story.write_text(":: Start\nA room. [[Go->End]]\n\n:: End\nA field.\n")
    for name, option in (("/dev/stdout", "stdout"), ("/dev/stderr", "stderr")):
        command = [sys.executable, "-m", "worldkit", "import", str(story), "-o", name]
        with (tmp_path / option).open("w") as file:  # a redirection: there is a file already
            subprocess.run(command, check=False, **{option: file})
        assert '"schemaVersion"' in (tmp_path / option).read_text()
    read, write = os.pipe()
    command = [sys.executable, "-m", "worldkit", "import", str(story), "-o", f"/dev/fd/{write}"]
    process = subprocess.run(command, pass_fds=[write], capture_output=True, text=True, check=False)
    os.close(write)
    with os.fdopen(read) as reader:
        assert wk.load(json.loads(reader.read())), process.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_story_is_imported_from_standard_input(encoding: str) -> None:
    command = [sys.executable, "-m", "worldkit", "import", "-"]
    story = ":: Start\nA röom. [[Go->End]]\n\n:: End [win]\nA field.\n".encode(encoding)
    process = subprocess.run(command, input=story, capture_output=True, check=False)
    assert process.returncode == 0, process.stderr
    assert wk.load(json.loads(process.stdout)).states["Start"].base == "A röom."


@pytest.mark.parametrize(("data", "reason"), [(b"", "it is empty"), (b"\xff", "not UTF-8"), (b"a", "beginning with")])
def test_standard_input_that_is_no_story_is_refused_in_words(data: bytes, reason: str) -> None:
    command = [sys.executable, "-m", "worldkit", "import", "-"]
    process = subprocess.run(command, input=data, capture_output=True, check=False)
    assert process.returncode not in (0, 1) and process.stdout == b""
    assert reason in process.stderr.decode() and b"Traceback" not in process.stderr


WORDS = "Wärm 🪔 – „Zuhause“"


def run_in(encoding: str, *arguments: str, data: bytes = b"") -> bytes:
    """Return what a command writes where the terminal has an encoding."""
    command = [sys.executable, "-m", "worldkit", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(command, input=data, capture_output=True, check=True, env=environment).stdout


@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
def test_as_a_program_it_writes_documents_in_utf_8_whatever_the_terminals_encoding(
    encoding: str, tmp_path: Path
) -> None:
    file = tmp_path / "warm.world.json"
    file.write_text(
        json.dumps(
            {
                "name": WORDS,
                "entrance": {"state": WORDS},
                "scene": {"states": {WORDS: {"base": WORDS, "ending": {"kind": "win", "title": WORDS}}}, "events": []},
            }
        ),
        encoding="utf-8",
    )
    (tmp_path / "none.ops.json").write_text("[]", encoding="utf-8")
    applied = run_in(encoding, "apply", str(file), str(tmp_path / "none.ops.json"))
    assert wk.load(applied) == wk.load(file) and WORDS in applied.decode("utf-8")
    assert json.loads(run_in(encoding, "show", "--json", "-", data=applied))["name"] == WORDS
    assert WORDS in run_in(encoding, "show", str(file), "--svg", "-").decode("utf-8")
    suggested = tmp_path / "warm.properties.toml"
    suggested.write_bytes(run_in(encoding, "check", "--suggest", str(file)))
    assert WORDS in suggested.read_text(encoding="utf-8") and wk.load(file).properties


def test_in_a_notebook_documents_are_printed_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    assert main(["samples", "lighthouse"]) == 0
    assert wk.load(output.getvalue()) == wk.samples.load("lighthouse")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are Unicode elsewhere")
def test_a_file_whose_name_is_no_text_is_named_in_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = os.path.join(str(tmp_path), os.fsdecode(b"caf\xe9.world.json"))
    wk.samples.load("bench").save(file)
    for option in ("--junit", "--sarif"):
        report = tmp_path / f"report{option}"
        main(["lint", file, option, str(report)])
        capsys.readouterr()
        main(["lint", file, option, "-"])
        text = report.read_text(encoding="utf-8")
        assert text == capsys.readouterr().out and ("caf\ufffd" in text or "caf%E9" in text)


# ---- usage -------------------------------------------------------------------------------------


def listed_commands(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit):
        main(["--help"])
    return re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE)


def test_the_page_has_a_row_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    table, _, _ = (Path(__file__).parents[2] / "docs" / "cli.md").read_text().partition("**Exit codes.**")
    assert set(listed_commands(capsys)) == set(re.findall(r"^\| `([a-z]+) ?", table, re.MULTILINE))


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in listed_commands(capsys):
        with pytest.raises(SystemExit) as error:
            main([command, "--help"])
        assert error.value.code == 0
        assert command in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [[], ["nope"], ["lint"], ["playtest", "-", "--runs", "0"], ["explore", "-", "--seconds", "nan"], ["diff", "a"]],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_a_line_without_a_command_lists_the_commands_and_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    text = capsys.readouterr().err
    assert "explore every possible run" in text and "worldkit samples lighthouse > light.world.json" in text


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("lnt", 'there is no command "lnt"; did you mean "lint"?'),
        ("zzz", 'there is no command "zzz"; worldkit --help lists them'),
    ],
)
def test_a_wrong_command_is_answered_in_one_line(command: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command])
    assert capsys.readouterr().err.endswith(f"worldkit: error: {said}\n")


def test_the_name_of_a_sample_in_place_of_a_file_is_answered_with_how_to_get_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["play", "lighthouse"]) == 2
    assert "worldkit samples lighthouse > lighthouse.world.json" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(["--version"])
    assert error.value.code == 0 and capsys.readouterr().out == f"worldkit {wk.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["diff", "-", "-"], ["apply", "-", "-"], ["apply", "-", "ops.json", "--in-place"], ["play", "-"], ["play"]],
)
def test_what_standard_input_cannot_do_is_said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


# ---- lint --------------------------------------------------------------------------------------


def test_lint_says_where_what_and_which_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(wk.samples.load("bench"), tmp_path)
    assert main(["lint", path]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{path}: warning event[pick_up_the_red_mitten].anchor.minProximity: ")
    assert "[sliver-evidence] Fixable: set its minProximity to 0.15.\n" in out
    assert out.endswith("[no-subject-in-base] Fixable: write both into the text.\n4 warnings in 1 world\n")
    assert main(["lint", path, "--fail-on", "error"]) == 0


def test_lint_names_the_line_of_a_file_of_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "worlds.jsonl"
    broken = {"entrance": {"state": "nowhere"}, "scene": {"states": {"a": {"base": "A."}}, "events": []}}
    lines = [wk.samples.load("lighthouse").to_dict(), {"premise": "A lamp.", "error": "too long"}, broken, broken]
    path.write_text("\n\n".join(map(json.dumps, lines)), "utf-8")
    report = tmp_path / "report.sarif"
    assert main(["lint", str(path), "--sarif", str(report)]) == 1
    places = {line.split(": ")[0] for line in capsys.readouterr().out.splitlines()[:-1]}
    assert places == {f"{path}:5", f"{path}:7"}
    results = json.loads(report.read_text("utf-8"))["runs"][0]["results"]
    regions = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results]
    assert set(regions) == {5, 7}
    assert len({result["partialFingerprints"]["worldkit/v1"] for result in results}) == len(results)
    assert main(["lint", str(path), "--json"]) == 1
    assert [world["line"] for world in json.loads(capsys.readouterr().out)["worlds"]] == [1, 5, 7]


def test_a_line_that_cannot_be_read_hides_no_finding_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, line = tmp_path / "worlds.jsonl", json.dumps(wk.samples.load("bench").to_dict())
    path.write_text("\n".join([line, "{bad", line, "[]"]), "utf-8")
    assert main(["lint", str(path)]) == 2
    printed = capsys.readouterr()
    assert {text.split(": ")[0] for text in printed.out.splitlines()[:-1]} == {f"{path}:1", f"{path}:3"}
    assert [text.split("jsonl, ")[1][:6] for text in printed.err.splitlines()] == ["line 2", "line 4"]
    assert main(["lint", str(path), "--fix"]) == 2
    assert "has one on each line" in capsys.readouterr().err
    assert path.read_text("utf-8").count("{bad") == 1
    assert main(["quality", str(path)]) == 2


def test_a_folder_means_the_same_files_to_lint_as_to_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "deep", ".hidden", "deep/.git"):
        (tmp_path / name).mkdir()
        wk.World.new("A").save(tmp_path / name / "a.world.json")
    (tmp_path / "deep" / "up").symlink_to(tmp_path, target_is_directory=True)
    main(["lint", str(tmp_path), "--json"])
    linted = [world["path"] for world in json.loads(capsys.readouterr().out)["worlds"]]
    assert linted == list(map(str, wk.scan(tmp_path).paths))
    assert linted == [str(tmp_path / name / "a.world.json") for name in ("a", "deep")]


def test_lint_by_the_studios_profile_spells_its_paths_and_is_stricter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dark = [{"op": "set_field", "state": "lane", "field": "base", "value": "A lane without light."}]
    path = save_world(wk.samples.load("bench").apply(dark), tmp_path)
    assert main(["lint", path, "--fail-on", "error"]) == 0
    assert "warning state[lane].base: found " in capsys.readouterr().out
    assert main(["lint", path, "--fail-on", "error", "--profile", "studio"]) == 1
    assert "error   states.lane.base: found " in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["lint", path, "--profile", "offline"])


def test_lint_fix_makes_the_safe_fixes_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(wk.samples.load("bench"), tmp_path)
    assert main(["lint", "--profile", "studio", "--fix", path]) == 0
    assert "1 fixed" in capsys.readouterr().out
    assert len(wk.load(Path(path)).lint("studio")) == 0
    assert main(["lint", "--profile", "studio", path]) == 0


def test_lint_fix_leaves_a_wrapped_world_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"world": wk.samples.load("bench").to_dict()}), encoding="utf-8")
    before = path.read_bytes()
    assert main(["lint", "--fix", str(path)]) == 2
    assert "wraps its world" in capsys.readouterr().err and path.read_bytes() == before


def test_lint_fix_goes_on_after_a_file_that_it_cannot_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrapped = tmp_path / "a.world.json"
    wrapped.write_text(json.dumps({"world": wk.samples.load("bench").to_dict()}), encoding="utf-8")
    path = save_world(wk.samples.load("bench"), tmp_path)
    assert main(["lint", "--profile", "studio", "--fix", "--json", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert "wraps its world" in err
    assert [world.get("fixed") for world in json.loads(out)["worlds"]] == [1, None]
    assert len(wk.load(Path(path)).lint("studio")) == 0


def test_reports_of_lint_name_the_files_that_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, missing = save_world(GOOD_WORLD, tmp_path), str(tmp_path / "no 1.json")
    assert main(["lint", missing, path, "--junit", "-"]) == 2
    out, err = capsys.readouterr()
    root = ElementTree.fromstring(out)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "0", "1")
    (case,) = [case for case in root.iter("testcase") if case.get("classname") == missing]
    assert err == f"worldkit: {case.find('error').get('message')}\n"  # type: ignore[union-attr]
    assert main(["lint", missing, path, "--sarif", "-"]) == 2
    (invocation,) = json.loads(capsys.readouterr().out)["runs"][0]["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False and notification["level"] == "error"
    uri = notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.endswith("no%201.json") and notification["message"]["text"] in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "{world}", "--sarif", "{report}"],
        ["lint", "{world}", "--junit", "{report}"],
        ["show", "{world}", "--svg", "{report}"],
        ["show", "{world}", "--mermaid", "{report}"],
        ["explore", "{world}", "--html", "{report}"],
        ["quality", "{world}", "--html", "{report}"],
        ["check", "{world}", "--property", "reachable two_mittens", "--junit", "{report}"],
        ["play", "--check", ".", "--junit", "{report}"],
        ["paint", "{world}", "--model", "images:http://127.0.0.1:9/v1#none", "--html", "{report}"],
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_the_work(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = wk.samples.load("bench").save(tmp_path / "bench.world.json")
    report = str(tmp_path / "nowhere" / "report")
    assert main([part.format(world=file, report=report) for part in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "is no folder; make it first" in err


def test_a_write_protected_output_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def generate(*_: Any, **__: Any) -> Any:
        raise AssertionError("the work has begun")

    monkeypatch.setattr("worldkit.generation.generate_with_report", generate)
    output = wk.samples.load("bench").save(tmp_path / "bench.world.json")
    output.chmod(0o444)
    assert main(["generate", "A lamp goes out.", "--output", str(output), "--force"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "it is write-protected; make it writable first" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "a.json", "--sarif", "-", "--junit", "-"],
        ["lint", "a.json", "--json", "--sarif", "-"],
        ["show", "a.json", "--json", "--svg", "-"],
        ["show", "a.json", "--svg", "-", "--mermaid", "-"],
        ["explore", "a.json", "--json", "--html", "-"],
        ["quality", "a.json", "--json", "--html", "-"],
        ["check", "a.json", "--json", "--junit", "-"],
        ["play", "--check", "runs", "--json", "--junit", "-"],
        ["revise", "a.json", "make it colder", "--json", "-o", "-"],
        ["paint", "a.json", "--model", "images:http://127.0.0.1:9/v1#m", "--json", "--embed", "-o", "-"],
        ["paint", "a.json", "--model", "images:http://127.0.0.1:9/v1#m", "--html", "-", "--embed", "-o", "-"],
        ["paint", "a.json", "--model", "images:http://127.0.0.1:9/v1#m", "--html", "-", "--json"],
    ],
)
def test_two_documents_are_not_mixed_on_standard_output(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and "standard output; name a file for all but one" in err


def test_lint_goes_on_after_a_file_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.world.json"
    bad.write_text('{"scene": {"states": 1, "events": 2}}', encoding="utf-8")
    save_world(wk.samples.load("bench"), tmp_path)
    assert main(["lint", str(tmp_path), "--json", "--profile", "studio"]) == 2
    out, err = capsys.readouterr()
    assert err.startswith(f"worldkit: {bad} is not a readable world: ") and err.count("\n") == 1
    report = json.loads(out)
    assert report["counts"] == {"error": 0, "warning": 1, "info": 0}
    (finding,) = next(world["diagnostics"] for world in report["worlds"] if "diagnostics" in world)
    assert finding["remedy"] == "set its minProximity to 0.15"
    assert [list(world) for world in report["worlds"]] == [["path", "name", "fixed", "diagnostics"], ["path", "error"]]


def test_lint_deep_sees_what_only_play_sees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(STUCK_WORLD, tmp_path)
    main(["lint", path])
    assert "soft-lock" not in capsys.readouterr().out
    assert main(["lint", "--deep", "--seconds", "5", path]) == 1
    assert "[soft-lock]" in capsys.readouterr().out


def test_lint_writes_junit_and_sarif(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(STUCK_WORLD, tmp_path)
    files = [str(tmp_path / name) for name in ("o.xml", "o.sarif")]
    assert main(["lint", "--profile", "studio", "--deep", path, "--junit", files[0], "--sarif", files[1]]) == 1
    suite = ElementTree.parse(files[0]).getroot()
    assert suite.get("failures") == suite.get("tests") == "2"
    assert "oil" in str(suite.findall(".//failure")[1].get("message"))
    log = json.loads(Path(files[1]).read_text(encoding="utf-8"))
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert log["version"] == "2.1.0" and one["tool"]["driver"]["name"] == "worldkit"
    for result in one["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("light.world.json")
    assert len({result["partialFingerprints"]["worldkit/v1"] for result in one["results"]}) == 2
    capsys.readouterr()
    assert main(["lint", path, "--profile", "studio", "--junit", "-"]) == 1
    ElementTree.fromstring(capsys.readouterr().out)


# ---- explore, playtest, verify -------------------------------------------------------------------


def test_explore_says_the_verdict_and_exits_with_1_when_something_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, stuck_path = save_world(GOOD_WORLD, tmp_path, "good"), save_world(STUCK_WORLD, tmp_path, "stuck")
    assert main(["explore", good]) == 0
    assert "All 4 endings can be reached" in capsys.readouterr().out
    assert main(["explore", stuck_path]) == 1
    assert "oil" in capsys.readouterr().out
    assert main(["explore", stuck_path, "--fail-on", "never"]) == 0


def test_explore_prints_json_and_writes_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(CIRCULAR_WORLD, tmp_path)
    files = {kind: str(tmp_path / f"o.{kind}") for kind in ("html", "junit", "sarif")}
    options = [part for kind, file in files.items() for part in (f"--{kind}", file)]
    assert main(["explore", path, "--json", "--seconds", "9", "--nodes", "100_000", *options]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["complete"] and report["positions"] == wk.explore(CIRCULAR_WORLD).positions
    assert Path(files["html"]).read_text(encoding="utf-8").startswith("<!")
    assert ElementTree.parse(files["junit"]).getroot() is not None
    assert json.loads(Path(files["sarif"]).read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_the_tests_of_explore_fail_as_its_exit_code_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stuck = save_world(STUCK_WORLD, tmp_path, "stuck")
    unreachable = save_world(without("step_into_the_kitchen"), tmp_path, "unreachable")
    for path in (stuck, unreachable):
        for fail_on, code in (("never", 0), ("error", 1)):
            assert main(["explore", path, "--fail-on", fail_on, "--junit", "-"]) == code
            root = ElementTree.fromstring(capsys.readouterr().out)
            assert (root.get("failures") == "0") == (code == 0)
            assert root.findall(".//system-out") or code


@pytest.mark.parametrize("name", ["a#1 100%.world.json", "caf\udce9.world.json"])
def test_explore_names_any_file_by_a_uri(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    try:
        path.write_text(GOOD_WORLD.to_json())
    except OSError:
        pytest.skip("this system has no such file names")
    uris = []
    for command in ("explore", "lint"):
        assert (
            main([command, str(path if command == "explore" else tmp_path), "--sarif", "-", "--fail-on", "never"]) == 0
        )
        text = capsys.readouterr().out
        uris += [uri.rpartition("/")[2] for uri in re.findall(r'"uri": "([^"]*)"', text)]
    assert set(uris) == {"a%231%20100%25.world.json" if "#" in name else "caf%E9.world.json"}


def test_a_wrong_engine_is_said_once_for_any_number_of_worlds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["explore", *[save_world(GOOD_WORLD, tmp_path)] * 3, "--engine", "steam"])
    assert capsys.readouterr().err.count("steam") == 1


def test_play_shows_paragraphs_that_cannot_be_taken_for_choices(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    states = {"jetty": {"base": "You   wait.\n\n1  Go\x1b[2J"}}
    raw = {"entrance": {"state": "jetty"}, "scene": {"states": states, "events": []}}
    path = save_world(wk.World.from_dict(raw), tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("q\n"))
    assert main(["play", path]) == 0
    assert "[jetty]  You wait.\n     1 Go\\x1b[2J\n" in capsys.readouterr().out


def test_playtest_plays_as_often_as_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(GOOD_WORLD, tmp_path)
    reports = []
    for _ in range(2):
        assert main(["playtest", path, "--runs", "50", "--policy", "novelty", "--seed", "4", "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        reports.append({key: value for key, value in report.items() if key != "seconds"})
    assert reports[0] == reports[1] and reports[0]["runs"] == 50
    assert main(["playtest", path, "--runs", "50"]) == 0
    assert "50 random plays" in capsys.readouterr().out


def test_verify_passes_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", save_world(GOOD_WORLD, tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("passed")
    assert main(["verify", save_world(wk.samples.load("bench"), tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["passed"] is False


def test_verify_goes_through_a_folder_and_one_bad_file_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deep").mkdir()
    wk.samples.load("broken").save(tmp_path / "deep" / "broken.world.json")
    wk.samples.load("lighthouse").save(tmp_path / "light.world.json")
    assert main(["verify", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{tmp_path / 'deep' / 'broken.world.json'}: not passed (")
    assert (
        lines[-2].startswith(f"{tmp_path / 'light.world.json'}: passed, score ") and lines[-1] == "1 of 2 worlds passed"
    )
    bad = tmp_path / "bad.world.json"
    bad.write_text("{ torn", "utf-8")
    assert main(["verify", str(tmp_path), "--json"]) == 2
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert [world["passed"] for world in report["worlds"]] == [False, True]
    assert len(report["unreadable"]) == 1 and printed.err.startswith(f"worldkit: {bad} is not a readable world")
    assert main(["quality", str(tmp_path), "--json"]) == 2, "what can be read is judged"
    assert len(json.loads(capsys.readouterr().out)["worlds"]) == 2


def test_verify_goes_through_the_lines_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "worlds.jsonl"
    wk.generate_many(["A diver finds a door."], "templates", seed=[1, 2], out=out)
    assert main(["verify", str(out), "--json"]) == 0
    worlds = json.loads(capsys.readouterr().out)["worlds"]
    assert [(world["path"], world["line"], world["passed"]) for world in worlds] == [
        (str(out), n, True) for n in (1, 2)
    ]


# ---- diff, apply, show, samples ------------------------------------------------------------------


def test_diff_exits_with_1_when_the_worlds_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = save_world(GOOD_WORLD, tmp_path, "a"), save_world(STUCK_WORLD, tmp_path, "b")
    assert main(["diff", a, a]) == 0
    assert capsys.readouterr().out == "no difference\n"
    assert main(["diff", a, b]) == 1
    assert "play:" not in capsys.readouterr().out
    assert main(["diff", "--deep", a, b]) == 1
    assert '"ON THE TEETH" can no longer be reached' in capsys.readouterr().out


def test_of_a_large_world_all_differences_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    states = {f"room_{number}": {"base": f"Room {number}."} for number in range(150)}
    before = wk.load({"scene": {"states": states, "events": []}})
    after = before.apply([{"op": "update_state", "id": id, "patch": {"base": f"{id}, painted."}} for id in states])
    paths = [str(world.save(tmp_path / f"{name}.world.json")) for name, world in (("a", before), ("b", after))]
    assert main(["diff", *paths]) == 1
    assert capsys.readouterr().out.count("~ state") == 150


def test_a_diff_as_json_can_be_applied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = save_world(GOOD_WORLD, tmp_path, "a"), save_world(STUCK_WORLD, tmp_path, "b")
    main(["diff", a, b, "--json", "--deep"])
    feed(monkeypatch, capsys.readouterr().out)
    assert main(["apply", a, "-"]) == 0
    assert wk.load(capsys.readouterr().out) == STUCK_WORLD


def test_apply_writes_where_it_is_told_and_a_refusal_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, ops = save_world(GOOD_WORLD, tmp_path), tmp_path / "ops.json"
    ops.write_text('[{"op": "delete_state", "id": "on_the_teeth"}]', encoding="utf-8")
    out = tmp_path / "out.world.json"
    assert main(["apply", path, str(ops), "-o", str(out)]) == 0
    assert "on_the_teeth" not in wk.load(out).states and wk.load(Path(path)) == GOOD_WORLD
    assert "worldkit: " in capsys.readouterr().err  # what went along is said
    assert main(["apply", path, str(ops), "--in-place"]) == 0
    assert "on_the_teeth" not in wk.load(Path(path)).states
    capsys.readouterr()
    before = Path(path).read_bytes()
    assert main(["apply", path, str(ops), "--in-place"]) == 1
    assert capsys.readouterr().err.count("\n") == 1 and Path(path).read_bytes() == before
    ops.write_text("7", encoding="utf-8")
    assert main(["apply", path, str(ops)]) == 2


def test_show_sums_a_world_up_and_draws_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(GOOD_WORLD, tmp_path)
    assert main(["show", path]) == 0
    out = capsys.readouterr().out
    assert "14 states, 33 events" in out and 'win: "TWO CUPS" in "two_cups"' in out
    assert main(["show", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["start"] == "landing"
    assert main(["show", path, "--svg", "-"]) == 0
    assert capsys.readouterr().out.startswith("<svg")
    assert main(["show", path, "--mermaid", str(tmp_path / "a.mmd")]) == 0
    assert (tmp_path / "a.mmd").read_text(encoding="utf-8").startswith("flowchart")


def test_one_is_a_state_and_not_states(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(wk.World.new("One"), tmp_path)
    assert main(["show", path]) == 0
    assert "  1 state, 0 events (none)" in capsys.readouterr().out
    assert main(["playtest", save_world(GOOD_WORLD, tmp_path), "--runs", "1", "--steps", "1"]) == 0
    assert "ran out of 1 step;" in capsys.readouterr().out
    assert repr(wk.odds(wk.World.new("One"))).startswith("Exact odds of 1 point:")


def test_samples_are_listed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["samples"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(wk.samples.names())
    assert main(["samples", "bench"]) == 0
    assert wk.load(capsys.readouterr().out) == wk.samples.load("bench")


# ---- saved runs --------------------------------------------------------------------------------


def test_play_check_exits_with_1_when_a_run_does_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(GOOD_WORLD, tmp_path)
    wk.save_run(session_after(*KITCHEN), tmp_path / "runs" / "lamp", name="to the lamp", world=path)
    assert main(["play", "--check", str(tmp_path / "runs")]) == 0
    assert capsys.readouterr().out == "the run passed\n  passed      to the lamp  3 steps\n"
    other = save_world(without("step_into_the_kitchen"), tmp_path, "other")
    report = tmp_path / "out.xml"
    assert main(["play", "--check", str(tmp_path / "runs"), other, "--junit", str(report)]) == 1
    assert "broken      to the lamp  step 2 of 3: " in capsys.readouterr().out
    assert ElementTree.parse(report).getroot().get("failures") == "1"
    assert main(["play", "--check", str(tmp_path / "runs"), other, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["outcome"] == "broken"
    assert main(["play", "--check", str(tmp_path / "nowhere")]) == 2


def test_play_update_records_again_and_says_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_world(GOOD_WORLD, tmp_path)
    wk.save_run(session_after(*KITCHEN), tmp_path / "runs" / "lamp", world=path, expect={"state": "yard"})
    assert main(["play", "--check", str(tmp_path)]) == 1
    capsys.readouterr()
    assert main(["play", "--update", str(tmp_path), "--junit", str(tmp_path / "o.xml")]) == 2
    assert "--junit goes with --check" in capsys.readouterr().err and main(["play", "--check", str(tmp_path)]) == 1
    capsys.readouterr()
    assert main(["play", "--update", str(tmp_path)]) == 0
    assert 'expect.state: "yard" → "kitchen"' in capsys.readouterr().out
    assert main(["play", "--check", str(tmp_path)]) == 0
    other = save_world(without("step_into_the_kitchen"), tmp_path, "other")
    assert main(["play", "--update", str(tmp_path), other]) == 1


# ---- by hand -----------------------------------------------------------------------------------


def test_a_world_is_played_by_numbers_and_the_run_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_world(GOOD_WORLD, tmp_path)
    keys = ["1", "2", "2", "i", "u", "u", "2", "4", "99", "w 1", "t", "?", "huh", "w x", "s", "s To the/../lamp", "q"]
    feed(monkeypatch, "\n".join(keys) + "\n")
    assert main(["play", path]) == 0
    out = capsys.readouterr().out
    for text in (
        "The Light at Skarra",
        "(locked: An iron door and a good lock.",
        "  hand_lamp\n",
        "there is no 99 here",
        "say under which name",
        "'huh' is not known",
    ):
        assert text in out
    (run_file,) = (tmp_path / "runs").iterdir()
    assert run_file.name == "to-the-lamp.run.json"
    (saved_run,) = wk.load_runs(tmp_path / "runs")
    assert saved_run.world == "../light.world.json" and saved_run.trace.events[0] == "climb_the_kelp_steps"
    assert main(["play", "--check", str(tmp_path / "runs")]) == 0


def test_a_locked_offer_says_why_and_an_ending_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = wk.load(
        {
            "entrance": {"state": "a"},
            "scene": {
                "states": {
                    "a": {"base": "A \x1b[31mlane."},
                    "b": {"base": "B", "ending": {"kind": "win", "title": "Out"}},
                },
                "events": [
                    {
                        "name": "door",
                        "kind": "transition",
                        "from": ["a"],
                        "to": "b",
                        "requires": ["key"],
                        "lockedHint": "It is shut.",
                    },
                    {"name": "dig", "kind": "transition", "from": ["a"], "to": "b", "autoAfterMs": 3000},
                ],
            },
        }
    )
    feed(monkeypatch, "1\nw 5\n1\n")
    assert main(["play", save_world(world, tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "locked: It is shut." in out and "dig happened by itself" in out and "win: Out" in out
    assert "nothing is offered here" in out and "\x1b" not in out
