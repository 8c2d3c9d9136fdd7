"""Session tokens: what they are bound to, how they end, and that nobody else makes one."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import httpx
import jwt
import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.server.running import DIALECT_HEADERS, Running, bench
from worldkit.core import json_values
from worldkit.core.recent_values import RecentValues
from worldkit.server.apps import NewKeys
from worldkit.server.settings import space_of
from worldkit.server.tokens import BadToken, Tokens

GAME = "https://game.example"


def mint(client: httpx.Client, world: str, **more: object) -> dict[str, Any]:
    answer = client.post("/v1/sessions/token", json={"worldId": world, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def connect(server: Running, token: str) -> httpx.Response:
    return httpx.post(f"{server.url}/v1/sessions/connect", headers={"Authorization": f"Bearer {token}"})


def say(server: Running, token: str, run: str | None = None, message: object = None, **headers: str) -> httpx.Response:
    """Connect a session token, and send a message with its run token, as the page does."""
    connection = connect(server, token)
    if connection.status_code != 200:
        return connection
    all_headers = {"Authorization": f"Bearer {connection.json()['reactorJwt']}", **headers}
    return httpx.post(f"{server.url}/embed/messages", json={"run": run, "message": message}, headers=all_headers)


def page(server: Running, token: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{server.url}/embed.html", params={"token": token}, headers=headers)


def press(event: str) -> dict[str, object]:
    return {"type": "act", "id": "1", "view": "v", "action": "fire", "event": event}


def test_a_token_says_what_it_is_bound_to(server: Running, client: httpx.Client, world: str) -> None:
    token = mint(client, world, playerIdentity="ann", origin="HTTPS://Game.Example".lower(), ttlSeconds=60)
    assert (token["expiresIn"], token["worldId"], token["slug"]) == (60, world, None)
    claims = server.services.tokens.read(token["token"])
    assert (claims.world, claims.player, claims.origin, claims.jti) == (world, "ann", GAME, token["jti"])
    assert mint(client, world)["expiresIn"] == 300


def test_a_run_is_played_over_messages_and_any_process_goes_on_with_it(
    server: Running, client: httpx.Client, world: str
) -> None:
    token = mint(client, world, playerIdentity="ann")["token"]
    first = say(server, token).json()
    assert first["view"]["state"]["id"] == "lane" and first["messages"] == []
    name = first["view"]["offers"][0]["name"]
    answer = say(server, token, first["run"], press(name)).json()
    assert [one["type"] for one in answer["messages"]] == ["accepted"] and len(answer["view"]["trail"]) == 2
    server.services.embedded_sessions._cache = RecentValues(1)  # as in a process that has not seen it
    again = mint(client, world, playerIdentity="ann")["token"]  # and with a token minted anew
    on = say(server, again, answer["run"], {"type": "act", "id": "2", "view": "v", "action": "undo"}).json()
    assert len(on["view"]["trail"]) == 1 and on["view"]["serial"] > answer["view"]["serial"]


def test_a_run_of_another_player_or_world_or_a_changed_one_is_refused(
    server: Running, client: httpx.Client, world: str
) -> None:
    run = say(server, mint(client, world, playerIdentity="ann")["token"]).json()["run"]
    other = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    for token in (mint(client, world, playerIdentity="bob"), mint(client, other, playerIdentity="ann")):
        assert say(server, token["token"], run, press("x")).status_code == 401
    mine = mint(client, world, playerIdentity="ann")["token"]
    for changed in ("x" + run, run[:-1], run.partition(".")[0], "", "."):
        assert say(server, mine, changed, press("x")).status_code == 401


def test_a_run_goes_on_in_the_world_as_it_is_edited_or_says_that_it_begins_again(
    server: Running, client: httpx.Client, world: str
) -> None:
    token = mint(client, world)["token"]
    first = say(server, token).json()
    name = first["view"]["offers"][0]["name"]
    run = say(server, token, first["run"], press(name)).json()["run"]
    client.patch(f"/v1/worlds/{world}/states/lane", json={"base": "Rain on the lane."})
    opening = say(server, token, run, {"type": "hello", "id": "1", "view": "v"}).json()
    assert len(opening["view"]["trail"]) == 2
    client.delete(f"/v1/worlds/{world}/events/{name}")
    answer = say(server, token, opening["run"], {"type": "hello", "id": "1", "view": "v"}).json()
    assert len(answer["view"]["trail"]) == 1 and "begins again" in answer["view"]["notices"][0]["text"]


def test_what_was_chosen_in_a_run_that_no_longer_holds_is_not_done_in_the_new_one(
    server: Running, client: httpx.Client, world: str
) -> None:
    token = mint(client, world)["token"]
    run = say(server, token, say(server, token).json()["run"], press("walk_up_the_lane")).json()["run"]
    jump = {"name": "jump", "kind": "transition", "from": ["lane", "bench"], "to": "two_mittens", "base": "A leap."}
    renamed = {"op": "update_event", "name": "walk_up_the_lane", "patch": {"name": "stroll"}}
    ops = [renamed, {"op": "add_event", "event": jump}]
    assert client.post(f"/v1/worlds/{world}/ops", json={"ops": ops}, headers=DIALECT_HEADERS).status_code == 200
    for message in (press("jump"), {"type": "act", "id": "1", "view": "v", "action": "undo"}):
        answer = say(server, token, run, message).json()
        assert [event["type"] for event in answer["events"]] == ["state"], answer["events"]
        assert answer["events"][0]["payload"] == {"state": "lane", "from": "bench", "event": None}
        assert [(one["type"], one["id"], one["view"]) for one in answer["messages"]] == [("rejected", "1", "v")]
        assert answer["view"]["state"]["id"] == "lane" and len(answer["view"]["trail"]) == 1
        assert [notice["kind"] for notice in answer["view"]["notices"]] == ["info"]
    reached = say(server, token, answer["run"], press("jump")).json()["events"]  # chosen in the new run
    assert [event["type"] for event in reached] == ["choice", "state", "ending"]


def test_what_is_no_token_opens_nothing(server: Running, client: httpx.Client, world: str) -> None:
    token = mint(client, world)["token"]
    head, body, mark = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "wid": "w_other"}).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    elsewhere = jwt.encode(claims, "another secret of thirty-two bytes", algorithm="HS256")
    for bad in (
        "x",
        f"{head}.{forged}.{mark}",
        f"{none}.{body}.",
        f"{none}.{forged}.",
        elsewhere,
        token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        jwt.encode({"jti": "x"}, "k" * 48, algorithm="HS384"),
    ):
        assert say(server, bad).status_code == 401
        refusal = page(server, bad)
        assert refusal.status_code == 401 and "<script" not in refusal.text
    assert page(server, "").status_code == 401
    assert httpx.post(f"{server.url}/embed/messages", json={}).status_code == 401
    assert server.client(token).get("/v1/worlds").status_code == 401  # and a token is no key


def test_a_token_ends(server: Running, app: NewKeys, client: httpx.Client, world: str) -> None:
    late = Tokens(server.services.store.database, clock=lambda: claims.expires)
    token = mint(client, world)
    claims = server.services.tokens.read(token["token"])
    with pytest.raises(BadToken, match="expired"):
        late.read(token["token"])
    assert client.post("/v1/sessions/revoke", json={"jti": token["jti"]}).status_code == 200
    assert client.post("/v1/sessions/revoke", json={"jti": token["jti"]}).status_code == 200
    assert say(server, token["token"]).json()["detail"] == "the token was revoked"
    other = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    token_of_deleted = mint(client, other)["token"]
    client.delete(f"/v1/worlds/{other}")
    assert "gone" in say(server, token_of_deleted).json()["detail"]
    last = mint(client, world)["token"]
    server.services.apps.revoke(app.app)
    assert "revoked" in say(server, last).json()["detail"] and page(server, last).status_code == 401


def test_a_session_is_revoked_by_its_own_app_and_mode_only(
    server: Running, app: NewKeys, client: httpx.Client, world: str
) -> None:
    token = mint(client, world)
    live = server.client(server.services.apps.rotate(app.app, "live").secret)
    for other in (server.client(server.app("another").secret), live):
        refusal = other.post("/v1/sessions/revoke", json={"jti": token["jti"]})
        assert refusal.status_code == 404 and token["jti"] in refusal.json()["detail"]
    assert say(server, token["token"]).status_code == 200
    assert client.post("/v1/sessions/revoke", json={"jti": "nobody"}).status_code == 404
    assert client.post("/v1/sessions/revoke", json={"jti": token["jti"]}).status_code == 200
    assert say(server, token["token"]).status_code == 401


def test_a_forged_host_is_no_origin_of_this_server(server: Running, client: httpx.Client, world: str) -> None:
    token = mint(client, world, origin=GAME)["token"]
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example"):
        assert say(server, token, Host=host, Origin=f"http://{host}").status_code == 421
    assert say(server, token, Host="localhost:1", Origin="http://evil.example").status_code == 403


def test_the_page_is_for_its_origin_and_says_so_to_the_browser(
    server: Running, client: httpx.Client, world: str
) -> None:
    token = mint(client, world, origin=GAME)["token"]
    response = page(server, token, Referer=f"{GAME}/", **{"Sec-Fetch-Dest": "iframe"})
    policy = response.headers["content-security-policy"]
    assert response.status_code == 200 and f"frame-ancestors {GAME}" in policy
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy and "script-src 'nonce-" in policy
    assert response.headers["referrer-policy"] == "no-referrer" and token not in response.text
    assert page(server, token, Referer="https://evil.example/").status_code == 403
    assert page(server, token, Origin="https://game.example.evil.example").status_code == 403
    assert page(server, token, **{"Sec-Fetch-Dest": "document"}).status_code == 403
    nonces = {page(server, token).headers["content-security-policy"] for _ in range(2)}
    assert len(nonces) == 2


def test_messages_come_from_the_page_of_this_server_only(server: Running, client: httpx.Client, world: str) -> None:
    token = mint(client, world, origin=GAME)["token"]
    assert say(server, token, Origin=server.url).status_code == 200
    for headers in ({"Origin": GAME}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert say(server, token, None, None, **headers).status_code == 403


def test_a_world_that_cannot_be_played_says_why(server: Running, client: httpx.Client) -> None:
    empty = {"name": "<img src=x>", "scene": {"states": {}, "events": []}}
    id = client.post("/v1/worlds", json={"world": empty}).json()["worldId"]
    token = mint(client, id)["token"]
    assert say(server, token).status_code == 422
    assert "<img" not in page(server, token).text


def test_a_world_with_structural_errors_is_played_when_the_player_insists(
    server: Running, app: NewKeys, client: httpx.Client
) -> None:
    document = bench()
    document["scene"]["events"][0]["to"] = "nowhere"  # the API would refuse it; a store may hold it all the same
    id = server.services.store.space(space_of(app.app, "test")).create(wk.World.from_dict(document)).id
    token = mint(client, id)["token"]
    first = say(server, token).json()
    assert first["view"]["blocked"]
    insisted = say(server, token, first["run"], {"type": "act", "id": "1", "view": "v", "action": "play_anyway"}).json()
    server.services.embedded_sessions._cache = RecentValues(1)
    on = say(server, token, insisted["run"], {"type": "hello", "id": "2", "view": "v"}).json()
    assert on["view"]["blocked"] == []


def test_flags_are_given_by_hand_with_a_test_key_only(server: Running, app: NewKeys, client: httpx.Client) -> None:
    grant = {"type": "act", "id": "1", "view": "v", "action": "grant", "flag": "mitten"}
    live = server.client(server.services.apps.rotate(app.app, "live").secret)
    for who, allowed in ((client, True), (live, False)):
        id = who.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        token = mint(who, id)["token"]
        first = say(server, token).json()
        assert first["view"]["tools"] is allowed
        answer = say(server, token, first["run"], grant).json()
        assert answer["messages"][0]["type"] == ("accepted" if allowed else "rejected"), answer["messages"]
        about = say(server, token, answer["run"], {"type": "about", "id": "2", "view": "v"}).json()
        assert (about["messages"][0]["type"] == "about") is allowed
        moved_on = say(server, token, about["run"], press("walk_up_the_lane")).json()
        assert moved_on["view"]["flags"] == (["mitten"] if allowed else [])


def test_after_its_key_is_revoked_the_same_idempotency_key_mints_a_token_that_is_good(
    server: Running, app: NewKeys, client: httpx.Client, world: str
) -> None:
    key = {"Idempotency-Key": "k"}
    first = client.post("/v1/sessions/token", json={"worldId": world}, headers=key).json()
    rotated = server.client(server.services.apps.rotate(app.app).secret)
    second, third = (rotated.post("/v1/sessions/token", json={"worldId": world}, headers=key).json() for _ in range(2))
    assert first["jti"] != second["jti"] == third["jti"]
    assert connect(server, second["token"]).status_code == 200


def test_every_mint_locks_the_usage_before_the_storage(
    server: Running, app: NewKeys, client: httpx.Client, world: str
) -> None:
    key = {"Idempotency-Key": "k"}
    engine = server.services.store.database.engine
    locked_tables: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if match := re.match(r"(?:INSERT INTO|UPDATE) server_(usage|storage)\b", statement):
            locked_tables.append(match[1])

    def locked_by_mint(minting: httpx.Client) -> list[str]:
        locked_tables.clear()
        assert minting.post("/v1/sessions/token", json={"worldId": world}, headers=key).status_code == 200
        return list(dict.fromkeys(locked_tables))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert locked_by_mint(client) == ["usage", "storage"]
        assert locked_by_mint(client) == []
        rotated = server.client(server.services.apps.rotate(app.app).secret)
        assert locked_by_mint(rotated) == ["usage", "storage"]
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_a_run_that_would_not_be_read_again_is_refused_when_it_is_sealed(
    server: Running, client: httpx.Client, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = mint(client, world)["token"]
    run = say(server, token).json()["run"]
    sealer, claims = server.services.tokens, server.services.tokens.read(token)
    plain = sealer.unseal(claims, run)
    monkeypatch.setattr("worldkit.server.tokens.MAX_RUN_BYTES", len(json_values.dumps(plain, None).encode()))
    answer = say(server, token, run, press("walk_up_the_lane"))
    assert answer.status_code == 413 and "load the page again" in answer.json()["detail"]
    assert sealer.unseal(claims, sealer.seal(claims, plain)) == plain


def test_the_same_key_mints_the_same_token_and_no_token_is_kept(
    server: Running, client: httpx.Client, world: str
) -> None:
    key = {"Idempotency-Key": "k"}
    first, second = (
        client.post("/v1/sessions/token", json={"worldId": world}, headers=key).json()["token"] for _ in range(2)
    )
    assert first == second
    stored_bytes = b"".join(path.read_bytes() for path in server.services.store.database.path.parent.iterdir())  # type: ignore[union-attr]
    assert first.encode() not in stored_bytes and first.split(".")[2].encode() not in stored_bytes
