"""Write ``AsyncClient`` from ``Client``, so that the two have one text.

    python scripts/async_client.py           writes src/worldkit/stores/api/async_client.py
    python scripts/async_client.py --check   fails when that file is not what would be written

Methods become coroutines, and what they call is awaited. All that differs otherwise is in ``REPLACEMENTS``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/worldkit/stores/api/client.py"
TARGET = ROOT / "src/worldkit/stores/api/async_client.py"

HEADER = "# Written by scripts/async_client.py from client.py. Change that file and run the script.\n"

CLASS_DOCSTRING = '''"""The /v1 API on an event loop: every call of ``Client`` under its name, awaited.

    The ``StoredWorld`` values it returns are values: go on with this client's calls, such as
    ``await client.apply(stored.id, ops, rev=stored.rev)``. Where ``Client`` says ``client[name]``, it is ``find``.

    Args:
        key, base_url, mode, dialect, account, timeout, clock: As for ``Client``.
        sleep: Waits so many seconds between tries.

    Example:
        >>> wk.AsyncClient("sk_test_0123456789abcdef", base_url="http://localhost:8000")
        AsyncClient http://localhost:8000 with sk_test_...
    """'''

PLAIN = ("__init__", "_begin")
"""Methods that stay functions."""

ABSENT = ("__contains__",)
"""Methods that a coroutine cannot be."""

AWAITED = ("self._run(", "self._take(", "self._sender.send(", "self._sender.close(", "self._sleep(", "self.close(")

REPLACEMENTS = (
    (
        '"""``Client``: the /v1 API, with the calls of a store and all the others of docs/spec/api-v1.md."""',
        '"""``AsyncClient``: the calls of ``Client``, awaited; the same requests, retries and results."""',
    ),
    ("import time\n", "import asyncio\nimport time\n"),
    ("import Callable, Iterator,", "import AsyncIterator, Awaitable, Callable,"),
    ("results import (\n", "results import (\n    AsyncPage,\n"),
    ("protocol import Ops, Page, ", "protocol import Ops, "),
    ("Callable[[float], None] = time.sleep", "Callable[[float], Awaitable[None]] = asyncio.sleep"),
    ("Calls(self.base_url, self._server, self, lambda id: self.get(id).rev)", "Calls(self.base_url, self._server)"),
    ("def __getitem__(", "def find("),
    (
        "def __iter__(self) -> Iterator[WorldRef]:\n        return iter(self.list(limit=wire.FULL_LIST_PAGE))\n",
        "def __aiter__(self) -> AsyncIterator[WorldRef]:\n"
        "        async for ref in await self.list(limit=wire.FULL_LIST_PAGE):\n"
        "            yield ref\n",
    ),
    ("-> Page[WorldRef]", "-> AsyncPage[WorldRef]"),
    ("return Page(", "return AsyncPage("),
    ("import Sender\n", "import AsyncSender\n"),
    ("= Sender(", "= AsyncSender("),
    ("def __enter__(self) -> Client:", "def __aenter__(self) -> AsyncClient:"),
    ("def __exit__(", "def __aexit__("),
    ("class Client(", "class AsyncClient("),
)
"""Texts that stand in the source, and what they become."""


def asynchronous(source: str) -> str:
    """Return the text of ``AsyncClient``.

    Args:
        source: The text of ``Client``.

    Raises:
        ValueError: A text that is to be replaced is not there any more.
    """
    text = _with_coroutines(source)
    for old, new in REPLACEMENTS:
        if old not in text:
            raise ValueError(f"client.py no longer holds {old!r}; correct REPLACEMENTS in scripts/async_client.py")
        text = text.replace(old, new)
    return _formatted(HEADER + text)


def _with_coroutines(source: str) -> str:
    """Return the source with coroutines for methods, and the docstring of the class replaced."""
    lines = source.splitlines(keepends=True)
    (client,) = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    for node in reversed(client.body):  # from last to first, so that the lines before keep their numbers
        if isinstance(node, ast.Expr):
            lines[node.lineno - 1 : node.end_lineno] = [f"    {CLASS_DOCSTRING}\n"]
        if not isinstance(node, ast.FunctionDef) or node.name in PLAIN:
            continue
        body = lines[node.lineno - 1 : node.end_lineno]
        body[0] = body[0].replace("def ", "async def ", 1)
        lines[node.lineno - 1 : node.end_lineno] = [] if node.name in ABSENT else map(_awaiting, body)
    return "".join(lines)


def _awaiting(line: str) -> str:
    return re.sub("|".join(map(re.escape, AWAITED)), lambda call: f"await {call[0]}", line)


def _formatted(text: str) -> str:
    for command in (["check", "--select", "I", "--fix", "--quiet"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(TARGET), "-"]
        text = subprocess.run(ruff, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


def main() -> None:
    text = asynchronous(SOURCE.read_text(encoding="utf-8"))
    if "--check" not in sys.argv:
        TARGET.write_text(text, encoding="utf-8")
    elif text != TARGET.read_text(encoding="utf-8"):
        sys.exit("src/worldkit/stores/api/async_client.py differs from client.py; run scripts/async_client.py")


if __name__ == "__main__":
    main()
