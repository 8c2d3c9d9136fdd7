"""A class is named by what it is, so a name belongs to one class; what a docstring names is there."""

from __future__ import annotations

import ast
import builtins
import re
from collections import defaultdict
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "worldkit"


def is_wire_model(module: Path) -> bool:
    """Say whether a module holds the models of messages or HTTP bodies, which the wire names."""
    return module.parent == Path("widgets/protocol") or module.match("server/*bodies.py")


def modules_by_class() -> dict[str, set[Path]]:
    """Return the modules that define a class of a name, without the models of the wire."""
    modules: dict[str, set[Path]] = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        module = path.relative_to(SOURCE)
        if not is_wire_model(module):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    modules[node.name].add(module)
    return modules


def test_a_class_name_means_one_thing() -> None:
    modules = modules_by_class()
    assert len(modules) > 1_000
    shared = {name: sorted(map(str, places)) for name, places in modules.items() if len(places) > 1}
    assert not shared, f"name a new class by what tells it from the others: {shared}"


def raised_names(tree: ast.AST) -> list[tuple[int, str]]:
    """Return what the docstrings of a module say is raised, each with its line."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            section = re.search(r"^Raises:\n((?:    .*\n?|\n)+)", ast.get_docstring(node) or "", re.MULTILINE)
            entries = re.findall(r"^    (\w[\w. ,]*):", section[1], re.MULTILINE) if section else []
            names += [(node.lineno, name) for entry in entries for name in re.split(", | or ", entry)]
    return names


def test_whatever_a_docstring_says_is_raised_exists() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    classes = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    of_libraries = {"HTTPException", "HTTPError", "InvalidURL", "ValidationError"}
    raised = {(path.name, line, name) for path, tree in trees.items() for line, name in raised_names(tree)}
    assert len(raised) > 300
    unknown = {
        one
        for one in raised
        if (name := one[2].rpartition(".")[2]) not in classes | of_libraries and not hasattr(builtins, name)
    }
    assert not unknown
