"""Imports only go down, and importing worldkit stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "worldkit"
GROUND = {"arguments", "kinds", "quoting", "errors", "diagnostics", "jsonish", "problems", "timelimit"}
DOCUMENT = GROUND | {"model", "shape", "world", "files", "schema"}
MAY = {
    **dict.fromkeys(GROUND, GROUND),
    **dict.fromkeys(DOCUMENT - GROUND, DOCUMENT),
    "samples": DOCUMENT,
    "rules": DOCUMENT,
    "campaign": DOCUMENT | {"rules"},
    "edit": DOCUMENT,
    "play": DOCUMENT | {"campaign"},
    "compare": DOCUMENT | {"edit"},
    "export": DOCUMENT | {"rules"},
    "store": DOCUMENT | {"rules", "edit", "compare"},
    "store/server": DOCUMENT | {"rules", "edit", "compare", "play", "store", "generate", "notebook"},
    "generate": DOCUMENT | {"rules", "edit", "campaign"},
    "pytest_plugin": set(),
    "cli": DOCUMENT | {"rules", "play"},
    "notebook": DOCUMENT | {"samples", "rules", "edit", "play", "compare", "export", "store"},
}
"""What a room may import at the top of a module; calls into higher rooms are imported where they are made."""

HEAVY = (
    "anywidget",
    "ipywidgets",
    "torch",
    "transformers",
    "networkx",
    "httpx",
    "jsonschema",
    "numpy",
    "IPython",
    "sqlalchemy",
    "fastapi",
    "jwt",
)


def imported(path: Path) -> set[str]:
    """Return the rooms of worldkit that a module imports when it is imported itself."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module == "worldkit":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("worldkit."):
            found.add(str(node.module).split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {name.split(".")[1] for alias in node.names if (name := alias.name).startswith("worldkit.")}
    return found


@pytest.mark.parametrize("room", sorted(MAY))
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    modules = [SOURCE / f"{room}.py"] if (SOURCE / f"{room}.py").is_file() else sorted((SOURCE / room).rglob("*.py"))
    within = [SOURCE / other for other in MAY if other.startswith(f"{room}/")]
    modules = [module for module in modules if not any(module.is_relative_to(inner) for inner in within)]
    assert modules
    for module in modules:
        above = imported(module) - MAY[room] - {room}
        assert not above, f"{module.relative_to(SOURCE)} imports {above}"


def test_every_room_is_in_the_plan() -> None:
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms - {"__init__", "data"} == {room for room in MAY if "/" not in room}


def test_importing_worldkit_imports_nothing_heavy() -> None:
    code = f"import sys, worldkit; print([name for name in {HEAVY!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_the_public_face_names_functions_where_rooms_have_the_same_name() -> None:
    import worldkit as wk
    import worldkit.editing.batch
    import worldkit.generation.planning.plan
    import worldkit.playing.session

    assert all(callable(door) for door in (wk.edit, wk.play, wk.generate, wk.diff, wk.load))
    assert set(wk.__all__) <= set(dir(wk))


def test_rooms_that_are_entered_later_are_not_entered_at_first_and_every_public_name_is_found() -> None:
    code = (
        "import sys, worldkit as wk; from worldkit import _LATER; "
        "early = [room for room in _LATER if room in sys.modules]; "
        "[getattr(wk, name) for name in wk.__all__]; print(early, set(wk._ROOM) <= set(wk.__all__))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[] True"
