"""Half-open connections, slow bodies and slow readers end; whoever asks properly is answered meanwhile."""

from __future__ import annotations

import re
import resource
import socket
import threading
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server.running import Running, bench, quick, running, wait_for
from tests.server.test_bounds import Slow, head, hostile
from tests.server.wire import connect, everything, exchange, is_closed
from worldkit.server import bounded_io
from worldkit.server.connections import Deadline, TimedConnection, connection_limit, counted_address

STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
PARTIAL_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


def test_heads_that_never_end_are_refused_in_time(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", head_s=0.3)) as here:
        for beginning in (b"", PARTIAL_REQUEST):
            with connect(here.url) as half:
                half.sendall(beginning)
                answer = everything(half)
                assert answer.startswith(b"HTTP/1.1 408 ") and b"application/problem+json" in answer
        with connect(here.url) as connection:  # and so is the second head on one connection
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + PARTIAL_REQUEST)
            data = everything(connection)
            assert data.count(b"HTTP/1.1 200 ") == 1 and data.count(b"HTTP/1.1 408 ") == 1


def test_a_connection_that_rests_between_two_requests_ends_after_a_while(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", idle_s=1, head_s=60)) as here, connect(here.url) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert everything(connection).count(b"HTTP/1.1 200 ") == 1


def test_a_body_that_drips_is_refused_in_time_and_lets_others_of_its_caller_on(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", body_s=0.4, per_caller=1)) as here:
        keys = here.app()
        head = f"POST /v1/worlds HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {keys.secret}\r\n"
        head += "Content-Type: application/json\r\nContent-Length: 500000\r\n\r\n"
        with connect(here.url) as dripping:
            dripping.sendall(head.encode() + b'{"premise":')
            assert here.client(keys.secret).get("/v1/worlds").status_code == 200
            assert everything(dripping).startswith(b"HTTP/1.1 408 ")


def test_a_head_request_whose_body_does_not_come_is_refused_and_the_next_half_open_head_too(tmp_path: Path) -> None:
    slow = Slow()
    with running(quick(tmp_path / "w.db", vision=slow, per_caller=1, head_s=3, body_s=3)) as here:
        key = here.app().secret
        with hostile(here, slow, [key], each=1, busy=1):  # so that the HEAD waits, before its body is read
            with connect(here.url) as waiting:
                waiting.sendall(head("/v1/worlds", f"Authorization: Bearer {key}", "Content-Length: 5", method="HEAD"))
                answer = everything(waiting)
            with connect(here.url) as half:
                half.sendall(PARTIAL_REQUEST)
                assert everything(half).startswith(b"HTTP/1.1 408 ")
        assert answer.startswith(b"HTTP/1.1 408 ") and answer.endswith(b"\r\n\r\n") and len(answer.splitlines()) > 4


def test_a_head_that_does_not_come_after_a_head_request_is_answered_with_a_body(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", head_s=0.3)) as here, connect(here.url) as connection:
        connection.sendall(head("/healthz", method="HEAD") + PARTIAL_REQUEST)
        data = everything(connection)
        assert data.count(b"HTTP/1.1 200 ") == 1 and data.count(b"HTTP/1.1 408 ") == 1 and data.endswith(b"}")


def test_a_connection_that_cannot_be_checked_is_cut_off_and_the_others_are_still_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, failed, both_are_there = TimedConnection.check, list[TimedConnection](), threading.Event()

    def fail_once(connection: TimedConnection, now: float, elapsed: float) -> None:
        if not both_are_there.is_set():
            return
        if not failed:
            failed.append(connection)
            raise RuntimeError
        check(connection, now, elapsed)

    monkeypatch.setattr(TimedConnection, "check", fail_once)
    with running(quick(tmp_path / "w.db", head_s=0.3)) as here, connect(here.url) as first, connect(here.url) as second:
        wait_for("two connections", lambda: len(here.connections()) == 2 or None)
        both_are_there.set()
        answers = sorted(everything(one)[:13] for one in (first, second))
    assert answers == [b"", b"HTTP/1.1 408 "]


def test_whoever_does_not_take_an_answer_is_cut_off(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", body_s=0.4)) as here:
        keys = here.app()
        client = here.client(keys.secret)
        document = {**bench(), "notes": "x" * 6_000_000}
        id = client.post("/v1/worlds", json={"world": document}).json()["worldId"]
        with connect(here.url, receive_buffer=4096) as slow:
            ask = f"GET /v1/worlds/{id} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {keys.secret}\r\n\r\n"
            slow.sendall(ask.encode())
            wait_for("the answer to begin", lambda: slow.recv(1, socket.MSG_PEEK) or None)
            wait_for("the server to give up", lambda: _is_forgotten(here, slow))
        assert len(client.get(f"/v1/worlds/{id}").content) > 6_000_000


def _is_forgotten(here: Running, slow: socket.socket) -> bool | None:
    """Say whether the server has ended a connection."""
    port = slow.getsockname()[1]
    return True if not any(one.client and one.client[1] == port for one in here.connections()) else None


def test_eleven_hundred_half_open_connections_keep_nobody_out(tmp_path: Path) -> None:
    settings = quick(tmp_path / "w.db", head_s=60)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    try:
        with running(settings) as here, ExitStack() as connections:
            half = []
            for _ in range(1100):
                half.append(connections.enter_context(connect(here.url)))
                half[-1].sendall(PARTIAL_REQUEST)
            for _ in range(3):
                assert httpx.get(f"{here.url}/healthz", timeout=30).status_code == 200
            wait_for("the oldest to go", lambda: all(map(is_closed, half[:590])) or None)
            assert not is_closed(half[-1]) and len(here.connections()) <= 501
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("limit", ["connections", "per_address"])
def test_when_all_connections_are_at_work_the_next_is_told(tmp_path: Path, limit: str) -> None:
    with running(quick(tmp_path / "w.db", **{limit: 3})) as here, ExitStack() as connections:
        key = here.app().secret
        for _ in range(3):
            one = connections.enter_context(connect(here.url))
            head = f"POST /v1/worlds HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            one.sendall(head.encode() + b"Content-Length: 9\r\n\r\n{")
        wait_for("three requests", lambda: kept_open(here) == 3 or None)
        with connect(here.url) as fourth:
            answer = everything(fourth)
        assert answer.startswith(b"HTTP/1.1 503 ") and b"no room" in answer
        connections.close()
        wait_for("room", lambda: not here.connections() or None)
        assert httpx.get(f"{here.url}/healthz").status_code == 200


def kept_open(here: Running) -> int:
    """Return how many connections of a server are not closed for the sake of new ones."""
    return sum(one not in one.pool.closable_connections for one in here.connections())


def connect_from(url: str, address: str) -> socket.socket:
    """Return a connection to a server from an address of this machine."""
    connection = socket.socket()
    connection.settimeout(30)
    connection.bind((address, 0))
    connection.connect(("127.0.0.1", int(url.rpartition(":")[2])))
    return connection


UNAUTHORIZED_REQUESTS = {
    "the token is to be in the body": head("/v1/sessions/connect", "Content-Length: 16000"),
    "the body of a refused request is dropped": head("/v1/worlds", "Content-Length: 16000"),
    "the key is wrong": head("/v1/worlds", "Content-Length: 16000", "Authorization: Bearer sk_test_none"),
}


@pytest.mark.parametrize("name", UNAUTHORIZED_REQUESTS)
def test_requests_without_a_credential_that_are_not_whole_keep_nobody_out(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_io, "LINGER_S", 60.0)
    settings = quick(tmp_path / "w.db", connections=6, per_address=3, token_body_s=60)
    with running(settings) as here, ExitStack() as connections:
        key = here.app().secret
        half = [connections.enter_context(connect_from(here.url, f"127.0.0.{1 + at % 2}")) for at in range(6)]
        for one in half:
            one.sendall(UNAUTHORIZED_REQUESTS[name] + b"{")
        wait_for("six requests", lambda: sum(one.cycle is not None for one in here.connections()) == 6 or None)
        with connect_from(here.url, "127.0.0.3") as other:
            other.sendall(head("/v1/worlds", f"Authorization: Bearer {key}", "Connection: close", method="GET"))
            assert everything(other).startswith(b"HTTP/1.1 200 ")
        wait_for("the oldest to go", lambda: is_closed(half[0]) or None)


def test_a_body_that_is_read_for_its_token_has_a_short_time_of_its_own(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", token_body_s=0.3)) as here, connect(here.url) as dripping:
        dripping.sendall(head("/v1/sessions/connect", "Content-Length: 100") + b"{")
        answer = everything(dripping)
        assert answer.startswith(b"HTTP/1.1 408 ") and b"application/problem+json" in answer


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_connections_of_one_ipv6_network_are_counted_together(address: str, counted: str) -> None:
    assert counted_address(address) == counted


def test_at_the_limit_of_an_address_its_own_oldest_rest_goes_and_no_other_ones(tmp_path: Path) -> None:
    with running(quick(tmp_path / "w.db", per_address=2)) as here, ExitStack() as connections:
        other = connections.enter_context(connect_from(here.url, "127.0.0.2"))
        wait_for("the other one", lambda: len(here.connections()) == 1 or None)
        mine = [connections.enter_context(connect(here.url)) for _ in range(5)]
        wait_for("three to go", lambda: [*map(is_closed, mine)] == [True] * 3 + [False] * 2 or None)
        assert not is_closed(other)


@pytest.mark.parametrize("limit", [200, 1024, 100_000])
def test_there_are_never_more_connections_than_files(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    assert connection_limit(1000) == min(1000, limit - 128)


@given(
    seconds=st.floats(0.1, 100),
    rate=st.floats(1, 1e6),
    parts=st.lists(st.tuples(st.floats(0, 50), st.integers(0, 10**6)), max_size=30),
)
def test_a_deadline_grows_with_what_has_passed_and_with_nothing_else(
    seconds: float, rate: float, parts: list[tuple[float, int]]
) -> None:
    deadline, now, byte_count = Deadline(seconds, rate), 0.0, 0
    deadline.begin(0.0)
    for pause, count in parts:
        now += pause
        byte_count += count
        deadline.begin(now)  # beginning again changes nothing
        deadline.bytes += count
        assert deadline.is_over(now) == (now > seconds + byte_count / rate)


NONSENSE = {
    "a length and chunks": b"POST /v1/worlds HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"POST /v1/worlds HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    "a space before the colon": b"GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "a strange length": b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: +4\r\n\r\nabcd",
    **{
        f"two of {header}": f"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{header}: a\r\n{header}: a\r\n\r\n".encode()
        for header in ("Authorization", "Content-Type", "Idempotency-Key", "If-Match")
    },
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_its_connection_closed(
    server: Running, name: str
) -> None:
    answer = exchange(server.url, NONSENSE[name] + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert [*map(int, STATUS.findall(answer))] == [400], answer
    assert b"application/problem+json" in answer


def test_a_folded_header_is_one_header(server: Running) -> None:
    folded = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: a\r\n b\r\nConnection: close\r\n\r\n"
    answer = exchange(server.url, folded)
    assert answer.startswith(b"HTTP/1.1 200 ") and b"x-request-id: a\r\n" not in answer


@pytest.mark.parametrize("chunk", [b"zz\r\nabc\r\n", b"-1\r\n", b"ffffffffffffffffffffff\r\n", b"3\r\nabcdef\r\n"])
def test_a_bad_chunk_ends_the_connection(server: Running, chunk: bytes) -> None:
    key = server.app().secret.encode()
    head = b"POST /v1/worlds HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
    head += b"\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = exchange(server.url, head + chunk + b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert [*map(int, STATUS.findall(answer))] == [400], answer


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "localhost.evil.example", "a b", "127.0.0.1@x"])
def test_a_request_for_another_host_is_refused(server: Running, host: str) -> None:
    answer = exchange(server.url, f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 421 ", b"HTTP/1.1 400 ")), answer


def test_the_names_of_a_server_are_its_own_and_those_it_is_given(tmp_path: Path) -> None:
    settings = quick(tmp_path / "w.db", hosts=("Game.example",), public_url="https://play.example/x")
    with running(settings) as here:
        for host in ("localhost", "127.0.0.1:9", "[::1]", "game.example", "PLAY.example:443"):
            assert httpx.get(f"{here.url}/healthz", headers={"Host": host}).status_code == 200, host
        assert httpx.get(f"{here.url}/healthz", headers={"Host": "10.0.0.1"}).status_code == 421
    with running(quick(tmp_path / "v.db", hosts=("*",))) as here:
        assert httpx.get(f"{here.url}/healthz", headers={"Host": "any.example"}).status_code == 200
