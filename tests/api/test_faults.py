"""Retries, refusals and broken answers, over real connections to a server that misbehaves."""

from __future__ import annotations

import asyncio
import pickle
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.api.scripted import KEY, PUBLISHABLE, Answer, Json, Slept, run_by_hand, serving
from worldkit.model_access.server_words import retry_after
from worldkit.stores.api import wire
from worldkit.stores.api.protocol import (
    MAX_TRIES,
    RETRY_PAUSES,
    HttpReply,
    Lost,
    Pause,
    Request,
    Send,
    Step,
    send_with_retries,
    wait,
)

USAGE_ANSWER = Answer({"day": "2026-01-01", "usage": {"generations": 3}, "caps": {"generations": 5}})
BUSY_ANSWER = Answer({"detail": "not now"}, 503)
HANG_UP_ANSWER = Answer(fault="hang up")


def client(url: str, sleep: Slept | None = None, **options: Any) -> wk.Client:
    """Return a client that never really waits."""
    return wk.Client(KEY, url, sleep=sleep or Slept(), **{"dialect": "worldkit", **options})


# ---- when a request is sent again --------------------------------------------------------------


def test_503_is_tried_three_times_for_every_method_with_the_pauses_of_the_contract() -> None:
    for call in (
        lambda c: c.usage(),
        lambda c: c.rename("w", "n"),
        lambda c: c.delete("w"),
        lambda c: c.prune("w", "v"),
    ):
        sleep = Slept()
        with serving(BUSY_ANSWER) as server, client(server.url, sleep) as api:
            with pytest.raises(wk.ServiceUnavailable, match=r"refused \(503\) 3 times.*not now; nothing was done"):
                call(api)
            assert sleep.seconds == [0.3, 0.6] and len(server.seen) == 3


def test_503_twice_then_an_answer_is_an_answer_and_one_line_of_the_log() -> None:
    with serving(BUSY_ANSWER, BUSY_ANSWER, USAGE_ANSWER) as server, client(server.url) as api:
        assert api.usage().left == {"generations": 2}
        (line,) = api.requests
        assert (line.method, line.path, line.status, line.tries) == ("GET", "/v1/usage", 200, 3)


@pytest.mark.parametrize("fault", ["hang up", "reset", "half"])
def test_a_broken_connection_is_tried_again_for_a_get(fault: str) -> None:
    with serving(Answer({"x": "y"}, fault=fault), USAGE_ANSWER) as server, client(server.url) as api:
        assert api.usage().day == "2026-01-01"
        assert len(server.seen) == 2


def test_a_broken_connection_is_not_tried_again_for_a_write_without_a_key_and_says_what_may_be() -> None:
    for call in (lambda c: c.rename("w", "n"), lambda c: c.delete("w"), lambda c: c.session_token("w")):
        with serving(HANG_UP_ANSWER) as server, client(server.url) as api:
            with pytest.raises(wk.Unreachable, match="may have happened all the same") as error:
                call(api)
            assert len(server.seen) == 1 and error.value.sent


def test_a_create_is_tried_again_with_the_same_key_which_is_another_for_every_call() -> None:
    world = wk.samples.load("bench")
    creation = Answer({"worldId": "w1", "status": "ready"})
    read = Answer({"world": world.to_dict(), "rev": "0"})
    with serving(HANG_UP_ANSWER, BUSY_ANSWER, creation, read, creation, read) as server, client(server.url) as api:
        assert api.create(world).id == "w1"
        api.create(world)
        keys = [requests.headers["idempotency-key"] for requests in server.seen if requests.method == "POST"]
        assert len(keys) == 4 and len(set(keys[:3])) == 1 and keys[3] != keys[0]
        assert all(requests.body["world"] == world.to_dict() for requests in server.seen if requests.method == "POST")


