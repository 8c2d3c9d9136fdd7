"""Whatever a server answers is a result or an error of worldkit's, and says what it says in the specification."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import worldkit as wk
from tests.api.scripted import KEY, Answer, Json, ReceivedRequest, Slept, serving
from worldkit.model_access.server_words import retry_after

HUGE = 10**400
"""A whole number that no float can hold, as JSON may have it."""

WORLD = wk.samples.load("bench").to_dict()
ACCOUNT = "account-0123456789abcdef"


def client(url: str, **options: Any) -> wk.Client:
    options = {"dialect": "worldkit", "account": ACCOUNT, **options}
    return wk.Client(KEY, url, sleep=Slept(), **options)


# ---- numbers, times and words of any size ------------------------------------------------------


@pytest.mark.parametrize("date", ["Mon, 01 Jan 2024 00:00:00 +9999999999999999", "Mon, 01 Jan 99999 00:00:00 GMT"])
def test_a_date_that_is_none_asks_for_no_particular_wait(date: str) -> None:
    assert retry_after({"retry-after": date}) is None
    headers = {"retry-after": "Wed, 21 Oct 2015 07:28:05 GMT", "date": date}
    assert retry_after(headers) == 0


@pytest.mark.parametrize(
    ("body", "call", "expected"),
    [
        ({"jobId": "j", "status": "running", "progress": HUGE}, lambda c: c.job("j").progress, None),
        ({"reactorJwt": "j", "expiresIn": HUGE}, lambda c: c.refresh("t" * 20).expires_in, None),
        (
            {"worlds": [{"id": "w", "created_at": "0001-01-01T00:00:00+14:00"}]},
            lambda c: c.list().items[0].name,
            "untitled",
        ),
        (
            {"day": "d", "usage": {"edit": 2.0, "session": HUGE}, "caps": {"edit": 5}},
            lambda c: c.usage().left,
            {"edit": 3},
        ),
        ({"ok": True, "seconds": 12.9}, lambda c: c.end("t" * 20), 12),
    ],
)
def test_a_number_or_a_time_that_cannot_be_held_is_left_out(
    body: Json, call: Callable[[wk.Client], object], expected: object
) -> None:
    with serving(Answer(body)) as server:
        assert call(client(server.url)) == expected


@pytest.mark.parametrize(
    ("body", "call", "message"),
    [
        ({"token": "t", "worldId": "w", "expiresIn": HUGE}, lambda c: c.session_token("w"), "'expiresIn', seconds"),
        (
            {"hotspots": [{"label": "a", "bbox": [0, HUGE], "confidence": 1}]},
            lambda c: c.ground(b"GIF89a", ["a"]),
            "a hotspot",
        ),
        ({"ok": True}, lambda c: c.end("t" * 20), "'seconds', a number"),
        ({"summary": None}, lambda c: c.perceive(b"GIF89a"), "'summary', a string"),
        ({"worlds": [], "nextCursor": 17.5}, lambda c: c.list(), "'nextCursor', a string or null"),
    ],
)
def test_a_missing_or_unreadable_part_of_an_answer_is_named(
    body: Json, call: Callable[[wk.Client], object], message: str
) -> None:
    with serving(Answer(body)) as server, pytest.raises(wk.ApiError, match=message):
        call(client(server.url))


@pytest.mark.parametrize("etag", ['"' + "1" * 5000 + '"', '"\xe9"', '"\x9b31m"'])
def test_a_revision_that_cannot_be_sent_back_is_read_from_the_graph_instead(etag: str) -> None:
    scene = {**WORLD["scene"], "rev": "7"}

    def answer(request: ReceivedRequest) -> Answer:
        return Answer(scene) if request.path.endswith("/scene") else Answer(WORLD, headers={"ETag": etag})

    with serving(answer) as server:
        assert client(server.url).get("w").rev == "7"


@pytest.mark.parametrize("rev", ["\x1b[31m7", "7" * 300, True, [7]])
def test_a_conflict_shows_no_revision_that_is_none(rev: object) -> None:
    with serving(Answer({"rev": rev}, 409)) as server, pytest.raises(wk.Conflict, match="at another revision") as error:
        client(server.url).apply("w", [{"op": "delete_state", "id": "x"}], rev="3")
    assert error.value.current == "" and "\x1b" not in str(error.value)


def test_a_description_may_be_empty() -> None:
    with serving(Answer({"summary": "", "visible": []})) as server:
        assert client(server.url).perceive(b"GIF89a").summary == ""


def test_an_error_may_be_an_object() -> None:
    answer = Answer({"error": {"message": "no such plan", "code": 3}}, 400)
    with serving(answer) as server, pytest.raises(wk.ApiError) as error:
        client(server.url).usage()
    assert error.value.detail == "no such plan"


def test_the_world_of_a_validation_may_have_null_for_absent_fields() -> None:
    with serving(Answer({"ok": True, "diagnostics": [], "world": {**WORLD, "missions": None}})) as server:
        assert client(server.url).validate("w").world == wk.samples.load("bench")


# ---- findings ----------------------------------------------------------------------------------


def finding(**fields: Any) -> wk.Diagnostic:
    answer = {"lint": "negation", "severity": "warning", "path": "state[lane].base", "message": "m", **fields}
    with serving(Answer({"ok": True, "diagnostics": [answer], "counts": {}, "promptBudget": 1900})) as server:
        linting = client(server.url).lint("w")
    assert linting.prompt_budget == 1900
    return linting.diagnostics[0]


def test_a_finding_keeps_its_place_in_factored_prose() -> None:
    loc = {"field": "base", "template": "t1", "slot": "weather", "fill": 2}
    assert finding(loc=loc).loc == loc
    assert finding(loc=["base"]).loc is None


@pytest.mark.parametrize("kind", [["state"], {"a": 1}, "planet", 7, None])
def test_a_finding_about_no_kind_of_thing_is_about_the_world(kind: object) -> None:
    diagnostic = finding(item={"kind": kind, "id": {"a": 1}})
    assert diagnostic.item.kind == "world" and hash(diagnostic) and repr(diagnostic)


# ---- what is answered with success alone -------------------------------------------------------

CALLS_WITHOUT_RESULT: list[Callable[[wk.Client], None]] = [
    lambda c: c.delete("w"),
    lambda c: c.retitle("w", "v", "t"),
    lambda c: c.prune("w", "v"),
    lambda c: c.track("t" * 20, "s"),
    lambda c: c.revoke_key("a", "k"),
    lambda c: c.delete_webhook("a", "h"),
]


@pytest.mark.parametrize("call", CALLS_WITHOUT_RESULT)
@pytest.mark.parametrize(
    "answer", [Answer(b"", 204, kind=""), Answer(b"", 200, kind="text/plain"), Answer({"ok": True})]
)
def test_any_2xx_without_a_body_is_success(call: Callable[[wk.Client], None], answer: Answer) -> None:
    with serving(answer) as server:
        call(client(server.url))
        assert len(server.seen) == 1


@pytest.mark.parametrize("call", CALLS_WITHOUT_RESULT)
@pytest.mark.parametrize(
    ("body", "message"),
    [({"ok": False, "detail": "busy"}, "not done: busy"), ({"ok": True, "deleted": False}, '"deleted": false')],
)
def test_an_answer_that_says_it_was_not_done_is_an_error(
    call: Callable[[wk.Client], None], body: Json, message: str
) -> None:
    with serving(Answer(body)) as server, pytest.raises(wk.ApiError, match=message):
        call(client(server.url))


@pytest.mark.parametrize("call", CALLS_WITHOUT_RESULT)
def test_a_page_in_place_of_an_answer_is_no_success(call: Callable[[wk.Client], None]) -> None:
    answer = Answer(b"<title>Log in</title>", kind="text/html")
    with serving(answer) as server, pytest.raises(wk.ApiError, match="text/html: Log in"):
        call(client(server.url))


# ---- lists without an end ----------------------------------------------------------------------


def circle(request: ReceivedRequest) -> Answer:
    if request.path != "/v1/worlds":
        return Answer({"detail": "none"}, 404)
    after = {"a": "b", "b": "a"}.get(request.query.get("cursor", ""), "a")
    return Answer({"worlds": [{"id": "w1", "name": "n"}], "nextCursor": after})


def counting(request: ReceivedRequest) -> Answer:
    answer = circle(request)
    answer.body["nextCursor"] = str(int(request.query.get("cursor", "0")) + 1)
    return answer


@pytest.mark.parametrize("endless", [circle, counting])
def test_a_list_that_goes_round_in_a_circle_is_an_error(endless: Callable[[ReceivedRequest], Answer]) -> None:
    async def read_all(url: str) -> None:
        async for _ in await wk.AsyncClient(KEY, url).list():
            pass

    with serving(endless) as server:
        with pytest.raises(wk.StoreError, match="goes round in a circle"):
            list(client(server.url).list())
        with pytest.raises(wk.StoreError, match="goes round in a circle"):
            asyncio.run(read_all(server.url))


def test_an_empty_page_that_names_another_is_an_error_that_says_so() -> None:
    # docs/spec/api-v1.md#worlds-and-jobs: the cursor is that of the last row
    def empty(request: ReceivedRequest) -> Answer:
        return Answer({"worlds": [], "nextCursor": request.query.get("cursor", "") + "x"})

    with serving(empty) as server, pytest.raises(wk.StoreError, match="an empty page names a page after it"):
        list(client(server.url).list())


def test_a_job_in_a_state_of_no_known_name_is_not_waited_for_without_end() -> None:
    with serving(Answer({"jobId": "j1", "status": "expired"})) as server:
        assert client(server.url).job("j1").status == "expired"
        with pytest.raises(wk.ApiError, match=r"as the status of job j1, got \"expired\"") as error:
            client(server.url).wait("j1", progress=lambda done, total, what: None)
    assert vars(error.value)["job_id"] == "j1"


@pytest.mark.parametrize("endless", [circle, counting])
def test_a_name_is_not_sought_in_a_list_without_an_end(endless: Callable[[ReceivedRequest], Answer]) -> None:
    with serving(endless) as server:
        with pytest.raises(wk.ApiError, match="does not end"):
            client(server.url)["a b"]
        assert len(server.seen) < 5


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_name_is_found_at_a_server_that_refuses_it_as_an_id(status: int) -> None:
    def answer(request: ReceivedRequest) -> Answer:
        match request.path:
            case "/v1/worlds":
                return Answer({"worlds": [{"id": "w1", "name": "The lane"}], "nextCursor": None})
            case "/v1/worlds/w1":
                return Answer(WORLD, headers={"ETag": '"3"'})
        return Answer({"detail": "this is no UUID"}, status)

    with serving(answer) as server:
        assert client(server.url)["The lane"].rev == "3"
        assert "The mill" not in client(server.url)


def test_an_empty_cursor_is_the_end() -> None:
    with serving(Answer({"worlds": [{"id": "w"}], "nextCursor": ""})) as server:
        assert [ref.id for ref in client(server.url).list()] == ["w"]


# ---- what a server is known by, and what it is sent --------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"detail": "who are you?"}, 401),
        Answer({}, 307, {"Location": "https://example.org"}),
        Answer(b"<title>Log in</title>", kind="text/html"),
    ],
)
def test_what_a_proxy_answers_does_not_tell_the_dialect_of_a_server(answer: Answer) -> None:
    with serving(answer) as server:
        api = client(server.url, dialect=None)
        with pytest.raises(wk.ApiError):
            api.usage()
        assert api.dialect is None


@pytest.mark.parametrize(
    "url", ["https://api.alakazam.gg/beta", "https://api.alakazam.gg.", "https://API.alakazam.gg:8443"]
)
def test_the_admin_token_of_a_server_of_ones_own_is_for_no_address_of_the_hosted_service(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", ACCOUNT)
    api = wk.Client(KEY, url)
    assert api.dialect == "hosted"
    with pytest.raises(wk.AuthError, match="ALAKAZAM_ACCOUNT_TOKEN"):
        api.apps()


@pytest.mark.parametrize("url", ["https://a.b/v1", "https://a.b/x/v1/"])
def test_an_address_that_ends_in_the_path_of_the_calls_is_refused(url: str) -> None:
    with pytest.raises(wk.WorldError, match="ends in /v1, which every call adds; leave it out"):
        wk.Client(KEY, url)


@pytest.mark.parametrize("url", ["https://a.b:99999", "https://..", f"https://{'a' * 70}.b", "https://xn--a"])
def test_an_address_that_no_connection_can_be_made_to_is_refused(url: str) -> None:
    with pytest.raises(wk.WorldError, match="base_url: expected an address"):
        wk.Client(KEY, url)


def test_a_credential_that_a_server_quotes_in_a_header_is_not_shown() -> None:
    token = "session-token-0123456789"
    answer = Answer({}, 302, {"Location": f"https://example.org/?t={token}", "X-Request-Id": token})
    with serving(answer) as server, pytest.raises(wk.ApiError, match="redirected") as error:
        client(server.url).connect(token)
    assert token not in str(error.value) + repr(vars(error.value))


@pytest.mark.parametrize("frame", ["picture.png", "data:image/png,abc", "data:image/png;base64,a b!", ""])
def test_a_frame_that_is_no_picture_is_refused_before_anything_is_sent(frame: str) -> None:
    with serving(Answer({})) as server:
        for call in (lambda c: c.perceive(frame), lambda c: c.generate("p", frame=frame)):
            with pytest.raises(wk.WorldError, match=r"cannot be read|is not base64|is no file"):
                call(client(server.url))
        assert not server.seen


def test_a_field_called_like_an_argument_of_the_call_is_not_taken_for_it() -> None:
    with serving(Answer({"world": WORLD, "rev": "2", "diagnostics": []})) as server:
        api = client(server.url)
        api.add_state("w", {"base": "b", "expectedRev": "x"}, rev="1")
        api.add_event("w", {"kind": "override", "from": ["lane"], "expectedRev": "x"}, rev="1")
    state, event = (request.body["ops"][0] for request in server.seen)
    assert state == {"op": "add_state", "state": {"base": "b", "expectedRev": "x"}}
    assert event == {"op": "add_event", "event": {"kind": "override", "from": ["lane"], "expectedRev": "x"}}
