"""What is answered from memory is never older than what the database holds, whoever wrote it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.server.running import Running, bench, lane, process, quick, running
from worldkit.server.apps import NewKeys
from worldkit.server.freshness import MAX_BYTES, Commits, FreshCache


def base_of(client: httpx.Client, world: str) -> str:
    return str(client.get(f"/v1/worlds/{world}").json()["scene"]["states"]["lane"]["base"])


def test_a_read_after_a_write_sees_it_whichever_process_wrote(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    with running(quick(path)) as here:
        key = here.app().secret
        client = here.client(key)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        with (
            process(str(path)) as (url, _),
            httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as far,
        ):
            for turn, writer in enumerate((client, far, client, far)):
                text = f"Rain, turn {turn}."
                assert writer.post(f"/v1/worlds/{world}/ops", json={"ops": lane(text)}).json()["rev"] == str(turn + 1)
                for reader in (client, far, client, far):
                    answer = reader.get(f"/v1/worlds/{world}")
                    assert answer.headers["etag"] == f'"{turn + 1}"'
                    assert answer.json()["scene"]["states"]["lane"]["base"] == text


def test_a_revoked_key_is_refused_at_once(server: Running, app: NewKeys, client: httpx.Client, world: str) -> None:
    assert [client.get(f"/v1/worlds/{world}").status_code for _ in range(2)] == [200, 200]
    server.services.apps.revoke(app.app, None)
    assert client.get(f"/v1/worlds/{world}").status_code == 401


def test_a_world_is_remembered_for_its_app_and_its_dialect_alone(
    server: Running, client: httpx.Client, world: str
) -> None:
    flat = client.get(f"/v1/worlds/{world}").json()
    exact = client.get(f"/v1/worlds/{world}", headers={"X-Worldkit-Dialect": "worldkit"}).json()
    assert "world" in exact and "world" not in flat and client.get(f"/v1/worlds/{world}").json() == flat
    assert server.client(server.app("another").secret).get(f"/v1/worlds/{world}").status_code == 404


@pytest.fixture
def database(tmp_path: Path) -> Path:
    wk.Store(tmp_path / "w.db").close()
    return tmp_path / "w.db"


@settings(max_examples=30, deadline=None)
@given(deeds=st.lists(st.sampled_from(["put", "late put", "commit", "look"]), max_size=20))
def test_a_value_is_returned_only_while_nothing_was_committed_since_it_was_read(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[str]
) -> None:
    path = tmp_path_factory.mktemp("fresh") / "x.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (n)")
    commits, state = Commits(path), 0
    cache: FreshCache[int] = FreshCache(commits)
    for deed in deeds:
        if deed == "commit":
            state += 1
            writer.execute("INSERT INTO t VALUES (1)")
        elif deed == "look":
            assert cache.look_up("n")[0] in (None, state)
        else:
            _, version = cache.look_up("n")
            value = state
            if deed == "late put":  # somebody writes between the read and the put
                state += 1
                writer.execute("INSERT INTO t VALUES (1)")
            cache.put("n", value, version)
    assert cache.look_up("n")[0] in (None, state)
    commits.close()
    writer.close()


def test_what_is_remembered_is_bounded_and_a_database_without_the_question_remembers_nothing(database: Path) -> None:
    cache: FreshCache[int] = FreshCache(Commits(database))
    for number in range(100):
        _, version = cache.look_up(number)
        cache.put(number, number, version, MAX_BYTES // 10)
    assert sum(cache.look_up(number)[0] is not None for number in range(100)) == 10
    elsewhere: FreshCache[int] = FreshCache(Commits(None))
    elsewhere.put("x", 1, elsewhere.look_up("x")[1])
    assert elsewhere.look_up("x") == (None, None)


def test_a_value_is_not_returned_after_the_connection_that_watched_was_opened_again(database: Path) -> None:
    commits = Commits(database)
    cache: FreshCache[int] = FreshCache(commits)
    cache.put("n", 1, cache.look_up("n")[1])
    commits.close()
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE t (n)")
    assert cache.look_up("n")[0] is None
    commits.close()
