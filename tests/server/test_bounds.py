"""What one caller may cost the others: bytes in and out, processor time, threads. Nobody keeps another one out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, get_args

import httpx
import pytest
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

import worldkit as wk
from tests.server.running import (
    DIALECT_HEADERS,
    GIF,
    Running,
    Seer,
    bench,
    lane,
    process,
    quick,
    rev_of,
    running,
    wait_for,
)
from tests.server.wire import connect, everything, exchange, response
from worldkit.core.time_limit import TimeLimit, TimeUp, check_time
from worldkit.server import app_keys, services
from worldkit.server.app import ROUTERS
from worldkit.server.apps import Apps, NewKeys
from worldkit.server.concurrency import RateLimiter
from worldkit.server.encoding import AnswerTooLarge, encode_json
from worldkit.server.health import Health
from worldkit.server.settings import SCOPES, space_of
from worldkit.server.tables import SCHEMA

Json = dict[str, Any]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def head(path: str, *headers: str, method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(lines).encode()


def restless() -> Json:
    """Return a world whose only event fires by itself every millisecond."""
    again = {"name": "again", "kind": "transition", "from": ["here"], "to": "here", "base": "Again.", "autoAfterMs": 1}
    return {"name": "r", "entrance": {"state": "here"}, "scene": {"states": {"here": {"base": "A"}}, "events": [again]}}


def wide(count: int) -> Json:
    """Return a world of many states."""
    states = {f"room_{at}": {"base": f"A bare room, number {at}."} for at in range(count)}
    return {"name": "wide", "entrance": {"state": "room_0"}, "scene": {"states": states, "events": []}}


# ---- before a byte of body ------------------------------------------------------------------------


def test_without_a_key_nothing_of_a_body_is_waited_for(server: Running) -> None:
    for path, status in (("/v1/worlds", 401), ("/embed/messages", 401), ("/healthz", 413)):
        for length in ("Content-Length: 7999999",):
            with connect(server.url) as one:
                one.sendall(head(path, length, "Expect: 100-continue"))
                answer = everything(one)
            assert answer.startswith(b"HTTP/1.1 %d " % status), answer
            assert b"100 Continue" not in answer and b"connection: close" in answer


def test_over_its_rate_or_its_size_a_caller_is_refused_before_a_byte_of_body_is_asked_for(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", rate=0.001, burst=2)) as here:
        keys = here.app()
        secret, reader = (f"Authorization: Bearer {key}" for key in (keys.secret, keys.publishable_key))
        for key, length, status in ((reader, 1_000_000, 413), (secret, 9_000_000, 413), (secret, 10, 429)):
            if status == 429:
                assert here.client(keys.secret).get("/v1/usage").status_code == 200  # the last of the two that are free
            with connect(here.url) as one:
                one.sendall(head("/v1/worlds", key, f"Content-Length: {length}", "Expect: 100-continue"))
                answer = everything(one)
            assert answer.startswith(b"HTTP/1.1 %d " % status), answer
            assert b"100 Continue" not in answer and b"connection: close" in answer


def test_health_is_told_while_a_body_is_read_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_reading, may_go_on = threading.Event(), threading.Event()
    read = services._read

    def wait(data: bytes) -> tuple[Any, bytes]:
        is_reading.set()
        assert may_go_on.wait(300)
        return read(data)

    monkeypatch.setattr(services, "_read", wait)
    with running(quick(tmp_path / "w.db")) as here:
        client, statuses = here.client(here.app().secret), []
        poster = threading.Thread(
            target=lambda: statuses.append(client.post("/v1/worlds", json={"world": bench()}).status_code)
        )
        poster.start()
        try:
            assert is_reading.wait(300)
            assert httpx.get(f"{here.url}/healthz", timeout=60).json() == {"ok": True} and statuses == []
        finally:
            may_go_on.set()
            poster.join()
        assert statuses == [200]


def test_a_body_without_an_end_is_dropped_and_its_connection_closed(server: Running) -> None:
    with connect(server.url) as one:
        one.sendall(head("/v1/worlds", "Transfer-Encoding: chunked"))
        assert response(one).status == 401
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        # whichever the system says first: reset, or a broken pipe
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            one.sendall(chunk * 10_000)


def test_a_body_that_says_or_turns_out_to_be_too_large_is_refused(server: Running) -> None:
    keys = server.app()
    secret, public = (f"Authorization: Bearer {key}" for key in (keys.secret, keys.publishable_key))
    for key, most in ((secret, 8_000_000), (public, 64_000)):
        with connect(server.url) as one:
            one.sendall(head("/v1/worlds/w/lint", key, f"Content-Length: {most + 1}", "Expect: 100-continue"))
            answer = everything(one)
        assert answer.startswith(b"HTTP/1.1 413 ") and f"{most:,}".encode() in answer
    chunk = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
    answer = exchange(server.url, head("/v1/worlds/w/lint", public, "Transfer-Encoding: chunked") + chunk)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"64,000" in answer


def test_a_small_body_that_nobody_wants_does_not_cost_the_connection(server: Running) -> None:
    with connect(server.url) as one:
        for _ in range(2):
            one.sendall(head("/v1/worlds", "Content-Length: 4") + b"{  }")
            answer = response(one)
            assert answer.status == 401 and answer.headers["connection"] is None


def test_a_publishable_key_judges_stored_worlds_and_none_of_its_own(
    server: Running, client: httpx.Client, world: str
) -> None:
    keys = server.app()
    id = server.client(keys.secret).post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    reader = server.client(keys.publishable_key)
    for call in ("lint", "validate"):
        at = f"/v1/worlds/{id}/{call}"
        assert reader.post(at).json()["ok"] and reader.post(at, json={}).status_code == 200
        refusal = reader.post(at, json={"world": bench()})
        assert refusal.status_code == 401 and "sk_" in refusal.json()["detail"]
        assert server.client(keys.secret).post(at, json={"world": bench()}).json()["ok"]


def test_a_body_of_very_many_fields_or_operations_is_refused_at_once(client: httpx.Client, world: str) -> None:
    fields = client.post("/v1/worlds", json={f"f{at}": 1 for at in range(100_000)})
    assert fields.status_code == 422 and "fields" in fields.json()["detail"]
    wrong = client.post(f"/v1/worlds/{world}/ops", json={"ops": [1] * 500_000})
    assert wrong.status_code == 422 and len(wrong.json()["errors"]) == 1
    known = client.post(f"/v1/worlds/{world}/edit", json={"instruction": "x", "verifiedObjects": [1] * 500_000})
    assert known.status_code == 422 and len(known.json()["errors"]) == 1
    many = client.post(f"/v1/worlds/{world}/ops", json={"ops": [{}] * 50_001})
    assert many.status_code == 422 and "50000" in many.json()["detail"]


def request_models() -> set[type[BaseModel]]:
    """Return the models of all bodies that requests may have."""
    routes = [route for module in ROUTERS for route in module.router.routes if isinstance(route, APIRoute)]
    annotations = [param.field_info.annotation for route in routes for param in route.dependant.body_params]
    parts = [part for one in annotations for part in (one, *get_args(one))]
    return {part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)}


def test_every_list_in_a_body_is_bounded_and_not_checked_beyond_its_first_wrong_item() -> None:
    names = set()
    for model in request_models():
        for name, field in model.model_fields.items():
            schema = TypeAdapter(Annotated[(field.annotation, *field.metadata, None)]).json_schema()
            for part in schema.get("anyOf", [schema]):
                assert part.get("additionalProperties", True) is True, "its values are checked one by one"
                if part.get("type") != "array":
                    continue
                names.add(name)
                assert part["maxItems"] <= 50_000, (model, name)
                with pytest.raises(ValidationError) as refusal:
                    model.model_validate({name: [1] * part["maxItems"]})
                errors = [error for error in refusal.value.errors() if error["loc"][0] == name]
                assert len(errors) == 1, (model, name)
    assert names == {"ops", "verifiedObjects", "scopes", "labels", "embedding_origins", "events"}


# ---- processor time -------------------------------------------------------------------------------


def test_work_stops_when_its_time_is_used_up_and_nothing_is_kept(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db")) as here:
        keys = here.app()
        client = here.client(keys.secret)
        id = client.post("/v1/worlds", json={"world": wide(3000)}).json()["worldId"]
        version = client.post(f"/v1/worlds/{id}/versions").json()["versionId"]
    with running(quick(tmp_path / "w.db", work_s=0.002)) as here:
        client, at = here.client(keys.secret), f"/v1/worlds/{id}"
        renames = [{"op": "rename_state", "from": f"room_{n}", "to": f"hall_{n}"} for n in range(3000)]
        for path, body in (
            ("lint", {"world": wide(3000)}),
            ("validate", {"world": wide(3000)}),
            ("lint", None),
            ("ops", {"ops": renames}),
        ):
            answer = client.post(f"{at}/{path}", json=body, headers=DIALECT_HEADERS)
            assert answer.status_code == 422 and "processor time" in answer.json()["detail"], (path, answer.text[:300])
        assert client.get(f"{at}/versions/{version}").status_code == 200
        assert rev_of(client, id) == "0"


def test_a_players_wait_stops_when_its_time_is_used_up_and_the_run_goes_on(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", player_work_s=0.15)) as here:
        client = here.client(here.app().secret)
        id = client.post("/v1/worlds", json={"world": restless()}).json()["worldId"]
        ticket = client.post("/v1/sessions/token", json={"worldId": id, "ttlSeconds": 3600}).json()["token"]
        token = client.post("/v1/sessions/connect", headers=bearer(ticket)).json()["reactorJwt"]

        def say(run: str | None, message: object) -> httpx.Response:
            return here.client(token).post("/embed/messages", json={"run": run, "message": message})

        first = say(None, None).json()
        anyway = say(first["run"], {"type": "act", "id": "1", "view": "v", "action": "play_anyway"}).json()
        response = say(anyway["run"], {"type": "act", "id": "2", "view": "v", "action": "wait", "ms": 1_000_000})
        assert response.status_code == 200, response.text
        (message,) = response.json()["messages"]
        assert message["type"] == "rejected" and "processor time" in message["message"]
        clock = response.json()["view"]["clock"]
        assert 0 < clock < 1_000_000
        # a view of so long a run takes a part of the limit by itself, on a busy machine sometimes all of it
        run = response.json()["run"]
        for _ in range(20):
            later = say(run, {"type": "act", "id": "3", "view": "v", "action": "wait", "ms": 1}).json()
            run = later["run"]
            if later["view"]["clock"] > clock:
                break
        else:
            raise AssertionError("the run does not go on")


def test_a_costly_request_uses_up_what_many_small_ones_do(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", rate=0.1, burst=20, work_ms=0.01)) as here:
        keys = here.app()
        client, other = here.client(keys.secret), here.client(here.app().secret)
        id = client.post("/v1/worlds", json={"world": wide(2)}).json()["worldId"]
        reader = here.client(keys.publishable_key)
        assert reader.post(f"/v1/worlds/{id}/lint").status_code == 200  # at least 20 of 0.01 ms, and one request
        refusal = reader.get("/v1/usage")
        assert refusal.status_code == 429 and int(refusal.headers["retry-after"]) >= 1
        assert other.get("/v1/usage").status_code == 200


def test_a_limit_counts_the_time_of_every_thread_that_works_and_of_no_other() -> None:
    now = [0.0]
    limit = TimeLimit(2.0, lambda: now[0])
    check_time()
    with limit.counting():
        now[0] += 1.5
        check_time()
    now[0] += 100  # between two pieces of work
    with limit.counting():
        check_time()
        now[0] += 1
        with pytest.raises(TimeUp, match="2 s of processor time"):
            check_time()
    assert limit.spent_seconds == 2.5
    check_time()


@given(costs=st.lists(st.floats(0, 500), min_size=1, max_size=40), rate=st.floats(0.5, 100), burst=st.integers(1, 300))
def test_work_is_charged_so_that_over_time_no_more_is_done_than_the_rate_allows(
    costs: list[float], rate: float, burst: int
) -> None:
    now, work = [0.0], 0.0
    bucket = RateLimiter(rate, burst, lambda: now[0])
    for cost in costs:
        now[0] += bucket.take("k") + 1e-6
        if bucket.take("k") == 0:
            bucket.charge("k", cost - 1)
            work += max(1.0, cost)
            assert work <= burst + rate * now[0] + max(costs) + 2
    assert bucket.take("another") == 0


# ---- bytes out ------------------------------------------------------------------------------------


def test_an_answer_that_would_be_too_large_is_refused_and_the_write_undone(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", max_answer=20_000)) as here:
        client = here.client(here.app().secret)
        id = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        ops = [{"op": "add_state", "state": {"base": "Bare boards. " * 200}} for _ in range(10)]
        refusal = client.post(f"/v1/worlds/{id}/ops", json={"ops": ops})
        assert refusal.status_code == 422 and "20,000 bytes" in refusal.json()["detail"]
        assert rev_of(client, id) == "0"


def test_a_page_whose_further_worlds_are_deleted_while_it_is_read_ends(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest, *others = (client.post("/v1/worlds", json={"world": bench()}).json()["worldId"] for _ in range(5))
    read_page = wk.Store.list

    def read_and_delete(space: wk.Store, **options: Any) -> Any:
        page = read_page(space, **options)
        if oldest in space:
            space.delete(oldest)
        return page

    monkeypatch.setattr(wk.Store, "list", read_and_delete)
    answer = client.get("/v1/worlds", params={"limit": 4})
    assert answer.status_code == 200, answer.text
    assert [line["id"] for line in answer.json()["worlds"]] == others[::-1]
    assert answer.json()["nextCursor"] is None


def test_a_page_of_worlds_with_large_covers_ends_early_and_goes_on(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", max_answer=200_000)) as here:
        client = here.client(here.app().secret)
        world_ids = []
        for _ in range(15):
            world_ids.append(client.post("/v1/worlds", json={"world": bench()}).json()["worldId"])
            client.patch(f"/v1/worlds/{world_ids[-1]}", json={"cover": "https://example.com/" + "x" * 15_000})
        ids_seen: list[str] = []
        cursor: str | None = None
        pages = 0
        while cursor is not None or not pages:
            query = {"limit": "100", **({"cursor": cursor} if cursor else {})}
            page = client.get("/v1/worlds", params=query)
            assert page.status_code == 200 and len(page.content) <= 200_000
            ids_seen += [one["id"] for one in page.json()["worlds"]]
            cursor, pages = page.json()["nextCursor"], pages + 1
        assert ids_seen == world_ids[::-1] and pages > 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(value=JSON)
def test_an_answer_is_the_json_of_its_value_and_never_longer_than_its_limit(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert encode_json(value) == text
    size = len(text.encode("utf-8", "surrogatepass"))
    assert encode_json(value, size) == text
    if size:
        with pytest.raises(AnswerTooLarge):
            encode_json(value, size - 1)


# ---- lanes ----------------------------------------------------------------------------------------


class Slow(Seer):
    """Looks at a frame until it is let go."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.looking = 0
        self.lock = threading.Lock()

    def perceive(self, frame: str, room_name: str | None, room_description: str | None) -> Json:
        """Wait, then see what is always seen."""
        with self.lock:
            self.looking += 1
        assert self.gate.wait(300)
        return super().perceive(frame, room_name, room_description)


