"""A model behind an endpoint: what it says becomes a world, and what goes wrong with it becomes words or templates."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.generate.server import HEAD, fit, serving, stream
from tests.generate.worlds import LIGHTHOUSE
from worldkit import Interrupted, Report, World, WorldError, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.engines import chat_stream, openai_client
from worldkit.generation.engines.base import AnswerOptions, ChatRequest
from worldkit.generation.engines.chat_engine import ChatEngine, tidy
from worldkit.generation.pipeline import backend
from worldkit.model_access.endpoint import Key, endpoint

KEY = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, and give up soon; take no key from the environment of whoever runs the tests."""
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(chat_stream, "MAX_BYTES", 1 << 16)
    monkeypatch.delenv("WORLDKIT_CHAT_KEY", raising=False)


def generate_and_judge(model: str, **options: Any) -> tuple[World, Report]:
    """Return a world of an endpoint, judged."""
    world, report = generate_with_report(LIGHTHOUSE, model, **{"planner": "seed", "progress": ignore, **options})
    assert list(world.lint("studio")) == []
    assert world.verify(LIGHTHOUSE).passed
    return world, report


def test_what_an_endpoint_says_becomes_a_world() -> None:
    with serving(fit) as server:
        world, report = generate_and_judge(server.model)
    assert report.model == f"parrot at {server.url}"
    assert report.written > 25
    assert report.fallbacks == ()
    assert len(report.by_model) == report.written
    first = server.requests[0]
    assert first["model"] == "parrot" and first["stream"] is True
    assert world.subject in first["messages"][0]["content"]
    assert server.keys[0] is None


def test_each_string_is_told_as_soon_as_it_is_there_and_in_the_callers_thread() -> None:
    texts: list[tuple[str, int]] = []
    here = threading.get_ident()

    class Watching:
        def __call__(self, done: int, total: int, what: str) -> None: ...

        def planned(self, document: Any, texts: Any) -> None: ...

        def wrote(self, at: Any, text: str) -> None:
            assert threading.get_ident() == here
            texts.append((text, len(server.requests)))

    with serving(fit) as server:
        _, report = generate_and_judge(server.model, progress=Watching())
    assert len({text for text, _ in texts}) >= report.written // 2
    assert texts[0][1] < len(server.requests), "the first is told before the last was asked for"


def test_the_sentence_that_shows_what_is_to_be_found_is_put_after_the_answer() -> None:
    with serving(fit) as server:
        world, report = generate_and_judge(server.model)
    takings = [event for event in world.events if event.name.startswith("take_")]
    for event in takings:
        assert f"states.{event.from_[0]}.base" in report.by_model
        assert event.anchor and event.anchor.label
        assert event.anchor.label in world.states[event.from_[0]].base.lower()


def test_it_works_where_an_event_loop_runs_already_as_in_a_notebook() -> None:
    async def cell() -> Report:
        return generate_and_judge(server.model, states=5)[1]

    with serving(fit) as server:
        assert asyncio.run(cell()).written > 20


REFUSED = {
    "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
    "temperature": "'temperature' does not support 0.7 with this model.",
    "seed": "Unexpected fields in the request: {'seed'}",
    "stream": "stream: extra fields not permitted",
    "return_progress": "return_progress: extra fields not permitted",
    "system": "System role not supported",
}


@pytest.mark.parametrize("status", [400, 422])
def test_a_field_that_a_server_refuses_is_done_without_one_after_the_other(status: int) -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        for name, message in REFUSED.items():
            if name in body or (name == "system" and body["messages"][0]["role"] == "system"):
                return status, json.dumps({"error": {"message": message}})
        return fit(body, number)

    with serving(script) as server:
        _, report = generate_and_judge(server.model, states=5)
    assert report.fallbacks == ()
    last = server.requests[-1]
    assert set(last) == {"model", "messages", "max_completion_tokens"}
    assert [turn["role"] for turn in last["messages"]] == [*["user", "assistant"] * 2, "user"]


def test_a_failure_of_the_moment_teaches_no_repair_but_that_of_a_schema() -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return (500, "stream reset by the system, seed lost") if number == 2 else fit(body, number)

    with serving(script) as server:
        _, report = generate_and_judge(server.model, states=5)
    assert report.fallbacks == ()
    assert all(body["stream"] and "seed" in body for body in server.requests)
    assert server.requests[-1]["messages"][0]["role"] == "system"


def test_a_refusal_that_no_repair_helps_is_an_error_with_the_servers_words() -> None:
    with (
        serving(lambda body, n: (400, '{"error": {"message": "the model is\\n\\u001b[31m asleep"}}')) as server,
        pytest.raises(WorldError, match=r"answered 400: the model is \[31m asleep"),
    ):
        generate_and_judge(server.model)


