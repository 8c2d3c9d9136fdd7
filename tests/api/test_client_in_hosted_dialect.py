"""The client that speaks as with the hosted service, and with an account's token, against worldkit's own server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import worldkit as wk
from tests.api.test_hosted_client import LANE, prose, way
from tests.server.running import Running, quick, running
from worldkit.editing.likeness import unlike_items

TOKEN = "the-admin-token-0123456789"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = replace(quick(tmp_path_factory.mktemp("hosted") / "worlds.db"), admin_token=TOKEN)
    with running(settings) as here:
        yield here


@pytest.fixture
def lane(server: Running) -> Iterator[wk.StoredWorld]:
    """A world that was created in worldkit's dialect and is now written in the hosted one."""
    keys = server.app()
    with wk.Client(keys.secret, server.url) as own:
        stored = own.create(wk.World.from_dict(LANE))
        assert own.dialect == "worldkit"
    with wk.Client(keys.secret, server.url, dialect="hosted") as api:
        yield api.get(stored.id)


def test_local_operations_reach_the_hosted_profile_of_our_own_server(lane: wk.StoredWorld) -> None:
    current = lane
    for ops in (
        [{"op": "rename_state", "from": "gate", "to": "arch"}],
        [{"op": "add_state", "id": "attic", "base": "Dust on the boards."}],
        [{"op": "add_event", **way("climb", "lane", "attic")}, prose("Rain on the lane.")],
        [{"op": "update_event", "name": "walk", "patch": {"name": "stroll"}}],
        [{"op": "delete_event", "name": "climb"}, {"op": "delete_state", "id": "attic"}],
        [{"op": "set_entrance", "state": "arch"}],
    ):
        expected = current.world.apply(ops)
        current = current.apply(ops)
        unlike = list(unlike_items(expected.to_dict(), current.world.to_dict()))
        assert [item for item in unlike if item.field not in ("camera", "movement")] == []
        assert current.reload().world == current.world


def test_a_stale_write_and_a_broken_one_are_refused(lane: wk.StoredWorld) -> None:
    lane.apply([prose("Rain on the lane.")])
    with pytest.raises(wk.Conflict):
        lane.apply([prose("Snow on the lane.")])
    api = lane.store
    assert isinstance(api, wk.Client)
    with pytest.raises(wk.OpError):
        api.delete_state(lane.id, "gate")
    with pytest.raises(wk.RuleViolation):
        api.update_event(lane.id, "walk", {"to": "moon"})
    document = {**LANE, "scene": {**LANE["scene"], "events": [way("walk", "lane", "moon")]}}
    assert api.validate(lane.id) and not api.validate(lane.id, wk.World.from_dict(document))


def test_versions_have_a_time_and_a_checkout_a_revision(lane: wk.StoredWorld) -> None:
    first = lane.snapshot("first")
    assert first.created_at is not None and lane.versions()[0].created_at is not None
    rain = lane.apply([prose("Rain on the lane.")])
    assert rain.checkout(first.id).world.states["lane"].base == "A lane."


def test_a_document_takes_the_place_of_what_the_server_generates(server: Running) -> None:
    keys = server.app()
    world = wk.World.from_dict(LANE)
    with wk.Client(keys.secret, server.url, dialect="hosted") as api:
        stored = api.create(world, idempotency_key="k")
        assert [item for item in unlike_items(LANE, stored.world.to_dict()) if item.kind != "world"] == []
        assert stored.name == "Lane" and stored.world.description is None
        assert "subject" in {note.item.field for note in stored.diagnostics if note.lint == "not-sent"}
        api.apply(stored.id, [prose("A day of work.")])
        api.rename(stored.id, "Renamed since")
        before = api.get(stored.id)
        with wk.Client(keys.secret, server.url, dialect="hosted") as restarted:
            again = restarted.create(world, idempotency_key="k")
        assert (again.id, again.world, again.name) == (stored.id, before.world, "Renamed since")
        stored.delete()
        assert api.create(world, idempotency_key="k").world.states["lane"].base == "A lane."


@pytest.mark.parametrize("renames", [True, False])
@pytest.mark.parametrize("edits", [True, False])
def test_a_fork_has_the_name_and_version_that_it_was_given(edits: bool, renames: bool, lane: wk.StoredWorld) -> None:
    api = lane.store
    assert isinstance(api, wk.Client)
    version = lane.snapshot("first")
    rain = lane.apply([prose("Rain on the lane.")])
    fork = api.fork(lane.id, name="Mine", version=version.id, idempotency_key="k")
    assert (fork.name, fork.world.states["lane"].base) == ("Mine", "A lane.")
    assert (fork.parent, fork.parent_version) == (lane.id, version.id)
    if edits:
        api.apply(fork.id, [prose("A day of work.")])
    if renames:
        api.rename(fork.id, "Renamed since")
    before = api.get(fork.id)
    with wk.Client(api._secret().reveal(), api.base_url, dialect="hosted") as restarted:
        again = restarted.fork(lane.id, name="Mine", version=version.id, idempotency_key="k")
    assert (again.id, again.name, again.world) == (fork.id, before.name, before.world)
    named = api.fork(lane.id, name="Named")
    assert (named.name, named.world.states) == ("Named", rain.world.states)
    assert api.fork(lane.id).world.states == rain.world.states


def test_apps_keys_and_webhooks_of_our_own_server(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", TOKEN)
    with wk.Client(account=TOKEN, base_url=server.url) as account:
        app = account.create_app("Museum")
        assert app in account.apps()
        assert account.update_app(app.id, name="Gallery").name == "Gallery"
        key = account.create_key(app.id, kind="secret")
        assert key.key is not None
        with wk.Client(key.key, server.url) as api:
            assert api.usage().day and api.apps()  # the token of the environment
            account.revoke_key(app.id, key.id)
            with pytest.raises(wk.AuthError):
                api.usage()
        hook = account.create_webhook(app.id, "https://example.org/hook")
        assert hook.secret is not None and [one.id for one in account.webhooks(app.id)] == [hook.id]
        account.delete_webhook(app.id, hook.id)
        assert account.webhooks(app.id) == []
        with pytest.raises(wk.ApiError):
            account.create_webhook(app.id, "http://example.org/hook")


def test_a_play_session_of_our_own_server(lane: wk.StoredWorld) -> None:
    api = lane.store
    assert isinstance(api, wk.Client)
    token = api.session_token(lane.id, player="p", seconds=60)
    session = api.connect(token.token)
    assert session.world_id in (None, lane.id) and session.reactor_jwt
    assert api.refresh(token.token).reactor_jwt
    api.track(token.token, "stream-7")
    assert api.end(token.token) >= 0
