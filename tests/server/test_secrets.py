"""No key and no token in a log, in the database, in an answer, or in what Python shows of the server."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.server.running import bench, lane, quick, running
from worldkit.server import create_app
from worldkit.server.tables import SCHEMA


def test_a_key_is_seen_once_and_kept_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with running(quick(tmp_path / "w.db")) as here:
        keys = here.app()
        client = here.client(keys.secret)
        id = client.post("/v1/worlds", json={"world": bench()}, headers={"Idempotency-Key": "k"}).json()["worldId"]
        token = client.post("/v1/sessions/token", json={"worldId": id}).json()["token"]
        response = httpx.post(f"{here.url}/v1/sessions/connect", json={"token": token})
        run_token = response.json()["reactorJwt"]
        responses = [
            response,
            client.post(f"/v1/worlds/{id}/ops", json={"ops": lane("x")}),
            client.get(f"/v1/worlds/{id}/{keys.secret}"),
            client.get(f"/v1/worlds/{id}/{token}"),
            client.get("/v1/usage", headers={"X-Request-Id": "x"}),
            httpx.get(f"{here.url}/embed.html", params={"token": token}),
            httpx.get(f"{here.url}/embed.html", params={"token": token + "x"}),
            httpx.post(f"{here.url}/embed/messages", json={}, headers={"Authorization": f"Bearer {run_token}"}),
            httpx.post(f"{here.url}/v1/sessions/end", json={"token": token, "reactorJwt": run_token}),
        ]
        texts = repr(here.services) + repr(here.services.apps.list()) + str(here.services.settings)
    # httpx logs the addresses that this test asked for; the server's own lines are meant
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert "POST /v1/worlds 200" in logged and "GET /embed.html 200" in logged
    stored_bytes = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (keys.secret, keys.publishable_key):
        for part in (secret, secret[-43:]):
            assert part.encode() not in stored_bytes and part not in texts
            assert not any(part in answer.text for answer in responses)
    assert keys.secret not in logged and f"GET /v1/worlds/{id}/sk_... 404" in logged
    for ticket in (token, run_token):
        assert ticket not in logged and ticket.encode() not in stored_bytes
    assert here.services.tokens._secret.hex() not in logged + texts


def test_a_databases_password_stays_out_of_what_is_shown() -> None:
    settings = quick("postgresql://me:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in repr(settings)
    with pytest.raises(wk.StoreError) as error:
        create_app(settings)
    assert "hunter2" not in str(error.value)


def test_settings_can_be_handed_to_another_process(tmp_path: Path) -> None:
    settings = quick(tmp_path / "w.db")
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_the_servers_tables_are_made_beside_the_stores_own(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        store.database.bring_up_to_date(SCHEMA)
        store.database.bring_up_to_date(SCHEMA)
        with store.database.reading() as connection:
            assert SCHEMA.version_of(connection) == SCHEMA.version
            assert {*SCHEMA.metadata.tables} < {*sa.inspect(connection).get_table_names()}
    with wk.Store(tmp_path / "w.db") as store:
        assert len(store.list().items) == 0


def test_tables_of_a_newer_release_are_refused(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "w.db") as store:
        store.database.bring_up_to_date(SCHEMA)
        with store.database.writing() as connection:
            connection.execute(sa.text(f"UPDATE {SCHEMA.version_table} SET version_num = 's9999'"))
        with pytest.raises(wk.StoreError, match="install a newer smworldkit"):
            store.database.bring_up_to_date(SCHEMA)