def test_a_create_that_is_lost_for_good_names_the_key_to_ask_again_with() -> None:
    with serving(HANG_UP_ANSWER) as server, client(server.url) as api:
        with pytest.raises(wk.Unreachable, match=r"tried 3 times.*idempotency_key='mine'"):
            api.create(wk.samples.load("bench"), idempotency_key="mine")
        assert [requests.headers["idempotency-key"] for requests in server.seen] == ["mine"] * 3


def test_nothing_listens_is_said_as_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    sleep = Slept()
    with pytest.raises(wk.Unreachable, match=r"nothing listens at .*nothing was sent") as error:
        client(url, sleep).delete("w")
    assert not error.value.sent
    assert not sleep.seconds, "who starts a server asks again"


def test_429_waits_as_long_as_it_is_told_to_and_no_longer_than_is_bearable() -> None:
    sleep = Slept()
    with serving(Answer({}, 429, {"Retry-After": "7"}), USAGE_ANSWER) as server, client(server.url, sleep) as api:
        api.usage()
        assert sleep.seconds == [7.0]
    with serving(Answer({"detail": "slow down"}, 429, {"Retry-After": "3600"})) as server, client(server.url) as api:
        with pytest.raises(wk.RateLimited, match="slow down; wait 3600 s") as error:
            api.rename("w", "n")
        assert len(server.seen) == 1 and error.value.retry_after == 3600


def test_retry_after_may_be_a_date_told_against_the_servers_own_clock() -> None:
    headers = {"retry-after": "Wed, 21 Oct 2015 07:28:05 GMT", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}
    assert retry_after(headers) == 5.0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


outcomes = st.one_of(
    st.builds(
        HttpReply, st.sampled_from([200, 201, 400, 401, 404, 409, 422, 429, 500, 502, 503]), st.just({}), st.just(b"")
    ),
    st.builds(Lost, st.just("x"), st.booleans(), st.booleans()),
)


@settings(deadline=None)
@given(st.sampled_from(["GET", "POST", "PATCH", "DELETE"]), st.none() | st.just("k"), st.lists(outcomes, min_size=3))
def test_whatever_happens_a_request_is_sent_at_most_three_times_and_again_only_where_that_is_safe(
    method: str, key: str | None, what: list[HttpReply | Lost]
) -> None:
    request = Request(method, "/v1/x", key=key)
    given_back, outcomes, pauses = iter(what), [], []

    def take(step: Step) -> HttpReply | Lost | None:
        if isinstance(step, Send):
            assert step.request is request
            outcomes.append(next(given_back))
            return outcomes[-1]
        pauses.extend([step.seconds] if isinstance(step, Pause) else [])
        return None

    assert run_by_hand(send_with_retries(request), take).outcome is outcomes[-1]
    assert 1 <= len(outcomes) <= MAX_TRIES and pauses == list(RETRY_PAUSES[: len(pauses)])
    for before in outcomes[:-1]:
        if isinstance(before, Lost):
            assert before.is_retryable and (method == "GET" or key is not None)
        else:
            assert before.status in (429, 503)
    assert wait(request, outcomes[-1], len(outcomes)) is None


# ---- answers that are refusals -----------------------------------------------------------------

Caught = type[wk.ApiError]


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (401, {"detail": "unknown key"}, wk.AuthError, "does not know this key: unknown key"),
        (403, {"detail": "no", "scope": "worlds:write"}, wk.ScopeError, "lacks the scope worlds:write"),
        (404, {"detail": "gone"}, wk.ApiNotFound, r"refused \(404\): gone\. What belongs to another app"),
        (400, {"errors": [{"path": "name", "message": "too long"}]}, wk.ApiError, "name: too long"),
        (418, {}, wk.ApiError, r"refused \(418\)"),
        (500, {"detail": [{"loc": ["body", "name"], "msg": "boom"}]}, wk.ApiError, r"500\): body.name: boom"),
        (422, {"errors": ["bad base", "bad name"]}, wk.Unprocessable, "bad base; bad name"),
    ],
)
def test_a_refusal_is_an_error_of_its_own_kind_with_the_servers_words(
    status: int, body: Json, kind: Caught, message: str
) -> None:
    answer = Answer(body, status, {"X-Request-Id": "req_7"}, "application/problem+json")
    with serving(answer) as server, pytest.raises(kind, match=message) as error_info:
        client(server.url).rename("w", "n")
    error = error_info.value
    assert type(error) is kind and error.status == status and error.request_id == "req_7" and "req_7" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and str(again) == str(error) and again.__dict__ == error.__dict__