@pytest.mark.parametrize(
    ("status", "message"),
    [(401, "no key was sent: give key="), (404, "is 'parrot' a model it has"), (307, "redirects are not followed")],
)
def test_an_error_says_what_to_do(status: int, message: str) -> None:
    with serving(lambda body, n: (status, "{}")) as server, pytest.raises(WorldError, match=message):
        generate_and_judge(server.model)
    assert len(server.requests) <= 8


# ---- the key -----------------------------------------------------------------------------------------


def test_a_key_is_sent_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda body, n: (401, json.dumps({"error": {"message": f"Incorrect key: {KEY}"}}))) as server:
        with pytest.raises(WorldError, match="does not accept the key that it was sent") as error:
            generate_and_judge(server.model, key=KEY)
        assert server.keys[0] == f"Bearer {KEY}"
        model = backend.named(server.model, KEY)
        engine = ChatEngine(model.endpoint) if model.endpoint else None
    texts = [
        str(error.value),
        repr(error.value),
        repr(model),
        repr(engine),
        repr(vars(engine)),
        caplog.text,
        model.name,
    ]
    assert not any(KEY in text for text in texts)


def test_a_secret_in_the_query_of_an_address_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda body, n: (401, "no")) as server, pytest.raises(WorldError, match="401"):
        generate_and_judge(f"chat:{server.url}?token={KEY}#m")
    assert "HTTP Request: POST" in caplog.text and KEY not in caplog.text


@pytest.mark.parametrize("kind", ["", "chat:", "images:", "chta:"])
@pytest.mark.parametrize("address", [f"http://h..x/v1?token={KEY}#m", f"http://me:{KEY}@h/v1#m", f"ws://me:{KEY}/x@h"])
def test_a_name_that_is_refused_is_quoted_without_what_is_secret_in_it(kind: str, address: str) -> None:
    world = wk.samples.load("bench")
    for call in (
        lambda: wk.generate("A diver finds a door.", kind + address),
        lambda: wk.paint(world, kind + address),
        lambda: wk.Client("sk_test_0123456789", address),
    ):
        with pytest.raises(WorldError) as error:
            call()
        assert KEY not in str(error.value)


def test_a_key_goes_to_no_other_process() -> None:
    with pytest.raises(WorldError, match="set WORLDKIT_CHAT_KEY in their environment"):
        pickle.dumps(backend.named("chat:http://localhost:1/v1#m", KEY))
    model = backend.named("chat:http://localhost:1/v1#m")
    assert pickle.loads(pickle.dumps(model)) == model


def test_a_key_is_not_sent_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorldError, match="not sent over plain http to example"):
        endpoint("http://example.com/v1#m", KEY)
    monkeypatch.setenv("WORLDKIT_CHAT_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", "other")
    assert endpoint("http://example.com/v1#m").key() is None
    for safe in ("https://example.com/v1#m", "http://localhost:1#m", "http://127.0.0.1:1#m", "http://[::1]:1#m"):
        key = endpoint(safe).key()
        assert key and key.reveal() == KEY
    monkeypatch.delenv("WORLDKIT_CHAT_KEY")
    assert endpoint("https://example.com/v1#m").key() is None
    key = endpoint("https://api.openai.com/v1#m").key()
    assert key and key.reveal() == "other"


def test_a_key_that_is_no_key_is_refused_without_being_repeated() -> None:
    for text in ("", "se cret", "se\ncret", "schlüssel"):
        with pytest.raises(WorldError, match="cannot be sent in a header") as error:
            Key(text)
        assert not text or text not in str(error.value)
    with pytest.raises(WorldError, match="takes none"):
        generate_with_report("", "templates", key=KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost:8000#m",
        "ftp://x#m",
        "http://#m",
        "http://x:99999#m",
        "http://a b#m",
        "http://[#m",
        "http://x..y#m",
        "http://x/v1",
    ],
)
def test_an_address_of_another_form_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(WorldError, match="chat:<base url>#<model>"):
        endpoint(text)


def test_a_password_in_an_address_is_refused_and_a_query_is_not_shown() -> None:
    with pytest.raises(WorldError, match="must not hold a name or password") as error:
        endpoint("https://me:hunter2@example.com#m")
    assert "hunter2" not in str(error.value)
    where = endpoint("https://example.com/v1?token=hunter2#a/b:c")
    assert where.at("/chat/completions") == "https://example.com/v1/chat/completions?token=hunter2"
    assert "hunter2" not in backend.named("chat:https://example.com/v1?token=hunter2#m").name
    assert where.model == "a/b:c"


