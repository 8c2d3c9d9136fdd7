"""Sessions: connecting with its line, refreshing, tracking, ending; what they are charged, and who may call."""

from __future__ import annotations

import math
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import worldkit as wk
from tests.server.running import Running, bench, quick, running, together, wait_for
from tests.server.test_tokens import mint
from worldkit.server import quota, session_records
from worldkit.server.concurrency import RateLimiter
from worldkit.server.connected_sessions import ConnectedSessions, Limits, LinePosition
from worldkit.server.credentials import live
from worldkit.server.session_records import STALE_S
from worldkit.server.tables import SCHEMA
from worldkit.server.tokens import BadToken, RunToken, Tokens

GAME = "https://game.example"


def call(server: Running, name: str, token: str | None = None, **body: object) -> httpx.Response:
    """Make a call of a session with the token in its body, as a page does."""
    body_with_token = body if token is None else {"token": token, **body}
    return httpx.post(f"{server.url}/v1/sessions/{name}", json=body_with_token)


def seconds_used(client: httpx.Client) -> int:
    return int(client.get("/v1/usage").json()["usage"]["session_seconds"])


def test_a_token_lives_for_60_to_3600_seconds_and_its_jti_is_a_uuid(client: httpx.Client, world: str) -> None:
    for seconds in (60, 3600):
        assert mint(client, world, ttlSeconds=seconds)["expiresIn"] == seconds
    token = mint(client, world)
    assert token["expiresIn"] == 300 and str(uuid.UUID(token["jti"])) == token["jti"]
    for seconds in (0, 59, 3601, -300, "300", 60.5):
        answer = client.post("/v1/sessions/token", json={"worldId": world, "ttlSeconds": seconds})
        assert answer.status_code == 422, seconds


def test_connecting_answers_with_a_run_token_and_the_world(server: Running, client: httpx.Client, world: str) -> None:
    began = time.monotonic()
    token = mint(client, world, ttlSeconds=120)["token"]
    for answer in (
        call(server, "connect", token),
        httpx.post(f"{server.url}/v1/sessions/connect", headers={"Authorization": f"Bearer {token}"}),
    ):
        body = answer.json()
        assert answer.status_code == 200 and body["worldId"] == world == body["world"]["id"]
        assert body["world"]["scene"].keys() == {"states", "events"}
        assert 118 - (time.monotonic() - began) <= body["expiresIn"] <= 120
        assert body["expiresAt"].endswith("Z") and body["reactorJwt"] != token
    assert 119 - (time.monotonic() - began) <= seconds_used(client) <= 120  # connected twice, one session


def test_connecting_answers_a_world_as_reading_it_does(server: Running, client: httpx.Client) -> None:
    bare = {"scene": {"states": {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}}, "events": []}}
    for document in (bare, bench()):
        id = client.post("/v1/worlds", json={"world": document}).json()["worldId"]
        world = call(server, "connect", mint(client, id)["token"]).json()["world"]
        assert world == client.get(f"/v1/worlds/{id}").json()
        assert world.keys() >= {"id", "name", "entrance"} and world["entrance"]["state"] in world["scene"]["states"]
        assert all(state.keys() >= {"camera", "movement"} for state in world["scene"]["states"].values())


def test_a_run_token_plays_and_a_session_token_does_not(server: Running, client: httpx.Client, world: str) -> None:
    token = mint(client, world)["token"]
    run = call(server, "connect", token).json()["reactorJwt"]
    for credential, status in ((run, 200), (token, 401), ("x", 401)):
        headers = {"Authorization": f"Bearer {credential}"}
        assert httpx.post(f"{server.url}/embed/messages", json={}, headers=headers).status_code == status
    assert call(server, "connect", run).status_code == 401  # and a run token connects nothing


def test_ending_frees_the_unused_seconds_and_says_how_long_it_was(
    server: Running, client: httpx.Client, world: str
) -> None:
    token = mint(client, world, ttlSeconds=600)["token"]
    run = call(server, "connect", token).json()["reactorJwt"]
    first, again = call(server, "end", token).json(), call(server, "end", token).json()
    assert first["ok"] is True and first == again and 0 < first["seconds"] < 500
    assert seconds_used(client) == first["seconds"]
    headers = {"Authorization": f"Bearer {run}"}
    over = httpx.post(f"{server.url}/embed/messages", json={}, headers=headers)
    assert over.status_code == 401 and "session is over" in over.json()["detail"]
    assert call(server, "refresh", token).status_code == 404
    assert call(server, "end", mint(client, world)["token"]).json() == {"ok": True, "seconds": 0}