def test_not_found_conflict_and_refused_operations_are_also_what_a_store_raises() -> None:
    with serving(Answer({"detail": "gone"}, 404)) as server, pytest.raises(wk.NotFound):
        client(server.url).get("w")
    body = {"detail": "operation 1 (delete_state) was refused: there is no state", "index": 1, "op": "delete_state"}
    ops = [{"op": "delete_event", "name": "a"}, {"op": "delete_state", "id": "x"}]
    with serving(Answer(body, 422)) as server, pytest.raises(wk.OpError) as error:
        client(server.url).apply("w", ops, rev="3")
    assert (error.value.index, error.value.op) == (1, "delete_state")
    assert pickle.loads(pickle.dumps(error.value)).index == 1
    with serving(Answer({"detail": "no"}, 422)) as server, pytest.raises(wk.OpError, match="no") as vague:
        client(server.url).apply("w", ops, rev="3")
    assert vague.value.reason == "the server does not say for which of the operations: no"
    with serving(Answer({"detail": "stale", "rev": "5"}, 409)) as server, pytest.raises(wk.Conflict) as stale:
        client(server.url).apply("w", ops, rev="3")
    assert (stale.value.expected, stale.value.current) == ("3", "5") and server.seen[0].headers["if-match"] == "3"
    with serving(Answer({"detail": "head"}, 409)) as server, pytest.raises(wk.HeadVersion) as head:
        client(server.url).prune("w", "v1")
    assert isinstance(head.value, wk.ApiError) and pickle.loads(pickle.dumps(head.value)).version == "v1"


def test_a_strict_batch_refused_for_its_lint_names_what_would_be_wrong() -> None:
    diagnostic = {"lint": "dangling-ref", "severity": "error", "path": "events.go.to", "message": "names nothing"}
    refused_by_rule = Answer({"detail": "no", "diagnostics": [diagnostic, "junk", {"message": 3}]}, 422)
    with serving(refused_by_rule) as server, pytest.raises(wk.RuleViolation) as error:
        client(server.url).apply("w", [{"op": "delete_state", "id": "x"}], rev="3", strict=True)
    assert server.seen[0].body["strict"] is True and [one.path for one in error.value.diagnostics] == ["events.go.to"]
    assert pickle.loads(pickle.dumps(error.value)).diagnostics == error.value.diagnostics


def test_a_conflict_after_a_lost_answer_says_that_the_edit_may_be_its_own_rival() -> None:
    with (
        serving(HANG_UP_ANSWER, Answer({"rev": "4"}, 409)) as server,
        pytest.raises(wk.Conflict, match="An earlier try"),
    ):
        client(server.url).apply("w", [{"op": "delete_state", "id": "x"}], rev="3")
    assert [requests.headers["if-match"] for requests in server.seen] == ["3", "3"]


def test_402_says_what_the_quota_is_and_that_nothing_was_charged() -> None:
    quota = {"kind": "generations", "used": 20, "cap": 20, "day": "2026-01-01"}
    with serving(Answer({"detail": "over", "quota": quota}, 402)) as server, pytest.raises(wk.QuotaExceeded) as over:
        client(server.url).generate("a lighthouse")
    assert len(server.seen) == 1 and (over.value.kind, over.value.used, over.value.cap) == ("generations", 20, 20)
    assert "20 of 20 on 2026-01-01" in str(over.value) and "Nothing was charged" in str(over.value)


