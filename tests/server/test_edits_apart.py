"""An edit is worked out before the lock of the database is taken: nobody else waits for it, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.server.running import DIALECT_HEADERS, Running, Scripted, bench, lane, quick, running
from tests.store import postgres
from worldkit.server import graph_writes, idempotent_calls, worker
from worldkit.server.idempotency import IdempotentCall, StoredAnswer

Work = Callable[..., Any]
DIALECTS = [pytest.param({}, "apply_in_part", id="hosted"), pytest.param(DIALECT_HEADERS, "apply", id="worldkit")]
"""The header of each dialect, and the function by which an edit in it is worked out."""


class Slow:
    """Work that waits until it is let go, the first time that it is done."""

    def __init__(self, work: Work) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self._work = work

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Do the work."""
        if not self.began.is_set():
            self.began.set()
            assert self.go_on.wait(120)
        return self._work(*args, **options)


def add_room(client: httpx.Client, world: str, name: str, **options: Any) -> httpx.Response:
    """Add a state by a batch."""
    ops = [{"op": "add_state", "id": name, "state": {"base": "Bare boards."}}]
    return client.post(f"/v1/worlds/{world}/ops", json={"ops": ops}, **options)


def rooms(client: httpx.Client, world: str) -> set[str]:
    """Return the states of a world."""
    return set(client.get(f"/v1/worlds/{world}/states").json()["states"])


@pytest.mark.parametrize(("header", "name"), DIALECTS)
def test_others_write_while_an_edit_is_worked_out(
    server: Running, client: httpx.Client, world: str, header: dict[str, str], name: str, monkeypatch: Any
) -> None:
    slow = Slow(getattr(graph_writes, name))
    monkeypatch.setattr(graph_writes, name, slow)
    other = server.client(server.app().secret)
    with ThreadPoolExecutor(1) as pool:
        try:
            edit = pool.submit(add_room, client, world, "cellar", headers=header)
            assert slow.began.wait(60)
            theirs = other.post("/v1/worlds", json={"world": bench()})
            assert theirs.status_code == 200
            assert other.patch(f"/v1/worlds/{theirs.json()['worldId']}", json={"name": "Mine"}).status_code == 200
            assert not edit.done()
        finally:
            slow.go_on.set()
        assert edit.result().status_code == 200
    assert "cellar" in rooms(client, world)


def test_others_write_while_an_instruction_is_carried_out(
    server: Running, client: httpx.Client, world: str, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(worker.apply)
    monkeypatch.setattr(worker, "apply", slow)
    scripted.ops = lane("Frost.")
    other = server.client(server.app().secret)
    with ThreadPoolExecutor(1) as pool:
        try:
            edit = pool.submit(client.post, f"/v1/worlds/{world}/edit", json={"instruction": "colder"})
            assert slow.began.wait(60)
            assert other.post("/v1/worlds", json={"world": bench()}).status_code == 200
        finally:
            slow.go_on.set()
        assert edit.result().status_code == 200
    assert client.get(f"/v1/worlds/{world}/states/lane").json()["state"]["base"] == "Frost."


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)],
    scope="module",
)
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over a database of each kind."""
    if request.param == "sqlite":
        with running(quick(tmp_path_factory.mktemp("either") / "w.db", generator=Scripted())) as here:
            yield here
    else:
        with postgres.cluster() as url, running(quick(url, generator=Scripted())) as here:
            yield here


@pytest.mark.parametrize(("header", "name"), DIALECTS)
def test_an_edit_is_worked_out_again_for_a_world_that_changed_meanwhile(
    either: Running, header: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = either.client(either.app().secret)
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    slow = Slow(getattr(graph_writes, name))
    monkeypatch.setattr(graph_writes, name, slow)
    with ThreadPoolExecutor(2) as pool:
        try:
            edits = [pool.submit(add_room, client, world, "cellar", headers=header)]
            assert slow.began.wait(60)
            edits.append(pool.submit(add_room, client, world, "attic", headers=header))
            assert edits[1].result().json()["rev"] == "1"
        finally:
            slow.go_on.set()
        assert edits[0].result().json()["rev"] == "2"
    assert rooms(client, world) >= {"cellar", "attic"}


@pytest.mark.parametrize(("header", "name"), DIALECTS)
def test_an_edit_of_a_named_revision_is_refused_when_the_world_changed_while_it_was_worked_out(
    either: Running, header: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = either.client(either.app().secret)
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    slow = Slow(getattr(graph_writes, name))
    monkeypatch.setattr(graph_writes, name, slow)
    with ThreadPoolExecutor(1) as pool:
        try:
            edit = pool.submit(add_room, client, world, "cellar", headers={**header, "If-Match": "0"})
            assert slow.began.wait(60)
            assert add_room(client, world, "attic", headers=header).status_code == 200
        finally:
            slow.go_on.set()
        refused = edit.result()
    assert refused.status_code == 409 and refused.json()["rev"] == "1"
    assert "cellar" not in rooms(client, world)


def test_an_edit_of_a_world_that_changes_all_the_time_gets_its_turn(
    server: Running, client: httpx.Client, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, caller = graph_writes.apply_in_part, server.services.apps.caller
    found = caller(client.headers["authorization"].removeprefix("Bearer "))
    assert found is not None
    space, calls = server.services.store.space(found.space), []

    def change_meanwhile(before: wk.World, ops: Any) -> Any:
        calls.append(len(calls))
        if len(calls) <= idempotent_calls.EDIT_ATTEMPTS:
            space.apply(world, lane(f"Rain {len(calls)}."))
        return work(before, ops)

    monkeypatch.setattr(graph_writes, "apply_in_part", change_meanwhile)
    answer = add_room(client, world, "cellar")
    assert answer.status_code == 200 and len(calls) == idempotent_calls.EDIT_ATTEMPTS + 1
    states = client.get(f"/v1/worlds/{world}/states").json()["states"]
    assert "cellar" in states and states["lane"]["base"] == f"Rain {idempotent_calls.EDIT_ATTEMPTS}."


def test_a_call_that_an_equal_one_overtakes_is_answered_as_that_one(
    either: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = either.client(either.app().secret)
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    body, key = {"id": "cellar", "base": "Bare boards."}, {"Idempotency-Key": "k"}
    overtaking: list[httpx.Response] = []
    look_up = IdempotentCall.look_up

    def overtake(self: IdempotentCall, connection: sa.Connection) -> StoredAnswer | None:
        found = look_up(self, connection)
        if found is None and not overtaking:
            monkeypatch.undo()
            overtaking.append(client.post(f"/v1/worlds/{world}/states", json=body, headers=key))
        return found

    monkeypatch.setattr(IdempotentCall, "look_up", overtake)
    answer = client.post(f"/v1/worlds/{world}/states", json=body, headers=key)
    assert answer.status_code == 200 and answer.text == overtaking[0].text
    assert client.get(f"/v1/worlds/{world}").headers["etag"] == '"1"'
