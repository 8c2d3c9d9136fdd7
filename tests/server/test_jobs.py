"""Jobs: charged before any work, given back when nothing came of it, taken up again when their process died."""

from __future__ import annotations

import base64
import gc
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.server.running import Running, Scripted, Seer, bench, dangling, lane, quick, rev_of, running, wait_for
from tests.server.test_once import used
from tests.server.wire import connect
from worldkit import CorruptStore, DiskFull, StoreError
from worldkit.generation.engines.base import CannotAnswer
from worldkit.generation.engines.feedback_loop import RejectedAnswer, Undecided
from worldkit.illustration.picture import is_shown
from worldkit.server import create_app, problems
from worldkit.server.apps import Apps, Caller, NewKeys
from worldkit.server.frame_fetch import MAX_BYTES as MAX_FRAME
from worldkit.server.frame_fetch import FrameRefused, fetch_frame
from worldkit.server.generator import ModelGenerator, named
from worldkit.server.idempotency import forget_old
from worldkit.server.jobs import ENDED_STATUSES, UNWANTED_ANSWER, Jobs
from worldkit.server.request_bodies import CreateWorld
from worldkit.server.services import StrictRequest
from worldkit.server.settings import space_of
from worldkit.server.tables import SCHEMA, jobs
from worldkit.server.tables import answers as answered

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(4)).decode()
AVIF = base64.b64encode(bytes(4) + b"ftypavif" + bytes(6)).decode()
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(63)).decode()
"""The starts of pictures; of the second the base64 is padded, and longer than a line."""


def ended(client: httpx.Client, job: str) -> dict[str, object]:
    def look() -> dict[str, object] | None:
        found = client.get(f"/v1/jobs/{job}").json()
        return found if found["status"] in ("succeeded", "failed", "cancelled") else None

    return wait_for("the job", look)


def test_a_job_says_how_far_it_is_and_what_it_made(client: httpx.Client, scripted: Scripted) -> None:
    scripted.gate = threading.Event()
    begun = client.post("/v1/worlds", json={"premise": "a lighthouse", "name": "mine", "async": True})
    assert begun.status_code == 202 and begun.json()["status"] in ("queued", "running")
    job = begun.json()["jobId"]
    at = wait_for("progress", lambda: (f := client.get(f"/v1/jobs/{job}").json()).get("phase") and f)
    assert (at["status"], at["phase"], at["progress"]) == ("running", "writing", 0.5)
    scripted.gate.set()
    done = ended(client, job)
    assert done["status"] == "succeeded"
    assert client.get(f"/v1/worlds/{done['worldId']}").json()["name"] == "mine"


def test_a_failed_generation_is_given_back_and_its_key_is_free(client: httpx.Client, scripted: Scripted) -> None:
    key = {"Idempotency-Key": "k"}
    scripted.error = wk.TaskRefused("the model does not write about that")
    refused = client.post("/v1/worlds", json={"premise": "x"}, headers=key)
    assert (refused.status_code, refused.json()["detail"]) == (422, "the model does not write about that")
    assert used(client, "generation") == 0
    scripted.error = RuntimeError("swordfish")
    broken = client.post("/v1/worlds", json={"premise": "x", "async": True}, headers=key).json()["jobId"]
    said = ended(client, broken)
    assert said["status"] == "failed" and "swordfish" not in str(said) and used(client, "generation") == 0
    scripted.error = None
    assert client.post("/v1/worlds", json={"premise": "x"}, headers=key).status_code == 200
    assert used(client, "generation") == 1


