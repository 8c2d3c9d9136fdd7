"""What the examples of docstrings and of reference pages find, and how they are run."""

from __future__ import annotations

import ast
import asyncio
import doctest
import inspect
import json
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any
from unittest import mock

import worldkit as wk
from tests.generate import server as chat
from tests.painting import images_server
from tests.server.running import Running, Seer, quick, running
from tests.server.test_conformance import ADMIN_TOKEN, Colder
from worldkit.painting.mira import server as mira
from worldkit.painting.websocket import server as protocol_1

API = "http://127.0.0.1:8765"
CHAT = "http://127.0.0.1:8080/v1"
WORLD_MODELS = ("ws://127.0.0.1:8765", "mira:ws://127.0.0.1:8771/ws")

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

SCENE = {
    "choice": "Climb the lime tree",
    "seen": "The walker's boots find the low fork, and yellow leaves shake loose.",
    "place": "the lime tree",
    "base": "A broad fork of the lime tree, high over the lane. The frosted fields lie flat to the river.",
    "told": "From here the river is a ribbon.",
    "ways": [
        {"do": "Climb down", "to": "lane", "seen": "Bark scrapes past, and the lane comes up."},
        {"do": "Drop beside the bench", "to": "bench", "seen": "Leaves burst up around the boots."},
    ],
}
"""What the language model of the examples answers to a typed action."""


class ExampleServers:
    """The servers of the examples; each starts when it is first needed.

    Args:
        stack: Stops them.
        folder: Where the API keeps its worlds.
    """

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack = stack
        self._folder = folder

    @cached_property
    def api(self) -> Running:
        """The API, with a generator, eyes, and an account."""
        options = {"generator": Colder(), "vision": Seer(), "admin_token": ADMIN_TOKEN}
        return self._stack.enter_context(running(quick(self._folder / "worlds.db", **options)))

    @cached_property
    def images(self) -> str:
        """The address of an endpoint that draws."""
        return self._stack.enter_context(images_server.serving()).origin

    @cached_property
    def chat(self) -> str:
        """The address of an endpoint that writes."""
        return self._stack.enter_context(chat.serving(lambda body, number: json.dumps(SCENE))).url

    @cached_property
    def scheduler(self) -> str:
        """The address of a Dask cluster of one worker."""
        from distributed import LocalCluster  # takes a second to import, for one example

        cluster = LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=None
        )
        return str(self._stack.enter_context(cluster).scheduler_address)

    @cached_property
    def world_models(self) -> list[str]:
        """The addresses of a world model that speaks protocol 1, and of one that speaks MIRA's dialect."""
        return self._stack.enter_context(_world_models())

    def with_addresses(self, text: str) -> str:
        """Return a text with the addresses of these servers instead of those in the examples."""
        if API in text:
            text = text.replace(API, self.api.url)
        if images_server.EXAMPLE_ADDRESS in text:
            text = text.replace(images_server.EXAMPLE_ADDRESS, self.images)
        if CHAT in text:
            text = text.replace(CHAT, self.chat)
        if any(model in text for model in WORLD_MODELS) and "await" in text:
            for written, real in zip(WORLD_MODELS, self.world_models, strict=True):
                text = text.replace(written, real)
        return text


@contextmanager
def _world_models() -> Iterator[list[str]]:
    loop, servers = asyncio.new_event_loop(), AsyncExitStack()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> list[str]:
        small = {"width": 64, "height": 36}
        return [
            await servers.enter_async_context(protocol_1.serve(protocol_1.WebSocketModel(**small))),
            await servers.enter_async_context(mira.serve(mira.MiraModel(**small))),
        ]

    try:
        yield asyncio.run_coroutine_threadsafe(start(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(servers.aclose(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def names_of(name: str, text: str, servers: ExampleServers) -> dict[str, Any]:
    """Return the names that stand for something in the examples of a docstring.

    Args:
        name: The dotted name that has the docstring.
        text: The docstring.
        servers: Where ``api`` is.
    """
    world = wk.samples.load("bench")
    names: dict[str, Any] = {"wk": wk, "world": world}
    if "campaign" in text:
        for example in doctest.DocTestParser().get_examples(wk.CampaignSession.__doc__ or "")[:2]:
            exec(example.source, names)  # makes the campaign and its worlds
    if "lane.png" in text:
        Path("lane.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    if "api." in text or "api[" in text:
        client = wk.AsyncClient if name.startswith("Async") else wk.Client
        names["api"] = client(servers.api.app().secret, servers.api.url, account=ADMIN_TOKEN)
    return names


def run_examples(name: str, text: str, names: dict[str, Any], flags: int = FLAGS) -> int:
    """Run the examples of a text, where ``await`` may stand outside functions as in a notebook.

    Args:
        name: What to call the text.
        text: The text.
        names: The names that stand for something in it.
        flags: doctest's.

    Returns:
        How many examples there are.

    Raises:
        AssertionError: One has another result than is written; says which.
    """
    output: list[str] = []
    examples = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    with asyncio.Runner() as loop:

        def execute(code: CodeType, names: dict[str, Any]) -> None:
            result = eval(code, names)
            if inspect.iscoroutine(result):
                loop.run(result)

        with mock.patch.object(doctest, "exec", execute, create=True):
            runner = doctest.DocTestRunner(optionflags=flags, verbose=False)
            result = runner.run(examples, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, out=output.append)
        if "api" in names and inspect.iscoroutine(closing := names["api"].close()):
            loop.run(closing)
    assert not result.failed, "".join(output)
    return result.attempted