def test_a_page_that_is_loaded_again_goes_on_and_the_end_of_the_old_page_does_not_end_it(
    server: Running, client: httpx.Client, world: str
) -> None:
    token = mint(client, world)["token"]
    old = call(server, "connect", token).json()["reactorJwt"]
    new = call(server, "connect", token).json()["reactorJwt"]
    assert call(server, "end", token, reactorJwt=old).status_code == 200
    headers = {"Authorization": f"Bearer {new}"}
    assert httpx.post(f"{server.url}/embed/messages", json={}, headers=headers).status_code == 200
    call(server, "end", token, reactorJwt=new)
    assert httpx.post(f"{server.url}/embed/messages", json={}, headers=headers).status_code == 401
    third = call(server, "connect", token).json()["reactorJwt"]  # the token lives, and opens the same session again
    headers = {"Authorization": f"Bearer {third}"}
    assert httpx.post(f"{server.url}/embed/messages", json={}, headers=headers).status_code == 200


def test_a_new_token_goes_on_with_the_session_of_the_run_token(
    server: Running, client: httpx.Client, world: str
) -> None:
    start = time.monotonic()
    first = mint(client, world, playerIdentity="ann", ttlSeconds=60)
    run = call(server, "connect", first["token"]).json()["reactorJwt"]
    second = mint(client, world, playerIdentity="ann", ttlSeconds=600)
    fresh = call(server, "refresh", second["token"], reactorJwt=run).json()
    # what was played already is charged besides what the new token allows
    charge = seconds_used(client)
    elapsed = time.monotonic() - start
    # a token ends at a whole second, and what is left until then is told in whole seconds
    assert 600 - elapsed - 2 <= fresh["expiresIn"] <= 600 and 599 - elapsed <= charge <= 601 + elapsed
    client.post("/v1/sessions/revoke", json={"jti": first["jti"]})
    assert call(server, "track", second["token"], reactorSessionId="stream-1").json() == {"ok": True}
    seconds_played = call(server, "end", second["token"]).json()["seconds"]
    # each run is charged in whole seconds
    assert max(seconds_played, seconds_used(client)) <= time.monotonic() - start + 3
    other = mint(client, world, playerIdentity="bob")["token"]
    again = call(server, "connect", second["token"]).json()["reactorJwt"]
    assert call(server, "refresh", other, reactorJwt=again).status_code == 404
    assert call(server, "refresh", other).status_code == 404


def test_session_seconds_over_the_cap_are_402_and_charge_nothing(server: Running) -> None:
    client = server.client(server.app(caps={"session_seconds": 100}).secret)
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    token = mint(client, world, ttlSeconds=90)["token"]
    run = call(server, "connect", token).json()["reactorJwt"]
    over = call(server, "connect", mint(client, world, ttlSeconds=60)["token"])
    assert over.status_code == 402 and over.json()["schemaVersion"] == "1.0"
    assert over.json()["detail"] == "daily session_seconds quota exceeded"
    before = seconds_used(client)
    response = call(server, "refresh", mint(client, world, ttlSeconds=600)["token"], reactorJwt=run)
    assert response.status_code == 402 and seconds_used(client) == before
    assert call(server, "refresh", token).status_code == 200  # the stream that runs, runs on


@pytest.fixture
def narrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Running, httpx.Client, str]]:
    """A server with room for one session and a line of two, in which a place is kept however slow the machine is."""
    monkeypatch.setattr(session_records, "STALE_S", 600.0)
    with running(quick(tmp_path / "w.db", sessions=1, session_line=2)) as here:
        client = here.client(here.app().secret)
        yield here, client, str(client.post("/v1/worlds", json={"world": bench()}).json()["worldId"])


def test_who_finds_no_free_session_waits_in_line_and_is_admitted_in_order(
    narrow: tuple[Running, httpx.Client, str],
) -> None:
    server, client, world = narrow
    ann, bob, cy, dee = (mint(client, world)["token"] for _ in range(4))
    assert call(server, "connect", ann).status_code == 200
    waiting = call(server, "connect", bob)
    assert waiting.status_code == 202
    place = waiting.json()
    assert 0 < place.pop("expiresIn") <= 300 and place == {"position": 1, "queueDepth": 1, "retryAfterMs": 2500}
    assert call(server, "connect", cy).json()["position"] == 2
    full = call(server, "connect", dee)
    assert full.status_code == 429 and full.headers["retry-after"] == "3"
    again = call(server, "connect", bob).json()
    assert (again["position"], again["queueDepth"]) == (1, 2)
    call(server, "end", ann)
    assert call(server, "connect", cy).status_code == 202  # it is not his turn
    assert call(server, "connect", bob).status_code == 200
    call(server, "end", cy)  # leaves the line
    assert call(server, "connect", dee).json()["position"] == 1
    assert client.get("/v1/usage").json()["usage"]["session_seconds"] <= 302  # who waits is charged nothing


