"""docs/cli.md names every command, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from worldkit.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")


def test_the_page_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = set(re.findall(r"^    (\w+) +\S", capsys.readouterr().out, flags=re.MULTILINE))
    names_on_page = {
        row.split()[0] for row in re.findall(r"^\| `([a-z][^`]*)`", PAGE.partition("## ")[0], re.MULTILINE)
    }
    assert len(commands) > 10
    assert names_on_page == commands
