"""200 clients at once: no 5xx, no lost write, no doubled one. ``bench/server.py`` goes on for 30 s."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts import load_script


@pytest.mark.load
def test_two_hundred_clients_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    load = load_script("bench/server.py")
    figures = load.measure(str(tmp_path / "worlds.db"), 1, clients=200, seconds=600, rounds=2)
    assert load.all_promises_hold(figures), figures
    assert set(figures["statuses"]) == {"200"} and figures["own_writes"] == 400 and figures["shared_writes"] == 200
    assert figures["worlds"] == 1 + 200 + 200
