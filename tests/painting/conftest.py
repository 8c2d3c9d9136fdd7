"""Limits of real time that a busy machine could exceed are raised for every test of painters; some lower them again."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.painting.feed.CLOSE_SECONDS", 60.0)
    for module in ("client", "probe"):
        monkeypatch.setattr(f"worldkit.painting.websocket.{module}.HELLO_SECONDS", 60.0)
    monkeypatch.setattr("worldkit.painting.websocket.probe.PROBE_SECONDS", 60.0)
    monkeypatch.setattr("worldkit.painting.websocket.opening.OPEN_SECONDS", 60.0)
