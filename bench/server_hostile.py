"""How long /healthz takes while somebody does their worst, as a multiple of what it takes when nobody does.

    python bench/server_hostile.py                        # this checkout
    python bench/server_hostile.py --against ../main/src  # and another one's sources, in the same run

Prints JSON: for each attack the slowest and the median of the answers, in multiples of the idle median, and how many
did not come within the time of the attack. Clients and server share the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

Json = dict[str, Any]
Attack = Callable[["Target", threading.Event], None]
SOURCE_FOLDER = Path(__file__).resolve().parents[1] / "src"
TIMER_WORLD: Json = {
    "name": "r",
    "entrance": {"state": "here"},
    "scene": {
        "states": {"here": {"base": "A"}},
        "events": [{"name": "again", "kind": "transition", "from": ["here"], "to": "here", "autoAfterMs": 1}],
    },
}


class Target:
    """A server, and somebody's keys.

    Args:
        url: Where it is.
        secret: A secret key.
        public: The publishable key of the same app.
    """

    def __init__(self, url: str, secret: str, public: str) -> None:
        self.url, self.secret, self.public = url, secret, public

    def client(self, key: str | None = None) -> httpx.Client:
        """Return a client with a key."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=300)


def long_keys(target: Target, stop: threading.Event) -> None:
    """Send, without a key, JSON with so long a key that a path for every item would fill the memory."""
    body = b'{"' + b"k" * 1_500_000 + b'":[' + b"1," * 750_000 + b"1]}"
    with target.client() as client:
        while not stop.is_set():
            client.post("/v1/worlds", content=body, headers={"Content-Type": "application/json"})


def endless_timers(target: Target, stop: threading.Event) -> None:
    """Wait, with a player's token, in a world whose only event fires by itself every millisecond."""
    with target.client(target.secret) as app:
        id = app.post("/v1/worlds", json={"world": TIMER_WORLD}).json()["worldId"]
        ticket = app.post("/v1/sessions/token", json={"worldId": id}).json()["token"]
    with target.client(ticket) as page:
        token = page.post("/v1/sessions/connect").json()["reactorJwt"]
    with target.client(token) as player:
        act: Json = {"type": "act", "id": "1", "view": "v", "action": "play_anyway"}
        run = player.post("/embed/messages", json={}).json()["run"]
        run = player.post("/embed/messages", json={"run": run, "message": act}).json()["run"]
        wait = {"run": run, "message": {**act, "action": "wait", "ms": 1_000_000}}

        def ask() -> None:
            with target.client(token) as one:
                while not stop.is_set():
                    if one.post("/embed/messages", json=wait).status_code == 429:
                        stop.wait(0.05)

        _together(ask, 30)


def judged(target: Target, stop: threading.Event) -> None:
    """Have a document judged, with a publishable key, of which every two triggers are a finding."""
    events: list[Json] = [
        {
            "name": f"e{at}",
            "kind": "transition",
            "from": ["a"],
            "to": "a",
            "landWhen": {"probe": "luminance", "direction": "below", "threshold": 0.5},
        }
        for at in range(800)
    ]
    world = {"name": "w", "entrance": {"state": "a"}, "scene": {"states": {"a": {"base": "A"}}, "events": events}}
    with target.client(target.secret) as app:
        id = app.post("/v1/worlds", json={"world": TIMER_WORLD}).json()["worldId"]

    def ask() -> None:
        with target.client(target.public) as one:
            while not stop.is_set():
                if one.post(f"/v1/worlds/{id}/lint", json={"world": world}).status_code == 429:
                    stop.wait(0.05)

    _together(ask, 6)


def half_open(target: Target, stop: threading.Event) -> None:
    """Open connections that begin a request and never end it."""
    parts = urlsplit(target.url)
    with ExitStack() as sockets:
        for _ in range(1_100):
            one = sockets.enter_context(socket.create_connection((parts.hostname, parts.port)))
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        stop.wait()


ATTACKS: dict[str, Attack] = {attack.__name__: attack for attack in (long_keys, endless_timers, judged, half_open)}


def _together(work: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def serve_from(source: Path, database: str) -> Iterator[Target]:
    """Run a server of some sources, allowed 1,024 files as many systems allow by default."""
    env = {**os.environ, "PYTHONPATH": str(source), "WORLDKIT_DB": database, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "worldkit.cli"]
    process = subprocess.run(
        [*command, "apps", "create", "bench", "--json"], env=env, capture_output=True, text=True, check=True
    )
    keys = json.loads(process.stdout)
    shell = ["sh", "-c", 'ulimit -n 1024; exec "$@"', "sh"]
    with subprocess.Popen(
        [*shell, *command, "serve", "--port", "0"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split(" at ")[1].split(";")[0]
            yield Target(url, keys["secret"], keys["publishable"])
        finally:
            server.kill()


def latencies(url: str, seconds: float) -> tuple[list[float], int]:
    """Ask /healthz on new connections for a while; return how long answers took, and how many did not come."""
    took, miss_count, until = [], 0, time.monotonic() + seconds
    while (remaining := until - time.monotonic()) > 0:
        began = time.perf_counter()
        try:
            httpx.get(f"{url}/healthz", timeout=max(remaining, 0.05)).raise_for_status()
            took.append(time.perf_counter() - began)
        except httpx.HTTPError:
            miss_count += 1
        time.sleep(0.02)
    return took, miss_count


def measure(source: Path, seconds: float) -> Json:
    """Return what /healthz took under every attack, in multiples of the idle median."""
    report: Json = {}
    for name, attack in ATTACKS.items():
        with tempfile.TemporaryDirectory() as folder, serve_from(source, f"{folder}/worlds.db") as target:
            idle, _ = latencies(target.url, seconds / 2)
            stop = threading.Event()
            attacker = threading.Thread(target=_quietly, args=(attack, target, stop), daemon=True)
            attacker.start()
            time.sleep(seconds / 4)
            took, miss_count = latencies(target.url, seconds)
            stop.set()
        attacker.join(5)
        normal = statistics.median(idle)
        report[name] = {
            "answers": len(took),
            "missed": miss_count,
            "median": round(statistics.median(took) / normal, 1) if took else None,
            "slowest": round(max(took) / normal, 1) if took else None,
        }
    return report


def _quietly(attack: Attack, target: Target, stop: threading.Event) -> None:
    try:
        attack(target, stop)
    except (httpx.HTTPError, OSError):
        return  # the server is gone, which is how a run ends


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, help="the src folder of another checkout")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    sources = {"here": SOURCE_FOLDER, **({"against": options.against.resolve()} if options.against else {})}
    print(json.dumps({name: measure(source, options.seconds) for name, source in sources.items()}, indent=2))
