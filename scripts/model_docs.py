"""Writes the docstrings of ``src/worldkit/core/model.py``: every field with its description in the JSON Schema.

python scripts/model_docs.py            write them
python scripts/model_docs.py --check    exit with 1 when they are not what schema/smworld-1.0.json says
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from textwrap import wrap
from typing import Any

from worldkit.core import model

ROOT = Path(__file__).parents[1]
MODULE = ROOT / "src" / "worldkit" / "core" / "model.py"
WIDTH = 120


def definitions() -> dict[str, Any]:
    """Return the schema of each part by the name of its class."""
    schema = json.loads((ROOT / "schema" / "smworld-1.0.json").read_text(encoding="utf-8"))
    return {"DocumentModel": schema, **schema["$defs"]}


def docstring(name: str, schema: dict[str, Any], example: str) -> list[str]:
    """Return the lines of a class's docstring; the example it has is the only part that is written by hand."""
    lines = [*wrap(f'"""{schema["description"]}', WIDTH - 4), "", "Attributes:"]
    for field, info in getattr(model, name).model_fields.items():
        words = f"{field}: {schema['properties'][info.alias]['description']}"
        lines += wrap(words, WIDTH - 4, initial_indent="    ", subsequent_indent="        ")
    lines += ["", *example.splitlines()] if example else []
    return [f"    {line}".rstrip() for line in [*lines, '"""']]


def text() -> str:
    """Return the module with its docstrings written anew."""
    source = MODULE.read_text(encoding="utf-8")
    lines = source.splitlines()
    parts = definitions()
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name in parts]
    for node in reversed(classes):
        old = node.body[0]
        assert isinstance(old, ast.Expr), f"{node.name} has no docstring"
        words = ast.get_docstring(node) or ""
        example = words[words.index("Example:") :] if "Example:" in words else ""
        lines[old.lineno - 1 : old.end_lineno] = docstring(node.name, parts[node.name], example)
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the docstrings, or with ``--check`` compare them."""
    if sys.argv[1:] == ["--check"]:
        if MODULE.read_text(encoding="utf-8") == text():
            return 0
        print(f"{MODULE.relative_to(ROOT)} is not what the schema says; run: python scripts/model_docs.py")
        return 1
    MODULE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
