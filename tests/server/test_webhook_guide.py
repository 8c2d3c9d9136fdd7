"""The receiver of docs/webhooks.md, as it is written there, hears of a world that a server generated."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from tests.server.running import Scripted, quick, running, wait_for
from tests.server.test_webhooks import TOKEN, register
from worldkit.webhooks import sign

GUIDE = Path(__file__).parents[2] / "docs" / "webhooks.md"


def receiver_script(port: int) -> str:
    match = re.search(r"^```python\n(# receiver\.py.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    assert match is not None and "8900" in match[1]
    return match[1].replace("8900", str(port))


def test_the_receiver_of_the_guide_hears_of_a_world_and_refuses_what_is_not_signed(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", generator=Scripted(), admin_token=TOKEN, webhooks_private=True)) as server:
        keys = server.app()
        with httpx.Client() as probe:
            port = free_port()
            url = f"http://localhost:{port}/hook"
            secret = register(server.client(TOKEN), keys.app, url)["secret"]
            env = {**os.environ, "WEBHOOK_SECRET": secret}
            command = [sys.executable, "-c", receiver_script(port)]
            receiver = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            assert receiver.stdout is not None
            try:
                wait_for("the receiver", lambda: answers(probe, url))
                for headers in ({}, {"Alakazam-Signature": sign(b"{}", "whsec_other")}):
                    assert probe.post(url, content=b"{}", headers=headers).status_code == 400
                client = server.client(keys.secret)
                job = client.post("/v1/worlds", json={"premise": "a lane", "async": True}).json()["jobId"]
                line = receiver.stdout.readline()
                assert line.startswith("world.generation.succeeded") and job in line
            finally:
                receiver.terminate()
                receiver.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def answers(probe: httpx.Client, url: str) -> bool | None:
    try:
        return probe.post(url, content=b"").status_code == 400 or None
    except httpx.TransportError:
        return None
