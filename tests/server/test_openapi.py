"""What the server says of itself holds: schemathesis calls everything it describes, and checks every answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.running import Running, Seer, quick, running
from tests.server.test_conformance import Colder

CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = quick(tmp_path_factory.mktemp("full") / "w.db", generator=Colder(), vision=Seer(), fetch_frames=True)
    with running(settings) as here:
        yield here


@pytest.mark.load
def test_schemathesis_finds_nothing(full: Running, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(CONFIG),
        "run",
        f"{full.url}/openapi.json",
    ]
    command += ["--header", f"Authorization: Bearer {full.app().secret}", "--max-examples", "2", "--seed", "7"]
    process = subprocess.run(
        [*command, "--no-color"], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=1200
    )
    assert process.returncode == 0, process.stdout[-6000:] + process.stderr[-2000:]


def test_every_refusal_is_described_as_problem_details(full: Running) -> None:
    api = full.client(None).get("/openapi.json").json()
    for at in api["paths"].values():
        for operation in at.values():
            refusals = {status: response for status, response in operation["responses"].items() if int(status) >= 400}
            assert {"401", "402", "403", "404", "409", "413", "422", "429", "500", "503"} <= refusals.keys()
            assert all(list(response["content"]) == ["application/problem+json"] for response in refusals.values())
