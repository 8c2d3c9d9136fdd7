"""Write ``AsyncClient`` from ``Client``, so that the two have one text.

    python scripts/async_client.py           writes src/worldkit/stores/api/async_client*.py
    python scripts/async_client.py --check   fails when those files are not what would be written

Each ``client*.py`` becomes an ``async_client*.py``, and each class in it one with ``Async`` before its name. Methods
become coroutines, and what they call is awaited, in their examples too. All that differs otherwise is in
``REPLACEMENTS``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "src/worldkit/stores/api"

HEADER = "# Written by scripts/async_client.py from {}. Change that file and run the script.\n"

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

AWAITED = ("self._run(", "self._run_steps(", "self._take(", "self._sleep(", "self.close(")

REPLACEMENTS = (
    ('"""The calls of ``Client`` ', '"""The calls of ``AsyncClient`` '),
    ('"""How ``Client`` runs', '"""How ``AsyncClient`` runs'),
    ("every value of it is a ``Client``", "every value of it is an ``AsyncClient``"),
    (
        '"""``Client``: the /v1 API, with the calls of a store and all the others of docs/spec/api-v1.md."""',
        '"""``AsyncClient``: the calls of ``Client``, awaited; the same requests, retries and results."""',
    ),
    ("import time\n", "import asyncio\nimport time\n"),
    ("import Iterator\n", "import AsyncIterator\n"),
    (
        "\nfrom collections.abc import Callable\nfrom typing import",
        "\nimport asyncio\nfrom collections.abc import Callable\nfrom typing import",
    ),
    ("return function()", "return await asyncio.to_thread(function)"),
    ("import Callable\n", "import Awaitable, Callable\n"),
    ("results import Job\n", "results import AsyncPage, Job\n"),
    ("pages import Page, ", "pages import "),
    ("Callable[[float], None] = time.sleep", "Callable[[float], Awaitable[None]] = asyncio.sleep"),
    ("Calls(self.base_url, self._server, self, self._revision)", "Calls(self.base_url, self._server)"),
    ("    async def _revision(self, id: str) -> str:\n        return self.get(id).rev\n\n", ""),
    ("def __getitem__(", "def find("),
    (
        "def __iter__(self) -> Iterator[WorldRef]:\n        return iter(self.list(limit=wire.FULL_LIST_PAGE))\n",
        "def __aiter__(self) -> AsyncIterator[WorldRef]:\n"
        "        async for ref in await self.list(limit=wire.FULL_LIST_PAGE):\n"
        "            yield ref\n",
    ),
    ("-> Page[WorldRef]", "-> AsyncPage[WorldRef]"),
    ("return Page(", "return AsyncPage("),
    ("from worldkit.model_access import background_loop\n", ""),
    (
        "background_loop.run(self._sender.send, self._check_scope(request))",
        "await self._sender.send(self._check_scope(request))",
    ),
    ("background_loop.run(self._sender.close)", "await self._sender.close()"),
    ("def __enter__(self) -> Client:", "def __aenter__(self) -> AsyncClient:"),
    ("def __exit__(", "def __aexit__("),
    ("class Client(", "class AsyncClient("),
    ("_sleep: Callable[[float], None]\n", "_sleep: Callable[[float], Awaitable[None]]\n"),
)
"""Texts that stand in a source, and what they become."""

EXAMPLE = re.compile(r"^ *>>> .*\n(?: *\.\.\. .*\n)*", re.MULTILINE)
"""One statement of an example in a docstring."""

PARTS = re.compile(r"\b(Client(?=[A-Z])|client_(?=runner|worlds|graph|versions|play|account))")
"""What begins the name of a class or module that is a part of the client."""


def sources() -> dict[str, str]:
    """Return the texts of ``Client`` by the names of their files."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("client*.py"))}


def asynchronous(sources: dict[str, str]) -> dict[str, str]:
    """Return the texts of ``AsyncClient`` by the names of their files.

    Args:
        sources: The texts of ``Client`` by the names of their files.

    Raises:
        ValueError: A text that is to be replaced is not there any more.
    """
    texts = {name: _with_coroutines(source) for name, source in sources.items()}
    for old, new in REPLACEMENTS:
        if not any(old in text for text in texts.values()):
            raise ValueError(f"client*.py no longer hold {old!r}; correct REPLACEMENTS in scripts/async_client.py")
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    prefixes = {"Client": "AsyncClient", "client_": "async_client_"}
    return {
        f"async_{name}": _format(HEADER.format(name) + PARTS.sub(lambda part: prefixes[part[0]], text))
        for name, text in texts.items()
    }


def _with_coroutines(source: str) -> str:
    """Return the source with coroutines for methods, and the docstring of ``Client`` replaced."""
    lines = source.splitlines(keepends=True)
    (client,) = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    for node in reversed(client.body):  # from last to first, so that the lines before keep their numbers
        if isinstance(node, ast.Expr) and client.name == "Client":
            lines[node.lineno - 1 : node.end_lineno] = [f"    {CLASS_DOCSTRING}\n"]
        if not isinstance(node, ast.FunctionDef) or node.name in PLAIN:
            continue
        body = lines[node.lineno - 1 : node.end_lineno]
        body[0] = body[0].replace("def ", "async def ", 1)
        text = EXAMPLE.sub(_awaiting_example, "".join(map(_awaiting, body)))
        lines[node.lineno - 1 : node.end_lineno] = [] if node.name in ABSENT else [text]
    return "".join(lines)


def _awaiting(line: str) -> str:
    return re.sub("|".join(map(re.escape, AWAITED)), lambda call: f"await {call[0]}", line)


def _awaiting_example(example: re.Match[str]) -> str:
    """Return an example of a docstring with its calls of ``api`` awaited, and ``api.find(key)`` for ``api[key]``."""
    code = re.sub(r"^ *(>>>|\.\.\.) ?", "", example[0], flags=re.MULTILINE)
    code = re.sub(r"\bapi\[(.+?)\]", r"api.find(\1)", code)
    lines, tree = code.splitlines(), ast.parse(code)
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Subscript)]
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "api"
    ]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset), reverse=True):
        line, start, end = lines[call.lineno - 1], call.col_offset, call.end_col_offset
        awaited = f"(await {line[start:end]})" if call in values else f"await {line[start:end]}"
        lines[call.lineno - 1] = f"{line[:start]}{awaited}{line[end:]}"
    marks = re.findall(r"^ *(?:>>>|\.\.\.) ?", example[0], re.MULTILINE)
    return "".join(f"{mark}{line}\n" for mark, line in zip(marks, lines, strict=True))


def _format(text: str) -> str:
    for command in (["check", "--select", "I", "--fix", "--quiet"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(FOLDER / "async_client.py"), "-"]
        text = subprocess.run(ruff, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


def main() -> None:
    for name, text in asynchronous(sources()).items():
        path = FOLDER / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or text != path.read_text(encoding="utf-8"):
            sys.exit(f"src/worldkit/stores/api/{name} is not what its source says; run scripts/async_client.py")


if __name__ == "__main__":
    main()