def test_of_many_that_connect_at_once_as_many_as_there_is_room_for_are_admitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_records, "STALE_S", 600.0)
    with running(quick(tmp_path / "w.db", sessions=3)) as server:
        client = server.client(server.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        tokens = [mint(client, world)["token"] for _ in range(12)]
        answers = together([lambda token=token: call(server, "connect", token) for token in tokens])
        assert sorted(answer.status_code for answer in answers) == [200] * 3 + [202] * 9
        assert sorted(one.json()["position"] for one in answers if one.status_code == 202) == list(range(1, 10))


@pytest.mark.parametrize("place", ["header", "body"])
def test_a_token_is_held_to_its_limits_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    may_go_on, is_connecting, connect = threading.Event(), threading.Event(), ConnectedSessions.connect

    def wait(self: ConnectedSessions, *args: Any) -> Any:
        is_connecting.set()
        assert may_go_on.wait(60)
        return connect(self, *args)

    monkeypatch.setattr(ConnectedSessions, "connect", wait)
    charged_callers = []
    monkeypatch.setattr(RateLimiter, "charge", lambda _, caller, _requests: charged_callers.append(caller))
    with running(quick(tmp_path / "w.db", per_caller=1, waiting=0)) as server:
        client = server.client(server.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        minted = mint(client, world)
        token = minted["token"]

        def ask() -> httpx.Response:
            if place == "body":
                return call(server, "connect", token)
            return httpx.post(f"{server.url}/v1/sessions/connect", headers={"Authorization": f"Bearer {token}"})

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(ask)
            assert is_connecting.wait(60)
            try:
                second = ask()
            finally:
                may_go_on.set()
            assert (first.result(60).status_code, second.status_code) == (200, 429)
        caller = f"token:{minted['jti']}"  # is charged for the work that was done, after its answer is sent
        wait_for("a charge", lambda: caller in charged_callers or None)


def test_a_token_in_a_body_that_cannot_be_read_opens_nothing(server: Running, client: httpx.Client, world: str) -> None:
    token = mint(client, world)["token"]
    url = f"{server.url}/v1/sessions/connect"
    for content, status in (
        (f'{{"token": "{token}"', 400),
        (f'{{"token": "{token}", "token": "{token}"}}', 400),
        (b"\xff", 400),
        (f'["{token}"]', 422),
        ('{"token": 3}', 422),
        ("{}", 401),
        (f'{{"token": "{token}", "x": "{"y" * 16_000}"}}', 413),
    ):
        answer = httpx.post(url, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == status, (content, answer.text)
    with_key = {"Authorization": client.headers["authorization"]}
    assert httpx.post(url, json={"token": token}, headers=with_key).status_code == 200


def test_a_call_from_a_page_of_another_origin_is_403(server: Running, client: httpx.Client, world: str) -> None:
    token = mint(client, world, origin=GAME)["token"]
    url = f"{server.url}/v1/sessions/connect"
    for origin, status in ((GAME, 200), (server.url, 200), ("https://evil.example", 403), ("null", 403)):
        assert httpx.post(url, json={"token": token}, headers={"Origin": origin}).status_code == status


def test_a_page_of_an_origin_that_the_server_names_connects_any_token(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", origins=(f"{GAME.upper()}:443/",))) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        body = {"token": mint(client, world)["token"]}
        for origin, status in ((GAME, 200), ("https://evil.example", 403)):
            answer = httpx.post(f"{here.url}/v1/sessions/connect", json=body, headers={"Origin": origin})
            assert answer.status_code == status


def test_what_is_no_session_token_connects_nothing(server: Running, client: httpx.Client, app: Any, world: str) -> None:
    session_token = mint(client, world)
    for bad in (None, "x", app.secret, app.publishable_key, session_token["token"] + "x"):
        for name in ("connect", "refresh", "end"):
            assert call(server, name, bad).status_code == 401, (name, bad)
    assert httpx.post(f"{server.url}/v1/sessions/connect").status_code == 401
    assert call(server, "track", session_token["token"]).status_code == 400
    assert call(server, "track", session_token["token"], reactorSessionId="s").status_code == 404
    client.post("/v1/sessions/revoke", json={"jti": session_token["jti"]})
    assert call(server, "connect", session_token["token"]).status_code == 401
    other = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    token = mint(client, other)["token"]
    client.delete(f"/v1/worlds/{other}")
    assert call(server, "connect", token).status_code == 404


def test_revoking_a_token_ends_its_session_and_frees_its_seconds(
    server: Running, client: httpx.Client, world: str
) -> None:
    token = mint(client, world, ttlSeconds=3600)
    call(server, "connect", token["token"])
    client.post("/v1/sessions/revoke", json={"jti": token["jti"]})
    assert seconds_used(client) < 1000


def test_revoking_a_key_ends_the_sessions_of_its_tokens_and_frees_their_seconds(
    narrow: tuple[Running, httpx.Client, str],
) -> None:
    server, client, world = narrow
    apps, app = server.services.apps, server.services.apps.list()[0]["id"]

    def play(who: httpx.Client) -> None:
        token = mint(who, world, ttlSeconds=3600)["token"]
        assert call(server, "connect", token).status_code == 200
        assert call(server, "connect", mint(who, world)["token"]).status_code == 202

    play(client)
    second = server.client(apps.rotate(app).secret)
    assert seconds_used(second) < 1000
    play(second)
    [key] = [one for one in apps.list()[0]["keys"] if one["kind"] == "sk" and one["revoked_at"] is None]
    third = server.client(server.services.app_admin.create_key(app, "secret", "test", None, None)["key"])
    server.services.app_admin.revoke_key(app, str(key["id"]))
    assert seconds_used(third) < 1000
    play(third)
    apps.revoke(app)
    fourth = server.client(apps.rotate(app).secret)
    assert seconds_used(fourth) < 60
    play(fourth)


def test_deleting_a_world_ends_its_sessions_and_frees_their_seconds(
    narrow: tuple[Running, httpx.Client, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, client, world = narrow
    other = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    token = mint(client, world, ttlSeconds=3600)["token"]
    run = {"Authorization": f"Bearer {call(server, 'connect', token).json()['reactorJwt']}"}
    assert client.delete("/v1/worlds/none").status_code == 404 and seconds_used(client) > 3500
    assert client.delete(f"/v1/worlds/{world}").status_code == 200
    assert seconds_used(client) < 60
    over = httpx.post(f"{server.url}/embed/messages", json={}, headers=run)
    assert over.status_code == 401 and "session is over" in over.json()["detail"]
    read = wk.Store.get

    def read_and_delete(space: wk.Store, id: str) -> Any:
        stored = read(space, id)
        space.delete(id)
        return stored

    token = mint(client, other, ttlSeconds=3600)["token"]
    with monkeypatch.context() as patch:  # deleted between the read of the world and the connection
        patch.setattr(wk.Store, "get", read_and_delete)
        assert call(server, "connect", token).status_code == 404
    last = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    assert call(server, "connect", mint(client, last)["token"]).status_code == 200


def test_a_token_that_is_revoked_while_it_connects_takes_no_place(narrow: tuple[Running, httpx.Client, str]) -> None:
    server, client, world = narrow
    sessions, limits = server.services.connected_sessions, Limits(10**6, 1, 10)
    token = mint(client, world)
    claims = live(server.services, token["token"])  # read, and then revoked
    client.post("/v1/sessions/revoke", json={"jti": token["jti"]})
    with pytest.raises(BadToken, match="token was revoked"):
        sessions.connect(claims, limits)
    playing = mint(client, world)["token"]
    assert call(server, "connect", playing).status_code == 200
    claims = live(server.services, playing)
    server.services.apps.revoke(claims.app)
    for work in (lambda: sessions.connect(claims, limits), lambda: sessions.refresh(claims, None, limits)):
        with pytest.raises(BadToken, match="key that minted"):
            work()
    fresh = server.client(server.services.apps.rotate(claims.app).secret)
    assert call(server, "connect", mint(fresh, world)["token"]).status_code == 200


def test_a_page_that_did_not_hear_of_its_new_token_ends_the_session_with_the_old_one(
    narrow: tuple[Running, httpx.Client, str],
) -> None:
    server, client, world = narrow
    old, new = (mint(client, world, playerIdentity="ann", ttlSeconds=seconds)["token"] for seconds in (300, 3600))
    run = call(server, "connect", old).json()["reactorJwt"]
    assert call(server, "refresh", new, reactorJwt=run).status_code == 200  # and the answer is lost
    stranger = mint(client, world, playerIdentity="bob")["token"]
    assert call(server, "end", stranger, reactorJwt=run).json()["seconds"] == 0
    assert call(server, "end", old).json()["seconds"] == 0  # which session is meant, only the run token says
    assert call(server, "end", old, reactorJwt=run).json()["seconds"] > 0
    assert seconds_used(client) < 1000 and call(server, "connect", stranger).status_code == 200


def test_a_late_refresh_with_the_old_token_does_not_take_the_session_from_the_new_one(
    server: Running, client: httpx.Client, world: str
) -> None:
    tokens, new = server.services.tokens, mint(client, world, playerIdentity="ann", ttlSeconds=60)["token"]
    claims = tokens.read(new)
    earlier = replace(claims, jti=str(uuid.uuid4()), issued_at=claims.issued_at - 60, expires=claims.expires + 600)
    with server.services.store.database.writing() as connection:
        tokens.register(connection, earlier)
    old = tokens.sign(earlier)
    run = call(server, "connect", old).json()["reactorJwt"]
    for token in (new, old):
        assert call(server, "refresh", token, reactorJwt=run).status_code == 200
    assert call(server, "end", new).json()["seconds"] > 0 and seconds_used(client) < 600


def test_a_player_whose_token_is_renewed_in_line_stays_in_place(narrow: tuple[Running, httpx.Client, str]) -> None:
    server, client, world = narrow
    playing, ann, bob, renewed = (
        mint(client, world, playerIdentity=name)["token"] for name in ("host", "ann", "bob", "ann")
    )
    elsewhere = mint(client, world, playerIdentity="ann", origin=GAME)["token"]
    call(server, "connect", playing)
    places = [call(server, "connect", token).json() for token in (ann, bob, renewed)]
    assert [(place["position"], place["queueDepth"]) for place in places] == [(1, 1), (2, 2), (1, 2)]
    assert call(server, "connect", elsewhere).status_code == 429  # of another page: a place of its own
    call(server, "end", playing)
    assert call(server, "connect", renewed).status_code == 200


def test_a_session_that_is_renewed_with_a_shorter_token_ends_with_it(tmp_path: Path) -> None:
    now = 1_000_000.0
    with wk.Store(tmp_path / "w.db") as store:
        store.database.bring_up_to_date(SCHEMA)
        tokens, sessions = (make(store.database, lambda: now) for make in (Tokens, ConnectedSessions))
        limits = Limits(3_600, 1, 10)

        def claims(seconds: int) -> Any:
            result = tokens.claims("app", "test", "key", "w", "ann", None, seconds)
            with store.database.writing() as connection:
                tokens.register(connection, result)
            return result

        def charge() -> int:
            with store.database.reading() as connection:
                return quota.of_day(connection, "app", "test", quota.today())["session_seconds"]

        run = sessions.connect(claims(3_600), limits)
        assert isinstance(run, RunToken) and charge() == 3_600
        now += 10
        shorter = sessions.refresh(claims(60), run, limits)
        assert charge() == 70 and sessions.is_live(shorter)
        now += 61
        assert not sessions.is_live(shorter) and not sessions.is_live(run)
        # its place is free, and its time is given back
        assert isinstance(sessions.connect(claims(3_500), limits), RunToken) and charge() == 3_570


def test_a_token_that_expires_while_it_waits_for_its_turn_is_refused_and_charges_nothing(tmp_path: Path) -> None:
    now = 1_000_000.0
    limits = Limits(3_600, 10, 10)
    with wk.Store(tmp_path / "w.db") as store:
        store.database.bring_up_to_date(SCHEMA)
        tokens, sessions = (make(store.database, lambda: now) for make in (Tokens, ConnectedSessions))
        first, second = (tokens.claims("app", "test", "key", "w", "ann", None, seconds) for seconds in (600, 60))
        with store.database.writing() as connection:
            for claims in (first, second):
                tokens.register(connection, claims)
        run = sessions.connect(first, limits)
        assert isinstance(run, RunToken)
        now += 60  # admission has read it, and the database was busy until now
        for begin in (lambda: sessions.connect(second, limits), lambda: sessions.refresh(second, run, limits)):
            with pytest.raises(BadToken, match="has expired"):
                begin()
        with store.database.reading() as connection:
            assert quota.of_day(connection, "app", "test", quota.today())["session_seconds"] == 600
        assert sessions.is_live(run)


@hypothesis_settings(max_examples=30, deadline=None)
@given(
    began=st.integers(0, 999),
    waits=st.lists(st.integers(1, 20_000), max_size=8),
    lives=st.lists(st.integers(60, 600), min_size=8, max_size=8),
    is_ended=st.booleans(),
)
def test_a_session_is_charged_its_begun_seconds_once_however_often_it_is_refreshed(
    tmp_path_factory: pytest.TempPathFactory, began: int, waits: list[int], lives: list[int], is_ended: bool
) -> None:
    store = wk.Store(tmp_path_factory.mktemp("charge") / "w.db")
    store.database.bring_up_to_date(SCHEMA)
    now = start = 1_000_000 + began / 1000
    tokens, sessions = (make(store.database, lambda: now) for make in (Tokens, ConnectedSessions))
    limits = Limits(10**9, 2, 10**6)

    def claims(seconds: int) -> Any:
        result = tokens.claims("app", "test", "key", "w", None, None, seconds)
        with store.database.writing() as connection:
            tokens.register(connection, result)
        return result

    token = claims(60)
    run, until = sessions.connect(token, limits), token.expires
    assert isinstance(run, RunToken)
    for wait, life in zip(waits, lives, strict=False):
        if now + wait / 1000 >= until:
            break
        now += wait / 1000
        token = claims(life)
        run = sessions.refresh(token, run, limits)
        until = token.expires
    if is_ended:
        sessions.end(token)
        until = now
    with store.database.reading() as connection:
        charge = quota.of_day(connection, "app", "test", quota.today())["session_seconds"]
    store.close()
    assert charge == math.ceil(until - start)


class Line(RuleBasedStateMachine):
    """Players that connect, wait, go away and come back, against a plain model of a line and its sessions."""

    SESSIONS, TTL = 2, 100

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = wk.Store(Path(self.folder.name) / "w.db")
        self.store.database.bring_up_to_date(SCHEMA)
        self.now = 1_000_000.0
        self.tokens = Tokens(self.store.database, lambda: self.now)
        self.sessions = ConnectedSessions(self.store.database, lambda: self.now)
        self.limits = Limits(10**9, self.SESSIONS, 10**6)
        self.players: list[Any] = []
        self.playing: dict[int, float] = {}
        self.line: dict[int, float] = {}

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule()
    def arrives(self) -> None:
        claims = self.tokens.claims("app", "test", "key", "w", None, None, 10**6)
        with self.store.database.writing() as connection:
            self.tokens.register(connection, claims)
        self.players.append(claims)

    @precondition(lambda self: self.players)
    @rule(data=st.data())
    def asks(self, data: st.DataObject) -> None:
        who = data.draw(st.integers(0, len(self.players) - 1))
        self.line = {one: asked_at for one, asked_at in self.line.items() if asked_at >= self.now - STALE_S}
        answer = self.sessions.connect(self.players[who], self.limits)
        if who in self.playing:
            assert isinstance(answer, RunToken)
            return
        order = list(self.line) if who in self.line else [*self.line, who]
        ahead, free = order.index(who), self.SESSIONS - len(self.playing)
        if ahead < free:
            assert isinstance(answer, RunToken)
            self.line.pop(who, None)
            self.playing[who] = self.now
        else:
            self.line[who] = self.now
            assert answer == LinePosition(ahead + 1, len(self.line))

    @precondition(lambda self: self.players)
    @rule(data=st.data())
    def leaves(self, data: st.DataObject) -> None:
        who = data.draw(st.integers(0, len(self.players) - 1))
        self.sessions.end(self.players[who])
        self.playing.pop(who, None)
        self.line.pop(who, None)

    @rule(seconds=st.integers(1, 9))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def no_more_play_than_may_and_what_is_charged_is_what_they_may_use(self) -> None:
        assert len(self.playing) <= self.SESSIONS
        with self.store.database.reading() as connection:
            charge = quota.of_day(connection, "app", "test", quota.today())["session_seconds"]
        reserved = sum(
            claims.expires - self.playing[who] for who, claims in enumerate(self.players) if who in self.playing
        )
        assert charge >= reserved


Line.TestCase.settings = hypothesis_settings(max_examples=25, stateful_step_count=30, deadline=None)
TestLine = Line.TestCase
