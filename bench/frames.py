"""Pictures of a world model through the kernel: frames a second, and from a prompt to a picture that shows it.

    python bench/frames.py                 # beside a bare client of the same server, in turn
    python bench/frames.py --kills 100     # kill the server so often while a session plays on

The server is ``worldkit frames serve`` in a process of its own (640 x 360, JPEG, 30 a second). Both clients see every
frame's mean colour; the latency is the time to the first frame whose colour is that of the new prompt.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import worldkit as wk
from worldkit.painting.feed import PainterFeed
from worldkit.painting.looks import decoded
from worldkit.painting.painter import Frame
from worldkit.painting.websocket.client import WebSocketPainter
from worldkit.painting.websocket.messages import read_binary

PROMPTS = ("A white beach at noon.", "A dark cave, one red lantern.")
ROUNDS = 20
SECONDS = 5.0


@contextmanager
def server() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the server; yields its address and its process."""
    command = [sys.executable, "-m", "worldkit.cli", "frames", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split(" at ")[1].split(";")[0], process
        finally:
            process.kill()


def colour(frame: Frame) -> tuple[int, ...]:
    """Return a frame's mean colour, roughly."""
    pixel: Any = decoded(frame).convert("RGB").resize((1, 1)).getpixel((0, 0))
    return tuple(pixel)


class Watch:
    """Notes when frames came, and when the picture became another one."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.seen: tuple[int, ...] = ()
        self.changed = threading.Condition()

    def note(self, frame: Frame) -> None:
        """Note a frame."""
        now, seen = time.perf_counter(), colour(frame)
        with self.changed:
            self.times.append(now)
            if not self.seen or max(abs(a - b) for a, b in zip(seen, self.seen, strict=True)) > 6:
                self.seen = seen
                self.changed.notify_all()

    def wait_for_change(self, act: Callable[[], None]) -> float:
        """Return the seconds from ``act`` to another picture."""
        with self.changed:
            before = self.seen
            began = time.perf_counter()
            act()
            if not self.changed.wait_for(lambda: self.seen != before, 30):
                raise RuntimeError("the picture never changed")
            return time.perf_counter() - began


def through_kernel(url: str) -> dict[str, float]:
    """Return the figures of a painter beside the kernel."""
    watch = Watch()

    def show(number: int, frame: Frame) -> None:
        watch.note(frame)
        feed.acknowledge(number)

    feed = PainterFeed(WebSocketPainter(url), show)
    feed.start(PROMPTS[0])
    try:
        return figures(watch, lambda prompt: feed.say(prompt, "state", "x"))
    finally:
        feed.close()


def bare(url: str) -> dict[str, float]:
    """Return the figures of a client that does nothing but receive."""
    watch, loops, stop = Watch(), list[asyncio.AbstractEventLoop](), threading.Event()
    sockets: list[Any] = []

    async def run() -> None:
        from websockets.asyncio.client import connect

        loops.append(asyncio.get_running_loop())
        async with connect(url, compression=None, max_size=None, proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "protocol": 1}))
            await socket.send(json.dumps({"type": "start", "prompt": PROMPTS[0], "resume": False}))
            sockets.append(socket)
            async for data in socket:
                if isinstance(data, bytes):
                    picture = read_binary(data)
                    assert isinstance(picture, Frame)
                    watch.note(picture)
                if stop.is_set():
                    return

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()

    def say(prompt: str) -> None:
        message = json.dumps({"type": "event", "kind": "state", "value": prompt})
        asyncio.run_coroutine_threadsafe(sockets[0].send(message), loops[0])

    try:
        return figures(watch, say)
    finally:
        stop.set()
        thread.join()


def figures(watch: Watch, say: Callable[[str], None]) -> dict[str, float]:
    """Return frames a second and milliseconds from a prompt to a picture, once frames come."""
    while len(watch.times) < 5:
        time.sleep(0.01)
    first, began = len(watch.times), time.perf_counter()
    time.sleep(SECONDS)
    rate = (len(watch.times) - first) / (time.perf_counter() - began)
    latencies = [watch.wait_for_change(lambda at=at: say(PROMPTS[(at + 1) % 2])) for at in range(ROUNDS)]
    return {"fps": round(rate, 1), "latency_ms": round(1000 * statistics.median(latencies), 1)}


def compare() -> dict[str, Any]:
    """Return the figures of both clients, each measured twice, in turn."""
    with server() as (url, _):
        runs = [
            (name, measure(url)) for _ in range(2) for name, measure in (("kernel", through_kernel), ("bare", bare))
        ]
    best = {
        name: {
            "fps": max(run["fps"] for who, run in runs if who == name),
            "latency_ms": min(run["latency_ms"] for who, run in runs if who == name),
        }
        for name in ("kernel", "bare")
    }
    return {**best, "added_ms": round(best["kernel"]["latency_ms"] - best["bare"]["latency_ms"], 1), "goal_ms": 50}


def survive(kills: int) -> dict[str, int]:
    """Kill the server again and again; return how often, and how often an event landed within a second after."""
    world = wk.samples.load("lighthouse")
    went_on = 0
    for _ in range(kills):
        with server() as (url, process):
            frames = threading.Event()
            feed = PainterFeed(WebSocketPainter(url), lambda number, frame, frames=frames: frames.set())
            session = wk.Session(world, evidence=feed.look)
            session.on("prompt", lambda event, feed=feed: feed.say(event.text))
            feed.start(session.prompt_now)
            frames.wait(30)
            process.kill()
            name, began = session.offers[0].name, time.perf_counter()
            session.fire(name)
            went_on += session.trace.events == (name,) and time.perf_counter() - began < 1
            feed.close()
    return {"kills": kills, "play_went_on": went_on}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=0)
    arguments = parser.parse_args()
    print(json.dumps(survive(arguments.kills) if arguments.kills else compare(), indent=2))
