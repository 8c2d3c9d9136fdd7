"""Writes happen once, and one after the other: idempotency keys, revisions, charges, in real concurrency."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

import worldkit as wk
from tests.server.running import DIALECT_HEADERS, Running, Scripted, bench, lane, together


def used(client: httpx.Client, kind: str) -> int:
    return int(client.get("/v1/usage").json()["usage"][kind])


def test_fifty_equal_generations_at_once_make_one_world_and_one_charge(
    client: httpx.Client, scripted: Scripted
) -> None:
    ask = {"premise": "a lighthouse"}
    responses = together([lambda: client.post("/v1/worlds", json=ask, headers={"Idempotency-Key": "k"})] * 50)
    assert {answer.status_code for answer in responses} == {200}
    assert len({answer.text for answer in responses}) == 1 and scripted.calls == 1
    assert used(client, "generation") == 1 and len(client.get("/v1/worlds").json()["worlds"]) == 1


def test_fifty_equal_creates_of_a_whole_world_at_once_make_one_and_charge_nothing(client: httpx.Client) -> None:
    ask = {"world": bench()}
    responses = together([lambda: client.post("/v1/worlds", json=ask, headers={"Idempotency-Key": "k"})] * 50)
    assert {answer.status_code for answer in responses} == {200} and len({answer.text for answer in responses}) == 1
    assert used(client, "generation") == 0 and len(client.get("/v1/worlds").json()["worlds"]) == 1


def test_without_a_key_every_create_makes_a_world(client: httpx.Client) -> None:
    together([lambda: client.post("/v1/worlds", json={"world": bench()})] * 5)
    assert len(client.get("/v1/worlds").json()["worlds"]) == 5


def test_a_key_answers_for_every_kind_of_post(client: httpx.Client, world: str, scripted: Scripted) -> None:
    version = client.post(f"/v1/worlds/{world}/versions").json()["versionId"]
    # what changes the world each time it is done
    scripted.ops = [{"op": "add_event", "kind": "override", "from": ["lane"], "base": "A cough."}]
    calls = {
        f"/v1/worlds/{world}/forks": {"name": "darker"},
        f"/v1/worlds/{world}/ops": {"ops": scripted.ops},
        f"/v1/worlds/{world}/states": {"base": "A shed of tarred boards."},
        f"/v1/worlds/{world}/events": {"name": "cough", "kind": "override", "from": ["lane"], "base": "A cough."},
        f"/v1/worlds/{world}/versions": {"title": "again"},
        f"/v1/worlds/{world}/checkout": {"versionId": version},
        f"/v1/worlds/{world}/edit": {"instruction": "colder"},
        "/v1/sessions/token": {"worldId": world},
    }
    for path, body in calls.items():
        first, second = (client.post(path, json=body, headers={"Idempotency-Key": "one"}) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200), path
        assert first.json() == second.json(), path
        assert first.headers.get("etag") == second.headers.get("etag"), path
        third = client.post(path, json=body, headers={"Idempotency-Key": "two"})
        assert (third.status_code, third.json(), third.headers.get("etag")) != (
            200,
            first.json(),
            first.headers.get("etag"),
        ), path
    assert scripted.calls == 2 and used(client, "session") == 2 and used(client, "edit") == 2


def test_an_edit_by_patch_or_delete_happens_once_for_a_key_too(client: httpx.Client, world: str) -> None:
    calls = [
        ("PATCH", f"/v1/worlds/{world}/states/lane", {"base": "Rain."}),
        ("DELETE", f"/v1/worlds/{world}/events/walk_up_the_lane", None),
    ]
    scene = client.get(f"/v1/worlds/{world}/scene").json()
    calls[1:1] = [
        ("PATCH", f"/v1/worlds/{world}/entrance", {"state": list(scene["states"])[-1]}),
        ("PATCH", f"/v1/worlds/{world}/events/{scene['events'][0]['name']}", {"base": "A gate opens."}),
    ]
    for at, (method, path, body) in enumerate(calls, 1):
        headers = {"Idempotency-Key": "one", "If-Match": str(at - 1)}
        first, second = (client.request(method, path, json=body, headers=headers) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200), path
        assert first.json() == second.json() and first.json()["rev"] == str(at), path


def test_what_is_not_there_is_said_without_where_the_server_keeps_things(client: httpx.Client, server: Running) -> None:
    for path in ("/v1/worlds/nowhere", "/v1/worlds/nowhere/scene", "/v1/worlds/nowhere/versions/v1"):
        response = client.get(path)
        assert response.status_code == 404 and "nowhere" in response.text and ".db" not in response.text


def test_keys_of_other_worlds_calls_and_apps_are_apart(server: Running, client: httpx.Client, world: str) -> None:
    key = {"Idempotency-Key": "same"}
    other = client.post("/v1/worlds", json={"world": bench()}, headers=key).json()["worldId"]
    for id in (world, other):
        assert client.post(f"/v1/worlds/{id}/ops", json={"ops": lane("Rain.")}, headers=key).json()["rev"] == "1"
    stranger = server.client(server.app("another").secret)
    assert stranger.post("/v1/worlds", json={"world": bench()}, headers=key).json()["worldId"] != other


def test_a_refused_call_leaves_its_key_free(client: httpx.Client, world: str) -> None:
    key = {"Idempotency-Key": "k"}
    assert client.post(f"/v1/worlds/{world}/ops", json={"ops": []}, headers=key).status_code == 422
    assert client.post(f"/v1/worlds/{world}/ops", json={"ops": lane("Rain.")}, headers=key).json()["rev"] == "1"


def test_a_key_that_comes_with_another_body_is_refused_and_does_nothing(
    client: httpx.Client, world: str, scripted: Scripted
) -> None:
    scripted.ops = lane("Colder.")
    version = client.post(f"/v1/worlds/{world}/versions").json()["versionId"]
    calls: list[tuple[str, object, object]] = [
        ("/v1/worlds", {"premise": "a lighthouse"}, {"world": bench()}),
        ("/v1/worlds", {"world": bench()}, {"world": {**bench(), "name": "other"}}),
        ("/v1/worlds", {"world": bench()}, {"premise": "a lighthouse"}),
        (f"/v1/worlds/{world}/forks", {"name": "a"}, {"name": "b"}),
        (f"/v1/worlds/{world}/forks", None, {"name": "b"}),
        (f"/v1/worlds/{world}/ops", {"ops": lane("Rain.")}, {"ops": lane("Snow.")}),
        (f"/v1/worlds/{world}/checkout", {"versionId": version}, {"versionId": "v"}),
        (f"/v1/worlds/{world}/edit", {"instruction": "colder"}, {"instruction": "warmer"}),
        ("/v1/sessions/token", {"worldId": world}, {"worldId": world, "ttlSeconds": 60}),
    ]
    for at, (path, body, other) in enumerate(calls):
        key = {"Idempotency-Key": f"k{at}"}
        first = client.post(path, json=body, headers=key)
        before = (
            client.get("/v1/usage").json(),
            client.get("/v1/worlds").json(),
            client.get(f"/v1/worlds/{world}").json(),
        )
        refusal = client.post(path, json=other, headers=key)
        assert (first.status_code, refusal.status_code) == (200, 422), (path, first.text, refusal.text)
        assert "another body" in refusal.json()["detail"]
        after = (
            client.get("/v1/usage").json(),
            client.get("/v1/worlds").json(),
            client.get(f"/v1/worlds/{world}").json(),
        )
        assert after == before, path
        assert client.post(path, json=body, headers=key).json() == first.json(), path


def test_white_space_and_the_order_of_keys_make_no_other_body(client: httpx.Client, world: str) -> None:
    key = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    at = f"/v1/worlds/{world}/forks"
    first = client.post(at, content=b'{"name":"a","other":[1,{"x":1,"y":2}]}', headers=key)
    again = client.post(at, content=b'{ "other" : [1, {"y":2, "x":1}], "name": "a" }', headers=key)
    assert first.status_code == 200 and again.json() == first.json()


def test_another_asserted_revision_makes_no_other_body(client: httpx.Client, world: str) -> None:
    path, key = f"/v1/worlds/{world}/ops", {"Idempotency-Key": "k"}
    bodies = [{"ops": lane("Rain."), "expectedRev": rev} for rev in ("0", "1")] + [{"ops": lane("Rain.")}]
    responses = [client.post(path, json=body, headers=key) for body in bodies]
    assert {answer.status_code for answer in responses} == {200}
    assert len({answer.text for answer in responses}) == 1


def test_keys_of_paths_that_differ_behind_a_mark_of_addresses_are_apart(client: httpx.Client, world: str) -> None:
    states, revisions = f"/v1/worlds/{world}/states", []
    for id in ("a#b", "a#c", "a?d"):
        assert client.post(states, json={"id": id, "base": "Bare boards."}).status_code == 200
        path = f"{states}/{quote(id, safe='')}"
        answer = client.patch(path, json={"narration": "n"}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 200, answer.text
        revisions.append(answer.json()["rev"])
    assert revisions == ["2", "4", "6"]


def test_of_many_bodies_at_once_with_one_key_one_is_done_and_the_others_are_told(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k"}

    def create(at: int) -> httpx.Response:
        return client.post("/v1/worlds", json={"world": {**bench(), "name": f"world {at}"}}, headers=key)

    responses = together([lambda at=at: create(at) for at in range(24)])
    assert sorted(answer.status_code for answer in responses) == [200] + [422] * 23
    assert len(client.get("/v1/worlds").json()["worlds"]) == 1


def test_deleting_a_world_forgets_what_its_calls_were_answered(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k"}
    for ask in ({"world": bench()}, {"premise": "a lighthouse"}):
        first = client.post("/v1/worlds", json=ask, headers=key).json()["worldId"]
        assert client.delete(f"/v1/worlds/{first}").json() == {"ok": True, "deleted": first}
        again = client.post("/v1/worlds", json=ask, headers=key).json()["worldId"]
        assert again != first and client.get(f"/v1/worlds/{again}").status_code == 200
        client.delete(f"/v1/worlds/{again}")


def test_of_many_writes_at_one_revision_one_wins(client: httpx.Client, world: str) -> None:
    def write(n: int) -> httpx.Response:
        return client.post(f"/v1/worlds/{world}/ops", json={"ops": lane(f"Rain {n}.")}, headers={"If-Match": '"0"'})

    responses = together([lambda n=n: write(n) for n in range(20)])
    assert sorted(answer.status_code for answer in responses) == [200] + [409] * 19
    assert all(answer.json()["rev"] == "1" for answer in responses)


def test_without_if_match_every_write_is_kept_one_after_the_other(client: httpx.Client, world: str) -> None:
    def add(n: int) -> httpx.Response:
        return client.post(f"/v1/worlds/{world}/states", json={"id": f"room_{n}", "base": f"Room {n}, bare boards."})

    responses = together([lambda n=n: add(n) for n in range(20)])
    assert sorted(int(answer.json()["rev"]) for answer in responses) == list(range(1, 21))
    scene = client.get(f"/v1/worlds/{world}/scene").json()
    assert {f"room_{n}" for n in range(20)} <= scene["states"].keys() and scene["rev"] == "20"


def test_if_match_is_taken_as_it_is_and_as_an_etag(client: httpx.Client, world: str) -> None:
    for rev, next_rev in (("0", "1"), ('"1"', "2"), ('W/"2"', "3"), ("*", "4")):
        answer = client.post(f"/v1/worlds/{world}/ops", json={"ops": lane(rev)}, headers={"If-Match": rev})
        assert (answer.json()["rev"], answer.headers["etag"]) == (next_rev, f'"{next_rev}"')
    version = client.post(f"/v1/worlds/{world}/versions").json()["versionId"]
    stale = {"If-Match": "0"}
    state = f"/v1/worlds/{world}/states/lane"
    for answer in (
        client.patch(state, json={"base": "x"}, headers=stale),
        client.delete(state, headers=stale),
        client.patch(f"/v1/worlds/{world}/entrance", json={"state": "lane"}, headers=stale),
        client.post(f"/v1/worlds/{world}/checkout", json={"versionId": version}, headers=stale),
        client.post(f"/v1/worlds/{world}/edit", json={"instruction": "x"}, headers=stale),
    ):
        assert (answer.status_code, answer.json()["rev"]) == (409, "4")
    unknown = client.delete(state, headers={"If-Match": "soon"})
    assert (unknown.status_code, unknown.json()["rev"]) == (409, "4")


@pytest.mark.parametrize("item", ["states/lane", "events/walk_up_the_lane"])
def test_an_expected_revision_inside_a_patch_counts_and_is_not_stored(
    client: httpx.Client, world: str, item: str
) -> None:
    address = f"/v1/worlds/{world}/{item}"
    client.patch(address, json={"base": "Rain."})
    stale = client.patch(address, json={"patch": {"base": "Snow.", "expectedRev": "0"}})
    assert (stale.status_code, stale.json()["rev"]) == (409, "1")
    current = client.patch(address, json={"patch": {"base": "Hail.", "expectedRev": "1"}})
    assert current.status_code == 200 and "expectedRev" not in current.text


def test_a_world_goes_through_as_it_was_written_unknown_fields_order_and_all(client: httpx.Client) -> None:
    document = {"zeta": [1, 1.0, None, {"b": 1, "a": 2}], **bench(), "name": "Ünïcode \u0000 ' ; DROP TABLE"}
    document["scene"]["states"]["lane"]["mood"] = {"z": 1, "a": 1.5}
    world_id = client.post("/v1/worlds", json={"world": document}).json()["worldId"]
    exact = client.get(f"/v1/worlds/{world_id}", headers=DIALECT_HEADERS).text
    assert wk.load(exact).to_json() == wk.load(document).to_json()
    flat = client.get(f"/v1/worlds/{world_id}").json()
    assert list(flat)[:3] == ["id", "name", "zeta"] and flat["zeta"] == document["zeta"]
    assert flat["scene"]["states"]["lane"]["mood"] == {"z": 1, "a": 1.5}
