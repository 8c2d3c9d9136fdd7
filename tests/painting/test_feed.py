"""A painter beside the kernel: the newest frame first, two in flight, and no failure that reaches play."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import worldkit as wk
from worldkit.painting.feed import MAX_IN_FLIGHT, PainterFeed
from worldkit.painting.looks import Looks
from worldkit.painting.moving_picture import MovingPicture
from worldkit.painting.painter import Capabilities, Frame
from worldkit.painting.websocket.client import WebSocketPainter
from worldkit.painting.websocket.server import WebSocketModel, serve


class ScriptedPainter:
    """A painter that does what a test says: a test double for one that is fast, or breaks."""

    def __init__(self, frames: int = 1000, error: str = "", opens: bool = True) -> None:
        self.count, self.error, self.opens = frames, error, opens
        self.told: list[Any] = []
        self.closed = 0

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        if self.error == "open":
            raise wk.PainterRefused("no world model answers")
        if not self.opens:
            await asyncio.Event().wait()
        self.told.append(prompt)
        return Capabilities(prompt=True)

    async def say(self, prompt: str, kind: str = "prompt", state: str = "") -> None:
        self.told.append((prompt, kind, state))
        if self.error == "say":
            raise RuntimeError("out of memory")

    async def hold(self, controls: Collection[str]) -> None:
        self.told.append(frozenset(controls))

    async def frames(self) -> AsyncIterator[Frame]:
        for number in range(self.count):
            if self.error == "frames" and number == 3:
                raise RuntimeError("out of memory")
            yield Frame(b"\xff\xd8\xff" + number.to_bytes(4, "big"), "image/jpeg")
            await asyncio.sleep(0)
        await asyncio.Event().wait()

    async def close(self) -> None:
        self.closed += 1


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)


class SlowPainter(ScriptedPainter):
    """A painter that takes longer for the first prompt than for those after it: a test double for a network."""

    async def say(self, prompt: str, kind: str = "prompt", state: str = "") -> None:
        for _ in range(50 if prompt == "first" else 0):
            await asyncio.sleep(0)
        self.told.append(prompt)


def test_prompts_reach_the_painter_in_the_order_they_are_given() -> None:
    painter = SlowPainter()
    feed = PainterFeed(painter, lambda number, frame: None)
    feed.start("A lane.")
    for prompt in ("first", "second", "third"):
        feed.say(prompt)
    wait_until(lambda: len(painter.told) == 4)
    feed.close()
    assert painter.told == ["A lane.", "first", "second", "third"]


def test_two_frames_are_in_flight_and_never_more() -> None:
    numbers: list[int] = []
    feed = PainterFeed(ScriptedPainter(), lambda number, frame: numbers.append(number))
    feed.start("A lane.")
    wait_until(lambda: len(numbers) == MAX_IN_FLIGHT)
    feed.acknowledge(7)  # was never sent
    feed.acknowledge(1)
    wait_until(lambda: len(numbers) == 3)
    feed.acknowledge(1)  # again
    feed.acknowledge(3)
    wait_until(lambda: len(numbers) == 5)
    feed.acknowledge(0)  # a view that has just opened waits for none
    wait_until(lambda: len(numbers) == 7)
    feed.close()
    assert numbers == [1, 2, 3, 4, 5, 6, 7] and feed.status == "closed"


class NewestPainter(ScriptedPainter):
    """A painter that keeps its newest picture, as those behind a connection do; a test says when one comes."""

    def __init__(self) -> None:
        super().__init__()
        self.newest = 0
        self.arrival = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    def bring(self, number: int) -> None:
        assert self.loop is not None

        async def arrive() -> None:
            self.newest = number
            self.arrival.set()
            for _ in range(5):  # whoever waits for a picture takes it now
                await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(arrive(), self.loop).result(60)

    async def frames(self) -> AsyncIterator[Frame]:
        self.loop = asyncio.get_running_loop()
        while True:
            await self.arrival.wait()
            self.arrival.clear()
            yield Frame(bytes([self.newest]), "image/jpeg")


def test_what_a_slow_view_gets_next_is_the_newest_picture_and_not_one_that_waited() -> None:
    frame_numbers: list[int] = []
    painter = NewestPainter()
    feed = PainterFeed(painter, lambda number, frame: frame_numbers.append(frame.data[0]))
    feed.start("A lane.")
    wait_until(lambda: painter.loop is not None)
    for number in (1, 2):
        painter.bring(number)
        wait_until(lambda number=number: frame_numbers[-1:] == [number])
    for number in (3, 4, 5):  # nobody has shown the first two yet
        painter.bring(number)
    feed.acknowledge(2)
    wait_until(lambda: len(frame_numbers) == 3)
    painter.bring(6)
    wait_until(lambda: len(frame_numbers) == 4)
    feed.close()
    assert frame_numbers == [1, 2, 5, 6]


def test_how_late_pictures_are_is_known_once_a_view_has_said_so() -> None:
    numbers: list[int] = []
    feed = PainterFeed(ScriptedPainter(), lambda number, frame: numbers.append(number))
    feed.start("A lane.")
    wait_until(lambda: len(numbers) == MAX_IN_FLIGHT)
    assert feed.delay_ms is None
    feed.acknowledge(0)  # a view that has just opened has shown nothing
    wait_until(lambda: len(numbers) == 4)
    assert feed.delay_ms is None
    began = time.perf_counter()
    feed.acknowledge(4)
    assert feed.delay_ms is not None and 0 < feed.delay_ms < 60_000 + 1000 * (time.perf_counter() - began)
    assert not feed._sending_times.keys() & {1, 2, 3, 4}, "what was shown is forgotten"
    feed.close()


def test_what_is_said_and_held_reaches_the_painter_in_order() -> None:
    painter = ScriptedPainter()
    feed = PainterFeed(painter, lambda number, frame: feed.acknowledge(number))
    feed.start("A lane.")
    wait_until(lambda: feed.status == "open")
    feed.say("The gate opens.")
    feed.hold(["forward"])
    feed.say("A yard.", "state", "yard")
    wait_until(lambda: len(painter.told) == 4)
    feed.close()
    commands = [("The gate opens.", "prompt", ""), frozenset({"forward"}), ("A yard.", "state", "yard")]
    assert painter.told == ["A lane.", *commands] and painter.closed == 1


@pytest.mark.parametrize("error", ["open", "say", "frames"])
def test_a_painter_that_fails_is_reported_and_raises_nothing(error: str) -> None:
    feed = PainterFeed(ScriptedPainter(error=error), lambda number, frame: feed.acknowledge(number))
    feed.start("A lane.")
    feed.say("The gate opens.")
    if error != "say":
        wait_until(lambda: feed.status == "failed")
        assert feed.detail
    feed.say("A yard.", "state", "yard")
    feed.hold(())
    assert feed.look() is None or error != "open"
    feed.close()
    feed.close()


def test_a_painter_that_never_opens_can_be_closed() -> None:
    feed = PainterFeed(ScriptedPainter(opens=False), lambda number, frame: None)
    feed.start("A lane.")
    feed.close()
    assert feed.status == "closed" and not [t for t in threading.enumerate() if t.name == "worldkit-painter"]


@contextmanager
def computed_picture(model: WebSocketModel) -> Iterator[str]:
    """A real server in a thread of its own."""
    address: list[str] = []
    is_ready, stop = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        async with serve(model) as url:
            address.append(url)
            is_ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    is_ready.wait(60)
    try:
        yield address[0]
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join(60)


def test_looks_measure_what_the_specification_says() -> None:
    looks = Looks()
    grey = Frame(bytes([100, 100, 100, 255] * 6), "image/x-rgba", 3, 2)
    lighter = Frame(bytes([130, 130, 130, 255] * 6), "image/x-rgba", 3, 2)
    first, second = looks.look(grey), looks.look(lighter)
    assert (first.luminance, first.motion) == (100, None), "the first look has no motion"
    assert (second.luminance, second.motion) == (130, 30)
    red = Frame(bytes([255, 0, 0, 255] * 6), "image/x-rgba", 3, 2)
    assert looks.look(red).luminance == pytest.approx(76, abs=0.5)


@pytest.mark.parametrize("data", [b"\xff\xd8\xff not a picture", MovingPicture("A lane.").encoded("PNG")[:200]])
def test_a_damaged_picture_is_no_evidence(data: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be decoded"):
        Looks().look(Frame(data, "image/jpeg"))


def test_real_frames_of_a_real_server_are_evidence() -> None:
    world = wk.load(
        {
            "entrance": {"state": "lane"},
            "scene": {
                "states": {"lane": {"base": "A lane."}, "yard": {"base": "A yard."}},
                "events": [
                    {
                        "name": "go",
                        "kind": "transition",
                        "from": ["lane"],
                        "to": "yard",
                        "landWhen": {"maxLuminance": 250, "hits": 1, "timeoutMs": 60000},
                    }
                ],
            },
        }
    )
    with computed_picture(WebSocketModel(width=64, height=36)) as url:
        numbers: list[int] = []

        def show(number: int, _: Frame) -> None:
            numbers.append(number)
            feed.acknowledge(number)

        feed = PainterFeed(WebSocketPainter(url), show)
        feed.start("A lane.")
        wait_until(lambda: len(numbers) > 3)
        session = wk.Session(world, mode="real-time", evidence=feed.look)
        session.fire("go")
        wait_until(lambda: bool(session.tick(100)) or session.state == "yard")
        assert session.trace.steps[-1].evidence == "observed"
        feed.close()
    assert feed.status == "closed"


def test_a_trigger_zone_fires_by_what_real_frames_show() -> None:
    zone = {"auto": True, "maxLuminance": 250, "hits": 2}
    event = {"name": "go", "kind": "transition", "from": ["lane"], "to": "yard", "hidden": True, "landWhen": zone}
    states = {"lane": {"base": "A lane."}, "yard": {"base": "A yard."}}
    world = wk.load({"entrance": {"state": "lane"}, "scene": {"states": states, "events": [event]}})
    with computed_picture(WebSocketModel(width=64, height=36)) as url:
        feed = PainterFeed(WebSocketPainter(url), lambda number, _: feed.acknowledge(number))
        session = wk.Session(world, mode="real-time", evidence=feed.look)
        session.tick(10_000)
        assert session.state == "lane", "nothing is seen before there is a picture"
        feed.start("A lane.")
        wait_until(lambda: bool(session.tick(700)) or session.state == "yard")
        assert session.trace.events == ("go",)
        feed.close()


def test_a_frame_shows_itself_in_a_notebook_and_not_its_bytes_in_text() -> None:
    frame = Frame(b"\xff\xd8\xff" + b"x" * 2_000, "image/jpeg")
    assert repr(frame) == "Frame of 2,003 bytes, image/jpeg"
    assert list(frame._repr_mimebundle_()) == ["text/plain", "image/jpeg"]
    raw = Frame(bytes(4 * 6), "image/x-rgba", 3, 2)
    assert raw._repr_mimebundle_() == {"text/plain": "Frame of 24 bytes, image/x-rgba, 3 x 2"}
    assert repr(Frame(url="https://host.example/a.png")) == "Frame at https://host.example/a.png"