SECRET = "Q+ERY/SE%20CRET"


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_secret_in_the_address_is_not_shown_in_any_form(status: int) -> None:
    forms = [f"v=1&api-key={SECRET}", SECRET, "Q+ERY/SE CRET", "Q ERY/SE CRET", "Q%2BERY%2FSE+CRET"]
    texts = ["; ".join(forms), *(json.dumps({"error": error}) for error in ({"message": "; ".join(forms)}, [forms]))]
    for body in [*texts, texts[-1].replace("/", "\\/")]:
        with (
            serving(lambda request, n, body=body: (status, body)) as server,
            pytest.raises(WorldError, match=f"answered {status}") as error,
        ):
            generate_and_judge(f"chat:{server.url}?v=1&api-key={SECRET}#m")
        assert "CRET" not in str(error.value) and "ERY" not in str(error.value)


def test_a_short_value_of_an_address_takes_no_words_away() -> None:
    with (
        serving(lambda body, n: (400, "there is no such road to the model")) as server,
        pytest.raises(WorldError, match="there is no such road to the model"),
    ):
        generate_and_judge(f"chat:{server.url}?mode=road#m")


# ---- what goes wrong on the way ----------------------------------------------------------------------


@pytest.mark.parametrize("planner", ["seed", "auto"])
def test_nobody_there_is_an_error(planner: str) -> None:
    with serving(fit) as server:
        pass
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openai_client, "PAUSES_S", (1000.0,))  # it would wait for that long before it tries again
        with pytest.raises(wk.ModelError, match="cannot be reached: nothing listens there; is the server") as error:
            wk.generate(LIGHTHOUSE, server.model, planner=planner, progress=ignore)
    assert len(error.traceback) <= 2, "the frames of worldkit say nothing about a server that does not run"


BROKEN: dict[str, Any] = {
    "cut at once": None,
    "cut in the middle": HEAD + stream("The tower")[:40],
    "no end": HEAD + b'data: {"choices": [{"delta": {"content": "The tower"}}]}\n\n',
    "no event": HEAD + b"data: {rubbish\n\n",
    "another event": HEAD + b"data: [1, 2]\n\n",
    "an error in the stream": HEAD + b'data: {"error": {"message": "out of memory"}}\n\n',
    "no http": b"220 mail.example.com ESMTP\r\n\r\n",
    "a page": (200, "<html>welcome</html>"),
    "no choices": (200, '{"choices": []}'),
    "another form": (200, "[]"),
    "overloaded": (503, "busy"),
    "too many": (429, "slow down"),
    "a line without end": HEAD + b"data: " + b"x" * (1 << 17),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_answer_is_an_error_when_it_is_all_there_is(name: str) -> None:
    with (
        serving(lambda body, n: BROKEN[name]) as server,
        pytest.raises(WorldError, match=r"http://127\.0\.0\.1|longer"),
    ):
        generate_and_judge(server.model)


@pytest.mark.parametrize("is_streamed", [True, False])
def test_an_error_in_place_of_an_answer_is_told_in_the_servers_words_without_the_key(is_streamed: bool) -> None:
    body = json.dumps({"error": {"message": f"out of credits for {KEY}"}})
    answer = HEAD + f"data: {body}\n\n".encode() if is_streamed else (200, body)
    with (
        serving(lambda request, n: answer) as server,
        pytest.raises(WorldError, match="broke off: out of credits for …") as error,
    ):
        generate_and_judge(server.model, key=KEY)
    assert KEY not in str(error.value)


@pytest.mark.parametrize("name", BROKEN)
def test_a_server_that_goes_down_half_way_leaves_the_rest_to_the_templates(name: str) -> None:
    with serving(lambda body, n: fit(body, n) if n <= 12 else BROKEN[name]) as server:
        _, report = generate_and_judge(server.model)
    assert 4 <= report.written <= 12
    assert report.fallbacks
    assert len(report.notes) == 1 and "the rest came from the templates after" in report.notes[0]
    assert "the rest came from the templates" in str(report)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "message", "detail", "choices", "delta", "content", "x"]), inner)
        | st.dictionaries(st.sampled_from(["finish_reason", "prompt_progress", "processed", "total", "usage"]), inner)
    ),
    max_leaves=9,
)
DEEP = "[" * 100_000
BODIES = st.builds(json.dumps, JSON) | st.sampled_from([DEEP, DEEP + "]" * 100_000, '{"error":' * 60_000, "1" * 5000])


