"""Pictures of a world model through the kernel: frames a second, and from a prompt to a picture that shows it.

    python bench/frames.py                     # beside a bare client of the same server, in turn
    python bench/frames.py --dialect mira      # the same in another dialect: protocol-1, mira, reactor
    python bench/frames.py --kills 100         # kill the server so often while a session plays on
    python bench/frames.py --browser           # frames that JupyterLab displays, beside those the kernel sends

The server is ``worldkit frames serve`` in a process of its own (640 x 360, 30 a second). Both clients see every frame's
mean colour; the latency is the time to the first frame whose colour is that of the new prompt. The bare client of
Reactor is its SDK. Reactor needs ``$WORLDKIT_REACTOR_PYTHON``, see docs/painters.md.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from websockets.asyncio.client import connect

import worldkit as wk
from worldkit.painting.feed import PainterFeed
from worldkit.painting.looks import decoded
from worldkit.painting.painter import Frame
from worldkit.painting.registry import painter_of

PROMPTS = ("A white beach at noon.", "A dark cave, one red lantern.")
ROUNDS = 20
KERNEL_SECONDS = 5.0
BROWSER_SECONDS = 20.0


@contextmanager
def server(dialect: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the server; yields its address and its process."""
    command = [sys.executable, "-m", "worldkit.cli", "frames", "serve", "--port", "0", "--dialect", dialect]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split(" at ")[1].split(";")[0], process
        finally:
            process.kill()


def colour(picture: Image.Image) -> tuple[int, ...]:
    """Return a picture's mean colour, roughly."""
    pixel: Any = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))
    return tuple(pixel)


