"""An answer lives as long as its tokens come; what has arrived is used, and a cancel works at once."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pytest

from tests.generate.server import HEAD, Server, event, fit, serving
from tests.generate.worlds import LIGHTHOUSE
from tests.growing import MAX_GROWTH, growth
from worldkit import WorldError, generate_with_report
from worldkit.core.progress import ignore
from worldkit.generation.engines import chat_stream, openai_client
from worldkit.generation.engines.base import AnswerOptions, ChatRequest, ModelAnswer
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.model_access import background_loop, exchange
from worldkit.model_access.endpoint import endpoint

WORDS = [f"word{number} " for number in range(12)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again at once, and look often at what has arrived."""
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))
    monkeypatch.setattr(chat_stream, "MIN_READING_CHARACTERS_PER_S", 1e6)
    monkeypatch.setattr(chat_stream, "REPORT_INTERVAL_S", 0.01)


@dataclass
class Clock:
    """The time by which limits are kept, which a test moves on, and what the caller has seen by then.

    Of itself it moves a thousandth as fast as other clocks: no machine is so busy that it reaches a limit.
    """

    now_s: float = 0.0
    seen: chat_stream.StreamedAnswer | None = None
    reads: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def time(self) -> float:
        """Return the time in seconds."""
        with self.changed:
            self.reads += 1
            self.changed.notify_all()
            return self.now_s + time.monotonic() / 1000

    def see(self, arriving: chat_stream.StreamedAnswer) -> None:
        """Note what has arrived."""
        with self.changed:
            self.seen = arriving
            self.changed.notify_all()

    def move_on(self, seconds: float, is_seen: Callable[[chat_stream.StreamedAnswer], bool]) -> None:
        """Let time pass when the caller has seen something, and wait until every limit that it reaches has acted."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.seen is not None and is_seen(self.seen), 60)
            self.now_s += seconds
            enough_reads = self.reads + 20  # an event loop reads the time in each of its rounds
            self.changed.wait_for(lambda: self.reads >= enough_reads, 60)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the time of event loops, with limits of 0.6 and 0.3 s."""
    clock = Clock()
    monkeypatch.setattr(chat_stream, "FIRST_TOKEN_S", 0.6)
    monkeypatch.setattr(chat_stream, "SILENCE_S", 0.3)
    monkeypatch.setattr(chat_stream, "REPORT_INTERVAL_S", 1e-5)
    monkeypatch.setattr(asyncio.BaseEventLoop, "time", lambda loop: clock.time())
    return clock


GO_ON_REQUEST = ChatRequest("You write.", [{"role": "user", "content": "Go on."}], options=AnswerOptions(100))


def ask(server: Server, on_text: Any = lambda arriving: None) -> ModelAnswer:
    """Ask a server one question."""
    return ChatEngine(endpoint(f"{server.url}#m")).reply(GO_ON_REQUEST, on_text)


def test_an_answer_that_takes_longer_than_every_limit_is_read_whole_while_its_tokens_come(clock: Clock) -> None:
    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD
        for count, word in enumerate(WORDS, 1):
            yield event({"content": word})
            clock.move_on(0.2, lambda seen, count=count: seen.tokens >= count)
        yield event({}, "stop")

    with serving(script) as server:
        answer = ask(server, clock.see)
    assert clock.now_s > 2, "longer than every limit"
    assert (answer.text, answer.is_complete, answer.tokens) == ("".join(WORDS), True, 12)
    assert len(server.requests) == 1


def test_thoughts_count_as_life(clock: Clock) -> None:
    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD
        for count, word in enumerate(WORDS, 1):
            yield event({"reasoning_content": word})
            clock.move_on(0.2, lambda seen, count=count: seen.tokens >= count)
        yield event({"content": "Done."}) + event({}, "stop")

    with serving(script) as server:
        assert ask(server, clock.see).text == "Done."
    assert clock.now_s > 2, "longer than every limit"


def test_a_pause_longer_than_the_limit_ends_an_answer(clock: Clock) -> None:
    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD + event({"content": "The tower"})
        clock.move_on(0.4, lambda seen: seen.tokens == 1)
        server.open.wait(30)

    with serving(script) as server:
        answer = ask(server, clock.see)
    assert (answer.text, answer.is_complete) == ("The tower", False)


