"""The asynchronous client is written from the synchronous one."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from worldkit import AsyncClient, Client

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("async_client", ROOT / "scripts" / "async_client.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_what_the_script_writes(script: ModuleType) -> None:
    sources = script.asynchronous(script.sources())
    files = {path.name: path.read_text("utf-8") for path in script.FOLDER.glob("async_client*.py")}
    assert sources == files, "run scripts/async_client.py"


def test_a_replacement_that_no_longer_applies_is_an_error(script: ModuleType) -> None:
    sources = {name: text.replace("return Page(", "return Pages(") for name, text in script.sources().items()}
    with pytest.raises(ValueError, match="no longer hold 'return Page"):
        script.asynchronous(sources)


def test_both_clients_have_the_same_calls_with_the_same_parameters() -> None:
    def calls(kind: type) -> dict[str, list[str]]:
        members = inspect.getmembers(kind, inspect.isfunction)
        return {name: list(inspect.signature(member).parameters) for name, member in members if name[0] != "_"}

    synchronous = calls(Client)
    assert calls(AsyncClient) == {**synchronous, "find": ["self", "key"]}
    assert all(inspect.iscoroutinefunction(getattr(AsyncClient, name)) for name in synchronous)
