"""Two server processes over one PostgreSQL: what holds in one process holds across both."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import httpx
import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.server.conformance import ADMIN_TOKEN, CASES, client_of, play
from tests.server.hostile_text import TEXTS, stranger
from tests.server.running import bench, lane, process, quick, running, together, wait_for
from tests.server.test_conformance import Colder
from tests.server.test_webhooks import receiving
from tests.store import postgres
from worldkit.server import connected_sessions
from worldkit.server.apps import Apps
from worldkit.server.connected_sessions import ConnectedSessions
from worldkit.server.tables import SCHEMA, jobs
from worldkit.server.tokens import Tokens
from worldkit.server.webhook_store import Webhooks

pytestmark = pytest.mark.database


@dataclass
class Pair:
    """Two processes over one database."""

    store: wk.Store
    urls: tuple[str, str]

    def clients(self, **options: object) -> tuple[httpx.Client, httpx.Client]:
        """Return a client of each process, with one new key."""
        key = Apps(self.store.database).create("an app", **options).secret  # type: ignore[arg-type]
        headers = {"Authorization": f"Bearer {key}"}
        one, two = (httpx.Client(base_url=url, headers=headers, timeout=60) for url in self.urls)
        return one, two


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres.cluster() as url:
        yield url


@pytest.fixture(scope="module")
def pair(database: str) -> Iterator[Pair]:
    with wk.Store(database) as store:
        store.database.bring_up_to_date(SCHEMA)
        options = ("--rate", "0", "--webhooks-private")
        with process(database, *options) as (one, _), process(database, *options) as (two, _):
            yield Pair(store, (one, two))


def test_fifty_equal_creates_at_both_make_one_world_and_one_charge(pair: Pair) -> None:
    one, two = pair.clients()
    for ask, charge in (({"premise": "a lighthouse"}, 1), ({"world": bench()}, 1)):
        key = {"Idempotency-Key": f"k{len(ask)}{next(iter(ask))}"}

        def create(client: httpx.Client, ask: object = ask, key: dict[str, str] = key) -> httpx.Response:
            return client.post("/v1/worlds", json=ask, headers=key)

        responses = together([lambda c=c: create(c) for c in (one, two) for _ in range(25)])
        assert {answer.status_code for answer in responses} == {200} and len({answer.text for answer in responses}) == 1
        assert two.get("/v1/usage").json()["usage"]["generation"] == charge
    assert len(one.get("/v1/worlds").json()["worlds"]) == 2


def test_a_cap_holds_across_both(pair: Pair) -> None:
    one, two = pair.clients(caps={"session": 7})
    world = one.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    works = [lambda c=c: c.post("/v1/sessions/token", json={"worldId": world}) for c in (one, two) for _ in range(10)]
    responses = together(works)
    assert sorted(answer.status_code for answer in responses) == [200] * 7 + [402] * 13


def test_of_writes_at_one_revision_to_both_one_wins_and_without_one_none_is_lost(pair: Pair) -> None:
    one, two = pair.clients()
    world = one.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    ops, first = f"/v1/worlds/{world}/ops", {"If-Match": "0"}
    works = [lambda c=c: c.post(ops, json={"ops": lane("Rain.")}, headers=first) for c in (one, two) for _ in range(8)]
    assert sorted(answer.status_code for answer in together(works)) == [200] + [409] * 15

    def add(client: httpx.Client, n: int) -> httpx.Response:
        return client.post(f"/v1/worlds/{world}/states", json={"id": f"room_{n}", "base": "Bare boards."})

    responses = together([lambda c=c, n=2 * n + at: add(c, n) for at, c in enumerate((one, two)) for n in range(8)])
    assert sorted(int(answer.json()["rev"]) for answer in responses) == list(range(2, 18))
    assert two.get(f"/v1/worlds/{world}/scene").json()["states"].keys() >= {f"room_{n}" for n in range(16)}


def test_tokens_and_runs_of_one_are_good_at_the_other(pair: Pair) -> None:
    one, two = pair.clients()
    world = one.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    token = one.post("/v1/sessions/token", json={"worldId": world}).json()
    run_token = httpx.post(f"{pair.urls[1]}/v1/sessions/connect", json={"token": token["token"]}).json()["reactorJwt"]

    def say(url: str, run: str | None, message: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {run_token}"}
        return httpx.post(f"{url}/embed/messages", json={"run": run, "message": message}, headers=headers)

    first = say(pair.urls[0], None, None).json()
    press = {"type": "act", "id": "1", "view": "v", "action": "fire", "event": "walk_up_the_lane"}
    answer = say(pair.urls[1], first["run"], press).json()
    assert answer["view"]["state"]["id"] == "bench"
    two.post("/v1/sessions/revoke", json={"jti": token["jti"]})
    assert say(pair.urls[0], answer["run"], None).status_code == 401


def test_jobs_are_shared_and_each_is_done_once(pair: Pair) -> None:
    one, two = pair.clients()
    works = [
        lambda c=c, n=n: c.post("/v1/worlds", json={"premise": f"world {n}", "async": True})
        for n in range(8)
        for c in (one, two)
    ]
    job_ids = [answer.json()["jobId"] for answer in together(works)]

    def jobs_are_done() -> bool | None:
        statuses = [two.get(f"/v1/jobs/{job}").json()["status"] for job in job_ids]
        return True if set(statuses) == {"succeeded"} else None

    wait_for("the jobs", jobs_are_done)
    assert len(one.get("/v1/worlds").json()["worlds"]) == 16
    with pair.store.database.reading() as connection:
        assert len(set(connection.execute(sa.select(jobs.c.worker).where(jobs.c.id.in_(job_ids))).scalars())) == 2


def test_of_two_processes_one_delivers_an_event(pair: Pair) -> None:
    one, _ = pair.clients()
    app = Apps(pair.store.database).list()[-1]["id"]
    with receiving() as receiver:
        Webhooks(pair.store.database).create(app, receiver.url, None)
        job_ids = [
            one.post("/v1/worlds", json={"premise": f"a lane {n}", "async": True}).json()["jobId"] for n in range(6)
        ]
        wait_for("the deliveries", lambda: len(receiver.requests) >= 6 or None)
        wait_for("nothing to be left", lambda: Webhooks(pair.store.database).claim() is None or None)
        assert sorted(event["data"]["jobId"] for event in receiver.events()) == sorted(job_ids)


def test_over_postgresql_everything_is_answered_as_written(database: str) -> None:
    with running(quick(database, generator=Colder(), workers=0, admin_token=ADMIN_TOKEN)) as here:
        for case in CASES:
            if "needs" not in case.get("given", {}):
                play(case, client_of(here, case))


def test_no_text_at_which_the_database_stumbles_makes_the_server_fail(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", ADMIN_TOKEN)
    with wk.Store(database) as store:
        store.database.bring_up_to_date(SCHEMA)
        key = Apps(store.database).create("an app").secret
    with process(database, "--rate", "0") as (url, _):
        caller = stranger(url, key)
        for text in TEXTS:
            failures = caller.failures(text)
            assert [call for call in failures if not call.startswith("503")] == []  # no model here looks at pictures


def test_ending_and_revoking_at_once_give_the_time_back_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = pair.clients()
    world = one.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    ended, other = (
        one.post("/v1/sessions/token", json={"worldId": world, "ttlSeconds": 3600}).json() for _ in range(2)
    )
    for token in (ended, other):
        assert httpx.post(f"{pair.urls[0]}/v1/sessions/connect", json={"token": token["token"]}).status_code == 200
    claims = Tokens(pair.store.database).read(ended["token"])
    sessions = ConnectedSessions(pair.store.database)
    both_read, read = threading.Barrier(2), connected_sessions._play_of

    def read_together(connection: sa.Connection, jti: str) -> object:
        play = read(connection, jti)
        with suppress(threading.BrokenBarrierError):  # one waits for the other to be done
            both_read.wait(1)
        return play

    monkeypatch.setattr(connected_sessions, "_play_of", read_together)
    together([lambda: sessions.end(claims), lambda: sessions.end_revoked(claims.app, claims.mode, claims.jti)])
    assert 3600 <= one.get("/v1/usage").json()["usage"]["session_seconds"] < 3700
