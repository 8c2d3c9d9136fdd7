"""Errors, bounds and odd input: everything is answered, as problem details, and nothing breaks."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.server.running import DIALECT_HEADERS, Running, bench, dangling, lane, quick, rev_of, running
from worldkit.server.concurrency import RateLimiter, retry_after

HOSTILE = (
    "'; DROP TABLE worlds; --",
    "<script>alert(1)</script>",
    "a/b",
    "..",
    "a.b c",
    "%",
    "ß\u202e",
    "\U0001f409",
    "?#",
)


def is_problem(answer: httpx.Response) -> bool:
    body = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and body["status"] == answer.status_code
        and bool(body["detail"] and body["title"] and body["type"])
        and bool(answer.headers["x-request-id"])
    )


def test_a_method_that_is_not_taken_is_answered_with_those_that_are(client: httpx.Client, world: str) -> None:
    methods_by_path = {
        f"/v1/worlds/{world}": {"GET", "HEAD", "PATCH", "DELETE"},
        "/openapi.json": {"GET", "HEAD"},
        "/v1/sessions/connect": {"POST"},
    }
    for path, allowed in methods_by_path.items():
        answer = client.put(path, json={"token": "none"})
        assert answer.status_code == 405 and {*answer.headers["allow"].split(", ")} == allowed, path


def test_head_is_answered_as_get_without_its_content(client: httpx.Client, world: str) -> None:
    for path in ("/healthz", "/openapi.json", "/embed.html", f"/v1/worlds/{world}", "/v1/worlds", "/v1/worlds/none"):
        head, got = client.head(path), client.get(path)
        assert head.status_code == got.status_code and not head.content, path
        for name in ("content-length", "content-type", "etag"):
            assert head.headers.get(name) == got.headers.get(name), (path, name)
    refusal = client.head("/v1/sessions/connect")
    assert refusal.status_code == 405 and refusal.headers["allow"] == "POST" and not refusal.content


def test_every_refusal_is_problem_details(client: httpx.Client, world: str) -> None:
    at = f"/v1/worlds/{world}"
    json = {"Content-Type": "application/json"}
    for status, answer in (
        (404, client.get("/nothing")),
        (404, client.get("/v1/worlds/none")),
        (404, client.patch(f"{at}/states/nowhere", json={"base": "x"})),
        (404, client.delete(f"{at}/events/nothing")),
        (404, client.get(f"{at}/versions/none")),
        (404, client.get("/v1/jobs/none")),
        (405, client.put(at, json={})),
        (400, client.post(f"{at}/ops", content=b"{", headers=json)),
        (400, client.post(f"{at}/ops", content=b'{"ops":[],"ops":[]}', headers=json)),
        (400, client.post(f"{at}/ops", content=b'{"ops":NaN}', headers=json)),
        (400, client.post(f"{at}/ops", content=b"\xff", headers=json)),
        (400, client.post(f"{at}/ops", content=b"[" * 300 + b"]" * 300, headers=json)),
        (400, client.post(f"{at}/ops", content=b'{"ops":[{"op":"\\ud800"}]}', headers=json)),
        (422, client.post(f"{at}/ops", json=[])),
        (400, client.post(f"{at}/ops")),
        (422, client.post(f"{at}/ops", json={"ops": [{"op": "add_state"}]}, headers=DIALECT_HEADERS)),
        (400, client.post("/v1/worlds", json={})),
        (400, client.post("/v1/worlds", json={"premise": ""})),
        (422, client.post("/v1/worlds", json={"premise": "x", "world": bench()})),
        (422, client.post("/v1/worlds", json={"world": {"scene": 1}})),
        (422, client.post("/v1/worlds", json={"world": bench()}, headers={"Idempotency-Key": "x" * 201})),
        (422, client.get("/v1/worlds?limit=0")),
        (422, client.get("/v1/worlds?limit=5_0")),
        (422, client.get("/v1/worlds?cursor=x")),
        (422, client.post(f"{at}/ops", json={"ops": [{"op": "add_state", "base": "A shed.", "expectedRev": "0"}]})),
        (422, client.patch(at, json={"name": None})),
        (422, client.patch(f"{at}/states/lane", json={"id": "road"})),
        (422, client.post("/v1/sessions/token", json={"worldId": world, "ttlSeconds": 86400})),
        (422, client.post("/v1/sessions/token", json={"worldId": world, "origin": "example.com/x"})),
        (422, client.post("/v1/worlds", json={"frame_b64": "AA==", "world": bench()})),
        (503, client.post("/v1/worlds", json={"premise": "x", "frame_url": "https://example.com/a.png"})),
    ):
        assert answer.status_code == status and is_problem(answer), (status, answer.request.url, answer.text)
    assert rev_of(client, world) == "0"


def test_what_is_not_there_is_told_in_words_that_do_not_speak_of_python(client: httpx.Client, world: str) -> None:
    for path in (
        "/v1/worlds/nope",
        f"/v1/worlds/{world}/states/nope",
        f"/v1/worlds/{world}/versions/nope",
        "/v1/jobs/x",
    ):
        answer = client.get(path)
        assert answer.status_code == 404 and "()" not in answer.json()["detail"], path


def test_an_operation_that_is_refused_is_named_by_its_place(client: httpx.Client, world: str) -> None:
    answer = client.post(
        f"/v1/worlds/{world}/ops",
        json={"ops": [*lane("Rain."), {"op": "delete_state", "id": "x"}]},
        headers=DIALECT_HEADERS,
    )
    assert answer.json()["errors"][0] | {"message": ""} == {
        "index": 1,
        "op": "delete_state",
        "path": "ops[1]",
        "message": "",
    }


def test_a_strict_batch_is_held_to_the_rules_and_another_is_not(client: httpx.Client, world: str) -> None:
    ops = dangling()
    refusal = client.post(f"/v1/worlds/{world}/ops", json={"ops": ops, "strict": True}, headers=DIALECT_HEADERS)
    assert refusal.status_code == 422 and refusal.json()["diagnostics"][0]["lint"] == "dangling-ref"
    assert client.post(f"/v1/worlds/{world}/ops", json={"ops": ops}, headers=DIALECT_HEADERS).json()["rev"] == "1"


def test_an_unreadable_world_is_refused_with_every_problem(client: httpx.Client) -> None:
    document = bench()
    document["scene"]["states"]["lane"]["base"] = 7
    document["scene"]["events"][0]["oneShot"] = "yes"
    answer = client.post("/v1/worlds", json={"world": document})
    assert [error.partition(": ")[0] for error in answer.json()["errors"]] == [
        "scene.states.lane.base",
        "scene.events[0].oneShot",
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document["scene"]["states"]["lane"].update(base=7, camera={"static": "Wide."}, ambient="x"),
        lambda document: document["scene"]["events"][0].update(kind="portal", landWhen={}, phases=[]),
        lambda document: document.update(entrance=None, narrate="yes"),
        lambda document: document["scene"].pop("events"),
    ],
    ids=["a state", "an event", "the world", "no events"],
)
def test_what_a_server_finds_in_a_document_is_what_the_json_schema_finds(
    client: httpx.Client, world: str, spoil: Callable[[Any], object]
) -> None:
    document = bench()
    spoil(document)
    answer = client.post(f"/v1/worlds/{world}/validate", json={"world": document})
    paths = {one["item"]["field"] for one in answer.json()["diagnostics"]}
    assert answer.status_code == 422 and paths == {problem.path for problem in wk.validate(document)}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(client: httpx.Client, name: str) -> None:
    document = {**bench(), "name": name}
    document["scene"]["states"][name] = {"base": "A shed of tarred boards."}
    id = client.post("/v1/worlds", json={"world": document}).json()["worldId"]
    assert [one["id"] for one in client.get("/v1/worlds", params={"name": name}).json()["worlds"]] == [id]
    state = f"/v1/worlds/{id}/states/{quote(name, safe='')}"
    if name != "..":  # a client resolves it before it asks
        assert client.patch(state, json={"base": "Rain."}).json()["world"]["scene"]["states"][name]["base"] == "Rain."
        assert name not in client.delete(state).json()["world"]["scene"]["states"]
    assert client.get(f"/v1/worlds/{quote(name, safe='')}").status_code in (404, 405)


@settings(max_examples=60, deadline=None)
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_no_body_makes_the_server_fail(hammering: httpx.Client, body: object) -> None:
    try:
        for path in ("/v1/worlds", "/v1/sessions/token", "/v1/perceive"):
            assert hammering.post(path, json=body).status_code in (200, 400, 404, 422)
    except UnicodeEncodeError:
        pass  # half a character is nothing a client can send


@pytest.fixture(scope="module")
def hammering(server: Running) -> httpx.Client:
    return server.client(server.app().secret)


def test_a_large_body_is_refused_whether_it_says_so_or_not(client: httpx.Client) -> None:
    huge = b'{"premise":"' + b"x" * 9_000_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    assert client.post("/v1/worlds", content=huge, headers=headers).status_code == 413
    response = client.post("/v1/worlds", content=iter([huge]), headers=headers)
    assert response.status_code == 413 and is_problem(response)


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "text/plain", "nonsense"])
def test_a_body_that_is_not_sent_as_json_is_400_and_hears_how_to_send_it(client: httpx.Client, media: str) -> None:
    answer = client.post("/v1/worlds", content=b'{"premise": "x"}', headers={"Content-Type": media})
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith("not sent as JSON; send it with Content-Type: application/json")


def test_a_day_or_an_origin_that_cannot_be_is_refused_in_words(client: httpx.Client, world: str) -> None:
    answer = client.get("/v1/usage", params={"day": "2026-02-30"})
    assert (answer.status_code, answer.json()["errors"]) == (422, ["query.day: expected a day such as 2026-01-31"])
    answer = client.post("/v1/sessions/token", json={"worldId": world, "origin": "https://game.example/page"})
    expected = "body.origin: expected an origin such as https://game.example, without a path"
    assert (answer.status_code, answer.json()["errors"]) == (422, [expected])


def test_an_answer_repeats_the_request_id_it_was_given_if_it_is_one(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert "\n" not in client.get("/healthz", headers={"X-Request-Id": "a b"}).headers["x-request-id"]
    assert client.get("/healthz", headers={"X-Request-Id": "a b"}).headers["x-request-id"] != "a b"


def test_a_failure_inside_says_where_to_look_and_nothing_else(
    server: Running, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is swordfish")

    monkeypatch.setattr("worldkit.server.routes.sessions.quota.of_day", fail)
    answer = client.get("/v1/usage")
    assert answer.status_code == 500 and is_problem(answer) and "swordfish" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["detail"]


def test_a_key_that_asks_too_often_is_told_when_to_come_back(tmp_path: object) -> None:
    per_second = 0.001  # no machine is so busy that one more is allowed meanwhile
    # the first call to a server loads what later ones use, and none is to count as several for its work
    with running(quick(f"{tmp_path}/w.db", rate=per_second, burst=3, work_ms=1e6)) as here:
        client = here.client(here.app().secret)
        answers = [client.get("/v1/usage") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert 600 < int(answers[-1].headers["retry-after"]) <= 1 / per_second and is_problem(answers[-1])
        assert here.client(here.app().secret).get("/v1/usage").status_code == 200


@given(
    rate=st.floats(0.1, 1000),
    burst=st.integers(1, 50),
    pauses=st.lists(st.floats(0, 10), min_size=1, max_size=60),
)
def test_a_bucket_never_lets_more_through_than_it_fills(rate: float, burst: int, pauses: list[float]) -> None:
    now = [0.0]
    bucket, let = RateLimiter(rate, burst, lambda: now[0]), 0
    for pause in pauses:
        now[0] += pause
        wait = bucket.take("k")
        let += not wait
        assert let <= burst + rate * now[0] + 1e-6
        if wait:
            now[0] += wait + 1e-9
            assert bucket.take("k") == 0
            let += 1
        assert int(retry_after(wait)) >= max(1, wait)


@pytest.mark.parametrize("origin", ["https://game.example", "HTTPS://Game.Example:443/"])
def test_pages_of_chosen_origins_may_call_and_no_others(tmp_path: object, origin: str) -> None:
    with running(quick(f"{tmp_path}/w.db", origins=(origin,))) as here:
        ask = {"Origin": "https://game.example", "Access-Control-Request-Method": "GET"}
        allowed = httpx.options(f"{here.url}/v1/worlds", headers=ask)
        assert allowed.headers["access-control-allow-origin"] == "https://game.example"
        other = httpx.options(f"{here.url}/v1/worlds", headers={**ask, "Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_settings_that_cannot_be_are_refused() -> None:
    for wrong in (
        {"threads": 0},
        {"rate": -1},
        {"caps": {"worlds": 1}},
        {"idle_s": math.inf},
        {"work_ms": math.nan},
        {"origins": ("https://game.example/play",)},
        {"origins": ("https://game.example", "*")},
    ):
        with pytest.raises(wk.WorldError):
            quick("x.db", **wrong)
