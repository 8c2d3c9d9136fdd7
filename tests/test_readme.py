"""The example of the README runs, and says what the README says it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import worldkit as wk

ROOT = Path(__file__).parents[1]
README, DOCS = (ROOT / "README.md").read_text("utf-8"), ROOT / "docs"


def test_the_example_has_ten_lines_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    assert len([line for line in example.splitlines() if line]) == 10
    exec(compile(example, "README.md", "exec"), {})
    output = capsys.readouterr().out
    assert "All 4 endings can be reached; no run can get stuck." in output
    assert "no ending can be reached" in output
    assert wk.load(tmp_path / "shorter.world.json").events_by_name.get("go_out_to_the_yard") is None


def test_the_readme_begins_with_the_two_commands_of_a_fresh_clone() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    assert [line.split("#")[0].strip() for line in blocks[0].splitlines()] == ["make demo", "make test"]


def test_the_readme_says_which_name_to_install() -> None:
    section = README.partition("## The name\n")[2].partition("\n## ")[0]
    assert "`smworldkit`" in section and "`worldkit`" in section and "Do not install both" in section


def test_the_readme_names_every_guide() -> None:
    guides = re.findall(r"^\.\./([\w-]+)$", (DOCS / "guides" / "index.md").read_text("utf-8"), flags=re.MULTILINE)
    missing = [guide for guide in guides if f"](docs/{guide}.md)" not in README]
    assert len(guides) > 20 and not missing


def test_the_changelog_names_every_public_function_and_every_command() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    table = (DOCS / "cli.md").read_text("utf-8").partition("**Exit codes.**")[0]
    commands = sorted(set(re.findall(r"^\| `([a-z]+)", table, flags=re.MULTILINE)))
    functions = [name for name in wk.__all__ if name.islower()]
    missing = [name for name in functions if not re.search(rf"\bwk\.{name}\b", changelog)]
    missing += [name for name in commands if not re.search(rf"`(worldkit )?{name}\b", changelog)]
    assert len(functions) > 50 and len(commands) > 20 and not missing
