"""An address leads to a painter: over WebSocket, or one that a package registers."""

from __future__ import annotations

import asyncio
import importlib.metadata
from typing import Any

import pytest

import worldkit as wk
from tests.painting.test_feed import ScriptedPainter
from worldkit.painting.checker import check
from worldkit.painting.mira.client import MiraPainter
from worldkit.painting.reactor.client import ReactorPainter
from worldkit.painting.registry import ENTRY_POINT_GROUP, painter_of
from worldkit.painting.websocket.client import WebSocketPainter


def make_painter(address: str) -> Any:
    if address == "oasis:broken":
        raise RuntimeError("no GPU")
    return ScriptedPainter() if address == "oasis:fine" else object()


@pytest.fixture
def registry_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    point = importlib.metadata.EntryPoint("oasis", f"{__name__}:make_painter", ENTRY_POINT_GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point] if group == ENTRY_POINT_GROUP else [])


def test_an_address_over_websocket_is_a_world_model() -> None:
    assert isinstance(painter_of("ws://127.0.0.1:8765"), WebSocketPainter)


def test_a_scheme_may_be_written_in_capitals() -> None:
    painter = painter_of("MIRA:ws://127.0.0.1:9/ws")
    assert isinstance(painter, MiraPainter) and painter.shown == "ws://127.0.0.1:9/ws"
    assert isinstance(painter_of("WSS://model.example/run"), WebSocketPainter)
    [claim] = asyncio.run(check("MIRA:ws://127.0.0.1:9/ws")).claims
    assert claim.name == "says whether it is ready"


def test_the_scheme_of_reactor_may_be_written_in_capitals() -> None:
    pytest.importorskip("reactor_sdk")
    painter = painter_of("Reactor:http://127.0.0.1:9")
    assert isinstance(painter, ReactorPainter) and painter.shown == "http://127.0.0.1:9"


@pytest.mark.usefixtures("registry_entry")
def test_a_registered_scheme_leads_to_its_package() -> None:
    assert isinstance(painter_of("oasis:fine"), ScriptedPainter)


@pytest.mark.usefixtures("registry_entry")
@pytest.mark.parametrize(("address", "words"), [("oasis:broken", "no GPU"), ("oasis:else", "is none")])
def test_a_registered_painter_that_fails_is_named(address: str, words: str) -> None:
    with pytest.raises(wk.WorldError, match=f"painter 'oasis' of .*{words}"):
        painter_of(address)


def test_an_address_that_nobody_registers_is_refused_with_what_one_looks_like() -> None:
    with pytest.raises(wk.WorldError, match=r"begins with ws://"):
        painter_of("gopher://model")
    with pytest.raises(TypeError, match="painter: expected"):
        painter_of(3)  # type: ignore[arg-type]
