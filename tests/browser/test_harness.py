"""The built widgets used by key and pointer against the real kernel side, many claims in one browser."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT, chromium

pytestmark = pytest.mark.browser

TIMEOUT_S = 600.0
"""Seconds after which a harness that waits for a kernel that ended is given up."""


@pytest.mark.parametrize("name", ["journey", "inspector", "compare"])
def test_every_claim_of_a_harness_holds(name: str) -> None:
    """Each harness is a list of sentences with what shows them; run one with ``node widgets/test/harness/NAME.mjs``."""
    command = ["node", str(ROOT / "widgets" / "test" / "harness" / f"{name}.mjs")]
    env = {**os.environ, "PYTHON": sys.executable, "CHROMIUM": chromium()}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, check=False, timeout=TIMEOUT_S)
    assert ran.returncode == 0, ran.stdout + ran.stderr