@settings(deadline=None, max_examples=150)
@given(
    body=BODIES,
    status=st.sampled_from([400, 401, 404, 422, 500, 503]),
    kind=st.sampled_from(["error", "event", "whole", "delta"]),
    key=st.sampled_from([None, KEY]),
)
@example(body='{"error": {"message": null}}', status=401, kind="error", key=KEY)
@example(body='{"message": ["..."]}', status=400, kind="error", key=KEY)
@example(body=DEEP, status=500, kind="error", key=None)
@example(body=DEEP, status=200, kind="event", key=None)
@example(body='{"prompt_progress": {"total": 1, "processed": 1' + "0" * 400 + "}}", status=200, kind="event", key=None)
@example(body='{"content": "\\ud800"}', status=200, kind="delta", key=None)
def test_whatever_an_endpoint_answers_there_is_an_answer_or_an_error(
    body: str, status: int, kind: str, key: str | None
) -> None:
    event = f'{{"choices": [{{"delta": {body}}}]}}' if kind == "delta" else body
    answers: dict[str, Any] = {"error": (status, body), "whole": (200, body)}
    answer = answers.get(kind) or HEAD + f"data: {event}\n\ndata: [DONE]\n\n".encode()
    with serving(lambda request, number: answer) as server:
        engine = ChatEngine(endpoint(f"{server.url}#m", key))
        with suppress(WorldError):
            question = [{"role": "user", "content": "Go on."}]
            reply = engine.reply(ChatRequest("You write.", question, options=AnswerOptions(9)))
            assert isinstance(reply.text, str)


def test_a_server_that_comes_back_is_asked_again() -> None:
    questions: set[str] = set()

    def breaks_off_once(body: dict[str, Any], number: int) -> Any:
        question = json.dumps(body)
        is_new = question not in questions
        questions.add(question)
        return None if is_new and number % 9 == 5 else fit(body, number)

    with serving(breaks_off_once) as server:
        _, report = generate_and_judge(server.model)
    assert report.fallbacks == () and report.notes == ()


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_stream, "FIRST_TOKEN_S", 0.2)
    monkeypatch.setattr(chat_stream, "MIN_READING_CHARACTERS_PER_S", 1e6)

    def script(body: dict[str, Any], number: int) -> Any:
        server.open.wait(60)

    with serving(script) as server:
        began = time.monotonic()
        with pytest.raises(WorldError, match="sent no token within 0 s"):
            generate_and_judge(server.model)
        assert time.monotonic() - began < 30


def test_an_answer_without_end_is_cut() -> None:
    endless = HEAD + stream("so it goes " * 300, "length")
    with serving(lambda body, n: fit(body, n) if n == 1 else endless) as server:
        _, report = generate_and_judge(server.model, states=5)
    assert report.written == 1
    assert report.tokens < len(server.requests) * 400


@pytest.mark.parametrize("text", ["", "I cannot help with that.", "没有。", '{"a": 1}', "<script>no</script>"])
def test_rubbish_alone_is_an_error_after_every_text_was_asked_for_again(text: str) -> None:
    with serving(lambda body, n: text) as server:
        with pytest.raises(WorldError, match="answered nothing that a world could be made of"):
            generate_and_judge(server.model, states=5)
        questions = Counter(body["messages"][-1]["content"] for body in server.requests)
        assert min(questions.values()) > 1


def test_rubbish_alone_is_an_error_of_one_world_of_many() -> None:
    with serving(lambda body, n: "I cannot help with that.") as server:
        [result] = wk.generate_many([LIGHTHOUSE], server.model, states=5, planner="seed", progress=ignore)
    assert result.world is None and "answered nothing" in result.error


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_tidied_text_is_one_line_and_tidying_it_again_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert len(once.splitlines()) <= 1
    assert tidy(once) == once


def test_what_chat_models_add_is_taken_off() -> None:
    assert tidy("<think>hm,\nwell</think>\n\n“The tower stands — dark and tall…”\n\nShall I go on?") == (
        "The tower stands, dark and tall."
    )
    assert tidy("<think>and so on") == ""


def test_an_interrupt_keeps_what_was_answered() -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return fit(body, number) if number <= 20 else server.open.wait(60)

    def stop(done: int, total: int, what: str) -> None:
        if what == "writing" and done >= 10:
            raise KeyboardInterrupt

    with serving(script) as server, pytest.raises(Interrupted) as error:
        generate_and_judge(server.model, progress=stop)
    interrupt = error.value
    assert isinstance(interrupt, KeyboardInterrupt)
    assert interrupt.world is not None and interrupt.report is not None
    assert interrupt.world.verify(LIGHTHOUSE).passed
    assert 10 <= interrupt.report.written <= 20
    assert interrupt.report.fallbacks


def test_an_interrupt_does_not_wait_for_the_server() -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return fit(body, number) if number <= 3 else server.open.wait(60)

    def stop(done: int, total: int, what: str) -> None:
        if what == "writing" and done:
            raise KeyboardInterrupt

    with serving(script) as server:
        began = time.monotonic()
        with pytest.raises(Interrupted):
            generate_and_judge(server.model, progress=stop)
        assert time.monotonic() - began < 30
