"""Apps and keys over HTTP, with the user session; and what an app's embedding origins allow."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.running import Running, bench, quick, running
from tests.server.test_tokens import connect, mint, page
from worldkit.server.apps import NewKeys

TOKEN = "the-user-session-of-the-tests"
GAME = "https://game.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(quick(tmp_path_factory.mktemp("admin") / "w.db", admin_token=TOKEN)) as here:
        yield here


@pytest.fixture
def user(server: Running) -> httpx.Client:
    return server.client(TOKEN)


def test_an_app_made_over_http_works_with_its_keys(server: Running, user: httpx.Client) -> None:
    app = user.post("/v1/apps", json={"name": "My Game"}).json()
    assert str(uuid.UUID(app["id"])) == app["id"] and app["slug"].startswith("my-game")
    key = user.post(f"/v1/apps/{app['id']}/keys", json={"kind": "secret"}).json()
    assert str(uuid.UUID(key["id"])) == key["id"]
    assert key["key"].startswith(key["prefix"]) and key["key"].endswith(key["last4"])
    client = server.client(key["key"])
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    reader = server.client(user.post(f"/v1/apps/{app['id']}/keys").json()["key"])
    assert reader.get(f"/v1/worlds/{world}/scene").status_code == 200
    narrow = user.post(f"/v1/apps/{app['id']}/keys", json={"kind": "secret", "scopes": ["worlds:read"]}).json()
    refusal = server.client(narrow["key"]).post("/v1/worlds", json={"world": bench()})
    assert refusal.status_code == 403 and refusal.json()["scope"] == "worlds:write"
    live = server.client(user.post(f"/v1/apps/{app['id']}/keys", json={"kind": "secret", "mode": "live"}).json()["key"])
    assert live.get(f"/v1/worlds/{world}").status_code == 404
    listing = user.get(f"/v1/apps/{app['id']}/keys")
    assert key["key"] not in listing.text and len(listing.json()["keys"]) == 4


def test_two_apps_of_one_name_have_slugs_of_their_own(user: httpx.Client) -> None:
    slugs = {user.post("/v1/apps", json={"name": name}).json()["slug"] for name in ("Twin", "twin!", "Twin", "雪")}
    assert slugs == {"twin", "twin-2", "twin-3", "app"}


def test_an_app_and_a_key_have_names_that_can_be_seen(user: httpx.Client) -> None:
    app = user.post("/v1/apps", json={"name": "Seen"}).json()
    assert user.post("/v1/apps", json={"name": " "}).status_code == 422
    assert user.patch(f"/v1/apps/{app['id']}", json={"name": "\u3000"}).status_code == 422
    assert user.post(f"/v1/apps/{app['id']}/keys", json={"name": "\t"}).status_code == 422


def test_a_slug_that_is_cut_ends_in_no_hyphen(user: httpx.Client) -> None:
    app = user.post("/v1/apps", json={"name": f"{'a' * 59} game"}).json()
    assert app["slug"] == "a" * 59


def test_a_key_says_when_it_was_last_used(server: Running, user: httpx.Client) -> None:
    app = user.post("/v1/apps", json={"name": "x"}).json()["id"]
    key = user.post(f"/v1/apps/{app}/keys", json={"kind": "secret"}).json()["key"]
    assert user.get(f"/v1/apps/{app}/keys").json()["keys"][0]["last_used_at"] is None
    server.client(key).get("/v1/worlds")
    assert user.get(f"/v1/apps/{app}/keys").json()["keys"][0]["last_used_at"] is not None


def test_revoking_a_key_ends_the_tokens_it_minted(server: Running, user: httpx.Client) -> None:
    app = user.post("/v1/apps", json={"name": "x"}).json()["id"]
    key = user.post(f"/v1/apps/{app}/keys", json={"kind": "secret"}).json()
    client = server.client(key["key"])
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    token = mint(client, world)["token"]
    run = connect(server, token).json()["reactorJwt"]
    other = user.post("/v1/apps", json={"name": "y"}).json()["id"]
    assert user.post(f"/v1/apps/{other}/keys/{key['id']}/revoke").status_code == 404
    assert user.post(f"/v1/apps/{app}/keys/{key['id']}/revoke").status_code == 200
    assert client.get("/v1/worlds").status_code == connect(server, token).status_code == 401
    headers = {"Authorization": f"Bearer {run}"}
    assert httpx.post(f"{server.url}/embed/messages", json={}, headers=headers).status_code == 401


def test_nothing_but_the_user_session_manages_apps(server: Running, tmp_path: Path) -> None:
    keys = server.app()
    for credential in (None, "", "x", keys.secret, keys.publishable_key, TOKEN + "x", TOKEN[:-1], "ключ"):
        headers = {} if not credential else {"Authorization": f"Bearer {credential}".encode()}
        for method, path in (
            ("GET", "/v1/apps"),
            ("POST", "/v1/apps"),
            ("PATCH", f"/v1/apps/{keys.app}"),
            ("POST", f"/v1/apps/{keys.app}/keys"),
            ("GET", f"/v1/apps/{keys.app}/keys"),
            ("POST", f"/v1/apps/{keys.app}/keys/x/revoke"),
        ):
            answer = httpx.request(method, f"{server.url}{path}", headers=headers)
            assert answer.status_code == 401 and "WORLDKIT_ADMIN_TOKEN" in answer.json()["detail"], (credential, path)
    assert TOKEN not in repr(server.services)
    with running(quick(tmp_path / "w.db")) as server_without_users:  # without a user session there is none to guess
        for credential in ("x", "None"):
            assert server_without_users.client(credential).get("/v1/apps").status_code == 401


def test_an_apps_embedding_origins_bound_its_tokens_and_its_page(server: Running, user: httpx.Client) -> None:
    app: NewKeys = server.app()
    client = server.client(app.secret)
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    free = mint(client, world)["token"]
    assert "frame-ancestors *" in page(server, free).headers["content-security-policy"]
    origins = {"embedding_origins": ["HTTPS://Game.Example:443", "http://localhost:3000", "http://[::1]:3000"]}
    assert user.patch(f"/v1/apps/{app.app}", json=origins).json()["embedding_origins"] == [
        GAME,
        "http://localhost:3000",
        "http://[::1]:3000",
    ]
    refusal = client.post("/v1/sessions/token", json={"worldId": world, "origin": "https://evil.example"})
    assert refusal.status_code == 403 and GAME in refusal.json()["detail"]
    for origin in (GAME, "http://[::1]:3000"):
        assert mint(client, world, origin=origin)["token"]
    policy = page(server, free).headers["content-security-policy"]
    assert f"frame-ancestors {GAME} http://localhost:3000" in policy
    assert page(server, free, Referer="https://evil.example/").status_code == 403
    for parent, status in ((GAME, 200), ("https://evil.example", 403), ("nonsense", 403), ("null", 403)):
        query = {"token": free, "parentOrigin": parent}
        assert httpx.get(f"{server.url}/embed.html", params=query).status_code == status


@pytest.mark.parametrize(
    "origin", ["https://game.example:99999", "https://game.example:0", "https://game.example:65536"]
)
def test_an_origin_with_a_port_that_there_is_not_is_refused(server: Running, user: httpx.Client, origin: str) -> None:
    app: NewKeys = server.app()
    client = server.client(app.secret)
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    assert client.post("/v1/sessions/token", json={"worldId": world, "origin": origin}).status_code == 422
    assert user.patch(f"/v1/apps/{app.app}", json={"embedding_origins": [origin]}).status_code == 422
