"""Write ``AsyncClient`` from ``Client``, so that the two have one text.

    python scripts/async_client.py           writes src/worldkit/stores/api/async_client.py
    python scripts/async_client.py --check   fails when that file is not what would be written

The classes of ``client*.py``, which together are ``Client``, become one class. Methods become coroutines, and what they
call is awaited, in their examples too. Of their docstrings stay the first line and the example, which ``described_as``
completes. All that differs otherwise is in ``REPLACEMENTS``.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "src/worldkit/stores/api"

TARGET = FOLDER / "async_client.py"
PARTS = ("client", "client_worlds", "client_graph", "client_versions", "client_play", "client_account", "client_runner")
"""The modules of ``Client``, in the order in which their methods stand in the one class."""

HEADER = '''# Written by scripts/async_client.py from the modules of ``Client``. Change those and run the script.
"""``AsyncClient``: the calls of ``Client``, awaited; the same requests, retries and results."""

from __future__ import annotations

'''

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

SYNCHRONOUS_METHODS = ("__init__", "_begin")
"""Methods that stay functions."""

OMITTED_METHODS = ("__contains__",)
"""Methods that a coroutine cannot be."""

AWAITED_CALLS = ("self._run(", "self._run_steps(", "self._take(", "self._sleep(", "self.close(")

REPLACEMENTS = (
    ("import time\n", "import asyncio\nimport time\n"),
    ("import Iterator\n", "import AsyncIterator\n"),
    ("return function()", "return await asyncio.to_thread(function)"),
    ("import Callable\n", "import Awaitable, Callable\n"),
    ("results import Job\n", "results import AsyncPage, Job\n"),
    ("pages import Page, ", "pages import "),
    ("Callable[[float], None] = time.sleep", "Callable[[float], Awaitable[None]] = asyncio.sleep"),
    ("self._need, self._server, self)", "self._need, self._server)"),
    ("def __getitem__(", "def find("),
    (
        "def __iter__(self) -> Iterator[WorldRef]:\n        return iter(self.list(limit=wire.FULL_LIST_PAGE_SIZE))\n",
        "def __aiter__(self) -> AsyncIterator[WorldRef]:\n"
        "        async for ref in await self.list(limit=wire.FULL_LIST_PAGE_SIZE):\n"
        "            yield ref\n",
    ),
    ("-> Page[WorldRef]", "-> AsyncPage[WorldRef]"),
    ("return Page(", "return AsyncPage("),
    ("from worldkit.model_access import background_loop\n", ""),
    (
        "background_loop.run(self._sender.send, self._check_scope(request))",
        "await self._sender.send(self._check_scope(request))",
    ),
    (
        "base import ApiConnection\n",
        "base import ApiConnection, described_as\nfrom worldkit.stores.api.client import Client\n",
    ),
    ("background_loop.run(self._sender.close)", "await self._sender.close()"),
    ("def __enter__(self) -> Client:", "def __aenter__(self) -> AsyncClient:"),
    ("def __exit__(", "def __aexit__("),
    ("_sleep: Callable[[float], None]\n", "_sleep: Callable[[float], Awaitable[None]]\n"),
)
"""Texts that stand in a source, and what they become."""

DESCRIPTION = re.compile(r'(""".+\n)(?:\n(?!        Example:)(?:.+\n)+)+(\n        Example:|        """)')
"""The first line of a docstring with what stands between it and the example, or the end."""

EXAMPLE = re.compile(r"^ *>>> .*\n(?: *\.\.\. .*\n)*", re.MULTILINE)
"""One statement of an example in a docstring."""


def sources() -> list[str]:
    """Return the texts of the modules of ``Client``."""
    return [(FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in PARTS]


def asynchronous(sources: list[str]) -> str:
    """Return the text of ``AsyncClient``.

    Args:
        sources: The texts of the modules of ``Client``.

    Raises:
        ValueError: A text that is to be replaced is not there any more.
    """
    imports, constants, methods = [], [], []
    for source in sources:
        lines = source.splitlines(keepends=True)
        _, *nodes, client = ast.parse(source).body
        assert isinstance(client, ast.ClassDef)
        for node in nodes:
            is_import = isinstance(node, ast.Import | ast.ImportFrom)
            if not is_import:
                constants += [*lines[node.lineno - 1 : node.end_lineno], "\n"]
            elif not re.search(r" __future__ |\.api\.client", lines[node.lineno - 1]):
                imports += lines[node.lineno - 1 : node.end_lineno]
        methods.append(_with_coroutines(lines, client))
    head = f"@checked_methods\n@described_as(Client)\nclass AsyncClient(ApiConnection):\n    {CLASS_DOCSTRING}\n"
    text = "".join([*imports, "\n", *constants, "\n", head, *methods])
    for old, new in REPLACEMENTS:
        if old not in text:
            raise ValueError(f"client*.py no longer hold {old!r}; correct REPLACEMENTS in scripts/async_client.py")
        text = text.replace(old, new)
    return _format(HEADER + text)


def _with_coroutines(lines: list[str], client: ast.ClassDef) -> str:
    """Return the body of a class without its docstring, with coroutines for methods."""
    body = ""
    _, *nodes = client.body
    start = nodes[0].lineno - 1
    for node in nodes:
        text = "".join(lines[start : node.end_lineno])
        start = node.end_lineno or start
        if isinstance(node, ast.FunctionDef) and node.name in OMITTED_METHODS:
            continue
        if isinstance(node, ast.FunctionDef) and node.name not in SYNCHRONOUS_METHODS:
            text = re.sub(r"^    def ", "    async def ", text, count=1, flags=re.MULTILINE)
            if not node.name.startswith("_"):
                text = DESCRIPTION.sub(r"\1\2", text)
            text = EXAMPLE.sub(_awaiting_example, _awaiting(text))
        body += text
    return f"\n{body}\n"


def _awaiting(text: str) -> str:
    return re.sub("|".join(map(re.escape, AWAITED_CALLS)), lambda call: f"await {call[0]}", text)


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
        ruff = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(TARGET), "-"]
        text = subprocess.run(ruff, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


def main() -> None:
    text = asynchronous(sources())
    if "--check" not in sys.argv:
        TARGET.write_text(text, encoding="utf-8")
    elif text != TARGET.read_text(encoding="utf-8"):
        sys.exit("src/worldkit/stores/api/async_client.py is not what its sources say; run scripts/async_client.py")


if __name__ == "__main__":
    main()
