"""Writes ``src/worldkit/ops.py``: the operations of ``schema/ops.json`` as types for a type checker.

    python scripts/op_types.py            write the module
    python scripts/op_types.py --check    exit with 1 when it is not what the schema says

The bodies that operations carry (a state, an event ...) come from ``schema/smworld-1.0.json``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from keyword import iskeyword
from pathlib import Path
from textwrap import wrap
from typing import Any

ROOT = Path(__file__).parents[1]
MODULE = ROOT / "src" / "worldkit" / "ops.py"

HEAD = '''"""Types of the operations that ``World.apply`` takes, for mypy, pyright and completion in an editor.

Written by scripts/op_types.py from schema/ops.json; do not edit it. At run time operations are plain dicts,
and so are these: ``AddState(op="add_state", state={"base": "Dust."})`` makes a dict of what it is given. They are the
canonical spellings (docs/spec/ops.md). ``World.apply`` accepts others too, which no type describes; to have the fields
of an operation checked, annotate it as ``Op``.

Example:
    >>> from worldkit.ops import Op
    >>> ops: list[Op] = [{"op": "set_field", "state": "start", "field": "base", "value": "A lane."}]
    >>> wk.World.new("Lane").apply(ops).states["start"].base
    'A lane.'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

'''
PYTHON_TYPES = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None"}


def camel(name: str) -> str:
    """Return the class of an operation: ``AddState`` for ``add_state``."""
    return "".join(part.capitalize() for part in name.split("_"))


def union(parts: list[str]) -> str:
    """Return the union of types, ``None`` last."""
    unique = [part for part in dict.fromkeys(parts) if part != "None"]
    return " | ".join(unique + ["None"] * ("None" in parts))


def literal(values: list[Any]) -> str:
    """Return the type of a closed choice."""
    texts = ", ".join(json.dumps(value) for value in values if value is not None)
    return union([f"Literal[{texts}]", *["None"] * (None in values)])


def type_of(schema: dict[str, Any]) -> str:
    """Return the type that a JSON Schema describes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return "str" if name == "Id" else f"{name}Dict"
    if "allOf" in schema:
        return type_of(schema["allOf"][0])
    if "anyOf" in schema:
        return union([type_of(part) for part in schema["anyOf"]])
    if "const" in schema:
        return literal([schema["const"]])
    if "enum" in schema:
        return literal(schema["enum"])
    kinds = schema.get("type", "any")
    return union([one_type(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)])


def one_type(kind: str, schema: dict[str, Any]) -> str:
    """Return the type of one of the kinds of JSON value that a schema allows."""
    if kind == "array":
        return f"Sequence[{type_of(schema['items'])}]"
    if kind == "object":
        return "Mapping[str, Any]"
    return PYTHON_TYPES.get(kind, "Any")


def docstring(words: str, indent: int) -> str:
    """Return a docstring whose lines are as short as the others."""
    return ("\n" + " " * indent).join(wrap(f'"""{words}"""', 120 - indent))


def typed_dict(name: str, schema: dict[str, Any]) -> str:
    """Return the class of an object, each field with its description."""
    fields = schema["properties"]
    required = set(schema.get("required", ()))
    types = {key: type_of(field) for key, field in fields.items()}
    types = {key: kind if key in required else f"NotRequired[{kind}]" for key, kind in types.items()}
    about = docstring(schema["description"], 0 if any(map(iskeyword, fields)) else 4)
    if any(iskeyword(key) for key in fields):
        pairs = "".join(f"        {json.dumps(key)}: {json.dumps(kind)},\n" for key, kind in types.items())
        return f'{name} = TypedDict(\n    "{name}",\n    {{\n{pairs}    }},\n)\n{about}\n'
    lines = "".join(
        f"    {key}: {kind}\n" + f"    {docstring(fields[key]['description'], 4)}\n" for key, kind in types.items()
    )
    return f"class {name}(TypedDict):\n    {about}\n\n{lines}"


def new_and_named(name: str, schemas: dict[str, Any]) -> str:
    """Return the classes of a part and of a new one, which differ in nothing but its name: a new one may lack it."""
    classes, shared = [], set[str]()
    for schema_name in (f"New{name}", name):
        schema = schemas[schema_name]
        properties = dict(schema["properties"])
        own = {**schema, "properties": {"name": properties.pop("name")}}
        beside = {**schema, "properties": properties, "description": f"The fields of an {name} beside its name."}
        shared.add(typed_dict(f"_{name}Fields", beside))
        classes.append(typed_dict(f"{schema_name}Dict", own).replace("(TypedDict)", f"(_{name}Fields)"))
    (fields,) = shared
    return "\n\n".join([fields, *classes])


def bodies(ops: dict[str, Any], world: dict[str, Any]) -> list[str]:
    """Return the parts of a world that operations carry, each after those it holds."""
    order: list[str] = []

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name in world and name not in order:
                visit(world[name])
                order.append(name)
            for item in value.values():
                visit(item)
        elif isinstance(value, list):
            for item in value:
                visit(item)

    visit(ops)
    return order


def text() -> str:
    """Return the module."""
    schema = json.loads((ROOT / "schema" / "ops.json").read_text(encoding="utf-8"))
    world = json.loads((ROOT / "schema" / "smworld-1.0.json").read_text(encoding="utf-8"))["$defs"]
    names = [one["$ref"].rpartition("/")[2] for one in schema["oneOf"]]
    world |= {name: part for name, part in schema["$defs"].items() if name.startswith("New")}
    body_names = bodies({name: schema["$defs"][name] for name in names}, world)
    classes = [
        new_and_named("Event", world) if name == "NewEvent" else typed_dict(f"{name}Dict", world[name])
        for name in body_names
        if name != "Event"
    ]
    classes += [typed_dict(camel(name), schema["$defs"][name]) for name in names]
    kinds = " | ".join(map(camel, names))
    public = sorted(["Op", *map(camel, names), *(f"{name}Dict" for name in body_names)])
    public_names = ", ".join(json.dumps(name) for name in public)
    union_of = f'Op = {kinds}\n"""One edit of a world; a batch is a list of them, of which all apply or none does."""\n'
    source = "\n\n".join([HEAD + f"__all__ = [{public_names}]\n", *classes, union_of])
    tidy = subprocess.run(
        [str(Path(sys.executable).with_name("ruff")), "format", "--stdin-filename", str(MODULE), "-"],
        input=source,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return tidy.stdout


def main() -> int:
    """Write the module, or with ``--check`` compare it."""
    if sys.argv[1:] == ["--check"]:
        if MODULE.read_text(encoding="utf-8") == text():
            return 0
        print(f"{MODULE.relative_to(ROOT)} is not what schema/ops.json says; run: python scripts/op_types.py")
        return 1
    MODULE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
