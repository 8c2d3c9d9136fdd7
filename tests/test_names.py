"""A class is named by what it is, so a name belongs to one class."""

from __future__ import annotations

import ast
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
    assert not shared, "name a new class by what tells it from the others"