@contextmanager
def hostile(here: Running, slow: Slow, keys: list[str], each: int, busy: int) -> Iterator[list[int]]:
    """Ask a server for slow work with some keys, from many connections, until the block is left."""
    statuses: list[int] = []

    def ask(key: str) -> None:
        statuses.append(here.client(key).post("/v1/perceive", json={"frame_b64": GIF}).status_code)

    threads = [threading.Thread(target=ask, args=(key,)) for key in keys for _ in range(each)]
    for thread in threads:
        thread.start()
    try:
        wait_for("the work to begin", lambda: slow.looking >= busy or None)
        yield statuses
    finally:
        slow.gate.set()
        for thread in threads:
            thread.join()


def test_one_key_never_takes_all_threads_and_others_are_served_meanwhile(tmp_path: Path) -> None:
    slow = Slow()
    with running(quick(tmp_path / "w.db", vision=slow, threads=4, per_caller=2)) as here:
        mine, other = here.app().secret, here.client(here.app().secret)
        with hostile(here, slow, [mine], each=20, busy=2) as statuses:
            for _ in range(5):
                assert other.post("/v1/worlds", json={"world": bench()}).status_code == 200
            assert slow.looking == 2 and statuses == []
        assert statuses == [200] * 20  # and whoever waited is served in the end


