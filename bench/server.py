"""Load on the /v1 server: 200 clients at once for 30 s; no 5xx, no lost write, no doubled one.

    python bench/server.py                                        # SQLite, one process
    python bench/server.py --db postgresql://... --processes 2    # two server processes

Prints JSON. Exits with 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import worldkit as wk
from worldkit.server.apps import Apps
from worldkit.server.migrate import prepare

CLIENTS = Path(__file__).with_name("server_clients.py")


def measure(
    database: str, processes: int, clients: int, seconds: float, rounds: int | None = None
) -> dict[str, object]:
    """Return what the clients saw of a server run for them."""
    with wk.Store(database) as store:
        prepare(store.database)
        key = Apps(store.database).create("load").secret
    serve = [sys.executable, "-m", "worldkit.cli", "serve", "--port", "0", "--rate", "0", "--jobs", "0"]
    env = {**os.environ, "WORLDKIT_DB": database}
    with subprocess.Popen(
        [*serve, "--workers", str(processes)], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split(" at ")[1].split(";")[0]
            command = [sys.executable, str(CLIENTS), url, "--clients", str(clients), "--seconds", str(seconds)]
            command += [] if rounds is None else ["--rounds", str(rounds)]
            done = subprocess.run(command, input=f"{key}\n", capture_output=True, text=True, check=False)
        finally:
            server.terminate()
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, object] = json.loads(done.stdout)
    return {"database": "postgresql" if "://" in database else "sqlite", "processes": processes, **found}


def kept(found: dict[str, object]) -> bool:
    """Say whether every promise was kept."""
    return not any(found[name] for name in ("server_errors", "broken_connections", "lost", "doubled"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", help="a file or a PostgreSQL URL (a new file)")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given.db or f"{folder}/worlds.db", given.processes, given.clients, given.seconds)
    print(json.dumps(found, indent=2))
    sys.exit(not kept(found))
