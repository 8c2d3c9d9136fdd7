"""A class is named by what it is, so a name belongs to one class; what a docstring names is there."""

from __future__ import annotations

import ast
import builtins
import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[1] / "src" / "worldkit"


class Definition(NamedTuple):
    """A class or a function that a module defines; of the whole tree of a module, thousands of objects, little is read.

    Attributes:
        name: Its name.
        is_class: Whether it is a class.
        line: Where it is.
        docstring: What is said of it.
    """

    name: str
    is_class: bool
    line: int
    docstring: str


def is_wire_model(module: Path) -> bool:
    """Say whether a module holds the models of messages or HTTP bodies, which the wire names."""
    return module.parent == Path("widgets/protocol") or module.match("server/*bodies.py")


@functools.cache
def definitions() -> dict[Path, list[Definition]]:
    """Return the classes and functions that each module defines, at whatever depth."""
    return {
        path.relative_to(SOURCE): list(defined_in(ast.parse(path.read_text(encoding="utf-8"))))
        for path in SOURCE.rglob("*.py")
    }


def defined_in(tree: ast.Module) -> Iterator[Definition]:
    """Yield the classes and functions of a module; looks at statements only, which alone define them."""
    statements: list[ast.AST] = [tree]
    while statements:
        statement = statements.pop()
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            is_class = isinstance(statement, ast.ClassDef)
            yield Definition(statement.name, is_class, statement.lineno, ast.get_docstring(statement) or "")
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            statements += getattr(statement, part, ())


def modules_by_class() -> dict[str, set[Path]]:
    """Return the modules that define a class of a name, without the models of the wire."""
    modules: dict[str, set[Path]] = defaultdict(set)
    for module, nodes in definitions().items():
        if not is_wire_model(module):
            for node in nodes:
                if node.is_class:
                    modules[node.name].add(module)
    return modules


def test_a_class_name_means_one_thing() -> None:
    modules = modules_by_class()
    assert len(modules) > 1_000
    shared = {name: sorted(map(str, places)) for name, places in modules.items() if len(places) > 1}
    assert not shared, f"name a new class by what tells it from the others: {shared}"


def raised_names(node: Definition) -> list[str]:
    """Return what the docstring of a class or a function says is raised."""
    section = re.search(r"^Raises:\n((?:    .*\n?|\n)+)", node.docstring, re.MULTILINE)
    entries = re.findall(r"^    (\w[\w. ,]*):", section[1], re.MULTILINE) if section else []
    return [name for entry in entries for name in re.split(", | or ", entry)]


def test_whatever_a_docstring_says_is_raised_exists() -> None:
    nodes = [(module, node) for module, nodes in definitions().items() for node in nodes]
    classes = {node.name for _, node in nodes if node.is_class}
    of_libraries = {"HTTPException", "HTTPError", "InvalidURL", "ValidationError"}
    raised = {(module.name, node.line, name) for module, node in nodes for name in raised_names(node)}
    assert len(raised) > 300
    unknown = {
        one
        for one in raised
        if (name := one[2].rpartition(".")[2]) not in classes | of_libraries and not hasattr(builtins, name)
    }
    assert not unknown