def test_402_of_a_server_that_does_not_say_the_quota_is_completed_from_the_usage() -> None:
    usage = Answer(
        {"day": "2026-01-01", "usage": {"generations": 20, "mints": 1}, "caps": {"generations": 20, "mints": 9}}
    )
    with serving(Answer({"detail": "over quota"}, 402), usage) as server, pytest.raises(wk.QuotaExceeded) as over:
        client(server.url).generate("a lighthouse")
    assert [requests.path for requests in server.seen] == ["/v1/worlds", "/v1/usage"]
    assert "Used up on 2026-01-01: 20 of 20 generations" in str(over.value) and "mints" not in str(over.value)
    with (
        serving(Answer({}, 402), Answer({}, 500)) as server,
        pytest.raises(wk.QuotaExceeded, match="Nothing was charged"),
    ):
        client(server.url).generate("a lighthouse")


# ---- answers that are none ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(b"<html><title>Welcome</title>", kind="text/html"), "text/html: Welcome"),
        (Answer(b"{", 200), "broken JSON"),
        (Answer(b'{"a": 1, "a": 2}', 200), "is twice"),
        (Answer(b"\xff\xfe", 200), "not UTF-8"),
        (Answer(b"[1]", 200), "a JSON list"),
        (Answer(b"[" * 100_000, 200), "broken JSON"),
        (Answer(b"", 200, kind="text/plain"), "text/plain"),
        (Answer(b"<h1>Bad gateway</h1>" * 999, 502, kind="text/html"), r"refused \(502\)"),
        (Answer({"usage": [], "caps": {}, "day": "d"}), "expected 'usage', an object"),
    ],
)
def test_what_is_no_answer_is_an_api_error_that_says_what_came(answer: Answer, message: str) -> None:
    with serving(answer) as server, pytest.raises(wk.ApiError, match=message) as error:
        client(server.url).usage()
    assert len(server.seen) == 1 and len(str(error.value)) < 1500


def test_a_redirect_is_not_followed_and_says_where_it_led() -> None:
    with serving(USAGE_ANSWER) as elsewhere:
        redirect = Answer({}, 307, {"Location": f"{elsewhere.url}/v1/usage"})
        with serving(redirect) as server, pytest.raises(wk.ApiError, match=r"redirected to http.*not followed"):
            client(server.url).usage()
        assert elsewhere.seen == []


def test_an_answer_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worldkit.stores.api.transport.MAX_BYTES", 3_000_000)
    with serving(Answer(fault="endless")) as server, pytest.raises(wk.Unreachable, match="larger than 3 MB"):
        client(server.url).usage()
    assert len(server.seen) == 1


def test_an_answer_that_drips_is_given_up_though_every_byte_comes_in_time() -> None:
    with serving(Answer({"day": "x" * 10_000}, fault="drip")) as server:
        with pytest.raises(wk.Unreachable, match=r"no whole answer within 0.25 s"):
            client(server.url, timeout=0.25).usage()
        with pytest.raises(wk.Unreachable, match=r"no whole answer within 0.25 s"):
            asyncio.run(wk.AsyncClient(KEY, server.url, timeout=0.25, sleep=Slept().later).usage())


def test_a_servers_words_move_no_cursor_show_no_key_and_stay_short() -> None:
    detail = f"\x1b[31mno\n{KEY} and pk_live_abcdefgh" + "x" * 5000
    answer = Answer({"detail": detail}, 400, {"X-Request-Id": f"r-{KEY}"})
    with serving(answer) as server, pytest.raises(wk.ApiError) as error:
        client(server.url).usage()
    texts = str(error.value) + error.value.detail + repr(error.value.__dict__)
    assert "\x1b[" not in texts and KEY not in texts and "abcdefgh" not in texts and len(str(error.value)) < 900


