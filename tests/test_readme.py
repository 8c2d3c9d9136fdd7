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


def test_the_readme_says_which_name_to_install() -> None:
    section = README.partition("## The name\n")[2].partition("\n## ")[0]
    assert "`smworldkit`" in section and "`worldkit`" in section and "Do not install both" in section


def test_the_readme_names_every_guide() -> None:
    guides = re.findall(r"^\.\./([\w-]+)$", (DOCS / "guides" / "index.md").read_text("utf-8"), flags=re.MULTILINE)
    missing = [guide for guide in guides if f"](docs/{guide}.md)" not in README]
    assert len(guides) > 20 and not missing
