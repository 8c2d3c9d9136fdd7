"""Time, memory and connections of a client are bounded, whatever a server sends and however many calls there are."""

from __future__ import annotations

import asyncio
import gzip
import signal
import threading
import zlib
from typing import Any

import pytest

import worldkit as wk
from tests.api.scripted import ENDLESS_ANSWERS, KEY, Answer, ReceivedRequest, Slept, serving
from worldkit.model_access import background_loop
from worldkit.stores.api import transport

USAGE = b'{"day": "2026-01-01", "usage": {}, "caps": {}}'


def client(url: str, **options: Any) -> wk.Client:
    return wk.Client(KEY, url, sleep=Slept(), **options)


def async_client(url: str, **options: Any) -> wk.AsyncClient:
    return wk.AsyncClient(KEY, url, sleep=Slept().later, **options)


@pytest.mark.parametrize("fault", ENDLESS_ANSWERS)
def test_an_answer_of_which_any_part_never_ends_is_given_up_in_time(fault: str) -> None:
    with serving(Answer(fault=fault)) as server:
        with client(server.url, timeout=0.2) as api, pytest.raises(wk.Unreachable, match=r"no whole answer within 0.2"):
            api.rename("w", "n")
        with pytest.raises(wk.Unreachable, match=r"no whole answer within 0.2"):
            asyncio.run(async_client(server.url, timeout=0.2).rename("w", "n"))


def test_the_time_of_an_answer_is_kept_through_a_proxy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Answer(fault="endless header")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with client("https://api.example.org", timeout=0.2) as api, pytest.raises(wk.Unreachable, match="no whole"):
            api.rename("w", "n")


def pack(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("body", "encoding", "message"),
    [
        (pack(b" " * 4_000_000), "gzip", "larger than 3 MB"),
        (pack(pack(b" " * 4_000_000)), "gzip, gzip", "packed as gzip, gzip, and gzip was asked for"),
        (zlib.compress(USAGE), "deflate", "packed as deflate"),
        (pack(USAGE)[:-4], "gzip", "ends in the middle"),
        (b"not gzip", "gzip", "cannot be unpacked"),
    ],
)
def test_an_answer_is_unpacked_within_a_limit_and_only_as_it_was_asked_for(
    body: bytes, encoding: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_BYTES", 3_000_000)
    with serving(Answer(body, headers={"Content-Encoding": encoding})) as server, client(server.url) as api:
        with pytest.raises(wk.Unreachable, match=message):
            api.usage()
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (pack(USAGE), "gzip"),
        (pack(USAGE[:9]) + pack(USAGE[9:]), "gzip"),
        (pack(USAGE), "X-GZIP"),
        (USAGE, "identity"),
        (USAGE, ""),
    ],
    ids=["gzip", "gzip of two members", "X-GZIP", "identity", "none"],
)
def test_an_answer_that_is_packed_with_gzip_or_not_at_all_is_read(body: bytes, encoding: str) -> None:
    with serving(Answer(body, headers={"Content-Encoding": encoding})) as server:
        assert client(server.url).usage().day == "2026-01-01"
        assert asyncio.run(async_client(server.url).usage()).day == "2026-01-01"


class SlowServer:
    """Takes 40 s of its own time for every request, after all of them may begin."""

    def __init__(self) -> None:
        self.now = 0.0
        self.may_begin = threading.Event()

    def clock(self) -> float:
        return self.now

    def __call__(self, request: ReceivedRequest) -> Answer:
        assert self.may_begin.wait(30)
        self.now += 40.0
        return Answer(USAGE)


def test_the_time_that_a_call_waits_for_its_turn_is_no_time_of_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_CONNECTIONS", 1)
    slow = SlowServer()
    days: list[str] = []
    with serving(slow) as server:
        api = wk.Client(KEY, server.url, sleep=Slept(), clock=slow.clock, timeout=60)
        threads = [threading.Thread(target=lambda: days.append(api.usage().day)) for _ in range(5)]
        for thread in threads:
            thread.start()
        slow.may_begin.set()
        for thread in threads:
            thread.join(30)
        assert len(server.seen) == 5
    assert days == ["2026-01-01"] * 5


def test_an_interrupt_gives_up_the_request_and_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_CONNECTIONS", 1)

    def interrupt(request: ReceivedRequest) -> Answer:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return Answer(fault="endless header")

    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with serving(interrupt, Answer(USAGE)) as server, client(server.url) as api:
            with pytest.raises(KeyboardInterrupt):
                api.usage()
            assert api.usage().day == "2026-01-01"
    finally:
        signal.signal(signal.SIGINT, handler)


def test_many_calls_on_an_event_loop_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_CONNECTIONS", 2)

    async def ask(url: str) -> list[str]:
        api = async_client(url)
        usages = await asyncio.gather(*(api.usage() for _ in range(20)))
        await api.close()
        return [usage.day for usage in usages]

    with serving(Answer(USAGE)) as server:
        assert asyncio.run(ask(server.url)) == ["2026-01-01"] * 20


def test_an_async_client_serves_event_loops_of_several_threads_at_once() -> None:
    with serving(Answer(USAGE)) as server:
        api = async_client(server.url)
        days: list[str] = []

        async def ask() -> None:
            days.extend([(await api.usage()).day for _ in range(10)])
            await api.close()

        threads = [threading.Thread(target=lambda: asyncio.run(ask())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert days == ["2026-01-01"] * 40


def test_a_call_that_meets_the_closing_of_its_client_is_unreachable_and_nothing_was_sent() -> None:
    with serving(Answer(USAGE)) as server:
        api = client(server.url)
        sender = api._sender

        async def close_its_connections() -> None:
            await sender._connect().client.aclose()

        background_loop.run(close_its_connections)
        with pytest.raises(wk.Unreachable, match=r"closed before it was sent.*nothing was sent") as error:
            api.rename("w", "n")
        assert not error.value.sent and not server.seen


def test_a_call_after_one_for_which_no_thread_could_be_started_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(background_loop, "_loops", [])
    with serving(Answer(USAGE)) as server:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            with pytest.raises(RuntimeError):
                client(server.url).usage()
        assert client(server.url, timeout=5).usage().day == "2026-01-01"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "nonsense://me:hidden@a.b"),
        ("HTTPS_PROXY", "http://me:hid/den@a.b"),
        ("ALL_PROXY", "socks5://me:hidden@127.0.0.1:1"),
        ("SSL_CERT_FILE", "/no/such/file"),
    ],
)
def test_network_settings_that_cannot_be_used_are_named_without_a_password(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    url = "https://127.0.0.1.nip.invalid"
    for call in (client(url).usage, lambda: asyncio.run(async_client(url).usage())):
        with pytest.raises(wk.Unreachable, match=f"environment cannot be used .*{variable}.*nothing was sent") as error:
            call()
        assert not error.value.sent and "hid" not in str(error.value)


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), 1e12])
def test_a_time_that_no_socket_takes_is_refused(timeout: float) -> None:
    with pytest.raises(wk.WrongArgument, match="timeout: expected a number of seconds above 0, at most 86,400"):
        wk.Client(KEY, timeout=timeout)