def limit_reading(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Limit the silence after the head of an answer; a busy machine may take longer to send the head."""
    read = chat_stream.read

    async def read_soon(response: Any, arrival: Any, *rest: Any) -> bool:
        arrival.patience_s = seconds
        return await read(response, arrival, *rest)

    monkeypatch.setattr(chat_stream, "read", read_soon)


def test_bytes_without_tokens_are_no_life(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_reading(monkeypatch, 0.6)

    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD
        while not server.open.wait(0.02):
            yield b": PROCESSING\n\n"

    with serving(script) as server, pytest.raises(WorldError, match="sent no token within"):
        ask(server)
    assert len(server.requests) == 1, "who is silent is not waited for twice"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"200 OK\r\ncontent-type: application/json", "sent no whole answer within"),
        (b"401 Unauthorized\r\ncontent-type: text/plain", "401"),
    ],
)
def test_a_body_that_trickles_without_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch, head: bytes, message: str
) -> None:
    limit_reading(monkeypatch, 0.3)
    monkeypatch.setattr(exchange, "REFUSAL_TIMEOUT_S", 0.3)

    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield b"HTTP/1.1 " + head + b"\r\nconnection: close\r\n\r\n"
        while not server.open.wait(0.02):
            yield b" "

    with serving(script) as server, pytest.raises(WorldError, match=message):
        ask(server)


def test_a_loop_that_cannot_be_made_is_an_error_and_no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_loop() -> asyncio.AbstractEventLoop:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(asyncio, "new_event_loop", no_loop)
    monkeypatch.setattr(background_loop, "_loops", [])

    async def work(on_event: Callable[..., None]) -> None:
        raise AssertionError("nothing runs it")

    with pytest.raises(OSError, match="Too many open files"):
        background_loop.run_telling(work, print)


def test_what_was_answered_by_an_interrupt_is_handed_over_even_so() -> None:
    async def work(tell: Any) -> None:
        for number in range(3):
            tell(number)
        await asyncio.Event().wait()

    numbers: list[int] = []

    def stop(number: int) -> None:
        numbers.append(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        background_loop.run_telling(work, stop)
    assert numbers == [0, 1, 2]


@pytest.mark.parametrize("has_begun", [True, False])
def test_an_interrupt_while_the_work_begins_leaves_none_running(
    monkeypatch: pytest.MonkeyPatch, *, has_begun: bool
) -> None:
    states: list[str] = []

    async def work(tell: Any) -> None:
        states.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            states.append("ended")

    def interrupted_run(begin: Any) -> None:
        if has_begun:
            run(begin)
            run(asyncio.sleep, 0)
        raise KeyboardInterrupt

    run = background_loop.run
    monkeypatch.setattr(background_loop, "run", interrupted_run)
    with pytest.raises(KeyboardInterrupt):
        background_loop.run_telling(work, print)
    assert states == (["begun", "ended"] if has_begun else [])


def test_a_second_interrupt_meanwhile_loses_nothing_that_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    is_told = threading.Event()

    async def work(tell: Any) -> None:
        for number in range(3):
            tell(number)
        is_told.set()
        await asyncio.Event().wait()

    numbers: list[int] = []

    def stop(number: int) -> None:
        is_told.wait()
        numbers.append(number)
        raise KeyboardInterrupt

    def interrupted_wait(event: threading.Event, timeout: float | None = None) -> bool:
        if event is not is_told:
            raise KeyboardInterrupt
        return wait(event, timeout)

    wait = threading.Event.wait
    monkeypatch.setattr(threading.Event, "wait", interrupted_wait)
    with pytest.raises(KeyboardInterrupt):
        background_loop.run_telling(work, stop)
    assert numbers == [0, 1, 2]


def test_thoughts_that_come_in_two_fields_count_once() -> None:
    thought = {"reasoning": "The tower", "reasoning_content": "The tower"}
    arrival = chat_stream.StreamedAnswer()
    arrival.add({"delta": thought}, "delta")
    assert arrival.thoughts == "The tower"


def test_each_question_gets_more_room_for_thoughts_once() -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return HEAD + event({"reasoning": "Hm."}) + event({}, "length")

    with serving(script) as server:
        engine = ChatEngine(endpoint(f"{server.url}#m"))
        for _ in range(3):
            engine.reply(GO_ON_REQUEST)
    more = 100 + openai_client.THINKING_ROOM
    assert [body["max_tokens"] for body in server.requests] == [100, more, more, more]


def test_a_question_that_does_not_fit_leaves_later_ones_their_limit() -> None:
    message = "'max_tokens' or 'max_completion_tokens' is too large: 100. The maximum context length is 64 tokens."

    def script(body: dict[str, Any], number: int) -> Any:
        return (400, json.dumps({"error": {"message": message}})) if number == 1 else fit(body, number)

    with serving(script) as server:
        engine = ChatEngine(endpoint(f"{server.url}#m"))
        with pytest.raises(WorldError, match="too large"):
            engine.reply(GO_ON_REQUEST)
        engine.reply(GO_ON_REQUEST)
    assert server.requests[-1]["max_tokens"] == 100


def test_what_arrived_before_a_silence_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_stream, "SILENCE_S", 0.3)

    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD + b"".join(event({"content": word}) for word in WORDS[:5])
        server.open.wait(30)

    with serving(script) as server:
        answer = ask(server)
    assert (answer.text, answer.is_complete) == ("".join(WORDS[:5]), False)
    assert "sent nothing more for" in answer.interruption and "after 5 tokens" in answer.interruption


def test_what_arrived_before_a_break_is_returned() -> None:
    with serving(lambda body, number: HEAD + event({"content": "The tower"})) as server:
        answer = ask(server)
    assert (answer.text, answer.is_complete) == ("The tower", False)
    assert "broke off in the middle" in answer.interruption
    assert len(server.requests) == 1


class Chunks:
    """A response whose body comes in these pieces."""

    headers: ClassVar = {"content-type": "text/event-stream"}

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


async def read_chunks(*chunks: bytes) -> tuple[str, str]:
    """Return the text that came, and why the rest did not."""
    arrival, where = chat_stream.StreamedAnswer(), endpoint("http://localhost#it")
    response: Any = Chunks(*chunks)
    try:
        await chat_stream.read(response, arrival, where, lambda text: False)
    except chat_stream.Broken as error:
        return arrival.text, str(error)
    return arrival.text, ""


def test_a_stream_that_is_cut_at_any_byte_has_broken_off_and_keeps_what_came() -> None:
    parts: list[tuple[str, str | None]] = [("The ", None), ("grün 🏰", "stop")]
    choices = [{"delta": {"content": text}, "finish_reason": end} for text, end in parts]
    events = [f"data: {json.dumps({'choices': [choice]}, ensure_ascii=False)}\n\n" for choice in choices]
    body = "".join([*events, "data: [DONE]\n\n"]).encode()

    async def main() -> None:
        for at in range(len(body) + 1):
            assert await read_chunks(body[:at], body[at:]) == ("The grün 🏰", "")
            text, reason = await read_chunks(body[:at])
            assert "The grün 🏰".startswith(text)
            assert "broke off in the middle of an answer" in reason or text == "The grün 🏰"

    asyncio.run(main())


def test_a_line_that_comes_in_many_small_parts_is_read_in_time_proportional_to_its_length() -> None:
    def read_parts(count: int) -> Callable[[], object]:
        parts = [b"data: ", *[b"x" * 100] * count]
        return lambda: asyncio.run(read_chunks(*parts))

    assert growth(read_parts, 1_000) <= MAX_GROWTH


def test_a_question_that_is_asked_again_is_judged_by_what_comes_then(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_reading(monkeypatch, 0.6)

    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD + (read_so_far(9, 10) + event({"reasoning": "Hm."}) if number == 1 else b"")
        if number > 1:
            server.open.wait(30)

    with serving(script) as server, pytest.raises(WorldError, match=r"sent no token within \d+ s\Z"):
        ask(server)
    assert len(server.requests) == 2


def test_what_is_read_again_is_a_sign_of_life_from_the_beginning() -> None:
    def read(arrival: chat_stream.StreamedAnswer, processed: int) -> bool:
        progress = {"prompt_progress": {"total": 10, "processed": processed}}
        return chat_stream._take(json.dumps(progress), arrival, endpoint("http://localhost#it"))

    arrival = chat_stream.StreamedAnswer()
    assert read(arrival, 9) and not read(arrival, 9)
    arrival.restart()
    assert read(arrival, 1)


def test_a_stream_that_says_done_is_at_its_end() -> None:
    done = HEAD + event({"content": "The lamp "}) + event({"content": "burns."}) + b"data: [DONE]\n\n"
    with serving(lambda body, number: done) as server:
        answer = ask(server)
    assert (answer.text, answer.is_complete, answer.interruption) == ("The lamp burns.", True, "")
    assert len(server.requests) == 1


def test_halves_of_a_letter_are_joined_and_one_alone_is_replaced() -> None:
    halves = HEAD + event({"content": "A fox \ud83e"}) + event({"content": "\udd8a and \ud800 more"}, "stop")
    with serving(lambda body, number: halves) as server:
        answer = ask(server)
    assert answer.text == "A fox \N{FOX FACE} and \N{REPLACEMENT CHARACTER} more"


@pytest.mark.parametrize("text", ["The lamp \ud800", "[" * 5000 + "]" * 5000, '{"title": "\ud800"}'], ids=range(3))
def test_any_answer_among_others_leaves_a_world(text: str) -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return fit(body, number) if number == 1 else HEAD + event({"content": text}, "stop")

    with serving(script) as server:
        world, _ = generate_with_report(LIGHTHOUSE, server.model, 1, states=5, planner="seed", progress=ignore)
    assert world.to_json().encode()


def test_what_was_cut_by_its_length_says_so() -> None:
    with serving(lambda body, number: HEAD + event({"content": "The tower"}) + event({}, "length")) as server:
        answer = ask(server)
    assert (answer.text, answer.is_complete, answer.interruption) == (
        "The tower",
        False,
        "it was longer than 100 tokens",
    )


def test_the_caller_is_told_how_fast_it_comes_in_its_own_thread() -> None:
    updates: list[str] = []
    is_told = threading.Event()

    def on_text(arriving: chat_stream.StreamedAnswer) -> None:
        assert threading.current_thread() is threading.main_thread()
        updates.append(str(arriving))
        if arriving.tokens > 5:
            is_told.set()

    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD + b"".join(event({"content": word}) for word in WORDS)
        for _ in range(80):  # on a busy machine the caller looks later
            if not is_told.is_set():
                server.open.wait(0.1)
                yield event({"content": "word "})
        yield event({}, "stop")

    with serving(script) as server:
        ask(server, on_text)
    assert updates[0] == "connecting (0 s)"
    assert any(re.fullmatch(r"[\d.]+ tokens/s, at most \d+ (s|min) left", update) for update in updates)


def test_the_rate_and_the_time_left_are_those_of_the_tokens_that_came_after_the_first() -> None:
    now = time.monotonic()
    arrival = chat_stream.StreamedAnswer(max_tokens=100, tokens=21, start_time=now - 60, first_token_time=now - 10)
    assert str(arrival) == "2.0 tokens/s, at most 40 s left"


def test_a_model_that_runs_here_tells_of_its_first_token_and_then_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_stream, "REPORT_INTERVAL_S", 600.0)
    updates: list[int] = []
    arrival = chat_stream.StreamedAnswer(max_tokens=9)
    for tokens in range(5):
        arrival.count_tokens(tokens, lambda update: updates.append(update.tokens))
    assert updates == [0]
    arrival.text, arrival.finish_reason = "<think>Hm.</think>The lamp", "length"
    answer = arrival.answer()
    assert (answer.text, answer.tokens, answer.is_at_limit) == ("The lamp", 4, True)
    assert answer.interruption == "it was longer than 9 tokens"


def test_a_cancel_does_not_wait_for_the_model() -> None:
    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD + b"".join(event({"content": word}) for word in WORDS[:2])
        server.open.wait(30)

    def stop(arriving: chat_stream.StreamedAnswer) -> None:
        if arriving.tokens:
            raise KeyboardInterrupt

    with serving(script) as server:
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            ask(server, stop)
        assert time.monotonic() - began < 25, "the server says nothing for 30 s"


def test_answers_that_never_come_to_their_end_are_an_error() -> None:
    def script(body: dict[str, Any], number: int) -> Any:
        return HEAD + event({"content": '{"places": [{"name": "att'})

    with serving(script) as server, pytest.raises(WorldError, match="answered nothing that a world could be made of"):
        generate_with_report(LIGHTHOUSE, server.model, states=5, planner="model", progress=ignore)


def test_a_server_that_loads_its_model_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_client, "LOADING_PAUSE_S", 0.0)
    loading = 503, '{"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}'
    with serving(lambda body, number: loading if number < 9 else "The tower.") as server:
        assert ask(server).text == "The tower."
    monkeypatch.setattr(openai_client, "LOADING_S", 0.0)
    with serving(lambda body, number: loading) as server, pytest.raises(WorldError, match="503: Loading model"):
        ask(server)


def read_so_far(processed: int, total: int) -> bytes:
    """Return what llama.cpp sends while it reads."""
    progress = {"total": total, "cache": 0, "processed": processed, "time_ms": 60}
    return b"data: " + json.dumps({"choices": [], "prompt_progress": progress}).encode() + b"\n\n"


def test_a_server_that_tells_how_far_it_has_read_is_waited_for(clock: Clock) -> None:
    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        assert body["return_progress"] is True
        yield HEAD
        for step in range(1, 13):
            yield read_so_far(step, 12)
            clock.move_on(0.2, lambda seen, step=step: seen.share_read >= step / 12)
        yield event({"content": "Done."}) + event({}, "stop")

    lines: list[str] = []

    def on_text(arriving: chat_stream.StreamedAnswer) -> None:
        clock.see(arriving)
        lines.append(str(arriving))

    with serving(script) as server:
        assert ask(server, on_text).text == "Done."
    assert clock.now_s > 2, "longer than every limit"
    assert any("the model reads the question (" in line for line in lines)


def test_a_server_that_reads_slowly_is_waited_for_as_slowly(clock: Clock) -> None:
    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD + read_so_far(1, 4)
        for step, seconds in ((1, 0.25), (2, 0.45), (3, 0.8)):  # each but the first longer than the limit of a silence
            clock.move_on(seconds, lambda seen, step=step: seen.share_read >= step / 4)
            yield read_so_far(step + 1, 4)
        yield event({"content": "Done."}) + event({}, "stop")

    with serving(script) as server:
        assert ask(server, clock.see).text == "Done."
    assert clock.now_s == pytest.approx(1.5)


def test_a_server_that_stops_reading_is_given_up_with_how_far_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_stream, "SILENCE_S", 0.3)

    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        yield HEAD + read_so_far(3, 4)
        server.open.wait(30)

    with serving(script) as server, pytest.raises(WorldError, match=r"sent no token within \d+ s; it had read 75%"):
        ask(server)


def test_a_long_question_has_more_time_where_the_server_runs_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_stream, "FIRST_TOKEN_S", 0.6)
    monkeypatch.setattr(chat_stream, "MIN_READING_CHARACTERS_PER_S", 10.0)
    question = [{"role": "user", "content": "x" * 400}]
    assert chat_stream.patience_s(question, is_here=True) == pytest.approx(40.6)
    assert chat_stream.patience_s(question, is_here=False) == pytest.approx(0.6)


@pytest.mark.parametrize("status", [b"200 OK", b"400 Bad Request"])
def test_a_packed_answer_is_refused_before_it_is_unpacked(status: bytes) -> None:
    bomb = gzip.compress(gzip.compress(b" " * 50_000_000, mtime=0), mtime=0)
    head = b"HTTP/1.1 " + status + b"\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip, gzip\r\n"
    with serving(lambda body, number: head + b"content-length: %d\r\n\r\n" % len(bomb) + bomb) as server:
        with pytest.raises(WorldError, match="packed its answer, though it was asked for it as it is"):
            ask(server)
        assert len(server.requests) == 1


def test_before_the_first_token_it_says_whether_there_is_a_connection_and_how_long_it_has_waited(clock: Clock) -> None:
    lines: list[str] = []
    is_waited_for = threading.Event()

    def on_text(arriving: chat_stream.StreamedAnswer) -> None:
        clock.see(arriving)
        lines.append(str(arriving))
        if arriving.is_sent:
            is_waited_for.set()

    def script(body: dict[str, Any], number: int) -> Iterator[bytes]:
        is_waited_for.wait(30)
        yield HEAD + event({"content": "Done."}) + event({}, "stop")

    with serving(script) as server:
        ask(server, on_text)
    assert any(line.startswith("no answer yet (") for line in lines)
    assert not any("left" in line for line in lines)
    start_time = time.monotonic() - 12.2
    arrival = chat_stream.StreamedAnswer(max_tokens=400, start_time=start_time, is_sent=False)
    assert str(arrival) == "connecting (12 s)"
    assert str(replace(arrival, is_sent=True)) == "no answer yet (12 s)"
    assert str(replace(arrival, tokens=1, first_token_time=start_time + 12)) == "the answer begins, 12 s"
