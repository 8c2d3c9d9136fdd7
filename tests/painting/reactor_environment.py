"""An environment with the real reactor-runtime, which wants a newer Python than worldkit does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from worldkit.painting.reactor.server import PYTHON

REQUIREMENT = "reactor-runtime>=3.10,<4"
OLDEST = (3, 12)


@cache
def runtime_python() -> str:
    """Return a Python that has the runtime; made once, and kept in the user's cache. Skips the test without one."""
    if path := os.environ.get(PYTHON):
        return path
    pytest.importorskip("reactor_sdk")
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "worldkit"
    environment = root / "reactor-runtime-3.10"
    if has_runtime(environment / "bin" / "python"):
        return str(environment / "bin" / "python")
    python = next(filter(is_new_enough, pythons()), None)
    if python is None:
        pytest.skip(f"no Python {OLDEST[0]}.{OLDEST[1]} or newer for reactor-runtime")
    root.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=root)) / "environment"
    run = subprocess.run([python, "-m", "venv", str(fresh)], capture_output=True, text=True)
    command = [str(fresh / "bin" / "python"), "-m", "pip", "install", "--quiet", REQUIREMENT]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600) if run.returncode == 0 else run
    if run.returncode != 0:
        shutil.rmtree(fresh.parent)
        pytest.skip(f"{REQUIREMENT} cannot be installed: {run.stderr.strip()[-200:]}")
    try:
        fresh.rename(environment)  # whole, or not at all: another test process may do the same
    except OSError:
        shutil.rmtree(environment if not has_runtime(environment / "bin" / "python") else fresh, ignore_errors=True)
    shutil.rmtree(fresh.parent, ignore_errors=True)
    return str(environment / "bin" / "python")


def pythons() -> Iterator[str]:
    yield sys.executable
    for minor in (12, 13, 14):
        if path := shutil.which(f"python3.{minor}"):
            yield path
    yield from map(str, sorted(Path.home().glob(".pyenv/versions/3.*/bin/python")))


def is_new_enough(python: str) -> bool:
    code = f"import sys; raise SystemExit(sys.version_info < {OLDEST})"
    return subprocess.run([python, "-c", code], capture_output=True).returncode == 0


def has_runtime(python: Path) -> bool:
    return python.exists() and subprocess.run([python, "-c", "import reactor_runtime"]).returncode == 0
