"""Imports only go down, every module can be imported by its path, and importing worldkit stays light."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

import worldkit
from worldkit.core import display

ROOT = Path(__file__).parents[1]
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]
HEAVY = (
    *("anywidget", "ipywidgets", "torch", "transformers", "networkx", "httpx", "jsonschema", "numpy", "IPython"),
    *("sqlalchemy", "fastapi", "jwt", "gymnasium"),
)


WITH_TORCH = {"worldkit.generation.engines.torch_cache"}
"""What imports torch and transformers, which takes as long as all the rest; the tests of its rows import it."""


def modules() -> list[str]:
    """Return the path of every module, save the samples and what brings torch."""
    names = (module.name for module in pkgutil.walk_packages(worldkit.__path__, "worldkit."))
    return [name for name in names if not re.search(r"\.__main__$|\.data\.", name) and name not in WITH_TORCH]


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_imports_go_down_the_layers() -> None:
    linter = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert linter.returncode == 0, linter.stdout


def test_no_exception_is_made_to_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert not [one for one in contracts["contracts"] if "ignore_imports" in one]


def test_the_page_draws_the_layers_that_the_linter_checks() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"```layers\n(.*?)```", page, re.DOTALL)
    assert block
    layers = [re.split(r"\s{2,}", line.strip())[0] for line in block[1].splitlines() if line.strip()]
    assert layers == LAYERS["layers"]


def test_a_module_is_what_its_path_says() -> None:
    by_path = {name: importlib.import_module(name) for name in modules()}
    hidden = [name for name, module in by_path.items() if attrgetter(name.partition(".")[2])(worldkit) is not module]
    assert not hidden, "functions or classes of the packages have the names of these modules"


PUBLIC_MODULES = {"envs", "ops", "painters", "rules", "samples", "webhooks"}
PUBLIC = {
    "worldkit",
    *(f"worldkit.{name}" for name in PUBLIC_MODULES),
    "worldkit.comparison.json_patch",
    "worldkit.comparison.merge_patch",
}


def test_the_page_says_which_modules_are_public() -> None:
    paragraph = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("**What is public.**")[2].partition("\n\n")[0]
    assert {*re.findall(r"`(worldkit[\w.]*)`", paragraph)} == PUBLIC
    assert all(importlib.import_module(name).__all__ for name in PUBLIC)


def test_no_module_imports_what_is_private_to_another() -> None:
    statement = re.compile(r"^ *from worldkit[\w.]* import (\([^)]*\)|.*)$", re.MULTILINE)
    private = {
        f"{path}: {name}"
        for path in Path(worldkit.__file__).parent.rglob("*.py")
        for names in statement.findall(path.read_text(encoding="utf-8"))
        for name in re.findall(r"(?:^|[(,])\s*(_[a-z]\w*)", names)
    }
    assert not private, "drop the underscore where another module needs the name"


def public_names_from_inside(path: Path) -> list[str]:
    """Return the imports of a test that take from an inner module what ``worldkit`` offers."""
    statements = re.findall(
        r"^ *(from worldkit\.[\w.]+ import (?:\([^)]*\)|.*))$", path.read_text("utf-8"), re.MULTILINE
    )
    imports: list[Any] = [ast.parse(line).body[0] for line in statements]
    return [
        f"{node.module}.{alias.name}"
        for node in imports
        for alias in node.names
        if alias.name in worldkit.__all__
        and getattr(importlib.import_module(node.module), alias.name, None) is getattr(worldkit, alias.name)
    ]


def test_tests_take_from_worldkit_what_it_offers() -> None:
    inner = {str(path): names for path in (ROOT / "tests").rglob("*.py") if (names := public_names_from_inside(path))}
    assert not inner, "import these from worldkit, as a user would"


def pages_for_users() -> list[Path]:
    """Return the README, the guides and the notebooks: what shows users which names to use."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "notebooks").glob("*.ipynb"))]


@pytest.mark.parametrize("page", pages_for_users(), ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_for_users_use_public_names_only(page: Path) -> None:
    text = page.read_text("utf-8")
    if page.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    private = [f"wk.{name}" for name in re.findall(r"\bwk\.(\w+)", text) if name not in worldkit.__all__]
    for module, names in re.findall(r"^\W*from (worldkit[\w.]*) import ([\w, ]+)", text, re.MULTILINE):
        symbols = [name.split()[0] for name in names.split(",")]
        private += [
            f"{module}.{name}"
            for name in symbols
            if f"{module}.{name}" not in PUBLIC and name not in names_offered_by(module)
        ]
    private += [name for name in re.findall(r"^\W*import (worldkit[\w.]*)", text, re.MULTILINE) if name not in PUBLIC]
    assert private == []


def names_offered_by(module: str) -> list[str]:
    return importlib.import_module(module).__all__ if module in PUBLIC else []


def test_no_module_has_the_name_of_a_public_function() -> None:
    top = {module.name for module in pkgutil.iter_modules(worldkit.__path__)}
    assert top & set(worldkit.__all__) == PUBLIC_MODULES
    assert all(callable(getattr(worldkit, name)) for name in set(worldkit.__all__) - PUBLIC_MODULES)


def test_importing_worldkit_imports_nothing_but_the_face() -> None:
    out = run(
        f"import sys, worldkit; print([name for name in {HEAVY!r} if name in sys.modules], 'pydantic' in sys.modules, "
        "len([name for name in sys.modules if name.split('.')[0] == 'worldkit']) < 10)"
    )
    assert out == "[] False True"


def test_reading_and_linting_a_world_imports_few_modules_and_nothing_heavy() -> None:
    out = run(
        "import sys, worldkit as wk; wk.World.new('A').lint(); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], "
        "len([name for name in sys.modules if name.split('.')[0] == 'worldkit']) <= 90)"
    )
    assert out == "[] True"


def test_every_public_name_is_found_and_listed() -> None:
    for name in worldkit.__all__:
        getattr(worldkit, name)
    assert set(worldkit.__all__) <= set(dir(worldkit))


def test_every_renderer_that_is_registered_is_there() -> None:
    for name, form in display.registered():
        assert callable(display.renderer(name, form))
    with pytest.raises(LookupError, match="no renderer"):
        display.renderer("World", "smell")