class Watch:
    """Notes when frames came, and when the picture became another one."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.seen: tuple[int, ...] = ()
        self.changed = threading.Condition()

    def note(self, picture: Image.Image) -> None:
        """Note a picture."""
        now, current = time.perf_counter(), colour(picture)
        with self.changed:
            self.times.append(now)
            if not self.seen or max(abs(a - b) for a, b in zip(current, self.seen, strict=True)) > 6:
                self.seen = current
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
        watch.note(decoded(frame))
        feed.acknowledge(number)

    feed = PainterFeed(painter_of(url), show)
    feed.start(PROMPTS[0])
    try:
        return figures(watch, lambda prompt: feed.say(prompt, "state", "x"))
    finally:
        feed.close()


def bare(url: str) -> dict[str, float]:
    """Return the figures of a client that does nothing but receive."""
    watch, stop, is_ready = Watch(), threading.Event(), threading.Event()
    sayers: list[Callable[[str], Any]] = []
    client = {"mira": bare_mira, "reactor": bare_reactor}.get(url.partition(":")[0], bare_protocol_1)

    def hand_over(say: Callable[[str], Any]) -> None:
        sayers.append(say)
        is_ready.set()

    thread = threading.Thread(target=lambda: asyncio.run(client(watch, url, stop, hand_over)))
    thread.start()
    is_ready.wait(60)
    try:
        return figures(watch, sayers[0])
    finally:
        stop.set()
        thread.join()


def sayer(socket: Any, message: Callable[[str], dict[str, Any]]) -> Callable[[str], Any]:
    """Return a function that sends a prompt from another thread."""
    loop = asyncio.get_running_loop()
    return lambda prompt: asyncio.run_coroutine_threadsafe(socket.send(json.dumps(message(prompt))), loop)


async def bare_protocol_1(watch: Watch, url: str, stop: threading.Event, hand_over: Callable[..., None]) -> None:
    async with connect(url, compression=None, max_size=None, proxy=None) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": 1}))
        await socket.send(json.dumps({"type": "start", "prompt": PROMPTS[0], "resume": False}))
        hand_over(sayer(socket, lambda prompt: {"type": "event", "kind": "state", "value": prompt}))
        async for data in socket:
            if isinstance(data, bytes):
                watch.note(Image.open(io.BytesIO(data)))
            if stop.is_set():
                return


async def bare_mira(watch: Watch, url: str, stop: threading.Event, hand_over: Callable[..., None]) -> None:
    async with connect(url.removeprefix("mira:"), compression=None, max_size=None, proxy=None) as socket:
        await socket.send(json.dumps({"type": "start", "n_players": 1, "rules": {"match_seconds": 1200}}))
        say = sayer(socket, lambda prompt: {"type": "prompt", "kind": "state", "value": prompt})
        async for data in socket:
            if isinstance(data, bytes):
                watch.note(Image.open(io.BytesIO(data)))
            elif json.loads(data)["type"] == "ready":
                say(PROMPTS[0])
                hand_over(say)
            if stop.is_set():
                return


async def bare_reactor(watch: Watch, url: str, stop: threading.Event, hand_over: Callable[..., None]) -> None:
    from reactor_sdk import Reactor

    reactor = Reactor("model", local=True, api_url=url.removeprefix("reactor:"))
    for _ in range(20):
        try:
            await reactor.connect()
            break
        except Exception:  # the session of the client before is still ending
            await asyncio.sleep(0.3)

    def note(bgra: bytes, width: int, height: int, *_: Any) -> None:
        watch.note(Image.frombuffer("RGB", (width, height), bgra, "raw", "BGRX", 0, 1))

    reactor.tracks.with_kind("video").one().on_raw_frame(note)
    await reactor.send_command("set_prompt", {"prompt": PROMPTS[0]})
    loop = asyncio.get_running_loop()
    hand_over(
        lambda prompt: asyncio.run_coroutine_threadsafe(reactor.send_command("set_prompt", {"prompt": prompt}), loop)
    )
    while not stop.is_set():
        await asyncio.sleep(0.05)
    await reactor.disconnect()
    reactor.close()


def figures(watch: Watch, say: Callable[[str], None]) -> dict[str, float]:
    """Return frames a second and milliseconds from a prompt to a picture, once frames come."""
    while len(watch.times) < 5:
        time.sleep(0.01)
    first, began = len(watch.times), time.perf_counter()
    time.sleep(KERNEL_SECONDS)
    rate = (len(watch.times) - first) / (time.perf_counter() - began)
    latencies = [watch.wait_for_change(lambda at=at: say(PROMPTS[(at + 1) % 2])) for at in range(ROUNDS)]
    return {"fps": round(rate, 1), "latency_ms": round(1000 * statistics.median(latencies), 1)}


def compare(dialect: str) -> dict[str, Any]:
    """Return the figures of both clients, each measured twice, in turn."""
    with server(dialect) as (url, _):
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


def in_browser(dialect: str) -> dict[str, float]:
    """Return frames a second in a notebook: sent by the kernel, drawn and displayed by the browser."""
    from screen.notebook import displayed_rates

    with server(dialect) as (url, _):
        return displayed_rates(url, BROWSER_SECONDS)


def survive(dialect: str, kills: int) -> dict[str, int]:
    """Kill the server again and again while a session plays, in a process of its own that is begun anew if it dies.

    Returns:
        How often the server was killed, how often an event landed within a second after, and how often the process
        that played died.
    """
    counts = {"kills": 0, "play_went_on": 0, "player_died": 0}
    while counts["kills"] < kills:
        command = [sys.executable, "-X", "faulthandler", __file__, "--dialect", dialect, "--kills", str(kills)]
        with subprocess.Popen([*command, "--from", str(counts["kills"])], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                counts["kills"] += 1
                counts["play_went_on"] += line.strip() == "went on"
        if process.returncode:
            counts["kills"] += 1
            counts["player_died"] += 1
    return counts


def kill_from(dialect: str, first: int, kills: int) -> None:
    """Kill the server again and again, and print for each time whether an event landed within a second after.

    Half of the kills come when pictures come, the others at any moment of the opening.
    """
    world = wk.samples.load("lighthouse")
    for number in range(first, kills):
        with server(dialect) as (url, process):
            frames = threading.Event()
            feed = PainterFeed(painter_of(url), lambda _, frame, frames=frames: frames.set())
            session = wk.Session(world, evidence=feed.look)
            session.on("prompt", lambda event, feed=feed: feed.say(event.text))
            feed.start(session.prompt_now)
            frames.wait(30 if number % 2 else 0.02 * (number % 50))
            process.kill()
            name, began = session.offers[0].name, time.perf_counter()
            session.fire(name)
            went_on = session.trace.events == (name,) and time.perf_counter() - began < 1
            feed.close()
            print("went on" if went_on else "stopped", flush=True)  # at the end, so that a crash counts once


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialect", choices=("protocol-1", "mira", "reactor"), default="protocol-1")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--from", type=int, dest="first", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.first is not None:
        kill_from(arguments.dialect, arguments.first, arguments.kills)
        sys.exit()
    if arguments.browser:
        figures_of: dict[str, Any] = in_browser(arguments.dialect)
    else:
        figures_of = survive(arguments.dialect, arguments.kills) if arguments.kills else compare(arguments.dialect)
    print(json.dumps(figures_of, indent=2))
