"""What type checkers see of worldkit: mistakes in a call, an attribute or an operation are errors."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

import worldkit as wk
from worldkit.core.schema import load_schema

ROOT = Path(__file__).parents[1]
PYRIGHT = ROOT / "widgets" / "node_modules" / ".bin" / "pyright"

USE = """
import worldkit as wk
from worldkit.ops import AddState, Op

world = wk.World.new("Lane")
ops: list[Op] = [
    {"op": "add_state", "id": "gate", "state": {"base": "A gate.", "ending": {"kind": "win", "title": "Out"}}},
    {"op": "rename_state", "from": "start", "to": "lane"},
    AddState(op="add_state", id="yard", state={"base": "A yard."}),
]
changed: wk.World = world.apply(ops).apply([{"op": "add_state", "id": "attic", "base": "Dust."}])
text: str = changed.states["gate"].base
merge: wk.Merge = wk.merge(world, changed, world).resolve("states.lane", value="A lane.")

world.entrnace  # wrong
wk.World.new(1)  # wrong
wk.merge(world, changed, world).resolve("states.lane", "mine")  # wrong
changed.states["gate"].bass  # wrong
wk.explore(world).postions  # wrong
one: Op = {"op": "add_state", "id": "attic", "sate": {"base": "Dust."}}  # wrong
two: Op = {"op": "set_field", "state": "start", "field": "bose", "value": "A lane."}  # wrong
AddState(op="add_state", id="attic", state={"bass": "Dust."})  # wrong
"""
WRONG_LINES = [number for number, line in enumerate(USE.splitlines(), 1) if line.endswith("# wrong")]


@pytest.fixture
def snippet(tmp_path: Path) -> Path:
    path = tmp_path / "use.py"
    path.write_text(USE, encoding="utf-8")
    return path


def test_mypy_sees_wrong_calls_attributes_and_operations(snippet: Path) -> None:
    # with the project's own settings it reads the cache of `make check`
    answer = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(snippet)], cwd=ROOT, capture_output=True, text=True
    )
    errors = {int(line) for line in re.findall(r"use\.py:(\d+): error", answer.stdout)}
    assert errors == {*WRONG_LINES}, answer.stdout + answer.stderr


def test_mypy_sees_what_a_star_import_gives(tmp_path: Path) -> None:
    path = tmp_path / "star.py"
    path.write_text("from worldkit import *\n\nexplored: Exploration = explore(samples.load('bench'))\n")
    answer = subprocess.run([sys.executable, "-m", "mypy", str(path)], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_pyright_sees_wrong_calls_attributes_and_operations(snippet: Path) -> None:
    (snippet.parent / "pyrightconfig.json").write_text(
        '{"typeCheckingMode": "strict", "reportUnusedExpression": false}'
    )
    arguments = ["--outputjson", "--pythonpath", sys.executable, "--project", str(snippet.parent)]
    # an editable install leaves a folder of data in site-packages that pyright would take for the package
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    answer = subprocess.run(
        [str(PYRIGHT), *arguments], cwd=snippet.parent, env=environment, capture_output=True, text=True
    )
    diagnostics = json.loads(answer.stdout)["generalDiagnostics"]
    assert {one["range"]["start"]["line"] + 1 for one in diagnostics} == {*WRONG_LINES}, diagnostics


def test_the_types_of_operations_are_what_the_schema_says() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "op_types.py"), "--check"]
    answer = subprocess.run(script, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_there_is_a_type_for_every_operation_and_each_resolves() -> None:
    kinds = wk.ops.Op.__args__
    names = [name for kind in kinds for name in get_type_hints(kind)["op"].__args__]
    assert {*names} == {name for one in load_schema("ops")["oneOf"] for name in spellings(one["$ref"])}
    assert {kind.__name__ for kind in kinds} < {*wk.ops.__all__}


def spellings(reference: str) -> list[str]:
    name = load_schema("ops")["$defs"][reference.rpartition("/")[2]]["properties"]["op"]
    return [name["const"]] if "const" in name else name["enum"]


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(wk.__file__).parent / "py.typed").is_file()
