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

from worldkit.painting.reactor.server import PYTHON_VARIABLE

REQUIREMENT = "reactor-runtime>=3.10,<4"
MIN_PYTHON = (3, 12)


def runtime_python() -> str:
    """Return a Python that has the runtime: ``$WORLDKIT_REACTOR_PYTHON``, else one in an environment made once.

    The environment is kept in the user's cache. The test is skipped without a Python that is new enough, or without a
    package index. Another failure to install is an error under ``make test``, which would else hide it.
    """
    if path := os.environ.get(PYTHON_VARIABLE):
        return path
    pytest.importorskip("reactor_sdk")
    python, reason, is_defect = environment_python()
    if is_defect and os.environ.get("WORLDKIT_REACTOR") == "required":
        raise RuntimeError(reason)
    if reason:
        pytest.skip(reason)
    return python


@cache
def environment_python() -> tuple[str, str, bool]:
    """Return a Python, else why there is none, and whether that is a defect of the installation."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "worldkit"
    environment = root / "reactor-runtime-3.10"
    path = environment / "bin" / "python"
    if has_runtime(path):
        return str(path), "", False
    python = next(filter(is_suitable, pythons()), None)
    if python is None:
        return "", f"no Python {MIN_PYTHON[0]}.{MIN_PYTHON[1]} or newer for reactor-runtime", False
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as folder:
        fresh = Path(folder) / "environment"
        run = subprocess.run([python, "-m", "venv", str(fresh)], capture_output=True, text=True)
        command = [str(fresh / "bin" / "python"), "-m", "pip", "install", "--quiet", REQUIREMENT]
        run = subprocess.run(command, capture_output=True, text=True, timeout=600) if run.returncode == 0 else run
        if run.returncode != 0:
            is_offline = "Retrying (" in run.stderr  # pip's warning where an index does not answer
            return "", f"{REQUIREMENT} cannot be installed: {run.stderr.strip()[-200:]}", not is_offline
        if environment.exists() and not has_runtime(path):
            shutil.rmtree(environment, ignore_errors=True)
        try:
            fresh.rename(environment)  # whole, or not at all: another test process may do the same
        except OSError:
            if not has_runtime(path):
                raise
    return str(path), "", False


def pythons() -> Iterator[str]:
    yield sys.executable
    for minor in (12, 13, 14):
        if path := shutil.which(f"python3.{minor}"):
            yield path
    yield from map(str, sorted(Path.home().glob(".pyenv/versions/3.*/bin/python")))


def is_suitable(python: str) -> bool:
    """Whether a Python can run the runtime, and can make an environment: some distributions leave that out."""
    code = f"import ensurepip, sys, venv; raise SystemExit(sys.version_info < {MIN_PYTHON})"
    return subprocess.run([python, "-c", code], capture_output=True).returncode == 0


def has_runtime(python: Path) -> bool:
    return python.exists() and subprocess.run([python, "-c", "import reactor_runtime"]).returncode == 0
