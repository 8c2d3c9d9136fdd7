"""A server over real sockets that speaks, or misspeaks, OpenAI's chat protocol as a test scripts it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[dict[str, Any], int], Any]
"""Gets the request and its number; returns the text to answer with, ``(status, body)`` for a refusal, bytes to be
written as they are before the connection is cut, an iterator of bytes that are sent one by one, or None to cut it at
once."""


class Server:
    """The server.

    Attributes:
        url: Its base.
        requests: The bodies it got.
        keys: The ``Authorization`` headers it got.
    """

    def __init__(self, script: Script) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.open = threading.Event()
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # a body would wait for the client to acknowledge the head

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with server._lock:
                    server.requests.append(body)
                    server.keys.append(self.headers.get("authorization"))
                    number = len(server.requests)
                self.close_connection = True
                answer = script(body, number)
                if answer is None:
                    return
                if isinstance(answer, bytes):
                    self.wfile.write(answer)
                elif isinstance(answer, Iterator):
                    for piece in answer:
                        self.wfile.write(piece)
                        self.wfile.flush()
                elif isinstance(answer, tuple):
                    self._send(answer[0], "application/json", answer[1].encode())
                elif body.get("stream"):
                    self._send(200, "text/event-stream", stream(answer))
                else:
                    whole = {"choices": [{"message": {"content": answer}, "finish_reason": "stop"}]}
                    self._send(200, "application/json", json.dumps(whole).encode())

            def _send(self, status: int, kind: str, data: bytes) -> None:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", "/elsewhere")
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                # without it a client may send its next request just as the connection goes down
                self.send_header("connection", "close")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128  # of the default 5, a sixth client would try again after a second

            def handle_error(self, *_: Any) -> None:  # a client that hung up is what some tests are about
                pass

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        self.model = f"chat:{self.url}#parrot"


def stream(text: str, reason: str = "stop") -> bytes:
    """Return a text as the server-sent events of an answer."""
    return deltas(*({"content": piece} for piece in re.findall(r"\S+\s*|\s+", text)), reason=reason)


def deltas(*parts: dict[str, Any], reason: str = "stop") -> bytes:
    """Return parts of a message as the server-sent events of an answer."""
    return b"".join(map(event, parts)) + event({}, reason) + b"data: [DONE]\n\n"


def event(delta: dict[str, Any], reason: str | None = None) -> bytes:
    """Return a part of a message as a server-sent event."""
    return b"data: " + json.dumps({"choices": [{"delta": delta, "finish_reason": reason}]}).encode() + b"\n\n"


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """Run a server by a script."""
    server = Server(script)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.open.set()
        server.http.shutdown()
        server.http.server_close()


def fit(body: dict[str, Any], number: int) -> str:
    """Return an answer that every check lets through."""
    opening = re.search(r'exactly: "(.*)"', body["messages"][-1]["content"])
    letters = "abdefgiklmoprstu"
    a, b = letters[number % 16], letters[number // 16 % 16]
    words = [f"{a}{b}{letters[n]}{letters[(n * 7 + number) % 16]}" for n in range(12)]
    return f"{opening[1] if opening else ''} {' '.join(words)}."
