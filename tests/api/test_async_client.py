"""The asynchronous client is written from the synchronous one."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import worldkit as wk
from tests.api.scripted import KEY, Answer, ReceivedRequest, serving
from tests.scripts import load_script
from worldkit import AsyncClient, Client
from worldkit.stores.api import answers, calls, error_mapping, hosted_writing, writing


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("scripts/async_client.py")


def test_the_file_is_what_the_script_writes(script: ModuleType) -> None:
    text = script.TARGET.read_text("utf-8")
    assert script.asynchronous(script.sources()) == text, "run scripts/async_client.py"


def test_a_replacement_that_no_longer_applies_is_an_error(script: ModuleType) -> None:
    sources = [text.replace("return Page(", "return Pages(") for text in script.sources()]
    with pytest.raises(ValueError, match="no longer hold 'return Page"):
        script.asynchronous(sources)


def test_both_clients_have_the_same_calls_with_the_same_parameters() -> None:
    def calls(kind: type) -> dict[str, list[str]]:
        members = inspect.getmembers(kind, inspect.isfunction)
        return {name: list(inspect.signature(member).parameters) for name, member in members if name[0] != "_"}

    synchronous = calls(Client)
    assert calls(AsyncClient) == {**synchronous, "find": ["self", "key"]}
    assert all(inspect.iscoroutinefunction(getattr(AsyncClient, name)) for name in synchronous)


def test_a_call_is_described_as_that_of_the_client_and_has_an_example_of_its_own() -> None:
    described, example = (AsyncClient.generate.__doc__ or "").split("Example:")
    assert described == (Client.generate.__doc__ or "").split("Example:")[0]
    assert "await api.generate(" in example


def test_nothing_that_takes_long_for_a_large_world_is_done_on_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = wk.samples.load("bench").to_dict()
    after = wk.samples.load("bench").apply([{"op": "update_state", "id": "lane", "patch": {"base": "Rain."}}]).to_dict()
    threads: dict[str, set[int]] = {}

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def note(*args: Any, **options: Any) -> Any:
            threads.setdefault(name, set()).add(threading.get_ident())
            return function(*args, **options)

        return note

    for module, name in (
        (answers, "world_of"),
        (error_mapping, "object_of"),
        (writing, "batch_plan"),
        (hosted_writing, "not_as_applied"),
        (calls, "_refuse_inexpressible"),
        (calls, "diff"),
    ):
        monkeypatch.setattr(module, name, noted(name, getattr(module, name)))

    def answer(request: ReceivedRequest) -> Answer:
        if request.path.endswith("/ops"):
            return Answer({"world": after, "rev": "2", "diagnostics": []})
        if "/versions/" in request.path:
            return Answer({"snapshot": bench})
        if request.method == "POST":
            return Answer({"worldId": "w1", "ok": True})
        return Answer(bench, headers={"ETag": '"1"'})

    async def main(url: str) -> int:
        async with AsyncClient(KEY, url, dialect="hosted") as api:
            await api.apply("w1", [{"op": "update_state", "id": "lane", "patch": {"base": "Rain."}}], rev="1")
            with pytest.raises(wk.NotExpressible):
                await api.create(wk.samples.load("bench"))
            await api.diff("w1", "v1", "v2")
        return threading.get_ident()

    with serving(answer) as server:
        loop_thread = asyncio.run(main(server.url))
    assert len(threads) == 6 and not any(loop_thread in idents for idents in threads.values())
