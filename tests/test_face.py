"""The public face: its list is read as meant, and what its functions and methods return can be imported from it."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import worldkit as wk
from tests.test_examples import DESCRIBED_OBJECTS

PRIVATE_RETURNS = {
    "Campaign.acts_by_id": "an act of the campaign's document",
    "PlayChanges.routes": "the two lengths of a shortest run, before and after",
    "Retelling.beats": "a step of the text that was read",
    "Retelling.bible": "facts for the prose of a retelling",
    "Session.waypoints": "a record of play; its fields are described at the property",
    "Store.annotations": "what a writer put on a map; an editor gives its parts by names of their own",
    "Store.damage": "an account of a damaged file, for the command line",
    "Store.database": "the database beneath a store",
    "Store.recovery": "an account of a recovered file, for the command line",
    "StoredWorld.store": "the protocol that Store, Client and a folder of files have in common",
}
"""What returns a class of worldkit's that is not public, and what that is."""


@cache
def names_for_type_checkers(path: Path) -> dict[str, str]:
    """Return the modules of the names that a module imports for type checkers only."""
    modules: dict[str, str] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for line in node.body:
                if isinstance(line, ast.ImportFrom) and line.module:
                    modules |= {alias.asname or alias.name: line.module for alias in line.names}
    return modules


def returned_classes(function: Any) -> set[type]:
    """Return the classes of worldkit's that a function's return annotation names."""
    function = inspect.unwrap(function)
    annotation = str(inspect.signature(function).return_annotation)
    later = names_for_type_checkers(Path(inspect.getfile(function)))
    classes = set()
    for name in re.findall(r"\b[A-Z]\w+", annotation):
        if name in later and later[name].startswith("worldkit"):
            value: Any = getattr(import_module(later[name]), name)
        else:
            value = function.__globals__.get(name)
        if isinstance(value, type) and value.__module__.startswith("worldkit"):
            classes.add(value)
    return classes


def test_the_stub_names_every_public_name_once_and_in_the_form_that_is_read() -> None:
    stub = Path(wk.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    imports = [node for node in ast.parse(stub).body if isinstance(node, ast.ImportFrom)]
    names = [alias.name for node in imports for alias in node.names]
    assert [ast.unparse(node) for node in imports] == [line for line in stub.splitlines() if line.startswith("from ")]
    assert all(alias.asname == alias.name for node in imports for alias in node.names)
    assert sorted(names) == sorted([*wk.__all__, "__version__"])


def test_what_a_public_function_returns_can_be_imported_from_worldkit() -> None:
    public = {value for value in DESCRIBED_OBJECTS.values() if isinstance(value, type)}
    functions = {name: value for name, value in DESCRIBED_OBJECTS.items() if inspect.isfunction(value)}
    private = {name: kinds for name, each in functions.items() if (kinds := returned_classes(each) - public)}
    assert private.keys() == PRIVATE_RETURNS.keys(), f"add the classes to worldkit.__all__: {private}"


def test_dir_names_what_is_public_and_nothing_else() -> None:
    import_module("worldkit.exploration.exhaustive")  # a submodule that is loaded becomes an attribute of its package
    assert {name for name in dir(wk) if not name.startswith("__")} == {*wk.__all__}


PRIVATE_ERRORS = {
    "Cancelled": "caught by the exploration that it ends",
    "FlagRefused": "answered to a browser",
    "NotCallable": "a TypeError for who calls what is no function",
    "TimeUp": "answered by a server",
}


def test_every_error_that_a_user_may_catch_has_a_public_name() -> None:
    for module in ("generation.revision.reviser", "generation.pipeline.batch", "properties", "suites", "comparison"):
        import_module(f"worldkit.{module}")
    public = {value for value in DESCRIBED_OBJECTS.values() if isinstance(value, type)}

    def classes(kind: type[Exception]) -> set[type[Exception]]:
        return {kind}.union(*(classes(each) for each in kind.__subclasses__()))

    private = {
        kind.__name__
        for kind in classes(wk.WorldError)
        if not (set(kind.__mro__) & public - {wk.WorldError, *wk.WorldError.__mro__})
        and not kind.__module__.startswith(("worldkit.server", "worldkit.widgets", "tests"))
        and kind is not wk.WorldError
    }
    assert private == {*PRIVATE_ERRORS}
