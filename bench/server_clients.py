"""Many clients at once against a running server: every one writes, reads and creates, and counts what it was told.

Run by ``server.py`` in a process of its own, so that clients and server do not share an interpreter.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]
WORLD: Json = {
    "name": "Load",
    "entrance": {"state": "hall"},
    "scene": {"states": {"hall": {"base": "A hall of pale stone, one lamp on a hook."}}, "events": []},
}


@dataclass
class Tally:
    """What the clients were told, all of them together."""

    spent: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    broken_connections: int = 0


class Client:
    """One client: writes into a world of its own and into one that all share, and creates with keys it repeats.

    Args:
        http: Its connection.
        name: Its name, in what it writes.
        shared: Id of the world that all write to.
        tally: Where to count.
    """

    def __init__(self, http: httpx.AsyncClient, name: str, shared_id: str, tally: Tally) -> None:
        self._http, self._name, self._shared, self._tally = http, name, shared_id, tally
        self.own = ""
        self.rev = 0
        self.written: list[str] = []
        self.sure: list[str] = []
        self.created: list[str] = []

    async def ask(self, method: str, path: str, body: Json | None = None, **headers: str) -> httpx.Response | None:
        """Ask once, and count."""
        began = time.perf_counter()
        try:
            sent_headers = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = await self._http.request(method, path, json=body, headers=sent_headers)
        except httpx.TransportError:
            self._tally.broken_connections += 1
            return None
        self._tally.spent.append(time.perf_counter() - began)
        self._tally.statuses[answer.status_code] = self._tally.statuses.get(answer.status_code, 0) + 1
        return answer

    async def run(self, until: float, most: int) -> None:
        """Go on until a time, or so many rounds."""
        response = await self.ask("POST", "/v1/worlds", {"world": WORLD, "name": self._name})
        if response is None or response.status_code != 200:
            return
        self.own = response.json()["worldId"]
        for turn in range(most):
            if time.monotonic() >= until:
                return
            await self.round(turn)

    async def round(self, turn: int) -> None:
        """Write here, write there, create twice with one key, read."""
        state = f"{self._name}_{turn}"
        body = {"id": state, "base": "Bare boards, one window to the north."}
        own = await self.ask("POST", f"/v1/worlds/{self.own}/states", body, If_Match=str(self.rev))
        if own is not None and own.status_code == 200:
            self.rev += 1
            self.written.append(state)
        if turn % 4 == 0:
            response = await self.ask("POST", f"/v1/worlds/{self._shared}/states", body, Idempotency_Key=state)
            if response is not None and response.status_code == 200:
                self.sure.append(state)
        if turn % 8 == 1:
            ask = {"world": WORLD, "name": state}
            twice = [self.ask("POST", "/v1/worlds", ask, Idempotency_Key=state) for _ in range(2)]
            ids = {answer.json()["worldId"] for answer in await asyncio.gather(*twice) if answer and answer.is_success}
            self.created += ids
        await self.ask("GET", f"/v1/worlds/{self.own}/scene")


async def judge(clients: list[Client], http: httpx.AsyncClient, shared_id: str) -> Json:
    """Return what was lost and what was doubled, by reading everything back."""
    lost_count = duplicates = 0
    for client in clients:
        if not client.own:
            continue
        scene = (await http.get(f"/v1/worlds/{client.own}/scene")).json()
        lost_count += len(set(client.written) - scene["states"].keys())
        # each write moves the revision once: one more is one that was made twice
        duplicates += max(0, int(scene["rev"]) - (len(scene["states"]) - 1))
    scene = (await http.get(f"/v1/worlds/{shared_id}/scene")).json()
    sure = [state for client in clients for state in client.sure]
    lost_count += len(set(sure) - scene["states"].keys())
    duplicates += max(0, int(scene["rev"]) - (len(scene["states"]) - 1))
    names: dict[str, int] = {}
    cursor = ""
    while True:
        page = (await http.get(f"/v1/worlds?limit=500{cursor}")).json()
        for world in page["worlds"]:
            names[world["name"]] = names.get(world["name"], 0) + 1
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"
    duplicates += sum(count - 1 for count in names.values())
    lost_count += sum(len(client.created) for client in clients) - sum(name.count("_") > 0 for name in names)
    return {"lost": lost_count, "doubled": duplicates, "shared_writes": len(sure), "worlds": sum(names.values())}


async def main(url: str, key: str, count: int, seconds: float, most: int) -> Json:
    """Run so many clients, and return what came of it."""
    tally = Tally()
    limits = httpx.Limits(max_connections=count + 8, max_keepalive_connections=count + 8)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=60) as http:
        shared_id = (await http.post("/v1/worlds", json={"world": WORLD, "name": "shared"})).json()["worldId"]
        clients = [Client(http, f"c{n}", shared_id, tally) for n in range(count)]
        began = time.monotonic()
        await asyncio.gather(*(client.run(began + seconds, most) for client in clients))
        elapsed = time.monotonic() - began
        verdict = await judge(clients, http, shared_id)
    times = sorted(tally.spent)
    return {
        "clients": count,
        "seconds": round(elapsed, 1),
        "requests": len(times),
        "per_second": round(len(times) / elapsed, 1),
        "p50_ms": round(1000 * times[len(times) // 2], 1),
        "p95_ms": round(1000 * times[int(0.95 * len(times))], 1),
        "statuses": {str(status): n for status, n in sorted(tally.statuses.items())},
        "server_errors": sum(n for status, n in tally.statuses.items() if status >= 500),
        "broken_connections": tally.broken_connections,
        "own_writes": sum(len(client.written) for client in clients),
        **verdict,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=10**9)
    options = parser.parse_args()
    secret = sys.stdin.readline().strip()  # not among the arguments, which every user of the machine can read
    print(json.dumps(asyncio.run(main(options.url, secret, options.clients, options.seconds, options.rounds))))
