"""The client's calls for apps, keys, webhooks and sessions, against a real server of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import worldkit as wk
from tests.server.running import Running, quick, running

TOKEN = "the-user-session-of-the-tests"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = quick(tmp_path_factory.mktemp("account") / "w.db", admin_token=TOKEN, sessions=1)
    with running(settings) as here:
        yield here


@pytest.fixture
def account(server: Running) -> Iterator[wk.Client]:
    with wk.Client(server.app().secret, server.url, account=TOKEN) as client:
        yield client


def test_apps_and_keys_are_managed_with_the_account(server: Running, account: wk.Client) -> None:
    app = account.create_app("My game")
    assert (app.name, app.slug, app.embedding_origins) == ("My game", "my-game", ())
    changed = account.update_app(app.id, embedding_origins=["https://game.example"])
    assert changed.embedding_origins == ("https://game.example",)
    assert app.id in {one.id for one in account.apps()}
    key = account.create_key(app.id, kind="secret", name="server")
    assert key.key is not None and key.key.startswith("sk_test_") and key.key not in repr(key)
    with wk.Client(key.key, server.url) as client:
        client.list()
        [key_record] = account.keys(app.id)
        assert key_record.key is None and (key_record.last4, key_record.name) == (key.key[-4:], "server")
        assert key_record.last_used_at is not None and key_record.revoked_at is None
        account.revoke_key(app.id, key.id)
        with pytest.raises(wk.AuthError):
            client.list()
    with pytest.raises(wk.ApiNotFound):
        account.revoke_key(app.id, "nothing")


def test_webhooks_are_managed_with_the_account(account: wk.Client) -> None:
    app = account.create_app("hooks").id
    webhook = account.create_webhook(app, "https://game.example/hook", events=["*"])
    assert webhook.secret is not None and webhook.secret.startswith("whsec_") and webhook.events == ("*",)
    assert [(one.id, one.secret) for one in account.webhooks(app)] == [(webhook.id, None)]
    account.delete_webhook(app, webhook.id)
    assert list(account.webhooks(app)) == []
    with pytest.raises(wk.WorldError, match="https"):
        account.create_webhook(app, "http://game.example/hook")


def test_a_session_connects_is_refreshed_tracked_and_ends(account: wk.Client) -> None:
    world = account.create(wk.samples.load("bench"))
    token = account.session_token(world.id, seconds=60).token
    connection = account.connect(token)
    assert connection.world_id == world.id and connection.reactor_jwt
    assert account.refresh(token).reactor_jwt
    account.track(token, "stream-1")
    waiting: list[tuple[int, int]] = []
    other = account.session_token(world.id).token

    def free(position: int, depth: int) -> None:
        waiting.append((position, depth))
        account.end(token)

    with wk.Client("sk_test_none", account.base_url, sleep=lambda seconds: None) as player:
        assert player.connect(other, waiting=free).world_id == world.id
    assert waiting == [(1, 1)] and account.end(token) >= 1
