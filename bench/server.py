"""The /v1 server under load, and beside a bare one.

    python bench/server.py                                        # SQLite, one process
    python bench/server.py --db postgresql://... --processes 2    # two server processes
    python bench/server.py --ratio                                # one client; a bare FastAPI and SQLite app beside it

The load is 200 clients at once for 30 s: no 5xx, no lost write, no doubled one. The ratio is of two medians by the wall
clock, of a world that is read over HTTP and of a write by worldkit's client, taken in turn with the bare app's.

Prints JSON. Exits with 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

import worldkit as wk
from worldkit.server.apps import Apps
from worldkit.server.tables import SCHEMA

FOLDER = Path(__file__).parent
CLIENTS = FOLDER / "server_clients.py"
MAX_TIME_RATIO = 1.5
"""How many times as long as the bare app a read may take."""
ROUND = 20
"""Requests of one kind before those of the next."""


@contextmanager
def start_server(command: list[str], **environment: str) -> Iterator[str]:
    """Run a server that prints its address, until the block is left; yields the address."""
    env = {**os.environ, **environment}
    with subprocess.Popen(
        [sys.executable, *command], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split("at ")[1].split(";")[0].strip()
        finally:
            server.terminate()


def new_key(database: str) -> str:
    """Return the secret key of a new app."""
    with wk.Store(database) as store:
        store.database.bring_up_to_date(SCHEMA)
        return Apps(store.database).create("load").secret


def serve(processes: int = 1) -> list[str]:
    """Return the command of a server without a limit on requests."""
    options = ["--port", "0", "--rate", "0", "--jobs", "0", "--workers", str(processes)]
    return ["-m", "worldkit.cli", "serve", *options]


def measure(
    database: str, processes: int, clients: int, seconds: float, rounds: int | None = None
) -> dict[str, object]:
    """Return what the clients saw of a server run for them."""
    key = new_key(database)
    with start_server(serve(processes), WORLDKIT_DB=database) as url:
        command = [sys.executable, str(CLIENTS), url, "--clients", str(clients), "--seconds", str(seconds)]
        command += [] if rounds is None else ["--rounds", str(rounds)]
        process = subprocess.run(command, input=f"{key}\n", capture_output=True, text=True, check=False)
    if process.returncode:
        raise RuntimeError(process.stderr)
    figures: dict[str, object] = json.loads(process.stdout)
    return {"database": "postgresql" if "://" in database else "sqlite", "processes": processes, **figures}


def all_promises_hold(figures: dict[str, object]) -> bool:
    """Say whether every promise was kept."""
    return not any(figures[name] for name in ("server_errors", "broken_connections", "lost", "doubled"))


def compare(folder: str, rounds: int) -> dict[str, object]:
    """Return how long a read and a write take, beside those of a bare app.

    Args:
        folder: Where to keep the databases.
        rounds: How often the two take turns.
    """
    database, document = f"{folder}/worlds.db", wk.samples.load("lighthouse").to_dict()
    key = new_key(database)
    with (
        start_server(serve(), WORLDKIT_DB=database) as url,
        start_server([str(FOLDER / "server_bare.py"), f"{folder}/bare.db"]) as bare_url,
        httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as read_client,
        httpx.Client(base_url=bare_url, timeout=30) as bare_client,
        wk.Client(key, url) as client,
    ):
        bare_client.put("/worlds/w", json=document).raise_for_status()
        stored = client.create(wk.World.from_dict(document))
        start, revision = stored.world.start, [stored.rev]

        def write() -> None:
            op = {"op": "update_state", "id": start, "patch": {"narration": f"After {revision[0]}."}}
            revision[0] = client.apply(stored.id, [op], rev=revision[0]).rev

        calls: dict[str, Callable[[], Any]] = {
            "read": lambda: read_client.get(f"/v1/worlds/{stored.id}").raise_for_status(),
            "bare read": lambda: bare_client.get("/worlds/w").raise_for_status(),
            "write": write,
            "bare write": lambda: bare_client.put("/worlds/w", json=document).raise_for_status(),
        }
        for call in calls.values():
            call()
        client.requests.clear()
        write()
        round_trips = len(client.requests)
        times = {name: list[float]() for name in calls}
        for _ in range(rounds):
            for name, call in calls.items():
                times[name] += [seconds_of(call) for _ in range(ROUND)]
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "ms": {name: round(1000 * value, 2) for name, value in medians.items()},
        "read_ratio": round(medians["read"] / medians["bare read"], 2),
        "write_ratio": round(medians["write"] / medians["bare write"], 2),
        "round_trips_of_a_write": round_trips,
        "goal": MAX_TIME_RATIO,
    }


def seconds_of(call: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", help="a file or a PostgreSQL URL (a new file)")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--ratio", action="store_true", help="compare with a bare app instead")
    parser.add_argument("--rounds", type=int, default=20, help="turns of the comparison")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.ratio:
            figures = compare(folder, options.rounds)
            print(json.dumps(figures, indent=2))
            sys.exit(figures["round_trips_of_a_write"] != 1)
        figures = measure(options.db or f"{folder}/worlds.db", options.processes, options.clients, options.seconds)
    print(json.dumps(figures, indent=2))
    sys.exit(not all_promises_hold(figures))
