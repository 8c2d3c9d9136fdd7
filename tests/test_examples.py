"""The examples in the docstrings of the public face run, and everything public has one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import worldkit as wk
from tests.examples import ExampleServers, names_of, run_examples
from worldkit.comparison import json_patch, merge_patch


def public() -> Iterator[tuple[str, Any]]:
    """Yield everything public by its dotted name: modules, functions and classes."""
    for name in wk.__all__:
        value = getattr(wk, name)
        yield name, value
        if isinstance(value, ModuleType) and value is not wk.ops:
            yield from ((f"{name}.{inner}", getattr(value, inner)) for inner in value.__all__)
    for module in (json_patch, merge_patch):
        name = module.__name__.removeprefix("worldkit.")
        yield from ((f"{name}.{inner}", getattr(module, inner)) for inner in module.__all__)


def members(name: str, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties of a class that worldkit defines, inherited ones too."""
    for attribute in dir(kind):
        value = inspect.getattr_static(kind, attribute)
        function = getattr(value, "__func__", getattr(value, "fget", getattr(value, "func", value)))
        if not attribute.startswith("_") and getattr(function, "__module__", "").startswith("worldkit"):
            yield f"{name}.{attribute}", function


def is_error(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, BaseException)


def describe_all() -> dict[str, Any]:
    """Return everything public that is a function, a class, or a member of a class."""
    objects: dict[str, Any] = {}
    for name, value in public():
        if inspect.isfunction(value) or inspect.isclass(value):
            objects[name] = value
        if inspect.isclass(value):
            objects |= dict(members(name, value))
    return objects


DESCRIBED_OBJECTS = describe_all()
WITH_EXAMPLES = {name: value for name, value in DESCRIBED_OBJECTS.items() if ">>>" in (value.__doc__ or "")}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleServers]:
    with ExitStack() as stack:
        yield ExampleServers(stack, tmp_path_factory.mktemp("servers"))


@pytest.mark.parametrize("name", ["ops", *WITH_EXAMPLES])
def test_the_example_of_a_public_name_runs(
    name: str, servers: ExampleServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("worldkit.stores.api.calls.POLL_PAUSES", (0.02,))  # the server is here and soon done
    text = inspect.cleandoc(WITH_EXAMPLES.get(name, wk.ops).__doc__ or "")
    assert run_examples(name, servers.with_addresses(text), names_of(name, text, servers))


def test_every_public_function_and_class_that_is_no_error_has_an_example() -> None:
    bare = [
        name
        for name in wk.__all__
        if name in DESCRIBED_OBJECTS and not is_error(DESCRIBED_OBJECTS[name]) and name not in WITH_EXAMPLES
    ]
    assert bare == []


WITHOUT_EXAMPLE = {
    # what a notebook's front end calls, with an address that it makes
    "Comparison.answer",
    "MergeView.answer",
    # what needs the runtime of Reactor, which wants a Python of its own
    *(f"painters.ReactorPainter.{method}" for method in ("hold", "open", "say", "send_raw")),
}
"""The methods that take arguments and have no example; this set may only get smaller."""


def test_every_public_method_that_takes_arguments_has_an_example() -> None:
    takes_arguments = {
        name
        for name, value in DESCRIBED_OBJECTS.items()
        if "." in name and inspect.isfunction(value) and {*inspect.signature(value).parameters} - {"self", "cls"}
    }
    assert takes_arguments - {*WITH_EXAMPLES} == WITHOUT_EXAMPLE


def test_everything_public_has_a_docstring_that_begins_with_a_sentence() -> None:
    silent = [
        name for name, value in DESCRIBED_OBJECTS.items() if not (inspect.getdoc(value) or "").split("\n")[0].strip()
    ]
    assert silent == []


def undocumented_arguments(name: str, function: Any) -> set[str]:
    """Return the parameters of a public function that its docstring does not name."""
    parameters = {*inspect.signature(function).parameters} - {"self", "cls"}
    if "Args:" not in (function.__doc__ or ""):
        # one sentence does where a single argument needs no more
        return set() if len(parameters) <= 2 or "." in name else parameters
    names_in_docstring = re.findall(r"^ +((?:\*{0,2}\w+, )*\*{0,2}\w+): ", function.__doc__, re.MULTILINE)
    return parameters - {name.strip(" *") for names in names_in_docstring for name in names.split(",")}


def test_the_arguments_of_a_public_function_are_documented() -> None:
    functions = {name: value for name, value in DESCRIBED_OBJECTS.items() if inspect.isfunction(value)}
    undocumented = {name: undocumented_arguments(name, function) for name, function in functions.items()}
    assert {name: parameters for name, parameters in undocumented.items() if parameters} == {}
