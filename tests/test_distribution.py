"""Another project owns the name ``worldkit`` on the package index; both in one environment are noticed at import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import worldkit as wk

ROOT = Path(__file__).parents[1]
PACKAGE = Path(wk.__file__).parent


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder that holds a copy of the package, as an installation does."""
    for part in ("core", "py.typed", "__init__.py", "__init__.pyi", "renderers.py"):
        source, target = PACKAGE / part, tmp_path / "worldkit" / part
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return tmp_path


def imported(site: Path, name: str = "worldkit") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(site)}
    code = f"import {name}; print({name}.__file__)"
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def install_the_other(site: Path, record: str) -> None:
    metadata = site / "worldkit-2.1.0.dist-info"
    metadata.mkdir()
    (metadata / "RECORD").write_text(record, encoding="utf-8")


def test_a_folder_of_its_own_is_imported(site: Path) -> None:
    (site / "smworldkit-0.1.0.dist-info").mkdir()
    (site / "smworldkit-0.1.0.dist-info" / "RECORD").write_text("worldkit/__init__.py,,\n", encoding="utf-8")
    assert imported(site).stdout.startswith(str(site))


def test_files_of_the_other_project_are_named_in_one_line(site: Path) -> None:
    install_the_other(site, "worldkit-2.1.0.dist-info/METADATA,,\nworldkit/__init__.py,,\nworldkit/runtime.py,,\n")
    last = imported(site).stderr.strip().splitlines()[-1]
    assert last.startswith(f"ImportError: {site / 'worldkit'} holds files of another project: ")
    assert "'worldkit' (2.1.0)" in last and "pip uninstall worldkit" in last and "smworldkit" in last


def test_they_are_noticed_even_when_the_other_project_wrote_over_the_face(site: Path) -> None:
    install_the_other(site, "worldkit/__init__.py,,\n")
    (site / "worldkit" / "__init__.py").write_text("", encoding="utf-8")
    assert "holds files of another project" in imported(site, "worldkit.core.errors").stderr


def test_a_distribution_of_that_name_that_installs_another_package_is_no_reason(site: Path) -> None:
    install_the_other(site, "elsewhere/__init__.py,,\n")
    assert imported(site).returncode == 0


def test_there_is_a_command_that_no_other_project_writes_over() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts["smworldkit"] == scripts["worldkit"] == "worldkit.cli:main"