def test_what_only_the_operator_can_act_on_is_in_the_log_alone(
    client: httpx.Client, scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    place = "/srv/secret.db"
    for error, status, says in (
        (wk.WorldError("http://gpu7.internal:8000 cannot be reached"), 502, "the server's log has more under"),
        (DiskFull(place, 9_000, 100), 507, "disk is full"),
        (StoreError(f"{place} cannot be used: database is locked"), 503, "nothing was done; try again"),
        (CorruptStore(place, "page 3"), 503, "damaged"),
        (Undecided("m at http://gpu7.internal", (RejectedAnswer(1, "no JSON"),)), 502, "round 1: no JSON"),
        (CannotAnswer("the model takes 9 tokens"), 502, "takes 9 tokens"),
    ):
        scripted.error = error
        answer = client.post("/v1/worlds", json={"premise": "x"})
        detail = answer.json()["detail"]
        assert answer.status_code == status and says in detail, answer.text
        assert "internal" not in detail and "secret" not in detail and used(client, "generation") == 0
    assert "gpu7.internal:8000" in caplog.text and place in caplog.text


def test_a_reason_that_lies_in_the_instruction_or_the_world_is_told(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", generator=ModelGenerator("templates"))) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        for instruction, reason in (
            ("rename the attic to the loft", "there is no"),
            ("unlock the lane", "nothing to unlock"),
            ("add a way from the lane to the lane", "leads nowhere"),
            ("sing", "is not an instruction"),
        ):
            answer = client.post(f"/v1/worlds/{world}/edit", json={"instruction": instruction})
            assert answer.status_code == 422 and reason in answer.json()["detail"], answer.text
        assert used(client, "edit") == 0


class Blind(Seer):
    """Sees nothing."""

    def perceive(self, frame: str, room_name: str | None, room_description: str | None) -> dict[str, Any]:
        """Refuse the frame."""
        raise wk.WorldError("the picture is too dark")


def test_a_frame_that_the_model_refuses_is_told(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", generator=Scripted(), vision=Blind())) as here:
        client = here.client(here.app().secret)
        for path in ("/v1/worlds", "/v1/perceive"):
            answer = client.post(path, json={"frame_b64": PNG})
            assert (answer.status_code, answer.json()["detail"]) == (422, "the picture is too dark")


def test_over_the_cap_nothing_is_charged_or_begun(server: Running, scripted: Scripted) -> None:
    client = server.client(server.app(caps={"generation": 2, "session": 1, "edit": 0}).secret)
    first = client.post("/v1/worlds", json={"premise": "x"}).json()["worldId"]
    client.post("/v1/worlds", json={"premise": "x"})
    client.post("/v1/sessions/token", json={"worldId": first})
    for kind, cap, path, body in (
        ("generation", 2, "/v1/worlds", {"premise": "x"}),
        ("session", 1, "/v1/sessions/token", {"worldId": first}),
        ("edit", 0, f"/v1/worlds/{first}/edit", {"instruction": "x"}),
    ):
        refused = client.post(path, json=body)
        quota = refused.json()["quota"]
        assert (refused.status_code, quota["kind"], quota["used"], quota["cap"]) == (402, kind, cap, cap)
        assert used(client, kind) == cap
    assert scripted.calls == 2 and client.get("/v1/usage").json()["day"] == quota["day"]


def test_of_the_jobs_that_came_to_nothing_an_app_keeps_the_newest(
    server: Running, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worldkit.server.jobs.MAX_UNSUCCESSFUL_JOBS", 2)
    client, other = (server.client(server.app().secret) for _ in range(2))

    def refused_job(asking: httpx.Client) -> str:
        job: str = asking.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
        assert ended(asking, job)["status"] == "failed"
        return job

    made = client.post("/v1/worlds", json={"premise": "x"}, headers={"Idempotency-Key": "k"}).json()["worldId"]
    scripted.error = wk.TaskRefused("the model does not write about that")
    others_job = refused_job(other)
    refused_jobs = [refused_job(client) for _ in range(4)]
    assert [client.get(f"/v1/jobs/{job}").status_code for job in refused_jobs] == [404, 404, 200, 200]
    assert other.get(f"/v1/jobs/{others_job}").status_code == 200
    again = client.post("/v1/worlds", json={"premise": "x"}, headers={"Idempotency-Key": "k"})
    assert again.json()["worldId"] == made and used(client, "generation") == 1


def test_another_day_is_another_account(server: Running) -> None:
    client = server.client(server.app().secret)
    client.post("/v1/worlds", json={"premise": "x"})
    before = client.get("/v1/usage?day=2020-02-29").json()
    assert (before["day"], before["usage"]["generation"], used(client, "generation")) == ("2020-02-29", 0, 1)
    assert client.get("/v1/usage?day=yesterday").status_code == 422


def test_what_is_old_is_forgotten_and_what_is_under_way_is_not(server: Running, client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k"}
    made = client.post("/v1/worlds", json={"premise": "x"}, headers=key).json()["worldId"]
    with server.services.store.database.writing() as connection:
        connection.execute(sa.update(answered).values(created_at="2020-01-01"))
        connection.execute(sa.update(jobs).values(updated_at="2020-01-01"))
        connection.execute(sa.update(jobs).where(jobs.c.world == made).values(status="queued", world=None))
        forget_old(connection, 30, 100)
        server.services.jobs.forget_old(connection, 30, 100)
        assert list(connection.execute(sa.select(jobs.c.status)).scalars()) == ["queued"]
        connection.execute(sa.delete(jobs))
    assert client.post("/v1/worlds", json={"premise": "x"}, headers=key).json()["worldId"] != made


def test_a_world_that_is_given_is_not_charged(server: Running) -> None:
    client = server.client(server.app(caps={"generation": 0}).secret)
    assert client.post("/v1/worlds", json={"world": bench()}).status_code == 200


def test_a_frame_is_looked_at_and_what_is_seen_is_the_premise(client: httpx.Client, scripted: Scripted) -> None:
    for ask in ({"frame_b64": PNG}, {"frame_b64": PNG, "premise": "a storm"}):
        assert client.post("/v1/worlds", json=ask).status_code == 200
    assert scripted.premises == ["a room", "a storm a room"] and used(client, "generation") == 2


@pytest.mark.parametrize("frame", ["", "%%% no picture", "data:image/png,x", "data:image/png;base64,", "A", "é"])
def test_what_is_no_picture_is_refused_before_anything_is_charged(client: httpx.Client, frame: str) -> None:
    for path, more in (("/v1/worlds", {"premise": "x"}), ("/v1/perceive", {}), ("/v1/ground/objects", {"labels": []})):
        refusal = client.post(path, json={"frame_b64": frame, **more})
        assert refusal.status_code == 422 and "frame_b64" in refusal.json()["detail"], path
    assert used(client, "generation") == 0


@pytest.mark.parametrize("head", ["", "data:image/png;base64,", "data:text/html;base64,", "data:image/svg+xml;base64,"])
def test_no_text_is_taken_that_says_it_is_a_picture(client: httpx.Client, head: str) -> None:
    frame = head + base64.b64encode(b"<script>").decode()
    for path, more in (("/v1/worlds", {}), ("/v1/perceive", {}), ("/v1/ground/objects", {"labels": []})):
        refusal = client.post(path, json={"frame_b64": frame, **more})
        assert refusal.status_code == 422, path
        assert "expected a PNG, JPEG, WebP, GIF or AVIF" in refusal.json()["detail"]
    assert used(client, "generation") == 0


def test_a_picture_is_taken_as_it_is_usually_written(client: httpx.Client) -> None:
    for frame in (PNG, f"{PNG[:8]}\n{PNG[8:]}\n", PNG.rstrip("="), f"data:image/png;base64,{PNG}"):
        assert client.post("/v1/perceive", json={"frame_b64": frame}).status_code == 200, frame


@pytest.mark.parametrize(
    ("frame", "source"),
    [
        (f"\n{base64.encodebytes(base64.b64decode(JPEG)).decode()}", f"data:image/jpeg;base64,{JPEG}"),
        (JPEG.rstrip("="), f"data:image/jpeg;base64,{JPEG}"),
        (f" DATA:image/PNG;base64,{PNG[:8]}\r\n{PNG[8:]}", f"data:image/png;base64,{PNG}"),
        (f"data:text/html;base64,{PNG}", f"data:image/png;base64,{PNG}"),
        (f"data:image/png;base64,{JPEG}", f"data:image/jpeg;base64,{JPEG}"),
        (AVIF, f"data:image/avif;base64,{AVIF}"),
    ],
)
def test_a_picture_that_is_taken_is_stored_as_one_that_is_shown(client: httpx.Client, frame: str, source: str) -> None:
    answer = client.post("/v1/worlds", json={"frame_b64": frame}).json()
    document = client.get(f"/v1/worlds/{answer['worldId']}").json()
    assert document["entrance"]["image"]["src"] == document["cover"] == answer["cover"] == source
    assert is_shown(source)


def test_a_create_whose_job_is_refused_names_the_version_of_the_format(
    client: httpx.Client, scripted: Scripted
) -> None:
    scripted.error = FrameRefused("frame_url: there is no picture")
    refusal = client.post("/v1/worlds", json={"premise": "x"})
    assert (refusal.status_code, refusal.json()["schemaVersion"]) == (422, "1.0")


def test_an_instruction_is_carried_out_strictly(client: httpx.Client, world: str, scripted: Scripted) -> None:
    scripted.ops = lane("Rain on the lane.")
    done = client.post(f"/v1/worlds/{world}/edit", json={"instruction": "rain"})
    assert done.headers["etag"] == '"1"' and done.json()["reply"] == "Done: rain"
    scripted.ops = dangling()
    refused = client.post(f"/v1/worlds/{world}/edit", json={"instruction": "x"})
    assert refused.status_code == 422 and refused.json()["diagnostics"][0]["lint"] == "dangling-ref"
    assert rev_of(client, world) == "1" and used(client, "edit") == 1


def test_a_question_comes_back_in_the_reply_and_the_world_stays_as_it_is(
    client: httpx.Client, world: str, scripted: Scripted
) -> None:
    scripted.ops = []
    answer = client.post(f"/v1/worlds/{world}/edit", json={"message": "which lane?"})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"0"')
    assert answer.json()["reply"] == "Done: which lane?" and set(answer.json()) == {"world", "diagnostics", "reply"}
    assert used(client, "edit") == 1


def test_a_cancelled_job_is_answered_as_one_that_has_ended(server: Running, client: httpx.Client, app: NewKeys) -> None:
    job = client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
    ended(client, job)
    with server.services.store.database.writing() as connection:
        connection.execute(sa.update(jobs).where(jobs.c.id == job).values(status="cancelled", world=None))
    told = client.get(f"/v1/jobs/{job}").json()
    assert (told["status"], told["worldId"], told["error"], told["schemaVersion"]) == ("cancelled", None, None, "1.0")
    caller = server.services.apps.caller(app.secret)
    assert caller is not None and server.services.jobs.get(caller, job).ended


def _stored_of_jobs(server: Running) -> tuple[int, int, int]:
    """Return how many characters of inputs, answers and errors the jobs that have ended hold."""
    lengths = (
        sa.func.coalesce(sa.func.sum(sa.func.length(part)), 0) for part in (jobs.c.input, jobs.c.answer, jobs.c.error)
    )
    with server.services.store.database.reading() as connection:
        row = connection.execute(sa.select(*lengths).where(jobs.c.status.in_(ENDED_STATUSES))).one()
    return int(row[0]), int(row[1]), int(row[2])


def test_what_a_job_was_asked_and_answered_is_not_stored_once_it_is_answered(tmp_path: Path) -> None:
    scripted = Scripted()
    with running(quick(tmp_path / "w.db", generator=scripted, vision=Seer(), workers=1)) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        large = {"instruction": "x", "verifiedObjects": ["a" * 4000] * 250}
        edit = f"/v1/worlds/{world}/edit"
        assert client.post(edit, json={**large, "expectedRev": "99"}).status_code == 409
        scripted.ops = lane("Rain.")
        assert client.post(edit, json=large).json()["world"]["scene"]["states"]["lane"]["base"] == "Rain."
        with_frame = {"frame_b64": PNG + "A" * 100_000}
        assert client.post("/v1/worlds", json=with_frame).json()["cover"].endswith("AAA")
        asynchronous = client.post("/v1/worlds", json={**with_frame, "async": True}).json()["jobId"]
        assert ended(client, asynchronous)["status"] == "succeeded"
        scripted.error = RuntimeError("x")
        assert client.post("/v1/worlds", json=with_frame).status_code == 500
        # the job that its caller can ask for is there, with the input emptied
        assert _stored_of_jobs(here) == (len("{}"), 0, 0)


def test_the_answer_of_a_job_with_a_key_is_counted_and_given_again_and_goes_with_its_world(tmp_path: Path) -> None:
    scripted = Scripted()
    scripted.ops = lane("Rain.")
    with running(quick(tmp_path / "w.db", generator=scripted, workers=1)) as here:
        keys = here.app()
        client = here.client(keys.secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        edit, key = f"/v1/worlds/{world}/edit", {"Idempotency-Key": "k"}
        before = bytes_used(client)
        first = client.post(edit, json={"instruction": "x"}, headers=key)
        assert bytes_used(client) > before + 500 and _stored_of_jobs(here) == (len("{}"), 0, 0)
        client.post(f"/v1/worlds/{world}/ops", json={"ops": lane("Snow.")})
        again = client.post(edit, json={"instruction": "x"}, headers=key)
        assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
        client.delete(f"/v1/worlds/{world}")
        assert bytes_used(client) == 0
        # where there is no room for the answer, nothing is done
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        here.services.apps.limit(keys.app, {"bytes": bytes_used(client) + 100})
        edit = f"/v1/worlds/{world}/edit"
        assert client.post(edit, json={"instruction": "x"}, headers=key).status_code == 402
        assert rev_of(client, world) == "0" and used(client, "edit") == 1
        assert client.post(edit, json={"instruction": "x"}).status_code == 200


def bytes_used(client: httpx.Client) -> int:
    return int(client.get("/v1/usage").json()["usage"]["bytes"])


def test_a_refusal_with_very_many_findings_is_kept_with_its_first(tmp_path: Path) -> None:
    scripted = Scripted()
    with running(quick(tmp_path / "w.db", generator=scripted, workers=1)) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        item = wk.Item("event", "ring")
        scripted.error = wk.RuleViolation(
            wk.Diagnostics(wk.Diagnostic("dangling-ref", "error", f"e[{at}]", "x" * 300, item) for at in range(99))
        )
        key = {"Idempotency-Key": "k"}
        refused = client.post(f"/v1/worlds/{world}/edit", json={"instruction": "x"}, headers=key)
        assert refused.status_code == 422 and len(refused.json()["diagnostics"]) == 20
        assert 0 < _stored_of_jobs(here)[2] < 20_000


def test_an_answer_that_nobody_took_is_forgotten(server: Running, client: httpx.Client, world: str) -> None:
    client.post(f"/v1/worlds/{world}/edit", json={"instruction": "x"}, headers={"Idempotency-Key": "k"})
    values = {"answer": "{}", "updated_at": "2020-01-01"}
    with server.services.store.database.writing() as connection:
        job = connection.execute(sa.select(jobs.c.id).where(jobs.c.world == world)).scalar_one()
        connection.execute(sa.update(jobs).where(jobs.c.id == job).values(**values))
        server.services.jobs.forget_answers(connection, 600, 100)
    assert client.get(f"/v1/jobs/{job}").json()["worldId"] == world and _stored_of_jobs(server)[1] == 0


def test_a_call_whose_world_is_deleted_before_its_answer_is_read_is_told(
    server: Running, client: httpx.Client, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Jobs.answer

    def delete_and_read(self: Jobs, id: str) -> Any:
        client.delete(f"/v1/worlds/{world}")
        return read(self, id)

    monkeypatch.setattr(Jobs, "answer", delete_and_read)
    key = {"Idempotency-Key": "k"}
    answer = server.client(client.headers["authorization"].removeprefix("Bearer ")).post(
        f"/v1/worlds/{world}/edit", json={"instruction": "x"}, headers=key
    )
    assert answer.status_code == 404 and "was deleted since" in answer.json()["detail"]


def test_an_edit_whose_answer_would_be_too_large_is_not_done(tmp_path: Path) -> None:
    scripted = Scripted()
    scripted.ops = lane("Rain. " * 2_000)
    with running(quick(tmp_path / "w.db", generator=scripted, workers=1, max_answer=12_000)) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        refused = client.post(f"/v1/worlds/{world}/edit", json={"instruction": "x"})
        assert refused.status_code == 422 and "12,000 bytes" in refused.json()["detail"]
        assert rev_of(client, world) == "0" and used(client, "edit") == 0


def _running_job(server: Running) -> str | None:
    with server.services.store.database.reading() as connection:
        return connection.execute(sa.select(jobs.c.id).where(jobs.c.status == "running")).scalar()


@pytest.mark.parametrize("kind", ["generation", "edit"])
def test_cancelling_a_running_job_stops_the_work_and_gives_back_the_charge(
    server: Running, client: httpx.Client, world: str, scripted: Scripted, kind: str
) -> None:
    scripted.gate = threading.Event()
    key = {"Idempotency-Key": "again"}
    with ThreadPoolExecutor(1) as pool:
        if kind == "generation":
            job = client.post("/v1/worlds", json={"premise": "x", "async": True}, headers=key).json()["jobId"]
        else:
            path = f"/v1/worlds/{world}/edit"
            waiting = pool.submit(client.post, path, json={"instruction": "x"}, headers=key)
            job = wait_for("the job", lambda: _running_job(server))
        wait_for("the work", lambda: client.get(f"/v1/jobs/{job}").json()["status"] == "running" or None)
        assert used(client, kind) == 1
        ended_job = client.delete(f"/v1/jobs/{job}")
        assert (ended_job.status_code, ended_job.json()["status"], ended_job.json()["worldId"]) == (
            200,
            "cancelled",
            None,
        )
        assert scripted.stopped.wait(10), "the work goes on"
        if kind == "edit":
            assert waiting.result(10).status_code == 409 and "cancelled" in waiting.result().json()["detail"]
    assert used(client, kind) == 0 and rev_of(client, world) == "0"
    assert client.delete(f"/v1/jobs/{job}").json()["status"] == "cancelled", "to cancel again changes nothing"
    scripted.gate = None
    if kind == "generation":  # the key is free again
        assert client.post("/v1/worlds", json={"premise": "x"}, headers=key).status_code == 200


def test_a_job_that_waits_is_cancelled_and_one_that_has_ended_stays(tmp_path: Path) -> None:
    scripted = Scripted()
    scripted.gate = threading.Event()
    with running(quick(tmp_path / "w.db", generator=scripted, workers=1)) as here:
        client = here.client(here.app().secret)
        begin = {"premise": "x", "async": True}
        first, second = (client.post("/v1/worlds", json=begin).json()["jobId"] for _ in range(2))
        wait_for("the work", lambda: client.get(f"/v1/jobs/{first}").json()["status"] == "running" or None)
        assert client.delete(f"/v1/jobs/{second}").json()["status"] == "cancelled"
        scripted.gate.set()
        assert ended(client, first)["status"] == "succeeded" and scripted.calls == 1
        assert client.delete(f"/v1/jobs/{first}").json()["status"] == "succeeded"
        assert client.delete("/v1/jobs/none").status_code == 404
        other = here.client(here.app().secret)
        assert other.delete(f"/v1/jobs/{first}").status_code == 404


def test_a_charge_is_given_back_once_however_often_a_job_is_cancelled(tmp_path: Path) -> None:
    scripted = Scripted()
    scripted.gate = threading.Event()
    with running(quick(tmp_path / "w.db", generator=scripted, workers=1)) as here:
        key = here.app().secret
        client = here.client(key)
        first, second, third = (
            client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"] for _ in range(3)
        )
        assert used(client, "generation") == 3
        with ThreadPoolExecutor(6) as pool:
            statuses = list(
                pool.map(lambda id: here.client(key).delete(f"/v1/jobs/{id}").json()["status"], [second] * 6)
            )
        assert set(statuses) == {"cancelled"} and used(client, "generation") == 2
        scripted.gate.set()
        assert [ended(client, id)["status"] for id in (first, third)] == ["succeeded", "succeeded"]
        assert client.delete(f"/v1/jobs/{first}").json()["status"] == "succeeded"
        assert used(client, "generation") == 2, "what succeeded stays charged"


class Deaf:
    """A generator that reports no progress once it has begun, so that nothing can stop it."""

    def __init__(self, job: Callable[[], str | None]) -> None:
        self._job = job
        self.cancelled_job = ""
        self.cancel: Callable[[str], object] = print

    def generate(self, premise: str, seed: int, progress: Callable[[int, int, str], None]) -> wk.World:
        """Return the bench; the first of two jobs is cancelled just before."""
        if not self.cancelled_job:
            self.cancelled_job = wait_for("the job", self._job)
            self.cancel(self.cancelled_job)
        return wk.samples.load("bench")

    def revise(self, world: wk.World, instruction: str, progress: Callable[[int, int, str], None]) -> Any:
        """Not asked."""
        raise AssertionError


def test_what_was_written_when_a_job_was_cancelled_is_not_kept(tmp_path: Path) -> None:
    generator = Deaf(lambda: _running_job(here))
    with running(quick(tmp_path / "w.db", generator=generator, workers=1)) as here:
        client = here.client(here.app().secret)
        generator.cancel = lambda id: client.delete(f"/v1/jobs/{id}")
        first, second = (client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"] for _ in "ab")
        assert ended(client, second)["status"] == "succeeded"
        answer = client.get(f"/v1/jobs/{first}").json()
        assert generator.cancelled_job == first and (answer["status"], answer["worldId"]) == ("cancelled", None)
        assert len(client.get("/v1/worlds").json()["worlds"]) == used(client, "generation") == 1


def test_a_job_that_is_cancelled_while_it_ends_has_a_world_and_its_charge_or_neither(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", generator=Scripted(), workers=2)) as here:
        key = here.app().secret
        client = here.client(key)
        with ThreadPoolExecutor(4) as pool:
            ids = [client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"] for _ in range(20)]
            list(pool.map(lambda id: here.client(key).delete(f"/v1/jobs/{id}"), ids))
        outcomes = [ended(client, id) for id in ids]
        worlds = [outcome["worldId"] for outcome in outcomes if outcome["status"] == "succeeded"]
        assert {outcome["status"] for outcome in outcomes} <= {"succeeded", "cancelled"}
        assert [outcome["worldId"] for outcome in outcomes if outcome["worldId"]] == worlds
        assert {item["id"] for item in client.get("/v1/worlds").json()["worlds"]} == set(worlds)
        assert used(client, "generation") == len(worlds)


def test_what_is_known_to_be_in_the_picture_is_written_into_new_missions(
    client: httpx.Client, world: str, scripted: Scripted
) -> None:
    scripted.ops = [{"op": "add_mission", "id": "m", "title": "M", "objectives": [OBJECTIVE]}]
    body = {"instruction": "x", "verifiedObjects": ["rope"]}
    answer = client.post(f"/v1/worlds/{world}/edit", json=body).json()
    assert answer["world"]["missions"][0]["verified"] == ["rope"]
    assert "objective-ungrounded" in {finding["lint"] for finding in answer["diagnostics"]}
    assert client.post(f"/v1/worlds/{world}/edit", json={**body, "verifiedObjects": [3]}).status_code == 422


OBJECTIVE = {"id": "o", "text": "Light the lamp", "action": "The lamp lights.", "grounded": {"target": "lamp"}}


def test_what_the_generator_cannot_do_is_refused_before_anything_is_charged(tmp_path: Path) -> None:
    for generator, path in ((None, "/v1/worlds"), (None, "edit")):
        with running(quick(tmp_path / "w.db", generator=generator)) as here:
            client = here.client(here.app().secret)
            world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
            at = path if path != "edit" else f"/v1/worlds/{world}/edit"
            refused = client.post(at, json={"premise": "x", "instruction": "x"})
            assert refused.status_code == 503 and "--generator" in refused.json()["detail"]
            for at in ("/v1/perceive", "/v1/worlds"):
                vision = client.post(at, json={"frame_b64": "AA=="})
                assert vision.status_code == 503 and "Settings(vision=" in vision.json()["detail"]
            usage = client.get("/v1/usage").json()["usage"]
            assert {kind for kind, used in usage.items() if used} == {"bytes"}


def test_without_a_model_the_instructions_that_a_grammar_understands_are_followed(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db")) as here:
        client = here.client(here.app().secret)
        world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
        done = client.post(f"/v1/worlds/{world}/edit", json={"instruction": "rename the lane to the drove road"})
        assert done.status_code == 200 and "drove_road" in done.json()["world"]["scene"]["states"]
        unclear = client.post(f"/v1/worlds/{world}/edit", json={"instruction": "sing me a song"})
        assert unclear.status_code == 422 and "rename" in unclear.json()["detail"]
        assert used(client, "edit") == 1


def test_templates_make_a_world_worth_playing(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db")) as here:
        client = here.client(here.app().secret)
        made = client.post("/v1/worlds", json={"premise": "a lighthouse keeper", "seed": 7}).json()
        again = client.post("/v1/worlds", json={"premise": "a lighthouse keeper", "seed": 7}).json()
        worlds = [client.get(f"/v1/worlds/{one['worldId']}").json() for one in (made, again)]
        assert {**worlds[0], "id": ""} == {**worlds[1], "id": ""} and wk.load(worlds[0]).verify(
            "a lighthouse keeper"
        ).passed


def test_a_job_whose_process_died_is_taken_up_again_and_a_second_death_fails_it(tmp_path: Path) -> None:
    store = wk.Store(tmp_path / "w.db")
    store.database.bring_up_to_date(SCHEMA)
    apps, queue = Apps(store.database), Jobs(store.database, lease_s=30)
    caller = apps.caller(apps.create("x").secret)
    assert caller is not None

    def dies(worker: str) -> None:
        assert queue.claim(worker) is not None and queue.claim("another") is None
        with store.database.writing() as connection:
            connection.execute(sa.update(jobs).values(lease=time.time() - 1))

    with store.transaction(), store.database.writing() as connection:
        once = queue.add(connection, caller, "generation", {"premise": "x", "seed": 1}, 9)
    dies("first")
    again = queue.claim("second")
    assert again is not None and again.id == once
    with store.database.writing() as connection:
        assert not queue.holds(connection, "first", once)  # whoever was given up writes nothing any more
        assert queue.holds(connection, "second", once)
        connection.execute(sa.update(jobs).values(lease=time.time() - 1))
    assert queue.claim("third") is None
    failed = queue.get(caller, once)
    assert failed.status == "failed" and failed.error is not None and "stopped" in failed.error["detail"]
    assert failed.error == problems.body(500, failed.error["detail"])


def queue_of(place: Path, apps: dict[str, int], clock: Callable[[], float] = time.time) -> tuple[wk.Store, Jobs]:
    """Return a store and its queue, with so many jobs of each app in it, one app after the other."""
    store = wk.Store(place)
    store.database.bring_up_to_date(SCHEMA)
    queue = Jobs(store.database, 30, clock)
    with store.database.writing() as connection:
        for app, count in apps.items():
            caller = Caller(app, "test", "a key", "sk", frozenset(), {})
            for _ in range(count):
                queue.add(connection, caller, "generation", {"premise": "x", "seed": 1}, 100)
    return store, queue


def test_apps_take_turns_however_many_jobs_of_one_wait(tmp_path: Path) -> None:
    store, queue = queue_of(tmp_path / "w.db", {"many": 6, "few": 2, "one": 1})
    with store:
        claimed_jobs = [queue.claim("w") for _ in range(9)]
        assert [job and job.app for job in claimed_jobs] == ["many", "few", "one", "many", "few", *["many"] * 4]
        assert queue.claim("w") is None


def test_a_single_worker_gives_apps_their_turns_too(tmp_path: Path) -> None:
    store, queue = queue_of(tmp_path / "w.db", {"many": 5, "few": 2})
    with store:
        apps = []
        while (job := queue.claim("w")) is not None:
            apps.append(job.app)
            queue.fail("w", job, {"status": 422, "detail": "no"})
        assert apps == ["many", "few", "many", "few", "many", "many", "many"]


def test_the_app_of_which_the_fewest_jobs_run_is_next(tmp_path: Path) -> None:
    store, queue = queue_of(tmp_path / "w.db", {"busy": 4})
    with store:
        for _ in range(3):
            assert queue.claim("one process") is not None
        later, caller = Jobs(store.database, 30), Caller("late", "live", "a key", "sk", frozenset(), {})
        with store.database.writing() as connection:
            for _ in range(4):
                queue.add(connection, caller, "edit", {}, 100)
        claimed_jobs = [later.claim("another process") for _ in range(4)]
        assert [job and job.app for job in claimed_jobs] == ["late", "late", "late", "busy"]


def test_a_lease_begins_when_a_job_is_taken_up_however_long_that_waited_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    store, queue = queue_of(tmp_path / "w.db", {"app": 1}, lambda: now[0])
    write = type(store.database).writing

    def write_after_a_while(database: Any, **options: Any) -> Any:
        now[0] += 31
        return write(database, **options)

    def lease() -> float:
        with store.database.reading() as connection:
            return float(connection.execute(sa.select(jobs.c.lease)).scalar_one())

    with store:
        monkeypatch.setattr(type(store.database), "writing", write_after_a_while)
        job = queue.claim("w")
        assert job is not None and lease() == now[0] + 30
        assert queue.report_progress("w", job.id, "writing", 0.5) and lease() == now[0] + 30
        queue.heartbeat("w", [job.id])
        assert lease() == now[0] + 30


def stuck(database: str) -> None:
    """Take up jobs and never end one; run in a process of its own."""
    settings = quick(database, generator=Stuck(), lease_s=1)
    create_app(settings).state.services.workers.start()
    threading.Event().wait()


class Stuck(Scripted):
    """A generator that never answers."""

    def generate(self, premise: str, seed: int, progress: Callable[[int, int, str], None]) -> wk.World:
        """Wait."""
        threading.Event().wait()
        raise AssertionError


def test_the_job_of_a_killed_process_is_done_by_another_and_charged_once(tmp_path: Path) -> None:
    place = str(tmp_path / "w.db")
    with running(quick(place, generator=Scripted(), workers=0)) as here:
        made = here.app()
        client = here.client(made.secret)
        job = client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
        process = multiprocessing.get_context("spawn").Process(target=stuck, args=(place,))
        process.start()
        try:
            wait_for("the job to begin", lambda: client.get(f"/v1/jobs/{job}").json()["status"] == "running" or None)
        finally:
            process.kill()
            process.join()
    with running(quick(place, generator=Scripted())) as here:
        client = here.client(made.secret)
        assert ended(client, job)["status"] == "succeeded" and used(client, "generation") == 1
        assert len(client.get("/v1/worlds").json()["worlds"]) == 1


def test_a_server_that_stops_leaves_its_job_to_the_next(tmp_path: Path) -> None:
    slow = Scripted()
    slow.gate = threading.Event()
    with running(quick(tmp_path / "w.db", generator=slow)) as here:
        made = here.app()
        job = here.client(made.secret).post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
        wait_for("the job to begin", lambda: slow.calls or None)
    with running(quick(tmp_path / "w.db", generator=Scripted())) as here:
        client = here.client(made.secret)
        assert ended(client, job)["status"] == "succeeded"
        slow.gate.set()
        assert used(client, "generation") == 1 and len(client.get("/v1/worlds").json()["worlds"]) == 1


def test_a_call_that_waits_too_long_is_answered_as_a_job(tmp_path: Path) -> None:
    slow = Scripted()
    slow.gate = threading.Event()
    with running(quick(tmp_path / "w.db", generator=slow, wait_s=0.1)) as here:
        client = here.client(here.app().secret)
        begun = client.post("/v1/worlds", json={"premise": "x"})
        assert begun.status_code == 202
        slow.gate.set()
        assert ended(client, begun.json()["jobId"])["status"] == "succeeded"


@pytest.fixture
def gated(tmp_path: Path) -> Iterator[tuple[Running, Scripted]]:
    """A server whose only worker waits at a gate, and on which two calls of an app may wait for their jobs."""
    scripted = Scripted()
    scripted.gate = threading.Event()
    with running(quick(tmp_path / "w.db", generator=scripted, waiting_for_jobs=2)) as here:
        try:
            yield here, scripted
        finally:
            scripted.gate.set()


def generate_behind(client: httpx.Client, pool: ThreadPoolExecutor, **body: Any) -> Future[httpx.Response]:
    """Ask for a world, and do not wait for the answer."""
    return pool.submit(client.post, "/v1/worlds", json={"premise": "x", **body})


def wait_until_waiting(here: Running, keys: NewKeys, count: int) -> None:
    """Return once so many calls of an app wait for their jobs."""
    waits = here.services.job_waits
    wait_for("the calls", lambda: waits.count(space_of(keys.app, "test")) == count or None)


def test_more_calls_of_an_app_than_may_wait_are_answered_with_their_jobs(gated: tuple[Running, Scripted]) -> None:
    here, scripted = gated
    keys, others = here.app(), here.app()
    client, other = here.client(keys.secret), here.client(others.secret)
    with ThreadPoolExecutor(3) as pool:
        waiting = [generate_behind(client, pool) for _ in range(2)]
        wait_until_waiting(here, keys, 2)
        at_once = client.post("/v1/worlds", json={"premise": "x"})
        assert at_once.status_code == 202 and at_once.json()["status"] in ("queued", "running")
        waiting.append(generate_behind(other, pool))
        wait_until_waiting(here, others, 1)
        assert scripted.gate is not None
        scripted.gate.set()
        assert [call.result().status_code for call in waiting] == [200] * 3
    assert ended(client, at_once.json()["jobId"])["status"] == "succeeded"
    wait_until_waiting(here, keys, 0)


def test_a_call_that_waits_for_its_job_keeps_neither_its_request_nor_its_body(gated: tuple[Running, Scripted]) -> None:
    here, scripted = gated
    keys = here.app()
    with ThreadPoolExecutor(1) as pool:
        call = generate_behind(here.client(keys.secret), pool, unknown="A" * 1_000_000)
        wait_until_waiting(here, keys, 1)

        def is_gone() -> bool | None:
            gc.collect()
            return not any(isinstance(one, CreateWorld | StrictRequest) for one in gc.get_objects()) or None

        wait_for("the body to be forgotten", is_gone)
        assert scripted.gate is not None
        scripted.gate.set()
        assert call.result().status_code == 200


def test_nobody_waits_for_the_job_of_a_client_that_is_gone_and_its_answer_is_not_stored(
    gated: tuple[Running, Scripted],
) -> None:
    here, scripted = gated
    keys = here.app()
    client = here.client(keys.secret)
    world = client.post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    body = b'{"instruction": "x"}'
    lines = [f"POST /v1/worlds/{world}/edit HTTP/1.1", "Host: localhost", f"Authorization: Bearer {keys.secret}"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", "", ""]
    with connect(here.url) as call:
        call.sendall("\r\n".join(lines).encode() + body)
        wait_until_waiting(here, keys, 1)
    wait_until_waiting(here, keys, 0)
    (job,) = wait_for("the note", lambda: _jobs_with_answer(here, UNWANTED_ANSWER) or None)
    scripted.ops = lane("Rain.")
    assert scripted.gate is not None
    scripted.gate.set()
    assert ended(client, job)["status"] == "succeeded" and rev_of(client, world) == "1"
    assert _jobs_with_answer(here, None) == [job]


def _jobs_with_answer(here: Running, answer: str | None) -> list[str]:
    """Return the ids of the jobs that have an answer."""
    with here.services.store.database.reading() as connection:
        return list(
            connection.execute(sa.select(jobs.c.id).where(jobs.c.answer.is_not_distinct_from(answer))).scalars()
        )


def test_an_answer_that_is_dropped_after_its_job_has_ended_is_deleted(server: Running, client: httpx.Client) -> None:
    job = client.post("/v1/worlds", json={"premise": "x", "async": True}).json()["jobId"]
    ended(client, job)
    with server.services.store.database.writing() as connection:
        connection.execute(sa.update(jobs).where(jobs.c.id == job).values(answer="{}"))
    server.services.jobs.drop_answer(job)
    with server.services.store.database.reading() as connection:
        assert connection.execute(sa.select(jobs.c.answer).where(jobs.c.id == job)).scalar_one() is None


def test_a_look_at_a_job_does_not_read_what_it_is_to_do(tmp_path: Path) -> None:
    store, queue = queue_of(tmp_path / "w.db", {"app": 1})
    statements: list[str] = []
    with store:
        sa.event.listen(store.database.engine, "before_cursor_execute", lambda *event: statements.append(event[2]))
        with store.database.reading() as connection:
            id = connection.execute(sa.select(jobs.c.id)).scalar_one()
        assert queue.get(Caller("app", "test", "a key", "sk", frozenset(), {}), id).status == "queued"
        assert queue.claim("w") is not None and queue.claim("another") is None
        assert len(statements) > 4 and sum("input" in one for one in statements) == 1  # once, when it is taken up


def test_generators_are_found_by_name() -> None:
    assert named("none") is None and named("templates") == ModelGenerator("templates")
    assert named("chat:http://127.0.0.1:8000/v1#m") == ModelGenerator("chat:http://127.0.0.1:8000/v1#m")
    with pytest.raises(wk.WorldError, match="expected templates, tiny, local"):
        named("gpt")


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def pictures() -> Iterator[str]:
    """Serve a picture, a redirect to it, a text, and more than is allowed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = {"/p": PIXEL, "/text": b"hello", "/large": PIXEL + b"\0" * MAX_FRAME}.get(self.path, b"")
            self.send_response(200 if body else 302)
            self.send_header("Location", "/p")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_picture_at_an_address_is_fetched_where_that_is_allowed(tmp_path: Path, pictures: str) -> None:
    settings = quick(tmp_path / "w.db", generator=Scripted(), vision=Seer(), fetch_frames=True, webhooks_private=True)
    with running(settings) as here:
        client = here.client(here.app().secret)
        answer = client.post("/v1/worlds", json={"frame_url": f"{pictures}/p"}).json()
        document = client.get(f"/v1/worlds/{answer['worldId']}").json()
        assert document["entrance"]["image"]["src"] == document["cover"] == answer["cover"]
        assert base64.b64decode(document["cover"].removeprefix("data:image/png;base64,")) == PIXEL
        assert used(client, "generation") == 1
        for path, word in (("text", "got something else"), ("large", "at most 10 MB"), ("moved", "redirects")):
            refusal = client.post("/v1/worlds", json={"frame_url": f"{pictures}/{path}"})
            assert refusal.status_code == 422 and word in refusal.json()["detail"]
        assert client.post("/v1/worlds", json={"frame_url": "http://127.0.0.1:9/p"}).status_code == 422
        both = client.post("/v1/worlds", json={"frame_url": f"{pictures}/p", "frame_b64": "AA=="})
        assert both.status_code == 422
        assert used(client, "generation") == 1, "what came to nothing is given back"


def test_a_picture_at_a_private_address_is_not_fetched(tmp_path: Path, pictures: str) -> None:
    with running(quick(tmp_path / "w.db", generator=Scripted(), vision=Seer(), fetch_frames=True)) as here:
        client = here.client(here.app().secret)
        for url in (f"{pictures}/p", "https://127.0.0.1/p", "https://169.254.169.254/latest", "https://[::1]/p"):
            refusal = client.post("/v1/worlds", json={"frame_url": url})
            assert refusal.status_code == 422 and "frame_url" in refusal.json()["detail"]
    with running(quick(tmp_path / "w.db", generator=Scripted(), vision=Seer())) as here:
        client = here.client(here.app().secret)
        assert client.post("/v1/worlds", json={"frame_url": f"{pictures}/p"}).status_code == 503


def test_a_pictures_address_is_resolved_once_and_none_of_its_numbers_may_be_private(pictures: str) -> None:
    resolved: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        resolved.append(host)
        return ["127.0.0.1"] if len(resolved) == 1 else ["10.0.0.1"]

    picture = fetch_frame(pictures.replace("127.0.0.1", "localhost") + "/p", private=True, resolve=resolve)
    assert picture.startswith("data:image/png;base64,") and resolved == ["localhost"]
    for numbers in (["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:169.254.169.254"]):
        with pytest.raises(FrameRefused, match="private network"):
            fetch_frame("https://pictures.example/p", resolve=lambda *_, numbers=numbers: numbers)


def test_an_interrupt_of_the_client_that_waits_cancels_the_job(tmp_path: Path) -> None:
    scripted = Scripted()
    scripted.gate = threading.Event()

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with running(quick(tmp_path / "w.db", generator=scripted, workers=1)) as here:
        key = here.app().secret
        impatient = wk.Client(key, here.url, sleep=interrupted)
        with pytest.raises(KeyboardInterrupt) as stopped:
            impatient.generate("x", progress=lambda *_: None)
        assert "was cancelled; nothing was charged" in stopped.value.__notes__[0]
        api = wk.Client(key, here.url)
        job: str = stopped.value.job_id  # type: ignore[attr-defined]
        assert api.job(job).status == "cancelled" and api.usage().used["generation"] == 0
        with pytest.raises(wk.JobFailed, match="was cancelled"):
            api.wait(job)
        later = api.generate("x", wait=False)
        assert isinstance(later, wk.Job)
        with pytest.raises(KeyboardInterrupt):  # who waits for a job of another call leaves it alone
            impatient.wait(later.id, progress=lambda *_: None)
        assert not api.job(later.id).done and api.cancel(later.id).status == "cancelled"