def test_one_app_never_takes_all_threads_however_many_keys_it_has(tmp_path: Path) -> None:
    slow = Slow()
    with running(quick(tmp_path / "w.db", vision=slow, threads=4, per_caller=1, app_share=2)) as here:
        keys, other = here.app(), here.client(here.app().secret)
        secrets = [keys.secret, *(another_key(here, keys) for _ in range(5))]
        with hostile(here, slow, secrets, each=2, busy=2) as statuses:
            for _ in range(5):
                assert other.post("/v1/worlds", json={"world": bench()}).status_code == 200
            assert slow.looking == 2 and statuses == []
        assert statuses == [200] * 12


def test_the_keys_of_an_app_share_a_rate_and_its_tokens_and_publishable_keys_another(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", rate=0.001, burst=3, app_share=2, work_ms=60_000)) as here:
        keys, others = here.app(), here.app()
        with here.services.store.transaction():
            id = here.services.store.space(space_of(keys.app, "test")).create(wk.World.from_dict(bench())).id

        def count_answered(tokens: list[str], path: str, method: str) -> int:
            statuses = [here.client(token).request(method, path).status_code for token in tokens for _ in range(2)]
            assert set(statuses) <= {200, 429}
            return statuses.count(200)

        secrets = [keys.secret, *(another_key(here, keys) for _ in range(4))]
        assert count_answered(secrets, "/v1/usage", "GET") == 6
        assert count_answered([player_token(here, keys, id) for _ in range(5)], "/v1/sessions/connect", "POST") == 6
        assert count_answered([keys.publishable_key], "/v1/worlds", "GET") == 0
        assert count_answered([others.secret, others.publishable_key], "/v1/worlds", "GET") == 4


def test_a_player_whose_body_drips_holds_up_no_other_player_of_the_app(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", per_caller=1, app_share=1)) as here:
        keys = here.app()
        id = here.client(keys.secret).post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        slow, quick_one = (player_token(here, keys, id) for _ in range(2))
        with connect(here.url) as dripping:
            dripping.sendall(head("/v1/sessions/connect", f"Authorization: Bearer {slow}", "Content-Length: 9") + b"{")
            wait_for("the body", lambda: any(one.cycle is not None for one in here.connections()) or None)
            assert here.client(quick_one).post("/v1/sessions/connect").status_code == 200


def another_key(here: Running, keys: NewKeys) -> str:
    """Return a further secret key of an app."""
    with here.services.store.database.writing() as connection:
        return app_keys.create(connection, keys.app, "sk", "test", SCOPES).key


def player_token(here: Running, keys: NewKeys, world: str) -> str:
    """Return a new session token of an app's test mode."""
    tokens, key = here.services.tokens, str(here.services.apps.caller(keys.secret).key)
    claims = tokens.claims(keys.app, "test", key, world, None, None, 300)
    with here.services.store.database.writing() as connection:
        tokens.register(connection, claims)
    return tokens.sign(claims)


def test_health_is_told_while_every_thread_is_busy(tmp_path: Path) -> None:
    slow = Slow()
    with running(quick(tmp_path / "w.db", vision=slow, threads=2, per_caller=2)) as here:
        keys = [here.app().secret for _ in range(3)]
        with hostile(here, slow, keys, each=3, busy=2):
            for _ in range(5):
                assert httpx.get(f"{here.url}/healthz", timeout=10).json() == {"ok": True}


def test_more_requests_than_may_wait_are_told_to_come_back(tmp_path: Path) -> None:
    slow = Slow()
    with running(quick(tmp_path / "w.db", vision=slow, per_caller=1, waiting=2)) as here:
        key = here.app().secret
        with hostile(here, slow, [key], each=6, busy=1) as statuses:
            wait_for("three refusals", lambda: len(statuses) == 3 or None)
            assert statuses == [429] * 3
        assert sorted(statuses) == [200] * 3 + [429] * 3


def test_health_fails_when_the_database_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(quick(tmp_path / "w.db")) as here:
        monkeypatch.setattr(here.services.apps, "is_live", lambda _: 1 / 0)
        here.services.health.check()
        answer = httpx.get(f"{here.url}/healthz")
        assert answer.status_code == 503 and "database" in answer.json()["detail"]
        monkeypatch.undo()
        here.services.health.check()
        assert httpx.get(f"{here.url}/healthz").status_code == 200


def test_an_older_check_of_the_database_never_replaces_the_answer_of_a_newer_one() -> None:
    is_running, may_end = threading.Event(), threading.Event()

    def check() -> None:
        if is_running.is_set():
            raise ConnectionError
        is_running.set()
        may_end.wait(300)

    health = Health(check)
    older, newer = threading.Thread(target=health.check), threading.Thread(target=health.check)
    older.start()
    is_running.wait(300)
    newer.start()
    newer.join(0.2)
    may_end.set()
    older.join()
    newer.join()
    assert not health.is_well


def test_a_key_and_a_players_token_that_do_their_worst_keep_nobody_out(tmp_path: Path) -> None:
    """A real server: costly judging with a key, endless timers with a player's token, at ten requests a second."""
    database = str(tmp_path / "w.db")
    with wk.Store(database) as store:
        store.database.bring_up_to_date(SCHEMA)
        bad, good = (Apps(store.database).create(name).secret for name in ("bad", "good"))
    stop, status_counts = threading.Event(), {200: 0, 422: 0, 429: 0}
    with process(database, "--rate", "10", "--limit", "player_work_s", "0.3") as (url, _):
        client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {bad}"}, timeout=300)
        id = client.post("/v1/worlds", json={"world": restless()}).json()["worldId"]
        ticket = client.post("/v1/sessions/token", json={"worldId": id, "ttlSeconds": 3600}).json()["token"]
        token = client.post("/v1/sessions/connect", headers=bearer(ticket)).json()["reactorJwt"]
        player = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=300)
        run = player.post("/embed/messages", json={}).json()["run"]
        insist = {"type": "act", "id": "1", "view": "v", "action": "play_anyway"}
        run = player.post("/embed/messages", json={"run": run, "message": insist}).json()["run"]
        wait = {"run": run, "message": {**insist, "action": "wait", "ms": 1_000_000}}
        costly = {"world": wide(1500)}

        def attack(path: str, who: httpx.Client, body: Json) -> None:
            while not stop.is_set():
                status = who.post(path, json=body).status_code
                status_counts[status] += 1
                if status == 429:
                    stop.wait(0.05)

        works = [("/embed/messages", player, wait)] * 6 + [(f"/v1/worlds/{id}/lint", client, costly)] * 6
        threads = [threading.Thread(target=attack, args=work) for work in works]
        for thread in threads:
            thread.start()
        try:
            wait_for("the rate to be used up by work", lambda: status_counts[429] > 10 or None, 600)
            other = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {good}"}, timeout=300)
            mine = other.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
            for at in range(5):
                assert other.post(f"/v1/worlds/{mine}/ops", json={"ops": lane(f"Rain {at}.")}).status_code == 200
                assert httpx.get(f"{url}/healthz", timeout=300).status_code == 200
        finally:
            stop.set()
            for thread in threads:
                thread.join()
