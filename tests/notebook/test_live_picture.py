"""The player with a painter: what it is told, and what a view shows of it."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.painting.test_feed import ScriptedPainter, wait_until
from worldkit.painting.painter import Frame
from worldkit.playing.session_view import run_of

STATES = {"lane": {"base": "A lane."}, "yard": {"base": "A yard."}}
GO = {"name": "go", "kind": "transition", "from": ["lane"], "to": "yard", "drive": {"movement": "forward"}}


def world(**fields: Any) -> wk.World:
    entrance = {"state": "lane", "image": {"src": "https://host.example/lane.png"}}
    return wk.load({"name": "Lane", "entrance": entrance, "scene": {"states": STATES, "events": [GO]}, **fields})


class Beginner(ScriptedPainter):
    """Notes what it is begun with: a test double for a world model that begins from a picture."""

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Any:
        self.begun = (prompt, image, world)
        return await super().open(prompt, image, world=world)


def test_a_painter_begins_with_the_entrances_picture_when_the_player_is_shown() -> None:
    painter = Beginner(frames=0)
    player = wk.play(world(cover="https://host.example/cover.png"), painter=painter)
    assert not painter.told, "nothing costly begins before it is shown"
    player._repr_mimebundle_()
    wait_until(lambda: bool(painter.told))
    assert painter.begun == ("A lane.", "https://host.example/lane.png", "Lane")
    player.close()
    assert painter.closed == 1


def test_elsewhere_it_begins_with_the_cover() -> None:
    painter = Beginner(frames=0)
    player = wk.play(world(cover="https://host.example/cover.png"), start="yard", painter=painter)
    player._repr_mimebundle_()
    wait_until(lambda: bool(painter.told))
    assert painter.begun[1] == "https://host.example/cover.png"
    player.close()


def test_what_happens_is_said_and_what_the_player_holds_is_held() -> None:
    painter = ScriptedPainter(frames=0)
    player = wk.play(world(), painter=painter)
    player._repr_mimebundle_()
    wait_until(lambda: player.view["painter"]["status"] == "open")
    assert player.view["painter"]["followsPrompts"] is True and player.view["painter"]["followsControls"] is False
    player._receive(None, {"type": "hold", "id": "1", "view": "v", "controls": ["left", "fly"]})
    wait_until(lambda: painter.told[-1] == frozenset({"left"}))
    player.session.fire("go")
    wait_until(lambda: ("A yard.", "state", "yard") in painter.told)
    player._receive(None, {"type": "act", "id": "2", "view": "v", "action": "undo"})
    wait_until(lambda: ("A lane.", "state", "lane") in painter.told)
    player.close()
    assert player.view["painter"]["status"] == "closed"


def test_controls_that_the_world_holds_are_those_of_where_the_player_went_back_to() -> None:
    painter = ScriptedPainter(frames=0)
    states = {**STATES, "lane": {**STATES["lane"], "autopilot": {"lookHorizontal": "left"}}}
    document = {"entrance": {"state": "lane"}, "scene": {"states": states, "events": [{**GO, "minPlayMs": 5000}]}}
    player = wk.play(wk.load(document), painter=painter, mode="real-time")
    player._repr_mimebundle_()
    wait_until(lambda: player.view["painter"]["status"] == "open")
    holds = lambda: [told for told in painter.told if isinstance(told, frozenset)]  # noqa: E731
    for action, controls in (
        ("fire", {"forward"}),
        ("cancel", {"left"}),
        ("fire", {"forward"}),
        ("finish", set()),
        ("undo", {"left"}),
    ):
        player._receive(None, {"type": "act", "id": "1", "view": "v", "action": action, "event": "go"})
        wait_until(lambda controls=controls: holds()[-1:] == [frozenset(controls)])  # type: ignore[misc]
    player.close()


def test_a_painter_that_is_gone_leaves_the_player_playing() -> None:
    player = wk.play(world(), painter=ScriptedPainter(error="open"))
    player._repr_mimebundle_()
    wait_until(lambda: player.view["painter"]["status"] == "failed")
    assert player.session.fire("go").state == "yard" and player.view["state"]["id"] == "yard"
    player.close()


def test_a_player_whose_recording_cannot_be_written_any_more_is_closed_with_its_painter(tmp_path: Path) -> None:
    painter = ScriptedPainter(frames=0)
    player = wk.play(world(), painter=painter)
    player._repr_mimebundle_()
    wait_until(lambda: player.view["painter"]["status"] == "open")
    player.record(tmp_path / "walk")
    shutil.rmtree(tmp_path / "walk")
    with pytest.raises(OSError, match="walk"):
        player.close()
    assert painter.closed == 1 and player.comm is None
    player.close()


def test_the_newest_of_several_painters_of_a_session_shows_what_events_wait_for() -> None:
    session = wk.Session(world())
    first, second = (wk.play(session, painter=ScriptedPainter(frames=0)) for _ in range(2))
    assert second._live_picture is not None
    assert run_of(session).source == second._live_picture._look, "as when a cell is run again"
    first.close()
    assert run_of(session).source == second._live_picture._look
    second.close()
    assert run_of(session).source is None, "a painter that is closed shows nothing"
    third = wk.play(session, painter=ScriptedPainter(frames=0))
    assert third._live_picture is not None and run_of(session).source == third._live_picture._look
    third.close()


def test_a_source_of_the_sessions_own_stays() -> None:
    def look(clock: int) -> None:
        return None

    session = wk.Session(world(), evidence=look)
    player = wk.play(session, painter=ScriptedPainter(frames=0))
    player.close()
    assert run_of(session).source is look


def test_a_picture_at_an_address_is_not_waited_for() -> None:
    class Addresses(ScriptedPainter):
        async def frames(self) -> Any:
            for number in range(5):
                yield Frame(url=f"https://host.example/{number}.png", media_type="image")
            yield Frame(b"\xff\xd8\xff", "image/jpeg")
            await asyncio.Event().wait()

    player = wk.play(world(), painter=Addresses())
    frames: list[Any] = []
    player._send_frame = lambda message, buffers: frames.append((message, buffers))  # type: ignore[method-assign]
    player._live_picture._send = player._send_frame  # type: ignore[union-attr]
    player._repr_mimebundle_()
    wait_until(lambda: bool(frames))
    assert frames == [({"type": "frame", "number": 6, "mediaType": "image/jpeg"}, [b"\xff\xd8\xff"])]
    player.close()