# ---- before anything is sent -------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.create(wk.samples.load("bench")),
        lambda c: c.generate("p"),
        lambda c: c.apply("w", [{"op": "delete_state", "id": "x"}], rev="1"),
        lambda c: c.update_state("w", "s", {"base": "b"}, rev="1"),
        lambda c: c.rename("w", "n"),
        lambda c: c.delete("w"),
        lambda c: c.snapshot("w"),
        lambda c: c.checkout("w", "v", rev="1"),
        lambda c: c.edit("w", "colder", rev="1"),
        lambda c: c.seed_frame("a lane"),
        lambda c: c.session_token("w"),
    ],
)
def test_a_publishable_key_writes_nothing_and_sends_nothing(call: Callable[[wk.Client], object]) -> None:
    with serving(USAGE_ANSWER) as server:
        api = wk.Client(PUBLISHABLE, server.url)
        with pytest.raises(wk.ScopeError, match=r"needs a secret key .*publishable.*nothing was sent") as error:
            call(api)
        assert error.value.scope in ("worlds:write", "sessions:mint") and server.seen == []
        assert api.usage().day


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "../v1/usage", "a\\b", "\x00"])
def test_what_is_no_id_never_becomes_a_path(id: str) -> None:
    with serving(USAGE_ANSWER) as server, pytest.raises((wk.NotFound, wk.WrongArgument)):
        client(server.url).get(id)
    assert server.seen == []


def test_half_a_surrogate_pair_is_no_id() -> None:
    with serving(USAGE_ANSWER) as server, pytest.raises(wk.WorldError, match="lone surrogate"):
        client(server.url).get("\ud800")
    assert server.seen == []


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_a_name_is_one_part_of_a_path_or_none(name: str) -> None:
    if wire.is_path_segment(name):
        part = wire.segment(name)
        assert part.isascii() and not set(part) & set("/\\?#") and set(part) != {"."} and unquote(part) == name
    else:
        request = wire.one_op("w", {"op": "update_state", "id": name, "patch": {"base": "b"}}, "1", "k")
        assert request.path == "/v1/worlds/w/ops" and request.body == {
            "ops": [{"op": "update_state", "id": name, "patch": {"base": "b"}}],
            "expectedRev": "1",
        }


@pytest.mark.parametrize("name", ["look up", "x.y", "été", "50%", "a?b#c", "~+&="])
def test_any_name_that_can_be_said_arrives_as_it_was(name: str) -> None:
    answer = Answer({"world": wk.samples.load("bench").to_dict(), "rev": "2"})
    with serving(answer) as server:
        client(server.url).update_event("w", name, {"base": None}, rev="1")
    (requests,) = server.seen
    assert (requests.method, requests.path, requests.body) == ("PATCH", f"/v1/worlds/w/events/{name}", {"base": None})
    assert requests.headers["if-match"] == "1" and requests.headers["idempotency-key"]


@pytest.mark.parametrize("options", [{"rev": "1\r\nX: y"}, {"rev": ""}, {"idempotency_key": "é"}, {"rev": "1" * 300}])
def test_a_header_cannot_be_smuggled_in(options: Json) -> None:
    with serving(USAGE_ANSWER) as server, pytest.raises(ValueError, match="printable ASCII"):
        client(server.url).apply("w", [{"op": "delete_state", "id": "x"}], **{"rev": "1", **options})
    assert server.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "ftp://127.0.0.1",
        "nonsense",
        "https://u:p@example.org",
        "https://a.b/?q",
        "http://[::2]",
        "http://localhost@a.b",
        "http://127.0.0.1.a.b",
        "http://0.0.0.0",
        "",
    ],
)
def test_an_address_that_would_show_the_key_is_refused(url: str) -> None:
    if url == "":
        assert wk.Client(KEY, url).base_url == "https://api.alakazam.gg"
        return
    with pytest.raises(wk.WorldError, match="base_url"):
        wk.Client(KEY, url)


@pytest.mark.parametrize("url", ["http://localhost:1", "http://[::1]:8000", "http://127.9.9.9/", "https://a.b/prefix/"])
def test_an_address_of_this_machine_or_https_is_taken(url: str) -> None:
    assert wk.Client(KEY, url).base_url == url.rstrip("/")


def test_what_goes_to_this_machine_passes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(USAGE_ANSWER) as server, serving(USAGE_ANSWER) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        client(server.url).usage()
        assert proxy.seen == [] and len(server.seen) == 1
