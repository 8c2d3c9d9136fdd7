"""Who may call, and what they see: keys, modes, scopes, other apps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from tests.server.running import GIF, Running, bench, lane, rev_of
from worldkit.server.apps import Apps, NewKeys
from worldkit.server.tables import SCHEMA, apps, keys


def every_call(world: str, version: str) -> list[tuple[str, str, object]]:
    """Return a call of every kind about a world."""
    at = f"/v1/worlds/{world}"
    return [
        ("GET", at, None),
        ("PATCH", at, {"name": "x"}),
        ("DELETE", at, None),
        ("POST", f"{at}/forks", {}),
        ("GET", f"{at}/scene", None),
        ("POST", f"{at}/states", {"base": "x"}),
        ("PATCH", f"{at}/states/lane", {"base": "x"}),
        ("DELETE", f"{at}/states/lane", None),
        ("POST", f"{at}/events", {"name": "x", "kind": "override", "from": ["lane"]}),
        ("PATCH", f"{at}/events/x", {"base": "x"}),
        ("DELETE", f"{at}/events/x", None),
        ("PATCH", f"{at}/entrance", {"state": "lane"}),
        ("POST", f"{at}/ops", {"ops": lane("x")}),
        ("POST", f"{at}/validate", {}),
        ("POST", f"{at}/lint", {}),
        ("POST", f"{at}/edit", {"instruction": "x"}),
        ("POST", f"{at}/versions", {}),
        ("GET", f"{at}/versions", None),
        ("GET", f"{at}/versions/{version}", None),
        ("PATCH", f"{at}/versions/{version}", {"title": "x"}),
        ("DELETE", f"{at}/versions/{version}", None),
        ("GET", f"{at}/versions/{version}/diff/{version}", None),
        ("POST", f"{at}/checkout", {"versionId": version}),
        ("POST", "/v1/sessions/token", {"worldId": world}),
    ]


def test_nobody_sees_another_apps_or_modes_worlds(
    server: Running, app: NewKeys, client: httpx.Client, world: str
) -> None:
    version = client.post(f"/v1/worlds/{world}/versions").json()["versionId"]
    job = client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
    live = server.services.apps.rotate(app.app, "live")
    for key in (server.app("another").secret, live.secret):
        other = server.client(key)
        assert other.get("/v1/worlds").json()["worlds"] == []
        assert other.get(f"/v1/jobs/{job}").status_code == 404
        for method, path, body in every_call(world, version):
            answer = other.request(method, path, json=body)
            assert (answer.status_code, method, path) == (404, method, path)
        used = {"generation": 0, "session": 0, "edit": 0, "session_seconds": 0, "bytes": 0}
        assert other.get("/v1/usage").json()["usage"] == used
    assert rev_of(client, world) == "0"


def test_a_publishable_key_reads_and_does_nothing_else(server: Running, app: NewKeys, world: str) -> None:
    reader = server.client(app.publishable_key)
    assert reader.get(f"/v1/worlds/{world}/scene").status_code == 200
    for method, path, body in every_call(world, "v"):
        answer = reader.request(method, path, json=body)
        reads = method == "GET" or path.endswith(("/lint", "/validate"))
        assert answer.status_code in ((200, 404) if reads else (401,)), (method, path)
        assert reads or "secret key" in answer.json()["detail"]
    assert reader.delete(f"/v1/worlds/{world}").status_code == 401


def test_a_publishable_key_has_no_model_look_at_pictures(server: Running, app: NewKeys) -> None:
    frame = {"frame_b64": GIF}
    for path, body in (
        ("/v1/perceive", frame),
        ("/v1/ground/objects", {**frame, "labels": ["a door"]}),
        ("/v1/seed-frame", {"prompt": "a door"}),
    ):
        refusal = server.client(app.publishable_key).post(path, json=body)
        assert refusal.status_code == 401 and "secret key" in refusal.json()["detail"], path
        assert server.client(app.secret).post(path, json=body).status_code == 200, path


def test_a_secret_key_may_do_what_its_scopes_say(server: Running) -> None:
    keys = server.app(scopes=["worlds:write"])
    writer = server.client(keys.secret)
    id = writer.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    assert writer.get(f"/v1/worlds/{id}").json()["scope"] == "worlds:read"


def test_what_is_no_key_opens_nothing(server: Running, app: NewKeys) -> None:
    changed = app.secret[:-1] + ("A" if app.secret[-1] != "A" else "B")
    for key in (None, "x", changed, app.secret + "x", app.secret[:20], "sk_test_" + "0" * 55, "ключ".encode()):
        headers = (
            {} if key is None else {"Authorization": b"Bearer " + (key if isinstance(key, bytes) else key.encode())}
        )
        answer = httpx.get(f"{server.url}/v1/worlds", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_revoked_and_rotated_keys_open_nothing_any_more(server: Running, app: NewKeys, client: httpx.Client) -> None:
    fresh = server.services.apps.rotate(app.app)
    assert client.get("/v1/worlds").status_code == 401
    assert server.client(fresh.secret).get("/v1/worlds").status_code == 200
    assert server.services.apps.revoke(app.app) == 2
    narrow = server.app(scopes=["worlds:read"])
    again = server.client(server.services.apps.rotate(narrow.app).secret)
    assert again.post("/v1/worlds", json={"world": bench()}).json()["scope"] == "worlds:write"
    assert server.client(fresh.secret).get("/v1/worlds").status_code == 401


def test_rotated_keys_have_the_scopes_of_the_key_that_was_not_revoked(server: Running) -> None:
    for lasting, revoked in ((["worlds:read"], None), (["worlds:read", "worlds:write"], ["worlds:read"])):
        app, admin = server.app(scopes=lasting), server.services.app_admin
        admin.revoke_key(app.app, admin.create_key(app.app, "secret", "test", None, revoked)["id"])
        server.services.apps.rotate(app.app)
        [record] = [one for one in server.services.apps.list() if one["id"] == app.app]
        [key] = [one for one in record["keys"] if one["kind"] == "sk" and one["revoked_at"] is None]
        assert key["scopes"] == lasting


def test_apps_are_made_of_what_there_is(server: Running) -> None:
    with pytest.raises(wk.WorldError, match="no scope 'all'"):
        server.app(scopes=["all"])
    with pytest.raises(wk.WorldError, match="test or live"):
        server.app(mode="prod")
    with pytest.raises(wk.WorldError, match="there are generation, session, edit"):
        server.app(caps={"worlds": 1})
    with pytest.raises(wk.WorldError, match="from 0 to 9223372036854775807, got 9223372036854775808"):
        server.app(caps={"bytes": 2**63})
    with pytest.raises(wk.WorldError, match="a cap of edit is a whole number"):
        server.app(caps={"edit": True})
    with pytest.raises(wk.NotFound, match="worldkit apps list"):
        server.services.apps.rotate("app_none")
    with pytest.raises(wk.WorldError, match="got a blank one"):
        server.app(" ")
    keys = server.app("named")
    assert keys.secret not in repr(keys)
    assert next(one["name"] for one in server.services.apps.list() if one["id"] == keys.app) == "named"


def test_new_keys_say_whose_they_are_and_not_what(server: Running) -> None:
    new_keys = server.app()
    assert repr(new_keys) == f"NewKeys(app={new_keys.app!r})"


def test_many_apps_are_listed_with_their_keys_in_proportional_time(tmp_path: Path) -> None:
    times = {"created_at": "2026-01-01T00:00:00.000000+00:00"}
    key = {"kind": "sk", "mode": "test", "scopes": "worlds:read", "digest": b"", "last4": "abcd", **times}

    def list_of(size: int) -> Callable[[], object]:
        store = wk.Store(tmp_path / f"{uuid4()}.db")
        store.database.bring_up_to_date(SCHEMA)
        app_ids = [f"app_{at}" for at in range(size)]
        with store.database.writing() as connection:
            connection.execute(sa.insert(apps), [{"id": id, "name": id, "slug": id, **times} for id in app_ids])
            rows = [{"id": f"{id}_{number}", "app": id, **key} for number in range(2) for id in app_ids]
            connection.execute(sa.insert(keys), rows)
        return Apps(store.database).list

    assert growth(list_of, 200) <= MAX_GROWTH
