"""A real HTTP server on a loopback port that answers what a test tells it to, well or badly."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from worldkit.stores.api.protocol import Call, Step

Json = dict[str, Any]
KEY = "sk_test_0123456789abcdefABCDEF"
LIVE_KEY = "sk_live_0123456789abcdefABCDEF"
PUBLISHABLE = "pk_test_0123456789abcdefABCDEF"


_JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_GZIP_WITH_NAME = b"\x1f\x8b\x08\x08" + bytes(6)
ENDLESS_ANSWERS = {
    "endless header": (b"HTTP/1.1 200 OK\r\nX-Name: ", b"a"),
    "endless continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless trailers": (_JSON + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X: a\r\n"),
    "endless gzip name": (_JSON + b"Content-Encoding: gzip\r\n\r\n" + _GZIP_WITH_NAME, b"a"),
}
"""What is sent of an answer whose end never comes, and then again and again."""


@dataclass
class ReceivedRequest:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    raw: bytes

    @property
    def path(self) -> str:
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2]))

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None


@dataclass
class Answer:
    """What to answer, and what to do wrong on the way.

    ``fault``: ``"hang up"`` before a word, ``"reset"`` likewise but rudely, ``"half"`` of the body and no more,
    ``"drip"`` a byte every now and then, ``"endless"`` a body without an end. Nothing but a part that never ends:
    ``"endless header"``, ``"endless continue"``, ``"endless trailers"``, ``"endless gzip name"``.
    """

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    fault: str = ""


class Scripted:
    """The server: ``seen`` holds what was asked, ``handle`` says what is answered."""

    def __init__(self, handle: Callable[[ReceivedRequest], Answer]) -> None:
        self.handle = handle
        self.seen: list[ReceivedRequest] = []
        self._closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                chunk = connection.recv(65536)
                if not chunk:
                    return
                head += chunk
            top, _, body = head.partition(b"\r\n\r\n")
            lines = top.decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            while len(body) < int(headers.get("content-length", 0)):
                body += connection.recv(65536)
            request = ReceivedRequest(method, target, headers, body)
            self.seen.append(request)
            self._answer(connection, self.handle(request))

    def _answer(self, connection: socket.socket, answer: Answer) -> None:
        if answer.fault == "hang up":
            return
        if answer.fault.startswith("endless "):
            beginning, more = ENDLESS_ANSWERS[answer.fault]
            connection.sendall(beginning)
            while not self._closing.wait(0.01):
                connection.sendall(more)
            return
        if answer.fault == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        length = len(data) if answer.fault != "endless" else 1 << 40
        headers = {"Content-Type": answer.kind, "Content-Length": str(length), "Connection": "close", **answer.headers}
        head = f"HTTP/1.1 {answer.status} Said\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        connection.sendall(head.encode("latin-1"))
        if answer.fault == "half":
            connection.sendall(data[: len(data) // 2])
        elif answer.fault == "drip":
            for byte in data:
                connection.sendall(bytes([byte]))
                if self._closing.wait(0.02):
                    return
        elif answer.fault == "endless":
            while not self._closing.is_set():
                connection.sendall(b" " * 1_000_000)
        else:
            connection.sendall(data)

    def close(self) -> None:
        self._closing.set()
        self._socket.close()


@contextmanager
def serving(*answers: Answer | Callable[[ReceivedRequest], Answer]) -> Iterator[Scripted]:
    """Serve answers one after the other; the last is answered for ever."""
    waiting = deque(answers)

    def handle(request: ReceivedRequest) -> Answer:
        answer = waiting.popleft() if len(waiting) > 1 else waiting[0]
        return answer if isinstance(answer, Answer) else answer(request)

    server = Scripted(handle)
    try:
        yield server
    finally:
        server.close()


def run_by_hand(call: Call[Any], take: Callable[[Step], Any]) -> Any:
    """Take every step of a call by hand, and return what it comes to."""
    value = None
    while True:
        try:
            step = call.send(value)
        except StopIteration as stop:
            return stop.value
        value = take(step)


class Slept:
    """Stands for waiting: writes down how long, and takes no time."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.now = 0.0

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.now += seconds

    async def later(self, seconds: float) -> None:
        self(seconds)

    def clock(self) -> float:
        return self.now
