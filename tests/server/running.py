"""A server in a thread, and one in a process, on free ports of the loopback."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import httpx
import uvicorn

import worldkit as wk
from worldkit.server import Settings
from worldkit.server.app_factory import config
from worldkit.server.apps import NewKeys
from worldkit.server.services import Services

T = TypeVar("T")
Json = dict[str, Any]


@dataclass
class Running:
    """A server that answers.

    Attributes:
        url: Its address.
        house: What its routes share.
        server: What runs it.
    """

    url: str
    services: Services
    server: uvicorn.Server
    clients: list[httpx.Client] = field(default_factory=list)

    def connections(self) -> set[Any]:
        """Return the connections that are open."""
        return set(self.server.server_state.connections)

    def app(self, name: str = "an app", mode: str = "test", **options: Any) -> NewKeys:
        """Make an app."""
        return self.services.apps.create(name, mode, **options)

    def client(self, key: str | None) -> httpx.Client:
        """Return a client with a key."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        http_client = httpx.Client(base_url=self.url, headers=headers, timeout=300)
        self.clients.append(http_client)
        return http_client


@contextmanager
def running(settings: Settings, port: int = 0) -> Iterator[Running]:
    """Serve in a thread, on a free port unless one is named, until the block is left."""
    uvicorn_config = config(settings, verbose=False)
    uvicorn_config.host, uvicorn_config.port = "127.0.0.1", port
    server = uvicorn.Server(uvicorn_config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for("the server", lambda: server.started or not thread.is_alive() or None)
    assert server.started
    port = server.servers[0].sockets[0].getsockname()[1]
    app: Any = uvicorn_config.loaded_app
    while not hasattr(app, "state"):
        app = app.app
    running_server = Running(f"http://127.0.0.1:{port}", app.state.services, server)
    try:
        yield running_server
    finally:
        for client in running_server.clients:
            client.close()
        server.should_exit = True
        thread.join()


@contextmanager
def process(database: str, *options: str, generator: str = "templates") -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``worldkit serve`` until the block is left; yields its address and the process."""
    command = [sys.executable, "-m", "worldkit.cli", "serve", "--port", "0", "--generator", generator, *options]
    env = {**os.environ, "WORLDKIT_DB": database, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        if not line:
            raise AssertionError(server.stderr.read() if server.stderr else "")
        url = line.split(" at ")[1].split(";")[0]
        drain = threading.Thread(target=server.stderr.read, daemon=True)  # type: ignore[union-attr]
        drain.start()
        wait_for("the server", lambda: answers_health(url))
        yield url, server
    finally:
        if server.poll() is None:
            server.terminate()
        server.wait(timeout=20)


def answers_health(url: str, **options: Any) -> bool | None:
    try:
        return httpx.get(f"{url}/healthz", timeout=5, **options).status_code == 200 or None
    except httpx.TransportError:
        return None


def wait_for(what: str, probe: Callable[[], T | None], seconds: float = 120) -> T:
    """Return what ``probe`` finds, once it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (value := probe()) is not None:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


def together(works: list[Callable[[], T]]) -> list[T]:
    """Run functions in threads that begin at the same time; returns what they returned."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], T]) -> None:
        barrier.wait()
        try:
            results[index] = work()
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=(at, work)) for at, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class Scripted:
    """A generator that does as it is told: waits, fails, counts."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Forget everything it was told."""
        self.calls = 0
        self.error: Exception | None = None
        self.gate: threading.Event | None = None
        self.ops: list[Json] = []
        self.premises: list[str] = []
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        """Set when the work was told to end."""

    def generate(self, premise: str, seed: int, progress: Callable[[int, int, str], None]) -> wk.World:
        """Return the sample, as told."""
        with self.lock:
            self.calls += 1
            self.premises.append(premise)
        self._report(progress)
        self.work(progress)
        if self.error is not None:
            raise self.error
        return wk.samples.load("bench")

    def work(self, progress: Callable[[int, int, str], None]) -> None:
        """Wait until told to go on, reporting that work goes on."""
        deadline = time.monotonic() + 300
        while self.gate is not None and not self.gate.wait(0.01):
            assert time.monotonic() < deadline
            self._report(progress)

    def _report(self, progress: Callable[[int, int, str], None]) -> None:
        try:
            progress(1, 2, "writing")
        except Exception:
            self.stopped.set()
            raise

    def revise(self, world: wk.World, instruction: str, progress: Callable[[int, int, str], None]) -> Any:
        """Return the operations told."""
        self.calls += 1
        self.work(progress)
        if self.error is not None:
            raise self.error
        return Revised(self.ops, f"Done: {instruction}")


@dataclass
class Revised:
    """What an instruction came to."""

    ops: list[Json]
    reply: str


GIF = base64.b64encode(b"GIF89a").decode()


class Seer:
    """Sees the same in every frame."""

    def perceive(self, frame: str, room_name: str | None, room_description: str | None) -> Json:
        """Return what is seen."""
        return {"summary": room_name or "a room", "visible": ["a door"], "affordances": [], "exits": []}

    def ground(self, frame: str, labels: list[str]) -> Json:
        """Return where labels are seen."""
        return {"hotspots": [{"label": label, "bbox": [0, 0, 1, 1], "confidence": 0.5} for label in labels]}

    def seed_frame(self, prompt: str, pov: str | None, mood: str | None, style: str | None) -> Json:
        """Return a frame of one pixel."""
        return {"imageBase64": "AA==", "mimeType": "image/png", "url": None, "prompt": prompt}


def quick(database: object, **options: Any) -> Settings:
    """Return settings for tests: no rate limit, short waits."""
    return replace(Settings(database=str(database), rate=0, poll_s=0.05), **options)


def lane(text: str) -> list[Json]:
    """Return the operation that gives the sample's lane another text."""
    return [{"op": "update_state", "id": "lane", "patch": {"base": text}}]


def dangling() -> list[Json]:
    """Return the operations that make an event of the sample lead nowhere, which no rule lets pass."""
    event = {**bench()["scene"]["events"][0], "to": "nowhere"}
    return [{"op": "put_event", "name": event["name"], "event": event, "force": True}]


DIALECT_HEADERS = {"X-Worldkit-Dialect": "worldkit"}
"""The header of a request in worldkit's own dialect."""


def rev_of(client: httpx.Client, world: str) -> str:
    """Return the revision a world is at."""
    return client.get(f"/v1/worlds/{world}").headers["etag"].strip('"')


def bench() -> Json:
    """Return the sample's document."""
    return wk.samples.load("bench").to_dict()
