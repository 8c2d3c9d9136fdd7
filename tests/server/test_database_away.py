"""A database that fails: 503 before anything is done, 500 where it may have been done, and a line in the log."""

from __future__ import annotations

import contextvars
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.server.running import Running, bench, lane
from tests.server.test_tokens import mint
from worldkit.server import problems, request_work


def fail(*_: Any) -> None:
    raise sqlite3.OperationalError("it does not answer")


@contextmanager
def disconnected(server: Running) -> Iterator[None]:
    """Let every connection to the database fail until the block is left."""
    engine = server.services.store.database.engine
    sa.event.listen(engine, "do_connect", fail)  # first: a thread of the server could connect in between
    engine.dispose()
    try:
        yield
    finally:
        sa.event.remove(engine, "do_connect", fail)


def test_a_database_that_is_away_is_503_and_nothing_is_done(
    server: Running, client: httpx.Client, world: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = mint(client, world)["token"]
    before = client.get(f"/v1/worlds/{world}").headers["etag"]
    with caplog.at_level(logging.ERROR, "worldkit.server"), disconnected(server):
        for method, path, body in (
            ("GET", "/v1/worlds", None),
            ("GET", f"/v1/worlds/{world}/versions", None),
            ("POST", "/v1/worlds", {"world": bench()}),
            ("POST", f"/v1/worlds/{world}/ops", {"ops": lane("Rain.")}),
            ("POST", "/v1/sessions/connect", {"token": token}),
        ):
            caplog.clear()
            content: dict[str, Any] = {} if body is None else {"json": body}
            answer = client.request(method, path, **content)
            assert answer.status_code == 503 and answer.headers["retry-after"] == "1", (method, path, answer.text)
            assert "nothing was done" in answer.json()["detail"] and "does not answer" not in answer.text
            assert "it does not answer" in caplog.text, (method, path)
    assert client.get(f"/v1/worlds/{world}").headers["etag"] == before
    assert len(client.get("/v1/worlds").json()["worlds"]) == 1


def test_a_commit_that_fails_is_500_since_the_world_may_have_been_written(
    server: Running, client: httpx.Client, world: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = server.services.store.database.engine

    def fail_to_commit(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("worldkit_writes"):
            raise sa.exc.OperationalError("COMMIT", None, sqlite3.OperationalError("it does not answer"))

    sa.event.listen(engine, "commit", fail_to_commit)
    try:
        with caplog.at_level(logging.ERROR, "worldkit.server"):
            answer = client.post(f"/v1/worlds/{world}/ops", json={"ops": lane("Rain.")})
    finally:
        sa.event.remove(engine, "commit", fail_to_commit)
    assert answer.status_code == 500 and "read the world" in answer.json()["detail"]
    assert "it does not answer" in caplog.text


def busy() -> wk.StoreError:
    """Return the error of a database whose connections are all taken."""
    error = wk.StoreError("worlds.db cannot be used: all its connections are taken")
    error.__cause__ = sa.exc.TimeoutError("QueuePool limit reached")
    return error


@pytest.mark.parametrize(
    "error", [busy(), wk.CorruptStore("worlds.db", "a page is damaged"), wk.StoreError("it was replaced")]
)
def test_nothing_was_done_is_said_before_the_first_commit_of_a_request_only(
    server: Running, error: wk.StoreError
) -> None:
    database = server.services.store.database

    def statuses() -> list[int]:
        request_work.begin_request()
        with database.reading():
            before = problems.problem_of(error)
        with database.writing():
            pass
        after = problems.problem_of(error)
        assert before is not None and after is not None and "may have been written" in after["detail"]
        return [before["status"], after["status"]]

    assert contextvars.copy_context().run(statuses) == [503, 500]


def test_a_call_whose_second_transaction_finds_no_connection_is_not_said_to_have_done_nothing(
    server: Running, client: httpx.Client, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    jti = mint(client, world)["jti"]

    def find_no_connection(*_: object) -> None:
        raise busy()

    monkeypatch.setattr(server.services.connected_sessions, "end_revoked", find_no_connection)
    answer = client.post("/v1/sessions/revoke", json={"jti": jti})
    assert answer.status_code == 500 and "may have been written" in answer.json()["detail"]
