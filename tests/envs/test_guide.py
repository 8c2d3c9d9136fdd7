"""The guide to environments runs as it stands there, and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

GUIDE = (Path(__file__).parents[2] / "docs" / "environments.md").read_text("utf-8")


def test_the_guide_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    printed = re.findall(r"^```text\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    for code in re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL):
        exec(compile(code, "environments.md", "exec"), names)
    out = capsys.readouterr().out
    assert printed and all(text in out for text in printed)
    assert len(out.splitlines()) == 1 + 3

    env, solution = names["env"], iter(names["task"].solution)
    questions: list[str] = []

    def ask(text: str) -> str:
        questions.append(text)
        return "I do not know." if len(questions) == 1 else next(solution)

    assert names["play"](env, ask)["won"]
    assert "names none of the choices" in questions[1] and len(questions) == 1 + names["task"].shortest
