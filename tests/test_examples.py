"""The examples in the docstrings of the public face run, and everything public has one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import worldkit as wk
from tests.examples import example_server, names_for, run_examples
from tests.painting.images_server import EXAMPLE_ADDRESS, ImagesServer, serving
from tests.server.running import Running
from tests.server.test_conformance import ADMIN_TOKEN


def public() -> Iterator[tuple[str, Any]]:
    """Yield everything public by its dotted name: modules, functions and classes."""
    for name in wk.__all__:
        value = getattr(wk, name)
        yield name, value
        if isinstance(value, ModuleType) and value is not wk.ops:
            yield from ((f"{name}.{inner}", getattr(value, inner)) for inner in value.__all__)


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


DESCRIBED = describe_all()
WITH_EXAMPLES = {name: value for name, value in DESCRIBED.items() if ">>>" in (value.__doc__ or "")}


@pytest.fixture(scope="module")
def images_server() -> Iterator[ImagesServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with example_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.mark.parametrize("name", ["ops", *WITH_EXAMPLES])
def test_the_example_of_a_public_name_runs(
    name: str,
    images_server: ImagesServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
    text = inspect.cleandoc(WITH_EXAMPLES.get(name, wk.ops).__doc__ or "")
    text, url = text.replace(EXAMPLE_ADDRESS, images_server.origin), None
    if re.search(r"\bapi\.", text):
        server: Running = request.getfixturevalue("server")
        monkeypatch.setenv("ALAKAZAM_API_KEY", server.app().secret)
        monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", ADMIN_TOKEN)
        url = server.url
    assert run_examples(name, text, names_for(name, text, url))


def test_every_public_function_and_class_that_is_no_error_has_an_example() -> None:
    bare = [
        name for name in wk.__all__ if name in DESCRIBED and not is_error(DESCRIBED[name]) and name not in WITH_EXAMPLES
    ]
    # an example of what a server answers with, or of a conflict that another process makes, would need more than a line
    assert {DESCRIBED[name].__module__ for name in bare} <= {
        "worldkit.stores.api.account_results",
        "worldkit.stores.api.results",
        "worldkit.widgets.sync_state",
    }


def test_everything_public_has_a_docstring_that_begins_with_a_sentence() -> None:
    silent = [name for name, value in DESCRIBED.items() if not (inspect.getdoc(value) or "").split("\n")[0].strip()]
    assert silent == []


@pytest.mark.parametrize("name", [name for name, value in DESCRIBED.items() if inspect.isfunction(value)])
def test_the_arguments_of_a_public_function_are_documented(name: str) -> None:
    function = DESCRIBED[name]
    parameters = [parameter for parameter in inspect.signature(function).parameters if parameter not in ("self", "cls")]
    if "Args:" not in (function.__doc__ or ""):
        # one sentence does where a single argument needs no more
        assert len(parameters) <= 2 or "." in name
        return
    names_in_docstring = re.findall(r"^ +((?:\*{0,2}\w+, )*\*{0,2}\w+): ", function.__doc__, re.MULTILINE)
    assert {*parameters} <= {name.strip(" *") for names in names_in_docstring for name in names.split(",")}
