"""How much is kept for an app: right after every call, in any order and at once, and bounded."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.server.running import Running, Scripted, bench, lane, quick, running, together
from tests.store import postgres
from worldkit.core import json_values
from worldkit.server import responses, storage
from worldkit.server.apps import NewKeys
from worldkit.server.settings import MAX_CAP, space_of
from worldkit.server.storage import ROW_BYTES
from worldkit.server.tables import answers, sizes
from worldkit.server.tables import storage as storage_table
from worldkit.stores.local.tables import versions as version_table
from worldkit.stores.local.tables import worlds as world_table

Json = dict[str, Any]
ACTIONS = (
    *("create", "ops", "describe", "fork", "snapshot", "retitle", "checkout"),
    *("prune", "delete", "mint", "edit", "generate"),
)


def bytes_reported(client: httpx.Client) -> int:
    return int(client.get("/v1/usage").json()["usage"]["bytes"])


def count_bytes(store: wk.Store, keys: NewKeys) -> int:
    """Return what is kept for an app, by reading all of it."""
    name = space_of(keys.app, "test")
    space = store.space(name)
    worlds = [ref.id for ref in space]
    versions = [(id, version) for id in worlds for version in space.versions(id)]
    documents = [part for id in worlds for part in (space.get(id).world, space.base(id)) if part is not None]
    documents += [space.version(id, version.id) for id, version in versions]
    titles = sum(len(version.title.encode()) for _, version in versions)
    with store.database.reading() as connection:
        bodies = connection.execute(sa.select(answers.c.body).where(answers.c.space == name)).scalars()
        beside = sum(len(bytes(body)) for body in bodies)
    rows = ROW_BYTES * (len(worlds) + len(versions))
    return beside + titles + rows + sum(size_of(world) for world in documents)


def size_of(world: wk.World) -> int:
    """Return how large a document is."""
    return len(json_values.dumps(world.raw, None).encode())


def act(client: httpx.Client, action: str, at: int, key: bool) -> None:
    """Do one thing to some world, with an idempotency key or without; what is refused is refused."""
    worlds = [one["id"] for one in client.get("/v1/worlds").json()["worlds"]]
    id = worlds[at % len(worlds)] if worlds else "none"
    versions = [one["id"] for one in client.get(f"/v1/worlds/{id}/versions").json().get("versions", [])]
    version = versions[at % len(versions)] if versions else "none"
    world = f"/v1/worlds/{id}"
    method, path, body = {
        "create": ("POST", "/v1/worlds", {"world": {**bench(), "notes": "ß" * (at % 50)}}),
        "ops": ("POST", f"{world}/ops", {"ops": lane("Rain. " * (at % 30) + ".")}),
        "describe": ("PATCH", world, {"name": "n" * (1 + at % 40)}),
        "fork": ("POST", f"{world}/forks", {"name": f"fork {at}"}),
        "snapshot": ("POST", f"{world}/versions", {}),
        "retitle": ("PATCH", f"{world}/versions/{version}", {"title": "ß" * (1 + at)}),
        "checkout": ("POST", f"{world}/checkout", {"versionId": version}),
        "prune": ("DELETE", f"{world}/versions/{version}", None),
        "delete": ("DELETE", world, None),
        "mint": ("POST", "/v1/sessions/token", {"worldId": id}),
        "edit": ("POST", f"{world}/edit", {"instruction": "colder"}),
        "generate": ("POST", "/v1/worlds", {"premise": "a lighthouse"}),
    }[action]
    headers = {"Idempotency-Key": f"{action}{at % 4}"} if key and method == "POST" else {}
    answer = client.request(method, path, json=body, headers=headers)
    assert answer.status_code in (200, 402, 404, 409, 422), (action, answer.text)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from((*ACTIONS, "create", "fork")), st.integers(0, 99), st.booleans()), max_size=14
    ),
    cap=st.sampled_from((0, 12_000, MAX_CAP)),
)
def test_what_is_told_is_what_is_kept_whatever_was_done(
    server: Running, scripted: Scripted, steps: list[tuple[str, int, bool]], cap: int
) -> None:
    scripted.ops = lane("Frost.")
    keys = server.app(caps={"bytes": cap})
    client = server.client(keys.secret)
    for step in steps:
        act(client, *step)
        assert bytes_reported(client) == count_bytes(server.services.store, keys) <= max(cap, 0), step


def test_what_is_told_is_what_is_kept_when_much_is_done_at_once(server: Running, scripted: Scripted) -> None:
    churn(server, scripted)


def churn(server: Running, scripted: Scripted) -> None:
    scripted.ops = lane("Frost.")
    keys = server.app()
    client = server.client(keys.secret)
    for at in range(4):
        act(client, "create", at, False)

    def work(seed: int) -> Callable[[], None]:
        rng = random.Random(seed)

        def do() -> None:
            for _ in range(12):
                act(client, rng.choice(ACTIONS), rng.randrange(100), rng.random() < 0.5)

        return do

    assert together([work(seed) for seed in range(8)]) == [None] * 8
    assert bytes_reported(client) == count_bytes(server.services.store, keys) > 0


@pytest.mark.database
def test_what_is_told_is_what_is_kept_over_postgresql_too(scripted: Scripted) -> None:
    with postgres.cluster() as url, running(quick(url, generator=scripted)) as here:
        churn(here, scripted)


def test_at_the_cap_nothing_more_is_kept_and_everything_can_be_deleted(server: Running) -> None:
    size = size_of(wk.samples.load("bench")) + ROW_BYTES
    keys = server.app(caps={"bytes": 2 * size + 100})
    client = server.client(keys.secret)
    first, second = (client.post("/v1/worlds", json={"world": bench()}).json()["worldId"] for _ in range(2))
    for method, path, body in (
        ("POST", "/v1/worlds", {"world": bench()}),
        ("POST", f"/v1/worlds/{first}/forks", {}),
        ("POST", f"/v1/worlds/{first}/versions", {}),
        ("POST", f"/v1/worlds/{first}/ops", {"ops": lane("Rain. " * 200)}),
        ("PATCH", f"/v1/worlds/{first}", {"name": "n" * 500}),
    ):
        refusal = client.request(method, path, json=body)
        assert refusal.status_code == 402, (path, refusal.text)
        assert refusal.json()["quota"] == {"kind": "bytes", "used": 2 * size, "cap": 2 * size + 100}
    assert bytes_reported(client) == 2 * size and client.get("/v1/usage").json()["caps"]["bytes"] == 2 * size + 100
    server.services.apps.limit(keys.app, {"bytes": 0})  # also when there is less than there was
    shorter = client.post(f"/v1/worlds/{first}/ops", json={"ops": [{"op": "delete_state", "id": "lane"}]})
    assert shorter.status_code in (200, 422)
    for id in (first, second):
        assert client.delete(f"/v1/worlds/{id}").status_code == 200
    assert bytes_reported(client) == 0


def test_what_a_fork_started_from_counts_until_the_fork_is_deleted(server: Running) -> None:
    keys = server.app()
    client = server.client(keys.secret)
    small = {"name": "f", "scene": {"states": {"a": {"base": "x"}}, "events": []}}
    large = client.post("/v1/worlds", json={"world": {**small, "notes": "n" * 100_000}}).json()["worldId"]
    fork = client.post(f"/v1/worlds/{large}/forks", json={}).json()["worldId"]
    space = server.services.store.space(space_of(keys.app, "test"))
    space.rewrite(fork, lambda _: wk.World.from_dict(small))
    with server.services.store.database.writing() as connection:
        connection.execute(sa.update(storage_table).values(bytes=count_bytes(server.services.store, keys)))
    client.delete(f"/v1/worlds/{large}")
    assert 100_000 < bytes_reported(client) == count_bytes(server.services.store, keys) < 103_000
    client.delete(f"/v1/worlds/{fork}")
    assert bytes_reported(client) == 0


def test_a_version_counts_with_its_row_and_its_title(server: Running, client: httpx.Client) -> None:
    small = {"scene": {"states": {"a": {"base": "x"}}, "events": []}}
    world = client.post("/v1/worlds", json={"world": small}).json()["worldId"]
    before = bytes_reported(client)
    title = "\U0001f600" * 2_000
    version = client.post(f"/v1/worlds/{world}/versions", json={"title": title}).json()["versionId"]
    assert bytes_reported(client) == before + ROW_BYTES + size_of(wk.World.from_dict(small)) + len(title.encode())
    client.patch(f"/v1/worlds/{world}/versions/{version}", json={"title": "short"})
    assert bytes_reported(client) == before + ROW_BYTES + size_of(wk.World.from_dict(small)) + len("short")
    client.delete(f"/v1/worlds/{world}")
    assert bytes_reported(client) == 0


def test_of_many_creates_at_once_no_more_are_kept_than_there_is_room_for(server: Running) -> None:
    size = size_of(wk.samples.load("bench")) + ROW_BYTES
    client = server.client(server.app(caps={"bytes": 5 * size}).secret)
    responses = together([lambda: client.post("/v1/worlds", json={"world": bench()})] * 12)
    assert sorted(answer.status_code for answer in responses) == [200] * 5 + [402] * 7
    assert bytes_reported(client) == 5 * size


@contextmanager
def counting_statements(server: Running) -> Iterator[Callable[[], int]]:
    """Yield what returns how many statements the database was given, those of workers left out."""
    count, lock = 0, threading.Lock()

    def add(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal count
        if re.search(r"server_jobs|BEGIN|server_webhook", statement):
            return  # workers look for jobs meanwhile, as often as there is time
        with lock:
            count += 1

    engine = server.services.store.database.engine
    sa.event.listen(engine, "before_cursor_execute", add)
    try:
        yield lambda: count
    finally:
        sa.event.remove(engine, "before_cursor_execute", add)


def test_a_write_looks_nothing_up_for_what_else_is_kept(server: Running, client: httpx.Client, world: str) -> None:
    """The number of statements of a write is the same with three versions and with forty."""
    counts = []
    for versions in (3, 40):
        for _ in range(versions):
            client.post(f"/v1/worlds/{world}/versions")
        by_write = []
        with counting_statements(server) as count:
            for at in range(5):
                before = count()
                client.post(f"/v1/worlds/{world}/ops", json={"ops": lane(f"Rain {at}, {versions}.")})
                by_write.append(count() - before)
        counts.append(min(by_write))  # other threads' statements come now and then
    assert counts[0] == counts[1]


def test_deleting_a_world_takes_as_many_statements_with_one_version_as_with_forty(
    server: Running, client: httpx.Client
) -> None:
    def statements(versions: int) -> int:
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        for at in range(versions):
            client.post(f"/v1/worlds/{world}/ops", json={"ops": lane(f"Rain {at}.")})
            client.post(f"/v1/worlds/{world}/versions")
        with counting_statements(server) as count:
            client.delete(f"/v1/worlds/{world}")
            return count()

    # what the server does by itself meanwhile may add some: then it is tried again
    counts = [(statements(1), statements(40))]
    while min(one for one, _ in counts) != min(forty for _, forty in counts) and len(counts) < 3:
        counts.append((statements(1), statements(40)))
    assert min(one for one, _ in counts) == min(forty for _, forty in counts)
    assert bytes_reported(client) == 0


def test_a_world_has_as_many_versions_as_it_may_and_one_more_is_refused(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", versions=3)) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        versions = f"/v1/worlds/{world}/versions"
        first, *_ = [client.post(versions).json()["versionId"] for _ in range(3)]
        before = bytes_reported(client)
        refused = client.post(versions)
        assert refused.status_code == 422 and "at most 3 versions" in refused.json()["detail"]
        assert bytes_reported(client) == before and len(client.get(versions).json()["versions"]) == 3
        client.delete(f"{versions}/{first}")
        assert client.post(versions).status_code == 200
        stranger = here.client(here.app().secret)
        assert stranger.post(versions).status_code == 404


def test_of_very_many_versions_no_more_are_read_than_an_answer_has_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def note(version: wk.Version, world: str, write: Callable[[wk.Version, str], Json] = responses.version) -> Json:
        written.append(version.id)
        return write(version, world)

    with running(quick(tmp_path / "w.db", max_answer=30_000)) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        versions = f"/v1/worlds/{world}/versions"
        kept = [client.post(versions, json={"title": f"ß {at}"}).json()["version"] for at in range(3)]
        assert client.get(versions).json() == {"versions": kept, "head": kept[-1]["id"]}
        with here.services.store.database.writing() as connection:
            row = connection.execute(sa.select(version_table)).first()
            assert row is not None
            rows = [{**row._mapping, "id": f"v{at}", "seq": 10 + at} for at in range(2_000)]
            connection.execute(sa.insert(version_table), rows)
        monkeypatch.setattr(responses, "version", note)
        refused = client.get(versions)
        assert refused.status_code == 422 and "30,000 bytes" in refused.json()["detail"]
        assert 50 < len(written) < 200


def test_sizes_of_documents_that_are_gone_are_forgotten(server: Running, client: httpx.Client, world: str) -> None:
    for at in range(5):
        client.post(f"/v1/worlds/{world}/ops", json={"ops": lane(f"Snow {at}.")})
    with server.services.store.database.writing() as connection:
        unused = storage.unused_sizes(connection, 1_000)
        assert len(unused) >= 4  # the last one is the world as it is, and other tests may keep the first
        storage.forget_sizes(connection, unused)
        assert storage.unused_sizes(connection, 1_000) == []
        worlds = connection.execute(sa.select(world_table.c.root)).scalars().all()
        assert {*connection.execute(sa.select(sizes.c.root)).scalars()} >= {*worlds}
    before = bytes_reported(client)
    client.post(f"/v1/worlds/{world}/ops", json={"ops": lane("Snow 4.")})
    assert bytes_reported(client) == before and client.get(f"/v1/worlds/{world}").json()["id"] == world
