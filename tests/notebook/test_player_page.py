"""The built player, in a real browser, over views that the kernel really makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HARNESS = ROOT / "widgets" / "test" / "harness"


def test_the_harness_shows_views_of_every_kind() -> None:
    made = subprocess.run([sys.executable, HARNESS / "player_views.py"], capture_output=True, check=True, cwd=ROOT)
    views = json.loads(made.stdout)
    assert views["win"]["ended"]["kind"] == "win" and views["lose"]["ended"]["kind"] == "lose"
    assert views["blocked"]["blocked"] and views["console"]["terminal"]["log"]
    assert any(not offer["available"] for offer in views["locked"]["offers"])
    assert views["phase"]["playing"]["stage"] == "phase" and views["evidence"]["playing"]["hits"] == 2
    assert views["coming"]["timers"] and views["coming"]["waypoints"] and views["coming"]["zones"]
    assert all(view["protocol"] == 1 for view in views.values())


@pytest.mark.browser
def test_hostile_text_runs_nothing_and_nothing_is_asked_of_a_network(tmp_path: Path) -> None:
    command = ["node", str(HARNESS / "player.mjs"), str(tmp_path), "hostile", "win", "console", "help", "hidden"]
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHON": sys.executable}, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len(list(tmp_path.glob("*.png"))) == 2 * (3 * 3 + 1 + 3)
