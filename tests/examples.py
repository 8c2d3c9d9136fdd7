"""What the examples of docstrings and of reference pages find, and how they are run."""

from __future__ import annotations

import ast
import asyncio
import doctest
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any
from unittest import mock

import worldkit as wk
from tests.server.running import Running, Seer, quick, running
from tests.server.test_conformance import ADMIN_TOKEN, Colder

SERVER = "http://127.0.0.1:8765"
"""Where the examples find a server; the tests start one elsewhere."""

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

CAMPAIGN = {
    "start": "first",
    "acts": [
        {"actId": "first", "worldId": "bench", "title": "The first evening", "canonical": True},
        {"actId": "second", "worldId": "bench", "title": "The second evening", "canonical": True},
    ],
    "edges": [
        {
            "from": {"actId": "first", "state": "two_mittens"},
            "to": {"actId": "second"},
            "kind": "golden",
            "carryFlags": ["mitten"],
        }
    ],
}
"""The campaign of the examples: two acts on one world, and an edge from the first to the second."""


@contextmanager
def example_server(folder: Path) -> Iterator[Running]:
    """Run the server of the examples while a block runs."""
    options = {"generator": Colder(), "vision": Seer(), "admin_token": ADMIN_TOKEN}
    with running(quick(folder / "worlds.db", **options)) as server:
        yield server


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


def names_for(name: str, text: str, server: str | None) -> dict[str, Any]:
    """Return the names that stand for something in the examples of a docstring.

    Args:
        name: The dotted name that has the docstring.
        text: The docstring.
        server: The address of the server; None when the examples use none.
    """
    world = wk.samples.load("bench")
    names: dict[str, Any] = {"wk": wk, "world": world}
    if "campaign" in text:
        names |= {"campaign": wk.Campaign.from_dict(CAMPAIGN), "worlds": {"bench": world}}
    if server is not None:
        names["api"] = (wk.AsyncClient if name.startswith("Async") else wk.Client)(base_url=server)
    return names
